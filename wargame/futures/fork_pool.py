"""Runs many futures of one moment, each in a fork of the process that has simulated up to it."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

_DONE, _FAILED = b"+", b"-"
"""The first byte of an answer from a fork."""


def in_order(one: Callable[[int], bytes], n: int, jobs: int) -> Iterator[bytes]:
    """Yield `one(number)` for the numbers below `n`, in order, computed in `jobs` processes.

    The answers must not contain line breaks. Since their order does not depend on how long each takes, the first
    answers are a fair sample. Without `os.fork` there is one process. RuntimeError if an answer is missing.
    """
    jobs = min(jobs, n) if hasattr(os, "fork") else 1
    if jobs == 1:
        yield from map(one, range(n))
        return
    workers = [start_fork(_writer(one, range(which, n, jobs)), which) for which in range(jobs)]
    files = [os.fdopen(pipe, "rb") for pipe, _ in workers]
    try:
        for number in range(n):
            answer = files[number % jobs].readline()
            if not answer:
                raise RuntimeError(f"future {number} has failed")
            yield answer.removesuffix(b"\n")
    finally:
        for file in files:
            file.close()
        for _, process in workers:
            os.waitpid(process, 0)


def _writer(one: Callable[[int], bytes], numbers: Iterable[int]) -> Callable[[int, BinaryIO], None]:
    def write(_: int, pipe: BinaryIO) -> None:
        for number in numbers:
            pipe.write(one(number) + b"\n")
            pipe.flush()

    return write


def start_fork(task: Callable[[int, BinaryIO], None], which: int) -> tuple[int, int]:
    """Start `task(which, pipe)` in a fork; returns the file descriptor to read from, and the process."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return ours, process
    code = 1
    try:
        gc.disable()  # a collection would write to most pages, which are then copied
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C the parent closes the pipes, which ends this process
        os.close(ours)
        with os.fdopen(theirs, "wb") as pipe:
            task(which, pipe)
        code = 0
    except BrokenPipeError:
        pass  # the parent has stopped reading
    except BaseException as error:  # noqa: BLE001 - the process ends here whatever the error
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def in_fork(task: Callable[[], bytes]) -> bytes:
    """The result of a task that runs in a fork, where its changes stay; RuntimeError with its error if it fails."""

    def write(_: int, pipe: BinaryIO) -> None:
        try:
            answer = task()
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
            pipe.write(_FAILED + f"{type(error).__name__}: {error}".encode())
        else:
            pipe.write(_DONE + answer)

    pipe, process = start_fork(write, 0)
    with os.fdopen(pipe, "rb") as file:
        answer = file.read()
    _, status = os.waitpid(process, 0)
    if status or not answer.startswith(_DONE):
        raise RuntimeError(answer.removeprefix(_FAILED).decode() or "the process of a future was killed")
    return answer.removeprefix(_DONE)
