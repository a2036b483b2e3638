"""Text that is too long for its place ends in an ellipsis, so that nobody takes a part for the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.live import console, output_of
from wargame.errors import UsageFault, shortened

LONG = "The fishermen of the northern harbour have blocked the entrance for the third day and ask for the premier"


@given(st.text(max_size=80), st.integers(8, 60))
def test_only_text_that_is_too_long_is_changed(text: str, most: int) -> None:
    """It then ends in an ellipsis and fits."""
    short = shortened(text, most)
    assert len(short) <= most
    assert short == text if len(text) <= most else short.endswith("…")


def test_the_title_of_a_long_inject_ends_in_an_ellipsis(tmp_path: Path) -> None:
    """Between words; the message has the whole text."""
    there = console(tmp_path / "run")
    output_of(there, f'inject news "{LONG}" --id harbour --to ARD --now')
    spec = there.session.exercise.injector.lines["harbour"].spec
    assert spec.title == "The fishermen of the northern harbour have blocked the…"
    assert spec.message == LONG


@pytest.mark.parametrize("line", ["x" * 90, f"order ARD {'x' * 90}", f"release {'x' * 90}", f"until '{LONG}'"])
def test_a_refusal_shortens_what_was_typed(tmp_path: Path, line: str) -> None:
    """The name of a command, an option, an inject, a condition."""
    with pytest.raises(UsageFault, match="…'"):
        output_of(console(tmp_path / "run"), line)


def test_undo_shortens_the_command_that_it_takes_back(tmp_path: Path) -> None:
    """A message of many words."""
    there = console(tmp_path / "run")
    output_of(there, f'message ARD BRL "{LONG}"')
    assert any("…" in line for line in output_of(there, "undo"))
