"""The data of a seat: signals and messages, obligations, and available options."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from support.live import console, output_of, session
from wargame.errors import UsageFault
from wargame.journal.sentences import headline
from wargame.live.console.console import Console
from wargame.seat.brief import OrderUnderWay, brief, brief_lines, inbox
from wargame.seat.feed import PUBLIC, feed
from wargame.seat.options import check, seat_options


@pytest.fixture
def there(tmp_path: Path) -> Console:
    """Two rivals on the third day, with people in both seats and an open offer."""
    there = console(tmp_path / "run")
    output_of(there, "seat ARD human", "seat BRL human", "stop at nothing", "advance 2d")
    output_of(there, 'offer ARD BRL "Withdraw the patrols"', "advance 1d")
    return there


def test_a_feed_item_has_the_visible_record_and_its_line(there: Console) -> None:
    """The record has only what the seat may see; the line has the local time."""
    session = there.session
    output_of(there, "order ARD talk BRL", "advance 10d")
    items = feed(session.exercise, "BRL", session.records)
    signal = next(item for item in items if item.record.kind == "signal" and item.record.about == "talk")
    assert "action" not in signal.record.data
    assert signal.text.startswith("Report: Arda offers talks (Brel); assessed as friendly (+")
    assert signal.line == f"{signal.record.at[:16].replace('T', ' ')}  {signal.text}"


def test_a_visible_record_that_is_not_reported_has_no_text(there: Console) -> None:
    """Snapshots are part of the feed, for charts; the inbox leaves them out."""
    session = there.session
    output_of(there, "advance 35d")
    silent = [item for item in feed(session.exercise, "ARD", session.records) if item.record.kind == "snapshot"]
    assert silent
    assert not any(item.text for item in silent)
    assert inbox(session.exercise, session.records, "ARD")
    assert all(item.text for item in inbox(session.exercise, session.records, "ARD"))


def test_the_feed_of_a_part_of_the_records_is_a_part_of_the_feed(there: Console) -> None:
    """A terminal that joins late shows the same lines."""
    output_of(there, "order ARD talk BRL", "advance 20d")
    exercise, records = there.session.exercise, there.session.records
    for seat in ("ARD", "BRL", PUBLIC):
        whole = [(item.record.seq, item.text) for item in feed(exercise, seat, records)]
        parts = [(item.record.seq, item.text) for each in records for item in feed(exercise, seat, [each])]
        assert len(whole) > 3
        assert parts == whole


def test_an_offer_is_an_obligation_of_its_addressee_until_it_is_answered(there: Console) -> None:
    """With its number, its sender and the possible answers."""
    exercise = there.session.exercise
    (owed,) = [each for each in brief(exercise, "BRL").obligations if each.kind == "offer"]
    assert (owed.number, owed.sender, owed.choices) == (1, "ARD", ("yes", "no"))
    assert owed.title == "offer from Arda: Withdraw the patrols"
    assert not [each for each in brief(exercise, "ARD").obligations if each.kind == "offer"]
    output_of(there, "answer BRL 1 no")
    assert not [each for each in brief(exercise, "BRL").obligations if each.kind == "offer"]


def test_a_due_decision_is_an_obligation_with_its_times(there: Console) -> None:
    """The brief names it last."""
    output_of(there, "advance 20d")
    exercise = there.session.exercise
    due = [each for each in brief(exercise, "ARD").obligations if each.kind == "decision"]
    assert {each.dossier for each in due} == {
        d.dossier for d in exercise.commands.seats.dues.values() if d.government == "ARD"
    }
    assert due
    lines = brief_lines(exercise, brief(exercise, "ARD"), [])
    assert [line for line in lines if line.startswith("Due:")]
    assert lines[-1].startswith(f"  {due[-1].text} ({due[-1].dossier}), since ")


def test_standing_orders_and_orders_under_way_are_in_the_brief(there: Console) -> None:
    """By title for what is under way; by id, to be cancelled by number, for what waits."""
    output_of(there, "order ARD talk BRL", 'standing ARD protest BRL --when "tension > 0.9"')
    now = brief(there.session.exercise, "ARD")
    day = 86400
    assert now.under_way == (OrderUnderWay(0, "offers talks (Brel)", 3 * day, 4 * day, "talk BRL"),)
    assert [(each.number, each.option, each.target, each.when) for each in now.standing_orders] == [
        (1, "protest", "BRL", "tension > 0.9")
    ]


def test_options_are_available_or_have_an_obstacle(there: Console) -> None:
    """Each option of the menus is in one of the two lists for every target."""
    exercise = there.session.exercise
    options = seat_options(exercise, "ARD")
    pairs = [
        (entry.option, target)
        for dossier in options.dossiers
        for entry in (*dossier.available, *dossier.blocked)
        for target in entry.targets or (None,)
    ]
    menus = exercise.governments["ARD"].menus.values()
    assert sorted(pairs, key=str) == sorted(((c.option, c.target) for m in menus for c in m.candidates[1:]), key=str)
    assert any(dossier.blocked for dossier in options.dossiers)
    assert all(entry.obstacle for dossier in options.dossiers for entry in dossier.blocked)
    assert any(dossier.available for dossier in options.dossiers)
    assert not any(entry.obstacle for dossier in options.dossiers for entry in dossier.available)


def test_an_order_is_refused_with_the_text_of_the_obstacle(there: Console) -> None:
    """So that options and orders give the same reason."""
    exercise = there.session.exercise
    blocked = [entry for dossier in seat_options(exercise, "ARD").dossiers for entry in dossier.blocked]
    assert blocked
    for entry in blocked:
        assert entry.obstacle is not None
        with pytest.raises(UsageFault) as error:
            check(exercise, "ARD", entry.option, entry.targets[0] if entry.targets else None)
        assert str(error.value).endswith(f"yet: {entry.obstacle.text}")


def test_a_report_of_an_act_that_failed_says_so(tmp_path: Path) -> None:
    """To the seat, and to the white cell that reads the record alone."""
    written = resources.files("wargame").joinpath("scenarios", "two-rivals.yaml").read_text("utf-8")
    file = tmp_path / "failing.yaml"
    file.write_text(written.replace("talk: {title", "talk: {chance: 0, title"), "utf-8")
    there = Console(session(tmp_path / "run", scenario=str(file), seats=(("ARD", "human"), ("BRL", "human"))))
    output_of(there, "stop at nothing", "order ARD talk BRL", "advance 10d")
    (item,) = [
        each
        for each in feed(there.session.exercise, "BRL", there.session.records)
        if each.record.kind == "signal" and each.record.about == "talk"
    ]
    assert item.text.startswith("Report: Arda offers talks (Brel), and it fails; assessed as ")
    records = {record.seq: record for record in there.session.records}
    learned = records[item.record.seq]
    assert headline(learned) == "BRL learns that ARD talk (BRL), and it fails"
    assert headline(learned, records) == "BRL learns that ARD offers talks (BRL), and it fails"
