"""The MSEL as planned and as executed, questionnaires with the answers of people, and messages as they were sent."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from wargame.errors import Invalid
from wargame.journal import wording
from wargame.journal.questionnaires import QuestionnaireResult
from wargame.journal.records import Record
from wargame.journal.records.script import InjectReleasedRecord, InjectRetractedRecord, InjectSkippedRecord
from wargame.journal.wording import called, date
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.headlines import plan, reason
from wargame.review.findings.source import RunSource
from wargame.scenario.loading.amend import Edit, amend, new_ids
from wargame.scenario.model import Inject
from wargame.scenario.trigger_phrases import Phrase
from wargame.seat.messages import ScriptMessage, message_of
from wargame.tables import by_key, tables
from wargame.world.calendar import RunCalendar

WHITE_CELL, BY_HAND = "white cell", "by hand"
OPEN_ENDED: frozenset[str] = frozenset(tables("review/words.yaml")["open_ended"])
"""Reasons why an inject was not released that are no exception: its trigger did not occur."""
SKIPPED = frozenset({"skipped by setting", "skipped by the white cell"})
"""Reasons that say by themselves that it was skipped."""
SLIP = 0.01
"""Days by which an inject may be released before or after its time without being early or late."""


def msel(source: RunSource) -> list[Row]:
    """Return one row for each release of an inject, and one for each inject that was not released.

    `planned` describes the trigger; a condition that is too long for a sentence is in `condition`. `planned_at` is
    the time if the inject file gives one. `how` is the kind of trigger that released it, or why it was skipped;
    `how_condition` is the condition behind that. `slip_days` is how much later than planned it was released.
    `amendments` say what the white cell changed. `exception` is true if it was changed, added, skipped, late or early;
    `result` is the status with its reason.
    """
    kinds = ("inject.released", "inject.skipped")
    records = by_key((record.about, record) for record in source.since if record.kind in kinds)
    planned = {inject.id: inject for inject in source.injects}
    live = added(source)
    rows = [
        _with_amendments(row, amendments(source, planned.get(name), name, row["seq"], live.get(name)))
        for name in sorted({*planned, *records})
        for row in _releases(source, planned.get(name), name, records.get(name, []), live.get(name))
    ]
    return sorted(rows, key=lambda row: (row["at"] or row["planned_at"] or "9999", row["inject"]))


def added(source: RunSource) -> Mapping[str, Inject]:
    """Return the injects that were added during the exercise, by id, as added; empty if they cannot be read."""
    commands = [r for r in source.since if r.kind == "command" and r.about == "inject"]
    if source.loaded is None or not commands:
        return {}
    try:
        injects = amend(source.loaded.files, [Edit("", "", str(r.data.get("yaml", ""))) for r in commands])
    except Invalid:
        return {}
    written = {inject.id for inject in source.injects}
    return {name: inject for name, inject in injects.items() if name not in written}


def _releases(
    source: RunSource, inject: Inject | None, name: str, records: Sequence[Record], live: Inject | None
) -> Iterator[Row]:
    released = [record for record in records if isinstance(record, InjectReleasedRecord)]
    calendar = RunCalendar(source.scenario.calendar) if source.scenario else None
    at = calendar.seconds(inject.at) if inject and inject.at and calendar else None
    by_hand = calendar is None or not released or released[0].trigger == "manual"
    known = inject or live
    written = plan(source, known, calendar) if known and calendar else None
    words, condition = written or (BY_HAND if by_hand else "as it was added", "")
    planned = _identity(source, inject, name, records, live) | {
        "planned": words,
        "condition": condition,
        "planned_at": calendar.at(at).isoformat() if at is not None and calendar else None,
    }
    skipped = [record for record in records if isinstance(record, InjectSkippedRecord)]
    for number, record in enumerate(released):
        slip = round((record.t - at) / DAY, 2) if at is not None and number == 0 else None
        sent = {"channel": record.channel, "to": _to(source, record.inject_kind, record.to or ())}
        yield planned | sent | _actual(source, record, "released", (record.trigger, ""), slip)
    if not released and skipped:
        yield planned | _actual(
            source, skipped[-1], "skipped", reason(source, inject or live, skipped[-1].reason), None
        )
    elif not released:
        none = dict.fromkeys(("seq", "at", "day", "slip_days"))
        yield planned | {"status": "not reached", "how": "", "how_condition": "", **none}


def _identity(
    source: RunSource, inject: Inject | None, name: str, records: Sequence[Record], live: Inject | None
) -> Row:
    """Return the columns that describe an inject. `live` is an inject that was added during the exercise, as added.

    An added inject that cannot be read is described by its first record.
    """
    written, first = inject or live, next((each for each in records if isinstance(each, InjectReleasedRecord)), None)
    known = source.scenario.objectives if source.scenario else {}
    objective = (written.objective or "") if written else ""
    return {
        "inject": name,
        "title": source.inject_title(name) if records else inject.title if inject else name,
        "storyline": written.storyline if written else "",
        "kind": inject.kind if inject else "ad hoc",
        "channel": written.channel if written else (first.channel or "") if first else "",
        "sender": written.sender if written else "",
        "to": _to(source, written.kind, written.audience)
        if written
        else _to(source, "", (first.to or ()) if first else ()),
        "objective": objective,
        "objective_title": known[objective].title if objective in known else objective,
    }


def _to(source: RunSource, kind: str, governments: Sequence[str]) -> str:
    """Return the addressees by name; a facilitation inject goes to the white cell only."""
    return (
        WHITE_CELL if kind == "facilitation" else ", ".join(called(source.name(each)) for each in governments) or "all"
    )


def _actual(source: RunSource, record: Record, status: str, how: Phrase, slip: float | None) -> Row:
    when = {"seq": record.seq, "at": record.at, "day": day(source, record.t)}
    return {"status": status, "how": how[0], "how_condition": how[1], **when, "slip_days": slip}


# --- amendments ----------------------------------------------------------------------------------------------------


def amendments(
    source: RunSource, inject: Inject | None, name: str, settled: int | None, live: Inject | None = None
) -> list[tuple[str, str]]:
    """Return what the white cell changed in an inject during the exercise, in order: the command, and what it did.

    `settled` is the record of the release or skip that is described: what was commanded later does not concern it.
    `live` is an inject that was added during the exercise. What a reset has undone is left out.
    """
    changes = [] if inject else [("inject", "added during the exercise")]
    exists, released = inject is not None, False
    for record in source.since:
        data = record.data
        released = released or (record.kind == "inject.released" and record.about == name)
        if record.kind == "inject.retracted" and record.about == name:
            changes.append(("retract", f"retracted on {date(record.at)}"))
        elif record.kind != "command" or (settled is not None and record.seq > settled):
            continue
        elif record.about == "inject":
            with suppress(Invalid):
                exists = exists or name in new_ids(str(data.get("yaml", "")))
        elif record.about == "reset" and data.get("inject") in (name, None, ""):
            changes = changes if released else [] if inject else changes[:1]
        elif record.about == "postpone":
            if exists and _is_moved(source, inject or live, record, settled):
                changes.append((record.about, _change(record, inject)))
        elif record.about in CHANGES and data.get("inject") == name:
            changes.append((record.about, _change(record, inject)))
    return changes


def _is_moved(source: RunSource, inject: Inject | None, postpone: Record, settled: int | None) -> bool:
    """Return whether a postponement of all injects moves this one: it has a time, or its delay has begun."""
    if inject is None or inject.at is not None or (inject.random is not None and inject.random.between is not None):
        return True
    release = source.index[settled] if settled is not None else None
    began = isinstance(release, InjectReleasedRecord) and release.trigger == "after"
    return began and release is not None and any(seq < postpone.seq for seq in release.cause)


LONGEST = 80
"""Characters of an earlier text that is quoted."""
CHANGES: Mapping[str, str] = tables("review/words.yaml")["changes"]
"""Descriptions of the changes that commands make in an inject."""


def _change(command: Record, inject: Inject | None) -> str:
    """Return what a command changed; of a short text, what it was."""
    field, by = (str(command.data.get(key, "")).strip() for key in ("field", "by"))
    by = f"brought forward by {by[1:]}" if by.startswith("-") else f"delayed by {by}"
    written = getattr(inject, field, None) if command.about == "edit" else None
    was = f" (was: '{written}')" if isinstance(written, str) and 0 < len(written) <= LONGEST else ""
    return CHANGES[command.about].format(field=wording.words(field), by=by) + was


def _with_amendments(row: Row, changes: list[tuple[str, str]]) -> Row:
    by_hand = row["planned"] == BY_HAND  # a release by hand is no amendment of an inject that is planned so
    changes = [change for change in changes if not (by_hand and change[0] == "release")]
    unreleased = row["status"] != "released"
    listed = [change for change in changes if not (unreleased and change[0] == "postpone")]
    late = row["slip_days"] is not None and abs(row["slip_days"]) > SLIP
    skipped = row["status"] == "skipped" and row["how"] not in OPEN_ENDED
    exception = bool(listed) or late or skipped
    return row | {"amendments": [what for _, what in changes], "exception": exception, "result": _result(row)}


def _result(row: Row) -> str:
    """Return the status as text, with the reason of an inject that was not released."""
    how = str(row["how"])
    if row["status"] != "skipped" or not how:
        return str(row["status"])
    return how if how in SKIPPED else f"{'not released' if how in OPEN_ENDED else 'skipped'}: {how}"


def answer_rows(source: RunSource, results: list[QuestionnaireResult]) -> Iterator[Row]:
    """Yield one row for each answer; `mark` is a number for a scale, and several choices give several rows."""
    for result in results:
        for question in result.questions:
            for given in question.answers:
                for part in given.value if isinstance(given.value, tuple) else (given.value,):
                    yield {
                        "inject": result.inject,
                        "title": result.title,
                        "release": result.release,
                        "question": question.question.id,
                        "text": question.question.text,
                        "form": question.form,
                        "seat": given.seat,
                        "person": given.person,
                        "answer": str(part),
                        "mark": part if isinstance(part, int) else None,
                        "seq": result.seq,
                        "at": given.at,
                        "day": day(source, given.t),
                    }


def answered(result: QuestionnaireResult) -> dict[str, int]:
    """Return how many questions each seat that was asked has answered."""
    by_question = [{given.seat for given in question.answers} for question in result.questions]
    return {seat: sum(seat in seats for seats in by_question) for seat in result.asked or result.seats}


def sent_messages(source: RunSource) -> list[tuple[int, ScriptMessage]]:
    """Return the messages of the script that were sent, in order, with the number of the record of each."""
    sent: dict[int, ScriptMessage] = {}
    last: dict[str, int] = {}
    for record in source.since:
        if isinstance(record, InjectReleasedRecord) and record.inject_kind != "facilitation":
            sent[record.seq], last[record.about] = message_of(record, source.titles), record.seq
        elif isinstance(record, InjectRetractedRecord) and record.about in last:
            seq, at = last[record.about], datetime.fromisoformat(record.at).replace(tzinfo=None)
            sent[seq] = replace(sent[seq], retracted=at)
    return list(sent.items())
