"""The sections of a review that judge a run, from what a sponsor reads to the analysis by objective and the plan."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wargame.document.blocks import Block, Card, Cards, Chain, Chains, Heading, Paragraph, Step
from wargame.document.formatting import Piece, Rich, reference, time_span
from wargame.journal.records.run import RATINGS, CommandRecord
from wargame.journal.wording import sentence, words
from wargame.review.findings.executive import remark
from wargame.review.findings.expected_actions import STATUSES, UNDECIDED
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import Observation, legend, rating_text
from wargame.review.findings.reviewer_notes import LOWEST, PARTS, PLAN, is_noted, learned, rating
from wargame.review.findings.source import RunSource
from wargame.review.findings.summary import OutcomeFinding
from wargame.review.findings.turning_points import ChainLink
from wargame.review.reports import report_header as header
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.report_header import Review

OVERVIEW = "Exercise overview"
SCORED = "Chosen by a score."
SHOWS = "Each chain shows the event that a decision followed, the decision and what came of it."
MOST_MOMENTS, MOST_PRIORITIES = 5, 3
"""Turning points, and strengths and corrective actions each, on the first page."""
MOST_PERCENTILES = 8
"""Numbers that are shown at once."""


def executive_summary(review: Review) -> list[Block]:
    """Return the course of the run in one sentence, outcomes, most severe acts, decisions of players and ratings."""
    findings, notes = review.findings, review.notes
    if review.seat:
        return list(_outcomes(review))

    def ratings(row: Mapping[str, Any]) -> str:
        return rating_text(row, notes.ratings.get(row["objective"], ""))

    scope = findings.source.scenario.summary.strip() if findings.source.scenario else ""
    above = {each.seq for each in findings.executive.outcomes}
    moments = [row for row in review.moments if row["seq"] not in above]
    weak = list(_rated(review, "UM"))
    decisive = sorted(moments, key=lambda row: -row.get("score", 0))[:MOST_MOMENTS]
    return blocks_of(
        "first_page.txt.j2",
        {"outcomes": _outcomes(review)},
        review=review,
        executive=findings.executive,
        scope=" ".join(re.split(r"(?<=[.!?])\s+", scope)[:2]),
        learned=[each for each in learned(findings, notes, review.observations) if not _is_repeated(each, weak)],
        capabilities=list(dict.fromkeys(row["capability"] for row in findings.objectives if row["capability"])),
        live=findings.source.folder.is_live,
        strengths=list(_strengths(review))[:MOST_PRIORITIES],
        weak=weak,
        conclusion=lambda row: _conclusion(review, row),
        rating=ratings,
        rated=any(map(ratings, findings.objectives)),
        statuses=statuses,
        most=max([sum(number for _, number in statuses(row)) for row in findings.objectives] + [1]),
        legend=legend(),
        others=header.other_outcomes(findings, f"'{OVERVIEW}'"),
        some_above=len(moments) < len(review.moments),
        decisive=sorted(decisive, key=lambda row: int(row["seq"])),
        actions=[row for row in review.plan if row["status"] not in ("done", "cancelled")][:MOST_PRIORITIES],
        when=findings.source.dates.at,
    )


def _is_repeated(sentence: str, weak: Sequence[str]) -> bool:
    """Return whether a drafted sentence about the lowest rating stands, with its reason, among what must change."""
    stated = sentence.rstrip(".").partition(LOWEST)[0]
    return any(text == stated or text.startswith(f"{stated} (") for text in weak)


def acts_and_decisions(review: Review) -> list[Block]:
    """Return the most severe acts and the decisions of players."""
    found, when = review.findings.executive, review.source.dates.at
    return blocks_of(
        "acts_and_decisions.txt.j2", acts=found.acts, players=found.players, others=found.others, when=when
    )


def _outcomes(review: Review) -> Iterator[Block]:
    outcomes = [o for o in review.findings.executive.outcomes if o.seq is not None or not review.seat]
    occurred = [each for each in outcomes if each.at and not each.inherited]
    if occurred:
        yield Heading(3, f"Outcomes{', most severe first' if occurred[1:] else ''}")
        yield Cards(tuple(_outcome(review.source, each) for each in occurred))


def _outcome(source: RunSource, outcome: OutcomeFinding) -> Card:
    when = f"{source.dates.at(str(outcome.at))}, {source.dates.since(outcome.day or 0)}"
    ended = ", ended the run" if outcome.ends else ""
    return Card(outcome.title, Rich(f"{when}{ended}{remark(source, outcome)}", reference(outcome.seq)), outcome.ends)


def _strengths(review: Review) -> Iterator[tuple[str, int]]:
    """Yield what went well, and a record or 0: what people noted, objectives without challenges, what drafts say."""
    observed = [
        (each.conclusion or each.observation, each.evidence[0] if each.evidence else 0, each.id)
        for each in review.observations
        if each.sustain
    ]
    yield from ((text, seq) for text, seq, name in observed if is_noted(name))
    yield from ((text, 0) for text in _rated(review, "P"))
    yield from ((text, seq) for text, seq, name in observed if not is_noted(name))


def _rated(review: Review, letters: str) -> Iterator[str]:
    """Yield the objectives with one of these ratings, each with its rating and the reason."""
    for row in review.findings.objectives:
        letter, why = rating(row, review.notes), _conclusion(review, row).removesuffix(".")
        if letter and letter in letters:
            yield f"{row['title']}: {RATINGS[letter]}{f' ({why})' if why else ''}"


def _conclusion(review: Review, row: Mapping[str, Any]) -> str:
    """Return why an objective has its rating: the reviewer's words, else the raters', else a draft."""
    whys = "; ".join(each["why"] for each in row["ratings"] if each["why"])
    drafts = (each.conclusion for each in review.observations if each.objective == row["objective"])
    return review.notes.conclusions.get(row["objective"], "") or whys or next(filter(None, drafts), "")


def statuses(row: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return the expected actions of an objective: a short name of each status that occurs, and its count."""
    names = {UNDECIDED: "to judge"}
    return tuple((names.get(name, name), int(row[name])) for name in (*STATUSES, UNDECIDED) if row[name])


def turning_points(review: Review) -> Iterator[Block]:
    """Yield the moments that mattered most, each with the steps that led to it."""
    if not review.moments:
        yield Paragraph("There are no turning points.")
        return
    yield Paragraph(_ranking(review), quiet=True)
    if not review.seat and review.effects is None:
        command = f"wargame report {shlex.quote(review.source.folder.typed)} --depth quick"
        hint = Rich(Piece("code", command), " compares them with their alternatives.")
        yield Paragraph(hint, quiet=True, screen=True)
    yield Chains(tuple(_chain(review.source, row) for row in review.moments))


def _ranking(review: Review) -> str:
    if review.effects is None:
        return f"Chosen by a score; their effects are not measured. {SHOWS}"
    if review.effects.decisive:
        return "Ranked by their effect on the chance of an outcome; only effects that are distinguishable from chance."
    return f"No effect of a moment is distinguishable from chance. {SCORED} {SHOWS}"


def _chain(source: RunSource, row: Mapping[str, Any]) -> Chain:
    """Return a moment; one without a chain has its reason and its effect instead."""
    when, links = source.dates.at(row["at"]), row["chain"]
    steps = tuple(_step(source, link) for link in links if len(links) > 1)
    remarks = tuple(filter(None, ("" if steps else row["why"], Piece("strong", row["effect"]))))
    return Chain(sentence(row["what"]), when, row["seq"], steps, remarks)


def _step(source: RunSource, link: ChainLink) -> Step:
    """Return a step of a chain; a page shows its role beside it, and leaves it out of the text."""
    text = Piece("plain", link.text, sentence(link.name)) if link.name else link.text
    return Step(link.role, text, source.dates.at(link.at))


def overview(review: Review) -> list[Block]:
    """Return the exercise: its scope, times, objectives and seats, as far as the reader may know them."""
    source, findings = review.source, review.findings
    planned = source.loaded.exercise.seats if source.loaded and source.loaded.exercise else {}
    return blocks_of(
        "overview.txt.j2",
        findings=findings,
        source=source,
        seat=review.seat,
        when=source.dates.at,
        game_time=header.game_time(source),
        conducted=time_span(source.manifest.started, source.manifest.finished),
        ended=header.ended(findings, review.whole.source.ended),  # by the whole journal, not by what a seat sees
        changes=[each for each in source.since if isinstance(each, CommandRecord) and each.about == "seat"],
        teams=[(source.name(code), [p for p in seat.persons if p.person.strip()]) for code, seat in planned.items()],
        fork=header.fork(source),
        decided=findings.summary.decisions_in_words,
        others=() if review.seat else header.other_outcomes(findings),
    )


def counterfactual_effects(review: Review) -> list[Block]:
    """Return the results of the moments that were tested against their alternatives."""
    return blocks_of("effects_tested.txt.j2", effects=review.effects) if review.effects is not None else []


def percentiles(review: Review) -> list[Block]:
    """Return where the numbers of the run lie in a batch."""
    found = review.percentiles
    return blocks_of("percentiles.txt.j2", found=found, most=MOST_PERCENTILES) if found is not None else []


def by_objective(review: Review) -> list[Block]:
    """Return measures of the objectives, and observations: strengths and areas for improvement."""
    rows, table = review.findings.objectives, list[tuple[str, list[Row], Counter[bool]]]()
    for name in dict.fromkeys(row["capability"] for row in rows if row["capability"]):
        own = [row for row in rows if row["capability"] == name]
        about = {row["objective"] for row in own}
        table.append((name, own, Counter(each.sustain for each in review.observations if each.objective in about)))
    return blocks_of(
        "by_objective.txt.j2",
        review=review,
        findings=review.findings,
        capabilities=table,
        rating=rating,
        parts=PARTS,
        about=lambda observation: _about(review.findings, observation),
        call=shlex.quote(review.source.folder.typed),
    )


def _about(findings: Findings, observation: Observation) -> str:
    """Return the heading of an observation: the government and the objective, if it is about them."""
    titles = {row["objective"]: row["title"] for row in findings.objectives}
    title = titles.get(observation.objective, words(observation.objective))
    return ": ".join(part for part in (findings.source.name(observation.who), title) if part) or "General"


def improvement_plan(review: Review) -> list[Block]:
    """Return the plan of the reviewer, or a draft of it."""
    return blocks_of("improvement_plan.txt.j2", rows=review.plan, columns=PLAN)
