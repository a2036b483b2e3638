"""Expected actions over random exercises: counts agree with the records, people miss nothing by rule, all replays."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.live import console, output_of, resumed, verified
from wargame.errors import WargameError
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import open_run
from wargame.simulation.exercise import Exercise
from wargame.simulation.mechanisms.expected_actions import AWAITED, UNDECIDED

LINES = (
    "advance 4d",
    "advance 15d",
    "release collision",
    "release funeral",
    "seat ARD human",
    "seat ARD model",
    "seat BRL script",
    "seat BRL human",
    'message ARD BRL "About the collision"',
    'offer BRL ARD "No patrols."',
    "answer ARD 1 yes",
    "order ARD talk BRL",
    "order BRL protest ARD --force",
    'order ARD "Send two tugs"',
    "rule 1 action --goldstein 3 --to BRL",
    'action BRL "calls its envoy" --as talk --to ARD',
    "judge 1 met",
    "judge 2 late --by 12 --why heard",
    "judge 1 missed --why no",
    "rate collision met --who ARD",
    "rate signals S",
    "undo",
    "rewind D+20",
    "endex",
)
SCRIPTS = st.lists(st.sampled_from(LINES), min_size=4, max_size=14)


def check(exercise: Exercise) -> None:
    """The statuses are those of the last records; a rule says 'missed' only of seats that no person held."""
    items = exercise.expected.items.values()
    counts = Counter(item.status for item in items if item.status != AWAITED)
    assert counts == Counter({status: n for status, n in exercise.expected.counts.items() if n})
    assert len(exercise.expected.open_ones()) == sum(item.status == AWAITED for item in items)
    records = {record[0]: record for record in exercise.records()}
    for item in items:
        assert not (item.human and item.automatic == "missed")
        assert item.human or item.status != UNDECIDED
        assert all(records[seq][2] != "expected.candidate" for seq in item.candidates)
        assert len(set(item.candidates)) == len(item.candidates)
        if item.last is not None:
            assert records[item.last][6]["status"] == item.status
    for _, _, kind, who, _, cause, _ in records.values():
        if kind == "expected.candidate":
            assert who in exercise.governments
            assert all(seq in records for seq in cause)


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCRIPTS)
def test_expected_actions_of_random_exercises(script: list[str]) -> None:
    """Live, after resuming, and in the review."""
    with TemporaryDirectory() as top:
        there = console(Path(top) / "run", seats=(("ARD", "human"),))
        output_of(there, "stop at nothing", "advance 21d")
        for line in script:
            try:
                output_of(there, line)
            except WargameError:
                continue
            check(there.session.exercise)
        items = {n: (i.status, i.automatic, i.candidates) for n, i in there.session.exercise.expected.items.items()}
        there.session.close()
        assert verified(Path(top) / "run")
        again = resumed(Path(top) / "run")
        assert {n: (i.status, i.automatic, i.candidates) for n, i in again.exercise.expected.items.items()} == items
        again.close()
        rows = Findings(open_run(Path(top) / "run")).expected_actions
        settled = [status for status, _, _ in items.values() if status != AWAITED]
        assert sorted(row["status"] for row in rows) == sorted(settled)
