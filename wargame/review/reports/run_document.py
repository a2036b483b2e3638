"""The review as a document, in the order of HSEEP's after-action report."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wargame.journal import sentences as phrases
from wargame.review.document.blocks import Block, Break, Bullets, Code, Fields, Grid, Heading, Paragraph
from wargame.review.findings.expected_actions import STATUSES, UNDECIDED
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import legend, rating_text
from wargame.review.findings.reviewer_notes import PARTS, PLAN, ReviewerNotes, merged, plan_rows
from wargame.review.findings.source import RunSource
from wargame.review.formatting import cells
from wargame.review.reports.report_header import aims, ended, game_time, provenance, real_time, scope
from wargame.review.reports.run_appendices import appendices, record_number
from wargame.review.reports.run_page import heading, leading_moments

if TYPE_CHECKING:
    from wargame.review.findings.effects import MomentEffects


def review(
    findings: Findings,
    notes: ReviewerNotes,
    effects: MomentEffects | None = None,
    percentiles: Mapping[str, Any] | None = None,
    *,
    pictures: bool = True,
) -> list[Block]:
    """All blocks of the review of a run."""
    observations = merged(findings, notes)
    return [
        *_overview(findings),
        *_summary(findings, notes, effects),
        *_plans_and_events(findings, pictures=pictures),
        *(_effects(effects) if effects else ()),
        *(_percentiles(percentiles) if percentiles else ()),
        *_analysis(findings, observations),
        *_plan(plan_rows(findings, notes, observations)),
        *appendices(findings),
    ]


def _overview(findings: Findings) -> Iterator[Block]:
    source, summary = findings.source, findings.summary
    yield Heading(1, f"After-action review: {summary.title}")
    yield from (Paragraph(note) for note in summary.notes)
    yield Heading(2, "1. Exercise overview")
    yield Fields(
        (
            ("Exercise", summary.title),
            ("Scope", scope(source)),
            ("Game time", game_time(source)),
            ("Conducted", real_time(source)),
            ("Ended", ended(findings, summary.ended)),
            ("Objectives", "; ".join(aims(findings))),
            ("Seats", ", ".join(f"{source.name(who)} ({kind})" for who, kind in findings.seats.items())),
            ("Scenario, seed", f"{summary.scenario}, {summary.seed}"),
        )
    )  # fmt: skip
    yield Paragraph("To reproduce this run:")
    yield Code(f"{source.manifest.command}\nwargame verify {shlex.quote(source.folder.call)}")
    if source.folder.is_live:
        yield Paragraph(
            "The commands of participants are in commands.jsonl: `wargame verify` repeats them, `play` does not.",
            quiet=True,
        )
    yield Grid("Provenance", ("", ""), tuple(provenance(source)), (0.25, 0.75))


def _summary(findings: Findings, notes: ReviewerNotes, effects: MomentEffects | None) -> Iterator[Block]:
    yield Break()
    yield Heading(2, "2. Summary")
    if notes.overview:
        yield Paragraph(notes.overview)
    yield Heading(3, "Outcomes")
    yield from _outcomes(findings)
    yield Heading(3, "Decisive moments" if effects else "Turning points")
    yield Paragraph(effects.summary if effects else "Chosen by a score; their effects are not measured.", quiet=True)
    yield Bullets(tuple(_moments(findings, effects)), numbered=True)
    yield Heading(3, "Objectives")
    yield _ratings(findings, notes)
    yield Paragraph(
        f"{legend()}. Evaluators give the ratings; drafts are made only for seats that people held.", quiet=True
    )


def _outcomes(findings: Findings) -> Iterator[Block]:
    outcomes, when = findings.summary.outcomes, findings.source.dates
    yield Bullets(
        tuple(
            f"{when.at(o.at)}, {when.since(o.day or 0)}: {o.title}{_ends(o.ends)}{_seq(o.seq)}"
            for o in outcomes
            if o.at and not o.inherited
        )
    )
    inherited = "; ".join(o.title for o in outcomes if o.inherited)
    if inherited:
        yield Paragraph(f"Already true at STARTEX: {inherited}.", quiet=True)
    absent = "; ".join(o.title for o in outcomes if not o.at)
    absence = phrases.sentence(findings.summary.absence)
    yield Paragraph(f"{absence}: {absent}." if absent else "All outcomes occurred.", quiet=True)


def _ends(ends: bool) -> str:
    return " (ends the run)" if ends else ""


def _seq(seq: int | None) -> str:
    return "" if seq is None else f" [#{seq}]"


def _moments(findings: Findings, effects: MomentEffects | None) -> Iterator[str]:
    for row in leading_moments(findings, effects):
        detail = row["effect"] if effects else phrases.sentence(row["why"])
        what = f"{findings.source.dates.at(row['at'])}: {row['what']}"
        yield f"{what}{f'. {detail}' if detail else ''} [#{row['seq']}]"


def _ratings(findings: Findings, notes: ReviewerNotes) -> Grid:
    undecided = any(row[UNDECIDED] for row in findings.objectives)
    columns = (*STATUSES, *((UNDECIDED,) if undecided else ()))
    return Grid(
        "Objectives and ratings",
        ("Objective", "Rating", "Met", "Late", "Missed", *(("To judge",) if undecided else ())),
        tuple(
            (
                row["title"],
                rating_text(row, notes.ratings.get(row["objective"], "")),
                *(str(row[status]) for status in columns),
            )
            for row in findings.objectives
        ),
        (0.44, 0.24, *(0.32 / len(columns) for _ in columns)),
    )


def _plans_and_events(findings: Findings, *, pictures: bool) -> Iterator[Block]:
    source = findings.source
    yield Heading(2, "3. Plan and events")
    yield Heading(3, "Expected actions")
    yield Grid(
        "Expected actions and results",
        ("Inject", "Government", "Expected", "Due within", "Status", "After", "Records"),
        tuple(_expected(source, row) for row in findings.expected_actions),
        (0.2, 0.12, 0.25, 0.08, 0.17, 0.07, 0.11),
    )
    if findings.still_open:
        yield Paragraph(f"Still open at the end: {findings.still_open}.", quiet=True)
    yield Heading(3, "What happened")
    if pictures:
        from wargame.review.reports.run_charts import run_pictures

        yield from run_pictures(findings)
    yield Grid(
        "Turning points in order of time, each with its cause",
        ("When", "What", "Why", "Record"),
        tuple((source.dates.at(row["at"]), row["what"], row["why"], f"#{row['seq']}") for row in findings.moments),
        (0.14, 0.38, 0.38, 0.1),
    )


def _expected(source: RunSource, row: Row) -> tuple[str, ...]:
    return (
        *(row["inject_title"], source.name(row["who"]), row["expected"]),
        "" if row["within_days"] is None else f"{row['within_days']:g} d",
        "; ".join(part for part in (row["status_text"], row["judgement"]) if part),
        "" if row["latency_days"] is None else f"{row['latency_days']:.1f} d",
        " ".join(record_number(seq) for seq in evidence(row)),
    )


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
    yield Heading(2, "4. Analysis by objective")
    if not observations:
        yield Paragraph(findings.nothing_drafted)
    for title, sustain in (("Strengths", True), ("Areas for improvement", False)):
        chosen = [each for each in observations if each["sustain"] == sustain]
        if chosen:
            yield Heading(3, title)
        for each in chosen:
            yield Heading(4, heading(findings, each) or "Observation")
            yield Fields((*((part.capitalize(), each[part]) for part in PARTS), ("Reference", _evidence(each))))


def _evidence(observation: Mapping[str, Any]) -> str:
    return ", ".join(f"record #{seq}" for seq in observation["evidence"])


def _plan(rows: Sequence[Mapping[str, str]]) -> Iterator[Block]:
    yield Heading(2, "5. Improvement plan")
    yield Grid(
        "Improvement plan",
        tuple(phrases.words(column).capitalize() for column in PLAN),
        tuple(tuple(row[column] for column in PLAN) for row in rows),
        (0.14, 0.17, 0.15, 0.12, 0.13, 0.09, 0.08, 0.12),
    )
