"""Programs in seats of unattended runs: what is kept, that it verifies without them, and what hostile ones cause."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.bots import ORDERS, PASSES, bot, play
from support.in_process import inside
from wargame.brains.driver import ProgramStopped
from wargame.brains.specification import brain_of, located
from wargame.brains.transcript import read_usage
from wargame.brains.unattended import UnattendedGame
from wargame.errors import UsageFault
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.journal.records import Record


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The lines of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def missed(records: list[Record]) -> list[Record]:
    """The decisions that were not taken."""
    return [record for record in records if record.kind == "decision.missed"]


def test_a_run_with_a_program_keeps_its_commands_and_its_transcript(tmp_path: Path) -> None:
    """The command log names the program, the transcript has its acts, and the summary what it took."""
    program = bot(tmp_path, ORDERS)
    run, usage, _ = play(tmp_path / "run", {"ARD": f"program:{program}"})
    orders = [line for line in lines_of(run.folder.commands) if line["kind"] == "order"]
    assert orders
    assert {line["by"] for line in orders} == {"test bot 1 (program:bot.py)"}
    transcript = lines_of(tmp_path / "run/brains/ARD.jsonl")
    assert [line["type"] for line in transcript[:4]] == ["start", "turn", "act", "result"]
    assert transcript[-1] == {"type": "end", "reason": "endex"}
    assert not any("cause" in line for line in transcript)  # which only failures have
    assert usage["ARD"]["turns"] == sum(line["type"] == "turn" for line in transcript) > 5
    assert json.loads((tmp_path / "run/brains/usage.json").read_text("utf-8"))["ARD"]["accepted"] == len(orders)


def test_a_run_verifies_when_the_program_is_gone(tmp_path: Path) -> None:
    """Verification, like fork and resume, never starts a program."""
    program = bot(tmp_path, ORDERS)
    run, _, _ = play(tmp_path / "run", {"ARD": f"program:{program}"})
    program.unlink()
    result = verify(run.folder)
    assert result.same
    assert result.commands


def test_the_same_program_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    """Journal, command log and transcript of two runs are equal."""
    program = bot(tmp_path, ORDERS)
    for name in ("one", "two"):
        play(tmp_path / name, {"ARD": f"program:{program}", "BRL": f"program:{program}"}, seed=4, until="D+90")
    for file in ("journal.jsonl", "commands.jsonl", "brains/ARD.jsonl", "brains/BRL.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


HOSTILE = {
    "hangs": ("for turn in turns(): time.sleep(60)", "timeout"),
    "dies": ("for turn in turns(): print('out of memory', file=sys.stderr); os._exit(3)", "crash"),
    "floods": ("for turn in turns(): sys.stdout.write('x' * 10_000_000); sys.stdout.flush()", "nonsense"),
    "talks": ("for turn in turns(): print('I think we should wait.', flush=True)", "nonsense"),
    "wrong turn": ("for turn in turns(): send(type='act', id='0.0')", "nonsense"),
    "many wrong turns": ("for turn in turns(): [send(type='act', id='0.0') for _ in range(200)]", "nonsense"),
    "surrogate": (
        r"for turn in turns(): print('{\"type\":\"act\",\"id\":\"0.1\",\"error\":\"\\ud83d\"}', flush=True)",
        "nonsense",
    ),
    "misspells": ("for turn in turns(): send(type='act', id=turn['id'], order=[])", "nonsense"),
    "gives up": ("for turn in turns(): send(type='act', id=turn['id'], error='no idea')", "nonsense"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_program_never_stops_the_exercise(tmp_path: Path, kind: str) -> None:
    """Its decisions are missed with the reason, and after three failures in a row the model takes the seat."""
    body, expected = HOSTILE[kind]
    timeout = 0.3 if expected == "timeout" else 20.0
    run, usage, shown = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, timeout=timeout, until="D+60")
    assert run.manifest.ended == "endex"
    assert usage["ARD"]["failed"] == {expected: 3}
    assert usage["ARD"]["replaced"]
    reasons = [record.data["reason"] for record in missed(run.records)]
    assert reasons
    assert all(reason.startswith("the program has failed: ") for reason in reasons)
    assert shown[-1] == "ARD: 3 failures in a row; the model takes the seat"
    assert any(record.kind == "decision" and record.who == "ARD" for record in run.records)
    assert verify(run.folder).same


def test_the_reason_of_a_crash_has_what_the_program_wrote(tmp_path: Path) -> None:
    """The last line of standard error is what helps an author."""
    body = "for turn in turns(): print('out of memory', file=sys.stderr); os._exit(3)"
    run, _, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"})
    assert "ended with status 3: out of memory" in missed(run.records)[0].data["reason"]


def test_an_order_for_another_seat_is_refused(tmp_path: Path) -> None:
    """An order is the number of a choice of this turn: a program cannot even name another government."""
    body = """
for message in messages():
    if message["type"] == "turn":
        send(type="act", id=message["id"], orders=[{"n": 999}])
    elif message["type"] == "result" and message["again"]:
        send(type="act", id=message["id"], orders=[{"n": -1}])
"""
    run, usage, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, until="D+60")
    assert usage["ARD"]["accepted"] == 0
    assert usage["ARD"]["refused"] == 9
    because = [
        line["refused"][0]["because"] for line in lines_of(tmp_path / "run/brains/ARD.jsonl") if "refused" in line
    ]
    assert because[0].startswith("there is no choice 999 (the choices of this turn are 1 to")
    assert "everything that it did was refused" in missed(run.records)[0].data["reason"]


def test_what_cannot_be_ordered_any_more_is_refused_as_to_a_person(tmp_path: Path) -> None:
    """The second of two equal orders, with what the program's government knows about it."""
    body = """
for message in messages():
    if message["type"] == "turn":
        send(type="act", id=message["id"], orders=[{"n": each["n"]} for each in message["choices"][-1:] * 2])
    elif message["type"] == "result" and message["again"]:
        send(type="act", id=message["id"])
"""
    play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, until="D+30")
    refused = [line["refused"] for line in lines_of(tmp_path / "run/brains/ARD.jsonl") if line.get("refused")]
    because = [each["because"] for part in refused for each in part if each["what"] == "orders[1]"]
    reason = " yet: it has already been ordered and is being carried out"
    assert because
    assert all(each.startswith("ARD cannot order ") and each.endswith(reason) for each in because)


def test_a_message_in_the_name_of_another_seat_is_nonsense(tmp_path: Path) -> None:
    """A message has no sender: the field is unknown."""
    body = """
for turn in turns():
    send(type="act", id=turn["id"], messages=[{"to": ["BRL"], "text": "hello", "who": "BRL"}])
"""
    run, usage, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"})
    assert usage["ARD"]["failed"] == {"nonsense": 3}
    assert not [record for record in run.records if record.kind == "message"]


def test_a_program_corrects_what_was_refused_at_most_twice(tmp_path: Path) -> None:
    """What was accepted has happened; the third act of a turn is the last."""
    body = """
wrong = 0
for message in messages():
    if message["type"] == "turn":
        wrong = 0
        send(type="act", id=message["id"], messages=[{"to": ["BRL"], "text": "we wait"}], orders=[{"n": 999}])
    elif message["type"] == "result" and message["again"]:
        wrong += 1
        send(type="act", id=message["id"], orders=[{"n": 999 if wrong == 1 else 1}])
"""
    run, usage, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, until="D+60")
    assert usage["ARD"]["failed"] == {}
    results = [line for line in lines_of(tmp_path / "run/brains/ARD.jsonl") if line["type"] == "result"]
    assert [each["again"] for each in results[:3]] == [True, True, False]
    assert [each["accepted"] for each in results[:3]] == [1, 0, 1]
    assert verify(run.folder).same


def test_the_model_decides_what_a_program_has_missed_if_asked_to(tmp_path: Path) -> None:
    """With `model`, the default of a missed decision is that of the model."""
    body = "for turn in turns(): send(type='act', id=turn['id'], error='no idea')"
    run, _, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, failed="model")
    assert {record.data["default"] for record in missed(run.records)} == {"model"}


def test_a_run_can_stop_at_a_failure_and_be_verified(tmp_path: Path) -> None:
    """With `stop`, the exercise is kept as it was before the decision."""
    body = "for turn in turns(): os._exit(1)"
    with pytest.raises(ProgramStopped, match="ARD=program"):
        play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, failed="stop")
    folder = Folder(tmp_path / "run")
    assert folder.manifest().ended == "paused"
    assert verify(folder).same


@pytest.mark.parametrize("body", ["import nothing_of_this_name", "sys.exit()", "print('hi', flush=True); input()"])
def test_a_program_that_does_not_start_is_an_error_without_a_folder(tmp_path: Path, body: str) -> None:
    """The user learns at once that the program is wrong."""
    with pytest.raises(UsageFault, match="no answer to hello"):
        play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"})
    assert not (tmp_path / "run").exists()


def test_a_run_whose_programs_have_started_is_kept_after_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a program that cannot be started leaves no folder."""

    def refused(self: UnattendedGame, to: int) -> None:
        del self, to
        raise UsageFault("this is refused")

    monkeypatch.setattr(UnattendedGame, "advance", refused)
    with pytest.raises(UsageFault, match="this is refused"):
        play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, PASSES)}"})
    assert verify(Folder(tmp_path / "run")).same


@pytest.mark.slow
def test_two_programs_that_write_to_each_other_do_not_stop_the_clock(tmp_path: Path) -> None:
    """At one instant a seat has at most three turns."""
    body = """
for turn in turns():
    other = "BRL" if government == "ARD" else "ARD"
    send(type="act", id=turn["id"], messages=[{"to": [other], "text": "and what do you say?"}])
"""
    for name in ("ARD", "BRL"):
        bot(tmp_path, f"government = {name!r}\n{body}", f"{name}.py")
    seats = {name: f"program:{tmp_path / name}.py" for name in ("ARD", "BRL")}
    run, usage, _ = play(tmp_path / "run", seats, until="D+40")
    assert run.manifest.ended == "endex"
    assert usage["ARD"]["turns"] > 3
    at = [record.t for record in run.records if record.kind == "message" and record.who == "ARD"]
    assert max(at.count(t) for t in at) == 3


def test_a_program_answers_offers_votes_and_messages_of_the_exercise(tmp_path: Path) -> None:
    """What is put to a seat comes with the numbers by which it is answered."""
    asks = """
sent = False
for turn in turns():
    offers = [] if sent else [{"to": ["BRL"], "text": "a hotline"}]
    sent = True
    letters = [entry["letter"] for entry in turn["entries"] if entry["letter"]]
    send(type="act", id=turn["id"], offers=offers, acknowledge=letters)
"""
    answers = """
for turn in turns():
    given = [{"offer": offer["number"], "answer": "yes"} for offer in turn["offers"]]
    send(type="act", id=turn["id"], answers=given)
"""
    bot(tmp_path, asks, "asks.py")
    bot(tmp_path, answers, "answers.py")
    seats = {"ARD": f"program:{tmp_path}/asks.py", "BRL": f"program:{tmp_path}/answers.py"}
    run, usage, _ = play(tmp_path / "run", seats, until="D+60")
    assert usage["ARD"]["refused"] == usage["BRL"]["refused"] == 0
    answer = next(record for record in run.records if record.kind == "answer")
    assert (answer.who, answer.data["answer"]) == ("BRL", "yes")
    assert any(record.about == "ack" and record.who == "ARD" for record in run.records)


def test_a_program_that_does_not_pass_is_asked_again(tmp_path: Path) -> None:
    """Without `pass` the decision remains due, and later meetings join it."""
    body = "for turn in turns(): send(type='act', id=turn['id'], **{'pass': False})"
    run, usage, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"})
    due = [record for record in run.records if record.kind == "decision.due"]
    assert len(due) == 2
    assert usage["ARD"]["failed"] == {}
    assert (
        play(tmp_path / "passes", {"ARD": f"program:{bot(tmp_path, PASSES)}"})[1]["ARD"]["turns"]
        > usage["ARD"]["turns"]
    )


def test_the_review_names_the_program_and_no_people(tmp_path: Path) -> None:
    """A review states only what happened: no person has played."""
    program = bot(tmp_path, ORDERS)
    words = ("two-rivals", "--until", "D+60", "--seat", f"ARD=program:{program}", "--out", "run")
    done = inside("run", *words, cwd=tmp_path)
    assert "with seat ARD=program:bot.py" in done.stdout
    assert "ARD  program:bot.py: " in done.stdout
    page = (tmp_path / "run/report.html").read_text(encoding="utf-8")
    assert "unattended run, played by programs: Arda" in page
    assert "with a program deciding for Arda and the model for Brel" in page
    assert "played by people" not in page
    assert "ARD  program:bot.py: " in inside("show", "run", cwd=tmp_path).stdout


def test_a_damaged_file_of_what_programs_took_leaves_the_summary(tmp_path: Path) -> None:
    """It is shown without the line about the program."""
    program = bot(tmp_path, PASSES)
    words = ("two-rivals", "--until", "D+20", "--seat", f"ARD=program:{program}", "--out", "run", "--no-report")
    assert inside("run", *words, cwd=tmp_path).returncode == 0
    (tmp_path / "run/brains/usage.json").write_text("{")
    shown = inside("show", "run", cwd=tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.startswith("Two rivals and a strait\n")
    assert "program:bot.py: " not in shown.stdout


def test_the_path_of_a_program_may_have_spaces(tmp_path: Path) -> None:
    """With or without quotes; arguments after it are quoted as in a shell."""
    folder = tmp_path / "my programs"
    folder.mkdir()
    program = bot(folder, "assert sys.argv[1:] in ([], ['--careful', 'a b'])\n" + PASSES, "a bot.py")
    for kind in (f"program:{program}", f"program:'{program}'", f"program:'{program}' --careful 'a b'"):
        spec = brain_of("ARD", kind)
        assert (spec.target, spec.words) == (str(program), ("--careful", "a b") if "careful" in kind else ())
    assert located("program:a bot.py", folder) == f"program:'{program.resolve()}'"
    words = ("two-rivals", "--until", "D+20", "--seat", f"ARD=program:{program}", "--out", "run", "--no-report", "-q")
    assert inside("run", *words, cwd=tmp_path).returncode == 0
    assert read_usage(tmp_path / "run")["ARD"]["failed"] == {}
