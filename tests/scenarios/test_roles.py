"""The role texts of the built-in scenarios: whole, short, and in step with leaders and STARTEX."""

from __future__ import annotations

import re

import pytest

from wargame.scenario.loading.load import load
from wargame.scenario.model.annotations import JUDGEMENT

BUILT_IN = ("two-rivals", "korea-2017", "cuba-1962")


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_government_has_situation_and_tasks(name: str) -> None:
    """A situation that is read in half a minute, and two to four tasks."""
    scenario = load(name).scenario
    assert set(scenario.roles) == set(scenario.governments)
    for government, role in scenario.roles.items():
        assert 20 < len(role.situation.split()) < 150, government
        assert 2 <= len(role.tasks) <= 4, government
        assert role.source != JUDGEMENT or name == "two-rivals", government


@pytest.mark.parametrize("name", BUILT_IN)
def test_leaders_who_can_hold_office_from_startex_on_have_motives(name: str) -> None:
    """Those at STARTEX, and those whom an inject or an arm can install; each wants and fears something."""
    loaded = load(name)
    scenario = loaded.scenario
    installed = {
        leader: row.at
        for row in scenario.history
        for leader in [getattr(row, "leader", None)]
        if leader and row.at.local is not None
    }
    former = {
        government.leader for government in scenario.governments.values() if government.leader in scenario.leaders
    }
    replaced = {scenario.leaders[leader].government for leader in installed}
    written = {leader for role in scenario.roles.values() for leader in role.leaders}
    last = {
        scenario.leaders[leader].government: leader
        for leader in sorted(installed, key=lambda each: str(installed[each]))
    }
    in_office = {leader for leader in former if scenario.leaders[leader].government not in replaced} | set(
        last.values()
    )
    assert in_office <= written
    for role in scenario.roles.values():
        for leader, motives in role.leaders.items():
            assert min(len(motives.wants), len(motives.fears)) > 0, leader


@pytest.mark.parametrize("name", BUILT_IN)
def test_texts_address_the_players(name: str) -> None:
    """Wants and fears are sentences that begin with 'You'; tasks are imperatives that end in a full stop."""
    sentences = 0
    for role in load(name).scenario.roles.values():
        for motives in role.leaders.values():
            for text in (*motives.wants, *motives.fears):
                assert "you want" in text.lower() or "you fear" in text.lower(), text
                assert text.endswith("."), text
                sentences += 1
        assert all(task[0].isupper() and task.endswith(".") for task in role.tasks)
    assert sentences >= 6


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_title_of_a_leader_does_not_say_when_the_term_ends(name: str) -> None:
    """Players of an earlier STARTEX read it on role sheets and in briefs."""
    titles = [leader.title for leader in load(name).scenario.leaders.values()]
    assert titles
    assert not [title for title in titles if re.search(r"\b(to|until|till) \w+ \d{4}", title)]
