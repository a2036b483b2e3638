"""Why something happened: from a record back along its causes to what began it.

A trace is honest about chance. Where a decision was drawn, it gives the scores, the probability of
what was chosen and the noise that decided; it never tells a reason where a coin fell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wargame.errors import UsageFault
from wargame.journal import sentences as phrases
from wargame.journal.reasons import decision_lines, verdict
from wargame.journal.records import Record

Index = Mapping[int, Record]
CONTRIBUTIONS = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One record of a trace: a headline, lines of detail, and what contributed besides the trigger.

    The first decision is told in full; of those before it, only whether a coin fell.
    """

    record: Record
    headline: str
    details: tuple[str, ...]
    contributions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """From the record asked for (first) back to what began it (last)."""

    steps: tuple[Step, ...]
    origin: str

    @property
    def closing(self) -> str:
        """The last sentence. A decision weighs what came before it, and that did not make it happen."""
        weighed = any(step.record.kind == "decision" for step in self.steps[:-1])
        return f"It {'goes back to' if weighed else 'began with'} {self.origin}."


def trace(seq: int, index: Index) -> Trace:
    """The causal trace of a record; raises UsageFault if the journal holds no such record."""
    if not index:
        raise UsageFault("the journal is empty: a run with --journal full or decisions can be asked why")
    if seq not in index:
        raise UsageFault(f"the journal holds no record {seq}; its records run from {min(index)} to {max(index)}")
    steps: list[Step] = []
    record: Record | None = index[seq]
    missing = ""
    while record is not None:
        told = any(step.record.kind == "decision" for step in steps)
        steps.append(_step(record, index, brief=told))
        trigger = record.cause[0] if record.cause else None
        record = None if trigger is None else index.get(trigger)
        if trigger is not None and record is None:
            missing = f"record {trigger}, which the journal's level leaves out"
    return Trace(tuple(steps), missing or origin(steps[-1].record))


def _step(record: Record, index: Index, *, brief: bool) -> Step:
    detail = verdict if brief and record.kind == "decision" else _DETAILS.get(record.kind, _no_details)
    others = [index[seq] for seq in record.cause[1:] if seq in index]
    named = [f"#{other.seq} {phrases.day(other)}: {phrases.headline(other, index)}" for other in others[:CONTRIBUTIONS]]
    if len(others) > CONTRIBUTIONS:
        named.append(f"and {len(others) - CONTRIBUTIONS} more")
    return Step(record, phrases.headline(record, index), tuple(detail(record)), tuple(named))


def origin(record: Record) -> str:
    """What began a chain, by its first record."""
    described = _ORIGINS.get(record.kind)
    if described:
        return described(record)
    return f"the {record.kind} itself: nothing earlier set it off"


def _begun_by_decision(record: Record) -> str:
    return (
        f"{phrases.meeting(record)} of {record.who} on '{record.data.get('dossier', '')}': no single action set it off"
    )


def _begun_by_action(record: Record) -> str:
    source = str(record.data.get("from", ""))
    return {
        "hazard": "chance: a hazard of the scenario struck",
        "history": "the record: it happened",
        "order": "an order of the facilitator",
        "procedure": f"a standing procedure of {record.who}",
    }.get(source, f"the action itself, from {source or 'outside'}")


def _begun_by_inject(record: Record) -> str:
    trigger = str(record.data.get("trigger", ""))
    return f"the inject '{record.about}'" + (f", released {_TRIGGERS.get(trigger, trigger)}" if trigger else "")


_TRIGGERS = {
    "at": "at its time",
    "after": "after what it waits for",
    "when": "when its condition came true",
    "random": "at a random time",
    "rate": "by chance, at its rate",
    "manual": "by hand",
}


_ORIGINS: dict[str, Callable[[Record], str]] = {
    "decision": _begun_by_decision,
    "action": _begun_by_action,
    "inject.released": _begun_by_inject,
    "inject.skipped": _begun_by_inject,
    "hazard": lambda record: f"chance: the hazard '{record.about}' struck",
    "history": lambda record: f"the record of history, row {record.about}",
    "run.start": lambda _: "the start of the run",
    "command": lambda record: f"a command of {record.who or 'the facilitator'}: {record.about}",
    "ruling": lambda record: f"a ruling of the white cell for {record.about}",
    "request": lambda record: f"a request of {record.who} in free words",
    "outcome": lambda _: "a condition of the world that came true",
}


def _no_details(_: Record) -> list[str]:
    return []


def _action_details(record: Record) -> list[str]:
    data = record.data
    weight, severity = phrases.number(data, "goldstein"), phrases.number(data, "severity")
    lines = [f"weight {weight:+.1f}, severity {severity:g}, rung {data.get('rung', 0)}"]
    lines += _changes(data.get("effects"))
    if data.get("why"):
        lines.append(str(data["why"]))
    return lines


def _signal_details(record: Record) -> list[str]:
    data = record.data
    perceived, surprise = phrases.number(data, "perceived"), phrases.number(data, "surprise")
    line = f"perceived weight {perceived:+.2f}, surprise {surprise:+.2f}"
    trust = data.get("trust")
    if isinstance(trust, list) and len(trust) == 2:
        line += f"; trust {_number(trust[0])} to {_number(trust[1])}"
    return [line]


def _inject_details(record: Record) -> list[str]:
    data = record.data
    lines = [f"message: {str(data['message']).strip()}"] if data.get("message") else []
    return lines + _changes(data.get("effects"))


def _changes(effects: object) -> list[str]:
    if not isinstance(effects, dict) or not effects:
        return []
    shown = [f"{path} {_number(change[0])} to {_number(change[1])}" for path, change in effects.items()]
    return [f"effects: {', '.join(shown)}"]


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, int | float) else str(value)


_DETAILS: dict[str, Callable[[Record], list[str]]] = {
    "action": _action_details,
    "signal": _signal_details,
    "decision": decision_lines,
    "inject.released": _inject_details,
    "history": _inject_details,
    "hazard": _inject_details,
}
