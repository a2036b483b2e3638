"""Claims that cannot be tested: each is one message at its place, with what would be accepted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wargame.errors import Invalid
from wargame.scenario.loading.catalogue import scenario_dir
from wargame.scenario.loading.load import Loaded, load

CLAIM = """format: wargame-scenario/1
claims:
  drills:
    statement: Drills raise tension
    mechanism: a patrol adds to tension
    until: 120d
    arms:
      off: {}
      on: {force: [D+10 ARD patrol BRL]}
    measures:
      - {formula: mean(tension), contrast: {on: 1, off: -1}, expect: positive}
"""
ARMS = "    arms:\n      off: {}\n      on: {force: [D+10 ARD patrol BRL]}\n"
MEASURE = "      - {formula: mean(tension), contrast: {on: 1, off: -1}, expect: positive}\n"


def written(folder: Path, old: str = "", new: str = "") -> Loaded:
    """The scenario two-rivals with the claim, in which `old` is replaced."""
    assert CLAIM.count(old) == 1 or not old
    folder.mkdir(parents=True)
    shutil.copyfile(scenario_dir() / "two-rivals.yaml", folder / "two-rivals.yaml")
    (folder / "claims.yaml").write_text(CLAIM.replace(old, new) if old else CLAIM)
    return load(str(folder))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (ARMS, "    arms: {}\n", "a claim needs at least one arm (write `arms: {off: {}, on: {...}}`)"),
        ("measures:\n" + MEASURE, "measures: []\n", "a claim needs at least one measure (with a formula, a contrast"),
        (MEASURE, 2 * MEASURE, "claims.yaml:12:9: duplicate contrast of this measure"),
        ("until: 120d", "until: soon", "claims.yaml:6:12: "),
        ("ARD patrol BRL", "ARD coast_guard BRL", "unknown option 'coast_guard'"),
        ("ARD patrol BRL", "ARD patrol ARD", "ARD cannot be its own target"),
        ("ARD patrol BRL", "ARD", "does not have the form 'T GOV OPTION [TARGET]'"),
        ("ARD patrol BRL", "XYZ patrol BRL", "unknown government 'XYZ'"),
        ("D+10 ARD", "soon ARD", "'soon ARD patrol BRL': "),
        ("D+10 ARD", "D+130 ARD", "D+130 is not between STARTEX and the end (2030-01-01 to 2030-05-01)"),
        ("on: {force", "on: {set: ['tension=0.5 @ D+130'], force", "D+130 is not between STARTEX and the end"),
        ("on: {force", "on: {set: ['tension=1.5'], force", "is outside the range 0 to 1 of `tension`"),
        ("on: {force", "on: {set: ['flow[ARD, BRL]=1'], force", "`flow` cannot be set: it is derived, or kept"),
        ("on: {force", "on: {startex: 2029-01-01, force", "STARTEX 2029-01-01 is outside the scenario"),
        ("on: {force", "on: {until: 2030-01-01, force", "the end 2030-01-01 is not after STARTEX 2030-01-01"),
        ("on: {force", "on: {leaders: {ARD: nobody}, force", "nobody"),
    ],
)
def test_a_mistake_has_its_place_and_its_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The rest of the claim is right."""
    with pytest.raises(Invalid) as caught:
        written(tmp_path / "toy", old, new)
    first = str(caught.value.problems[0])
    assert message in first
    assert "claims.yaml:" in first


def test_an_arm_that_no_measure_uses_is_a_warning(tmp_path: Path) -> None:
    """The claim can be tested without it."""
    (warning,) = written(tmp_path / "toy", "      off: {}\n", "      off: {}\n      spare: {}\n").warnings
    assert "no measure of the claim uses the arm 'spare'" in str(warning)
    assert not written(tmp_path / "plain").warnings
