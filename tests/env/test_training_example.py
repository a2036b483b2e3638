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

from support.engine import loaded

SCRIPT = "examples/train_maskable_ppo.py"


@pytest.fixture(scope="module")
def example(root: Path) -> dict[str, Any]:
    """The functions of the script."""
    return runpy.run_path(str(root / SCRIPT))


def test_a_seat_can_be_played_by_rules_and_by_the_model(example: dict[str, Any]) -> None:
    """The gains of an episode depend on who plays the seat, and are the same each time."""
    game = example["env"].single(loaded(), "ARD", every="7d")
    waits = [example["episode"](game, seed, lambda _: 0) for seed in (1000, 1001)]
    assert waits == [example["episode"](game, seed, lambda _: 0) for seed in (1000, 1001)]
    chance = example["episode"](game, 1000, example["by_chance"](game.action_space, 1))
    assert len({waits[0], chance, example["play_model"](loaded(), "ARD", 1000)}) == 3


def test_the_figure_names_the_learner_and_the_baselines(example: dict[str, Any]) -> None:
    """The curve is an SVG with a legend."""
    drawn = example["drawn"]([(0, [0.0, 0.1]), (1000, [0.2, 0.3])], {"waits": [0.1, 0.2]})
    assert drawn.startswith("<svg")
    assert "MaskablePPO" in drawn
    assert "waits" in drawn


@pytest.mark.exhaustive
@pytest.mark.skipif(find_spec("sb3_contrib") is None, reason="needs sb3-contrib, which is not a dependency")
def test_ten_thousand_steps_beat_the_untrained_learner_waiting_and_the_model(root: Path, tmp_path: Path) -> None:
    """The whole training, as the page shows it."""
    call = [sys.executable, str(root / SCRIPT), "--figure", "curve.svg", "--save", "episode"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    gains = dict(re.findall(r"^ *(\S.*?)  ([+-][\d.]+) ±", done.stdout, re.MULTILINE))
    assert {"0", "10,000", "waits", "chance", "the model"} <= set(gains)
    assert float(gains["10,000"]) > max(float(gains[name]) for name in ("0", "waits", "the model"))
    assert (tmp_path / "curve.svg").stat().st_size > 1000
    assert (tmp_path / "episode" / "commands.jsonl").exists()
