"""Turning points as chains of what a decision followed, the decision and what came of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from support.played_reviews import played_findings
from support.records import made
from support.reviews import page
from wargame.journal.sentences import because, headline
from wargame.journal.wording import Titles
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import MOST, score
from wargame.review.findings.turning_points import MOST as LINKS
from wargame.review.reports.writing import render


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """A live exercise with two human seats."""
    return played_findings(tmp_path_factory.mktemp("played") / "exercise")


def test_each_link_is_a_cause_of_the_next(source: RunSource) -> None:
    """In the journal, perhaps through signals and steps; times do not go back."""
    points = Findings(source).turning_points
    chains = [point.chain for point in points if len(point.chain) > 1]
    assert chains
    for chain in chains:
        assert len(chain) <= LINKS
        for earlier, later in pairwise(chain):
            record = source.index[later.seq]
            while record.cause and record.cause[0] != earlier.seq:
                record = source.index[record.cause[0]]
            assert record.cause, (earlier, later)
            assert source.index[earlier.seq].t <= source.index[later.seq].t


def test_a_decision_of_the_model_is_between_its_event_and_its_action(source: RunSource) -> None:
    """At least one chain has all three, and says how it was decided."""
    chains = [[link.role for link in point.chain] for point in Findings(source).turning_points]
    assert any(roles[i : i + 2] == ["decision", "action"] for roles in chains for i in range(1, len(roles)))


def test_what_people_ordered_and_said_is_among_the_turning_points(played: Findings) -> None:
    """An order with its reason, the vote with its result, an offer."""
    points = {point.kind: point for point in played.turning_points}
    assert {"action", "offer", "vote.result"} <= points.keys()
    order, action = next(p.chain for p in played.turning_points if p.chain[0].role == "order")
    assert order.text == "Arda orders it: 'to keep the fishermen calm'"
    assert action.text == "Arda offers talks (Brel)"
    assert points["vote.result"].chain[-1].text == "Result: yes 1, no 1"
    assert [point.seq for point in played.turning_points] == sorted(point.seq for point in played.turning_points)


def test_a_decision_after_a_missed_deadline_is_one_of_the_model(tmp_path: Path) -> None:
    """Without this it would read as a decision of the people in the seat."""
    lines = ("stop at nothing", "deadline 1d model", "advance 200d", "endex")
    findings = played_findings(tmp_path / "r", *lines)
    texts = [link.text for point in findings.turning_points for link in point.chain if link.role == "decision"]
    assert texts
    for text in texts:
        assert text.startswith(("The model decides for Arda, where", "The model decides for Brel, where")), text
    decided = [point for point in findings.turning_points if any(link.role == "decision" for link in point.chain)]
    reasons = [point.why for point in decided if point.kind == "action"]
    assert reasons
    assert all("decided by the model after a missed deadline" in why for why in reasons), reasons


GREETING = ('message ARD BRL "Good morning."', 'message BRL ARD "Good morning to you."')
OFFER = ('offer BRL ARD "Joint patrols"', 'answer ARD 1 no "Not now"')


def test_orders_of_people_come_before_what_they_said(tmp_path: Path) -> None:
    """A place is kept for each order that was carried out, and a courtesy is no turning point beside two orders."""
    orders = (
        "order ARD protest BRL",
        "order BRL talk ARD",
        "advance 10d",
        "order ARD trade BRL",
        "order BRL protest ARD",
    )
    lines = ("stop at nothing", "advance 1d", *GREETING, *OFFER, *orders, "advance 60d", "endex")
    findings = played_findings(tmp_path / "exercise", *lines)
    actions = [r.seq for r in findings.source.since if r.kind == "action" and "order" in r.data.get("from", "")]
    points = findings.turning_points
    assert len(actions) == 4
    assert set(actions) <= {point.seq for point in points}
    assert "message" not in {point.kind for point in points}
    assert [point.seq for point in points] == sorted(point.seq for point in points)


def test_a_message_without_consequence_is_no_turning_point(tmp_path: Path) -> None:
    """Here people wrote to each other and ordered one action."""
    lines = ("stop at nothing", "advance 1d", *GREETING, "order ARD talk BRL", "advance 10d", "endex")
    kinds = [point.kind for point in played_findings(tmp_path / "exercise", *lines).turning_points]
    assert kinds == ["action"]


def test_a_message_by_which_an_expected_action_was_judged_is_a_turning_point(tmp_path: Path) -> None:
    """Where people did little else."""
    lines = ("stop at nothing", "advance 21d", 'message ARD BRL "Do you need tugs?"')
    before = played_findings(tmp_path / "before", *lines)
    (written,) = (r.seq for r in before.source.records if r.kind == "message")
    judged = played_findings(tmp_path / "judged", *lines, f"judge 1 met --by {written}", "endex")
    assert written in {point.seq for point in judged.turning_points}


@pytest.mark.parametrize(("players", "listed"), [(("human", "model"), True), (("model", "model"), False)])
def test_a_vote_is_a_turning_point_where_a_person_was_asked(
    players: tuple[str, str], listed: bool, tmp_path: Path
) -> None:
    """One of the seats is enough."""
    seats = [f"seat {who} {player}" for who, player in zip(("ARD", "BRL"), players, strict=True)]
    lines = (
        "stop at nothing",
        'vote ARD ARD,BRL "Do we talk?" --choices yes,no',
        "ballot ARD 1 yes",
        "ballot BRL 1 yes",
    )
    findings = played_findings(tmp_path / "exercise", *lines[:2], *seats, *lines[2:], "advance 1d", "endex")
    assert ("vote.result" in {point.kind for point in findings.turning_points}) is listed


def test_the_page_the_documents_and_the_summary_list_the_same_turning_points(played: Findings) -> None:
    """The same ones in the same order, at most `MOST`."""
    seqs = [point.seq for point in played.turning_points]
    assert 0 < len(seqs) <= MOST
    html, text = page(played.source), render(played, "md").decode()
    section = html[html.index('<section id="turning">') : html.index('<section id="timeline">')]
    listed = text[text.index("## 2. Turning points") : text.index("## 3.")]
    for seq in seqs:
        assert f'<a class="record" href="#r{seq}">' in section
        assert f"\\[#{seq}\\]" in listed
    assert section.count("<li><b>") == len(seqs)
    assert [point.seq for point in played.summary.turning_points] == seqs


def test_the_text_of_a_last_link_is_the_headline_of_its_record(source: RunSource) -> None:
    """A chain says no more than the journal."""
    points = Findings(source).turning_points
    assert points
    for point in points:
        record = source.index[point.seq]
        assert point.chain[-1].text == headline(record, source.index, source.titles)


def test_a_link_does_not_repeat_its_label(played: Findings) -> None:
    """`OUTCOME` above `Outcome: A blockade` would say it twice."""
    html = page(played.source)
    section = html[html.index('<section id="turning">') : html.index('<section id="timeline">')]
    assert "<i>outcome</i> A blockade" in section
    assert not [label for label in ("outcome", "inject") if f"<i>{label}</i> {label.capitalize()}" in section]


def test_the_reason_of_an_outcome_does_not_repeat_its_title() -> None:
    """`Outcome: Arda eases trade` is not explained by `Arda eases trade`, but by the decision behind it."""
    at, titles = "2030-01-01T00:00:00+00:00", Titles({"ARD": "Arda", "BRL": "Brel"})
    decision = made(1, 0, at, "decision", "ARD", "trade", (), {"meeting": "routine", "chance": 0.4})
    action = made(2, 0, at, "action", "ARD", "trade", (1,), {"title": "eases trade", "target": "BRL"})
    outcomes = [made(3, 0, at, "outcome", "", "o", (2,), {"title": title}) for title in ("Arda eases trade", "Thaw")]
    reasons = [because(outcome, {1: decision, 2: action}, titles) for outcome in outcomes]
    assert reasons == [
        "decided at a routine meeting (chosen with probability 40 %)",
        "Arda eases trade (Brel), decided at a routine meeting (chosen with probability 40 %)",
    ]


@pytest.mark.parametrize(
    ("before", "after", "weighs"), [("proposed", "convened", True), ("convened", "convened", False)]
)
def test_talks_count_when_their_state_changes(before: str, after: str, weighs: bool) -> None:
    """A further session of talks that go on is no turning point."""
    step = made(7, 3600, "2030-01-01T01:00:00+00:00", "forum", "", "six_party", (), {"from": before, "to": after})

    assert (score(step) > 0) is weighs
