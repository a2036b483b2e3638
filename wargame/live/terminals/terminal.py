"""The facilitator's terminal: prompt, completion, a bar at the bottom, news above the prompt."""

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
from wargame.live.terminals.screen import MENU, LineCompleter, fit, show, show_reply
from wargame.live.terminals.services import Service, opened
from wargame.live.terminals.shared_session import SharedSession

STAYS = "Ctrl-C clears the line; quit leaves the exercise, which can be resumed."


async def play_terminal(console: Console, service: Service | None = None) -> None:
    """The facilitator's console, until `quit` or the end of input; the service runs beside it."""
    with contextlib.suppress(NotImplementedError):  # Ctrl-C must not interrupt a running command
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    async with opened(console, show_reply, service) as (shared, notes, lines):
        with patch_stdout():
            shared.show(console, Reply([*console.greeting(), *notes, *lines]))
            await _type(shared, console)


async def _type(shared: SharedSession, console: Console) -> None:
    completer, ended = LineCompleter(table(console)), False
    prompts: dict[str, PromptSession[str]] = defaultdict(lambda: _facilitator_prompt(console, completer))
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
        await _run(shared, console, line)
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
    time_of_day = f"{datetime.now().astimezone():%H:%M:%S}"
    return participant_bar(console).split("\n") if console.sitting else facilitator_bar(console, time_of_day)


async def _run(shared: SharedSession, console: Console, line: str) -> None:
    try:
        shared.show(console, await shared.run_shared(console, line))
    except WargameError as error:
        shared.show(console, Reply([f"! {error}"]))
    await shared.carry_out_requests(console, lambda shown: shared.show(console, shown), wait=False)
