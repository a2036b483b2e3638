"""Other futures from a moment of a run, live or unattended, finished or not: the run itself is only read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE, ELSEWHERE, act, replay
from wargame.executor.run import Place, dated
from wargame.executor.verify import inputs_of, settings_of
from wargame.futures.fork_pool import ForkedFuture, forked, many
from wargame.futures.lookahead import Tones, measures
from wargame.journal.command_log import CommandEntry, path_to, read_commands
from wargame.journal.folder import Folder
from wargame.journal.reader import read_journal
from wargame.language.times import parse_time
from wargame.live.session.session import Session
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings


@dataclass(frozen=True, slots=True)
class Fork:
    """A moment of a run, and what is otherwise from there on."""

    folder: Folder
    loaded: Loaded
    seed: int
    settings: Settings
    path: tuple[CommandEntry, ...]
    """The lines up to the moment; what they cut short ends there."""
    at: int
    changes: tuple[Command, ...]

    def begin(self) -> Exercise:
        """The exercise at the moment."""
        exercise = Exercise(self.loaded, self.seed, self.settings)
        for _ in replay(exercise, self.path):
            pass
        exercise.advance(self.at)
        return exercise

    def turn(self, exercise: Exercise, epoch: int) -> list[Command]:
        """What makes a future of it: new draws, the changes, and the model in the seats of people."""
        people = [name for name in exercise.governments if exercise.commands.seats.of(name) == "human"]
        return [
            Command(kind="epoch", data={"number": epoch}),
            *self.changes,
            *(Command(kind="seat", data={"government": name, "kind": "model"}) for name in people),
        ]


def fork_of(folder: Folder, at: str, changes: list[Command]) -> Fork:
    """A fork at a time or the number of a record; UsageFault if that is no moment of the run."""
    manifest = folder.manifest()
    loaded, settings = inputs_of(folder, manifest), settings_of(folder, manifest)
    exercise = Exercise(loaded, manifest.seed, settings)
    moment = _moment(folder, exercise, at)
    path: list[CommandEntry] = []
    if folder.is_live:
        lines = read_commands(folder.commands)
        exercise.advance(exercise.calendar.startex)
        for line in path_to(lines, len(lines)):
            if line.t >= moment:
                break
            act(exercise, line)
            path.append(_cut(line, moment) if exercise.now > moment else line)
    fork = Fork(folder, loaded, manifest.seed, settings, tuple(path), moment, tuple(changes))
    there = fork.begin()
    if there.done:
        raise UsageFault("the run is over by then: fork it at an earlier moment")
    for command in changes:
        there.check(command)
    return fork


def _cut(line: CommandEntry, moment: int) -> CommandEntry:
    return msgspec.structs.replace(line, kind=ADVANCE, data={"to": moment})


def _moment(folder: Folder, exercise: Exercise, at: str) -> int:
    """The second that a text names: a date, `D+n`, a duration, or the number of a record."""
    if at.lstrip("#").isdigit() and at != "0":
        seq = int(at.lstrip("#"))
        found = next((record.t for record in read_journal(folder) if record.seq == seq), None)
        if found is None:
            raise UsageFault(f"the journal holds no record {seq}")
    else:
        try:
            found = exercise.calendar.seconds(parse_time(at))
        except ValueError as error:
            raise UsageFault(f"--at: {error}") from None
    calendar = exercise.calendar
    if not calendar.startex <= found < calendar.end:
        first, last = (f"{calendar.at(t):%Y-%m-%d}" for t in (calendar.startex, calendar.end))
        raise UsageFault(f"--at {at}: a run can be forked from its STARTEX {first} to its ENDEX {last}")
    return found


def one_future(fork: Fork, place: Place, command: str) -> Session:
    """One future in a run folder of its own, which can be verified like any live run; it is left closed."""
    session = Session.create(fork.loaded, fork.seed, fork.settings, place, command)
    try:
        for line in fork.path:
            if line.kind not in ELSEWHERE:
                session.exercise.advance(line.t)
                session.submit(line.kind, **line.data)
        if session.exercise.now < fork.at:
            session.submit(ADVANCE, to=fork.at)
        for change in fork.turn(session.exercise, 1):
            session.submit(change.kind, **change.data)
        session.submit(ADVANCE, to=session.exercise.end)
    finally:
        session.close()
    return session


def ensemble(fork: Fork, n: int, jobs: int) -> list[ForkedFuture]:
    """Many futures, none of them kept: outcomes met by ENDEX and where each stands then."""
    exercise = fork.begin()

    def play(number: int) -> bytes:
        for change in fork.turn(exercise, number + 1):
            exercise.apply(change)
        tones = Tones(exercise)
        exercise.context.log.hush()
        exercise.advance(exercise.end)
        met = [name for name, at in dated(exercise).items() if at is not None]
        return msgspec.json.encode(ForkedFuture(met, measures(exercise, tones)))

    return many(lambda number: forked(lambda: play(number)), n, jobs)


def changes_of(sets: list[str], skips: list[str], orders: list[str]) -> list[Command]:
    """The changes of a command line; UsageFault for one that cannot be read."""
    made: list[Command] = []
    for text in sets:
        path, equals, value = text.partition("=")
        if not equals:
            raise UsageFault(f"--set {text}: write PATH=VALUE")
        if "@" in value:
            raise UsageFault(f"--set {text}: write PATH=VALUE; a fork sets it at the moment of --at")
        made.append(Command(kind="set", data={"path": path.strip(), "value": value.strip()}))
    made += [Command(kind="skip", data={"inject": name}) for name in skips]
    for text in orders:
        words: list[Any] = text.split()
        if not 2 <= len(words) <= 3:
            raise UsageFault(f'--order "{text}": write "GOV OPTION [TARGET]"')
        government, option, target = [*words, None][:3]
        made.append(Command(kind="order", data={"government": government, "option": option, "target": target}))
    return made
