"""The results of a backtest as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from wargame.evidence.backtest.events import OUTSIDE
from wargame.evidence.backtest.scoring import ALL, NAIVE
from wargame.evidence.tables import terminal_table

if TYPE_CHECKING:
    from wargame.evidence.backtest.scoring import Backtest

NAMES = {
    "brier": "Brier",
    "log": "log, nats",
    "crps_count": "CRPS of counts, events",
    "crps_time": "CRPS of first passage, days",
}
UNDEFINED = "not defined"


def sections(result: Backtest) -> Iterator[tuple[str, Table]]:
    """Tables with their titles: skill by kind in the middle window, all windows, reliability, unscored events."""
    middle = sorted(result.windows)[len(result.windows) // 2]
    kinds = [row for row in summary(result) if row["score"] == "brier" and row["window"] == middle]
    yield f"Skill by Brier score, {middle} days from each origin (*: its interval excludes 0)", _skills(kinds)
    yield "All kinds, each score and window", _scores([row for row in summary(result) if row["kind"] == ALL])
    if len(result.origins) > 1:
        rows = [row | row["named"] for row in summary(result) if row["kind"] == ALL]
        yield "All kinds, with only the events that the chronology would name", _scores(rows)
    yield "Reliability, all windows", _reliability([row for row in result.reliability if row["window"] is None])
    if rows := list(_unscored(result)):
        yield "Events of the chronology that are not scored", terminal_table(("", "reason", "events"), rows)


def summary(result: Backtest) -> list[dict[str, Any]]:
    """The first row of each kind, window and score, which is that of the whole kind."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in result.scores:
        seen.setdefault((row["kind"], row["window"], row["score"]), row)
    return list(seen.values())


def number(value: float | None) -> str:
    """Format a score with three digits."""
    return "" if value is None else f"{value:.3g}"


def skill_text(against: Mapping[str, Any] | None) -> str:
    """Format a skill with its interval."""
    if against is None:
        return "past unknown"
    if against["skill"] is None:
        return UNDEFINED
    interval = "" if against["low"] is None else f" ({against['low']:+.2f} to {against['high']:+.2f})"
    return f"{against['skill']:+.2f}{interval}"


def title(result: Backtest, kind: str) -> str:
    """The title of a kind."""
    return "All kinds" if kind == ALL else result.titles.get(kind, kind)


def _unscored(result: Backtest) -> Iterator[tuple[str, str, str]]:
    """For each reason, the most frequent first: how many events, the reason, and which they are.

    Those outside the windows are only counted, since they are all events of other months.
    """
    named: dict[str, list[str]] = {}
    for row in result.events:
        if row["not_scored"]:
            named.setdefault(_why(row["not_scored"]), []).append(row["id"])
    for why, ids in sorted(named.items(), key=lambda item: -len(item[1])):
        yield str(len(ids)), why, "" if why == OUTSIDE else ", ".join(ids)


def _skills(rows: list[dict[str, Any]]) -> Table:
    body = (
        (
            row["kind"],
            f"{row['occurred']} of {row['forecasts']}",
            f"{row['mean_p']:.2f}",
            number(row["value"]),
            *_marks(row),
        )
        for row in rows
    )
    return terminal_table(("", "observed", "forecast", "Brier", *NAIVE), body)


def _scores(rows: list[dict[str, Any]]) -> Table:
    ordered = sorted(rows, key=lambda row: list(NAMES).index(row["score"]))
    body = ((NAMES[row["score"]], str(row["window"]), number(row["value"]), *_marks(row)) for row in ordered)
    return terminal_table(("score", "days", "value", *NAIVE), body)


def _marks(row: Mapping[str, Any]) -> list[str]:
    return [_mark(row["naive"][name]) for name in NAIVE]


def _mark(against: Mapping[str, Any] | None) -> str:
    """Format a skill without its interval; a star if the interval excludes 0."""
    if against is None or against["skill"] is None:
        return skill_text(against)
    clear = against["low"] is not None and (against["low"] > 0 or against["high"] < 0)
    return f"{against['skill']:+.2f}{' *' if clear else ''}"


def _reliability(rows: list[dict[str, Any]]) -> Table:
    body = (
        (
            *(f"{row['from']:.1f} to {row['to']:.1f}", str(row["n"]), f"{row['forecast']:.2f}"),
            *(f"{row['observed']:.2f}", f"{row['low']:.2f} to {row['high']:.2f}"),
        )
        for row in rows
    )
    return terminal_table(("forecast", "windows", "mean forecast", "observed", "95 % interval"), body)


def _why(reason: str) -> str:
    """A reason without the id of the scripted row, so that reasons can be counted."""
    match reason.split():
        case ["scripted:", *_]:
            return "scripted by the exercise"
        case ["no", "kind", "includes", kind, code] if code.isdigit():
            return f"no kind includes {kind} with the CAMEO code {code}"
    return reason
