"""An afternoon of two rooms in a real browser: teams, failures, an undo, a rewind, the finished review."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from support.afternoon import FIND, Guest, Rooms, Windows, windows
from support.browsers import COMMAND
from support.waiting import PATIENCE

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
KOR, PRK, USA = "South Korea", "North Korea", "The United States"
TEAMS = (
    (
        *((KOR, "Min-ji", 390), (KOR, "Jun", 768), (KOR, "Hana", 1440)),
        *((PRK, "Chol", 390), (PRK, "Ri", 1440), (USA, "Alice", 1440), (USA, "Bob", 390)),
    ),
    (
        *((KOR, "Seo", 390), (KOR, "Yuna", 1440), (USA, "Carol", 390), (USA, "Dan", 768)),
        *((PRK, "Pak", 768), (PRK, "Kim", 390), (PRK, "Ok", 1440)),
    ),
)
STAFF = (
    ("Evaluator 1 (South Korea, the United States)", "Eva", 1440),
    ("evaluator", "Emil", 768),
    ("public screen", "Wall", 1440),
)
STARTEX = "2017-06-01T00:00"
DRILL = "{id: drill, title: A drill, manual: true, message: They muster., action: {option: raise_alert, by: KOR}}"


class Room:
    """One room: its facilitator, its people by name, and how often its clock has stopped."""

    def __init__(self, there: Windows, run: Path, page: str, facilitator: Guest) -> None:
        self.windows, self.run, self.url, self.control = there, run, page.partition("/j#")[0], facilitator
        self.people: dict[str, Guest] = {}
        self.stops: list[str] = []
        self.joined: dict[str, float] = {}
        self.ordered: dict[str, float] = {}
        facilitator.join(page.partition("#")[2], facilitator.name)
        facilitator.wait_for_text("Queue")

    def codes(self) -> dict[str, str]:
        """The codes that the control room shows, by title."""
        pairs = "[e.querySelector('b').innerText.trim(), e.querySelector('code').innerText]"
        return dict(self.control.script(f"return [...document.querySelectorAll('figure.code')].map(e => {pairs})"))

    def arrive(self, name: str, width: int, code: str, lobby: str, seat: str = "") -> None:
        """Types a code and a name into the page of the lobby."""
        guest = self.people[name] = Guest(self.windows, self.url, name, width, seat)
        self.joined[name] = time.monotonic()
        guest.chrome.get(f"{lobby}/")
        guest.type("#code", code)
        guest.type("#name", name)
        guest.press("form[data-join] button.primary")
        guest.wait_for_text("You have asked for")

    def everyone_joins(self, team: tuple[tuple[str, str, int], ...], lobby: str) -> None:
        """Opens the codes, lets everyone come through the lobby, and admits them."""
        control = self.control
        control.view("people")
        for seat, name, width in team:
            self.arrive(name, width, self.codes()[seat], lobby, seat)
        for what, name, width in STAFF:
            code = self.new_code(what)
            self.arrive(name, width, code, lobby)
        control.button("Admit all")
        for guest in self.people.values():
            guest.wait("document.body.dataset.screen !== 'lobby' && document.documentElement.dataset.ready")
            guest.taps = 0

    def new_code(self, what: str) -> str:
        """Makes a code with its button."""
        before = set(self.codes().values())
        self.control.button(f"Code for {what}")
        return str(self.control.until(lambda: set(self.codes().values()) - before, "no code").pop())

    def state(self) -> str:
        """What the control room says of the clock."""
        return self.control.text(".state")

    def runs_until(self, *words: str) -> None:
        """Waits until the state has one of these words."""
        self.control.until(lambda: any(each in self.state() for each in words), f"never {words}")
        if "STOPPED" in self.state():
            self.stops.append(self.state())

    def measures(self) -> str:
        """What is counted of this room."""
        expired = sum(each["kind"] == "procedure.expired" and each["at"] >= STARTEX for each in records(self.run))
        first = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.ordered.items())
        return (
            f"{len(self.stops)} stops; from code to first order: {first}; {expired} expired proposals; "
            f"{len(false_reads(self))} false 'read' marks; {len(moves_without_order(self))} moves without an order"
        )

    def set_pace(self, pace: str) -> None:
        """Sets the pace."""
        self.control.button("Advance, pace")
        self.control.put("#c-pace", pace)
        self.control.button("Set pace")
        self.control.wait_for_text(pace, "#toasts")

    def press_to_endex(self) -> None:
        """Goes from the end of a move to the next one, and to ENDEX."""
        control = self.control
        control.script("return window.wargame.refresh()")
        if "ENDEX" in self.state():
            return
        final = control.script(FIND, "End of move: ENDEX", ".controls") is not None
        control.script("document.querySelector('#toasts').replaceChildren()")
        control.button("End of move: ENDEX" if final else "End of move", ".controls")
        if final:
            control.button("Go to ENDEX", ".controls")
        control.wait("document.querySelector('#toasts .good')")
        self.stops.append(self.state())
        self.press_to_endex()


def wargame(*arguments: str, cwd: Path) -> None:
    """Runs a command in a process of its own, without anything to read."""
    command = [sys.executable, "-c", COMMAND, *arguments]
    subprocess.run(command, cwd=cwd, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[tuple[Rooms, list[Room]]]:
    """Two rooms of the ready-made exercise, with a person in each of three seats of each."""
    wargame("init", "a", "--template", "korea-afternoon", cwd=tmp_path)
    runs = [tmp_path / "room-1", tmp_path / "room-2"]
    for run in runs:
        models = [f"--seat={each}=model" for each in ("CHN", "JPN", "RUS")]
        wargame("play", "./a", *models, "--out", str(run), cwd=tmp_path)
    rooms = Rooms(tmp_path, runs)
    try:
        with windows() as there:
            controls = [
                Guest(there, page.partition("/j#")[0], name, width)
                for page, name, width in zip(rooms.pages, ("Fay", "Robin"), (1440, 768), strict=True)
            ]
            yield rooms, [Room(there, *each) for each in zip(runs, rooms.pages, controls, strict=True)]
    finally:
        rooms.close()


def test_two_rooms_play_an_afternoon_and_finish_their_reviews(
    afternoon: tuple[Rooms, list[Room]], tmp_path: Path
) -> None:
    """Nobody types a command, nothing acts for a person, and Word has the improvement plan in ten minutes."""
    rooms, (one, two) = afternoon
    for room, team in zip((one, two), TEAMS, strict=True):
        room.everyone_joins(team, rooms.lobby)
    taps = teams_and_first_orders(one, two)
    for part in (conversation, offers_and_questions, posts):
        part(one)
    the_network_and_the_server_fail(rooms, one)
    back_in_time(one)
    consent(one, "Min-ji", "Accept")
    consent(two, "Seo", "Refuse")
    evaluation(one)
    for room in (one, two):
        room.press_to_endex()
    ended = time.monotonic()
    plan(one)
    word = one.control.chrome.execute_async_script(
        "const done = arguments[0]; fetch('/review?format=docx').then(r => r.blob()).then(b => {"
        "const f = new FileReader(); f.onload = () => done(f.result.split(',')[1]); f.readAsDataURL(b); })"
    )
    (tmp_path / "review.docx").write_bytes(b64decode(word))
    assert time.monotonic() - ended < 600
    with ZipFile(tmp_path / "review.docx") as document:
        text = document.read("word/document.xml").decode()
    for written in ("Set up a call", "Washington was told first", "Tokyo learned", "Tell the ally before the press"):
        assert written in text
    logged = one.control.problems()  # of all windows of the browser
    assert [each for each in logged if "ERR_" not in each and "Failed to load" not in each] == []
    for room in (one, two):
        assert not moves_without_order(room)
        assert not false_reads(room)
    print(*(f"\n{each.run.name}: {each.measures()}" for each in (one, two)))  # noqa: T201 - shown by -s
    assert max(taps.values()) <= 6


def teams_and_first_orders(one: Room, two: Room) -> dict[str, int]:
    """Heads are chosen by button or by the team; a member proposes, the head sends. Returns taps from role to order."""
    for room, head in ((one, "Alice"), (two, "Carol")):
        room.control.button(f"{head} is the head of {USA}")
        room.people[head].wait_for_text("head", ".persons")
    for room, head in ((one, "Min-ji"), (two, "Seo")):
        guest = room.people[head]
        guest.button("Team")
        guest.script(
            "const s = document.querySelector('#team-head'), name = arguments[0];"
            "s.value = [...s.options].find(o => o.text === name).value",
            head,
        )
        guest.button("Choose")
        guest.wait_for_text("head", ".persons")
        guest.taps = 0
    for room in (one, two):
        for guest in (each for each in room.people.values() if each.seat):
            guest.button("Role sheet")
            guest.wait("document.querySelector('#h-role')?.offsetParent")
        room.control.button("Start")
        room.runs_until("RUNNING")
    jun, chol, pak, dan = one.people["Jun"], one.people["Chol"], two.people["Pak"], two.people["Dan"]
    for room, guest, order in (
        (one, jun, ("Sends an envoy", "The United States", "to agree first")),
        (one, chol, ("Proposes direct talks", KOR, "to learn what they offer")),
        (two, pak, ("Sends an envoy", "China", "to sound them out")),
        (two, dan, ("Telephones the other leader", KOR, "Seoul first")),
    ):
        guest.order(*order)
        room.ordered[guest.name] = time.monotonic() - room.joined[guest.name]
    taps = {guest.name: guest.taps for guest in (jun, chol, pak, dan)}
    one.people["Min-ji"].send_proposal("Jun")
    two.people["Carol"].send_proposal("Dan")
    for guest, by in ((one.people["Min-ji"], "Min-ji"), (chol, "Chol"), (pak, "Pak"), (two.people["Carol"], "Carol")):
        guest.open("todo")
        guest.wait_for_text(f"ordered by {by}")
    dan.order("Sends an envoy", "China", "Beijing next")
    two.people["Carol"].open("todo")
    two.people["Carol"].wait_for_text("Proposed by Dan")
    two.people["Carol"].button("Drop", "[data-part='todo.proposals']")
    return taps


def conversation(room: Room) -> None:
    """A note to the team, a message to another one, and a post that a member proposes."""
    people = room.people
    people["Jun"].open("todo")
    people["Jun"].button("Team")
    people["Jun"].type("#team-note", "I would not answer before Friday.")
    people["Jun"].button("Write the note")
    people["Hana"].wait_for_text("Team: 1 note")
    people["Ri"].write("Message", [KOR], "We talk about the boat and nothing else.", "Send message")
    people["Min-ji"].open("inbox")
    people["Min-ji"].wait_for_text("about the boat")
    people["Hana"].open("inbox")
    people["Hana"].press("label:has(#f-public)")
    people["Hana"].type("#post-text", "Seoul calls for calm.")
    people["Hana"].button("Post", ".post")
    people["Min-ji"].send_proposal("Hana")
    people["Wall"].wait_for_text("Seoul calls for calm")


def offers_and_questions(room: Room) -> None:
    """A demand, an offer and a vote are answered at the table, a question by the white cell."""
    people, control = room.people, room.control
    people["Alice"].write("Demand", [PRK], "No launch until the end of June.", "Send demand")
    people["Min-ji"].write("Offer", [PRK], "Talks at Panmunjom.", "Send offer")
    people["Min-ji"].write("Vote", ["All governments, including yours"], "Shall we meet in Geneva?", "Call the vote")
    people["Chol"].open("todo")
    people["Chol"].wait_for_text("Panmunjom", "[data-part='todo.tasks']")
    for number, text in ((1, "No launch"), (2, "Panmunjom")):
        people["Chol"].wait_for_text(text, "[data-part='todo.tasks']")
        people["Chol"].button("Yes", f"[data-id='offer-{number}']")
    people["Chol"].write("Question to EXCON", [], "Who commands the boat?", "Send question")
    control.view("now")
    control.element(".queue form[data-verb='reply']")
    control.script("document.querySelector('.queue form[data-verb=reply]').closest('details').open = true")
    control.type(".queue form[data-verb='reply'] textarea", "A fisherman of Wonsan.")
    control.button("Reply", ".queue form[data-verb='reply']")
    people["Chol"].wait_for_text("A fisherman of Wonsan")


def posts(room: Room) -> None:
    """The white cell posts as a medium, and as somebody with a picture; a seat reads both in the public feed."""
    people, control = room.people, room.control
    control.view("white")
    control.button("A message or post of a person or medium that you play")
    control.type("#w-persona", "Yonhap")
    control.type("#w-persona-text", "Fishermen report shots near the line.")
    control.button("Send it")
    people["Wall"].wait_for_text("Fishermen report shots")
    control.view("msel")
    control.button("Add an inject")
    control.put("#n-template", "post")
    control.type("#n-sender", "@harbourwatch")
    control.type("#n-text", "The harbour of Incheon is closed.")
    control.element("#n-upload").send_keys(str(room.run.parent / "a/media/vehicles.png"))
    control.wait("document.querySelector('[name=\"--file\"]').value")
    control.type("#n-alt", "Vehicles on a coast road")
    control.button("Preview")
    control.wait("!document.querySelector('.preview').hidden")
    control.button("release it at once")
    control.button("Add the inject", "form[data-verb='inject']")
    people["Wall"].wait("[...document.images].some(each => each.alt === 'Vehicles on a coast road')")
    people["Bob"].open("inbox")
    people["Bob"].press("label:has(#f-public)")
    people["Bob"].wait_for_text("harbour of Incheon", "[data-group='inbox']")
    assert "about the boat" not in people["Bob"].text("[data-group='inbox']")


def the_network_and_the_server_fail(rooms: Rooms, room: Room) -> None:
    """What was sent without a connection arrives once, and the other room goes on."""
    bob, hana, head = room.people["Bob"], room.people["Hana"], room.people["Min-ji"]
    bob.online(on=False)
    bob.order("Telephones the other leader", "Japan", "sent without a network")
    bob.wait_for_text("This will be sent")
    bob.online(on=True)
    room.people["Alice"].send_proposal("Bob")
    rooms.kill(room.run)
    hana.write("Message", [PRK], "Written while the server was down.", "Send message")
    hana.wait_for_text("This will be sent")
    head.send_proposal("Hana")
    room.people["Chol"].open("inbox")
    room.people["Chol"].wait_for_text("Written while the server was down", "[data-group='inbox']")
    assert room.people["Chol"].text("[data-group='inbox']").count("Written while the server was down") == 1
    room.runs_until("PAUSEX")
    room.control.button("Resume")
    room.runs_until("RUNNING")


def back_in_time(room: Room) -> None:
    """An undo and a rewind tell those who could notice, and leave heads and notes as they are."""
    control = room.control
    control.view("white")
    for field, value in (("#w-gov", "CHN"), ("#w-goldstein", "-2.4"), ("#w-to", "PRK")):
        control.put(field, value)
    control.type("#w-title", "closes a bridge")
    control.button("Carry it out")
    control.wait_for_text("Done, #", "#toasts")
    control.view("branches")
    control.wait_for_text("closes a bridge")
    control.button("Undo the last command")
    control.wait_for_text("Undone", "#toasts")
    day = control.text("[data-clock=date]")
    control.type("#b-rewind", day)
    control.button("Rewind")
    control.wait_for_text("on branch")
    room.people["Bob"].wait_for_text("continues from")
    assert "head" in room.people["Min-ji"].text(".persons")
    assert "1 note" in room.people["Hana"].text("[data-part='todo.people']")


def consent(room: Room, head: str, answer: str) -> None:
    """An inject that would act for a seat waits for its head; the clock waits with it, and goes on by itself."""
    control, person = room.control, room.people[head]
    if "RUNNING" not in room.state():
        control.button("Resume")
    room.set_pace("1d=20s")
    control.view("msel")
    control.button("Add an inject")
    control.button("As YAML")
    control.type("#n-yaml", DRILL)
    control.script("document.querySelector('#n-yaml').closest('form').querySelector('button').click()")
    control.press(".msel a[href*='inject=drill']")
    control.button("Release now", "#msel-detail")
    person.open("todo")
    person.wait_for_text("for your consent")
    room.runs_until("Waits")
    person.wait_for_text("The clock waits for you")
    control.button("1 min more")
    person.button(answer, "[data-id^='procedure']")
    control.until(lambda: "Waits" not in room.state(), "still waits")


def evaluation(room: Room) -> None:
    """An evaluator notes a strength, rates an objective with its evidence, and adds an area for improvement."""
    eva = room.people["Eva"]
    eva.type("#e-note", "Seoul told Washington before it acted.")
    eva.put("#e-tag", "sustain")
    eva.button("Add the note")
    eva.wait_for_text("before it acted", "[data-part='view.watch-notes']")
    form = "[data-part='view.watch-objectives'] li:first-child form[data-verb='rate']"
    eva.script("document.querySelector(arguments[0] + ' input[value=S]').click()", form)
    eva.type(f"{form} input[name='--why']", "Allies were told, but late.")
    eva.script("document.querySelector(arguments[0] + ' select').selectedIndex = 1", form)
    eva.press(f"{form} button")
    eva.wait_for_text("by Eva", "[data-part='view.watch-objectives']")
    eva.button("Add an area for improvement")
    fields = {
        "what": "Nobody compared notes.",
        "cause": "No line between the duty officers.",
        "action": "Set up a call within an hour.",
    }
    for name, text in {**fields, "owner": "Joint staff", "due": "2027-03-01"}.items():
        eva.put(f"#a-{name}", text)
    eva.button("Add it")
    eva.wait_for_text("Nobody compared notes", "[data-part='view.watch-areas']")


def plan(room: Room) -> None:
    """Two people finish the review; both write into one conclusion, and both texts are kept."""
    fay, eva = room.control, room.people["Eva"]
    fay.view("people")
    fay.button("Eva may see everything")
    eva.wait("[...document.querySelectorAll('.views a')].some(each => each.innerText.trim() === 'Review')")
    fay.view("review")
    eva.view("review")
    both = "conclusions/protect_alliance"
    keep(fay, both, {"text": "The alliance held because Washington was told first."}, press=False)
    keep(eva, both, {"text": "The alliance held, but Tokyo learned from the news."}, press=False)
    for guest, said in ((fay, "Saved."), (eva, "both texts are kept")):
        guest.press(f"[data-id='review-{both}'] button.primary")
        guest.wait_for_text(said, "#toasts")
    ratings = {"de_escalation": "P", "protect_alliance": "S", "return_to_talks": "M", "burden_sharing": "U"}
    for objective, letter in ratings.items():
        keep(fay, f"ratings/{objective}", {"text": letter})
    keep(fay, "overview", {"text": "Three governments in two rooms played the first weeks of June 2017."})
    keep(fay, "learned/0", {"text": "Tell the ally before the press."})
    strength = fay.script(
        "return [...document.querySelectorAll('[data-id^=\"review-observations/note\"]')].pop().dataset.id"
    )
    keep(fay, strength.removeprefix("review-"), {"discussion": "A call on the first day made the later order easy."})
    keep(eva, "improvement_plan/0", {"start": "2027-01-10", "status": "in progress", "contact": "J3"})


def keep(guest: Guest, place: str, texts: dict[str, str], *, press: bool = True) -> None:
    """Writes texts of the review."""
    row = f"[data-id='review-{place}']"
    guest.wait(f"document.querySelector(`{row}`)")
    guest.script("document.querySelector(arguments[0]).open = true", row)
    for column, text in texts.items():
        guest.put(f"{row} [name='--{column}']", text)
    if press:
        guest.press(f"{row} button.primary")
        guest.wait(f"!document.querySelector(`{row}`).open")


def records(run: Path) -> list[dict[str, Any]]:
    """The records of a run."""
    return [json.loads(line) for line in (run / "journal.jsonl").read_text("utf-8").splitlines()]


def moves_without_order(room: Room) -> list[dict[str, Any]]:
    """Actions of human seats since STARTEX that follow neither an order of their people nor an accepted proposal."""
    since = [each for each in records(room.run) if each["at"] >= STARTEX]
    acted = [each for each in since if each["kind"] == "action" and each["who"] in ("KOR", "PRK", "USA")]
    accepted = {r["seq"] for r in since if r["kind"] == "procedure.answer" and r["data"]["answer"] == "accept"}
    return [each for each in acted if each["data"]["from"] != "order" and not accepted & set(each["cause"])]


def false_reads(room: Room) -> list[str]:
    """People on a telephone whose messages count as opened although they have never looked at the inbox."""
    lines = [json.loads(line) for line in (room.run / "access.jsonl").read_text("utf-8").splitlines()]
    opened = {each["number"] for each in lines if each.get("kind") == "mark" and each.get("how") == "opened"}
    names = {each["number"]: each["name"] for each in lines if each.get("kind") == "person"}
    return [
        names[n] for n in opened if (g := room.people.get(names.get(n, ""))) and g.width == 390 and not g.seen_inbox
    ]
