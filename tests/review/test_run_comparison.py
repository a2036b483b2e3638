"""Two runs side by side."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from wargame.executor.run import Place, simulate
from wargame.review.document.markdown import markdown
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.source import RunSource, open_run
from wargame.review.reports.run_comparison import comparison, divergence
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs."""
    top = tmp_path_factory.mktemp("reports")
    for seed in (3, 4):
        simulate(
            load("two-rivals"),
            seed,
            place=Place(out=top / f"run{seed}"),
            command=f"wargame run two-rivals --seed {seed}",
        )
    return top


def test_two_runs_diverge_at_the_first_record_that_differs(place: Path) -> None:
    """Computed from the lines."""
    left, right = (
        [json.loads(line) for line in (place / f"run{seed}" / "journal.jsonl").read_text("utf-8").splitlines()]
        for seed in (3, 4)
    )
    content = ("t", "kind", "who", "about", "data")
    parted = next(
        a["seq"]
        for a, b in zip(left, right, strict=False)
        if a["kind"] != "run.start" and [a[k] for k in content] != [b[k] for k in content]
    )
    divergent, _ = divergence(open_run(place / "run3"), open_run(place / "run4"))

    assert divergent is not None
    assert divergent.seq == parted


def test_a_run_does_not_diverge_from_itself(source: RunSource) -> None:
    """There are no differences to report."""
    text = markdown(comparison(Findings(source), Findings(source))).decode()
    assert "both journals are the same" in text
    assert "Nothing: the same scenario, injects, seed and settings." in text


def test_a_comparison_distinguishes_outcomes_without_a_date(tmp_path: Path) -> None:
    """True at STARTEX, or not in this scenario."""
    korea = load("korea-2017")
    sources = [
        open_findings(simulate(korea, seed, Settings(until="D+20"), place=Place(out=tmp_path / str(seed))).folder)
        for seed in (1, 2)
    ]
    rivals = open_findings(simulate(load("two-rivals"), 3, place=Place(out=tmp_path / "r")).folder)
    both, apart = (str(list(comparison(sources[0], other))) for other in (sources[1], rivals))
    assert "'Decision to deploy THAAD', 'already true at STARTEX'" in both
    assert "'not in this scenario'" in apart
    assert "These are runs of different scenarios" in apart
    assert "These are runs of different scenarios" not in both


def test_a_comparison_names_inject_files_and_injects_that_differ(tmp_path: Path) -> None:
    """By title; hashes are shortened, and random draws are not shown."""
    more = tmp_path / "more.yaml"
    leak = "{id: leak, title: A cable leaks, at: D+9, message: m}"
    more.write_text(f"format: wargame-injects/1\nscenario: two-rivals\ninjects:\n  - {leak}\n")
    sources = [(load("two-rivals"), 1), (load("two-rivals", [str(more)]), 1), (load("two-rivals"), 2)]
    plain, extra, other = (
        open_findings(simulate(loaded, seed, Settings(until="D+20"), place=Place(out=tmp_path / str(n))).folder)
        for n, (loaded, seed) in enumerate(sources)
    )
    text = str(list(comparison(plain, extra)))
    assert "('inject files', 'two-rivals/msel.yaml', 'more.yaml, two-rivals/msel.yaml')" in text
    assert "('injects that only this run has', 'none', 'A cable leaks')" in text
    assert not re.search(r"[0-9a-f]{13}", text)
    assert "the same event with another random draw" in str(list(comparison(plain, other)))
