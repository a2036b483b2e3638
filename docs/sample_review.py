"""Makes the sample review anew: one run of korea-2017, as Markdown, without the counterfactuals.

`python docs/sample_review.py` writes `docs/sample-review.md`; `--check` writes nothing and fails with the difference.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import re
import sys
import tempfile
from pathlib import Path

from wargame.executor.run import Place, simulate
from wargame.review.findings.findings import open_findings
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

PAGE = Path(__file__).resolve().parent / "sample-review.md"
SEED = 1
COMMAND = f"wargame run korea-2017 --seed {SEED} --out sample"
VOLATILE = re.compile(r"^\| (versions|platform) \| .* \|$", re.MULTILINE)
"""What differs from machine to machine."""
HELD = re.compile(r"^- \*\*Held\*\*: .*$", re.MULTILINE)
"""What differs from time to time."""
HEAD = f"""<!-- Written by docs/sample_review.py:
{COMMAND}
wargame report sample --format md
-->

"""


def sample() -> str:
    """The review of the run, without what only this machine says."""
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        simulate(load("korea-2017"), SEED, place=Place(out=Path("sample")), command=COMMAND)
        findings = open_findings(Path("sample"))
        text = render(findings, "md").decode()
    text = HELD.sub("- **Held**: when the command was given", text)
    return HEAD + VOLATILE.sub(r"| \1 | those of the machine |", text)


def main() -> None:
    """Writes the page, or says how it differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail with the difference")
    made, kept = sample(), PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if parser.parse_args().check:
        changes = difflib.unified_diff(kept.splitlines(), made.splitlines(), PAGE.name, "made anew", lineterm="")
        print(*changes, sep="\n")
        sys.exit(made != kept)
    PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
