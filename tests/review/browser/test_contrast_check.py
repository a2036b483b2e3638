"""The check of contrast that the tests of pages use finds what axe finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.axe import faint_texts
from support.driving import Page, chromium

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang=en><title>Texts</title><main>
<p>black on white</p>
<p id=grey style='color: #777'>text</p>
<p style='color: #767676'>dark enough</p>
<p style='color: #949494; font-size: 24px'>large</p>
<p id=large style='color: #959595; font-size: 24px'>text</p>
<p style='color: #949494; font-size: 19px; font-weight: 700'>bold</p>
<div style='opacity: .5'><p id=half-transparent>text</p></div>
<div style='opacity: .9'><p>nearly opaque</p></div>
<div style='background: #333'><p id=on-the-background-of-its-parent style='color: #888'>text</p></div>
<div style='background: #0005'><p id=on-two-backgrounds style='background: #0005'>text</p></div>
<p id=another-notation style='color: oklch(70% .1 250)'>text</p>
<button disabled style='color: #aaa'>disabled</button>
<p hidden style='color: #aaa'>hidden</p>
<label>field<input id=field value='text' style='color: #999; background: #fff'></label>
</main></html>"""


def test_the_check_of_contrast_agrees_with_axe(tmp_path: Path, axe: str) -> None:
    """It finds the same elements of a page with faint texts of all kinds."""
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    with chromium() as chrome:
        page = Page(chrome, path, scripted=False)
        page.open()
        page.script(axe)
        run = "axe.run({runOnly: ['color-contrast']}).then(arguments[0])"
        (by_axe,) = chrome.execute_async_script(run)["violations"]
        ours = {html for _, html in faint_texts(page)}

    assert identifiers(" ".join(ours)) == identifiers(" ".join(node["html"] for node in by_axe["nodes"]))
    assert len(ours) == 7


def identifiers(html: str) -> set[str]:
    """The values of `id`."""
    return set(re.findall(r'id="([^"]*)"', html))
