"""The executive summary: one sentence, decisions of people, outcomes from the gravest on, objectives with ratings."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from support.played_reviews import played_findings
from support.reviews import page, review_blocks, with_records
from wargame.document.blocks import Bullets, Cards, Grid, Heading
from wargame.document.formatting import StackedBar
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import ReviewerNotes
from wargame.review.findings.source import RunSource
from wargame.review.reports.report_header import Review
from wargame.review.reports.run_first_page import executive_summary
from wargame.review.reports.writing import render


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """A live exercise with two human seats."""
    return played_findings(tmp_path_factory.mktemp("played") / "exercise")


def test_one_sentence_says_who_played_how_long_and_what_came_of_it(played: Findings) -> None:
    """Of an exercise with people, one outcome and an early ENDEX."""
    assert played.executive.sentence == (
        "From 1 Jan 2030 to 15 Feb 2030 (45 days), with people deciding for Arda and Brel, one of 3 possible outcomes "
        "occurred: A blockade (adjudicated: agreed in the room) (5 Feb 2030). The exercise ended with ENDEX."
    )


def test_the_sentence_of_an_unattended_run_names_no_people(source: RunSource) -> None:
    """Its outcomes are counted against all that were possible."""
    findings = Findings(source)
    possible, occurred = source.manifest.outcomes, [at for at in source.manifest.outcomes.values() if at]
    assert findings.executive.sentence.startswith(
        "From 1 Jan 2030 to 1 Jan 2031 (365 days), with the model deciding for both governments, "
    )
    assert f"of {len(possible)} possible outcomes occurred" in findings.executive.sentence or not occurred
    assert findings.executive.players == ()
    assert "Decisions of players" not in render(findings, "md").decode()


def test_a_seat_that_changed_hands_is_named_as_such(tmp_path: Path) -> None:
    """The model decided for it before or afterwards."""
    orders = ("order ARD talk BRL", "order BRL talk ARD")
    played = played_findings(
        tmp_path / "r", "stop at nothing", *orders, "advance 9d", "seat BRL model", "advance 50d", "endex"
    )
    assert ", with people deciding for Arda throughout and for Brel part of the time, " in played.executive.sentence


def test_the_sentence_counts_the_decisions_that_people_left_to_the_model(tmp_path: Path) -> None:
    """Otherwise it would say that people decided throughout."""
    orders = ("order ARD talk BRL", "order BRL talk ARD")
    lines = ("stop at nothing", "deadline 2d model", *orders, "advance 20d", "endex")
    played = played_findings(tmp_path / "r", *lines)
    missed = [row for row in played.seat_decisions if row["result"] == "the model decided instead"]
    assert len(missed) > 1
    assert (
        f"with people deciding for Arda and Brel and the model for {len(missed)} decisions that people did not take "
        "in time, " in played.executive.sentence
    )


def test_outcomes_are_ordered_by_severity_and_not_by_date(source: RunSource) -> None:
    """The one that ends the run first, then that of the most severe option; a date only breaks a tie."""
    more = with_records(
        source,
        ("outcome", "", "blockade_laid", (0,), {"title": "A blockade"}),
        ("outcome", "", "war", (0,), {"title": "War in the strait", "ends": True}),
    )
    occurred = [outcome.id for outcome in Findings(more).executive.outcomes if outcome.at]
    assert occurred[:2] == ["war", "blockade_laid"]
    assert len(occurred) == len({record.about for record in more.since if record.kind == "outcome"})


def test_an_outcome_of_an_action_of_the_white_cell_is_labelled(tmp_path: Path) -> None:
    """In the sentence and in the list: nobody in the exercise decided it."""
    action = 'action BRL "closes the strait" --as blockade --to ARD'
    played = played_findings(tmp_path / "r", "stop at nothing", "advance 1d", action, "endex")
    assert "A blockade (2 Jan 2030, 00:00, by an action that the white cell entered)" in played.executive.sentence
    assert "by an action that the white cell entered [#" in render(played, "md").decode().replace("\\", "")
    assert "by an action that the white cell entered" in page(played.source)


def test_an_outcome_of_an_order_of_the_white_cell_is_labelled_as_one(tmp_path: Path) -> None:
    """It entered no action: the government has carried out its order."""
    order = "order BRL blockade ARD --force"
    played = played_findings(tmp_path / "r", "stop at nothing", "advance 1d", order, "advance 40d", "endex")
    assert ", by an order of the white cell)" in played.executive.sentence
    assert "that the white cell entered" not in played.executive.sentence


def test_decisions_of_players_have_reason_result_and_evidence(played: Findings) -> None:
    """Each line names the order and what came of it; refused requests are decisions too."""
    texts = [decision.text for decision in played.executive.players]
    refused = "refused by the white cell: there are no neighbours"
    assert texts == [
        "Arda orders: offers talks (Brel), 'to keep the fishermen calm'; carried out on 7 Jan 2030",
        f"Brel asks in free text: 'invite the neighbours to mediate', 'to gain time'; {refused}",
    ]
    index = played.source.index
    assert all(seq in index for decision in played.executive.players for seq in decision.evidence)
    assert played.executive.others == (
        "Also: 1 more decision; 1 message, 1 offer or demand, 1 vote (see the decision log)."
    )


@pytest.mark.parametrize("form", ["html", "md"])
def test_every_format_begins_with_the_summary_and_ends_with_the_hashes(played: Findings, form: str) -> None:
    """A sponsor reads what happened first; data for reproduction are in an annex."""
    text = render(played, form).decode()
    summary, log, annex = (text.index(words) for words in ("Executive summary", "Decision log", "How to reproduce"))
    assert summary < text.index("From 1 Jan 2030 to 15 Feb 2030") < text.rindex(played.source.manifest.scenario_sha256)
    assert text.index("Turning points", summary) < text.rindex("Decision log") < text.rindex("How to reproduce")
    assert text.index(played.source.manifest.scenario_sha256) > text.rindex("How to reproduce")
    assert log
    assert annex


def test_word_begins_with_the_summary(played: Findings) -> None:
    """Title, facts, heading, what was exercised and its course come first; the hashes are on the last pages."""
    from docx import Document

    document = Document(io.BytesIO(render(played, "docx")))
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts[0] == "After-action review: Two rivals and a strait"
    assert texts[1].startswith("1 Jan 2030 to 15 Feb 2030 · live exercise, played by people: Arda, Brel")
    assert texts[2] == "1. Executive summary"
    assert texts[3] == "What was exercised"
    assert texts[4] == "Arda and Brel dispute a strait. A small fictional scenario for examples and tests."
    assert texts[5] == played.executive.sentence
    cells = [cell.text for cell in document.tables[-2]._cells]
    assert played.source.manifest.scenario_sha256 in cells


def test_expected_actions_are_drawn_as_bars(source: RunSource) -> None:
    """In the page and in documents, each with its counts in words; a full bar stands for the most of one objective."""
    findings = Findings(source)
    objective = findings.objectives[0]
    counts = {status: objective[status] for status in ("met", "late", "missed") if objective[status]}
    tally = ", ".join(f"{number} {status}" for status, number in counts.items())
    grids = [block for block in review_blocks(findings, ReviewerNotes()) if isinstance(block, Grid)]
    bar = next(grid for grid in grids if grid.heads[0] == "Objective").rows[0][-1]

    assert counts
    assert isinstance(bar, StackedBar)
    assert (bar, bar.most) == (tally, sum(counts.values()))
    text = page(source)
    drawn = text[text.index('<span class="tally"') : text.index('<span class="counts">')]
    assert all(f'class="part {status} p' in drawn for status in counts)
    assert f'<span class="counts">{tally}</span>' in text


def test_the_first_page_has_neither_an_outcome_twice_nor_an_empty_column(source: RunSource) -> None:
    """Turning points that are outcomes above are not repeated; without a conclusion there is no column for it."""
    findings = Findings(source)
    first = list(executive_summary(Review(findings, ReviewerNotes())))
    shown = [item.text for block in first if isinstance(block, Cards) for item in block.items]
    moments = [item for block in first if isinstance(block, Bullets) for item in block.items]
    (ratings,) = (block for block in first if isinstance(block, Grid))
    cited = [set(re.findall(r"#\d+", " ".join(texts))) for texts in (shown, moments)]
    assert all(cited)
    assert not cited[0] & cited[1]
    assert ratings.heads == ("Objective", "Rating", "Conclusion", "Expected actions")
    assert '<th scope="col">Conclusion</th>' not in page(source)


def test_a_priority_action_names_its_record_once(source: RunSource) -> None:
    """Also if the reviewer's issue names it."""
    seq = source.records[-1].seq
    plan = tuple({"issue": f"Late{named}", "corrective_action": "Call first"} for named in (f" [#{seq}]", ""))
    blocks = executive_summary(Review(Findings(source), ReviewerNotes(plan=plan)))
    actions = next(block for block in blocks if isinstance(block, Grid) and block.heads[0] == "Corrective action")
    assert [row[-1] for row in actions.rows] == [f"Late [#{seq}]", "Late"]


def test_the_first_page_of_an_exercise_answers_a_sponsor_in_order(tmp_path: Path) -> None:
    """What was exercised, what was learned, what went well and what must change, before ratings and outcomes.

    What people noted comes before objectives that were met without challenges.
    """
    notes = ('note "They asked first" --tag sustain', "endex", 'rate signals P "both wrote"')
    findings = played_findings(tmp_path / "r", "stop at nothing", "order ARD talk BRL", "advance 9d", *notes)
    plan = ({"issue": "No list", "corrective_action": "Keep a list", "responsible": "The unit"},)
    blocks = executive_summary(Review(findings, ReviewerNotes(plan=plan)))
    heads = [block.text for block in blocks if isinstance(block, Heading)]
    well = blocks[blocks.index(Heading(3, "What went well")) + 1]
    assert heads[:4] == [
        "What was exercised",
        "What was learned",
        "What went well",
        "What must change, and who does it",
    ]
    assert heads.index("Objectives") > 3
    assert isinstance(well, Bullets)
    assert [re.sub(r" \[#\d+\]", "", str(item)) for item in well.items[:2]] == [
        "They asked first",
        "Respond to an incident within two weeks without escalation: performed without challenges (both wrote)",
    ]


def test_a_weak_rating_stands_under_what_must_change(source: RunSource) -> None:
    """Also without a corrective action, in words and with the reason."""
    notes = ReviewerNotes(ratings={"signals": "M"}, conclusions={"signals": "Nobody asked."})
    blocks = executive_summary(Review(Findings(source), notes))
    weak = blocks[blocks.index(Heading(3, "What must change, and who does it")) + 1]
    assert isinstance(weak, Bullets)
    assert [str(item) for item in weak.items] == [
        "Respond to an incident within two weeks without escalation: performed with major challenges (Nobody asked)"
    ]
    said = "\n".join(str(item) for block in blocks if isinstance(block, Bullets) for item in block.items)
    assert said.count("performed with major challenges") == 1


SHOTS = (
    "stop at nothing",
    *("order ARD talk BRL", "order BRL talk ARD", "advance 8d", "order ARD protest BRL", "order BRL protest ARD"),
    'order BRL strike ARD --force --why "the storyline"',
    "advance 30d",
    'action ARD "sinks a trawler" --as strike --to BRL',
    "advance 8d",
    'order BRL strike ARD --force --why "the storyline"',
    "advance 9d",
    "endex",
)
"""Both fire on ships by order of the white cell, with more than the week between that makes it a war."""


def test_the_gravest_acts_come_first_whoever_ordered_them(tmp_path: Path) -> None:
    """Both governments fired on ships: the summary begins with that and with who ordered it."""
    played = played_findings(tmp_path / "r", *SHOTS)
    assert "none of 3 possible outcomes occurred" in played.executive.sentence
    assert (
        "The gravest act: Brel fires on ships (Arda) (10 Jan 2030, ordered by the white cell)"
        in played.executive.sentence
    )
    acts = [act.text for act in played.executive.acts]
    assert acts[:2] == [
        "Brel fires on ships (Arda): ordered by the white cell ('the storyline'); 2 times, the last on 17 Feb 2030",
        "Arda sinks a trawler (Brel): entered by the white cell",
    ]
    assert "Arda protests (Brel): ordered by Arda" in acts
    text = render(played, "md").decode()
    assert text.index("fires on ships") < text.index("Gravest acts") < text.index("Decisions of players")
    html = page(played.source)
    assert html.index('id="acts"') < html.index("Decisions of players") < html.index('id="timeline"')


def test_of_equally_grave_acts_the_more_hostile_one_comes_first(source: RunSource) -> None:
    """Five are listed: a later one must not be left out for milder ones."""
    threats = [{"title": f"threatens {place}", "severity": 50, "rung": 5, "goldstein": -5.0} for place in "abcde"]
    launch = {"title": "fires a missile", "severity": 50, "rung": 5, "goldstein": -7.2}
    more = with_records(source, *[("action", "ARD", "strike", (), each) for each in (*threats, launch)])
    acts = [act.text for act in Findings(more).executive.acts]
    assert [act.partition(":")[0] for act in acts[:2]] == ["Arda fires a missile", "Arda threatens a"]


def test_of_two_equally_severe_outcomes_the_higher_rung_is_graver(source: RunSource) -> None:
    """A blockade and fire on ships have the same severity in this scenario, and the blockade is earlier."""
    more = with_records(
        source,
        ("outcome", "", "blockade_laid", (), {"title": "A blockade"}),
        ("outcome", "", "war", (), {"title": "War in the strait"}),
    )
    assert source.scenario
    options = source.scenario.options
    assert options["blockade"].severity == options["strike"].severity
    assert [each.id for each in Findings(more).executive.outcomes if each.at][:2] == ["war", "blockade_laid"]


def test_a_failed_test_is_called_one(source: RunSource) -> None:
    """In the list of acts, among the actions of its government and as what brought an outcome about."""
    test = {"title": "tests a missile", "success": False, "severity": 50, "rung": 5, "from": "decision"}
    more = with_records(
        source,
        ("action", "ARD", "strike", (), test),
        *[("action", "ARD", "strike", (), test | {"success": True})] * 90,
        ("outcome", "", "war", (0,), {"title": "War in the strait"}),
    )
    findings = Findings(more)
    assert findings.executive.acts[0].text == "Arda tests a missile, and fails: decided by the model"
    assert findings.executive.acts[1].text.startswith("Arda tests a missile: decided by the model; 90 times, ")
    text = render(findings, "md").decode()
    assert "War in the strait: 1 Jan 2031, day 365, by an attempt that failed" in text
    arda = next(each for each in findings.summary.actions if each["who"] == "ARD")
    assert arda["commonest"][0] == ("tests a missile", 90)


def test_the_only_decision_is_not_one_more(tmp_path: Path) -> None:
    """An order that was not carried out yet is not listed, and is counted alone."""
    played = played_findings(tmp_path / "r", "stop at nothing", "order ARD trade BRL", "advance 1h", "endex")
    assert played.executive.others == "Players: 1 decision (see the decision log)."
