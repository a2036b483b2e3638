"""Why a decision came out as it did: what the candidates scored, and what chance contributed."""

from __future__ import annotations

from collections.abc import Callable

from wargame.journal import wording
from wargame.journal.records.governments import DecisionRecord, WeighedCandidate

SHOWN = 6
"""Candidates that a trace lists."""


def decision_lines(record: DecisionRecord) -> list[str]:
    """Return the meeting, whether and when to act, the candidates with the terms of their scores, and what decided."""
    work = f" after {record.took / 3600:.1f} hours of work" if record.took else ""
    lines = [f"at {wording.meeting(record)}{work}", *_acting(record)]
    if not record.candidates:
        return lines
    picked, best = compared(record)
    lines += _table(record, picked)
    both = [best] if picked is None or picked is best else [picked, best]
    lines += [f"terms of {each.named}: {_terms(each)}" for each in both if each.terms]
    if picked is not None:
        lines += [_responses(picked)] if picked.responses else []
        lines.append(_verdict(picked, best, len(record.candidates)))
    return lines


def verdict(record: DecisionRecord) -> list[str]:
    """Return the last of `decision_lines`: whether the score or chance decided."""
    return decision_lines(record)[-1:] if record.candidates else []


def in_brief(record: DecisionRecord, name: Callable[[WeighedCandidate], str]) -> str:
    """`best by score, 96% among its options`, or the scores where chance decided; `name` titles a candidate."""
    picked, best = compared(record) if record.candidates else (None, None)
    if picked is None or best is None:
        return ""
    chance = wording.percent(picked.chance)
    if len(record.candidates) == 1:
        return "the only candidate"
    if picked.score == best.score:
        return f"best by score, {chance} among its options"
    return (
        f"chance decided: it scored {wording.signed(picked.score)} against {wording.signed(best.score)} for "
        f"'{name(best)}'; its chance was {chance}, that of the best {wording.percent(best.chance)}"
    )


def compared(record: DecisionRecord) -> tuple[WeighedCandidate | None, WeighedCandidate]:
    """Return the chosen candidate, if it is listed, and the best by score."""
    best = max(record.candidates, key=lambda each: each.score)
    return next((each for each in record.candidates if each.is_chosen(record)), None), best


def _acting(record: DecisionRecord) -> list[str]:
    """Return the probability of acting at this meeting, and the accumulated hazard against its draw."""
    best = {"best option": record.best.score} if record.best else {}
    terms = best | {"waiting": record.wait, "threshold": record.threshold}
    listed = ", ".join(f"{name} {value:+.3f}" for name, value in terms.items())
    verb = "reached" if record.hazard >= record.draw else "is below"
    return [
        f"probability of acting: {wording.percent(record.p)} ({listed})",
        f"timing: the accumulated hazard {record.hazard:.3f} {verb} its draw {record.draw:.3f}",
    ]


def _table(record: DecisionRecord, picked: WeighedCandidate | None) -> list[str]:
    shown = sorted(record.candidates, key=lambda each: -each.score)[:SHOWN]
    if picked is not None and picked not in shown:
        shown[-1] = picked
    width = max(len(each.named) for each in shown)
    return [
        f"{'*' if each is picked else ' '} {each.named:<{width}}  score {each.score:+.3f}  noise {each.noise:+.2f}  "
        f"chance {wording.percent(each.chance)}"
        for each in shown
    ]


def _terms(candidate: WeighedCandidate) -> str:
    terms = {name: value for name, value in candidate.terms.items() if abs(value) >= 5e-4}
    ordered = sorted(terms.items(), key=lambda term: -abs(term[1]))
    return ", ".join(f"{name} {value:+.3f}" for name, value in ordered) or "none"


def _responses(candidate: WeighedCandidate) -> str:
    """Return what the government expected its target to do about it."""
    names = ("compliance", "no response", "retaliation")
    listed = [f"{name} {wording.percent(p)}" for name, p in zip(names, candidate.responses, strict=False)]
    return f"expected response: {', '.join(listed)}"


def _verdict(picked: WeighedCandidate, best: WeighedCandidate, number: int) -> str:
    name, chance = picked.named, wording.percent(picked.chance)
    if number == 1:
        return f"{name} was the only candidate"
    if picked.score == best.score:
        return f"{name} also had the best score; its chance was {chance}"
    return (
        f"chance decided: {name} scored {picked.score:+.3f} against {best.score:+.3f} for {best.named}, and noise "
        f"{picked.noise:+.2f} against {best.noise:+.2f} put it first; its chance was {chance}, that of the best "
        f"{wording.percent(best.chance)}"
    )
