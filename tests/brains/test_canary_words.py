"""A program receives nothing that its government may not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.bots import bot, play

CHATTY = """
log = open(__file__ + ".log", "ab")
partner = {"USA": "CUB", "SUN": "CUB", "CUB": "SUN"}[me]
for line in sys.stdin.buffer:
    log.write(line)
    log.flush()
    message = json.loads(line)
    if message["type"] == "hello":
        send(type="ready", name="canary of " + me)
    elif message["type"] == "turn":
        orders = [{"n": each["n"], "why": f"why_canary_{me}"} for each in message["choices"][:1] if message["due"]]
        texts = [{"to": [partner], "text": f"private_canary_{me}_{partner}"},
                 {"to": ["EXCON"], "text": f"excon_canary_{me}"}] if secret else []
        offers = [{"to": [partner], "text": f"offer_canary_{me}_{partner}"}] if secret else []
        send(type="act", id=message["id"], orders=orders, messages=texts, offers=offers)
"""
GOVERNMENTS = ("CUB", "SUN", "USA")


def received(folder: Path, *, secret: tuple[str, ...]) -> dict[str, bytes]:
    """What the programs of a short crisis received, by government; those of `secret` write to each other."""
    folder.mkdir()
    for name in GOVERNMENTS:
        bot(folder, f"me, secret = {name!r}, {name in secret}\n{CHATTY}", f"{name}.py")
    seats = {name: f"program:{folder}/{name}.py" for name in GOVERNMENTS}
    play(folder / "run", seats, scenario="cuba-1962", until="D+1")
    return {name: (folder / f"{name}.py.log").read_bytes() for name in GOVERNMENTS}


def keys_of(value: Any) -> set[str]:
    """All keys within a message."""
    if isinstance(value, dict):
        return set(value) | {each for one in value.values() for each in keys_of(one)}
    return {each for one in value for each in keys_of(one)} if isinstance(value, list) else set()


@pytest.fixture(scope="module")
def all_lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What each program received while all wrote secrets."""
    return received(tmp_path_factory.mktemp("canary") / "all", secret=GOVERNMENTS)


@pytest.mark.slow
def test_canary_words_of_other_seats_never_appear(all_lines: dict[str, bytes]) -> None:
    """Neither private messages, nor offers to others, nor reasons, nor letters to the white cell."""
    lines = all_lines
    assert b"private_canary_USA_CUB" in lines["CUB"]
    assert b"private_canary_SUN_CUB" in lines["CUB"]
    for name in GOVERNMENTS:
        for other in set(GOVERNMENTS) - {name}:
            assert f"why_canary_{other}".encode() not in lines[name]
            assert f"excon_canary_{other}".encode() not in lines[name]
            assert f"canary of {other}".encode() not in lines[name]
    for other in ("SUN", "CUB"):
        assert f"canary_{other}".encode() not in lines["USA"]


@pytest.mark.slow
def test_what_others_write_to_each_other_changes_nothing(tmp_path: Path) -> None:
    """The program of a third government receives the same bytes: no number counts what it may not know."""
    silent = received(tmp_path / "silent", secret=())
    secret = received(tmp_path / "secret", secret=("SUN", "CUB"))
    assert secret["SUN"] != silent["SUN"]
    assert secret["USA"] == silent["USA"]


def test_entries_are_counted_from_one_for_each_seat(all_lines: dict[str, bytes]) -> None:
    """The numbers of the journal appear nowhere."""
    for name, lines in all_lines.items():
        messages = [json.loads(line) for line in lines.splitlines()]
        entries = [entry["n"] for message in messages for entry in message.get("entries", ())]
        assert entries, name
        assert entries == list(range(1, len(entries) + 1))
        assert not {"seq", "cause", "record"} & {key for message in messages for key in keys_of(message)}
