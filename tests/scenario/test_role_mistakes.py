"""Role texts that no player could use are reported with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.entry_point import wargame
from wargame.scenario.loading.load import load_files

RIVALS = Path(__file__).resolve().parents[2] / "wargame" / "scenarios" / "two-rivals.yaml"


def written(line: str) -> str:
    """The small scenario with these roles in place of its own."""
    text = RIVALS.read_text("utf-8").replace("injects: [two-rivals/msel]\n", "")
    kept, _, _ = text.partition("roles:")
    return f"{kept}roles:\n  {line}\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("XXX: {situation: A}", "unknown government 'XXX'"),
        ("BRL: {}", "the role of BRL has no text"),
        ("BRL: {tasks: [' ']}", "this sentence is empty"),
        ("BRL: {leaders: {arda_council: {wants: [Peace.]}}}", "'arda_council' leads ARD, not BRL"),
        ("BRL: {leaders: {brel_premier: {fears: ['']}}}", "this sentence is empty"),
        ("BRL: {leaders: {nobody: {wants: [Peace.]}}}", "unknown leader 'nobody'"),
        ("BRL: {task: [Talk.]}", "unknown key 'task' (did you mean 'tasks'?)"),
    ],
)
def test_a_role_that_says_nothing_is_reported(tmp_path: Path, line: str, message: str) -> None:
    """`wargame validate` prints file and line."""
    (tmp_path / "s.yaml").write_text(written(line), "utf-8")
    done = wargame("validate", "s.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert message in done.stderr
    assert "s.yaml:" in done.stderr


def test_role_texts_do_not_change_the_hash_of_a_scenario() -> None:
    """They have no effect on runs: an exercise with a corrected role sheet is still the same exercise."""
    one, other = (load_files({"s.yaml": written(f"BRL: {{situation: {text}}}").encode()}) for text in ("One.", "Two."))
    assert one.scenario.roles != other.scenario.roles
    assert one.scenario_sha256 == other.scenario_sha256
