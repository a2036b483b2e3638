"""What stands at the head of a review: what was played, when in the game and when in the world, and how it ended."""

from __future__ import annotations

from wargame.review.findings.dates import exact, held
from wargame.review.findings.findings import INCOMPLETE, Findings
from wargame.review.findings.objectives import objectives
from wargame.review.findings.source import RunSource
from wargame.review.reports.run_summary import ENDINGS


def scope(source: RunSource) -> str:
    """The scenario in a few sentences."""
    return source.scenario.summary.strip() if source.scenario else ""


def aims(source: RunSource) -> list[str]:
    """The titles of the objectives."""
    return [str(row["title"]) for row in objectives(source)]


def game_time(source: RunSource, found: Findings) -> str:
    """From STARTEX to the end, by the scenario's calendar."""
    reached = source.manifest.reached or found.reached
    return f"{source.dates.at(found.startex)} to {source.dates.at(reached)}" if found.startex and reached else ""


def when_held(source: RunSource) -> str:
    """When it was played, by the clock of the world."""
    return held(source.manifest.started, source.manifest.finished)


def ended(source: RunSource, found: Findings) -> str:
    """How it ended, and when in the game."""
    kind, _, outcome = found.ended.partition(" ")
    titles = {each.id: each.title for each in found.outcomes}
    told = f"outcome: {titles.get(outcome, outcome)}" if kind == "outcome" else ENDINGS.get(found.ended, found.ended)
    reached = source.manifest.reached or found.reached
    return f"{told}, {exact(reached)}" if reached and found.ended != INCOMPLETE else told
