"""A scenario and its injects as far as they could be built, with the place of each element in the files."""

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.dataclasses import dataclass, field
from wargame.errors import Problem, shortened
from wargame.language.times import Time
from wargame.scenario.building.attachments import Attachments, Find
from wargame.scenario.building.build import correct, entries, own_problems, plan
from wargame.scenario.building.merge import Trees
from wargame.scenario.building.scalars import ANYTHING, UNBUILT, ReadContext, ScenarioCache, unknown
from wargame.scenario.building.yaml_nodes import elements, fault, keys, plain_key, text, value_of
from wargame.scenario.model import Calendar, ExercisePlan, HistoryRow, Inject, Injects, Scenario

_KINDS = (
    *("government", "leader", "dossier", "indicator", "option", "forum"),
    *("agreement", "procedure", "hazard", "outcome", "objective"),
)
SECTIONS = {"strategy": "strategies", **{kind: f"{kind}s" for kind in _KINDS}}
"""The section of the scenario that defines each kind of id."""

NO_CALENDAR = Calendar(start=Time("", offset=0), end=Time("", offset=0))
"""Placeholder for a calendar that could not be built."""
_STAND_INS: dict[str, Any] = {"calendar": NO_CALENDAR, "name": "", "title": ""}

MOST_DUPLICATES = 3
"""Ids that two files share, each reported in its place; more are reported once."""
EXERCISE = "exercise"
"""First step of a path within the exercise file."""

PathStep = str | int


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario without its invalid elements, its injects, the problems so far, and the nodes."""

    scenario: Scenario
    injects: tuple[Inject, ...]
    reading: ReadContext
    root: MappingNode
    inject_nodes: dict[str, Node]
    exercise: ExercisePlan | None = None
    exercise_root: MappingNode | None = None
    unplayed: frozenset[str] = frozenset()
    """The ids of injects of the scenario that the exercise leaves out. `injects` has them, since formulas name them."""
    warnings: list[Problem] = field(default_factory=list)

    @property
    def played(self) -> tuple[Inject, ...]:
        """The injects without those that the exercise leaves out."""
        return tuple(inject for inject in self.injects if inject.id not in self.unplayed)

    def fault(self, path: tuple[PathStep, ...], message: str, remedy: str = "", *, key: bool = False) -> None:
        """Add a problem at the value at `path`, or at its key."""
        self.reading.problems.append(fault(self.locate(path, key=key), message, remedy))

    def knows(self, path: tuple[PathStep, ...], kind: str, name: str, *, key: bool = False) -> bool:
        """Return as `has`; add a problem for an unknown id."""
        if self.has(kind, name):
            return True
        self.fault(path, *unknown(kind, name, self.reading.ids[kind]), key=key)
        return False

    def warn(self, path: tuple[PathStep, ...], message: str, remedy: str = "") -> None:
        """Add a warning at the key at `path`."""
        self.warnings.append(fault(self.locate(path, key=True), message, remedy))

    def locate(self, path: tuple[PathStep, ...], *, key: bool = False) -> Node:
        """Return the node at `path`: keys, list indexes, or the text or `id` of an element of a list."""
        node: Node = self.root
        steps = path
        if path[0] == "injects" and len(path) > 1:
            node, steps = self.inject_nodes.get(str(path[1]), self.root), path[2:]
        elif path[0] == EXERCISE and self.exercise_root is not None:
            node, steps = self.exercise_root, path[1:]
        for place, step in enumerate(steps):
            next_node = _step(node, step, key=key and place == len(steps) - 1)
            if next_node is None:
                break
            node = next_node
        return node

    def strangers(self, named: Iterable[str], members: Collection[str]) -> list[str]:
        """Return the governments among those named that are no members."""
        return [name for name in named if name not in members and self.has("government", name)]

    def has(self, kind: str, name: str) -> bool:
        """Return whether the files define this id, validly or not."""
        return name in self.reading.ids[kind]


def draft(trees: Trees, problems: list[Problem], find: Find | None = None, known: ScenarioCache | None = None) -> Draft:
    """Build all valid elements and add problems to `problems`. Without `find`, attachments have no content.

    Elements that `known` has are not built again.
    """
    root = trees.scenario
    assert root is not None
    _correct_keys(root, Scenario, problems)
    for script in trees.scripts:
        _correct_keys(script, Injects, problems)
    reading = ReadContext(_ids(root, trees.scripts, trees.exercise), problems, known=known)
    scenario = _scenario(root, reading)
    exercise = _exercise(trees.exercise, scenario, reading)
    idle = _idle_scripts(trees, scenario, exercise)
    scripts = [script for script in trees.scripts if script.start_mark.name not in idle]
    others = [script for script in trees.scripts if script.start_mark.name in idle]
    nodes = {_id(item): item for script in (*others, *scripts) for item in elements(script, "injects")}
    attachments = Attachments(find, problems) if find else None
    injects: list[Inject] = []
    for script in scripts:
        own = _script(script, scenario, reading)
        injects += attachments.attach(script.start_mark.name, own, nodes) if attachments else own
    _duplicates(root, tuple(scripts), reading)
    here = {inject.id for inject in injects}
    spare = [inject for script in others for inject in _script(script, scenario, reading) if inject.id not in here]
    ordered = tuple(sorted((*injects, *spare), key=lambda inject: inject.id))
    unplayed = frozenset(inject.id for inject in spare)
    return Draft(scenario, ordered, reading, root, nodes, exercise, trees.exercise, unplayed)


def _idle_scripts(trees: Trees, scenario: Scenario, exercise: ExercisePlan | None) -> frozenset[str]:
    """Return the labels of inject files of the scenario that the exercise leaves out.

    They are read all the same, because conditions and claims of the scenario may name their injects.
    """
    if exercise is None or exercise.scenario_injects or trees.scenario is None or trees.exercise is None:
        return frozenset()
    home, place = (PurePosixPath(tree.start_mark.name).parent for tree in (trees.scenario, trees.exercise))
    own = {normpath(folder / name) for folder in (home, place) for name in exercise.injects}
    named = {f"/injects/{PurePosixPath(name).with_suffix('')}" for name in scenario.injects}
    idle = set()
    for script in trees.scripts:
        label = script.start_mark.name
        bare = normpath(PurePosixPath(label).with_suffix(""))
        is_own = normpath(label) in own or bare in own
        is_named = any(f"/{bare}".endswith(name) for name in named)
        if not is_own and (is_named or home in PurePosixPath(label).parents):
            idle.add(label)
    return frozenset(idle)


def _correct_keys(root: MappingNode, cls: type, problems: list[Problem]) -> None:
    """Correct the keys of a file before the ids in its sections are collected."""
    known = plan(cls)[0]
    for key, _ in root.value:
        if key.value not in known:
            correct(key, root, known, ReadContext({}, problems))


def _ids(root: MappingNode, scripts: Iterable[MappingNode], exercise: MappingNode | None) -> dict[str, frozenset[str]]:
    missing = plan(Scenario)[1] - set(keys(root))  # reported once, and not for each id
    ids_by_kind = {
        kind: ANYTHING if name in missing else frozenset(keys(value_of(root, name))) for kind, name in SECTIONS.items()
    }
    ids_by_kind["variant"] = frozenset(keys(value_of(value_of(root, "evidence"), "variants")))
    ids_by_kind["objective"] |= frozenset(keys(value_of(exercise, "objectives")))
    ids_by_kind["inject"] = frozenset(_id(item) for script in scripts for item in elements(script, "injects")) - {""}
    ids_by_kind["inject or row"] = ids_by_kind["inject"] | (frozenset(map(_id, elements(root, "history"))) - {""})
    return ids_by_kind


def _id(item: Node) -> str:
    return text(value_of(item, "id"))


def _scenario(root: MappingNode, reading: ReadContext) -> Scenario:
    values = entries(Scenario, root, reading) or {}
    _, required = plan(Scenario)
    for name in required:
        if values.get(name, UNBUILT) is UNBUILT:
            values[name] = _STAND_INS.get(name, {})
    built = {name: value for name, value in values.items() if value is not UNBUILT}
    rows: tuple[HistoryRow, ...] = built.get("history", ())
    built["history"] = tuple(sorted(rows, key=lambda row: row.id))
    built["pacts"] = tuple(sorted(tuple(sorted(pact)) for pact in built.get("pacts", ())))
    return Scenario(**built)


def _script(root: MappingNode, scenario: Scenario, reading: ReadContext) -> tuple[Inject, ...]:
    injects = _of_scenario(Injects, root, scenario, reading, "these injects are").get("injects", UNBUILT)
    return () if injects is UNBUILT else injects


def _of_scenario(cls: type, root: MappingNode, scenario: Scenario, reading: ReadContext, what: str) -> dict[str, Any]:
    """Return the fields of a file; none, with problems, if most ids in it are those of another scenario."""
    named = text(value_of(root, "scenario"))
    if not named or not scenario.name or named == scenario.name:
        return entries(cls, root, reading) or {}
    message = f"{what} for the scenario '{shortened(named)}', not '{scenario.name}'"
    reading.fault(keys(root)["scenario"][1], message, f"write {scenario.name}, or keep the file in another folder")
    own = own_problems(cls, root)
    reading.problems += own
    before, asked = len(reading.problems), len(reading.uses)
    values = entries(cls, root, reading) or {}
    unknown_ids = set(reading.problems[before:]) - set(own)
    if len(unknown_ids) <= max(1, len(elements(root, "injects")) - 1):
        return values
    del reading.problems[before:]
    del reading.uses[asked:]
    return {}


def _exercise(root: MappingNode | None, scenario: Scenario, reading: ReadContext) -> ExercisePlan | None:
    """Return the exercise; None if there is none, or if it cannot be built."""
    if root is None:
        return None
    values = _of_scenario(ExercisePlan, root, scenario, reading, "this exercise is")
    return ExercisePlan(**values) if values and all(value is not UNBUILT for value in values.values()) else None


def _duplicates(root: MappingNode, scripts: tuple[MappingNode, ...], reading: ReadContext) -> None:
    for items in (elements(root, "history"), [item for script in scripts for item in elements(script, "injects")]):
        counts = Counter(map(_id, items))
        first: dict[str, Node] = {}
        again: dict[tuple[str, str], list[Node]] = {}
        for item in items:
            name = _id(item)
            if not name or counts[name] == 1:
                continue
            if name in first:
                again.setdefault((item.start_mark.name, first[name].start_mark.name), []).append(item)
            first.setdefault(name, item)
        for (file, other), repeated in again.items():
            if file != other and len(repeated) > MOST_DUPLICATES:
                message = f"{len(repeated)} ids of this file are also in {other}, from '{_id(repeated[0])}' on"
                remedy = "injects are added; to change the script, copy the scenario: wargame init DIR --from NAME"
                reading.fault(keys(repeated[0])["id"][1], message, remedy)
                continue
            for item in repeated:
                name, mark = _id(item), first[_id(item)].start_mark
                reading.fault(keys(item)["id"][1], f"duplicate id '{name}'", f"first in {mark.name}:{mark.line + 1}")


def _step(node: Node, step: PathStep, *, key: bool) -> Node | None:
    if isinstance(node, MappingNode):
        here = keys(node)
        entry = here.get(str(step)) or {plain_key(name): each for name, each in here.items()}.get(str(step))
        return entry[0 if key else 1] if entry else None
    if not isinstance(node, SequenceNode):
        return None
    if isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    return next((item for item in node.value if step in (text(item), _id(item))), None)
