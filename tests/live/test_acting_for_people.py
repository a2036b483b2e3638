"""What acts for a person, or is sent otherwise than a person means it, is named before it happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, session
from support.terminals import seat
from wargame.errors import UsageFault
from wargame.live.console.console import Console
from wargame.seat.feed import record_line

MARK = "acts for Brel, a human seat"


def test_an_inject_that_acts_for_a_human_seat_is_marked(tmp_path: Path) -> None:
    """In the list, in the details and once at STARTEX, until it is skipped."""
    there = console(tmp_path / "x", seats=(("BRL", "human"),))
    (warning,) = [line for line in there.greeting() if line.startswith("Warning: ")]
    assert warning == "Warning: the script acts for human seats: night_drill (for BRL); skip or edit prevents it."
    (listed,) = [line for line in output_of(there, "msel") if MARK in line]
    assert listed.startswith("night_drill ")
    remedy = f'{MARK}: skip night_drill prevents it; edit night_drill action "" keeps the inject without it'
    assert remedy in output_of(there, "msel night_drill")
    output_of(there, 'edit night_drill action ""')
    assert not [line for line in output_of(there, "msel", "msel night_drill") if MARK in line]


def test_the_script_may_act_for_the_model(tmp_path: Path) -> None:
    """Nothing is marked where no person is concerned."""
    there = console(tmp_path / "x", seats=(("ARD", "human"),))
    assert not [line for line in [*there.greeting(), *output_of(there, "msel")] if "acts for" in line]


def test_what_comes_only_after_endex_is_not_named(tmp_path: Path) -> None:
    """The exercises of March 2018 and later do not act for Washington where ENDEX is in August 2017."""
    korea = Console(session(tmp_path / "x", 1, "korea-2017", seats=(("USA", "human"),), until="2017-08-30"))
    (warning,) = [line for line in korea.greeting() if line.startswith("Warning: the script")]
    assert warning == (
        "Warning: the script acts for human seats: ufg_2017 (for USA), us_rok_summit (for USA); "
        "skip or edit prevents it."
    )
    output_of(korea, "delay ufg_2017 30d")
    assert not [line for line in korea.greeting() if "ufg_2017" in line]


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


def test_a_chance_event_that_acts_for_a_human_seat_is_named(tmp_path: Path) -> None:
    """The artillery of North Korea may fire by chance."""
    korea = Console(session(tmp_path / "x", 1, "korea-2017", seats=(("PRK", "human"),)))
    assert [line for line in korea.greeting() if line.startswith("Warning: chance may act for human seats: ")]


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
