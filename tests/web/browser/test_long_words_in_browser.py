"""Names and texts without spaces stay inside their screens, and inside the tables of the review."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.browsers import person, served_exercise

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

NAME, ADDRESS, WORD = "W" * 60, "somebody.with.a.long.name@university-of.example", "x" * 540
WIDE_TABLES = (
    "return [...document.querySelectorAll('main table')].filter(e => e.offsetParent && e.offsetWidth > arguments[0])"
    ".map(e => e.caption?.textContent || e.className)"
)
OUTSIDE = (
    "const W = document.documentElement.clientWidth; return [...document.querySelectorAll('main .card *')]"
    ".filter(e => e.getBoundingClientRect().right > W).map(e => e.outerHTML.slice(0, 90))"
)


def test_long_words_are_broken(tmp_path: Path) -> None:
    """On a phone of the seat, in the lists of the control room, and in the review."""
    seats = ("--seat", "ARD=human", "--seat", "BRL=human")
    with (
        served_exercise(tmp_path / "served", "two-rivals", "--seed", "5", *seats) as exercise,
        person(exercise.url) as arda,
        person(exercise.url) as brel,
        person(exercise.url) as control,
    ):
        exercise.say("stop at nothing")
        arda.size(360, 740)
        arda.join(exercise.codes["ARD"], NAME)
        brel.join(exercise.codes["BRL"], ADDRESS)
        exercise.say(f'order ARD "Send {WORD} now"', "Request 1 is sent")
        for tab in ("todo", "inbox"):
            arda.tab(tab)
            assert (tab, arda.wide()) == (tab, 0)
        control.size(768, 800)
        control.join(exercise.say("code facilitator new", r"((?:\w{4}-)+\w{4})"), "Eve")
        control.chrome.get(f"{exercise.url}/?view=people")
        control.wait_for_text(ADDRESS, "[data-part='view.people-seats']")
        assert control.script(OUTSIDE) == []
        exercise.say("endex", "review")
        control.chrome.get((tmp_path / "served" / "run" / "report.html").as_uri())
        control.size(1280, 800)
        control.wait("document.querySelector('#log table')")
        assert control.script(WIDE_TABLES, 1280) == []
