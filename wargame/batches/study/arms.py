"""Arms as written on the command line: `NAME=set PATH=V; forbid GOV OPTION; strategy GOV=S`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import nan
from pathlib import Path
from typing import Any

from wargame.batches.study import reading
from wargame.brains.specification import is_brain, located
from wargame.errors import UsageFault, listed, nearest, shortened
from wargame.language.times import parse_duration
from wargame.scenario.building.numbers import matching, numbers, without_unit
from wargame.scenario.building.yaml_nodes import plain_key
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.questions import Arm

_LISTS = ("set", "forbid", "force", "skip", "add")
_PAIRS = {"seat": "seats", "strategy": "strategies", "leader": "leaders"}
_TEXTS = {"startex": "startex", "until": "until", "title": "title"}
PLAYABLE = ("model", "script", "program:FILE", "llm:MODEL", "http")
PARAMETER = "parameter"
LARGEST = 1e10
_WORDS = (*_LISTS, *_PAIRS, *_TEXTS, PARAMETER)


def parse_arm(text: str, loaded: Loaded) -> tuple[str, Arm]:
    """Read an arm of the command line, `NAME=set PATH=V; forbid GOV OPTION; …`; UsageFault if it is malformed."""
    name, _, clauses = text.partition("=")
    name = name.strip()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_\-]*", name, re.ASCII):
        raise UsageFault(
            f"--arm '{shortened(text, 80)}': the name of an arm consists of letters, digits, _ and -, and begins with "
            "a letter"
        )
    fields: dict[str, Any] = {}
    for clause in (part.strip() for part in clauses.split(";")):
        if clause:
            _clause(clause, fields, name)
    bare = [rest.rpartition("=") for word, _, rest in map(_words, clauses.split(";")) if word == PARAMETER]
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
    for what in ("strategies", "leaders"):
        for government, value in fields.get(what, {}).items():
            _known(name, "government", government, ids["government"])
            _known(name, _singular(what), value, ids[_singular(what)])
    return name, Arm(**fields)


def _words(clause: str) -> tuple[str, str, str]:
    return clause.strip().partition(" ")


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
        fields[_TEXTS[word]] = rest
    elif word == PARAMETER:
        path, number = _number(rest, arm)
        fields.setdefault("parameters", {})[path] = number
    else:
        government, equals, value = rest.partition("=")
        if not equals or not value.strip():
            raise UsageFault(f"arm '{arm}': write {word} GOV={word.upper()}, not '{shortened(rest)}'")
        fields.setdefault(_PAIRS[word], {})[government.strip()] = value.strip()


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
        raise UsageFault(
            f"arm '{arm}': write parameter PATH=VALUE, such as leaders.*.rationality=3, not '{shortened(written)}'"
        )
    return plain_key(path), number


def _singular(what: str) -> str:
    return {"strategies": "strategy", "leaders": "leader"}[what]


def _known(arm: str, kind: str, name: str, choices: Iterable[str]) -> None:
    every = sorted(choices)
    if name not in every:
        hint = nearest(name, every) or (listed(every) if every else f"the scenario has no {kind} at all")
        raise UsageFault(f"arm '{arm}': there is no {kind} '{shortened(name)}' ({hint})")
