"""Limits of a leader as a choice: what a player may order, what the journal marks, and how severe it becomes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.bots import ORDERS, bot, play
from support.fake_endpoint import Answer, completion, fake_endpoint
from support.in_process import inside, inside_json
from wargame.brains.llm.settings import URL
from wargame.executor.verify import verify

HIGHEST = """
rungs = {"protest": 1, "patrol": 3, "blockade": 6, "strike": 7}
for turn in turns():
    top = max(turn["choices"], key=lambda choice: rungs.get(choice["option"], 0), default=None)
    send(type="act", id=turn["id"], orders=[{"n": top["n"], "why": "the highest rung"}] if top else [])
"""
SEVERE = ("fires on ships", "blockades the strait", "sends patrols", "protests")
SHORT = ("--until", "10d", "-n", "1", "--jobs", "1")


def severe(body: dict[str, Any]) -> Answer:
    """A scripted language model that chooses the most severe action by its title."""
    choices = re.findall(r"^- (\d+)\. (.*)", body["messages"][-1]["content"], re.MULTILINE)
    numbers = [int(n) for words in SEVERE for n, title in choices if words in title]
    orders = [{"n": numbers[0], "why": "the most severe"}] if numbers else []
    return completion(json.dumps({"assessment": "resolve", "orders": orders}))


def first_turn(cwd: Path, *words: str) -> float:
    """The mean severity of the first turn of Arda from the neutral start of the study."""
    done = inside_json("batch", "escalation", "--arm", "neutral", *SHORT, *words, cwd=cwd)
    rows = {row["measure"]: row["estimate"] for row in done["estimates"] if row["arm"] == "neutral"}
    return float(rows["turn 1"])


def orders(folder: Path) -> list[dict[str, Any]]:
    """The data of the orders in the journal of a run."""
    lines = map(json.loads, (folder / "journal.jsonl").read_text("utf-8").splitlines())
    return [line["data"] for line in lines if (line["kind"], line["about"]) == ("command", "order")]


@pytest.mark.slow
def test_a_bot_of_the_highest_rung_is_severe_from_the_first_turn_only_without_limits(tmp_path: Path) -> None:
    """A violent act (28) is its first under `none`, and a protest (12) under `leader`."""
    bot(tmp_path, HIGHEST)
    seat = ("--seat", "ARD=program:bot.py")
    leader = first_turn(tmp_path, *seat, "--out", "leader")
    free = first_turn(tmp_path, *seat, "--limits", "ARD=none", "--out", "none")
    assert (leader, free) == (12.0, 28.0)


@pytest.mark.slow
def test_a_scripted_language_model_is_likewise_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers come from the cassette alone; they are those of the runs that recorded it."""
    seat, found = ("--seat", "ARD=llm:severe-1", "--cassette", "answers.jsonl"), {}
    with fake_endpoint(severe) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        for limits in ("leader", "none"):
            found[limits] = first_turn(tmp_path, *seat, "--limits", f"ARD={limits}", "--out", limits)
    monkeypatch.delenv(URL)
    again = {
        limits: first_turn(tmp_path, *seat, "--offline", "--limits", f"ARD={limits}", "--out", f"{limits}-offline")
        for limits in found
    }
    assert found == again == {"leader": 12.0, "none": 28.0}


def test_the_journal_marks_what_passes_the_limits_of_the_leader(tmp_path: Path) -> None:
    """Each order names them, `why` says so, and the run verifies."""
    bot(tmp_path, HIGHEST)
    run, _, _ = play(
        tmp_path / "run", {"ARD": f"program:{tmp_path / 'bot.py'}"}, until="D+30", limits=(("ARD", "none"),)
    )
    assert orders(tmp_path / "run")[0]["beyond"] == ["licence"]
    assert verify(run.folder).same
    order = next(record for record in run.records if record.kind == "command" and record.about == "order")
    said = inside("why", "run", str(order.seq), cwd=tmp_path).stdout
    assert "beyond the licence for violence of its leader" in " ".join(said.split())


def test_the_law_leaves_the_licence_and_the_restraint(tmp_path: Path) -> None:
    """Without the ladder alone, a player cannot fire first, nor blockade a calm strait."""
    bot(tmp_path, HIGHEST)
    play(tmp_path / "run", {"ARD": f"program:{tmp_path / 'bot.py'}"}, until="D+12", limits=(("ARD", "law"),))
    given = orders(tmp_path / "run")
    assert given[0]["option"] == "patrol"
    assert given[0]["beyond"] == ["ladder"]


@pytest.mark.parametrize("limits", ["leader", None])
def test_the_limits_of_the_leader_are_the_default(tmp_path: Path, limits: str | None) -> None:
    """The journal is the same to the byte, and marks nothing."""
    program = {"ARD": f"program:{bot(tmp_path, ORDERS)}"}
    play(tmp_path / "plain", program, until="D+30")
    play(tmp_path / "run", program, until="D+30", limits=(("ARD", limits),) if limits else ())
    assert (tmp_path / "run/journal.jsonl").read_bytes() == (tmp_path / "plain/journal.jsonl").read_bytes()
    assert b"beyond" not in (tmp_path / "run/journal.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "two-rivals", "--limits", "ARD=none"), "the limits of its leader bind the model"),
        (("run", "two-rivals", "--limits", "ARD=some"), "LIMITS is leader, law or none"),
        (("batch", "two-rivals", "-n", "2", "--limits", "ARD=none"), "no arm has a player in the seat of ARD"),
        (("batch", "two-rivals", "-n", "2", "--arm", "a=limits ARD=non"), "there is no kind of limits 'non'"),
    ],
)
def test_wrong_limits_are_named(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """The message says what is wrong and what to write."""
    done = inside(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr


def test_people_and_learners_have_limits_too(tmp_path: Path) -> None:
    """The console takes the order of a person beyond the ladder; the mask of a learner has it."""
    (tmp_path / "lines").write_text("advance 1d\norder ARD strike BRL\n", "utf-8")
    words = ("--seat", "ARD=human", "--limits", "ARD=none", "--script", "lines", "--out", "live")
    assert inside("play", "two-rivals", *words, cwd=tmp_path).returncode == 0
    assert orders(tmp_path / "live")[0]["beyond"] == ["licence"]


def test_the_mask_of_a_learner_follows_its_limits() -> None:
    """Without limits every option of the strait is possible at the start, and with those of the leader two are not."""
    pytest.importorskip("gymnasium")
    from wargame import env
    from wargame.simulation.kernel.settings import Settings

    def possible(limits: str) -> set[str]:
        seat = env.single("two-rivals", "ARD", settings=Settings(limits=(("ARD", limits),)))
        observation, _ = seat.reset(seed=1)
        actions = seat.metadata["actions"]["ARD"]
        return {actions[i] for i, mask in enumerate(observation["action_mask"]) if mask}

    assert possible("none") - possible("leader") == {"patrol BRL", "blockade BRL", "strike BRL"}
