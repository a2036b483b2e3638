"""Judgements of people in the review: they replace the status by rule in every format, and both are shown."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console as Paper

from support.live import verified
from support.reviews import with_records
from support.terminals import seat
from wargame.document.terminal import print_blocks
from wargame.executor.run import Destination
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run
from wargame.live.session.session import Session
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import ReviewerNotes, merged, plan_rows, template
from wargame.review.findings.source import open_run
from wargame.review.reports.run_summary import run_summary
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

CALL = """\
format: wargame-injects/1
scenario: two-rivals
title: A call
injects:
- id: distress_call
  title: A distress call
  manual: true
  objective: signals
  expected:
  - {who: ARD, any_of: [talk], within: 5d, late: 12h, title: Offer help, objective: signals}
  - {who: ARD, any_of: [trade], within: 5d, late: 12h, title: Ease trade, objective: signals}
  - {who: BRL, any_of: [talk], within: 5d, late: 12h, title: Accept help}
"""
SCRIPT = (
    "advance 1d",
    "release distress_call",
    'message ARD BRL "Do you need tugs?"',
    "stop at nothing",
    "advance 6d",
    'judge 1 met --by 6 --why "it asked within the hour"',
    'rate distress_call late --who BRL --why "by telephone"',
    'rate signals S "one seat was slow"',
    'note "Arda asked before it had decided" --about 6 --tag sustain',
    'note "nobody told the allies" --about signals --tag improve',
    'note "the room was cold"',
    "endex",
)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """An exercise with a person in the seat of Arda, judged by the facilitator."""
    top = tmp_path_factory.mktemp("judged")
    (top / "i.yaml").write_text(CALL, encoding="utf-8")
    settings, folder = Settings(seats=(("ARD", "human"), ("BRL", "script"))), top / "run"
    session = Session.create(load("two-rivals", [str(top / "i.yaml")]), 1, settings, Destination(out=folder))
    console = Console(session)
    for line in SCRIPT:
        run(seat(console, "ARD") if line.startswith("message ARD") else console, line)
    session.close()
    assert verified(folder)
    return Findings(open_run(folder))


def test_the_last_status_counts_and_the_one_by_rule_is_kept(judged: Findings) -> None:
    """One row for each expected action, with who judged and why; what nobody judged is to be judged."""
    rows = {row["expected"]: row for row in judged.expected_actions}
    assert [row["status"] for row in rows.values()] == ["met", "undecided", "late"]
    assert rows["Accept help"]["judgement"] == "judged by the facilitator: by telephone; automatic: missed"
    assert rows["Ease trade"]["status_text"] == "for the evaluator to judge"
    help_offered = rows["Offer help"]
    assert help_offered["judgement"].endswith("it asked within the hour; automatic: undecided")
    (message,) = [record for record in judged.source.records if record.kind == "message"]
    assert (help_offered["action"], help_offered["candidates"], help_offered["latency_days"]) == (
        message.seq,
        [message.seq],
        0,
    )
    assert help_offered["done_title"] == "Arda to Brel: Do you need tugs?"


@pytest.mark.parametrize("form", ["html", "md", "terminal"])
def test_every_format_shows_both(judged: Findings, form: str) -> None:
    """And never reports what is undecided as missed."""
    if form == "terminal":
        paper = io.StringIO()
        print_blocks(Paper(width=200, no_color=True, file=paper), run_summary(judged.summary, "run", "run"))
        text = paper.getvalue()
    else:
        text = re.sub(r"<[^>]+>|\\", "", render(judged, form).decode())
    for part in ("judged by the facilitator: by telephone; automatic: missed", "for the evaluator to judge"):
        assert part in text
    assert not re.search(r"\b[1-9] missed", text)
    if form != "terminal":
        assert "S (the facilitator)" in text
        assert "One seat was slow" in text


def test_nothing_is_drafted_before_the_evaluator_has_judged(judged: Findings) -> None:
    """Neither a rating nor an observation; the review says why."""
    (objective,) = judged.objectives
    assert (objective["rating"], objective["undecided"]) == ("", 1)
    assert not [each for each in judged.observations if not each.id.startswith("note-")]
    assert judged.nothing_drafted.endswith("1 expected action is for the evaluators to judge.")


def test_an_expected_action_serves_the_objective_of_its_inject(judged: Findings) -> None:
    """If it names no other."""
    (objective,) = judged.objectives
    assert [objective[status] for status in ("met", "late", "missed", "undecided")] == [1, 1, 0, 1]


PATROL = """\
format: wargame-injects/1
scenario: two-rivals
title: A patrol
injects:
- id: patrol
  title: A patrol
  manual: true
  objective: signals
  expected:
  - {who: ARD, any_of: [OPTIONS], within: 300d, title: Do something, objective: signals}
"""


@pytest.mark.parametrize(
    ("kind", "played", "rating"),
    [
        ("human", ("order ARD talk BRL", "advance 60d"), "P"),
        ("human", ("deadline 6h game model", "advance 200d"), ""),
        ("model", ("advance 200d", "seat ARD human", "advance 1d"), ""),
        ("model", ("seat ARD human", "order ARD talk BRL", "advance 60d"), "P"),
    ],
)
def test_nothing_is_drafted_for_what_the_model_decided(
    tmp_path: Path, kind: str, played: tuple[str, ...], rating: str
) -> None:
    """Also if a person held the seat before or later, or had not decided in time."""
    loaded = load("two-rivals")
    injects = tmp_path / "i.yaml"
    injects.write_text(PATROL.replace("OPTIONS", ", ".join(loaded.scenario.options)), encoding="utf-8")
    settings, folder = Settings(seats=(("ARD", kind), ("BRL", "script"))), tmp_path / "run"
    session = Session.create(load("two-rivals", [str(injects)]), 1, settings, Destination(out=folder))
    for line in ("stop at nothing", "skip collision", "advance 1d", "release patrol", *played, "endex"):
        run(Console(session), line)
    session.close()
    findings = Findings(open_run(folder))
    assert [row["status"] for row in findings.expected_actions] == ["met"]
    assert [row["rating"] for row in findings.objectives] == [rating]
    assert [each.who for each in findings.observations] == (["ARD"] if rating else [])
    assert bool(rating) or findings.nothing_drafted.endswith("no person decided on an expected action.")


def test_a_conclusion_says_by_whose_judgement(tmp_path: Path) -> None:
    """What no rule has decided is not stated as a fact."""
    injects = tmp_path / "i.yaml"
    injects.write_text(PATROL.replace("OPTIONS", "trade"), encoding="utf-8")
    settings, folder = Settings(seats=(("ARD", "human"), ("BRL", "script"))), tmp_path / "run"
    session = Session.create(load("two-rivals", [str(injects)]), 1, settings, Destination(out=folder))
    for line in (
        "stop at nothing",
        "skip collision",
        "advance 1d",
        "release patrol",
        'message ARD BRL "We will ease trade."',
        'judge 1 met --why "it said so"',
        "endex",
    ):
        run(Console(session), line)
    session.close()
    (draft,) = Findings(open_run(folder)).observations
    assert draft.conclusion == "Arda took the expected action in time (as judged by the facilitator)."


def test_notes_with_a_tag_are_observations_in_the_words_of_their_author(judged: Findings) -> None:
    """With what they are about as evidence; those to improve open the plan; others stay notes."""
    improve, sustain = judged.observations
    assert (improve.sustain, improve.objective, improve.observation) == (False, "signals", "nobody told the allies")
    assert (sustain.sustain, sustain.who, sustain.observation) == (True, "ARD", "Arda asked before it had decided")
    assert sustain.discussion.startswith("Noted by the facilitator, ")
    assert "about: Arda to Brel: Do you need tugs? [#6]." in sustain.discussion
    text = render(judged, "md").decode()
    strengths, improvements = text.index("### Strengths"), text.index("### Areas for improvement")
    assert strengths < text.index("Arda asked before it had decided", strengths) < improvements
    assert improvements < text.index("nobody told the allies", improvements)
    plan = plan_rows(judged, ReviewerNotes(), merged(judged, ReviewerNotes()))
    assert [row["issue"] for row in plan] == ["nobody told the allies"]
    assert "note-" in template(judged)


def test_a_judgement_is_listed_once(judged: Findings) -> None:
    """With its expected action, and not among the notes; ratings of objectives are."""
    assert [(row["sort"], row["about"]) for row in judged.remarks] == [
        ("rating", "Respond to an incident within two weeks without escalation"),
        ("note", "record #6"),
        ("note", "Respond to an incident within two weeks without escalation"),
        ("note", ""),
    ]
    text = render(judged, "md").decode()
    assert text.count("it asked within the hour") == 1
    assert text.count("by telephone") == 1


def test_the_review_names_its_evaluators(judged: Findings) -> None:
    """Only those who joined under a name."""
    assert judged.evaluators == []
    more = with_records(judged.source, ("note", "evaluator", "", (), {"text": "calm", "evaluator": "A. Name"}))
    assert Findings(more).evaluators == ["A. Name"]
    for form in ("html", "md"):
        assert re.search(r"Evaluators\W{0,9}A\. Name", re.sub(r"<[^>]+>", "", render(Findings(more), form).decode()))
