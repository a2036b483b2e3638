"""Sensitivity in batch reports: tornado charts, Sobol indices and sources of variance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wargame.document.blocks import Block, Figures, Grid, Heading, Paragraph
from wargame.document.formatting import short
from wargame.review.reports.batch_labels import Names

Data = Mapping[str, Any]


def sensitivity(summary: Data, names: Names, *, drawn: bool = True) -> Iterator[Block]:
    """Yield the effects of the factors of a design, also drawn; nothing for a batch without a design."""
    bars = [row for row in summary["sensitivity"] if "swing" in row]
    indices = [row for row in summary["sensitivity"] if "first" in row]
    refused = summary.get("refused")
    if not (bars or indices or summary["variance"] or refused):
        return
    yield Heading(2, "Sensitivity")
    if refused:
        yield Paragraph(str(refused))
    if bars:
        yield from _tornado(bars, names, drawn=drawn)
    if indices:
        yield from _sobol(indices, names, drawn=drawn)
    if summary["variance"]:
        yield from _variance(summary["variance"], names, drawn=drawn)


def _tornado(bars: list[Data], names: Names, *, drawn: bool) -> Iterator[Block]:
    moved = [key for key in _groups(bars) if any(row["swing"] for row in _of(bars, key))]
    if moved and drawn:
        from wargame.review.reports.sensitivity_charts import tornado

        yield Figures(tuple(tornado(_of(bars, key), names) for key in moved))
    still = [f"{names.title(m)}{_in(arm, names)}" for m, arm in _groups(bars) if (m, arm) not in moved]
    if still:
        yield Paragraph(f"Not affected by any factor: {'; '.join(still)}.", quiet=True)
    yield Grid(
        "Effect of moving each factor from its middle to its ends, with 95 % intervals",
        ("Measure", "Factor", "At its lower end", "At its upper end"),
        tuple(
            (
                names.title(row["measure"]) + _in(row["arm"], names),
                names.factors.get(row["factor"], row["factor"]),
                *(_end(row[end], share=names.is_share(row["measure"])) for end in ("at_low", "at_high")),
            )
            for row in bars
        ),
        (0.3, 0.22, 0.24, 0.24),
    )


def _groups(rows: list[Data]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row["measure"], row["arm"]) for row in rows))


def _of(rows: list[Data], key: tuple[str, str]) -> list[Data]:
    return [row for row in rows if (row["measure"], row["arm"]) == key]


def _in(arm: str, names: Names) -> str:
    return f" in {names.within(arm)}" if len(names.arms) > 1 else ""


def _end(end: Data, *, share: bool) -> str:
    text = short(end["effect"], share=share, signed=True) + (" points" if share else "")
    span = "" if end["from"] is None else f" ({short(end['from'], share=share)} to {short(end['to'], share=share)})"
    return f"at {end['value']:.3g}: {text}{span}"


def _sobol(indices: list[Data], names: Names, *, drawn: bool) -> Iterator[Block]:
    if drawn:
        from wargame.review.reports.sensitivity_charts import sobol

        yield Figures(tuple(sobol(_of(indices, key), names) for key in _groups(indices)))
    yield Grid(
        "Sobol indices with 95 % half-widths: share of the variance due to a factor alone, and with all interactions",
        ("Measure", "Factor", "First order", "Total"),
        tuple(
            (
                names.title(row["measure"]) + _in(row["arm"], names),
                names.factors.get(row["factor"], row["factor"]),
                f"{row['first']:.2f} ± {row['first_half_width']:.2f}",
                f"{row['total']:.2f} ± {row['total_half_width']:.2f}",
            )
            for row in indices
        ),
        (0.4, 0.26, 0.17, 0.17),
    )


def _variance(rows: list[Data], names: Names, *, drawn: bool) -> Iterator[Block]:
    if drawn:
        from wargame.review.reports.sensitivity_charts import variance

        yield variance(rows, names)
    yield Grid(
        "Sources of variance: random draws, the parameters that the design varies, the arm",
        ("Measure", "Random draws", "Parameters", "Arm"),
        tuple(
            (names.title(row["measure"]), *(f"{100 * row[name]:.0f} %" for name in ("draws", "parameters", "arm")))
            for row in rows
        ),
        (0.55, 0.15, 0.15, 0.15),
    )
