"""A rehearsal on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.padding import Padding
from rich.table import Table

from wargame.batch.text import number
from wargame.executor.campaign import by_reason, number_ranges

Told = Mapping[str, Any]
"""A rehearsal as it is kept."""
LONGEST = 60
SURE = 0.05
AFTER = "its time was after ENDEX"
"""Why an inject did not fire that lies after the end of what was rehearsed."""
PLURAL = {
    "its condition was never true": "their conditions were never true",
    "its time is over": "their times are over",
    "it was not released by hand": "they were not released by hand",
    "what it follows did not happen in time": "what they follow did not happen in time",
    "chance did not decide for it": "chance did not decide for them",
}
"""Reasons of one inject, told of several."""


def why_never(row: Told) -> str:
    """Why an inject never fired."""
    return "; ".join(each["reason"] for each in row["reasons"]) or "no reason was told"


def never(told: Told) -> list[dict[str, Any]]:
    """The injects that never fired, but for those that lie after the end."""
    return [row for row in told["injects"] if row["never"] and why_never(row) != AFTER]


def after_the_end(told: Told) -> list[str]:
    """How many injects lie after the end of the rehearsal, if some do."""
    count = sum(row["never"] and why_never(row) == AFTER for row in told["injects"])
    if not count:
        return []
    return [f"{count} inject{'s lie' if count > 1 else ' lies'} after the end of the rehearsal."]


def called(told: Told) -> list[dict[str, Any]]:
    """The expected actions that were called for in some run."""
    return [row for row in told["expected"] if row["called"]]


def moving(told: Told) -> list[dict[str, Any]]:
    """The injects without which some run ends with other outcomes."""
    return [row for row in told["ranking"] if row["changes"]["estimate"]]


def sections(told: Told, most: int) -> Iterator[tuple[str, Table]]:
    """Titles with their tables, what to mend first; empty ones are left out, and so are rows that hold nothing."""
    failed = len(_whole(told))
    good = told["runs"] - failed
    runs = f"{told['runs']} runs" if not failed else f"in the {good} of {told['runs']} runs that did not fail"
    gaps = [row for row in told["objectives"] if row["gap"]]
    loads = [row for row in told["overload"] if row["most"] >= row["many"]]
    fires = [row for row in told["injects"] if not row["never"]]
    came = [row for row in told["outcomes"] if row["estimate"]]
    titles = told["outcome_titles"]
    made = (
        (f"Never fire ({runs})", _never(never(told)), never(told)),
        ("Objectives with a gap", _gaps(gaps), gaps),
        ("Several demands on a leadership within a day", _loads(loads), loads),
        ("Injects: chance to fire, and on which day after STARTEX", _fires(fires), fires),
        ("Expected actions", _expected(called(told)), called(told)),
        ("Outcomes with the whole script", _outcomes(came, titles), came),
        (
            "Injects that matter: share of runs changed; outcomes with it less without it",
            _ranking(moving(told)[:most], titles),
            moving(told),
        ),
    )
    yield from ((title, table) for title, table, rows in made if rows)


def notes(told: Told, most: int) -> list[str]:
    """What a reader of the tables must know."""
    effects = [effect for row in told["ranking"] for effect in row["effects"]]
    made = [*after_the_end(told), *failed_runs(told)]
    idle = [
        told["outcome_titles"].get(row["outcome"], row["outcome"]) for row in told["outcomes"] if not row["estimate"]
    ]
    if idle:
        made.append(f"Outcomes that came in no run: {'; '.join(idle)}.")
    made += ["Chances and effects have 95 % intervals; p is corrected for all effects on outcomes (Holm)."]
    if effects and not any(effect["p_holm"] <= SURE for effect in effects):
        made.append("No effect of an inject on an outcome can be told from luck with so many runs.")
    if told["ranking"] and not effects:
        made.append("No inject changes which outcomes come in any run.")
    still = len(told["ranking"]) - len(moving(told))
    if still and effects:
        made.append(
            f"{still} of the {len(told['ranking'])} injects that fire change{'s' if still == 1 else ''} no run."
        )
    if len(moving(told)) > most:
        made.append(f"The first {most} of {len(moving(told))} injects that matter are ranked here; --json has all.")
    return made


def _whole(told: Told) -> list[dict[str, Any]]:
    """The failures of runs with the whole script."""
    return [row for row in told.get("failures", ()) if row.get("without") is None]


def failed_runs(told: Told) -> list[str]:
    """Which runs failed or were lost, and why: a sentence for each script that was run, empty if none failed."""
    groups: dict[str | None, list[tuple[int, str]]] = {}
    for row in told.get("failures", ()):
        groups.setdefault(row.get("without"), []).append((row["replication"], row["error"].splitlines()[0][:200]))
    return [_failed(without, rows, told["runs"]) for without, rows in groups.items()]


def _failed(without: str | None, rows: list[tuple[int, str]], runs: int) -> str:
    of = (
        f"{len(rows)} of {runs} runs"
        if without is None
        else f"{len(rows)} run{'s' if len(rows) > 1 else ''} without '{without}'"
    )
    reasons = "; ".join(f"{number_ranges(numbers)} ({reason})" for reason, numbers in by_reason(rows))
    return f"Failed and not counted above: {of}, replication{'s' if len(rows) > 1 else ''} {reasons}."


def _never(rows: list[dict[str, Any]]) -> Table:
    conditions = any(row["condition"] for row in rows)
    table = _grid("inject", "why", *(["condition"] if conditions else []))
    for row in rows:
        table.add_row(row["inject"], why_never(row), *([_short(row["condition"])] if conditions else []))
    return table


def _gaps(rows: list[dict[str, Any]]) -> Table:
    table = _grid("objective", "gap", "injects")
    for row in rows:
        table.add_row(row["title"], row["gap"], ", ".join(row["injects"]))
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


def _outcomes(rows: list[dict[str, Any]], titles: Mapping[str, str]) -> Table:
    table = _grid("outcome", "chance")
    for row in rows:
        table.add_row(titles.get(row["outcome"], row["outcome"]), _chance(row))
    return table


def _ranking(rows: list[dict[str, Any]], titles: Mapping[str, str]) -> Table:
    """A line for each inject, and one below it for each outcome that it moves."""
    table = _grid("inject, and what it moves", "changes", "95 % interval", "p (Holm)")
    for row in rows:
        table.add_row(row["inject"], number(row["changes"]["estimate"]), _interval(row["changes"]), "")
        for effect in [effect for effect in row["effects"] if effect["estimate"]][:3]:
            p = f"{effect['p_holm']:.3f}"
            title = titles.get(effect["outcome"], effect["outcome"])
            table.add_row(Padding(title, (0, 0, 0, 2)), number(effect["estimate"], signed=True), _interval(effect), p)
    return table


def _interval(row: Told) -> str:
    return f"{number(row['low'])} to {number(row['high'])}"


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
