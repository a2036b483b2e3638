"""Measures conduct over time: `nice python benchmarks/conduct.py [-n RUNS] [--startex DATE] [--variant NAME ...]`.

For each variant (`-` is the scenario itself): actions per fortnight after STARTEX, launches in the first fortnight,
spells without a launch, own lags of the weekly series of pairs, the Council, reviews of orders, speed. Launch days per
month are those of runs from the start of the scenario, and have their own number of runs.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from datetime import date as Date  # noqa: N812 (dates are texts here)
from datetime import timedelta
from itertools import pairwise
from statistics import mean, median
from typing import Any

import numpy as np

from wargame.batches.study.parameters import under
from wargame.evidence.relations.autoregression import reactions, stakes_of
from wargame.language.times import DAY, parse_time
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

SCENARIO = "korea-2017"
LAUNCHES = frozenset({"short_range_launch", "medium_range_launch", "overfly_japan", "icbm_test", "satellite_launch"})
FORTNIGHTS = 6
DATES = (
    *("2016-07-01", "2016-08-15", "2016-10-01", "2016-11-15", "2017-01-01", "2017-02-01"),
    *("2017-03-01", "2017-04-01", "2017-05-01", "2017-06-01"),
)
Pair = tuple[str, str]


def weekly(loaded: Loaded, exercise: Exercise, *, routine: bool) -> dict[Pair, Any]:
    """The weekly sums of Goldstein weights of each ordered pair after STARTEX, with or without routine acts."""
    startex, stakes = exercise.calendar.startex, stakes_of(loaded.scenario)
    weeks = (exercise.now - startex) // (7 * DAY)
    names = sorted(loaded.scenario.governments)
    series = {(a, b): np.zeros(weeks) for a in names for b in names if a != b}
    for _, t, kind, who, about, _, data in exercise.records():
        week = (t - startex) // (7 * DAY)
        if not 0 <= week < weeks:
            continue
        if kind == "action":
            weight = loaded.scenario.options[about].goldstein
            shares = {data["target"]: 1.0} if data.get("target") else stakes.get(about, {})
            for other, share in shares.items():
                if (who, other) in series:
                    series[who, other][week] += weight * share
        elif kind == "routine" and routine:
            for other, (_, total) in data["acts"].items():
                series[who, other][week] += total
    return series


def own_lags(runs: list[dict[Pair, Any]]) -> float:
    """The mean over pairs and runs of the sum of four own lags."""
    sums = []
    for run in runs:
        for a, b in run:
            fit = reactions([run[a, b], run[b, a]], 4)
            if fit is not None:
                sums.append(float(fit[0, 0]))
    return mean(sums) if sums else float("nan")


def measure(loaded: Loaded, startex: str | None, n: int) -> dict[str, Any]:
    """The measures of n runs."""
    counts = np.zeros(FORTNIGHTS)
    first, spells, council, reviews, cancelled = [], [], Counter[str](), Counter[str](), 0
    with_acts, without_acts, six, tension, seconds, decisions = [], [], 0, [], 0.0, 0
    for seed in range(1, n + 1):
        began = time.process_time()
        exercise = Exercise(loaded, seed, Settings(startex=startex))
        exercise.advance(exercise.calendar.startex + 1)
        values = []
        while not exercise.done:
            values.append(exercise.context.world.get("tension"))
            exercise.advance(exercise.now + 30 * DAY)
        seconds += time.process_time() - began
        decisions += exercise.decisions
        tension.append(mean(values))
        zero = exercise.calendar.startex
        acts = [(r[1] - zero, r) for r in exercise.records() if r[2] == "action" and r[1] >= zero]
        for t, _ in acts:
            if t < FORTNIGHTS * 14 * DAY:
                counts[t // (14 * DAY)] += 1
        days = [t / DAY for t, r in acts if r[4] in LAUNCHES]
        first.append(bool(days) and days[0] < 14)
        edges = [0.0, *days, (exercise.now - zero) / DAY]
        spells.append(max(b - a for a, b in pairwise(edges)))
        council.update(r[6]["event"] for r in exercise.records() if r[2] == "forum" and r[4] == "unsc" and r[1] >= zero)
        reviews.update(r[6]["how"] for r in exercise.records() if r[2] == "order.reviewed")
        cancelled += sum(r[2] == "order.cancelled" for r in exercise.records())
        six += exercise.outcomes.get("six_party") is not None
        with_acts.append(weekly(loaded, exercise, routine=True))
        without_acts.append(weekly(loaded, exercise, routine=False))
    return {
        "actions per fortnight": [round(float(c) / n, 1) for c in counts],
        "launch in the first fortnight": f"{sum(first)}/{n}",
        "longest spell without a launch, days": round(median(spells)),
        "own lags, decisions alone": round(own_lags(without_acts), 2),
        "own lags, with routine acts": round(own_lags(with_acts), 2),
        "six-party talks (T10)": f"{six}/{n}",
        "Council per run": {name: round(count / n, 1) for name, count in sorted(council.items())},
        "reviews per run": {name: round(count / n, 1) for name, count in sorted(reviews.items())},
        "orders cancelled per run": round(cancelled / n, 1),
        "mean tension": round(mean(tension), 1),
        "meetings per second": round(decisions / seconds),
    }


def launch_days(loaded: Loaded, n: int) -> float:
    """Launch days per month from January 2016 to May 2017 (T01)."""
    days = []
    for seed in range(1, n + 1):
        exercise = Exercise(loaded, seed, Settings(startex="2016-01-01", until="2017-06-01"))
        exercise.advance(exercise.end)
        days.append(len({r[1] // DAY for r in exercise.records() if r[2] == "action" and r[4] in LAUNCHES}))
    return mean(days) / 17


def opening(loaded: Loaded, n: int) -> None:
    """Actions per fortnight in the eight weeks after ten STARTEX dates, and in the same weeks of runs begun before.

    The earlier runs begin half a year earlier, or at the start of the scenario.
    """
    ratios = []
    for date in DATES:
        earlier = max(Date.fromisoformat(date) - timedelta(days=182), Date.fromisoformat("2016-01-02"))
        counts = []
        for begun in (date, f"{earlier:%Y-%m-%d}"):
            total = np.zeros(4)
            for seed in range(1, n + 1):
                exercise = Exercise(loaded, seed, Settings(startex=begun))
                zero = exercise.calendar.seconds(parse_time(date))
                exercise.advance(zero + 56 * DAY)
                for r in exercise.records():
                    if r[2] == "action" and r[1] >= zero and r[6]["from"] != "history":
                        total[(r[1] - zero) // (14 * DAY)] += 1
            counts.append(total / n)
        ratios.append(counts[0].sum() / counts[1].sum())
        shown = [" ".join(f"{count:4.1f}" for count in each) for each in counts]
        print(f"  {date}: {shown[0]}   begun earlier: {shown[1]}   ratio {ratios[-1]:.2f}")
    print(f"  mean ratio {mean(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


def main() -> None:
    """Prints the measures of each variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=12)
    parser.add_argument("--startex")
    parser.add_argument("--variant", nargs="*", default=["-", "without_conduct_over_time"])
    parser.add_argument("--launch-days", type=int, default=0, metavar="RUNS")
    parser.add_argument("--opening", action="store_true", help="only compare ten STARTEX dates with earlier ones")
    options = parser.parse_args()
    base = load(SCENARIO)
    for name in options.variant:
        loaded = under(base, None if name == "-" else name)
        if options.opening:
            print(f"{name}, {options.n} runs for each date")
            opening(loaded, options.n)
            continue
        print(f"{name}, STARTEX {options.startex or 'as written'}, {options.n} runs")
        for what, value in measure(loaded, options.startex, options.n).items():
            print(f"  {what}: {value}")
        if options.launch_days:
            print(f"  launch days per month (T01): {launch_days(loaded, options.launch_days):.2f}")


if __name__ == "__main__":
    main()
