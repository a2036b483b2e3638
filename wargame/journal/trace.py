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
from wargame.journal.causes import OWN_INITIATIVE, contributing, on_own_initiative, orderer, trigger
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


WEIGHED = frozenset({"decision", "decision.due"})
"""Kinds of steps that were taken in view of what came before them, and not because of it."""
LONG = 8
"""Steps of a trace up to which all of them have their details."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A line of a trace in words. A `record` has its number and time before the text."""

    text: str
    record: Record | None = None
    indent: int = 0
    emphasis: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """From the record that was asked for (first) back to the one that began it (last)."""

    steps: tuple[Step, ...]
    origin: str
    summary: str = ""
    """The nearest decision, order or ruling behind the record, and how much of it was chance."""

    def lines(self, *, full: bool = False) -> list[TraceLine]:
        """The trace in lines; unless `full`, a long one has only the headlines of its later steps, without signals."""
        short = len(self.steps) > LONG and not full
        lines = [TraceLine(self.summary, emphasis=True)]
        before = self.steps[0]
        for place, step in enumerate(self.steps):
            if short and place and step.record.kind == "signal":
                continue
            if place:
                weighed = before.record.kind in WEIGHED
                lines.append(TraceLine("in view of" if weighed else "because of", soft=True))
            lines.append(TraceLine(step.headline, step.record))
            if not short or not place:
                lines += [TraceLine(each, indent=4) for each in step.details]
                lines += [TraceLine(f"with {each}", indent=4, soft=True) for each in step.contributions]
            before = step
        if short:
            lines.append(TraceLine(f"This is the short form of {len(self.steps)} steps; --full shows all.", soft=True))
        return [*lines, TraceLine(self.closing, emphasis=True)]

    @property
    def closing(self) -> str:
        """The last sentence. A decision weighs what came before it, which is not the same as being caused by it."""
        weighed = any(step.record.kind in WEIGHED for step in self.steps[:-1])
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
        earlier = trigger(record, index, steps[-1].record if steps else None)
        steps.append(_step(record, index, titles, earlier, brief=explained))
        if earlier is None and record.cause and record.cause[0] not in index:
            missing = f"record {record.cause[0]}, which this level of the journal leaves out"
        record = earlier
    return Trace(tuple(steps), missing or origin(steps[-1].record, titles), _summary(steps, titles))


def _step(record: Record, index: Index, titles: Titles, earlier: Record | None, *, brief: bool) -> Step:
    detail = verdict if brief and record.kind == "decision" else _DETAILS.get(record.kind, _no_details)
    others = [each for each in contributing(record, index) if each is not earlier]
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


def _summary(steps: list[Step], titles: Titles) -> str:
    """The nearest step that somebody decided, in a sentence."""
    for step in steps:
        describe = _DECIDED.get(step.record.kind)
        said = describe(step.record, titles) if describe else ""
        if said:
            return wording.sentence(said)
    return "No decision, order or ruling is behind it."


def _model_decided(record: Record, titles: Titles) -> str:
    data = record.data
    if str(data.get("choice", record.about)) == "wait":
        return ""
    chosen = f"decided by {titles.government(record.who)} at {wording.meeting(record)} on {wording.date(record.at)}"
    chances = []
    if isinstance(data.get("p"), int | float):
        chances.append(f"it acted at this meeting with probability {wording.percent(data['p'])}")
    if isinstance(data.get("chance"), int | float) and data["chance"] < 1:
        chances.append(f"chose this among its options with probability {wording.percent(data['chance'])}")
    chance = f" Chance: {' and '.join(chances)}." if chances else ""
    return f"{chosen}: {titles.choice(data, 'choice')}.{chance}"


def _command_given(record: Record, titles: Titles) -> str:
    """Who gave an order, entered an action or set something by hand, with the reason; nothing for other commands."""
    data = record.data
    why = f" Reason given: '{data['why']}'." if data.get("why") else ""
    when = wording.date(record.at)
    if record.about in ("order", "standing_order"):
        who = titles.government(data.get("government"))
        whose = (
            f"{who}{f' {OWN_INITIATIVE}' if on_own_initiative(record) else ''}"
            if record.who
            else f"{orderer(record)} for {who}"
        )
        return f"ordered by {whose} on {when}: {titles.choice(data)}.{why}"
    if record.about in ("action", "set", "release", "inject", "outcome", "seat", "edit"):
        return f"{_BY_HAND.get(record.about, 'done')} by the white cell on {when}.{why}"
    return ""


_BY_HAND = {"action": "entered", "set": "set", "release": "released", "inject": "added", "outcome": "ruled"}
_SENT = ("message", "offer", "answer", "vote", "ballot", "rfi", "request")


def _sent(record: Record, titles: Titles) -> str:
    by = "the white cell for " if record.data.get("by") else ""
    return f"by {by}{titles.government(record.who)} on {wording.date(record.at)}."


_DECIDED: dict[str, Callable[[Record, Titles], str]] = {
    **dict.fromkeys(_SENT, _sent),
    "decision": _model_decided,
    "command": _command_given,
    "ruling": lambda r, t: (
        f"by a ruling of the white cell for {t.government(r.about)} on {wording.date(r.at)}."
        + (f" Reason given: '{r.data['why']}'." if r.data.get("why") else "")
    ),
    "procedure.answer": lambda r, t: (
        f"a standing procedure of {t.government(r.data.get('government'))}, answered "
        f"{'' if r.who else 'by the white cell '}on {wording.date(r.at)}."
    ),
    "order.carried_over": lambda r, t: (
        f"ordered by {t.government(r.who)} before STARTEX: {t.choice(r.data)}. The journal begins later."
    ),
}
"""What somebody decided, in a sentence that has no capital yet."""


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
    "command": lambda r, titles: (
        "the random draws of a fork" if r.about == "epoch" else f"a command: {headline(r, titles=titles)}"
    ),
    "decision.due": lambda r, titles: f"a decision of {titles.government(r.who)} that was due, not any single action",
    "order.carried_over": lambda r, titles: f"an order that {titles.government(r.who)} gave before STARTEX",
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


def _command_details(record: Record) -> list[str]:
    return [f"reason given: '{record.data['why']}'"] if record.data.get("why") else []


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
    "command": _command_details,
    "decision": decision_lines,
    "inject.released": _inject_details,
    "history": _inject_details,
    "hazard": _inject_details,
}
