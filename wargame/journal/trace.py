"""The causes of a record: back along them to the first.

Where a decision was drawn at random, the trace gives the scores, the probability of what was chosen and the noise that
decided.
"""

from collections.abc import Callable, Mapping
from math import inf

from wargame.dataclasses import dataclass
from wargame.errors import UsageFault
from wargame.journal import wording
from wargame.journal.command_words import orderer
from wargame.journal.records import Record, script
from wargame.journal.records.correspondence import Written
from wargame.journal.records.governments import ActionRecord, DecisionRecord, SignalRecord, WeighedCandidate
from wargame.journal.records.record import RecordedEffects
from wargame.journal.records.run import CommandRecord
from wargame.journal.sentences import contributing, headline, trigger
from wargame.journal.template_cache import Macros, text_lines
from wargame.journal.wording import UNTITLED, Titles

Index = Mapping[int, Record]
CONTRIBUTIONS = 4
"""Contributing causes of a step that are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class TraceStep:
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
    """A line of a trace. A `record` has its number and time before the text."""

    text: str
    record: Record | None = None
    indent: int = 0
    emphasis: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """From the record that was asked for (first) back to the one that began it (last)."""

    steps: tuple[TraceStep, ...]
    origin: str
    summary: str = ""
    """The nearest decision, order or ruling behind the record, and how much of it was chance."""

    def lines(self, *, full: bool = False) -> list[TraceLine]:
        """Return the trace in lines; unless `full`, only headlines of later steps, without signals."""
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
    """Return the causal trace of a record; raises UsageFault if the journal has no such record."""
    if not index:
        raise UsageFault("the journal is empty: run with --journal full or --journal decisions to ask why")
    if seq not in index:
        raise UsageFault(f"the journal has no record {seq}; its records are numbered {min(index)} to {max(index)}")
    steps: list[TraceStep] = []
    record: Record | None = index[seq]
    missing = ""
    while record is not None:
        explained = any(step.record.kind == "decision" for step in steps)
        earlier = trigger(record, index, steps[-1].record if steps else None)
        details = verdict(record) if explained and isinstance(record, DecisionRecord) else _details(record, titles)
        others = [each for each in contributing(record, index) if each is not earlier]
        listed = [f"#{o.seq} {o.at[:10]}: {headline(o, index, titles)}" for o in others[:CONTRIBUTIONS]]
        if len(others) > CONTRIBUTIONS:
            listed.append(f"and {len(others) - CONTRIBUTIONS} more")
        steps.append(TraceStep(record, headline(record, index, titles), tuple(details), tuple(listed)))
        if earlier is None and record.cause and record.cause[0] not in index:
            missing = f"record {record.cause[0]}, which this level of the journal leaves out"
        record = earlier
    said = (_SAID.decided(step.record, titles, isinstance(step.record, Written)) for step in steps)
    nearest = next(filter(None, said), "No decision, order or ruling is behind it.")
    return Trace(tuple(steps), missing or origin(steps[-1].record, titles), wording.sentence(nearest))


_SAID = Macros(
    "wargame.journal",
    "trace.txt.j2",
    **{name: getattr(wording, name) for name in ("beyond", "date", "percent", "phrase")},
    headline=headline,
    orderer=orderer,
)


def origin(record: Record, titles: Titles = UNTITLED) -> str:
    """Return what began a chain, by its first record."""
    return str(_SAID.origin(record, titles))


def _details(record: Record, titles: Titles) -> list[str]:
    match record:
        case DecisionRecord():
            return decision_lines(record)
        case ActionRecord():
            line = f"Goldstein {record.goldstein:+.1f}, severity {record.severity:g}, rung {record.rung}"
            return [line, *_changes(record.effects, titles), *([record.why] if record.why else [])]
        case SignalRecord():
            line = f"perceived as {record.perceived:+.2f}, surprise {record.surprise:+.2f}"
            trust = " to ".join(f"{value:.3g}" for value in record.trust)
            return [f"{line}; trust {trust}" if trust else line]
        case CommandRecord():
            return [f"reason given: '{record.data['why']}'"] if record.data.get("why") else []
        case script.InjectReleasedRecord():
            return ([f"message: {record.message.strip()}"] if record.message else []) + _changes(record.effects, titles)
        case script.HistoryRecord() | script.HazardRecord():
            return _changes(record.effects, titles)
    return []


NEAR = 0.1
"""Share of the range of an indicator from whose end on an effect is small, and says so."""


def _changes(effects: RecordedEffects, titles: Titles) -> list[str]:
    """Return what was changed; effects are shares of what is left to the end of a range, and small near it."""
    shown = list[str]()
    for path, (before, after) in effects.items():
        low, high = titles.ranges.get(path.rpartition(" in ")[2].partition("[")[0], (-inf, inf))
        end = high if after > before else low
        near = before != after and abs(end - before) < NEAR * (high - low) < inf
        limit = f" (smaller, near the end of its range at {end:g})" if near else ""
        shown.append(f"{path} {before:.3g} to {after:.3g}{limit}")
    return [f"effects: {', '.join(shown)}"] if shown else []


SHOWN = 6
"""Candidates that a trace lists."""


def decision_lines(record: DecisionRecord) -> list[str]:
    """Return the meeting, whether and when to act, the candidates with the terms of their scores, and what decided."""
    picked, best = compared(record) if record.candidates else (None, None)
    shown = sorted(record.candidates, key=lambda each: -each.score)[:SHOWN]
    if picked is not None and picked not in shown:
        shown[-1] = picked
    explained = list(filter(None, [best] if picked is None or picked is best else [picked, best]))
    width = max((len(each.named) for each in shown), default=0)
    weighed = {"picked": picked, "best": best, "shown": shown, "width": width, "explained": explained}
    said = {"terms": _terms, "percent": wording.percent}
    return text_lines("wargame.journal", "decision.txt.j2", record=record, **weighed, **said)


def verdict(record: DecisionRecord) -> list[str]:
    """Return the last of `decision_lines`: whether the score or chance decided."""
    return decision_lines(record)[-1:] if record.candidates else []


def in_brief(record: DecisionRecord, name: Callable[[WeighedCandidate], str]) -> str:
    """Return `best by score, chosen with probability 96 %`, or the scores where chance decided; `name` titles it."""
    picked, best = compared(record) if record.candidates else (None, None)
    if picked is None or best is None:
        return ""
    chance = wording.percent(picked.chance)
    if len(record.candidates) == 1:
        return "the only candidate"
    if picked.score == best.score:
        return f"best by score, chosen with probability {chance}"
    return (
        f"chance decided: it scored {wording.signed(picked.score)} against {wording.signed(best.score)} for "
        f"'{name(best)}'; its chance was {chance}, that of the best {wording.percent(best.chance)}"
    )


def compared(record: DecisionRecord) -> tuple[WeighedCandidate | None, WeighedCandidate]:
    """Return the chosen candidate, if it is listed, and the best by score."""
    best = max(record.candidates, key=lambda each: each.score)
    return next((each for each in record.candidates if each.is_chosen(record)), None), best


def _terms(candidate: WeighedCandidate) -> list[tuple[str, float]]:
    """Return the terms of a score that count, the largest first."""
    terms = [(name, value) for name, value in candidate.terms.items() if abs(value) >= 5e-4]
    return sorted(terms, key=lambda term: -abs(term[1]))
