"""From what a user names to a batch that can be played: the study with all that was asked for, scenario and points.

`open_target` reads a study, a scenario or the folder of a batch; `freeze` says what to keep of it in a batch folder,
`thaw` makes the same again from there, which is what workers do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.batch.running.store import store
from wargame.batch.study import catalogue, reading
from wargame.batch.study.design import LISTED, OWN, SHARED, DesignPoints, cells, make_points, read_points
from wargame.batch.study.model import Design, Factor, Study
from wargame.batch.study.overrides import StudyOverrides, wished
from wargame.batch.study.parameters import fault_of, under
from wargame.batch.study.prepared import Prepared, plain
from wargame.errors import Invalid, Problem, SettingErrors, UsageFault
from wargame.language.expressions import ExpressionError
from wargame.scenario.building.numbers import ScenarioNumber, matching, numbers, without_unit
from wargame.scenario.building.yaml_nodes import fault, keys, plain_key
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.loading.catalogue import ScenarioSource, exists, fetch, find_injects
from wargame.scenario.loading.load import Loaded, load, load_files
from wargame.scenario.model.measures import Checker, Parsed, free_name, parse_measure

STUDY_FILE = "study.yaml"
DESIGN_FILE = "design.csv"
ENDS = 25
"""How many of the least and of the greatest values of a column are tried: what cannot be lies at an end."""

# --- opening ---------------------------------------------------------------------------------------


def open_target(target: str, wishes: StudyOverrides | None = None) -> Prepared:
    """Reads a study, a scenario or a batch folder; Invalid or UsageFault tell what is wrong with it or the wishes."""
    wishes = wishes or StudyOverrides()
    if "://" in target:
        return thaw(_inputs_at(target), target, wishes)
    path = catalogue.find(target)
    if path is not None and path.is_dir():
        if wishes.injects:
            raise UsageFault("--injects: the scenario of a batch that was played is as it was")
        return thaw(_inputs(path), target, wishes)
    if path is None:
        loaded = load(target, wishes.injects)
        study = Study(name=loaded.scenario.name, scenario=target, injects=wishes.injects)
        return _finish(study, loaded, _adder(Path(), target, wishes.injects), wishes, target)
    problems: list[Problem] = []
    source = fetch(path, STUDY_FILE, problems)
    if source is None:
        raise Invalid(problems)
    return _from_file(source, path, wishes, target)


def prepare(study: Study, loaded: Loaded, folder: Path, target: str, variant: str | None = None) -> Prepared:
    """A study made by a program; what its arms add is looked for in `folder`, where the scenario lies."""
    return _finish(study, loaded, _adder(folder, target, ()), StudyOverrides(variant=variant), target)


def _from_file(source: ScenarioSource, path: Path, wishes: StudyOverrides, target: str) -> Prepared:
    root = reading.read_root(source.label, source.data)
    scenario, injects = reading.named(root)
    beside = path.resolve().parent
    place = str(beside / scenario) if exists(beside / scenario) else scenario
    files = (*(_beside(beside, name) for name in injects), *wishes.injects)
    with _placed(root, "scenario"):
        loaded = load(place, files)
    study = reading.build(root, loaded)
    add = _adder(beside, place, files)
    for name, arm in study.arms.items():
        with _placed(root, "arms", name, "add"):
            add(arm.add)
    with _placed(root, "replications", only=_TooFew if wishes.replications is None else ()):
        made = _finish(study, loaded, add, wishes, target)
    _try_all(made, root)
    return made


class _TooFew(UsageFault):
    """Fewer replications than the points of a design."""


@contextmanager
def _placed(root: MappingNode, *path: str, only: Any = UsageFault) -> Iterator[None]:
    """Tells what goes wrong inside with the place in the study file that it comes from."""
    try:
        yield
    except Invalid:
        raise
    except only as error:
        node: Node = root
        for step in path:
            node = keys(node)[step][1] if step in keys(node) else node
        raise Invalid([fault(node, str(error))]) from None


def _beside(folder: Path, name: str) -> str:
    found = find_injects(name, folder)
    return str(found) if found else name


Adder = Any


def _adder(folder: Path, scenario: str, injects: tuple[str, ...]) -> Adder:
    """Loads the scenario with more inject files, found beside the study."""

    def add(names: tuple[str, ...]) -> Loaded:
        return load(scenario, (*injects, *(_beside(folder, name) for name in names)))

    return add


def _finish(
    study: Study, loaded: Loaded, add: Adder, wishes: StudyOverrides, target: str, points: DesignPoints | None = None
) -> Prepared:
    """The study with the wishes of the command line, its arms loaded, its measures parsed, its points made."""
    loaded = under(loaded, wishes.variant)
    study = wished(study, wishes, loaded)
    if wishes.design:
        study, points = _design_file(study, wishes.design)
    elif study.design is not None and points is None:
        points = make_points(study.design, study.factors, study.seed)
    if points is not None:
        study = replace(study, replications=_count(study, points, wishes))
    arms = {name: under(add(arm.add), wishes.variant) if arm.add else loaded for name, arm in study.arms.items()}
    made = Prepared(study, arms, _measures(study, loaded), points, target)
    if wishes.design:
        _check_design(made, wishes.design)
    return made


def _check_design(prepared: Prepared, path: str) -> None:
    """Invalid, with their places, for columns that name nothing and values that cannot be."""
    (head, header), *rows = cells(_design_text(path))
    problems, tries = list[Problem](), _Tries(prepared)
    for i, (name, factor) in enumerate(prepared.study.factors.items()):
        levels = factor.levels or ()
        tried = levels if len(levels) <= 2 * ENDS else (*levels[:ENDS], *levels[-ENDS:])
        wrong = {value: told for value in tried if (told := tries.fault(name, value))}
        if len(wrong) == len(tried):  # whatever stands there: it is the column that is wrong
            problems.append(Problem(path, head, header[i][0], next(iter(wrong.values()))))
            continue
        for number, row in rows:
            if told := wrong.get(float(row[i][1])):
                problems.append(Problem(path, number, row[i][0], told))
    if problems:
        raise Invalid(sorted(problems))


def _count(study: Study, points: DesignPoints, wishes: StudyOverrides) -> int:
    count = len(points.values)
    if points.lucks:
        if wishes.replications not in (None, count):
            raise UsageFault(f"-n: Sobol's design has {count} runs in each arm (its size is `points` in the study)")
        if study.stopping is not None:
            raise UsageFault("--until-ci: Sobol's design is played as a whole, it cannot stop early")
        return count
    if study.replications < count:
        raise _TooFew(f"{study.replications} replications are fewer than the design's {count} points (raise -n)")
    return study.replications - study.replications % count


def _measures(study: Study, loaded: Loaded) -> tuple[Parsed, ...]:
    checker, made = Checker(loaded.scenario, loaded.injects), []
    for measure in study.measures:
        try:
            parsed = parse_measure(measure.formula, measure.name, measure.interval, measure.title)
            checker.check(parsed)
        except ExpressionError as error:
            raise UsageFault(f"measure '{measure.formula[:80]}': {error.message}") from None
        if told := free_name(parsed):
            raise UsageFault(told)
        made.append(parsed)
    return tuple(made)


def _design_file(study: Study, path: str) -> tuple[Study, DesignPoints]:
    """A CSV file of points: its columns are factors of the study, or paths of indicators and parameters."""
    points = read_points(_design_text(path), SHARED, path)
    factors: dict[str, Factor] = {}
    labels = []
    for i, name in enumerate(points.names):
        levels = tuple(sorted({row[i] for row in points.values}))
        known = study.factors.get(name)
        label = name if known else re.sub(r"\W+", "_", name).strip("_")
        place = {"set": known.set, "parameter": known.parameter} if known else _where(name)
        factors[label] = Factor(**place, levels=levels)
        labels.append(label)
    for label, arm in product(labels, study.arms):
        if told := reading.shadow(study.arms[arm], factors[label]):
            raise UsageFault(f"--design {path}: arm '{arm}': {told}, which is a column there")
    design = Design(kind="points", points=len(points.values))
    return replace(study, factors=factors, design=design), replace(points, names=tuple(labels))


def _design_text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(f"--design {path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _where(name: str) -> dict[str, Any]:
    return {"parameter": name} if "." in name else {"set": name}


# --- trying --------------------------------------------------------------------------------------


def try_arms(prepared: Prepared) -> None:
    """Sets up one run of each arm and at each factor's ends; UsageFault tells of the first that makes no sense."""
    for factor in prepared.study.factors:
        if (message := _fault_of_factor(prepared, factor)) is not None:
            raise UsageFault(f"factor '{factor}': {message}")
    for arm in prepared.names:
        if faults := _faults_of(prepared, arm):
            raise UsageFault("\n".join(f"arm '{arm}': {message}" for _, message in faults))


def _faults_of(prepared: Prepared, arm: str) -> list[tuple[str, str]]:
    """What is wrong with an arm: each entry, as far as it is known, with what is wrong about it."""
    from wargame.simulation.exercise import Exercise

    loaded, faults = prepared.arms[arm], []
    try:
        loaded = prepared.scenario_of(arm, 0)
    except UsageFault as error:
        faults.append(("parameters", str(error)))
    try:
        Exercise(loaded, prepared.study.seed, prepared.settings(arm, 0))
    except SettingErrors as error:
        faults += error.faults
    except UsageFault as error:
        faults.append(("", str(error)))
    return faults


def _fault_of_factor(prepared: Prepared, name: str) -> str | None:
    """What is wrong with the least or the greatest value of a factor."""
    points = prepared.points
    if points is None or name not in points.names:
        return None
    column = [row[points.names.index(name)] for row in points.values]
    tries = _Tries(prepared)
    return tries.fault(name, min(column)) or tries.fault(name, max(column))


class _Tries:
    """Tries values of factors; the numbers of the scenario are gathered once, where a factor is one of them."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    @cached_property
    def _known(self) -> dict[str, ScenarioNumber]:
        loaded = self._prepared.loaded
        return numbers(loaded.scenario, loaded.injects)

    def fault(self, name: str, value: float) -> str | None:
        """What is wrong with one value of a factor."""
        from wargame.simulation.exercise import Exercise
        from wargame.simulation.kernel.settings import Settings

        study = self._prepared.study
        factor = study.factors[name]
        if factor.parameter is not None:
            return fault_of(factor.parameter, value, self._known) or None
        try:
            Exercise(self._prepared.loaded, study.seed, Settings(set=(f"{factor.set}={value!r}",), journal="none"))
        except UsageFault as error:
            return str(error)
        return None


def _try_all(prepared: Prepared, root: Any) -> None:
    """As `try_arms`, with the places of a study file."""
    factors = keys(keys(root).get("factors", (None, None))[1])
    told = ((name, _fault_of_factor(prepared, name)) for name in prepared.study.factors if name in factors)
    problems = [fault(factors[name][1], f"factor '{name}': {message}") for name, message in told if message is not None]
    arms = keys(keys(root).get("arms", (None, None))[1])
    for name in prepared.names if not problems else ():  # a factor is part of every arm
        if name in arms:
            node = arms[name][1]
            found = _faults_of(prepared, name)
            problems += [fault(_entry(node, entry), f"arm '{name}': {message}") for entry, message in found]
            problems += _units(prepared, name, node) if not found else ()
    if problems:
        raise Invalid(problems)


def _entry(arm: Node, text: str) -> Node:
    """Where an arm's file has this setting; the arm itself if that cannot be told."""
    for key, (_, node) in keys(arm).items():
        if key == text:
            return node
        if isinstance(node, SequenceNode):
            places: dict[str, Node] = {text_of(item): item for item in node.value}
        else:
            places = {f"{name}={text_of(value)}": value for name, (_, value) in keys(node).items()}
        if text in places:
            return places[text]
    return arm


def _units(prepared: Prepared, arm: str, node: Node) -> Iterator[Problem]:
    """Parameters of an arm that are durations and have no unit."""
    given = keys(keys(node).get("parameters", (None, None))[1])
    known = numbers(prepared.loaded.scenario, prepared.loaded.injects) if given else {}
    for path, (_, value) in given.items():
        if told := without_unit(text_of(value), (known[each] for each in matching(plain_key(path), known))):
            yield fault(value, f"arm '{arm}': {told}")


# --- keeping ---------------------------------------------------------------------------------------


def freeze(prepared: Prepared) -> dict[str, bytes]:
    """Every input of a batch by its name below `inputs/`; `thaw` reads them."""
    base = dict(_base(prepared).files)
    files, arms = dict(base), {}
    for name, arm in prepared.study.arms.items():
        extra = {f"arms/{name}/{file}": data for file, data in prepared.arms[name].files.items() if file not in base}
        files |= extra
        arms[name] = replace(arm, add=tuple(sorted(extra)))
    study = replace(prepared.study, arms=arms, injects=())
    files[STUDY_FILE] = (json.dumps(plain(study), indent=2, ensure_ascii=False) + "\n").encode()
    if prepared.points is not None:
        files[DESIGN_FILE] = prepared.points.text().encode()
    return files


def _base(prepared: Prepared) -> Loaded:
    """The scenario without what single arms add."""
    fewest = min(prepared.names, key=lambda name: len(prepared.arms[name].files))
    if any(not arm.add for arm in prepared.study.arms.values()):
        return prepared.arms[fewest]
    common = set.intersection(*(set(loaded.files) for loaded in prepared.arms.values()))
    return load_files({name: data for name, data in prepared.arms[fewest].files.items() if name in common})


def thaw(files: Mapping[str, bytes], target: str, wishes: StudyOverrides | None = None) -> Prepared:
    """The batch of frozen inputs; Invalid if they are damaged."""
    base = {name: data for name, data in files.items() if name.startswith(("scenario/", "injects/"))}
    loaded = load_files(base)
    root = reading.read_root(STUDY_FILE, files[STUDY_FILE])
    extra = {name: data for name, data in files.items() if name.startswith("arms/")}

    def add(names: tuple[str, ...]) -> Loaded:
        return load_files(base | {name.split("/", 2)[2]: extra[name] for name in names})

    # Arms may skip or expect what only their own files have, so ids are those of all files together.
    every = load_files(base | {name.split("/", 2)[2]: data for name, data in extra.items()}) if extra else loaded
    study, points = _thawed(root, every, files)
    return _finish(study, loaded, add, wishes or StudyOverrides(), target, points)


def _thawed(root: Any, loaded: Loaded, files: Mapping[str, bytes]) -> tuple[Study, DesignPoints | None]:
    if DESIGN_FILE not in files:
        return reading.build(root, loaded), None
    kind = text_of(keys(keys(root)["design"][1])["kind"][1])
    luck = {"sobol": LISTED, "latin_hypercube": OWN}.get(kind, SHARED)
    points = read_points(files[DESIGN_FILE].decode(), luck, DESIGN_FILE)
    return reading.build(root, loaded, frozen=True), points


def _inputs_at(address: str) -> dict[str, bytes]:
    """Those of a batch at any address; UsageFault if there is none."""
    place = store(address)
    names = place.names("inputs")
    if f"inputs/{STUDY_FILE}" not in names:
        raise UsageFault(f"there is no batch at {address}")
    return {name.removeprefix("inputs/"): place.read(name) for name in names}


def _inputs(folder: Path) -> dict[str, bytes]:
    top = folder / "inputs"
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}
