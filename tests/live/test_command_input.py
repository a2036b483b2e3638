"""Lines as people type them: quotes, options, slips."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.terminals import seat
from wargame.errors import UsageFault


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('inject intel "a mole" --audience ARD --now', "inject has no option --audience"),
        ('inject intel "a mole" --To ARD --now', "did you mean '--to'"),
        ('action ARD "a theft" --goldstein -3 --to BRL --covret', "did you mean '--covert'"),
        ('order ARD talk BRL --wy "peace"', "did you mean '--why'"),
        ("message ARD BRL Stop --immediately or else", "in quotes"),
        ("note yes --now", "note has no option --now"),
        ("forecast 90d --runs 5", "forecast has no option --runs"),
    ],
)
def test_an_option_that_there_is_not_is_refused_and_nothing_is_done(tmp_path: Path, line: str, hint: str) -> None:
    """A secret must not go to all because a word was misspelt, nor a text lose its middle."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    before = len(there.session.records)
    with pytest.raises(UsageFault, match=hint):
        output_of(there, line)
    assert len(there.session.records) == before


def test_a_text_in_quotes_is_kept_whole(tmp_path: Path) -> None:
    """Dashes and numbers in it are words like others; so are they in YAML."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    output_of(there, 'message ARD BRL "Stop --immediately or we go -n 5 times"', "message ARD BRL five -n 5 times")
    sent = [record.data["text"] for record in there.session.records if record.kind == "message"]
    assert sent == ["Stop --immediately or we go -n 5 times", "five -n 5 times"]
    assert output_of(there, "inject {id: leak, title: A leak, message: they --now know}") == [
        "Added to the MSEL: leak (release ID releases it now)"
    ]


def test_a_seat_is_told_its_own_usage(tmp_path: Path) -> None:
    """It does not name itself; who does so as sender of another is refused."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    mine = seat(there, "BRL")
    for line, usage in (("message", 'usage: message TO "TEXT"'), ("order", "usage: order OPTION [TARGET]")):
        with pytest.raises(UsageFault) as fault:
            output_of(mine, line)
        assert str(fault.value) == usage
    with pytest.raises(UsageFault, match="this is the seat of BRL"):
        output_of(mine, "message ARD BRL oops")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("log -1", "where N is a number from 1"),
        ("inbox ARD abc", "where N is a number from 1"),
        ("deadline 0d", "longer than 0"),
        ("until 1", "usage: until DATE|CONDITION, for example"),
        ('standing ARD talk BRL --when "tension > 0.9 and nosuch"', "uses nosuch, which does not exist"),
        ("inject just words", "not a template"),
        ("whatif order ARD blockade BRL", "this leader climbs"),
        ("rate collision met", "has not been released"),
        ("rate harvest met", "has no expected actions"),
        ("rate collision met --who XYZ", "there is no government 'XYZ'"),
    ],
)
def test_a_slip_is_told_with_what_would_be_right(tmp_path: Path, line: str, message: str) -> None:
    """And leaves the exercise as it was."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as fault:
        output_of(there, line)
    assert message in str(fault.value)
    assert there.session.head == 0


def test_an_inject_of_a_file_that_holds_none_is_refused(tmp_path: Path) -> None:
    """In words that say what is wanted."""
    (tmp_path / "list.txt").write_text("root:x:0:0\n")
    there = console(tmp_path / "run")
    with pytest.raises(Exception, match="there is no inject in this text"):
        output_of(there, f"inject {tmp_path / 'list.txt'}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ack ARD 1 2", "usage: ack GOV [NUMBER]"),
        ("pass ARD economy strait", "usage: pass GOV [DOSSIER]"),
        ("reset harvest broker", "usage: reset [ID]"),
        ('inject news "x" --to ARD --to BRL', "--to is given twice (separate several names with commas: A,B)"),
        ('action ARD "x" --goldstein 3 --why --private', "--why needs a value"),
        ("rule 1 order talk BRL --goldstein 9", "rule 1 order has no option --goldstein"),
        ("note - bullet --tagg improve", "did you mean '--tag'?"),
        ("channel ARD XXX", "there is no government 'XXX'"),
    ],
)
def test_no_word_is_left_out_in_silence(tmp_path: Path, line: str, message: str) -> None:
    """What a command cannot use it refuses, and nothing is done."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as fault:
        output_of(there, line)
    assert message in str(fault.value)
    assert there.session.head == 0


def test_what_is_typed_as_people_type_it_is_understood(tmp_path: Path) -> None:
    """`-n50`, a condition or a text in quotes of any kind, YAML with `--now`, a bullet in a note."""
    there = console(tmp_path / "run")
    output_of(there, "forecast 30d -n50", "note - bullet text --tag improve")
    assert there.errands[-1][2] == "50"
    assert there.session.path[-1].data["tag"] == "improve"
    assert output_of(there, "inject {id: leak, title: A leak} --now") == ["Released: leak"]
    output_of(there, "edit harvest message “Bad weather”", 'until "tension > 0.31"')
    assert there.session.exercise.injector.lines["harvest"].spec.message == "Bad weather"
    assert there.session.exercise.context.world.get("tension") > 0.31


def test_a_file_of_injects_takes_no_options_of_templates(tmp_path: Path) -> None:
    """They would be lost: what is in the file says it."""
    (tmp_path / "i.yaml").write_text("id: leak\ntitle: A leak\n")
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault, match="--to is not for a file"):
        output_of(there, f"inject {tmp_path / 'i.yaml'} --to ARD")
    assert output_of(there, f"inject {tmp_path / 'i.yaml'} --now") == ["Released: leak"]
