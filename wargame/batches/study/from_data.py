"""Studies from Python data: the same keys as in a study file, with the same checks."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike, fspath
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.batches.study import reading
from wargame.batches.study.catalogue import STUDY_FORMAT
from wargame.batches.study.model import BASELINE, Study
from wargame.batches.study.prepared import plain
from wargame.errors import Invalid, Problem, UsageFault
from wargame.scenario.building.yaml_nodes import keys
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.loading.load import Loaded

LABEL = "study"


def complete(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a whole study: with format and name, without keys that are None."""
    return {"format": STUDY_FORMAT, "name": LABEL} | {key: value for key, value in data.items() if value is not None}


def written(data: Mapping[str, Any]) -> bytes:
    """Return the data as a file; UsageFault for a value that a study file cannot contain."""
    return json.dumps(_plain(data, ""), indent=1, ensure_ascii=False).encode()


def _plain(value: Any, where: str) -> Any:
    """Dictionaries, lists, texts and numbers; those of NumPy become numbers, paths become texts."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each, _step(where, key)) for key, each in value.items() if each is not None}
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, PathLike):
        return fspath(value)
    if isinstance(value, AbstractSet):
        return [_plain(each, where) for each in sorted(value)]
    if hasattr(value, "tolist"):  # an array or a number of NumPy, or a column of pandas
        return _plain(value.tolist(), where)
    if isinstance(value, Sequence):
        return [_plain(each, _step(where, i)) for i, each in enumerate(value)]
    raise UsageFault(f"{where or LABEL}: a study has texts, numbers, lists and dictionaries, not {value!r:.60}")


def with_data(study: Study, data: Mapping[str, Any], loaded: Loaded) -> Study:
    """A study with keys in place of its own; arms and factors are added to those it has. Invalid with all faults."""
    merged = merge(plain(study), data)
    with in_places(merged):
        return reading.build(reading.read_root(LABEL, written(merged)), loaded)


def merge(study: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a study with other keys in place of its own; arms and factors are added to those it has."""
    defaults: dict[str, Mapping[str, Any]] = {"arms": {BASELINE: {}}, "factors": {}}
    added = {key: {**(study.get(key) or none), **data[key]} for key, none in defaults.items() if key in data}
    return {**study, **data, **added}


@contextmanager
def in_places(data: Mapping[str, Any]) -> Iterator[None]:
    """Names the places of problems as in Python, such as `arms["soft"]["forbid"][0]`, not as lines of a file."""
    try:
        yield
    except Invalid as error:
        root = reading.read_root(LABEL, written(data))
        places = sorted(_places(root, ""))
        raise Invalid(_placed(each, places) for each in error.problems) from None


def _placed(problem: Problem, places: list[tuple[int, int, str]]) -> Problem:
    if problem.file != LABEL:
        return problem
    before = [where for line, column, where in places if (line, column) <= (problem.line, problem.column)]
    return replace(problem, file=before[-1] or LABEL, line=0, column=0) if before else problem


def _places(node: Node, where: str) -> Iterator[tuple[int, int, str]]:
    yield node.start_mark.line + 1, node.start_mark.column + 1, where
    if isinstance(node, MappingNode):
        for name, (key, value) in keys(node).items():
            yield key.start_mark.line + 1, key.start_mark.column + 1, _step(where, text_of(key) or name)
            yield from _places(value, _step(where, name))
    if isinstance(node, SequenceNode):
        for i, item in enumerate(node.value):
            yield from _places(item, _step(where, i))


def _step(where: str, key: object) -> str:
    if not where:
        return str(key)
    return f"{where}[{json.dumps(key, ensure_ascii=False)}]"
