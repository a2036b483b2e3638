"""A program or a language model in the white cell: rulings, replies, approval by a person, and failures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.bots import bot, play
from support.engine import loaded, run
from support.fake_endpoint import JSON, Answer, completion, fake_endpoint
from support.live_programs import live
from wargame.brains.llm.settings import URL, LlmOptions
from wargame.brains.replies import Judgement
from wargame.brains.white_cell import commands_of
from wargame.errors import UsageFault
from wargame.executor.verify import verify
from wargame.journal.command_log import NotKept
from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord
from wargame.live.console.waiting import queue
from wargame.live.session.session import Session
from wargame.review.findings.findings import open_findings
from wargame.review.reports.writing import render
from wargame.simulation.kernel.settings import Command

ASKS = """
for turn in turns():
    first = turn["id"] == "0.1"
    orders = [{"text": "sends a tug to the wreck", "why": "people are in the water"}] if first else []
    send(type="act", id=turn["id"], free_orders=orders, questions=["How far is it?"] if first else [])
"""
"""A player who gives an order in its own words and asks a question, once."""
TUG: dict[str, Any] = {
    "how": "action", "title": "sends a tug to the wreck", "target": "BRL", "goldstein": 2, "severity": 0, "rung": 0,
    "effects": "tension -0.02", "text": "it has one", "inject": "id: tug\ntitle: A tug\nmessage: A tug has left port.",
}  # fmt: skip
CELL = """
for case in messages():
    if case["type"] == "case":
        send(type="ruling", id=case["id"], judgement=judge(case))
"""


def cell(folder: Path, judge: str) -> str:
    """A program for the white cell whose judgement of a case is this expression."""
    return f"program:{bot(folder, f'tug = {TUG!r}{chr(10)}def judge(case): return {judge}{chr(10)}{CELL}', 'cell.py')}"


def kinds(records: list[Record], *wanted: str) -> list[str]:
    """The kinds of records, of these kinds, in their order."""
    return [record.kind for record in records if record.kind in wanted]


def scripted(body: dict[str, Any]) -> Answer:
    """A model for all roles: Arda sends a tug and asks a question in its first turn, the white cell answers."""
    system, user = body["messages"][0]["content"], body["messages"][1]["content"]
    if "You are the white cell" in system:
        return completion(
            json.dumps(TUG if "An order in free text" in user else {"how": "answer", "text": "Two miles."})
        )
    if "You decide for Arda" in system and "You decided before" not in user:
        orders = [{"text": "sends a tug to the wreck", "why": "people are in the water"}]
        return completion(json.dumps({"free_orders": orders, "questions": ["How far is it?"]}))
    return completion("{}")


@pytest.mark.slow
def test_a_model_runs_an_afternoon_from_start_to_review_without_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exercise verifies with the endpoint gone, and plays again from its cassette alone."""
    seats = {"ARD": "llm:tiny-1", "BRL": "llm:tiny-1"}
    how: dict[str, Any] = {"scenario": "strait-lesson", "white_cell": "llm:tiny-1"}
    with fake_endpoint(scripted) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        played, usage, shown = play(tmp_path / "one", seats, **how)
    monkeypatch.delenv(URL)
    assert (played.manifest.ended, shown) == ("endex", [])
    assert kinds(played.records, "request", "ruling", "rfi", "rfi.reply") == ["request", "rfi", "ruling", "rfi.reply"]
    assert usage["EXCON"]["accepted"] == 2
    assert verify(played.folder).same
    page = render(open_findings(str(played.folder.path)), "html", "").decode()
    assert "sends a tug to the wreck" in page
    again = LlmOptions(cassette=str(tmp_path / "one/brains/cassette.jsonl"), offline=True)
    play(tmp_path / "two", seats, llm=again, **how)
    assert (tmp_path / "one/journal.jsonl").read_bytes() == (tmp_path / "two/journal.jsonl").read_bytes()


HOSTILE: dict[str, tuple[Answer, str]] = {
    "401": ((401, JSON, b"{}"), "transport"),
    "prose": (completion("I would rather not."), "nonsense"),
    "refused": (completion(json.dumps({"how": "action", "title": "wins", "goldstein": 99})), "nonsense"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_endpoint_does_not_end_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """What it did not answer waits; the cause is named and counted."""
    answer, cause = HOSTILE[kind]
    with fake_endpoint(lambda _: answer) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        seats = {"ARD": f"program:{bot(tmp_path, ASKS)}"}
        played, usage, shown = play(tmp_path / "run", seats, white_cell="llm:tiny-1", until="D+20")
    assert played.manifest.ended == "endex"
    assert usage["EXCON"]["failed"] == {cause: 2}
    assert all(line.startswith("EXCON: llm:tiny-1 has no answer: ") for line in shown)
    assert not kinds(played.records, "ruling", "rfi.reply")
    assert verify(played.folder).same


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"effects": "tension -0.9"}, "the effect on tension is a share of at most 0.25"),
        ({"effects": "tension = 0"}, "the effect on tension is a share of at most 0.25"),
        ({"severity": 61}, "severity"),
        ({"target": "XYZ"}, "there is no other government 'XYZ'"),
        ({"inject": "id: tug\ntitle: A tug\nmessage: x\neffects: {tension: 1}"}, "the inject: leave out effects"),
        ({"inject": "[" * 3000}, "the inject: it is not YAML"),
        ({"inject": "id: !!int x"}, "the inject: leave out|the inject: inject:1:5: tags are not allowed"),
    ],
)
def test_a_ruling_beyond_the_bounds_is_refused(wrong: dict[str, Any], said: str) -> None:
    """Also one that a person may make, such as a new value of an indicator."""
    exercise = run(loaded(), days=0, seats=(("ARD", "human"),))
    exercise.advance(exercise.calendar.startex)
    exercise.apply(Command(kind="request", data={"who": "ARD", "text": "sends a tug", "why": ""}))
    item = next(queue(exercise))
    assert len(list(commands_of(exercise, item, Judgement(**TUG)))) == 3
    with pytest.raises(UsageFault, match=said):
        list(commands_of(exercise, item, Judgement(**{**TUG, **wrong})))


@pytest.mark.parametrize(("written", "called"), [("id: yes", "yes"), ("message: 2001-99-99\nid: tug", "tug")])
def test_an_inject_is_read_as_text(written: str, called: str) -> None:
    """What looks like a truth value or a date is neither, and the release has the id as it is written."""
    exercise = run(loaded(), days=0, seats=(("ARD", "human"),))
    exercise.advance(exercise.calendar.startex)
    exercise.apply(Command(kind="request", data={"who": "ARD", "text": "sends a tug", "why": ""}))
    judgement = Judgement(**{**TUG, "inject": f"{written}\ntitle: A tug"})
    assert list(commands_of(exercise, next(queue(exercise)), judgement))[-1].data == {"inject": called}


def test_a_ruling_that_was_refused_can_be_corrected(tmp_path: Path) -> None:
    """The program is told why; its next answer is carried out, with its numbers and its narrative."""
    judge = (
        "dict(tug, effects='tension -0.02' if case['before'] else 'tension -0.9') "
        "if case['kind'] == 'request' else dict(how='decline')"
    )
    seats = {"ARD": f"program:{bot(tmp_path, ASKS)}"}
    played, usage, _ = play(tmp_path / "run", seats, white_cell=cell(tmp_path, judge), until="D+20")
    assert usage["EXCON"]["refused"] == 1
    done = next(each for each in played.records if isinstance(each, ActionRecord) and each.source == "adjudicated")
    assert (done.who, done.target, done.goldstein) == ("ARD", "BRL", 2.0)
    assert any(record.kind == "inject.released" and record.about == "tug" for record in played.records)


LINES = ['order ARD "sends a tug to the wreck"', "queue", "approve"]


def test_a_person_approves_what_the_white_cell_proposes(tmp_path: Path) -> None:
    """Nothing happens before; the log names the program."""
    program = cell(tmp_path, "tug")
    before, shown = live(tmp_path / "one", {"ARD": "human"}, LINES, white_cell=program)
    assert "PROPOSAL of the white cell for ARD" in shown
    number = shown.partition("  approve ")[2].split()[0]
    assert "    proposal: action: target BRL, title sends a tug to the wreck, goldstein 2.0" in shown
    assert f"(approve {number})" in shown
    assert not kinds(before.records, "ruling")
    after, shown = live(tmp_path / "two", {"ARD": "human"}, [*LINES, f"approve {number}"], white_cell=program)
    assert "Approved: action: " in shown
    assert kinds(after.records, "ruling") == ["ruling"]
    assert '"by":"program:cell.py (white cell)"' in (after.folder.path / "commands.jsonl").read_text("utf-8")


def test_a_proposal_ends_with_the_past_in_which_it_was_made(tmp_path: Path) -> None:
    """After an undo the order does not wait any more, and its number approves nothing."""
    lines = [LINES[0], "undo", "queue", "approve"]
    there, shown = live(tmp_path / "run", {"ARD": "human"}, lines, white_cell=cell(tmp_path, "tug"))
    assert "Nothing waits for you." in shown
    assert "The white cell proposes nothing." in shown
    assert not kinds(there.records, "ruling")


def test_unattended_nobody_approves(tmp_path: Path) -> None:
    """The ruling follows the order by itself."""
    session, _ = live(tmp_path / "run", {"ARD": "human"}, LINES[:1], white_cell=cell(tmp_path, "tug"), unattended=True)
    assert kinds(session.records, "ruling") == ["ruling"]


def test_unattended_it_is_asked_again_after_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its ruling could not be written; the next command finds space, and the order is ruled on."""
    write, full = Session.submit, iter([True])

    def submit(self: Session, kind: str, /, **data: Any) -> Any:
        if kind == "ruling" and next(full, False):
            raise NotKept("cannot write to the log; free some space")
        return write(self, kind, **data)

    monkeypatch.setattr(Session, "submit", submit)
    lines = [LINES[0], "queue", 'note "there is space again"']
    session, shown = live(tmp_path / "run", {"ARD": "human"}, lines, white_cell=cell(tmp_path, "tug"), unattended=True)
    assert "the white cell: cannot write to the log" in shown
    assert kinds(session.records, "ruling") == ["ruling"]


DOUBTFUL = CELL.replace("judge(case))", "judge(case), usage={'samples': {'agree': 1, 'differ': 1}})")
"""A program whose second answer to each case differs much from its first."""


def doubtful(folder: Path) -> str:
    """A program for the white cell that is of two minds."""
    return f"program:{bot(folder, f'tug = {TUG!r}{chr(10)}def judge(case): return tug{chr(10)}{DOUBTFUL}', 'two.py')}"


def test_unattended_a_ruling_in_doubt_waits_for_a_person(tmp_path: Path) -> None:
    """The proposal says how many answers differ; approved, the log says so."""
    how: dict[str, Any] = {"white_cell": doubtful(tmp_path), "unattended": True}
    waiting, shown = live(tmp_path / "one", {"ARD": "human"}, LINES, **how)
    assert not kinds(waiting.records, "ruling")
    assert "(1 of 1 other answers differs much)" in shown
    number = shown.partition("  approve ")[2].split()[0]
    ruled, _ = live(tmp_path / "two", {"ARD": "human"}, [*LINES, f"approve {number}"], **how)
    assert kinds(ruled.records, "ruling") == ["ruling"]
    log = (ruled.folder.path / "commands.jsonl").read_text("utf-8")
    assert '"by":"program:two.py (white cell; 1 of 1 other answers differs much)"' in log


def test_without_anybody_a_ruling_in_doubt_is_marked(tmp_path: Path) -> None:
    """In a run nobody could decide, so that the first answer counts; the log names the doubt, and the run verifies."""
    seats = {"ARD": f"program:{bot(tmp_path, ASKS)}"}
    played, _, _ = play(tmp_path / "run", seats, white_cell=doubtful(tmp_path), until="D+20")
    assert "ruling" in kinds(played.records, "ruling")
    assert "1 of 1 other answers differs much" in (tmp_path / "run/commands.jsonl").read_text("utf-8")
    assert verify(played.folder).same


@pytest.mark.slow
def test_a_model_in_the_white_cell_compares_its_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that differ in severity by more than a little are counted, and those that agree."""
    asked = iter((TUG, TUG | {"severity": 4}, TUG | {"severity": 40}, TUG | {"how": "refuse"}))
    with fake_endpoint(lambda _: completion(json.dumps(next(asked, {"how": "decline"})))) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        seats = {"ARD": f"program:{bot(tmp_path, ASKS)}"}
        llm = LlmOptions(samples=4, temperature=1.0)
        play(tmp_path / "run", seats, white_cell="llm:tiny-1", until="D+20", llm=llm)
    lines = (tmp_path / "run/brains/EXCON.white_cell.jsonl").read_text("utf-8").splitlines()
    rulings = [each for each in map(json.loads, lines) if "samples" in each]
    assert rulings[0]["samples"] == {"agree": 2, "differ": 2}
    assert "2 of 3 other answers differ much" in (tmp_path / "run/commands.jsonl").read_text("utf-8")


def test_a_proposal_that_cannot_be_carried_out_now_stays(tmp_path: Path) -> None:
    """During NO PLAY nothing is approved; afterwards the same proposal is."""
    lines = [LINES[0], "noplay", "approve 3", "playon", "approve 3"]
    session, shown = live(tmp_path / "run", {"ARD": "human"}, lines, white_cell=cell(tmp_path, "tug"))
    assert "Approved: action: " in shown
    assert kinds(session.records, "ruling") == ["ruling"]
