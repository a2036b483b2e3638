"""A brief in words and by titles; its numbers are a second view."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.live import console, output_of, session
from wargame.errors import UsageFault
from wargame.live.console.console import Console
from wargame.seat.brief import brief


@pytest.fixture(scope="module")
def korea(tmp_path_factory: pytest.TempPathFactory) -> Console:
    """Three weeks of the largest scenario, with one human seat."""
    there = Console(session(tmp_path_factory.mktemp("korea") / "run", scenario="korea-2017"))
    output_of(there, "seat KOR human", "stop at nothing", "advance 21d")
    return there


def test_a_brief_has_no_numbers_of_indicators(korea: Console) -> None:
    """What matters to the leader comes as a word, by title."""
    text = "\n".join(output_of(korea, "brief KOR"))
    assert "What you want to rise:\n  Economy (South Korea): high, as published\n" in text
    assert re.search(r"\n  Tension on the peninsula: (very )?(low|high|moderate)\n", text)
    assert re.search(r"Nuclear weapons capability \(North Korea\): [a-z ]+, by estimate\n", text)
    assert "you distrust: North Korea" in text
    assert "'Dual freeze of tests and exercises' is offered" in text
    before_news = text.partition("Received:")[0]
    assert not re.search(r"\d\.\d", before_news)
    assert "salience" not in text


def test_a_brief_names_dossiers_options_and_outcomes_by_title(tmp_path: Path) -> None:
    """An id is only in parentheses, after the title, where it has to be typed."""
    korea = Console(session(tmp_path / "run", scenario="korea-2017"))
    output_of(korea, "seat KOR human", "stop at nothing", "advance 21d")
    output_of(korea, "order KOR pause_thaad", 'standing KOR raise_alert --when "tension > 90"')
    lines = output_of(korea, "brief KOR")
    scenario = korea.session.exercise.context.scenario
    ids = [name for name in (*scenario.options, *scenario.outcomes, *scenario.indicators) if "_" in name]
    assert not [line for line in lines for name in ids if name in line]
    assert "  pauses the deployment of THAAD" in lines
    standing = re.compile(r"  \d+: raises the alert level of its forces, once tension > 90")
    assert any(standing.fullmatch(line) for line in lines)
    due = [line for line in lines if line.startswith("  ") and "), since " in line]
    assert due
    assert all(re.match(r"  \w[^()]+ \([a-z]+\), since ", line) for line in due)
    titles = [dossier.title for dossier in scenario.dossiers.values()]
    assert any(f"DECISION DUE on '{title}'" in line for title in titles for line in lines)


def test_no_next_meeting_is_in_the_past(tmp_path: Path) -> None:
    """A meeting whose time has come is in preparation since then."""
    korea = Console(session(tmp_path / "run", scenario="korea-2017"))
    output_of(korea, "seat KOR human", "stop at nothing")
    kinds = set()
    for _ in range(12):
        output_of(korea, "advance 1d")
        now = f"{korea.session.exercise.calendar.at(korea.session.exercise.now):%Y-%m-%d %H:%M}"
        for line in output_of(korea, "brief KOR"):
            if found := re.search(r": (next meeting|meeting in preparation since) (.{16}) ", line):
                kinds.add(found[1])
                assert (found[2] > now) == (found[1] == "next meeting"), (now, line)
    assert len(kinds) == 2


def test_brief_numbers_has_titles_ids_and_values(korea: Console) -> None:
    """Everything that the seat knows, with the ids that conditions use."""
    lines = output_of(korea, "brief KOR numbers")
    known = brief(korea.session.exercise, "KOR").values
    assert len(known) > 50
    assert {each.name for each in known} <= {line.split()[0] for line in lines if line.strip()}
    assert any(re.match(r"  tension +Tension on the peninsula: \d+\.\d\d$", line) for line in lines)
    assert any("PRK ~" in line and "±" in line for line in lines if line.strip().startswith("nuclear_capability"))
    with pytest.raises(UsageFault, match=r"brief GOV \[numbers\]"):
        output_of(korea, "brief KOR figures")


def test_a_level_follows_the_value(tmp_path: Path) -> None:
    """In fifths of the range."""
    there = console(tmp_path / "run")
    levels = []
    for value in ("0", "0.3", "0.5", "0.7", "1"):
        output_of(there, f'adjudicate tension={value} --why "test"')
        levels += [line for line in output_of(there, "brief ARD") if line.startswith("  Tension in the strait")]
    assert levels == [
        f"  Tension in the strait: {word}" for word in ("very low", "low", "moderate", "high", "very high")
    ]


# --- options -------------------------------------------------------------------------------------------------


def test_an_option_is_described_in_full(tmp_path: Path) -> None:
    """What it is, its time, who learns of it, what it changes, what its requirement reads, why it is not available."""
    there = console(tmp_path / "run")
    *lines, last = output_of(there, "options ARD blockade")
    assert lines == [
        "blockade: blockades the strait",
        "  dossier: The strait (strait)",
        "  takes 1d (0s to 3d), then not again for 14d towards the same target",
        "  all governments learn of it; rung 6 of the escalation ladder",
        "  raises: Control of the strait (Arda) (strongly); Tension in the strait (strongly)",
        "  lowers: Growth (Brel) (strongly)",
        "  its requirement depends on tension (Tension in the strait)",
    ]
    assert "not available yet: rung 6, and this leader climbs at most 2 rungs from the present 0" in last


def test_the_description_of_an_option_names_the_demand_that_it_makes(korea: Console) -> None:
    """From the present policy of the own government."""
    text = "\n".join(output_of(korea, "options USA press_china"))
    assert (
        "It demands that China halts coal imports or enforces the sanctions more strictly; in return it makes" in text
    )


def test_an_effect_that_a_government_cannot_observe_is_not_described(korea: Console) -> None:
    """The trust of others is their own."""
    scenario, checked = korea.session.exercise.context.scenario, 0
    for name, option in scenario.options.items():
        if any(path.startswith("trust[target") for path in option.effects) and "KOR" in option.by:
            shown = "\n".join(output_of(korea, f"options KOR {name}"))
            assert not re.search(r"(raises|lowers|changes): .*Trust in the other government \((?!South Korea)", shown)
            checked += 1
    assert checked > 3
