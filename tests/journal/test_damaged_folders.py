"""Run folders that are damaged or cut short: every command names the file and the line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.command_line import wargame
from wargame.errors import Invalid
from wargame.executor.verify import verify
from wargame.journal.comparison import first_difference
from wargame.journal.folder import Folder
from wargame.journal.manifest import read_manifest
from wargame.journal.reader import read_journal

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
def test_a_manifest_of_the_wrong_shape_is_told_in_plain_words(content: str, run: Path) -> None:
    """Whatever JSON stands there, it is named as damaged; no word of the program's own inside leaks."""
    (run / "manifest.json").write_text(content)
    with pytest.raises(Invalid, match=r"manifest\.json: is damaged: (?!.*attribute)"):
        read_manifest(run)


def test_a_journal_line_of_endless_brackets_is_named(run: Path) -> None:
    """Reading names file and line; verifying names the record."""
    journal = run / "journal.jsonl"
    lines = journal.read_text().splitlines()
    journal.write_text("\n".join([*lines[:9], '{"data":' + DEEP, *lines[10:], ""]))
    with pytest.raises(Invalid, match=r"journal\.jsonl:10:1: is not a record"):
        list(read_journal(run))
    assert "record 9 (" in str(verify(Folder(run)).difference)


@pytest.mark.parametrize("line", [b'{"seq":"x"}', b'{"seq":[1]}', b'{"seq":null}', b"[]", DEEP.encode()])
def test_a_line_too_many_is_a_difference_whatever_it_holds(line: bytes) -> None:
    """Also one whose number is none."""
    difference = first_difference([line], iter(()), whole=True)
    assert difference is not None
    assert (difference.seq, difference.on_disk, difference.re_run) == (-1, "there", "absent")


def test_settings_that_do_not_fit_are_the_manifests_fault(run: Path) -> None:
    """Not the command's words: exit 3, and the file is named."""
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["settings"]["startex"] = "2099-99-99"
    (run / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Invalid, match=r"run/manifest\.json: has settings that do not fit: STARTEX"):
        verify(Folder(run))


def test_a_damaged_input_is_named_by_a_path_that_exists(run: Path) -> None:
    """An editor can jump to it from where `verify` was called."""
    path = run / "inputs" / "scenario" / "two-rivals.yaml"
    path.write_text(path.read_text().replace("format:", "format: [", 1))
    with pytest.raises(Invalid) as caught:
        verify(Folder(run))
    assert {Path(problem.file) for problem in caught.value.problems} == {path}


def test_show_and_verify_agree_where_a_run_was_cut_short(run: Path) -> None:
    """Both name the last record on disk."""
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps(manifest | {"ended": "running"}))
    lines = (run / "journal.jsonl").read_text().splitlines(keepends=True)
    (run / "journal.jsonl").write_text("".join(lines[:200]))
    (note,) = verify(Folder(run)).notes
    assert f"(record {json.loads(lines[199])['seq']})" in note
