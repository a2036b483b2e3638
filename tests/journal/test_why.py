"""Why something happened, in words: the nearest decision and its chance first, nothing old, long chains in short."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.records import made
from wargame.journal.records import Record
from wargame.journal.sentences import because
from wargame.journal.trace import LONG, trace
from wargame.journal.wording import Titles

TITLES = Titles(
    {"ARD": "Arda", "BRL": "Brel"},
    {"talk": "offers talks", "strike": "fires on ships"},
    members={"talks": ("ARD", "BRL")},
)
START = datetime(2030, 1, 1, tzinfo=UTC)


def record(seq: int, day: float, kind: str, who: str, about: str, *cause: int, **data: Any) -> Record:
    """A record on a day of the run."""
    at = (START + timedelta(days=day)).isoformat()
    return made(seq, round(day * 86400), at, kind, who, about, cause, data)


def decided(seq: int, day: float, *cause: int, meeting: str = "routine") -> Record:
    """A decision of Arda to offer talks."""
    data = {"choice": "talk", "target": "BRL", "p": 0.4, "chance": 0.7, "dossier": "strait"}
    return record(seq, day, "decision", "ARD", "talk", *cause, meeting=meeting, **data)


def talks(seq: int, day: float, event: str, *cause: int, who: str = "") -> Record:
    """A step of the talks between the two."""
    return record(seq, day, "forum", who, "talks", *cause, event=event, title="Talks", **{"from": "a", "to": "b"})


def index(*records: Record) -> dict[int, Record]:
    """Records by number."""
    return {each.seq: each for each in records}


INJECT = record(1, 10, "inject.released", "", "call", title="A call", trigger="at")
ACTION = record(9, 70, "action", "ARD", "talk", 8, title="offers talks", target="BRL")


def test_the_first_line_names_the_decision_and_how_much_was_chance() -> None:
    """Not the inject with which the chain began."""
    traced = trace(9, index(INJECT, decided(8, 11, 1, meeting="salience"), ACTION), TITLES)
    assert traced.summary == (
        "Decided by Arda at an extraordinary meeting on 12 Jan 2030: offers talks (Brel). Chance: it acted at this "
        "meeting with probability 40 % and chose this option with probability 70 %."
    )
    assert traced.lines()[0].text == traced.summary
    assert traced.origin.startswith("the inject 'call'")


def test_the_first_line_says_that_nobody_decided() -> None:
    """The outcome of a chance event."""
    hazard = record(1, 3, "hazard", "", "storm", title="A storm")
    traced = trace(2, index(hazard, record(2, 3, "outcome", "", "flood", 1, title="A flood")), TITLES)
    assert traced.summary == "No decision, order or ruling is behind it."


@pytest.mark.parametrize(("days", "named"), [(61, False), (29, True)])
def test_a_routine_meeting_is_not_held_in_view_of_old_news(days: int, named: bool) -> None:
    """Of two months ago; of the last weeks it is."""
    meeting = decided(8, 10 + days, 1)
    records = index(INJECT, meeting, record(9, 12 + days, "action", "ARD", "talk", 8, target="BRL"))
    traced = trace(9, records, TITLES)
    assert any(step.record.seq == 1 for step in traced.steps) == named
    assert not any("A call" in line for step in traced.steps for line in step.contributions)
    assert ("after inject" in because(records[9], records, TITLES)) == named


def test_a_routine_meeting_names_its_latest_news_first() -> None:
    """The others contributed."""
    later = record(2, 30, "inject.released", "", "news", title="News", trigger="at")
    traced = trace(8, index(INJECT, later, decided(8, 35, 1, 2)), TITLES)
    assert [step.record.seq for step in traced.steps] == [8, 2]
    assert traced.steps[0].contributions == ("#1 2030-01-11: Inject 'A call'",)


@pytest.mark.parametrize(("actor", "named"), [("BRL", True), ("CRN", False)])
def test_a_routine_meeting_names_news_of_the_government_that_the_choice_addresses(actor: str, named: bool) -> None:
    """An order towards Brel, for a decision that was due, does not follow from what a third government has done."""
    report = record(1, 30, "signal", "ARD", "talk", action=0, option="talk", actor=actor, target="ARD")
    due = record(2, 35, "decision.due", "ARD", "strait", 1, meeting="routine")
    order = record(3, 36, "command", "ARD", "order", 2, government="ARD", option="talk", target="BRL", answers=2)
    traced = trace(3, index(report, due, order), TITLES)
    assert [step.record.seq for step in traced.steps] == ([3, 2, 1] if named else [3, 2])
    assert traced.closing.startswith("It goes back to" if named else "It began with a decision of Arda that was due")


def test_talks_that_were_suspended_and_resumed_say_so() -> None:
    """An attack did not lead to an agreement: the talks were suspended because of it, and resumed."""
    records = index(
        record(1, 5, "action", "ARD", "strike", title="fires on ships", target="BRL"),
        talks(2, 5, "suspend", 1, who="ARD"),
        talks(3, 40, "return", 2),
        talks(4, 60, "agree", 3),
    )
    assert because(records[4], records, TITLES) == "after talks between Arda and Brel resume (10 Feb 2030)"
    assert because(records[3], records, TITLES) == (
        "after talks between Arda and Brel are suspended because of Arda (6 Jan 2030)"
    )
    assert [step.record.seq for step in trace(4, records, TITLES).steps] == [4, 3, 2, 1]


def test_a_long_chain_has_a_short_form() -> None:
    """A line for each step but the signals, and the details of the first; all of it on demand."""
    records = [record(0, 0, "action", "ARD", "talk", target="BRL", why="reason 0")]
    for n in range(1, 20, 2):
        actor, receiver = ("BRL", "ARD") if n % 4 == 1 else ("ARD", "BRL")
        records.append(record(n, n, "signal", actor, "talk", n - 1, actor=receiver, perceived=1.0))
        records.append(record(n + 1, n + 1, "action", actor, "talk", n, target=receiver, why=f"reason {n + 1}"))
    traced = trace(20, index(*records), TITLES)
    assert len(traced.steps) == 21 > LONG
    short, full = traced.lines(), traced.lines(full=True)
    assert [each.record.seq for each in short if each.record] == list(range(20, -1, -2))
    assert [each.record.seq for each in full if each.record] == list(range(20, -1, -1))
    assert [each.text for each in short if each.text.startswith("reason")] == ["reason 20"]
    assert "the short form of 21 steps; --full shows all" in short[-2].text
    assert len(trace(6, index(*records), TITLES).lines()) == len(trace(6, index(*records), TITLES).lines(full=True))


def test_an_order_given_before_startex_is_not_said_to_be_older_than_the_journal() -> None:
    """The journal begins with the history; it lacks the decision alone."""
    carried = record(2, 30, "order.carried_over", "ARD", "talk", option="talk", target="BRL", given=9, until=99)
    records = [record(1, 0, "history", "", "old", title="An old event"), carried]
    (first, *_) = [line.text for line in trace(2, {each.seq: each for each in records}, TITLES).lines()]
    assert first == "Ordered by Arda before STARTEX: offers talks (Brel). The journal does not record that decision."


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (0.95, 0.956, " (smaller, near the end of its range at 1)"),
        (0.03, 0.02, " (smaller, near the end of its range at 0)"),
        (0.95, 0.8, ""),
        (0.5, 0.6, ""),
    ],
)
def test_an_effect_near_the_end_of_a_range_says_why_it_is_small(before: float, after: float, says: str) -> None:
    """Towards that end alone; effects are shares of what is left to it."""
    titles = Titles(ranges={"tension": (0.0, 1.0)})
    changed = {"tension": [before, after], "control[ARD]": [0.99, 0.995]}
    done = record(0, 1, "action", "ARD", "talk", effects=changed, source="script")
    (line,) = (each.text for each in trace(0, index(done), titles).lines() if "effects: " in each.text)
    assert line == f"effects: tension {before:g} to {after:g}{says}, control[ARD] 0.99 to 0.995"
