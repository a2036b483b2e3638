"""cuba-1962, a crisis in hours: its data have sources, its options are used, and its runs are plausible.

The quick tests run a few seeds; an exhaustive one counts outcomes over a hundred. Bounds are wide: they exclude
implausible runs and do not test a fit.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from support.engine import loaded
from wargame.decision.menu import Candidate
from wargame.evidence.backtest.chronology import read_chronology
from wargame.journal.records import RawRecord
from wargame.language.times import DAY, HOUR
from wargame.scenario.loading.catalogue import injects_dir, scenario_dir
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

NAME = "cuba-1962"
FOLDER = scenario_dir() / NAME
DATA = Path(__file__).resolve().parents[1] / "data"
FEW, MANY = range(1, 9), range(1, 101)
SECTIONS = (
    "governments leaders strategies indicators options forums agreements procedures hazards outcomes objectives".split()  # noqa: SIM905
)
EARLY = "1962-10-16T12:00"


@cache
def played(seed: int, startex: str | None = None, arm: tuple[tuple[str, str], ...] = ()) -> Exercise:
    """A run to its end; `arm` has strategies by government."""
    exercise = Exercise(loaded(NAME), seed, Settings(startex=startex, strategies=arm))
    exercise.advance(exercise.end)
    return exercise


def actions(exercise: Exercise) -> list[RawRecord]:
    """All actions after STARTEX."""
    return [r for r in exercise.records() if r[2] == "action" and r[1] >= exercise.calendar.startex]


# --- what is written ----------------------------------------------------------------------------------------------


def test_every_element_names_its_source() -> None:
    """Each element of each file has a source or says that it is a judgement."""
    missing = [
        f"{path.name}: {section}.{name}"
        for path in sorted(FOLDER.glob("*.yaml"))
        for section, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        if section in SECTIONS
        for name, element in entries.items()
        if not element.get("source")
    ]
    script = yaml.safe_load((injects_dir() / NAME / "msel.yaml").read_text(encoding="utf-8"))
    rows = yaml.safe_load((FOLDER / "history.yaml").read_text(encoding="utf-8"))

    assert missing == []
    assert [each["id"] for each in (*script["injects"], *rows["history"]) if not each.get("source")] == []


def test_every_annotated_number_has_a_source() -> None:
    """A number with a range says where both come from."""
    bare = [f"{path.name}: {place}" for path in sorted(FOLDER.glob("*.yaml")) for place in _bare(path)]

    assert bare == []


def _bare(path: Path) -> list[str]:
    """The places of `{value: …}` without a source."""
    places: list[str] = []

    def visit(node: Node | None, trail: str) -> None:
        if isinstance(node, MappingNode):
            keys = {key.value for key, _ in node.value if isinstance(key, ScalarNode)}
            if "value" in keys and keys <= {"value", "range", "source"} and "source" not in keys:
                places.append(trail)
            for key, value in node.value:
                visit(value, f"{trail}.{key.value}")
        elif isinstance(node, SequenceNode):
            for item in node.value:
                visit(item, trail)

    visit(yaml.compose(path.read_text(encoding="utf-8")), "")
    return places


def test_weights_and_severities_are_those_of_the_tables() -> None:
    """Each option has the Goldstein weight of its CAMEO code and the severity of the class in its source."""
    weights, severities = _table("cuba_cameo.csv", "code"), _table("korea_severity.csv", "category")
    for name, option in loaded(NAME).scenario.options.items():
        named = re.search(r"severity class ([A-Za-z -]+?)(?:,[^(]*)? \(Rivera", option.source)
        assert named, name
        assert option.goldstein == float(weights[option.cameo]["goldstein"]), name
        assert option.severity == float(severities[named[1]]["severity"]), name


def _table(name: str, key: str) -> dict[str, dict[str, str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return {row[key]: row for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


def test_the_chronology_can_be_scored() -> None:
    """The chronology names only actors and kinds of the scenario, in the order of days."""
    events = read_chronology(str(FOLDER / "chronology.csv"), loaded(NAME).scenario)

    assert len(events) > 30
    assert [event.day for event in events] == sorted(event.day for event in events)


# --- what is played -----------------------------------------------------------------------------------------------


def test_history_is_replayed_up_to_the_address() -> None:
    """One hour before STARTEX the sites are public, and the model has decided nothing."""
    records = played(1).records()
    address = next(r for r in records if r[2] == "action" and r[4] == "disclose_sites")
    first = next(r for r in records if r[2] == "decision")

    assert played(1).calendar.startex - address[1] == HOUR
    assert first[1] >= played(1).calendar.startex


@pytest.mark.slow
def test_every_option_is_available_in_some_run() -> None:
    """Each option is carried out or available in some run of some arm."""
    options = set(loaded(NAME).scenario.options)
    reached = {r[4] for seed in FEW for r in actions(played(seed))}
    reached |= {r[4] for seed in FEW for r in actions(played(seed, EARLY, (("USA", "strike_first"),)))}
    attack = ("1962-10-24T18:00 USA air_strike SUN", "1962-10-24T21:00 CUB shoot_down_aircraft USA")
    heat = Settings(force=attack, set=("tension=95", "invasion_readiness[USA]=0.9", "legitimacy=0.2"))
    for seed in FEW:
        for settings in (Settings(), heat):
            exercise = Exercise(loaded(NAME), seed, settings)
            while not exercise.done and options - reached:
                exercise.advance(exercise.now + 6 * HOUR)
                reached |= {name for name in options - reached if _open(exercise, name)}

    assert sorted(options - reached) == []


def _open(exercise: Exercise, name: str) -> bool:
    """Whether some government could order it now."""
    option = exercise.context.scenario.options[name]
    pairs = [(by, to) for by in option.by for to in option.to or (None,) if to != by]
    return any(not exercise.feasibility.obstacle(exercise.governments[by], Candidate(name, to)) for by, to in pairs)


def test_a_quarantine_a_back_channel_and_a_trade_occur() -> None:
    """The known events of the crisis occur within a few runs, which do not all follow history."""
    reached = Counter(name for seed in FEW for name, t in played(seed).outcomes.items() if t is not None)

    assert all(reached[name] >= len(FEW) // 2 for name in ("quarantine", "back_channel", "trade"))
    assert any(0 < reached[name] < len(FEW) for name in ("secret_trade", "aircraft_lost", "ultimatum", "standstill"))


def test_the_crisis_moves_in_hours() -> None:
    """In the first three days each seat of a party has acted, and meetings are hours apart."""
    for seed in (1, 2, 3):
        exercise = played(seed)
        until = exercise.calendar.startex + 3 * DAY
        early = {r[3] for r in actions(exercise) if r[1] < until}
        meetings = [r for r in exercise.records() if r[2] == "decision" and r[3] == "USA" and r[1] < until]

        assert early >= {"USA", "SUN", "CUB", "UNO"}
        assert len(meetings) > 20


def test_no_action_is_repeated_excessively() -> None:
    """Flights occur daily; no government does anything else more than about once a week."""
    for seed in FEW:
        counts = Counter((r[3], r[4], r[6].get("target")) for r in actions(played(seed)))
        most = {key: times for key, times in counts.items() if key[1] != "fly_reconnaissance" and times > 7}

        assert most == {}, seed
        assert counts["USA", "fly_reconnaissance", "CUB"] <= 30


def test_an_attack_has_a_cause_in_the_journal() -> None:
    """The attacker has lost an aircraft or given an ultimatum; a nuclear weapon follows a hunt or an attack."""
    before = {
        "air_strike": {"shoot_down_aircraft", "give_ultimatum"},
        "nuclear_use": {"hunt_submarines", "air_strike", "invade"},
    }
    for exercise in (played(seed, EARLY, (("USA", "strike_first"),)) for seed in FEW):
        done: set[str] = set()
        for record in actions(exercise):
            assert not before.get(record[4]) or done & before[record[4]], (exercise.seed, record[:5])
            done.add(record[4])


def test_reconnaissance_narrows_estimates() -> None:
    """Reconnaissance narrows the estimate of the government that flies, which is not the true value."""
    exercise = Exercise(loaded(NAME), 1)
    view, world = exercise.context.views["USA"], exercise.context.world
    slot = world.slot("missiles", ("SUN",))
    first = view.value(slot)
    exercise.advance(2 * DAY)

    assert first < 0.5 < view.value(slot) <= 1.0
    assert view.value(world.slot("warheads", ("SUN",))) < world.get("warheads", "SUN") - 0.2


def test_the_same_seed_gives_the_same_run() -> None:
    """Two runs of one seed have equal records, also if the scenario is loaded again."""
    again = Exercise(load(NAME), 3)
    again.advance(again.end)

    assert again.records() == played(3).records()


@pytest.mark.exhaustive  # the quick tests above run eight seeds
def test_frequencies_over_a_hundred_runs() -> None:
    """Quarantine and trade are frequent, wars are rare; bounds exclude what is implausible."""
    share = Counter(name for seed in MANY for name, t in played(seed).outcomes.items() if t is not None)

    assert share["quarantine"] >= 90
    assert 60 <= share["back_channel"] <= 99
    assert 70 <= share["trade"] <= 99
    assert 35 <= share["secret_trade"] <= 90
    assert share["public_trade"] <= 25
    assert 15 <= share["aircraft_lost"] <= 70
    assert 1 <= share["strike"] <= 25
    assert share["war"] <= 15
    assert share["nuclear_use"] <= 3
