"""Overlays: files that a variant lays over the files of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import Problem, shortened
from wargame.scenario.building.yaml_nodes import OVERLAY_FORMAT, fault, keys, read, text
from wargame.scenario.loading import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from wargame.scenario.building.merge import Trees
    from wargame.scenario.loading.catalogue import ScenarioSource


def is_overlay(source: ScenarioSource) -> bool:
    """Whether a file declares the format of overlays, also if the rest of it cannot be read."""
    if OVERLAY_FORMAT.encode() not in source.data:
        return False
    root = read(source.label, source.data, [])
    if root is None:
        return source.data.lstrip().startswith(f"format: {OVERLAY_FORMAT}".encode())
    declared = keys(root).get("format")
    return declared is not None and text(declared[1]) == OVERLAY_FORMAT


def overlays_of(
    file_trees: Trees, folder: Path, sources: list[ScenarioSource], problems: list[Problem]
) -> dict[str, ScenarioSource]:
    """The overlays that the variants of a scenario name, from its folder."""
    evidence = keys(file_trees.scenario).get("evidence", (None, None))[1]
    variants = keys(evidence).get("variants", (None, None))[1]
    found = {source.path.stem: source for source in sources if is_overlay(source)}
    overlays: dict[str, ScenarioSource] = {}
    for _, variant in keys(variants).values():
        node = keys(variant).get("overlay", (None, None))[1]
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
            remedy = f"write it as {name}.yaml beside the scenario, with `format: {OVERLAY_FORMAT}`"
            problems.append(fault(node, f"there is no overlay '{shortened(name, 100)}'", remedy))
    return overlays


def as_read(problem_file: str, overlay: ScenarioSource) -> str:
    """The place of a file of a scenario with an overlay, given its name in a run folder."""
    folder = overlay.label.removesuffix(overlay.name.removeprefix("scenario/"))
    inside = problem_file.startswith("scenario/")
    return folder + problem_file.removeprefix("scenario/") if inside else problem_file
