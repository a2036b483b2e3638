"""A study ready to run: its arms with their scenarios, its measures and points, and the settings of each run.

Each arm, and each factor at its ends, is set up once before any run, so that errors are found then.
"""

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

from yaml.nodes import Node, SequenceNode

from wargame import plugins
from wargame.batches.study.design import OWN, DesignPoints
from wargame.batches.study.model import Study, combined
from wargame.batches.study.parameters import expanded, fault_of, known_of_paths, under, with_parameters
from wargame.batches.study.thresholds import Threshold, parse_threshold
from wargame.brains.llm.settings import LlmOptions
from wargame.brains.specification import BrainSpec, Conditions, Players, brain_of, is_brain
from wargame.errors import Invalid, Problem, SettingErrors, UsageFault
from wargame.language.times import DAY
from wargame.scenario.building.numbers import ScenarioNumber, digest, matching, numbers, without_unit
from wargame.scenario.building.yaml_nodes import fault, keys, plain_key, value_of
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.measures import PLUGIN, Parsed
from wargame.scenario.model.questions import Arm
from wargame.simulation.kernel.settings import Settings

MOST_POINTS_KEPT = 4
"""Scenarios with the numbers of a point that are kept, for each arm."""
MOST_TRIED = 60
"""Combinations of choices in which an arm is tried before the first run."""


@dataclass(frozen=True, repr=False)
class PreparedStudy:
    """A study ready to run. `arms` has the checked scenario of each arm by its name, before any variant of the arm."""

    study: Study
    arms: dict[str, Loaded]
    measures: tuple[Parsed, ...]
    points: DesignPoints | None
    target: str
    """The study, scenario or folder as the user named it."""
    _scenarios: dict[Any, Loaded] = field(default_factory=dict, init=False, repr=False, compare=False)
    _own: dict[tuple[str, int], dict[str, float]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _varied: dict[tuple[int, str], Loaded] = field(default_factory=dict, init=False, repr=False, compare=False)
    _horizons: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"PreparedStudy({self.study.name!r}, arms={list(self.names)}, replications={self.replications})"

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
        """The runs in each arm, if the batch is not stopped early."""
        return self.study.replications

    @property
    def quick_look(self) -> tuple[int, int] | None:
        """The points that are run and those that the study declares, if `-n` asks for fewer runs than points."""
        points, design = self.points, self.study.design
        if points is None or design is None or points.sharing != OWN or len(points.values) >= design.points:
            return None
        return len(points.values), design.points

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes of the scenario, sorted."""
        return tuple(sorted(self.loaded.scenario.outcomes))

    @cached_property
    def measured(self) -> dict[str, Parsed]:
        """The measures by name."""
        return {each.name: each for each in self.measures}

    @cached_property
    def varied_numbers(self) -> dict[str, ScenarioNumber]:
        """The numbers of the scenario by path, with those inside formulas that factors vary."""
        paths = (each.parameter for each in self.study.factors.values() if each.parameter)
        return known_of_paths(self.loaded, paths)

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The thresholds that make the batch fail."""
        return tuple(map(parse_threshold, self.study.thresholds))

    @cached_property
    def identity(self) -> str:
        """The hash of what decides the content of rows: study, scenario and script, but not how many rows there are."""
        ignored: dict[str, Any] = {"replications": 1, "stopping": None, "thresholds": (), "title": "", "summary": ""}
        ignored |= {"decision": None, "game": None}  # their measures and arms are part of the study
        arms = {name: replace(arm, add=(), title="") for name, arm in self.study.arms.items()}
        identifying = replace(self.study, **ignored, arms=arms, baseline=None, scenario="", injects=())
        programs = sorted(spec.sha256(self.study.programs.prompt) for name in self.names for spec in self.specs(name))
        hashes = {name: [loaded.scenario_sha256, loaded.injects_sha256] for name, loaded in self.arms.items()}
        points = self.points.text() if self.points else ""
        variants = [self._under(self.loaded, name).scenario_sha256 for name in self.variants]
        return digest([plain(identifying), hashes, points, *(each for each in (programs, variants) if each)])

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """The variants of the scenario that arms and choices name, sorted."""
        every = [*self.study.arms.values(), *(each for of in self.study.factors.values() for each in of.choices)]
        return tuple(sorted({each.variant for each in every if each.variant}))

    def _under(self, loaded: Loaded, variant: str | None) -> Loaded:
        """Return a variant of a scenario, built once; the scenario itself without one."""
        if variant is None:
            return loaded
        key = id(loaded), variant
        if key not in self._varied:
            self._varied[key] = under(loaded, variant)
        return self._varied[key]

    def changes(self, arm: str, replication: int) -> Arm:
        """Return what an arm changes in a replication, with the choices of this."""
        return combined([*self.chosen(replication), self.study.arms[arm]])

    def base(self, arm: str, replication: int) -> Loaded:
        """Return the scenario of a run before its numbers are changed: the variant of its arm or of a choice."""
        return self._under(self.arms[arm], self.changes(arm, replication).variant)

    def specs(self, arm: str) -> tuple[BrainSpec, ...]:
        """Return the programs in the seats of an arm, whether or not they can be started here."""
        seats = sorted(self.study.arms[arm].seats.items())
        return tuple(brain_of(government, kind, check=False) for government, kind in seats if is_brain(kind))

    def players(self, arm: str) -> Players | None:
        """Return the programs of an arm and how they are asked; None if it has none."""
        specs, how = self.specs(arm), self.study.programs
        given = {name: getattr(how, name) for name in ("failed", "white_cell", "mechanism")}
        conditions = Conditions(timeout=float(how.timeout), **given)
        llm = LlmOptions(**{each.name: getattr(how, each.name) for each in fields(LlmOptions)})
        return Players(specs=specs, conditions=conditions, llm=llm) if specs or how.mechanism else None

    def factors(self, replication: int) -> dict[str, float]:
        """Return the values of the study's factors in a replication."""
        if self.points is None:
            return {}
        return dict(zip(self.points.names, self.points.values[self.points.point(replication)], strict=True))

    def state(self, replication: int, *, choices: bool = False) -> str:
        """Return the values of factors in a replication, or of `choices` alone: `STARTEX is March, Strain is 0.2`."""
        values = ((self.study.factors[name], name, value) for name, value in self.factors(replication).items())
        shown = ((factor, name, value) for factor, name, value in values if factor.choices or not choices)
        return ", ".join(f"{each.title or name} is {each.range_text(value, value)}" for each, name, value in shown)

    def draws(self, replication: int) -> int:
        """Return the number that keys the random draws of a replication."""
        return replication if self.points is None else self.points.draws_of(replication)

    def parameters(self, arm: str, replication: int) -> dict[str, float]:
        """Return the numbers of the scenario that a run changes, by path; an arm takes precedence over factors."""
        factors = self.study.factors
        values = self.factors(replication).items()
        varied = {path: value for name, value in values if (path := factors[name].parameter) is not None}
        for choice in self.chosen(replication):
            varied |= expanded(choice.parameters, self.base(arm, replication))
        return varied | self.own(arm, replication)

    def chosen(self, replication: int) -> list[Arm]:
        """Return the choices of a replication."""
        every = ((self.study.factors[name].choices, value) for name, value in self.factors(replication).items())
        return [choices[int(value)] for choices, value in every if choices]

    def own(self, arm: str, replication: int = 0) -> dict[str, float]:
        """Return the numbers of the scenario that an arm changes, by path; UsageFault if one cannot be changed so."""
        base = self.base(arm, replication)
        key = arm, id(base)
        if key not in self._own:
            self._own[key] = expanded(self.study.arms[arm].parameters, base)
        return self._own[key]

    def horizon(self, arm: str) -> float:
        """Return days from STARTEX of an arm to its ENDEX."""
        from wargame.simulation.exercise import Exercise

        if arm not in self._horizons:
            exercise = Exercise(self.arms[arm], self.study.seed, self.settings(arm, 0))
            self._horizons[arm] = (exercise.end - exercise.calendar.startex) / DAY
        return self._horizons[arm]

    def settings(self, arm: str, replication: int, journal: str = "none", *, programs: bool = True) -> Settings:
        """Return the settings of one run; UsageFault if programs of the arm cannot play here (`programs`)."""
        spec, study = self.changes(arm, replication), self.study
        if not programs and self.specs(arm):
            raise UsageFault(f"arm '{arm}' has programs in seats: only wargame run and wargame batch play them")
        varied = ((study.factors[name].set, value) for name, value in self.factors(replication).items())
        return Settings(
            startex=spec.startex or study.startex,
            until=spec.until or study.until,
            replication=self.draws(replication),
            set=(*spec.set, *(f"{path}={value!r}" for path, value in varied if path is not None)),
            forbid=spec.forbid,
            force=spec.force,
            skip=spec.skip,
            seats=tuple((name, "human" if is_brain(kind) else kind) for name, kind in sorted(spec.seats.items())),
            limits=tuple(sorted(spec.limits.items())),
            strategies=tuple(sorted(spec.strategies.items())),
            leaders=tuple(sorted(spec.leaders.items())),
            turn=spec.turn,
            journal=journal,
        )

    def scenario_of(self, arm: str, replication: int) -> Loaded:
        """Return the scenario of one run, with the numbers of its point; the last few are cached."""
        values, base = self.parameters(arm, replication), self.base(arm, replication)
        if not values:
            return base
        cache = self._scenarios
        key = (id(base), tuple(sorted(values.items())))
        if key not in cache:
            if len(cache) >= MOST_POINTS_KEPT * len(self.arms):
                cache.clear()
            cache[key] = with_parameters(base, values)
        return cache[key]


def plain(value: Any) -> Any:
    """Return the JSON data of a study as in its file; fields with their default are left out, except the format."""
    if is_dataclass(value) and not isinstance(value, type):
        data = {}
        for item in fields(value):
            content = getattr(value, item.name)
            default = item.default_factory() if item.default_factory is not MISSING else item.default
            if content != default or item.name == "format":
                is_period = item.name in ("every", "timeout", "until") and not isinstance(content, str)
                data[item.name] = f"{content}s" if is_period else plain(content)
        if isinstance(value, Arm) and value.parameters:
            data["parameters"] = {path: float(number) for path, number in value.parameters.items()}
        return data
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value


def try_arms(prepared: PreparedStudy) -> None:
    """Set up one run of each arm and at each factor's ends; UsageFault for the first that cannot be set up."""
    for factor in prepared.study.factors:
        if (message := _fault_of_factor(prepared, factor)) is not None:
            raise UsageFault(f"factor '{factor}': ", message)
    for arm in prepared.names:
        if faults := _faults_of(prepared, arm):
            raise UsageFault(*[part for _, message in faults for part in ("\n", f"arm '{arm}': ", message)][1:])


def try_plugins(prepared: PreparedStudy) -> None:
    """Raise UsageFault if no installed package adds a measure or the mechanism of the study."""
    if mechanism := prepared.study.programs.mechanism:
        plugins.find("mechanisms", mechanism)
    for measure in prepared.measures:
        for call in measure.calls.values():
            if call.function == PLUGIN:
                plugins.find("measures", call.args[0])


def try_programs(prepared: PreparedStudy) -> None:
    """Raise UsageFault for the first program in a seat that cannot be started here."""
    for arm in prepared.names:
        for government, kind in sorted(prepared.study.arms[arm].seats.items()):
            if is_brain(kind):
                try:
                    brain_of(government, kind)
                except UsageFault as error:
                    raise UsageFault(f"arm '{arm}': {error}") from None


def _faults_of(prepared: PreparedStudy, arm: str) -> list[tuple[str, str]]:
    """Return what is wrong with an arm: pairs of the entry, empty if unknown, and the message.

    Each combination of choices is tried, and named where only some of them are wrong.
    """
    found = dict[tuple[str, str], list[int]]()
    points = range(len(prepared.points.values) if prepared.points else 1)
    states = sorted({prepared.state(i, choices=True): i for i in reversed(points)}.values())[:MOST_TRIED]
    for state in states:
        for each in _faults_in(prepared, arm, state):
            found.setdefault(each, []).append(state)

    return [
        (entry, message + f" (where {prepared.state(wrong[0], choices=True)})" if len(wrong) < len(states) else message)
        for (entry, message), wrong in found.items()
    ]


def _faults_in(prepared: PreparedStudy, arm: str, replication: int) -> Iterator[tuple[str, str]]:
    from wargame.simulation.exercise import Exercise

    loaded = prepared.arms[arm]
    try:
        loaded = prepared.scenario_of(arm, replication)
    except UsageFault as error:
        yield "parameters", error.said.typed()
    try:
        Exercise(loaded, prepared.study.seed, prepared.settings(arm, replication))
    except SettingErrors as error:
        yield from ((each.text, each.message) for each in error.faults)
    except UsageFault as error:
        yield "", error.said.typed()


def _fault_of_factor(prepared: PreparedStudy, name: str) -> str | None:
    """Return what is wrong with the smallest or the largest value of a factor; None if nothing."""
    points = prepared.points
    if points is None or name not in points.names:
        return None
    column = [row[points.names.index(name)] for row in points.values]
    return fault_of_value(prepared, name, min(column)) or fault_of_value(prepared, name, max(column))


def fault_of_value(prepared: PreparedStudy, name: str, value: float) -> str | None:
    """Return what is wrong with a value of a factor; None if nothing."""
    from wargame.simulation.exercise import Exercise

    study = prepared.study
    factor = study.factors[name]
    if factor.choices:
        return _fault_of_choice(prepared, factor.choices[int(value)]) if value in factor.levels else "no such choice"
    if factor.parameter is not None:
        return fault_of(factor.parameter, value, prepared.varied_numbers) or None
    try:
        Exercise(prepared.loaded, study.seed, Settings(set=(f"{factor.set}={value!r}",), journal="none"))
    except SettingErrors as error:
        return error.faults[0].message
    except UsageFault as error:
        return error.said.typed()
    return None


def _fault_of_choice(prepared: PreparedStudy, choice: Arm) -> str | None:
    alone = replace(prepared.study, arms={"choice": choice}, factors={}, design=None, baseline=None)
    study = replace(prepared, study=alone, arms={"choice": prepared.loaded}, points=None)
    return next((message for _, message in _faults_of(study, "choice")), None)


def try_file(prepared: PreparedStudy, root: Any) -> None:
    """Check as `try_arms`, for a study file with this root node: Invalid with the places of all faults."""
    factors = keys(value_of(root, "factors"))
    faults = ((name, _fault_of_factor(prepared, name)) for name in prepared.study.factors if name in factors)
    problems = [fault(factors[name][1], f"factor '{name}': " + each) for name, each in faults if each is not None]
    arms, game = keys(value_of(root, "arms")), prepared.study.game
    for name in prepared.names if not problems else ():  # a factor is part of every arm
        written = {
            part: arms[part][1] for part in (name, *(game.profiles.get(name, ()) if game else ())) if part in arms
        }
        for entry, message in (wrong := _faults_of(prepared, name)):
            own = next((part for part, node in written.items() if _entry(node, entry) is not node), name)
            node = written.get(own) or value_of(root, "game") or value_of(root, "search") or root
            problems.append(fault(_entry(node, entry), f"arm '{own}': " + message))
        problems += _units(prepared, name, arms[name][1]) if name in arms and not wrong else ()
    if problems:
        raise Invalid(dict.fromkeys(problems))


def _entry(arm: Node, text: str) -> Node:
    """Return the node of a setting in an arm; that of the arm itself if it is not found."""
    name, _, number = text.partition(".")
    for key, (_, node) in keys(arm).items():
        if key == name and isinstance(node, SequenceNode) and number.isdigit():
            place: Node = node.value[int(number) - 1]
            return place
        if key == text:
            return node
        if isinstance(node, SequenceNode):
            places: dict[str, Node] = {text_of(item): item for item in node.value}
        else:
            places = {f"{name}={text_of(value)}": value for name, (_, value) in keys(node).items()}
        if text in places:
            return places[text]
    return arm


def _units(prepared: PreparedStudy, arm: str, node: Node) -> Iterator[Problem]:
    """Yield problems of parameters of an arm that are durations and have no unit."""
    written = keys(value_of(node, "parameters"))
    known = numbers(prepared.loaded.scenario, prepared.loaded.injects) if written else {}
    for path, (_, value) in written.items():
        if message := without_unit(text_of(value), (known[each] for each in matching(plain_key(path), known))):
            yield fault(value, f"arm '{arm}': " + message)
