"""Numbers inside formulas are factors, and arms change them: by the path of the formula and their place in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.in_process import inside
from wargame.batches.api import open_batch
from wargame.scenario.loading.catalogue import scenarios

STUDY = """
format: wargame-study/1
name: k
scenario: {scenario}
replications: 4
until: 100d
arms:
  usual: {{}}
  soon: {{{soon}}}
{factor}
measures: [p(calm), count(blockade), mean(tension)]
"""
FACTOR = "factors: {x: {parameter: options.blockade.restraint.1, levels: [0.2, 0.6]}}\ndesign: grid"
SOON = "parameters: {outcomes.calm.when.1: 0.9}"


def played(folder: Path, scenario: str, soon: str = SOON, factor: str = FACTOR) -> Path:
    """The folder of the batch of the study."""
    (folder / "k.yaml").write_text(STUDY.format(scenario=scenario, soon=soon, factor=factor))
    done = inside("batch", "k.yaml", "--out", "b", "--jobs", "1", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "b"


def test_it_is_the_run_of_the_edited_file(tmp_path: Path) -> None:
    """In a batch, where nothing is read again, and in a single run, whose files have the number."""
    (path,) = (entry.path for entry in scenarios() if entry.name == "two-rivals")
    rows = open_batch(str(played(tmp_path, "two-rivals"))).frame()
    for restraint, number in (("0.2", 0), ("0.6", 1)):
        for arm, calm in (("usual", "0.15"), ("soon", "0.9")):
            place = tmp_path / f"{arm}-{restraint}"
            place.mkdir()
            edited = path.read_text().replace("restraint: tension > 0.5", f"restraint: tension > {restraint}")
            (place / "mine.yaml").write_text(edited.replace("when: tension < 0.15", f"when: tension < {calm}"))
            own = open_batch(str(played(place, "mine.yaml", "", ""))).frame()
            own = own[(own["arm"] == "usual") & (own["replication"] == 0)]
            row = rows[(rows["arm"] == arm) & (rows["replication"] == number)]
            for measure in ("p(calm)", "count(blockade)", "mean(tension)", "kernel_events"):
                assert row[measure].tolist() == own[measure].tolist(), (arm, restraint, measure)
    inside("run", "b", "--arm", "soon", "--replication", "1", "--out", "one", "--quiet", cwd=tmp_path)
    (file,) = (tmp_path / "one" / "inputs" / "scenario").glob("*.yaml")
    assert 'when: "tension < 0.9"' in file.read_text()
    assert 'restraint: "tension > 0.6"' in file.read_text()
    assert inside("verify", "one", cwd=tmp_path).returncode == 0
    shutil.rmtree(tmp_path / "one")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("calm.when.1", "calm.when.2"), "there is no number at 'outcomes.calm.when.2'"),
        (("calm.when.1", "calm.title.1"), "there is no number at 'outcomes.calm.title.1'"),
        (("calm.when.1: 0.9", "calm.when.1: -0.9"), "must be between 0 and 1e+09; it cannot be -0.9"),
        (("restraint.1", "restraint.2"), "the scenario has no number 'options.blockade.restraint.2'"),
        ((", levels: [0.2, 0.6]", ""), "has no range in the scenario"),
    ],
)
def test_a_number_that_is_not_there(changed: tuple[str, str], said: str, tmp_path: Path) -> None:
    """The error has the line; a factor needs its values, since formulas have no ranges."""
    text = STUDY.format(scenario="two-rivals", soon=SOON, factor=FACTOR).replace(*changed)
    (tmp_path / "k.yaml").write_text(text)
    done = inside("validate", "k.yaml", cwd=tmp_path)
    assert (done.returncode, "k.yaml:" in done.stderr, said in done.stderr) == (3, True, True), done.stderr
