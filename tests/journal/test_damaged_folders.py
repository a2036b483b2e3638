"""Run folders that are damaged or incomplete: every command names the file and the line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.entry_point import wargame
from wargame.errors import Invalid
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.journal.manifest import read_manifest
from wargame.journal.reader import first_difference, read_journal

DEEP = "[" * 100_000


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small scenario; tests copy it before they damage it."""
    place = tmp_path_factory.mktemp("made")
    assert wargame("run", "two-rivals", "--out", "run", "--no-report", cwd=place).returncode == 0
    return place / "run"


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    """A copy of the run, to be damaged."""
    return Path(shutil.copytree(original, tmp_path / "run"))


@pytest.mark.parametrize("content", ["[]", "3", "null", '"x"', DEEP, '{"format":' + DEEP])
def test_a_manifest_of_the_wrong_shape_is_reported_as_damaged(content: str, run: Path) -> None:
    """For any JSON, without internal words of the program."""
    (run / "manifest.json").write_text(content)
    with pytest.raises(Invalid, match=r"manifest\.json: is damaged: (?!.*attribute)"):
        read_manifest(run)


def test_a_journal_line_of_many_brackets_is_reported_with_its_place(run: Path) -> None:
    """Reading names file and line; verifying names the record."""
    journal = run / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines()
    journal.write_text("\n".join([*lines[:9], '{"data":' + DEEP, *lines[10:], ""]))
    with pytest.raises(Invalid, match=r"journal\.jsonl:10:1: is not a record"):
        list(read_journal(run))
    assert "record 9 (" in str(verify(Folder(run)).difference)


def test_a_record_of_an_unknown_kind_is_reported_with_its_place(run: Path) -> None:
    """Reading names the kind, the file and the line."""
    journal = run / "journal.jsonl"
    journal.write_text(journal.read_text("utf-8").replace('"kind":"startex"', '"kind":"hand_over"', 1))
    with pytest.raises(Invalid, match=r"journal\.jsonl:\d+:1: is not a record: there is no kind of record 'hand_over'"):
        list(read_journal(run))


@pytest.mark.parametrize("line", [b'{"seq":"x"}', b'{"seq":[1]}', b'{"seq":null}', b"[]", DEEP.encode()])
def test_an_additional_line_is_a_difference_whatever_its_content(line: bytes) -> None:
    """Also if its number is not a number."""
    difference = first_difference([line], iter(()), whole=True)
    assert difference is not None
    assert (difference.seq, difference.on_disk, difference.re_run) == (-1, "there", "absent")


def test_settings_that_do_not_fit_are_a_problem_of_the_manifest(run: Path) -> None:
    """Exit code 3 with the name of the file, not a usage error."""
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    manifest["settings"]["startex"] = "2099-99-99"
    (run / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Invalid, match=r"run/manifest\.json: has settings that do not fit: STARTEX"):
        verify(Folder(run))


def test_a_damaged_input_is_named_by_a_path_that_exists(run: Path) -> None:
    """The path is relative to the directory in which `verify` was called."""
    path = run / "inputs" / "scenario" / "two-rivals.yaml"
    path.write_text(path.read_text("utf-8").replace("format:", "format: [", 1))
    with pytest.raises(Invalid) as caught:
        verify(Folder(run))
    assert {Path(problem.file) for problem in caught.value.problems} == {path}


def test_show_and_verify_name_the_same_last_record_of_an_incomplete_run(run: Path) -> None:
    """Both name the last record on disk."""
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    (run / "manifest.json").write_text(json.dumps(manifest | {"ended": "running"}))
    lines = (run / "journal.jsonl").read_text("utf-8").splitlines(keepends=True)
    (run / "journal.jsonl").write_text("".join(lines[:200]))
    (note,) = verify(Folder(run)).notes
    assert f"(record {json.loads(lines[199])['seq']})" in note
