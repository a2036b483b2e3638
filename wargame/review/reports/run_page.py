"""The review as one HTML file. It loads nothing, and text of a scenario is never markup."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from wargame.journal import sentences as phrases
from wargame.review.document.template import asset, policy, template
from wargame.review.findings import knowledge
from wargame.review.findings.expected_actions import status_words, tally_of
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import legend, rating_text
from wargame.review.findings.reviewer_notes import PARTS, PLAN, ReviewerNotes, merged, plan_rows
from wargame.review.reports import report_header as header
from wargame.review.reports.page_data import pack

if TYPE_CHECKING:
    from wargame.review.findings.effects import MomentEffects

SCRIPTS = ("data.js", "timeline.js", "detail.js", "seats.js", "figures.js", "lists.js")
MOMENTS = 5
EVERY_SECTION = (
    ("summary", "Summary"),
    ("effects", "Counterfactual effects"),
    ("percentiles", "How unusual this run is"),
    ("timeline", "Timeline"),
    ("seats", "Who knew what when"),
    ("objectives", "Objectives and expected actions"),
    ("msel", "MSEL as executed"),
    ("relations", "Relations"),
    ("indicators", "Escalation and indicators"),
    ("attention", "Dossiers and attention"),
    ("talks", "Forums and agreements"),
    ("decisions", "Decisions and their reasons"),
    ("notes", "Notes and adjudications"),
    ("improve", "Observations and improvement plan"),
    ("reproduce", "How to reproduce"),
    ("journal", "Journal"),
)
FOR_SEAT = {"indicators": "Indicators"}
"""Headings that differ in the version for a seat: it does not see all actions."""
FOR_CONTROL = frozenset({"effects", "percentiles", "objectives", "msel", "notes", "improve", "reproduce"})
"""Sections that a seat does not get: they reveal the other side, or how to look it up."""
OPTIONAL = frozenset({"effects", "percentiles", "attention", "talks"})
"""Sections that are left out if they are empty."""


def page(
    findings: Findings,
    notes: ReviewerNotes,
    seat: str = "",
    effects: MomentEffects | None = None,
    percentiles: Mapping[str, Any] | None = None,
) -> bytes:
    """The review of a run as a complete file; with `seat`, only what that government could know."""
    visible = Findings(knowledge.seat_source(findings.source, seat)) if seat else findings
    style, script = asset("style.css"), "\n".join(asset(name) for name in SCRIPTS)
    moments = leading_moments(visible, effects)
    attention = [row for row in visible.attention if not seat or row["who"] == seat]
    packed = pack(visible.source, seat, [moment["seq"] for moment in moments], attention)
    content = {
        "policy": policy(style, script),
        "style": Markup(style),  # noqa: S704 - our own files, checked by the hash in the policy
        "script": Markup(script),  # noqa: S704
        "packed": Markup(packed),  # noqa: S704 - base64
        "moments": moments,
        "attention": attention,
        "ended": header.ended(visible, findings.source.ended),  # by the whole journal, not by what a seat sees
        **_common(visible, seat),
        **(_blank() if seat else _control(findings, notes, effects) | {"percentiles": percentiles}),
    }
    content["sections"] = [
        (name, FOR_SEAT.get(name, title) if seat else title)
        for name, title in EVERY_SECTION
        if not (seat and name in FOR_CONTROL) and (name not in OPTIONAL or content[name])
    ]
    content["headings"] = dict(content["sections"])
    return bytes(template("run.html.j2").render(content).encode())


def leading_moments(findings: Findings, effects: MomentEffects | None) -> list[dict[str, Any]]:
    """The moments at the top of a review: the largest measured effects if there are any, else the highest scores."""
    if effects is not None:
        return [dict(row) for row in effects.moments[:MOMENTS]]
    best = sorted(findings.moments, key=lambda row: (-row["score"], row["seq"]))[:MOMENTS]
    return [row | {"effect": ""} for row in sorted(best, key=lambda row: row["seq"])]


def _common(findings: Findings, seat: str) -> dict[str, Any]:
    source, summary = findings.source, findings.summary
    return {
        "title": summary.title,
        "seat": seat,
        "seat_name": phrases.called(source.name(seat)),
        "scenario": summary.scenario,
        "dates": source.dates,
        "game_time": header.game_time(source),
        "real_time": header.real_time(source),
        "absence": summary.absence,
        "notes": summary.notes,
        "outcomes": [o for o in summary.outcomes if o.seq is not None] if seat else summary.outcomes,
        "seats": [(seat, source.name(seat))] if seat else list(findings.seats.items()),
        "talks": [row for row in findings.talks if row["day"] >= 0],
        "name": source.name,
        "call": shlex.quote(source.folder.call),
        "live": source.folder.is_live,
    }


def _blank() -> dict[str, Any]:
    """Values of the sections that a seat does not get."""
    lists = "aims objectives expected msel remarks left_behind observations plan provenance tally"
    texts = "nothing_drafted legend overview scope command seed"
    return {
        **dict.fromkeys(lists.split(), ()),
        **dict.fromkeys(texts.split(), ""),
        **dict.fromkeys(("still_open", "count", "decided"), 0),
        **dict.fromkeys(("effects", "percentiles")),
        "plan_columns": PLAN,
        "parts": PARTS,
    }


def _control(findings: Findings, notes: ReviewerNotes, effects: MomentEffects | None) -> dict[str, Any]:
    """What only exercise control and the reviewer see."""
    source, expected = findings.source, findings.expected_actions
    observations = merged(findings, notes)
    return {
        "overview": notes.overview,
        "scope": header.scope(source),
        "aims": header.aims(findings),
        "effects": effects.for_page() if effects else None,
        "objectives": [
            row | {"rating_text": rating_text(row, notes.ratings.get(row["objective"], ""))}
            for row in findings.objectives
        ],
        "expected": expected,
        "tally": status_words(tally_of(expected)),
        "still_open": findings.still_open,
        "nothing_drafted": findings.nothing_drafted,
        "legend": legend(),
        "msel": findings.msel,
        "remarks": findings.notes,
        "left_behind": source.left_behind,
        "observations": [each | {"heading": heading(findings, each)} for each in observations],
        "plan": plan_rows(findings, notes, observations),
        "plan_columns": PLAN,
        "parts": PARTS,
        "provenance": header.provenance(source),
        "command": source.manifest.command,
        "seed": source.manifest.seed,
        "count": len(source.records),
        "decided": findings.summary.decisions,
    }


def heading(findings: Findings, observation: Mapping[str, Any]) -> str:
    """The heading of an observation: the government and the objective."""
    objective = str(observation["objective"])
    titles = {row["objective"]: row["title"] for row in findings.objectives}
    title = titles.get(objective, phrases.words(objective))
    return ": ".join(part for part in (findings.source.name(observation["who"]), title) if part)
