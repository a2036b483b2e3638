"""The command log has who gave a command and the client's name of it; neither has an effect on the exercise."""

from __future__ import annotations

from pathlib import Path

from support.live import console, output_of, verified
from wargame.journal.command_log import read_commands
from wargame.live.console.console import Console
from wargame.live.console.roles import SCRIBE
from wargame.live.session.session import Session


def play(place: Path, by: str, key: str) -> Session:
    """A short exercise whose order is given by somebody."""
    there = console(place)
    output_of(there, "seat ARD human")
    with there.session.given(by, key):
        output_of(there, "order ARD talk BRL")
    output_of(there, "advance 3d")
    return there.session


def test_the_origin_is_in_the_line_and_leaves_the_journal_as_it_is(tmp_path: Path) -> None:
    """Also `verify` does not read it."""
    with_origin, without = play(tmp_path / "a", "p3", "k-17"), play(tmp_path / "b", "", "")
    for each in (with_origin, without):
        each.close()
    assert with_origin.folder.journal.read_bytes() == without.folder.journal.read_bytes()
    commands = read_commands(with_origin.folder.commands)
    assert [(line.by, line.key) for line in commands if line.kind == "order"] == [("p3", "k-17")]
    assert '"by"' not in without.folder.commands.read_text("utf-8")
    assert verified(with_origin.folder.path)


def test_what_an_undo_writes_again_keeps_its_author_and_not_its_key(tmp_path: Path) -> None:
    """The key is that of the line that the client gave."""
    there = console(tmp_path / "a")
    output_of(there, "advance 3d", "adjudicate tension=0.5")
    scribe = Console(there.session, there.wall, role=SCRIBE)
    with there.session.given("p4", "k-1"):
        output_of(scribe, 'note "so it began"')
    output_of(there, "undo")
    notes = [line for line in there.session.log.lines if line.kind == "note"]
    assert [(line.by, line.key or "") for line in notes] == [("p4", "k-1"), ("p4", "")]
    assert notes[-1] in there.session.path
