"""Overlays: files that a variant lays over the files of a scenario."""

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import Problem, UsageFault, shortened
from wargame.scenario.building.merge import Trees
from wargame.scenario.building.yaml_nodes import Format, fault, keys, read, text, value_of
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.catalogue import ScenarioSource


def is_overlay(source: ScenarioSource) -> bool:
    """Return whether a file declares the format of overlays, also if the rest of it cannot be read."""
    if source.has_format(Format.OVERLAY) or Format.OVERLAY.encode() not in source.data:
        return source.has_format(Format.OVERLAY)
    return text(value_of(read(source.label, source.data, []), "format")) == Format.OVERLAY


def overlays_of(
    file_trees: Trees, folder: Path, beside: list[ScenarioSource], problems: list[Problem]
) -> dict[str, ScenarioSource]:
    """Return the overlays that the variants of a scenario name, from its folder, which has those `beside` it."""
    variants = value_of(value_of(file_trees.scenario, "evidence"), "variants")
    found = {source.path.stem: source for source in beside}
    overlays: dict[str, ScenarioSource] = {}
    for _, variant in keys(variants).values():
        node = value_of(variant, "overlay")
        name = text(node)
        if node is None or not name or name in overlays:
            continue
        path = folder / f"{name}.yaml"
        if name not in found and "/" not in name and catalogue.exists(path):
            source = catalogue.fetch(path, f"scenario/{name}.yaml", problems)
            found |= {name: source} if source and is_overlay(source) else {}
        if name in found:
            overlays[name] = found[name]
        else:
            remedy = f"write it as {name}.yaml beside the scenario, with `format: {Format.OVERLAY}`"
            problems.append(fault(node, f"there is no overlay '{shortened(name, 100)}'", remedy))
    return overlays


def parts_of(overlay: ScenarioSource, only: Sequence[str], without: Sequence[str]) -> ScenarioSource:
    """Return the overlay with some of its parts (all if `only` is empty), and without some; UsageFault for others."""
    root = read(overlay.label, overlay.data, []) if only or without else None
    if root is None:
        return overlay
    kept = nodes_of_parts(root, only, without)
    _resolve_plain(kept, yaml.resolver.Resolver())
    return replace(overlay, data=yaml.serialize(kept, encoding="utf-8"))


def nodes_of_parts(root: MappingNode, only: Sequence[str], without: Sequence[str]) -> MappingNode:
    """Return the nodes of an overlay as `parts_of` its file, with their places there."""
    for part in (*only, *without):
        if _leave_out(root, part.split(".")) is root:
            raise UsageFault(f"the overlay has no part '{shortened(part, 100)}'")
    kept: Any = root
    if only:
        kept = _keep(kept, [part.split(".") for part in ("format", *only)])
    for part in without:
        kept = _leave_out(kept, part.split("."))
    assert isinstance(kept, MappingNode)
    return kept


def _resolve_plain(node: Node, resolver: yaml.resolver.Resolver) -> None:
    """Give plain scalars the tag that their text implies, so that they are written without quotes."""
    if isinstance(node, ScalarNode) and node.style in (None, ""):
        node.tag = resolver.resolve(ScalarNode, node.value, (True, False))  # type: ignore[no-untyped-call]
    elif isinstance(node, SequenceNode):
        for each in node.value:
            _resolve_plain(each, resolver)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            _resolve_plain(key, resolver)
            _resolve_plain(value, resolver)


def _entries(node: Node) -> list[tuple[str, Node]]:
    """Return the values of a mapping by their keys, or the elements of a list by their `name`."""
    if isinstance(node, SequenceNode):
        return [(text(value_of(each, "name")), each) for each in node.value]
    return [(text(key), value) for key, value in node.value] if isinstance(node, MappingNode) else []


def _leave_out(node: Node, steps: Sequence[str]) -> Node:
    """Return the node without what matches the steps, itself if nothing does; the last one is a key of a mapping."""
    first, *inner = steps
    kept: list[Node | None] = []
    for name, value in _entries(node):
        if fnmatchcase(name, first) and not inner and isinstance(node, MappingNode):
            kept.append(None)
        else:
            kept.append(_leave_out(value, inner) if inner and fnmatchcase(name, first) else value)
    return _with(node, kept)


def _keep(node: Node, parts: Sequence[Sequence[str]], always: str | None = None) -> Node | None:
    """Return what any of the parts matches, and the key `always`; None if there is nothing that matches."""
    kept: list[Node | None] = []
    found = False
    for name, value in _entries(node):
        inner = [rest for first, *rest in parts if fnmatchcase(name, first)]
        below = value if [] in inner else None
        if inner and below is None:
            below = _keep(value, inner, "name" if isinstance(node, SequenceNode) else None)
        found = found or below is not None
        kept.append(value if below is None and name == always else below)
    return _with(node, kept) if found else None


def _with(node: Node, values: Sequence[Node | None]) -> Node:
    """Return a mapping or list with other values of its entries, itself if they are its own; None leaves one out."""
    if all(new is old for new, (_, old) in zip(values, _entries(node), strict=True)):
        return node
    if isinstance(node, MappingNode):
        pairs = [(key, value) for (key, _), value in zip(node.value, values, strict=True) if value is not None]
        return MappingNode(node.tag, pairs, node.start_mark, node.end_mark, node.flow_style)
    if isinstance(node, SequenceNode):
        inside = [value for value in values if value is not None]
        return SequenceNode(node.tag, inside, node.start_mark, node.end_mark, node.flow_style)
    raise TypeError(f"{node} has no entries")


def as_read(problem_file: str, overlay: ScenarioSource) -> str:
    """Return the place of a file of a scenario with an overlay, given its name in a run folder."""
    folder = overlay.label.removesuffix(overlay.name.removeprefix("scenario/"))
    return folder + problem_file.removeprefix("scenario/") if problem_file.startswith("scenario/") else problem_file
