"""The first sections of a review: what a sponsor reads, the turning points, and the exercise at a glance."""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from wargame.document.blocks import Block, Bullets, Card, Cards, Chain, Chains, Fields, Grid, Heading, Paragraph, Step
from wargame.document.formatting import Bar, Piece, Rich, linked, reference, time_span
from wargame.journal.wording import sentence
from wargame.review.findings.executive import SummaryLine, remark
from wargame.review.findings.expected_actions import STATUSES, UNDECIDED
from wargame.review.findings.objectives import legend, rating_text
from wargame.review.findings.reviewer_notes import learned
from wargame.review.findings.source import RunSource
from wargame.review.findings.summary import OutcomeFinding
from wargame.review.findings.turning_points import ChainLink
from wargame.review.reports import report_header as header
from wargame.review.reports.report_header import Review, listing

OVERVIEW = "Exercise overview"
SCORED = "Chosen by a score."
SHOWS = "Each chain shows the event that a decision followed, the decision and what came of it."
RATERS = "Evaluators give the ratings; drafts are made only for human seats."
MOST_MOMENTS, MOST_PRIORITIES = 5, 3
"""Turning points and corrective actions on the first page."""
NOT_RATED = "Evaluators give the ratings, during an exercise or in review.yaml."


def executive_summary(review: Review) -> Iterator[Block]:
    """Yield the course of the run in one sentence, its outcomes, gravest acts, decisions of players and ratings."""
    findings, source = review.findings, review.source
    if review.seat:
        yield from _outcomes(review)
        return
    yield Paragraph(findings.executive.sentence, lead=True)
    if source.scenario and source.scenario.summary.strip():
        yield Paragraph(" ".join(re.split(r"(?<=[.!?])\s+", source.scenario.summary.strip())[:2]))
    if review.notes.overview:
        yield Paragraph(review.notes.overview)
    if sentences := learned(findings, review.notes, review.observations):
        yield Heading(3, "What was learned")
        yield Bullets(tuple(map(linked, sentences)))
    if findings.objectives:
        yield Heading(3, "Objectives")
        yield _ratings(review)
        rated = any(_rating(review, row) for row in review.findings.objectives)
        yield Paragraph(f"{legend()}. {RATERS}" if rated else NOT_RATED, quiet=True)
    yield from _outcomes(review)
    yield from (Paragraph(text, quiet=True) for text in header.other_outcomes(findings, f"'{OVERVIEW}'"))
    above = {each.seq for each in findings.executive.outcomes}
    moments = [row for row in review.moments if row["seq"] not in above]
    if decisive := sorted(moments, key=lambda row: -row.get("score", 0))[:MOST_MOMENTS]:
        yield Heading(3, "Other turning points" if len(moments) < len(review.moments) else "Turning points")
        yield Bullets(tuple(_moment(source, row) for row in sorted(decisive, key=lambda row: int(row["seq"]))))
    if actions := priorities(review):
        yield Heading(3, "Priority actions")
        heads = ("Corrective action", "Responsible", "Completion", "Issue")
        yield listing("Corrective actions that come first", heads, actions, (0.34, 0.2, 0.13, 0.33))


def _moment(source: RunSource, row: Mapping[str, Any]) -> Rich:
    when = Piece("when", f"{source.dates.at(row['at'])}:")
    return Rich(when, f" {sentence(row['what'])}", reference(row["seq"]))


def priorities(review: Review) -> list[tuple[str, ...]]:
    """Return the first rows of the improvement plan that are still to be done."""
    rows = [row for row in review.plan if row["status"] not in ("done", "cancelled")]
    return [
        (
            linked(row["corrective_action"]) or "to be decided",
            row["responsible"] or "to be named",
            row["completion"] or "no date yet",
            Rich(linked(row["issue"]), *(reference(seq) for seq in row["evidence"][:1] if "[#" not in row["issue"])),
        )
        for row in rows[:MOST_PRIORITIES]
    ]


def acts_and_decisions(review: Review) -> Iterator[Block]:
    """Yield the gravest acts and the decisions of players."""
    source, executive = review.source, review.findings.executive
    if executive.acts:
        yield Heading(3, _ranked("Gravest acts", len(executive.acts)))
        yield Bullets(tuple(_line(source, each) for each in executive.acts))
    if executive.players or executive.others:
        yield Heading(3, "Decisions of players")
    if executive.players:
        yield Bullets(tuple(_line(source, each) for each in executive.players))
    if executive.others:
        yield Paragraph(executive.others, quiet=True)


def _ranked(title: str, number: int) -> str:
    return f"{title}, most severe first" if number > 1 else title


def _line(source: RunSource, line: SummaryLine) -> Rich:
    return Rich(Piece("when", f"{source.dates.at(line.at)}:"), f" {line.text}", reference(line.evidence[0]))


def _outcomes(review: Review) -> Iterator[Block]:
    outcomes = [o for o in review.findings.executive.outcomes if o.seq is not None or not review.seat]
    occurred = [each for each in outcomes if each.at and not each.inherited]
    if occurred:
        yield Heading(3, _ranked("Outcomes", len(occurred)))
        yield Cards(tuple(_outcome(review.source, each) for each in occurred))


def _outcome(source: RunSource, outcome: OutcomeFinding) -> Card:
    when = f"{source.dates.at(str(outcome.at))}, {source.dates.since(outcome.day or 0)}"
    ended = ", ended the run" if outcome.ends else ""
    return Card(outcome.title, Rich(f"{when}{ended}{remark(source, outcome)}", reference(outcome.seq)), outcome.ends)


def _ratings(review: Review) -> Grid:
    """Return the objectives with their ratings; a full bar stands for the most expected actions of one objective."""
    rows = review.findings.objectives
    most = max([sum(number for _, number in statuses(row)) for row in rows] + [1])
    named = any(row["capability"] for row in rows)
    return listing(
        "Ratings and expected actions",
        ("Objective", *(["Capability"] if named else []), "Rating", "Conclusion", "Expected actions"),
        (
            (
                *(row["title"], *([row["capability"]] if named else [])),
                Piece("strong", _rating(review, row) or "not rated"),
                *(linked(sentence(_conclusion(review, row))), Bar(statuses(row), most)),
            )
            for row in rows
        ),
        (0.24, 0.14, 0.15, 0.27, 0.2) if named else (0.28, 0.17, 0.33, 0.22),
    )


def _conclusion(review: Review, row: Mapping[str, Any]) -> str:
    """Return why an objective has its rating: the reviewer's words, else those of the raters, else a draft."""
    whys = "; ".join(each["why"] for each in row["ratings"] if each["why"])
    drafts = (each.conclusion for each in review.observations if each.objective == row["objective"])
    return review.notes.conclusions.get(row["objective"], "") or whys or next(filter(None, drafts), "")


def statuses(row: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return the expected actions of an objective: a short name of each status that occurs, and its count."""
    names = {UNDECIDED: "to judge"}
    return tuple((names.get(name, name), int(row[name])) for name in (*STATUSES, UNDECIDED) if row[name])


def _rating(review: Review, row: Mapping[str, Any]) -> str:
    return rating_text(row, review.notes.ratings.get(row["objective"], ""))


def turning_points(review: Review) -> Iterator[Block]:
    """Yield the moments that mattered most, each with the steps that led to it."""
    if not review.moments:
        yield Paragraph("There are no turning points.")
        return
    yield Paragraph(_ranking(review), quiet=True)
    if not review.seat and review.effects is None:
        command = f"wargame report {shlex.quote(review.source.folder.call)} --depth quick"
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
    text = link.text
    for label in (f"{link.role}: ", f"{link.role} '"):
        if text.lower().startswith(label):
            return Step(
                link.role,
                Piece("plain", text, sentence(text[len(label) - label.endswith("'") :])),
                source.dates.at(link.at),
            )
    return Step(link.role, text, source.dates.at(link.at))


def overview(review: Review) -> Iterator[Block]:
    """Yield the exercise: its scope, times, objectives and seats, as far as the reader may know them."""
    source, findings = review.source, review.findings
    decided = findings.summary.decisions_in_words
    known = (
        ("Game time", header.game_time(source)),
        ("Conducted", time_span(source.manifest.started, source.manifest.finished)),
        ("Ended", header.ended(findings, review.whole.source.ended)),  # by the whole journal, not by what a seat sees
    )
    if review.seat:
        yield Fields((*known, ("Seat", source.name(review.seat))))
        return
    yield Fields(
        (
            ("Exercise", findings.summary.title),
            ("Scope", source.scenario.summary.strip() if source.scenario else ""),
            *known,
            ("Objectives", "; ".join(str(row["title"]) for row in findings.objectives)),
            ("Seats", header.seats(findings)),
            ("Planned participants", header.participants(source)),
            ("Fork", header.fork(source)),
            ("Taken back", header.rewinds(source)),
            ("Undone", "; ".join(source.undone)),
            ("Evaluators", ", ".join(findings.evaluators)),
            ("Decisions", f"{decided}, including decisions to wait" if decided else ""),
        )
    )
    yield from (Paragraph(text) for text in header.other_outcomes(findings))
