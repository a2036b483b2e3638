"""Scenario and inject files: their content, and what does not matter in them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wargame.errors import Invalid
from wargame.language.times import DAY
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.load import Loaded, load, load_files, load_target
from wargame.scenario.model.indicators import ENGINE, PAIR, table
from wargame.world.layout import all_slots

DATA = Path(__file__).resolve().parents[1] / "data"
SMALL = (DATA / "small.yaml").read_text("utf-8")
SCRIPT = (DATA / "small-injects.yaml").read_text("utf-8")


def small(scenario: str = SMALL, script: str = SCRIPT) -> Loaded:
    """The small scenario, or a changed one."""
    return load_files({"s.yaml": scenario.encode(), "i.yaml": script.encode()})


def same(a: Loaded, b: Loaded) -> bool:
    """Whether two scenarios have the same content, order and hash."""
    whole = [(repr(each.scenario), repr(each.injects), each.scenario_sha256, each.injects_sha256) for each in (a, b)]
    return whole[0] == whole[1]


class _Text(yaml.SafeLoader):
    """Reads all scalars as text, for tests that rewrite files."""


_Text.yaml_implicit_resolvers = {}


def parsed(text: str) -> Any:
    """The data of a file whose scalars are text."""
    return yaml.load(text, _Text)  # noqa: S506 - a safe loader


def written(data: Any) -> str:
    """Data of texts as a file whose scalars are plain if possible."""
    dumper = type("Plain", (yaml.SafeDumper,), {"yaml_implicit_resolvers": {}})
    return str(yaml.dump(data, Dumper=dumper, sort_keys=False, allow_unicode=True))


def shuffled(data: Any, chance: random.Random) -> Any:
    """The same mappings with their keys in another order."""
    if isinstance(data, dict):
        return {key: shuffled(data[key], chance) for key in chance.sample(list(data), len(data))}
    return [shuffled(each, chance) for each in data] if isinstance(data, list) else data


@pytest.mark.parametrize("name", [entry.name for entry in catalogue.scenarios()])
def test_every_built_in_scenario_loads_without_warnings(name: str) -> None:
    """It has no problems either."""
    loaded = load(name)
    assert loaded.scenario.name == name
    assert not loaded.warnings
    assert loaded.sanity.refusal is None


@pytest.mark.parametrize("name", [entry.name for entry in catalogue.injects()])
def test_every_built_in_inject_file_fits_its_scenario(name: str) -> None:
    """Each one loads with the scenario of its folder, with or without the suffix, once or twice."""
    loaded = load(name.partition("/")[0], [name, f"{name}.yaml"])
    assert f"injects/{name}.yaml" in loaded.files
    assert load_target(str(catalogue.injects_dir() / f"{name}.yaml")).injects_sha256 == loaded.injects_sha256


def test_two_rivals_fits_on_a_page() -> None:
    """The scenario of the tutorial has at most 60 lines and injects with different triggers."""
    path = catalogue.find_scenario("two-rivals")
    assert len(path.read_text("utf-8").splitlines()) <= 60
    kinds = {
        name
        for each in load("two-rivals").injects
        for name in ("at", "after", "when", "random", "manual")
        if getattr(each, name)
    }
    assert len(kinds) == 5


def test_built_in_names_do_not_depend_on_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the same name in the working directory changes nothing."""
    before = load("two-rivals")
    (tmp_path / "two-rivals").mkdir()
    monkeypatch.chdir(tmp_path)
    assert same(load("two-rivals"), before)


def test_a_built_in_scenario_is_read_again_only_if_a_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook that runs it often waits once, and has what is in the files."""
    assert load("two-rivals") is load("two-rivals")
    text = (catalogue.scenario_dir() / "two-rivals.yaml").read_text("utf-8")
    file = tmp_path / "two-rivals.yaml"
    monkeypatch.setattr(catalogue, "scenario_dir", lambda: tmp_path)
    titles = []
    for title in ("One", "Another"):
        file.write_text(re.sub(r"^title: .*$", f"title: {title}", text, count=1, flags=re.MULTILINE), "utf-8")
        titles.append(load("two-rivals").scenario.title)
    assert titles == ["One", "Another"]


def test_values_are_read_as_written() -> None:
    """Numbers, durations in seconds, times, short forms and defaults."""
    scenario = small().scenario
    assert scenario.options["protest"].effects["tension"].by == 0.05
    assert scenario.indicators["tension"].half_life == 60 * DAY
    assert scenario.options["halt"].requires == "count(test) > 0"
    assert scenario.options["test"].cool_down == 14 * DAY
    assert str(scenario.calendar.startex) == "2030-02-01"


def test_a_number_may_have_a_range_and_a_source() -> None:
    """Such numbers are listed by their path; in paths, injects and rows of history have their id."""
    script = SCRIPT.replace("chance: 0.5", "chance: {value: 0.5, range: [0.2, 0.8], source: judgement}")
    parameters = {each.path: each for each in small(script=script).parameters}
    assert (parameters["leaders.cleo.threshold"].low, parameters["leaders.cleo.threshold"].source) == (0.1, "an expert")
    assert parameters["injects.rumour.chance"].value == 0.5


@pytest.mark.parametrize(
    "word", ["NO", "on", "yes", "Off", "null_", "12:30", "2030-01-01", "1_000", "0o7", "1e3", "=", "~x"]
)
def test_text_stays_text(word: str) -> None:
    """Titles are texts, also where YAML 1.1 would read another type."""
    assert small(SMALL.replace("title: A small crisis", f"title: {word}")).scenario.title == word


def test_a_government_may_be_called_no() -> None:
    """The code NO is a government, not the boolean false."""
    assert "NO" in small(SMALL.replace("CCC", "NO"), SCRIPT.replace("CCC", "NO")).scenario.governments


@pytest.mark.slow
@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_the_order_of_keys_changes_nothing(seed: int) -> None:
    """The model, its order and the hashes stay the same."""
    chance = random.Random(seed)  # noqa: S311 - turns files around
    assert same(small(written(shuffled(parsed(SMALL), chance)), written(shuffled(parsed(SCRIPT), chance))), small())


def test_the_order_of_injects_rows_and_ids_changes_nothing() -> None:
    """Lists of elements with an id and lists of ids are sets."""
    scenario, script = parsed(SMALL), parsed(SCRIPT)
    for rows in (scenario["history"], script["injects"], scenario["options"]["protest"]["by"], scenario["pacts"][0]):
        rows.reverse()
    assert same(small(written(scenario), written(script)), small())


def test_the_notation_of_a_value_changes_nothing() -> None:
    """Comments, quotes, spaces, other forms of the same number, duration or path, and explicit defaults."""
    changes = (
        ("start: 0.3", "start: 3.0e-1"),
        ("half_life: 60d", "half_life: 1440h"),
        ("title: A small crisis", 'title: "A small crisis"  # quoted'),
        ('"approval[AAA]"', '"approval[ AAA ]"'),
        ("{tension: 0.05}", "{tension: {by: 0.05}}"),
        ("start: 2030-01-01", "start: 2030-01-01 00:00"),
        ("{title: The border}", "{title: The border, source: judgement}"),
    )
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    loaded = small(text)
    assert (loaded.scenario_sha256, loaded.injects_sha256) == (small().scenario_sha256, small().injects_sha256)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("start: 0.3", "start: 0.31"),
        ("an expert", "a book"),
        ("range: [0.1,", "range: [0.0,"),
        ("Aland", "Arland"),
        ("0.5 + tension", "0.5 +  tension"),
    ],
)
def test_the_hash_depends_on_the_content(old: str, new: str) -> None:
    """Any value, source, range or text of the scenario counts."""
    changed = small(SMALL.replace(old, new, 1))
    assert changed.scenario_sha256 != small().scenario_sha256
    assert changed.injects_sha256 == small().injects_sha256


def test_a_scenario_may_be_split_over_files(tmp_path: Path) -> None:
    """By section and within sections, in subfolders; injects in the folder are its script."""
    whole = parsed(SMALL)
    parts: list[dict[str, Any]] = [{"format": whole["format"]} for _ in range(3)]
    for number, (name, section) in enumerate(whole.items()):
        if name == "options":
            for count, (key, value) in enumerate(section.items()):
                parts[count % 3].setdefault(name, {})[key] = value
        elif name == "history":
            parts[0][name], parts[1][name] = section[1:], section[:1]
        elif name != "format":
            parts[number % 3][name] = section
    (tmp_path / "more").mkdir()
    for place, part in zip(("z.yaml", "a.yaml", "more/b.yml"), parts, strict=True):
        (tmp_path / place).write_text(written(part))
    (tmp_path / "script.yaml").write_text(SCRIPT)
    (tmp_path / "notes.yaml").write_text("format: wargame-study/1\nanything: at all\n")
    assert same(load(str(tmp_path)), small())


def test_an_id_in_two_files_is_reported_with_both_places(tmp_path: Path) -> None:
    """If two files define the same section, it is an error."""
    (tmp_path / "a.yaml").write_text(SMALL)
    (tmp_path / "b.yaml").write_text(
        "format: wargame-scenario/1\nname: other\noutcomes:\n  calm: {title: C, when: tension < 0.2}\n"
    )
    with pytest.raises(Invalid) as error:
        load(str(tmp_path))
    messages = sorted(f"{problem.line}:{problem.column} {problem.message}" for problem in error.value.problems)
    assert messages == ["2:1 'name' is written twice", "4:3 'calm' is written twice"]
    assert all("a.yaml:" in problem.remedy for problem in error.value.problems)


def test_run_folders_inside_a_scenario_folder_are_not_part_of_it(tmp_path: Path) -> None:
    """The copies of the scenario in such run folders are ignored."""
    (tmp_path / "s.yaml").write_text(SMALL)
    copy = tmp_path / "runs" / "grey-heron"
    (copy / "inputs").mkdir(parents=True)
    (copy / "manifest.json").write_text("{}")
    (copy / "inputs" / "s.yaml").write_text(SMALL)
    assert list(load(str(tmp_path)).files) == ["scenario/s.yaml"]


def test_the_files_of_a_run_are_enough_to_load_it_again(tmp_path: Path) -> None:
    """Two scripts may have the same file name, and the copy is equal in all respects."""
    (tmp_path / "s.yaml").write_text(SMALL.replace("title: A small crisis", "title: A small crisis\ninjects: [own]"))
    (tmp_path / "own.yaml").write_text(SCRIPT)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "own.yaml").write_text(
        "format: wargame-injects/1\nscenario: small\ninjects: [{id: more, title: More, manual: true}]"
    )
    loaded = load(str(tmp_path / "s.yaml"), [str(tmp_path / "x" / "own.yaml"), str(tmp_path / "own.yaml")])
    assert list(loaded.files) == ["injects/own-2.yaml", "injects/own.yaml", "scenario/s.yaml"]
    assert len(loaded.injects) == 6
    assert same(load_files(loaded.files), loaded)


def test_an_inject_file_loads_with_its_scenario(tmp_path: Path) -> None:
    """The scenario is in the same folder, in the folder above or built in."""
    (tmp_path / "s.yaml").write_text(SMALL)
    (tmp_path / "noise.yaml").write_text(SMALL.replace("name: small", "name: other"))
    (tmp_path / "scripts").mkdir()
    for place in (tmp_path / "i.yaml", tmp_path / "scripts" / "i.yaml"):
        place.write_text(SCRIPT)
        assert same(load_target(str(place)), small())
    built_in = tmp_path / "b.yaml"
    built_in.write_text(
        "format: wargame-injects/1\nscenario: two-rivals\ninjects: [{id: more, title: More, manual: true}]"
    )
    assert len(load_target(str(built_in)).injects) == len(load("two-rivals").injects) + 1
    built_in.write_text("format: wargame-injects/1\nscenario: two-rivalz\ninjects: []")
    with pytest.raises(Invalid, match=r"b.yaml:2:11: there is no scenario 'two-rivalz' \(did you mean 'two-rivals'"):
        load_target(str(built_in))


def walk(value: Any, check: Callable[[dict[str, Any]], None]) -> None:
    """Passes every mapping inside a model to `check`."""
    if isinstance(value, dict):
        check(value)
    if is_dataclass(value):
        parts = [getattr(value, each.name) for each in fields(value)]
    else:
        parts = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, tuple) else []
    for part in parts:
        walk(part, check)


@pytest.mark.parametrize("name", [entry.name for entry in catalogue.scenarios()])
def test_all_mappings_and_lists_of_a_model_are_sorted(name: str) -> None:
    """Mappings iterate by key, injects and rows by id."""
    loaded = load(name)

    def check(mapping: dict[str, Any]) -> None:
        assert list(mapping) == sorted(mapping)

    walk((loaded.scenario, loaded.injects), check)
    for rows in (loaded.injects, loaded.scenario.history):
        assert [row.id for row in rows] == sorted(row.id for row in rows)


UNREAD = {"stance"}
"""What the world keeps for a mechanism and no formula can read."""


@pytest.mark.parametrize("name", [entry.name for entry in catalogue.scenarios()])
def test_the_checker_and_the_world_know_the_same_names(name: str) -> None:
    """A valid name is known in a run: to the same governments, and derived in both or in neither."""
    scenario = load(name).scenario
    slots = [slot for slot in all_slots(scenario) if slot.name not in UNREAD]
    of_world = {(slot.name, len(slot.index), slot.known, slot.formula is None) for slot in slots}
    names = table(scenario.indicators)
    present = {slot[0] for slot in of_world}
    of_check = {
        (each, len(about.index), about.known, each in ENGINE or about.base)
        for each, about in names.items()
        if each in present
    }
    assert of_world == of_check
    assert {each for each in names if each not in present} <= {each for each in ENGINE if ENGINE[each].index != PAIR}


@pytest.mark.parametrize("key", ["on", '"on"'])
def test_the_key_on_of_a_procedure_is_text(key: str) -> None:
    """Plain or in quotes; YAML 1.1 would read the plain one as true."""
    base = load("cuba-1962")
    assert any(data.count(b"    on: ") > 5 for data in base.files.values())
    changed = {name: data.replace(b"    on: ", f"    {key}: ".encode()) for name, data in base.files.items()}
    assert load_files(changed).scenario.procedures == base.scenario.procedures
    assert all(each.on.options for each in base.scenario.procedures.values())


def test_spaces_in_keys_do_not_matter() -> None:
    """Keys of pairs and of favoured options are found with and without spaces."""
    text = SMALL.replace('"AAA, BBB": 0.1', '"AAA,BBB": 0.1').replace("protest BBB: 0.1", "protest  BBB: 0.1")
    assert same(small(text), small())
