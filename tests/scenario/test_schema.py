"""JSON Schema for editors: it accepts the shipped files, refuses mistakes and describes the keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from wargame.batches.study.model import study_schema
from wargame.language.times import parse_time
from wargame.scenario.building.schema import schema
from wargame.scenario.building.yaml_nodes import Format
from wargame.scenario.loading import catalogue

DATA = Path(__file__).resolve().parents[1] / "data"
VALIDATORS = {kind: Draft7Validator(schema(kind)) for kind in ("scenario", "injects")}


class _Core(yaml.SafeLoader):
    """Reads as editors do, by YAML 1.2: dates, NO and 12:30 are texts, 0.5 and true are not."""


_Core.yaml_implicit_resolvers = {}
for tag, form, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(form), list(first))


def data(text: str) -> Any:
    """The file as an editor reads it."""
    return yaml.load(text, _Core)  # noqa: S506 - a safe loader


def shipped() -> Iterator[Path]:
    """Every file that the project ships or copies for a new exercise, without overlays: a part of an element."""
    files = catalogue.yaml_files(catalogue.scenario_dir())
    yield from (path for path in files if Format.OVERLAY not in path.read_text("utf-8"))
    yield from catalogue.yaml_files(catalogue.injects_dir())
    yield from (DATA / "small.yaml", DATA / "small-injects.yaml")


def faults(kind: str, text: str) -> list[str]:
    """The errors that an editor would underline."""
    return [f"{error.json_path}: {error.message[:200]}" for error in VALIDATORS[kind].iter_errors(data(text))]


def test_the_schema_of_overlays_accepts_parts_of_elements() -> None:
    """And refuses unknown keys; the schema of scenarios requires whole elements."""
    overlay = Draft7Validator(schema("overlay"))
    files = [
        path for path in catalogue.yaml_files(catalogue.scenario_dir()) if Format.OVERLAY in path.read_text("utf-8")
    ]
    assert files
    for path in files:
        assert [error.message for error in overlay.iter_errors(data(path.read_text("utf-8")))] == []
    part = f"format: {Format.OVERLAY}\noptions: {{patrol: {{cost: 0.2, %s: 1}}}}\n"
    assert overlay.is_valid(data(part % "goldstein"))
    assert not overlay.is_valid(data(part % "goldstien"))
    assert overlay.is_valid(
        data(f"format: {Format.OVERLAY}\nplans: null\noptions: {{patrol: null, talk: {{lead: null}}}}\n")
    )
    assert not overlay.is_valid(data("options: {}\n"))


@pytest.mark.parametrize("kind", ["scenario", "injects"])
def test_the_schema_is_draft_07(kind: str) -> None:
    """It names the draft and follows the schema of the draft."""
    Draft7Validator.check_schema(schema(kind))
    assert schema(kind)["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.slow
@pytest.mark.parametrize("path", list(shipped()), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_shipped_files_follow_the_schema(path: Path) -> None:
    """An editor shows no error in them."""
    text = path.read_text("utf-8")
    assert faults("injects" if Format.INJECTS in text else "scenario", text) == []


SLIPS = {
    "a key of no use": ("threshold:", "treshold:"),
    "a text for a number": ("start: 0.3", "start: high"),
    "a number out of range": ("goldstein: -2.0", "goldstein: -20"),
    "another word": ("scope: pair", "scope: pairs"),
    "a missing key": ("title: Calm, ", ""),
    "two triggers": ("when: tension < 0.1, hold", "when: tension < 0.1, action: {options: [test]}, hold"),
    "a duration in words": ("half_life: 60d", "half_life: two months"),
    "another format": ("wargame-scenario/1", "wargame-scenario/2"),
    "a text for a list": ("by: [BBB], cameo", "by: BBB, cameo"),
    "a path with a slip": ('"arms[actor]"', '"arms[actor"'),
    "an id with a space": ("  calm:", "  calm sea:"),
}


@pytest.mark.parametrize(("old", "new"), SLIPS.values(), ids=SLIPS.keys())
def test_a_mistake_of_form_is_an_error_of_the_schema(old: str, new: str) -> None:
    """The editor shows the mistakes of form that the reader refuses."""
    text = (DATA / "small.yaml").read_text("utf-8")
    assert old in text
    assert faults("scenario", text.replace(old, new, 1))


def test_every_key_with_a_docstring_has_a_description() -> None:
    """Descriptions are the docstrings of the model, which editors show for a key."""
    document = schema("scenario")
    assert document["properties"]["injects"]["description"].startswith("Inject files that belong to it")
    assert "α" in document["definitions"]["Rules"]["properties"]["trust_rate"]["description"]
    assert all(each.get("description") for each in document["definitions"].values() if "properties" in each)


def every_schema() -> dict[str, dict[str, Any]]:
    """The schemas by kind of file."""
    kinds = {kind: schema(kind) for kind in ("scenario", "injects", "exercise", "overlay")}
    return {**kinds, "study": study_schema()}


def mappings(document: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema that has properties."""
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    if isinstance(document, dict) and isinstance(document.get("properties"), dict):
        yield document["properties"]
    for part in parts:
        yield from mappings(part)


@pytest.mark.parametrize("kind", ["scenario", "injects", "exercise", "study", "overlay"])
def test_every_key_is_described_and_every_schema_has_its_address(kind: str) -> None:
    """An editor explains each key; the id of a schema is where it is published."""
    document = every_schema()[kind]
    without = [key for keys in mappings(document) for key, value in keys.items() if not value.get("description")]
    assert without == []
    assert document["$id"] == f"urn:crisis-wargame:{kind}.schema.json"


@pytest.mark.parametrize(
    ("written", "right"),
    [("2017-06-01", True), ("2017-06-01T09:30", True), ("D+2 H+3 M+45", True), ("041200ZJUL17", True), ("90d", True),
     ("d+2", True), ("soon", False), ("1 June 2017", False), ("D plus 2", False), ("2 weeks", False)],
)  # fmt: skip
def test_the_schema_knows_the_forms_of_times_as_the_reader_does(written: str, right: bool) -> None:
    """An editor underlines what is not a time, and says how to write one."""
    text = f"format: wargame-injects/1\nscenario: small\ninjects:\n- {{id: a, title: A, at: {written}}}\n"
    assert (faults("injects", text) == []) == right
    try:
        parse_time(written)
    except ValueError:
        assert not right
    else:
        assert right


def test_patterns_have_a_message_for_editors() -> None:
    """An editor shows the forms of times and durations instead of a regular expression."""
    document = schema("injects")["definitions"]["Inject"]["properties"]
    assert "D+2 H+3 M+45" in document["at"]["anyOf"][0]["patternErrorMessage"]
    assert "14d" in document["cool_down"]["patternErrorMessage"]


def test_a_number_may_have_a_range_in_the_schema() -> None:
    """The long form of a number is accepted wherever the short one is."""
    text = (DATA / "small.yaml").read_text("utf-8")
    assert (
        faults("scenario", text.replace("goldstein: -2.0", "goldstein: {value: -2, range: [-3, -1], source: a table}"))
        == []
    )
    assert faults("scenario", text.replace("goldstein: -2.0", "goldstein: {value: -2, rnge: [-3, -1]}"))


def test_part_of_a_split_scenario_follows_the_schema() -> None:
    """A file may have only a few sections."""
    assert (
        faults("scenario", "format: wargame-scenario/1\noutcomes:\n  calm: {title: Calm, when: tension < 0.1}\n") == []
    )
