"""Work in steps: a long job that pauses now and then, so that its owner can do something else in between."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")
Steps = Generator[None, None, T]
"""A job that yields wherever it may be left for a moment, and returns its result at the end."""


def finish(steps: Steps[T]) -> T:
    """Run a job to its end without a pause and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
