"""Options that would have no effect, or that contradict each other, are refused or explained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.in_process import wargame
from wargame.cli.tree import load

REFUSED = [
    (("run", "two-rivals", "--set", "tension=0.1", "--set", "tension = 0.2"), "contradict each other: leave one out"),
    (("run", "two-rivals", "--seat", "ARD=model", "--seat", "ARD=script"), "contradict each other: leave one out"),
    (("play", "two-rivals", "--seat", "ARD=model", "--seat", "ARD=human"), "contradict each other: leave one out"),
    (
        ("run", "two-rivals", "--force", "ARD talk BRL"),
        "has no time: write 'T GOV OPTION [TARGET]', such as '2030-01-01 ARD",
    ),
    (("print", "two-rivals", "--out", "paper.pdf"), "print writes an HTML page"),
    (
        ("batch", "two-rivals", "--executor", "dask", "--scheduler", "tcp://localhost:1", "--jobs", "2"),
        "its own workers",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[" ".join(words[:4]) for words, _ in REFUSED])
def test_contradictions_are_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    """With exit code 2, before anything is run."""
    done = wargame(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr
    assert not list(tmp_path.iterdir())


UNFITTING = [
    (
        ("--set", "tension=7"),
        "--set tension=7: tension must be between 0 and 1, not 7 (the nearest value is 1)",
    ),
    (
        ("--set", "trust[ARD, BRL]=-3@D+2"),
        "--set trust[ARD, BRL]=-3@D+2: trust[ARD, BRL] must be between -1 and 1, not -3 (the nearest value is -1)",
    ),
    (("--set", "tenson=0.5"), "--set tenson=0.5: there is no indicator 'tenson' (did you mean 'tension'?)"),
    (
        ("--set", "leaders.x.horizon=9"),
        "--set leaders.x.horizon=9: 'leaders.x.horizon' is not the path of an indicator (wargame batch --arm ",
    ),
    (("--set", "tension"), "--set: 'tension' does not have the form PATH=VALUE[@T]"),
    (("--force", "D+3 ARD tallk BRL"), "--force D+3 ARD tallk BRL: there is no option 'tallk' (did you mean 'talk'?)"),
    (("--forbid", "ARD tallk"), "--forbid ARD tallk: there is no option 'tallk' (did you mean 'talk'?)"),
    (("--skip", "hotine"), "--skip: there is no inject 'hotine'"),
]


@pytest.mark.parametrize(("words", "message"), UNFITTING, ids=[" ".join(words) for words, _ in UNFITTING])
def test_a_setting_that_does_not_fit_is_named_with_its_option(
    tmp_path: Path, words: tuple[str, str], message: str
) -> None:
    """Among many options one sees which to change, and to what."""
    done = wargame("run", "two-rivals", *words, "--until", "10d", cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith(message)
    assert not list(tmp_path.iterdir())


def test_a_setting_in_a_study_is_named_with_its_place(tmp_path: Path) -> None:
    """A file has lines and arms, and no options."""
    study = "format: wargame-study/1\nname: s\nscenario: two-rivals\nreplications: 2\narms:\n  a: {}\n"
    (tmp_path / "s.yaml").write_text(study + '  b: {set: ["tension=7"]}\n', "utf-8")
    done = wargame("batch", "s.yaml", cwd=tmp_path)
    message = "arm 'b': tension must be between 0 and 1, not 7 (the nearest value is 1)"
    assert (done.returncode, done.stderr.splitlines()[0]) == (3, f"s.yaml:7:13: {message}")


def test_help_shows_no_option_without_effect(tmp_path: Path) -> None:
    """`backtest --jobs` is accepted, as by the other evaluations, and is not in the help."""
    shown = {name: {each.name for each in load(name).params if not each.hidden} for name in ("backtest", "targets")}
    assert ("jobs" in shown["backtest"], "jobs" in shown["targets"]) == (False, True)
    done = wargame("backtest", "none", "--jobs", "2", cwd=tmp_path)
    assert "No such option" not in done.stderr


@pytest.mark.parametrize("option", [("--seat", "ARD=model"), ("--set", "tension=0.1")])
def test_an_option_that_is_given_twice_alike_is_no_contradiction(tmp_path: Path, option: tuple[str, str]) -> None:
    """Shells and scripts repeat options, each time as another text."""
    again = (option[0], "".join(list(option[1])))
    done = wargame("run", "two-rivals", "--until", "3d", "-q", *option, *again, "--out", "r", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_setting_at_two_times_is_no_contradiction(tmp_path: Path) -> None:
    """Nor is the same text twice."""
    sets = ("--set", "tension=0.1", "--set", "tension=0.2@D+5", "--set", "tension=0.1")
    done = wargame("run", "two-rivals", *sets, "--until", "10d", "--no-report", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_report_has_the_format_that_its_name_says(tmp_path: Path) -> None:
    """`--out a.md` is Markdown; another format under that name is refused."""
    assert wargame("run", "two-rivals", "--until", "10d", "--no-report", "--out", "r", cwd=tmp_path).returncode == 0
    assert wargame("report", "r", "--out", "a.md", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.md").read_text("utf-8").startswith("**EXERCISE")
    refused = wargame("report", "r", "--out", "a.md", "--format", "html", cwd=tmp_path)
    assert (refused.returncode, "contradict each other" in refused.stderr) == (2, True)


def test_a_batch_does_not_offer_to_resume_a_run(tmp_path: Path) -> None:
    """Nor a folder with other things; a batch it does."""
    assert wargame("run", "two-rivals", "--until", "10d", "--no-report", "--out", "run", cwd=tmp_path).returncode == 0
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    batch = ("batch", "two-rivals", "-n", "2", "--until", "10d", "--jobs", "1", "-q", "--out")
    of_run, of_other = (wargame(*batch, name, cwd=tmp_path) for name in ("run", "other"))
    assert "is the folder of a single run; choose another with --out" in of_run.stderr
    assert "is not a batch; choose another with --out" in of_other.stderr
    assert wargame(*batch, "batch", cwd=tmp_path).returncode == 0
    assert "resume it with --resume or choose another" in wargame(*batch, "batch", cwd=tmp_path).stderr


def test_resuming_nothing_is_said(tmp_path: Path) -> None:
    """A batch that is not there is begun, with a note."""
    words = ("batch", "two-rivals", "-n", "2", "--until", "10d", "--jobs", "1", "--out", "b", "--resume")
    first, second = wargame(*words, cwd=tmp_path), wargame(*words, cwd=tmp_path)
    assert (first.returncode, second.returncode) == (0, 0)
    assert "note: there was nothing to resume; b is a new batch" in first.stderr
    assert "nothing to resume" not in second.stderr
    words = (*words[:3], "1", *words[4:])
    assert "note: -n 1 has no effect: the batch has 2 replications" in wargame(*words, cwd=tmp_path).stderr
    report = wargame("report", "b", "--arm", "baseline", cwd=tmp_path)
    assert (report.returncode, "--arm: only for the review of one run" in report.stderr) == (2, True)


def test_a_fork_says_what_it_simulates(tmp_path: Path) -> None:
    """One future and many: of which run, from when, with which changes; with --quiet only the result."""
    assert wargame("run", "two-rivals", "--until", "60d", "--no-report", "--out", "r", cwd=tmp_path).returncode == 0
    one = wargame("fork", "r", "--at", "D+10", "--order", "ARD talk BRL", cwd=tmp_path)
    head, folder = one.stdout.splitlines()
    assert head == "Another future of r, 2030-01-11 00:00 (D+10) to 2030-03-02, with order ARD talk BRL:"
    assert (tmp_path / folder / "manifest.json").is_file()
    many = wargame("fork", "r", "--at", "D+10", "-n", "3", cwd=tmp_path)
    assert many.stdout.startswith("3 other futures of r, 2030-01-11 00:00 (D+10) to 2030-03-02; the share")
    quiet = wargame("fork", "r", "--at", "D+10", "-n", "3", "-q", cwd=tmp_path)
    assert many.stdout.splitlines()[1:] == quiet.stdout.splitlines()


def test_the_head_of_a_summary_says_how_the_run_differs(tmp_path: Path) -> None:
    """Settings as on the command line; a run as written has no such line."""
    changes = ("--set", "tension=0.4", "--skip", "coup", "--seat", "BRL=script", "--replication", "2")
    words = ("run", "two-rivals", "--until", "10d", "--no-report")
    changed, written = wargame(*words, *changes, cwd=tmp_path), wargame(*words, cwd=tmp_path)
    assert changed.stdout.splitlines()[2] == "with set tension=0.4; skip coup; seat BRL=script; replication 2"
    assert written.stdout.splitlines()[2].startswith("runs/")


def test_a_fork_after_the_end_of_a_stopped_run_says_so(tmp_path: Path) -> None:
    """What comes after the moment at which the run was stopped was never played."""
    assert wargame("run", "two-rivals", "--until", "60d", "--no-report", "--out", "r", cwd=tmp_path).returncode == 0
    path = tmp_path / "r" / "manifest.json"
    stopped = json.loads(path.read_bytes()) | {"ended": "interrupted", "reached": "2030-01-09T00:00:00+00:00"}
    path.write_text(json.dumps(stopped), encoding="utf-8")
    late, early = (wargame("fork", "r", "--at", at, cwd=tmp_path) for at in ("D+20", "D+5"))
    assert "note: r was stopped at 2030-01-09 00:00; what comes after that is simulated" in late.stderr
    assert "was stopped" not in early.stderr
