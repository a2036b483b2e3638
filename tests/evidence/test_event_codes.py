"""Events by CAMEO code: for korea-2017, made-up rows of every root and every kind of the chronology."""

from __future__ import annotations

import pytest

from support.backtests import HEAD
from wargame.evidence.backtest.chronology import HistoricalEvent, read_chronology
from wargame.evidence.backtest.events import Series, all_series
from wargame.scenario.loading.load import load
from wargame.scenario.model import Scenario

CODES = (
    *(
        "010",
        "014",
        "017",
        "020",
        "0242",
        "026",
        "027",
        "030",
        "0312",
        "0334",
        "0356",
        "036",
        "037",
        "040",
        "041",
        "042",
    ),
    *(
        "043",
        "046",
        "051",
        "057",
        "061",
        "064",
        "070",
        "0831",
        "0841",
        "085",
        "0871",
        "090",
        "100",
        "1031",
        "111",
        "112",
    ),
    *("120", "1234", "130", "131", "138", "139", "140", "145", "150", "154", "160", "161", "162", "163", "164", "166"),
    *("170", "1711", "172", "173", "174", "180", "181", "186", "190", "193", "200", "204"),
)
"""At least two codes of each of the twenty roots."""
FORCE = {"150", "154"}
SCORED: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("missile_test", "PRK"): ("launch", FORCE),
    ("satellite_launch", "PRK"): ("launch", FORCE),
    ("nuclear_test", "PRK"): ("nuclear_test", FORCE),
    ("un_resolution", "UNSC"): ("council_answer", {"163", "172"}),
    ("talks", "USA;PRK"): ("talks", {"041", "042", "043", "046", "057", "061", "064"}),
    ("summit", "USA;PRK"): ("talks", {"041", "042", "043", "046", "057", "061", "064"}),
    ("summit", "USA;JPN"): ("contact", {"0334", "041", "042", "043", "057"}),
    ("moratorium", "PRK"): ("moratorium", {"0356", "037", "057", "0831", "0841", "085", "0871"}),
    ("freeze_proposal", "CHN>PRK"): ("proposal", {"026", "027", "036", "037"}),
    ("sanction", "USA>PRK"): ("sanction", {"162", "163", "172"}),
    ("exercise", "USA;KOR>PRK"): ("exercise", FORCE),
    ("force_posture", "USA>PRK"): ("deployment", FORCE),
    ("thaad", "KOR;USA"): ("thaad", {"0312", "057", "154"}),
    ("thaad", "KOR;CHN"): ("thaad", set()),
    ("thaad_retaliation", "CHN>KOR"): ("thaad_retaliation", {"160", "161", "162", "163", "164", "166", "172"}),
    ("threat", "PRK>USA"): ("threat", {"138", "139"}),
    ("comfort_women", "KOR>JPN"): ("history", {"120", "1234", "161"}),
    ("senkaku", "CHN>JPN"): ("senkaku", FORCE),
    ("hostage", "PRK>USA"): ("hostage", {"173", "181"}),
}
"""Kind and actors in a chronology -> the kind that scores them, and the codes with which it does."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The scenario with its events."""
    return load("korea-2017").scenario


@pytest.fixture(scope="module")
def series(scenario: Scenario) -> list[Series]:
    """Its series."""
    return all_series(scenario)


@pytest.fixture(scope="module")
def rows(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], HistoricalEvent]:
    """Made-up events: every code for every kind and actors."""
    keys = [(kind, actors, code) for kind, actors in SCORED for code in CODES]
    lines = [f"X{i},2017-03-01,,{actors},{kind},{code},made up,,high\n" for i, (kind, actors, code) in enumerate(keys)]
    path = tmp_path_factory.mktemp("made-up") / "events.csv"
    path.write_text(HEAD + "".join(lines), "utf-8")
    events = {each.id: each for each in read_chronology(str(path), scenario)}
    return {key: events[f"X{i}"] for i, key in enumerate(keys)}


def test_every_root_is_among_the_codes() -> None:
    """CAMEO has twenty."""
    assert {code[:2] for code in CODES} == {f"{root:02}" for root in range(1, 21)}


@pytest.mark.parametrize(("kind", "actors"), list(SCORED))
def test_a_kind_is_scored_with_its_codes_only(
    kind: str, actors: str, series: list[Series], rows: dict[tuple[str, str, str], HistoricalEvent]
) -> None:
    """A release is no detention, a suspension no exercise, a settlement no deployment, an easing no sanction."""
    name, codes = SCORED[kind, actors]
    found = {code for code in CODES if any(s.kind == name and s.matches(rows[kind, actors, code]) for s in series)}
    assert found == codes


@pytest.mark.parametrize("name", ["korea-2017", "cuba-1962"])
def test_every_kind_of_a_scenario_has_codes(name: str) -> None:
    """Without codes, the end of something would count as its beginning."""
    kinds = load(name).scenario.events.kinds
    assert kinds
    assert [kind for kind, about in kinds.items() if not about.cameo] == []


def test_codes_of_the_cuban_crisis_fit_its_options_and_its_chronology() -> None:
    """The options of a kind have its codes; each event of a kind that is scored belongs to a series, with its code."""
    from wargame.evidence.backtest.events import shipped

    scenario = load("cuba-1962").scenario
    for name, kind in scenario.events.kinds.items():
        codes = [scenario.options[option].cameo for each in kind.actions for option in each.options]
        assert all(code.startswith(kind.cameo) for code in codes), name
    path = shipped("cuba-1962")
    assert path is not None
    of_all = all_series(scenario)
    events = [each for each in read_chronology(path, scenario) if each.kind in scenario.events.kinds]
    assert len(events) > 20
    assert [each.id for each in events if not any(series.matches(each) for series in of_all)] == []


def test_no_event_of_the_chronology_is_scored_by_two_kinds_of_the_same_side(series: list[Series]) -> None:
    """Talks with North Korea are contacts of the other side too; nothing else is scored twice."""
    from wargame.evidence.backtest.events import shipped

    path = shipped("korea-2017")
    assert path is not None
    doubles = set()
    for event in read_chronology(path, load("korea-2017").scenario):
        kinds = {each.kind for each in series if each.matches(event)}
        if len(kinds) > 1:
            doubles.add(tuple(sorted(kinds)))
    assert doubles <= {("contact", "talks")}
