"""Expected documents: reviews of a run and of a live exercise, a comparison, a batch report.

`python tests/support/golden_reviews.py` rewrites them.
"""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from pathlib import Path

from rich.console import Console

from support.in_process import inside
from support.played_reviews import played_findings
from wargame.document.terminal import print_blocks
from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import open_findings
from wargame.review.reports.batch_report import batch_report
from wargame.review.reports.run_comparison import comparison
from wargame.review.reports.run_summary import run_summary
from wargame.review.reports.writing import as_document, render
from wargame.scenario.loading.load import load

DATA = Path(__file__).resolve().parent.parent / "review" / "data"
FILES = {
    "document": DATA / "two-rivals-1.md",
    "summary": DATA / "two-rivals-1.txt",
    "live": DATA / "two-rivals-live.md",
    "comparison": DATA / "two-rivals-1-and-2.md",
    "batch": DATA / "two-rivals-batch.md",
}
STUDY = """format: wargame-study/1
name: blockade
title: What does a blockade do?
scenario: two-rivals
seed: 7
replications: 12
until: D+200
baseline: plain
arms:
  plain: {title: As written}
  blockade: {title: Arda blocks the strait, force: [2030-02-01 ARD blockade BRL]}
measures:
  - {formula: p(war), title: War}
  - {formula: time(blockade_laid), title: Days to a blockade}
  - {formula: "count(patrol, ARD)", title: Patrols of Arda}
  - {formula: mean(tension), title: Mean tension}
"""
VOLATILE = (
    (re.compile(r"[0-9a-f]{64}"), "(hash)"),
    (re.compile(r"(?m)^\| (versions|platform) \| .* \|$"), r"| \1 | (of this machine) |"),
    (re.compile(r"(?m)^(- \*\*Wall time\*\*:) [\d.,]+ m?s "), r"\1 (seconds) "),
    (re.compile(r"(?m)^- \*\*Conducted\*\*: .*$"), "- **Conducted**: (today)"),
    (re.compile(r"(?m) · conducted .*\*$"), " · conducted (today)*"),
)


def texts(place: Path) -> dict[str, str]:
    """The documents and the terminal summary, without hashes and what depends on machine and date."""
    with contextlib.chdir(place):
        command = "wargame run two-rivals --seed 1 --out sample"
        simulate(load("two-rivals"), 1, place=Destination(out=Path("sample")), command=command)
        findings = open_findings(Path("sample"))
        document = render(findings, "md").decode()
        paper = io.StringIO()
        print_blocks(Console(width=100, no_color=True, file=paper), run_summary(findings.summary, "sample", "sample"))
        simulate(load("two-rivals"), 2, place=Destination(out=Path("other")), command="wargame run two-rivals --seed 2")
        compared = as_document(comparison(findings, open_findings(Path("other"))), "md").decode()
        live = render(played_findings(Path("live")), "md").decode()
        Path("blockade.yaml").write_text(STUDY, encoding="utf-8")
        limits = ["--fail-if", "p(war) > 0.9", "--fail-if", "mean(tension) > 0.01"]
        inside("batch", "blockade.yaml", "--jobs", "1", "--out", "batch", "--no-report", *limits, cwd=place)
        batch = as_document(batch_report(Path("batch")), "md").decode()
    documents = {"document": document, "live": live, "comparison": compared, "batch": batch}
    for pattern, replacement in VOLATILE:
        documents = {name: pattern.sub(replacement, text) for name, text in documents.items()}
    return documents | {"summary": paper.getvalue()}


def main() -> None:
    """Writes the files."""
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for name, text in texts(Path(place)).items():
            FILES[name].write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
