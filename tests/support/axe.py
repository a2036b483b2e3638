"""Deque's axe-core for the tests of pages; it is not part of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.driving import Page

AXE = "axe-core@4.10.3"


def axe_source(factory: pytest.TempPathFactory) -> str:
    """The source of axe, from npm or from the file in AXE_CORE; without it the test is skipped, in CI it fails."""
    path = os.environ.get("AXE_CORE")
    if path:
        return Path(path).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    reason = "needs axe-core: npm, or the file's path in AXE_CORE"
    place = factory.mktemp("axe")
    done = npm and subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", AXE],
        cwd=place, capture_output=True, check=False,
    )  # fmt: skip
    file = place / "node_modules" / "axe-core" / "axe.min.js"
    if not done or not file.is_file():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return file.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[tuple[str, str]]:
    """The problems of the page of any impact: the rule, and the first element that violates it."""
    page.chrome.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    if not page.script("return 'axe' in window"):
        page.script(axe)
    result = page.chrome.execute_async_script("axe.run({resultTypes: ['violations']}).then(arguments[0])")
    page.chrome.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
    return [(v["id"], v["nodes"][0]["html"][:160]) for v in result["violations"]]
