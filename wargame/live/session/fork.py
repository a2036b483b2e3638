"""Forks of a run, live or unattended, finished or not. The run itself is only read."""

from typing import Any

import msgspec

from wargame.dataclasses import dataclass, replace
from wargame.errors import SettingErrors, SettingFault, UsageFault
from wargame.executor.run import Destination, settings_fault
from wargame.futures.continuation import BranchPoint, Continuation, FutureResult, commands_before, in_order
from wargame.futures.lookahead import AT_LEAST, futures, groups_of
from wargame.journal.command_log import ADVANCE, ELSEWHERE, path_to, read_commands
from wargame.journal.folder import Folder
from wargame.journal.reader import read_journal
from wargame.language.times import parse_time
from wargame.live.session.session import Session
from wargame.simulation.control.lookup import read
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command
from wargame.world.calendar import RunCalendar


@dataclass(frozen=True, slots=True)
class Fork:
    """A point of the run in `folder`, and the changes made there."""

    folder: Folder
    point: BranchPoint
    changes: tuple[Command, ...]


def fork_of(folder: Folder, at: str, changes: list[Command]) -> Fork:
    """Return a fork at a time or at the number of a record; UsageFault if the moment or a change is invalid."""
    start = BranchPoint.of_run(folder)
    try:
        first = Exercise(start.loaded, start.seed, start.settings)
    except SettingErrors as error:
        raise settings_fault(folder, error) from None
    moment = _moment(folder, first.calendar, at)
    lines = read_commands(folder.commands) if folder.is_live else []
    point = replace(start, path=tuple(commands_before(path_to(lines, len(lines)), moment)), t=moment)
    exercise = point.exercise()
    if exercise.done:
        raise UsageFault("the run is over by then (fork it at an earlier moment)")
    for command in changes:
        try:
            exercise.check(command)
        except UsageFault as error:
            raise UsageFault(str(SettingFault(*typed(command), str(error)))) from None
    return Fork(folder, point, tuple(changes))


def _moment(folder: Folder, calendar: RunCalendar, at: str) -> int:
    """Return the second of a date, of `D+n`, of a duration, or of the record with a number."""
    if at.lstrip("#").isdecimal() and at != "0":
        seq = int(at.lstrip("#"))
        second = next((record.t for record in read_journal(folder) if record.seq == seq), None)
        if second is None:
            raise UsageFault(f"the journal has no record {seq}")
    else:
        second = read(lambda text: calendar.seconds(parse_time(text)), at, "--at")
    if not calendar.startex <= second < calendar.end:
        first, last = (f"{calendar.at(t):%Y-%m-%d}" for t in (calendar.startex, calendar.end))
        raise UsageFault(f"--at {at}: a run can be forked from its STARTEX {first} to its ENDEX {last}")
    return second


def one_future(fork: Fork, place: Destination, command: str) -> Session:
    """Play one future in a new run folder, which can be verified like any live run; returns it closed."""
    point = fork.point
    session = Session.create(point.loaded, point.seed, point.settings, place, command)
    try:
        for entry in point.path:
            if entry.kind not in ELSEWHERE:
                session.exercise.advance(entry.t)
                session.submit(entry.kind, **entry.data)
        if session.exercise.now < point.t:
            session.submit(ADVANCE, to=point.t)
        for change in Continuation(1, fork.changes).commands(session.exercise):
            session.submit(change.kind, **change.data)
        session.submit(ADVANCE, to=session.exercise.end)
    finally:
        session.close()
    return session


def ensemble(fork: Fork, n: int, jobs: int) -> list[FutureResult]:
    """Play `n` futures to ENDEX without keeping them."""
    presents = [fork.point.present()]
    presents += [fork.point.present(presents[0]) for _ in range(min(n, AT_LEAST) - 1)]
    groups = groups_of(n, len(presents), jobs)

    def results(which: int) -> bytes:
        continuations = [Continuation(number + 1, fork.changes) for number in groups[which]]
        return msgspec.json.encode(futures(fork.point, presents, continuations, presents[0].exercise.end))

    played = in_order(results, len(groups), jobs)
    return [each for encoded in played for each in msgspec.json.decode(encoded, type=list[FutureResult])]


def changes_of(sets: list[str], skips: list[str], orders: list[str]) -> list[Command]:
    """Return the changes of a command line; UsageFault for one that is malformed."""
    return [*map(_set, sets), *(Command(kind="skip", data={"inject": name}) for name in skips), *map(_order, orders)]


def typed(command: Command) -> tuple[str, str]:
    """Return the option of a change, and its value as it was typed."""
    if command.kind == "set":
        return "--set", f"{command.data['path']}={command.data['value']}"
    words = (command.data.get(key) for key in ("inject", "government", "option", "target"))
    return f"--{command.kind}", " ".join(str(word) for word in words if word)


def _set(text: str) -> Command:
    path, equals, value = text.partition("=")
    if not equals:
        raise UsageFault(f"--set {text}: write PATH=VALUE")
    if "@" in value:
        raise UsageFault(f"--set {text}: write PATH=VALUE (a fork sets it at the moment of --at)")
    return Command(kind="set", data={"path": path.strip(), "value": value.strip()})


def _order(text: str) -> Command:
    words: list[Any] = text.split()
    if not 2 <= len(words) <= 3:
        raise UsageFault(f'--order "{text}": write "GOV OPTION [TARGET]"')
    government, option, target = [*words, None][:3]
    return Command(kind="order", data={"government": government, "option": option, "target": target, "fork": True})
