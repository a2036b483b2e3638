"""What the commands print on small inputs, as text and as JSON. `python -m support.golden_commands` rewrites it.

Numbers have five digits. Paths, times of the wall clock, sizes and versions are left out.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from support.backtests import HEAD, PAST, write_questions
from support.in_process import inside

FILE = Path(__file__).resolve().parent.parent / "cli" / "data" / "commands.txt"
STUDY = """
format: wargame-study/1
name: duel
title: Patrols or none
scenario: two-rivals
replications: 24
until: 90d
arms:
  calm: {title: No patrols, forbid: [ARD patrol]}
  same: {title: As it is}
  usual: {title: As usual}
baseline: usual
factors:
  strain: {set: tension, range: [0.05, 0.9], title: Strain}
  regard: {set: "trust[ARD, BRL]", range: [-0.9, 0.5]}
design: {kind: latin_hypercube, points: 12}
measures: [p(war), mean(tension) > 0.35, "time(war)", "count(patrol, ARD)", "tension"]
decision:
  goal: -mean(tension)
  indifference: 0.005
  fails: count(patrol, ARD) > 3
  watch: {until: 30d, paths: [tension]}
"""
EVENTS = PAST + "A,2030-03-05,,ARD,word,111,,,\nB,2030-04-14,,BRL,drill,150,,,\n"
CASES = """
validate two-rivals
msel show two-rivals
run two-rivals --seed 3 --out r
show r
why r
why r 40
why r patrol
verify r
fork r --at D+60 -n 6
conduct r
rehearse two-rivals -n 4 --until 60d --jobs 1 --out reh
batch two-rivals -n 6 --until 90d --events --jobs 1 --out b
show b
batch duel.yaml --jobs 1 --out d
compare d
batch two-rivals -n 6 --until 90d --startex 2030-02-01 --jobs 1 --out f
compare b f
decide d
claims scenario.yaml -n 8 --jobs 1 --out c
claims scenario.yaml -n 8 --labels --jobs 1 --out l
targets scenario.yaml -n 6 --jobs 1 --out t
batch scenario.yaml -n 6 --until 2030-06-20 --events --jobs 1 --out e
backtest e --chronology events.csv --covered-from 2030-01-01 --covered-until 2030-06-30 --beside e
relations two-rivals --until 300d --jobs 1 --out rel
conduct b
"""
"""A command on each line; later ones read what earlier ones wrote."""
REPORTS = """
report reh
report b
report d
report c
report l
report r
backtest e --chronology events.csv --covered-from 2030-01-01 --covered-until 2030-06-30 --beside e
"""
"""Commands that also write a report in Markdown."""
LEFT_OUT = re.compile(
    r'"(\w*(?:_dir|_s|sha256)|report|bytes|run|file|folder|batch|path|identity|versions|platform|command|started|finished'
    r'|origin_run|begun)": ("[^"]*"|[\d.e-]+|\{[^{}]*\}|\[[^\[\]{}]*\])'
)


def rounded(value: Any) -> Any:
    """A document with five digits of each number."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list) else value


def _normal(text: str, place: Path) -> str:
    """A text without what differs between two machines or two runs."""
    text = text.replace(str(place), "PLACE")
    text = re.sub(r"\b[0-9a-f]{12,64}\b", "HASH", text)
    text = re.sub(r"(onducted\W+)\d+ \w+ \d{4}, [\d:]+ UTC", r"\1NOW", text)
    text = re.sub(r"\| (versions|platform) \| [^|\n]*\|", r"| \1 | LEFT OUT |", text)
    return re.sub(r"\d+(?:\.\d+)? (?:ms|s|seconds|MB|kB)\b", "N unit", text)


def outputs(place: Path) -> Iterator[str]:
    """Each command with what it prints, and then its JSON document."""
    (place / "duel.yaml").write_text(STUDY, "utf-8")
    (place / "events.csv").write_text(HEAD + EVENTS, "utf-8")
    write_questions(place)
    for line in CASES.strip().splitlines():
        command, *words = line.split()
        if command == "msel":
            command = f"msel {words.pop(0)}"
        again = [f"{word}2" if before == "--out" else word for before, word in zip(["", *words], words, strict=False)]
        done = inside(command, *words, cwd=place)
        assert done.returncode in (0, 99), f"{line}: {done.stderr}"
        yield f"$ wargame {line}\n{_normal(done.stdout, place)}"
        done = inside(command, *again, "--json", cwd=place)
        assert done.returncode in (0, 99), f"{line} --json: {done.stderr}"
        document = json.dumps(rounded(json.loads(done.stdout)), indent=1, ensure_ascii=False)
        shown = LEFT_OUT.sub(r'"\1": LEFT OUT', document)
        yield f"$ wargame {line} --json\n{_normal(shown, place)}\n"
    for line in REPORTS.strip().splitlines():
        command, *words = line.split()
        done = inside(command, *words, "--format", "md", "--out", "report.md", cwd=place)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        yield f"$ wargame {line} --format md\n{_normal((place / 'report.md').read_text('utf-8'), place)}"
        (place / "report.md").unlink()


def text(place: Path) -> str:
    """All outputs, without blanks at the ends of lines."""
    with mock.patch.dict(os.environ, COLUMNS="100", NO_COLOR="1"):
        lines = "\n".join(outputs(place)).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(text(Path(folder)), "utf-8")
