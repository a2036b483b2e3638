"""Finds the numbers of korea-2017 that decide most: `python tools/screening.py [--points N] [--jobs N]`.

A random balance design (Satterthwaite 1959) in two stages. In each point of stage 1 all numbers of the files are drawn
from their plausible ranges (`evidence.uncertainty`, and `OTHERS` for numbers that have none there); in stage 2 only the
`KEPT` numbers with the highest scores of stage 1, while the others stay as written. A point is run once under each arm,
with the same random draws. The score of a number is the mean, over `MEASURES`, of its squared rank correlation with the
measure.

Rows are kept in build/screening.jsonl, so that an interrupted screening goes on. The results go to
docs/reference/results-screening.md. Constants inside formulas are not numbers of the files and are not varied.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from provenance import commit

from wargame.batches.running.observer import Observer, Sampling
from wargame.batches.study.parameters import with_parameters
from wargame.language.times import DAY
from wargame.scenario.building.numbers import at, numbers, plausible
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model.measures import parse_measure
from wargame.scenario.model.questions import Spread
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.statistics.draws import Draws

SCENARIO, SEED, KEPT, SHOWN = "korea-2017", 20170602, 60, 40
ROWS, PAGE = Path("build/screening.jsonl"), Path("docs/reference/results-screening.md")
ARMS = ("five_party", "china_only")
"""Strategies of Washington."""
MEASURES = {
    "freeze": "p(freeze_begun)",
    "five-party talks": "p(five_party)",
    "great tests": "count(icbm_test) + count(nuclear_test)",
    "other launches": "count(short_range_launch) + count(medium_range_launch)",
    "tension": "mean(tension)",
    "pressure of sanctions": "mean(sanctions_pressure)",
}
CONTRASTS = ("freeze", "tension")
"""Measures whose difference between the arms is a measure, too."""
OTHERS = {
    "forums.*.*": (0.5, 2), "forums.*.gives.*.*.by": (0.5, 2), "agreements.*.caution": (0.5, 2),
    "agreements.*.gives.*.*.by": (0.5, 2), "strategies.*.stages.*.exits.*.after": (0.5, 2),
    "strategies.*.floor": (0.5, 2), "rules.*.*": (0.5, 2), "plans.*.*": (0.5, 2), "hazards.*.effects.*.by": (0.5, 2),
    "options.*.goldstein": (0.8, 1.25), "options.*.shock": (0.5, 2), "options.*.chance": (0.8, 1.25),
    "indicators.*.start": (0.8, 1.25), "indicators.*.baseline": (0.8, 1.25), "leaders.*.step": (0.6, 1.7),
}  # fmt: skip
"""Plausible factors of numbers for which the scenario has no range. Judgement."""


@cache
def spreads() -> tuple[Loaded, dict[str, Any], dict[str, tuple[str, Spread]]]:
    """Return the scenario, its numbers, and the spreads of those that are varied, by path."""
    loaded = load(SCENARIO)
    known = numbers(loaded.scenario, loaded.injects)
    others = [Spread(path=path, times=times) for path, times in OTHERS.items()]
    found = plausible([*others, *loaded.scenario.evidence.uncertainty], known)
    return loaded, known, {path: each for path, each in found.items() if known[path].value or each[1].range}


def names(stage: int) -> list[str]:
    """Return the names of the draws of a stage; numbers that are drawn together have one name."""
    if stage == 1:
        return list(dict.fromkeys(name for name, _ in spreads()[2].values()))
    return [name for name, *_ in ranking(1)[:KEPT]]


def shares(stage: int, point: int, drawn: list[str]) -> list[float]:
    """Return the positions of a point in the ranges, from 0 to 1, in the order of the names."""
    draws = Draws(SEED)
    return [draws.uniform("screening", f"{stage} {name}", point) for name in drawn]


def run(task: tuple[int, int, list[str]]) -> dict[str, Any]:
    """Run a point of a stage under each arm; its row has the measures by arm."""
    stage, point, drawn = task
    scenario, known, ranges = spreads()
    places = dict(zip(drawn, shares(stage, point, drawn), strict=True))
    values = {path: at(known[path], each, places[name]) for path, (name, each) in ranges.items() if name in places}
    loaded = with_parameters(scenario, {path: v for path, v in values.items() if v != known[path].value})
    measures = [parse_measure(text) for text in MEASURES.values()]
    found = []
    for arm in ARMS:
        how = Settings(journal="none", replication=point, strategies=(("USA", arm),))
        observer = Observer(Exercise(loaded, SEED, how), measures, Sampling(30 * DAY))
        observer.play()
        found.append([float(value) for value in observer.values()])
    return {"stage": stage, "point": point, "measures": found, "commit": commit()}


def rows(stage: int) -> dict[int, dict[str, Any]]:
    """Return the stored rows of a stage by point."""
    lines = ROWS.read_text("utf-8").splitlines() if ROWS.exists() else []
    return {row["point"]: row for row in map(json.loads, lines) if row["stage"] == stage}


def table(stage: int) -> tuple[np.ndarray, np.ndarray, list[str], list[str]]:
    """Return shares (points × numbers), measures (points × measures), and the names of both."""
    found, drawn = rows(stage), names(stage)
    x = np.array([shares(stage, point, drawn) for point in sorted(found)])
    runs = np.array([found[point]["measures"] for point in sorted(found)])
    both, apart = runs.mean(axis=1), runs[:, 0] - runs[:, 1]
    y = np.column_stack([both, *(apart[:, list(MEASURES).index(name)] for name in CONTRASTS)])
    return x, y, drawn, [*MEASURES, *(f"{name}: difference between policies" for name in CONTRASTS)]


def ranked(values: np.ndarray) -> np.ndarray:
    """Return ranks by column, centred and of length 1; equal values share their mean rank."""
    out = np.empty(values.shape)
    for i, column in enumerate(values.T):
        _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
        out[:, i] = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    out -= out.mean(axis=0)
    return np.asarray(out / np.maximum(np.sqrt((out**2).sum(axis=0)), 1e-12))


def ranking(stage: int) -> list[tuple[str, float, str, float]]:
    """Return (name, score, measure that it moves most, rank correlation with it), highest score first."""
    x, y, drawn, measures = table(stage)
    correlations = ranked(x).T @ ranked(y)
    scores = (correlations**2).mean(axis=1)
    best = np.abs(correlations).argmax(axis=1)
    order = np.argsort(-scores, kind="stable")
    return [(drawn[i], float(scores[i]), measures[best[i]], float(correlations[i, best[i]])) for i in order]


def by_chance(stage: int, times: int = 20) -> float:
    """Return the highest score of all numbers if none has an effect: the median over permutations of the points."""
    x, y, *_ = table(stage)
    ranks_x, ranks_y, draws = ranked(x), ranked(y), Draws(SEED)
    orders = [sorted(range(len(y)), key=lambda i: draws.uniform("order", str(n), i)) for n in range(times)]
    return float(np.median([((ranks_x.T @ ranks_y[order]) ** 2).mean(axis=1).max() for order in orders]))


def main() -> None:
    """Run what is missing, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=500, help="points of each stage")
    parser.add_argument("--most", type=int, default=10**9, help="points that are run now, for a run in parts")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    ROWS.parent.mkdir(exist_ok=True)
    left = options.most
    for stage in (1, 2):
        done = rows(stage)
        missing = [point for point in range(options.points) if point not in done][:left]
        drawn = names(stage) if missing else []
        with ROWS.open("a", encoding="utf-8") as file, ProcessPoolExecutor(options.jobs) as pool:
            for row in pool.map(run, [(stage, point, drawn) for point in missing], chunksize=4):
                file.write(json.dumps(row) + "\n")
                file.flush()
        left -= len(missing)
        print(f"stage {stage}: {len(rows(stage))} of {options.points} points", flush=True)
        if len(rows(stage)) < options.points:
            return
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """Return the page of results: of stage 2, or of stage 1 as long as there is no other."""
    stage = 2 if rows(2) else 1
    found = [
        f"| {place} | `{name}` | {present(name)} | {score:.4f} | {what} | {r:+.2f} |"
        for place, (name, score, what, r) in enumerate(ranking(stage)[:SHOWN], start=1)
    ]
    numbered = {"stage": stage, "none": 1 / len(rows(stage)), "seed": SEED, "chance": by_chance(stage)}
    done = f"{extent(1)} over {len(names(1)):,} numbers"
    if stage == 2:
        done += f", then {extent(2)} over the {KEPT} that scored highest"
    return "\n".join([TEXT.format(done=done, **numbered), *found, ""])


def extent(stage: int) -> str:
    """Return the number of points of a stage, with the commits at which they were run."""
    commits = sorted({row["commit"] for row in rows(stage).values()})
    return f"{len(rows(stage)):,} points (commit {', '.join(commits)})"


def present(name: str) -> str:
    """Return the value and the range of a number, in days for durations; the factors for numbers drawn together."""
    _, known, found = spreads()
    each = next(spread for drawn, spread in found.values() if drawn == name)
    if (number := known.get(name)) is None:
        return "times {:g} to {:g}".format(*(each.times or (1, 1)))
    scale, unit = (DAY, " days") if number.duration else (1, "")
    value, low, high = (x / scale for x in (number.value, *sorted(at(number, each, share) for share in (0.0, 1.0))))
    return f"{value:.4g} ({low:.4g} to {high:.4g}){unit}"


TEXT = """---
description: The numbers of korea-2017 that decide most, found by a screening.
---

# Results: screening of the numbers

`python tools/screening.py`: a random balance design, {done}. Each point is run once under `five_party` and once under
`china_only`, from 1 June 2017 for two years, with seed {seed}. The score is the mean, over eight measures, of the
squared rank correlation of number and measure in stage {stage}. A number without effect has {none:.4f}; if none had an
effect, the highest score would be {chance:.4f} (20 permutations): below that the order is mostly chance. Constants
inside formulas are not varied. `wargame elicit korea-2017` asks about the first twenty that are single numbers.

| rank | number | present value and range | score | moves most | rank correlation |
|--:|---|---|--:|---|--:|"""


if __name__ == "__main__":
    main()
