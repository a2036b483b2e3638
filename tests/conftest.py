"""Fixtures of all tests: the top of the project, the command line, and a fixed environment."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from warm_commands import WARM

from support.waiting import PATIENCE

pytest_plugins = ("support.browser_fixtures", "support.review_fixtures")

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "import sys; sys.argv[0] = 'wargame'; from wargame.cli import main; sys.exit(main())"
UNSET = ("CLICOLOR_FORCE", "FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "PYTHONHASHSEED", "TERMINAL_WIDTH", "TZ")

# No deadline, since a slow machine is not a failure. In CI hypothesis uses its `ci` profile with the same examples
# each time, so that a result depends on the change alone. Examples that failed are kept if the checkout can be written.
settings.register_profile("local", deadline=None)
settings.register_profile("not kept", settings.get_profile("local"), database=None)
if "CI" not in os.environ:
    settings.load_profile("local" if os.access(ROOT, os.W_OK) else "not kept")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Lets every second worker of pytest-xdist collect from the other end.

    Each then finds half of the files compiled by another, if none of them was before.
    """
    report = yield
    if os.environ.get("PYTEST_XDIST_WORKER", "")[-1:] in {*"13579"} and isinstance(collector, pytest.Directory):
        report.result.reverse()
    return report


def pytest_collection() -> None:
    """Switches garbage collection off until the tests are collected: their objects stay to the end."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Switches it on again."""
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the files that have most slow tests, so that no worker is left with one of them at the end."""
    count = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: (-count[item.path], item.path))


@pytest.fixture(autouse=True, scope="module")
def _exempt_older_objects_from_collection() -> None:
    """Exempts what was imported and loaded before a test file from garbage collection, which Hypothesis runs often."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _quiet_surroundings() -> None:
    """No test depends on the terminal, the time zone or the colours of the user."""
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ.update(NO_COLOR="1", COLUMNS="100", TERM="dumb", PYTHONPATH=str(ROOT))


@pytest.fixture(autouse=True)
def _no_session_stays_open() -> Iterator[None]:
    """Closes the live exercises that a test has opened."""
    yield
    there = sys.modules.get("support.live")
    while there is not None and there.OPEN:
        there.OPEN.pop().close()


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the project."""
    return ROOT


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `wargame ARGS` in a process of its own, in an empty directory, without a terminal.

    `stdin` goes to its standard input, `env` adds variables, `python` adds options of the interpreter; without these
    options, it is a fork of an interpreter that has imported the libraries.
    """

    def run(
        *args: str | Path, stdin: str = "", env: dict[str, str] | None = None, python: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        if not python:
            words = [str(arg) for arg in args]
            return WARM.run(words, cwd=tmp_path, env=os.environ | (env or {}), stdin=stdin, timeout=PATIENCE)
        return subprocess.run(
            [sys.executable, *python, "-c", COMMAND, *map(str, args)],
            cwd=tmp_path,
            env=os.environ | (env or {}),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )

    return run
