"""Outcomes that history has made true before STARTEX are not announced as events of the exercise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.engine import changed, loaded
from support.live import OPEN, output_of
from support.terminals import seat
from support.web_pages import screen_viewer, seat_viewer, text_of
from wargame.executor.run import Destination
from wargame.live.console.console import Console
from wargame.live.console.news import news
from wargame.live.session.session import Session
from wargame.simulation.kernel.settings import Settings
from wargame.web.access import FACILITATOR
from wargame.web.screens import control, public
from wargame.web.screens import seat as seat_screen
from wargame.web.screens.control_knowledge import known_events
from wargame.web.viewer import Viewer

TITLE = "The strait is open"


@pytest.fixture
def there(tmp_path: Path) -> Console:
    """The facilitator's console of an exercise with an outcome that is true from the first second on; a day later."""
    base = loaded()
    always = replace(base.scenario.outcomes["war"], title=TITLE, when="tension < 1", exchange=None, ends=False)
    changed_base = changed(base, outcomes={"open": always}, injects=())
    OPEN.append(Session.create(changed_base, 5, Settings(seats=(("ARD", "human"),)), Destination(out=tmp_path / "run")))
    console = Console(OPEN[-1])
    output_of(console, "stop at nothing", "advance 1d")
    return console


def overview(there: Console) -> str:
    """What the overview of the control room has of outcomes and indicators."""
    return text_of(control.parts(Viewer(there, FACILITATOR, 0, query={"view": "now"}))["view.now-next"])


def test_no_screen_of_a_seat_or_of_the_room_announces_it(there: Console) -> None:
    """Neither the console of a seat, nor its page, nor the public screen."""
    records, session = there.session.records, there.session
    shown = [*news(seat(there, "ARD"), records), *output_of(seat(there, "ARD"), "inbox")]
    shown += news(Console(session, there.wall, role="screen"), records)
    pages = [seat_screen.parts(seat_viewer(there, "ARD")), public.parts(screen_viewer(there))]
    shown += [text_of(part) for page in pages for part in page.values()]
    assert not [line for line in shown if TITLE in line]


def test_the_white_cell_reads_since_when_it_is_true(there: Console) -> None:
    """In the log, the status, the list of outcomes and the control room; it is no event of which one asks who knew."""
    assert any(line.endswith(f"Outcome: {TITLE} (already true at STARTEX)") for line in output_of(there, "log 50"))
    assert f"outcome: {TITLE}, already true at STARTEX" in output_of(there, "status")
    assert output_of(there, "outcome") == [f"open                 already true at STARTEX {TITLE}"]
    assert f"{TITLE} already true at STARTEX" in overview(there)
    assert not [event for event in known_events(there) if TITLE in event.line.text]


def test_the_cause_is_the_history(there: Console) -> None:
    """As `why` says."""
    (record,) = [record for record in there.session.records if record.kind == "outcome"]
    assert output_of(there, f"why {record.seq}")[-1] == "It began with the history before STARTEX."


def test_one_that_becomes_true_again_by_a_ruling_is_an_event(there: Console) -> None:
    """After it was revoked and set by hand, seats read of it."""
    output_of(there, 'outcome open revoked --why "a"', 'outcome open occurred --why "b"')
    assert f"Outcome: {TITLE}" in "\n".join(output_of(seat(there, "ARD"), "inbox"))
    assert f"{TITLE} 2030-" in overview(there)
