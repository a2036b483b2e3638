"""Whatever evaluators write and judge, every seat sees, may do and experiences the same as without them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.terminals import Screen, joined, shared
from wargame.errors import UsageFault
from wargame.live.console.console import Console
from wargame.live.console.roles import EVALUATOR
from wargame.live.terminals.shared_session import SharedSession

PEOPLE = (("ARD", "human"), ("BRL", "human"))
PLAYED = (
    "advance 3d",
    "advance 11d",
    "release harvest",
    'message ARD BRL "A distress call?"',
    'offer BRL ARD "No patrols for a month."',
    "order ARD talk BRL",
    'order BRL "Send two tugs"',
    "order BRL protest ARD",
    "pass ARD",
)
"""Lines of the facilitator, some of which may be refused."""
WRITTEN = (
    'note "too slow" --tag improve',
    "rate signals M hesitant",
    "rate collision missed --who ARD --why late",
    "judge 1 met",
    "judge 2 late --by 10",
    "expected all",
    "objectives signals",
    "brief ARD",
    "options BRL",
    "log 20",
)
"""Lines of an evaluator."""
SCRIPTS = st.lists(
    st.one_of(st.sampled_from(PLAYED), st.sampled_from(WRITTEN).map(lambda line: f"* {line}")), max_size=12
)


def play(folder: Path, script: list[str], *, evaluated: bool) -> list[str]:
    """All that both seats are shown, with or without the evaluators' lines, which begin with a star."""
    there, _ = shared(folder, seats=PEOPLE)
    seats = [joined(there, name) for name, _ in PEOPLE]
    mine: Console | None = None
    if evaluated:
        mine = there.attach(EVALUATOR, "", Screen().show, name="A. Name")
    _run(there, there.main, "stop at nothing")
    for line in ("advance 21d", *script, "advance 40d"):
        if not line.startswith("* "):
            _run(there, there.main, line)
        elif mine is not None:
            _run(there, mine, line[2:])
    shown = [str(screen) for _, screen in seats]
    for console, _ in seats:
        shown += ["\n".join(_run(there, console, line)) for line in ("brief", "inbox 100", "options", "channel BRL")]
    there.session.close()
    return shown


def _run(there: SharedSession, console: Console, line: str) -> list[str]:
    try:
        return there.run(console, line)
    except UsageFault as error:
        return [str(error)]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCRIPTS)
def test_seats_cannot_tell_whether_they_are_evaluated(script: list[str]) -> None:
    """Over random scripts: their lines, briefs, inboxes, options and channels are equal."""
    with TemporaryDirectory() as top:
        without = play(Path(top) / "without", script, evaluated=False)
        with_them = play(Path(top) / "with", script, evaluated=True)
    assert "".join(without)
    assert with_them == without
