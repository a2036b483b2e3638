"""Draw the Mermaid diagrams of the documentation: `python tools/diagrams.py` writes `docs/images/diagrams/*.svg`.

In the repository, the blocks of the pages are drawn by the reader's platform. The site has them as pictures, because
their library is 3 MB of JavaScript, which would come from another host. The name of a picture is the hash of its
source, so that `tools/build_site.py` finds it and notices one that is out of date. Needs Chromium with its driver, and
npm.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = DOCS / "images" / "diagrams"
BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIBRARY = "mermaid@11.17.2"
SETTINGS = """mermaid.initialize({startOnLoad: false, securityLevel: "strict", theme: "neutral", htmlLabels: false,
  fontFamily: 'Arial, "Liberation Sans", sans-serif', deterministicIds: true,
  flowchart: {htmlLabels: false, wrappingWidth: 640, rankSpacing: 28}});"""
RENDER = "mermaid.render(arguments[0], arguments[1]).then(r => arguments[2](r.svg), e => arguments[2](String(e)))"


def main() -> None:
    """Draw what is missing, and remove what no page has any more."""
    sources = {name(source): source for source in diagrams()}
    missing = {key: source for key, source in sources.items() if not picture(source).exists()}
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.svg"):
        if path.stem not in sources:
            path.unlink()
    if missing:
        for key, drawn in _draw(missing).items():
            (FOLDER / f"{key}.svg").write_text(drawn + "\n", encoding="utf-8")
            print("wrote", f"docs/images/diagrams/{key}.svg")


def diagrams() -> list[str]:
    """The sources of all diagrams in the pages."""
    return [source for page in sorted(DOCS.rglob("*.md")) for source in BLOCK.findall(page.read_text("utf-8"))]


def name(source: str) -> str:
    """The name of the picture of a source."""
    return "diagram-" + hashlib.sha256(source.strip().encode()).hexdigest()[:12]


def picture(source: str) -> Path:
    """The file of the picture of a source."""
    return FOLDER / f"{name(source)}.svg"


def fence(source: str, *_: Any, **__: Any) -> str:
    """The HTML of a block: its picture. Python-Markdown calls it for each block (`zensical.toml`)."""
    path = picture(source)
    if not path.exists():
        raise FileNotFoundError(f"{path}: run `python tools/diagrams.py`, which draws the diagrams of the pages")
    return f'<div class="diagram">{path.read_text("utf-8").strip()}</div>'


def words(source: str) -> str:
    """What a screen reader says of a diagram: its arrows."""
    arrows = [line.strip() for line in source.splitlines() if "-->" in line]
    return escape("Diagram. " + "; ".join(arrows).replace("-->", " to ").replace('"', ""), quote=True)


def _draw(sources: dict[str, str]) -> dict[str, str]:
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    with tempfile.TemporaryDirectory() as place:
        npm = shutil.which("npm") or "npm"
        subprocess.run(  # noqa: S603 - a fixed version of a public library
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", LIBRARY], cwd=place, check=True
        )
        library = Path(place, "node_modules", "mermaid", "dist", "mermaid.min.js")
        blank = Path(place, "blank.html")
        blank.write_text(f'<!doctype html><meta charset="utf-8"><script src="{library.as_uri()}"></script>', "utf-8")
        chrome = Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            chrome.get(blank.as_uri())
            chrome.execute_script(SETTINGS)
            drawn = {key: chrome.execute_async_script(RENDER, key, text) for key, text in sources.items()}
            return {key: _finished(svg, sources[key]) for key, svg in drawn.items()}
        finally:
            chrome.quit()


def _finished(drawn: str, source: str) -> str:
    assert drawn.startswith("<svg"), drawn
    return re.sub(r'aria-roledescription="[^"]*"', f'aria-label="{words(source)}"', drawn, count=1).replace(
        'role="graphics-document document"', 'role="img"'
    )


if __name__ == "__main__":
    main()
