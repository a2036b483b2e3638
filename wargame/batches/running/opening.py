"""From what a user names to a batch that can be run: `open_target` reads a study, a scenario or a batch folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node

from wargame.batches.running.frozen import inputs_at, inputs_of, thaw_at
from wargame.batches.running.store import store
from wargame.batches.study import catalogue, from_data, reading
from wargame.batches.study.assembly import TooFew, beside, finish, loader
from wargame.batches.study.catalogue import STUDY_FILE
from wargame.batches.study.model import Study
from wargame.batches.study.overrides import StudyOverrides, with_programs
from wargame.batches.study.parameters import rewritten
from wargame.batches.study.prepared import PreparedStudy
from wargame.batches.study.trials import try_file, try_programs
from wargame.brains.specification import Players
from wargame.errors import Invalid, Problem, UsageFault, among, shortened
from wargame.scenario.building.build import own_problems
from wargame.scenario.building.yaml_nodes import fault, keys
from wargame.scenario.loading.catalogue import ScenarioSource, exists, fetch
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.kernel.settings import Settings


def open_target(target: str, overrides: StudyOverrides | None = None) -> PreparedStudy:
    """Read a study, a scenario or a batch folder; Invalid for faults in files, UsageFault for faults in overrides."""
    overrides = overrides or StudyOverrides()
    if "://" in target:
        return thaw_at(f"{target}/inputs", inputs_at(target), target, overrides)
    path = catalogue.find(target)
    if path is not None and path.is_dir():
        if overrides.injects:
            raise UsageFault("--injects: a batch folder keeps its scenario and injects; inject files cannot be added")
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
    study = from_data.complete(data)
    source = ScenarioSource(Path(STUDY_FILE), from_data.LABEL, STUDY_FILE, from_data.written(study))
    with from_data.in_places(study):
        return _from_file(source, source.path, overrides or StudyOverrides(), str(study["name"]))


@contextmanager
def _placed(root: MappingNode, *path: str, only: Any = UsageFault) -> Iterator[None]:
    """Turns errors of the block into Invalid with the place in the study file."""
    try:
        yield
    except Invalid:
        raise
    except only as error:
        node: Node = root
        for step in path:
            node = keys(node)[step][1] if step in keys(node) else node
        raise Invalid([fault(node, str(error))]) from None


def one_run(
    target: str,
    arm: str | None,
    replication: int,
    *,
    injects: tuple[str, ...],
    seed: int | None,
    variant: str | None,
    journal: str,
) -> tuple[Loaded, int, Settings, Players | None]:
    """Return the scenario, seed, settings and programs of a replication of an arm (None: the baseline).

    UsageFault if there is none, or if its programs cannot be started here.
    """
    prepared = open_target(target, StudyOverrides(injects=injects, seed=seed, variant=variant))
    return run_of(prepared, arm, replication, journal)


def run_of(
    prepared: PreparedStudy, arm: str | None, replication: int, journal: str
) -> tuple[Loaded, int, Settings, Players | None]:
    """Return as `one_run`, of a prepared study."""
    name = prepared.study.against if arm is None else arm
    among(name, prepared.names, f"the study '{prepared.study.name}' has no arm '{shortened(name)}'")
    draws = prepared.points.draws if prepared.points is not None else ()
    if draws and replication >= len(draws):
        raise UsageFault(f"the design has {len(draws)} rows: there is no replication {replication}")
    loaded = rewritten(prepared.arms[name], prepared.parameters(name, replication))
    try_programs(prepared)
    return loaded, prepared.study.seed, prepared.settings(name, replication, journal), prepared.players(name)
