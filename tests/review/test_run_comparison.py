"""Two runs side by side."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from support.in_process import inside
from support.live import console, output_of
from wargame.document.markdown import markdown
from wargame.executor.run import Destination, simulate
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
            place=Destination(out=top / f"run{seed}"),
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


@pytest.mark.parametrize("options", [("talk", "protest"), ("protest", "talk")])
def test_each_record_is_under_the_run_that_has_it(options: tuple[str, str], tmp_path: Path) -> None:
    """Where two runs diverge, whichever of them is named first."""
    for option in options:
        words = ("run", "two-rivals", "--until", "20d", "--force", f"D+9 ARD {option} BRL", "--out", option, "-q")
        assert inside(*words, cwd=tmp_path).returncode == 0
    text = markdown(comparison(*(open_findings(tmp_path / option) for option in options))).decode()
    table = text.partition("The first records that differ")[2]
    heads, _, row = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")][:3]
    shown = {"talk": "Arda: offers talks", "protest": "Arda: protests"}
    for option, head, cell in zip(options, heads, row, strict=True):
        assert option in head
        assert shown[option] in cell


def test_the_sections_of_a_comparison_are_of_one_level(place: Path) -> None:
    """Below its title, so that a reader of the document can fold and list them."""
    text = markdown(comparison(*(open_findings(place / f"run{seed}") for seed in (3, 4)))).decode()
    heads = [line.partition(" ")[0] for line in text.splitlines() if line.startswith("#")]
    assert heads[0] == "#"
    assert set(heads[1:]) == {"##"}
    assert "## Indicators at the end" in text


def test_a_run_does_not_diverge_from_itself(source: RunSource) -> None:
    """There are no differences to report."""
    text = markdown(comparison(Findings(source), Findings(source))).decode()
    assert "both journals are the same" in text
    assert "Nothing: the same scenario, injects, seed and settings." in text


@pytest.mark.slow
def test_a_comparison_distinguishes_outcomes_without_a_date(tmp_path: Path) -> None:
    """True at STARTEX, or not in this scenario."""
    korea = load("korea-2017")
    sources = [
        open_findings(simulate(korea, seed, Settings(until="D+20"), place=Destination(out=tmp_path / str(seed))).folder)
        for seed in (1, 2)
    ]
    rivals = open_findings(simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "r")).folder)
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
        open_findings(simulate(loaded, seed, Settings(until="D+20"), place=Destination(out=tmp_path / str(n))).folder)
        for n, (loaded, seed) in enumerate(sources)
    )
    text = str(list(comparison(plain, extra)))
    assert "('inject files', 'two-rivals/msel.yaml', 'more.yaml, two-rivals/msel.yaml')" in text
    assert "('injects that only this run has', 'none', 'A cable leaks')" in text
    assert not re.search(r"[0-9a-f]{13}", text)
    assert "the same event with another random draw" in str(list(comparison(plain, other)))


def live_run(folder: Path, *lines: str) -> Findings:
    """A live exercise after these lines."""
    there = console(folder)
    output_of(there, *lines)
    there.session.close()
    return open_findings(folder)


def test_a_comparison_lists_what_people_did_in_only_one_run(tmp_path: Path) -> None:
    """The commands of live exercises, which are no part of the set-up; each side has its own way to be reproduced."""
    left = live_run(tmp_path / "left", "advance 40d", "order ARD talk BRL", 'note "as planned"', "advance 20d")
    right = live_run(tmp_path / "right", "advance 40d", "order ARD protest BRL", "advance 20d")
    text = markdown(comparison(left, right)).decode()
    assert "The same scenario, injects, seed and settings; only the commands differ." in text
    rows = [re.sub(r" \\\[#\d+\\\]", "", line) for line in text.splitlines() if line.startswith("| 2030-02-10 00:00 |")]
    assert rows == [
        "| 2030-02-10 00:00 | Order for Arda: offers talks (Brel) |  |",
        "| 2030-02-10 00:00 | Note: as planned |  |",
        "| 2030-02-10 00:00 |  | Order for Arda: protests (Brel) |",
    ]
    paths = [shlex.quote(str(tmp_path / side)) for side in ("left", "right")]
    assert f"wargame verify {paths[0]}\nwargame verify {paths[1]}\n" in text


def test_identical_commands_are_said_to_be_the_same(tmp_path: Path) -> None:
    """Also in exercises that were conducted twice."""
    pair = [live_run(tmp_path / name, "advance 10d", "order ARD talk BRL") for name in ("one", "two")]
    text = markdown(comparison(*pair)).decode()
    assert "The same commands and messages in both." in text
    assert "has not occurred so far" in text


def test_a_run_without_a_snapshot_is_not_said_to_be_the_same(tmp_path: Path) -> None:
    """It ended before the first of a month, or keeps none."""
    pair = [live_run(tmp_path / "long", "advance 40d"), live_run(tmp_path / "short", "advance 4d")]
    text = markdown(comparison(*pair)).decode()
    assert "Not compared: short has no snapshot of the indicators, which are kept once a month." in text


def test_one_line_reproduces_two_runs_of_the_same_command(place: Path) -> None:
    """It is printed once."""
    text = markdown(comparison(open_findings(place / "run3"), open_findings(place / "run3"))).decode()
    assert text.count("wargame run two-rivals --seed 3") == 1


def test_an_outcome_by_hand_is_labelled_on_its_side(tmp_path: Path) -> None:
    """The title of the row is that of the scenario."""
    left = live_run(tmp_path / "left", "advance 4d", 'outcome calm occurred --why "so it feels"')
    right = live_run(tmp_path / "right", "advance 4d")
    text = markdown(comparison(left, right)).decode()
    assert "| The strait is calm | 5 Jan 2030, day 4 (adjudicated: so it feels) | has not occurred so far |" in text


def test_a_fork_differs_by_its_random_draws_and_not_by_people(tmp_path: Path) -> None:
    """The comparison and the report of the fork say from when; no person is mentioned."""
    assert inside("run", "two-rivals", "--seed", "3", "--no-report", "--out", "first", cwd=tmp_path).returncode == 0
    assert inside("fork", "first", "--at", "D+30", "--out", "f", cwd=tmp_path).returncode == 0
    pair = [open_findings(tmp_path / name) for name in ("first", "f")]
    text = markdown(comparison(*pair)).decode()
    assert "settings. f: other random draws from 31 Jan 2030 on." in text
    assert "Random draws are new from here, as in every fork" in text
    assert "What people did" not in text
    assert "facilitator" not in text
    review = inside("report", "f", "--format", "md", "--out", "-", cwd=tmp_path).stdout
    assert "fork, unattended run" in review
    assert "other random draws from 31 Jan 2030 on" in review
    why = inside("why", "f", str(divergence(pair[0].source, pair[1].source)[1].seq), cwd=tmp_path).stdout  # type: ignore[union-attr]
    assert "It began with the random draws of a fork." in why
