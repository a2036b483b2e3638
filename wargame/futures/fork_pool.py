"""Many futures of one moment, each in a fork of the process that stands there, so that what it changes stays there."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import msgspec


class ForkedFuture(msgspec.Struct):
    """What one future came to: outcomes met by the horizon, and measures of where it stands."""

    met: list[str]
    measures: dict[str, float]


def many(one: Callable[[int], bytes], n: int, jobs: int) -> list[ForkedFuture]:
    """`one(number)` for all numbers, in `jobs` processes where the platform can fork; in the order of the numbers."""
    return [msgspec.json.decode(answer, type=ForkedFuture) for answer in in_order(one, n, jobs)]


def in_order(one: Callable[[int], bytes], n: int, jobs: int) -> Iterator[bytes]:
    """The answers `one(number)`, none of which holds a line break, in the order of the numbers and as soon as can be.

    Which ones are there at some moment says nothing of what they hold: a beginning of them is a fair sample.
    """
    jobs = min(jobs, n) if hasattr(os, "fork") else 1
    if jobs == 1:
        yield from map(one, range(n))
        return
    begun = [forked_later(_writer(one, range(which, n, jobs)), which) for which in range(jobs)]
    files = [os.fdopen(pipe, "rb") for pipe, _ in begun]
    try:
        for number in range(n):
            answer = files[number % jobs].readline()
            if not answer:
                raise RuntimeError(f"future {number} has failed")
            yield answer
    finally:
        for file in files:
            file.close()
        for _, process in begun:
            os.waitpid(process, 0)


def _writer(one: Callable[[int], bytes], numbers: Iterable[int]) -> Callable[[int, BinaryIO], None]:
    def write(_: int, pipe: BinaryIO) -> None:
        for number in numbers:
            pipe.write(one(number) + b"\n")
            pipe.flush()

    return write


def forked_later(task: Callable[[int, BinaryIO], None], which: int) -> tuple[int, int]:
    """Begins `task(which, pipe)` in a fork of this process; returns the other end of the pipe and the process."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return ours, process
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it closes the pipes, and all end
        os.close(ours)
        with os.fdopen(theirs, "wb") as pipe:
            task(which, pipe)
        code = 0
    except BrokenPipeError:
        pass  # nobody reads any more
    except BaseException as error:  # noqa: BLE001 - it ends here, whatever it is
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def forked(task: Callable[[], bytes]) -> bytes:
    """The answer of a task that runs in a fork, so that what it changes stays there; RuntimeError if it fails."""

    def write(_: int, pipe: BinaryIO) -> None:
        pipe.write(task())

    pipe, process = forked_later(write, 0)
    with os.fdopen(pipe, "rb") as file:
        answer = file.read()
    _, status = os.waitpid(process, 0)
    if status:
        raise RuntimeError("a future has failed")
    return answer
