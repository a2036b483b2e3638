"""Trains MaskablePPO on a registered environment and compares it with waiting, with chance and with the model.

    pip install '.[env]' sb3-contrib
    python examples/train_maskable_ppo.py --trainings 5 --figure curve.svg

The learner decides once a week in the seat of Alder, in the scenario standoff. It is evaluated on seeds of the
reference scores, on which it has not trained and on which the baselines are evaluated too.
"""

import argparse
from pathlib import Path

import gymnasium
import numpy as np

from wargame import env
from wargame.scenario.loading.load import load
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise

HELD_OUT = env.EVALUATION_SEEDS[:50]
"""Seeds of the evaluation."""
CHECKS = 10
"""Evaluations during a training."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--id", default="crisis-wargame/standoff-v1", choices=list(env.IDS))
    parser.add_argument("--steps", type=int, default=40_000)
    parser.add_argument("--trainings", type=int, default=1, help="how many, with the seeds 1, 2, …")
    parser.add_argument("--figure", type=Path, help="an SVG file for the learning curve of the last training")
    parser.add_argument("--save", type=Path, help="a run folder for one evaluated episode")
    options = parser.parse_args()
    game = gymnasium.make(options.id).unwrapped
    baselines = {
        "waits": play(game, lambda _: 0),
        "chance": play(game, by_chance(game.action_space, 1)),
        "the model": [play_model(env.IDS[options.id], seed) for seed in HELD_OUT],
    }
    for name, gains in baselines.items():
        print(f"{name:>12}  {in_words(gains)}")
    for seed in range(1, options.trainings + 1):
        model, curve = train(options, seed)
    if options.figure:
        options.figure.write_text(drawn(curve, baselines), "utf-8")
    if options.save:
        episode(game, HELD_OUT[0], by(model))
        print(f"saved {game.save(options.save)}")


def train(options, seed):
    """The trained model, and its evaluations by number of steps."""
    import torch
    from sb3_contrib import MaskablePPO

    torch.set_num_threads(1)
    made, tests = (gymnasium.make(options.id).unwrapped for _ in range(2))
    settings = {"n_steps": 2000, "batch_size": 250, "learning_rate": 1e-3, "gamma": 1.0, "ent_coef": 0.05}
    model = MaskablePPO("MultiInputPolicy", made, seed=seed, device="cpu", **settings)
    curve, between = [], options.steps // CHECKS
    for steps in range(0, options.steps + 1, between):
        if steps:
            model.learn(between, reset_num_timesteps=False)
        curve.append((model.num_timesteps, play(tests, by(model))))
        print(f"{seed:>3} {model.num_timesteps:>8,}  {in_words(curve[-1][1])}", flush=True)
    return model, curve


# --- how a seat is played ------------------------------------------------------------------------


def by(model):
    """Chooses as the model does when it is certain."""

    def choose(observation):
        action, _ = model.predict(observation, action_masks=observation["action_mask"].astype(bool), deterministic=True)
        return int(action)

    return choose


def by_chance(space, seed):
    """Chooses among the possible actions."""
    space.seed(seed)
    return lambda observation: int(space.sample(observation["action_mask"]))


def play(game, choose):
    """The sum of rewards in the episode of each held-out seed."""
    return [episode(game, seed, choose) for seed in HELD_OUT]


def episode(game, seed, choose):
    """The sum of rewards of one episode."""
    observation, _ = game.reset(seed=seed)
    total, over = 0.0, False
    while not over:
        observation, reward, terminated, truncated, _ = game.step(choose(observation))
        total, over = total + reward, terminated or truncated
    return total


def play_model(fixed, seed):
    """What the seat would be paid for what the model does there in an unattended run."""
    loaded, seat = load(fixed["scenario"]), fixed["seat"]
    exercise = Exercise(loaded, seed)
    welfare = Welfare(exercise, seat)
    exercise.advance(exercise.calendar.startex + 1)
    start, before = welfare.now(exercise), len(exercise.records())
    exercise.advance(exercise.end)
    fresh = exercise.records()[before:]
    chosen = [data["choice"] for _, _, kind, who, _, _, data in fresh if (kind, who) == ("decision", seat)]
    spent = sum(env.cost_of_order(loaded.scenario, seat, option) for option in chosen if option != "wait")
    return welfare.now(exercise) - start - spent


# --- results -------------------------------------------------------------------------------------


def in_words(gains):
    """Mean and standard error."""
    return f"{np.mean(gains):+.3f} ± {np.std(gains, ddof=1) / len(gains) ** 0.5:.3f}"


def drawn(curve, baselines):
    """The learning curve as SVG, with the baselines as lines."""
    from wargame.document.drawing import svg
    from wargame.document.palette import OKABE_ITO

    rows = []
    for name, points in {"MaskablePPO": curve, **{n: [(s, g) for s, _ in curve] for n, g in baselines.items()}}.items():
        for steps, gains in points:
            mean, error = float(np.mean(gains)), float(np.std(gains, ddof=1)) / len(gains) ** 0.5
            rows.append({"who": name, "steps": steps, "gain": mean, "low": mean - error, "high": mean + error})
    names, dashes = ["MaskablePPO", *baselines], [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]]
    legend = {"symbolType": "stroke", "symbolSize": 300, "symbolOpacity": 1, "symbolStrokeWidth": 2}
    who = {"field": "who", "type": "nominal", "title": None, "legend": legend}
    x = {"field": "steps", "type": "quantitative", "title": "steps of training"}
    x["axis"] = {"labelExpr": "format(datum.value, ',d')"}
    y = {"type": "quantitative", "title": "score of an episode"}
    color = who | {"scale": {"domain": names, "range": list(OKABE_ITO[: len(names)])}}
    dash = who | {"scale": {"domain": names, "range": dashes}}
    learner, gain = [{"filter": "datum.who === 'MaskablePPO'"}], y | {"field": "gain"}
    band = {"y": y | {"field": "low"}, "y2": {"field": "high"}, "color": color}
    layers = [
        {"transform": learner, "mark": {"type": "area", "opacity": 0.2}, "encoding": band},
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"y": gain, "color": color, "strokeDash": dash}},
        {
            "transform": learner,
            "mark": {"type": "point", "filled": True, "size": 40},
            "encoding": {"y": gain, "color": color},
        },
    ]
    return svg({"data": {"values": rows}, "width": 560, "height": 280, "encoding": {"x": x}, "layer": layers})


if __name__ == "__main__":
    main()
