"""Reads a study file by the annotations of its model and checks it against its scenario."""

import re
from dataclasses import fields, replace
from itertools import product

from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.batches.study.catalogue import STUDY_FORMAT
from wargame.batches.study.design import DRAWS
from wargame.batches.study.model import Design, Factor, Search, Study
from wargame.batches.study.parameters import known_of_paths
from wargame.batches.study.thresholds import parse_threshold
from wargame.errors import Invalid, Problem, UsageFault, flag, is_newer, nearest, newer, shortened
from wargame.language.expressions import ExpressionError, parse_path
from wargame.language.times import parse_time
from wargame.scenario.building.build import entries
from wargame.scenario.building.draft import SECTIONS
from wargame.scenario.building.numbers import ScenarioNumber, at, matching, plausible
from wargame.scenario.building.scalars import UNBUILT, ReadContext
from wargame.scenario.building.yaml_nodes import fault, keys, read, text, value_of
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.annotations import Formula
from wargame.scenario.model.measures import Checker, free_name, parse_measure
from wargame.scenario.model.questions import Arm, Spread

ENOUGH_LEVELS = 2
SHADOW = "remove one of the two, or let the arm set it later (@D+1)"


def read_root(label: str, data: bytes) -> MappingNode:
    """Return the file as YAML nodes; Invalid with all faults of its YAML, or if it is not a study."""
    problems: list[Problem] = []
    root = read(label, data, problems)
    if root is None or problems:
        raise Invalid(problems)
    entry = keys(root).get("format")
    if entry is not None and is_newer(text(entry[1]), (STUDY_FORMAT,)):
        raise Invalid([fault(entry[1], *newer(text(entry[1]), (STUDY_FORMAT,)))])
    if entry is None or text(entry[1]) != STUDY_FORMAT:
        message = f"unknown format '{shortened(text(entry[1]))}'" if entry else "`format` is missing"
        remedy = f"a study begins with `format: {STUDY_FORMAT}`"
        raise Invalid([fault(entry[1] if entry else root, message, remedy)])
    return root


def named(root: MappingNode) -> tuple[str, tuple[str, ...]]:
    """Return the scenario and the inject files that a study names; Invalid if it names no scenario."""
    top = keys(root)
    scenario = text(top["scenario"][1]) if "scenario" in top else ""
    if not scenario:
        raise Invalid([fault(root, "`scenario` is missing", "write the scenario of the study")])
    listed = top["injects"][1] if "injects" in top else None
    return scenario, tuple(text(item) for item in listed.value) if isinstance(listed, SequenceNode) else ()


def build(root: MappingNode, loaded: Loaded, *, frozen: bool = False) -> Study:
    """Return the study, checked against its scenario; Invalid with all faults. `frozen`: its points are in a file."""
    reading = ReadContext(ids(loaded))
    values = entries(Study, root, reading) or {}
    bad = [name for name, value in values.items() if value is UNBUILT]
    study = None if bad else Study(**values)
    checker = Checker(loaded.scenario, loaded.injects)
    for use in reading.uses:
        try:
            if isinstance(use.meta, Formula):
                checker.check(parse_measure(use.text))
            else:
                checker.check(parse_measure(f"mean({use.text})"))
                if use.trail[0] in ("factors", "search"):
                    name = parse_path(use.text).name
                    message = f"`{name}` cannot be set: it is derived or maintained by the engine"
                    reading.problems += [] if checker.table[name].base else [fault(use.node, message)]
        except ExpressionError as error:
            reading.problems.append(fault(use.node, error.message, column=error.column))
    if study is not None:
        study = _Check(study, root, loaded, reading).checked(frozen=frozen)
    if reading.problems or study is None:
        raise Invalid(reading.problems)
    return study


def ids(loaded: Loaded) -> dict[str, frozenset[str]]:
    """Return the ids of each kind that a study may refer to."""
    ids_by_kind = {kind: frozenset(getattr(loaded.scenario, section)) for kind, section in SECTIONS.items()}
    ids_by_kind["variant"] = frozenset(loaded.scenario.evidence.variants)
    ids_by_kind["inject"] = frozenset(inject.id for inject in loaded.injects)
    ids_by_kind["inject or row"] = ids_by_kind["inject"] | {row.id for row in loaded.scenario.history}
    return ids_by_kind


def conflicting_change(arm: Arm, factor: Factor) -> str:
    """Return the change of an arm that conflicts with a factor, because both set the same number; empty if none."""
    for choice, item in product(factor.choices, fields(Arm)):
        value, own = getattr(choice, item.name), getattr(arm, item.name)
        both = value.keys() & own.keys() if isinstance(value, dict) else value and own and isinstance(value, str)
        if both and item.name != "title":
            return f"the arm sets `{item.name}`"
    if factor.set is not None:
        written = ((text, text.partition("=")) for text in arm.set)
        same = (text for text, (path, _, value) in written if _same(path, factor.set) and "@" not in value)
        return next((f"the arm sets {text}" for text in same), "")
    same = (path for path in arm.parameters if matching(path, {factor.parameter or "": None}))
    return next((f"the arm sets {path}" for path in same), "")


def _same(one: str, other: str) -> bool:
    return re.sub(r"\s", "", one) == re.sub(r"\s", "", other)


def _spread_over(factor: Factor, number: ScenarioNumber, spread: Spread) -> Factor:
    """Return the factor with the plausible range of its number in the scenario; five levels if it must be whole."""
    shares = (0.0, 0.25, 0.5, 0.75, 1.0) if number.whole else (0.0, 1.0)
    values = tuple(dict.fromkeys(at(number, spread, share) for share in shares))
    return replace(factor, levels=values) if number.whole else replace(factor, range=(values[0], values[-1]))


class _Check:
    """Checks between the elements of a study."""

    def __init__(self, study: Study, root: MappingNode, loaded: Loaded, reading: ReadContext) -> None:
        self.study, self.root, self.loaded, self.reading = study, root, loaded, reading

    def fault(self, path: tuple[str | int, ...], message: str, remedy: str = "") -> None:
        """Add a problem at the value of `path`, or at the nearest node above it."""
        node: Node = self.root
        for step in path:
            below = node.value[step] if isinstance(step, int) and isinstance(node, SequenceNode) else None
            below = below or value_of(node, str(step))
            if below is None:
                break
            node = below
        self.reading.problems.append(fault(node, message, remedy))

    def checked(self, *, frozen: bool) -> Study:
        """Return the study with its factors completed by ranges of the scenario."""
        study = self.study
        if study.baseline is not None and study.baseline not in study.arms:
            self.fault(("baseline",), f"there is no arm '{study.baseline}'", nearest(study.baseline, study.arms))
        for key, written in (("startex", study.startex), ("until", study.until)):
            try:
                parse_time(written) if written is not None else None
            except ValueError as error:
                self.fault((key,), str(error))
        factors = study.factors
        if not frozen:
            factors = {name: self._factor(("factors", name), factor) for name, factor in factors.items()}
            self._design()
            self._shadows()
        self._names()
        for i, threshold in enumerate(study.thresholds):
            self._threshold(i, threshold)
        for i, formula in enumerate(study.decision.observables.values() if study.decision else ()):
            self._measure(("decision", "watch", "paths", i), formula)
        game = study.game
        if game and not game.is_laid_out(study.arms):
            if message := game.fault(study.arms, self.loaded.scenario.strategies):
                self.fault(("game", "players"), message)
            for government in game.goals:
                self._measure(("game", "goals", government), game.goal(government))
        if study.stopping is not None:
            self._measure(("stopping", "measure"), study.stopping.measure)
        return replace(study, factors=factors, search=self._search())

    def _search(self) -> Search | None:
        """Return the search with its levers completed, unless its policies are arms already."""
        search, arms = self.study.search, self.study.arms
        if search is None or search.tried:
            if missing := [each for each in (search.tried if search else ()) if each not in arms]:
                remedy = "leave out `tried`: the search writes it"
                self.fault(("search", "tried"), f"there is no arm '{missing[0]}'", remedy)
            return search
        each = search.levers.items()
        return replace(search, levers={name: self._factor(("search", "levers", name), lever) for name, lever in each})

    def _factor(self, where: tuple[str, ...], factor: Factor) -> Factor:
        if factor.range is not None and factor.range[0] >= factor.range[1]:
            low, high = factor.range
            self.fault((*where, "range"), f"the range goes from {low:g} to {high:g}", "write the lower end first")
        if factor.range is not None and factor.levels:
            self.fault((*where, "levels"), "`range` and `levels` exclude each other: write one of them")
        if factor.levels and len(set(factor.levels)) < max(ENOUGH_LEVELS, len(factor.levels)):
            self.fault((*where, "levels"), "at least two different levels are needed, each once")
        if factor.choices:
            if len(factor.choices) < ENOUGH_LEVELS or factor.levels or factor.range:
                self.fault((*where, "choices"), "a choice needs at least two `choices`, without `range` and `levels`")
            return replace(factor, levels=tuple(map(float, range(len(factor.choices)))))
        if factor.parameter is not None:
            return self._parameter((*where, "parameter"), factor)
        if factor.range is None and not factor.levels:
            self.fault(where, "`range` or `levels` is missing", "write the values that it takes")
        return factor

    def _parameter(self, where: tuple[str, ...], factor: Factor) -> Factor:
        known = {parameter.path: parameter for parameter in self.loaded.parameters}
        found = known.get(factor.parameter or "")
        every = known_of_paths(self.loaded, [factor.parameter or ""])
        if found is None:
            if factor.parameter not in every:
                hint = nearest(factor.parameter or "", [*known, *every]) or "its keys in the files, joined by dots"
                self.fault(where, f"the scenario has no number '{factor.parameter}'", hint)
            elif factor.range is None and not factor.levels:
                spread = plausible(self.loaded.scenario.evidence.uncertainty, every).get(factor.parameter)
                if spread is not None:
                    return _spread_over(factor, every[factor.parameter], spread[1])
                self.fault(where, f"'{factor.parameter}' has no range in the scenario", "write `range` here")
            return factor
        if (
            found.path in every
            and every[found.path].whole
            and any(v != int(v) for v in (*(factor.range or ()), *factor.levels))
        ):
            self.fault(where, f"'{found.path}' is a whole number", "give whole levels")
        if factor.range is not None or factor.levels:
            return factor
        if found.low is None or found.high is None or found.low >= found.high:
            self.fault(where, f"'{found.path}' has no range in the scenario", "write `range` here")
            return factor
        return replace(factor, range=(found.low, found.high))

    def _design(self) -> None:
        study = self.study
        if study.factors and study.design is None:
            self.fault(("factors",), "there are factors but no `design`", "such as `design: grid`")
        if study.design is not None and not study.factors:
            self.fault(("design",), "there is a design but no `factors`")
        if study.design is not None:
            self._size(study.design)
        if study.design is not None and study.design.kind == "sobol" and study.stopping is not None:
            self.fault(("stopping",), "Sobol's design needs all of its runs: it cannot stop early", "remove `stopping`")

    def _shadows(self) -> None:
        """Find two factors or levers of one number, and factors that an arm overrides."""
        study, seen = self.study, dict[str, str]()
        levers = study.search.levers if study.search and not study.search.tried else {}
        for place, varied in ((("factors",), study.factors), (("search", "levers"), levers)):
            for name, factor in varied.items():
                path = factor.set or factor.parameter or f"choice {name}"
                if path in seen:
                    self.fault((*place, name), f"the factor '{seen[path]}' already varies {path}", "keep one of them")
                seen.setdefault(path, name)
                for arm in study.arms if varied is study.factors else ():
                    if message := conflicting_change(study.arms[arm], factor):
                        remedy = SHADOW if factor.set is not None else "remove one of the two"
                        self.fault(("arms", arm), f"{message}, which the factor '{name}' varies", remedy)
        if DRAWS in study.factors:
            self.fault(("factors", DRAWS), f"no factor can be named '{DRAWS}'", "it is the name of the random draws")

    def _size(self, design: Design) -> None:
        where = ("design",) if "points" not in keys(keys(self.root)["design"][1]) else ("design", "points")
        if design.kind == "sobol" and (design.points < 2 or design.points & (design.points - 1)):
            near = 1 << max(1, design.points.bit_length() - 1)
            message = f"Sobol's design needs a power of two as `points`, not {design.points}"
            self.fault(where, message, f"{near} or {near * 2}")
        if design.kind == "latin_hypercube" and not design.points:
            self.fault(where, "a latin_hypercube needs `points`", "write {kind: latin_hypercube, points: 50}")
        for name, factor in self.study.factors.items() if design.kind == "one_at_a_time" else ():
            if len(factor.levels) % 2 == 0 and factor.levels:
                message = f"'{name}' has no middle level, at which one_at_a_time starts"
                self.fault(("factors", name, "levels"), message, "write an odd number of levels, or a range")
        if design.kind == "points":
            self.fault(where, "the points are in a file", "name it with " + flag("design"))

    def _names(self) -> None:
        seen: set[str] = set()
        for i, measure in enumerate(self.study.measures):
            name = measure.name or " ".join(measure.formula.split())
            if name in seen:
                self.fault(("measures", i), f"the measure '{name}' is defined twice")
            seen.add(name)
            try:
                message = free_name(parse_measure(measure.formula, measure.name))
            except ExpressionError:
                continue  # already reported at its place
            if message:
                self.fault(("measures", i, "name"), message, "choose another")

        for i, path in enumerate(self.study.series):
            if any(_same(path, other) for other in self.study.series[:i]):
                self.fault(("series", i), f"the series '{path}' is listed twice")

    def _threshold(self, place: int, written: str) -> None:
        try:
            threshold = parse_threshold(written)
        except UsageFault as error:
            self.fault(("thresholds", place), str(error))
            return
        if threshold.arm and threshold.arm not in self.study.arms:
            remedy = nearest(threshold.arm, self.study.arms)
            self.fault(("thresholds", place), f"there is no arm '{threshold.arm}'", remedy)
        self._measure(("thresholds", place), threshold.measure)

    def _measure(self, where: tuple[str | int, ...], written: str) -> None:
        if written in {measure.name for measure in self.study.measures if measure.name}:
            return
        try:
            Checker(self.loaded.scenario, self.loaded.injects).check(parse_measure(written))
        except ExpressionError as error:
            self.fault(where, f"'{shortened(written)}': {error.message}")
