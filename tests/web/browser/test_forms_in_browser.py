"""Forms and lists that have something in them, in a real browser: each width, both schemes, everything unfolded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from support.axe import faint_texts, violations
from support.browsers import HALF, WIDTHS, Person, ServedExercise, person, served_exercise
from support.media_exercise import written

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
UNFOLD = (
    "for (const e of document.querySelectorAll('main details:not(.menu)')) { e.removeAttribute('name'); e.open = true }"
)
AREA = "finding area --observation 'Nobody compared notes.' --corrective_action 'Set up a call.' --responsible J3"
Screens = tuple[tuple[str, str], ...]


@pytest.fixture
def exercise(tmp_path: Path) -> Iterator[ServedExercise]:
    """An exercise in which every kind of message waits for an answer, and questionnaires are open."""
    injects = str(written(tmp_path))
    seats = ("--seat", "ARD=human", "--seat", "BRL=human")
    with served_exercise(tmp_path / "there", "two-rivals", "--injects", injects, "--seed", "5", *seats) as there:
        for line in (
            *("stop at nothing", "advance 24d", "release letter", "release person"),
            'order ARD "invite the neighbours to the harbour and let the press watch"',
            'rfi ARD "Who commands the boats?"',
            'offer ARD BRL "Joint patrols."',
            'message ARD EXCON "May we speak to the owner?"',
            *("respond ARD letter.1 4", "note seen --tag sustain", "rate signals S --why late", AREA),
        ):
            there.say(line)
        yield there


def check(there: Person, axe: str, where: str, screens: Screens, axed: tuple[Screens, ...]) -> None:
    """The page is nowhere too wide or faint, and axe finds nothing on the screens on which it runs."""
    there.script(UNFOLD)
    for scheme, width in screens:
        there.size(*WIDTHS[width], scheme)
        place = (where, scheme, width)
        assert (place, there.wide(), faint_texts(there)) == (place, 0, [])
        if (scheme, width) in axed[len(where) % len(axed)]:
            problems = violations(there, axe, with_contrast=len(axed) == 1)
            assert (place, problems) == (place, [])
        cut = there.script(
            "return [...document.querySelectorAll('main :is(button, input, select, textarea)')].filter(e => {"
            "const box = e.getBoundingClientRect(); return e.checkVisibility() && e.closest('.card')"
            " && box.right > e.closest('.card').getBoundingClientRect().right + 1 }).map(e => e.outerHTML.slice(0, 99))"
        )
        assert (place, cut) == (place, [])


@HALF
def test_forms_with_something_in_them_are_whole_and_axe_finds_nothing_serious(
    exercise: ServedExercise, axe: str, tmp_path: Path, screens: Screens, axed: tuple[Screens, ...]
) -> None:
    """Composer with its preview, rulings, questionnaires, ratings, feed; after ENDEX the review and the hot wash."""

    def code(role: str) -> str:
        return exercise.say(f"code {role} new", r"((?:\w{4}-)+\w{4})")

    with ExitStack() as stack:

        def joined(who: str, name: str) -> Person:
            there = stack.enter_context(person(exercise.url))
            there.join(who, name)
            return there

        def view(there: Person, name: str) -> None:
            there.chrome.get(f"{there.url}/?view={name}")
            there.wait("document.documentElement.dataset.ready")

        def look(there: Person, where: str) -> None:
            check(there, axe, where, screens, axed)

        control, arda = joined(code("facilitator"), "A. Facilitator"), joined(exercise.codes["ARD"], "Ann")
        evaluator = joined(code("evaluator"), "E. Valuator")
        for name in ("now", "msel&inject=letter", "msel&inject=spare", "white", "ahead", "people", "knew"):
            view(control, name)
            look(control, f"control {name}")
        view(control, "msel")
        compose(control, tmp_path / "map.png")
        look(control, "composer")
        for tab in ("todo", "orders", "write", "inbox"):
            arda.tab(tab)
            look(arda, f"seat {tab}")
        arda.script("document.querySelector('#f-public').click()")
        look(arda, "feed")
        for name in ("watch", "judge"):
            view(evaluator, name)
            look(evaluator, f"evaluator {name}")
        exercise.say("endex")
        exercise.say("reveal")
        for name in ("review", "hotwash"):
            view(control, name)
            control.wait_for_text(
                {"review": "Corrective action: Set up a call.", "hotwash": "What each side saw"}[name]
            )
            look(control, f"control {name} after ENDEX")
        view(evaluator, "hotwash")
        look(evaluator, "evaluator hotwash")
        view(evaluator, "review")
        evaluator.wait_for_text("What the seats see")
        arda.wait("document.querySelector('a[data-tab=hotwash]')")
        arda.tab("hotwash")
        look(arda, "seat hotwash")
        assert control.problems() == arda.problems() == evaluator.problems() == []


def compose(there: Any, picture: Path) -> None:
    """Fills the composer with a post and its picture, and opens the preview."""
    there.script(UNFOLD)
    there.script("document.querySelector('#n-template').value = 'post'")
    there.type("#n-sender", "@harbourwatch")
    there.type("#n-text", "The harbour is closed.")
    there.element("#n-upload").send_keys(str(picture))
    there.wait("document.querySelector('[name=\"--file\"]').value")
    there.type("#n-alt", "A chart of the harbour")
    there.press("[data-preview]")
    there.wait("document.querySelector('.preview .msg')")
