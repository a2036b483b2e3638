"""The review as one HTML file. It loads nothing, and text of a scenario is never markup."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from wargame.document.blocks import to_repeat
from wargame.document.template import asset, policy, template
from wargame.journal import wording
from wargame.review.findings import knowledge
from wargame.review.findings.executive import remark
from wargame.review.findings.expected_actions import STATUSES, UNDECIDED
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import legend, rating_text
from wargame.review.findings.reviewer_notes import PARTS, PLAN, ReviewerNotes, merged, plan_rows
from wargame.review.findings.turning_points import MOST
from wargame.review.reports import report_header as header
from wargame.review.reports.log_tables import log_tables, white_cell_tables
from wargame.review.reports.message_cards import message_cards
from wargame.review.reports.page_data import pack
from wargame.review.reports.questionnaire_tables import HEADS, questionnaire_sections
from wargame.seat.message_html import message_style

if TYPE_CHECKING:
    from wargame.review.findings.moment_effects import MomentEffects

SCRIPTS = ("data.js", "timeline.js", "detail.js", "seats.js", "figures.js", "lists.js")
EVERY_SECTION = (
    ("summary", "Executive summary"),
    ("turning", "Turning points"),
    ("effects", "Counterfactual effects"),
    ("percentiles", "How unusual this run is"),
    ("timeline", "Timeline"),
    ("log", "Decision log"),
    ("seats", "Who knew what when"),
    ("objectives", "Expected actions"),
    ("msel", "MSEL as executed"),
    ("questionnaires", "Questionnaires"),
    ("messages", "Messages as sent"),
    ("relations", "Relations"),
    ("indicators", "Escalation and indicators"),
    ("attention", "Dossiers and attention"),
    ("talks", "Forums and agreements"),
    ("decisions", "Decisions and their reasons"),
    ("notes", "White cell"),
    ("improve", "Observations and improvement plan"),
    ("overview", "The exercise"),
    ("reproduce", "How to reproduce"),
    ("journal", "Journal"),
)
FOR_SEAT = {"indicators": "Indicators", "summary": "Summary"}
"""Headings that differ in the version for a seat: it does not see all actions."""
UNATTENDED = {"notes": "Settings of the run"}
"""Headings that differ for a run without people."""
FOR_CONTROL = frozenset(
    {"effects", "percentiles", "log", "objectives", "msel", "questionnaires", "notes", "improve", "reproduce"}
)
"""Sections that a seat does not get: they reveal the other side, or how to look it up."""
OPTIONAL = {
    "effects": "effects",
    "percentiles": "percentiles",
    "relations": "relations",
    "attention": "attention",
    "talks": "talks",
    "log": "decision_log",
    "objectives": "expected",
    "msel": "msel",
    "questionnaires": "questionnaires",
    "messages": "messages",
    "notes": "white_cell",
    "improve": "improvable",
}
"""Sections that are left out if what they show is empty."""
SCORED = "Chosen by a score."
SHOWS = "Each chain shows the event that a decision followed, the decision and what came of it."
CHAINS = f"Chosen by a score; their effects are not measured. {SHOWS}"
RATERS = "Evaluators give the ratings; drafts are made only for human seats."
NOT_RATED = "Evaluators give the ratings, during an exercise or in review.yaml."
WIDTHS = 20
"""Steps of the width of a bar: each is a class of the style sheet, since the page has no style of its own."""


def page(
    findings: Findings,
    notes: ReviewerNotes,
    seat: str = "",
    effects: MomentEffects | None = None,
    percentiles: Mapping[str, Any] | None = None,
) -> bytes:
    """The review of a run as a complete file; with `seat`, only what that government could know."""
    visible = Findings(knowledge.seat_source(findings.source, seat)) if seat else findings
    messages = message_cards(visible)
    style = asset("style.css") + (message_style() if messages else "")
    script = "\n".join(asset(name) for name in SCRIPTS)
    moments = leading_moments(visible, effects)
    attention = [row for row in visible.attention if not seat or row["who"] == seat]
    packed = pack(visible.source, seat, [moment["seq"] for moment in moments], attention)
    content = {
        "policy": policy(style, script, pictures=bool(messages)),
        "style": Markup(style),  # noqa: S704 - our own files, checked by the hash in the policy
        "script": Markup(script),  # noqa: S704
        "packed": Markup(packed),  # noqa: S704 - base64
        "moments": moments,
        "messages": messages,
        "question_heads": HEADS,
        "attention": attention,
        "about": _about(visible, findings, seat),
        **_common(visible, seat),
        **(_blank() if seat else _control(findings, notes, effects) | {"percentiles": percentiles}),
    }
    titles = FOR_SEAT if seat else {} if findings.source.folder.is_live else UNATTENDED
    content["sections"] = [
        (name, titles.get(name, title))
        for name, title in EVERY_SECTION
        if not (seat and name in FOR_CONTROL) and (name not in OPTIONAL or content[OPTIONAL[name]])
    ]
    content["headings"] = dict(content["sections"])
    return bytes(template("run.html.j2").render(content).encode())


def leading_moments(findings: Findings, effects: MomentEffects | None) -> list[dict[str, Any]]:
    """The moments at the top of a review: the largest effects that are shown if there are any, else the best scores."""
    if effects is not None and effects.decisive:
        return [dict(row) | {"chain": ()} for row in effects.decisive[:MOST]]
    return [row | {"effect": ""} for row in findings.moments]


def ranking(effects: MomentEffects | None) -> str:
    """How the moments at the top were chosen."""
    if effects is None:
        return CHAINS
    if effects.decisive:
        return "Ranked by their effect on the chance of an outcome; only effects that are distinguishable from chance."
    return f"No effect of a moment is distinguishable from chance. {SCORED} {SHOWS}"


def rated(row: dict[str, Any], notes: ReviewerNotes) -> str:
    """All ratings of an objective in words, or that there is none."""
    return rating_text(row, notes.ratings.get(row["objective"], "")) or "not rated"


def raters(findings: Findings, notes: ReviewerNotes) -> str:
    """What the letters mean and who gives them; if nothing is rated, how to rate."""
    if any(rating_text(row, notes.ratings.get(row["objective"], "")) for row in findings.objectives):
        return f"{legend()}. {RATERS}"
    return NOT_RATED


def statuses(row: Mapping[str, Any]) -> tuple[tuple[str, str, int], ...]:
    """The expected actions of an objective: each status that occurs, with a short name and its count."""
    names = {UNDECIDED: "to judge"}
    return tuple((name, names.get(name, name), int(row[name])) for name in (*STATUSES, UNDECIDED) if row[name])


def most_expected(findings: Findings) -> int:
    """The largest number of expected actions of one objective, which a full bar stands for; at least 1."""
    return max([sum(n for _, _, n in statuses(row)) for row in findings.objectives] + [1])


def _common(findings: Findings, seat: str) -> dict[str, Any]:
    source, summary = findings.source, findings.summary
    outcomes = [o for o in findings.executive.outcomes if o.seq is not None or not seat]
    return {
        "title": summary.title,
        "seat": seat,
        "seat_name": wording.called(source.name(seat)),
        "dates": source.dates,
        "notes": () if seat else summary.notes,  # they name the last record, and thus how many there are
        "happened": [o for o in outcomes if o.at and not o.inherited],
        "relations": bool(findings.relations),
        "talks": [row for row in findings.talks if row["day"] >= 0],
        "name": source.name,
        "call": shlex.quote(source.folder.call),
        "live": source.folder.is_live,
        "chains": CHAINS,
        "remark": partial(remark, source),
    }


def _about(visible: Findings, findings: Findings, seat: str) -> list[tuple[str, str]]:
    """The exercise: its scope, times, objectives and seats, as far as the reader may know them."""
    source = visible.source
    ended = header.ended(visible, findings.source.ended)  # by the whole journal, not by what a seat sees
    decided = findings.summary.decisions_in_words
    known = [("Game time", header.game_time(source)), ("Conducted", header.real_time(source)), ("Ended", ended)]
    if seat:
        return [*known, ("Seat", source.name(seat))]
    return [
        ("Scope", header.scope(source)),
        *known,
        ("Objectives", "; ".join(header.aims(findings))),
        ("Seats", header.seats(findings)),
        *([("Planned participants", people)] if (people := header.participants(source)) else []),
        *([("Fork", forked)] if (forked := header.fork(source)) else []),
        *([("Taken back", taken_back)] if (taken_back := header.rewinds(source)) else []),
        *([("Evaluators", ", ".join(findings.evaluators))] if findings.evaluators else []),
        *([("Decisions", f"{decided}, including decisions to wait")] if decided else []),
    ]


def _blank() -> dict[str, Any]:
    """Values of the sections that a seat does not get."""
    lists = "facts objectives expected msel left_behind observations plan provenance decision_log white_cell"
    lists += " measures questionnaires other_outcomes other_outcomes_short"
    texts = "nothing_drafted ranking raters overview command improvable"
    return {
        **dict.fromkeys(lists.split(), ()),
        **dict.fromkeys(texts.split(), ""),
        **dict.fromkeys(("effects", "percentiles", "executive")),
        "still_open": 0,
        "still_open_of": "",
        "plan_columns": PLAN,
        "parts": PARTS,
    }


def _control(findings: Findings, notes: ReviewerNotes, effects: MomentEffects | None) -> dict[str, Any]:
    """What only exercise control and the reviewer see."""
    source, observations = findings.source, merged(findings, notes)
    plan = plan_rows(findings, notes, observations)
    return {
        "facts": header.facts(findings),
        "executive": findings.executive,
        "overview": notes.overview,
        "effects": effects.for_page() if effects else None,
        "ranking": ranking(effects),
        "objectives": _rated(findings, notes),
        "measures": findings.objective_measures,
        "expected": findings.expected_actions,
        "still_open": findings.still_open,
        "still_open_of": " of model governments" if findings.human_seats else "",
        "other_outcomes": header.other_outcomes(findings),
        "other_outcomes_short": header.other_outcomes(findings, "'The exercise'"),
        "nothing_drafted": findings.nothing_drafted,
        "raters": raters(findings, notes),
        "msel": findings.msel,
        "questionnaires": questionnaire_sections(findings),
        "decision_log": log_tables(findings),
        "white_cell": white_cell_tables(findings),
        "left_behind": source.left_behind,
        "observations": [each | {"heading": heading(findings, each)} for each in observations],
        "improvable": bool(observations or plan or findings.objectives),
        "plan": plan,
        "plan_columns": PLAN,
        "parts": PARTS,
        "provenance": header.provenance(source),
        "reproduction": to_repeat(source.manifest.command, f"wargame verify {shlex.quote(source.folder.call)}"),
    }


def _rated(findings: Findings, notes: ReviewerNotes) -> list[dict[str, Any]]:
    """The objectives with their rating in words and their expected actions as a bar."""
    most = most_expected(findings)
    return [
        row
        | {
            "rated": rated(row, notes),
            "bar": [(status, max(1, round(WIDTHS * number / most))) for status, _, number in statuses(row)],
            "tally": ", ".join(f"{number} {name}" for _, name, number in statuses(row)) or "–",
        }
        for row in findings.objectives
    ]


def heading(findings: Findings, observation: Mapping[str, Any]) -> str:
    """The heading of an observation: the government and the objective, if it is about them."""
    objective = str(observation["objective"])
    titles = {row["objective"]: row["title"] for row in findings.objectives}
    title = titles.get(objective, wording.words(objective))
    return ": ".join(part for part in (findings.source.name(observation["who"]), title) if part) or "General"
