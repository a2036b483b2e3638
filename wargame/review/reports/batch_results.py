"""The results of a batch in one table: estimates, differences from the baseline, and their intervals drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wargame.document.blocks import Block, Forest, ForestGroup, ForestLine, Heading, Paragraph, Span, extent
from wargame.document.formatting import estimate as cell
from wargame.document.formatting import short
from wargame.review.reports.batch_labels import Names

Data = Mapping[str, Any]
SURE = 0.05
"""A difference is reported if its corrected p-value is below this."""
OF_TIMES = "A time is the mean number of days over all runs. A run without the outcome counts with its length."
ENDS = ("low", "estimate", "high")


def results(summary: Data, names: Names) -> Iterator[Block | Forest]:
    """Yield every measure in every arm; with several arms, each difference from the baseline and its interval."""
    yield Heading(2, "Results")
    yield _alone(summary, names) if len(names.arms) == 1 else _compared(summary, names)
    if "time" in names.kinds.values():
        yield Paragraph(OF_TIMES, quiet=True)


# --- several arms ------------------------------------------------------------------------------------------------


def _compared(summary: Data, names: Names) -> Forest:
    from wargame.review.reports.batch_charts import forest

    estimates = {(row["measure"], row["arm"]): row for row in summary["estimates"]}
    comparisons = {(row["measure"], row["arm"]): row for row in summary["comparisons"]}
    of_shares = [row for row in comparisons.values() if names.is_share(row["measure"])]
    groups = []
    for measure in dict.fromkeys(row["measure"] for row in summary["estimates"]):
        own = [row for (name, _), row in comparisons.items() if name == measure]
        share = names.is_share(measure)
        largest = (abs(row[end]) for row in (of_shares if share else own) for end in ENDS if row[end] is not None)
        most = extent(max(largest, default=0.0))
        lines = tuple(_line(estimates, comparisons, names, measure, arm, most) for arm in names.arms)
        unit = " points" if share else ""
        ends = short(most, share=share)
        groups.append(ForestGroup(names.title(measure), lines, (f"−{ends}", "0", f"+{ends}{unit}"), 0.5))
    corrected = f", corrected for all {len(comparisons)} comparisons," if len(comparisons) > 1 else ""
    caption = (
        "Estimates and differences from the baseline, with 95 % intervals. Differences are paired by replication; "
        f"* and a filled point if the p-value{corrected} is below {SURE}"
    )
    heads = ("Arm", "Estimate", "Difference")
    return Forest(caption, heads, tuple(groups), "Difference from the baseline", forest(summary["comparisons"], names))


def _line(
    estimates: Mapping[tuple[str, str], Data],
    comparisons: Mapping[tuple[str, str], Data],
    names: Names,
    measure: str,
    arm: str,
    most: float,
) -> ForestLine:
    share, row = names.is_share(measure), estimates.get((measure, arm))
    estimate = (names.never(row) if row is not None else "") or cell(row, share=share)
    if arm == names.baseline:
        return ForestLine((names.head(arm), estimate, ""))
    difference = comparisons.get((measure, arm))
    sure = difference is not None and is_sure(difference)
    text = cell(difference, share=share, signed=True) + (" *" if sure else "")
    return ForestLine((names.label(arm), estimate, text), _span(difference, -most, most), sure)


def is_sure(row: Data) -> bool:
    """Return whether a difference is shown: its corrected p-value is small."""
    return row["p_holm"] is not None and row["p_holm"] < SURE


def _span(row: Data | None, low: float, high: float) -> Span | None:
    if row is None or row["estimate"] is None:
        return None
    value = row["estimate"]
    ends = (value if row["low"] is None else row["low"], value, value if row["high"] is None else row["high"])
    return Span(*(min(1.0, max(0.0, (end - low) / (high - low))) for end in ends))


# --- one arm -----------------------------------------------------------------------------------------------------


def _alone(summary: Data, names: Names) -> Forest:
    """Shares on one axis; other measures have different units and no axis."""

    def line(row: Data, *, drawn: bool) -> ForestLine:
        estimate = names.never(row) or cell(row, share=drawn)
        return ForestLine((names.title(row["measure"]), estimate), _span(row, 0.0, 1.0) if drawn else None, drawn)

    groups = [
        ForestGroup(title, tuple(line(row, drawn=drawn) for row in rows), ticks, 0.0 if drawn else None)
        for title, ticks, drawn in (
            ("Shares of runs", ("0", "", "100 %"), True),
            ("Other measures", ("", "", ""), False),
        )
        if (rows := [row for row in summary["estimates"] if names.is_share(row["measure"]) == drawn])
    ]
    heads = ("Result", "Estimate")
    return Forest("Each measure, with its 95 % interval", heads, tuple(groups), "Share with its interval")
