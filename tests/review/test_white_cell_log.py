"""What the review states about the white cell: forced orders, commands that were undone, judgements, late seats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support.live import console, output_of
from wargame.journal.folder import Folder
from wargame.journal.sentences import headline
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


def test_a_rating_of_an_objective_that_was_replaced_says_so(tmp_path: Path) -> None:
    """Of the same author; the last one counts."""
    findings = _reviewed(
        tmp_path / "run", "advance 2d", 'rate signals U "too slow"', 'rate signals M "in the end"', "endex"
    )
    texts = [row["text"] for row in findings.remarks if row["sort"] == "rating"]
    assert texts == ["U: too slow (replaced by a later rating)", "M: in the end"]


@pytest.mark.parametrize("order", ["strike BRL --force", "trade BRL"])
def test_an_order_of_the_facilitator_is_no_order_of_the_seat(tmp_path: Path, order: str) -> None:
    """An evaluator who is asked to judge it reads who gave it."""
    folder = tmp_path / "run"
    _reviewed(folder, "advance 1d", "release collision", f'order ARD {order} --why "as told"', "endex")
    (candidate,) = [r for r in open_findings(Folder(folder)).source.records if r.kind == "expected.candidate"]
    assert "order by the white cell #" in headline(candidate)
    assert headline(candidate).endswith("in the name of ARD, for the evaluator to judge")


def test_an_inject_that_is_released_by_hand_at_startex_expects_actions_of_people(tmp_path: Path) -> None:
    """So that nobody is said to have missed what an evaluator should judge."""
    findings = _reviewed(tmp_path / "run", "release collision", "advance 40d", "endex")
    statuses = {row["who"]: row["status"] for row in findings.expected_actions if row["inject"] == "collision"}
    assert statuses["ARD"] == "undecided"
