"""`report --open`: where no program can show the file, one line says where it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.in_process import inside
from wargame.cli.report import open_in_program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a program")


def stand_in(folder: Path, status: int) -> None:
    """Writes an `xdg-open` that notes its argument, complains and ends with this status."""
    folder.mkdir()
    script = folder / "xdg-open"
    script.write_text(
        f'#!/bin/sh\necho "$1" > "{folder}/opened"\necho "no method available" >&2\nexit {status}\n', "utf-8"
    )
    script.chmod(0o755)


@pytest.mark.parametrize(("status", "opened"), [(0, True), (3, False)])
def test_it_says_whether_a_program_has_opened_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], status: int, opened: bool
) -> None:
    """The program gets the address of the file; what it complains of is not shown."""
    stand_in(tmp_path / "bin", status)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("DISPLAY", ":0")

    assert open_in_program(tmp_path / "report.html") is opened

    assert (tmp_path / "bin" / "opened").read_text("utf-8").strip() == (tmp_path / "report.html").as_uri()
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_without_a_display_the_command_says_where_the_report_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No text browser takes the terminal, and the command has done its work."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert (
        inside("run", "two-rivals", "-q", "--until", "3d", "--no-report", "--out", "first", cwd=tmp_path).returncode
        == 0
    )

    done = inside("report", "first", "--format", "md", "--open", cwd=tmp_path)

    report = tmp_path / "first" / "report.md"
    assert (done.returncode, done.stdout) == (0, "first/report.md\n")
    assert done.stderr == f"wargame: no program opens it here; the report is {report}\n"
