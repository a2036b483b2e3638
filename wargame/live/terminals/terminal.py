"""The facilitator's terminal: prompt, completion, a bar at the bottom, news above the prompt."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections import defaultdict
from datetime import datetime

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from wargame.errors import WargameError
from wargame.live.console.completion import table
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.live.console.status_bar import facilitator_bar, participant_bar
from wargame.live.terminals.companions import Companion, alone
from wargame.live.terminals.hub import Hub
from wargame.live.terminals.screen import MENU, LineCompleter, fit, show, show_reply
from wargame.live.terminals.socket import Server

STAYS = "Ctrl-C clears the line; quit leaves the exercise, which can be resumed."


async def play_terminal(console: Console, companion: Companion = alone) -> None:
    """The facilitator's console, until `quit` or the end of input; the companion runs beside it."""
    hub = Hub(console, show_reply)
    server = Server(hub)
    notes = await server.open()
    completer = LineCompleter(table(console))
    prompts: dict[str, PromptSession[str]] = defaultdict(lambda: _facilitator_prompt(console, completer))
    clock = asyncio.create_task(hub.keep_time())
    with contextlib.suppress(NotImplementedError):  # Ctrl-C must not interrupt a running command
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    await hub.lookahead.keep_ready()
    try:
        async with companion(hub) as lines:
            with patch_stdout():
                hub.show(console, Reply([*console.greeting(), *notes, *lines]))
                await _type(hub, console, prompts, completer)
    finally:
        clock.cancel()
        await hub.close()
        await server.close()


async def _type(hub: Hub, console: Console, prompts: dict[str, PromptSession[str]], completer: LineCompleter) -> None:
    """Run what is typed."""
    ended = False
    while not console.over:
        try:
            line = await prompts[console.seat].prompt_async(console.prompt)
        except KeyboardInterrupt:
            show([STAYS])
            continue
        except EOFError:
            if console.sitting and not ended:
                ended = True
                show(["This is the facilitator's terminal: stand returns it, Ctrl-D again leaves."])
                continue
            show(console.leaving())
            break
        ended = False
        await _run(hub, console, line)
        completer.data = table(console)


def _facilitator_prompt(console: Console, completer: LineCompleter) -> PromptSession[str]:
    """Return a prompt with its own input history, so that a seat is not offered what others have typed before it."""
    return PromptSession(
        completer=completer,
        complete_while_typing=True,
        reserve_space_for_menu=MENU,
        bottom_toolbar=lambda: fit(_bar(console)),
        refresh_interval=0.5,
    )


def _bar(console: Console) -> list[str]:
    return participant_bar(console).split("\n") if console.sitting else facilitator_bar(console, _time_of_day())


async def _run(hub: Hub, console: Console, line: str) -> None:
    try:
        hub.show(console, await hub.run_shared(console, line))
    except WargameError as error:
        hub.show(console, Reply([f"! {error}"]))
    await hub.carry_out_requests(console, lambda shown: hub.show(console, shown), wait=False)


def _time_of_day() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"
