"""Typed lines: quotes, options and typing mistakes."""

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
def test_an_unknown_option_is_refused(tmp_path: Path, line: str, hint: str) -> None:
    """Nothing is sent: a typing mistake reveals no secret and shortens no text."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    before = len(there.session.records)
    with pytest.raises(UsageFault, match=hint):
        output_of(there, line)
    assert len(there.session.records) == before


def test_a_text_in_quotes_is_kept_whole(tmp_path: Path) -> None:
    """Dashes and numbers in it are text, in YAML too."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    output_of(there, 'message ARD BRL "Stop --immediately or we go -n 5 times"', "message ARD BRL five -n 5 times")
    sent = [record.data["text"] for record in there.session.records if record.kind == "message"]
    assert sent == ["Stop --immediately or we go -n 5 times", "five -n 5 times"]
    assert output_of(there, "inject {id: leak, title: A leak, message: they --now know}") == [
        "Added to the MSEL: leak (release leak releases it now)"
    ]


def test_a_seat_gets_its_own_usage(tmp_path: Path) -> None:
    """A seat does not name itself; a command in the name of another sender is refused."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    mine = seat(there, "BRL")
    usages = (("message", 'usage: message TO "TEXT" [--re NUMBER]'), ("order", "usage: order OPTION [TARGET]"))
    for line, usage in usages:
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
        ("message XYZ ARD hi", "there is no government 'XYZ'"),
        ("vote ARD,BRL all Where?", "there is no government 'ARD,BRL'"),
    ],
)
def test_a_typing_mistake_is_reported_with_a_correction(tmp_path: Path, line: str, message: str) -> None:
    """The exercise does not change."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as fault:
        output_of(there, line)
    assert message in str(fault.value)
    assert there.session.head == 0


def test_a_file_without_injects_is_refused(tmp_path: Path) -> None:
    """The message says what the file needs."""
    (tmp_path / "list.txt").write_text("root:x:0:0\n")
    there = console(tmp_path / "run")
    with pytest.raises(Exception, match="there is no inject in this text"):
        output_of(there, f"inject '{tmp_path / 'list.txt'}'")


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
def test_superfluous_words_are_refused(tmp_path: Path, line: str, message: str) -> None:
    """The exercise does not change."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as fault:
        output_of(there, line)
    assert message in str(fault.value)
    assert there.session.head == 0


def test_common_ways_of_typing_are_accepted(tmp_path: Path) -> None:
    """`-n50`, a condition or a text in quotes of any kind, YAML with `--now`, a bullet in a note."""
    there = console(tmp_path / "run")
    output_of(there, "forecast 30d -n50", "note - bullet text --tag improve")
    assert there.requested[-1][2] == "50"
    assert there.session.path[-1].data["tag"] == "improve"
    assert output_of(there, "inject {id: leak, title: A leak} --now") == ["Released: leak"]
    output_of(there, "edit harvest message “Bad weather”", 'until "tension > 0.31"')
    assert there.session.exercise.injector.lines["harvest"].spec.message == "Bad weather"
    assert there.session.exercise.context.world.get("tension") > 0.31


def test_a_file_of_injects_takes_no_options_of_templates(tmp_path: Path) -> None:
    """The file itself has these values."""
    (tmp_path / "i.yaml").write_text("id: leak\ntitle: A leak\n")
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault, match="--to is not for a file"):
        output_of(there, f"inject '{tmp_path / 'i.yaml'}' --to ARD")
    assert output_of(there, f"inject '{tmp_path / 'i.yaml'}' --now") == ["Released: leak"]


@pytest.mark.parametrize(("line", "seconds"), [("wait 1", "1"), ("wait 2s", "2"), ("wait 1m", "60")])
def test_wait_takes_seconds_or_a_duration(tmp_path: Path, line: str, seconds: str) -> None:
    """Its usage says SECONDS."""
    there = console(tmp_path / "run")
    output_of(there, line)
    assert there.requested == [("wait", seconds)]


def test_quit_says_how_to_continue(tmp_path: Path) -> None:
    """In a sentence, and after ENDEX what to read."""
    there = console(tmp_path / "run")
    (before,) = output_of(there, "quit")
    assert before.startswith("The exercise is kept as it is. To continue it: wargame resume ")
    output_of(there, "endex")
    (after,) = output_of(there, "quit")
    assert after.startswith("The exercise has ended and is kept. wargame show ")


@pytest.mark.parametrize(
    "line",
    [
        "log \u00b2",
        "why \u00b2",
        "until \u00b2",
        "rewind \u00b2",
        "judge \u00b2 met",
        "rule \u00b2 fails",
        "rate \u00b2 S",
    ],
)
def test_a_sign_that_only_looks_like_a_number_is_a_typing_mistake(tmp_path: Path, line: str) -> None:
    """A raised 2 is a digit to Python and no number."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as caught:
        output_of(there, line)
    assert "internal error" not in str(caught.value)
