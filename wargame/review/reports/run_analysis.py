"""The sections of a review that judge a run: effects, percentiles, observations by objective, the improvement plan."""

import shlex
from collections import Counter

from wargame.document.blocks import Block
from wargame.journal import wording
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import Observation
from wargame.review.findings.reviewer_notes import PARTS, PLAN, rating
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.report_header import Review

MOST_PERCENTILES = 8
"""Numbers that are shown at once."""


def counterfactual_effects(review: Review) -> list[Block]:
    """Return the results of the moments that were tested against their alternatives."""
    return blocks_of("effects_tested.txt.j2", effects=review.effects) if review.effects is not None else []


def percentiles(review: Review) -> list[Block]:
    """Return the numbers of the run among those of a batch."""
    found = review.percentiles
    return blocks_of("percentiles.txt.j2", found=found, most=MOST_PERCENTILES) if found is not None else []


def by_objective(review: Review) -> list[Block]:
    """Return measures of the objectives, and observations: strengths and areas for improvement."""
    return blocks_of(
        "by_objective.txt.j2",
        review=review,
        findings=review.findings,
        capabilities=_capabilities(review),
        rating=rating,
        parts=PARTS,
        about=lambda observation: _about(review.findings, observation),
        call=shlex.quote(review.source.folder.call),
    )


def _capabilities(review: Review) -> list[tuple[str, list[Row], Counter[bool]]]:
    """Return each capability with its objectives, and the numbers of strengths (True) and areas (False)."""
    rows, table = review.findings.objectives, list[tuple[str, list[Row], Counter[bool]]]()
    for name in dict.fromkeys(row["capability"] for row in rows if row["capability"]):
        own = [row for row in rows if row["capability"] == name]
        about = {row["objective"] for row in own}
        table.append((name, own, Counter(each.sustain for each in review.observations if each.objective in about)))
    return table


def _about(findings: Findings, observation: Observation) -> str:
    """Return the heading of an observation: the government and the objective, if it is about them."""
    titles = {row["objective"]: row["title"] for row in findings.objectives}
    title = titles.get(observation.objective, wording.words(observation.objective))
    return ": ".join(part for part in (findings.source.name(observation.who), title) if part) or "General"


def improvement_plan(review: Review) -> list[Block]:
    """Return the plan of the reviewer, or a draft of it."""
    return blocks_of("improvement_plan.txt.j2", rows=review.plan, columns=PLAN)
