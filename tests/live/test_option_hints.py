"""What a person reads who types an option that there is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.live.console.console import Console


@pytest.fixture(scope="module")
def seoul(tmp_path_factory: pytest.TempPathFactory) -> Console:
    """The seat of South Korea at STARTEX."""
    folder: Path = tmp_path_factory.mktemp("hints") / "x"
    return seat(console(folder, scenario="korea-2017", seats=(("KOR", "human"),)), "KOR")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("phone USA", "'phone' (did you mean 'leader_phone_call'?)"),
        ("TELEPHONES USA", "'TELEPHONES' (did you mean 'leader_phone_call'?)"),
        ("thaad", "'thaad' (did you mean 'advance_thaad' or 'pause_thaad'?)"),
        ("advance_thad", "'advance_thad' (did you mean 'advance_thaad'?)"),
    ],
)
def test_options_are_found_by_words_of_their_ids_and_titles(seoul: Console, typed: str, hint: str) -> None:
    """A misspelt id leads to the one that is meant."""
    with pytest.raises(UsageFault) as refused:
        output_of(seoul, f"order {typed}")
    assert f"there is no option of KOR {hint}" in str(refused.value)


def test_no_hint_is_made_up(seoul: Console) -> None:
    """A word of no option, or of very many, leads to the list."""
    for typed in ("xylophone", "a"):
        with pytest.raises(UsageFault, match="one of "):
            output_of(seoul, f"order {typed}")
