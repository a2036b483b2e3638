"""One program, and its child process: lines in, lines out, with a timeout and limits on size.

Threads read and write its pipes, so that a program that hangs, floods or does not read cannot block the exercise.
"""

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, Generic, TypeVar

from wargame.brains.llm.settings import without_key
from wargame.brains.protocol import Sent, encode
from wargame.brains.replies import LONGEST_LINE, Act, Cause, Nonsense, Ready, Received, Ruling, decode
from wargame.brains.specification import HTTP, BrainSpec, Players, command_of, environment_of
from wargame.brains.transcript import FOLDER, Transcript, UsageTotal
from wargame.language.plain_text import clean

AnswerT = TypeVar("AnswerT", Ready, Act, Ruling)
Decided = TypeVar("Decided", Act, Ruling)
Notify = Callable[[str], None]
"""Writes a line to the facilitator."""
WAITING_LINES = 32
"""Lines of a program that wait to be read; it is stopped from writing more."""
STALE = 100
"""Answers to earlier turns that are ignored within one turn. Judgement."""
KEPT = 2000
"""Characters of its standard error that are kept, the last ones."""
SHOWN = 200
"""Characters of the last line of its standard error that a reason shows."""
LEAST_START = 30.0
"""Seconds that a program has at least for its first answer, since an interpreter may start slowly."""
LOOK = 0.2
"""Seconds between two looks at whether somebody still waits for an answer."""
GRACE = 1.0
"""Seconds that a program has to end by itself."""


class Failed(Exception):
    """A program that has not answered as it should; `kind` is one of `REASONS`, the text says why."""

    def __init__(self, kind: Cause, reason: str) -> None:
        super().__init__(without_key(clean(reason)))
        self.kind = kind


class Abandoned(Exception):
    """Nobody waits for the answer any more: the user stops the run."""


class ProgramProcess:
    """A child process that is asked one question at a time. `ask` blocks, at most for the timeout."""

    def __init__(
        self, command: list[str], environment: dict[str, str], timeout: float, *, shows_errors: bool = False
    ) -> None:
        """With `shows_errors`, the user sees what it writes to its standard error; else that explains a failure."""
        self._timeout, self._asked = timeout, set[str | None]()
        try:
            self._child = subprocess.Popen(  # noqa: S603 - the user names the program
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if shows_errors else subprocess.PIPE,
                env=environment,
                start_new_session=True,  # Ctrl-C reaches the exercise, which ends its programs itself
            )
        except OSError as error:
            raise Failed("crash", f"it cannot be started: {error.strerror}") from None
        self._lines: queue.Queue[bytes | None] = queue.Queue(WAITING_LINES)
        self._outgoing: queue.Queue[bytes | None] = queue.Queue()
        self._errors: deque[str] = deque(maxlen=KEPT)
        self._closing = False
        self.abandoned: Callable[[], bool] = lambda: False
        """Whether nobody waits for its answers any more."""
        pipes = (self._child.stderr, self._child.stdout, self._child.stdin)
        jobs = (self._read_errors, self._read, self._write)
        self._threads = [
            threading.Thread(target=job, args=(pipe,), daemon=True)
            for job, pipe in zip(jobs, pipes, strict=True)
            if pipe is not None
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, message: Sent, kind: type[AnswerT]) -> AnswerT:
        """Send a message and return the answer to it, a message of this kind; raises Failed."""
        self.send(message)
        wanted, timeout = getattr(message, "id", None), self._timeout
        self._asked.add(wanted)
        if len(self._asked) == 1:
            timeout = max(timeout, LEAST_START)
        until = time.monotonic() + timeout
        for _ in range(STALE):
            answer = self._next(until, timeout)
            if not isinstance(answer, kind):
                names = type(answer).__name__.lower(), kind.__name__.lower()
                raise Failed("nonsense", "it sent '{}' where '{}' was expected".format(*names))
            if wanted is None or getattr(answer, "id", None) == wanted:
                return answer
            if (other := getattr(answer, "id", "")) not in self._asked:
                raise Failed("nonsense", f"it answered the turn '{other}', which there is not: this is {wanted}")
            # else it is the answer to an earlier turn, which has come too late
        raise Failed("nonsense", f"it sent {STALE} answers to other turns than {wanted}")

    def send(self, message: Sent) -> None:
        """Send a message without waiting."""
        self._outgoing.put(encode(message))

    def _next(self, until: float, timeout: float) -> Received:
        line = self._line(until, timeout)
        if line is None:
            raise Failed("crash", self._how_it_ended())
        try:
            return decode(line)
        except Nonsense as error:
            if len(line) > LONGEST_LINE:
                self.kill()
            raise Failed("nonsense", f"{error} (print other text to standard error)") from None

    def _line(self, until: float, timeout: float) -> bytes | None:
        """Return the next line; None at the end of its output."""
        while True:
            left = until - time.monotonic()
            with contextlib.suppress(queue.Empty):
                return self._lines.get(timeout=max(0.0, min(left, LOOK)))
            if self.abandoned():
                raise Abandoned
            if left <= LOOK:
                raise Failed("timeout", f"it did not answer within {timeout:g} s")

    def _how_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(GRACE)
        self._threads[0].join(GRACE)
        code = self._child.poll()
        how = "closed its output" if code is None else f"ended with status {code}"
        lines = "".join(self._errors).strip().splitlines()
        return f"it {how}{f': {lines[-1][-SHOWN:]}' if lines else ''}"

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None

    def _read(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := pipe.readline(LONGEST_LINE + 1):
                self._put(line)
                if len(line) > LONGEST_LINE:
                    return  # the rest is not read: it is killed
        self._put(None)

    def _put(self, line: bytes | None) -> None:
        while not self._closing:
            with contextlib.suppress(queue.Full):
                self._lines.put(line, timeout=0.2)
                return

    def _read_errors(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(pipe.fileno(), 4096):
                self._errors.extend(chunk.decode("utf-8", "replace"))

    def _write(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := self._outgoing.get():
                pipe.write(line)
                pipe.flush()
        with contextlib.suppress(OSError, ValueError):
            pipe.close()

    def close(self, last: Sent | None = None) -> None:
        """Send a last message, close its input, and end it if it does not end by itself."""
        if last is not None:
            self.send(last)
        self._outgoing.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(GRACE)
        self.kill()

    def kill(self) -> None:
        """End it, and what it has started, at once."""
        self._closing = True
        self._outgoing.put(None)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._child.pid, signal.SIGKILL)
            else:
                self._child.kill()
        self._child.wait()
        for thread in self._threads:
            thread.join(GRACE)
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()


class Program(Generic[Decided]):
    """A program of a run, which is started when it is first asked: its transcript, and what its answers took."""

    def __init__(self, spec: BrainSpec, players: Players, name: str, folder: Path | None, kind: type[Decided]) -> None:
        """Start nothing yet; UsageFault for a program that cannot be started here. Its answers are of this kind.

        With the folder of a run, its transcript is written there, under a name.
        """
        self.spec, self._timeout = spec, players.conditions.timeout
        self._kind: type[Decided] = kind
        self._command, self._environment = command_of(spec, players.llm), environment_of(spec)
        self.transcript = Transcript(folder / FOLDER / f"{name}.jsonl" if folder else None)
        self.usage = UsageTotal(spec.source, sha256=spec.sha256(players.llm.prompt), package=spec.package())
        self._process: ProgramProcess | None = None
        self._in_a_row = 0
        self._abandoned: Callable[[], bool] = lambda: False

    @property
    def is_running(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.alive

    def greet(self) -> ProgramProcess:
        """Return its process, which is started if it does not run."""
        if self._process is None or not self._process.alive:
            self._discard()
            shows = self.spec.kind == HTTP
            self._process = ProgramProcess(self._command, self._environment, self._timeout, shows_errors=shows)
            self._process.abandoned = self._abandoned
        return self._process

    def abandon_when(self, condition: Callable[[], bool]) -> None:
        """Wait for no answer any more once the condition is true, as when the user stops the run."""
        self._abandoned = condition
        if self._process is not None:
            self._process.abandoned = condition

    def exchange(self, message: Sent) -> Decided | Failed:
        """Send a message and wait for the answer; it can run in a thread, since it does not touch the exercise."""
        began = time.monotonic()
        try:
            answer = self.greet().ask(message, self._kind)
        except Failed as failed:
            if failed.kind != "timeout":
                self._discard()
            return failed
        self.usage.add(answer, time.monotonic() - began)
        return answer

    def _count(self, failed: Failed) -> None:
        self._in_a_row += 1
        self.usage.failed[failed.kind] = self.usage.failed.get(failed.kind, 0) + 1

    def _discard(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None
