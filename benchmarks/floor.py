"""The floor of a run: bare SimPy on as many events, and one array appraisal for each decision.

An appraisal is 60 candidates over 15 interests: a weighted sum of changes, a logistic, noise and a maximum.
"""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np
import simpy

CANDIDATES, INTERESTS = 60, 15


def bare_events(count: int) -> float:
    """Processor seconds of SimPy for `count` timeouts of one process."""
    env = simpy.Environment()

    def process() -> Generator[simpy.Event, None, None]:
        while True:
            yield env.timeout(1)

    env.process(process())
    start = time.process_time()
    env.run(until=count)
    return time.process_time() - start


def appraisals(count: int) -> float:
    """Processor seconds of `count` appraisals."""
    rng = np.random.default_rng(1)
    effects, weights = rng.random((INTERESTS, CANDIDATES)), rng.random(INTERESTS)[:, None]
    noise = rng.random(CANDIDATES)
    start = time.process_time()
    for _ in range(count):
        scores = np.add.reduce(effects * weights, axis=0)
        scores = scores / (1.0 + np.abs(scores)) + noise
        int(scores.argmax())
    return time.process_time() - start


def floor(events: int, decisions: int) -> float:
    """The least processor seconds of a run of this size."""
    return bare_events(events) + appraisals(decisions)
