"""Forks of a run: single futures in folders of their own, and ensembles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.engine import loaded
from support.entry_point import wargame
from support.live import console, output_of, verified
from wargame.errors import UsageFault
from wargame.executor.run import Destination, simulate
from wargame.journal.command_log import read_commands
from wargame.journal.folder import Folder
from wargame.journal.sentences import headline
from wargame.journal.trace import trace
from wargame.live.session.fork import changes_of, fork_of, one_future
from wargame.review.findings.findings import open_findings
from wargame.review.findings.turning_points import chain
from wargame.simulation.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_a_fork_shares_the_past_of_its_run(tmp_path: Path) -> None:
    """It verifies, and the run is unchanged."""
    before = simulate(loaded(), 5, Settings(), place=Destination(out=tmp_path / "run")).folder.journal.read_bytes()
    done = wargame(
        "fork", "run", "--at", "D+30", "--skip", "coup", "--order", "ARD talk BRL", "--out", "fork", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    forked = (tmp_path / "fork" / "journal.jsonl").read_bytes()
    shared = [line for line in before.splitlines() if json.loads(line)["t"] < 30 * 86400]
    assert forked.splitlines()[: len(shared)] == shared
    assert forked != before
    assert (tmp_path / "run" / "journal.jsonl").read_bytes() == before
    assert verified(tmp_path / "fork")


def test_a_fork_of_a_live_run_has_its_commands_before_the_moment(tmp_path: Path) -> None:
    """Later commands are left out."""
    there = console(tmp_path / "run")
    output_of(there, "advance 10d", "release harvest", "advance 60d", "release broker")
    there.session.close()
    one_future(fork_of(there.session.folder, "D+40", []), Destination(out=tmp_path / "fork"), "")
    lines = read_commands(tmp_path / "fork" / "commands.jsonl")
    assert [line.data["inject"] for line in lines if line.kind == "release"] == ["harvest"]


def test_an_order_of_a_fork_is_none_of_the_white_cell(tmp_path: Path) -> None:
    """Neither in its chain, nor in its reason, nor in what the white cell decided; nor is it the seat's own."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "advance 10d")
    there.session.close()
    one_future(
        fork_of(there.session.folder, "D+5", changes_of([], [], ["ARD talk BRL"])), Destination(out=tmp_path / "f"), ""
    )
    findings = open_findings(Folder(tmp_path / "f"))
    source = findings.source
    order = next(r for r in source.records if r.kind == "command" and r.about == "order")
    talk = next(r for r in source.records if r.cause == (order.seq,))
    assert headline(order, titles=source.titles) == "A change of the fork orders for Arda: offers talks (Brel)"
    assert source.because(talk) == "ordered by a change of the fork on 6 Jan 2030"
    assert chain(source, talk)[0].text == "A change of the fork orders for Arda: offers talks (Brel)"
    assert trace(talk.seq, source.index, source.titles).summary.startswith("Ordered by a change of the fork for Arda")
    assert "white cell" not in findings.summary.decisions_in_words
    assert not findings.seat_decisions


@pytest.mark.slow
def test_an_ensemble_reports_shares_and_keeps_no_folder(tmp_path: Path) -> None:
    """Each outcome has an estimate within its interval."""
    simulate(loaded(), 5, Settings(), place=Destination(out=tmp_path / "run"))
    done = wargame("fork", "run", "--at", "D+200", "-n", "6", "--json", cwd=tmp_path)
    rows = json.loads(done.stdout)["estimates"]
    assert {row["outcome"] for row in rows} == {"war", "calm", "blockade_laid"}
    assert all(0 <= row["low"] <= row["estimate"] <= row["high"] <= 1 for row in rows)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--set", "tension=7"), "--set tension=7: tension must be between 0 and 1, not 7 (the nearest value is 1)"),
        (("--skip", "x"), "--skip: there is no inject 'x'"),
        (
            ("--order", "ARD tallk BRL"),
            "--order ARD tallk BRL: there is no option of ARD 'tallk' (did you mean 'talk'?)",
        ),
    ],
)
def test_a_change_that_does_not_fit_is_named_with_its_option(
    tmp_path: Path, words: tuple[str, str], message: str
) -> None:
    """As the settings of a run."""
    simulate(loaded(), 5, Settings(until="20d"), place=Destination(out=tmp_path / "run"))
    done = wargame("fork", "run", "--at", "D+3", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr[: len(message) + 9]) == (2, f"wargame: {message}")


@pytest.mark.parametrize(("at", "skips"), [("D+999", []), ("soon", []), ("99999", []), ("D+3", ["x"])])
def test_an_invalid_moment_or_change_is_refused(tmp_path: Path, at: str, skips: list[str]) -> None:
    """Before anything is simulated."""
    run = simulate(loaded(), 5, Settings(until="60d"), place=Destination(out=tmp_path / "run"))
    with pytest.raises(UsageFault):
        fork_of(run.folder, at, changes_of([], skips, []))


def test_an_order_without_target_is_given_without_one(tmp_path: Path) -> None:
    """`--order "GOV OPTION"` for an option that has no target."""
    text = (ROOT / "wargame/scenarios/two-rivals.yaml").read_text("utf-8")
    drill = '  drill: {title: holds a drill, dossier: strait, by: [ARD], cameo: "150", goldstein: -1.0}\n'
    (tmp_path / "rivals.yaml").write_text(text.replace("options:\n", f"options:\n{drill}", 1), encoding="utf-8")
    assert wargame("run", "rivals.yaml", "--until", "20d", "--out", "run", "-q", cwd=tmp_path).returncode == 0
    done = wargame("fork", "run", "--at", "D+3", "--order", "ARD drill", "--out", "fork", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in (tmp_path / "fork/journal.jsonl").read_text("utf-8").splitlines()]
    (ordered,) = (each for each in records if each["kind"] == "action" and each["about"] == "drill")
    assert (ordered["who"], ordered["data"]["target"]) == ("ARD", None)
