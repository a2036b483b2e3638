"""Targets on a terminal, in JSON and on a page: figure by figure, the real one beside the simulated."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from wargame.batch.showing import number

if TYPE_CHECKING:
    from wargame.study.targets import Held, Row

OPEN = {"low": "any", "high": "never"}
"""How an end of an interval is told that is not finite."""
REAL = 14
"""Columns for the real figure; pages and JSON have it whole."""


def document(held: Held) -> dict[str, Any]:
    """JSON data: numbers that are not finite are null."""
    targets = [
        {
            "id": target.id,
            "title": target.title,
            "source": target.source,
            "verdict": target.verdict,
            "figures": [_plain(row) for row in target.figures],
        }
        for target in held.targets
    ]
    counts = {"inside": held.inside, "of": len(held.targets), "too_few_runs": held.unsaid}
    return {"runs": held.runs, "failed": held.failed, "errors": list(held.errors), **counts, "targets": targets}


def _plain(row: Row) -> dict[str, Any]:
    made = asdict(row)
    del made["target"]
    band = [made.pop("low_end"), made.pop("high_end")]
    told = {name: None if isinstance(x, float) and not isfinite(x) else x for name, x in made.items()}
    return {**told, "band": band}


def total(held: Held) -> str:
    """The last line."""
    outside = len(held.targets) - held.inside - held.unsaid
    few = f", too few runs to say it of {held.unsaid}" if held.unsaid else ""
    failed = f"; {held.failed} of {held.runs} runs failed" if held.failed else ""
    return f"inside {held.inside} of {len(held.targets)}, outside {outside}{few}{failed}"


def table(held: Held) -> Table:
    """One line a figure."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("target", "figure", "real", "simulated", "band", ""):
        made.add_column(title, no_wrap=title not in ("figure", "real"), max_width=REAL if title == "real" else None)
    for target in held.targets:
        for place, row in enumerate(target.figures):
            title = target.title if len(target.figures) == 1 else row.title
            made.add_row("" if place else target.id, _short(title), _short(row.real), *cells(row))
    return made


def cells(row: Row) -> tuple[str, str, str]:
    """Simulated value with its interval, band and verdict as texts."""
    interval = "" if isnan(row.low) else f" ({value(row.low)} to {value(row.high)})"
    return value(row.estimate) + interval, f"{number(row.low_end)} to {number(row.high_end)}", verdict(row)


def verdict(row: Row) -> str:
    """The verdict; a question mark where the interval crosses an end of the band, the runs needed where it is wider."""
    if row.runs_needed:
        return f"too few runs (~{row.runs_needed})"
    return row.verdict if row.sure else f"{row.verdict}?"


def value(x: float) -> str:
    """A number; what never comes, and what no run has."""
    if isnan(x):
        return "none has it"
    return number(x) if isfinite(x) else "never" if x > 0 else "any"


def markdown(found: dict[str, Any]) -> str:
    """The part of a page that is made from a result, as `document` gives it."""
    counts = f"Inside {found['inside']} of {found['of']}"
    few = f"; for {found['too_few_runs']} there were too few runs to say" if found["too_few_runs"] else ""
    failed = f"; {found['failed']} of {found['runs']} runs failed" if found["failed"] else ""
    lines = [
        f"{counts}{few}{failed}. Seed {found['seed']}; a question mark: the 95 % interval crosses an end of the band.",
        "",
        "| target | real | simulated, 95 % interval | band | |",
        "| --- | --- | --- | --- | --- |",
    ]
    for target in found["targets"]:
        for place, figure in enumerate(target["figures"]):
            named = f"{target['title']}: {figure['title']}" if figure["title"] else target["title"]
            name = f"**{target['id']}** {named}" if not place else figure["title"]
            lines.append(f"| {name} | {figure['real']} | {_simulated(figure)} | {_band(figure)} | {_said(figure)} |")
    return "\n".join(lines)


def missed(found: dict[str, Any]) -> str:
    """One line: which targets a wrong model misses, by a result of it."""
    names = [target["id"] for target in found["targets"] if target["verdict"] == "outside"]
    few = [target["id"] for target in found["targets"] if target["verdict"] == "too few runs"]
    unsaid = f" (too few runs: {', '.join(few)})" if few else ""
    return f"Misses {len(names)} of {found['of']}: {', '.join(names) or 'none'}{unsaid}."


def _simulated(figure: dict[str, Any]) -> str:
    if figure["estimate"] is None:
        return "never" if figure["n"] else "no run has it"
    ends = [number(figure[name]) if figure[name] is not None else open_end for name, open_end in OPEN.items()]
    interval = f" ({ends[0]} to {ends[1]})" if (figure["low"], figure["high"]) != (None, None) else ""
    return f"{number(figure['estimate'])}{interval}"


def _band(figure: dict[str, Any]) -> str:
    return f"{number(figure['band'][0])} to {number(figure['band'][1])}"


def _said(figure: dict[str, Any]) -> str:
    if figure["runs_needed"]:
        return f"too few runs (about {figure['runs_needed']})"
    return str(figure["verdict"]) + ("" if figure["sure"] else "?")


def _short(text: str) -> Text:
    """A text that gives way where the terminal is narrow."""
    return Text(text, no_wrap=True, overflow="ellipsis")
