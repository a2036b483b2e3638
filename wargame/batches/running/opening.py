"""From what a user names to a batch that can be run: `open_target` reads a study, a scenario or a batch folder.

A batch folder has its inputs as files (`freeze`), which make the batch again (`thaw`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node

from wargame.batches.running.store import Store, store
from wargame.batches.study import catalogue, reading
from wargame.batches.study.assembly import TooFew, beside, finish, loader
from wargame.batches.study.catalogue import STUDY_FILE
from wargame.batches.study.design import LISTED, OWN, SHARED, read_points
from wargame.batches.study.model import Study
from wargame.batches.study.overrides import LABEL, StudyOverrides, complete, in_places, with_programs, written
from wargame.batches.study.parameters import rewritten
from wargame.batches.study.prepared import PreparedStudy, plain, try_file, try_programs
from wargame.brains.specification import Players
from wargame.errors import Invalid, Problem, UsageFault, among, flag, shortened
from wargame.journal.folder import INPUTS
from wargame.scenario.building.build import own_problems
from wargame.scenario.building.numbers import mechanisms_sha256, parameters_sha256, questions_sha256
from wargame.scenario.building.yaml_nodes import fault, keys
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.loading.catalogue import ScenarioSource, exists, fetch
from wargame.scenario.loading.load import Loaded, load, load_files
from wargame.simulation.kernel.settings import Settings

DESIGN_FILE = "design.csv"
OVERLAYS = "overlays/"
"""Overlays that variants name, by their names in the folder of the scenario."""


def freeze(prepared: PreparedStudy) -> dict[str, bytes]:
    """Return all inputs of a batch by their names below `inputs/`; `thaw` reads them."""
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
    overlays = prepared.loaded.overlays if prepared.variants else {}
    return files | {f"{OVERLAYS}{each.name}": each.data for each in overlays.values()}


def _base(prepared: PreparedStudy) -> Loaded:
    """Return the scenario without the files that single arms add."""
    fewest = min(prepared.names, key=lambda name: len(prepared.arms[name].files))
    if any(not arm.add for arm in prepared.study.arms.values()):
        return prepared.arms[fewest]
    common = set.intersection(*(set(loaded.files) for loaded in prepared.arms.values()))
    return load_files({name: data for name, data in prepared.arms[fewest].files.items() if name in common})


def thaw(files: Mapping[str, bytes], target: str, overrides: StudyOverrides | None = None) -> PreparedStudy:
    """Return the batch that frozen inputs make; Invalid if they are damaged."""
    base = {name: data for name, data in files.items() if name.startswith(("scenario/", "injects/", "exercise/"))}
    loaded = replace(load_files(base), overlays=_overlays(files))
    root = reading.read_root(STUDY_FILE, files[STUDY_FILE])
    extra = {name: data for name, data in files.items() if name.startswith("arms/")}

    def load_with(names: tuple[str, ...]) -> Loaded:
        arm = load_files(base | {name.split("/", 2)[2]: extra[name] for name in names})
        return replace(arm, overlays=loaded.overlays)

    # Arms may refer to ids of their own files, so the study is checked against all files together.
    every = load_files(base | {name.split("/", 2)[2]: data for name, data in extra.items()}) if extra else loaded
    points = None
    if DESIGN_FILE in files:
        kind = text_of(keys(keys(root)["design"][1])["kind"][1])
        sharing = {"sobol": LISTED, "latin_hypercube": OWN}.get(kind, SHARED)
        points = read_points(files[DESIGN_FILE].decode(), sharing, DESIGN_FILE)
    study = reading.build(root, every, frozen=points is not None)
    return finish(study, loaded, load_with, overrides or StudyOverrides(), target, points)


def _overlays(files: Mapping[str, bytes]) -> dict[str, ScenarioSource]:
    names = {name.removeprefix(OVERLAYS): data for name, data in files.items() if name.startswith(OVERLAYS)}
    return {Path(name).stem: ScenarioSource(Path(name), name, name, data) for name, data in names.items()}


def thaw_at(
    where: str, files: Mapping[str, bytes], target: str, overrides: StudyOverrides | None = None
) -> PreparedStudy:
    """Return as `thaw`, for inputs in the folder `where`, which is named in the problems."""
    if not files:
        raise Invalid.in_file(where, "contains no input files", "restore the folder")
    if STUDY_FILE not in files:
        raise Invalid.in_file(f"{where}/{STUDY_FILE}", "is missing", "restore the folder")
    try:
        return thaw(files, target, overrides)
    except Invalid as error:
        raise Invalid(replace(each, file=_stored_at(where, each.file, files)) for each in error.problems) from None
    except UsageFault as error:
        if overrides not in (None, StudyOverrides()):  # it may be about them
            raise
        raise Invalid.in_file(f"{where}/{STUDY_FILE}", str(error), "restore the folder") from None


def _stored_at(where: str, file: str, files: Mapping[str, bytes]) -> str:
    """Return the place of an input that a problem names."""
    names = [name for name in files if name == file or name.endswith(f"/{file}")]
    return f"{where}/{names[0]}" if names else file


def inputs_of(place: Store) -> dict[str, bytes]:
    """Return the inputs of a batch by their names below `inputs/`; OSError if the place cannot be read."""
    return {name.removeprefix(f"{INPUTS}/"): place.read(name) for name in place.names(INPUTS)}


def inputs_at(address: str) -> dict[str, bytes]:
    """Return the inputs of a batch at any address; UsageFault if there is none."""
    try:
        files = inputs_of(store(address))
    except OSError as error:
        raise UsageFault(f"{address} cannot be read: {error.strerror or error}") from None
    if STUDY_FILE not in files:
        raise UsageFault(f"there is no batch at {address}")
    return files


def fixed(loaded: Loaded) -> dict[str, str]:
    """Return hashes of what a batch is later compared with, taken before its first run."""
    return {
        "questions": questions_sha256(loaded.scenario),
        "mechanisms": mechanisms_sha256(loaded.scenario, loaded.injects),
        "parameters": parameters_sha256(loaded.scenario, loaded.injects),
    }


def open_target(target: str, overrides: StudyOverrides | None = None) -> PreparedStudy:
    """Read a study, a scenario or a batch folder; Invalid for faults in files, UsageFault for faults in overrides."""
    overrides = overrides or StudyOverrides()
    if "://" in target:
        return thaw_at(f"{target}/inputs", inputs_at(target), target, overrides)
    path = catalogue.find_study(target)
    if path is not None and path.is_dir():
        if overrides.injects:
            message = ": a batch folder keeps its scenario and injects; inject files cannot be added"
            raise UsageFault(flag("injects"), message)
        return thaw_at(str(path / "inputs"), inputs_of(store(str(path))), target, overrides)
    if path is None:
        loaded = load(target, overrides.injects)
        study = Study(name=loaded.scenario.name, scenario=target, injects=overrides.injects)
        return finish(study, loaded, loader(Path(), target, overrides.injects), overrides, target)
    problems: list[Problem] = []
    source = fetch(path, STUDY_FILE, problems)
    if source is None:
        raise Invalid(problems)
    return _from_file(source, path, overrides, target)


def _from_file(source: ScenarioSource, path: Path, overrides: StudyOverrides, target: str) -> PreparedStudy:
    root = reading.read_root(source.label, source.data)
    scenario, injects = reading.named(root)
    folder = path.resolve().parent
    place = str(folder / scenario) if exists(folder / scenario) else scenario
    files = (*(beside(folder, name) for name in injects), *overrides.injects)
    try:
        loaded = load(place, files)
    except Invalid as error:
        raise Invalid([*error.problems, *own_problems(Study, root)]) from None
    except UsageFault as error:
        raise Invalid([fault(keys(root)["scenario"][1], str(error)), *own_problems(Study, root)]) from None
    study = with_programs(reading.build(root, loaded), folder)
    load_with = loader(folder, place, files)
    for name, arm in study.arms.items():
        with _placed(root, "arms", name, "add"):
            load_with(arm.add)
    with _placed(root, "replications", only=TooFew if overrides.replications is None else ()):
        prepared = finish(study, loaded, load_with, overrides, target)
    try_file(prepared, root)
    return prepared


def open_data(data: Mapping[str, Any], overrides: StudyOverrides | None = None) -> PreparedStudy:
    """Return a study from Python data with the keys of a study file; paths are relative to the working folder.

    Invalid for faults, with their places as in `arms["soft"]["forbid"][0]`.
    """
    study = complete(data)
    source = ScenarioSource(Path(STUDY_FILE), LABEL, STUDY_FILE, written(study))
    with in_places(study):
        return _from_file(source, source.path, overrides or StudyOverrides(), str(study["name"]))


@contextmanager
def _placed(root: MappingNode, *path: str, only: Any = UsageFault) -> Iterator[None]:
    """Turn errors of the block into Invalid with the place in the study file."""
    try:
        yield
    except Invalid:
        raise
    except only as error:
        node: Node = root
        for step in path:
            node = keys(node)[step][1] if step in keys(node) else node
        raise Invalid([fault(node, str(error))]) from None


def run_of(
    prepared: PreparedStudy, arm: str | None, replication: int, journal: str
) -> tuple[Loaded, int, Settings, Players | None]:
    """Return the scenario, seed, settings and programs of a replication of an arm (None: the baseline).

    UsageFault if there is none, or if its programs cannot be started here.
    """
    name = prepared.study.against if arm is None else arm
    among(name, prepared.names, f"the study '{prepared.study.name}' has no arm '{shortened(name)}'")
    draws = prepared.points.draws if prepared.points is not None else ()
    if draws and replication >= len(draws):
        raise UsageFault(f"the design has {len(draws)} rows: there is no replication {replication}")
    loaded = rewritten(prepared.base(name, replication), prepared.parameters(name, replication))
    try_programs(prepared)
    return loaded, prepared.study.seed, prepared.settings(name, replication, journal), prepared.players(name)
