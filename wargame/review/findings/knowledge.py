"""The knowledge of a seat in a run, by the rules of `journal.visibility`, seen from the end of the run."""

from dataclasses import replace

import msgspec

from wargame.journal.records import Record
from wargame.journal.records.governments import DemandRecord, SignalRecord
from wargame.journal.sentences import headline
from wargame.journal.viewer_memory import PublicFacts
from wargame.journal.visibility import RecordViewer
from wargame.review.findings.finding_rows import Row, record_row
from wargame.review.findings.source import RunSource
from wargame.scenario.journal_context import public_facts


def known_to(source: RunSource, seat: str) -> list[Record]:
    """Return the records that this seat could know, each with only the data that it could know."""
    facts = _facts(source)
    as_it_happened = RecordViewer(seat, facts)
    for record in source.records:
        as_it_happened.see(record)
    looking_back = RecordViewer(seat, facts, as_it_happened.learned)
    return [shown for record in source.records for shown in looking_back.see(record)]


def _facts(source: RunSource) -> PublicFacts:
    if source.scenario is not None:
        return public_facts(source.scenario)
    return PublicFacts(frozenset(source.governments), lambda _: False, {})


def seat_source(source: RunSource, seat: str) -> RunSource:
    """Return the same run with only what this seat could know. New numbers of records hide gaps."""
    records = known_to(source, seat)
    numbers = {record.seq: number for number, record in enumerate(records)}
    renumbered = [
        msgspec.structs.replace(
            record, seq=numbers[record.seq], cause=tuple(numbers[seq] for seq in record.cause if seq in numbers)
        )
        for record in records
    ]
    return replace(source, records=renumbered)


RECEIVED = ("signal", "inject.released", "message", "rfi.reply", "offer", "vote", "demand")
"""Kinds that reach a seat as news."""


def inbox(source: RunSource, seat: str, until: int | None = None) -> list[Row]:
    """Return the entries that reached a seat until second `until`: signals as perceived, injects, messages, demands.

    `action` is the record of the action behind a signal, which the seat itself does not see.
    """
    seqs = received(source, seat)
    return [_received(source, source.index[seq]) for seq in seqs if until is None or source.index[seq].t <= until]


def received(source: RunSource, seat: str) -> list[int]:
    """Return the numbers of the records that reached a seat as news, in order."""
    viewer = RecordViewer(seat, _facts(source))
    shown = [each for record in source.records for each in viewer.see(record) if each.kind in RECEIVED]
    return [each.seq for each in shown if not isinstance(each, DemandRecord) or each.of == seat]


def _received(source: RunSource, record: Record) -> Row:
    signal = record if isinstance(record, SignalRecord) else None
    return record_row(source, record, "kind", headline=headline(record, titles=source.titles)) | {
        "from": signal.actor if signal else record.who,
        "perceived": signal.perceived if signal else None,
        "surprise": signal.surprise if signal else None,
        "action": signal.action if signal else None,
        "message": getattr(record, "message", "") or getattr(record, "text", "") or "",
    }
