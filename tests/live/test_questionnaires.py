"""Questionnaires in a live exercise: people answer, the white cell sees results, everyone only what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, journal, output_of, resumed, verified
from wargame.errors import UsageFault
from wargame.journal.questionnaires import questionnaire_results
from wargame.live.console.console import Console
from wargame.live.console.news import news
from wargame.live.console.roles import SCREEN, SEAT
from wargame.seat.feed import feed

POLL = (
    "inject {id: poll, title: A poll, message: Please answer., channel: Email, questionnaire: {within: 2d, "
    "questions: [{id: mood, text: How is it?, scale: [1, 5], ends: [bad, good]}, "
    "{id: next, text: What next?, choices: [talk, Wait and see, strike], several: true}, {id: why, text: Why?}]}}"
)
VOTE = (
    "inject {id: vote, title: One question, audience: [BRL], questionnaire: {each: person, "
    "questions: [{id: ok, text: Agreed?, choices: [yes, no]}]}}"
)


def played(folder: Path, *lines: str) -> Console:
    """An exercise with people in two seats, in which the poll has been sent."""
    there = console(folder, seats=(("ARD", "human"), ("BRL", "human")))
    output_of(there, "advance 1d", POLL, "release poll", *lines)
    return there


def seat_of(there: Console, government: str) -> Console:
    """The console of a seat."""
    return Console(there.session, role=SEAT, seat=government)


def test_people_answer_in_any_case_by_number_or_by_word(tmp_path: Path) -> None:
    """A seat answers with its own numbers; what it has answered is shown again, and can be changed."""
    there = played(tmp_path / "run")
    brel = seat_of(there, "BRL")

    assert output_of(brel, "respond 1.1 GOOD") == ["Brel answers 1.1: 5 (2 to answer)."]
    assert output_of(brel, "RESPOND 1.Next 3, talk, WAIT AND SEE") == [
        "Brel answers 1.2: strike, talk, Wait and see (1 to answer)."
    ]
    assert output_of(brel, "respond 1.3 Because, as ever.")[-1].endswith("(all questions are answered).")
    assert output_of(brel, "respond 1.1 2")[-1] == "Brel answers 1.1: 2 (all questions are answered)."
    shown = output_of(brel, "questions 1")
    assert "     answered: strike, talk, Wait and see" in [line[2:] for line in shown]
    (result,) = questionnaire_results(there.session.records)
    assert [question.summary for question in result.questions] == [
        "mean 2.0 (1 answer; 2: 1)",
        "(1 answer; talk: 1, Wait and see: 1, strike: 1)",
        "1 answer",
    ]
    assert verified(tmp_path / "run")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("respond 1.1 6", "a whole number from 1 to 5"),
        ("respond 1.1 fine", "a whole number from 1 to 5"),
        ("respond 1.2 talks", r"did you mean 'talk'\?"),
        (f"respond 1.2 {'9' * 5000}", "is not an answer to"),
        (f"respond 1.1 {'9' * 5000}", "a whole number from 1 to 5"),
        ("respond 1.2 \u00b2", "is not an answer to"),
        ("respond 1 4", "name one question: 1.1, 1.2, 1.3"),
        ("respond 2.1 4", "there is no questionnaire '2'"),
        ("respond 1.1 4 --name Ann", "each seat answers the questionnaire poll once"),
        ("respond 1.1", "usage: respond NUMBER"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_is_possible(tmp_path: Path, line: str, message: str) -> None:
    """Nothing is written."""
    there = played(tmp_path / "run")
    before = journal(there)

    with pytest.raises(UsageFault, match=message):
        output_of(seat_of(there, "BRL"), line)
    assert journal(there) == before


def test_the_white_cell_sees_results_as_they_come_in_and_is_reminded(tmp_path: Path) -> None:
    """`results` has every answer; `queue` lists the seats that have not answered; a model does not answer."""
    there = played(tmp_path / "run", "respond BRL 1.1 4")

    results = output_of(there, "results POLL")
    assert "0 of 2 seats have answered, open until" in results[0]
    assert "    BRL: 4" in results
    assert any("not answered in full by ARD, BRL" in line for line in output_of(there, "queue"))
    output_of(there, "respond ARD 1.1 2", "respond ARD 1.2 talk", "respond ARD 1.3 x")
    assert any("not answered in full by BRL" in line for line in output_of(there, "queue"))
    output_of(there, "seat BRL model")
    assert "1 of 1 seat has answered" in output_of(there, "results")[0]
    with pytest.raises(UsageFault, match="the model plays BRL and does not answer"):
        output_of(there, "respond BRL 1.1 1")


def test_it_closes_at_its_deadline_by_hand_or_at_endex(tmp_path: Path) -> None:
    """A closed questionnaire takes no answer; the record says who has not answered."""
    there = played(tmp_path / "run", VOTE, "release vote", "respond ARD 1.1 4", "advance 3d")
    with pytest.raises(UsageFault, match="the questionnaire poll is closed"):
        output_of(there, "respond ARD 1.1 5")
    with pytest.raises(UsageFault, match=r"each person answers this questionnaire: respond .* --name YOUR NAME"):
        output_of(there, "respond BRL vote no")
    output_of(there, "respond BRL vote no --name Ann", "respond BRL vote yes --name Bob", "close vote")
    with pytest.raises(UsageFault, match="the questionnaire vote is closed"):
        output_of(there, "close vote")
    output_of(there, "release poll", "endex")

    closed = {(r.about, r.data["how"]): r.data for r in there.session.records if r.kind == "questionnaire.closed"}
    assert set(closed) == {("poll", "deadline"), ("vote", "white cell"), ("poll", "ENDEX")}
    assert closed["poll", "deadline"]["silent"] == ["ARD", "BRL"]
    assert closed["vote", "white cell"]["silent"] == []
    poll, vote, again = questionnaire_results(there.session.records)
    assert (poll.release, again.release) == (1, 2)
    assert vote.questions[0].counts == {"yes": 1, "no": 1}
    assert not again.seats


def test_a_retracted_questionnaire_is_closed(tmp_path: Path) -> None:
    """Those who received it are asked to disregard it."""
    there = played(tmp_path / "run", "retract poll")

    with pytest.raises(UsageFault, match="the questionnaire poll is closed"):
        output_of(there, "respond ARD 1.1 5")
    assert verified(tmp_path / "run")


def test_only_published_results_reach_other_seats_and_the_screen(tmp_path: Path) -> None:
    """What one seat answers is shown to it and to the white cell; publishing shows counts only."""
    quiet, there = played(tmp_path / "one"), played(tmp_path / "two", "respond BRL 1.1 4", "respond BRL 1.3 secret")
    for viewer in ("ARD", "public"):
        texts = [
            [item.text for item in feed(each.session.exercise, viewer, each.session.records)] for each in (quiet, there)
        ]
        assert texts[0]
        assert texts[0] == texts[1]

    output_of(there, "publish poll")
    screen = news(Console(there.session, role=SCREEN), there.session.records)
    assert "How is it? mean 4.0 (1 answer; 4: 1)" in screen[-1]
    assert not any("secret" in line for line in screen)
    assert any("mean 4.0" in item.text for item in feed(there.session.exercise, "ARD", there.session.records))


def test_answers_survive_resuming_rewinding_and_verifying(tmp_path: Path) -> None:
    """Answers are commands: they are repeated from the log, and undone with the past."""
    there = played(tmp_path / "run", "respond BRL 1.1 4")
    there.session.close()
    again = Console(resumed(tmp_path / "run"))
    assert "    BRL: 4" in output_of(again, "results poll")
    output_of(again, "undo")
    assert "    BRL: 4" not in output_of(again, "results poll")
    assert verified(tmp_path / "run")


def test_the_brief_of_a_seat_lists_what_it_has_not_answered(tmp_path: Path) -> None:
    """Until every question has an answer."""
    brel = seat_of(played(tmp_path / "run"), "BRL")

    assert any(line.startswith("  questionnaire 1: A poll, by ") for line in output_of(brel, "brief"))
    output_of(brel, "respond 1.1 1", "respond 1.2 talk", "respond 1.3 x")
    assert not any("questionnaire 1: A poll" in line for line in output_of(brel, "brief"))


def test_all_questionnaires_of_a_repeated_inject_can_be_closed(tmp_path: Path) -> None:
    """The latest first; then there is none left."""
    daily = POLL.replace("id: poll", "id: daily, at: D+2, every: 1d, repeat: 3").replace("2d", "30d")
    there = played(tmp_path / "run", "retract poll", daily)
    output_of(there, "stop at nothing", "advance 4d")
    assert [each.closed for each in there.session.exercise.questionnaires.sent[1:]] == [False, False, False]
    for left in ([False, False, True], [False, True, True], [True, True, True]):
        output_of(there, "close daily")
        assert [each.closed for each in there.session.exercise.questionnaires.sent[1:]] == left
    with pytest.raises(UsageFault, match="the questionnaire daily is closed"):
        output_of(there, "close daily")
    output_of(there, "undo")
    assert not there.session.exercise.questionnaires.sent[1].closed
    assert verified(tmp_path / "run")


def test_results_are_of_one_questionnaire(tmp_path: Path) -> None:
    """A second name is refused, and not ignored."""
    there = played(tmp_path / "run", VOTE, "release vote")
    with pytest.raises(UsageFault, match="results"):
        output_of(there, "results poll vote")
