"""Damaged files of programs in a run folder: errors name the file, and what does not need it still works."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.bots import ORDERS, bot, play
from support.engine import loaded
from support.in_process import inside
from support.live import resumed
from support.live_programs import live
from wargame.brains.llm.asking import Cassette
from wargame.brains.llm.endpoint import EndpointError
from wargame.errors import Invalid
from wargame.review.findings.source import from_memory, open_run

START = "ARD.jsonl:1:1: is not the start of a transcript"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run with a program, as `wargame run` leaves it, and the program."""
    place = tmp_path_factory.mktemp("original")
    bot(place, ORDERS)
    words = ("run", "two-rivals", "--until", "30d", "--seat", "ARD=program:bot.py", "--out", "run", "-q", "--no-report")
    assert inside(*words, cwd=place).returncode == 0
    return place


@pytest.fixture
def place(original: Path, tmp_path: Path) -> Path:
    """A copy of both."""
    return Path(shutil.copytree(original, tmp_path / "place"))


def with_byte(path: Path, at: int) -> None:
    """Makes a file invalid UTF-8 at one byte."""
    content = bytearray(path.read_bytes())
    content[at] = 0xFF
    path.write_bytes(content)


def test_a_damaged_transcript_is_a_note_in_summary_and_review(place: Path) -> None:
    """The seat is still that of a program."""
    with_byte(place / "run/brains/ARD.jsonl", 30)
    shown = inside("show", "run", "--json", cwd=place)
    summary = json.loads(shown.stdout)["summary"]
    assert (shown.returncode, summary["changes"]) == (0, ["seat ARD=program"])
    assert any(START in note for note in summary["notes"])
    report = inside("report", "run", "--format", "md", "-o", "-", cwd=place)
    assert (report.returncode, START in report.stdout) == (0, True)


@pytest.mark.parametrize(
    "first", ["[]", '{"format":"wargame-transcript/1","government":"ARD","source":7}', "[" * 70_000]
)
def test_a_transcript_whose_first_line_is_another_is_damaged(first: str, place: Path) -> None:
    """For any JSON; `verify` cannot compare the name of the program in the summary."""
    path = place / "run/brains/ARD.jsonl"
    path.write_text(first + "\n")
    done = inside("verify", "run", cwd=place)
    assert (done.returncode, START in done.stderr, "restore the file" in done.stderr) == (3, True, True)


def test_a_transcript_of_another_government_is_damaged(place: Path) -> None:
    """Its file was renamed."""
    (place / "run/brains/ARD.jsonl").rename(place / "run/brains/BRL.jsonl")
    assert (
        "BRL.jsonl:1:1: is not the start of a transcript: its government is 'ARD'"
        in inside("verify", "run", cwd=place).stderr
    )


@pytest.mark.parametrize(
    "wrong", [{"ARD": {"source": "x", "turns": "three"}}, {"ARD": {"source": "x", "failed": []}}, []]
)
def test_a_wrong_type_in_the_usage_is_a_note_of_show(wrong: object, place: Path) -> None:
    """The summary is printed; the run does not depend on the file."""
    (place / "run/brains/usage.json").write_text(json.dumps(wrong))
    done = inside("show", "run", cwd=place)
    assert (done.returncode, "usage.json: is damaged: Expected" in done.stderr) == (0, True)
    assert "Programs in seats" not in done.stdout
    assert inside("verify", "run", cwd=place).returncode == 0


def test_counts_of_an_earlier_session_are_not_overwritten(tmp_path: Path) -> None:
    """A live exercise with programs is not resumed over a damaged usage."""
    program = bot(tmp_path, ORDERS)
    live(tmp_path / "run", {"ARD": f"program:{program}"}, ["advance 10d"])
    path = tmp_path / "run/brains/usage.json"
    with_byte(path, 5)
    content = path.read_bytes()
    with pytest.raises(Invalid, match=r"usage\.json: is damaged: .* \(restore the file"):
        live(resumed(tmp_path / "run"), {"ARD": f"program:{program}"}, ["advance 10d"])
    assert path.read_bytes() == content


def test_usage_of_several_sessions_is_read_again(tmp_path: Path) -> None:
    """Each session adds to the file."""
    program = bot(tmp_path, ORDERS)
    live(tmp_path / "run", {"ARD": f"program:{program}"}, ["advance 10d"])
    turns = []
    for _ in range(2):
        live(resumed(tmp_path / "run"), {"ARD": f"program:{program}"}, ["advance 10d"])
        turns.append(json.loads((tmp_path / "run/brains/usage.json").read_bytes())["ARD"]["turns"])
    assert turns[1] > turns[0] > 1


def test_a_transcript_that_a_crash_has_cut_continues_on_a_new_line(tmp_path: Path) -> None:
    """The cut line stays as it is; the lines that follow can be read."""
    program = bot(tmp_path, ORDERS)
    live(tmp_path / "run", {"ARD": f"program:{program}"}, ["advance 10d"])
    path = tmp_path / "run/brains/ARD.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    torn = len(path.read_bytes().splitlines())
    live(resumed(tmp_path / "run"), {"ARD": f"program:{program}"}, ["advance 10d"])
    after = path.read_bytes().splitlines()[torn:]
    assert next(json.loads(line)["type"] for line in after) == "start"


def test_a_cassette_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    """With file, line and remedy."""
    path = tmp_path / "cassette.jsonl"
    path.write_bytes(b'{"prompt_sha256":"a","model":"m","messages":[],"answer":"\xff"}\n')
    with pytest.raises(EndpointError, match=r"cassette\.jsonl:1:1: is not a line of a cassette: not UTF-8 .*\(restore"):
        Cassette(str(path))


def test_a_run_that_ended_in_memory_has_the_names_of_its_programs(tmp_path: Path) -> None:
    """As one that is read again."""
    run, _, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, ORDERS)}"}, until="30d")
    memory = from_memory(run.folder, run.manifest, run.records, loaded("two-rivals"))
    assert memory.programs == open_run(run.folder).programs == {"ARD": "program:bot.py"}
