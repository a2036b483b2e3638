"""What waits for a seat reads the same in the control room, at terminals, on its page and in the turn of a program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.live import OPEN, output_of
from support.terminals import seat
from support.web_pages import seat_viewer, text_of
from wargame.brains.turn import SeatState, turn
from wargame.executor.run import Destination
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.scenario.loading.load import load
from wargame.seat.feed import FeedReader
from wargame.simulation.kernel.settings import Settings
from wargame.web.access import FACILITATOR
from wargame.web.screens import control
from wargame.web.screens import seat as seat_page
from wargame.web.viewer import Viewer

SMALL = Path(__file__).resolve().parents[1] / "data" / "small.yaml"
ASKS = (
    "stop at nothing",
    'offer AAA CCC "We both stay at home"',
    'demand AAA CCC "Leave the harbour"',
    'vote AAA BBB,CCC "Do we meet?"',
    "inject {id: poll, title: A poll, audience: [CCC], questionnaire: {questions: [{id: calm, text: Calm?}]}} --now",
)
"""What is put to a seat, besides the decision and the procedure."""
TITLES = (
    "decision: The border",
    "standing procedure: protests (Beland)",
    "offer from Aland: We both stay at home",
    "demand from Aland: Leave the harbour",
    "vote called by Aland: Do we meet?",
    "questions: A poll",
)
ANSWERS = ("pass", "accept 1", "answer 1 yes", "answer 2 no", "ballot 1 yes", "respond 1 yes")


def asked(folder: Path) -> Console:
    """The facilitator's console of an exercise in which everything of `TITLES` waits for Celand."""
    seats = (("AAA", "script"), ("BBB", "script"), ("CCC", "human"))
    OPEN.append(Session.create(load(str(SMALL)), 1, Settings(seats=seats), Destination(out=folder)))
    there = Console(OPEN[-1])
    output_of(there, "stop at decisions", "advance 60d", "adjudicate trust[CCC,BBB]=-0.5", "order BBB test")
    output_of(there, "advance 60d", *ASKS)
    return there


def control_page(there: Console) -> str:
    """The overview of the control room."""
    return text_of(control.parts(Viewer(there, FACILITATOR, 0))["view.now-queue"])


def page(there: Console) -> str:
    """The tasks on the page of Celand."""
    return text_of(seat_page.parts(seat_viewer(there, "CCC"))["todo.tasks"])


def program(there: Console) -> str:
    """The turn that a program in the seat of Celand would have, without its choices and news."""
    exercise = there.exercise
    sent = turn(exercise, "CCC", SeatState(FeedReader(exercise, "CCC")), 0)
    return str((sent.due, sent.demands, sent.offers, sent.votes, sent.procedures))


def test_the_facilitator_reads_one_title_everywhere(tmp_path: Path) -> None:
    """In the overview of the control room, in `status`, and in the reply to `moretime`."""
    there = asked(tmp_path / "run")
    overview, status, given = control_page(there), output_of(there, "status"), output_of(there, "moretime")
    for title in TITLES:
        assert title[0].upper() + title[1:] in overview
        assert any(line.endswith(f": CCC, {title}") for line in status)
        assert f"CCC, {title}" in "\n".join(given)


@pytest.mark.parametrize(
    ("medium", "without"),
    [
        (page, ()),
        (lambda there: "\n".join(output_of(seat(there, "CCC"), "brief")), ()),
        (program, ("questions: A poll",)),  # programs do not answer questionnaires
    ],
)
def test_the_seat_is_shown_all_that_waits_for_it(
    tmp_path: Path, medium: Callable[[Console], str], without: tuple[str, ...]
) -> None:
    """On its page, in its brief, and in the turn of a program."""
    there = asked(tmp_path / "run")
    texts = [title.partition(": ")[2] for title in TITLES if title not in without]
    shown = medium(there).lower()
    assert [text for text in texts if text.lower() not in shown] == []


def test_an_answer_ends_the_wait_everywhere(tmp_path: Path) -> None:
    """Nothing waits for the seat in the control room and on its page; a program has nothing to answer."""
    there = asked(tmp_path / "run")
    output_of(seat(there, "CCC"), *ANSWERS)
    assert "Nothing waits for people." in control_page(there)
    assert not any("in the room" in line for line in output_of(there, "status"))
    assert program(there) == str(((),) * 5)


def test_other_seats_do_not_learn_what_waits(tmp_path: Path) -> None:
    """The page of another government shows only the vote, in which it takes part."""
    there = asked(tmp_path / "run")
    other = text_of(seat_page.parts(seat_viewer(there, "BBB"))["todo.tasks"])
    assert "Do we meet?" in other
    assert not any(title.partition(": ")[2] in other for title in TITLES if "vote" not in title)


@pytest.mark.parametrize("clock", ["game", "wall"])
def test_what_ends_first_stands_first_on_both_pages(tmp_path: Path, clock: str) -> None:
    """A deadline in wall time comes before one in game time, and this before what has none."""
    there = asked(tmp_path / "run")
    output_of(there, f"deadline 10m {clock}", "resume")
    there.wall.tick(1.0)
    titles = TITLES[0].partition(": ")[2], "protests (Beland)", "We both stay at home"
    for shown in (control_page(there).partition("Waiting for people")[2].lower(), page(there).lower()):
        places = [shown.index(title.lower()) for title in titles]
        assert places == sorted(places)
