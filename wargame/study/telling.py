"""A rehearsal on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table

from wargame.batch.showing import number

if TYPE_CHECKING:
    from wargame.study.rehearsal import Rehearsal

LONGEST = 60
SURE = 0.05


def sections(found: Rehearsal, most: int) -> Iterator[tuple[str, Table]]:
    """Titles with their tables, what to mend first; empty ones are left out."""
    good = found.runs - len(found.failures)
    runs = f"{found.runs} runs" if good == found.runs else f"in the {good} of {found.runs} runs that did not fail"
    never = [row for row in found.injects if row["never"]]
    gaps = [row for row in found.objectives if row["gap"]]
    loads = [row for row in found.overload if row["most"] >= row["many"]]
    fires = [row for row in found.injects if not row["never"]]
    made = (
        (f"Never fire ({runs})", _never(never), never),
        ("Objectives with a gap", _gaps(gaps), gaps),
        ("Several demands on a leadership within a day", _loads(loads), loads),
        ("Injects: chance to fire, and on which day after the hand-over", _fires(fires), fires),
        ("Expected actions", _expected(found.expected), found.expected),
        ("Outcomes with the whole script", _outcomes(found.outcomes), found.outcomes),
        (
            "Injects that matter: share of runs changed; outcomes with it less without it",
            _ranking(found.ranking[:most]),
            found.ranking,
        ),
    )
    yield from ((title, table) for title, table, rows in made if rows)


def notes(found: Rehearsal, most: int) -> list[str]:
    """What a reader of the tables must know."""
    effects = [effect for row in found.ranking for effect in row["effects"]]
    made = []
    if found.failures:
        first = found.failures[0]
        error = str(first["error"]).splitlines()[0][:200]
        made.append(
            f"{len(found.failures)} of {found.runs} runs failed and count in nothing above: what fires in them "
            f"alone is not seen. The first: replication {first['replication']}, {error}"
        )
    made += ["Chances and effects have 95 % intervals; p is corrected for all effects on outcomes (Holm)."]
    if effects and not any(effect["p_holm"] <= SURE for effect in effects):
        made.append("No effect of an inject on an outcome can be told from luck with so many runs.")
    if found.ranking and not effects:
        made.append("No inject changes which outcomes come in any run.")
    if len(found.ranking) > most:
        made.append(f"The first {most} of {len(found.ranking)} injects are ranked here; --json has all.")
    return made


def _never(rows: list[dict[str, Any]]) -> Table:
    conditions = any(row["condition"] for row in rows)
    table = _grid("inject", "why", *(["condition"] if conditions else []))
    for row in rows:
        why = "; ".join(each["reason"] for each in row["reasons"]) or "unknown"
        table.add_row(row["inject"], why, *([_short(row["condition"])] if conditions else []))
    return table


def _gaps(rows: list[dict[str, Any]]) -> Table:
    table = _grid("objective", "gap", "injects")
    for row in rows:
        table.add_row(row["objective"], row["gap"], ", ".join(row["injects"]))
    return table


def _loads(rows: list[dict[str, Any]]) -> Table:
    table = _grid("government", "chance", "most", "most often together")
    for row in rows:
        together = ", ".join(row["injects"][0]["injects"]) if row["injects"] else ""
        table.add_row(row["government"], _chance(row), str(row["most"]), _short(together))
    return table


def _fires(rows: list[dict[str, Any]]) -> Table:
    table = _grid("inject", "trigger", "chance", "day (10 %, half, 90 %)")
    for row in rows:
        days = row["days"] or {}
        when = ", ".join(f"{days[name]:.0f}" for name in ("p10", "median", "p90") if name in days)
        table.add_row(row["inject"], row["trigger"], _chance(row), when)
    return table


def _expected(rows: list[dict[str, Any]]) -> Table:
    table = _grid("inject", "who", "met", "late", "missed", "chance to meet it", "median days")
    for row in rows:
        counts = (str(row[name]) for name in ("met", "late", "missed"))
        table.add_row(row["inject"], row["who"], *counts, _chance(row), number(row["median_days"]))
    return table


def _outcomes(rows: list[dict[str, Any]]) -> Table:
    table = _grid("outcome", "chance")
    for row in rows:
        table.add_row(row["outcome"], _chance(row))
    return table


def _ranking(rows: list[dict[str, Any]]) -> Table:
    table = _grid("inject", "changes", "outcome", "effect", "95 % interval", "p (Holm)")
    for row in rows:
        share = row["changes"]["estimate"]
        first, name = True, row["inject"]
        for effect in row["effects"][:3] or [None]:
            head = (name, "-" if share is None else f"{share:.2f}") if first else ("", "")
            table.add_row(*head, *(_effect(effect) if effect else ("", "", "", "")))
            first = False
    return table


def _effect(effect: dict[str, Any]) -> tuple[str, ...]:
    interval = f"{number(effect['low'])} to {number(effect['high'])}"
    return effect["outcome"], number(effect["estimate"], signed=True), interval, f"{effect['p_holm']:.3f}"


def _chance(row: dict[str, Any]) -> str:
    if row["estimate"] is None:
        return "-"
    return f"{row['estimate']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _grid(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, justify="left")
    return table
