"""Steps a second of the environments for learners: `python benchmarks/env.py [--seconds S] [--scenario NAME]`.

All governments are agents and choose at random among the possible actions. Stretches of the two environments and plain
unattended runs alternate in one process. The fastest stretch of each counts, since other work on the machine only adds
time; the median is printed beside it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import numpy as np

from wargame import env
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

STRETCH = 0.5
"""Processor seconds of a stretch."""
GOALS = {"aec": 1000, "parallel": 600}
"""Steps a second on korea-2017."""


def main() -> None:
    """Measures and prints the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="processor seconds for all measurements")
    parser.add_argument("--scenario", default="korea-2017")
    options = parser.parse_args()
    loaded = load(options.scenario)
    forms: dict[str, Iterator[int]] = {
        "aec": turns(loaded),
        "parallel": moves(loaded),
        "unattended": unattended(loaded),
    }
    for form in forms.values():
        rate(form)  # compiles what all runs share
    rates: dict[str, list[float]] = {name: [] for name in forms}
    began = time.process_time()
    while time.process_time() - began < options.seconds:
        for name, form in forms.items():
            rates[name].append(rate(form))
    for name, unit in (("aec", "turns"), ("parallel", "moves"), ("unattended", "decisions of the model")):
        goal = f", goal {GOALS[name]:,}" if name in GOALS and options.scenario == "korea-2017" else ""
        print(
            f"{name:10} {max(rates[name]):7,.0f} {unit} a second (median {statistics.median(rates[name]):,.0f}{goal})"
        )


def rate(steps: Iterator[int]) -> float:
    """Steps for each processor second of one stretch."""
    began, done = time.process_time(), 0
    while time.process_time() - began < STRETCH:
        done += next(steps)
    return done / (time.process_time() - began)


def chooser(seed: int) -> Callable[[dict[str, Any]], int]:
    """Chooses at random among the actions that a mask allows."""
    rng = np.random.default_rng(seed)

    def choose(observation: dict[str, Any]) -> int:
        possible = observation["action_mask"].nonzero()[0]
        return int(possible[int(rng.random() * len(possible))])

    return choose


def turns(loaded: Loaded) -> Iterator[int]:
    """Endless turns, one episode after another."""
    game = env.aec(loaded)
    for seed in count():
        choose = chooser(seed)
        game.reset(seed=seed)
        for _ in game.agent_iter():
            observation, _, ended, truncated, _ = game.last()
            game.step(None if ended or truncated or observation is None else choose(observation))
            yield 1


def moves(loaded: Loaded) -> Iterator[int]:
    """Endless moves of a week, one episode after another."""
    game = env.parallel(loaded, every="7d")
    for seed in count():
        choose = chooser(seed)
        observations, _ = game.reset(seed=seed)
        while game.agents:
            observations, *_ = game.step({agent: choose(observations[agent]) for agent in game.agents})
            yield 1


def unattended(loaded: Loaded) -> Iterator[int]:
    """Decisions of unattended runs, a week at a time."""
    for seed in count():
        exercise = Exercise(loaded, seed, Settings(journal="none"))
        while not exercise.done:
            before = exercise.decisions
            exercise.advance(exercise.now + 7 * 86400)
            yield exercise.decisions - before


if __name__ == "__main__":
    main()
