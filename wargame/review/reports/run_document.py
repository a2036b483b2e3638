"""The review as a document: an executive summary on the first page, then the order of HSEEP's after-action report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wargame.document.blocks import Bar, Block, Break, Bullets, Chains, Code, Fields, Grid, Heading, Paragraph
from wargame.document.formatting import cells
from wargame.journal import wording
from wargame.review.findings.executive import remark
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import PARTS, PLAN, ReviewerNotes, merged, plan_rows
from wargame.review.findings.source import RunSource
from wargame.review.findings.summary import OutcomeFinding
from wargame.review.findings.turning_points import TurningPoint
from wargame.review.reports.questionnaire_tables import questionnaire_blocks
from wargame.review.reports.report_header import (
    aims,
    ended,
    facts,
    fork,
    game_time,
    other_outcomes,
    participants,
    real_time,
    rewinds,
    scope,
    seats,
)
from wargame.review.reports.run_appendices import annexes, msel_exceptions, record_number
from wargame.review.reports.run_page import heading, leading_moments, most_expected, ranking, rated, raters, statuses

if TYPE_CHECKING:
    from wargame.review.findings.moment_effects import MomentEffects


def review(
    findings: Findings,
    notes: ReviewerNotes,
    effects: MomentEffects | None = None,
    percentiles: Mapping[str, Any] | None = None,
    *,
    pictures: bool = True,
) -> list[Block]:
    """All blocks of the review of a run: the executive summary on the first page, then the evidence, then annexes."""
    observations = merged(findings, notes)
    return [
        *_executive(findings, notes),
        *_turning_points(findings, effects),
        *_overview(findings),
        *_plans_and_events(findings, pictures=pictures),
        *(_effects(effects) if effects else ()),
        *(_percentiles(percentiles) if percentiles else ()),
        *_analysis(findings, observations),
        *_plan(plan_rows(findings, notes, observations)),
        *annexes(findings),
    ]


# --- the first page ------------------------------------------------------------------------------------------------


def _executive(findings: Findings, notes: ReviewerNotes) -> Iterator[Block]:
    source, summary, executive = findings.source, findings.summary, findings.executive
    yield Heading(1, f"After-action review: {summary.title}")
    yield Paragraph(" · ".join(facts(findings)), quiet=True)
    yield from (Paragraph(note) for note in summary.notes)
    yield Heading(2, "1. Executive summary")
    yield Paragraph(executive.sentence, lead=True)
    if notes.overview:
        yield Paragraph(notes.overview)
    yield from _outcomes(findings)
    if executive.acts:
        yield Heading(3, "Gravest acts" + (", the gravest first" if len(executive.acts) > 1 else ""))
        yield Bullets(
            tuple(f"{source.dates.at(each.at)}: {each.text} [#{each.evidence[0]}]" for each in executive.acts)
        )
    if executive.players:
        yield Heading(3, "Decisions of players")
        yield Bullets(tuple(f"{source.dates.at(each.at)}: {each.text}" for each in executive.players))
    if executive.others:
        yield Paragraph(executive.others, quiet=True)
    if findings.objectives:
        yield Heading(3, "Objectives")
        yield _ratings(findings, notes)
        yield Paragraph(raters(findings, notes), quiet=True)


def _outcomes(findings: Findings) -> Iterator[Block]:
    outcomes = findings.executive.outcomes
    if not outcomes:
        return
    occurred = [each for each in outcomes if each.at and not each.inherited]
    yield Heading(3, "Outcomes" + (", the gravest first" if len(occurred) > 1 else ""))
    yield Bullets(tuple(_outcome(findings.source, each) for each in occurred))
    yield from (Paragraph(text, quiet=True) for text in other_outcomes(findings, "section 3"))


def _outcome(source: RunSource, outcome: OutcomeFinding) -> str:
    ended_run = " (ended the run)" if outcome.ends else ""
    seq = "" if outcome.seq is None else f" [#{outcome.seq}]"
    when = f"{source.dates.at(str(outcome.at))}, {source.dates.since(outcome.day or 0)}"
    return f"{outcome.title}{ended_run}: {when}{remark(source, outcome)}{seq}"


def _ratings(findings: Findings, notes: ReviewerNotes) -> Grid:
    most = most_expected(findings)
    return Grid(
        "Ratings and expected actions",
        ("Objective", "Rating", "Expected actions"),
        tuple(
            (
                row["title"],
                rated(row, notes),
                Bar(tuple((name, number) for _, name, number in statuses(row)), most),
            )
            for row in findings.objectives
        ),
        (0.5, 0.22, 0.28),
    )


# --- turning points ------------------------------------------------------------------------------------------------


def _turning_points(findings: Findings, effects: MomentEffects | None) -> Iterator[Block]:
    yield Break()
    decisive = effects is not None and bool(effects.decisive)
    yield Heading(2, "2. Decisive moments" if decisive else "2. Turning points")
    if effects is not None:
        yield Paragraph(effects.summary, quiet=True)
    if decisive:
        yield Paragraph(ranking(effects), quiet=True)
        yield Bullets(tuple(_moment(findings, row) for row in leading_moments(findings, effects)), numbered=True)
        return
    if not findings.turning_points:
        yield Paragraph("There are no turning points.")
        return
    yield Paragraph(ranking(effects), quiet=True)
    yield Chains(tuple(_chain(findings.source, point) for point in findings.turning_points))


def _moment(findings: Findings, row: Mapping[str, Any]) -> str:
    what = f"{findings.source.dates.at(row['at'])}: {row['what']}"
    effect = f". {row['effect']}" if row["effect"] else ""
    return f"{what}{effect} [#{row['seq']}]"


def _chain(source: RunSource, point: TurningPoint) -> tuple[str, tuple[str, ...]]:
    """A turning point with its date and record, and the steps that led to it."""
    steps = tuple(f"{link.text} ({source.dates.at(link.at)})" for link in point.chain)
    return f"{source.dates.at(point.at)}: {point.what} [#{point.seq}]", steps if len(steps) > 1 else ()


# --- the exercise --------------------------------------------------------------------------------------------------


def _overview(findings: Findings) -> Iterator[Block]:
    source, summary = findings.source, findings.summary
    yield Heading(2, "3. Exercise overview")
    yield Fields(
        (
            ("Exercise", summary.title),
            ("Scope", scope(source)),
            ("Game time", game_time(source)),
            ("Conducted", real_time(source)),
            ("Ended", ended(findings, summary.ended)),
            ("Objectives", "; ".join(aims(findings))),
            ("Seats", seats(findings)),
            ("Planned participants", participants(source)),
            ("Fork", fork(source)),
            ("Taken back", rewinds(source)),
            *((("Evaluators", ", ".join(findings.evaluators)),) if findings.evaluators else ()),
        )
    )
    yield from (Paragraph(text) for text in other_outcomes(findings))


def _plans_and_events(findings: Findings, *, pictures: bool) -> Iterator[Block]:
    source = findings.source
    yield Heading(2, "4. Plan and events")
    if findings.expected_actions:
        yield Grid(
            "Expected actions and results",
            ("Inject", "Government", "Expected", "Due within", "Status", "After", "Records"),
            tuple(_expected(source, row) for row in findings.expected_actions),
            (0.2, 0.12, 0.25, 0.08, 0.17, 0.07, 0.11),
        )
    if findings.still_open:
        whose = " of model governments" if findings.human_seats else ""
        yield Paragraph(f"Expected actions{whose} still open at the end: {findings.still_open}.", quiet=True)
    yield from msel_exceptions(findings)
    yield from questionnaire_blocks(findings)
    if pictures:
        from wargame.review.reports.run_charts import run_pictures

        drawn = list(run_pictures(findings))
        if drawn:
            yield Heading(3, "What happened")
            yield from drawn


def _expected(source: RunSource, row: Row) -> tuple[str, ...]:
    return (
        *(row["inject_title"], source.name(row["who"]), row["expected"]),
        "" if row["within_days"] is None else f"{row['within_days']:g} d",
        _status(row),
        "" if row["latency_days"] is None else f"{row['latency_days']:.1f} d",
        " ".join(record_number(seq) for seq in evidence(row)),
    )


def _status(row: Row) -> str:
    """The status, what was done, and who judged."""
    done = f": {row['done_title']}" if row["done_title"] else ""
    return "; ".join(part for part in (f"{row['status_text']}{done}", row["judgement"]) if part)


def evidence(row: Row) -> list[int]:
    """The records of an expected action: the release, what an evaluator was asked to judge, the status."""
    listed = [row["released"], *row["candidates"], row["action"], row["seq"]]
    return list(dict.fromkeys(seq for seq in listed if seq is not None and (row["number"] or seq != row["action"])))


def _effects(effects: MomentEffects) -> Iterator[Block]:
    table = effects.for_page()
    columns = ("alternative", "outcome", "as_it_was", "otherwise", "difference", "verdict")
    yield Heading(3, "Counterfactual effects")
    yield Paragraph(table["summary"])
    yield Grid(
        "Effect of each moment on the probability of an outcome, compared with its alternative",
        ("Moment", "Alternative", "Outcome", "As played", "Otherwise", "Difference", "Verdict"),
        tuple((f"#{row['seq']} {row['what']}", *cells(row, *columns)) for row in table["rows"]),
        (0.24, 0.18, 0.14, 0.08, 0.09, 0.17, 0.1),
    )
    yield Paragraph(table["method"], quiet=True)
    yield Paragraph("To fork the run at these moments:")
    yield Code("\n".join(row["command"] for row in table["commands"]))


def _percentiles(percentiles: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(3, "How unusual this run is")
    yield Paragraph(
        f"{percentiles['unusual']} of {len(percentiles['rows'])} numbers are unusual: {percentiles['text']}"
    )
    if percentiles["apart"]:
        yield Paragraph(f"This run has other settings than those runs: {percentiles['apart']}.")
    yield Grid(
        "This run within the batch, the most unusual numbers first",
        ("Measure", "This run", "Runs of the batch", "How unusual", ""),
        tuple(
            (row["what"], row["here"], row["usual"], row["text"], "unusual" if row["unusual"] else "")
            for row in percentiles["rows"]
        ),
        (0.26, 0.14, 0.26, 0.24, 0.1),
    )


def _analysis(findings: Findings, observations: Sequence[Row]) -> Iterator[Block]:
    yield Heading(2, "5. Analysis by objective")
    if findings.objective_measures:
        yield Grid(
            "Measures of the objectives",
            ("Objective", "Measure", "Performed if", "Value"),
            tuple(
                (row["title"], row["measure"], row["standard"], row["value"] or "to be found by the evaluators")
                for row in findings.objective_measures
            ),
            (0.28, 0.34, 0.22, 0.16),
        )
    if not observations:
        yield Paragraph(findings.nothing_drafted)
    for title, sustain in (("Strengths", True), ("Areas for improvement", False)):
        chosen = [each for each in observations if each["sustain"] == sustain]
        if chosen:
            yield Heading(3, title)
        for each in chosen:
            yield Heading(4, heading(findings, each))
            yield Fields((*((part.capitalize(), each[part]) for part in PARTS), ("Reference", _evidence(each))))


def _evidence(observation: Mapping[str, Any]) -> str:
    return ", ".join(f"record #{seq}" for seq in observation["evidence"])


def _plan(rows: Sequence[Mapping[str, str]]) -> Iterator[Block]:
    if not rows:
        return
    yield Heading(2, "6. Improvement plan")
    yield Grid(
        "Improvement plan",
        tuple(wording.words(column).capitalize() for column in PLAN),
        tuple(tuple(row[column] for column in PLAN) for row in rows),
        (0.14, 0.17, 0.15, 0.12, 0.13, 0.09, 0.08, 0.12),
    )
