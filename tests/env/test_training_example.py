"""The training example: its baselines, its figure, and the training itself where sb3-contrib is installed."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SCRIPT = "examples/train_maskable_ppo.py"


@pytest.fixture(scope="module")
def example(root: Path) -> dict[str, Any]:
    """The functions of the script."""
    return runpy.run_path(str(root / SCRIPT))


def test_a_seat_can_be_played_by_rules_and_by_the_model(example: dict[str, Any]) -> None:
    """The score of an episode depends on who plays the seat, and is the same each time."""
    fixed = example["env"].IDS["crisis-wargame/standoff-v1"]
    game = example["env"].single(**fixed)
    waits = [example["episode"](game, seed, lambda _: 0) for seed in (1000, 1001)]
    assert waits == [example["episode"](game, seed, lambda _: 0) for seed in (1000, 1001)]
    chance = example["episode"](game, 1000, example["by_chance"](game.action_space, 1))
    assert len({waits[0], chance, example["play_model"](fixed, 1000)}) == 3


def test_the_figure_names_the_learner_and_the_baselines(example: dict[str, Any]) -> None:
    """The curve is an SVG with a legend."""
    drawn = example["drawn"]([(0, [0.0, 0.1]), (1000, [0.2, 0.3])], {"waits": [0.1, 0.2]})
    assert drawn.startswith("<svg")
    assert "MaskablePPO" in drawn
    assert "waits" in drawn


@pytest.mark.exhaustive
@pytest.mark.skipif(find_spec("sb3_contrib") is None, reason="needs sb3-contrib, which is not a dependency")
def test_trained_policies_beat_untrained_ones_waiting_and_chance(root: Path, tmp_path: Path) -> None:
    """In at least four of five trainings, as the page shows them."""
    call = [sys.executable, str(root / SCRIPT), "--trainings", "5", "--figure", "curve.svg", "--save", "episode"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    baselines = dict(re.findall(r"^ *(waits|chance)  ([+-][\d.]+) ±", done.stdout, re.MULTILINE))
    trained = re.findall(r"^ +(\d) +([\d,]+)  ([+-][\d.]+) ±", done.stdout, re.MULTILINE)
    before = {seed: float(score) for seed, steps, score in trained if steps == "0"}
    after = {seed: float(score) for seed, steps, score in trained if steps == "40,000"}
    assert len(after) == 5
    assert sum(after[seed] > max(before[seed], *map(float, baselines.values())) for seed in after) >= 4
    assert (tmp_path / "curve.svg").stat().st_size > 1000
    assert (tmp_path / "episode" / "commands.jsonl").exists()
