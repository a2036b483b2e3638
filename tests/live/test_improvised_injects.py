"""Injects that the facilitator adds: their errors, and times that have passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from wargame.errors import UsageFault


@pytest.mark.parametrize(
    "line",
    [
        "inject {id: late, title: Too late, at: 2030-01-02}",
        'inject news "Too late" --at 2030-01-02',
        "inject {id: late, title: Too late, at: 2030-01-02, every: 3d, repeat: 5}",
        "edit collision at D+1",
    ],
)
def test_a_time_that_has_passed_is_refused(tmp_path: Path, line: str) -> None:
    """The inject would be skipped at once; the message says what to do, and nothing is added or changed."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    before = list(there.session.records)
    with pytest.raises(UsageFault, match=r"would be due 2030-01-02 00:00, which has passed \(.* releases? it now"):
        output_of(there, line)
    assert there.session.records == before


def test_a_window_that_has_begun_is_refused(tmp_path: Path) -> None:
    """The time drawn from it could have passed."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    with pytest.raises(UsageFault, match="late has a window that begins 2030-01-02 00:00, which has passed"):
        output_of(there, "inject {id: late, title: Late, random: {between: [2030-01-02, 2030-03-01]}}")
    output_of(there, "inject {id: soon, title: Soon, random: {between: [2030-01-07, 2030-03-01]}}")


PLACES = [
    ("inject {id: a, titel: B}", "column 9 of the inject: unknown key 'titel' (did you mean 'title'?)"),
    (
        "inject {id: a, title: B, audience: [ADR]}",
        "column 30 of the inject: unknown government 'ADR' (did you mean 'ARD'?)",
    ),
    ("inject {id: a, title: B", "at the end of the inject: not valid YAML"),
    (r"inject - id: a\n  title: B\n  titel: C", "line 3, column 3 of the inject: unknown key 'titel'"),
    ('inject news "B" --to ADR', "unknown government 'ADR' (did you mean 'ARD'?)"),
    ("edit collision audience [ADR]", "edit: unknown government 'ADR' (did you mean 'ARD'?)"),
]


@pytest.mark.parametrize(("line", "message"), PLACES, ids=[line for line, _ in PLACES])
def test_an_error_points_at_what_was_typed(tmp_path: Path, line: str, message: str) -> None:
    """Never at lines that the program puts around it."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault) as refused:
        output_of(there, line)
    assert any(each.startswith(message) for each in str(refused.value).splitlines()), str(refused.value)


def test_an_error_in_a_file_points_into_the_file(tmp_path: Path) -> None:
    """With its name, line and column."""
    there = console(tmp_path / "run")
    file = tmp_path / "leak.yaml"
    file.write_text("- id: leak\n  title: A leak\n  titel: x\n")
    with pytest.raises(UsageFault) as refused:
        output_of(there, f"inject '{file}'")
    assert str(refused.value) == f"{file}:3:3: unknown key 'titel' (did you mean 'title'?)"
