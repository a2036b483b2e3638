"""Programs in the seats of a live exercise, advisers of people, and the drafter of the white cell."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from support.bots import ORDERS, PASSES, bot
from support.fake_endpoint import Answer, completion, fake_endpoint, first_choice
from support.in_process import inside
from support.live import OPEN, resumed, session, verified
from support.live_programs import live
from wargame.brains.live_programs import live_programs
from wargame.brains.llm.settings import KEY, URL, LlmOptions
from wargame.brains.specification import Conditions, Players, brain_of, split_seats
from wargame.executor.run import Destination
from wargame.journal.command_log import CommandEntry
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.live.terminals.shared_session import SharedSession
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

SECRETS = Path(__file__).resolve().parents[1] / "data" / "secrets.yaml"


def kinds(path: list[CommandEntry], by: str) -> list[str]:
    """The kinds of commands that someone gave."""
    return [entry.kind for entry in path if entry.by == by]


def test_the_clock_waits_for_programs_and_goes_on(tmp_path: Path) -> None:
    """One typed move goes through all turns of the program, and stops for people alone."""
    program = bot(tmp_path, ORDERS)
    there, shown = live(tmp_path / "run", {"ARD": f"program:{program}"}, ["seats", "advance 40d"])
    assert "ARD    program:bot.py" in shown
    assert there.exercise.now - there.exercise.calendar.startex == 40 * 86400
    by_program = kinds(there.path, "test bot 1 (program:bot.py)")
    assert by_program.count("order") > 2
    assert shown.count("decides, then the clock goes on") == 1
    assert verified(tmp_path / "run")


def test_a_live_exercise_with_a_program_has_the_journal_of_an_unattended_one(tmp_path: Path) -> None:
    """Who moves the clock makes no difference."""
    program = bot(tmp_path, ORDERS)
    words = ("two-rivals", "--seed", "5", "--until", "D+60", "--seat", f"ARD=program:{program}")
    done = inside("run", *words, "--out", "unattended", "--no-report", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    script = tmp_path / "script.txt"
    script.write_text("stop at nothing\nadvance 200d\n")
    done = inside("play", *words, "--script", "script.txt", "--out", "live", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "live/journal.jsonl").read_bytes() == (tmp_path / "unattended/journal.jsonl").read_bytes()


def test_a_person_and_a_program_write_to_each_other(tmp_path: Path) -> None:
    """A message of a person calls upon the program at once; its answer is shown."""
    program = bot(
        tmp_path,
        """
for turn in turns():
    asked = [entry for entry in turn["entries"] if "a hotline?" in entry["text"]]
    messages = [{"to": ["BRL"], "text": "agreed"}] if asked else []
    send(type="act", id=turn["id"], messages=messages)
""",
    )
    lines = ["sit BRL", 'message ARD "a hotline?"', "inbox", "stand"]
    _, shown = live(tmp_path / "run", {"ARD": f"program:{program}", "BRL": "human"}, lines)
    assert "agreed" in shown
    assert verified(tmp_path / "run")


def test_a_rewind_lets_a_program_begin_anew(tmp_path: Path) -> None:
    """It must not know a future that has not happened; its earlier acts are on the abandoned branch."""
    program = bot(
        tmp_path,
        """
print("started", file=open("STARTS", "a"))
for turn in turns():
    first = turn["entries"][0]["n"] if turn["entries"] else 0
    send(type="act", id=turn["id"], messages=[{"to": ["EXCON"], "text": f"{turn['id']} from {first}"}])
""".replace("STARTS", str(tmp_path / "starts.txt")),
    )
    lines = ["advance 20d", "rewind D+7", "advance 20d"]
    there, _ = live(tmp_path / "run", {"ARD": f"program:{program}"}, lines)
    assert (tmp_path / "starts.txt").read_text("utf-8").count("started") == 2
    texts = [str(entry.data["text"]) for entry in there.path if entry.kind == "message"]
    rewound = next(entry.n for entry in there.log.lines if entry.kind == "rewind")
    after = [text for text in texts if text.startswith(f"{rewound}.")]
    assert after
    assert after[0].endswith("from 1")
    assert verified(tmp_path / "run")


@pytest.mark.parametrize(
    "then", [(), ("advance 2d", "rewind D+0", "advance 1d")], ids=["straight on", "after a rewind"]
)
def test_many_messages_at_one_instant_do_not_stop_the_clock(tmp_path: Path, then: tuple[str, ...]) -> None:
    """What comes after the third turn of a program there is in its next turn; another past has other instants."""
    program = bot(
        tmp_path,
        """
for turn in turns():
    asked = [entry for entry in turn["entries"] if "hello" in entry["text"]]
    send(type="act", id=turn["id"], messages=[{"to": ["EXCON"], "text": f"read {len(asked)}"}] if asked else [])
""",
    )
    written = [f'message BRL ARD "hello {number}"' for number in range(6)]
    lines = ["stop at nothing", "advance 1d", *written, *then, *(written if then else ()), "advance 9d"]
    there, _ = live(tmp_path / "run", {"ARD": f"program:{program}", "BRL": "human"}, lines)
    assert there.exercise.now - there.exercise.calendar.startex == 10 * 86400
    said = [str(entry.data["text"]) for entry in there.path if entry.kind == "message" and entry.by != "facilitator"]
    assert [text for text in said if text.startswith("read")] == ["read 1", "read 1", "read 1", "read 3"]


def test_failures_are_shown_and_the_model_takes_the_seat(tmp_path: Path) -> None:
    """The facilitator is notified, and can give the seat back."""
    program = bot(tmp_path, "for turn in turns(): os._exit(7)")
    lines = ["stop at nothing", "advance 60d", "seats", "seat ARD human", "programs"]
    there, shown = live(tmp_path / "run", {"ARD": f"program:{program}"}, lines)
    assert "ARD: the program has failed: it ended with status 7" in shown
    assert "ARD: 3 failures in a row; the model takes the seat" in shown
    assert "ARD    model" in shown
    assert kinds(there.path, "wargame") == ["decision.missed"] * 3 + ["seat"]
    assert verified(tmp_path / "run")


def test_a_program_goes_on_once_the_seat_is_given_back(tmp_path: Path) -> None:
    """It had failed three times, and failures before do not count again."""
    started = tmp_path / "starts.txt"
    body = f"""
with open({str(started)!r}, "a+") as file:
    print("started", file=file)
    file.seek(0)
    broken = len(file.readlines()) <= 4  # the first start is the greeting
for turn in turns():
    if broken: os._exit(7)
    send(type="act", id=turn["id"])
"""
    lines = ["stop at nothing", "advance 30d", "seat ARD human", "advance 30d", "programs"]
    there, shown = live(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, lines)
    assert shown.count("3 failures in a row; the model takes the seat") == 1
    assert "pass" in kinds(there.path, "test bot 1 (program:bot.py)")
    assert verified(tmp_path / "run")


def test_a_failure_can_stop_the_clock(tmp_path: Path) -> None:
    """With `stop` the decision remains due, and people decide."""
    program = bot(tmp_path, "for turn in turns(): os._exit(7)")
    there, shown = live(tmp_path / "run", {"ARD": f"program:{program}"}, ["advance 60d"], failed="stop")
    assert "PAUSEX: ARD=program:bot.py: the program has failed" in shown
    assert there.exercise.commands.seats.dues
    assert there.exercise.now - there.exercise.calendar.startex < 10 * 86400


def test_a_crash_of_the_exercise_loses_nothing_that_a_program_did(tmp_path: Path) -> None:
    """Without its end, the folder is resumed without the program, and goes on with it if it is named."""
    program = bot(tmp_path, ORDERS)
    live(tmp_path / "run", {"ARD": f"program:{program}"}, ["advance 20d"])
    again = resumed(tmp_path / "run")
    assert again.exercise.now - again.exercise.calendar.startex == 20 * 86400
    before = len(again.log.lines)
    there, _ = live(again, {"ARD": f"program:{program}"}, ["advance 20d"])
    assert len(there.log.lines) > before
    transcript = [json.loads(line) for line in (tmp_path / "run/brains/ARD.jsonl").read_text("utf-8").splitlines()]
    ids = [line["id"] for line in transcript if line["type"] == "turn"]
    assert ids == [f"0.{number}" for number in range(1, len(ids) + 1)]
    assert json.loads((tmp_path / "run/brains/usage.json").read_text("utf-8"))["ARD"]["turns"] == len(ids)
    assert verified(tmp_path / "run")


def test_a_program_that_does_not_start_leaves_no_folder(tmp_path: Path) -> None:
    """The user learns at once that the program is wrong."""
    bot(tmp_path, "sys.exit(3)")
    words = ("play", "two-rivals", "--seat", "ARD=program:bot.py", "--script", "script.txt", "--out", "run")
    (tmp_path / "script.txt").write_text("next\n")
    done = inside(*words, cwd=tmp_path)
    assert "ARD=program:bot.py: no answer to hello" in done.stderr
    assert not (tmp_path / "run").exists()


def test_an_adviser_proposes_and_nothing_happens_by_itself(tmp_path: Path) -> None:
    """The proposal is shown as commands that the person could give."""
    adviser = brain_of("ARD", f"program:{bot(tmp_path, ORDERS)}")
    lines = ["stop at decisions", "advance 10d", "advice ARD"]
    there, shown = live(tmp_path / "run", {"ARD": "human"}, lines, advisers=[adviser])
    assert "ADVICE of test bot 1 (program:bot.py); you decide:" in shown
    assert 'order protest BRL --why "first"' in shown or "order " in shown
    assert not [entry for entry in there.path if entry.kind in ("order", "pass")]
    assert there.exercise.commands.seats.dues
    assert (there.folder.path / "brains/ARD.adviser.jsonl").stat().st_size > 0
    assert verified(tmp_path / "run")


def test_a_seat_without_adviser_says_how_to_get_one(tmp_path: Path) -> None:
    """The message names the option."""
    program = bot(tmp_path, PASSES)
    lines = ["advice BRL", 'draft "a storm"']
    _, _ = live(tmp_path / "run", {"ARD": f"program:{program}"}, ["programs"])
    script = tmp_path / "script.txt"
    script.write_text("\n".join(lines))
    words = ("play", "two-rivals", "--seat", f"ARD=program:{program}", "--script", "script.txt", "--out", "other")
    assert "BRL has no adviser (start with --adviser BRL=llm:MODEL)" in inside(*words, cwd=tmp_path).stderr


def drafting(first: str, then: str = "") -> Any:
    """A model that drafts, and drafts otherwise after problems were reported."""

    def model(body: dict[str, Any]) -> Answer:
        corrected = any("This was refused:" in message["content"] for message in body["messages"])
        return completion(json.dumps({"how": "answer", "inject": then if corrected and then else first}))

    return model


GOOD = "id: storm\ntitle: A storm\nchannel: News\nmessage: A storm closes the strait."


def test_a_draft_is_checked_and_released_by_a_person_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong draft is corrected; the draft waits until a person adds it, and then until a person releases it."""
    wrong = GOOD.replace("News", "Telepathy")
    with fake_endpoint(drafting(wrong, GOOD)) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        monkeypatch.setenv(KEY, "sk-secret-9")
        lines = ['draft "a storm"', "draft", "draft add 1", "msel storm", "advance 20d", "release storm"]
        there, shown = live(tmp_path / "run", {}, lines, drafter="llm:tiny")
    assert "Telepathy" in json.dumps(endpoint.requests[1][1]["messages"])
    assert "Draft 1 of llm:tiny, checked; draft add 1 adds it to the MSEL" in shown
    assert "1  a storm" in shown.splitlines()
    released = [record for record in there.records if record.kind == "inject.released" and record.about == "storm"]
    assert [record.t - there.exercise.calendar.startex for record in released] == [20 * 86400]
    assert verified(tmp_path / "run")
    assert not [
        path for path in (tmp_path / "run").rglob("*") if path.is_file() and b"sk-secret-9" in path.read_bytes()
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"{GOOD}\nat: D+3", "leave out at"),
        (f"{GOOD}\neffects: {{tension: +0.5}}", "leave out effects"),
        ("I would suggest a storm.", "it is not one YAML mapping"),
        (GOOD.replace("id: storm", "id: collision"), "collision"),
    ],
)
def test_a_draft_with_problems_is_never_kept(tmp_path: Path, text: str, problem: str) -> None:
    """It has no time, no effects and no id of another inject. Any program can draft."""
    body = f"""
for line in sys.stdin:
    send(type="ruling", id=json.loads(line)["id"], judgement={{"how": "answer", "inject": {text!r}}})
"""
    drafter = f"program:{bot(tmp_path, body)}"
    _, shown = live(tmp_path / "run", {}, ['draft "a storm"', "draft"], drafter=drafter)
    assert "has no answer: all its answers were refused, most recently: the inject: " in shown
    assert problem in shown
    assert "There are no drafts" in shown


def test_a_program_that_is_still_thinking_is_ended_with_the_exercise(tmp_path: Path) -> None:
    """It is told that the exercise has stopped, although it has not answered."""
    ended = tmp_path / "ended.txt"
    program = bot(tmp_path, f"for message in messages(): open({str(ended)!r}, 'a').write(message['type'] + ' ')")
    there = session(tmp_path / "run")
    specs = split_seats((("ARD", f"program:{program}"),))[1]
    service = live_programs(Players(specs=specs, conditions=Conditions(), llm=LlmOptions()))

    async def leave_during_a_turn() -> None:
        shared = SharedSession(Console(there), lambda _: None)
        async with service(shared):
            there.submit("advance", to=there.exercise.now + 40 * 86400)
            await asyncio.sleep(0)
        await shared.close()

    asyncio.run(leave_during_a_turn())
    there.close()
    assert "end" in ended.read_text().split()


@pytest.mark.slow
def test_a_language_model_plays_a_live_seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a run."""
    with fake_endpoint(first_choice) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        there, _ = live(tmp_path / "run", {"ARD": "llm:tiny-1"}, ["advance 15d"])
    assert kinds(there.path, "llm tiny-1 (llm:tiny-1)").count("order") >= 1
    assert verified(tmp_path / "run")


def test_a_demand_calls_upon_the_program_of_the_government(tmp_path: Path) -> None:
    """It has a turn when the demand is put to it, with no decision due."""
    program = bot(tmp_path, PASSES)
    seats = (("ARD", "human"), ("BRL", "script"), ("CND", "script"))
    OPEN.append(Session.create(load(str(SECRETS)), 5, Settings(seats=seats), Destination(out=tmp_path / "run")))
    there, _ = live(OPEN[-1], {"ARD": f"program:{program}"}, ["order BRL demand_it ARD --force", "advance 10d"])
    (demand,) = [record for record in there.records if record.kind == "demand"]
    lines = map(json.loads, (tmp_path / "run/brains/ARD.jsonl").read_text("utf-8").splitlines())
    turns = [line for line in lines if line["type"] == "turn" and line["now"] == demand.at[:16] + demand.at[19:]]
    assert [turn["due"] for turn in turns] == [[]]
