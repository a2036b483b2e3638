"""Deque's axe-core for the tests of pages, which is not part of the project, and the contrast of texts.

Most of the time of axe goes into one rule, the contrast of colours. `contrast.js` computes it from the styles of the
texts in a hundredth of that time, so that each page is checked at each width and in each scheme.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol

import pytest

AXE = "axe-core@4.10.3"
CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")


class Scripted(Protocol):
    """A page in the browser."""

    chrome: Any

    def script(self, text: str, *arguments: Any) -> Any:
        """The value of a script."""


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


def violations(page: Scripted, axe: str, *, with_contrast: bool = False) -> list[tuple[str, str]]:
    """The problems of the page of any impact: the rule, and the first element that violates it.

    `with_contrast` also runs the rule of axe for contrast.
    """
    page.chrome.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    if not page.script("return 'axe' in window"):
        page.script(axe)
    rules = {} if with_contrast else {"color-contrast": {"enabled": False}}
    run = "axe.run({resultTypes: ['violations'], rules: arguments[0]}).then(arguments[1])"
    result = page.chrome.execute_async_script(run, rules)
    page.chrome.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
    found = [(str(v["id"]), str(v["nodes"][0]["html"][:160])) for v in result["violations"]]
    return found + [(f"contrast {ratio:.2f}", html[:160]) for ratio, html in faint_texts(page)]


def faint_texts(page: Scripted) -> list[tuple[float, str]]:
    """The texts with less contrast to their background than WCAG 2 asks for (AA): the ratio, and the element.

    One text of each combination of colours and sizes. Texts before pictures and gradients and in charts are left out.
    """
    return [(float(ratio), str(html)) for ratio, html in page.script(CONTRAST)]
