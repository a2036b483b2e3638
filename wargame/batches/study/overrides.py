"""Changes that the command line makes to a study or to a scenario; and studies from Python data.

An arm is written `NAME=set PATH=V; forbid GOV OPTION; strategy GOV=S`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from math import nan
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.batches.study import reading
from wargame.batches.study.catalogue import STUDY_FORMAT
from wargame.batches.study.model import BASELINE, Measure, Stopping, Study
from wargame.batches.study.prepared import plain
from wargame.batches.study.thresholds import parse_threshold
from wargame.brains.specification import is_brain, located
from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Invalid, Problem, UsageFault, among, flag, listed, nearest, shortened
from wargame.language.times import parse_duration
from wargame.scenario.building.numbers import matching, numbers, without_unit
from wargame.scenario.building.yaml_nodes import keys, plain_key
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.governments import LIMITS
from wargame.scenario.model.measures import default_texts, interest_texts
from wargame.scenario.model.questions import Arm, CourseChange

_LISTS = ("set", "forbid", "force", "skip", "add")
_PAIRS = {"seat": "seats", "limits": "limits", "strategy": "strategies", "leader": "leaders"}
_TEXTS = ("variant", "startex", "until", "title")
PLAYABLE = ("model", "script", "program:FILE", "llm:MODEL", "http")
PARAMETER = "parameter"
LARGEST = 1e10
TURN = "turn"
_TURN = re.compile(
    r"(at|when) (?P<moment>.+?) (?P<government>\S+) (?P<change>strategy|forbid|force) (?P<what>.+?)"
    r"(?: provided (?P<provided>.+))?"
)
_WORDS = (*_LISTS, *_PAIRS, *_TEXTS, PARAMETER, TURN)


def parse_arm(text: str, loaded: Loaded) -> tuple[str, Arm]:
    """Read an arm of the command line, `NAME=set PATH=V; forbid GOV OPTION; …`; UsageFault if it is malformed."""
    name, _, clauses = text.partition("=")
    name = name.strip()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_\-]*", name, re.ASCII):
        form = "the name of an arm consists of letters, digits, _ and -, and begins with a letter"
        raise UsageFault(flag("arm"), f" '{shortened(text, 80)}': {form}")
    fields: dict[str, Any] = {}
    for clause in (part.strip() for part in clauses.split(";")):
        if clause:
            _clause(clause, fields, name)
    words = [clause.strip().partition(" ") for clause in clauses.split(";")]
    bare = [rest.rpartition("=") for word, _, rest in words if word == PARAMETER]
    known = numbers(loaded.scenario, loaded.injects) if bare else {}
    for path, _, value in bare:
        targets = (known[each] for each in matching(plain_key(path.strip()), known))
        if message := without_unit(value, targets):
            raise UsageFault(f"arm '{name}': {message}")
    ids = reading.ids(loaded)
    for government, kind in fields.get("seats", {}).items():
        _known(name, "government", government, ids["government"])
        if not is_brain(kind):
            _known(name, "kind of seat for an unattended run", kind, PLAYABLE)
    fields["seats"] = {government: located(kind, Path()) for government, kind in fields.get("seats", {}).items()}
    ids["kind of limits"] = frozenset(LIMITS)
    for what, kind in (("strategies", "strategy"), ("leaders", "leader"), ("limits", "kind of limits")):
        for government, value in fields.get(what, {}).items():
            _known(name, "government", government, ids["government"])
            _known(name, kind, value, ids[kind])
    return name, Arm(**fields)


def _clause(clause: str, fields: dict[str, Any], arm: str) -> None:
    word, _, rest = clause.partition(" ")
    rest = rest.strip()
    if word not in _WORDS or not rest:
        known = f"write a value after {word}" if word in _WORDS else nearest(word, _WORDS)
        hint = known or f"the clauses of an arm are {', '.join(_WORDS)}, each with its value"
        raise UsageFault(f"arm '{arm}': '{shortened(clause)}' is not a change ({hint})")
    if word in _LISTS:
        fields[word] = (*fields.get(word, ()), rest)
    elif word in _TEXTS:
        fields[word] = rest
    elif word == PARAMETER:
        path, number = _number(rest, arm)
        fields.setdefault("parameters", {})[path] = number
    elif word == TURN:
        fields[TURN] = (*fields.get(TURN, ()), _turn(rest, arm))
    else:
        government, equals, value = rest.partition("=")
        if not equals or not value.strip():
            raise UsageFault(f"arm '{arm}': write {word} GOV={word.upper()}, not '{shortened(rest)}'")
        fields.setdefault(_PAIRS[word], {})[government.strip()] = value.strip()


def _turn(written: str, arm: str) -> CourseChange:
    """Return a change of course, `at T` or `when CONDITION`; its names and conditions are checked with the arm."""
    match = _TURN.fullmatch(" ".join(written.split()))
    if match is None:
        form = (
            "turn at T GOV strategy|forbid|force VALUE, or turn when CONDITION GOV …, and provided CONDITION if need be"
        )
        raise UsageFault(f"arm '{arm}': write {form}, not '{shortened(written)}'")
    change = {match[1]: match["moment"], match["change"]: match["what"]}
    return CourseChange(government=match["government"], provided=match["provided"], **change)


def _number(written: str, arm: str) -> tuple[str, float]:
    """Return a path of the scenario's files and its number; a duration is converted to seconds."""
    path, _, value = written.rpartition("=")
    try:
        number = float(value)
    except ValueError:
        try:
            number = float(parse_duration(value))
        except ValueError:
            number = nan
    if not path.strip() or not abs(number) <= LARGEST:
        form = "parameter PATH=VALUE, such as leaders.*.rationality=3"
        raise UsageFault(f"arm '{arm}': write {form}, not '{shortened(written)}'")
    return plain_key(path), number


def _known(arm: str, kind: str, name: str, choices: Iterable[str]) -> None:
    every = sorted(choices)
    if name not in every:
        hint = nearest(name, every) or (listed(every) if every else f"the scenario has no {kind} at all")
        raise UsageFault(f"arm '{arm}': there is no {kind} '{shortened(name)}' ({hint})")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOverrides:
    """Changes of a study by the command line; None leaves a value unchanged."""

    injects: tuple[str, ...] = ()
    replications: int | None = None
    seed: int | None = None
    arms: tuple[str, ...] = ()
    """`NAME=set PATH=V; forbid …; strategy GOV=S` adds an arm; `NAME` alone selects one of the study."""
    measures: tuple[str, ...] = ()
    """Replace the study's."""
    also: tuple[str, ...] = ()
    """In addition to the study's."""
    thresholds: tuple[str, ...] = ()
    until_ci: tuple[str, float] | None = None
    startex: str | None = None
    until: str | None = None
    design: str | None = None
    variant: str | None = None
    """A variant that the scenario declares, to run in place of the scenario."""
    events: bool = False
    interests: bool = False
    """Measure the welfare of each government."""
    seats: tuple[tuple[str, str], ...] = ()
    """Kinds of seats in all arms."""
    limits: tuple[tuple[str, str], ...] = ()
    """The limits of the players of governments, in all arms in which they have the seats."""
    programs: tuple[tuple[str, Any], ...] = ()
    """Fields of the study's `programs` with their values."""
    decision: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the study's `decision` with their values."""
    search: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the study's `search` with their values."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Keys of a study file with their values, from Python."""


def apply_overrides(study: Study, overrides: StudyOverrides, loaded: Loaded) -> Study:
    """Return the study with the overrides; UsageFault if it has no such arm or variant."""
    arms = dict(study.arms) or {BASELINE: Arm()}
    selected = [name for name in overrides.arms if "=" not in name]
    for name in selected:
        among(name, arms, f"there is no arm '{shortened(name)}'")
    if selected:
        against = replace(study, arms=arms).against
        arms = {name: arm for name, arm in arms.items() if name in (*selected, against)}
    names_seen: set[str] = set()
    for text in overrides.arms:
        if "=" in text:
            name, arm = parse_arm(text, loaded)
            if name in names_seen:
                raise UsageFault(flag("arm"), f": '{name}' is given twice")
            names_seen.add(name)
            arms[name] = arm
    changed: dict[str, Any] = {"arms": _seated(dict(sorted(arms.items())), overrides)}
    for name in ("replications", "seed", "startex", "until"):
        changed |= {} if (value := getattr(overrides, name)) is None else {name: value}
    if overrides.measures:
        texts = dict.fromkeys(" ".join(text.split()) for text in overrides.measures)
        changed["measures"] = tuple(Measure(formula=text) for text in texts)
    if overrides.until_ci:
        at = study.stopping.at if study.stopping else ()
        changed["stopping"] = Stopping(measure=overrides.until_ci[0], width=overrides.until_ci[1], at=at)
    changed["thresholds"] = (*study.thresholds, *overrides.thresholds)
    changed["interests"] = study.interests or overrides.interests
    changed["events"] = study.events or overrides.events
    changed["programs"] = replace(study.programs, **dict(overrides.programs))
    study = replace(study, **changed)
    measures = study.measures or tuple(Measure(formula=text) for text in default_texts(loaded.scenario))
    leaders = {leader for arm in study.arms.values() for leader in arm.leaders.values()}
    welfare = interest_texts(loaded.scenario, leaders) if study.interests else []
    return _with_needed(replace(study, measures=measures), (*overrides.also, *welfare))


def _seated(arms: dict[str, Arm], overrides: StudyOverrides) -> dict[str, Arm]:
    """Return the arms with these seats, and the limits of players in them; UsageFault for limits where none plays."""
    seats = {government: located(kind, Path()) for government, kind in overrides.seats}
    arms = {name: replace(arm, seats=arm.seats | seats) for name, arm in arms.items()}
    for government, kind in overrides.limits:
        played = [name for name, arm in arms.items() if is_brain(arm.seats.get(government, ""))]
        if not played:
            raise UsageFault(flag("limits"), f" {government}={kind}: no arm has a player in the seat of {government}")
        arms |= {name: replace(arms[name], limits={**arms[name].limits, government: kind}) for name in played}
    return arms


def with_programs(study: Study, folder: Path) -> Study:
    """Return the study of a file, with what its programs need looked up next to the file."""
    seats = {name: {gov: located(kind, folder) for gov, kind in arm.seats.items()} for name, arm in study.arms.items()}
    arms = {name: replace(arm, seats=seats[name]) for name, arm in study.arms.items()}
    named = study.programs.cassette, study.programs.prompt
    cassette, prompt = (str(folder / name) if name else "" for name in named)
    cell = located(study.programs.white_cell, folder)
    programs = replace(study.programs, cassette=cassette, prompt=prompt, white_cell=cell)
    return replace(study, arms=arms, programs=programs)


def _with_needed(study: Study, also: Iterable[str]) -> Study:
    """Return the study with the measures that thresholds and stopping need, where they are missing."""
    needed = [*also, *(parse_threshold(text).measure for text in study.thresholds)]
    needed += [study.stopping.measure] if study.stopping else []
    for text in study.thresholds:
        arm = parse_threshold(text).arm
        if arm and arm not in study.arms:
            raise UsageFault(f"'{text}': there is no arm '{arm}' ({nearest(arm, study.arms) or ', '.join(study.arms)})")
    return study.measuring(needed)


# --- Python data: the same keys as in a study file, with the same checks ------------------------------

LABEL = "study"


def complete(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a whole study: with format and name, without keys that are None."""
    return {"format": STUDY_FORMAT, "name": LABEL} | {key: value for key, value in data.items() if value is not None}


def written(data: Mapping[str, Any]) -> bytes:
    """Return the data as a file; UsageFault for a value that a study file cannot contain."""
    return json.dumps(_plain(data, ""), indent=1, ensure_ascii=False).encode()


def _plain(value: Any, where: str) -> Any:
    """Return dictionaries, lists, texts and numbers; NumPy's become numbers, paths become texts."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each, _step(where, key)) for key, each in value.items() if each is not None}
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, PathLike):
        return fspath(value)
    if isinstance(value, AbstractSet):
        return [_plain(each, where) for each in sorted(value)]
    if hasattr(value, "tolist"):  # an array or a number of NumPy, or a column of pandas
        return _plain(value.tolist(), where)
    if isinstance(value, Sequence):
        return [_plain(each, _step(where, i)) for i, each in enumerate(value)]
    raise UsageFault(f"{where or LABEL}: a study has texts, numbers, lists and dictionaries, not {value!r:.60}")


def with_data(study: Study, data: Mapping[str, Any], loaded: Loaded) -> Study:
    """Return a study with other keys; arms and factors are added to its own. Invalid with all faults."""
    merged = merge(plain(study), data)
    with in_places(merged):
        return reading.build(reading.read_root(LABEL, written(merged)), loaded)


def merge(study: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a study with other keys; arms and factors are added to the present ones."""
    defaults: dict[str, Mapping[str, Any]] = {"arms": {BASELINE: {}}, "factors": {}}
    added = {key: {**(study.get(key) or none), **data[key]} for key, none in defaults.items() if key in data}
    return {**study, **data, **added}


@contextmanager
def in_places(data: Mapping[str, Any]) -> Iterator[None]:
    """Name the places of problems as in Python, such as `arms["soft"]["forbid"][0]`, not as lines of a file."""
    try:
        yield
    except Invalid as error:
        root = reading.read_root(LABEL, written(data))
        places = sorted(_places(root, ""))
        raise Invalid(_placed(each, places) for each in error.problems) from None


def _placed(problem: Problem, places: list[tuple[int, int, str]]) -> Problem:
    if problem.file != LABEL:
        return problem
    before = [where for line, column, where in places if (line, column) <= (problem.line, problem.column)]
    return replace(problem, file=before[-1] or LABEL, line=0, column=0) if before else problem


def _places(node: Node, where: str) -> Iterator[tuple[int, int, str]]:
    yield node.start_mark.line + 1, node.start_mark.column + 1, where
    if isinstance(node, MappingNode):
        for name, (key, value) in keys(node).items():
            yield key.start_mark.line + 1, key.start_mark.column + 1, _step(where, text_of(key) or name)
            yield from _places(value, _step(where, name))
    if isinstance(node, SequenceNode):
        for i, item in enumerate(node.value):
            yield from _places(item, _step(where, i))


def _step(where: str, key: object) -> str:
    return f"{where}[{json.dumps(key, ensure_ascii=False)}]" if where else str(key)
