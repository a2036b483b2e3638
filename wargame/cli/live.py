"""The common part of `play` and `resume`: a session driven by a person, a script or standard input."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from wargame.cli import lib
from wargame.cli.options import ScriptFile
from wargame.cli.output import RUN_FIELDS, print_run_json
from wargame.errors import Interrupted, UsageFault, WargameError
from wargame.executor.stepping import termination_signals
from wargame.live.console import dispatch
from wargame.live.console.console import Console, ReviewLine
from wargame.live.session.session import Session
from wargame.live.terminals.batch_terminal import from_stream, play_plain, script_lines
from wargame.live.terminals.services import Service, all_services


def run_session(
    session: Session,
    script: ScriptFile | None,
    *,
    as_json: bool,
    first: tuple[str, ...] = (),
    serving: lib.Serving | None = None,
    programs: Service | None = None,
) -> None:
    """Run the lines in `first`, then the script or else standard input to its end, and close the session.

    It is also served if asked to, and `programs` play beside it. A new exercise whose programs cannot be started is
    removed. UsageFault at the end if lines of a script that keeps going were refused.
    """
    session.folder.keep_private()
    review = LiveReview(session)
    console = Console(session, review=review)
    refused = list[int]()
    try:
        with _resumable(session):
            for line in first:
                console.opening += dispatch.run(console, line)
            beside = [] if programs is None else [programs]
            beside += [] if serving is None else [lambda shared: lib.served(shared, serving)]
            playing = _run(console, script, all_services(*beside), refused, stays=serving is not None, as_json=as_json)
            asyncio.run(playing if serving is None else _until_stopped(playing))
    except UsageFault:
        if programs is not None and not session.log.lines and not session.resumed:
            session.close()
            shutil.rmtree(session.folder.path, ignore_errors=True)
        raise
    finally:
        session.close()
    _write_review(session, review, sys.stderr if as_json else sys.stdout)
    if as_json:
        print_run_json(session.folder, (*RUN_FIELDS, "reached"))
    if script is not None and refused:
        lines = f"{'line' if len(refused) == 1 else 'lines'} {', '.join(map(str, refused))}"
        raise UsageFault(f"{script.name}: {lines} refused; all others were carried out")


def serve_session(session: Session, serving: lib.Serving, programs: Service | None = None) -> None:
    """Serve a session without a console until the command is stopped, and close it; `programs` play beside it."""
    session.folder.keep_private()
    review = LiveReview(session)
    console = Console(session, review=review)
    try:
        with _resumable(session):
            asyncio.run(_until_stopped(lib.serve_alone(console, serving, programs)))
    finally:
        session.close()
        _write_review(session, review, sys.stdout)


def serve_rooms(runs: list[Path], serving: lib.Serving, more: list[str]) -> None:
    """Serve several exercises behind one lobby until the command is stopped; `more` are options of each room."""
    try:
        asyncio.run(_until_stopped(lib.serve_lobby(runs, serving, more)))
    except (KeyboardInterrupt, _Stopped):
        raise Interrupted("stopped; the exercises are kept (wargame serve continues them)") from None


def _write_review(session: Session, review: LiveReview, out: TextIO) -> None:
    """Write summary and review of an exercise that is over."""
    if session.exercise.done:
        session.folder.write_summary(review.findings().summary)
        for line in review.write():
            print(line, file=out)


async def _run(
    console: Console, script: ScriptFile | None, service: Service, refused: list[int], *, stays: bool, as_json: bool
) -> None:
    out = sys.stderr if as_json else sys.stdout
    if script is not None:
        lines, kept = script_lines(script.text), refused if script.keeps_going else None
        await play_plain(console, lines, name=script.name, refused=kept, out=out, service=service, stays=stays)
    elif sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
        await lib.play_terminal(console, service)
    else:
        await play_plain(console, from_stream(sys.stdin), out=out, service=service, stays=stays)


class _Stopped(Exception):
    """A signal has stopped the exercise."""


async def _until_stopped(playing: Coroutine[None, None, None]) -> None:
    """Play until a signal comes, which takes effect between two commands and close all connections in order."""
    task, stopped, loop = asyncio.ensure_future(playing), False, asyncio.get_running_loop()

    def stop() -> None:
        nonlocal stopped
        stopped = True
        task.cancel()

    with suppress(NotImplementedError):  # where a loop has no signals, they raise KeyboardInterrupt
        for number in termination_signals():
            loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if stopped:
            raise _Stopped from None
        raise


@contextmanager
def _resumable(session: Session) -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and SIGHUP into Interrupted, whose message says how to resume."""
    stopped = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopped
        del number, frame
        stopped = True
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in termination_signals()}
    try:
        yield
    except (KeyboardInterrupt, OSError, _Stopped) as error:
        if isinstance(error, OSError) and not stopped:  # a closed terminal can no longer be written to
            raise
        name = shlex.quote(session.folder.typed)
        raise Interrupted(f"stopped; the exercise is kept (continue with: wargame resume {name})") from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class LiveReview:
    """The review of the exercise of a session, as far as it has come."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def findings(self) -> lib.Findings:
        """Return the findings of the present state, from memory."""
        session, manifest = self._session, self._session.present_manifest()
        return lib.Findings(lib.from_memory(session.folder, manifest, session.records, session.loaded))

    def turning_points(self) -> list[ReviewLine]:
        """Return the turning points since STARTEX, as in the summary of a run."""
        points = ((each, f" ({each.why})" if each.why else "") for each in self.findings().turning_points)
        return [ReviewLine(point.at[:10], point.seq, f"{point.what}{why}") for point, why in points]

    def players(self) -> list[ReviewLine]:
        """Return orders, answers, messages and votes of people, each with what came of it."""
        findings = self.findings()
        first = lib.discussed(findings)
        return [ReviewLine(*row, row[1] in first) for row in lib.players_in_rows(findings)]

    def document(self, form: str, seat: str = "") -> bytes:
        """Return the review as a document of a format, or the page for one seat."""
        return lib.render(self.findings(), form, seat)

    def write(self) -> list[str]:
        """Write the page of the review; the exercise goes on if it cannot be written."""
        try:
            path = lib.write_output(lib.default_path(self._session.folder.path, "html"), self.document("html"))
        except (WargameError, OSError) as error:
            return [f"The review could not be written: {error}"]
        return [f"The review is in {path}"]
