"""The wording of the console: titles for people, ids for typing, and views that fit on a small screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.in_process import inside
from support.live import console, output_of, session
from wargame.journal.notices import spans
from wargame.journal.wording import Titles
from wargame.live.console.console import Console
from wargame.live.console.dispatch import COMMANDS
from wargame.live.console.news import news, record_line
from wargame.live.console.status_bar import facilitator_bar
from wargame.live.terminals.screen import folded
from wargame.scenario.loading import catalogue
from wargame.seat.brief import inbox

WIDE, HIGH = 80, 24
BELOW = 6
"""Lines taken by the prompt, the bar and the completion menu."""


@pytest.fixture(scope="module")
def korea(tmp_path_factory: pytest.TempPathFactory) -> Console:
    """A hundred days of the largest scenario, with one human seat."""
    there = Console(session(tmp_path_factory.mktemp("korea") / "run", scenario="korea-2017"))
    output_of(there, "seat USA human", "stop at nothing", "advance 100d")
    return there


def seat(there: Console, name: str) -> Console:
    """The console of a seat of the same exercise."""
    return Console(there.session, there.wall, role="seat", seat=name)


def test_expected_actions_are_listed_by_title(korea: Console) -> None:
    """Of the action, its options or its inject, in the feed and in the hot wash."""
    records = [record for record in korea.session.records if record.kind == "expected"]
    lines = [record_line(korea.session, record) for record in records] + output_of(korea, "hotwash")
    expected = [line for line in lines if "xpected action of" in line]
    options = korea.session.exercise.context.scenario.options
    assert expected
    assert not [line for line in expected for name in options if "_" in name and name in line]


def test_the_status_shows_indicators_and_outcomes_by_title(korea: Console) -> None:
    """Indicators also by the name that conditions use; clock and due decisions last."""
    lines = output_of(korea, "status")
    assert any(line.split()[0] == "tension" and line.endswith("Tension on the peninsula") for line in lines)
    assert "outcome: Decision to deploy THAAD, already true at STARTEX" in lines
    assert lines.index("world:") < next(n for n, line in enumerate(lines) if line.startswith("due: "))


def test_the_msel_fits_on_a_small_screen(korea: Console) -> None:
    """80 columns and 24 lines."""
    assert len(folded(output_of(korea, "msel"), WIDE)) <= HIGH - BELOW + 1


def test_options_end_with_the_dossiers_that_are_due(korea: Console) -> None:
    """Each option by its id and title in one line; the end of a long list is what remains on the screen."""
    shown = output_of(korea, "options USA")
    headings = [line for line in shown if line.endswith(":") and not line.startswith(" ")]
    assert len(headings) == 5
    assert headings == sorted(headings, key=lambda line: "a decision is due" in line)
    assert "a decision is due" in headings[-1]
    scenario = korea.session.exercise.context.scenario
    rows = [line.strip() for line in shown if line.startswith("  ") and "not available yet" not in line]
    assert len(rows) > 10
    for row in rows:
        option, _, title = row.partition(": ")
        assert scenario.options[option.split()[0]].title == title


def test_help_lists_groups_for_seats_too(korea: Console) -> None:
    """The placeholders of its last line mean `help` alone."""
    mine = seat(korea, "USA")
    shown = output_of(mine, "help")
    assert len(folded(shown, WIDE)) <= 9
    assert shown == output_of(mine, "help GROUP") == output_of(mine, "help COMMAND")
    assert output_of(korea, "help GROUP") == output_of(korea, "help")


def test_a_brief_ends_with_what_is_due(korea: Console) -> None:
    """The end of a long text is what remains on the screen."""
    lines = output_of(korea, "brief USA")
    (begun,) = (n for n, line in enumerate(lines) if line == "Due:")
    assert all("), since " in line for line in lines[begun + 1 : -1])


def test_injects_that_were_not_released_are_one_line(tmp_path: Path) -> None:
    """How many, and how to list them."""
    there = console(tmp_path / "run")
    lines: list[str] = []
    there.session.listeners.append(lambda records: lines.extend(news(there, records)))
    output_of(there, "advance 1d", "endex")
    (line,) = (line for line in lines if "not released" in line)
    assert line.endswith("injects were not released (msel skipped lists them)")


def test_messages_acknowledged_together_are_one_line(tmp_path: Path) -> None:
    """In the inbox and in the feeds, by their numbers."""
    there = console(tmp_path / "run")
    mine, shown, feed = seat(there, "ARD"), list[str](), list[str]()
    output_of(there, "seat ARD human", *(f'inject cable "{n}" --to ARD --now' for n in range(4)))
    there.session.listeners.append(lambda records: shown.extend(news(mine, records)))
    there.session.listeners.append(lambda records: feed.extend(news(there, records)))
    assert output_of(mine, "ack") == ["Arda acknowledges 1 to 4."]
    records = there.session.records
    received = [item.line for item in inbox(there.session.exercise, records, "ARD")]
    for lines in (shown, received):
        assert [line[18:] for line in lines if "cknowledged" in line] == ["Acknowledged: 1 to 4"]
    assert [line[25:] for line in feed] == ["ARD acknowledges 4 messages: adhoc_1, adhoc_2, adhoc_3, adhoc_4"]
    assert sum(record.about == "ack" for record in records) == 4


@pytest.mark.parametrize(("numbers", "words"), [((1, 2, 3), "1 to 3"), ((3, 1, 7, 8), "1, 3, 7 to 8"), ((), "")])
def test_consecutive_numbers_are_written_as_a_range(numbers: tuple[int, ...], words: str) -> None:
    """In order."""
    assert ", ".join(spans(numbers)) == words


def test_both_clocks_of_the_bar_are_labelled(tmp_path: Path) -> None:
    """Game and wall."""
    (first, _) = facilitator_bar(console(tmp_path / "run"), "14:05:00")
    assert "game 2030-01-01 00:00 (D+0)" in first
    assert "wall 14:05:00" in first


def test_control_characters_in_titles_are_removed(tmp_path: Path) -> None:
    """In status, hot wash and rehearsal."""
    text = (catalogue.find_scenario("two-rivals")).read_text("utf-8")
    text = text.replace("title: Tension in the strait", r'title: "Tension \e[2J in the strait"')
    text = text.replace("title: War in the strait", r'title: "War \e[31m in the strait"')
    (tmp_path / "hostile.yaml").write_text(text)
    there = Console(session(tmp_path / "run", scenario=str(tmp_path / "hostile.yaml")))
    assert "\x1b" not in "\n".join(output_of(there, "advance 5d", "status", "hotwash"))
    done = inside("rehearse", "hostile.yaml", "-n", "2", "--until", "20d", "--jobs", "1", cwd=tmp_path)
    assert "War" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_seat_and_a_target_have_their_article(korea: Console) -> None:
    """The United States is never called United States where a sentence or a heading names it."""
    usa = seat(korea, "USA")
    assert any(each.startswith("BRIEF for the United States (USA)") for each in output_of(usa, "brief"))
    assert "ROLE SHEET for the United States (USA)" in output_of(usa, "role")
    assert order_in_words("send_envoy", "USA") == "sends an envoy (the United States)"
    assert order_in_words("send_envoy", "JPN") == "sends an envoy (Japan)"


def order_in_words(option: str, target: str) -> str:
    """An order of the scenario, as lists show it."""
    titles = Titles({"USA": "United States", "JPN": "Japan"}, {"send_envoy": "sends an envoy"})
    return titles.ordered(option, target)


def test_examples_of_commands_name_no_year(korea: Console) -> None:
    """A year would be that of another scenario."""
    assert [line for line in output_of(korea, "help") if re.search(r"\b20\d\d-", line)] == []
    examples = [command.example for command in COMMANDS.values()]
    assert [each for each in examples if re.search(r"\b20\d\d\b", each)] == []
