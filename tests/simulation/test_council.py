"""A council can fail: a draft is delayed, or ends in a statement in place of a resolution."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.talks import begin, option, order, records, table, turns
from wargame.errors import UsageFault
from wargame.journal.records import Stamps
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.scenario.journal_context import titles
from wargame.scenario.model.governments import ForumMove
from wargame.simulation.exercise import Exercise


def council(*, reviews: model.Reviews | None = None, **fields: Any) -> Exercise:
    """Two members of a council that may issue statements and delay decisions."""
    base = table().scenario
    moves = {
        f"{move}_draft": option(forum=ForumMove(name="council", move=move))
        for move in ("propose", "accept", "dilute", "veto", "state", "delay")
    }
    given: dict[str, Any] = {"statement": {"tension": model.Effect(to=0.5)}, "delay": 20 * DAY, "window": 60 * DAY}
    spec = replace(base.forums["council"], **(given | fields))
    rules = replace(base.rules, reviews=reviews)
    return begin(forums={**base.forums, "council": spec}, options={**base.options, **moves}, rules=rules)


def events(exercise: Exercise) -> list[str]:
    """The steps of the council."""
    return [r[6]["event"] for r in records(exercise, "forum") if r[4] == "council"]


def test_a_statement_is_issued_when_a_member_supports_nothing_more() -> None:
    """All required members support the draft or a statement, and one of them the statement alone."""
    exercise = council()
    order(exercise, "ARD", "propose_draft")
    assert exercise.context.world.get("tension") < 0.4
    order(exercise, "BRL", "state_draft")
    assert events(exercise) == ["propose", "state", "issue"]
    assert turns(exercise, about="council")[-1] == "dormant"
    assert exercise.context.world.get("tension") == pytest.approx(0.5, abs=0.01)


def test_a_person_knows_that_all_support_a_draft_only_when_it_has_enough_support() -> None:
    """A draft that is weakened has no more supporters than before."""
    exercise = council()
    order(exercise, "ARD", "propose_draft", days=3)
    before = exercise.context.knowledge("BRL").share("council")
    order(exercise, "BRL", "dilute_draft", days=3)
    assert exercise.context.knowledge("BRL").share("council") == before < 1.0
    order(exercise, "BRL", "accept_draft")
    assert "convene" in events(exercise)
    assert exercise.context.knowledge("BRL").share("council") == 1.0


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (["state"], ["Brel supports a statement instead of the resolution", "a statement is issued in place of"]),
        (["delay", "veto"], ["Brel delays the decision on the resolution", "Brel vetoes the resolution"]),
        (
            ["accept"],
            ["Brel supports the resolution", "the resolution has enough support", "the resolution is adopted"],
        ),
    ],
)
def test_each_step_of_a_council_has_its_words(moves: list[str], said: list[str]) -> None:
    """With the member that made it."""
    exercise = council()
    order(exercise, "ARD", "propose_draft")
    for move in moves:
        order(exercise, "BRL", f"{move}_draft", days=3)
    names = titles(exercise.context.scenario, ())
    steps = [r for r in Stamps(exercise.calendar.iso).records(records(exercise, "forum")) if r.about == "council"]
    clauses = [step.clause(names) for step in steps if step.data["event"] != "reopen"]
    assert clauses[0].startswith("Arda proposes a resolution (Council)")
    assert len(clauses) == 1 + len(said)
    assert all(clause.startswith(words) for clause, words in zip(clauses[1:], said, strict=True)), clauses


def test_a_member_that_supports_a_statement_may_still_vote_for_the_draft() -> None:
    """Then the draft is adopted."""
    base = table().scenario.forums["council"]
    exercise = council(members=("ARD", "BRL"), required=base.members)
    order(exercise, "ARD", "propose_draft")
    exercise.forums._talks["council"].committed.clear()  # as if nobody had proposed it
    order(exercise, "BRL", "state_draft")
    order(exercise, "BRL", "accept_draft")
    order(exercise, "ARD", "accept_draft", days=2)
    assert events(exercise)[-2:] == ["agree", "reopen"]


def test_a_delay_keeps_the_council_from_deciding() -> None:
    """Until it is over; then the council decides without a further move."""
    exercise = council()
    order(exercise, "ARD", "propose_draft")
    order(exercise, "BRL", "delay_draft")
    order(exercise, "BRL", "accept_draft", days=15)
    assert turns(exercise, about="council")[-1] == "proposed"
    exercise.advance(exercise.now + 8 * DAY)
    assert "convene" in events(exercise)


def test_each_member_delays_a_draft_once() -> None:
    """And the draft stays open for as much longer."""
    exercise = council()
    order(exercise, "ARD", "propose_draft")
    order(exercise, "BRL", "delay_draft", days=70)
    assert turns(exercise, about="council")[-1] == "proposed"
    with pytest.raises(UsageFault, match="does not allow 'delay'"):
        order(exercise, "BRL", "delay_draft")
    exercise.advance(exercise.now + 15 * DAY)
    assert events(exercise)[-1] == "lapse"


def test_a_veto_still_ends_a_draft() -> None:
    """Whatever the others support."""
    exercise = council()
    order(exercise, "ARD", "propose_draft")
    order(exercise, "BRL", "veto_draft")
    assert events(exercise) == ["propose", "veto"]


@pytest.mark.parametrize("move", ["state", "delay"])
def test_without_its_key_a_move_is_not_possible(move: str) -> None:
    """A council that declares neither adopts a resolution or nothing."""
    exercise = council(statement=None, delay=None)
    order(exercise, "ARD", "propose_draft")
    with pytest.raises(UsageFault, match=f"does not allow '{move}'"):
        order(exercise, "BRL", f"{move}_draft")


def test_at_the_end_of_the_window_members_that_have_not_voted_abstain() -> None:
    """With enough votes the draft is adopted; without the key it lapses."""
    for votes, last in ((1, "reopen"), (2, "lapse"), (None, "lapse")):
        exercise = council(votes=votes)
        order(exercise, "ARD", "propose_draft", days=63)
        assert events(exercise)[-1] == last, votes
    assert "agree" in events(council_after(votes=1))


def council_after(**fields: Any) -> Exercise:
    """A council after a draft on which only its author voted."""
    exercise = council(**fields)
    order(exercise, "ARD", "propose_draft", days=63)
    return exercise


def test_only_a_veto_prevents_a_draft_with_enough_votes() -> None:
    """Or the support of a required member for a statement instead."""
    exercise = council(votes=1)
    order(exercise, "ARD", "propose_draft", days=30)
    order(exercise, "BRL", "veto_draft", days=40)
    assert events(exercise) == ["propose", "veto"]
    base = table().scenario.forums["council"]
    exercise = council(votes=1, members=("ARD", "BRL"), required=base.members)
    order(exercise, "ARD", "propose_draft")
    exercise.forums._talks["council"].committed.clear()  # as if its author had not voted
    order(exercise, "BRL", "state_draft", days=63)
    assert events(exercise)[-1] == "issue"


def sitting(**fields: Any) -> Exercise:
    """A council that votes in one sitting. Arda has circulated a draft, and Brel delays the decision for 20 days."""
    exercise = council(sitting=True, **fields)
    order(exercise, "ARD", "propose_draft")
    order(exercise, "BRL", "delay_draft")
    return exercise


def votes(exercise: Exercise) -> list[tuple[str, str]]:
    """Member and option of each vote that was cast."""
    return [(r[3], r[4]) for r in records(exercise, "action") if r[4] in ("accept_draft", "state_draft")]


def test_the_members_of_a_council_vote_in_one_sitting() -> None:
    """Also the author of the draft; a member that is ready waits for the day of the sitting."""
    exercise = sitting()
    order(exercise, "BRL", "accept_draft", days=10)
    assert votes(exercise) == []
    assert events(exercise)[-1] == "commit"
    exercise.advance(exercise.now + 12 * DAY)
    assert votes(exercise) == [("ARD", "accept_draft"), ("BRL", "accept_draft")]
    assert len({r[1] for r in records(exercise, "action") if r[4] == "accept_draft"}) == 1
    assert "agree" in events(exercise)


def test_votes_on_what_a_council_does_not_decide_are_given_up() -> None:
    """A statement has no votes for the draft."""
    exercise = sitting()
    order(exercise, "BRL", "state_draft", days=25)
    assert events(exercise)[-1] == "issue"
    assert votes(exercise) == [("BRL", "state_draft")]


def test_a_veto_leaves_nothing_to_vote_on() -> None:
    """An order that waited for the sitting is cancelled, with the reason."""
    exercise = sitting()
    order(exercise, "BRL", "state_draft", days=2)
    order(exercise, "BRL", "veto_draft", days=25)
    assert votes(exercise) == []
    cancelled = [(r[3], r[6]["reason"]) for r in records(exercise, "order.cancelled")]
    assert cancelled == [("BRL", "the council does not vote on it")]


def test_a_vote_that_is_withdrawn_before_the_sitting_does_not_count() -> None:
    """The draft then lacks a required member and lapses with its window."""
    exercise = sitting()
    order(exercise, "BRL", "accept_draft", days=2)
    [pending] = exercise.governments["BRL"].pending.values()
    exercise.governments["BRL"].cancel(pending, "a change of mind", pending.cause)
    exercise.advance(exercise.now + 90 * DAY)
    assert votes(exercise) == []
    assert events(exercise)[-1] == "lapse"


def test_a_council_adopts_what_it_is_said_to_adopt() -> None:
    """A resolution unless the scenario has another noun."""
    for adopts, said in ((None, "Arda proposes a resolution"), ("press statement", "Arda proposes a press statement")):
        exercise = council(adopts=adopts)
        order(exercise, "ARD", "propose_draft")
        names = titles(exercise.context.scenario, ())
        [step] = [r for r in Stamps(exercise.calendar.iso).records(records(exercise, "forum")) if r.about == "council"]
        assert step.clause(names).startswith(said)


@pytest.mark.parametrize("occasion", ["shock", "leader"])
def test_an_order_that_waits_for_the_sitting_is_not_reviewed(occasion: str) -> None:
    """It is due, and the forum allows no second support: a review would cancel it for that reason."""
    exercise = sitting(reviews=model.Reviews())
    order(exercise, "BRL", "accept_draft", days=10)
    brel = exercise.governments["BRL"]
    [pending] = brel.pending.values()
    pending.source = "decision"
    assert brel.reviews is not None
    brel.take_seat("model")  # only its orders are reviewed
    brel.reviews.review(pending, occasion)
    exercise.advance(exercise.now + 12 * DAY)
    assert records(exercise, "order.cancelled") == []
    assert ("BRL", "accept_draft") in votes(exercise)
