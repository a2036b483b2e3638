"""Programs in a live exercise, beside its shared session: they have their turns while the clock waits for them.

A program is asked in a thread. What it does is applied in the event loop, between the commands of people. After a
change of the past a program is started again, so that it does not know a future that has not happened.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from math import inf

from wargame.brains.driver import ProgramStopped
from wargame.brains.process import Failed
from wargame.brains.specification import BrainSpec, Players, brain_of
from wargame.brains.transcript import UsageTotal, players_in, read_usage
from wargame.brains.unattended import MOST_TURNS, brains_of, keeping, mechanism_of, totals, write_usage
from wargame.brains.white_cell import LiveWhiteCell, WhiteCell
from wargame.errors import UsageFault, WargameError
from wargame.executor.replay import called_upon
from wargame.journal.command_log import ADVANCE
from wargame.journal.records import Record
from wargame.journal.records.run import CommandRecord
from wargame.journal.template_cache import text_lines
from wargame.language.plain_text import clean
from wargame.live.console.clock_commands import advance
from wargame.live.console.reply import Reply
from wargame.live.terminals.services import Service
from wargame.live.terminals.shared_session import SharedSession
from wargame.simulation.control.correspondence import WHITE_CELL

WAIT = 0.1
"""Seconds between two looks at whether NO PLAY has ended."""


def live_programs(players: Players, advisers: Sequence[BrainSpec] = (), drafter: BrainSpec | None = None) -> Service:
    """Return the programs of a live exercise as a service of its session. UsageFault if one cannot be started."""

    @asynccontextmanager
    async def beside(shared: SharedSession) -> AsyncIterator[list[str]]:
        programs = LivePrograms(shared, players, advisers, drafter)
        try:
            await programs.open()
            yield programs.greeting()
        finally:
            await programs.close()

    return beside


class LivePrograms:
    """The programs of a live exercise."""

    def __init__(
        self, shared: SharedSession, players: Players, advisers: Sequence[BrainSpec], drafter: BrainSpec | None
    ) -> None:
        self._shared, self._session, self._wall = shared, shared.session, shared.wall
        path = self._session.folder.path
        self._before = read_usage(path)
        conditions = players.conditions
        people = replace(conditions, white_cell=conditions.white_cell or "people")
        chosen = keeping(replace(players, conditions=people), path)
        kind = conditions.white_cell
        spec = brain_of(WHITE_CELL, kind) if kind else drafter
        cell = WhiteCell(self._session, spec, chosen, path, shared.announce) if spec else None
        self._cell = LiveWhiteCell(shared, cell, answers=bool(kind), unattended=conditions.unattended) if cell else None
        self._brains = brains_of(chosen, path, shared.announce)
        self._advisers = Advisers(shared, advisers, chosen)
        self._mechanism = mechanism_of(self._session, chosen)
        self._called: set[str] = set()
        self._given: Counter[tuple[int, str]] = Counter()
        self._deciding = ""
        self._goal: tuple[int, dict[str, object]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._epoch = 0
        self._idle = asyncio.Event()
        self._idle.set()

    # --- begin and end -------------------------------------------------------------------------

    async def open(self) -> None:
        """Start the programs, give them their seats, and ask those whose decisions are open."""
        for brain in self._brains.values():
            brain.prepare(self._session.exercise, self._session.records)
            await asyncio.to_thread(brain.start)
        for name in self._brains:
            if self._session.exercise.commands.seats.of(name) != "human" and not self._session.exercise.done:
                self._session.submit("seat", government=name, kind="human")
        self._wall.programs = self
        self._session.name_players(players_in({name: each.as_dict() for name, each in self._totals().items()}))
        self._session.listeners.append(self._heard)
        self._session.turn_listeners.append(self._turned)
        path = self._session.path
        if self._mechanism and path and path[-1].kind == ADVANCE and self._mechanism.is_owed(path):  # after a crash
            self.at_midnight()
        self._ask_again()

    async def close(self) -> None:
        """End the programs."""
        self._goal = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for brain in self._brains.values():
            await asyncio.to_thread(brain.close, self._session.exercise)
        await self._advisers.close()
        if self._cell is not None:
            await self._cell.close()
        if now := self._totals():
            with contextlib.suppress(OSError):
                self._session.name_players(players_in(write_usage(self._session.folder.path, now, self._before)))
        if self._wall.programs is self:
            self._wall.programs = None

    def _totals(self) -> dict[str, UsageTotal]:
        return totals(self._brains, self._cell.cell if self._cell else None, self._mechanism)

    def greeting(self) -> list[str]:
        """Return who sits where, for the facilitator."""
        lines = [f"{name}: {brain.by}" for name, brain in self._brains.items()]
        lines += [f"{name}: adviser {source}" for name, source in self._advisers.sources.items()]
        lines += [f'EXCON: {self._cell.cell.usage.source} (draft "TEXT")'] if self._cell is not None else []
        lines += [f"At each midnight: {self._mechanism.usage.source}"] if self._mechanism is not None else []
        return ["Programs:", *(f"  {line}" for line in lines)] if lines else []

    # --- what the console and the clock ask ----------------------------------------------------

    @property
    def seats(self) -> dict[str, str]:
        """Return the programs in seats at present, each with the governments for which it decides."""
        return {name: brain.spec.source for name, brain in self._brains.items() if self._plays(name)}

    @property
    def deciding(self) -> list[str]:
        """The governments whose programs have their turn now."""
        return [self._deciding] if self._deciding else self._ready()

    def go_on(self, to: int, stops: dict[str, object]) -> None:
        """Continue a move of the clock once the programs have had their turns."""
        self._goal = (to, stops)

    def next_midnight(self) -> float:
        """Return the second at which the mechanism works next; infinite without one."""
        return inf if self._mechanism is None else self._mechanism.next()

    def at_midnight(self) -> None:
        """Let the mechanism work; after a failure the exercise goes on without it."""
        assert self._mechanism is not None
        try:
            self._mechanism.work()
        except WargameError as error:
            self._shared.announce(f"! {error}; the exercise goes on")

    def halt(self) -> None:
        """Forget a move of the clock that was to be continued."""
        self._goal = None

    async def settled(self) -> None:
        """Wait until no program has its turn, and advisers and drafter have answered."""
        await self._idle.wait()
        await self._advisers.settled()
        if self._cell is not None:
            await self._cell.settled()

    def advice(self, government: str) -> list[str]:
        """Return the lines of the latest advice to a seat."""
        return self._advisers.lines(government)

    @property
    def proposals(self) -> dict[int, str]:
        """Sentences with the proposals of the white cell, by the record of the item of the queue."""
        return self._cell.waiting() if self._cell is not None else {}

    def approve(self, number: int) -> str:
        """Carry out the proposal of the white cell for an item; return its sentence."""
        if self._cell is None:
            raise UsageFault("no program is in the white cell (start with --white-cell llm:MODEL)")
        return self._cell.approve(number)

    @property
    def drafter(self) -> LiveWhiteCell:
        """The drafter of injects."""
        if self._cell is None:
            raise UsageFault("there is no drafter (start with --drafter llm:MODEL)")
        return self._cell

    # --- turns ---------------------------------------------------------------------------------

    def _plays(self, name: str) -> bool:
        exercise = self._session.exercise
        return self._brains[name].active and exercise.commands.seats.of(name) == "human" and not exercise.done

    def _heard(self, records: Sequence[Record]) -> None:
        """Call upon programs and advisers, or return a seat to its program, after new records."""
        exercise = self._session.exercise
        for each in records:
            called = called_upon(exercise, each)
            self._called |= {name for name in called if name in self._brains}
            self._advisers.ask(called)
            seat = each.data if isinstance(each, CommandRecord) and each.about == "seat" else {}
            name = str(seat.get("government"))
            if name in self._brains and seat["kind"] == "human":
                if not self._brains[name].active:
                    self._brains[name].reinstate()
                self._called.add(name)
        self._work_on()

    def _turned(self, kind: str) -> None:
        """Start programs again after a change of the past, and ask them what is open now."""
        del kind
        self._epoch = self._session.last_turn
        self._goal, self._called, self._given = None, set(), Counter()
        for brain in self._brains.values():
            brain.forget()
        self._advisers.forget()
        if self._cell is not None:
            self._cell.cell.forget()
        if self._mechanism and self._wall.time_turned and self._mechanism.is_owed(self._session.path):
            self.at_midnight()
        self._ask_again()

    def _ask_again(self) -> None:
        seats = self._session.exercise.commands.seats
        self._called |= {due.government for due in seats.dues.values() if due.government in self._brains}
        self._advisers.ask([due.government for due in seats.dues.values()])
        self._work_on()

    def _work_on(self) -> None:
        """Let the programs that are called have their turns, unless they are having them; ask the white cell."""
        if self._cell is not None:
            self._cell.call()
        if self._ready() and (self._task is None or self._task.done()):
            self._idle.clear()
            self._task = asyncio.get_running_loop().create_task(self._work())

    def _ready(self) -> list[str]:
        """Return those with a turn now, in the order of the scenario, each at most a few times at one instant."""
        exercise = self._session.exercise
        called = (name for name in exercise.governments if name in self._called and self._plays(name))
        return [name for name in called if self._given[exercise.now, name] < MOST_TURNS]

    async def _work(self) -> None:
        try:
            while True:
                while ready := self._ready():
                    self._called.discard(name := ready[0])
                    self._given[self._session.exercise.now, name] += 1
                    await self._play(name)
                self._called.clear()
                if self._goal is None:
                    return
                (to, stops), self._goal = self._goal, None
                lines = await self._shared.in_turns(advance(self._shared.main, to, **stops))
                if self._goal is None:
                    self._shared.show_facilitator(Reply(lines))
        except WargameError as error:
            self._goal = None
            self._shared.announce(f"! {error}")
        finally:
            self._deciding = ""
            self._idle.set()

    async def _play(self, name: str) -> None:
        """Play one turn; it is dropped if the past has changed in the meantime, or the seat has been given away."""
        brain, epoch, session = self._brains[name], self._epoch, self._session
        brain.prepare(session.exercise, session.records)
        self._deciding = name
        steps = brain.take_turn(session, epoch)
        try:
            message = next(steps)
            while True:
                answer = await asyncio.to_thread(brain.exchange, message)
                while session.exercise.commands.adjudication.stopped:  # noqa: ASYNC110 - no event says that it ends
                    await asyncio.sleep(WAIT)
                if epoch != self._epoch or not self._plays(name):
                    brain.forget()
                    return
                message = steps.send(answer)
        except StopIteration:
            return
        except ProgramStopped as stopped:
            self._goal = None
            self._wall.stop()
            self._shared.announce(f"PAUSEX: {stopped}; the decision remains due")
        finally:
            steps.close()
            self._deciding = ""


class Advisers:
    """The advisers of an exercise. Nothing that they propose happens by itself."""

    def __init__(self, shared: SharedSession, specs: Sequence[BrainSpec], players: Players) -> None:
        self._shared, self._session = shared, shared.session
        self._brains = brains_of(replace(players, specs=tuple(specs)), self._session.folder.path, purpose="adviser")
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

    def ask(self, governments: Iterable[str]) -> None:
        """Ask the advisers of these governments, unless they are being asked."""
        for name in governments:
            task = self._tasks.get(name)
            if name in self._brains and (task is None or task.done()) and not self._session.exercise.done:
                self._tasks[name] = asyncio.get_running_loop().create_task(self._advise(name))

    def forget(self) -> None:
        """Drop advice and memory of what has not happened, after a change of the past."""
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
            lines = [clean(f"The adviser has no proposal: {answer if isinstance(answer, Failed) else answer.error}")]
        else:
            brain.transcript.act(answer, state.choices)
            lines = text_lines("wargame.brains", "advice.txt.j2", by=brain.by, act=answer, choices=state.choices)
        self._latest[name] = lines
        self._shared.show_seat(name, Reply(self._latest[name]))
