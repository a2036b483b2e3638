"""Inject files of a scenario or an exercise: which files a list names, and their bytes."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from yaml.nodes import Node

from wargame.errors import Problem, nearest, shortened
from wargame.scenario.building.merge import Trees
from wargame.scenario.building.yaml_nodes import Format, elements, fault, read, text
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.catalogue import ScenarioSource


def exercise_of(script: Path) -> Path | None:
    """Return the exercise in the folder of an inject file that plays it; None if there is none, or more than one."""
    found = []
    for path in catalogue.exercises_within(script.parent):
        source = catalogue.fetch(path, path.name, [])
        names = [text(node) for node in elements(read(source.label, source.data, []), "injects")] if source else []
        if script.resolve() in {
            file.resolve() for name in names if (file := (catalogue.find_injects(name, path.parent) if name else None))
        }:
            found.append(path)
    return found[0] if len(found) == 1 else None


def named_by(file_trees: Trees, folder: Path, folders: Mapping[str, Path], problems: list[Problem]) -> list[Path]:
    """Return the inject files that the scenario names, in the folder of the file that names them, or in its own."""
    paths = []
    for node in elements(file_trees.scenario, "injects"):
        own = folders.get(node.start_mark.name, folder)
        paths += listed([node], own if catalogue.find_injects(text(node) or " ", own) else folder, problems)
    return paths


def listed(named: Iterable[Node], folder: Path, problems: list[Problem]) -> list[Path]:
    """Return the inject files that a list in a file in `folder` names."""
    paths = []
    for node in named:
        name = text(node)
        if path := catalogue.find_injects(name, folder) if name else None:
            paths.append(path)
        elif name:
            message = f"there is no inject file '{shortened(name, 100)}'"
            beside = catalogue.injects_within(folder)
            place = f"inject files there: {', '.join(beside)}" if beside else "there is none in the folder of this file"
            problems.append(fault(node, message, nearest(name, beside) or place))
    return paths


def read_scripts(paths: list[Path], own: list[ScenarioSource], problems: list[Problem]) -> list[ScenarioSource]:
    """Read inject files, each once, with unique names in a run folder."""
    seen = {source.path.resolve() for source in own}
    wrong = {source.path.resolve() for source in own if source.has_format(Format.SCENARIO)}
    taken = {source.name for source in own}
    scripts = []
    for path in paths:
        if path.resolve() in wrong:
            message = "this is a file of the scenario, not an inject file"
            problems.append(Problem(catalogue.label(path), 1, 1, message, "leave it out of the inject files"))
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        if source := catalogue.fetch(path, catalogue.free_name(path, taken), problems):
            scripts.append(source)
    return scripts
