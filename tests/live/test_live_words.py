"""What a console says: titles where people read, ids where they type, and no more than a small screen can show."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.in_process import inside
from support.live import console, session, told
from wargame.futures.lookahead import LookaheadOrigin, answer
from wargame.live.console.console import Console
from wargame.live.console.view_commands import bar
from wargame.live.terminals.wrapping import folded
from wargame.scenario.loading import catalogue
from wargame.seat.brief import inbox
from wargame.seat.lines import spans

WIDE, HIGH = 80, 24
BELOW = 6
"""Lines of a terminal that the prompt, the bar and the menu of completions take."""


@pytest.fixture(scope="module")
def korea(tmp_path_factory: pytest.TempPathFactory) -> Console:
    """A hundred days of the largest scenario, with a seat for a person."""
    there = Console(session(tmp_path_factory.mktemp("korea") / "run", scenario="korea-2017"))
    told(there, "seat USA human", "stops off", "advance 100d")
    return there


def seat(there: Console, name: str) -> Console:
    """A seat's terminal on the same exercise."""
    return Console(there.session, there.wall, role="seat", seat=name)


def test_expected_actions_are_told_by_title(korea: Console) -> None:
    """Of the action, of its options or of its inject, in the feed and in the hot wash."""
    lines = [korea.line(r) for r in korea.session.records if r.kind == "expected"] + told(korea, "hotwash")
    expected = [line for line in lines if "xpected action of" in line]
    options = korea.session.exercise.context.scenario.options
    assert expected
    assert not [line for line in expected for name in options if "_" in name and name in line]


def test_the_status_names_indicators_and_outcomes(korea: Console) -> None:
    """Indicators one a line with the name that conditions take; the clock and what is due stand last."""
    lines = told(korea, "status")
    assert any(line.split()[0] == "tension" and line.endswith("Tension on the peninsula") for line in lines)
    assert "outcome: Decision to deploy THAAD, 2017-06-01 00:00 (D+0)" in lines
    assert lines.index("world:") < next(n for n, line in enumerate(lines) if line.startswith("due: "))


def test_a_look_ahead_tells_titles(tmp_path: Path) -> None:
    """Also of what never came and of what does not differ."""
    there = console(tmp_path / "run")
    told(there, "advance 5d")
    moment = LookaheadOrigin.of(there.session.folder, there.session.head, there.session.exercise.now)
    forecast = answer(moment, "forecast", "20d", 4, [], 1)
    whatif = answer(moment, "whatif", "20d", 4, ["skip", "harvest"], 1)
    where = answer(moment, "where", "0", 4, [], 1)
    assert "in none of 4" in forecast[-1]
    assert "A blockade; The strait is calm; War in the strait" in forecast[-1]
    assert "A blockade" in whatif[-1]
    assert not [line for line in forecast + whatif + where if "blockade_laid" in line]


@pytest.mark.parametrize("line", ["msel", "options USA"])
def test_a_view_fits_on_a_small_screen(korea: Console, line: str) -> None:
    """What is asked for often does not run out of a terminal of 80 columns and 24 lines."""
    assert len(folded(told(korea, line), WIDE)) <= HIGH - BELOW + 1


def test_the_help_of_a_seat_goes_by_groups(korea: Console) -> None:
    """As the facilitator's does; the words of the last line, typed as they stand, are answered too."""
    mine = seat(korea, "USA")
    shown = told(mine, "help")
    assert len(folded(shown, WIDE)) <= 8
    assert shown == told(mine, "help GROUP") == told(mine, "help COMMAND")
    assert told(korea, "help GROUP") == told(korea, "help")


def test_a_brief_ends_with_what_is_due(korea: Console) -> None:
    """It is what a seat looks for, and the end of a long text is what stays on a screen."""
    lines = told(korea, "brief USA")
    (begun,) = (n for n, line in enumerate(lines) if line == "Due:")
    assert all("a decision on" in line for line in lines[begun + 1 : -1])


def test_injects_that_the_end_leaves_are_one_line(tmp_path: Path) -> None:
    """How many, and where to see them."""
    there = console(tmp_path / "run")
    lines: list[str] = []
    there.session.listeners.append(lambda records: lines.extend(there.news(records)))
    told(there, "advance 1d", "endex")
    (line,) = (line for line in lines if "not released" in line)
    assert line.endswith("injects were not released (msel skipped lists them)")


def test_messages_acknowledged_at_once_are_one_line(tmp_path: Path) -> None:
    """In the inbox and in what the facilitator and the seat are shown, by their numbers."""
    there = console(tmp_path / "run")
    mine, shown, feed = seat(there, "ARD"), list[str](), list[str]()
    told(there, "seat ARD human", *(f'inject cable "{n}" --to ARD --now' for n in range(4)))
    there.session.listeners.append(lambda records: shown.extend(mine.news(records)))
    there.session.listeners.append(lambda records: feed.extend(there.news(records)))
    assert told(mine, "ack") == ["ARD acknowledges 1 to 4."]
    records = there.session.records
    received = [item.line for item in inbox(there.session.exercise, records, "ARD")]
    for lines in (shown, received):
        assert [line[18:] for line in lines if "cknowledged" in line] == ["Acknowledged: 1 to 4"]
    assert [line[25:] for line in feed] == ["ARD acknowledges 4 messages: adhoc_1, adhoc_2, adhoc_3, adhoc_4"]
    assert sum(record.about == "ack" for record in records) == 4


@pytest.mark.parametrize(("numbers", "words"), [((1, 2, 3), "1 to 3"), ((3, 1, 7, 8), "1, 3, 7 to 8"), ((), "")])
def test_numbers_are_drawn_together(numbers: tuple[int, ...], words: str) -> None:
    """In runs."""
    assert spans(numbers) == words


def test_both_clocks_of_the_bar_have_names(tmp_path: Path) -> None:
    """Nobody takes the one for the other."""
    (first, _) = bar(console(tmp_path / "run"), "14:05:00")
    assert "game 2030-01-01 00:00 (D+0)" in first
    assert "wall 14:05:00" in first


def test_titles_cannot_steer_the_terminal_of_a_facilitator(tmp_path: Path) -> None:
    """An author's control characters are shown harmlessly in what looks at the world and at a rehearsal."""
    text = (catalogue.find_scenario("two-rivals")).read_text("utf-8")
    text = text.replace("title: Tension in the strait", r'title: "Tension \e[2J in the strait"')
    text = text.replace("title: War in the strait", r'title: "War \e[31m in the strait"')
    (tmp_path / "hostile.yaml").write_text(text)
    there = Console(session(tmp_path / "run", scenario=str(tmp_path / "hostile.yaml")))
    assert "\x1b" not in "\n".join(told(there, "advance 5d", "status", "hotwash"))
    done = inside("rehearse", "hostile.yaml", "-n", "2", "--until", "20d", "--jobs", "1", cwd=tmp_path)
    assert "War" in done.stdout
    assert "\x1b" not in done.stdout
