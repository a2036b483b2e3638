"""Indicators: ids, scopes, ranges, starts, baselines, and circular formulas."""

from __future__ import annotations

import keyword

from wargame.scenario.building.draft import Draft, Step
from wargame.scenario.checks.formulas import derived
from wargame.scenario.model import Indicator
from wargame.scenario.model.names import DECLARABLE, ENGINE, INDEX_OF_SCOPE, PAIR, RESERVED


def check(draft: Draft) -> None:
    """Report errors in indicators, and in rules that refer to one."""
    for name, indicator in draft.scenario.indicators.items():
        _check_id(draft, name, indicator)
        _check_range(draft, name, indicator)
        _check_derived(draft, name, indicator)
        for field in ("start", "baseline", "formula"):
            _check_table(draft, name, indicator, field)
    _check_cycles(draft)
    audience = draft.scenario.indicators.get(draft.scenario.rules.audience or "")
    if audience and (audience.scope != "government" or audience.formula is not None):
        draft.fault(("rules", "audience"), "the audience must be an indicator of scope government, without formula")


def _check_id(draft: Draft, name: str, indicator: Indicator) -> None:
    path = ("indicators", name)
    if "-" in name or keyword.iskeyword(name) or name in RESERVED:
        draft.fault(path, f"an indicator cannot be called '{name}': formulas could not refer to it", key=True)
    elif name in ENGINE and name not in DECLARABLE:
        draft.fault(path, f"`{name}` is kept by the engine", "choose another name", key=True)
    elif name in DECLARABLE and (indicator.scope != "pair" or indicator.formula is not None):
        draft.fault(path, f"`{name}` is kept by the engine: declare it with scope pair and without formula", key=True)
    elif name in DECLARABLE and indicator.known != ENGINE[name].known:
        draft.fault(
            (*path, "known"), f"`{name}` is always {ENGINE[name].known}", f"write `known: {ENGINE[name].known}`"
        )


def _check_range(draft: Draft, name: str, indicator: Indicator) -> None:
    low, high = indicator.range
    path = ("indicators", name)
    if low >= high:
        draft.fault((*path, "range"), f"the range goes from {low:g} down to {high:g}", "write the lower end first")
        return
    for field in ("start", "baseline"):
        bound = getattr(indicator, field)
        single = {"": bound} if not isinstance(bound, dict) else bound
        for key, value in single.items():
            if isinstance(value, float) and not low <= value <= high and indicator.formula is None:
                place: tuple[Step, ...] = (*path, field, key) if key else (*path, field)
                draft.fault(place, f"{value:g} is outside the range {low:g} to {high:g} of `{name}`")


def _check_derived(draft: Draft, name: str, indicator: Indicator) -> None:
    for field in ("baseline", "half_life"):
        if indicator.formula is not None and getattr(indicator, field) is not None:
            draft.fault(("indicators", name, field), f"`{name}` is derived by a formula and cannot have a {field}")


def _check_table(draft: Draft, name: str, indicator: Indicator, field: str) -> None:
    """Check the keys of `start`, `baseline` or `formula` if it is a table by government or pair."""
    entries = getattr(indicator, field)
    if not isinstance(entries, dict):
        return
    path = ("indicators", name, field)
    index = INDEX_OF_SCOPE[indicator.scope]
    if not index:
        draft.fault(
            path, f"`{name}` has scope {indicator.scope}: write one number", "or give it scope government or pair"
        )
        return
    ids = draft.reading.ids["government"]
    for key in entries:
        _check_key(draft, (*path, key), tuple(part.strip() for part in key.split(",")), index)
    count = len(ids) * (len(ids) - 1) if index == PAIR else len(ids)
    if "default" not in entries and len(entries) < count:
        draft.fault(path, f"`{field}` has no value for some governments", "add `default`")


def _check_key(draft: Draft, path: tuple[Step, ...], parts: tuple[str, ...], index: tuple[str, ...]) -> None:
    strange = [part for part in parts if not draft.has("government", part)]
    if parts == ("default",):
        return
    if len(parts) != len(index):
        message = f"'{path[-1]}' must be {' and '.join(index)}, or `default`"
        draft.fault(path, message, "such as `CHN, PRK`" if index == PAIR else "", key=True)
    elif strange:
        draft.unknown(path, "government", strange[0], key=True)
    elif len(set(parts)) != len(parts):
        draft.fault(path, f"the two governments of '{path[-1]}' must differ", key=True)


def _check_cycles(draft: Draft) -> None:
    reads = derived(draft)
    for cycle in cycles({name: tuple(each for each in names if each in reads) for name, names in reads.items()}):
        chain = " -> ".join((*cycle, cycle[0]))
        draft.fault(("indicators", cycle[0], "formula"), f"circular formulas of derived indicators: {chain}")


def cycles(graph: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Cycles of a graph, at least one in each strongly connected part, each beginning with its first name."""
    cycles_seen: dict[tuple[str, ...], None] = {}
    done: set[str] = set()
    for root in sorted(graph):
        trail: list[str] = []
        stack = [(root, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(name)
            elif name in trail:
                cycles_seen.setdefault(_turned(tuple(trail[trail.index(name) :])))
            elif name not in done:
                trail.append(name)
                stack.append((name, True))
                stack.extend((each, False) for each in reversed(graph.get(name, ())))
    return list(cycles_seen)


def _turned(cycle: tuple[str, ...]) -> tuple[str, ...]:
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]
