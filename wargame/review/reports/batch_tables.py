"""Parts of batch reports around the results: the summary, curves, sensitivity, and all numbers in an appendix."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from wargame.batches.analysis.differences import MANY, SURE
from wargame.batches.study.thresholds import parse_threshold
from wargame.document.blocks import Block, Figures, Grid
from wargame.document.formatting import short
from wargame.review.reports import batch_charts as charts
from wargame.review.reports.batch_labels import Names, end
from wargame.review.reports.laid_out import blocks_of
from wargame.tables import by_key

Data = Mapping[str, Any]
FIRST = 3
"""Differences of an arm that are described in sentences."""
BRIEF = 6
"""Outcomes in the summary."""


def brief(summary: Data, names: Names) -> list[Block]:
    """Return the summary: the clearest differences of each arm, or for a single arm the commonest outcomes."""
    rows = summary["comparisons"]
    arms = [(arm, [row for row in rows if row["arm"] == arm], _clear(summary, arm)) for arm in names.arms]
    outcomes = sorted(summary["incidence"], key=lambda row: (-row["share"][-1], row["outcome"]))
    return blocks_of(
        "batch_brief.txt.j2",
        names=names,
        others=[each for each in arms if each[0] != names.baseline],
        sentence=lambda row: _sentence(summary, names, row),
        comparisons=len(rows),
        occurred=[row for row in outcomes if not _before(row)],
        end=end,
        first=FIRST,
        most=BRIEF,
        limit=SURE,
    )


def _clear(summary: Data, arm: str) -> list[Data]:
    """Return the significant differences of an arm, the clearest first."""
    sure = [row for row in summary["comparisons"] if row["arm"] == arm and is_sure(row)]
    return sorted(sure, key=lambda row: (row["p"], -abs(row["estimate"] / (row["se"] or 1.0))))


def is_sure(row: Data) -> bool:
    """Return whether a difference is shown: its corrected p-value is small."""
    return row["p_holm"] is not None and row["p_holm"] < SURE


def _sentence(summary: Data, names: Names, row: Data) -> str:
    levels = {each["arm"]: each for each in summary["estimates"] if each["measure"] == row["measure"]}
    share = names.is_share(row["measure"])
    here, there = (
        names.never(levels[arm]) or short(levels[arm]["estimate"], share=share) + (" %" if share else "")
        for arm in (row["arm"], names.baseline)
    )
    size = short(abs(row["estimate"]), share=share) + (" points" if share else "")
    ends = [row["low"], row["high"]]
    span = ""
    if None not in ends:
        low, high = (short(end, share=share) for end in sorted(-end if row["estimate"] < 0 else end for end in ends))
        span = f" ({low} to {high})"
    way = "higher" if row["estimate"] > 0 else "lower"
    return f"{names.title(row['measure'])}: {here}, compared with {there}; {way} by {size}{span}."


def curves(summary: Data, names: Names) -> list[Block]:
    """Return a curve for each outcome that occurred in some runs, on the same axes."""
    by_outcome = grouped(summary["incidence"])
    drawn = {name: rows for name, rows in by_outcome.items() if not all(map(_before, rows))}
    banded = any(row["low"][-1] is not None for rows in drawn.values() for row in rows)
    left_out = sorted(set(by_outcome) - set(drawn))
    inserted = {"curves": [charts.incidence(drawn, names)] if drawn else []}
    return blocks_of("batch_curves.txt.j2", inserted, drawn=drawn, names=names, banded=banded, left_out=left_out)


def grouped(rows: Iterable[Data]) -> dict[str, list[Data]]:
    """Return incidences by outcome."""
    return by_key((row["outcome"], row) for row in rows)


def _before(row: Data) -> bool:
    return bool(row["share"][0] == row["share"][-1] == 1.0)


def appendix(summary: Data, names: Names) -> list[Block]:
    """Return all numbers, with more digits than the tables above."""
    numbers = {"numbers": all_numbers(summary)}
    return blocks_of("batch_appendix.txt.j2", numbers, names=names, quantiles=summary["quantiles"])


def all_numbers(summary: Data, *, brief: bool = False) -> list[Grid]:
    """Return every estimate and every difference; `brief`: as in `every_difference`."""
    rows = summary["comparisons"] if len(summary["arms"]) <= MANY else ()
    return every_difference(rows, summary["baseline"], estimates=summary["estimates"], brief=brief)


def every_difference(
    rows: Sequence[Data], baseline: str, *, estimates: Sequence[Data] | None, paired: bool = True, brief: bool
) -> list[Grid]:
    """Return differences with their intervals and p-values, and the gains of pairing; before them, estimates.

    `paired`: all rows are; `brief`: without the p-value of each alone.
    """
    about = {"baseline": baseline, "paired": paired, "brief": brief}
    return blocks_of("batch_numbers.txt.j2", estimates=estimates, comparisons=rows, **about)


def ranking(rows: Sequence[Data]) -> list[Block]:
    """Return the arms ranked on each measure in which any two surely differ, with all pairs; others in a sentence."""
    ranked = {name: list(each) for name, each in groupby(rows, key=lambda row: row["measure"])}
    alike = [
        name for name, arms in ranked.items() if not any(sure for row in arms for _, sure in row["against"].values())
    ]
    differing = {name: arms for name, arms in ranked.items() if name not in alike}
    return blocks_of("batch_ranking.txt.j2", differing=differing, alike=alike, many=MANY, against=_against)


def _against(found: tuple[float | None, bool] | None, few: bool) -> str:
    """Return a cell of the matrix of all pairs: a difference, or only its sign if there are many arms."""
    difference, sure = found or (None, False)
    if few:
        return "" if difference is None else short(difference) + ("*" if sure else "")
    if difference is None or not sure:
        return "·" if found else "="
    return "+" if difference > 0.0 else "−"


def thresholds(summary: Data, names: Names) -> list[Block]:
    """Return whether estimates cross the thresholds of the batch, if it has any."""
    rows = [(row, parse_threshold(row["threshold"])) for row in summary["thresholds"]]
    return blocks_of("batch_thresholds.txt.j2", rows=rows, names=names)


def sensitivity(summary: Data, names: Names, *, drawn: bool = True) -> list[Block]:
    """Return the effects of the factors of a design, also drawn; nothing for a batch without a design."""
    bars = [row for row in summary["sensitivity"] if "swing" in row]
    indices = [row for row in summary["sensitivity"] if "first" in row]
    variance, refused = summary["variance"], summary.get("refused")
    if not (bars or indices or variance or refused):
        return []
    moved = [rows for rows in _grouped(bars) if any(row["swing"] for row in rows)]
    return blocks_of(
        "batch_sensitivity.txt.j2",
        _drawn(moved, _grouped(indices), variance, names) if drawn else {},
        names=names,
        refused=refused or "",
        bars=bars,
        still=[rows[0] for rows in _grouped(bars) if rows not in moved],
        indices=indices,
        variance=variance,
        within=lambda row: f" in {names.in_sentence(row['arm'])}" if len(names.arms) > 1 else "",
        factor=lambda row: names.factors.get(row["factor"], row["factor"]),
        moved=lambda row, end: _moved(end, share=names.is_share(row["measure"])),
        percent=lambda share: f"{100 * share:.0f} %",
    )


def _grouped(rows: Sequence[Data]) -> list[list[Data]]:
    """Return rows by measure and arm."""
    return list(by_key(((row["measure"], row["arm"]), row) for row in rows).values())


def _drawn(moved: list[Any], indices: list[Any], variance: list[Data], names: Names) -> dict[str, list[Block]]:
    return {
        "tornado": [Figures(tuple(charts.tornado(rows, names) for rows in moved))] if moved else [],
        "sobol": [Figures(tuple(charts.sobol(rows, names) for rows in indices))] if indices else [],
        "variance": [charts.variance(variance, names)] if variance else [],
    }


def _moved(end: Data, *, share: bool) -> str:
    text = short(end["effect"], share=share, signed=True) + (" points" if share else "")
    span = "" if end["from"] is None else f" ({short(end['from'], share=share)} to {short(end['to'], share=share)})"
    return f"at {end['value']:.3g}: {text}{span}"
