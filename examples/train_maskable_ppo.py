"""Trains MaskablePPO in one seat and compares it with waiting, with chance and with the model.

    pip install 'crisis-wargame[env]' sb3-contrib
    python examples/train_maskable_ppo.py --figure curve.svg

The learner decides once a week in the seat of Arda, in the scenario two-rivals. Every 1,000 steps it is evaluated on
seeds that it has not trained on, on which the baselines are evaluated too.
"""

import argparse
from pathlib import Path

import numpy as np

from wargame import env
from wargame.scenario.loading.load import load
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise

EVERY = "7d"
HELD_OUT = range(1000, 1020)
"""Seeds of the evaluation."""
CHECK_EVERY = 1000
"""Steps between two evaluations."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="two-rivals")
    parser.add_argument("--seat", default="ARD")
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--figure", type=Path, help="an SVG file for the learning curve")
    parser.add_argument("--save", type=Path, help="a run folder for one evaluated episode")
    options = parser.parse_args()
    loaded = load(options.scenario)
    space = env.single(loaded, options.seat).action_space
    baselines = {
        "waits": play(loaded, options.seat, lambda _: 0),
        "chance": play(loaded, options.seat, by_chance(space, options.seed)),
        "the model": [play_model(loaded, options.seat, seed) for seed in HELD_OUT],
    }
    for name, gains in baselines.items():
        print(f"{name:>10}  {in_words(gains)}")
    model, curve = train(loaded, options)
    if options.figure:
        options.figure.write_text(drawn(curve, baselines), "utf-8")
    if options.save:
        game = env.single(loaded, options.seat, every=EVERY)
        episode(game, HELD_OUT[0], by(model))
        print(f"saved {game.save(options.save)}")


def train(loaded, options):
    """The trained model, and its evaluations by number of steps."""
    import torch
    from sb3_contrib import MaskablePPO

    torch.set_num_threads(1)
    model = MaskablePPO(
        "MultiInputPolicy",
        env.single(loaded, options.seat, every=EVERY),
        n_steps=500,
        batch_size=100,
        learning_rate=1e-3,
        seed=options.seed,
        device="cpu",
    )
    curve = []
    for steps in range(0, options.steps + 1, CHECK_EVERY):
        if steps:
            model.learn(CHECK_EVERY, reset_num_timesteps=False)
        curve.append((steps, play(loaded, options.seat, by(model))))
        print(f"{steps:>10,}  {in_words(curve[-1][1])}", flush=True)
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


def play(loaded, seat, choose):
    """The sum of rewards in the episode of each held-out seed: what the welfare of the seat has gained."""
    game = env.single(loaded, seat, every=EVERY)
    return [episode(game, seed, choose) for seed in HELD_OUT]


def episode(game, seed, choose):
    """The sum of rewards of one episode."""
    observation, _ = game.reset(seed=seed)
    total, over = 0.0, False
    while not over:
        observation, reward, terminated, truncated, _ = game.step(choose(observation))
        total, over = total + reward, terminated or truncated
    return total


def play_model(loaded, seat, seed):
    """What the welfare of the seat gains if the model plays it, as in an unattended run."""
    exercise = Exercise(loaded, seed)
    welfare = Welfare(exercise, seat)
    exercise.advance(exercise.calendar.startex + 1)
    start = welfare.now(exercise)
    exercise.advance(exercise.end)
    return welfare.now(exercise) - start


# --- results -------------------------------------------------------------------------------------


def in_words(gains):
    """Mean and standard error."""
    return f"{np.mean(gains):+.3f} ± {np.std(gains, ddof=1) / len(gains) ** 0.5:.3f}"


def drawn(curve, baselines):
    """The learning curve as SVG, with the baselines as lines."""
    import altair as alt

    from wargame.document.drawing import data, svg
    from wargame.document.palette import OKABE_ITO

    rows = []
    for name, points in {"MaskablePPO": curve, **{n: [(s, g) for s, _ in curve] for n, g in baselines.items()}}.items():
        for steps, gains in points:
            mean, error = float(np.mean(gains)), float(np.std(gains, ddof=1)) / len(gains) ** 0.5
            rows.append({"who": name, "steps": steps, "gain": mean, "low": mean - error, "high": mean + error})
    names, dashes = ["MaskablePPO", *baselines], [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]]
    legend = alt.Legend(symbolType="stroke", symbolSize=300, symbolOpacity=1, symbolStrokeWidth=2)
    colours = alt.Scale(domain=names, range=list(OKABE_ITO[: len(names)]))
    chart = alt.Chart(data(rows), width=560, height=280)
    x = alt.X("steps:Q", title="steps of training", axis=alt.Axis(labelExpr="format(datum.value, ',d')"))
    gain = "gain of welfare in an episode"
    y = alt.Y("gain:Q", title=gain)
    color = alt.Color("who:N", title=None, scale=colours, legend=legend)
    dash = alt.StrokeDash("who:N", title=None, scale=alt.Scale(domain=names, range=dashes), legend=legend)
    learner = alt.datum.who == "MaskablePPO"
    band = chart.mark_area(opacity=0.2).encode(x=x, y=alt.Y("low:Q", title=gain), y2="high:Q", color=color)
    lines = chart.mark_line(strokeWidth=2).encode(x=x, y=y, color=color, strokeDash=dash)
    dots = chart.mark_point(filled=True, size=40).encode(x=x, y=y, color=color)
    return svg(alt.layer(band.transform_filter(learner), lines, dots.transform_filter(learner)))


if __name__ == "__main__":
    main()
