"""The public screen and the join page, rendered without a server."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from support.live import console, output_of
from support.web_pages import screen_viewer
from wargame.live.console.console import Console
from wargame.web.screens import join, public
from wargame.web.viewer import Presence

ADDRESS = "http://192.168.1.20:8765/j"


@pytest.fixture
def control(tmp_path: Path) -> Console:
    """The facilitator's console of a new exercise."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing")
    return there


def test_until_startex_the_screen_shows_how_to_join(control: Console) -> None:
    """The QR code is there until the clock has moved."""
    before = public.parts(screen_viewer(control, ADDRESS))
    output_of(control, "advance 1d")
    after = public.parts(screen_viewer(control, ADDRESS))

    assert ADDRESS in before["screen.join"]
    assert 'class="qr"' in before["screen.join"]
    assert not after["screen.join"].strip()


def test_the_screen_has_clocks_countdown_and_public_news_alone(control: Console) -> None:
    """News for everyone appears, news for one seat does not."""
    output_of(control, "advance 2d", 'timer 10m "the break"')
    output_of(control, 'inject news "For everyone." --now', 'inject cable "For Arda." --to ARD --now')
    parts = public.parts(screen_viewer(control))

    assert "Thursday 3 January 2030" in parts["screen.clocks"]
    assert "The break" in parts["screen.clocks"]
    ends = re.search(r'data-ends="(\d+)"', parts["screen.clocks"])
    assert ends is not None
    assert int(ends[1]) == pytest.approx(time.time() + 600, abs=60)
    assert "For everyone." in parts["screen.news"]
    assert "For Arda." not in parts["screen.news"]


def test_an_outcome_has_the_time_at_which_everyone_knows_it(tmp_path: Path) -> None:
    """That of the report of the action that caused it, and not that of the action, which nobody knew of then."""
    there = console(tmp_path / "run", scenario="korea-2017", seats=(("KOR", "human"),))
    output_of(there, "stop at nothing", 'action PRK "shells an island" --as border_artillery_attack --to KOR')
    output_of(there, "advance 3d")
    news = public.parts(screen_viewer(there))["screen.news"]
    times = re.findall(r'datetime="([^"]+)"', news)
    assert "Attack on one of the six governments" in news
    assert times == sorted(times, reverse=True)


def test_map_and_ladder_show_what_is_public_alone(tmp_path: Path) -> None:
    """A test is at its site with the number that the news has; what only one side knows of is in neither."""
    there = console(tmp_path / "run", scenario="korea-2017", seats=(("KOR", "human"),))
    output_of(there, "stop at nothing", 'action PRK "tests a device" --as nuclear_test')
    output_of(there, 'action CHN "sends oil in secret" --to PRK --as supply_fuel_loophole', "advance 2d")
    parts = public.parts(screen_viewer(there))
    site = re.search(r'data-place="test_site"[^>]* x="([\d.]+%)" y="([\d.]+%)"', parts["screen.situation"])
    marks = re.findall(r'class="act (\w+)[^>]*x="([\d.]+%)" y="([\d.]+%)"', parts["screen.situation"])

    assert site is not None
    assert ("hostile", *site.groups()) in marks
    assert re.search(r'act-number hostile"[^>]*>\d</span> North Korea tests a device', parts["screen.news"])
    assert re.search(r"North Korea, no target.*highest 6.*tests a device", parts["screen.situation"])
    assert "oil in secret" not in parts["screen.situation"] + parts["screen.news"]
    assert len(marks) == len(re.findall("act-number", parts["screen.news"])) <= 6
    assert len(re.findall("<li data-id", parts["screen.news"])) == 12


def test_without_a_map_and_actions_the_news_have_the_screen(control: Console) -> None:
    """The part is empty, so that the page has one column."""
    assert public.parts(screen_viewer(control))["screen.situation"] == ""


def test_no_play_takes_the_screen(control: Console) -> None:
    """Its text is large, and the news is gone."""
    output_of(control, 'inject news "For everyone." --now', 'noplay "fire alarm"')
    parts = public.parts(screen_viewer(control))

    assert "NO PLAY" in parts["screen.clocks"]
    assert "Fire alarm" in parts["screen.clocks"]
    assert "For everyone." not in parts["screen.news"]
    assert parts["screen.situation"] == ""


def test_one_joins_with_a_code_and_waits_in_the_lobby(control: Console) -> None:
    """Without a session there is a form; in the lobby, what one has asked for."""
    door = screen_viewer(control)
    form = join.parts(door)
    lobby = join.parts(replace(door, person=Presence("p1", "<Min-ji>", "seat", "ARD", "waiting")))

    assert list(form) == ["join"]
    assert all(f'name="{name}"' in form["join"] for name in ("code", "name"))
    assert list(lobby) == ["lobby"]
    assert "&lt;Min-ji&gt;" in lobby["lobby"]
    assert "the seat of Arda" in lobby["lobby"]
