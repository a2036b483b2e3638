"""The screen of a seat, rendered without a server: what it shows, and that its forms are commands of the console."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from support.live import console, output_of
from support.web_pages import page_of, seat_viewer, text_of
from wargame.live.console.console import Console
from wargame.live.console.dispatch import commands_of, run
from wargame.seat.brief import brief
from wargame.seat.obligations import Obligation
from wargame.web.screens import seat
from wargame.web.screens.seat_tasks import tasks
from wargame.web.viewer import Presence, Viewer

TABS = ["todo", "inbox", "orders", "write", "know", "role"]


@pytest.fixture
def control(tmp_path: Path) -> Console:
    """The facilitator's console of an exercise in which people play both rivals."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    output_of(there, "stop at nothing")
    return there


def shown(viewer: Viewer) -> str:
    """All parts of the screen of a seat, as the page has them now."""
    viewer.cache.clear()
    return "\n".join(seat.parts(viewer).values())


def typed(control: Console, government: str, *lines: str) -> None:
    """Lines that people in a seat type."""
    output_of(Console(control.session, control.wall, role="seat", seat=government), *lines)


def test_the_parts_are_grouped_by_tab_below_the_bar(control: Console) -> None:
    """The bar with the clocks comes first; every tab has a group."""
    parts = seat.parts(seat_viewer(control, "ARD"))

    groups = list(dict.fromkeys(key.partition(".")[0] for key in parts))
    assert groups == ["top", *TABS]
    assert all(f'data-tab="{name}"' in parts["top.nav"] for name in TABS)
    assert "Arda" in parts["top.bar"]
    assert "Tue 1 Jan 2030" in parts["top.bar"]


@pytest.mark.parametrize(("scenario", "who", "of", "opened"), [("two-rivals", "ARD", 2, 2), ("cuba-1962", "GBR", 3, 0)])
def test_two_dossiers_are_open_at_first_and_three_are_not(
    scenario: str, who: str, of: int, opened: int, tmp_path: Path
) -> None:
    """Where nothing is due: more would be a long page."""
    there = console(tmp_path / "run", scenario=scenario, seats=((who, "human"),))
    parts = seat.parts(seat_viewer(there, who))
    dossiers = [part for key, part in parts.items() if key.startswith("orders.dossier-")]
    assert len(dossiers) == of
    assert sum(bool(re.search(r"<details [^>]* open>", part)) for part in dossiers) == opened


def test_a_due_decision_shows_its_deadline_and_leads_to_its_options(control: Console) -> None:
    """What is due, until when, what happens otherwise, and how to pass."""
    output_of(control, "deadline 2d", "advance 6d")
    parts = seat.parts(seat_viewer(control, "ARD"))

    tasks = parts["todo.tasks"]
    assert "The strait" in tasks
    assert "left</b>, until" in tasks
    assert "without an answer nothing is done" in tasks
    assert 'href="#dossier-strait" data-go="orders"' in tasks
    assert 'id="dossier-strait"' in parts["orders.dossier-strait"]
    assert 'class="count" data-due="1"' in parts["top.nav"]


def test_demands_and_promises_of_governments_are_among_the_tasks(
    control: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another government demands, with its deadline, and what the seat has announced to it."""
    seated = Console(control.session, control.wall, role="seat", seat="ARD")
    made = partial(Obligation, government="ARD", sender="BRL")
    owed = (
        made(
            kind="demand",
            form="demand",
            heading="demand from Brel",
            text="eases trade",
            until=30 * 86400,
            options=("trade",),
        ),
        made(kind="promise", form="promise", heading="promise to Brel", text="sends patrols into the strait"),
    )
    shown = replace(brief(control.session.exercise, "ARD"), obligations=owed)
    found = tasks(seated, shown)
    monkeypatch.setattr(seat, "brief", lambda *_: shown)
    page = text_of(seat.parts(seat_viewer(control, "ARD"))["todo.tasks"])

    assert "Demand from Brel Eases trade." in page
    assert "Promise to Brel Sends patrols into the strait." in page
    assert [each.of.until is not None for each in found] == [True, False]


def test_the_form_of_a_message_says_who_can_read_it(control: Console) -> None:
    """Evaluators read along; what is for the public is not promised to be private."""
    html = seat.parts(seat_viewer(control, "ARD"))["write.compose"]

    message, offer = html.split("</form>")[0], html.split('data-verb="offer"')[1].split("</form>")[0]
    assert "The recipients, the white cell and evaluators can read it." in message
    assert "Everyone can read it" in message
    assert "Everyone can read it" not in offer
    assert "Only the recipients" not in html


def test_a_deadline_in_real_time_counts_down_only_while_it_runs(control: Console) -> None:
    """At PAUSEX the time left is a text."""
    output_of(control, "deadline 5m wall", "advance 8d", "resume")
    control.wall.tick(1.0)
    running = seat.parts(seat_viewer(control, "ARD"))["todo.tasks"]
    output_of(control, "pause")
    paused = seat.parts(seat_viewer(control, "ARD"))["todo.tasks"]

    assert "data-ends=" in running
    assert "data-ends=" not in paused
    assert "left when the clock resumes" in paused


def test_options_show_their_lead_time_their_targets_and_why_not(control: Console) -> None:
    """What can be ordered, and what prevents the rest."""
    html = seat.parts(seat_viewer(control, "ARD"))["orders.dossier-strait"]

    text = text_of(html)
    assert "Offers talks towards Brel · about" in text
    assert "Blockades the strait Rung 6, and this leader climbs at most 2 rungs from the present 0" in text


def test_orders_under_way_name_the_person_who_gave_them(control: Console) -> None:
    """Several people share a seat and see who ordered what."""
    people = (Presence("p1", "Min-ji", "seat", "ARD", "here"), Presence("p2", "Jonas", "seat", "ARD", "away"))
    seated = Console(control.session, control.wall, role="seat", seat="ARD")
    with control.session.given("p2", "k1"):
        run(seated, "order talk BRL")
    parts = seat.parts(seat_viewer(control, "ARD", people))

    assert "Offers talks (Brel)" in parts["todo.under_way"]
    assert "ordered by Jonas" in parts["todo.under_way"]
    assert 'class="by">Jonas<' in parts["inbox.recent"]
    assert "Min-ji" in parts["todo.people"]


def test_after_endex_nothing_is_offered_to_be_ordered(control: Console) -> None:
    """The form for an order in own words is gone, and what had not been carried out is named as that."""
    typed(control, "ARD", "order talk BRL")
    output_of(control, "endex")
    parts = seat.parts(seat_viewer(control, "ARD"))

    assert "Not carried out at ENDEX" in parts["todo.under_way"]
    assert "expected" not in parts["todo.under_way"]
    assert "nothing can be ordered" in parts["orders.head"]
    assert not parts["orders.free"].strip()
    assert not [key for key in parts if key.startswith("orders.dossier")]
    over = "The exercise is over: nothing can be ordered."
    assert output_of(control, "options ARD") == [over]
    described = output_of(control, "options ARD talk")
    assert (described[0], described[-1]) == ("talk: offers talks", over)


def test_an_action_of_the_white_cell_for_a_seat_of_people_says_so(control: Console) -> None:
    """Else it would look like an order of the seat."""
    output_of(control, 'action ARD "recalls its ambassador" --to BRL --goldstein -3')
    inbox = text_of(seat.parts(seat_viewer(control, "ARD"))["inbox.recent"])
    assert "Arda recalls its ambassador (Brel), entered by EXCON" in inbox


def test_after_endex_no_button_of_a_seat_would_be_refused(control: Console) -> None:
    """No form at all: not to acknowledge, nor to cancel a standing order, and no number at a tab."""
    output_of(control, 'inject news "A boat is missing." --to ARD --now', 'inject news "Snow." --to ARD --now')
    typed(control, "ARD", 'standing patrol BRL --when "tension > 5"', "order talk BRL")
    assert 'data-verb="ack"' in shown(seat_viewer(control, "ARD"))
    assert 'data-verb="cancel"' in shown(seat_viewer(control, "ARD"))
    output_of(control, "endex")
    parts = seat.parts(seat_viewer(control, "ARD"))
    assert [key for key, html in parts.items() if "data-verb" in html] == []
    assert 'class="count"' not in parts["top.nav"]
    assert "to acknowledge" not in text_of("".join(parts.values()))


def test_what_is_to_be_acknowledged_is_opened_first(control: Console) -> None:
    """The list of tasks leads to the oldest such message; all at once are acknowledged in the inbox."""
    output_of(control, 'inject news "A boat is missing." --to ARD --now', 'inject news "Found." --to ARD --now')
    parts = seat.parts(seat_viewer(control, "ARD"))

    assert 'data-verb="ack"' not in parts["todo.tasks"]
    (oldest,) = re.findall(r'href="#(i\d+)" data-go="inbox">2 messages to acknowledge', parts["todo.tasks"])
    item = parts["inbox.recent"].split(f'data-id="{oldest}"')[1].split("</li>")[0]
    assert "A boat is missing." in item
    assert "Acknowledge all 2" in parts["inbox.recent"]


def test_the_page_knows_which_messages_others_have_written(control: Console) -> None:
    """The own ones are not among them."""
    typed(control, "ARD", 'message BRL "Are you there?"')
    assert "data-written" not in seat.parts(seat_viewer(control, "ARD"))["todo.tasks"]
    typed(control, "BRL", 'message ARD "Yes."')
    written = re.search(r'data-written="([^"]*)"', shown(seat_viewer(control, "ARD")))
    assert written
    ((place, writer),) = json.loads(unescape(written[1]))
    assert writer == "Brel"
    assert f'data-id="{place}"' in seat.parts(seat_viewer(control, "ARD"))["inbox.recent"]


def test_a_message_is_acknowledged_once(control: Console) -> None:
    """An open message has a button; an acknowledged one has none."""
    output_of(control, 'inject news "A boat is missing." --to ARD --now')
    viewer = seat_viewer(control, "ARD")
    before = seat.parts(viewer)
    typed(control, "ARD", "ack 1")
    viewer.cache.clear()
    after = seat.parts(viewer)

    assert "A boat is missing." in before["inbox.recent"]
    assert '<form data-verb="ack"' in before["inbox.recent"]
    assert "1 message to acknowledge" in before["todo.tasks"]
    assert '<form data-verb="ack"' not in after["inbox.recent"]
    assert "to acknowledge" not in after["todo.tasks"]


def test_offers_votes_and_procedures_have_answer_buttons(control: Console) -> None:
    """What others put to the seat is answered where it is due."""
    typed(control, "BRL", 'offer ARD "We both leave the strait."', 'vote ARD,BRL "Do we meet?" --choices "now,later"')
    tasks = text_of(seat.parts(seat_viewer(control, "ARD"))["todo.tasks"])

    assert "Offer from Brel We both leave the strait. Yes No" in tasks
    assert "Do we meet? Now Later" in tasks


def test_a_reply_of_excon_stands_below_its_question(control: Console) -> None:
    """Requests for information with status and reply."""
    typed(control, "ARD", 'rfi "Who commands the boats?"')
    output_of(control, 'reply ARD 1 "Their coast guard."')
    html = seat.parts(seat_viewer(control, "ARD"))["write.requests"]

    assert "Who commands the boats? answered" in text_of(html)
    assert "Their coast guard." in html


def test_no_play_and_a_seat_of_the_model_are_announced(control: Console) -> None:
    """At NO PLAY the text is in the bar; who only watches has no buttons."""
    output_of(control, 'noplay "fire alarm"')
    assert "NO PLAY" in (bar := seat.parts(seat_viewer(control, "ARD"))["top.bar"])
    assert "Fire alarm" in bar
    output_of(control, "playon", "seat ARD model")

    html = shown(seat_viewer(control, "ARD"))
    assert "The model holds this seat" in html
    assert "data-verb" not in html


def test_the_past_shows_only_what_had_been_sent_by_then(control: Console) -> None:
    """The scrubber looks back, and never beyond now."""
    output_of(
        control, 'inject news "First news." --to ARD --now', "advance 40d", 'inject news "Later news." --to ARD --now'
    )
    viewer = seat_viewer(control, "ARD")
    day = 86400

    early, late = seat.past_at(viewer, 10 * day), seat.past_at(viewer, 4000 * day)
    assert "First news." in early
    assert "Later news." not in early
    assert "Friday 11 January 2030" in early
    assert "Later news." in late
    assert "data-past" in seat.parts(viewer)["know.past"]


def test_a_time_in_another_year_has_its_year(control: Console) -> None:
    """A decision that is due after the New Year is not due this month."""
    output_of(control, "deadline 400d", "advance 6d")
    inbox = text_of(seat.parts(seat_viewer(control, "ARD"))["inbox.recent"])
    assert re.search(r"The strait, by \d+ Feb 2031, \d\d:\d\d", inbox)


def test_a_private_message_of_others_changes_no_byte(tmp_path: Path) -> None:
    """Two exercises that differ in what two others say to each other have the same screen."""
    pages = []
    for place, text in enumerate(("We attack at dawn.", "Good morning to all of you.")):
        there = console(tmp_path / f"run{place}", seats=(("ARD", "human"), ("BRL", "human")))
        output_of(there, "stop at nothing", "advance 9d")
        typed(there, "BRL", f'message EXCON "{text}"', f'rfi "{text}"')
        output_of(there, f'tell BRL "{text}"', "advance 9d")
        pages.append(page_of("seat", seat, seat_viewer(there, "ARD")))

    assert "Arda" in pages[0]
    assert pages[0] == pages[1]


def test_texts_are_escaped_and_nothing_is_inline(control: Console) -> None:
    """A message cannot contain markup, and the page has no style or script of its own."""
    typed(control, "BRL", 'message ARD "<script>alert(1)</script><b style=color:red>x</b>"')
    page = page_of("seat", seat, seat_viewer(control, "ARD"))

    assert "&lt;script&gt;alert(1)" in page
    assert re.findall(r"<script(?! src=\"/static/(?:drafts|page).js\?v=\w+\" defer>)", page) == []
    assert re.findall(r"<[^>]*\s(?:style|on\w+)=", page) == []
    assert set(re.findall(r'(?:src|href)="([^"#?]+)', page)) == {
        f"/static/{name}" for name in ("drafts.js", "icon.svg", "page.js", "style.css", *seat.STYLES)
    }


class Forms(HTMLParser):
    """The forms of a page: verb, and the fields with name and value."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects forms and their fields."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("data-verb", ""), []))
        elif self.forms and values.get("name") and tag in ("input", "textarea", "button"):
            self.forms[-1][1].append((values["name"], values.get("value", "")))


def test_every_form_is_a_command_of_the_seat(control: Console) -> None:
    """The verbs of all forms are commands that the console of a seat has."""
    output_of(control, "deadline 9d", "advance 8d", 'inject news "A boat." --to ARD --now')
    typed(control, "BRL", 'offer ARD "Terms."', 'vote ARD,BRL "Now?"')
    forms = Forms(shown(seat_viewer(control, "ARD"))).forms

    available = commands_of(Console(control.session, control.wall, role="seat", seat="ARD"))
    verbs = {verb for verb, _ in forms}
    assert verbs >= {
        "ack",
        "answer",
        "ballot",
        "demand",
        "message",
        "offer",
        "order",
        "pass",
        "rfi",
        "standing",
        "vote",
    }
    assert verbs <= set(available)


def test_the_words_of_a_form_are_a_line_of_the_console(control: Console) -> None:
    """An order from the first form of each dossier is carried out as typed."""
    seated = Console(control.session, control.wall, role="seat", seat="ARD")
    parts = seat.parts(seat_viewer(control, "ARD"))
    orders = [Forms(parts[key]).forms[0] for key in parts if key.startswith("orders.dossier")]

    assert len(orders) == 2
    for verb, fields in orders:
        words = [value for name, value in fields if name == "arg"]
        assert "expected in" in run(seated, " ".join([verb, *words]))[0]


def test_trust_has_the_colours_of_reviews() -> None:
    """Distrust is orange, trust is purple, as in the figure of relations."""
    style = (files("wargame.web") / "static" / "seat.css").read_text("utf-8")
    distrust, trust = (re.findall(rf"\.trust \.{mark} {{ fill: #(..)(..)(..);", style)[0] for mark in ("t0", "t4"))
    assert distrust[0] > distrust[2]
    assert trust[2] > trust[0]
