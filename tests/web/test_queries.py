"""The state that the API gives to each role."""

from __future__ import annotations

from pathlib import Path

from support.live import console, output_of
from support.terminals import seat
from wargame.web.access import FACILITATOR
from wargame.web.queries import view
from wargame.web.viewer import Viewer


def test_the_data_of_the_control_room_name_branch_and_queue(tmp_path: Path) -> None:
    """The branch that is played, and each item that waits by kind, by number and by its record in the journal."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, 'message ARD EXCON "more time?"')
    output_of(seat(there, "ARD"), 'order ARD "open a hotline"')
    output_of(there, "branch second", "advance 1d")
    state = view(Viewer(there, FACILITATOR, 0))
    written = {r.kind: r.seq for r in there.session.records if r.kind in ("message", "request")}
    expected = {("message", written["message"]), ("request", written["request"])}
    assert state["branch"] == "second"
    assert {(each["kind"], each["seq"]) for each in state["queue"]} == expected
    (ruled,) = (each["number"] for each in state["queue"] if each["kind"] == "request")
    assert output_of(there, f'rule {ruled} refuse "no"')
    assert [each["kind"] for each in view(Viewer(there, FACILITATOR, 0))["queue"]] == ["message"]
