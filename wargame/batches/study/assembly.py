"""From a study and its scenario to a `PreparedStudy`: overrides applied, arms and measures checked, points computed."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

from wargame.batches.study import reading
from wargame.batches.study.design import SHARED, DesignPoints, cells, make_points, read_points, with_search
from wargame.batches.study.model import Design, Factor, Study
from wargame.batches.study.overrides import StudyOverrides, apply_overrides, with_data
from wargame.batches.study.parameters import under
from wargame.batches.study.prepared import PreparedStudy, fault_of_value
from wargame.decision.view import Observability
from wargame.errors import Invalid, Problem, UsageFault, among, flag, shortened
from wargame.journal.inputs import read_input
from wargame.language.expressions import ExpressionError, parse_path
from wargame.scenario.loading.catalogue import find_injects
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model.measures import Checker, Parsed, free_name, parse_measure
from wargame.world.layout import layout_of

ENDS = 25
"""How many of the smallest and of the largest values of a column are tried: impossible ones are at an end."""

LoadWith = Callable[[tuple[str, ...]], Loaded]
"""Loads the scenario with additional inject files."""


class TooFew(UsageFault):
    """There are fewer replications than points of the design."""


def prepare(study: Study, loaded: Loaded, folder: Path, target: str, variant: str | None = None) -> PreparedStudy:
    """Prepare a study made by a program; inject files that its arms add are looked up in `folder`, of the scenario."""
    return finish(study, loaded, loader(folder, target, ()), StudyOverrides(variant=variant), target)


def beside(folder: Path, name: str) -> str:
    """Return the path of an inject file: next to the study if it is there, else as written."""
    path = find_injects(name, folder)
    return str(path) if path else name


def loader(folder: Path, scenario: str, injects: tuple[str, ...]) -> LoadWith:
    """Return a function that loads the scenario with additional inject files, looked up next to the study."""

    def load_with(names: tuple[str, ...]) -> Loaded:
        return load(scenario, (*injects, *(beside(folder, name) for name in names)))

    return load_with


def finish(
    study: Study,
    loaded: Loaded,
    load_with: LoadWith,
    overrides: StudyOverrides,
    target: str,
    points: DesignPoints | None = None,
) -> PreparedStudy:
    """Return the study with the overrides of the command line; `points` are the points of a batch that is resumed."""
    loaded = under(loaded, overrides.variant)
    if overrides.data:
        study = with_data(study, overrides.data, loaded)
    if overrides.search and study.search is not None and not study.search.tried:
        study = replace(study, search=replace(study.search, **overrides.search))
    study = apply_overrides(with_search(study.with_game()), overrides, loaded).with_decision(overrides.decision)
    if study.decision is not None and (who := study.decision.government):
        among(who, loaded.scenario.governments, f"there is no government '{shortened(who)}'")
    if overrides.design:
        study, points = _design_file(study, overrides.design)
    elif (design := study.design) is not None and points is None:
        if design.kind == "latin_hypercube" and (runs := overrides.replications):  # fewer points: a quick look
            design = replace(design, points=min(design.points, runs))
        points = make_points(design, study.factors, study.seed)
    if points is not None:
        study = replace(study, replications=_count(study, points, overrides))
    added = {name: under(load_with(arm.add), overrides.variant) for name, arm in study.arms.items() if arm.add}
    arms = {name: added.get(name, loaded) for name in study.arms}
    prepared = PreparedStudy(study, arms, _measures(study, loaded), points, target)
    if overrides.design:
        _check_design(prepared, overrides.design)
    return prepared


def _check_design(prepared: PreparedStudy, path: str) -> None:
    """Raise Invalid, with the places in the CSV file, for columns that name nothing and impossible values."""
    (head, header), *rows = cells(_design_text(path))
    problems: list[Problem] = []
    for i, (name, factor) in enumerate(prepared.study.factors.items()):
        levels = factor.levels or ()
        tried = levels if len(levels) <= 2 * ENDS else (*levels[:ENDS], *levels[-ENDS:])
        wrong = {value: message for value in tried if (message := fault_of_value(prepared, name, value))}
        if len(wrong) == len(tried):  # no value is possible: the column itself is wrong
            problems.append(Problem(path, head, header[i][0], next(iter(wrong.values()))))
            continue
        for number, row in rows:
            if message := wrong.get(float(row[i][1])):
                problems.append(Problem(path, number, row[i][0], message))
    if problems:
        raise Invalid(sorted(problems))


def _count(study: Study, points: DesignPoints, overrides: StudyOverrides) -> int:
    count = len(points.values)
    if points.draws:
        if overrides.replications not in (None, count):
            message = f": Sobol's design has {count} runs in each arm (its size is `points` in the study)"
            raise UsageFault(flag("n"), message)
        if study.stopping is not None:
            raise UsageFault(flag("until-ci"), ": Sobol's design needs all of its runs, so it cannot stop early")
        return count
    if study.replications < count:
        message = f"{study.replications} replications are fewer than the design's {count} points (raise "
        raise TooFew(message, flag("n"), ")")
    return study.replications - study.replications % count


def _measures(study: Study, loaded: Loaded) -> tuple[Parsed, ...]:
    checker, measures = Checker(loaded.scenario, loaded.injects), []
    for measure in study.measures:
        try:
            parsed = parse_measure(measure.formula, measure.name, measure.interval, measure.title)
            checker.check(parsed)
            _check_seen(parsed, loaded, checker)
        except ExpressionError as error:
            form = " (write it as in p(war) or mean(tension))" if "not an expression" in error.message else ""
            raise UsageFault(f"measure '{shortened(measure.formula, 80)}': {error.message}{form}") from None
        if message := free_name(parsed):
            raise UsageFault(message)
        measures.append(parsed)
    return tuple(measures)


def _check_seen(measure: Parsed, loaded: Loaded, checker: Checker) -> None:
    """Raise ExpressionError if a government does not know an indicator that it is to have seen."""
    for call in measure.calls.values():
        what, *seat = call.args or ("",)
        if call.function == "seen" and seat and what not in checker.events:
            read = parse_path(what)
            layout = layout_of(loaded.scenario)
            if not Observability(layout, seat[0]).knows(layout.slot(read.name, read.index)):
                raise ExpressionError(f"{seat[0]} does not know {what}", call.column)


def _design_file(study: Study, path: str) -> tuple[Study, DesignPoints]:
    """Return the study with the points of a CSV file: columns are factors, or paths of indicators or numbers."""
    points = read_points(_design_text(path), SHARED, path)
    factors: dict[str, Factor] = {}
    labels = []
    for i, name in enumerate(points.names):
        levels = tuple(sorted({row[i] for row in points.values}))
        known = study.factors.get(name)
        label = name if known else re.sub(r"\W+", "_", name).strip("_")
        named = known or (Factor(parameter=name) if "." in name else Factor(set=name))
        factors[label] = replace(named, levels=levels, range=None)
        labels.append(label)
    for label, arm in product(labels, study.arms):
        if message := reading.conflicting_change(study.arms[arm], factors[label]):
            raise UsageFault(flag("design"), f" {path}: arm '{arm}': {message}, which is also a column of the design")
    design = Design(kind="points", points=len(points.values))
    return replace(study, factors=factors, design=design), replace(points, names=tuple(labels))


def _design_text(path: str) -> str:
    try:
        return read_input(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageFault(flag("design"), f" {path}: cannot be read ({reason})") from None
