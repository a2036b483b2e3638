"""Draw the picture of the README: `python tools/picture.py`.

It shows what `wargame run korea-2017 --seed 3` prints, as SVG. Run the script again when this output changes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from wargame.executor.run import Place, simulate
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import from_memory
from wargame.review.reports.run_summary import render
from wargame.scenario.loading.load import load

SEED, WIDTH = 3, 96
FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Rich's SVG loads its font from the web; the reader's own font is used instead."""
OUT = Path(__file__).resolve().parent.parent / "docs" / "images" / "summary.svg"


def main() -> None:
    """Run the scenario and export the summary."""
    with tempfile.TemporaryDirectory() as top:
        loaded = load("korea-2017")
        run = simulate(loaded, SEED, place=Place(out=Path(top) / "korea-2017-s3"))
        console = Console(record=True, width=WIDTH, force_terminal=True, file=sys.stderr)
        findings = Findings(from_memory(run.folder, run.manifest, run.records, loaded))
        render(findings.summary, "runs/korea-2017-s3", "korea-2017-s3", console)
        OUT.parent.mkdir(exist_ok=True)
        drawn = console.export_svg(title="wargame run korea-2017 --seed 3")
        OUT.write_text(FONTS.sub("", drawn), encoding="utf-8")


if __name__ == "__main__":
    main()
