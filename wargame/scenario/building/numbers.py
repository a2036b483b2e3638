"""The numbers of a scenario by their place in the files: keys joined by dots, as in `leaders.trump.horizon`.

In a pattern `*` matches any text within one key: `leaders.*.interests.tension`, `options.*_launch.cost`. Numbers with
their default value are included. Durations are in seconds.

Hashes of inputs are by content: key order, comments, quoting and the division into files do not matter.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from itertools import count, takewhile
from math import exp, log
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from wargame.dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from wargame.language.times import Time
from wargame.scenario.building.scalars import Parameter
from wargame.scenario.model import Effect, Indicator, Inject, Option, Scenario
from wargame.scenario.model.annotations import Bounds, DurationText, Formula
from wargame.scenario.model.questions import Spread

QUESTIONS = ("claims", "targets", "evidence")
"""Sections of a scenario about its evaluation, which do not affect runs."""
APART = ("injects", *QUESTIONS, "absurdities", "events", "roles", "map", "conditions")
"""Sections that do not affect runs: evaluation, names of inject files, how a chronology and a journal are read, role
sheets, the map, sentences for refused orders."""


@cache
def _defaults(cls: type) -> tuple[tuple[str, Any], ...]:
    """Return each field of a model class with its default; MISSING for required fields."""
    defaults = []
    for item in fields(cls):
        default = item.default_factory() if item.default_factory is not MISSING else item.default
        defaults.append((item.name, default))
    return tuple(defaults)


def canonical(value: Any) -> Any:
    """Return a built value as JSON data; fields with default values are omitted, numbers are floats."""
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Time):
        return [value.local.isoformat() if value.local else None, value.offset, value.zone_offset]
    if isinstance(value, dict):
        return {key: canonical(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [canonical(each) for each in value]
    assert is_dataclass(value)
    assert not isinstance(value, type)
    entries = ((name, getattr(value, name), default) for name, default in _defaults(type(value)))
    return {name: canonical(value_at_name) for name, value_at_name, default in entries if value_at_name != default}


def digest(data: Any) -> str:
    """Return SHA-256, in hexadecimal, of JSON data with sorted keys."""
    return sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def scenario_sha256(scenario: Scenario, parameters: tuple[Parameter, ...]) -> str:
    """Hash of a scenario and of the ranges and sources of its numbers, without the sections of `APART`."""
    content = canonical(scenario)
    for name in APART:
        content.pop(name, None)
    return digest([content, [canonical(each) for each in parameters]])


def questions_sha256(scenario: Scenario) -> str:
    """Hash of a scenario's claims, targets and their evaluation, without what experts are asked about."""
    content = canonical(replace(scenario, evidence=replace(scenario.evidence, decisive=())))
    return digest({name: content.get(name) for name in QUESTIONS})


def injects_sha256(injects: tuple[Inject, ...], parameters: tuple[Parameter, ...]) -> str:
    """Hash of injects, sorted by id, and of the ranges and sources of their numbers."""
    return digest([[canonical(each) for each in injects], [canonical(each) for each in parameters]])


LEFT_OUT = (*QUESTIONS, "calendar", "name", "title", "summary", "format", "pacts", "objectives")
"""Sections whose numbers do not affect runs or are times."""
LEFT_OUT_OF_INJECTS = ("attachments", "questionnaire")
"""Fields of injects that address people; their numbers do not affect what the model does."""
FREE = Bounds(-1e9, 1e9)


@dataclass(frozen=True, slots=True)
class ScenarioNumber:
    """A number of the files: its value and bounds, whether it must be whole, whether it is a duration."""

    path: str
    value: float
    low: float
    high: float
    whole: bool = False
    duration: bool = False

    def fits(self, value: float) -> float:
        """Return the value, moved into the bounds and rounded if it must be whole."""
        value = min(max(value, self.low), self.high)
        return float(round(value)) if self.whole else value


def numbers(scenario: Scenario, injects: Iterable[Inject] = ()) -> dict[str, ScenarioNumber]:
    """Return all numbers that may affect a run, sorted by path."""
    return {number.path: number for number in sorted(numbers_at(None, scenario, injects), key=lambda each: each.path)}


def numbers_at(pattern: str | None, scenario: Scenario, injects: Iterable[Inject]) -> Iterator[ScenarioNumber]:
    """Yield the numbers whose paths match a pattern, all without one, in the order of the files; reads no others."""
    key, rest = _parts(pattern)
    hints = _hints(Scenario)
    for name in _chosen(hints, key):
        if name not in LEFT_OUT:
            yield from _walk(name, getattr(scenario, name), hints[name], None, rest)
    if "injects" in _chosen(("injects",), key):
        key, rest = _parts(rest)
        by_id = {inject.id: inject for inject in injects}
        for name in _chosen(by_id, key):
            yield from _walk(f"injects.{name}", by_id[name], Inject, None, rest)


@lru_cache(maxsize=4096)
def _parts(pattern: str | None) -> tuple[str | None, str | None]:
    """Return the first key of a pattern and the rest, which is empty at its end; None stands for all numbers."""
    if pattern is None:
        return None, None
    key, _, rest = pattern.partition(".")
    return key, rest


def _chosen(names: Collection[str], key: str | None) -> Iterable[str]:
    """Return the names that match a key of a pattern; all without one."""
    if key is None:
        return names
    if "*" not in key:
        return (key,) if key in names else ()
    return filter(_form(key).fullmatch, names)


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls, include_extras=True)


def _walk(path: str, value: Any, hint: Any, bounds: Bounds | None, pattern: str | None) -> Iterator[ScenarioNumber]:
    """Yield the numbers in a value by its annotation; `bounds` come from the enclosing element."""
    if isinstance(value, bool | str):
        return
    if isinstance(value, int | float):
        if not pattern:
            yield _number(path, value, _part(hint, "number"), bounds)
        return
    key, rest = _parts(pattern)
    for name, element, inner, around in _inside(value, hint, bounds, key):
        if element is not None:
            yield from _walk(f"{path}.{name}", element, inner, around, rest)


def _inside(
    value: Any, hint: Any, bounds: Bounds | None, key: str | None
) -> Iterator[tuple[str, Any, Any, Bounds | None]]:
    """Yield the keys of a value that match one of a pattern, with what is there, its annotation and its bounds."""
    if isinstance(value, dict):
        inner = get_args(_part(hint, "dict"))[1]
        for name in _chosen(value, key):
            yield name, value[name], inner, bounds
    elif isinstance(value, tuple):
        args = get_args(_part(hint, "tuple"))
        names = [str(getattr(element, "id", place)) for place, element in enumerate(value)]
        chosen = set(_chosen(names, key))
        for place, name in enumerate(names):
            if name in chosen:
                yield name, value[place], args[0 if args[-1] is Ellipsis else place], bounds
    elif is_dataclass(value) and type(value).__module__.startswith("wargame.scenario"):
        cls: Any = type(value)
        hints = _fields(cls)
        for name in _chosen(hints, key):
            yield name, getattr(value, name), hints[name], _around(value, name)


@cache
def _fields(cls: Any) -> dict[str, Any]:
    """Return the fields of an element that may have numbers, with their annotations, without fields of text."""
    left_out = LEFT_OUT_OF_INJECTS if cls is Inject else ()
    hints = _hints(cls)
    return {each.name: hints[each.name] for each in fields(cls) if each.name not in left_out}


def _around(value: Any, name: str) -> Bounds | None:
    """Return bounds from the enclosing element that are narrower than the annotation's."""
    if isinstance(value, Indicator) and name in ("start", "baseline"):
        return Bounds(*value.range)
    if isinstance(value, Effect) and name == "by":
        return Bounds(-1.0, 1.0)
    return Bounds(0.0, 1.0) if isinstance(value, Option) and name == "chance" else None


@lru_cache(maxsize=1024)
def _part(hint: Any, part_name: str) -> Any:
    """Return the alternative of an annotation for a number, a mapping or a list."""
    for each in (hint,) if get_origin(hint) in (Annotated, dict, tuple) else get_args(hint) or (hint,):
        base = get_args(each)[0] if get_origin(each) is Annotated else each
        if part_name == "number" and base in (int, float):
            return each
        if get_origin(base) in (dict, tuple) and part_name == get_origin(base).__name__:
            return base
    return hint


def _number(path: str, value: float, hint: Any, around: Bounds | None) -> ScenarioNumber:
    meta = get_args(hint)[1] if get_origin(hint) is Annotated else FREE
    if isinstance(meta, DurationText):
        return ScenarioNumber(path, float(value), float(meta.low), 1e10, whole=True, duration=True)
    bounds = around or (meta if isinstance(meta, Bounds) else FREE)
    return ScenarioNumber(path, float(value), bounds.low, bounds.high, whole=isinstance(value, int))


# --- numbers inside formulas -----------------------------------------------------------------------

_CONSTANT = re.compile(r"(?<![\w.\"'])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.\"'])")


def with_constants(
    known: dict[str, ScenarioNumber], paths: Iterable[str], scenario: Scenario, injects: Iterable[Inject] = ()
) -> dict[str, ScenarioNumber]:
    """Return the numbers with those inside formulas that paths name: `outcomes.war.when.2` is the second one there.

    A sign is no part of such a number.
    """
    more, by_id = dict[str, ScenarioNumber](), {inject.id: inject for inject in injects}
    for path in (each for each in paths if each not in known and "*" not in each):
        *steps, place = path.split(".")
        value: Any = by_id if (inject := steps[:1] == ["injects"]) else scenario
        hint: Any = dict[str, Inject] if inject else Scenario
        for step in steps[inject:]:
            _, value, hint, _ = next(_inside(value, hint, None, step), (step, None, None, None))
        metas = [meta for each in (hint, *get_args(hint)) for meta in getattr(each, "__metadata__", ())]
        if isinstance(value, str) and place.isdigit() and any(isinstance(meta, Formula) for meta in metas):
            written = dict(enumerate(_CONSTANT.findall(value), start=1)).get(int(place))
            more |= {path: ScenarioNumber(path, float(written), 0.0, 1e9)} if written else {}
    return dict(sorted((known | more).items())) if more else known


def formula_with(text: str, values: Mapping[str, float]) -> str:
    """Return a formula with other numbers, by their places in it from 1 on."""
    place = count(1)
    return _CONSTANT.sub(lambda found: repr(values[each]) if (each := str(next(place))) in values else found[0], text)


# --- patterns --------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _form(pattern: str) -> re.Pattern[str]:
    """Return the pattern as a regular expression without backtracking, so that many stars stay fast."""
    return re.compile(r"\.".join(map(_form_of_key, pattern.split("."))))


def _form_of_key(key: str) -> str:
    first, *inner = map(re.escape, key.split("*"))
    if not inner:
        return first
    *inner, last = inner
    return first + "".join(rf"(?>[^.\n]*?{each})" for each in inner if each) + rf"[^.\n]*{last}"


def matching(pattern: str, known: Mapping[str, object]) -> tuple[str, ...]:
    """Return the paths that match a pattern, sorted; `known` must be sorted, as returned by `numbers`."""
    start, star, _ = pattern.partition("*")
    if not star:
        return (pattern,) if pattern in known else ()
    form, paths = _form(pattern), list(known)
    first = bisect_left(paths, start)
    return tuple(path for path in takewhile(lambda p: p.startswith(start), paths[first:]) if form.fullmatch(path))


def without_unit(written: str, meant: Iterable[ScenarioNumber]) -> str:
    """Return the error for a number without unit in place of a duration; empty if there is none."""
    try:
        value = float(written)
    except ValueError:
        return ""
    path = next((number.path for number in meant if number.duration), None)
    if path is None or not value:
        return ""
    return f"'{path}' is a duration: write it with a unit, such as {written.strip()}d"


def expand(given: Mapping[str, float], known: Mapping[str, ScenarioNumber]) -> dict[str, float]:
    """Return values by path. Where several patterns match, the one with the fewest stars counts, then the longest."""
    expanded: dict[str, float] = {}
    for pattern, value in sorted(given.items(), key=lambda item: (-item[0].count("*"), len(item[0]), item[0])):
        expanded |= dict.fromkeys(matching(pattern, known), value)
    return dict(sorted(expanded.items()))


# --- plausible values ------------------------------------------------------------------------------


def plausible(spreads: Iterable[Spread], known: Mapping[str, ScenarioNumber]) -> dict[str, tuple[str, Spread]]:
    """Return the name of the draw and the spread of each uncertain number, by path.

    Where several spreads match, the last one counts. Numbers drawn `together` share a name.
    """
    ranges: dict[str, tuple[str, Spread]] = {}
    for spread in spreads:
        for path in matching(spread.path, known):
            ranges[path] = (spread.path if spread.together else path, spread)
    return dict(sorted(ranges.items()))


def at(number: ScenarioNumber, spread: Spread, share: float) -> float:
    """Return the plausible value at a quantile `share` in [0, 1] of the spread."""
    if spread.range is not None:
        low, high = spread.range
        return number.fits(low + share * (high - low))
    assert spread.times is not None
    low, high = (log(factor) for factor in spread.times)
    return number.fits(number.value * exp(low + share * (high - low)))


# --- hashes ----------------------------------------------------------------------------------------


def parameters_sha256(scenario: Scenario, injects: Iterable[Inject]) -> str:
    """Hash of all numbers of a scenario and its injects."""
    return digest({path: number.value for path, number in numbers(scenario, injects).items()})


def mechanisms_sha256(scenario: Scenario, injects: Iterable[Inject]) -> str:
    """Hash of everything except numbers: ids, options, strategies and formulas."""
    content = {name: section for name, section in canonical(_blank(scenario)).items() if name not in APART}
    return digest([content, [canonical(_blank(each)) for each in injects]])


def _blank(value: Any) -> Any:
    """Return a copy with 0 for every number."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return 0
    if isinstance(value, dict):
        return {key: _blank(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_blank, value))
    if is_dataclass(value) and not isinstance(value, type) and type(value).__module__.startswith("wargame.scenario"):
        return replace(value, **{item.name: _blank(getattr(value, item.name)) for item in fields(value)})
    return value
