"""The sections of a review that judge a run: effects, percentiles, observations by objective, the improvement plan."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wargame.document.blocks import Block, Code, Fields, Fold, Grid, Heading, Paragraph
from wargame.document.formatting import Piece, Rich, linked, record, records
from wargame.journal import wording
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import Observation
from wargame.review.findings.reviewer_notes import PARTS, PLAN, rating
from wargame.review.reports.report_header import Review, listing

MOST_PERCENTILES = 8
"""Numbers that are shown at once."""


def counterfactual_effects(review: Review) -> Iterator[Block]:
    """Yield the results of the moments that were tested against their alternatives."""
    if review.effects is None:
        return
    effects = review.effects
    yield Paragraph(effects.summary)
    yield Grid(
        "Effect of each moment on the probability of an outcome, compared with its alternative",
        ("Moment", "Alternative", "Outcome", "As played", "Otherwise", "Difference, 95% interval", "Verdict"),
        tuple((Rich(record(m.turn.seq), f" {m.what}"), m.alternative, *effects.in_words(m)) for m in effects.tested),
        (0.24, 0.18, 0.14, 0.08, 0.09, 0.17, 0.1),
    )
    yield Paragraph(effects.method, quiet=True)
    yield Heading(3, "Commands that fork the run at these moments")
    for moment in effects.tested:
        yield Paragraph(moment.forked)
        yield Code(moment.command)


def percentiles(review: Review) -> Iterator[Block]:
    """Yield the numbers of the run among those of a batch."""
    found = review.percentiles
    if found is None:
        return
    rows = found["rows"]
    unusual = f"{found['unusual']} of {len(rows)} numbers are unusual"
    yield Paragraph(Rich(Piece("strong", unusual), f": {found['text']}"))
    if found["apart"]:
        yield Paragraph(f"This run has other settings than those runs: {found['apart']}.", alarm=True)
    runs = f"{found['runs']:,} runs of {found['title']}"
    yield _percentiles(f"This run within {runs}, the most unusual numbers first", rows[:MOST_PERCENTILES])
    if rows[MOST_PERCENTILES:]:
        yield Fold("The other numbers", (_percentiles("The other numbers", rows[MOST_PERCENTILES:]),))
    if found["command"]:
        yield Paragraph(Rich("Command of the batch: ", Piece("code", found["command"])), quiet=True)


def _percentiles(caption: str, rows: Sequence[Mapping[str, Any]]) -> Grid:
    return Grid(
        caption,
        ("Measure", "This run", "Runs of the batch", "How unusual"),
        tuple((row["what"], _here(row), row["usual"], _place(row)) for row in rows),
        (0.26, 0.16, 0.26, 0.32),
    )


def _here(row: Mapping[str, Any]) -> str:
    return Piece("strong", row["here"]) if row["unusual"] else row["here"]


def _place(row: Mapping[str, Any]) -> str:
    return Rich(Piece("strong", "unusual"), f": {row['text']}") if row["unusual"] else row["text"]


def by_objective(review: Review) -> Iterator[Block]:
    """Yield measures of the objectives, and observations: strengths and areas for improvement."""
    findings = review.findings
    if rows := _capabilities(review):
        heads = ("Capability", "Objectives", "Ratings", "Strengths", "Areas for improvement")
        yield listing("Core capabilities", heads, rows, (0.28, 0.36, 0.12, 0.1, 0.14))
    if findings.objective_measures:
        yield listing(
            "Measures of the objectives",
            ("Objective", "Measure", "Performed if", "Value"),
            (
                (row["title"], row["measure"], row["standard"], row["value"] or "to be found by the evaluators")
                for row in findings.objective_measures
            ),
            (0.28, 0.34, 0.22, 0.16),
        )
    call = shlex.quote(review.source.folder.call)
    hint = (" writes ", Piece("code", "review.yaml"), " into the run folder; what you write there replaces the drafts.")
    drafted = "Drafted from expected actions, and from notes with the tags sustain and improve. "
    yield Paragraph(Rich(drafted, Piece("code", f"wargame report {call}"), *hint), quiet=True, screen=True)
    if not review.observations:
        yield Paragraph(findings.nothing_drafted)
    for title, sustain in (("Strengths", True), ("Areas for improvement", False)):
        chosen = [each for each in review.observations if each.sustain == sustain]
        if chosen:
            yield Heading(3, title)
        for each in chosen:
            yield Heading(4, _about(findings, each))
            parts = ((wording.words(part).capitalize(), linked(getattr(each, part))) for part in PARTS)
            yield Fields((*parts, ("Reference", records(each.evidence))))


def _capabilities(review: Review) -> list[tuple[str, ...]]:
    """Return each capability with its objectives, their ratings, and the numbers of strengths and areas."""
    rows, table = review.findings.objectives, list[tuple[str, ...]]()
    for name in dict.fromkeys(row["capability"] for row in rows if row["capability"]):
        own = {row["objective"]: row for row in rows if row["capability"] == name}
        found = Counter(each.sustain for each in review.observations if each.objective in own)
        letters = ", ".join(rating(row, review.notes) or "not rated" for row in own.values())
        titles = "; ".join(row["title"] for row in own.values())
        table.append((name, titles, letters, str(found[True]), str(found[False])))
    return table


def _about(findings: Findings, observation: Observation) -> str:
    """Return the heading of an observation: the government and the objective, if it is about them."""
    titles = {row["objective"]: row["title"] for row in findings.objectives}
    title = titles.get(observation.objective, wording.words(observation.objective))
    return ": ".join(part for part in (findings.source.name(observation.who), title) if part) or "General"


def improvement_plan(review: Review) -> Iterator[Block]:
    """Yield the plan of the reviewer, or a draft of it."""
    if review.plan:
        yield listing(
            "Improvement plan",
            (*(wording.words(column).capitalize() for column in PLAN), "Records"),
            ((*(linked(row[column]) for column in PLAN), records(row["evidence"])) for row in review.plan),
            (0.1, 0.17, 0.17, 0.1, 0.1, 0.09, 0.07, 0.07, 0.06, 0.07),
        )
