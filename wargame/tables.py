"""Tables of facts and words that are kept beside the code, as YAML; rows by a key."""

from collections.abc import Hashable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@cache
def tables(path: str) -> Any:
    """Return the content of a YAML file by its path within the package; callers share it and do not change it."""
    import yaml  # many commands need no table

    return yaml.load((Path(__file__).parent / path).read_text("utf-8"), yaml.CSafeLoader)


def by_key(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Return the values of each key, both in the order in which they come."""
    values: dict[K, list[V]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    return values
