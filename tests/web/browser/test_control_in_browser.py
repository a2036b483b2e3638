"""The control room and an evaluator in a real browser: three widths, both schemes, the keyboard, dragging, ENDEX."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.axe import faint_texts, violations
from support.browsers import HALF, SCREENS, WIDTHS, Person, ServedExercise, person, served_exercise

VIEWS = (
    *("now", "msel", "msel&inject=night_drill", "gantt", "people", "seatview", "white", "ahead"),
    *("why&seq=12", "knew", "branches", "notes", "hotwash", "review", "import", "screen&seat=ARD"),
)
EVALUATOR_VIEWS = ("watch", "judge", "seatview", "hotwash")
ENTER, TAB, UP = "\ue007", "\ue004", "\ue013"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def exercise(tmp_path: Path) -> Iterator[ServedExercise]:
    """A small exercise with something in every part of the page."""
    with served_exercise(tmp_path / "exercise", "two-rivals", "--seed", "5", "--seat", "ARD=human") as there:
        there.say("stop at nothing")
        there.say("pace 1d=30s")
        there.say("advance 24d", "2030-01-25")
        for line in (
            'order ARD "invite the neighbours"',
            'rfi ARD "Who commands the boats?"',
            'message ARD BRL "Calm."',
            "note seen --tag sustain",
            "code evaluator new",
        ):
            there.say(line)
        there.say("rewind 2d", "branch-2")
        there.say('order ARD "invite the neighbours"')
        there.say('rfi ARD "Who commands the boats?"', "is sent")
        yield there


def code_of(exercise: ServedExercise, role: str) -> str:
    """A new code to join as facilitator or evaluator."""
    return exercise.say(f"code {role} new", r"((?:\w{4}-)+\w{4})")


@pytest.fixture
def control(exercise: ServedExercise) -> Iterator[Person]:
    """The facilitator in a browser."""
    with person(exercise.url) as there:
        there.size(*WIDTHS["desktop"])
        there.join(code_of(exercise, "facilitator"), "A. Facilitator")
        there.wait_for_text("Queue")
        yield there


def open_view(there: Person, view: str) -> None:
    """Opens a view by its address."""
    there.chrome.get(f"{there.url}/?view={view}")
    there.wait("document.documentElement.dataset.ready")


@HALF
def test_no_view_is_too_wide_and_axe_finds_nothing_serious(
    control: Person, axe: str, screens: tuple[tuple[str, str], ...], axed: tuple[tuple[tuple[str, str], ...], ...]
) -> None:
    """Each view at each width and in both schemes, with everything unfolded that is not a menu."""
    for number, view in enumerate(VIEWS):
        open_view(control, view)
        control.script("for (const e of document.querySelectorAll('details:not(.menu)')) if (!e.name) e.open = true")
        for scheme, width in screens:
            control.size(*WIDTHS[width], scheme)
            where = (scheme, width, view)
            assert (where, control.wide(), faint_texts(control)) == (where, 0, [])
            if (scheme, width) in axed[number % len(axed)]:
                problems = violations(control, axe, with_contrast=len(axed) == 1)
                assert (where, problems) == (where, [])
    control.script("for (const e of document.querySelectorAll('details.menu')) e.open = true")
    assert control.problems() == []


SHEET = """Event #,Event Time,Event Description,Recipient Player(s)
01,2030-02-01 09:00,The ferry is six hours late.,Command Center
02,2030-02-01 09:10,A boat drifts.,"ED, Command Center"
"""


def test_a_sheet_is_imported_with_the_keyboard_alone(control: Person, axe: str, tmp_path: Path) -> None:
    """Its teams are chosen, it is read again, and its injects are in the MSEL; no width or scheme has a problem."""
    sheet = tmp_path / "harbour.csv"
    sheet.write_text(SHEET)
    open_view(control, "import")
    control.element("#import-file").send_keys(str(sheet))
    control.wait("document.activeElement.textContent === 'What was understood'")
    assert "there is no government 'Command Center', and 1 more cell: D3" in control.text()
    walk(control, "input[value='Command Center=ARD']")
    control.keys(" ")
    walk(control, "input[value='ED=BRL']")
    control.keys(" ")
    walk(control, "form[data-verb=sheet] button.primary")
    control.keys(ENTER)
    control.wait_for_text("2 new, 0 changed")
    for scheme, width in SCREENS:
        control.size(*WIDTHS[width], scheme)
        assert (scheme, width, control.wide(), violations(control, axe)) == (scheme, width, 0, [])
    walk(control, "[data-part='view.import-injects'] button.primary")
    control.keys(ENTER)
    control.wait_for_text("2 injects added")
    open_view(control, "msel")
    control.wait_for_text("The ferry is six hours late")
    assert control.problems() == []


def test_the_screen_of_an_evaluator_has_no_serious_problem(exercise: ServedExercise, axe: str) -> None:
    """Each view at each width; what an evaluator notes about a record is in the notes."""
    with person(exercise.url) as there:
        there.join(code_of(exercise, "evaluator"), "E. Valuator")
        there.wait_for_text("What")
        for view in EVALUATOR_VIEWS:
            open_view(there, view)
            there.script("for (const e of document.querySelectorAll('details')) e.open = true")
            for width, size in WIDTHS.items():
                there.size(*size)
                assert (width, view, there.wide()) == (width, view, 0)
                assert (width, view, violations(there, axe)) == (width, view, [])
        for width, size in WIDTHS.items():
            there.size(*size)
            open_view(there, "watch")
            there.press("a.record")
            there.wait("document.activeElement.id === 'e-note'")
            there.keys(f"Too late on a {width}")
            there.press("[data-part='view.watch-notes'] button")
            there.wait_for_text(f"Too late on a {width}", "[data-part='view.watch-notes']")
        there.wait_for_text("E. Valuator, about #")


def test_the_control_room_works_with_the_keyboard_alone(control: Person) -> None:
    """Clock, command line with its history, navigation, a menu, and an answer to the queue."""
    walk(control, "[data-part='bar.controls'] form[data-verb='resume'] button")
    control.keys(ENTER)
    control.wait_for_text("RUNNING", ".state")
    control.keys("/")
    control.wait("document.activeElement.id === 'console-line'")
    control.keys("pause", ENTER)
    control.wait_for_text("PAUSEX", ".state")
    control.wait_for_text("PAUSEX", "#console-log")
    control.keys(UP)
    assert control.script("return document.activeElement.value") == "pause"
    control.keys("\ue00c")
    control.wait("document.querySelector('#console-log').hidden")
    control.script("document.activeElement.blur()")
    walk(control, ".views a[href='?view=knew']")
    control.keys(ENTER)
    control.wait_for_text("As known at a game time")
    assert "view=knew" in control.chrome.current_url
    control.chrome.back()
    control.wait_for_text("Next injects")
    control.script("document.activeElement.blur()")
    walk(control, ".queue details:has(form[data-verb='reply']) > summary")
    if not control.script("return document.activeElement.parentElement.open"):
        control.keys(ENTER)
    walk(control, ".queue form[data-verb='reply'] textarea")
    control.keys("The navy", TAB, TAB, ENTER)
    control.wait_for_text("Request for information 1 of Arda: answered.", "#toasts")


def test_long_texts_do_not_hide_the_queue(control: Person, exercise: ServedExercise) -> None:
    """Four lines and *more*; the list is no box in a box; a toast has two lines, the rest on demand."""
    control.size(1280, 800)
    exercise.say(f'order ARD "Send {"ships and boats " * 60}"', "is sent")
    control.wait_for_text("ships and boats", ".queue")
    words = ".queue .words:has(+ .more)"
    height = f"return document.querySelector('{words}').clientHeight"
    clamped = control.script(height)
    control.press(f"{words} + .more > summary")
    assert control.script(height) > 2 * clamped
    assert control.script("const e = document.querySelector('.queue'); return e.scrollHeight - e.clientHeight") <= 1

    control.script("wargame.toast('Something long has happened. '.repeat(30))")
    toast = "return document.querySelector('#toasts .toast:last-child').clientHeight"
    small = control.script(toast)
    assert small < 80
    control.press("#toasts .toast:last-child button.small")
    assert control.script(toast) > small


def test_every_menu_of_the_clock_opens_inside_the_window(control: Person) -> None:
    """At each width."""
    for width in WIDTHS:
        control.size(*WIDTHS[width])
        outside = control.script(
            "return [...document.querySelectorAll('details.menu')].map(menu => {"
            "  menu.open = true; const box = menu.querySelector('.panel').getBoundingClientRect(); menu.open = false;"
            "  return box.width > 100 && box.left >= 0 && box.right <= innerWidth ? '' : menu.textContent.slice(0, 20);"
            "}).filter(Boolean)"
        )
        assert (width, outside) == (width, [])


def test_a_menu_closes_on_escape_and_returns_the_focus(control: Person) -> None:
    """NO PLAY takes two steps, and its text reaches the bar."""
    control.press("summary.grave")
    control.wait("document.querySelector('details.menu[open]')")
    control.keys("\ue00c")
    control.wait("!document.querySelector('details.menu[open]')")
    assert control.script("return document.activeElement.matches('summary.grave')")
    control.keys(ENTER)
    control.type("#c-noplay", "fire alarm")
    control.keys(ENTER)
    control.wait_for_text("NO PLAY", ".state")
    control.wait_for_text("fire alarm", ".state")
    control.press("form[data-verb='playon'] button")
    control.wait_for_text("PAUSEX", ".state")


def test_a_mark_of_the_gantt_chart_is_dragged_and_a_button_does_the_same(control: Person) -> None:
    """Both are the command `delay`."""
    from selenium.webdriver import ActionChains

    control.press(".views a[href='?view=gantt']")
    control.wait("document.querySelector('[data-inject=night_drill] [data-drag]')")
    mark = control.chrome.find_element("css selector", "[data-inject=night_drill] [data-drag]")
    ActionChains(control.chrome).click_and_hold(mark).move_by_offset(80, 0).release().perform()
    control.wait_for_text("An unannounced naval exercise: ", "#toasts")
    place = "document.querySelector('[data-inject=night_drill] [data-drag]').dataset.drag"
    dragged = float(control.script(f"return {place}"))
    control.press("tr:has([data-inject=night_drill]) form:last-of-type button")
    control.wait(f"Number({place}) > {dragged + 0.1}")


def test_a_file_and_its_preview_stay_in_the_composer_while_the_clock_runs(
    control: Person, exercise: ServedExercise, tmp_path: Path
) -> None:
    """The page is drawn again each minute of the game; what was chosen for an inject is still there."""
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    open_view(control, "msel")
    control.script("document.querySelector('#n-text').closest('details').open = true")
    control.element("#n-upload").send_keys(str(tmp_path / "plan.pdf"))
    control.wait("document.querySelector('[name=\"--file\"]').value")
    control.type("#n-text", "The plan is out.")
    control.press("[data-preview]")
    control.wait("!document.querySelector('.preview').hidden")
    exercise.say("advance 2h", "02:00")
    control.wait("document.querySelector('#n-at').min.endsWith('02:00')")
    assert "plan" in control.script("return document.querySelector('[name=\"--file\"]').value")
    assert control.script("return document.querySelector('.preview').offsetParent !== null")
    assert "The plan is out." in control.text(".preview")


def test_a_composer_that_is_opened_again_shows_what_was_typed(control: Person) -> None:
    """The view was left and the page was loaded again: its form is unfolded; a menu of the clock is not."""
    pace = "document.querySelector('#c-pace')"
    open_view(control, "msel")
    control.press("details:has(#n-title) > summary")
    control.type("#n-title", "A ship is late")
    control.script(f"{pace}.value = '1d=9s'; {pace}.dispatchEvent(new Event('input', {{bubbles: true}}))")
    control.press(".views a[href='?view=people']")
    control.wait("!document.querySelector('#n-title')")
    control.press(".views a[href='?view=msel']")
    for _ in range(2):
        control.wait("document.querySelector('#n-title')?.value === 'A ship is late'")
        assert control.script("return document.querySelector('#n-title').checkVisibility()")
        assert control.script(f"return [{pace}.value, {pace}.closest('details').open]") == ["1d=9s", False]
        control.chrome.refresh()
        control.wait("document.documentElement.dataset.ready")


@pytest.mark.exhaustive
def test_what_is_typed_while_a_view_opens_stays_in_its_field(control: Person) -> None:
    """The answer of the server comes in the middle of a word: the heading of the new view does not take the focus."""
    control.script(
        "const get = window.fetch, open = new Promise(go => { window.letGo = go; });"
        "window.fetch = async (...asked) => { await open; return get(...asked); };"
    )
    control.press(".views a[href='?view=white']")
    control.type("#console-line", "no")
    control.script("window.letGo()")
    control.wait("document.querySelector('#w-persona')")
    control.script("return window.wargame.refresh()")
    control.keys("te")
    assert control.script("return document.querySelector('#console-line').value") == "note"


@pytest.mark.exhaustive
def test_a_form_whose_command_is_under_way_stays_busy_when_its_part_is_drawn_again(control: Person) -> None:
    """A second press would send the command twice."""
    control.script(
        "const get = window.fetch;"
        "window.fetch = (where, how) => `${where}`.endsWith('commands') ? new Promise(() => {}) : get(where, how);"
    )
    control.script("document.querySelector(\"form[data-verb='resume'] button\").click()")
    control.script("for (const part of document.querySelectorAll('[data-part]')) part.dataset.hash = 'of before'")
    control.script("return window.wargame.refresh()")
    assert control.script("return document.querySelector(\"form[data-verb='resume']\").dataset.busy") == "yes"


def test_a_forecast_is_drawn_while_play_goes_on(control: Person) -> None:
    """The chart has an interval for each outcome; the clock has moved meanwhile."""
    control.press("form[data-verb='resume'] button")
    control.press(".views a[href='?view=ahead']")
    control.wait("document.querySelector('#a-n')")
    control.script("document.querySelector('#a-n').value = '20'; document.querySelector('#a-horizon').value = '30d'")
    before = control.text("[data-clock=time]")
    control.press("form[data-verb='forecast'] button")
    control.wait("document.querySelector('.answer figure')")
    control.wait_for_text("20 futures from", ".answer")
    control.wait(f"document.querySelector('[data-clock=time]').textContent !== {before!r}")


def test_to_act_for_people_takes_a_second_click(control: Person) -> None:
    """No government is chosen at first. For a seat of people the browser asks for a box; for others there is none."""
    open_view(control, "white")
    box = "[data-second='w-gov']"
    assert control.script("return document.querySelector('#w-gov').value") == ""
    for code, hidden in (("BRL", True), ("ARD", False)):
        control.script(
            "const s = document.querySelector('#w-gov'); s.value = arguments[0];"
            "s.dispatchEvent(new Event('change', {bubbles: true}))",
            code,
        )
        assert control.script("return document.querySelector(arguments[0]).hidden", box) is hidden
    control.type("#w-title", "recalls its ambassador")
    control.script("document.querySelector('#w-goldstein').value = '-2.4'")
    form = "form[data-verb='action']"
    control.press(f"{form} button")
    assert not control.script("return document.querySelector(arguments[0]).checkValidity()", form)
    control.press(f"{box} input")
    control.press(f"{form} button")
    control.wait_for_text("Done, #", "#toasts")
    control.wait("document.querySelector('[data-second]').hidden")


def test_after_endex_the_facilitator_reveals_and_opens_the_review(control: Person, exercise: ServedExercise) -> None:
    """A seat sees the hot wash once it is revealed, and not before."""
    with person(exercise.url) as seat:
        seat.size(*WIDTHS["phone"])
        seat.join(exercise.codes["ARD"], "Min-ji")
        seat.wait_for_text("Arda")
        control.press("details.menu:last-of-type summary")
        control.press("form[data-verb='endex'] button")
        control.wait_for_text("ENDEX", ".state")
        seat.wait_for_text("ENDEX")
        assert "Hot wash" not in seat.text()
        control.press(".controls a[href='?view=hotwash']")
        control.wait_for_text("Turning points")
        control.press("form[data-verb='reveal'] button")
        seat.wait_for_text("Hot wash", ".tabs")
        seat.tab("hotwash")
        seat.wait_for_text("What each side saw")
        assert seat.wide() == 0
    control.chrome.get(f"{control.url}/review")
    control.wait("document.documentElement.dataset.ready")
    assert control.text("h1") == "Two rivals and a strait"
    assert control.problems() == []


def walk(there: Person, selector: str) -> None:
    """Presses Tab until the focus is at an element; it is visible there."""
    for _ in range(250):
        there.keys(TAB)
        if there.script("return document.activeElement.matches(arguments[0])", selector):
            assert there.script("return getComputedStyle(document.activeElement).outlineStyle !== 'none'")
            return
    pytest.fail(f"the keyboard never reaches {selector}")
