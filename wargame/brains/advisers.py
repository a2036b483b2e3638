"""Advisers of people in seats: a program proposes on the seat's console, and the person decides."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from wargame.brains.driver import Brain
from wargame.brains.process import Failed
from wargame.brains.protocol import Act
from wargame.brains.specification import BrainSpec, Players
from wargame.brains.transcript import FOLDER, Transcript
from wargame.brains.turn import SeatState
from wargame.errors import UsageFault
from wargame.language.plain_text import clean
from wargame.live.console.reply import Reply
from wargame.live.terminals.shared_session import SharedSession


class Advisers:
    """The advisers of an exercise. Nothing that they propose happens by itself."""

    def __init__(self, shared: SharedSession, specs: Sequence[BrainSpec], players: Players) -> None:
        self._shared, self._session = shared, shared.session
        folder = self._session.folder.path / FOLDER
        names = ((spec.government, spec) for spec in specs)
        each = ((name, spec, Transcript(folder / f"{name}.adviser.jsonl")) for name, spec in names)
        self._brains = {
            name: Brain(spec, players.conditions, players.llm, transcript=transcript, purpose="adviser")
            for name, spec, transcript in each
        }
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._latest: dict[str, list[str]] = {}

    @property
    def sources(self) -> dict[str, str]:
        """The advisers by government."""
        return {name: brain.spec.source for name, brain in self._brains.items()}

    def lines(self, government: str) -> list[str]:
        """Return the latest advice to a seat; UsageFault if it has no adviser."""
        if government not in self._brains:
            raise UsageFault(f"{government} has no adviser (start with --adviser {government}=llm:MODEL)")
        thinks = government in self._tasks and not self._tasks[government].done()
        none = [] if thinks else ["The adviser has not proposed anything yet."]
        return [*self._latest.get(government, none), *(["The adviser is thinking."] if thinks else [])]

    def call(self, governments: Iterable[str]) -> None:
        """Ask the advisers of these governments, unless they are being asked."""
        for name in governments:
            task = self._tasks.get(name)
            if name in self._brains and (task is None or task.done()) and not self._session.exercise.done:
                self._tasks[name] = asyncio.get_running_loop().create_task(self._advise(name))

    def forget(self) -> None:
        """After a change of the past, advice and memory of what has not happened are dropped."""
        self._latest.clear()
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        for brain in self._brains.values():
            brain.forget()

    async def settled(self) -> None:
        """Wait until they have answered."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        """End the advisers."""
        for task in self._tasks.values():
            task.cancel()
        await self.settled()
        for brain in self._brains.values():
            await asyncio.to_thread(brain.close)

    async def _advise(self, name: str) -> None:
        await asyncio.sleep(0)  # after the commands of this instant
        brain, session = self._brains[name], self._session
        brain.prepare(session.exercise, session.records)
        turn, state = brain.turn(session.exercise)
        answer = await asyncio.to_thread(brain.exchange, turn)
        if isinstance(answer, Failed) or answer.error:
            lines = [f"The adviser has no proposal: {answer if isinstance(answer, Failed) else answer.error}"]
        else:
            brain.transcript.act(answer, state.choices)
            lines = _proposal(brain.by, answer, state)
        self._latest[name] = [clean(line) for line in lines]
        self._shared.show_seat(name, Reply(self._latest[name]))


def _proposal(by: str, act: Act, state: SeatState) -> list[str]:
    """Return what an adviser proposes, as the commands that the person could give."""
    lines = []
    for order in act.orders:
        if order.n in state.choices:
            why = f' --why "{order.why}"' if order.why else ""
            lines.append(f"order {state.choices[order.n]}{why}")
    lines += [f'message {",".join(each.to)} "{each.text}"' for each in act.messages]
    lines += [f'{each.form} {",".join(each.to)} "{each.text}"' for each in act.offers]
    for answer in act.answers:
        given = (name for name in ("offer", "vote", "procedure") if getattr(answer, name) is not None)
        kind = next(given, "")
        lines.append(f"{kind or 'answer'} {getattr(answer, kind) if kind else ''}: {answer.answer}")
    note = [f"  ({act.usage.note})"] if act.usage is not None and act.usage.note else []
    head = f"ADVICE of {by}; you decide:" if lines else f"ADVICE of {by}: do nothing now; you decide."
    return [head, *note, *(f"  {line}" for line in lines)]
