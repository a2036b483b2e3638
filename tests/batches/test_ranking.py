"""Many arms are ranked, with the uncertainty of the ranks and all pairs; any arm can be the baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside

ARMS = "".join(f"  a{i}: {{set: [tension=0.{i}]}}\n" for i in range(1, 7)) + "  b1: {set: [tension=0.1]}\n"
STUDY = (
    "format: wargame-study/1\nname: many\nscenario: two-rivals\nreplications: 10\nuntil: 60d\n"
    f"measures: [mean(tension), p(war)]\narms:\n{ARMS}"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch of seven arms, of which two do the same."""
    place = tmp_path_factory.mktemp("ranking")
    (place / "many.yaml").write_text(STUDY)
    done = inside("batch", "many.yaml", "--out", "b", "--jobs", "1", cwd=place)
    assert done.returncode == 0, done.stderr
    (place / "shown.txt").write_text(done.stdout)
    return place


def compared(folder: Path, *options: str) -> dict[str, Any]:
    """The JSON document of a comparison."""
    done = inside("compare", "b", "--json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_arms_are_ranked_by_their_means(folder: Path) -> None:
    """A higher tension at the start is a higher mean, surely; the two equal arms share ranks and are not told apart."""
    ranked = [row for row in compared(folder)["rankings"] if row["measure"] == "mean(tension)"]
    assert [row["arm"] for row in ranked] == ["a6", "a5", "a4", "a3", "a2", "a1", "b1"]
    assert (ranked[0]["ranks"], ranked[0]["first"]) == ([1, 1], 1.0)
    assert ranked[-1]["ranks"] == ranked[-2]["ranks"]
    difference, sure = ranked[0]["against"]["a1"]
    assert difference == pytest.approx(ranked[0]["estimate"] - ranked[-2]["estimate"])
    assert sure
    assert ranked[-1]["against"]["a1"] == [0.0, False]


def test_a_few_lines_say_all(folder: Path) -> None:
    """One line for each arm, and a sentence for what no arm changes, in the summary and in the report."""
    shown = (folder / "shown.txt").read_text()
    assert "=" + "+" * 6 in shown
    assert "No two arms differ significantly in p(war)" in " ".join(shown.split())
    assert len(shown.splitlines()) < 30
    inside("report", "b", "--quiet", cwd=folder)
    assert "No two arms differ significantly" in (folder / "b/report.html").read_text()


def test_all_pairs_are_corrected_together(folder: Path) -> None:
    """Two measures and 21 pairs make 42 tests, so the smallest p-value is multiplied by the number that have one."""
    rows = compared(folder, "--all-pairs")["comparisons"]
    assert len(rows) == 42
    tested = [row for row in rows if row["p"] is not None]
    least = min(tested, key=lambda row: row["p"])
    assert least["p_holm"] == pytest.approx(min(1.0, least["p"] * len(tested)))


def test_any_arm_is_the_baseline(folder: Path) -> None:
    """Differences from another arm have the opposite sign; an unknown arm is refused."""
    default, other = (compared(folder, *options)["comparisons"] for options in ((), ("--baseline", "a6")))
    of_first = next(row for row in default if (row["measure"], row["arm"]) == ("mean(tension)", "a6"))
    of_last = next(row for row in other if (row["measure"], row["arm"]) == ("mean(tension)", "a1"))
    assert of_first["estimate"] == pytest.approx(-of_last["estimate"])
    for options, listed in (((), False), (("--baseline", "a6"), True)):
        shown = inside("compare", "b", *options, cwd=folder).stdout
        assert ("Differences from a6" in shown) == listed
    refused = inside("compare", "b", "--baseline", "a9", cwd=folder)
    assert (refused.returncode, "there is no arm 'a9'" in refused.stderr) == (2, True)


def test_a_matrix_of_few_arms_has_the_differences(folder: Path) -> None:
    """With --all-pairs, six arms or fewer are shown with numbers."""
    inside("batch", "many.yaml", "--arm", "a1", "--arm", "a5", "--out", "few", "--quiet", "-n", "4", cwd=folder)
    shown = inside("compare", "few", "--all-pairs", "--quiet", cwd=folder).stdout
    assert "Rank" in shown
    assert "*" in shown
