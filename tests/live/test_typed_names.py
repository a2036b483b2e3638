"""Names in any case: each kind of name that a console takes, corrected in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.terminals import joined, seat, shared
from wargame.errors import UsageFault
from wargame.live.console.names import same_word
from wargame.scenario.loading.load import load

PAIRS = [
    ("order ard TALK brl", "order ARD talk BRL"),
    ('standing Ard Talk Brl --when "TENSION > 0.9 AND Trust[ard, BRL] < 0"',
     'standing ARD talk BRL --when "tension > 0.9 and trust[ARD, BRL] < 0"'),
    ("seat brl HUMAN", "seat BRL human"),
    ('message ard ALL "Hello ARD"', 'message ARD all "Hello ARD"'),
    ('tell Ard,brl "Hello"', 'tell ARD,BRL "Hello"'),
    ("pass ard STRAIT", "pass ARD strait"),
    ("hold Collision", "hold collision"),
    ("edit COLLISION Channel INTEL", "edit collision channel Intel"),
    ('inject NEWS "Riots" --to ard,BRL --id riots', 'inject news "Riots" --to ARD,BRL --id riots'),
    (
        'inject {id: riots, title: "Arda TO: brl", channel: intel, audience: [ard, Brl], when: TENSION > 0.9}',
        'inject {id: riots, title: "Arda TO: brl", channel: Intel, audience: [ARD, BRL], when: tension > 0.9}',
    ),
    ("adjudicate TRUST[ard,brl]=0.3", "adjudicate trust[ARD,BRL]=0.3"),
    ('action BRL "fires" --as STRIKE --effects "TENSION +0.1, Growth[ard] -0.1"',
     'action BRL "fires" --as strike --effects "tension +0.1, growth[ARD] -0.1"'),
    ('outcome CALM Occurred --why "so it is"', 'outcome calm occurred --why "so it is"'),
    ("rate SIGNALS p", "rate signals P"),
    ("objectives SIGNALS", "objectives signals"),
    ("brief ard NUMBERS", "brief ARD numbers"),
    ("msel COLLISION", "msel collision"),
    ("deadline 2d GAME Model", "deadline 2d game model"),
    ("stop AT Nothing", "stop at nothing"),
    ("until TENSION > 0.9", "until tension > 0.9"),
    ('note "Well done" --about COLLISION --tag Sustain', 'note "Well done" --about collision --tag sustain'),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "written"), PAIRS, ids=[typed for typed, _ in PAIRS])
def test_a_line_in_any_case_is_the_command_as_written(tmp_path: Path, typed: str, written: str) -> None:
    """Both give the same command and the same answer; texts stay as they are."""
    entries, answers = [], []
    for name, line in (("typed", typed), ("written", written)):
        there = console(tmp_path / name, seats=(("ARD", "human"),))
        output_of(there, "advance 9d")
        answers.append(output_of(there, line))
        last = there.session.path[-1]
        entries.append((last.kind, last.data))
    assert answers[0] == answers[1]
    assert entries[0] == entries[1]


def test_votes_and_answers_are_in_any_case(tmp_path: Path) -> None:
    """Also with choices of the facilitator's own."""
    there = console(tmp_path / "run")
    output_of(there, 'vote ard ALL "Where?" --choices Here,There', 'offer ARD BRL "a truce"')
    assert output_of(there, "ballot ard 1 HERE", "answer BRL 1 YES") == ["Arda has voted.", "Brel answers yes."]


def test_a_seat_may_leave_out_its_government_in_any_case(tmp_path: Path) -> None:
    """And it cannot order for another one, in any case."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 9d")
    (said,) = output_of(seat(there, "ARD"), "order ard TALK brl")
    assert said.startswith("Arda offers talks (Brel)")
    with pytest.raises(UsageFault, match="this is the seat of ARD"):
        output_of(seat(there, "ARD"), "order brl talk ARD")


def test_every_option_of_a_seat_is_known_in_any_case(tmp_path: Path) -> None:
    """Also the first one of each dossier, at a terminal that sees no more than its seat."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    options = [name for name, each in load("two-rivals").scenario.options.items() if not each.by or "ARD" in each.by]
    for name in options:
        output_of(seat(there, "ARD"), f'standing {name.upper()} BRL --when "tension > 0.99"')
    ordered = [entry.data["option"] for entry in there.session.path if entry.kind == "standing_order"]
    assert ordered == options


def test_a_terminal_joins_a_seat_in_any_case(tmp_path: Path) -> None:
    """As `wargame join --seat ard`; a wrong name is still refused."""
    there, _ = shared(tmp_path / "run", seats=(("ARD", "human"),))
    ard, _ = joined(there, "ard")
    assert ard.seat == "ARD"
    with pytest.raises(UsageFault, match="there is no government 'arx'"):
        joined(there, "arx")


def test_names_are_not_corrected_from_what_a_seat_may_not_know(tmp_path: Path) -> None:
    """A refusal repeats what was typed, not the id of an inject that the seat has not seen."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as refused:
        output_of(seat(there, "ARD"), 'standing talk BRL --when "count(COUP) >"')
    assert "coup" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "names", "word"),
    [("usa", ["USA", "PRK"], "USA"), ("us", ["USA"], "us"), ("a", ["A", "a"], "a"), ("aB", ["AB", "ab"], "aB")],
)
def test_a_word_is_replaced_only_with_a_single_name(text: str, names: list[str], word: str) -> None:
    """Names that differ in nothing but case must be typed exactly."""
    assert same_word(text, names) == word


@pytest.mark.parametrize(
    "line", ['message XXX ARD "a"', 'vote ARD,BRL ARD "a"', 'offer XXX ARD "a"', "answer XXX 1 yes"]
)
def test_an_unknown_sender_is_refused(line: str, tmp_path: Path) -> None:
    """With the names that there are."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault, match="ARD"):
        output_of(there, line)
