"""A sign that foretells failure is tried as a turn on fresh draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from support.in_process import inside

STUDY = """
format: wargame-study/1
name: duel
scenario: two-rivals
replications: 48
until: 90d
arms:
  calm: {title: No patrols, forbid: [ARD patrol, ARD strike]}
  usual: {title: As usual}
factors: {strain: {set: tension, range: [0.05, 0.9]}}
design: {kind: latin_hypercube, points: 48}
measures: [p(war)]
decision:
  government: ARD
  goal: -mean(tension)
  indifference: 0.5
  fails: mean(tension) > 0.35
  watch: {until: 30d, paths: [tension]}
  holdout: 24
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and its decision."""
    place = tmp_path_factory.mktemp("signs")
    (place / "duel.yaml").write_text(STUDY)
    done = inside("decide", "duel.yaml", "--out", "d", "--jobs", "1", "--quiet", cwd=place)
    assert done.returncode == 0, done.stderr
    (place / "shown.txt").write_text(" ".join(done.stdout.split()))
    return place


def answer(folder: Path, *words: str) -> dict[str, Any]:
    """The JSON document of a decision."""
    done = inside("decide", *words, "--json", "--jobs", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def tried(document: dict[str, Any]) -> dict[str, Any]:
    """The one sign that was tried."""
    (row,) = (each for each in document["watch"] if "gain" in each)
    return dict(row)


def test_a_sign_is_tried_on_other_states_and_draws(folder: Path) -> None:
    """The gain is a mean of paired differences, and the shares of failure are those of the table of fresh runs."""
    import wargame

    first, row = wargame.open_batch(folder / "d").frame(), tried(answer(folder, "d"))
    turn = row["turn"]
    assert (row["arm"], turn["to"], turn["runs"]) == ("usual", "calm", 24)
    fresh = wargame.open_batch(folder / turn["batch"]).frame()
    assert not set(fresh["factor:strain"]) & set(first["factor:strain"])
    assert set(fresh["seed"]).isdisjoint(set(first["seed"]))
    by_arm = {arm: each.set_index("replication") for arm, each in fresh.groupby("arm")}
    stay, on, always = (by_arm[arm] for arm in turn["arms"])
    assert row["gain"] == pytest.approx((on["-mean(tension)"] - stay["-mean(tension)"]).mean())
    assert turn["always"][0] == pytest.approx((always["-mean(tension)"] - stay["-mean(tension)"]).mean())
    assert turn["failures"] == [(each["mean(tension) > 0.35"] > 0).mean() for each in (stay, on, always)]
    seen = stay["seen(tension, ARD, until: 30d)"] > row["threshold"]
    assert turn["turned"] == seen.sum()
    same = [name for name in stay.columns if name not in ("arm", "kernel_events")]
    pd.testing.assert_frame_equal(on.loc[~seen, same], stay.loc[~seen, same])
    pd.testing.assert_frame_equal(on.loc[seen, same], always.loc[seen, same])


def test_the_report_says_what_the_turn_has_changed(folder: Path) -> None:
    """With the runs that it is from, and no claim where the interval contains 0."""
    shown, row = (folder / "shown.txt").read_text(), tried(answer(folder, "d"))
    assert "A sign is tried: 'As usual' turns to 'No patrols' 30d after STARTEX if" in shown
    open_yet = row["low"] <= 0 <= row["high"]
    assert ("whether turning on the sign helps is open" in shown) == open_yet
    assert ("which has the other sign" in shown) == (row["turn"]["expected"] * row["gain"] < 0)
    command = f"run {row['turn']['batch']} --arm usual-turns --replication 0"
    assert f"wargame {command}" in shown
    done = inside(*command.split(), "--out", "one", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert inside("verify", "one", cwd=folder).returncode == 0


def test_reading_plays_nothing_and_resuming_plays_what_is_missing(folder: Path, tmp_path: Path) -> None:
    """The report of a batch whose fresh runs are missing says how to play them; then the answer is the same."""
    (tmp_path / "duel.yaml").write_text(STUDY)
    assert inside("batch", "duel.yaml", "--out", "d", "--jobs", "1", "--quiet", cwd=tmp_path).returncode == 0
    read = inside("decide", "d", cwd=tmp_path).stdout
    assert "--resume plays the fresh runs that try it" in " ".join(read.split())
    assert not (tmp_path / "d" / "turns").exists()
    resumed, before = answer(tmp_path, "d", "--resume"), answer(folder, "d")
    assert resumed["watch"] == before["watch"]
    (again,) = (tmp_path / "d" / "turns").iterdir()
    assert answer(tmp_path, "d")["watch"] == before["watch"]
    assert [*(tmp_path / "d" / "turns").iterdir()] == [again]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("  holdout: 24\n", ""), "try it on fresh draws with --holdout"),
        (("  government: ARD\n", ""), "None of them could be tried"),
        (("forbid: [ARD patrol, ARD strike]", "set: [tension=0.1@D+40]"), "None of them could be tried"),
    ],
)
def test_a_sign_that_is_not_tried(changed: tuple[str, str], said: str, tmp_path: Path) -> None:
    """Nobody asked for it, or the government cannot turn from one policy to the other."""
    (tmp_path / "duel.yaml").write_text(STUDY.replace(*changed))
    done = inside("decide", "duel.yaml", "--out", "d", "--jobs", "1", cwd=tmp_path)
    assert (done.returncode, said in " ".join(done.stdout.split())) == (0, True), done.stdout + done.stderr
    assert not (tmp_path / "d" / "turns").exists()


@pytest.mark.slow
def test_a_sign_is_tried_from_python(folder: Path) -> None:
    """With `holdout`, also for a batch whose study did not ask for it."""
    import wargame

    found = wargame.decide(folder / "d", holdout=12, jobs=1)
    assert tried(found.numbers)["turn"]["runs"] == 12
