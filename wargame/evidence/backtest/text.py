"""A backtest on a terminal and as the rows of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from wargame.evidence.backtest.scoring import ALL, NAIVE

if TYPE_CHECKING:
    from wargame.evidence.backtest.scoring import Backtest

NAMES = {
    "brier": "Brier",
    "log": "log, nats",
    "crps_count": "CRPS of counts, events",
    "crps_time": "CRPS of first passage, days",
}
UNDEFINED = "not defined"


def sections(found: Backtest) -> Iterator[tuple[str, Table]]:
    """Titles with their tables: skill by kind in the middle window, then all windows, reliability, what is left out."""
    middle = sorted(found.windows)[len(found.windows) // 2]
    kinds = [row for row in summary(found) if row["score"] == "brier" and row["window"] == middle]
    yield f"Skill by Brier score, {middle} days from each origin; * its interval leaves out 0", _skills(kinds)
    yield "All kinds, each score and window", _scores([row for row in summary(found) if row["kind"] == ALL])
    yield "Reliability, all windows", _reliability([row for row in found.reliability if row["window"] is None])
    left = Counter(_why(row["not_scored"]) for row in found.events if row["not_scored"])
    if left:
        yield "Events of the chronology that are not scored", _left(left)


def summary(found: Backtest) -> list[dict[str, Any]]:
    """The scores of whole kinds, without those of single actors where there are several."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found.scores:
        seen.setdefault((row["kind"], row["window"], row["score"]), row)
    return list(seen.values())


def number(value: float | None) -> str:
    """A score with three digits."""
    return "" if value is None else f"{value:.3g}"


def skill_text(against: Mapping[str, Any] | None) -> str:
    """Skill with its interval."""
    if against is None:
        return "no past"
    if against["skill"] is None:
        return UNDEFINED
    interval = "" if against["low"] is None else f" ({against['low']:+.2f} to {against['high']:+.2f})"
    return f"{against['skill']:+.2f}{interval}"


def title(found: Backtest, kind: str) -> str:
    """What a kind is called."""
    return "All kinds" if kind == ALL else found.titles.get(kind, kind)


def _skills(rows: list[dict[str, Any]]) -> Table:
    table = _grid("", "came", "said", "Brier", *NAIVE)
    for row in rows:
        came = f"{row['occurred']} of {row['forecasts']}"
        skills = (_mark(row["naive"][name]) for name in NAIVE)
        table.add_row(row["kind"], came, f"{row['mean_p']:.2f}", number(row["value"]), *skills)
    return table


def _scores(rows: list[dict[str, Any]]) -> Table:
    table = _grid("score", "days", "value", *NAIVE)
    for row in sorted(rows, key=lambda row: list(NAMES).index(row["score"])):
        skills = (_mark(row["naive"][name]) for name in NAIVE)
        table.add_row(NAMES[row["score"]], str(row["window"]), number(row["value"]), *skills)
    return table


def _mark(against: Mapping[str, Any] | None) -> str:
    """Skill without its interval."""
    if against is None or against["skill"] is None:
        return skill_text(against)
    clear = against["low"] is not None and (against["low"] > 0 or against["high"] < 0)
    return f"{against['skill']:+.2f}{' *' if clear else ''}"


def _reliability(rows: list[dict[str, Any]]) -> Table:
    table = _grid("said", "windows", "mean", "came", "95 % interval")
    for row in rows:
        interval = f"{row['low']:.2f} to {row['high']:.2f}"
        said = f"{row['from']:.1f} to {row['to']:.1f}"
        table.add_row(said, str(row["n"]), f"{row['forecast']:.2f}", f"{row['observed']:.2f}", interval)
    return table


def _why(reason: str) -> str:
    """A reason without the row of the script, which differs from event to event; its code is named."""
    match reason.split():
        case ["scripted:", *_]:
            return "scripted by the exercise itself"
        case ["no", "kind", "takes", kind, code]:
            return f"no kind takes {kind} with the CAMEO code {code}"
    return reason


def _left(reasons: Counter[str]) -> Table:
    table = _grid("events", "why")
    for reason, count in reasons.most_common():
        table.add_row(str(count), reason)
    return table


def _grid(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for each in titles:
        table.add_column(each, justify="left")
    return table
