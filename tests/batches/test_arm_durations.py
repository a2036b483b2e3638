"""Durations in the arms of a batch."""

from __future__ import annotations

from pathlib import Path

from support.entry_point import wargame


def test_a_duration_in_an_arm_needs_its_unit(tmp_path: Path) -> None:
    """On the command line and in a study."""
    done = wargame("batch", "two-rivals", "-n", "2", "--arm", "a=parameter rules.salience_half_life=10", cwd=tmp_path)
    assert done.returncode == 2
    assert "'rules.salience_half_life' is a duration: write it with a unit, such as 10d" in done.stderr
    (tmp_path / "s.yaml").write_text(
        "format: wargame-study/1\nname: s\nscenario: two-rivals\nreplications: 2\nmeasures: [p(war)]\n"
        "arms:\n  base: {}\n  x: {parameters: {rules.trust_half_life: 900}}\n"
    )
    done = wargame("validate", "s.yaml", cwd=tmp_path)
    assert "s.yaml:8:43: arm 'x': 'rules.trust_half_life' is a duration" in done.stderr
