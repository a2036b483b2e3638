"""All findings of one run. Each is computed once, when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wargame.journal.questionnaires import QuestionnaireResult
from wargame.review.findings import attention, decision_log, decisions, finding_rows, msel, series
from wargame.review.findings import questionnaires as asked
from wargame.review.findings.executive import ExecutiveSummary, executive_summary
from wargame.review.findings.expected_actions import expected_actions, left_to_people, still_open
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.objective_measures import objective_measures
from wargame.review.findings.objectives import (
    Observation,
    evaluators,
    noted,
    nothing_drafted,
    objectives,
    observations,
)
from wargame.review.findings.people import SeatHistory, active_seats
from wargame.review.findings.source import Run, RunSource, open_run
from wargame.review.findings.summary import RunSummary, summarize
from wargame.review.findings.turning_points import TurningPoint, turning_points
from wargame.seat.messages import Message


@dataclass(frozen=True)
class Findings:
    """The findings of a run, which its page, its documents, its summary and the tables for notebooks share.

    The functions behind these properties are pure: they take the run, and the findings they build on. This class
    is the only one that calls them.
    """

    source: RunSource

    @cached_property
    def summary(self) -> RunSummary:
        """The results in brief."""
        decided = decision_log.decided_by(self.source, self.seat_decisions, self.adjudications)
        return summarize(self.source, self.turning_points, self.expected_actions, self.still_open, decided)

    @cached_property
    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Those that matter most, in order of time."""
        return turning_points(self.source)

    @cached_property
    def executive(self) -> ExecutiveSummary:
        """What a sponsor reads first."""
        return executive_summary(self.source, self.summary, self.human_seats, self.active_seats, self.seat_decisions)

    @cached_property
    def seat_decisions(self) -> list[Row]:
        """What people decided for their seats, each with its result."""
        return decision_log.seat_decisions(self.source)

    @cached_property
    def messages(self) -> list[Row]:
        """Messages, offers and demands with their answers."""
        return decision_log.messages(self.source)

    @cached_property
    def votes(self) -> list[Row]:
        """Votes with question, ballots and result."""
        return decision_log.votes(self.source)

    @cached_property
    def questionnaires(self) -> list[QuestionnaireResult]:
        """Questionnaires with their answers."""
        return asked.questionnaires(self.source)

    @cached_property
    def answers(self) -> list[Row]:
        """Every answer to a question of a questionnaire."""
        return list(asked.answer_rows(self.source, self.questionnaires))

    @cached_property
    def sent_messages(self) -> list[tuple[int, Message]]:
        """The messages of the script as they were sent, each with the number of its record."""
        return asked.sent_messages(self.source)

    @cached_property
    def adjudications(self) -> list[Row]:
        """What the white cell decided on the course of events."""
        return decision_log.adjudications(self.source)

    @cached_property
    def remarks(self) -> list[Row]:
        """Notes and ratings."""
        return decision_log.remarks(self.source)

    @cached_property
    def moments(self) -> list[Row]:
        """The turning points as rows."""
        return finding_rows.moments(self.source, self.turning_points)

    @cached_property
    def timeline(self) -> list[Row]:
        """What happened, in order."""
        return finding_rows.timeline(self.source)

    @cached_property
    def decisions(self) -> list[Row]:
        """Every meeting."""
        return decisions.decisions(self.source)

    @cached_property
    def expected_actions(self) -> list[Row]:
        """Expected actions with their status."""
        return expected_actions(self.source)

    @cached_property
    def left_to_people(self) -> frozenset[int]:
        """The numbers of the rows of expected actions that say something of people."""
        return left_to_people(self.source, self.expected_actions)

    @cached_property
    def still_open(self) -> int:
        """Expected actions that were open when the run ended."""
        return still_open(self.source)

    @cached_property
    def msel(self) -> list[Row]:
        """Injects as planned and as executed."""
        return msel.msel(self.source)

    @cached_property
    def human_seats(self) -> frozenset[str]:
        """Governments that had a human seat at any time."""
        return SeatHistory(self.source).human_at_any_time()

    @cached_property
    def active_seats(self) -> frozenset[str]:
        """Governments from whose seats something came."""
        return active_seats(self.source)

    @cached_property
    def objectives(self) -> list[Row]:
        """Objectives with their evidence and ratings."""
        return objectives(self.source, self.expected_actions, self.msel, self.left_to_people)

    @cached_property
    def objective_measures(self) -> list[Row]:
        """The measures of an exercise's objectives, with their values."""
        return objective_measures(self.source)

    @cached_property
    def observations(self) -> list[Observation]:
        """Drafts of observations: one for each objective and human seat, and one for each note with a tag."""
        drafts = observations(self.source, self.expected_actions, self.left_to_people)
        return sorted([*drafts, *noted(self.source)], key=lambda each: each.sustain)

    @cached_property
    def evaluators(self) -> list[str]:
        """The names of those who evaluated."""
        return evaluators(self.source)

    @cached_property
    def nothing_drafted(self) -> str:
        """Why there are no drafts of observations."""
        return nothing_drafted(self.still_open, self.expected_actions, self.human_seats, self.left_to_people)

    @cached_property
    def attention(self) -> list[Row]:
        """Working hours of each leadership by dossier."""
        return attention.attention(self.source)

    @cached_property
    def talks(self) -> list[Row]:
        """Steps of forums and agreements."""
        return finding_rows.talks(self.source)

    @cached_property
    def escalation(self) -> list[Row]:
        """Severity and highest rung by day."""
        return finding_rows.escalation(self.source)

    @cached_property
    def notes(self) -> list[Row]:
        """Notes, adjudications and commands."""
        return finding_rows.notes(self.source)

    @cached_property
    def seats(self) -> dict[str, str]:
        """The kind of each seat at STARTEX."""
        return finding_rows.seats(self.source)

    @cached_property
    def series(self) -> Mapping[str, Sequence[series.SeriesPoint]]:
        """All numbers of the world over time, by path."""
        return series.series(self.source)

    @cached_property
    def relations(self) -> list[Row]:
        """Trust between governments at each snapshot."""
        return series.relations(self.source, self.series)


def open_findings(run: Run | Findings) -> Findings:
    """The findings of a run folder; raises what `open_run` raises."""
    return run if isinstance(run, Findings) else Findings(open_run(run))
