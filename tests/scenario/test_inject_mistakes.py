"""Injects that can have no effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.entry_point import wargame


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("- {id: a, title: A, at: D+5, effects: {tension: {to: 40}}}", "it cannot be set to 40"),
        ("- {id: a, title: A, at: D+5, effects: {tension: 5}}", "from -1 to 1; it cannot be 5"),
        ('- {id: a, title: A, when: "1"}', "this condition is constant"),
        ("- {id: a, title: A, when: 2030-04-01}", "use `at` for dates"),
        ("- {id: a, title: A, at: D+5, chance: 0}", "`chance` is 0"),
        ("- {id: a, title: A, at: D+5, every: 1d}", "`every` needs `repeat`"),
        ("- {id: a, title: A, at: D+5, every: 1s, repeat: 100000}", "too many releases: 100,000, every 1s"),
        ('- {id: a, title: A, random: {rate: "1", bound: 2, shape: early}}', "`shape` is only for `between`"),
        ("- {id: a, title: A, random: {between: [D+30, D+30]}}", "the window is empty"),
        ("- {id: a, title: A, at: 99999999999999d}", "is too long: at most 200 years"),
        ("- {id: a, title: A, at: D+5, kind: facilitation, expected: [{who: ARD, any_of: [talk], within: 3d}]}",
         "a facilitation inject is not sent to anyone"),
        ("- {id: a, title: A, at: D+5, kind: facilitation, audience: [ARD], message: Hello.}",
         "a facilitation inject is for the white cell alone"),
        ("- {id: a, title: A, at: D+5, audience: [ARD], expected: [{who: BRL, any_of: [talk], within: 3d}]}",
         "BRL does not receive the inject: its audience is ARD"),
    ],
)  # fmt: skip
def test_a_meaningless_inject_is_reported_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    """`wargame validate` prints file and line."""
    (tmp_path / "i.yaml").write_text(f"format: wargame-injects/1\nscenario: two-rivals\ntitle: x\ninjects:\n  {line}\n")
    done = wargame("validate", "i.yaml", cwd=tmp_path)
    assert "i.yaml:5:" in done.stderr
    assert message in done.stderr


@pytest.mark.parametrize(("enabling", "warned"), [("", True), (", enables: [late]", False)])
def test_an_inject_that_nothing_enables_is_a_warning(tmp_path: Path, enabling: str, warned: bool) -> None:
    """Only a facilitator can release it then."""
    (tmp_path / "injects.yaml").write_text(
        "format: wargame-injects/1\nscenario: two-rivals\ninjects:\n"
        f"- {{id: early, title: Early, at: D+1{enabling}}}\n- {{id: late, title: Late, at: D+5, enabled: false}}\n"
    )
    done = wargame("run", "two-rivals", "--injects", "injects.yaml", "--until", "D+1", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0
    assert ("no inject enables 'late': only a facilitator can" in done.stdout + done.stderr) is warned
