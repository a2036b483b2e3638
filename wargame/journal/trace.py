"""Why something happened: from a record back along its causes to the first of them.

Where a decision was drawn at random, the trace gives the scores, the probability of what was chosen and the noise that
decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wargame.errors import UsageFault
from wargame.journal import wording
from wargame.journal.reasons import decision_lines, verdict
from wargame.journal.records import Record
from wargame.journal.sentences import headline
from wargame.journal.wording import UNTITLED, Titles

Index = Mapping[int, Record]
CONTRIBUTIONS = 4
"""Contributing causes of a step that are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """One record of a trace: a headline, lines of detail, and what contributed besides the trigger.

    The first decision is explained in full; those before it only by whether the score or chance decided.
    """

    record: Record
    headline: str
    details: tuple[str, ...]
    contributions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """From the record that was asked for (first) back to the one that began it (last)."""

    steps: tuple[Step, ...]
    origin: str

    @property
    def closing(self) -> str:
        """The last sentence. A decision weighs what came before it, which is not the same as being caused by it."""
        weighed = any(step.record.kind == "decision" for step in self.steps[:-1])
        return f"It {'goes back to' if weighed else 'began with'} {self.origin}."


def trace(seq: int, index: Index, titles: Titles = UNTITLED) -> Trace:
    """The causal trace of a record; raises UsageFault if the journal has no such record."""
    if not index:
        raise UsageFault("the journal is empty: run with --journal full or --journal decisions to ask why")
    if seq not in index:
        raise UsageFault(f"the journal has no record {seq}; its records are numbered {min(index)} to {max(index)}")
    steps: list[Step] = []
    record: Record | None = index[seq]
    missing = ""
    while record is not None:
        explained = any(step.record.kind == "decision" for step in steps)
        steps.append(_step(record, index, titles, brief=explained))
        trigger = record.cause[0] if record.cause else None
        record = None if trigger is None else index.get(trigger)
        if trigger is not None and record is None:
            missing = f"record {trigger}, which this level of the journal leaves out"
    return Trace(tuple(steps), missing or origin(steps[-1].record, titles))


def _step(record: Record, index: Index, titles: Titles, *, brief: bool) -> Step:
    detail = verdict if brief and record.kind == "decision" else _DETAILS.get(record.kind, _no_details)
    others = [index[seq] for seq in record.cause[1:] if seq in index]
    listed = [
        f"#{other.seq} {wording.day(other)}: {headline(other, index, titles)}" for other in others[:CONTRIBUTIONS]
    ]
    if len(others) > CONTRIBUTIONS:
        listed.append(f"and {len(others) - CONTRIBUTIONS} more")
    return Step(record, headline(record, index, titles), tuple(detail(record)), tuple(listed))


def origin(record: Record, titles: Titles = UNTITLED) -> str:
    """What began a chain, by its first record."""
    describe = _ORIGINS.get(record.kind)
    return describe(record, titles) if describe else f"this record ({record.kind}), which names no earlier cause"


def _begun_by_decision(record: Record, titles: Titles) -> str:
    dossier = titles.dossier(record.data.get("dossier", ""))
    return f"{wording.meeting(record)} of {titles.government(record.who)} on {dossier}, not with any single action"


def _begun_by_action(record: Record, titles: Titles) -> str:
    source = str(record.data.get("from", ""))
    return {
        "hazard": "chance: a hazard of the scenario occurred",
        "history": "an event of history",
        "order": "an order of the facilitator",
        "forced": "an order of the white cell, which overrides the requirements",
        "adjudicated": "a ruling of the white cell",
        "procedure": f"a standing procedure of {titles.government(record.who)}",
    }.get(source, f"this action, from {source or 'outside'}")


def _begun_by_inject(record: Record, titles: Titles) -> str:
    trigger = str(record.data.get("trigger", ""))
    title = titles.injects.get(record.about, record.about)
    return f"the inject '{title}'" + (f", released {_TRIGGERS.get(trigger, trigger)}" if trigger else "")


_TRIGGERS = {
    "at": "at its time",
    "after": "after the event that it waits for",
    "when": "when its condition became true",
    "random": "at a random time",
    "rate": "by chance, at its rate",
    "manual": "by hand",
}


_ORIGINS: dict[str, Callable[[Record, Titles], str]] = {
    "decision": _begun_by_decision,
    "action": _begun_by_action,
    "inject.released": _begun_by_inject,
    "inject.skipped": _begun_by_inject,
    "hazard": lambda r, _: f"chance: the hazard '{r.data.get('title') or r.about}' occurred",
    "history": lambda r, _: f"an event of history ({r.data.get('title') or r.about})",
    "run.start": lambda *_: "the start of the run",
    "command": lambda r, _: (
        "the random draws of a fork" if r.about == "epoch" else f"a command of {r.who or 'the facilitator'}: {r.about}"
    ),
    "ruling": lambda r, titles: f"a ruling of the white cell for {titles.government(r.about)}",
    "request": lambda r, titles: f"a request of {titles.government(r.who)} to the white cell",
    "outcome": lambda r, _: (
        "a ruling of the white cell"
        if r.data.get("by_hand")
        else "the history before STARTEX"
        if r.data.get("inherited")
        else "a condition of the world that became true"
    ),
    "outcome.revoked": lambda *_: "a ruling of the white cell",
}


def _no_details(_: Record) -> list[str]:
    return []


def _action_details(record: Record) -> list[str]:
    data = record.data
    goldstein, severity = wording.number(data, "goldstein"), wording.number(data, "severity")
    lines = [f"Goldstein {goldstein:+.1f}, severity {severity:g}, rung {data.get('rung', 0)}"]
    lines += _changes(data.get("effects"))
    if data.get("why"):
        lines.append(str(data["why"]))
    return lines


def _signal_details(record: Record) -> list[str]:
    data = record.data
    perceived, surprise = wording.number(data, "perceived"), wording.number(data, "surprise")
    line = f"perceived as {perceived:+.2f}, surprise {surprise:+.2f}"
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
