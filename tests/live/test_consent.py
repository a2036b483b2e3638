"""The script and chance do not act for a person; what is sent otherwise than a person means it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.engine import changed, loaded, run
from support.live import console, output_of, session, verified
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.journal.records import Record
from wargame.live.console.console import Console
from wargame.scenario.model import ActionSpec, Hazard
from wargame.seat.feed import record_line

MARK = "asks Brel, a human seat, before it acts for it"
DRILL = "id: drills, title: Drills, at: D+2, audience: [ARD], action: {by: BRL, option: patrol, to: ARD}"


def actions(there: Console, by: str) -> list[Record]:
    """The actions of a government since STARTEX."""
    startex = there.session.exercise.calendar.startex
    return [each for each in there.session.records if each.kind == "action" and each.who == by and each.t >= startex]


def drilled(folder: Path, *lines: str) -> Console:
    """An exercise in which the script would patrol for Brel on the third day, and ten days later."""
    there = console(folder, seats=(("BRL", "human"),))
    output_of(
        there, "stop at nothing", "skip night_drill", f"inject {{{DRILL}}}", "advance 2d 1h", *lines, "advance 8d"
    )
    return there


def test_the_script_does_not_act_for_a_person(tmp_path: Path) -> None:
    """Its action is proposed, and is not carried out without an answer."""
    there = drilled(tmp_path / "x")
    proposed = [record for record in there.session.records if record.kind == "procedure.proposed"]
    assert [record_line(there.session.exercise, each) for each in proposed] == [
        "Brel is asked for its consent: sends patrols into the strait (Arda)"
    ]
    assert not actions(there, "BRL")
    assert [each for each in there.session.records if each.kind == "procedure.expired"]
    there.session.close()
    assert verified(tmp_path / "x")


def test_what_a_person_accepts_is_carried_out(tmp_path: Path) -> None:
    """By its seat, at the time that the proposal names."""
    there = drilled(tmp_path / "x", "accept BRL 1")
    (action,) = actions(there, "BRL")
    proposal = next(each for each in there.session.records if each.kind == "procedure.proposed")
    assert (action.about, action.t) == ("patrol", proposal.until)  # type: ignore[attr-defined]  # a proposal
    there.session.close()
    assert verified(tmp_path / "x")


def test_what_a_person_refuses_is_not_carried_out(tmp_path: Path) -> None:
    """And is not called late."""
    there = drilled(tmp_path / "x", "refuse BRL 1")
    assert not actions(there, "BRL")
    assert not [each for each in there.session.records if each.kind == "procedure.expired"]


def test_a_seat_reads_what_it_is_asked_and_not_by_which_inject(tmp_path: Path) -> None:
    """The id and the title of the inject stay with the white cell."""
    there = drilled(tmp_path / "x")
    read = "\n".join(output_of(seat(there, "BRL"), "inbox"))
    assert (
        "PROPOSAL 1: Your staff asks for your consent: Brel sends patrols into the strait (Arda) at 2030-01-03" in read
    )
    assert "drills" not in read.lower()


def test_the_script_acts_for_the_model(tmp_path: Path) -> None:
    """As written, at its time."""
    there = console(tmp_path / "x", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "skip night_drill", f"inject {{{DRILL}}}", "advance 2d 1h")
    assert [each for each in actions(there, "BRL") if each.about == "patrol"]


def test_chance_does_not_act_for_a_person() -> None:
    """The artillery of North Korea fires by chance in the hands of the model, and asks a person."""
    guns = Hazard(title="Guns", rate="40", bound=40.0, action=ActionSpec(by="BRL", option="patrol", to="ARD"))
    for kind, expected in (("model", "action"), ("human", "procedure.proposed")):
        records = run(changed(loaded(), hazards={"guns": guns}), 3, 60, seats=(("BRL", kind),)).records()
        seq = next(raw[0] for raw in records if raw[2] == "hazard")
        assert next(raw[2] for raw in records if seq in raw[5]) == expected


def test_an_inject_that_would_act_for_a_human_seat_is_marked(tmp_path: Path) -> None:
    """In the list, in the details and once at STARTEX, until it is skipped."""
    there = console(tmp_path / "x", seats=(("BRL", "human"),))
    (line,) = [line for line in there.greeting() if line.startswith("The script proposes")]
    assert line == "The script proposes actions to human seats: night_drill (to BRL); skip or edit prevents it."
    (listed,) = [line for line in output_of(there, "msel") if MARK in line]
    assert listed.startswith("night_drill ")
    remedy = f'{MARK}: skip night_drill prevents it; edit night_drill action "" keeps the inject without it'
    assert remedy in output_of(there, "msel night_drill")
    output_of(there, 'edit night_drill action ""')
    assert not [line for line in output_of(there, "msel", "msel night_drill") if MARK in line]


def test_a_message_in_the_name_of_a_human_seat_is_named(tmp_path: Path) -> None:
    """By its code or its name as the sender."""
    there = console(tmp_path / "x", seats=(("BRL", "human"),))
    output_of(there, 'inject cable "Stop the patrols" --to ARD --at D+3 --id warning', "edit warning sender Brel")
    assert "The script sends messages in the name of human seats: warning (of BRL)." in there.greeting()
    assert [line for line in output_of(there, "msel") if "is sent in the name of Brel, a human seat" in line]


def test_nothing_is_marked_where_no_person_is_concerned(tmp_path: Path) -> None:
    """The script may act for the model."""
    there = console(tmp_path / "x", seats=(("ARD", "human"),))
    shown = [*there.greeting(), *output_of(there, "msel")]
    assert not [line for line in shown if "before it acts" in line or "The script" in line]


@pytest.mark.slow
def test_what_comes_only_after_endex_is_not_named(tmp_path: Path) -> None:
    """The exercises of March 2018 and later are not proposed to Washington where ENDEX is in August 2017."""
    korea = Console(session(tmp_path / "x", 1, "korea-2017", seats=(("USA", "human"),), until="2017-08-30"))
    (line,) = [line for line in korea.greeting() if line.startswith("The script proposes")]
    assert line == (
        "The script proposes actions to human seats: ufg_2017 (to USA), us_rok_summit (to USA); "
        "skip or edit prevents it."
    )
    output_of(korea, "delay ufg_2017 30d")
    assert not [line for line in korea.greeting() if "ufg_2017" in line]


def test_what_follows_something_close_to_endex_is_not_named(tmp_path: Path) -> None:
    """Its delay ends after ENDEX."""
    there = console(tmp_path / "x", seats=(("BRL", "human"),), until="D+30")
    act = "action: {by: BRL, option: patrol, to: ARD}"
    for name, delay in (("soon", "5d"), ("late", "11d")):
        output_of(there, f"inject {{id: {name}, title: Follows, after: {{inject: collision, delay: {delay}}}, {act}}}")
    (line,) = [line for line in there.greeting() if line.startswith("The script proposes")]
    assert "soon" in line
    assert "late" not in line


def test_an_inject_that_may_act_again_stays_marked(tmp_path: Path) -> None:
    """One with repeats left, after its first release."""
    there = console(tmp_path / "x", seats=(("BRL", "human"),))
    output_of(there, "stop at nothing", "skip night_drill")
    given = "id: drills, title: Drills, when: tension >= 0, repeat: 3, cool_down: 10d"
    output_of(there, f"inject {{{given}, action: {{by: BRL, option: trade, to: ARD}}}}", "advance 1d")
    (listed,) = [line for line in output_of(there, "msel all") if line.startswith("drills ")]
    assert MARK in listed


def test_the_log_has_the_orders_of_the_facilitator(tmp_path: Path) -> None:
    """Beside those of seats; what the facilitator has typed is no news at the same console."""
    there = console(tmp_path / "x", seats=(("BRL", "human"),))
    output_of(there, "order BRL talk ARD", "hold collision")
    order, hold = output_of(there, "log 2")
    assert order.endswith("The facilitator orders for Brel: offers talks (Arda)")
    assert hold.endswith("The facilitator: hold collision")


def test_a_seat_reads_who_has_ordered_in_its_name(tmp_path: Path) -> None:
    """What the facilitator orders or passes says so; what the seat itself orders does not."""
    there = console(tmp_path / "x", seats=(("ARD", "human"),))
    ard = seat(there, "ARD")
    output_of(there, "stop at nothing", "advance 40d", "pass ARD", 'order ARD trade BRL --why "a"')
    output_of(ard, "order talk BRL")
    ordered = [line[18:] for line in output_of(ard, "inbox") if line[18:].startswith(("Ordered", "Passed"))]
    assert ordered[1] == "Ordered: eases trade (Brel), entered by EXCON"
    assert ordered[-1] == "Ordered: offers talks (Brel)"
    assert len(ordered) == 3
    assert all(line.endswith(", entered by EXCON") for line in ordered[:-1])


def test_a_chance_event_that_may_be_proposed_is_named(tmp_path: Path) -> None:
    """The artillery of North Korea may fire by chance."""
    korea = Console(session(tmp_path / "x", 1, "korea-2017", seats=(("PRK", "human"),)))
    assert [line for line in korea.greeting() if line.startswith("Chance may propose actions to human seats: ")]


def test_one_word_that_is_no_option_is_refused_with_the_way_to_send_it(tmp_path: Path) -> None:
    """It could be a misspelt option; the refusal names free text."""
    there = console(tmp_path / "x", seats=(("ARD", "human"),))
    remedy = 'there is no option of ARD .* in free text write more than one word, in quotes: order "mediate at once"'
    with pytest.raises(UsageFault, match=remedy):
        output_of(seat(there, "ARD"), "order mediate")
    assert not there.session.exercise.commands.adjudication.requests


def test_a_second_recipient_does_not_become_text(tmp_path: Path) -> None:
    """A list of recipients has commas and no spaces; a quoted text may begin with the code of a government."""
    korea = Console(session(tmp_path / "x", 1, "korea-2017", seats=(("KOR", "human"),)))
    kor = seat(korea, "KOR")
    with pytest.raises(UsageFault, match='message PRK,CHN "Let us talk"'):
        output_of(kor, 'message PRK CHN "Let us talk"')
    with pytest.raises(UsageFault, match='tell KOR,CHN "Wait"'):
        output_of(korea, 'tell KOR CHN "Wait"')
    for verb in ("offer", "demand", "vote"):
        with pytest.raises(UsageFault, match=f'{verb} PRK,CHN "Shall we talk'):
            output_of(kor, f'{verb} PRK CHN "Shall we talk?"')
    assert not [record for record in korea.session.records if record.kind in ("message", "offer", "vote")]
    assert output_of(kor, 'message PRK "CHN moves troops"') == ["Sent to North Korea."]
    assert output_of(kor, 'message PRK,CHN "Let us talk"') == ["Sent to North Korea, China."]


def test_the_last_of_several_voters_follows_an_and(tmp_path: Path) -> None:
    """A list in a sentence ends with 'and'."""
    korea = Console(session(tmp_path / "x", 1, "korea-2017", seats=(("KOR", "human"),)))
    output_of(seat(korea, "KOR"), 'vote PRK,CHN,USA "Shall we meet?"')
    (vote,) = [record for record in korea.session.records if record.kind == "vote"]
    said = record_line(korea.session.exercise, vote)
    assert said == "South Korea calls a vote of North Korea, China and the United States: Shall we meet?"
