"""Many futures of one moment, each in a fork of the process that stands there, so that what it changes stays there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import msgspec


class Future(msgspec.Struct):
    """What one future came to: outcomes met by the horizon, and measures of where it stands."""

    met: list[str]
    measures: dict[str, float]


def many(one: Callable[[int], bytes], n: int, jobs: int) -> list[Future]:
    """`one(number)` for all numbers, in `jobs` processes where the platform can fork; in the order of the numbers."""
    return [msgspec.json.decode(answer, type=Future) for answer in in_order(one, n, jobs)]


def in_order(one: Callable[[int], bytes], n: int, jobs: int) -> Iterator[bytes]:
    """The answers `one(number)`, none of which holds a line break, in the order of the numbers and as soon as can be.

    Which ones are there at some moment says nothing of what they hold: a beginning of them is a fair sample.
    """
    jobs = min(jobs, n) if hasattr(os, "fork") else 1
    if jobs == 1:
        yield from map(one, range(n))
        return
    pipes = [forked_later(_writer(one, range(which, n, jobs)), which) for which in range(jobs)]
    files = [os.fdopen(pipe, "rb") for pipe in pipes]
    try:
        for number in range(n):
            answer = files[number % jobs].readline()
            if not answer:
                raise RuntimeError(f"future {number} has failed")
            yield answer
    finally:
        for file in files:
            file.close()
        for _ in files:
            os.wait()


def _writer(one: Callable[[int], bytes], numbers: Iterable[int]) -> Callable[[int, BinaryIO], None]:
    def write(_: int, pipe: BinaryIO) -> None:
        for number in numbers:
            pipe.write(one(number) + b"\n")
            pipe.flush()

    return write


def forked_later(task: Callable[[int, BinaryIO], None], which: int) -> int:
    """Begins `task(which, pipe)` in a fork of this process; returns the other end of the pipe."""
    ours, theirs = os.pipe()
    if os.fork():
        os.close(theirs)
        return ours
    try:
        os.close(ours)
        with os.fdopen(theirs, "wb") as pipe:
            task(which, pipe)
    except BaseException as error:  # noqa: BLE001 - it ends here, whatever it is
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(0)


def forked(task: Callable[[], bytes]) -> bytes:
    """The answer of a task that runs in a fork, so that what it changes stays there."""

    def write(_: int, pipe: BinaryIO) -> None:
        pipe.write(task())

    with os.fdopen(forked_later(write, 0), "rb") as file:
        answer = file.read()
    os.wait()
    return answer
