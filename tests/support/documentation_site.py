"""The documentation as a site, for the tests of its pages."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


def built_site(factory: pytest.TempPathFactory) -> Path:
    """The folder of the site: the one in WARGAME_SITE, or a new one, which is built once for all workers.

    Without Zensical the test is skipped, in CI it fails.
    """
    path = os.environ.get("WARGAME_SITE")
    if path:
        return Path(path)
    if importlib.util.find_spec("zensical") is None:
        reason = "needs the extra `docs`: pip install -e '.[docs]'"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    base = factory.getbasetemp()
    site = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "site"
    BUILD.mkdir(exist_ok=True)
    with FileLock(BUILD / "site.lock"):  # Zensical builds in one folder, and the tests read a copy that stays
        if not site.is_dir():
            _build()
            shutil.copytree(BUILD / "site", site)
    return site


def _build() -> None:
    done = subprocess.run(
        [sys.executable, "tools/build_site.py"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


class _Quiet(SimpleHTTPRequestHandler):
    """A file server without messages."""

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the site on a server of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
