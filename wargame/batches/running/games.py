"""The runs of a batch with programs in seats: each is kept as a run folder, which verifies without them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wargame.batches.running.addresses import is_remote
from wargame.batches.running.observer import Observer, Sampling
from wargame.batches.running.store import Store
from wargame.batches.study.parameters import rewritten
from wargame.batches.study.prepared import PreparedStudy
from wargame.brains.specification import Players
from wargame.simulation.exercise import Exercise

CASSETTE = "cassette.jsonl"
"""The answers of language models in all runs of a batch, in its folder, unless another cassette is named."""
GAMES = "games"
"""The folder of the runs with programs: `games/ARM-REPLICATION`."""


def game_name(arm: str, replication: int) -> str:
    """Return the path of the folder of a run below that of its batch."""
    return f"{GAMES}/{arm}-{replication}"


def observe(
    prepared: PreparedStudy, players: Players, arm: str, replication: int, place: Store | None = None
) -> Observer:
    """Play a replication of an arm to its end, observe it, and keep it in the place of the batch, if it has one.

    The folder is written before the row of the run: a row implies that its folder is there.
    """
    from wargame.brains.memory import PlayedGame

    study, settings = prepared.study, prepared.settings(arm, replication, "full")
    loaded = rewritten(prepared.arms[arm], prepared.parameters(arm, replication))
    exercise = Exercise(loaded, study.seed, settings)
    if place is not None and not players.llm.cassette and not is_remote(place.address):
        players = replace(players, llm=replace(players.llm, cassette=str(Path(place.address) / CASSETTE)))
    observer = Observer(exercise, prepared.measures, Sampling(study.every, study.series, study.events))
    game = PlayedGame(exercise, players)
    try:
        observer.play(game.advance)
    finally:
        game.close()
    if place is not None:
        command = f"wargame batch {prepared.target}, arm {arm}, replication {replication}"
        for name, content in game.files(loaded, command).items():
            place.write(f"{game_name(arm, replication)}/{name}", content)
    return observer
