"""The report of a backtest: skill, reliability, all scores, actors, events, and how they are scored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wargame.document.blocks import Block, Bullets, Fields, Grid, Heading, Paragraph
from wargame.document.formatting import cells
from wargame.evidence.backtest.events import called
from wargame.evidence.backtest.scoring import ALL, NAIVE
from wargame.evidence.backtest.text import NAMES, number, skill_text, summary, title
from wargame.language.plain_text import clean
from wargame.review.reports import backtest_charts as charts

if TYPE_CHECKING:
    from wargame.evidence.backtest.scoring import Backtest

HOW = """
A window is a number of days from a forecast origin, the day on which the governments of the runs begin to decide.
Several events of one kind and actor on one day count once. An event that lasts counts on its first day.

The Brier score is (p - y)² with p = k/n, the share of the n runs in which the event occurs, and y = 1 if it occurred
and 0 if it did not. The log score is the negative natural logarithm of the probability of what occurred, with
(k + 1/2)/(n + 1) for p; probabilities of naive forecasts are limited to the same range, so that no forecast has an
unbounded score.

The CRPS of counts is the integral of the squared distance between the distribution of the runs' counts and the observed
count. The CRPS of first passage is that of the days until the first event, cut off at the end of the window in runs and
history alike: an event that does not occur within the window counts with the length of the window.

Skill is 1 minus the ratio of the mean scores: 1 is perfect, 0 equals the naive forecast, below 0 is worse. It is not
defined if the naive forecast is perfect and the model is not. The naive forecasts are never (the event does not occur),
persistence (as in the window of the same length before the origin), and Poisson (the mean rate of the year before the
origin, or of as much of it as the chronology covers).

Intervals are 95 % intervals from 2,000 resamples of origins in circular blocks as long as windows overlap. There is no
interval if there is one origin, or if all windows overlap. With few origins intervals are rough, and they are valid for
this period only.

What the exercise scripts is not scored: exogenous rows of the history and injects with fixed times, together with the
events of the chronology that they represent (the same row, or the same kind and actor within three days).
"""


def backtest_report(backtest: Backtest) -> list[Block]:
    """All blocks of the report."""
    return [
        Heading(1, f"Backtest: {clean(backtest.scenario)}"),
        *_overview(backtest),
        *_skill(backtest),
        *_reliability(backtest),
        *_scores(backtest),
        *_actors(backtest),
        *_events(backtest),
        Heading(2, "How it is scored"),
        *(Paragraph(" ".join(part.split())) for part in HOW.strip().split("\n\n")),
    ]


def _overview(backtest: Backtest) -> Iterator[Block]:
    origins, (first, last) = backtest.origins, backtest.covered
    yield Fields(
        (
            ("Chronology", f"{called(backtest.chronology, backtest.scenario)}, complete from {first} to {last}"),
            ("Chronology before that", called(backtest.past, backtest.scenario)),
            ("Windows", ", ".join(f"{window} days" for window in backtest.windows)),
            *(
                (("Scored from", f"{' and '.join(map(str, backtest.leads))} days after each STARTEX"),)
                if backtest.leads != (0,)
                else ()
            ),
            ("Runs", f"{sum(row['runs'] for row in origins):,} from {len(origins)} origins"),
            *(
                (("For the observation model alone", f"runs of {len(backtest.earlier)} earlier origins"),)
                if backtest.earlier
                else ()
            ),
        )
    )
    if backtest.notes:
        yield Bullets(tuple(clean(str(note)) for note in backtest.notes))
    yield Grid(
        "Origins",
        ("From", "Batch", "Arm", "Runs", "Failed", "Ended by an outcome", "Days"),
        tuple(
            (*cells(row, "date", "batch", "arm"), f"{row['runs']:,}", *cells(row, "failed", "ended_by_outcome", "days"))
            for row in origins
        ),
    )


def _skill(backtest: Backtest) -> Iterator[Block]:
    yield Heading(2, "Skill compared with naive forecasts")
    rows = [row for row in summary(backtest) if row["score"] == "brier"]
    titles = {ALL: "All kinds", **backtest.titles}
    for window in backtest.windows:
        mine = [row for row in rows if row["window"] == window]
        if not mine:
            continue
        yield Grid(
            f"Skill by Brier score within {window} days, with 95 % intervals",
            ("Kind", "Occurred", "Forecast", "Brier", *(f"Against {name}" for name in NAIVE)),
            tuple(_skill_row(backtest, row) for row in mine),
            (0.25, 0.09, 0.06, 0.08, 0.17, 0.17, 0.18),
        )
    middle = sorted(backtest.windows)[len(backtest.windows) // 2]
    yield charts.skills([row for row in rows if row["window"] == middle], titles, middle)


def _skill_row(backtest: Backtest, row: dict[str, Any]) -> tuple[str, ...]:
    occurred = f"{row['occurred']} of {row['forecasts']}"
    return (clean(title(backtest, row["kind"])), occurred, f"{row['mean_p']:.2f}", number(row["value"]), *_skills(row))


def _skills(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(skill_text(row["naive"][name]) for name in NAIVE)


def _reliability(backtest: Backtest) -> Iterator[Block]:
    yield Heading(2, "Reliability: do events occur as often as forecast?")
    yield charts.reliability(backtest.reliability)
    yield Grid(
        "Reliability over all windows",
        ("Forecast", "Windows", "Mean forecast", "Share that occurred", "95 % interval"),
        tuple(
            (
                *(f"{row['from']:.1f} to {row['to']:.1f}", str(row["n"])),
                *(f"{row['forecast']:.3f}", f"{row['observed']:.3f}", f"{row['low']:.3f} to {row['high']:.3f}"),
            )
            for row in backtest.reliability
            if row["window"] is None
        ),
    )
    middle = sorted(backtest.windows)[len(backtest.windows) // 2]
    yield charts.forecasts(backtest.forecasts, backtest.titles, middle)


def _scores(backtest: Backtest) -> Iterator[Block]:
    yield Heading(2, "All scores")
    for score, name in NAMES.items():
        yield Grid(
            f"{name}: mean over origins, and skill",
            ("Kind", "Days", "Model (95 % interval)", *(f"Against {each}" for each in NAIVE)),
            tuple(_score_row(backtest, row) for row in summary(backtest) if row["score"] == score),
            (0.25, 0.07, 0.2, 0.16, 0.16, 0.16),
        )


def _score_row(backtest: Backtest, row: dict[str, Any]) -> tuple[str, ...]:
    interval = "" if row["low"] is None else f" ({number(row['low'])} to {number(row['high'])})"
    return (clean(title(backtest, row["kind"])), str(row["window"]), f"{number(row['value'])}{interval}", *_skills(row))


def _actors(backtest: Backtest) -> Iterator[Block]:
    rows = [row for row in backtest.scores if row["actor"] != ALL and row["score"] == "brier"]
    yield Heading(2, "Actors")
    yield Grid(
        "Brier score by kind and actor",
        ("Kind", "Actor", "Days", "Occurred", "Forecast", "Brier", *(f"Against {name}" for name in NAIVE)),
        tuple(_actor_row(backtest, row) for row in rows),
        (0.2, 0.08, 0.06, 0.09, 0.06, 0.07, 0.14, 0.15, 0.15),
    )


def _actor_row(backtest: Backtest, row: dict[str, Any]) -> tuple[str, ...]:
    kind, *rest = _skill_row(backtest, row)
    return (kind, *cells(row, "actor", "window"), *rest)


def _events(backtest: Backtest) -> Iterator[Block]:
    yield Heading(2, "What happened")
    yield Paragraph("Events of the chronology from the first origin on, and how they are scored.")
    yield Grid(
        "Events",
        ("Id", "Date", "Actors", "Kind", "Event", "In the history", "Scored as"),
        tuple(
            (
                *cells(row, "id", "date", "actors", "kind", "description", "mark"),
                clean(", ".join(row["scored_as"]) or f"not: {row['not_scored']}"),
            )
            for row in backtest.events
        ),
        (0.07, 0.1, 0.12, 0.12, 0.3, 0.09, 0.2),
    )
