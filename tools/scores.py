"""Writes the reference scores of the environments: `python tools/scores.py [--id ID]… [--seeds N]`.

Each row is one way to play one seat on `EVALUATION_SEEDS`; the table goes to docs/reference/environments.md. The
present commit is named on the page. The two small scenarios take about a minute of processor time, cuba-1962 ten,
korea-2017 two on fewer seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from provenance import commit

from wargame import env
from wargame.scenario.loading.load import Loaded, load
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise

PAGE = Path("docs/reference/environments.md")
BEGIN, END = "<!-- scores: begin -->", "<!-- scores: end -->"
FEWER = {"crisis-wargame/korea-2017-v4": 40}
"""Environments whose rows are from the first seeds alone, since their episodes take seconds."""
Choose = Callable[[Any, Any], int]


def main() -> None:
    """Computes the scores and writes them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--id", action="append", choices=list(env.IDS), help="default: all")
    parser.add_argument("--seeds", type=int, help="fewer seeds, for a trial; the page is not written")
    options = parser.parse_args()
    names, most = options.id or list(env.IDS), options.seeds or len(env.EVALUATION_SEEDS)
    heads = ("environment", "player", "score", "95 % interval", "welfare", "costs", "ended early", "orders")
    lines = [f"| {' | '.join(heads)} |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    for name in names:
        seeds = env.EVALUATION_SEEDS[: min(most, FEWER.get(name, most))]
        lines += [f"| `{name.split('/')[1]}` | {row}" for row in rows(name, seeds)]
        print("\n".join(lines), flush=True)
    if options.seeds is None and options.id is None:
        fewer = "; ".join(f"{count} for `{name.split('/')[1]}`" for name, count in FEWER.items())
        first, last = env.EVALUATION_SEEDS[0], env.EVALUATION_SEEDS[-1]
        note = f"{most} seeds, {first} to {last}, the first {fewer}; environments of commit `{commit()}`."
        text = PAGE.read_text("utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        PAGE.write_text("\n".join([before + BEGIN, "", *lines, "", note, "", END + after]), "utf-8")


def rows(name: str, seeds: Iterable[int]) -> Iterable[str]:
    """Yield the rows of one environment."""
    fixed, seeds = env.IDS[name], list(seeds)
    loaded = load(fixed["scenario"])
    for title, every, choose in (
        ("waits", fixed["every"], waits),
        ("at random", fixed["every"], by_chance()),
        ("at random, four times as often", quarter(fixed["every"]), by_chance()),
        ("always the highest rung", fixed["every"], highest),
        *([("signals first", fixed["every"], signals)] if fixed["scenario"] == "standoff" else []),
    ):
        game = env.single(loaded, fixed["seat"], every=every, limits=fixed.get("limits", "leader"))
        yield in_words(title, [episode(game, seed, choose) for seed in seeds])
    yield in_words("the model", [model(loaded, fixed["seat"], seed) for seed in seeds])


def quarter(every: str) -> str:
    """Return a quarter of an interval in days or hours."""
    hours = int(every[:-1]) * (24 if every.endswith("d") else 1)
    return f"{hours // 4}h"


Result = tuple[float, float, bool, int]
"""The score of an episode, the costs of its orders, whether an outcome ended it, and the number of orders."""


def in_words(title: str, results: list[Result]) -> str:
    """Return means: the score and its interval, the change of welfare, costs, the share of early ends, orders."""
    scores = np.array([score for score, *_ in results])
    half = 1.96 * scores.std(ddof=1) / len(scores) ** 0.5
    spent, early, orders = (float(np.mean([result[n] for result in results])) for n in (1, 2, 3))
    mean = scores.mean()
    means = f"{mean:+.2f} | {mean - half:+.2f} to {mean + half:+.2f} | {mean + spent:+.2f} | {spent:.2f}"
    return f"{title} | {means} | {early:.0%} | {orders:.1f} |"


def episode(game: Any, seed: int, choose: Choose) -> Result:
    """Play one episode."""
    observation, _ = game.reset(seed=seed)
    total, spent, orders, over, terminated = 0.0, 0.0, 0, False, False
    names, scenario = game.metadata["actions"][game.agent], game.exercise.context.scenario
    while not over:
        action = choose(game, observation)
        orders += action != 0
        spent += env.cost_of_order(scenario, game.agent, names[action].split()[0]) if action else 0.0
        observation, reward, terminated, truncated, _ = game.step(action)
        total, over = total + reward, terminated or truncated
    return total, spent, terminated, orders


def model(loaded: Loaded, seat: str, seed: int) -> Result:
    """Return what an agent in the seat would have received for what the model does there."""
    exercise = Exercise(loaded, seed)
    welfare = Welfare(exercise, seat)
    exercise.advance(exercise.calendar.startex + 1)
    start, before = welfare.now(exercise), len(exercise.records())
    exercise.advance(exercise.end)
    fresh = exercise.records()[before:]
    orders = [data["choice"] for _, _, kind, who, _, _, data in fresh if (kind, who) == ("decision", seat)]
    given = [option for option in orders if option != "wait"]
    spent = sum(env.cost_of_order(loaded.scenario, seat, option) for option in given)
    return welfare.now(exercise) - start - spent, spent, bool(exercise.outcomes_watch.ended_by), len(given)


# --- players ---------------------------------------------------------------------------------------------------


def waits(_game: Any, _observation: Any) -> int:
    """Wait always."""
    return 0


def by_chance() -> Choose:
    """Return a player that chooses among what is possible, to wait included."""
    from gymnasium.spaces import Discrete

    spaces: dict[int, Discrete] = {}

    def choose(_: Any, observation: Any) -> int:
        mask = observation["action_mask"]
        space = spaces.setdefault(len(mask), Discrete(len(mask), seed=1))
        return int(space.sample(mask))

    return choose


def highest(game: Any, observation: Any) -> int:
    """Take the possible option with the highest rung, the first of several."""
    names, options = game.metadata["actions"][game.agent], game.exercise.context.scenario.options
    possible = [int(n) for n in observation["action_mask"].nonzero()[0] if n]
    return max(possible, key=lambda n: (options[names[n].split()[0]].rung, -n), default=0)


def signals(game: Any, observation: Any) -> int:
    """Play standoff as the signalling game that it is: three weeks of waiting, then settle if there was a signal."""
    names = [name.split()[0] for name in game.metadata["actions"][game.agent]]
    seen = dict(zip(game.metadata["observations"][game.agent], observation["observation"].tolist(), strict=True))
    passed, mask = seen["share of the exercise that is over"] * 270, observation["action_mask"]
    wanted = "settle" if seen["posture"] > 0.2 else "press" if 20 < passed < 29 else "wait"
    return names.index(wanted) if passed > 13 and mask[names.index(wanted)] else 0


if __name__ == "__main__":
    main()
