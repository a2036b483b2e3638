"""A seat in a real browser: three widths, the keyboard alone, lost connections, other pasts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from support.axe import faint_texts, violations
from support.browsers import HALF, WIDTHS, Person, ServedExercise, person, served_exercise

TABS = ("todo", "inbox", "orders", "write", "know", "role")
SMALLEST = 44
"""Pixels of a target on a phone."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedExercise]:
    """A small exercise with something in every part of the page."""
    seats = ("--seat", "ARD=human", "--seat", "BRL=human")
    with served_exercise(tmp_path_factory.mktemp("served") / "exercise", "two-rivals", "--seed", "5", *seats) as there:
        there.say("stop at nothing")
        there.say("advance 40d", "2030-02-10")
        there.say('inject news "A boat is missing." --to ARD --now', "A boat")
        there.say('rule 1 refuse "none"')
        yield there


@HALF
def test_no_tab_is_too_wide_and_axe_finds_nothing_serious(
    arda: Person, axe: str, screens: tuple[tuple[str, str], ...], axed: tuple[tuple[tuple[str, str], ...], ...]
) -> None:
    """Each tab at each width and in both schemes."""
    for scheme, width in screens:
        arda.size(*WIDTHS[width], scheme)
        for number, tab in enumerate(TABS):
            where = (scheme, width, tab)
            arda.tab(tab)
            arda.script("for (const each of document.querySelectorAll('details')) if (!each.name) each.open = true")
            assert (where, arda.wide(), faint_texts(arda)) == (where, 0, [])
            if (scheme, width) in axed[number % len(axed)]:
                problems = violations(arda, axe, with_contrast=len(axed) == 1)
                assert (where, problems) == (where, [])
    assert arda.problems() == []


def test_targets_are_large_enough_for_a_thumb(arda: Person) -> None:
    """Buttons, tabs, choices and summaries on a telephone."""
    small = []
    for tab in TABS:
        arda.tab(tab)
        arda.script("for (const each of document.querySelectorAll('details')) each.open = true")
        small += arda.script(
            "return [...document.querySelectorAll('button, nav a, summary, .choice, .filter label, input, textarea')]"
            ".filter(e => e.offsetParent && e.type !== 'hidden' && !e.matches('label input'))"
            ".filter(e => e.getBoundingClientRect().height < arguments[0]).map(e => e.outerHTML.slice(0, 90))",
            SMALLEST - 0.5,
        )
    assert small == []


def test_only_the_own_server_is_asked(arda: Person, exercise: ServedExercise) -> None:
    """No request leaves for another host."""
    arda.tab("know")
    messages = [json.loads(entry["message"])["message"] for entry in arda.chrome.get_log("performance")]
    urls = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    assert urls
    assert {urlsplit(url).netloc for url in urls if not url.startswith(("data:", "about:", "chrome"))} == {
        urlsplit(exercise.url).netloc
    }


def test_an_order_is_given_with_the_keyboard_alone(arda: Person) -> None:
    """From the tab to the option, the reason and the button, without a pointer."""
    arda.size(*WIDTHS["desktop"])
    arda.script("document.activeElement.blur()")
    walk(arda, "a[data-tab='orders']")
    arda.keys("\ue007")
    arda.wait("document.body.dataset.tab === 'orders'")
    walk(arda, "[data-id='talk-now'] > details > summary")
    arda.keys("\ue007")
    arda.wait("document.querySelector('[data-id=talk-now] > details').open")
    walk(arda, "[data-id='talk-now'] input[name='--why']")
    arda.keys("to calm them", "\ue007")
    arda.wait_for_text("Arda offers talks (Brel): expected in", "#toasts")

    arda.wait_for_text("ordered by Min-ji")
    arda.wait("document.activeElement.matches('summary, h2') && document.activeElement.closest('[data-group=orders]')")


def test_the_first_links_of_the_page_lead_to_its_columns(arda: Person) -> None:
    """By keyboard, and without another tab where the column is in view."""
    arda.size(*WIDTHS["desktop"])
    arda.tab("know")
    for place, heading in (("todo", "h-todo"), ("", "h-know"), ("inbox", "h-inbox")):
        arda.script("document.activeElement.blur()")
        walk(arda, f"a[data-skip='{place}']")
        arda.keys("\ue007")
        assert arda.script("return [document.activeElement.id, document.body.dataset.tab]") == [heading, "know"]
    arda.size(*WIDTHS["phone"])
    arda.script("document.querySelector('a[data-skip=inbox]').click()")
    assert arda.script("return [document.activeElement.id, document.body.dataset.tab]") == ["h-inbox", "inbox"]


def walk(there: Person, selector: str) -> None:
    """Presses Tab until the focus is at an element; each stop on the way is visible."""
    for _ in range(200):
        there.keys("\ue004")
        at, visible = there.script(
            "const e = document.activeElement, r = e.getBoundingClientRect();"
            "return [e.matches(arguments[0]), r.width > 0 && getComputedStyle(e).outlineStyle !== 'none']",
            selector,
        )
        if at:
            assert visible
            return
    pytest.fail(f"the keyboard never reaches {selector}")


def test_what_is_being_typed_and_the_focus_stay_while_the_exercise_goes_on(
    arda: Person, exercise: ServedExercise
) -> None:
    """The page changes around the field."""
    arda.tab("orders")
    arda.press("#free-order")
    arda.keys("We send")
    exercise.say("advance 1d")
    exercise.say('inject news "Fog in the strait." --to ARD --now', "Fog")
    arda.wait("document.querySelector('#announce').textContent.includes('Fog')")
    arda.wait("document.querySelector('[data-group=inbox]').textContent.includes('Fog in the strait')")
    arda.keys(" a ship")

    assert arda.script("return [document.activeElement.id, document.activeElement.value]") == [
        "free-order", "We send a ship"
    ]  # fmt: skip


DRAWN = """
const part = document.querySelector("[data-part='write.compose']"), before = arguments[0], after = arguments[1];
const fetched = window.fetch, done = arguments[2];
const answer = (html) => new Response(JSON.stringify({
  epoch: 0, k: 0, order: [...document.querySelectorAll("[data-part]")].map((each) => each.dataset.part),
  parts: {"write.compose": html}, hashes: {"write.compose": ""}}));
(async () => {
  window.wargame.refresh();  // its answer comes later
  window.fetch = async (url, ...more) => url.endsWith("/parts") ? answer(before) : fetched(url, ...more);
  await window.wargame.refresh();
  const field = document.querySelector("#typed");
  field.focus(); field.value = "half a sen"; field.setSelectionRange(4, 4);
  window.fetch = async (url, ...more) => url.endsWith("/parts") ? answer(after) : fetched(url, ...more);
  await window.wargame.refresh();
  window.fetch = fetched;
  const now = document.activeElement;
  done([now === field, field.isConnected, field.value, field.selectionStart, part.textContent.trim()]);
})().catch((problem) => done(`${problem}`));
"""
FIELD, A, B = (
    '<div class="field"><label for="typed">Text</label><textarea id="typed"></textarea></div>',
    '<div data-id="a">',
    '<p data-id="b">B</p>',
)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (FIELD, f'<div class="field">New</div>{FIELD}', "NewText"),
        (f'<div class="field">Old</div>{FIELD}', FIELD, "Text"),
        (
            f'<div data-id="a">{FIELD}</div><p data-id="b">B</p>',
            f'<p data-id="b">B</p><div data-id="a">{FIELD}</div>',
            "BText",
        ),
        (
            f'<p data-id="b">B</p><div data-id="a">{FIELD}</div>',
            f'<div data-id="a">{FIELD}</div><p data-id="b">B</p>',
            "TextB",
        ),
    ],
)
def test_a_field_in_which_somebody_types_is_never_replaced(arda: Person, before: str, after: str, text: str) -> None:
    """Whatever appears, goes or moves around it: it keeps the focus, the text and the place in it."""
    arda.tab("write")
    assert arda.chrome.execute_async_script(DRAWN, before, after) == [True, True, "half a sen", 4, text]
    arda.chrome.refresh()


def test_the_focus_goes_to_the_heading_when_its_button_is_gone(arda: Person, exercise: ServedExercise) -> None:
    """After an acknowledgement by keyboard one goes on where one was; what one has opened stays open."""
    exercise.say('inject news "Ice in the strait." --to ARD --now', "Ice")
    arda.tab("inbox")
    arda.wait_for_text("Ice in the strait.", "[data-part='inbox.recent']")
    arda.script("document.querySelector('#dossier-strait .not-yet').open = true")
    arda.script("document.querySelector('[data-part=\"inbox.recent\"] form[data-verb=ack] button').focus()")
    arda.keys("\ue007")
    arda.wait("document.activeElement.id === 'h-inbox'")

    assert arda.script("return document.querySelector('#dossier-strait .not-yet').open")


def test_a_command_written_without_a_connection_is_sent_once(arda: Person) -> None:
    """It waits in the page, says so, and is carried out when the network is back."""
    arda.tab("write")
    arda.script("document.querySelector('form[data-verb=rfi]').parentElement.open = true")
    arda.type("#q-text", "Is the harbour open?")
    arda.online(on=False)
    arda.press("form[data-verb=rfi] button")
    arda.wait_for_text("No connection. This will be sent when the connection is back.", "form[data-verb=rfi]")
    arda.online(on=True)
    arda.wait_for_text("is sent to EXCON", "#toasts")

    arda.wait_for_text("Is the harbour open?", "[data-part='write.requests']")
    assert arda.text("[data-part='write.requests']").count("Is the harbour open?") == 1


def test_what_waits_for_a_connection_is_not_sent_by_the_next_person(exercise: ServedExercise) -> None:
    """Nor shown to them, if they join in the same tab."""
    with person(exercise.url) as there:
        there.size(*WIDTHS["phone"])
        there.join(exercise.codes["ARD"], "Before")
        there.tab("write")
        there.script("document.querySelector('form[data-verb=rfi]').parentElement.open = true")
        there.type("#q-text", "Who was here before?")
        there.online(on=False)
        there.press("form[data-verb=rfi] button")
        there.wait_for_text("No connection.", "form[data-verb=rfi]")
        waits = there.script("return sessionStorage.getItem('wargame.pending')")
        assert "Who was here before?" in waits
        there.online(on=True)
        there.chrome.delete_all_cookies()
        there.join(exercise.codes["BRL"], "After")
        there.script("sessionStorage.setItem('wargame.pending', arguments[0])", waits)
        load_again(there)
        there.wait("sessionStorage.getItem('wargame.pending') === '{}'")
        there.wait("document.querySelector('.persons .here')")
        assert there.text("#toasts") == ""
        assert "Who was here before?" not in there.script("return document.querySelector('main').textContent")


def test_a_notice_at_the_bottom_does_not_move_the_columns(arda: Person) -> None:
    """They stay as high as they are; what is under the notice can be scrolled free."""
    arda.size(1440, 957)
    arda.tab("orders")
    high = "return [...document.querySelectorAll('main, main > .group')].map(e => e.clientHeight)"
    before = arda.script(high)
    arda.script("wargame.toast('The clock stops. '.repeat(40), 'bad', {stays: true})")
    arda.wait("document.documentElement.style.getPropertyValue('--toasts') > '0px'")
    assert arda.script(high) == before
    assert arda.script(
        "const column = document.querySelector('.group[data-group=inbox]');"
        "const last = [...column.querySelectorAll('p')].pop();"
        "column.scrollTop = column.scrollHeight;"
        "return last.getBoundingClientRect().bottom <= document.querySelector('#toasts').getBoundingClientRect().top"
    )


def test_an_offer_is_answered_with_a_button_and_words(arda: Person, exercise: ServedExercise) -> None:
    """The pressed button is the answer; the words come with it, and the task is done."""
    exercise.say('offer BRL ARD "We both leave the strait."', "is sent to Arda")
    arda.tab("todo")
    arda.wait_for_text("We both leave the strait.", "[data-part='todo.tasks']")
    arda.press(".offer details summary")
    arda.type(".offer textarea", "From Monday on.")
    arda.press(".offer button[value=yes]")
    arda.wait_for_text("Arda answers yes.", "#toasts")

    arda.wait("!document.querySelector('.offer')")
    assert "yes (From Monday on.)" in arda.script("return document.querySelector('[data-group=inbox]').textContent")


def test_a_dot_marks_the_inbox_until_it_is_opened(arda: Person, exercise: ServedExercise) -> None:
    """Whoever looked away sees that a message has come; what the page itself has sent leaves no dot."""
    arda.tab("todo")
    exercise.say('message BRL ARD "Are you there?"')
    arda.wait("document.body.dataset.news === ''")
    arda.chrome.refresh()
    arda.wait("document.body.dataset.news === ''")
    arda.tab("inbox")
    assert arda.script("return document.body.dataset.news === undefined")

    arda.tab("write")
    arda.type(".compose form[data-verb=message] textarea", "Yes.")
    arda.press(".compose form[data-verb=message] button")
    arda.wait_for_text("Sent to Brel.", "#toasts")
    arda.wait("document.querySelector('[data-group=inbox]').textContent.includes('Yes.')")
    arda.wait("document.querySelector('#announce').textContent.includes('Yes.')")
    assert arda.script("return document.body.dataset.news === undefined")


def test_a_new_message_has_a_line_in_the_list_of_tasks_that_opens_it(arda: Person, exercise: ServedExercise) -> None:
    """Also while something is to be acknowledged: the dot is beside the number. It is gone once the inbox was open."""
    exercise.say('inject news "Storm in the strait." --to ARD --now', "Storm")
    arda.tab("inbox")
    arda.wait_for_text("Storm in the strait.", "[data-group='inbox']")
    arda.tab("todo")
    exercise.say('message BRL ARD "Will you talk?"')
    arda.wait_for_text("1 new message from Brel", "[data-part='todo.tasks']")
    dot = "return getComputedStyle(document.querySelector('a[data-tab=inbox]'), '::after').content"
    assert "new" in arda.script(dot)
    arda.chrome.refresh()
    arda.wait_for_text("1 new message from Brel", "[data-part='todo.tasks']")
    arda.press("[data-written] a")
    assert "Will you talk?" in arda.script("return document.activeElement.textContent")
    arda.tab("todo")
    assert "new message" not in arda.text("[data-part='todo.tasks']")

    arda.press("[data-id='unread'] .button")
    assert "Acknowledge" in arda.script("return document.activeElement.textContent")


def test_what_is_said_about_readers_follows_the_choice(arda: Person) -> None:
    """A statement to the public is not promised to be private."""
    arda.tab("write")
    arda.press(".compose [value='BRL']")
    assert "The recipients, the white cell and evaluators can read it." in arda.text("[data-part='write.compose']")
    arda.press(".compose [value='public']")
    form = arda.text(".compose form[data-verb='message']")
    assert "Everyone can read it" in form
    assert "evaluators" not in form
    arda.press(".compose [value='public']")


DRAFTS = {"#m-text": "We propose talks", "#free-order": "Send the coast guard", "#q-text": "Who commands it?"}


def load_again(there: Person) -> None:
    """Loads the page again, and waits until its script has run."""
    there.chrome.refresh()
    there.wait("document.documentElement.dataset.ready")


def values(there: Person) -> dict[str, str]:
    """What the fields of `DRAFTS` have."""
    found: list[str] = there.script("return arguments[0].map(e => document.querySelector(e).value)", list(DRAFTS))
    return dict(zip(DRAFTS, found, strict=True))


def write_drafts(there: Person) -> None:
    """Writes into each of the fields, and chooses a recipient."""
    for field, text in DRAFTS.items():
        there.tab("orders" if field == "#free-order" else "write")
        there.script("document.querySelector(arguments[0]).closest('details')?.setAttribute('open', '')", field)
        there.type(field, text)
    there.script("document.querySelector('.compose').open = true")
    there.press(".compose form[data-verb='message'] [value='EXCON']")


def test_what_was_typed_is_there_after_the_page_was_loaded_again_until_it_is_sent(arda: Person) -> None:
    """Each field by itself; what was sent does not come back."""
    write_drafts(arda)
    load_again(arda)
    assert values(arda) == DRAFTS
    assert arda.script("return document.querySelector('.compose form[data-verb=message] [value=EXCON]').checked")

    arda.tab("write")
    arda.script("document.querySelector('.compose').open = true")
    arda.press(".compose form[data-verb='message'] button")
    arda.wait("document.querySelector('#toasts .good')")
    load_again(arda)
    assert values(arda) == DRAFTS | {"#m-text": ""}


def test_back_goes_to_the_tab_before_and_a_joined_person_finds_the_way_back(arda: Person) -> None:
    """What was typed is there again; the page of codes leads back to the exercise."""
    arda.size(*WIDTHS["phone"])
    arda.tab("write")
    arda.type("#m-text", "We keep the harbour open.")
    arda.tab("know")
    arda.wait("document.body.dataset.tab === 'know'")
    arda.chrome.back()
    arda.wait("document.body.dataset.tab === 'write' && document.querySelector('#m-text').offsetParent")
    assert arda.script("return document.querySelector('#m-text').value") == "We keep the harbour open."
    arda.script("document.querySelector('#m-text').value = ''")
    arda.chrome.get(f"{arda.url}/j")
    arda.press("a.button[href='/']")
    arda.wait("document.body.dataset.screen === 'seat' && document.documentElement.dataset.ready")


def test_a_refused_text_is_kept_too(arda: Person) -> None:
    """It was not sent."""
    arda.tab("orders")
    arda.type("#free-order", "attack")
    arda.press("[data-part='orders.free'] button")
    arda.wait_for_text("write more than one word", "[data-part='orders.free'] output")
    load_again(arda)
    assert values(arda)["#free-order"] == "attack"


def test_nobody_else_sees_a_draft(exercise: ServedExercise) -> None:
    """Neither who joins another seat in the same tab, nor the next person in the same seat."""
    with person(exercise.url) as there:
        there.size(*WIDTHS["phone"])
        there.join(exercise.codes["ARD"], "Leaves")
        for code, name in ((exercise.codes["BRL"], "Next"), (exercise.codes["BRL"], "Last")):
            write_drafts(there)
            there.chrome.delete_all_cookies()
            there.join(code, name)
            assert values(there) == dict.fromkeys(DRAFTS, "")
        write_drafts(there)
        exercise.say('kick "Last"')
        there.wait_for_text("The facilitator has removed you")
        assert there.script("return sessionStorage.getItem('wargame.drafts')") is None


def test_the_code_of_an_address_stays_when_the_join_page_is_loaded_again(exercise: ServedExercise) -> None:
    """The address has lost it by then; after joining it is removed."""
    with person(exercise.url) as there:
        there.chrome.get(f"{exercise.url}/j#{exercise.codes['BRL']}")
        there.wait("document.activeElement.id === 'name'")
        there.keys("Kim")
        load_again(there)
        fields = "return ['code', 'name'].map(e => document.getElementById(e)?.value)"
        assert there.script(fields) == [exercise.codes["BRL"], "Kim"]
        there.press("form button")
        there.wait("document.body.dataset.screen === 'seat' && document.documentElement.dataset.ready")
        assert there.script("return sessionStorage.getItem('wargame.drafts')") is None


def test_a_refused_command_says_why_and_keeps_what_was_typed(arda: Person) -> None:
    """The message is at the form."""
    arda.tab("orders")
    arda.type("#free-order", "attack")
    arda.press("[data-part='orders.free'] button")
    arda.wait_for_text("write more than one word", "[data-part='orders.free'] output")

    assert arda.script("return document.querySelector('#free-order').value") == "attack"


def test_after_an_undo_the_page_says_so_and_shows_the_other_past(arda: Person, exercise: ServedExercise) -> None:
    """What was sent in the abandoned past is gone, and named. What is left is not announced as new."""
    exercise.say('inject news "A mistake." --to ARD --now', "A mistake")
    arda.wait("document.querySelector('[data-group=inbox]').textContent.includes('A mistake')")
    exercise.say("undo")
    arda.wait("!document.querySelector('[data-group=inbox]').textContent.includes('A mistake')")

    arda.wait_for_text("Withdrawn: News: A mistake.", "#toasts")
    exercise.say('tell ARD "Sorry for that."', "Sent to Arda")
    arda.wait("document.querySelector('#announce').textContent.includes('Sorry for that')")
    announced = arda.script(
        "return document.querySelector('#announce').textContent + document.querySelector('#toasts').textContent"
    )
    assert "new items" not in announced
    assert "A boat is missing" not in announced


def test_a_hidden_page_closes_its_stream_and_goes_on_when_shown(arda: Person, exercise: ServedExercise) -> None:
    """What came meanwhile is there."""
    arda.script(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    exercise.say('inject news "Snow." --to ARD --now', "Snow")
    shown = "document.querySelector('[data-group=inbox]').textContent.includes('Snow.')"
    before = arda.script(f"return {shown}")
    arda.script("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    arda.wait(shown)

    assert not before


def test_the_past_is_shown_by_the_scrubber(arda: Person) -> None:
    """A day is chosen, and its news is shown."""
    arda.tab("know")
    arda.press("button[data-step]:last-of-type")
    arda.wait_for_text("2 January 2030", "[data-past-shown]")


def test_no_play_is_announced_on_seat_and_public_screen(arda: Person, exercise: ServedExercise, axe: str) -> None:
    """It is in view whatever tab is open; the public screen has nothing else."""
    with person(exercise.url) as room:
        room.size(1920, 1080)
        room.join(exercise.screen, "Room")
        room.wait_for_text("Move ")
        assert violations(room, axe) == []
        exercise.say('noplay "fire alarm"')
        for there in (arda, room):
            there.wait_for_text("NO PLAY")
            there.wait_for_text("Fire alarm")
            assert there.wide() == 0
        exercise.say("playon")
        room.wait("!document.querySelector('.stop')")
        assert room.problems() == []


def test_a_notice_is_shown_and_who_is_removed_keeps_nothing(exercise: ServedExercise) -> None:
    """A notice of the facilitator appears on the page; after `kick`, nothing of the exercise remains there."""
    with person(exercise.url) as there:
        there.size(*WIDTHS["phone"])
        there.join(exercise.codes["BRL"], "Kick me")
        there.wait_for_text("Brel")
        exercise.say('notice "Coffee until 10:30" --to BRL', r"[1-9] browser")
        there.wait_for_text("Coffee until 10:30", "#toasts")
        exercise.say('kick "Kick me"')
        there.wait_for_text("The facilitator has removed you")

        assert there.text("main").strip() == ""


def test_wrong_codes_are_refused_in_words(exercise: ServedExercise, axe: str) -> None:
    """The join page waits for a code, says what is wrong, and keeps the name."""
    with person(exercise.url) as there:
        there.size(*WIDTHS["phone"])
        there.chrome.get(f"{exercise.url}/j")
        there.wait("document.documentElement.dataset.ready")
        assert violations(there, axe) == []
        assert there.script("return document.activeElement.id") == "code"
        there.type("#code", "0000-0000")
        there.type("#name", "Kim")
        there.press("form button")
        there.wait("document.querySelector('output').className === 'bad'")

        assert there.script("return document.querySelector('#name').value") == "Kim"
        assert there.wide() == 0
