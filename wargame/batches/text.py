"""A batch as text: thresholds, then estimates with their intervals, then differences between arms."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from rich.text import Text

from wargame.batches.analysis.interests import SURE, sentences
from wargame.journal.wording import count
from wargame.language.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from wargame.batches.analysis.differences import DifferenceRow
    from wargame.batches.analysis.estimates import EstimateRow
    from wargame.batches.analysis.interests import InterestRow
    from wargame.batches.api import Batch

MANY = 1000
"""Gains of pairing are shown as numbers up to this factor."""


PASSED, CROSSED = "✓", "✗"


def render(batch: Batch, screen: Console, report: str | None = None) -> None:
    """Prints a batch, with the path of its report and the commands to go on."""
    summary = batch.summary
    arms = count(len(summary["arms"]), "arm")
    runs = count(summary["runs"], "run")
    screen.print(Text(clean(f"{summary['study']}: {runs}, {arms}, seed {summary['seed']}"), style="bold"))
    screen.print(Text(clean(_how_far(batch))))
    for each in summary["thresholds"]:
        mark, what = (CROSSED, "crossed") if each["crossed"] else (PASSED, "not crossed")
        but = f" ({each['failed']} failed runs do not count)" if each["failed"] else ""
        line = f"  {mark} {each['threshold']}: {what} in {each['arm']}, {number(each['estimate'])}{but}"
        screen.print(Text(line, style="bold red" if each["crossed"] else "green"))
    for note in summary["notes"]:
        screen.print(Text(note, style="yellow"))
    screen.print(estimates_table(summary["estimates"]))
    if any(line.kind == "time" for line in summary["estimates"]):
        screen.print(
            Text(
                "times: mean days over all runs; runs without the outcome count with the days until their end",
                style="dim",
            )
        )
    if summary["comparisons"]:
        screen.print(Text(f"\nAgainst {summary['baseline']}, run by run with the same draws", style="bold"))
        screen.print(differences_table(summary["comparisons"]))
    if summary["interests"]:
        screen.print(Text(f"\nBy whose interests, against {summary['baseline']}: change of welfare", style="bold"))
        screen.print(interests_table(summary["interests"]))
        for sentence in sentences(summary["interests"]):
            screen.print(Text(clean(sentence)))
    for each in summary["variance"]:
        shares = ", ".join(f"{name} {each[name]:.0%}" for name in ("draws", "parameters", "arm"))
        screen.print(Text(f"variance of {each['measure']}: {shares}"))
    if summary["sensitivity"]:
        screen.print(sensitivity_table(summary["sensitivity"]))
    screen.print(Text("\nWhere to look next", style="bold"))
    rows = list(_next(batch, report))
    longest = max(len(command) for command, _ in rows)
    for command, what in rows:
        screen.print(Text(f"{command:<{longest}}  ").append(what, style="dim"), soft_wrap=True)


def _how_far(batch: Batch) -> str:
    """How the batch ended and with how many replications; of one that was stopped, how many of its runs there are."""
    summary = batch.summary
    far = f"{summary['ended']} at {count(summary['replications'], 'replication')}"
    if batch.can_resume:
        runs = batch.manifest.replications * len(batch.prepared.names)
        far = f"{summary['ended']}: {batch.manifest.runs or summary['runs']:,} of {count(runs, 'run')}"
    return far + (f", {summary['failed']:,} failed" if summary["failed"] else "")


def _next(batch: Batch, report: str | None) -> Iterator[tuple[str, str]]:
    """The report and the folder, and commands with what they do."""
    call, names = shlex.quote(batch.call), batch.prepared.names
    arm = next((name for name in names if name != batch.prepared.study.against), names[0])
    if report:
        yield report, "the report; open it in a browser"
    yield batch.call, "the folder: the table of runs, the inputs, all results"
    if "://" in batch.path:
        return
    if not report:
        yield f"wargame report {call}", "writes the report"
    yield f"wargame run {call} --arm {shlex.quote(arm)} --replication 0", "repeats one of the runs, with its journal"
    if len(names) > 1:
        yield f"wargame compare {call}", "compares the arms"
    if batch.can_resume:
        yield f"wargame batch {call} --resume", "continues the batch"
    yield f"wargame show {call}", "prints this summary again"


def estimates_table(estimates: list[EstimateRow]) -> Text:
    """Estimates with standard errors, 95 % intervals and the runs that would halve the interval."""
    rows = []
    for each in estimates:
        more = "" if each.runs_to_halve is None else f"{each.runs_to_halve:,}"
        cells = (each.arm, number(each.estimate), number(each.se), _interval(each), f"{each.n:,}", more)
        rows.append((each.measure, cells))
    return _by_measure(("", "estimate", "± se", "95 % interval", "n", "n for half the width"), rows)


def differences_table(differences: list[DifferenceRow]) -> Text:
    """Differences with the 95 % interval of each alone, p-values corrected for all, and the gains of pairing.

    The numbers of runs are shown where they are not all the same.
    """
    rows, differ = [], len({each.n for each in differences}) > 1
    for each in differences:
        p = "" if each.p_holm is None else ("< 0.001" if each.p_holm < 0.001 else f"{each.p_holm:.3f}")
        runs = (f"{each.n:,}",) if differ else ()
        cells = (each.arm, number(each.estimate, signed=True), _interval(each), *runs, p, _times(each.gain))
        rows.append((each.measure, (*cells, _times(each.ceiling))))
    heads = ("", "difference", "95 % for each", *(("n",) if differ else ()), "p (Holm)", "pairing", "at most")
    return _by_measure(heads, rows)


def interests_table(rows: list[InterestRow]) -> Text:
    """What each arm changes for each government: its welfare at the end and over time, * if the difference is shown."""
    cells = [(each.arm, (each.name, _shown(each.at_end), _shown(each.over_time))) for each in rows]
    return _by_measure(("", "at the end", "over time"), cells)


def _shown(row: DifferenceRow | None) -> str:
    if row is None:
        return ""
    return number(row.estimate, signed=True) + (" *" if row.p_holm is not None and row.p_holm < SURE else "")


def sensitivity_table(rows: list[dict[str, Any]]) -> Text:
    """Sobol's indices or the bars of a tornado, with their intervals."""
    tornado = "swing" in rows[0]
    titles = ("", "at its low end", "at its high end") if tornado else ("", "first order", "total")
    cells = []
    for row in rows:
        pair = (_end(row["at_low"]), _end(row["at_high"])) if tornado else (_index(row, "first"), _index(row, "total"))
        cells.append((f"{row['measure']} in {row['arm']}", (row["factor"], *pair)))
    return _by_measure(titles, cells)


def _index(row: dict[str, Any], name: str) -> str:
    return f"{row[name]:.2f} ± {row[f'{name}_half_width']:.2f}"


def number(value: float | None, *, signed: bool = False) -> str:
    """Three significant digits."""
    if value is None:
        return "-"
    text = f"{value:+.3g}" if signed else f"{value:.3g}"
    return f"{value:{'+' if signed else ''},.0f}" if "e" in text and 1e3 <= abs(value) < 1e9 else text


def _end(end: dict[str, Any]) -> str:
    """The effect of a factor's end, with its interval."""
    span = "" if end["from"] is None else f" ({number(end['from'])} to {number(end['to'])})"
    return number(end["effect"], signed=True) + span


def _interval(each: EstimateRow | DifferenceRow) -> str:
    return "-" if each.low is None or each.high is None else f"{number(each.low)} to {number(each.high)}"


def _times(factor: float | None) -> str:
    if factor is None:
        return ""
    return f"{factor:.1f} x" if factor < MANY else f"> {MANY} x"


def _by_measure(titles: tuple[str, ...], rows: Sequence[tuple[str, tuple[str, ...]]]) -> Text:
    """Rows below the name of their measure, which does not affect the widths of columns; no cell is cut."""
    cells = [titles, *((f"  {arm}", *rest) for _, (arm, *rest) in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(f"{cell:{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    text = Text(no_wrap=True, overflow="ignore")
    text.append(lines[0], style="bold")
    last = ""
    for (measure, _), line in zip(rows, lines[1:], strict=True):
        if measure != last:
            text.append(f"\n{measure}", style="bold")
        text.append(f"\n{line}")
        last = measure
    return text
