"""The MSEL: what was planned, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.plans import Told, plan, reason
from wargame.review.findings.source import RunSource
from wargame.scenario.model import Inject
from wargame.world.calendar import RunCalendar

WHITE_CELL = "white cell"


def msel(source: RunSource) -> list[Row]:
    """Each inject as planned with each of its releases: one row a release, one for an inject without any.

    `planned` says its trigger in words and `condition` what is too long for that, `planned_at` the time where the
    script gives one; `how` says what released it, or why it was skipped, and `how_condition` what is too long for
    that; `slip_days` is how much later it was released than planned.
    """
    told: dict[str, list[Record]] = {}
    for record in source.since:
        if record.kind in ("inject.released", "inject.skipped"):
            told.setdefault(record.about, []).append(record)
    planned = {inject.id: inject for inject in source.injects}
    rows = [row for name in sorted({*planned, *told}) for row in _lines(source, planned.get(name), name, told)]
    return sorted(rows, key=lambda row: (row["at"] or row["planned_at"] or "9999", row["inject"]))


def _lines(source: RunSource, inject: Inject | None, name: str, told: dict[str, list[Record]]) -> Iterator[Row]:
    records = told.get(name, [])
    released = [record for record in records if record.kind == "inject.released"]
    calendar = RunCalendar(source.scenario.calendar) if source.scenario else None
    at = calendar.seconds(inject.at) if inject and inject.at and calendar else None
    words, condition = plan(source, inject, calendar) if inject and calendar else ("by hand", "")
    planned = _identity(source, inject, name, records) | {
        "planned": words,
        "condition": condition,
        "planned_at": calendar.at(at).isoformat() if at is not None and calendar else None,
    }
    skipped = [record for record in records if record.kind == "inject.skipped"]
    for number, record in enumerate(released):
        trigger = str(record.data.get("trigger", ""))
        slip = round((record.t - at) / DAY, 2) if at is not None and number == 0 else None
        yield planned | _actual(source, record, "released", (trigger, ""), slip)
    if not released and skipped:
        why = reason(source, inject, str(skipped[-1].data.get("reason", "")))
        yield planned | _actual(source, skipped[-1], "skipped", why, None)
    elif not released:
        none = dict.fromkeys(("seq", "at", "day", "slip_days"))
        yield planned | {"status": "not reached", "how": "", "how_condition": "", **none}


def _identity(source: RunSource, inject: Inject | None, name: str, records: Sequence[Record]) -> Row:
    """What an inject is, whenever it comes; one without a plan is known by its first record."""
    known = source.scenario.objectives if source.scenario else {}
    objective = (inject.objective or "") if inject else ""
    return {
        "inject": name,
        "title": inject.title if inject else str(records[0].data.get("title", name)),
        "storyline": inject.storyline if inject else "",
        "kind": inject.kind if inject else "ad hoc",
        "channel": inject.channel if inject else str(records[0].data.get("channel", "")),
        "sender": inject.sender if inject else "",
        "to": _to(inject) if inject else ", ".join(records[0].data.get("audience") or ()) or "all",
        "objective": objective,
        "objective_title": known[objective].title if objective in known else objective,
    }


def _to(inject: Inject) -> str:
    """Who is told of it; a facilitation inject tells the white cell alone."""
    return WHITE_CELL if inject.kind == "facilitation" else ", ".join(inject.audience) or "all"


def _actual(source: RunSource, record: Record, status: str, how: Told, slip: float | None) -> Row:
    when = {"seq": record.seq, "at": record.at, "day": day(source, record.t)}
    return {"status": status, "how": how[0], "how_condition": how[1], **when, "slip_days": slip}


def month(at: str) -> str:
    """The month of an ISO time, as figures label it."""
    return f"{datetime.fromisoformat(at):%b %Y}"
