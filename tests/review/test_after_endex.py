"""Reviews made after ENDEX, while the console is still open: they say how the exercise ended, and when."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from support.in_process import inside_json
from support.live import console, output_of
from wargame.journal import manifest as manifests
from wargame.journal.folder import Folder
from wargame.review.findings.findings import open_findings
from wargame.review.reports.writing import render

SEATS = (("ARD", "human"), ("BRL", "human"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The wall time of everything that is written; a test sets its only element."""
    times = ["2026-03-01T09:00:00+00:00"]
    monkeypatch.setattr(manifests, "now", lambda: times[0])
    return times


def _text(folder: Path, form: str) -> str:
    content = render(open_findings(Folder(folder)), form)
    if form != "docx":
        return content.decode()
    from docx import Document

    document = Document(io.BytesIO(content))
    return "\n".join(
        [*(each.text for each in document.paragraphs), *(c.text for t in document.tables for c in t._cells)]
    )


@pytest.mark.parametrize("form", ["md", "html", "docx"])
def test_a_review_of_a_paused_exercise_says_where_it_is_paused(tmp_path: Path, form: str) -> None:
    """With the date as in the rest of the review."""
    there = console(tmp_path / "r", seats=SEATS)
    output_of(there, "stop at nothing", "advance 5d", 'note "so far"')
    there.session.close()
    text = _text(tmp_path / "r", form)
    assert "This exercise is paused after record" in text
    assert "which is of 6 Jan 2030, 00:00" in text


@pytest.mark.parametrize(
    ("form", "last"),
    [
        ("md", 'endex "time"'),
        ("md", 'action ARD "fires" --as strike --to BRL'),
        ("md", "outcome war occurred --why x"),
        ("html", 'action ARD "fires" --as strike --to BRL'),
        ("docx", 'endex "time"'),
    ],
)
def test_a_review_before_quit_says_how_the_exercise_ended(tmp_path: Path, form: str, last: str) -> None:
    """By ENDEX, by an action or by a ruling; a note written afterwards changes nothing."""
    first = 'action BRL "fires" --as strike --to ARD'
    there = console(tmp_path / "r", seats=SEATS)
    output_of(there, "stop at nothing", "advance 3d", first, "advance 2d", last, 'note "after the end"')

    text = _text(tmp_path / "r", form)

    for false in ("in progress", "no outcome was defined", "cut short", "is not finished", "so far"):
        assert false not in text
    ending = "The exercise ended with ENDEX" if last.startswith("endex") else "War in the strait"
    assert ending in text
    assert "of 3 possible outcomes" in text


def test_an_exercise_that_goes_on_is_in_progress(tmp_path: Path) -> None:
    """Its outcomes have not occurred so far; that none was defined would be false."""
    there = console(tmp_path / "r", seats=SEATS)
    output_of(there, "stop at nothing", "advance 3d")
    text = _text(tmp_path / "r", "md")
    assert "in progress" in text
    assert "**Ended**: not finished" in text
    assert "cut short" not in text
    assert "none of 3 possible outcomes occurred so far" in text


def test_nothing_is_due_after_the_end(tmp_path: Path) -> None:
    """Decisions that nobody took stay open, but nobody can take them."""
    there = console(tmp_path / "r", seats=SEATS)
    assert "due: ARD strait" in " ".join(output_of(there, "stop at nothing", "advance 9d", "status"))
    assert "due: nothing" in " ".join(output_of(there, "endex", "status"))


@pytest.mark.parametrize(("until", "lasted"), [("2030-01-11 18:00", "10 days"), ("2030-01-11", "10 days")])
def test_the_days_of_an_exercise_are_those_of_its_clock(tmp_path: Path, until: str, lasted: str) -> None:
    """D+10 is ten days in the summary as well, also in the evening."""
    there = console(tmp_path / "r", seats=SEATS)
    output_of(there, "stop at nothing", f"until {until}", "endex")
    assert f"({lasted})" in _text(tmp_path / "r", "md")


def test_an_exercise_that_is_over_does_not_run(tmp_path: Path) -> None:
    """In the list of runs, while its console is open for the hot wash; before ENDEX it runs."""
    (tmp_path / "runs").mkdir()
    there = console(tmp_path / "runs" / "r", seats=SEATS)
    output_of(there, "stop at nothing", "advance 3d")
    assert [row["ended"] for row in inside_json("list", "runs", cwd=tmp_path)["runs"]] == ["running"]
    output_of(there, "endex", 'note "after the end"')
    assert [row["ended"] for row in inside_json("list", "runs", cwd=tmp_path)["runs"]] == ["endex"]


@pytest.mark.parametrize("last", ['endex "time"', "outcome war occurred --why x"])
def test_an_exercise_was_conducted_up_to_its_end(tmp_path: Path, clock: list[str], last: str) -> None:
    """And not up to the notes after it, or to `quit`."""
    there = console(tmp_path / "r", seats=SEATS)
    output_of(there, "stop at nothing", "advance 3d")
    clock[0] = "2026-03-01T11:30:00+00:00"
    output_of(there, last)
    clock[0] = "2026-03-01T12:15:00+00:00"
    output_of(there, 'note "a hot wash"', "outcome calm occurred --why later")
    assert "1 Mar 2026, 09:00 to 11:30 UTC" in _text(tmp_path / "r", "md")
    clock[0] = "2026-03-02T08:00:00+00:00"
    there.session.close()
    assert json.loads((tmp_path / "r" / "manifest.json").read_text("utf-8"))["finished"] == clock[0]
    assert "1 Mar 2026, 09:00 to 11:30 UTC" in _text(tmp_path / "r", "md")
