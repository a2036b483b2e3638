"""Locks: one at a time, released with the process, and checked without a trace."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest
from filelock import lock_descriptor

from support.command_line import ended, environment
from wargame.journal import atomic as lock
from wargame.journal.atomic import Lock, is_held


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with content."""
    (tmp_path / "journal.jsonl").write_text("{}\n")
    return tmp_path / "journal.jsonl"


def test_a_file_has_one_lock_until_it_is_released(file: Path) -> None:
    """A second one fails, in the same process too; releasing twice does nothing."""
    first = Lock(file)
    assert first.mine
    assert not Lock(file).mine
    assert is_held(file)
    first.release()
    first.release()
    assert not is_held(file)
    again = Lock(file)
    assert again.mine
    again.release()


def test_a_killed_process_has_no_lock(file: Path) -> None:
    """It is held while the process runs."""
    code = (
        "import sys; from pathlib import Path; from wargame.journal.atomic import Lock; lock = Lock(Path(sys.argv[1]))"
    )
    words = [sys.executable, "-c", f"{code}; print(lock.mine, flush=True); sys.stdin.read()", str(file)]
    pipe = subprocess.PIPE
    with ended(subprocess.Popen(words, stdin=pipe, stdout=pipe, encoding="utf-8", env=environment())) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert is_held(file)
        assert not Lock(file).mine
        other.kill()
    assert not is_held(file)


def test_a_check_leaves_nothing_behind(file: Path) -> None:
    """Nor does it lock what is not there."""
    assert not is_held(file)
    assert not is_held(file.with_name("nothing"))
    assert [each.name for each in file.parent.iterdir()] == ["journal.jsonl"]
    assert file.read_text("utf-8") == "{}\n"


def test_a_check_at_the_same_moment_does_not_refuse_a_lock(file: Path) -> None:
    """The lock of a check lasts for less than the attempts."""
    with file.open("rb") as checked:
        assert lock_descriptor(checked.fileno(), blocking=False)
        timer = threading.Timer(lock.PAUSE / 2, checked.close)
        timer.start()
        mine = Lock(file)
        timer.join()
    assert mine.mine
    mine.release()


def test_what_cannot_be_locked_is_not_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on network drives without locks."""
    monkeypatch.setattr("filelock.lock_descriptor", Mock(side_effect=OSError(95, "Operation not supported")))
    with_none = Lock(file)
    assert with_none.mine
    assert not is_held(file)
    with_none.release()


def test_on_windows_the_locked_file_is_beside_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There no other process can read a locked file. A file without content is locked itself."""
    monkeypatch.setattr(sys, "platform", "win32")
    mine = Lock(file)
    assert mine.mine
    assert is_held(file)
    assert not Lock(file).mine
    with file.open("rb") as free:
        assert lock_descriptor(free.fileno(), blocking=False)
    mine.release()
    assert not is_held(file)
    assert sorted(each.name for each in file.parent.iterdir()) == [".journal.jsonl.lock", "journal.jsonl"]
    Lock(file.with_name(lock.LOCK)).release()
    assert sorted(each.name for each in file.parent.iterdir()) == [".journal.jsonl.lock", ".lock", "journal.jsonl"]
