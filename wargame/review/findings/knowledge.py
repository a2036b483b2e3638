"""What a seat could know: its inbox, its own decisions, what all know. Everything else is left out.

A record is kept by what it is, never by what it is not: a kind that is not in the table below stays
hidden. The same goes for the keys of its data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from wargame.journal import sentences as phrases
from wargame.journal.records import Record
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.series import BELIEF
from wargame.review.findings.source import RunSource
from wargame.scenario.model.names import PUBLIC, table

STEPS = frozenset({"forum", "agreement"})
"""Kinds of which all know."""
Known = Callable[[Record, str, "Seen"], dict[str, Any] | None]


class Seen:
    """What a seat has learned of by the end: the actions behind its signals and its own; `hidden` are all others."""

    def __init__(self, source: RunSource, seat: str) -> None:
        scenario = source.scenario
        self.names = table(scenario.indicators) if scenario else {}
        signals = {r.cause[0] for r in source.records if r.kind == "signal" and r.who == seat and r.cause}
        self.actions = signals | {r.seq for r in source.records if r.kind == "action" and r.who == seat}
        self.hidden = {r.seq for r in source.records if r.kind == "action"} - self.actions


def known_to(source: RunSource, seat: str) -> list[Record]:
    """The records that this seat could know, each with only those data that it could."""
    seen, kept = Seen(source, seat), list[Record]()
    numbers: set[int] = set()
    for record in source.records:
        rule = _RULES.get(record.kind)
        data = rule(record, seat, seen) if rule else None
        if data is None:
            continue
        cause = tuple(seq for seq in record.cause if seq in numbers)
        who = record.who if record.kind not in STEPS or seen.actions & set(record.cause) else ""
        kept.append(Record(record.seq, record.t, record.at, record.kind, who, record.about, cause, data))
        numbers.add(record.seq)
    return kept


def seat_source(source: RunSource, seat: str) -> RunSource:
    """The same run with only what this seat could know."""
    return replace(source, records=known_to(source, seat))


def inbox(source: RunSource, seat: str, until: int | None = None) -> list[Row]:
    """What reached a seat up to second `until` of the run's clock: signals as perceived, injects, asks.

    `action` is the record of the action behind a signal; the seat itself does not see it.
    """
    rows, seen = [], Seen(source, seat)
    for record in source.records:
        if until is not None and record.t > until:
            break
        if record.kind in _REACHING and _RULES[record.kind](record, seat, seen) is not None:
            rows.append(_received(source, record))
    return rows


def _received(source: RunSource, record: Record) -> Row:
    data = record.data
    return {
        "seq": record.seq,
        "at": record.at,
        "day": day(source, record.t),
        "kind": record.kind,
        "headline": phrases.headline(record),
        "from": data.get("actor") or record.who,
        "perceived": data.get("perceived"),
        "surprise": data.get("surprise"),
        "action": data.get("action"),
        "message": data.get("message") or data.get("text") or "",
    }


_REACHING = ("signal", "inject.released", "message", "offer", "vote")


def _only(*keys: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return lambda data: {key: data[key] for key in keys if key in data}


def _own(record: Record, seat: str, _: Seen) -> dict[str, Any] | None:
    return dict(record.data) if record.who == seat else None


def _own_action(record: Record, seat: str, _: Seen) -> dict[str, Any] | None:
    """Its own action; what it did to the world is only known where the indicator is."""
    if record.who != seat:
        return None
    return _only("option", "target", "title", "goldstein", "severity", "rung", "success", "from")(record.data)


def _signal(record: Record, seat: str, _: Seen) -> dict[str, Any] | None:
    return (
        _only("option", "actor", "target", "perceived", "surprise", "trust")(record.data)
        if record.who == seat
        else None
    )


def _inject(record: Record, seat: str, _: Seen) -> dict[str, Any] | None:
    """A message to the seat or to all; facilitation is for the white cell."""
    audience = record.data.get("audience") or ()
    if record.data.get("kind") == "facilitation" or (audience and seat not in audience):
        return None
    return _only("title", "channel", "message")(record.data) | {"audience": list(audience)}


def _message(record: Record, seat: str, _: Seen) -> dict[str, Any] | None:
    """What people in seats wrote to one another: for those who sent or got it."""
    return dict(record.data) if record.who == seat or seat in (record.data.get("to") or ()) else None


def _leader(record: Record, *_: Any) -> dict[str, Any]:
    return _only("leader", "title", "from")(record.data)


def _ask(record: Record, seat: str, seen: Seen) -> dict[str, Any] | None:
    party = record.who == seat or (record.data.get("of") == seat and bool(seen.actions & set(record.cause)))
    return dict(record.data) if party else None


def _settled(record: Record, seat: str, seen: Seen) -> dict[str, Any] | None:
    """The asker knows; the asked one too, unless it is by an action of the asker that it has not heard of."""
    asked = record.data.get("of") == seat and not seen.hidden & set(record.cause[:1])
    return dict(record.data) if record.who == seat or asked else None


def _public_step(record: Record, *_: Any) -> dict[str, Any]:
    """The states of forums and agreements are public; who stands where only if the seat has learned of the action."""
    return _only("from", "to", "event", "title", "progress")(record.data)


def _outcome(record: Record, seat: str, seen: Seen) -> dict[str, Any] | None:
    """One that came without an action that the seat has not learned of: an exchange has two, each tells of the other."""
    del seat
    return None if seen.hidden & set(record.cause) else _only("title", "ends")(record.data)


def _order(record: Record, seat: str, _: Seen) -> dict[str, Any] | None:
    return dict(record.data) if record.about == "order" and record.data.get("government") == seat else None


def _state(record: Record, seat: str, seen: Seen) -> dict[str, Any] | None:
    """Public and own indicators, and its own estimates of the rest."""
    values = record.data.get("values")
    if not isinstance(values, dict):
        return None
    return {"values": {path: value for path, value in values.items() if knows(path, seat, seen.names)}}


def knows(path: str, seat: str, names: Mapping[str, Any]) -> bool:
    """Whether a seat knows the true number of this path, or the path is an estimate of its own."""
    if path.startswith(BELIEF):
        return path.startswith(f"{BELIEF}{seat} in ")
    name, _, index = path.partition("[")
    declared = names.get(name)
    if declared is None:
        return False
    first = index.rstrip("]").split(",")[0].strip()
    return declared.known == PUBLIC or first == seat


def _nothing(_record: Record, _seat: str, _seen: Seen) -> dict[str, Any]:
    return {}


_RULES: dict[str, Known] = {
    "decision": _own,
    "action": _own_action,
    "order.cancelled": _own,
    "strategy": _own,
    "note": _own,
    "decision.due": _own,
    "decision.missed": _own,
    "message": _message,
    "offer": _message,
    "vote": _message,
    "signal": _signal,
    "inject.released": _inject,
    "leader": _leader,
    "demand": _ask,
    "demand.settled": _settled,
    "forum": _public_step,
    "agreement": _public_step,
    "outcome": _outcome,
    "command": _order,
    "snapshot": _state,
    "startex": _nothing,
}


def seats(source: RunSource) -> Iterable[str]:
    """The governments whose view can be shown."""
    return source.governments
