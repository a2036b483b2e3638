"""Programs that cannot be started: the message names the seat, what is wrong and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from wargame.brains.specification import brain_of, command_of, read_timeout
from wargame.errors import UsageFault


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("program:", "ARD=program:: write program:FILE (quote a name with spaces)"),
        ("program:'bot.py", "ARD=program:'bot.py: write program:FILE (quote a name with spaces)"),
        ("llm:", "write llm:MODEL (quote a name with spaces)"),
        ("program:bto.py", "ARD=program:bto.py: there is no file bto.py (did you mean 'bot.py'?)"),
        ("program:nowhere/bot.py", "there is no file nowhere/bot.py (write the path of a file)"),
        ("program:bot.sh", "bot.sh is not executable (chmod +x bot.sh; .py and .js files need not be)"),
        ("llm:model calm", "write llm:MODEL, or llm:MODEL persona=NAME"),
        ("llm:model persona=hwak", "there is no persona 'hwak' ("),
    ],
)
def test_a_program_that_cannot_be_started_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, message: str
) -> None:
    """Before any run."""
    monkeypatch.chdir(tmp_path)
    for name in ("bot.py", "bot.sh"):
        (tmp_path / name).write_text("")
    with pytest.raises(UsageFault) as refused:
        brain_of("ARD", kind)
    assert message in str(refused.value)


def test_a_missing_interpreter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a program in JavaScript without Node.js."""
    (tmp_path / "bot.js").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageFault, match=r"ARD=program:bot\.js: \.js files need node, which is missing"):
        brain_of("ARD", "program:bot.js")


def test_an_executable_file_is_started_with_its_words(tmp_path: Path) -> None:
    """By its whole path, whatever language it is written in."""
    program = tmp_path / "a bot"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert command_of(brain_of("ARD", f"program:'{program}' --slow 3")) == [str(program.resolve()), "--slow", "3"]


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60.0), ("0.5", 0.5), ("2m", 120.0), ("86400", 86400.0)])
def test_a_time_to_answer_is_in_seconds_or_has_its_unit(text: str, seconds: float) -> None:
    """Up to a day."""
    assert read_timeout(text) == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [("0", "a time longer than 0"), ("2d", "up to a day, such as 60s"), ("soon", "--brain-timeout: ")],
)
def test_a_time_to_answer_that_is_none_is_refused(text: str, message: str) -> None:
    """With an example."""
    with pytest.raises(UsageFault) as refused:
        read_timeout(text)
    assert message in str(refused.value)
