"""When each part of an exercise begins and ends, in the room and in the game."""

from __future__ import annotations

from pathlib import Path

from wargame.live.timetable import timetable
from wargame.scenario.loading.load import load
from wargame.world.calendar import RunCalendar

MINUTE, DAY = 60, 86400
HEAD = """format: wargame-exercise/1
name: strait
title: An hour in the strait
scenario: two-rivals
scenario_injects: false
seats: {ARD: {}}
moves: [{game: 6d, wall: 20m}, {game: 5d, wall: 25m, title: The funeral}]
"""


def rows_of(folder: Path, more: str) -> list[tuple[str, int, int, int]]:
    """Title, begin and end in the room in seconds, and days of the game of each part."""
    (folder / "exercise.yaml").write_text(HEAD + more, encoding="utf-8")
    loaded = load(str(folder))
    assert loaded.exercise is not None
    calendar = RunCalendar(loaded.scenario.calendar)
    return [
        (row.title, row.wall_start, row.wall_end, (row.end - row.start) // DAY)
        for row in timetable(loaded.exercise, calendar)
    ]


def test_moves_follow_one_another_from_the_first_minute(tmp_path: Path) -> None:
    """Without a briefing the first move begins at once."""
    assert rows_of(tmp_path, "wall: 45m\n")[:2] == [
        ("Move 1", 0, 20 * MINUTE, 6),
        ("Move 2: The funeral", 20 * MINUTE, 45 * MINUTE, 5),
    ]


def test_briefing_and_breaks_take_time_in_the_room_alone(tmp_path: Path) -> None:
    """The game stands still during them."""
    more = "wall: 65m\nbriefing: 10m\nbreaks: [{after: 1, wall: 10m, title: Tea}]\n"
    assert rows_of(tmp_path, more)[:4] == [
        ("Briefing", 0, 10 * MINUTE, 0),
        ("Move 1", 10 * MINUTE, 30 * MINUTE, 6),
        ("Tea", 30 * MINUTE, 40 * MINUTE, 0),
        ("Move 2: The funeral", 40 * MINUTE, 65 * MINUTE, 5),
    ]
