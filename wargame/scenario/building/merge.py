"""Joins the sections of a scenario from several files before anything is built."""

from collections.abc import Iterable
from functools import cache

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.dataclasses import dataclass
from wargame.errors import Problem, shortened
from wargame.scenario.building.attachments import is_attachment
from wargame.scenario.building.scalars import ScenarioCache, is_null
from wargame.scenario.building.yaml_nodes import Format, fault, file_format, keys, plain_key, read, text


@dataclass(frozen=True, slots=True)
class Trees:
    """The nodes of one scenario: its files merged, its inject files and the file of its exercise; and of each file."""

    scenario: MappingNode | None
    scripts: tuple[MappingNode, ...]
    exercise: MappingNode | None = None
    files: tuple[MappingNode, ...] = ()


def trees(files: Iterable[tuple[str, bytes]], problems: list[Problem], known: ScenarioCache | None = None) -> Trees:
    """Read all (label, bytes) and sort them by their format; attachments and other formats are ignored.

    Those with a label in `known` have been read before.
    """
    nodes = known.nodes if known else {}
    roots = (nodes.get(label) or read(label, data, problems) for label, data in files if not is_attachment(label))
    return sort([root for root in roots if root is not None], problems, known or ScenarioCache({}))


Laid = dict[tuple[int, int], tuple[Node, Node, Node]]
"""Two nodes and the first with the second laid over it, by their identity."""


def sort(roots: list[MappingNode], problems: list[Problem], known: ScenarioCache) -> Trees:
    """Separate inject files and the exercise from the parts of the scenario, and lay overlays over these."""
    formats = (Format.SCENARIO, Format.INJECTS, Format.OVERLAY, Format.EXERCISE)
    nodes_by_format: dict[str, list[MappingNode]] = {form: [] for form in formats}
    for root in roots:
        nodes_by_format.get(file_format(root, problems), []).append(root)
    parts = nodes_by_format[Format.SCENARIO]
    laid, place = known.laid, tuple(map(id, parts))
    scenario = known.merged.get(place) or (merge(parts, problems) if parts else None)
    if scenario is not None:
        known.merged[place] = scenario
    for overlay in nodes_by_format[Format.OVERLAY]:
        sections = [(key, value) for key, value in overlay.value if text(key) != "format"]
        above = MappingNode(overlay.tag, sections, overlay.start_mark, overlay.end_mark)
        if scenario is not None:
            scenario = _overlaid(scenario, above, laid)
            if "evidence" in keys(scenario):  # these name numbers that the overlay may have removed
                scenario = _overlaid(scenario, _none(), laid)
    exercises = nodes_by_format[Format.EXERCISE]
    problems += [fault(each, "this is a second exercise", "give one exercise file") for each in exercises[1:]]
    return Trees(scenario, tuple(nodes_by_format[Format.INJECTS]), next(iter(exercises), None), tuple(roots))


@cache
def _none() -> MappingNode:
    none = yaml.compose("evidence: {variants: null, decisive: null}", yaml.CSafeLoader)
    assert isinstance(none, MappingNode)
    return none


def _overlaid(below: MappingNode, above: MappingNode, laid: Laid) -> MappingNode:
    """Return a mapping with the entries of another laid over it: mappings are joined, other values are replaced.

    Elements of a list of mappings with a `name` or an `id` are joined with the one of that name, or added at the end.
    An entry with the value `null` removes the one below.
    """
    names = [plain_key(text(key)) for key, _ in below.value]
    over = {plain_key(text(key)): value for key, value in above.value}
    entries = [
        (key, _laid_over(value, over[name], laid) if name in over else value)
        for name, (key, value) in zip(names, below.value, strict=True)
        if not (name in over and is_null(over[name]))
    ]
    here = set(names)
    entries += [(k, value) for k, value in above.value if plain_key(text(k)) not in here and not is_null(value)]
    return MappingNode(below.tag, entries, below.start_mark, below.end_mark)


def _laid_over(below: Node, above: Node, laid: Laid) -> Node:
    """Return the same node for the same two, so that what is built of it can be kept."""
    place = id(below), id(above)
    if place not in laid:
        laid[place] = below, above, _combined(below, above, laid)
    return laid[place][2]


def _combined(below: Node, above: Node, laid: Laid) -> Node:
    if isinstance(below, MappingNode) and isinstance(above, MappingNode):
        return _overlaid(below, above, laid)
    if isinstance(below, SequenceNode) and isinstance(above, SequenceNode) and all(map(_named, above.value)):
        over = {_named(each): each for each in above.value}
        listed = [
            _laid_over(each, over.pop(_named(each), each), laid) if _named(each) else each for each in below.value
        ]
        return SequenceNode(below.tag, [*listed, *over.values()], below.start_mark, below.end_mark)
    return above


def _named(node: Node) -> str:
    """Return the `name` or `id` of an element of a list; empty for other nodes."""
    entries = keys(node)
    return next((text(entries[key][1]) for key in ("name", "id") if key in entries), "")


def merge(parts: list[MappingNode], problems: list[Problem]) -> MappingNode:
    """Merge files: sections that are mappings or lists, and lists in them, are joined; others are in one file only."""
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
        fresh = [(entry, value) for entry, value in second.value if entry.value not in known]
        longer: dict[str, Node] = {}
        for entry, value in second.value:
            if entry.value in known and isinstance(known[entry.value][1], SequenceNode):
                longer[entry.value] = _join(entry, *known[entry.value], value, problems)
            elif entry.value in known:
                problems.append(_twice(entry, known[entry.value][0]))
        entries = [(entry, longer.get(entry.value, value)) for entry, value in first.value]
        return MappingNode(first.tag, entries + fresh, first.start_mark, first.end_mark)
    problems.append(_twice(key, first_key))
    return first


def _twice(node: Node, first: Node) -> Problem:
    mark = first.start_mark
    return fault(node, f"'{shortened(text(node))}' is written twice", f"first in {mark.name}:{mark.line + 1}")
