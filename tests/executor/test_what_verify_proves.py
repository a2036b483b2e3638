"""`wargame verify` compares everything that can be recomputed, and states what it cannot prove."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside
from support.live import console, output_of, resumed
from wargame.executor.run import Destination, simulate
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.live.console.dispatch import run as run_line
from wargame.live.session.journal_file import LiveJournal
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

LINES = (
    *(
        "seat ARD human",
        "stop at nothing",
        "advance 5d",
        "order ARD talk BRL",
        "advance 10d",
        'note "one"',
        "rewind D+8",
    ),
    *("advance 4d", "undo", "advance 2d", "branch second", 'note "two"', "switch main", "advance 3d"),
)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run, and an exercise that is paused."""
    place = tmp_path_factory.mktemp("originals")
    done = inside("run", "two-rivals", "--until", "60d", "--out", "run", "-q", cwd=place)
    assert done.returncode == 0, done.stderr
    there = console(place / "live")
    output_of(there, *LINES)
    there.session.close()
    return place


@pytest.fixture
def run(originals: Path, tmp_path: Path) -> Folder:
    """A copy of the run."""
    return Folder(Path(shutil.copytree(originals / "run", tmp_path / "run")))


@pytest.fixture
def live(originals: Path, tmp_path: Path) -> Folder:
    """A copy of the exercise."""
    return Folder(Path(shutil.copytree(originals / "live", tmp_path / "live")))


def edit(folder: Folder, **values: Any) -> None:
    """Changes fields of the manifest."""
    path = folder.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values))


def keep(folder: Folder, count: int) -> dict[str, Any]:
    """Keeps the first records of the journal; the fields of a manifest that fits them."""
    lines = folder.journal.read_bytes().splitlines(keepends=True)[:count]
    folder.journal.write_bytes(b"".join(lines))
    return {"records": len(lines), "journal_sha256": hashlib.sha256(b"".join(lines)).hexdigest()}


FORGED = {
    "scenario": "two-friends",
    "title": "Two friends",
    "startex": "2030-01-02T00:00:00+00:00",
    "end": "2030-02-01T00:00:00+00:00",
    "outcome_titles": {"war": "Peace", "blockade_laid": "A blockade", "calm": "The strait is calm"},
    "level": "decisions",
    "reached": "2030-02-20T00:00:00+00:00",
    "records": 7,
    "decisions": 7,
    "kernel_events": 7,
    "outcomes": {"war": "2030-02-01T00:00:00+00:00", "blockade_laid": None, "calm": None},
    "journal_sha256": "0" * 64,
}


@pytest.mark.parametrize("kind", ["run", "live"])
@pytest.mark.parametrize("field", FORGED)
def test_every_field_that_follows_from_the_inputs_is_compared(field: str, kind: str, run: Folder, live: Folder) -> None:
    """Also that of a paused exercise."""
    folder = {"run": run, "live": live}[kind]
    assert verify(folder).same
    edit(folder, **{field: FORGED[field]})
    verdict = verify(folder)
    assert not verdict.same
    assert field.removesuffix("_sha256") in verdict.fault or verdict.difference is not None


def test_another_end_is_a_fault(run: Folder) -> None:
    """The run ended at ENDEX, not with an outcome."""
    edit(run, ended="outcome war")
    assert verify(run).fault == "ended in the manifest: outcome war, in the re-run: endex"


def test_a_changed_summary_is_a_fault(run: Folder) -> None:
    """Exit code 5 with the place; a missing one is not, since it follows from the rest."""
    path = run.path / "summary.json"
    summary = json.loads(path.read_text("utf-8"))
    summary["outcomes"][0]["title"] = "Victory"
    path.write_text(json.dumps(summary))
    done = inside("verify", "run", cwd=run.path.parent)
    assert done.returncode == 5
    assert "summary.json differs in outcomes[0].title: Victory in the file" in done.stderr
    path.unlink()
    assert inside("verify", "run", cwd=run.path.parent).returncode == 0


# --- journals without an end ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 40, 10_000])
@pytest.mark.parametrize("ended", ["running", "paused", "stopped"])
def test_a_shortened_journal_needs_support(count: int, ended: str, run: Folder) -> None:
    """An edited manifest that says it is unfinished is none."""
    edit(run, **keep(run, count), ended=ended, finished=None, reached="", outcomes={}, decisions=0, kernel_events=0)
    assert "nothing supports that the run stopped" in verify(run).fault


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_shortened_journal_must_end_where_a_run_can_be_stopped(count: int, run: Folder) -> None:
    """A manifest that says the run was interrupted has to fit in every number."""
    reached = json.loads(run.journal.read_bytes().splitlines()[max(count - 1, 0)])["at"]
    edit(run, **keep(run, count), ended="interrupted", reached=reached, outcomes={}, decisions=1, kernel_events=1)
    assert not verify(run).same


def test_an_interrupted_run_is_supported_by_its_manifest(tmp_path: Path) -> None:
    """It was written when the run stopped; no other number of records fits."""

    def stop(now: int, end: int) -> None:
        if now > end // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(load("two-rivals"), 5, Settings(), place=Destination(out=tmp_path / "run"), progress=stop)
    folder = Folder(tmp_path / "run")
    assert folder.manifest().ended == "interrupted"
    assert verify(folder).same
    records = folder.manifest().records
    edit(folder, **keep(folder, records - 1))
    assert "cannot have been stopped" in verify(folder).fault


def test_a_run_in_progress_needs_no_support(run: Folder) -> None:
    """Its process has locked the journal."""
    edit(run, **keep(run, 40), ended="running")
    journal = LiveJournal(run.journal)
    assert verify(run).same
    journal.close()
    assert not verify(run).same


# --- live exercises ------------------------------------------------------------------------------------------


def test_the_command_log_supports_a_journal_that_is_behind(live: Folder) -> None:
    """After a kill; the note says how much is missing. A paused exercise has all of it."""
    edit(live, ended="running")
    keep(live, 5)
    verdict = verify(live)
    assert verdict.same
    assert any("the journal lacks the last" in note for note in verdict.notes)
    edit(live, ended="paused")
    assert not verify(live).same


def test_an_exercise_without_a_journal_says_so(tmp_path: Path) -> None:
    """Its counts and outcomes are compared."""
    there = console(tmp_path / "run", journal="none")
    output_of(there, "advance 5d")
    there.session.close()
    done = inside("verify", "run", cwd=tmp_path)
    assert (done.returncode, "the run kept no journal to compare" in done.stdout) == (0, True)


def test_a_killed_exercise_can_be_continued(live: Folder) -> None:
    """The note says how."""
    edit(live, ended="running")
    assert any("continue it with: wargame resume" in note for note in verify(live).notes)


def test_the_time_of_the_last_record_is_not_called_that_of_the_pause(live: Folder) -> None:
    """The clock of a paused exercise may have gone on since."""
    last = live.path.joinpath("journal.jsonl").read_text("utf-8").splitlines()[-1]
    paused = rf"is paused after record {json.loads(last)['seq']}, which is of \d+ \w+ 2030, \d\d:\d\d"
    assert any(re.search(paused, note) for note in verify(live).notes)


def test_a_command_after_resuming_lifts_the_seal(live: Folder) -> None:
    """So that a kill is not taken for a change of the journal."""
    session = resumed(live.path)
    assert live.manifest().ended == "paused"
    session.submit("note", text="after", about="", tag="")
    assert live.manifest().ended == "running"
    assert verify(live).same


def branch(live: Folder) -> Path:
    """The first branch file."""
    return min((live.path / "branches").iterdir())


def test_branch_files_are_compared(live: Folder) -> None:
    """A changed, missing or added one is a fault."""
    path = branch(live)
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"kind":', b'"kinds":', 1))
    assert f"branches/{path.name} differs" in verify(live).fault
    path.unlink()
    assert verify(live).fault == f"branches/{path.name} is missing"
    path.write_bytes(content)
    (path.parent / "left-at-line-99.jsonl").write_bytes(content)
    assert verify(live).fault == "branches/left-at-line-99.jsonl belongs to no command"


def test_what_a_crash_within_a_rewind_left_is_read_as_resume_reads_it(
    live: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is in the log, the new journal still aside."""

    class KilledError(BaseException):
        pass

    def killed(_: LiveJournal) -> None:
        raise KilledError

    there = console(live.path.parent / "other")
    output_of(there, *LINES)
    with monkeypatch.context() as patch:
        patch.setattr(LiveJournal, "switch", killed)
        with pytest.raises(KilledError):
            run_line(there, "rewind D+6")
    folder = Folder(Path(shutil.copytree(there.session.folder.path, live.path.parent / "killed")))
    assert (folder.path / ".journal.jsonl.next").exists()
    verdict = verify(folder)
    assert verdict.same
    assert "a crash has interrupted a change of the past" in " ".join(verdict.notes)
    again = resumed(folder.path)
    again.close()
    assert verify(folder).same
    assert not any("a crash has" in note for note in verify(folder).notes)


def test_what_is_not_proved_is_printed(live: Folder, run: Folder) -> None:
    """Nothing is signed."""
    done = inside("verify", "live", cwd=live.path.parent)
    assert done.returncode == 0
    first, scope = done.stdout.splitlines()
    assert "identical byte for byte" in first
    assert "entries of the command log" in scope
    assert "who typed a command and when" in scope
    assert "who made the run and when" in inside("verify", "run", cwd=run.path.parent).stdout


def test_files_that_are_not_checked_are_named(run: Folder, live: Folder) -> None:
    """Reports, cassettes, files of others; the summary of an exercise that is not over."""
    (run.path / "brains").mkdir()
    for name in ("report.html", "brains/cassette.jsonl", ".notes"):
        (run.path / name).touch()
    done = inside("verify", "run", cwd=run.path.parent)
    assert done.returncode == 0, done.stderr
    expected = ".notes, brains/cassette.jsonl, report.html"
    assert done.stdout.splitlines()[-1] == f"Not checked: {expected}."
    (live.path / "summary.json").write_text("{}")
    data = json.loads(inside("verify", "live", "--json", cwd=live.path.parent).stdout)
    assert data["unchecked"] == ["summary.json"]


def test_the_file_of_an_exercise_is_not_checked(tmp_path: Path) -> None:
    """Its plan is no input of the simulation."""
    (tmp_path / "lines").write_text("advance 1d\n")
    done = inside("play", "strait-lesson", "--script", "lines", "--out", "run", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "inputs/exercise/exercise.yaml" in inside("verify", "run", cwd=tmp_path).stdout.splitlines()[-1]


def test_an_interrupted_command_explains_no_earlier_difference(live: Folder) -> None:
    """A torn end of the command log explains additional records at the end, and nothing before."""
    edit(live, ended="running")
    with live.commands.open("ab") as file:
        file.write(b'{"n":99,"par')
    lines = live.journal.read_bytes().splitlines(keepends=True)
    live.journal.write_bytes(b"".join([*lines, lines[-1]]))
    assert verify(live).same
    changed = lines[3].replace(b'"kind":', b'"kinds":', 1)
    live.journal.write_bytes(b"".join([*lines[:3], changed, *lines[4:], lines[-1]]))
    difference = verify(live).difference
    assert difference is not None
    assert difference.seq == 3
