"""Commands through the API: once for each key, refused with the same words as at the console."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.live import console, journal, output_of, resumed
from support.web import Client, read_events, run, serving
from wargame.journal.command_log import CommandEntry
from wargame.journal.records import Record
from wargame.live.console.reply import Reply
from wargame.web.answers import OF_TERMINALS

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"),)}


def test_a_key_acts_once_also_after_the_server_was_started_again(tmp_path: Path) -> None:
    """The retry has the answer of the first time, and the command log has one order."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam", program=True)
            first = await sam.command("order", "talk", "BRL", key="once")
            again = await sam.command("order", "talk", "BRL", key="once")
            assert (first.status_code, first.json()["lines"]) == (again.status_code, again.json()["lines"])
            other = await sam.command("order", "protest", "BRL", key="once")
            assert (other.status_code, "another command" in other.text) == (422, True)
            token, session = sam.http.headers["Authorization"], there.session
        session.close()
        async with serving(resumed(tmp_path / "run")) as there:
            sam = there.client()
            sam.http.headers["Authorization"] = token
            del sam.http.headers["Origin"]
            after = await sam.command("order", "talk", "BRL", key="once")
            assert after.json()["lines"] == first.json()["lines"]
            log = [json.loads(line) for line in there.session.folder.commands.read_text("utf-8").splitlines()]
            assert [line["key"] for line in log if line["kind"] == "order"] == ["once"]

    run(steps())


def test_a_console_without_a_reader_changes_no_answer(tmp_path: Path) -> None:
    """Three posts with one key act once and have one answer; the facilitator is told of the console once."""

    def gone(_: Reply) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            there.shared._shows[there.shared.main] = gone
            sam, kim = await there.joined("ARD", "Sam"), await there.joined("facilitator", "Kim")
            answers = [await sam.command("message", "BRL", "hello", key="one") for _ in range(3)]
            assert {each.status_code for each in answers} == {200}
            moved = [await kim.command("advance", "1d", key="two") for _ in range(2)]
            assert {each.status_code for each in moved} == {200}
            assert [line.kind for line in there.session.log.lines] == ["message", "advance"]
            assert (await kim.http.get("/")).text.count("The console cannot be written to (Broken pipe)") == 1

    run(steps())


def test_the_facilitator_is_told_once_that_the_console_is_gone(tmp_path: Path) -> None:
    """In a notice on the open pages."""

    def gone(_: Reply) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            kim = await there.joined("facilitator", "Kim")
            there.shared._shows[there.shared.main] = gone
            async with kim.stream() as stream:
                for text in ("one", "two"):
                    await kim.lines("note", text)
                there.shared.announce("That is all.")
                notices: list[str] = []
                async for each in read_events(stream):
                    notices += each.data["lines"] if each.name == "notice" else []
                    if "That is all." in notices:
                        break
            assert [line for line in notices if "console" in line] == [f"! {there.session.console_fault}"]

    run(steps())


def test_a_screen_that_fails_changes_no_answer(tmp_path: Path) -> None:
    """What listens to records is no part of a command; what is wrong is reported, and the others hear of it."""

    def fails(_: list[Record]) -> None:
        raise ZeroDivisionError

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            shown: list[str] = []
            there.shared._shows[there.shared.main] = lambda reply: shown.extend(reply.typed())
            there.session.listeners.insert(0, fails)
            sam = await there.joined("ARD", "Sam")
            assert await sam.lines("message", "BRL", "hello") == ["Sent to Brel."]
            assert await sam.lines("message", "BRL", "again") == ["Sent to Brel."]
            assert len([line for line in shown if "ZeroDivisionError" in line]) == 1
            assert len([line for line in shown if "Arda to Brel" in line or "hello" in line]) >= 1
            assert len((await sam.http.get("/api/1/entries")).json()["entries"]) > 1

    run(steps())


def test_an_answer_that_fails_after_the_command_was_kept_says_that_it_was_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not refused, and a repetition does nothing."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            with monkeypatch.context() as patched:
                patched.setattr("wargame.live.console.talk_commands.information_requests", lambda *_: 1 / 0)
                first = await sam.command("rfi", "How far?", key="one")
            assert (first.status_code, "This was carried out" in first.text) == (200, True)
            assert (await sam.command("rfi", "How far?", key="one")).json()["lines"] == first.json()["lines"]
            assert [line.kind for line in there.session.log.lines] == ["rfi"]

    run(steps())


def test_commands_about_people_act_once_too(tmp_path: Path) -> None:
    """Their lines are in another file, and bear keys; also after a crash that has lost the answers."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, **HUMAN) as there:
            kim = await there.joined("facilitator", "Kim", program=True)
            token = kim.http.headers["Authorization"]
            for name in ("Sam", "Bo"):
                await there.client().join(there.code("ARD"), name)
            posted = [await kim.command("code", "ARD", "new", key="one") for _ in range(2)]
            assert posted[0].json()["lines"] == posted[1].json()["lines"]
            assert (await kim.command("admit", "all", key="two")).status_code == 200
        there.session.close()
        path = tmp_path / "run" / "access.jsonl"
        kept = [line for line in path.read_bytes().splitlines(keepends=True) if b'"answer"' not in line]
        path.write_bytes(b"".join(kept))
        async with serving(resumed(tmp_path / "run")) as there:
            again = Client(there.url, token.split()[1])
            there.clients.append(again)
            for key, words in (("one", ("code", "ARD", "new")), ("two", ("admit", "all"))):
                answer = await again.command(*words, key=key)
                assert (answer.status_code, "carried out before" in answer.text) == (200, True)
            lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            assert [line.get("key") for line in lines if line["kind"] == "admit"] == ["two", "two"]
            assert [line["kind"] for line in lines if line.get("key") == "one"] == ["code"]

    run(steps())


def test_a_command_that_changes_nothing_does_not_act_later(tmp_path: Path) -> None:
    """Asked again after a restart, it has the answer of the first time; what has come in between stays."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True) as there:
            kim = await there.joined("facilitator", "Kim", program=True)
            first = await kim.command("lock", "off", key="one")
            await kim.command("lock", key="two")
            token, session = kim.http.headers["Authorization"], there.session
        session.close()
        async with serving(resumed(tmp_path / "run"), lobby=True) as there:
            again = Client(there.url, token.split()[1])
            there.clients.append(again)
            assert (await again.command("lock", "off", key="one")).json()["lines"] == first.json()["lines"]
            assert "New people are refused" in (await again.lines("people"))[-1]

    run(steps())


def test_an_order_written_before_a_rewind_does_not_act_after_it(tmp_path: Path) -> None:
    """It is answered with 409 and the present epoch; nothing is logged."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            kim = await there.joined("facilitator", "Kim")
            await kim.lines("advance", "3d")
            await kim.lines("rewind", "D+1")
            before = len(there.session.log.lines)
            stale = await sam.command("order", "talk", "BRL", epoch=0)
            assert (stale.status_code, stale.json()["epoch"]) == (409, 1)
            assert len(there.session.log.lines) == before
            assert (await sam.command("order", "talk", "BRL", epoch=1)).status_code == 200

    run(steps())


def test_refusals_say_what_the_console_says(tmp_path: Path) -> None:
    """Each with its status."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            kim = await there.joined("facilitator", "Kim")
            deputy = await there.joined("deputy", "Lou")
            unknown = await sam.command("order", "tlk", "BRL")
            assert (unknown.status_code, "did you mean 'talk'" in unknown.text) == (422, True)
            verb = await kim.command("relese", "harvest")
            assert (verb.status_code, "did you mean 'release'" in verb.text) == (422, True)
            assert (await sam.command("release", "harvest")).status_code == 403
            assert (await deputy.command("rewind", "D+1")).status_code == 403
            assert (await kim.command("sit", "ARD")).status_code == 422
            assert (await kim.command("quit")).status_code == 422
            assert (await kim.command("noplay", "a fire alarm")).status_code == 200
            stopped = await sam.command("order", "talk", "BRL")
            assert (stopped.status_code, "NO PLAY" in stopped.text) == (423, True)

    run(steps())


def test_words_are_not_parsed_again(tmp_path: Path) -> None:
    """Quotation marks and dashes inside a word stay; the line of the control room is parsed as at the console."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            text = 'He said "no" --to BRL; it\'s over'
            await sam.lines("message", "BRL", text)
            assert there.session.path[-1].data["text"] == text
            kim = await there.joined("facilitator", "Kim")
            await kim.lines("", line='note "so be it" --tag improve')
            assert there.session.path[-1].data["text"] == "so be it"

    run(steps())


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "facilitate.md"


def guide() -> list[str]:
    """The lines of the exercise in the facilitator's guide."""
    block = re.search(r"<!-- file: exercise.txt -->\n```text\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    lines = [line for line in block[1].splitlines() if line.strip() and not line.startswith("# ")]
    return [line for line in lines if line.split()[0] not in OF_TERMINALS]


def commands_without_parts(entries: list[CommandEntry]) -> list[tuple[str, dict[str, Any]]]:
    """Kinds and data; a move of the clock that a server has made in parts counts once, and without its end."""
    rows = [(each.kind, dict(each.data)) for each in entries if not each.data.get("part")]
    for kind, data in rows:
        data.pop("to" if kind == "advance" else "at", None)
    return rows


def test_the_guides_exercise_through_the_api_gives_the_journal_of_the_console(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, and so does the command log but for times, persons, keys and the parts of a move of the clock."""
    monkeypatch.setattr("wargame.web.room_commands.RATE", 1000.0)
    lines = guide()
    typed = console(tmp_path / "console", **HUMAN)
    output_of(typed, *lines)

    async def steps() -> None:
        async with serving(tmp_path / "web", **HUMAN) as there:
            kim = await there.joined("facilitator", "Kim")
            for line in lines:
                assert await kim.lines("", line=line) is not None
            assert journal(there.shared.main) == journal(typed)
            ours, theirs = there.session.log.lines, typed.session.log.lines
            assert commands_without_parts(ours) == commands_without_parts(theirs)
            assert {each.by for each in ours} == {kim.id}

    assert len(lines) > 20
    run(steps())


def test_facilitators_see_each_others_commands(tmp_path: Path) -> None:
    """In the browser what is typed at the terminal, and at the terminal what comes from the browser."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            shown: list[str] = []
            there.shared._shows[there.shared.main] = lambda reply: shown.extend(reply.typed())
            kim = await there.joined("facilitator", "Kim")
            await kim.lines("hold", "collision")
            assert "Kim: hold collision" in shown
            there.shared.run(there.shared.main, "unhold collision")
            events = await kim.events(until=lambda seen: any("unhold" in str(each.data) for each in seen))
            assert events

    run(steps())
