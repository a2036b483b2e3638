"""Arms with programs in seats: equal on any number of cores, kept, verifiable without the programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.bots import ORDERS, PASSES, bot
from support.in_process import inside, inside_json
from wargame.executor.verify import verify
from wargame.journal.folder import Folder

SHORT = ("--until", "D+60", "-n", "2", "--measure", "actions(ARD)", "--jobs", "1")


@pytest.mark.slow
def test_a_batch_with_programs_is_the_same_on_any_number_of_cores(tmp_path: Path) -> None:
    """Journals, command logs, transcripts and estimates do not depend on `--jobs`."""
    bot(tmp_path, ORDERS)
    arm = ("--arm", "bot=seat ARD=program:bot.py")
    one = inside_json("batch", "two-rivals", *SHORT, *arm, "--out", "one", cwd=tmp_path)
    two = inside_json("batch", "two-rivals", *SHORT[:-1], "2", *arm, "--out", "two", cwd=tmp_path)
    assert one["estimates"] == two["estimates"]
    games = sorted(path.name for path in (tmp_path / "one/games").iterdir())
    assert games == ["bot-0", "bot-1"]
    for game in games:
        for file in ("journal.jsonl", "commands.jsonl", "brains/ARD.jsonl"):
            ours = (tmp_path / "one/games" / game / file).read_bytes()
            assert ours == (tmp_path / "two/games" / game / file).read_bytes()


def test_every_run_of_a_batch_verifies_without_the_program(tmp_path: Path) -> None:
    """Its folder is that of any exercise."""
    program = bot(tmp_path, ORDERS)
    done = inside(
        "batch", "two-rivals", *SHORT, "--arm", "bot=seat ARD=program:bot.py", "--out", "b", "-q", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    program.unlink()
    games = [Folder(path) for path in sorted((tmp_path / "b/games").iterdir())]
    assert games
    assert all(verify(game).same for game in games)
    assert all(game.manifest().is_complete for game in games)


def test_a_single_run_of_a_study_has_its_programs(tmp_path: Path) -> None:
    """`wargame run STUDY --arm --replication` plays the run of the batch again, in a folder of any name."""
    tmp_path /= "d'été " * 15
    tmp_path.mkdir()
    bot(tmp_path, ORDERS)
    study = "format: wargame-study/1\nname: duel\nscenario: two-rivals\nuntil: D+60\nreplications: 2\n"
    study += "arms:\n  bot: {seats: {ARD: 'program:bot.py'}}\n  model: {}\nprograms: {timeout: 20s}\n"
    (tmp_path / "duel.yaml").write_text(study)
    assert inside("batch", "duel.yaml", "--jobs", "1", "--out", "b", "-q", cwd=tmp_path).returncode == 0
    done = inside(
        *("run", "duel.yaml", "--arm", "bot", "--replication", "1", "--out", "run", "-q", "--no-report"), cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    ours = (tmp_path / "run/journal.jsonl").read_bytes()
    assert ours == (tmp_path / "b/games/bot-1/journal.jsonl").read_bytes()


@pytest.mark.slow
def test_words_after_a_program_are_its_arguments(tmp_path: Path) -> None:
    """So that two arms differ by how one program plays."""
    bot(tmp_path, "if sys.argv[1:] == ['--eager']:\n" + ORDERS.replace("\n", "\n    ") + "\nelse:\n    " + PASSES)
    arms = ("--arm", "eager=seat ARD=program:bot.py --eager", "--arm", "idle=seat ARD=program:bot.py")
    summary = inside_json("batch", "two-rivals", *SHORT, *arms, "--out", "b", cwd=tmp_path)
    means = {row["arm"]: row["estimate"] for row in summary["estimates"] if row["measure"] == "actions(ARD)"}
    assert means["eager"] > means["idle"] == 0


@pytest.mark.slow
def test_a_batch_is_resumed_with_the_same_program_only(tmp_path: Path) -> None:
    """Rows of a changed program would not be those of the study."""
    program = bot(tmp_path, PASSES)
    words = (
        "batch",
        "two-rivals",
        "--until",
        "D+60",
        "--jobs",
        "1",
        "--arm",
        "bot=seat ARD=program:bot.py",
        "--out",
        "b",
        "-q",
    )
    assert inside(*words, "-n", "1", cwd=tmp_path).returncode == 0
    assert inside(*words, "-n", "2", "--resume", cwd=tmp_path).returncode == 0
    assert (tmp_path / "b/games/bot-1/journal.jsonl").exists()
    program.write_text(program.read_text("utf-8") + "\n# changed\n")
    assert inside(*words, "-n", "3", "--resume", cwd=tmp_path).returncode != 0


@pytest.mark.slow
def test_a_program_that_fails_is_a_failed_run_only_if_it_is_to_stop(tmp_path: Path) -> None:
    """By default the run goes on; with `stop` its row has the reason, and the others are run."""
    bot(tmp_path, "for turn in turns(): os._exit(9)")
    words = ("batch", "two-rivals", *SHORT, "--arm", "bot=seat ARD=program:bot.py")
    assert inside_json(*words, "--out", "goes_on", cwd=tmp_path)["failed"] == 0
    usage = json.loads((tmp_path / "goes_on/games/bot-0/brains/usage.json").read_text("utf-8"))
    assert usage["ARD"]["replaced"]
    done = inside(*words, "--brain-failed", "stop", "--out", "stops", cwd=tmp_path)
    assert "2 of 4 runs failed" in done.stderr
    assert "ended with status 9" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--prompt", "nowhere", "--seat", "ARD=llm:m"), "nowhere is not a folder with prompt templates"),
        (("--llm-calls", "3"), "are for --seat GOV=llm:MODEL"),
        (("--llm-calls", "3", "--seat", "ARD=program:bot.py"), "are for --seat GOV=llm:MODEL"),
        (("--brain-timeout", "3s"), "are for programs"),
    ],
)
def test_options_of_players_that_no_arm_has_are_refused(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    """As in a single run: before any run, and nothing is written."""
    bot(tmp_path, PASSES)
    done = inside("batch", "two-rivals", *SHORT, *words, "--out", "b", cwd=tmp_path)
    assert (done.returncode, message in done.stderr) == (2, True), done
    assert not (tmp_path / "b").exists()


def test_a_scenario_never_starts_a_program(tmp_path: Path) -> None:
    """A scenario may come from anybody: its claims have no programs in seats, only studies that a user names."""
    assert inside("init", "copy", "--from", "two-rivals", cwd=tmp_path).returncode == 0
    scenario = tmp_path / "copy/two-rivals.yaml"
    claim = """
claims:
  spy:
    statement: A program in a seat changes nothing.
    mechanism: None.
    arms: {on: {seats: {ARD: 'program:bot.py'}}, off: {}}
    measures: [{formula: p(war), contrast: {on: 1, off: -1}, expect: none, bound: 0.1}]
"""
    scenario.write_text(scenario.read_text("utf-8") + claim)
    done = inside("validate", "copy", cwd=tmp_path)
    assert done.returncode == 3
    assert "a claim has no programs in seats (use model or script, or write a study)" in done.stderr


@pytest.mark.parametrize(
    ("seat", "message"),
    [
        ("ARD=program:missing.py", "there is no file"),
        ("ARD=human", "program:FILE"),
        ("XYZ=program:bot.py", "there is no government 'XYZ'"),
    ],
)
def test_a_wrong_seat_of_an_arm_is_reported_before_any_run(tmp_path: Path, seat: str, message: str) -> None:
    """Nothing is written."""
    bot(tmp_path, PASSES)
    done = inside("batch", "two-rivals", *SHORT, "--arm", f"bot=seat {seat}", "--out", "b", cwd=tmp_path)
    assert done.returncode != 0
    assert message in done.stderr
    assert not (tmp_path / "b").exists()
