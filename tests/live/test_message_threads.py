"""Messages as threads: a reply names what it answers, by numbers that reveal nothing of the messages of others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.live import console, output_of, verified
from support.secrecy import SCENARIO
from support.web_pages import seat_viewer
from wargame.errors import UsageFault
from wargame.live.console.console import Console
from wargame.web.screens import seat as seat_screen


@pytest.fixture
def there(tmp_path: Path) -> Console:
    """The console of an exercise with three human seats, in which two have written behind the back of the third."""
    seats = (("ARD", "human"), ("BRL", "human"), ("CND", "human"))
    place = console(tmp_path / "r", scenario=str(SCENARIO), seats=seats)
    output_of(place, 'message BRL CND "Between us"', 'message ARD BRL "May we talk?"')
    return place


def _inbox(there: Console, seat: str) -> list[str]:
    return [line.partition("EXERCISE Message ")[2] for line in output_of(there, f"inbox {seat}") if "Message " in line]


def test_a_reply_is_numbered_as_each_reader_counts(there: Console) -> None:
    """The second message of Brel is the first one of Arda."""
    output_of(there, 'message BRL ARD "At noon" --re 2')
    assert _inbox(there, "BRL")[-1] == "3 from Brel to Arda, in reply to 2: At noon"
    assert _inbox(there, "ARD")[-1] == "2 from Brel to Arda, in reply to 1: At noon"


def test_a_reader_without_the_first_message_does_not_learn_of_it(there: Console) -> None:
    """Cande receives a reply to a message that it was not sent."""
    output_of(there, 'message BRL ARD,CND "At noon, all of us" --re 2')
    assert _inbox(there, "CND")[-1] == "2 from Brel to Arda, Cande: At noon, all of us"


def test_the_journal_names_the_record_that_is_answered(there: Console) -> None:
    """As the cause of the reply; the run can be repeated."""
    output_of(there, 'message BRL ARD "At noon" --re 2')
    asked, reply = there.session.records[-2:]
    assert reply.cause == (asked.seq,)
    there.session.close()
    assert verified(there.session.folder.path)


def test_only_a_message_of_the_seat_can_be_answered(there: Console) -> None:
    """Arda has one message, whatever others have written."""
    with pytest.raises(UsageFault, match=r"no message '2' of ARD \(one of 1\)"):
        output_of(there, 'message ARD CND "What was that?" --re 2')


def test_the_white_cell_speaks_as_somebody(there: Console) -> None:
    """The seat reads the name alone; the answer goes to the white cell, whose queue names the message."""
    output_of(there, 'tell ARD "Is it true?" --as Reuters', 'message ARD EXCON "No comment" --re 2')
    assert _inbox(there, "ARD")[1].startswith("2 from Reuters to Arda: Is it true?")
    assert "EXCON" not in _inbox(there, "ARD")[1]
    assert any('tell ARD "TEXT" --re 2' in line for line in output_of(there, "queue"))


@pytest.mark.parametrize("name", ["CND", "cande", " Cande ", "\uff23ande"])
def test_the_white_cell_does_not_speak_as_a_government(there: Console, name: str) -> None:
    """That is another command, which the review shows as such."""
    with pytest.raises(UsageFault, match="in the name of a government"):
        output_of(there, f'tell ARD "We arm" --as "{name}"')


def test_a_post_of_somebody_is_public(there: Console) -> None:
    """All read who posts it."""
    output_of(there, 'tell public "Boats burn" --as "@harbour"')
    assert any("Public post of @harbour: Boats burn" in line for line in output_of(there, "inbox CND"))


def test_the_page_groups_a_thread(there: Console) -> None:
    """The last message of the thread is shown, with the earlier ones folded inside it, and a form to answer it."""
    output_of(there, 'message BRL ARD "At noon" --re 2', 'message ARD BRL "Agreed" --re 2', 'message BRL ARD "Apart"')
    page = seat_screen.parts(seat_viewer(there, "BRL"))["inbox.recent"]
    items = re.findall(r'<li class="item.*?(?=<li class="item|$)', page, re.DOTALL)
    thread = next(item for item in items if "Agreed" in item)
    assert "2 earlier in this thread" in thread
    assert thread.index("Agreed") < thread.index("May we talk?") < thread.index("At noon")
    assert 'name="--re" value="4"' in thread
    assert not any("At noon" in item for item in items if item is not thread)
