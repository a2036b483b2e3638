"""Trial set-ups of a prepared study: each arm, and each factor at its ends, so that errors are found before any run."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from yaml.nodes import Node, SequenceNode

from wargame import plugins
from wargame.batches.study.parameters import fault_of
from wargame.batches.study.prepared import PreparedStudy
from wargame.brains.specification import brain_of, is_brain
from wargame.errors import Invalid, Problem, SettingErrors, UsageFault
from wargame.scenario.building.numbers import ScenarioNumber, matching, numbers, without_unit
from wargame.scenario.building.yaml_nodes import fault, keys, plain_key, value_of
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.model.measures import PLUGIN
from wargame.scenario.model.questions import Arm
from wargame.simulation.kernel.settings import Settings


def try_arms(prepared: PreparedStudy) -> None:
    """Set up one run of each arm and at each factor's ends; UsageFault for the first that cannot be set up."""
    for factor in prepared.study.factors:
        if (message := _fault_of_factor(prepared, factor)) is not None:
            raise UsageFault(f"factor '{factor}': {message}")
    for arm in prepared.names:
        if faults := _faults_of(prepared, arm):
            raise UsageFault("\n".join(f"arm '{arm}': {message}" for _, message in faults))


def try_plugins(prepared: PreparedStudy) -> None:
    """UsageFault if no installed package adds a measure of the study."""
    for measure in prepared.measures:
        for call in measure.calls.values():
            if call.function == PLUGIN:
                plugins.find("measures", call.args[0])


def try_programs(prepared: PreparedStudy) -> None:
    """UsageFault for the first program in a seat that cannot be started here."""
    for arm in prepared.names:
        for government, kind in sorted(prepared.arms_of[arm].seats.items()):
            if is_brain(kind):
                try:
                    brain_of(government, kind)
                except UsageFault as error:
                    raise UsageFault(f"arm '{arm}': {error}") from None


def _faults_of(prepared: PreparedStudy, arm: str) -> list[tuple[str, str]]:
    """Return what is wrong with an arm: pairs of the entry, empty if unknown, and the message."""
    from wargame.simulation.exercise import Exercise

    loaded, faults = prepared.arms[arm], []
    try:
        loaded = prepared.scenario_of(arm, 0)
    except UsageFault as error:
        faults.append(("parameters", str(error)))
    try:
        Exercise(loaded, prepared.study.seed, prepared.settings(arm, 0))
    except SettingErrors as error:
        faults += [(each.text, each.message) for each in error.faults]
    except UsageFault as error:
        faults.append(("", str(error)))
    return faults


def _fault_of_factor(prepared: PreparedStudy, name: str) -> str | None:
    """Return what is wrong with the smallest or the largest value of a factor; None if nothing."""
    points = prepared.points
    if points is None or name not in points.names:
        return None
    column = [row[points.names.index(name)] for row in points.values]
    trials = FactorTrials(prepared)
    return trials.fault(name, min(column)) or trials.fault(name, max(column))


class FactorTrials:
    """Tries values of factors. The numbers of the scenario are gathered once, and only if a factor is one of them."""

    def __init__(self, prepared: PreparedStudy) -> None:
        self._prepared = prepared

    @cached_property
    def _known(self) -> dict[str, ScenarioNumber]:
        loaded = self._prepared.loaded
        return numbers(loaded.scenario, loaded.injects)

    def fault(self, name: str, value: float) -> str | None:
        """Return what is wrong with a value of a factor; None if nothing."""
        from wargame.simulation.exercise import Exercise

        study = self._prepared.study
        factor = study.factors[name]
        if factor.choices:
            return self._fault_of_choice(factor.choices[int(value)]) if value in factor.levels else "no such choice"
        if factor.parameter is not None:
            return fault_of(factor.parameter, value, self._known) or None
        try:
            Exercise(self._prepared.loaded, study.seed, Settings(set=(f"{factor.set}={value!r}",), journal="none"))
        except SettingErrors as error:
            return error.message
        except UsageFault as error:
            return str(error)
        return None

    def _fault_of_choice(self, choice: Arm) -> str | None:
        prepared = self._prepared
        alone = replace(prepared.study, arms={"choice": choice}, factors={}, design=None, baseline=None)
        study = replace(prepared, study=alone, arms={"choice": prepared.loaded}, points=None)
        return next((message for _, message in _faults_of(study, "choice")), None)


def try_file(prepared: PreparedStudy, root: Any) -> None:
    """As `try_arms`, for a study file with this root node: Invalid with the places of all faults."""
    factors = keys(value_of(root, "factors"))
    faults = ((name, _fault_of_factor(prepared, name)) for name in prepared.study.factors if name in factors)
    problems = [fault(factors[name][1], f"factor '{name}': {each}") for name, each in faults if each is not None]
    arms = keys(value_of(root, "arms"))
    for name in prepared.names if not problems else ():  # a factor is part of every arm
        if name in arms:
            node = arms[name][1]
            wrong = _faults_of(prepared, name)
            problems += [fault(_entry(node, entry), f"arm '{name}': {message}") for entry, message in wrong]
            problems += _units(prepared, name, node) if not wrong else ()
    if problems:
        raise Invalid(problems)


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
    """Problems of parameters of an arm that are durations and have no unit."""
    written = keys(value_of(node, "parameters"))
    known = numbers(prepared.loaded.scenario, prepared.loaded.injects) if written else {}
    for path, (_, value) in written.items():
        if message := without_unit(text_of(value), (known[each] for each in matching(plain_key(path), known))):
            yield fault(value, f"arm '{arm}': {message}")
