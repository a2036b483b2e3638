"""Hashes of inputs by content: key order, comments, quoting and the division into files do not matter."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from wargame.language.times import Time
from wargame.scenario.building.scalars import Parameter
from wargame.scenario.model import Inject, Scenario

QUESTIONS = ("claims", "targets", "evidence")
"""Sections of a scenario about its evaluation, which do not affect runs."""
APART = ("injects", *QUESTIONS, "absurdities", "events", "roles")
"""Sections that do not affect runs: evaluation, names of inject files, how a chronology and a journal are read, role
sheets."""


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
    """SHA-256, in hexadecimal, of JSON data with sorted keys."""
    return sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def scenario_sha256(scenario: Scenario, parameters: tuple[Parameter, ...]) -> str:
    """Hash of a scenario and of the ranges and sources of its numbers, without the sections of `APART`."""
    content = canonical(scenario)
    for name in APART:
        content.pop(name, None)
    return digest([content, [canonical(each) for each in parameters]])


def questions_sha256(scenario: Scenario) -> str:
    """Hash of a scenario's claims, targets and their evaluation."""
    content = canonical(scenario)
    return digest({name: content.get(name) for name in QUESTIONS})


def injects_sha256(injects: tuple[Inject, ...], parameters: tuple[Parameter, ...]) -> str:
    """Hash of injects, sorted by id, and of the ranges and sources of their numbers."""
    return digest([[canonical(each) for each in injects], [canonical(each) for each in parameters]])
