"""Parts of batch reports around the results: the summary, curves, sensitivity, and all numbers in an appendix."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from wargame.batches.analysis.differences import SURE
from wargame.batches.analysis.ranking import MANY
from wargame.batches.study.thresholds import parse_threshold
from wargame.document.blocks import Block, Bullets, Figures, Grid, Heading, Paragraph
from wargame.document.formatting import cells, exact, interval, p_value, short
from wargame.journal.wording import joined
from wargame.review.reports.batch_labels import Names, end, runs_of

Data = Mapping[str, Any]
FIRST = 3
"""Differences of an arm that are described in sentences."""
BRIEF = 6
"""Outcomes in the summary."""


def brief(summary: Data, names: Names) -> Iterator[Block]:
    """Yield the summary: the clearest differences of each arm, or for a single arm the commonest outcomes."""
    yield Heading(2, "Summary")
    others = [arm for arm in names.arms if arm != names.baseline]
    if not others:
        yield Bullets(tuple(_shares(summary, names)))
        return
    if names.label(names.baseline) != "baseline":
        yield Paragraph(f"Arms are compared with the baseline, {names.within(names.baseline)}.")
    yield Bullets(tuple(_arm(summary, names, arm) for arm in others))
    yield Paragraph(
        "A difference is shown if its p-value, corrected for all "
        f"{len(summary['comparisons'])} comparisons of this report, is below {SURE}.",
        quiet=True,
    )


def _arm(summary: Data, names: Names, arm: str) -> str:
    rows = [row for row in summary["comparisons"] if row["arm"] == arm]
    sure = sum(map(is_sure, rows))
    count = f"{sure} of {len(rows)} measures" if sure else f"none of {len(rows)} measures"
    differ = f"{names.label(arm)}: {count} {'is' if sure < 2 else 'are'} shown to differ"
    first = " ".join(_sentence(summary, names, row) for row in _clear(summary, arm)[:FIRST])
    return f"{differ} from the baseline. {first}".strip()


def _clear(summary: Data, arm: str) -> list[Data]:
    """Return the significant differences of an arm, the clearest first."""
    sure = [row for row in summary["comparisons"] if row["arm"] == arm and is_sure(row)]
    return sorted(sure, key=lambda row: (row["p"], -abs(row["estimate"] / (row["se"] or 1.0))))


def is_sure(row: Data) -> bool:
    """Return whether a difference is shown: its corrected p-value is small."""
    return row["p_holm"] is not None and row["p_holm"] < SURE


def _levels(summary: Data, names: Names, row: Data) -> tuple[str, str]:
    levels = {each["arm"]: each for each in summary["estimates"] if each["measure"] == row["measure"]}
    share = names.is_share(row["measure"])
    here, there = (
        names.never(levels[arm]) or short(levels[arm]["estimate"], share=share) + (" %" if share else "")
        for arm in (row["arm"], names.baseline)
    )
    return here, there


def _sentence(summary: Data, names: Names, row: Data) -> str:
    here, there = _levels(summary, names, row)
    share = names.is_share(row["measure"])
    size = short(abs(row["estimate"]), share=share) + (" points" if share else "")
    ends = [row["low"], row["high"]]
    span = ""
    if None not in ends:
        low, high = (short(end, share=share) for end in sorted(-end if row["estimate"] < 0 else end for end in ends))
        span = f" ({low} to {high})"
    way = "higher" if row["estimate"] > 0 else "lower"
    return f"{names.title(row['measure'])}: {here}, compared with {there}; {way} by {size}{span}."


def _shares(summary: Data, names: Names) -> Iterator[str]:
    """Without arms to compare: the outcomes by how often they occurred."""
    rows = sorted(summary["incidence"], key=lambda row: (-row["share"][-1], row["outcome"]))
    occurred = [row for row in rows if not _before(row)]
    for row in occurred[:BRIEF]:
        yield f"{names.outcomes.get(row['outcome'], row['outcome'])}: in {end(row)} of the runs."
    if len(occurred) > BRIEF:
        yield f"{len(occurred) - BRIEF} other outcomes occurred in some runs."


# --- when outcomes occur ----------------------------------------------------------------------------------------


def curves(summary: Data, names: Names) -> Iterator[Block]:
    """Yield a curve for each outcome that occurred in some runs, on the same axes."""
    yield Heading(2, "When outcomes occur")
    by_outcome = grouped(summary["incidence"])
    drawn = {name: rows for name, rows in by_outcome.items() if not all(map(_before, rows))}
    if not drawn:
        yield Paragraph("No outcome occurred in any run.")
        return
    from wargame.review.reports.batch_charts import incidence

    banded = any(row["low"][-1] is not None for rows in drawn.values() for row in rows)
    bands = " with 95 % bands" if banded else ", without bands, since runs of a design are not independent"
    yield Paragraph(
        f"The share of runs in which an outcome has occurred{bands}. An outcome that ends a run prevents later ones."
    )
    yield incidence(drawn, names)
    left_out = set(by_outcome) - set(drawn)
    if left_out:
        titles = "; ".join(names.outcomes.get(name, name) for name in sorted(left_out))
        yield Paragraph(f"Already true at STARTEX in every run: {titles}.", quiet=True)


def grouped(rows: Iterable[Data]) -> dict[str, list[Data]]:
    """Return incidences by outcome."""
    outcomes: dict[str, list[Data]] = {}
    for row in rows:
        outcomes.setdefault(row["outcome"], []).append(row)
    return outcomes


def _before(row: Data) -> bool:
    return bool(row["share"][0] == row["share"][-1] == 1.0)


# --- all numbers ------------------------------------------------------------------------------------------------


def appendix(summary: Data, names: Names) -> Iterator[Block]:
    """Yield all numbers, with more digits than the tables above."""
    yield Heading(2, "Appendix: all numbers")
    named = tuple((measure, title) for measure, title in names.measures.items() if title != measure)
    if named:
        yield Grid("Formulas of the measures", ("Formula", "Title"), named, (0.5, 0.5))
    yield from all_numbers(summary)
    if summary["quantiles"]:
        yield Grid(
            "Quantiles, with distribution-free intervals if there are enough runs",
            ("Measure", "Arm", "Quantile", "Value", "95 % interval"),
            tuple(
                (
                    *cells(row, "measure", "arm"),
                    f"{row['quantile']:.0%}",
                    "after the end" if (value := row["estimate"]) is None else exact(value),
                    _interval(row),
                )
                for row in summary["quantiles"]
            ),
        )


def all_numbers(summary: Data, *, brief: bool = False) -> Iterator[Grid]:
    """Yield every estimate and every difference; `brief`: as in `every_difference`."""
    estimates = summary["estimates"]
    yield Grid(
        "Estimates with standard errors and 95 % intervals, and the runs needed to halve their width",
        ("Measure", "Arm", "Runs", "Estimate", "± SE", "95 % interval", "Method", "Runs to halve it"),
        tuple(
            (
                *(*cells(row, "measure", "arm"), runs_of(row), exact(row["estimate"]), exact(row["se"])),
                *(_interval(row), row["interval"]),
                "" if row["runs_to_halve"] is None else f"{row['runs_to_halve']:,}",
            )
            for row in estimates
        ),
        (0.22, 0.13, 0.08, 0.11, 0.1, 0.16, 0.1, 0.1),
    )
    if summary["comparisons"] and len(summary["arms"]) <= MANY:
        yield every_difference(summary["comparisons"], summary["baseline"], brief=brief)


def every_difference(rows: Sequence[Data], baseline: str, *, paired: bool = True, brief: bool = False) -> Grid:
    """Differences with their intervals and p-values, and the gains of pairing.

    `paired`: all rows are; `brief`: without the p-value of each alone.
    """
    pairs, each = (", paired by replication" if paired else "", "" if brief else " and p")
    own = () if brief else ("p",)
    runs = ("n",) if len({row["n"] for row in rows}) > 1 else ()
    return Grid(
        f"Differences from {baseline}{pairs}; intervals{each} of each alone, p corrected by Holm for all of them",
        ("Measure", "Arm", *runs, "Difference", "95 % interval", *own, "p corrected", "Gain of pairing", "At most"),
        tuple(
            (
                *(*cells(row, "measure", "arm", *runs), exact(row["estimate"]), _interval(row)),
                *(p_value(row[p]) for p in (*own, "p_holm")),
                *("" if row[name] is None else f"{row[name]:.1f} ×" for name in ("gain", "ceiling")),
            )
            for row in rows
        ),
    )


def ranking(rows: Sequence[Data]) -> Iterator[Block]:
    """Yield the arms ranked on each measure in which any two surely differ, with all pairs; others in a sentence."""
    alike = []
    for measure, ranked in ((name, list(each)) for name, each in groupby(rows, key=lambda row: row["measure"])):
        if not any(sure for row in ranked for _, sure in row["against"].values()):
            alike.append(measure)
            continue
        few, arms = len(ranked) <= MANY, [row["arm"] for row in ranked]
        numbers = range(1, len(arms) + 1)
        matrix = map(str, numbers) if few else (f"Against 1 to {len(arms)}",)
        heads = ("", "Arm", "Estimate", "95 % interval", "Rank", "First in", *matrix)
        cells_of = [[_against(row["against"].get(arm), few=few) for arm in arms] for row in ranked]
        marks = "* sure" if few else "+ surely more, − surely less, · not told apart"
        yield Grid(
            f"{measure}: {marks}, corrected for all pairs; ranks with 95 % intervals",
            heads,
            tuple(
                (
                    *(str(number), row["arm"], exact(row["estimate"]), _interval(row)),
                    *("–".join(dict.fromkeys(map(str, row["ranks"]))), f"{row['first']:.0%}"),
                    *(found if few else ("".join(found),)),
                )
                for number, row, found in zip(numbers, ranked, cells_of, strict=True)
            ),
        )
    if alike:
        yield Paragraph(f"No two arms are shown to differ in {joined(alike)}.")


def _against(found: tuple[float | None, bool] | None, *, few: bool) -> str:
    """Return a cell of the matrix of all pairs: a difference, or only its sign if there are many arms."""
    difference, sure = found or (None, False)
    if few:
        return "" if difference is None else short(difference) + ("*" if sure else "")
    if difference is None or not sure:
        return "·" if found else "="
    return "+" if difference > 0.0 else "−"


def thresholds(summary: Data, names: Names) -> Iterator[Block]:
    """Yield whether estimates cross the thresholds of the batch, if it has any."""
    if not summary["thresholds"]:
        return
    yield Heading(2, "Thresholds")
    heads = ("The batch fails if", "Arm", "Estimate", "Verdict")
    yield Grid("Each threshold in each arm", heads, tuple(_threshold(row, names) for row in summary["thresholds"]))


def _threshold(row: Data, names: Names) -> tuple[str, ...]:
    threshold, value = parse_threshold(row["threshold"]), row["estimate"]
    share = names.is_share(threshold.measure)
    number = f"{100 * threshold.number:g} %" if share else f"{threshold.number:g}"
    failed = f" ({row['failed']} failed runs do not count)" if row["failed"] else ""
    return (
        f"{names.title(threshold.measure)} {threshold.op} {number}",
        names.label(row["arm"]),
        f"{100 * value:.3g} %" if share and value is not None else exact(value),
        ("✗ crossed" if row["crossed"] else "✓ not crossed") + failed,
    )


def _interval(row: Data) -> str:
    return interval(row["low"], row["high"])


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
        rows = summary["variance"]
        if drawn:
            from wargame.review.reports.batch_charts import variance

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


def _tornado(bars: list[Data], names: Names, *, drawn: bool) -> Iterator[Block]:
    moved = [key for key in _groups(bars) if any(row["swing"] for row in _of(bars, key))]
    if moved and drawn:
        from wargame.review.reports.batch_charts import tornado

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
        from wargame.review.reports.batch_charts import sobol

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
