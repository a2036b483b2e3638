"""Rooms that played the same exercise, side by side: what each did on an inject, and where it lies among model runs."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from wargame.dataclasses import dataclass, replace
from wargame.errors import UsageFault
from wargame.futures.continuation import BranchPoint, FutureResult
from wargame.futures.lookahead import ALONE, model_runs
from wargame.futures.lookahead_rows import title_of, where_rows
from wargame.journal.command_log import ADVANCE, CommandEntry, path_to, read_commands
from wargame.journal.records import Record
from wargame.journal.records.script import InjectReleasedRecord
from wargame.journal.sentences import trigger
from wargame.journal.wording import sentence
from wargame.review.findings.expected_actions import STATUSES
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import rating, read_notes
from wargame.statistics.intervals import wilson


@dataclass(frozen=True, slots=True)
class Cohort:
    """The rooms, what each did on each inject, objectives, outcomes, and measures among `runs` of the model.

    A row of `occasions` is one inject in one room (`inject` is empty for other occasions): when it was released, in the
    game and in `minute` of the room, the `decisions` on it (`who`, `what`, `result`, `at`, `minute`) and the expected
    actions. One of `outcomes` has the time in a room, and the share of the runs with it and its 95 % interval; one of
    `measures` the value, its percentile from 0 to 1, and the median of the runs.
    """

    rooms: tuple[dict[str, Any], ...]
    occasions: tuple[dict[str, Any], ...]
    objectives: tuple[dict[str, Any], ...]
    outcomes: tuple[dict[str, Any], ...]
    measures: tuple[dict[str, Any], ...]
    runs: int


def cohort(rooms: Sequence[Findings], runs: int, jobs: int) -> Cohort:
    """Return what rooms have in common; UsageFault if they were not played, or did not play the same scenario.

    `runs` is the number of runs from STARTEX with the model in all seats with which each room is compared.
    """
    if len({each.source.folder.path.resolve() for each in rooms}) < 2:
        raise UsageFault("this is one room: name two or more (wargame report writes the review of one)")
    if len({each.source.manifest.scenario_sha256 for each in rooms}) > 1:
        raise UsageFault("the rooms played different scenarios: there is nothing to compare")
    played = [_Room(each) for each in rooms]
    places = list(_among_runs(played, runs, jobs))
    return Cohort(
        tuple(each.summary() for each in played),
        tuple(_occasions(played)),
        tuple(_objectives(rooms)),
        tuple(each for each in places if "at" in each),
        tuple(each for each in places if "value" in each),
        runs,
    )


class _Room:
    """A room: its findings, the commands that led to its present state, and the injects that it has released."""

    def __init__(self, findings: Findings) -> None:
        self.findings, self.source = findings, findings.source
        lines = read_commands(self.source.folder.commands)
        if not lines:
            raise UsageFault(f"{self.source.folder.typed} has not been played")
        self.path = path_to(lines, len(lines))
        self.released = {each.about: each for each in reversed(self.source.since) if _is_sent(each)}

    def summary(self) -> dict[str, Any]:
        """Return how long the room has played, and what its people did."""
        source, findings = self.source, self.findings
        statuses = [row["status"] for row in findings.expected_actions]
        return {
            "name": source.folder.name,
            "ended": source.ended,
            "reached": source.dates.at(source.reached),
            "minutes": self._minute(self.path[-1]),
            "seats": [source.name(each) for each in sorted(findings.human_seats)],
            "decisions": sum(bool(row["decided"]) for row in findings.seat_decisions),
            "expected": {status: statuses.count(status) for status in STATUSES},
        }

    def _minute(self, line: CommandEntry) -> float:
        """Return the minutes in the room from the first command to this one, breaks included."""
        began, at = (datetime.fromisoformat(each.wall) for each in (self.path[0], line))
        return round((at - began).total_seconds() / 60, 1)

    def minute_of(self, record: Record) -> float:
        """Return when a command was given in the room, or when the clock of the room reached another record."""
        t, names = record.t, (record.kind, record.about)
        given = (line for line in self.path if line.t == t and line.kind in names)
        moved = (line for line in self.path if (int(line.data["to"]) if line.kind == ADVANCE else line.t) >= t)
        return self._minute(next(given, None) or next(moved, self.path[-1]))

    @cached_property
    def decisions(self) -> dict[str, list[dict[str, Any]]]:
        """The decisions by the inject that led to them, or whose expected action they are; empty for the others."""
        source, found = self.source, dict[str, list[dict[str, Any]]]()
        for row in self.findings.seat_decisions:
            record: Record | None = source.index[row["evidence"][0]]
            while record is not None and not _is_sent(record):
                record = trigger(record, source.index)
            of_seat = {"who": source.name(row["who"]), "minute": self.minute_of(source.index[row["seq"]])}
            decision = of_seat | {key: row[key] for key in ("what", "result", "at")}
            inject = record.about if record else self._settled.get(row["seq"], "")
            found.setdefault(inject, []).append(decision)
        return found

    @cached_property
    def _settled(self) -> dict[int, str]:
        """The inject by each record that led to one of its expected actions."""
        index, found = self.source.index, dict[int, str]()
        for row in self.findings.expected_actions:
            record = index.get(-1 if row["action"] is None else row["action"])
            while record is not None and record.seq not in found:
                found[record.seq] = row["inject"]
                record = trigger(record, index)
        return found

    def occasion(self, inject: str, title: str) -> dict[str, Any]:
        """Return what the room did on an inject."""
        sent, name, rows = self.released.get(inject), self.source.name, self.findings.expected_actions
        said = [(name(row["who"]), row["expected"], row["status_text"]) for row in rows if row["inject"] == inject]
        expected = [f"{what if what.startswith(who) else f'{who}: {what}'} ({status})" for who, what, status in said]
        at, minute = (sent.at, self.minute_of(sent)) if sent else (None, None)
        sent_at = {"inject": inject, "title": title, "room": self.source.folder.name, "released": at, "minute": minute}
        return sent_at | {"decisions": self.decisions.get(inject, []), "expected": expected}


def _is_sent(record: Record) -> bool:
    return isinstance(record, InjectReleasedRecord) and record.inject_kind != "facilitation"


def _occasions(rooms: Sequence[_Room]) -> Iterator[dict[str, Any]]:
    """Yield each inject that a room has released, in order of time, with a row for each room; then all the rest."""
    first = sorted((record.t, name) for room in rooms for name, record in room.released.items())
    for name in dict.fromkeys([*(name for _, name in first), ""]):
        titles = (room.source.inject_title(name) for room in rooms if name in room.released)
        title = next(titles, "On other occasions")
        rows = [room.occasion(name, title) for room in rooms]
        if any(row["decisions"] or row["expected"] for row in rows):
            yield from rows


def _objectives(rooms: Sequence[Findings]) -> Iterator[dict[str, Any]]:
    rated = [{row["objective"]: rating(row, read_notes(room)) for row in room.objectives} for room in rooms]
    for row in rooms[0].objectives:
        yield {"title": row["title"], "ratings": [each.get(row["objective"], "") for each in rated]}


def _among_runs(rooms: Sequence[_Room], runs: int, jobs: int) -> Iterator[dict[str, Any]]:
    """Yield outcomes and measures of each room among runs of the model, which rooms that ended together share."""
    played: dict[str, list[FutureResult]] = {}
    for room in rooms:
        manifest, name = room.source.manifest, room.source.folder.name
        point = replace(BranchPoint.of_run(room.source.folder), path=tuple(room.path))
        exercise = point.exercise()
        end = replace(point, t=exercise.now)
        key = repr((manifest.injects_sha256, end.t, {**end.settings.as_dict(), **ALONE}))
        if runs and key not in played:
            played[key] = model_runs(end, runs, jobs)
        results = played.get(key, [])
        for outcome in exercise.context.scenario.outcomes:
            share = sum(outcome in each.outcomes for each in results) / max(1, runs)
            of_model = {"share": share, "interval": wilson(share, runs) if runs else None}
            yield {"title": title_of(exercise, outcome), "room": name, "at": manifest.outcomes.get(outcome)} | of_model
        for each in where_rows(exercise, results) if results else ():
            found = {"value": each.given, "percentile": each.value, "median": each.without}
            yield {"title": sentence(each.title), "room": name, **found}
