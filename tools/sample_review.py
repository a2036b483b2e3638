"""Write the sample review: one run of korea-2017, as Markdown, without counterfactual effects.

`python tools/sample_review.py` writes `docs/sample-review.md`. With `--check` it writes nothing, and fails with a diff
if the page is out of date.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import re
import sys
import tempfile
from pathlib import Path

from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import open_findings
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

PAGE = Path(__file__).resolve().parent.parent / "docs" / "sample-review.md"
SEED = 1
COMMAND = f"wargame run korea-2017 --seed {SEED} --out sample"
VOLATILE = re.compile(r"^\| (versions|platform) \| .* \|$", re.MULTILINE)
"""Lines that depend on the machine."""
CONDUCTED = re.compile(r"^- \*\*Conducted\*\*: .*$", re.MULTILINE)
BELOW_TITLE = re.compile(r" · conducted .*\*$", re.MULTILINE)
"""The line and the part of a line that depend on the date."""
HEAD = f"""<!-- Written by tools/sample_review.py:
{COMMAND}
wargame report sample --format md
-->

"""


def sample() -> str:
    """The review of the run, without the values that depend on the machine."""
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        simulate(load("korea-2017"), SEED, place=Destination(out=Path("sample")), command=COMMAND)
        findings = open_findings(Path("sample"))
        text = render(findings, "md").decode()
    text = CONDUCTED.sub("- **Conducted**: when the command was run", text)
    text = BELOW_TITLE.sub("*", text)
    return HEAD + VOLATILE.sub(r"| \1 | (depends on the machine) |", text)


def main() -> None:
    """Write the page, or print how it differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail with a diff if the page differs")
    text, page = sample(), PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if parser.parse_args().check:
        changes = difflib.unified_diff(page.splitlines(), text.splitlines(), PAGE.name, "regenerated", lineterm="")
        print(*changes, sep="\n")
        sys.exit(text != page)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
