"""The MSEL as planned and as executed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.plans import plan, reason
from wargame.review.findings.source import RunSource
from wargame.scenario.model import Inject
from wargame.scenario.trigger_phrases import Phrase
from wargame.world.calendar import RunCalendar

WHITE_CELL = "white cell"


def msel(source: RunSource) -> list[Row]:
    """One row for each release of an inject, and one for each inject that was not released.

    `planned` is the trigger in words; a condition that is too long for a sentence is in `condition`. `planned_at` is
    the time if the inject file gives one. `how` is the kind of trigger that released it, or why it was skipped;
    `how_condition` is the condition behind that. `slip_days` is how much later than planned it was released.
    """
    records: dict[str, list[Record]] = {}
    for record in source.since:
        if record.kind in ("inject.released", "inject.skipped"):
            records.setdefault(record.about, []).append(record)
    planned = {inject.id: inject for inject in source.injects}
    rows = [
        row
        for name in sorted({*planned, *records})
        for row in _releases(source, planned.get(name), name, records.get(name, []))
    ]
    return sorted(rows, key=lambda row: (row["at"] or row["planned_at"] or "9999", row["inject"]))


def _releases(source: RunSource, inject: Inject | None, name: str, records: Sequence[Record]) -> Iterator[Row]:
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
    """The columns that describe an inject. An inject that was written live is described by its first record."""
    known = source.scenario.objectives if source.scenario else {}
    objective = (inject.objective or "") if inject else ""
    return {
        "inject": name,
        "title": inject.title if inject else str(records[0].data.get("title", name)),
        "storyline": inject.storyline if inject else "",
        "kind": inject.kind if inject else "ad hoc",
        "channel": inject.channel if inject else str(records[0].data.get("channel", "")),
        "sender": inject.sender if inject else "",
        "to": _to(source, inject) if inject else _names(source, records[0].data.get("audience") or ()),
        "objective": objective,
        "objective_title": known[objective].title if objective in known else objective,
    }


def _to(source: RunSource, inject: Inject) -> str:
    """The addressees by name; a facilitation inject goes to the white cell only."""
    return WHITE_CELL if inject.kind == "facilitation" else _names(source, inject.audience)


def _names(source: RunSource, governments: Sequence[str]) -> str:
    return ", ".join(map(source.name, governments)) or "all"


def _actual(source: RunSource, record: Record, status: str, how: Phrase, slip: float | None) -> Row:
    when = {"seq": record.seq, "at": record.at, "day": day(source, record.t)}
    return {"status": status, "how": how[0], "how_condition": how[1], **when, "slip_days": slip}
