"""The words of sheets of other makers, from `vocabulary.yaml`: headings, types of rows, channels, recipients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from wargame.errors import UsageFault, nearest, shortened
from wargame.sheets.table import plain_heading


@cache
def _vocabulary() -> dict[str, Any]:
    document = yaml.safe_load((files("wargame.sheets") / "vocabulary.yaml").read_text("utf-8"))
    return dict(document)


def _plain(written: str) -> tuple[str, ...]:
    """Return the words of a list, plain and without blanks."""
    return tuple(dict.fromkeys(plain_heading(word) for word in written.split(",")))


@cache
def words(key: str) -> tuple[str, ...]:
    """Return the plain words of a list, such as `all_players`."""
    return _plain(_vocabulary()[key])


@cache
def words_of(key: str) -> dict[str, tuple[str, ...]]:
    """Return the plain words of several lists by their names: those of `kinds` or of `channels`."""
    return {name: _plain(written) for name, written in _vocabulary()[key].items()}


@cache
def headings() -> dict[str, list[tuple[str, int]]]:
    """Return for each plain heading the fields that it may stand for, each with 0 if it is a usual one, or 1."""
    known: dict[str, list[tuple[str, int]]] = {}
    for name, ranks in _vocabulary()["headings"].items():
        for rank, written in enumerate(ranks.values()):
            for heading in _plain(written):
                known.setdefault(heading, []).append((name, rank))
    return known


def fields() -> tuple[str, ...]:
    """Return the fields that a column can hold."""
    return tuple(_vocabulary()["headings"])


PROFILES: dict[str, dict[str, str]] = dict(_vocabulary()["layouts"])
"""By the name of a tool, its headings in their order, each with its field."""


def profile(name: str) -> Mapping[str, str]:
    """Return the profile of this name; UsageFault for another one."""
    if name not in PROFILES:
        hint = nearest(name, PROFILES) or f"the profiles are {', '.join(sorted(PROFILES))}"
        raise UsageFault(f"there is no profile '{shortened(name)}' ({hint})")
    return PROFILES[name]


def detect(headings: Sequence[str]) -> Mapping[str, str] | None:
    """Return the profile with most of the headings, at least half of its own; None if none fits."""
    here = {plain_heading(heading) for heading in headings if heading}
    shares = {name: sum(plain_heading(each) in here for each in known) / len(known) for name, known in PROFILES.items()}
    best = max(shares, key=lambda name: shares[name])
    return PROFILES[best] if shares[best] > 0.5 else None
