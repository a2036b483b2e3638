"""All findings of one run. Each is computed once, when it is first needed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from wargame.errors import Invalid
from wargame.journal.decoding import Undecodable, decode
from wargame.journal.folder import SUMMARY, Folder
from wargame.journal.inputs import LARGE, read_input
from wargame.journal.questionnaires import questionnaire_results
from wargame.journal.reader import first_field
from wargame.review.findings import decision_log, finding_rows, msel, series
from wargame.review.findings.executive import executive_summary
from wargame.review.findings.expected_actions import expected_actions, left_to_people, still_open
from wargame.review.findings.objectives import Observation, evaluators, noted, nothing_drafted, objectives, observations
from wargame.review.findings.people import SeatHistory, active_seats
from wargame.review.findings.series import objective_measures
from wargame.review.findings.source import AnyRun, RunSource, open_run, read_programs
from wargame.review.findings.summary import RunSummary, summarize
from wargame.review.findings.turning_points import turning_points


@dataclass(frozen=True)
class Findings:
    """The findings of a run, which its page, its documents, its summary and the tables for notebooks share.

    Each property is what the function of its name returns, which describes it. These functions are pure: they take the
    run, and the findings that they build on. Only this class calls them, and `why`, which needs turning points alone.
    """

    source: RunSource

    turning_points = cached_property(lambda self: turning_points(self.source))
    executive = cached_property(
        lambda self: executive_summary(
            self.source, self.summary, self.human_seats, self.active_seats, self.seat_decisions
        )
    )
    seat_decisions = cached_property(lambda self: decision_log.seat_decisions(self.source))
    messages = cached_property(lambda self: decision_log.messages(self.source))
    votes = cached_property(lambda self: decision_log.votes(self.source))
    questionnaires = cached_property(lambda self: questionnaire_results(self.source.records))
    answers = cached_property(lambda self: list(msel.answer_rows(self.source, self.questionnaires)))
    sent_messages = cached_property(lambda self: msel.sent_messages(self.source))
    adjudications = cached_property(lambda self: decision_log.adjudications(self.source))
    remarks = cached_property(lambda self: decision_log.remarks(self.source))
    moments = cached_property(lambda self: finding_rows.moments(self.source, self.turning_points))
    timeline = cached_property(lambda self: finding_rows.timeline(self.source))
    decisions = cached_property(lambda self: finding_rows.decisions(self.source))
    expected_actions = cached_property(lambda self: expected_actions(self.source))
    left_to_people = cached_property(lambda self: left_to_people(self.source, self.expected_actions))
    still_open = cached_property(lambda self: still_open(self.source))
    msel = cached_property(lambda self: msel.msel(self.source))
    human_seats = cached_property(lambda self: SeatHistory(self.source).human_at_any_time())
    active_seats = cached_property(lambda self: active_seats(self.source))
    objectives = cached_property(
        lambda self: objectives(self.source, self.expected_actions, self.msel, self.left_to_people)
    )
    objective_measures = cached_property(lambda self: objective_measures(self.source))
    evaluators = cached_property(lambda self: evaluators(self.source))
    nothing_drafted = cached_property(
        lambda self: nothing_drafted(self.still_open, self.expected_actions, self.human_seats, self.left_to_people)
    )
    attention = cached_property(lambda self: finding_rows.attention(self.source))
    talks = cached_property(lambda self: finding_rows.talks(self.source))
    escalation = cached_property(lambda self: finding_rows.escalation(self.source))
    notes = cached_property(lambda self: finding_rows.notes(self.source))
    seats = cached_property(lambda self: finding_rows.seats(self.source))
    series = cached_property(lambda self: series.series(self.source))
    relations = cached_property(lambda self: series.relations(self.source, self.series))

    @cached_property
    def summary(self) -> RunSummary:
        """The summary of the results."""
        decided = decision_log.decided_by(self.source, self.seat_decisions, self.adjudications)
        return summarize(self.source, self.turning_points, self.expected_actions, self.still_open, decided)

    @cached_property
    def observations(self) -> list[Observation]:
        """Drafts of observations: one for each objective and human seat, and one for each note with a tag."""
        drafts = observations(self.source, self.expected_actions, self.left_to_people)
        return sorted([*drafts, *noted(self.source)], key=lambda each: each.sustain)


def open_findings(run: AnyRun | Findings) -> Findings:
    """Return the findings of a run folder; raises what `open_run` raises."""
    return run if isinstance(run, Findings) else Findings(open_run(run))


def fault_in_summary(folder: Folder) -> str:
    """Return the first place where the file differs from the journal; empty if there is none, or no file.

    Raises Invalid if a transcript is damaged, so that the names of programs cannot be compared.
    """
    path = folder.path / SUMMARY
    if not path.exists():
        return ""
    remedy = "wargame resume writes it again" if folder.is_live else "wargame show prints the right one"
    try:
        stored = decode(read_input(path, LARGE), dict[str, Any])
    except (OSError, Undecodable) as error:
        return f"{SUMMARY} cannot be read: {error} ({remedy})"
    if damaged := read_programs(folder)[1]:
        raise Invalid(damaged)
    different = first_field(stored, decode(msgspec.json.encode(open_findings(folder).summary), dict[str, Any]))
    if different is None:
        return ""
    place, found, expected = different
    return f"{SUMMARY} differs in {place}: {found} in the file, {expected} from the journal ({remedy})"
