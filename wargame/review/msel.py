"""The MSEL: what was planned, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wargame.journal.records import Record
from wargame.language.times import DAY, format_duration
from wargame.review.rows import Row, day
from wargame.review.source import Source
from wargame.scenario.model import After, DeedPattern, Inject, RandomTime
from wargame.world.calendar import Calendar

WHITE_CELL = "white cell"


def msel(source: Source) -> list[Row]:
    """Each inject as planned with each of its releases: one row a release, one for an inject without any.

    `planned` says its trigger in words, `planned_at` the time where the script gives one; `slip_days` is
    how much later it was released than that.
    """
    told: dict[str, list[Record]] = {}
    for record in source.since:
        if record.kind in ("inject.released", "inject.skipped"):
            told.setdefault(record.about, []).append(record)
    calendar = Calendar(source.scenario.calendar) if source.scenario else None
    planned = {inject.id: inject for inject in source.injects}
    rows = [
        row for name in sorted({*planned, *told}) for row in _lines(source, planned.get(name), name, told, calendar)
    ]
    return sorted(rows, key=lambda row: (row["at"] or row["planned_at"] or "9999", row["inject"]))


def _lines(
    source: Source, inject: Inject | None, name: str, told: dict[str, list[Record]], calendar: Calendar | None
) -> Iterator[Row]:
    records = told.get(name, [])
    released = [record for record in records if record.kind == "inject.released"]
    at = calendar.seconds(inject.at) if inject and inject.at and calendar else None
    plan = {
        "inject": name,
        "title": inject.title if inject else str(records[0].data.get("title", name)),
        "storyline": inject.storyline if inject else "",
        "kind": inject.kind if inject else "ad hoc",
        "channel": inject.channel if inject else "",
        "to": _to(inject) if inject else "",
        "objective": (inject.objective or "") if inject else "",
        "planned": _plan(inject) if inject else "by hand",
        "planned_at": calendar.at(at).isoformat() if at is not None and calendar else None,
    }
    skipped = [record for record in records if record.kind == "inject.skipped"]
    for number, record in enumerate(released):
        trigger = str(record.data.get("trigger", ""))
        slip = round((record.t - at) / DAY, 2) if at is not None and number == 0 else None
        yield plan | _actual(source, record, "released", trigger, slip)
    if not released and skipped:
        yield plan | _actual(source, skipped[-1], "skipped", str(skipped[-1].data.get("reason", "")), None)
    elif not released:
        yield plan | {"status": "not reached", "how": "", "seq": None, "at": None, "day": None, "slip_days": None}


def _to(inject: Inject) -> str:
    """Who is told of it; a facilitation inject tells the white cell alone."""
    return WHITE_CELL if inject.kind == "facilitation" else ", ".join(inject.audience) or "all"


def _actual(source: Source, record: Record, status: str, how: str, slip: float | None) -> Row:
    when = {"seq": record.seq, "at": record.at, "day": day(source, record.t)}
    return {"status": status, "how": how, **when, "slip_days": slip}


def _plan(inject: Inject) -> str:
    if inject.at is not None:
        return f"at {inject.at.text}" + (f", every {format_duration(inject.every)}" if inject.every else "")
    if inject.after is not None:
        return _after(inject.after)
    if inject.when is not None:
        return f"when {inject.when}"
    return _random(inject.random) if inject.random is not None else "by hand"


def _after(after: After) -> str:
    delay = f"{format_duration(after.delay)} after " if after.delay else "after "
    if after.inject is not None:
        return f"{delay}inject {after.inject}"
    what, pattern = ("deed", after.deed) if after.deed is not None else ("decision", after.decision)
    return f"{delay}{what} {_pattern(pattern)}" if pattern else delay


def _pattern(pattern: DeedPattern) -> str:
    by = f" by {' or '.join(pattern.by)}" if pattern.by else ""
    to = f" to {' or '.join(pattern.to)}" if pattern.to else ""
    return f"{' or '.join(pattern.options)}{by}{to}"


def _random(random: RandomTime) -> str:
    if random.between is not None:
        return f"at random between {random.between[0].text} and {random.between[1].text}"
    return f"at random, {random.rate} a year"


def month(at: str) -> str:
    """The month of an ISO time, as figures label it."""
    return f"{datetime.fromisoformat(at):%b %Y}"
