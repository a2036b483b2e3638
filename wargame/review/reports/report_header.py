"""Texts at the head of every review: the exercise, its game time and real time, and its ending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wargame.document.formatting import time_span
from wargame.journal.manifest import outcome_that_ended, versions_text
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import date_time
from wargame.review.findings import knowledge
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import Observation
from wargame.review.findings.reviewer_notes import ReviewerNotes, merged, plan_rows
from wargame.review.findings.source import INCOMPLETE, RunSource, is_fork
from wargame.review.findings.turning_points import MOST
from wargame.tables import tables

if TYPE_CHECKING:
    from wargame.review.findings.moment_effects import MomentEffects

ENDINGS: Mapping[str, str] = tables("review/words.yaml")["endings"]


LIVE = "wargame play"
"""The beginning of the command of a live exercise."""
FEW = 4
"""Outcomes that did not occur, up to which a summary names them."""


def game_time(source: RunSource) -> str:
    """Return the span from STARTEX to the end, by the scenario's calendar."""
    startex, reached = source.manifest.startex, source.manifest.reached or source.reached
    if startex and reached and reached < startex:
        return f"none: it reached {source.dates.at(reached)}, before STARTEX on {source.dates.at(startex)}"
    return f"{source.dates.at(startex)} to {source.dates.at(reached)}" if startex and reached else ""


def ended(findings: Findings, how: str) -> str:
    """Return the ending `how` as text, with its date in game time."""
    source = findings.source
    outcome, titles = outcome_that_ended(how), {each.id: each.title for each in findings.summary.outcomes}
    text = f"outcome: {titles.get(outcome, outcome)}" if outcome else ENDINGS.get(how, how)
    reached = source.manifest.reached or source.reached
    return f"{text}, {date_time(reached)}" if reached and how != INCOMPLETE else text


def fork(source: RunSource) -> str:
    """Name the moments from which a fork has its own random draws; return an empty text for other runs."""
    moments = [source.dates.at(record.at) for record in source.records if is_fork(record)]
    return f"other random draws from {' and again from '.join(moments)} on" if moments else ""


def provenance(source: RunSource) -> list[tuple[str, str]]:
    """Return the data that identify the run: scenario, seed, hashes, number of records, versions and platform."""
    manifest = source.manifest
    versions = versions_text(manifest.versions, manifest.numbers)
    return [
        ("scenario", manifest.scenario),
        ("seed", str(manifest.seed)),
        ("scenario sha256", manifest.scenario_sha256),
        ("injects sha256", manifest.injects_sha256),
        ("journal sha256", manifest.journal_sha256 or "not known: the run is not complete"),
        ("records", f"{len(source.records):,}"),
        ("versions", versions),
        ("platform", manifest.platform),
    ]


def facts(findings: Findings) -> list[str]:
    """Return dates, participants and ending, each in a few words, for the line below the title."""
    source, seats_played = findings.source, sorted(findings.human_seats)
    people = [name for name in seats_played if name not in source.programs]
    players = [name for name in people if name in findings.active_seats]
    silent = [name for name in people if name not in findings.active_seats]
    by_programs = [name for name in seats_played if name in source.programs]
    attended = source.folder.is_live and (people or not by_programs or source.manifest.command.startswith(LIVE))
    forked = fork(source) != ""
    sort = "live exercise" if attended and (people or not forked) else "unattended run"
    if forked:
        sort = f"fork, {sort}"
    played = {"played by people": players, "human seats without any input": silent, "played by programs": by_programs}
    sort += "".join(f", {how}: {', '.join(map(source.name, names))}" for how, names in played.items() if names)
    conducted = f"conducted {time_span(source.manifest.started, source.manifest.finished)}"
    return [part for part in (game_time(source), sort, conducted) if part]


def other_outcomes(findings: Findings, listed_in: str = "") -> tuple[str, ...]:
    """Return sentences about outcomes that were true at STARTEX, that were revoked, and that did not occur.

    If there are many, the last are only counted, and `listed_in` names the section that lists them.
    """
    outcomes = findings.executive.outcomes
    return paragraphs(
        "wargame.review",
        "other_outcomes.txt.j2",
        inherited=[each.title for each in outcomes if each.inherited],
        revoked=[each.title for each in outcomes if not each.at and each.ruling],
        absent=[each.title for each in outcomes if not each.at and not each.ruling],
        absence=findings.summary.absence,
        listed_in=listed_in,
        few=FEW,
    )


@dataclass(frozen=True)
class Review:
    """The findings of a run and what a reviewer wrote; with `seat`, as far as that government could know them."""

    whole: Findings
    """The findings of the whole run."""
    notes: ReviewerNotes
    seat: str = ""
    effects: MomentEffects | None = None
    percentiles: Mapping[str, Any] | None = None

    @cached_property
    def findings(self) -> Findings:
        """The findings that the reader may see."""
        return Findings(knowledge.seat_source(self.whole.source, self.seat)) if self.seat else self.whole

    @property
    def source(self) -> RunSource:
        """The run that the reader may see."""
        return self.findings.source

    @property
    def live(self) -> bool:
        """Whether it was played."""
        return self.source.folder.is_live

    @cached_property
    def observations(self) -> list[Observation]:
        """The drafts, with the text of the reviewer, and observations that the reviewer added."""
        return merged(self.whole, self.notes)

    @cached_property
    def plan(self) -> list[dict[str, Any]]:
        """The improvement plan of the reviewer, or a draft of it."""
        return plan_rows(self.whole, self.notes, self.observations)

    @cached_property
    def attention(self) -> list[Row]:
        """The working hours by dossier that the reader may see."""
        return [row for row in self.findings.attention if not self.seat or row["who"] == self.seat]

    @cached_property
    def moments(self) -> list[Row]:
        """The moments at the top: the largest effects that are shown if there are any, else the best scores."""
        if self.effects is not None and self.effects.decisive:
            return [dict(row) | {"chain": ()} for row in self.effects.decisive[:MOST]]
        return [row | {"effect": ""} for row in self.findings.moments]
