"""Plug-ins: what other installed packages add, found by the entry points of their distributions.

A package declares `[project.entry-points."wargame.measures"]` with `name = "package.module:function"`, and likewise for
the other groups: `wargame.players`, `wargame.mechanisms`, `wargame.sections` and `wargame.exporters`. Their contracts
are in `docs/reference/plug-ins.md`. A plug-in is only imported when it is used.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import metadata
from typing import Any

from wargame.errors import UsageFault, nearest, shortened

MOST_SECONDS = 60.0
"""Seconds that a call may take on which a run depends. Judgement."""


class PluginFailed(UsageFault):
    """A plug-in that cannot be imported, has raised an error, or has returned something else than it should."""


def installed(kind: str) -> dict[str, metadata.EntryPoint]:
    """Return the installed plug-ins of a kind by name, sorted; of several with one name, that of the first package."""
    points = sorted(metadata.entry_points(group=f"wargame.{kind}"), key=lambda each: (each.name, package_of(each)))
    return {each.name: each for each in points[::-1]} if points else {}


def package_of(point: metadata.EntryPoint) -> str:
    """Return the package of a plug-in with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown package"


def find(kind: str, name: str) -> metadata.EntryPoint:
    """Return an installed plug-in; UsageFault if there is none of that name."""
    points = installed(kind)
    if name not in points:
        known = nearest(name, points) or f"installed: {', '.join(sorted(points)) or 'none'}"
        raise UsageFault(f"no package adds '{shortened(name)}' to wargame.{kind} ({known})")
    return points[name]


def call(kind: str, name: str, returns: Callable[[Any], Any], *arguments: Any, seconds: float = 0.0) -> Any:
    """Call a plug-in and convert what it returns; PluginFailed, with its package, for any error of it.

    `seconds` is how long that may take, 0 for no limit.
    """
    point = find(kind, name)
    try:
        with redirect_stdout(sys.stderr), _at_most(seconds):  # standard output is the result of a command
            return returns(point.load()(*arguments))
    except (Exception, SystemExit) as error:  # the code is of others
        reason = shortened(f"{type(error).__name__}: {error}", 200)
        raise PluginFailed(f"'{name}' of {package_of(point)} (wargame.{kind}) failed: {reason}") from error


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after a number of seconds; only in the main thread, and not on Windows."""
    if not seconds or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"it has not returned within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
