"""Arms as they are written on the command line: `NAME=set PATH=V; forbid GOV OPTION; strategy GOV=S`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import nan
from typing import Any

from wargame.batch.study import reading
from wargame.errors import UsageFault, listed, nearest
from wargame.language.old_words import message, replacement
from wargame.language.times import parse_duration
from wargame.scenario.building.numbers import matching, numbers, without_unit
from wargame.scenario.building.yaml_nodes import plain_key
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.questions import Arm

_LISTS = ("set", "forbid", "force", "skip", "add")
_PAIRS = {"seat": "seats", "strategy": "strategies", "leader": "leaders"}
_TEXTS = {"startex": "startex", "until": "until", "title": "title"}
PLAYABLE = ("model", "script")
PARAMETER = "parameter"
LARGEST = 1e10
_WORDS = (*_LISTS, *_PAIRS, *_TEXTS, PARAMETER)


def parse_arm(text: str, loaded: Loaded) -> tuple[str, Arm]:
    """An arm as on the command line: `NAME=set PATH=V; forbid GOV OPTION; strategy GOV=S; …`; UsageFault if it is none."""
    name, _, clauses = text.partition("=")
    name = name.strip()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_\-]*", name, re.ASCII):
        raise UsageFault(f"--arm '{text[:80]}': the name of an arm has letters, digits, _ and -, a letter first")
    made: dict[str, Any] = {}
    for clause in (part.strip() for part in clauses.split(";")):
        if clause:
            _clause(clause, made, name)
    bare = [rest.rpartition("=") for word, _, rest in map(_words, clauses.split(";")) if word == PARAMETER]
    known = numbers(loaded.scenario, loaded.injects) if bare else {}
    for path, _, value in bare:
        meant = (known[each] for each in matching(plain_key(path.strip()), known))
        if told := without_unit(value, meant):
            raise UsageFault(f"arm '{name}': {told}")
    found = reading.ids(loaded)
    for kind in made.get("seats", {}).values():
        _known(name, "kind of seat for an unattended run", kind, PLAYABLE)
    for what in ("strategies", "leaders"):
        for government, wanted in made.get(what, {}).items():
            _known(name, "government", government, found["government"])
            _known(name, _singular(what), wanted, found[_singular(what)])
    return name, Arm(**made)


def _words(clause: str) -> tuple[str, str, str]:
    return clause.strip().partition(" ")


def _clause(clause: str, made: dict[str, Any], arm: str) -> None:
    word, _, rest = clause.partition(" ")
    rest = rest.strip()
    if (new := replacement(word)) in _WORDS:
        raise UsageFault(f"arm '{arm}': {message(word, new)}: write '{new} {rest[:60]}'")
    if word not in _WORDS or not rest:
        known = f"write a value behind {word}" if word in _WORDS else nearest(word, _WORDS)
        hint = known or f"an arm has clauses of {', '.join(_WORDS)}, each with its value"
        raise UsageFault(f"arm '{arm}': '{clause[:60]}' is no change ({hint})")
    if word in _LISTS:
        made[word] = (*made.get(word, ()), rest)
    elif word in _TEXTS:
        made[_TEXTS[word]] = rest
    elif word == PARAMETER:
        path, number = _number(rest, arm)
        made.setdefault("parameters", {})[path] = number
    else:
        government, equals, value = rest.partition("=")
        if not equals or not value.strip():
            raise UsageFault(f"arm '{arm}': write {word} GOV={word.upper()}, not '{rest[:60]}'")
        made.setdefault(_PAIRS[word], {})[government.strip()] = value.strip()


def _number(written: str, arm: str) -> tuple[str, float]:
    """A path of the scenario's files with its number, or a duration as seconds."""
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
            f"arm '{arm}': write parameter PATH=VALUE, such as leaders.*.rationality=3, not '{written[:60]}'"
        )
    return plain_key(path), number


def _singular(what: str) -> str:
    return {"strategies": "strategy", "leaders": "leader"}[what]


def _known(arm: str, kind: str, name: str, choices: Iterable[str]) -> None:
    every = sorted(choices)
    if name not in every:
        hint = nearest(name, every) or (listed(every) if every else f"the scenario has no {kind} at all")
        raise UsageFault(f"arm '{arm}': there is no {kind} '{name[:60]}' ({hint})")
