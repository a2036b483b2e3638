"""A demand is called a demand wherever it is read, and a due decision says why it is due."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.seat.brief import brief
from wargame.web.access import FACILITATOR
from wargame.web.screens.control import parts as control_parts
from wargame.web.viewer import Viewer

PEOPLE = (("ARD", "human"), ("BRL", "human"))


@pytest.mark.parametrize("form", ["demand", "offer"])
def test_the_answer_names_the_form_of_what_it_answers(tmp_path: Path, form: str) -> None:
    """In the log, in the list of commands, and in the refusal of a second answer."""
    there = console(tmp_path / "x", seats=PEOPLE)
    output_of(there, "stop at nothing", "advance 1d")
    output_of(seat(there, "ARD"), f'{form} BRL "withdraw"')
    output_of(seat(there, "BRL"), "answer 1 no")
    assert f"Brel answers {form} 1: no" in "\n".join(output_of(there, "log 3"))
    assert f"answer of Brel to {form} 1: no" in "".join(
        control_parts(Viewer(there, FACILITATOR, 0, query={"view": "branches"})).values()
    )
    assert f"answers {form} 1 from Arda: no" in "\n".join(output_of(seat(there, "ARD"), "inbox"))
    with pytest.raises(UsageFault, match=f"has already answered {form} 1"):
        output_of(seat(there, "BRL"), "answer 1 yes")


def test_no_answer_is_chosen_beforehand(tmp_path: Path) -> None:
    """The white cell chooses yes or no for a government that no person plays."""
    there = console(tmp_path / "x", seats=PEOPLE[:1])
    output_of(there, "stop at nothing", "advance 1d")
    output_of(seat(there, "ARD"), 'demand BRL "withdraw"')
    page = "".join(control_parts(Viewer(there, FACILITATOR, 0, query={"view": "now"})).values())
    form = page[page.index('data-verb="answer"') :].partition("</form>")[0]
    assert "required" in form
    assert form.index('<option value="">choose') < form.index('<option value="yes"')
    assert "selected" not in form


def test_a_due_decision_says_why_it_is_due(tmp_path: Path) -> None:
    """What the seat has read of its causes, else the kind of meeting."""
    there = console(tmp_path / "x", seats=PEOPLE)
    output_of(there, "stop at nothing", "advance 20d", "pass ARD", "advance 2d")
    found = [each.why for each in brief(there.session.exercise, "ARD").obligations if each.kind == "decision"]
    read = "\n".join(output_of(seat(there, "ARD"), "inbox"))
    assert "collision in the strait" in "".join(found)
    assert all(part[:40] in read for why in found for part in why.split("; ") if "meeting" not in part)
    assert "because of: " in "\n".join(output_of(seat(there, "ARD"), "brief"))


def test_a_routine_decision_says_so(tmp_path: Path) -> None:
    """Nothing has called the meeting."""
    there = console(tmp_path / "x", seats=PEOPLE)
    output_of(there, "stop at nothing", "advance 6d")
    (owed,) = [each for each in brief(there.session.exercise, "ARD").obligations if each.kind == "decision"]
    assert owed.why == "a routine meeting"
