"""Turns a record into one sentence that states what happened.

The consoles, `wargame show`, `wargame why` and the review take their sentences from this module; `reason_sentences`
states why. The clauses are in the classes of `records`. The shorter texts that a seat receives are in `notices`.
"""

from __future__ import annotations

from collections.abc import Mapping

from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord, SignalRecord
from wargame.journal.records.script import InjectReleasedRecord, InjectRetractedRecord, InjectSkippedRecord
from wargame.journal.wording import UNTITLED, Titles, sentence, words


def headline(record: Record, index: Mapping[int, Record] | None = None, titles: Titles = UNTITLED) -> str:
    """Return one line that says what happened. With the other records by number, a signal says of which action."""
    return sentence(clause(record, titles, index))


def clause(record: Record, titles: Titles, index: Mapping[int, Record] | None = None) -> str:
    """Return what happened, as a part of a sentence."""
    if isinstance(record, SignalRecord) and index and record.cause:
        source = index.get(record.cause[0])
        if isinstance(source, ActionRecord):
            failed = "" if source.success else ", and it fails"  # who fails would be the reader of `and fails`
            did = f"{titles.government(source.who)} {source.done(titles)}{failed}"
            return f"{titles.government(record.who)} learns that {did}"
    return record.clause(titles)


def for_control(record: Record, titles: Titles) -> str:
    """What happened, for the facilitator: injects with the id by which commands name them, and their addressees."""
    if not isinstance(record, InjectReleasedRecord | InjectRetractedRecord | InjectSkippedRecord):
        return headline(record, titles=titles)
    title = record.title or titles.injects.get(record.about) or words(record.about)
    if isinstance(record, InjectSkippedRecord):
        return f"inject {record.about} is not released: {title} ({record.reason})"
    to = titles.listed(record.to or ()) or "all"
    if isinstance(record, InjectRetractedRecord):
        return f"DISREGARD inject {record.about} to {to}: {title}"
    to = "the white cell" if record.inject_kind == "facilitation" else to
    extras = "; ".join(part for part in (record.attached(described=False), record.asked) if part)
    return f"inject {record.about} to {to}: {title}{f', with {extras}' if extras else ''}"
