"""The report of a backtest: skill first, then reliability, each score, each origin, each event, how it is scored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wargame.evidence.backtest.events import called
from wargame.evidence.backtest.scoring import ALL, NAIVE
from wargame.evidence.backtest.text import NAMES, number, skill_text, summary, title
from wargame.review.document.blocks import Block, Bullets, Fields, Grid, Heading, Paragraph
from wargame.review.formatting import clean
from wargame.review.reports import backtest_charts as backtestcharts

if TYPE_CHECKING:
    from wargame.evidence.backtest.scoring import Backtest

HOW = """
A window is so many days from an origin, the day on which the governments of the runs begin to decide. Several events of
one kind and actor on one day count once; what lasts counts on its first day.

The Brier score is (p - y)² with p = k/n, the share of the n runs in which it came, and y = 1 if it came and 0 if not.
The log score is the negative natural logarithm of the probability of what came, with (k + 1/2)/(n + 1) for p; the
probabilities of naive forecasts are kept within the ends of that, so that none is punished without bound.

CRPS of counts is the integral of the squared distance between the distribution of the runs' counts and the count that
was. CRPS of first passage is that of days until the first event, cut off at the window's end in runs and history alike:
what does not come within the window counts as its length.

Skill is 1 less the ratio of the mean scores: 1 is perfect, 0 as good as the naive forecast, below 0 worse. It is not
defined where the naive forecast was perfect and the model was not. Never: it will not come. Persistence: as in the
window of the same length before the origin. Poisson: at the mean rate of the year before it, or of as much of it as the
chronology knows.

Intervals are of 95 %, from 2,000 resamples of origins in circular blocks as long as windows overlap; there is none
where there is one origin, or all windows overlap. With few origins they are rough, and they hold for this period alone.

Not scored is what the exercise scripts: exogenous rows of the record, and injects with fixed times, with the events of
the chronology that they stand for (the same row, or the same kind and actor within three days).
"""


def backtest_report(found: Backtest) -> list[Block]:
    """All blocks of the report."""
    return [
        Heading(1, f"Backtest: {clean(found.scenario)}"),
        *_overview(found),
        *_skill(found),
        *_reliability(found),
        *_scores(found),
        *_actors(found),
        *_events(found),
        Heading(2, "How it is scored"),
        *(Paragraph(" ".join(part.split())) for part in HOW.strip().split("\n\n")),
    ]


def _overview(found: Backtest) -> Iterator[Block]:
    origins = found.origins
    yield Fields(
        (
            (
                "Chronology",
                f"{called(found.chronology, found.scenario)}, whole from {found.covered[0]} to {found.covered[1]}",
            ),
            ("Before its first event", called(found.past, found.scenario)),
            ("Windows", ", ".join(f"{window} days" for window in found.windows)),
            *((("Scored from", f"{found.lead} days after each STARTEX"),) if found.lead else ()),
            ("Runs", f"{sum(row['runs'] for row in origins):,} from {len(origins)} origins"),
        )
    )
    if found.notes:
        yield Bullets(tuple(clean(str(note)) for note in found.notes))
    yield Grid(
        "Origins",
        ("From", "Batch", "Arm", "Runs", "Failed", "Ended by an outcome", "Days"),
        tuple(
            (
                str(row["date"]),
                clean(row["batch"]),
                row["arm"],
                f"{row['runs']:,}",
                str(row["failed"]),
                str(row["ended_by_outcome"]),
                str(row["days"]),
            )
            for row in origins
        ),
    )


def _skill(found: Backtest) -> Iterator[Block]:
    yield Heading(2, "Is it better than a naive forecast?")
    rows = [row for row in summary(found) if row["score"] == "brier"]
    titles = {ALL: "All kinds", **found.titles}
    for window in found.windows:
        mine = [row for row in rows if row["window"] == window]
        if not mine:
            continue
        yield Grid(
            f"Skill by Brier score within {window} days, with 95 % intervals",
            ("Kind", "Came", "Said", "Brier", *(f"Against {name}" for name in NAIVE)),
            tuple(_skill_row(found, row) for row in mine),
            (0.25, 0.09, 0.06, 0.08, 0.17, 0.17, 0.18),
        )
    middle = sorted(found.windows)[len(found.windows) // 2]
    yield backtestcharts.skills([row for row in rows if row["window"] == middle], titles, middle)


def _skill_row(found: Backtest, row: dict[str, Any]) -> tuple[str, ...]:
    came = f"{row['occurred']} of {row['forecasts']}"
    skills = tuple(skill_text(row["naive"][name]) for name in NAIVE)
    return (clean(title(found, row["kind"])), came, f"{row['mean_p']:.2f}", number(row["value"]), *skills)


def _reliability(found: Backtest) -> Iterator[Block]:
    yield Heading(2, "Does what is said come as often as it is said?")
    yield backtestcharts.reliability(found.reliability)
    yield Grid(
        "Reliability, all windows together",
        ("Said", "Windows", "Mean of what was said", "Share that came", "95 % interval"),
        tuple(
            (
                f"{row['from']:.1f} to {row['to']:.1f}",
                str(row["n"]),
                f"{row['forecast']:.3f}",
                f"{row['observed']:.3f}",
                f"{row['low']:.3f} to {row['high']:.3f}",
            )
            for row in found.reliability
            if row["window"] is None
        ),
    )
    middle = sorted(found.windows)[len(found.windows) // 2]
    yield backtestcharts.forecasts(found.forecasts, found.titles, middle)


def _scores(found: Backtest) -> Iterator[Block]:
    yield Heading(2, "Each score")
    for score, name in NAMES.items():
        yield Grid(
            f"{name}: mean over origins, and skill",
            ("Kind", "Days", "Model (95 % interval)", *(f"Against {each}" for each in NAIVE)),
            tuple(_score_row(found, row) for row in summary(found) if row["score"] == score),
            (0.25, 0.07, 0.2, 0.16, 0.16, 0.16),
        )


def _score_row(found: Backtest, row: dict[str, Any]) -> tuple[str, ...]:
    interval = "" if row["low"] is None else f" ({number(row['low'])} to {number(row['high'])})"
    skills = tuple(skill_text(row["naive"][name]) for name in NAIVE)
    return (clean(title(found, row["kind"])), str(row["window"]), f"{number(row['value'])}{interval}", *skills)


def _actors(found: Backtest) -> Iterator[Block]:
    rows = [row for row in found.scores if row["actor"] != ALL and row["score"] == "brier"]
    yield Heading(2, "Each actor")
    yield Grid(
        "Brier score of each kind and actor",
        ("Kind", "Actor", "Days", "Came", "Said", "Brier", *(f"Against {name}" for name in NAIVE)),
        tuple(
            (
                clean(title(found, row["kind"])),
                clean(row["actor"]),
                str(row["window"]),
                f"{row['occurred']} of {row['forecasts']}",
                f"{row['mean_p']:.2f}",
                number(row["value"]),
                *(skill_text(row["naive"][name]) for name in NAIVE),
            )
            for row in rows
        ),
        (0.2, 0.08, 0.06, 0.09, 0.06, 0.07, 0.14, 0.15, 0.15),
    )


def _events(found: Backtest) -> Iterator[Block]:
    yield Heading(2, "What happened")
    yield Paragraph("Events of the chronology from the first origin on, and what they are scored as.")
    yield Grid(
        "Events",
        ("Id", "Date", "Actors", "Kind", "Event", "In the record", "Scored as"),
        tuple(
            (
                clean(row["id"]),
                str(row["date"]),
                clean(row["actors"]),
                clean(row["kind"]),
                clean(row["description"]),
                row["mark"],
                clean(", ".join(row["scored_as"]) or f"not: {row['not_scored']}"),
            )
            for row in found.events
        ),
        (0.07, 0.1, 0.12, 0.12, 0.3, 0.09, 0.2),
    )
