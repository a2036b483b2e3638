"""Take the pictures of the review in the documentation, in headless Chromium.

`python tools/screenshots.py` writes `docs/images/report-*.png`. Needs chromium and its driver.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import from_memory
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PARTS = {"report-timeline": "timeline", "report-seats": "seats"}
SCENARIO, SEED = "korea-2017", 1
WIDTH, MOST_HEIGHT = 1240, 1000


def main() -> None:
    """Run the scenario, open its report and save a picture of each part."""
    with tempfile.TemporaryDirectory() as place:
        loaded = load(SCENARIO)
        run = simulate(loaded, SEED, place=Destination(out=Path(place) / "first"), command=f"wargame run {SCENARIO}")
        page = Path(place) / "report.html"
        source = from_memory(run.folder, run.manifest, run.records, loaded)
        page.write_bytes(render(Findings(source), "html"))
        _shoot(page.read_text(encoding="utf-8").replace(place, "runs"), page)


def _shoot(text: str, page: Path) -> None:
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    page.write_text(text, encoding="utf-8")
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    chrome = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        size = {"width": WIDTH, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        chrome.get(page.as_uri())
        while not chrome.execute_script("return document.documentElement.dataset.ready"):
            time.sleep(0.05)
        IMAGES.mkdir(exist_ok=True)
        for name, part in PARTS.items():
            (IMAGES / f"{name}.png").write_bytes(_picture(chrome, part))
    finally:
        chrome.quit()


def _picture(chrome: Any, part: str) -> bytes:
    x, y, width, height = chrome.execute_script(
        "const r = document.getElementById(arguments[0]).getBoundingClientRect();"
        "return [r.x + scrollX, r.y + scrollY, r.width, r.height]",
        part,
    )
    clip = {"x": x, "y": y, "width": width, "height": min(height, MOST_HEIGHT), "scale": 1}
    shot = chrome.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    return base64.b64decode(shot["data"])


if __name__ == "__main__":
    main()
