"""An order records what it answers: what its seat names, else a recent due decision. The review says no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, verified
from support.terminals import seat
from support.web_pages import seat_viewer
from wargame.errors import UsageFault
from wargame.journal.folder import Folder
from wargame.journal.records import Record
from wargame.journal.trace import trace
from wargame.live.console.console import Console
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.turning_points import chain
from wargame.seat.feed import feed
from wargame.web.screens import seat as seat_screen

COLLISION = "Inject 'A patrol boat and a trawler collide'"


@pytest.fixture
def there(tmp_path: Path) -> Console:
    """An exercise with two human seats, at STARTEX."""
    place = console(tmp_path / "r", seats=(("ARD", "human"), ("BRL", "human")))
    output_of(place, "stop at nothing")
    return place


def _close(there: Console) -> Findings:
    output_of(there, "advance 5d")
    folder = there.session.folder.path
    there.session.close()
    assert verified(folder)
    return open_findings(Folder(folder))


def _order(there: Console, about: str = "order") -> Record:
    return next(r for r in reversed(there.session.records) if r.kind == "command" and r.about == about)


def _collision(there: Console) -> Record:
    return next(r for r in there.session.records if r.kind == "inject.released" and r.about == "collision")


def _action(findings: Findings) -> Record:
    return next(r for r in reversed(findings.source.records) if r.kind == "action")


def _texts(findings: Findings) -> list[str]:
    return [link.text for link in chain(findings.source, _action(findings))]


def test_an_order_answers_the_decision_that_is_due_on_its_dossier(there: Console) -> None:
    """And not the one on another dossier."""
    output_of(there, "advance 9d")
    due = next(r for r in there.session.records if r.kind == "decision.due" and (r.who, r.about) == ("ARD", "strait"))
    output_of(seat(there, "ARD"), "order talk BRL")
    assert (_order(there).cause, _order(there).data["answers"]) == ((due.seq,), due.seq)
    assert "on its own initiative" not in " ".join(_texts(_close(there)))


def test_a_due_decision_of_months_ago_is_not_answered(there: Console) -> None:
    """It was due since January; the order of June is one on the own initiative of the seat."""
    output_of(there, "advance 150d")
    assert ("ARD", "strait") in there.session.exercise.commands.seats.dues
    output_of(seat(there, "ARD"), 'order talk BRL --why "a new start"')
    assert _order(there).cause == ()
    findings = _close(there)
    assert _texts(findings) == ["Arda orders it on its own initiative: 'a new start'", "Arda offers talks (Brel)"]
    assert findings.source.because(_action(findings)) == "ordered on its own initiative on 31 May 2030: 'a new start'"


def test_an_order_does_not_answer_an_inject_that_it_does_not_name(there: Console) -> None:
    """The collision is ten days ago, and the seat decides on its trade."""
    output_of(there, "advance 31d")
    output_of(seat(there, "ARD"), "pass economy", "order trade BRL")
    assert _texts(_close(there))[0] == "Arda orders it on its own initiative"


def test_a_seat_names_the_message_that_it_answers(there: Console) -> None:
    """By the number of its inbox; the chain begins with the inject, months later as well."""
    output_of(there, "advance 100d")
    output_of(seat(there, "ARD"), "order talk BRL --re 1")
    assert _order(there).cause == (_collision(there).seq,)
    findings = _close(there)
    assert _texts(findings)[-3:] == [COLLISION, "Arda orders it", "Arda offers talks (Brel)"]
    because = findings.source.because(_action(findings))
    assert because.endswith("after inject 'A patrol boat and a trawler collide' (21 Jan 2030)")


def test_a_seat_names_a_dossier_or_nothing(there: Console) -> None:
    """A due decision by its dossier, also an old one and one on another dossier; `none` for nothing."""
    output_of(there, "advance 60d")
    arda, due = seat(there, "ARD"), there.session.exercise.commands.seats.dues["ARD", "economy"].seq
    output_of(arda, "order protest BRL --re economy")
    assert _order(there).cause == (due,)
    output_of(arda, "order talk BRL --re none")
    assert _order(there).data["answers"] is None
    output_of(arda, 'standing patrol BRL --when "tension > 0.9" --re economy')
    assert _order(there, "standing_order").cause == (due,)


def test_what_cannot_be_answered_is_refused_with_what_can(there: Console) -> None:
    """Nothing is ordered; the numbers of records are the white cell's."""
    output_of(there, "advance 9d")
    before = len(there.session.records)
    with pytest.raises(UsageFault, match=r"--re 7: nothing of this name can be answered \(.*strait.*; or none\)"):
        output_of(seat(there, "ARD"), "order talk BRL --re 7")
    with pytest.raises(UsageFault, match="nothing of this name"):
        output_of(seat(there, "ARD"), "order talk BRL --re #2")
    with pytest.raises(UsageFault, match="there is no record 999"):
        output_of(there, "order ARD talk BRL --re #999")
    assert len(there.session.records) == before


def test_an_order_of_the_white_cell_has_its_reason_and_its_cause(there: Console) -> None:
    """In `why`, on the first line and in the steps, and in the chain of the review."""
    output_of(there, "advance 21d")
    seq = _collision(there).seq
    output_of(there, f'order BRL strike ARD --force --re #{seq} --why "the storyline"')
    findings = _close(there)
    source = findings.source
    traced = trace(_action(findings).seq, source.index, source.titles)
    assert traced.summary == (
        "Ordered by the white cell for Brel on 22 Jan 2030: fires on ships (Arda). Reason given: 'the storyline'."
    )
    assert [step.record.kind for step in traced.steps] == ["action", "command", "inject.released"]
    assert traced.steps[1].details == ("reason given: 'the storyline'",)
    assert _texts(findings)[0] == COLLISION


def test_the_seat_does_not_see_the_number_of_the_record(there: Console) -> None:
    """It would tell how many records there are."""
    output_of(there, "advance 21d")
    output_of(seat(there, "ARD"), "order talk BRL --re strait", 'order "mediate at once" --re 1')
    items = feed(there.session.exercise, "ARD", there.session.records)
    own = [item.record.data for item in items if item.record.kind in ("command", "request")]
    assert own
    assert not any("answers" in data for data in own)


def test_the_order_form_offers_what_can_be_answered(there: Console) -> None:
    """The due decision of its dossier is chosen; the message and the other decision can be."""
    output_of(there, "advance 24d")
    strait = seat_screen.parts(seat_viewer(there, "ARD"))["orders.dossier-strait"]
    assert '<option value="strait" selected>the decision due on &#39;The strait&#39;</option>' in strait
    assert '<option value="1">message 1: A patrol boat and a trawler collide</option>' in strait
    assert '<option value="economy">' in strait
    assert '<option value="none">nothing: on our own initiative</option>' in strait
