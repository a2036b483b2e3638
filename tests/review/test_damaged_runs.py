"""Runs whose journal or inputs are damaged, missing or incomplete: the review says so and shows the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.entry_point import wargame
from support.live import console, output_of
from support.run_tables import tables_of
from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import open_findings
from wargame.review.findings.source import open_run
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load


def test_a_changed_journal_is_reported(copy: Path) -> None:
    """The hash differs even if every line is a valid record."""
    journal = copy / "journal.jsonl"
    content = journal.read_bytes()
    journal.write_bytes(content.replace(b'"goldstein":4.0', b'"goldstein":-9.0', 1))
    assert journal.read_bytes() != content
    (note,) = open_run(copy).notes
    assert note.startswith("the journal has been changed since this run wrote it (wargame verify")


def test_unreadable_lines_of_a_journal_are_left_out(copy: Path) -> None:
    """The first note says which lines."""
    lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
    lines[5] = b'{"seq": "five"}\n'
    lines[7] = b"\xff\xfe\n"
    (copy / "journal.jsonl").write_bytes(b"".join(lines) + b'{"seq":')
    source = open_run(copy)

    assert len(source.records) == len(lines) - 2
    assert "2 of its lines cannot be read (line 6, 8)" in source.notes[0]
    assert "incomplete" in source.notes[1]


def test_a_run_without_inputs_still_has_a_review(copy: Path) -> None:
    """Only titles and plans are missing, and a note says so."""
    shutil.rmtree(copy / "inputs")
    source = open_run(copy)

    assert source.loaded is None
    assert "frozen inputs cannot be read" in source.notes[0]
    assert len(tables_of(copy).timeline()) > 0
    assert set(tables_of(copy).msel().planned) == {"by hand"}


def test_an_empty_journal_gives_empty_tables(copy: Path) -> None:
    """No function fails."""
    (copy / "journal.jsonl").write_bytes(b"")
    for name in ("timeline", "decisions", "escalation", "relations", "attention"):
        assert len(getattr(tables_of(copy), name)()) == 0


def test_an_incomplete_last_line_is_reported_before_the_summary(copy: Path) -> None:
    """In every format."""
    lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (copy / "journal.jsonl").write_bytes(b"".join(lines[:200]) + lines[200][:20])
    for form in ("html", "md"):
        text = render(open_findings(copy), form).decode()
        assert (
            "is incomplete" in text.partition("Executive summary</h2>" if form == "html" else "1. Executive summary")[0]
        )


def test_show_and_why_read_a_damaged_journal(tmp_path: Path) -> None:
    """They report what is wrong and show the rest; a shortened journal has no ENDEX."""
    folder = simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "r")).folder
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join([*lines[:60], b"garbage\n", *lines[61:]]))
    shown, traced = wargame("show", "r", cwd=tmp_path), wargame("why", "r", "50", cwd=tmp_path)
    assert (shown.returncode, traced.returncode) == (0, 0)
    assert "one of its lines cannot be read (line 61) and left out" in shown.stdout.replace("\n", " ")
    assert "one of its lines cannot be read" in traced.stderr
    folder.journal.write_bytes(b"".join(lines[:60]))
    shown = wargame("show", "r", cwd=tmp_path)
    assert "ENDEX" not in shown.stdout.split("\n\n")[0]
    assert "the rest of its journal is missing" in shown.stdout.replace("\n", " ")


def test_notes_on_abandoned_branches_are_in_the_review(tmp_path: Path) -> None:
    """A rewind does not remove what evaluators wrote before it."""
    there = console(tmp_path / "r")
    output_of(there, "advance 40d", 'note "NOTETHREE" --tag improve', "rewind D+30", 'note "after"', "advance 5d")
    there.session.close()
    done = wargame("report", "r", "--format", "md", "-o", "-", cwd=tmp_path)
    assert "Notes and ratings on abandoned branches, or undone" in done.stdout
    assert "note by the facilitator: NOTETHREE" in done.stdout
    page = wargame("report", "r", "-o", "-", cwd=tmp_path).stdout
    assert "<li>note by the facilitator: NOTETHREE</li>" in page
    assert "<li>note by the facilitator: after</li>" not in page
