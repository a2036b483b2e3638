"""Messages with files, and questionnaires, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import media_exercise
from support.axe import faint_texts, violations
from support.browsers import WIDTHS, Person, ServedExercise, served_exercise

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
DEVICE = "desktop"
CHANNELS = ("News", "Social", "Cable", "Phone", "Intel", "UNSC")


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedExercise]:
    """An exercise in which a message of every template has been sent."""
    folder = tmp_path_factory.mktemp("served")
    script = media_exercise.written(folder)
    seats = ("--injects", str(script), "--seat", "ARD=human", "--seat", "BRL=human")
    with served_exercise(folder / "exercise", "two-rivals", *seats) as there:
        there.say("release letter", "inject letter")
        for channel in CHANNELS:
            attached = "" if channel == "Cable" else ", attachments: [map.png]"
            name = channel.lower()
            yaml = f"{{id: {name}, title: By {channel}, channel: {channel}, message: '**One** word.'{attached}}}"
            there.say(f"inject {yaml} --now", f"inject {name}")
        yield there


def test_pictures_are_shown_and_recordings_have_a_player(arda: Person, tmp_path: Path) -> None:
    """Under the content security policy of the server, without a message in the console of the browser."""
    arda.tab("inbox")
    arda.script("document.querySelectorAll('.msg img').forEach(each => each.loading = 'eager')")
    arda.wait("[...document.querySelectorAll('.msg img')].every(each => each.complete && each.naturalWidth === 4)")
    assert arda.script("return document.querySelectorAll('.msg img').length") == len(CHANNELS)
    arda.script("document.querySelector('.msg audio').preload = 'auto'; document.querySelector('.msg audio').load()")
    arda.wait("document.querySelector('.msg audio').readyState > 0")
    assert set(arda.script("return [...document.querySelectorAll('.msg')].map(each => each.className)")) == {
        f"msg msg-{name}" for name in ("email", "news", "social", "cable", "phone", "report", "document")
    }
    assert arda.problems() == []
    arda.chrome.save_screenshot(str(tmp_path / "inbox.png"))
    assert (tmp_path / "inbox.png").stat().st_size > 20_000


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_messages_and_questions_are_accessible(arda: Person, axe: str, width: str) -> None:
    """In both colour schemes, and on a telephone no message is wider than the screen."""
    for tab in ("todo", "inbox"):
        arda.tab(tab)
        arda.size(*WIDTHS[width], "dark")
        assert (tab, faint_texts(arda)) == (tab, [])
        arda.size(*WIDTHS[width], "light")
        assert (tab, arda.wide(), violations(arda, axe)) == (tab, 0, [])


def test_a_person_answers_with_buttons_boxes_and_words(arda: Person, exercise: ServedExercise) -> None:
    """Each answer is a command; the page shows what has been answered."""
    mark, boxes, words = ("[data-id='q-1-1']", "[data-id='q-1-2']", "[data-id='q-1-3']")
    arda.press(f"{mark} button[value='4']")
    arda.wait(f"document.querySelector(\"{mark} button[value='4']\").ariaPressed === 'true'")
    for box in ("1", "2"):
        arda.press(f"{boxes} input[value='{box}']")
    arda.press(f"{boxes} form button:not([name])")
    exercise.wait_for("next talk, wait, and see")
    arda.type(f"{words} textarea", "They moved first.")
    arda.press(f"{words} form button:not([name])")
    exercise.wait_for("why They moved first")
    exercise.say("results letter", r"(?s)How sure\?  mean 4\.0.*ARD: 4.*ARD: They moved first")
    assert arda.problems() == []


def test_a_message_is_read_once_it_is_in_view_of_somebody(arda: Person, exercise: ServedExercise) -> None:
    """A page that is loaded again has read nothing; a key that is pressed with the message in view has."""
    exercise.say("inject {id: fresh, title: A fresh message, channel: News, message: Look.} --now", "inject fresh")
    arda.wait_for_text("A fresh message")
    arda.chrome.refresh()
    arda.wait("document.documentElement.dataset.ready")
    arda.tab("inbox")
    exercise.say("msel fresh", "read: none yet")
    arda.keys("a")
    arda.wait(
        "performance.getEntriesByType('resource').some(each => each.name.endsWith('/opened') && each.responseEnd)"
    )
    exercise.say("msel fresh", "read: ARD")
