"""The inputs of a batch as files in its folder, and the batch that these files make again."""

import json
from collections.abc import Mapping
from dataclasses import replace

from wargame.batches.running.store import Store, store
from wargame.batches.study import reading
from wargame.batches.study.assembly import finish
from wargame.batches.study.catalogue import STUDY_FILE
from wargame.batches.study.design import LISTED, OWN, SHARED, read_points
from wargame.batches.study.overrides import StudyOverrides
from wargame.batches.study.prepared import PreparedStudy, plain
from wargame.errors import Invalid, Problem, UsageFault
from wargame.journal.folder import INPUTS
from wargame.scenario.building.numbers import mechanisms_sha256, parameters_sha256, questions_sha256
from wargame.scenario.building.yaml_nodes import keys
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.loading.load import Loaded, load_files

DESIGN_FILE = "design.csv"


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
    return files


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
    loaded = load_files(base)
    root = reading.read_root(STUDY_FILE, files[STUDY_FILE])
    extra = {name: data for name, data in files.items() if name.startswith("arms/")}

    def load_with(names: tuple[str, ...]) -> Loaded:
        return load_files(base | {name.split("/", 2)[2]: extra[name] for name in names})

    # Arms may refer to ids of their own files, so the study is checked against all files together.
    every = load_files(base | {name.split("/", 2)[2]: data for name, data in extra.items()}) if extra else loaded
    points = None
    if DESIGN_FILE in files:
        kind = text_of(keys(keys(root)["design"][1])["kind"][1])
        sharing = {"sobol": LISTED, "latin_hypercube": OWN}.get(kind, SHARED)
        points = read_points(files[DESIGN_FILE].decode(), sharing, DESIGN_FILE)
    study = reading.build(root, every, frozen=points is not None)
    return finish(study, loaded, load_with, overrides or StudyOverrides(), target, points)


def thaw_at(
    where: str, files: Mapping[str, bytes], target: str, overrides: StudyOverrides | None = None
) -> PreparedStudy:
    """Return as `thaw`, for inputs in the folder `where`, which is named in the problems."""
    if not files:
        raise Invalid([Problem(where, 0, 0, "contains no input files", "restore the folder")])
    if STUDY_FILE not in files:
        raise Invalid([Problem(f"{where}/{STUDY_FILE}", 0, 0, "is missing", "restore the folder")])
    try:
        return thaw(files, target, overrides)
    except Invalid as error:
        raise Invalid(replace(each, file=_stored_at(where, each.file, files)) for each in error.problems) from None
    except UsageFault as error:
        if overrides not in (None, StudyOverrides()):  # it may be about them
            raise
        raise Invalid([Problem(f"{where}/{STUDY_FILE}", 0, 0, str(error), "restore the folder")]) from None


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
    """Hashes of what a batch is later compared with, taken before its first run."""
    return {
        "questions": questions_sha256(loaded.scenario),
        "mechanisms": mechanisms_sha256(loaded.scenario, loaded.injects),
        "parameters": parameters_sha256(loaded.scenario, loaded.injects),
    }
