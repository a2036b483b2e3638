"""What the review states about the white cell: forced orders, commands that were undone, judgements, late seats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.live import console, output_of
from wargame.journal.folder import Folder
from wargame.review.findings.findings import Findings, open_findings

ARDA = (("ARD", "human"), ("BRL", "model"))


def _reviewed(folder: Path, *lines: str, seats: Sequence[tuple[str, str]] = ARDA) -> Findings:
    there = console(folder, seats=tuple(seats))
    output_of(there, "stop at nothing", *lines)
    there.session.close()
    return open_findings(Folder(folder))


def test_a_forced_order_has_its_result(tmp_path: Path) -> None:
    """Or states that it was not carried out before the end."""
    carried_out = _reviewed(tmp_path / "a", "advance 1d", 'order ARD strike BRL --force --why "planned"', "advance 3d")
    (row,) = [row for row in carried_out.adjudications if "fires on ships" in row["what"]]
    assert row["what"].endswith(", whatever its requirements; carried out on 3 Jan 2030")
    action = carried_out.source.index[row["evidence"][-1]]
    assert (action.kind, action.about) == ("action", "strike")
    pending = _reviewed(tmp_path / "b", "advance 1d", "order ARD strike BRL --force", "endex")
    (row,) = [row for row in pending.adjudications if "fires on ships" in row["what"]]
    assert row["what"].endswith("; not yet carried out at the end")


def test_an_advance_that_was_undone_is_taken_back(tmp_path: Path) -> None:
    """As after a rewind. Undoing another command takes no time back."""
    findings = _reviewed(
        tmp_path / "run", "advance 10d", "advance 5d", "undo", 'note "a"', "undo", "advance 2d", "endex"
    )
    assert findings.source.rewinds == ["2030-01-11T00:00:00+00:00"]


def test_a_seat_that_is_given_to_a_person_at_the_end_was_the_models(tmp_path: Path) -> None:
    """Unless that person still does something."""
    idle = _reviewed(tmp_path / "a", "advance 10d", "seat BRL human", "endex")
    assert idle.human_seats == {"ARD"}
    late = _reviewed(tmp_path / "b", "advance 10d", "seat BRL human", 'message BRL ARD "Good night."', "endex")
    assert late.human_seats == {"ARD", "BRL"}


def test_a_judgement_that_was_replaced_says_so(tmp_path: Path) -> None:
    """The one that counts is with its expected action."""
    findings = _reviewed(
        tmp_path / "run",
        *(
            "release collision",
            "advance 6d",
            'judge 1 late --why "by letter"',
            'judge 1 met --why "by telephone"',
            "endex",
        ),
    )
    texts = [row["text"] for row in findings.remarks if row["sort"] == "rating"]
    assert texts == ["late: by letter (replaced by a later judgement)"]
