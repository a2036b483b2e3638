"""Sentences as data: what a terminal and a page write of the same parts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wargame.errors import UsageFault
from wargame.sentence import Hint, Name, Sentence, hint

AT = datetime(2017, 6, 21, 10, 0, tzinfo=UTC)
PLAY_ON = hint("playon", "resumes it", "Play on")


def test_a_terminal_writes_ids_times_in_full_and_commands_in_brackets() -> None:
    """Commands that follow one another share their brackets."""
    said = Sentence(Name("harvest", "A poor harvest"), " at ", AT, PLAY_ON, hint("stop at", "chooses"), ".")
    assert said.typed() == "harvest at 2017-06-21 10:00 (playon resumes it; stop at chooses)."
    assert said.typed(hints=False) == "harvest at 2017-06-21 10:00."


def test_a_page_writes_titles_and_short_times_and_leaves_commands_to_buttons() -> None:
    """A time in another year has its year."""
    said = Sentence(Name("harvest", "A poor harvest"), " at ", AT, PLAY_ON, ".")
    assert said.shown() == "A poor harvest at 21 Jun, 10:00."
    assert said.shown(2018) == "A poor harvest at 21 Jun 2017, 10:00."
    assert said.hints == (Hint(("playon",), "resumes it", "Play on"),)


def test_commands_alone_are_alternatives() -> None:
    """`(accept 1 or refuse 1)`."""
    assert Sentence("decide", hint("accept 1"), hint("refuse 1")).typed() == "decide (accept 1 or refuse 1)"


def test_an_error_keeps_its_remedy_apart() -> None:
    """Its text is that of a terminal."""
    error = UsageFault("the exercise is stopped", PLAY_ON)
    assert (str(error), error.said.shown()) == (
        "the exercise is stopped (playon resumes it)",
        "the exercise is stopped",
    )


@pytest.mark.parametrize("method", ["startswith", "removeprefix", "split", "partition", "replace"])
def test_a_sentence_has_no_methods_of_strings(method: str) -> None:
    """Nothing can take it apart again by its words."""
    assert not hasattr(Sentence("a b"), method)
