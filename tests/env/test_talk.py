"""Demands, offers, answers and votes as actions of learners."""

from __future__ import annotations

from typing import Any

from wargame import env
from wargame.env.environments import MoveEnvironment
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.journal.reader import read_journal
from wargame.simulation.kernel.settings import Command


def started(**options: Any) -> MoveEnvironment:
    """Two rivals who can talk, in their first move."""
    game = env.parallel("two-rivals", until="D+120", every="3d", talk=True, **options)
    game.reset(seed=1)
    return game


def number(game: MoveEnvironment, agent: str, name: str) -> int:
    """The number of an action."""
    return int(game.metadata["actions"][agent].index(name))


def flags(observation: dict[str, Any], game: MoveEnvironment, agent: str) -> dict[str, float]:
    """The observation by names."""
    return dict(zip(game.metadata["observations"][agent], observation["observation"].tolist(), strict=True))


def test_a_demand_waits_for_an_answer_which_its_sender_learns() -> None:
    """What one agent demands is a flag of the other, who can then answer; the answer is a flag of the sender."""
    game = started()
    demand = number(game, "ARD", "demand BRL, BRL: talk ARD")
    assert not game.observe("BRL")["action_mask"][number(game, "BRL", "yes")]
    observations, *_, infos = game.step({"ARD": demand, "BRL": 0})
    assert not infos["ARD"]["illegal"]
    assert flags(observations["BRL"], game, "BRL")["demand of ARD, BRL: talk ARD"] == 1.0
    assert observations["BRL"]["action_mask"][number(game, "BRL", "yes")]
    assert not observations["ARD"]["action_mask"][demand]  # it waits for its answer
    observations, *_ = game.step({"ARD": 0, "BRL": number(game, "BRL", "no")})
    assert flags(observations["ARD"], game, "ARD")["answer of BRL"] == -1.0
    assert flags(observations["BRL"], game, "BRL")["demand of ARD, BRL: talk ARD"] == 0.0
    assert observations["ARD"]["action_mask"][demand]


def test_a_vote_that_is_called_can_be_voted_in_once() -> None:
    """The mask has as many ballots as the vote has choices."""
    game = started()
    vote = {"who": "EXCON", "to": ["ARD", "BRL"], "question": "Which port?", "choices": ["north", "south", "none"]}
    game.exercise.apply(Command(kind="vote", data=vote))
    ballots = [number(game, "ARD", f"ballot {n}") for n in range(1, 5)]
    assert game.observe("ARD")["action_mask"][ballots].tolist() == [1, 1, 1, 0]
    *_, infos = game.step({"ARD": ballots[1], "BRL": number(game, "BRL", "ballot 4")})
    assert (infos["ARD"]["illegal"], infos["BRL"]["illegal"]) == (False, True)
    assert game.exercise.commands.correspondence.votes[1].ballots == {"ARD": "south"}
    assert game.observe("ARD")["action_mask"][ballots].tolist() == [0, 0, 0, 0]


def test_talk_is_in_the_saved_run_which_verifies(tmp_path: Any) -> None:
    """An offer is a command of the seat, and a record of the journal."""
    game = started()
    game.step({"ARD": number(game, "ARD", "offer BRL, ARD: trade BRL"), "BRL": 0})
    game.step({"BRL": number(game, "BRL", "yes")})
    folder = Folder(game.save(tmp_path / "run"))
    assert verify(folder).same
    assert [(r.kind, r.who) for r in read_journal(folder) if r.kind in ("offer", "answer")] == [
        ("offer", "ARD"),
        ("answer", "BRL"),
    ]


def test_without_talk_there_are_no_such_actions() -> None:
    """The actions of a government remain its options with their targets."""
    names = env.parallel("two-rivals").metadata["actions"]["ARD"]
    assert "yes" not in names
    assert names == env.parallel("two-rivals", talk=True).metadata["actions"]["ARD"][: len(names)]
