"""From what a user names to a batch that can be played: the study with all that was asked for, scenario and points.

`open_target` reads a study, a scenario or the folder of a batch; `freeze` says what to keep of it in a batch folder,
`thaw` makes the same again from there, which is what workers do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from wargame.batch import catalogue, reading
from wargame.batch.arms import parse_arm
from wargame.batch.design import SHARED, Points, make_points, read_points
from wargame.batch.model import BASELINE, Design, Factor, Measure, Stopping, Study
from wargame.batch.parameters import expanded, with_parameters
from wargame.batch.thresholds import Threshold, parse_threshold
from wargame.errors import Invalid, Problem, UsageFault, nearest
from wargame.language.expressions import ExpressionError
from wargame.scenario.canonical import digest
from wargame.scenario.catalogue import Source, exists, fetch, find_injects
from wargame.scenario.load import Loaded, load, load_files
from wargame.scenario.measures import Checker, Parsed, default_texts, free_name, parse_measure
from wargame.scenario.questions import Arm
from wargame.scenario.read import fault, keys
from wargame.scenario.read import text as text_of
from wargame.scenario.variants import under
from wargame.simulation.settings import Settings

STUDY_FILE = "study.yaml"
DESIGN_FILE = "design.csv"
MOST_POINTS_KEPT = 4
"""Scenarios with the numbers of a point, for each arm that has its own."""


@dataclass(frozen=True)
class Prepared:
    """A study ready to be played. `arms` holds the checked scenario of each arm, by its name."""

    study: Study
    arms: dict[str, Loaded]
    measures: tuple[Parsed, ...]
    points: Points | None
    target: str
    """As the user named it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_made", {})
        object.__setattr__(self, "_own", {})

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The arms, sorted."""
        return tuple(sorted(self.arms))

    @property
    def loaded(self) -> Loaded:
        """The scenario of the baseline."""
        return self.arms[self.study.against]

    @property
    def replications(self) -> int:
        """How many there are in each arm, if nothing stops the batch early."""
        return self.study.replications

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes of the scenario, sorted."""
        return tuple(sorted(self.loaded.scenario.outcomes))

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """What makes the batch fail."""
        return tuple(map(parse_threshold, self.study.thresholds))

    @cached_property
    def identity(self) -> str:
        """What decides the content of each row: the hash of study, scenario and script, but not of how many rows."""
        dull: dict[str, Any] = {"replications": 1, "stopping": None, "thresholds": (), "title": "", "summary": ""}
        arms = {name: replace(arm, add=(), title="") for name, arm in self.study.arms.items()}
        kept = replace(self.study, **dull, arms=arms, baseline=None, scenario="", injects=())
        hashes = {name: [loaded.scenario_sha256, loaded.injects_sha256] for name, loaded in self.arms.items()}
        return digest([plain(kept), hashes, self.points.text() if self.points else ""])

    def factors(self, replication: int) -> dict[str, float]:
        """The values of the study's factors in a replication."""
        if self.points is None:
            return {}
        return dict(zip(self.points.names, self.points.values[self.points.point(replication)], strict=True))

    def luck(self, replication: int) -> int:
        """The replication by which the draws of a replication are keyed."""
        return replication if self.points is None else self.points.luck_of(replication)

    def parameters(self, arm: str, replication: int) -> dict[str, float]:
        """The numbers of the scenario's files that a run changes, by their paths; an arm's own before a factor's."""
        factors = self.study.factors
        values = self.factors(replication).items()
        varied = {path: value for name, value in values if (path := factors[name].parameter) is not None}
        return varied | self.own(arm)

    def own(self, arm: str) -> dict[str, float]:
        """The numbers of the scenario's files that an arm changes; UsageFault if one of them cannot be."""
        found: dict[str, dict[str, float]] = self.__dict__["_own"]
        if arm not in found:
            found[arm] = expanded(self.arms_of[arm].parameters, self.arms[arm])
        return found[arm]

    def settings(self, arm: str, replication: int, journal: str = "none") -> Settings:
        """The settings of one run."""
        spec, study = self.arms_of[arm], self.study
        varied = ((study.factors[name].set, value) for name, value in self.factors(replication).items())
        return Settings(
            hand_over=spec.hand_over or study.hand_over,
            until=spec.until or study.until,
            replication=self.luck(replication),
            set=(*spec.set, *(f"{path}={value!r}" for path, value in varied if path is not None)),
            bar=spec.bar,
            force=spec.force,
            skip=spec.skip,
            seats=tuple(sorted(spec.seats.items())),
            strategies=tuple(sorted(spec.strategies.items())),
            leaders=tuple(sorted(spec.leaders.items())),
            journal=journal,
        )

    @property
    def arms_of(self) -> dict[str, Arm]:
        """The arms as they are written."""
        return self.study.arms

    def scenario_of(self, arm: str, replication: int) -> Loaded:
        """The scenario of one run, with the numbers of its point; the last few are kept."""
        values = self.parameters(arm, replication)
        if not values:
            return self.arms[arm]
        made: dict[Any, Loaded] = self.__dict__["_made"]
        key = (id(self.arms[arm]), tuple(sorted(values.items())))
        if key not in made:
            if len(made) >= MOST_POINTS_KEPT * len(self.arms):
                made.clear()
            made[key] = with_parameters(self.arms[arm], values)
        return made[key]


# --- opening ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line changes about a study or asks of a scenario; None leaves it as it is."""

    injects: tuple[str, ...] = ()
    replications: int | None = None
    seed: int | None = None
    arms: tuple[str, ...] = ()
    """`NAME=set PATH=V; bar …; strategy GOV=S` adds an arm, `NAME` alone chooses one of the study's."""
    measures: tuple[str, ...] = ()
    """In place of the study's."""
    also: tuple[str, ...] = ()
    """Besides the study's."""
    thresholds: tuple[str, ...] = ()
    until_ci: tuple[str, float] | None = None
    hand_over: str | None = None
    until: str | None = None
    design: str | None = None
    variant: str | None = None
    """One that the scenario declares; every arm is played under it."""
    events: bool = False


def open_target(target: str, wishes: Wishes | None = None) -> Prepared:
    """Reads a study, a scenario or a batch folder; Invalid or UsageFault tell what is wrong with it or the wishes."""
    wishes = wishes or Wishes()
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


def prepare(study: Study, loaded: Loaded, folder: Path, target: str) -> Prepared:
    """A study made by a program; what its arms add is looked for in `folder`, where the scenario lies."""
    return _finish(study, loaded, _adder(folder, target, ()), Wishes(), target)


def _from_file(source: Source, path: Path, wishes: Wishes, target: str) -> Prepared:
    root = reading.read_root(source.label, source.data)
    scenario, injects = reading.named(root)
    beside = path.resolve().parent
    place = str(beside / scenario) if exists(beside / scenario) else scenario
    files = (*(_beside(beside, name) for name in injects), *wishes.injects)
    study = reading.build(root, load(place, files))
    add = _adder(beside, place, files)
    made = _finish(study, load(place, files), add, wishes, target)
    _try_arms(made, root)
    return made


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
    study: Study, loaded: Loaded, add: Adder, wishes: Wishes, target: str, points: Points | None = None
) -> Prepared:
    """The study with the wishes of the command line, its arms loaded, its measures parsed, its points made."""
    study = _wished(study, wishes, loaded)
    if wishes.design:
        study, points = _design_file(study, wishes.design)
    elif study.design is not None and points is None:
        points = make_points(study.design, study.factors, study.seed)
    if points is not None:
        study = replace(study, replications=_count(study, points))
    arms = {name: add(arm.add) if arm.add else loaded for name, arm in study.arms.items()}
    return Prepared(study, arms, _measures(study, loaded), points, target)


def _count(study: Study, points: Points) -> int:
    count = len(points.values)
    if points.lucks:
        return count
    if study.replications < count:
        raise UsageFault(f"{study.replications} replications are fewer than the design's {count} points (raise -n)")
    return study.replications - study.replications % count


def _wished(study: Study, wishes: Wishes, loaded: Loaded) -> Study:
    arms = dict(study.arms) or {BASELINE: Arm()}
    chosen = [name for name in wishes.arms if "=" not in name]
    for name in chosen:
        if name not in arms:
            raise UsageFault(f"there is no arm '{name[:60]}' ({nearest(name, arms) or 'there are ' + ', '.join(arms)})")
    if chosen:
        against = replace(study, arms=arms).against
        arms = {name: arm for name, arm in arms.items() if name in (*chosen, against)}
    for text in wishes.arms:
        if "=" in text:
            name, arm = parse_arm(text, loaded)
            arms[name] = arm
    if wishes.variant is not None:
        arms = {name: under(arm, loaded.scenario, wishes.variant) for name, arm in arms.items()}
    changed: dict[str, Any] = {"arms": dict(sorted(arms.items()))}
    wanted = {"replications": wishes.replications, "seed": wishes.seed}
    wanted |= {"hand_over": wishes.hand_over, "until": wishes.until}  # type: ignore[dict-item]
    changed |= {name: value for name, value in wanted.items() if value is not None}
    if wishes.measures:
        texts = dict.fromkeys(" ".join(text.split()) for text in wishes.measures)
        changed["measures"] = tuple(Measure(formula=text) for text in texts)
    if wishes.until_ci:
        at = study.stopping.at if study.stopping else ()
        changed["stopping"] = Stopping(measure=wishes.until_ci[0], width=wishes.until_ci[1], at=at)
    changed["thresholds"] = (*study.thresholds, *wishes.thresholds)
    changed["events"] = study.events or wishes.events
    made = replace(study, **changed)
    measures = made.measures or tuple(Measure(formula=text) for text in default_texts(loaded.scenario))
    return _with_asked(replace(made, measures=measures), (*wishes.also,))


def _with_asked(study: Study, also: Iterable[str]) -> Study:
    """The study with the measures that thresholds and stopping ask for, if it has them not yet."""
    known = {measure.name or " ".join(measure.formula.split()) for measure in study.measures}
    asked = [*also, *(parse_threshold(text).measure for text in study.thresholds)]
    asked += [study.stopping.measure] if study.stopping else []
    more = [text for text in dict.fromkeys(" ".join(text.split()) for text in asked) if text not in known]
    for text in study.thresholds:
        arm = parse_threshold(text).arm
        if arm and arm not in study.arms:
            raise UsageFault(f"'{text}': there is no arm '{arm}' ({nearest(arm, study.arms) or ', '.join(study.arms)})")
    return replace(study, measures=(*study.measures, *(Measure(formula=text) for text in more)))


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


def _design_file(study: Study, path: str) -> tuple[Study, Points]:
    """A CSV file of points: its columns are factors of the study, or paths of indicators and parameters."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(f"--design {path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    points = read_points(text, SHARED, path)
    factors: dict[str, Factor] = {}
    labels = []
    for i, name in enumerate(points.names):
        levels = tuple(sorted({row[i] for row in points.values}))
        known = study.factors.get(name)
        label = name if known else re.sub(r"\W+", "_", name).strip("_")
        place = {"set": known.set, "parameter": known.parameter} if known else _where(name)
        factors[label] = Factor(**place, levels=levels)
        labels.append(label)
    design = Design(kind="points", points=len(points.values))
    return replace(study, factors=factors, design=design), replace(points, names=tuple(labels))


def _where(name: str) -> dict[str, Any]:
    return {"parameter": name} if "." in name else {"set": name}


# --- trying --------------------------------------------------------------------------------------


def try_arms(prepared: Prepared) -> None:
    """Sets up one run of each arm; UsageFault names the first arm that makes no sense, before anything is played."""
    for arm in prepared.names:
        if (message := _fault_of(prepared, arm)) is not None:
            raise UsageFault(f"arm '{arm}': {message}")


def _fault_of(prepared: Prepared, arm: str) -> str | None:
    from wargame.simulation.exercise import Exercise

    try:
        Exercise(prepared.scenario_of(arm, 0), prepared.study.seed, prepared.settings(arm, 0))
    except UsageFault as error:
        return str(error)
    return None


def _try_arms(prepared: Prepared, root: Any) -> None:
    """As `try_arms`, with the places of a study file."""
    written = keys(keys(root).get("arms", (None, None))[1])
    found = ((arm, _fault_of(prepared, arm)) for arm in prepared.names if arm in written)
    problems = [fault(written[arm][1], f"arm '{arm}': {told}") for arm, told in found if told is not None]
    if problems:
        raise Invalid(problems)


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


def thaw(files: Mapping[str, bytes], target: str, wishes: Wishes | None = None) -> Prepared:
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
    return _finish(study, loaded, add, wishes or Wishes(), target, points)


def _thawed(root: Any, loaded: Loaded, files: Mapping[str, bytes]) -> tuple[Study, Points | None]:
    if DESIGN_FILE not in files:
        return reading.build(root, loaded), None
    kind = text_of(keys(keys(root)["design"][1])["kind"][1])
    luck = SHARED if kind in ("grid", "one_at_a_time", "points") else "own"
    points = read_points(files[DESIGN_FILE].decode(), luck, DESIGN_FILE)
    return reading.build(root, loaded, frozen=True), points


def _inputs(folder: Path) -> dict[str, bytes]:
    top = folder / "inputs"
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}


def plain(value: Any) -> Any:
    """JSON data of a study as its file has it; fields that hold their default are left out, but the format."""
    if is_dataclass(value) and not isinstance(value, type):
        made = {}
        for item in fields(value):
            held = getattr(value, item.name)
            default = item.default_factory() if item.default_factory is not MISSING else item.default
            if held != default or item.name == "format":
                made[item.name] = f"{held}s" if item.name == "every" else plain(held)
        return made
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value
