"""Benchmark of the review of a korea-2017 run: time to write, size, and time until a browser shows it.

`python benchmarks/report.py [--times N]`. Writing is in processor seconds of one process, without the counterfactuals;
`ready` is the time from the start of loading until the page can be used, in headless Chromium if it is installed. The
run is reviewed as it is, and repeated up to 20,000 records.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from wargame.executor.run import Destination, simulate
from wargame.journal.folder import Folder
from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.source import RunSource, open_run
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

SCENARIO = "korea-2017"
MANY = 20_000
GOALS = "goals: written within 2 s, under 2.5 MB; ready in about 1 s at 20,000 records"


def main() -> None:
    """Runs the scenario and prints the costs of its review."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="how often to measure")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as place:
        run = simulate(load(SCENARIO), 1, place=Destination(out=Path(place) / "run"))
        source = open_run(run.folder)
        print(f"{SCENARIO}, two years: {len(source.records):,} records, journal of {_size(run.folder.journal)}")
        for form in ("html", "md", "docx", "pdf"):
            document, seconds = _timed(partial(_written, run.folder, form), times if form == "html" else 1)
            print(f"{form:5} read and written in {seconds:.2f} s of the processor, {len(document) / 1e6:.2f} MB")
        for reviewed in (source, repeated(source)):
            page = Path(place) / "page.html"
            page.write_bytes(render(Findings(reviewed), "html"))
            ready = _ready(page, times)
            print(f"{len(reviewed.records):,} records, page of {_size(page)}: {ready}")
    print(GOALS)


def _written(folder: Folder, form: str) -> bytes:
    return render(open_findings(folder), form)


def _timed(make: Callable[[], bytes], times: int) -> tuple[bytes, float]:
    """The result, and the median of the processor seconds; the first call warms up and does not count."""
    result, spent = make(), list[float]()
    for _ in range(times):
        start = time.process_time()
        result = make()
        spent.append(time.process_time() - start)
    return result, statistics.median(spent)


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.2f} MB"


def repeated(source: RunSource) -> RunSource:
    """The run repeated up to `MANY` records."""
    many: list[Record] = []
    length = source.records[-1].t + DAY
    while len(many) < MANY:
        lap, first = len(many) // len(source.records), len(many)
        for r in source.records[: MANY - len(many)]:
            cause = tuple(first + c for c in r.cause)
            many.append(msgspec.structs.replace(r, seq=first + r.seq, t=r.t + lap * length, cause=cause))
    return replace(source, records=many)


def _ready(page: Path, times: int) -> str:
    """The time a browser takes, in words."""
    driver = shutil.which("chromedriver")
    if driver is None:
        return "not measured: chromedriver is not installed"
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    chrome = Chrome(options=options, service=Service(driver))
    try:
        seconds = [_loaded(chrome, page) for _ in range(times)]
    finally:
        chrome.quit()
    return f"ready in {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def _loaded(chrome: Any, page: Path) -> float:
    chrome.get("about:blank")
    chrome.get(page.as_uri())
    while not chrome.execute_script("return document.documentElement.dataset.ready"):
        time.sleep(0.01)
    return float(chrome.execute_script("return performance.now()")) / 1000


if __name__ == "__main__":
    main()
