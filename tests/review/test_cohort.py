"""Rooms that played the same exercise, side by side."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside
from wargame.errors import UsageFault
from wargame.futures.lookahead import points_of
from wargame.journal.folder import Folder
from wargame.review.findings.cohort import cohort
from wargame.review.findings.findings import open_findings
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

PLAYS = {
    "a": [
        "stop at nothing",
        "advance 21d",
        'order ARD protest BRL --re 1 --why "the collision"',
        "until D+30",
        "endex",
    ],
    "b": ["stop at nothing", "until D+15", "order ARD talk BRL", "until D+30", "endex"],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two rooms whose commands were given four minutes apart."""
    top = tmp_path_factory.mktemp("rooms")
    for room, lines in PLAYS.items():
        (top / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
        seats = ("--seat", "ARD=human", "--seat", "BRL=human")
        assert inside("play", "two-rivals", *seats, "--script", "lines.txt", "--out", room, cwd=top).returncode == 0
        log = top / room / "commands.jsonl"
        given = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        for number, line in enumerate(given):
            line["wall"] = f"2026-11-28T09:{4 * number:02}:00Z"
        log.write_text("".join(json.dumps(line) + "\n" for line in given), encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def found(place: Path) -> Any:
    """The review as a document for programs."""
    done = inside("compare", "a", "b", "--runs", "12", "--json", cwd=place)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _of(found: Any, inject: str) -> dict[str, Any]:
    return {each["room"]: each for each in found["occasions"] if each["inject"] == inject}


def _minute(place: Path, room: str, kind: str) -> float:
    """Minutes from the first line of the log to the first of a kind, read by the test itself."""
    lines = [json.loads(line) for line in (place / room / "commands.jsonl").read_text("utf-8").splitlines()]
    return 4.0 * next(number for number, line in enumerate(lines) if line["kind"] == kind)


def test_an_order_is_beside_the_inject_that_it_answers(place: Path, found: Any) -> None:
    """With the minute in the room; the room that did nothing has an empty place."""
    rooms = _of(found, "collision")
    (order,) = rooms["a"]["decisions"]
    assert (order["who"], order["minute"]) == ("Arda", _minute(place, "a", "order"))
    assert "protests" in order["what"]
    assert rooms["b"]["decisions"] == []


def test_an_order_is_beside_the_inject_whose_expected_action_it_is(tmp_path: Path) -> None:
    """Also if the person named no inject."""
    for room, name in (("a", "protest"), ("b", "trade")):
        lines = ["stop at nothing", "until D+24", f"order ARD {name} BRL", "until D+40", "endex"]
        (tmp_path / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
        words = ("two-rivals", "--seat", "ARD=human", "--script", "lines.txt", "--out", room)
        assert inside("play", *words, cwd=tmp_path).returncode == 0
    found = json.loads(inside("compare", "a", "b", "--runs", "0", "--json", cwd=tmp_path).stdout)
    beside = {room: [each["what"] for each in row["decisions"]] for room, row in _of(found, "collision").items()}
    assert len(beside["a"]) == 1
    assert "protests" in beside["a"][0]
    assert beside["b"] == []


def test_a_decision_without_an_inject_is_not_lost(found: Any) -> None:
    """It is with those on other occasions."""
    assert ["offers talks" in each["what"] for each in _of(found, "")["b"]["decisions"]] == [True]


def test_an_inject_is_released_at_the_move_that_reached_it(place: Path, found: Any) -> None:
    """Both rooms received it on the same day of the game, at another minute of the room."""
    moves = [json.loads(line) for line in (place / "b" / "commands.jsonl").read_text("utf-8").splitlines()]
    rooms = _of(found, "collision")
    released = next(
        json.loads(line)
        for line in (place / "b" / "journal.jsonl").read_text("utf-8").splitlines()
        if '"inject.released"' in line and '"collision"' in line
    )
    reached = next(
        n for n, line in enumerate(moves) if line["kind"] == "advance" and line["data"]["to"] >= released["t"]
    )
    assert rooms["b"]["released"] == released["at"] == rooms["a"]["released"]
    assert rooms["b"]["minute"] == 4.0 * reached != rooms["a"]["minute"]


def test_rooms_are_placed_among_runs_without_people(place: Path, found: Any) -> None:
    """The percentile of a measure is counted again over exercises that this test runs itself."""
    point = points_of(Folder(place / "a"))(0, 0)
    settings = {**point.settings.as_dict(), "seats": (), "limits": (), "journal": "none"}
    values = []
    for number in range(12):
        one = Exercise(
            load("two-rivals"), point.seed, Settings.from_dict(settings | {"replication": 1_000_000 + number})
        )
        one.advance(one.calendar.startex + 30 * 86400)
        values.append(one.context.world.get("tension"))
    row = next(each for each in found["measures"] if each["title"].startswith("Tension") and each["room"] == "a")
    below = sum(value < row["value"] for value in values) + 0.5 * sum(value == row["value"] for value in values)
    assert row["percentile"] == pytest.approx(below / 12)


@pytest.mark.parametrize("form", ["html", "docx", "md"])
def test_the_review_is_a_page_and_a_document(place: Path, form: str) -> None:
    """Each is written where it is wanted."""
    done = inside("compare", "a", "b", "--runs", "0", "--out", f"all.{form}", cwd=place)
    assert done.stdout.strip() == f"all.{form}"
    assert (place / f"all.{form}").stat().st_size > 1_000


def test_on_a_phone_each_room_is_a_card(place: Path) -> None:
    """Its six columns do not fit the width of a phone."""
    inside("compare", "a", "b", "--runs", "0", "--out", "phone.html", cwd=place)
    assert re.search('<table class="stack[^"]*"><caption>Each room', (place / "phone.html").read_text("utf-8"))


def test_the_text_says_that_rooms_are_few(place: Path) -> None:
    """A difference between two rooms is not a finding about people."""
    shown = " ".join(inside("compare", "a", "b", "--runs", "0", cwd=place).stdout.split())
    assert "Rooms are few" in shown
    assert "none that names it" in shown
    assert "They decided differently on A patrol boat and a trawler collide." in shown


def test_a_government_is_named_once_in_what_is_expected(tmp_path: Path) -> None:
    """The titles of a ready exercise begin with the government."""
    (tmp_path / "lines.txt").write_text("stop at nothing\nuntil D+9\nendex", encoding="utf-8")
    for room in "ab":
        words = ("strait-lesson", "--script", "lines.txt", "--out", room)
        assert inside("play", *words, cwd=tmp_path).returncode == 0
    shown = " ".join(inside("compare", "a", "b", "--runs", "0", "--json", cwd=tmp_path).stdout.split())
    assert "Arda protests or offers talks (" in shown
    assert "Arda: Arda" not in shown


def test_one_room_is_not_compared_with_itself(place: Path) -> None:
    """The error says which command reviews one."""
    done = inside("compare", "a", "a", cwd=place)
    assert done.returncode == 2
    assert "wargame report" in done.stderr


@pytest.mark.slow
def test_rooms_of_different_scenarios_are_refused(place: Path, tmp_path: Path) -> None:
    """Nothing of theirs is the same."""
    lines = tmp_path / "lines.txt"
    lines.write_text("advance 1d", encoding="utf-8")
    assert inside("play", "cuba-1962", "--script", str(lines), "--out", "c", cwd=tmp_path).returncode == 0
    with pytest.raises(UsageFault, match="different scenarios"):
        cohort([open_findings(place / "a"), open_findings(tmp_path / "c")], 0, 1)
