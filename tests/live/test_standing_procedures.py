"""Standing procedures in the seat of a person: proposed, accepted, refused, expired; what the facilitator chooses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.engine import changed, loaded
from support.live import OPEN, output_of, resumed, verified
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.executor.run import Destination
from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.console.news import news
from wargame.live.session.session import Session
from wargame.scenario.loading.load import load
from wargame.seat.brief import brief
from wargame.seat.obligations import proposed_procedures, standing_procedures
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

SMALL = Path(__file__).resolve().parents[1] / "data" / "small.yaml"
TEST = ("adjudicate trust[CCC,BBB]=-0.5", "stop at decisions", "order BBB test")
"""The premises of CCC's procedure `note`: it protests a day after it learns of a test of BBB, if it distrusts BBB."""


def exercise(folder: Path, kind: str = "human") -> Console:
    """The facilitator's console of a new exercise in which nobody acts but on orders, with this seat for CCC."""
    seats = (("AAA", "script"), ("BBB", "script"), ("CCC", kind))
    OPEN.append(Session.create(load(str(SMALL)), 1, Settings(seats=seats), Destination(out=folder)))
    return Console(OPEN[-1])


def records(there: Console, *kinds: str) -> list[Record]:
    """The records of CCC since STARTEX of these kinds."""
    return [r for r in there.session.records if r.kind in kinds and "CCC" in (r.who, r.data.get("government"))]


def proposed(there: Console) -> Record:
    """The procedure that the exercise stops for, after a test of BBB."""
    output_of(there, *TEST)
    while not (asked := records(there, "procedure.proposed")):
        output_of(there, "advance 30d")  # stops for each decision of CCC
    return asked[-1]


def test_nothing_is_done_for_a_person_unasked(tmp_path: Path) -> None:
    """The procedure is proposed and expires after its delay; the model would have acted."""
    there = exercise(tmp_path / "x")
    asked = proposed(there)
    assert asked.data["until"] == asked.t + 86400
    output_of(there, "advance 3d")
    assert not records(there, "action")
    (expired,) = records(there, "procedure.expired")
    assert (expired.t, expired.cause) == (asked.data["until"], (asked.seq,))
    model = exercise(tmp_path / "m", "model")
    output_of(model, *TEST, "seat CCC model", "advance 60d")
    assert [r.about for r in records(model, "action") if r.data["from"] == "procedure"] == ["protest"]
    assert not records(model, "procedure.proposed", "procedure.expired")


def test_what_a_person_accepted_is_done_when_the_model_has_the_seat() -> None:
    """Without an occasion, which binds the model alone."""
    base = load(str(SMALL))
    protest = replace(base.scenario.options["protest"], occasion="day < 0")
    small = changed(base, options={**base.scenario.options, "protest": protest})
    played = Exercise(small, 1, Settings(seats=(("AAA", "script"), ("BBB", "script"), ("CCC", "human"))))
    played.advance(played.calendar.startex + DAY)
    played.apply(Command(kind="set", data={"path": "trust[CCC, BBB]", "value": -0.5, "why": ""}))
    played.apply(Command(kind="order", data={"government": "BBB", "option": "test"}))
    while not proposed_procedures(played, "CCC"):
        assert not played.done
        played.advance(played.now + 3600)
    (asked,) = proposed_procedures(played, "CCC")
    data = {"government": "CCC", "number": asked.number, "answer": "accept"}
    played.apply(Command(kind="procedure.answer", data=data))
    played.apply(Command(kind="seat", data={"government": "CCC", "kind": "model"}))
    played.advance(played.now + 3 * DAY)
    done = [each for each in played.records() if each[2:5] == ("action", "CCC", "protest")]
    assert [each[6]["from"] for each in done] == ["procedure"]


@pytest.mark.slow
def test_a_person_in_seoul_decides_on_the_response_to_an_attack() -> None:
    """Without an order South Korea neither raises its alert nor invokes the alliance nor returns fire."""
    korea = Exercise(loaded("korea-2017"), 1, Settings(seats=(("KOR", "human"), ("PRK", "human"))))
    korea.advance(korea.calendar.startex + 1)
    attack = {"government": "PRK", "option": "border_artillery_attack", "target": "KOR", "forced": True}
    korea.apply(Command(kind="order", data=attack))
    before = len(korea.records())
    korea.advance(korea.now + 4 * DAY)
    after = [record for record in korea.records()[before:] if record[3] == "KOR"]
    asked = {record[6]["option"] for record in after if record[2] == "procedure.proposed"}
    assert asked == {"raise_alert", "invoke_pledge", "return_fire"}
    assert not [record for record in after if record[2] == "action"]


def test_the_clock_stops_for_a_proposal(tmp_path: Path) -> None:
    """It stops in the second of the proposal, and says for what."""
    there = exercise(tmp_path / "x")
    asked = proposed(there)
    assert there.session.exercise.now == asked.t + 1


def test_an_accepted_procedure_is_carried_out_at_the_end_of_its_delay(tmp_path: Path) -> None:
    """The action follows from the answer, and is marked for the seat and the white cell."""
    there = exercise(tmp_path / "x")
    asked = proposed(there)
    mine = seat(there, "CCC")
    (line,) = output_of(mine, "accept 1")
    assert "Celand accepts standing procedure 1: protests (Beland)" in line
    (answer,) = records(there, "procedure.answer")
    assert answer.cause == (asked.seq,)
    output_of(there, "advance 3d")
    (action,) = records(there, "action")
    assert (action.about, action.data["target"], action.t) == ("protest", "BBB", asked.data["until"])
    assert action.cause == (answer.seq,)
    assert "Celand protests (Beland), by standing procedure" in "\n".join(output_of(there, "log 5"))
    assert "Done: Celand protests (Beland), by standing procedure" in "\n".join(news(mine, [action]))


def test_a_refused_procedure_is_not_carried_out(tmp_path: Path) -> None:
    """An answer may be changed until the end of the delay, and is said only once."""
    there = exercise(tmp_path / "x")
    proposed(there)
    mine = seat(there, "CCC")
    output_of(mine, "accept")
    output_of(mine, "refuse 1")
    with pytest.raises(UsageFault, match="already refused"):
        output_of(mine, "refuse 1")
    output_of(there, "advance 3d")
    assert not records(there, "action", "procedure.expired")
    with pytest.raises(UsageFault, match="none is open"):
        output_of(mine, "accept 1")


def test_a_refusal_starts_no_cool_down(tmp_path: Path) -> None:
    """The next test proposes the procedure again, under the next number."""
    there = exercise(tmp_path / "x")
    proposed(there)
    output_of(there, "refuse CCC", "stop at nothing", "advance 3d")
    there.session.submit("order", government="BBB", option="test", forced=True)
    output_of(there, "advance 9d")
    assert [r.data["number"] for r in records(there, "procedure.proposed")][:2] == [1, 2]


def test_the_seat_sees_a_proposal_first(tmp_path: Path) -> None:
    """Its screen, its brief and its list show what it is asked, before anything is done; other seats see nothing."""
    there = exercise(tmp_path / "x")
    asked = proposed(there)
    mine, other = seat(there, "CCC"), seat(there, "AAA")
    (line,) = news(mine, [asked])
    assert "STANDING PROCEDURE 1: A note: Celand protests (Beland) at" in line
    assert "if you accept (accept 1 or refuse 1)" in line
    assert not news(other, [asked])
    assert [each.number for each in brief(there.session.exercise, "CCC").obligations] == [1]
    text = "\n".join(output_of(mine, "brief"))
    assert "accept 1 or refuse 1; without an answer it is not carried out" in text
    assert "accept 1 or refuse 1" in "\n".join(output_of(mine, "procedures"))


@pytest.mark.parametrize("about", ["CCC", "note"])
def test_the_facilitator_lets_procedures_act(tmp_path: Path, about: str) -> None:
    """Per seat or procedure: the seat is still informed first, and the procedure acts unless it is refused."""
    there = exercise(tmp_path / "x")
    output_of(there, f"procedures {about} act")
    asked = proposed(there)
    assert "unless you refuse (refuse 1)" in "\n".join(news(seat(there, "CCC"), [asked]))
    output_of(there, "advance 3d")
    (action,) = records(there, "action")
    assert (action.t, action.cause) == (asked.data["until"], (asked.seq,))


def test_a_procedure_that_acts_can_be_refused(tmp_path: Path) -> None:
    """A player has the last word."""
    there = exercise(tmp_path / "x")
    output_of(there, "procedures CCC act")
    proposed(there)
    output_of(seat(there, "CCC"), "refuse 1")
    output_of(there, "advance 3d")
    assert not records(there, "action")


def test_procedures_that_are_off_do_nothing(tmp_path: Path) -> None:
    """They are not proposed; what is open is withdrawn."""
    there = exercise(tmp_path / "x")
    proposed(there)
    output_of(there, "procedures CCC off")
    assert proposed_procedures(there.session.exercise, "CCC") == []
    output_of(there, "stop at nothing", "advance 15d", "order BBB test", "advance 15d")
    assert not records(there, "action", "procedure.expired")
    assert len(records(there, "procedure.proposed")) == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("procedures note off", "Standing procedure 'A note' is off"),
        ("procedures note act", "Standing procedure 'A note' acts unless you refuse"),
        ("procedures CCC propose", "Your standing procedures are proposed to you"),
    ],
)
def test_a_seat_is_told_what_its_procedures_do_from_now_on(tmp_path: Path, line: str, told: str) -> None:
    """By the title of the procedure, or for all procedures of the seat."""
    there = exercise(tmp_path / "x")
    before = len(there.session.records)
    output_of(there, line)
    assert told in "\n".join(news(seat(there, "CCC"), there.session.records[before:]))


def test_the_last_choice_counts(tmp_path: Path) -> None:
    """One for the seat replaces an earlier one for a procedure."""
    there = exercise(tmp_path / "x")
    output_of(there, "procedures note off", "procedures CCC act")
    assert there.session.exercise.procedures.mode("note") == "act"


def test_a_person_who_takes_the_seat_is_asked(tmp_path: Path) -> None:
    """What the model has started does not act for the person who follows."""
    there = exercise(tmp_path / "x", "model")
    output_of(there, *TEST)
    while not there.session.exercise.procedures.pending:
        output_of(there, "advance 6h")
    output_of(there, "seat CCC human")
    (asked,) = records(there, "procedure.proposed")
    output_of(there, "stop at nothing", "advance 3d")
    (expired,) = records(there, "procedure.expired")
    assert expired.t == asked.data["until"]
    assert not [r for r in records(there, "action") if r.data["from"] == "procedure"]


def test_the_model_takes_up_what_is_open(tmp_path: Path) -> None:
    """An unanswered proposal passes to the model with the seat, which acts by its procedures."""
    there = exercise(tmp_path / "x")
    proposed(there)
    output_of(there, "seat CCC model", "advance 3d")
    assert [r.data["from"] for r in records(there, "action") if r.about == "protest"][:1] == ["procedure"]


@pytest.mark.parametrize(("to", "action"), [("actor", "protests"), ("AAA", "protests (Aland)")])
def test_a_procedure_is_listed_with_its_target(to: str, action: str) -> None:
    """One towards whoever acted has no target before somebody acts."""
    base = load(str(SMALL))
    (name,) = [name for name, spec in base.scenario.procedures.items() if spec.government == "CCC"]
    procedures = {**base.scenario.procedures, name: replace(base.scenario.procedures[name], to=to)}
    exercise = Exercise(changed(base, procedures=procedures), 1, Settings())
    (note,) = standing_procedures(exercise, "CCC")
    assert note.action == action


def test_only_the_facilitator_chooses(tmp_path: Path) -> None:
    """A seat sees its own procedures and no others."""
    there = exercise(tmp_path / "x")
    mine = seat(there, "CCC")
    with pytest.raises(UsageFault, match="the facilitator decides"):
        output_of(mine, "procedures CCC off")
    assert output_of(mine, "procedures")[1:] == ["  propose  1d      A note"]
    assert output_of(there, "procedures")[1:] == ["  note  propose  1d      A note"]
    assert output_of(seat(there, "AAA"), "procedures") == ["Aland has no standing procedures."]


def test_answers_are_kept(tmp_path: Path) -> None:
    """Modes and answers are commands: the exercise resumes with them, and verifies."""
    there = exercise(tmp_path / "x")
    output_of(there, "procedures note propose")
    proposed(there)
    output_of(seat(there, "CCC"), "accept 1")
    there.session.close()
    again = Console(resumed(tmp_path / "x"))
    assert [each.answer for each in proposed_procedures(again.session.exercise, "CCC")] == ["accepted"]
    output_of(again, "advance 3d", "undo", "advance 3d")
    assert [r.about for r in records(again, "action")] == ["protest"]
    again.session.close()
    assert verified(tmp_path / "x")
