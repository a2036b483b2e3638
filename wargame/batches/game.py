"""Strategies of governments that adapt to one another: payoffs by profile, best answers, equilibria.

A profile names one strategy of each player, and is an arm of the batch. All profiles of one replication have the same
state and draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.batches.analysis.estimates import units, values_of
from wargame.errors import UsageFault, flag, resuming
from wargame.statistics.games import best_answers, equilibria, gains, mixture, resampled, separated
from wargame.statistics.intervals import mean, paired

if TYPE_CHECKING:
    from wargame.batches.api import Batch
    from wargame.batches.study.model import Game

SHOWN = 0.05
"""Equilibria in a smaller share of the samples are left out."""


def play_game(batch: Batch, game: Game) -> dict[str, Any]:
    """Return the answers, as `wargame game --json`; UsageFault if the batch lacks a profile.

    `payoffs` has each profile with its `arm` and, by `government`, `mean`, `se`, `n` and a 95 % interval; `answers` has
    the best answer of a government to what the `others` do, with the share of bootstrap samples in which it is best
    (`probability`), and by how much it is ahead of the next strategy, in pairs (`gain`, `low`, `high`).
    `best` has each strategy with the mean probability of being the best answer. `equilibria` are profiles from which
    nobody gains more than the indifference by leaving, with the share of samples in which that is so; a mixture has the
    probabilities of the strategies in place of a profile, and the share of samples without any such profile. `differs`
    says whether any strategy is surely better than another against anything that the others do.
    """
    table, names = batch.table, list(game.players)
    profiles = game.profiles
    if missing := sorted(set(profiles) - set(table.arms)):
        raise UsageFault(f"the batch has no runs of the profile {missing[0]}: run the game again with ", flag("out"))
    goals = [batch.measure(game.goal(name)) for name in names]
    good = table.ok[[table.row(arm) for arm in profiles]].all(axis=0)
    if good.sum() < 2:
        lacks = min(profiles, key=lambda arm: table.ok[table.row(arm)].sum())
        failed = next((each for each in batch.failures if each.arm == lacks), None)
        state = (
            failed
            and f"; in replication {failed.replication} ({batch.prepared.state(failed.replication)}): {failed.error}"
        )
        had = f"the profile {lacks} has {table.ok[table.row(lacks)].sum()} of {table.shape[1]} runs{state or ''}"
        remedy = batch.rerun_command(failed) if failed else resuming("game", batch.typed)
        raise UsageFault(f"{batch.typed}: {had}; a game needs two replications with all profiles (", remedy, ")")

    def values(goal: Any, arm: str) -> Any:
        return units(batch.prepared, np.where(good, values_of(table, goal, arm), np.nan))

    flat = np.stack([[values(goal, arm) for arm in profiles] for goal in goals])
    flat = flat[..., ~np.isnan(flat).any(axis=(0, 1))]
    payoffs = flat.reshape(len(names), *map(len, game.players.values()), -1)
    samples = resampled(payoffs, f"{batch.prepared.study.seed} game")
    shares = best_answers(samples)
    return {
        "format": "wargame-game/1",
        "players": {name: list(strategies) for name, strategies in game.players.items()},
        "goals": {name: goal.name for name, goal in zip(names, goals, strict=True)},
        "indifference": game.indifference,
        "payoffs": [
            {"profile": dict(zip(names, chosen, strict=True)), "arm": arm, "government": name}
            | {"mean": of.estimate, "se": of.se, "low": of.low, "high": of.high, "n": of.n}
            for j, (arm, chosen) in enumerate(profiles.items())
            for i, name in enumerate(names)
            for of in [mean(flat[i, j])]
        ],
        "best": [
            {"government": name, "strategy": strategy, "probability": float(np.take(shares[i], k, axis=i).mean())}
            for i, name in enumerate(names)
            for k, strategy in enumerate(game.players[name])
        ],
        "answers": [answer for i in range(len(names)) for answer in _answers(game, payoffs, shares[i], i)],
        "equilibria": _equilibria(game, payoffs.mean(axis=-1), samples),
        "differs": separated(payoffs),
        "runs": int(table.there.sum()),
        "failed": int((table.there & ~table.ok).sum()),
    }


def _answers(game: Game, payoffs: Any, shares: Any, i: int) -> Iterator[dict[str, Any]]:
    """Yield the best answers of a player to all that the others do."""
    names = list(game.players)
    mine, others = names[i], [name for name in names if name != names[i]]
    own, probability = np.moveaxis(payoffs[i], i, 0), np.moveaxis(shares, i, 0)
    for place in np.ndindex(own.shape[1:-1]):
        values = own[(slice(None), *place)]
        order = np.argsort(-values.mean(axis=-1), kind="stable")
        gap = paired(values[order[0]], values[order[1]], share=False)
        chosen = {name: game.players[name][k] for name, k in zip(others, place, strict=True)}
        answer = {"government": mine, "others": chosen, "strategy": game.players[mine][int(order[0])]}
        chance = float(probability[(int(order[0]), *place)])
        yield answer | {"probability": chance, "gain": gap.estimate, "low": gap.low, "high": gap.high}


def _equilibria(game: Game, means: Any, samples: list[Any]) -> list[dict[str, Any]]:
    held = np.stack([equilibria(each, game.indifference) for each in samples])
    lost, rows = gains(means), []
    for place in np.ndindex(held.shape[1:]):
        if (share := float(held[(slice(None), *place)].mean())) >= SHOWN:
            profile = {name: game.players[name][k] for name, k in zip(game.players, place, strict=True)}
            left = dict(zip(game.players, lost[(slice(None), *place)].tolist(), strict=True))
            rows.append({"profile": profile, "share": share, "gains": left})
    none = float((~held.any(axis=tuple(range(1, held.ndim)))).mean())
    if none >= SHOWN:
        mixed, gain = mixture(means)
        chances = zip(game.players.items(), mixed, strict=True)
        mix = {name: dict(zip(own, each.tolist(), strict=True)) for (name, own), each in chances}
        rows.append({"mix": mix if gain <= game.indifference else None, "share": none, "gain": gain})
    return sorted(rows, key=lambda row: -row["share"])
