"""`wargame verify`: a run is re-simulated from its folder alone, and every difference is reported."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.entry_point import wargame
from wargame.errors import Invalid
from wargame.executor.run import Destination, simulate
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run of two rivals, 120 days long."""
    place = Destination(out=tmp_path_factory.mktemp("runs") / "run")
    return simulate(load("two-rivals"), 5, Settings(until="120d"), place=place).folder.path


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Folder:
    """A copy that a test may damage."""
    return Folder(shutil.copytree(original, tmp_path / "run"))


def journal_lines(run: Folder) -> list[str]:
    """The lines of the journal with their newlines."""
    return run.journal.read_text("utf-8").splitlines(keepends=True)


def rewrite(run: Folder, place: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes one record on disk."""
    lines = journal_lines(run)
    record = json.loads(lines[place])
    change(record)
    lines[place] = json.dumps(record, separators=(",", ":")) + "\n"
    run.journal.write_text("".join(lines))


def test_a_run_verifies_from_its_folder_alone(run: Folder, tmp_path: Path) -> None:
    """In another place, with another hash seed: the same bytes, exit code 0."""
    done = wargame("verify", "run", cwd=tmp_path, PYTHONHASHSEED="77", TZ="Pacific/Auckland")
    assert done.returncode == 0, done.stderr
    first, scope = done.stdout.splitlines()
    assert first == f"run: {len(journal_lines(run))} records, identical byte for byte"
    assert scope.startswith("The stored inputs, seed and settings reproduce the stored journal. Not checked:")


def test_verifying_changes_nothing(run: Folder) -> None:
    """Every file of the folder is as it was."""
    before = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    assert verify(run).same
    assert before == {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}


def test_a_changed_number_is_named_with_its_place(run: Folder, tmp_path: Path) -> None:
    """Exit code 5; record, kind, field and both values are printed."""
    place = next(n for n, line in enumerate(journal_lines(run)) if '"kind":"decision"' in line)
    record = json.loads(journal_lines(run)[place])
    rewrite(run, place, lambda changed: changed["data"].update(p=0.123))
    done = wargame("verify", "run", cwd=tmp_path)
    assert done.returncode == 5
    assert f"record {record['seq']} (decision of " in done.stderr
    assert f"differs in data.p: 0.123 on disk, {record['data']['p']} in the re-run" in done.stderr


def test_another_digest_says_that_an_older_version_may_have_made_it(run: Folder) -> None:
    """Digests of older versions are made otherwise, also if all values are the same."""
    place = next(n for n, line in enumerate(journal_lines(run)) if '"kind":"snapshot"' in line)
    rewrite(run, place, lambda record: record["data"].update(digest="240f5b670e100f56"))
    said = str(verify(run).difference)
    assert "differs in data.digest: 240f5b670e100f56 on disk" in said
    assert said.endswith(
        "older versions compute digests in another way: verify the run with the version that recorded it"
    )


def test_only_the_first_difference_is_named(run: Folder) -> None:
    """Later ones usually follow from it."""
    rewrite(run, 9, lambda record: record.update(who="XYZ"))
    rewrite(run, 5, lambda record: record.update(who="XYZ"))
    difference = verify(run).difference
    assert difference is not None
    assert (difference.seq, difference.field, difference.on_disk) == (5, "who", "XYZ")


def test_a_shortened_journal_is_detected(run: Folder) -> None:
    """The manifest says that the run was complete."""
    run.journal.write_text("".join(journal_lines(run)[:-3]))
    assert "is missing on disk" in str(verify(run).difference)


def test_a_line_added_to_the_journal_is_detected(run: Folder) -> None:
    """The line is after the last record of the re-run."""
    lines = journal_lines(run)
    run.journal.write_text("".join([*lines, lines[-1]]))
    assert "absent in the re-run" in str(verify(run).difference)


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("journal_sha256", "0" * 64, "hash"),
        ("decisions", 1, "decisions in the manifest: 1"),
        ("outcomes", {}, "outcomes"),
    ],
)
def test_a_manifest_that_does_not_fit_is_detected(run: Folder, name: str, value: object, field: str) -> None:
    """Its counts, hashes and outcomes are checked."""
    file = run.path / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), name: value}))
    assert field in verify(run).fault


def test_changed_inputs_are_refused(run: Folder, tmp_path: Path) -> None:
    """Exit code 3: the run was not made from these files."""
    file = next(run.path.glob("inputs/scenario/*.yaml"))
    file.write_text(file.read_text("utf-8").replace("half_life: 45d", "half_life: 46d"))
    done = wargame("verify", "run", cwd=tmp_path)
    assert done.returncode == 3
    assert "the scenario changed since the run" in done.stderr


def test_a_comment_in_the_inputs_is_not_a_change(run: Folder) -> None:
    """The hash depends on the content, not on the bytes."""
    file = next(run.path.glob("inputs/scenario/*.yaml"))
    file.write_text("# a remark\n" + file.read_text("utf-8"))
    assert verify(run).same


def test_another_seed_in_the_manifest_is_a_difference(run: Folder) -> None:
    """The re-run uses the seed of the manifest."""
    file = run.path / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "seed": 6}))
    difference = verify(run).difference
    assert difference is not None
    assert difference.field == "data.seed"


def test_other_versions_are_noted(run: Folder) -> None:
    """They may be the cause of a difference."""
    file = run.path / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**manifest, "versions": {**manifest["versions"], "numpy": "1.0"}}))
    verdict = verify(run)
    assert verdict.same
    assert any(note.startswith("the run was made with numpy 1.0 (now ") for note in verdict.notes)


@pytest.mark.parametrize("missing", ["manifest.json", "journal.jsonl", "inputs"])
def test_a_folder_with_a_missing_part_is_invalid(run: Folder, missing: str) -> None:
    """The error names the missing part."""
    path = run.path / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(Invalid, match=missing):
        verify(run)


def test_a_later_format_is_refused(run: Folder, tmp_path: Path) -> None:
    """Exit code 3: this version cannot read it."""
    file = run.path / "manifest.json"
    file.write_text(file.read_text("utf-8").replace("wargame-run/1", "wargame-run/9"))
    done = wargame("verify", "run", cwd=tmp_path)
    assert done.returncode == 3
    assert "wargame-run/9" in done.stderr


def test_a_line_that_is_not_json_is_reported(run: Folder) -> None:
    """The error has its number."""
    lines = journal_lines(run)
    lines[4] = "garbage\n"
    run.journal.write_text("".join(lines))
    assert "record 4" in str(verify(run).difference)
    assert "is damaged on disk" in str(verify(run).difference)
