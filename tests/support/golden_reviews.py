"""The expected review of two-rivals, seed 1. `python tests/support/golden_reviews.py` rewrites it."""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from pathlib import Path

from rich.console import Console

from wargame.executor.run import Place, simulate
from wargame.review.findings.findings import open_findings
from wargame.review.reports.run_summary import render as render_summary
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

DATA = Path(__file__).resolve().parent.parent / "review" / "data"
FILES = {"document": DATA / "two-rivals-1.md", "summary": DATA / "two-rivals-1.txt"}
VOLATILE = (
    (re.compile(r"[0-9a-f]{64}"), "(hash)"),
    (re.compile(r"(?m)^\| (versions|platform) \| .* \|$"), r"| \1 | (of this machine) |"),
    (re.compile(r"(?m)^- \*\*Conducted\*\*: .*$"), "- **Conducted**: (today)"),
    (re.compile(r"(?m) · conducted .*\*$"), " · conducted (today)*"),
)


def texts(place: Path) -> dict[str, str]:
    """The document and the terminal summary, without hashes and what depends on machine and date."""
    with contextlib.chdir(place):
        command = "wargame run two-rivals --seed 1 --out sample"
        simulate(load("two-rivals"), 1, place=Place(out=Path("sample")), command=command)
        findings = open_findings(Path("sample"))
        document = render(findings, "md").decode()
        paper = io.StringIO()
        render_summary(findings.summary, "sample", "sample", Console(width=100, no_color=True, file=paper))
    for pattern, replacement in VOLATILE:
        document = pattern.sub(replacement, document)
    return {"document": document, "summary": paper.getvalue()}


def main() -> None:
    """Writes the files."""
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for name, text in texts(Path(place)).items():
            FILES[name].write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
