"""Files that commands read and write: only regular files are read, and nothing is written over inputs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click
import pytest

from support.backtests import HEAD, play_rivals, write_rivals
from support.command_line import wargame, wargame_after
from support.in_process import Done, inside
from support.live import console, output_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are files elsewhere")

INPUTS = {
    "scenario": ("bad.yaml", ("validate", "bad.yaml")),
    "injects": ("bad.yaml", ("validate", "two-rivals", "bad.yaml")),
    "added injects": ("bad.yaml", ("run", "two-rivals", "--injects", "bad.yaml", "--out", "new")),
    "study": ("bad.yaml", ("batch", "bad.yaml", "-n", "2")),
    "design": ("bad.csv", ("batch", "two-rivals", "--design", "bad.csv", "--out", "new")),
    "chronology": ("bad.csv", ("backtest", "b", "--chronology", "bad.csv")),
    "script": ("bad.txt", ("play", "two-rivals", "--script", "bad.txt", "--out", "new")),
    "manifest": ("run/manifest.json", ("show", "run")),
    "manifest of last": ("run/manifest.json", ("show", "./run")),
    "journal": ("run/journal.jsonl", ("verify", "run")),
    "review": ("run/review.yaml", ("report", "run", "--format", "md")),
    "sheet": ("bad.csv", ("msel import", "bad.csv", "--into", "new", "--scenario", "two-rivals")),
    "inject file": ("bad.yaml", ("msel import", "ok.csv", "--into", "bad.yaml")),
    "map of columns": ("bad.yaml", ("msel import", "ok.csv", "--scenario", "two-rivals", "--columns", "bad.yaml")),
    "command log": ("live/commands.jsonl", ("verify", "live")),
    "manifest of a batch": ("batch/manifest.json", ("compare", "batch")),
    "rehearsal": ("rehearsal/rehearsal.json", ("show", "rehearsal")),
}
"""Each kind of input: the file, and a command that reads it."""


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, an exercise, a batch and a rehearsal."""
    place = tmp_path_factory.mktemp("originals")
    for words in (
        ("run", "two-rivals", "--until", "20d", "--out", "run", "-q"),
        ("msel export", "two-rivals", "--out", "ok.csv"),
        ("batch", "two-rivals", "-n", "2", "--until", "20d", "--events", "--jobs", "1", "--out", "batch", "-q"),
        ("rehearse", "two-rivals", "-n", "2", "--until", "20d", "--jobs", "1", "--out", "rehearsal", "-q"),
    ):
        done = inside(*words, cwd=place)
        assert done.returncode == 0, done.stderr
    play_rivals(write_rivals(place))
    there = console(place / "live")
    output_of(there, "advance 5d")
    there.session.close()
    return place


@pytest.fixture
def place(originals: Path, tmp_path: Path) -> Path:
    """A copy of them."""
    return Path(shutil.copytree(originals, tmp_path / "place"))


def outcome(*words: str, cwd: Path) -> Done:
    """As on the command line, also for words that the parser refuses."""
    try:
        return inside(*words, cwd=cwd)
    except click.ClickException as error:
        return Done(error.exit_code, "", error.format_message())


@pytest.mark.parametrize("what", ["pipe", "folder", "device", "huge"])
@pytest.mark.parametrize("kind", INPUTS)
def test_what_is_not_a_regular_file_of_a_possible_size_is_refused(kind: str, what: str, place: Path) -> None:
    """At once, with the name of the file."""
    name, words = INPUTS[kind]
    path = place / name
    path.unlink(missing_ok=True)
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 10**13)
    done = outcome(*words, cwd=place)
    assert done.returncode in (2, 3, 5), done
    assert path.name in done.stderr
    assert not (place / "new").exists()


@pytest.mark.parametrize(
    "target",
    [
        *("run/journal.jsonl", "run/manifest.json", "run/summary.json", "run/commands.jsonl", "run/review.yaml"),
        *("run/inputs/scenario/two-rivals.yaml", "run/inputs/notes.html", "batch/runs/notes.md", "link"),
        *("pipe", "batch", "/dev/null", "/dev/stdout", "events.csv"),
    ],
)
def test_a_document_never_replaces_an_input_or_what_a_run_is_kept_in(target: str, place: Path) -> None:
    """Reports, backtests and paper."""
    os.mkfifo(place / "pipe")
    (place / "link").symlink_to("/dev/null")
    (place / "events.csv").write_text(HEAD)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    for words in (
        ("report", "run", "--format", "md"),
        ("report", "run", "live"),
        ("report", "batch", "--format", "md"),
        ("print", "two-rivals"),
        ("msel export", "two-rivals"),
    ):
        done = inside(*words, "--out", target, cwd=place)
        assert (done.returncode, target in done.stderr) == (2, True), done
    after = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert {path for path in {*before, *after} if before.get(path) != after.get(path)} <= {place / "run/review.yaml"}


def test_a_backtest_does_not_replace_its_chronology(place: Path) -> None:
    """Whatever the name of the file."""
    (place / "events.txt").write_text(HEAD)
    done = inside("backtest", "b", "--chronology", "events.txt", "--out", "events.txt", cwd=place)
    assert done.returncode in (2, 3)
    assert (place / "events.txt").read_text("utf-8") == HEAD


def test_a_letterhead_is_not_replaced_by_the_document_that_has_its_styles(place: Path) -> None:
    """Under any path of the file; the letterhead stays as it was."""
    assert inside("report", "run", "--out", "letterhead.docx", cwd=place).returncode == 0
    before = (place / "letterhead.docx").read_bytes()
    for words in (("report", "run"), ("lessons", ".")):
        done = inside(*words, "--template", "letterhead.docx", "--out", "run/../letterhead.docx", cwd=place)
        assert (done.returncode, "is an input" in done.stderr) == (2, True), done
    assert (place / "letterhead.docx").read_bytes() == before


@pytest.mark.parametrize("kept", ["sheet.csv", "new.yaml", "nowhere/map.yaml", "run"])
def test_the_map_of_a_sheet_replaces_no_file_of_its_import(kept: str, place: Path) -> None:
    """Nor is anything imported if the map cannot be written."""
    (place / "sheet.csv").write_text("Event #,Time,Description\n1,D+9,Ships leave\n")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    words = (
        "msel import",
        "sheet.csv",
        "--into",
        "new.yaml",
        "--scenario",
        "two-rivals",
        "--who",
        "=all",
        "--map",
        kept,
    )
    done = inside(*words, cwd=place)
    assert (done.returncode, kept in done.stderr) == (2, True), done
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_a_folder_is_no_sheet(place: Path) -> None:
    """Also the one in which the command is given."""
    done = inside("msel import", ".", "--scenario", "two-rivals", cwd=place)
    assert (done.returncode, "it is a folder" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    "words",
    [
        ("report", "run", "--out", f"{'x' * 400}.html"),
        ("compare", "x" * 400),
        ("validate", "x" * 400),
        ("export", "batch", "--out", "run/manifest.json/tables"),
    ],
)
def test_a_place_that_cannot_be_is_reported(words: tuple[str, ...], place: Path) -> None:
    """Names that are too long, and folders in a file: the place and the reason, without an internal error."""
    done = wargame(*words, cwd=place)
    assert (done.returncode, words[-1] in done.stderr, "internal" in done.stderr) == (2, True, False), done


@pytest.mark.parametrize(
    "words",
    [
        ("run", "two-rivals", "--until", "1d", "--out"),
        ("fork", "run", "--at", "D+3", "--out"),
        ("rehearse", "two-rivals", "-n", "2", "--jobs", "1", "--out"),
        ("export", "batch", "--out"),
        ("print", "two-rivals", "--folder"),
        ("report", "run", "--out"),
        ("init",),
    ],
)
def test_an_address_is_no_folder_of_this_machine(words: tuple[str, ...], place: Path) -> None:
    """Only batches are written to addresses: no folder has the name of a protocol."""
    before = set(place.iterdir())
    done = inside(*words, "s3://bucket/place", cwd=place)
    assert (done.returncode, "is an address" in done.stderr) == (2, True), done
    assert set(place.iterdir()) == before


def test_a_working_folder_that_was_removed_is_reported(place: Path) -> None:
    """Where a path is looked for in it."""
    (place / "gone").mkdir()
    code = "import os\nos.rmdir(os.getcwd())"
    done = wargame_after(code, "batch", "two-rivals", "-n", "2", cwd=place / "gone")
    assert (done.returncode, "was removed" in done.stderr, "internal" in done.stderr) == (2, True, False), done


def test_no_room_for_temporary_files_is_reported(place: Path) -> None:
    """A PDF needs some."""
    code = "import tempfile\ntempfile._candidate_tempdir_list = lambda: ['/proc/none']\ntempfile.tempdir = None"
    done = wargame_after(code, "report", "run", "--out", "review.pdf", cwd=place)
    assert (done.returncode, "free some space" in done.stderr, "internal" in done.stderr) == (2, True, False), done


@pytest.mark.parametrize(
    "words",
    [
        *(("report", "run", "--out", f"x.{end}") for end in ("docx", "pdf")),
        *(("msel export", "two-rivals", "--out", f"x.{end}") for end in ("xlsx", "ods")),
        ("bundle", "run", "--out", "x.zip"),
    ],
)
def test_a_document_has_the_same_bytes_whenever_and_wherever_it_is_written(words: tuple[str, ...], place: Path) -> None:
    """A later year, and another time zone, which archives of other libraries write into the document."""
    later = "import time\nclock = time.time\ntime.time = lambda: clock() + 4e7"
    written = []
    for code, zone in (("", "Asia/Tokyo"), (later, "America/New_York")):
        done = wargame_after(code, *words, cwd=place, TZ=zone)
        assert done.returncode == 0, done.stderr
        written.append((place / words[-1]).read_bytes())
        (place / words[-1]).unlink()
    assert written[0] == written[1]


def test_a_report_is_written_where_it_was_before(place: Path) -> None:
    """A report in a run folder is replaced, and there may be others beside it."""
    for target in ("run/report.html", "run/notes.md", "elsewhere.html", "run/report.html"):
        done = inside("report", "run", "--out", target, cwd=place)
        assert (done.returncode, done.stdout.strip()) == (0, target)
        assert (place / target).is_file()
