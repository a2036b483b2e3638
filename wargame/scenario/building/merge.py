"""Joins the sections of a scenario from several files before anything is built."""

from __future__ import annotations

from dataclasses import dataclass, fields

from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.errors import Problem, shortened
from wargame.scenario.building.yaml_nodes import (
    EXERCISE_FORMAT,
    INJECTS_FORMAT,
    SCENARIO_FORMAT,
    fault,
    file_format,
    keys,
    read,
    rename_key,
    text,
)
from wargame.scenario.model import Scenario

SECTIONS = frozenset(section.name for section in fields(Scenario))


@dataclass(frozen=True, slots=True)
class Trees:
    """The nodes of one scenario: its files merged, its inject files and the file of its exercise unchanged."""

    scenario: MappingNode | None
    scripts: tuple[MappingNode, ...]
    exercise: MappingNode | None = None


def trees(files: list[tuple[str, bytes]], problems: list[Problem]) -> Trees:
    """Reads all (label, bytes) and sorts them by their format; files of other formats are ignored."""
    roots = (read(label, data, problems) for label, data in files)
    return sort([root for root in roots if root is not None], problems)


def sort(roots: list[MappingNode], problems: list[Problem]) -> Trees:
    """Separates the parts of the scenario from inject files and the exercise, of which there is at most one."""
    nodes_by_format: dict[str, list[MappingNode]] = {SCENARIO_FORMAT: [], INJECTS_FORMAT: [], EXERCISE_FORMAT: []}
    for root in roots:
        kind = file_format(root, problems)
        if kind == SCENARIO_FORMAT:
            for key, _ in root.value:  # before sections of the same name are joined
                rename_key(key, "Scenario", SECTIONS, problems)
        nodes_by_format.get(kind, []).append(root)
    parts = nodes_by_format[SCENARIO_FORMAT]
    exercises = nodes_by_format[EXERCISE_FORMAT]
    problems += [fault(each, "this is a second exercise", "give one exercise file") for each in exercises[1:]]
    scripts, exercise = tuple(nodes_by_format[INJECTS_FORMAT]), next(iter(exercises), None)
    return Trees(merge(parts, problems) if parts else None, scripts, exercise)


def merge(parts: list[MappingNode], problems: list[Problem]) -> MappingNode:
    """Merges files: sections that are mappings or lists are joined; other keys must be in one file only."""
    if len(parts) == 1:
        return parts[0]
    joined: dict[str, tuple[Node, Node]] = {}
    for part in parts:
        for key, value in part.value:
            if key.value in joined and key.value != "format":
                joined[key.value] = (joined[key.value][0], _join(key, *joined[key.value], value, problems))
            else:
                joined.setdefault(key.value, (key, value))
    first = parts[0]
    return MappingNode(first.tag, list(joined.values()), first.start_mark, first.end_mark)


def _join(key: Node, first_key: Node, first: Node, second: Node, problems: list[Problem]) -> Node:
    if isinstance(first, SequenceNode) and isinstance(second, SequenceNode):
        return SequenceNode(first.tag, first.value + second.value, first.start_mark, first.end_mark)
    if isinstance(first, MappingNode) and isinstance(second, MappingNode):
        known = keys(first)
        for entry, _ in second.value:
            if entry.value in known:
                problems.append(_twice(entry, known[entry.value][0]))
        fresh = [(entry, value) for entry, value in second.value if entry.value not in known]
        return MappingNode(first.tag, first.value + fresh, first.start_mark, first.end_mark)
    problems.append(_twice(key, first_key))
    return first


def _twice(node: Node, first: Node) -> Problem:
    mark = first.start_mark
    return fault(node, f"'{shortened(text(node))}' is written twice", f"first in {mark.name}:{mark.line + 1}")
