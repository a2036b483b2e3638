"""Why a decision came out as it did: what the candidates scored, and what chance contributed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wargame.journal import wording
from wargame.journal.records import Record

SHOWN = 6
"""Candidates that a trace lists."""


def decision_lines(record: Record) -> list[str]:
    """The meeting, whether and when to act, the candidates with the terms of their scores, and what decided."""
    lines = [_meeting(record), *_acting(record.data)]
    candidates = _candidates(record)
    if not candidates:
        return lines
    picked, best = _compared(record, candidates)
    lines += _table(candidates, picked)
    compared = [best] if picked is None or picked is best else [picked, best]
    lines += [f"terms of {wording.choice(c)}: {_terms(c)}" for c in compared if c.get("terms")]
    lines += [_responses(picked)] if picked is not None and isinstance(picked.get("responses"), list) else []
    if picked is not None:
        lines.append(_verdict(picked, best, len(candidates)))
    return lines


def verdict(record: Record) -> list[str]:
    """The last of `decision_lines`: whether the score or chance decided."""
    lines = decision_lines(record)
    return lines[-1:] if record.data.get("candidates") else []


def in_brief(record: Record, name: Callable[[Mapping[str, Any]], str]) -> str:
    """`best by score, 96% among its options`, or the scores where chance decided; `name` titles a candidate."""
    candidates = _candidates(record)
    picked, best = _compared(record, candidates) if candidates else (None, {})
    if picked is None:
        return ""
    chance = wording.percent(picked.get("chance"))
    if len(candidates) == 1:
        return "the only candidate"
    low, high = wording.number(picked, "score"), wording.number(best, "score")
    if low == high:
        return f"best by score, {chance} among its options"
    return (
        f"chance decided: it scored {wording.signed(low)} against {wording.signed(high)} for '{name(best)}'; "
        f"its chance was {chance}, that of the best {wording.percent(best.get('chance'))}"
    )


def _candidates(record: Record) -> list[dict[str, Any]]:
    listed = record.data.get("candidates")
    return [c for c in listed if isinstance(c, dict)] if isinstance(listed, list) else []


def _compared(record: Record, candidates: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The chosen candidate, if it is listed, and the best by score."""
    chosen = (record.data.get("choice", record.about), record.data.get("target"))
    best = max(candidates, key=lambda c: wording.number(c, "score"))
    return next((c for c in candidates if _key(c) == chosen), None), best


def _key(candidate: Mapping[str, Any]) -> tuple[Any, Any]:
    return candidate.get("option"), candidate.get("target")


def _meeting(record: Record) -> str:
    took = record.data.get("took")
    work = f" after {took / 3600:.1f} hours of work" if isinstance(took, int | float) else ""
    return f"at {wording.meeting(record)}{work}"


def _acting(data: Mapping[str, Any]) -> list[str]:
    """The probability of acting at this meeting, and the accumulated hazard against its draw."""
    lines = []
    if isinstance(data.get("p"), int | float):
        best = data.get("best")
        score = best.get("score") if isinstance(best, Mapping) else best
        terms = (("best option", score), ("waiting", data.get("wait")), ("threshold", data.get("threshold")))
        listed = ", ".join(f"{name} {value:+.3f}" for name, value in terms if isinstance(value, int | float))
        lines.append(f"probability of acting: {wording.percent(data['p'])}" + (f" ({listed})" if listed else ""))
    hazard, draw = (wording.number(data, key, -1.0) for key in ("hazard", "draw"))
    if hazard >= 0 and draw >= 0:
        verb = "reached" if hazard >= draw else "is below"
        lines.append(f"timing: the accumulated hazard {hazard:.3f} {verb} its draw {draw:.3f}")
    return lines


def _table(candidates: list[dict[str, Any]], picked: dict[str, Any] | None) -> list[str]:
    ranked = sorted(candidates, key=lambda c: -wording.number(c, "score"))
    shown = ranked[:SHOWN]
    if picked is not None and picked not in shown:
        shown[-1] = picked
    width = max(len(wording.choice(c)) for c in shown)
    return [_row(c, width, "*" if c is picked else " ") for c in shown]


def _row(candidate: Mapping[str, Any], width: int, mark: str) -> str:
    row = f"{mark} {wording.choice(candidate):<{width}}  score {wording.number(candidate, 'score'):+.3f}"
    if isinstance(candidate.get("noise"), int | float):
        row += f"  noise {candidate['noise']:+.2f}"
    if isinstance(candidate.get("chance"), int | float):
        row += f"  chance {wording.percent(candidate['chance'])}"
    return row


def _terms(candidate: Mapping[str, Any]) -> str:
    terms = {name: value for name, value in candidate["terms"].items() if abs(value) >= 5e-4}
    ordered = sorted(terms.items(), key=lambda term: -abs(term[1]))
    return ", ".join(f"{name} {value:+.3f}" for name, value in ordered) or "none"


def _responses(candidate: Mapping[str, Any]) -> str:
    """What the government expected its target to do about it."""
    names = ("compliance", "no response", "retaliation")
    listed = [f"{name} {wording.percent(p)}" for name, p in zip(names, candidate["responses"], strict=False)]
    return f"expected response: {', '.join(listed)}"


def _verdict(picked: Mapping[str, Any], best: Mapping[str, Any], number: int) -> str:
    name, chance = wording.choice(picked), wording.percent(picked.get("chance"))
    if number == 1:
        return f"{name} was the only candidate"
    if picked is best or picked.get("score") == best.get("score"):
        return f"{name} also had the best score; its chance was {chance}"
    low, high = wording.number(picked, "score"), wording.number(best, "score")
    scores = f"chance decided: {name} scored {low:+.3f} against {high:+.3f} for {wording.choice(best)}"
    if isinstance(picked.get("noise"), float) and isinstance(best.get("noise"), float):
        scores += f", and noise {picked['noise']:+.2f} against {best['noise']:+.2f} put it first"
    return f"{scores}; its chance was {chance}, that of the best {wording.percent(best.get('chance'))}"
