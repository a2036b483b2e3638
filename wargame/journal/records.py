"""One record of a journal, and its form as a line of JSON.

In a run, records are plain tuples `(seq, t, kind, who, about, cause, data)`, because appending a tuple is cheap. Here
they get a date and become lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from wargame.errors import shortened
from wargame.journal.decoding import Undecodable, check_moment, decode_with
from wargame.journal.shapes import check_data

RawRecord = tuple[int, int, str, str, str, tuple[int, ...], dict[str, Any]]

LEFT_OUT = {"decisions": frozenset({"signal", "snapshot"})}
"""Kinds that a level of the journal leaves out. The level `full` keeps all kinds, `none` has no journal."""

KINDS = frozenset(
    {
        *("run.start", "startex", "snapshot", "run.end"),
        *("history", "hazard", "outcome", "outcome.revoked", "forum", "agreement", "leader", "strategy"),
        *("decision", "action", "signal", "demand", "demand.settled", "commitment"),
        *("plan.begun", "plan.ended", "routine"),
        *("order.carried_over", "order.reviewed", "order.inherited", "order.cancelled"),
        *("inject.released", "inject.retracted", "inject.enabled", "inject.skipped"),
        *("expected", "expected.candidate"),
        *("decision.due", "decision.missed", "standing_order", "command", "note", "rating", "request", "ruling"),
        *("procedure.proposed", "procedure.answer", "procedure.expired"),
        *("rfi", "rfi.reply"),
        *("questionnaire.answer", "questionnaire.closed", "questionnaire.results"),
        *("message", "offer", "answer", "vote", "ballot", "vote.result"),
    }
)
"""Every kind of record that a run writes."""


class Record(msgspec.Struct, frozen=True):
    """One thing that happened. The line of JSON has the fields in this order.

    `seq` counts all records of a run from 0, including those that the level of the journal leaves out. `t` is in
    seconds from the start of the scenario's calendar, `at` is the same as an ISO time with offset. `who` is the code of
    a government, or empty. `cause` lists numbers of earlier records: first the trigger, then what contributed.
    """

    seq: int
    t: int
    at: str
    kind: str
    who: str
    about: str
    cause: tuple[int, ...]
    data: dict[str, Any]


class Stamps:
    """Adds dates to raw records; caches the last one, since many records share an instant."""

    def __init__(self, at: Callable[[int], datetime]) -> None:
        self._at = at
        self._t = -1
        self._text = ""

    def text(self, t: int) -> str:
        """The ISO time with offset of `t` seconds after the start."""
        if t != self._t:
            self._t, self._text = t, self._at(t).isoformat()
        return self._text

    def records(self, raw: Iterable[RawRecord]) -> list[Record]:
        """Raw records with their dates."""
        text = self.text
        return [Record(seq, t, text(t), kind, who, about, cause, data) for seq, t, kind, who, about, cause, data in raw]


def at_level(records: list[Record], level: str) -> list[Record]:
    """The records that a journal of this level contains."""
    if level == "full":
        return records
    left_out = LEFT_OUT.get(level)
    return [] if left_out is None else [record for record in records if record.kind not in left_out]


def _scalar(value: object) -> object:
    """The Python number for a NumPy scalar; raises TypeError for anything else."""
    item = getattr(value, "item", None)
    if item is None:
        raise TypeError(f"a record cannot contain a {type(value).__name__}")
    return item()


_encoder = msgspec.json.Encoder(enc_hook=_scalar)
_decoder = msgspec.json.Decoder(Record)


def encode_lines(records: list[Record]) -> bytes:
    """JSON lines, each with its newline. Floats have their shortest form, so that equal runs give equal bytes."""
    return _encoder.encode_lines(records)


def decode_line(line: bytes) -> Record:
    """The record on one line; raises Undecodable if the line is not a record.

    Causes are earlier records, so that whoever follows them comes to an end.
    """
    record = decode_with(_decoder, line)
    if record.kind not in KINDS:
        raise Undecodable(f"there is no kind of record '{shortened(record.kind)}'")
    if record.seq < 0 or record.t < 0:
        raise Undecodable("its number and its time are 0 or more")
    if any(not 0 <= cause < record.seq for cause in record.cause):
        raise Undecodable("its causes are not earlier records")
    check_moment(record.at)
    check_data(record.kind, record.data)
    return record
