"""How a decision came out: what was wanted, and what chance did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wargame.journal import sentences as phrases
from wargame.journal.records import Record

SHOWN = 6
"""Candidates that a trace lists."""


def decision_lines(record: Record) -> list[str]:
    """Whether to act, among what, with which terms, and whether a coin fell."""
    lines = [_meeting(record), *_acting(record.data)]
    candidates = _candidates(record)
    if not candidates:
        return lines
    picked, best = _compared(record, candidates)
    lines += _table(candidates, picked)
    lines += [f"terms of {phrases.choice(c)}: {_terms(c)}" for c in _told(picked, best) if c.get("terms")]
    lines += [_answers(picked)] if picked is not None and isinstance(picked.get("responses"), list) else []
    if picked is not None:
        lines.append(_coin(picked, best, len(candidates)))
    return lines


def verdict(record: Record) -> list[str]:
    """Of all that `decision_lines` tells, only whether a coin fell."""
    lines = decision_lines(record)
    return lines[-1:] if record.data.get("candidates") else []


def in_brief(record: Record, name: Callable[[Mapping[str, Any]], str]) -> str:
    """`best by score, 96%`, or what was scored where chance decided; `name` says how a candidate is called."""
    candidates = _candidates(record)
    picked, best = _compared(record, candidates) if candidates else (None, {})
    if picked is None:
        return ""
    chance = phrases.percent(picked.get("chance"))
    if len(candidates) == 1:
        return f"the only candidate, {chance}"
    low, high = phrases.number(picked, "score"), phrases.number(best, "score")
    if low == high:
        return f"best by score, {chance}"
    return (
        f"chance decided: it scored {phrases.signed(low)} against {phrases.signed(high)} for '{name(best)}'; "
        f"its chance was {chance}, that of the best {phrases.percent(best.get('chance'))}"
    )


def _candidates(record: Record) -> list[dict[str, Any]]:
    listed = record.data.get("candidates")
    return [c for c in listed if isinstance(c, dict)] if isinstance(listed, list) else []


def _compared(record: Record, candidates: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The chosen candidate, if it is listed, and the best by score."""
    chosen = (record.data.get("choice", record.about), record.data.get("target"))
    best = max(candidates, key=lambda c: phrases.number(c, "score"))
    return next((c for c in candidates if _key(c) == chosen), None), best


def _key(candidate: Mapping[str, Any]) -> tuple[Any, Any]:
    return candidate.get("option"), candidate.get("target")


def _meeting(record: Record) -> str:
    took = record.data.get("took")
    work = f", {took / 3600:.1f} hours of work" if isinstance(took, int | float) else ""
    return f"at {phrases.meeting(record)}{work}"


def _acting(data: Mapping[str, Any]) -> list[str]:
    """Acting or waiting: the chance at this meeting, and the hazard against its draw."""
    lines = []
    if isinstance(data.get("p"), int | float):
        best = data.get("best")
        score = best.get("score") if isinstance(best, Mapping) else best
        against = ", ".join(
            f"{name} {value:+.3f}"
            for name, value in (
                ("best option", score),
                ("waiting", data.get("wait")),
                ("threshold", data.get("threshold")),
            )
            if isinstance(value, int | float)
        )
        lines.append(f"wish to act: {phrases.percent(data['p'])}" + (f" ({against})" if against else ""))
    hazard, draw = (phrases.number(data, key, -1.0) for key in ("hazard", "draw"))
    if hazard >= 0 and draw >= 0:
        verb = "reached" if hazard >= draw else "stays below"
        lines.append(f"when: the wish added up to {hazard:.3f}, which {verb} its draw {draw:.3f}")
    return lines


def _table(candidates: list[dict[str, Any]], picked: dict[str, Any] | None) -> list[str]:
    ranked = sorted(candidates, key=lambda c: -phrases.number(c, "score"))
    shown = ranked[:SHOWN]
    if picked is not None and picked not in shown:
        shown[-1] = picked
    width = max(len(phrases.choice(c)) for c in shown)
    return [_row(c, width, "*" if c is picked else " ") for c in shown]


def _row(candidate: Mapping[str, Any], width: int, mark: str) -> str:
    row = f"{mark} {phrases.choice(candidate):<{width}}  score {phrases.number(candidate, 'score'):+.3f}"
    if isinstance(candidate.get("noise"), int | float):
        row += f"  noise {candidate['noise']:+.2f}"
    if isinstance(candidate.get("chance"), int | float):
        row += f"  chance {phrases.percent(candidate['chance'])}"
    return row


def _told(picked: dict[str, Any] | None, best: dict[str, Any]) -> list[dict[str, Any]]:
    return [best] if picked is None or picked is best else [picked, best]


def _terms(candidate: Mapping[str, Any]) -> str:
    terms = {name: value for name, value in candidate["terms"].items() if abs(value) >= 5e-4}
    ordered = sorted(terms.items(), key=lambda term: -abs(term[1]))
    return ", ".join(f"{name} {value:+.3f}" for name, value in ordered) or "none"


def _answers(candidate: Mapping[str, Any]) -> str:
    """What the government expected the one concerned to do about it."""
    names = ("compliance", "no answer", "retaliation")
    told = [f"{name} {phrases.percent(p)}" for name, p in zip(names, candidate["responses"], strict=False)]
    return f"expected in answer: {', '.join(told)}"


def _coin(picked: Mapping[str, Any], best: Mapping[str, Any], number: int) -> str:
    name, chance = phrases.choice(picked), phrases.percent(picked.get("chance"))
    if number == 1:
        return f"{name} was the only candidate"
    if picked is best or picked.get("score") == best.get("score"):
        return f"{name} was also the best by score; its chance was {chance}"
    low, high = phrases.number(picked, "score"), phrases.number(best, "score")
    told = f"a coin fell: {name} scored {low:+.3f} against {high:+.3f} for {phrases.choice(best)}"
    if isinstance(picked.get("noise"), float) and isinstance(best.get("noise"), float):
        told += f", and noise {picked['noise']:+.2f} against {best['noise']:+.2f} put it first"
    return f"{told}; its chance was {chance}, that of the best {phrases.percent(best.get('chance'))}"
