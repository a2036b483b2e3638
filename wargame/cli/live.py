"""What `play` and `resume` share: a session in the hands of a person, a script or standard input."""

from __future__ import annotations

import asyncio
import shlex
import signal
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wargame.cli.output import print_json
from wargame.errors import Interrupted, UsageFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wargame.journal.records import Record
    from wargame.live.session.session import Session


def run_session(session: Session, script: Path | None, *, as_json: bool, first: tuple[str, ...] = ()) -> None:
    """Runs a session to the end of its input and leaves it closed; `first` are lines carried out before."""
    from wargame.live.console import dispatch
    from wargame.live.console.console import Console

    console = Console(session, moments=partial(_moments, session))
    try:
        with _polite(session):
            for line in first:
                dispatch.run(console, line)
            asyncio.run(_run(console, script, as_json=as_json))
    finally:
        session.close()
    if session.exercise.done:
        _keep_summary(session)
    if as_json:
        manifest = session.folder.manifest()
        names = ("name", "scenario", "seed", "ended", "reached", "records", "decisions", "outcomes", "journal_sha256")
        print_json({"run_dir": str(session.folder.path), **{name: getattr(manifest, name) for name in names}})


def _keep_summary(session: Session) -> None:
    """What `wargame run` keeps at the end of a run."""
    from wargame.review.findings.findings import Findings
    from wargame.review.findings.source import from_memory

    source = from_memory(session.folder, session.folder.manifest(), session.records, session.loaded)
    session.folder.write_summary(Findings(source).summary)


async def _run(console: object, script: Path | None, *, as_json: bool) -> None:
    from wargame.live.console.console import Console
    from wargame.live.terminals.batch_terminal import from_stream, play_plain, script_lines

    assert isinstance(console, Console)
    out = sys.stderr if as_json else sys.stdout
    if script is not None:
        await play_plain(console, script_lines(_read(script)), name=str(script), out=out)
    elif sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
        from wargame.live.terminals.terminal import play_terminal

        await play_terminal(console)
    else:
        await play_plain(console, from_stream(sys.stdin), out=out)


def _read(script: Path) -> str:
    try:
        return script.read_text("utf-8")
    except OSError as error:
        raise UsageFault(f"{script} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageFault(f"{script} is not UTF-8 text") from None


@contextmanager
def _polite(session: Session) -> Iterator[None]:
    """A terminal that goes away, or a polite kill, leaves the exercise to be resumed: Interrupted says how."""

    def leave(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    numbers = [number for name in ("SIGHUP", "SIGTERM") if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    except KeyboardInterrupt:
        call = shlex.quote(session.folder.call)
        raise Interrupted(f"stopped; the exercise is kept: wargame resume {call} goes on") from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _moments(session: Session, records: list[Record]) -> list[str]:
    """The turning points since STARTEX, as in the summary of a run."""
    from wargame.review.findings.source import from_memory
    from wargame.review.findings.turning_points import turning_points

    points = turning_points(from_memory(session.folder, session.folder.manifest(), records, session.loaded))
    return [
        f"{point.at[:10]}  #{point.seq:<5} {point.what}" + (f" ({point.why})" if point.why else "") for point in points
    ]
