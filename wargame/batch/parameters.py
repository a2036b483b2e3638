"""A scenario with other numbers: in memory for a batch, in its files for a run that others can verify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from yaml.nodes import MappingNode, ScalarNode

from wargame.errors import Problem
from wargame.scenario.draft import draft
from wargame.scenario.load import Loaded, load_files
from wargame.scenario.merge import trees
from wargame.scenario.read import keys


def with_parameters(loaded: Loaded, values: Mapping[str, float]) -> Loaded:
    """The same scenario with these numbers, by the paths of `loaded.parameters`; nothing is read or checked again."""
    if not values:
        return loaded
    scenario, injects = loaded.scenario, loaded.injects
    for path, value in values.items():
        first, *steps = path.split(".")
        if first == "injects":
            injects = _put(injects, steps, value)
        else:
            scenario = _put(scenario, [first, *steps], value)
    parameters = tuple(replace(p, value=values[p.path]) if p.path in values else p for p in loaded.parameters)
    return replace(loaded, scenario=scenario, injects=injects, parameters=parameters)


def _put(held: Any, steps: list[str], value: float) -> Any:
    """A copy of a built value with one number in it replaced."""
    if not steps:
        return int(value) if isinstance(held, int) else value
    step, rest = steps[0], steps[1:]
    if is_dataclass(held) and not isinstance(held, type):
        return replace(held, **{step: _put(getattr(held, step), rest, value)})
    if isinstance(held, dict):
        return {key: _put(each, rest, value) if key == step else each for key, each in held.items()}
    place = next((i for i, each in enumerate(held) if getattr(each, "id", None) == step), None)
    place = int(step) if place is None else place
    return (*held[:place], _put(held[place], rest, value), *held[place + 1 :])


def whole(loaded: Loaded, path: str) -> bool:
    """Whether the number at a path can only be whole."""
    held: Any = loaded.scenario if not path.startswith("injects.") else loaded
    for step in path.split("."):
        if is_dataclass(held) and not isinstance(held, type):
            names = {item.name for item in fields(held)}
            held = getattr(held, step) if step in names else None
        elif isinstance(held, dict):
            held = held.get(step)
        else:
            held = next((each for each in held or () if getattr(each, "id", None) == step), None)
    return isinstance(held, int) and not isinstance(held, bool)


def rewritten(loaded: Loaded, values: Mapping[str, float]) -> Loaded:
    """As `with_parameters`, but the numbers are changed in the files, which are then read: a run keeps them."""
    if not values:
        return loaded
    problems: list[Problem] = []
    made = draft(trees(sorted(loaded.files.items()), problems), problems)
    files = {name: data.decode("utf-8-sig").splitlines(keepends=True) for name, data in loaded.files.items()}
    for path, value in values.items():
        node = made.locate(tuple(path.split(".")))
        if isinstance(node, MappingNode):
            node = keys(node)["value"][1]
        assert isinstance(node, ScalarNode)
        start, end = node.start_mark, node.end_mark
        line = files[start.name][start.line]
        number = int(value) if whole(loaded, path) else value
        files[start.name][start.line] = f"{line[: start.column]}{number!r}{line[end.column :]}"
    return load_files({name: "".join(lines).encode() for name, lines in files.items()})
