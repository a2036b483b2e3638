"""The `msel` command: a short list of a long MSEL, parts of it, and one inject."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.media_exercise import exercise
from wargame.live.console.command_line import countdown
from wargame.live.console.console import Console
from wargame.live.console.msel_view import MselRow, omitted, short_list, table


def row(name: str, part: str, when: str = "", title: str = "") -> MselRow:
    """A row of which a terminal shows only this."""
    can = (False, False, False, False, False)
    return MselRow(name, title, "", "inject", "", part, part, False, when, "", "", "", "", "", *can)


def rows(**counts: int) -> list[MselRow]:
    """Rows of an MSEL with so many items of each part, numbered from 1."""
    return [row(f"{part}{n}", part) for part, count in counts.items() for n in range(1, count + 1)]


def test_a_short_msel_is_listed_whole() -> None:
    """Up to ten items."""
    every = rows(skipped=2, released=4, waiting=4)
    assert short_list(every) == every
    assert omitted(every, short_list(every)) == []


def test_a_long_msel_is_listed_by_last_releases_holds_and_next_due() -> None:
    """The counts of what is left out follow."""
    every = rows(skipped=1, released=4, held=3, due=7, waiting=2)
    shown = short_list(every)
    assert [row.id for row in shown] == [
        *("released3", "released4", "held1", "held2", "held3"),
        *("due1", "due2", "due3", "due4", "due5"),
    ]
    assert omitted(every, shown) == [
        "In all: 7 due (msel due), 2 waiting (msel waiting), 4 released (msel released), 1 skipped (msel skipped)"
    ]


def test_rows_are_aligned_and_long_times_are_cut() -> None:
    """With an ellipsis."""
    lines = table([row("a", "due", "x" * 60, "One"), row("longer", "held", "short", "Two")])
    assert lines[0] == f"a       due        {'x' * 47}…  One"
    assert lines[1] == f"longer  held       {'short':<48}  Two"


def test_a_part_lists_its_items_alone(tmp_path: Path) -> None:
    """A part without items says so."""
    there = console(tmp_path / "run")
    assert output_of(there, "msel held") == ["No inject is held."]
    output_of(there, "hold collision", "skip coup")
    (line,) = output_of(there, "msel held")
    assert line.startswith("collision  held")
    (skipped,) = output_of(there, "msel skipped")
    assert skipped.startswith("coup  skipped")
    assert len(output_of(there, "msel all")) == 6


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("hold collision", "held, 2030-01-21 06:00 (D+20), in 20d 6h"),
        ("skip collision", "skipped"),
        ("release collision", "released, 2030-01-01 00:00 (D+0)"),
        ("delay collision 1d", "due, 2030-01-22 06:00 (D+21), in 21d 6h"),
    ],
)
def test_one_inject_is_shown_with_its_state(tmp_path: Path, line: str, state: str) -> None:
    """The values of its file that are not defaults are shown too."""
    there = console(tmp_path / "run")
    output_of(there, line)
    first, *values = output_of(there, "msel collision")
    assert first == f"collision: {state}"
    assert "title: A patrol boat and a trawler collide" in values
    assert not [value for value in values if value.startswith(("repeat", "chance", "cool_down"))]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "overdue"),
        (0, "now"),
        (1, "in 1m"),
        (61, "in 2m"),
        (3 * 3600, "in 3h"),
        (30 * 86400 - 60, "in 29d 23h 59m"),
        (30 * 86400 + 1, "in 30d"),
    ],
)
def test_times_to_go_are_rounded_up_to_minutes_and_down_to_days(seconds: int, text: str) -> None:
    """In days only from thirty days on."""
    assert countdown(seconds) == text


def test_one_inject_is_shown_in_words(tmp_path: Path) -> None:
    """Durations, governments, options and objectives as people read them; no seconds, no names of classes."""
    there = console(tmp_path / "run")
    lines = output_of(there, "msel collision", "msel funeral", "msel coup", "msel night_drill")
    assert "expected: Arda protests or offers talks toward Brel, within 14d, late until 28d" in lines
    assert "after: 3d after the inject collision ('A patrol boat and a trawler collide')" in lines
    assert "audience: Arda (ARD), Brel (BRL)" in lines
    assert "effects: tension +0.3" in lines
    assert "action: Brel sends patrols into the strait (Arda) (patrol)" in lines
    assert "installs: the general" in lines
    text = "\n".join(lines)
    assert not [word for word in ("1209600", "259200", "any_of", "manual: False", "source:", "None") if word in text]


def test_files_and_questions_of_an_inject_are_shown(tmp_path: Path) -> None:
    """Each file with its kind and size, and each question with what answers it."""
    lines = output_of(Console(exercise(tmp_path)), "msel letter", "msel person")
    assert "attachments: map.png (picture, 1 kB); call.wav (recording, 1 kB)" in lines
    asked = ["questionnaire: to each seat, closes 2d later", "  sure: How sure? (1 to 5)"]
    asked += ["  next: What next? (talk / wait, and see)", "  why: Why? (free text)"]
    assert lines[lines.index(asked[0]) :][:4] == asked
    assert "questionnaire: to each person" in lines


def test_changes_of_an_inject_are_shown_as_written(tmp_path: Path) -> None:
    """What is added and what is set, and how likely it is."""
    there = console(tmp_path / "run")
    output_of(
        there,
        "inject {id: storm, title: A storm, manual: true, effects: {tension: {to: 0.2}, 'control[ARD]': -0.1}, "
        "chance: 0.4, audience: [ARD]}",
    )
    lines = output_of(there, "msel storm")
    assert "effects: control[ARD] -0.1, tension = 0.2" in lines
    assert "chance: 40 %" in lines


def test_a_delayed_window_is_shown_where_it_is_now(tmp_path: Path) -> None:
    """Before STARTEX, when the random time in it is not drawn yet: `night_drill` is due from March to June."""
    there = console(tmp_path / "run")
    (answer,) = output_of(there, "delay night_drill 10d")
    assert answer == "night_drill: at random between 2030-03-11 and 2030-07-10"
    assert "at random between 2030-03-11 and 2030-07-10" in " ".join(output_of(there, "msel"))
