"""A rehearsal as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from wargame.batches.text import number
from wargame.evidence.failures import failure_notes
from wargame.evidence.tables import terminal_table

Data = Mapping[str, Any]
"""A rehearsal as in its JSON file, or a row of it."""
LONGEST = 60
SURE = 0.05
AFTER = "its time was after ENDEX"
"""The reason of injects that are scheduled after the end of the rehearsal."""
PLURAL = {
    "its condition was never true": "their conditions were never true",
    "its time is over": "their times are over",
    "it was not released by hand": "they were not released by hand",
    "what it follows did not happen in time": "what they follow did not happen in time",
    "its random event did not occur": "their random events did not occur",
}
"""Reasons in the plural, for several injects."""


def why_never(row: Data) -> str:
    """Why an inject never fired."""
    return "; ".join(each["reason"] for each in row["reasons"]) or "no reason is known"


def never(data: Data) -> list[dict[str, Any]]:
    """The injects that never fired, without those scheduled after the end."""
    return [row for row in data["injects"] if row["never"] and why_never(row) != AFTER]


def after_the_end(data: Data) -> list[str]:
    """How many injects are scheduled after the end of the rehearsal; empty if none."""
    count = sum(row["never"] and why_never(row) == AFTER for row in data["injects"])
    if not count:
        return []
    return [f"{count} inject{'s are' if count > 1 else ' is'} scheduled after the end of the rehearsal."]


def called(data: Data) -> list[dict[str, Any]]:
    """The expected actions whose inject was released in some run."""
    return [row for row in data["expected"] if row["called"]]


def moving(data: Data) -> list[dict[str, Any]]:
    """The injects without which some runs end with other outcomes."""
    return [row for row in data["ranking"] if row["changes"]["estimate"]]


def sections(data: Data, most: int) -> Iterator[tuple[str, Table]]:
    """Titles with their tables, what to fix first; tables without rows are left out."""
    failed = len(_whole(data))
    good = data["runs"] - failed
    runs = f"{data['runs']} runs" if not failed else f"in the {good} of {data['runs']} runs that did not fail"
    gaps = [row for row in data["objectives"] if row["gap"]]
    loads = [row for row in data["overload"] if row["most"] >= row["many"]]
    fires = [row for row in data["injects"] if not row["never"]]
    occurred = [row for row in data["outcomes"] if row["estimate"]]
    titles = data["outcome_titles"]
    tables = (
        (f"Never fire ({runs})", _never(never(data)), never(data)),
        ("Objectives with a gap", _gaps(gaps), gaps),
        ("Several demands on a leadership within a day", _loads(loads), loads),
        ("Injects: chance to fire, and on which day after STARTEX", _fires(fires), fires),
        ("Expected actions", _expected(called(data)), called(data)),
        ("Outcomes with the whole script", _outcomes(occurred, titles), occurred),
        (
            "Injects that matter: share of runs with other outcomes; outcomes with it less without it",
            _ranking(moving(data)[:most], titles),
            moving(data),
        ),
    )
    yield from ((title, table) for title, table, rows in tables if rows)


def notes(data: Data, most: int) -> list[str]:
    """What a reader of the tables must know, in sentences."""
    effects = [effect for row in data["ranking"] for effect in row["effects"]]
    sentences = [*after_the_end(data), *failed_runs(data)]
    idle = [
        data["outcome_titles"].get(row["outcome"], row["outcome"]) for row in data["outcomes"] if not row["estimate"]
    ]
    if idle:
        sentences.append(f"Outcomes that occurred in no run: {'; '.join(idle)}.")
    sentences += [
        "Each interval holds at 95 % for its number alone; p is corrected for all effects on outcomes (Holm)."
    ]
    if effects and not any(effect["p_holm"] <= SURE for effect in effects):
        sentences.append(
            "With this number of runs no effect of an inject on an outcome is distinguishable from chance."
        )
    if data["ranking"] and not effects:
        sentences.append("No inject changes which outcomes occur in any run.")
    still = len(data["ranking"]) - len(moving(data))
    if still and effects:
        sentences.append(
            f"{still} of the {len(data['ranking'])} injects that fire change{'s' if still == 1 else ''} no outcome."
        )
    if len(moving(data)) > most:
        sentences.append(
            f"The first {most} of {len(moving(data))} injects that matter are ranked here; --json has all."
        )
    return sentences


def _whole(data: Data) -> list[dict[str, Any]]:
    """The failures of runs with the whole script."""
    return [row for row in data.get("failures", ()) if row.get("without") is None]


def failed_runs(data: Data) -> list[str]:
    """Which runs failed or were lost, and why: a sentence for each script that was run, empty if none failed."""
    return failure_notes(row | {"condition": _script(row.get("without"))} for row in data.get("failures", ()))


def _script(without: str | None) -> str:
    return "the whole script" if without is None else f"the script without '{without}'"


def _never(rows: list[dict[str, Any]]) -> Table:
    conditions = any(row["condition"] for row in rows)
    body = ((row["inject"], why_never(row), *([_short(row["condition"])] if conditions else [])) for row in rows)
    return terminal_table(("inject", "why", *(["condition"] if conditions else [])), body)


def _gaps(rows: list[dict[str, Any]]) -> Table:
    body = ((row["title"], row["gap"], ", ".join(row["injects"])) for row in rows)
    return terminal_table(("objective", "gap", "injects"), body)


def _loads(rows: list[dict[str, Any]]) -> Table:
    body = ((row["government"], _chance(row), str(row["most"]), _short(_together(row))) for row in rows)
    return terminal_table(("government", "chance", "most", "most often together"), body)


def _together(row: Data) -> str:
    return ", ".join(row["injects"][0]["injects"]) if row["injects"] else ""


def _fires(rows: list[dict[str, Any]]) -> Table:
    body = ((row["inject"], row["trigger"], _chance(row), _when(row["days"] or {})) for row in rows)
    return terminal_table(("inject", "trigger", "chance", "day (10 %, half, 90 %)"), body)


def _when(days: Mapping[str, float]) -> str:
    """The three days; one day if all are the same, or if it fires in too few runs for the others."""
    shown = [f"{days[name]:.0f}" for name in ("p10", "median", "p90") if days.get(name) is not None]
    return ", ".join(shown if len(set(shown)) > 1 else shown[:1])


def _expected(rows: list[dict[str, Any]]) -> Table:
    counts = ("met", "late", "missed")
    body = (
        (row["inject"], row["who"], *(str(row[name]) for name in counts), _chance(row), number(row["median_days"]))
        for row in rows
    )
    return terminal_table(("inject", "who", *counts, "chance to meet it", "median days"), body)


def _outcomes(rows: list[dict[str, Any]], titles: Mapping[str, str]) -> Table:
    return terminal_table(
        ("outcome", "chance"), ((titles.get(row["outcome"], row["outcome"]), _chance(row)) for row in rows)
    )


def _ranking(rows: list[dict[str, Any]], titles: Mapping[str, str]) -> Table:
    """A line for each inject, and one below it for each outcome that it moves."""
    body: list[tuple[RenderableType, ...]] = []
    for row in rows:
        body.append((row["inject"], number(row["changes"]["estimate"]), _interval(row["changes"]), ""))
        for effect in [effect for effect in row["effects"] if effect["estimate"]][:3]:
            p = f"{effect['p_holm']:.3f}"
            title = titles.get(effect["outcome"], effect["outcome"])
            size = number(effect["estimate"], signed=True)
            body.append((Padding(title, (0, 0, 0, 2)), size, _interval(effect), p))
    return terminal_table(("inject, and what it moves", "changes", "95 % for each", "p (Holm)"), body)


def _interval(row: Data) -> str:
    return f"{number(row['low'])} to {number(row['high'])}"


def _chance(row: dict[str, Any]) -> str:
    if row["estimate"] is None:
        return "-"
    return f"{row['estimate']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
