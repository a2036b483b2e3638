"""STARTEX and the end of a run."""

from __future__ import annotations

import gc
import sys

import pytest

from support.engine import loaded, run
from wargame.errors import UsageFault


@pytest.mark.parametrize("until", ["2016-05-01", "2017-06-01", "D+0"])
def test_a_run_must_end_after_startex(until: str) -> None:
    """An earlier end would give negative days."""
    with pytest.raises(UsageFault, match="is not after STARTEX 2017-06-01"):
        run(loaded("korea-2017"), 1, until=until)


def test_a_moved_startex_must_be_before_the_given_end() -> None:
    """The two settings are compared with each other, not with the file."""
    with pytest.raises(UsageFault, match="is not after STARTEX 2018-06-01"):
        run(loaded("korea-2017"), 1, startex="2018-06-01", until="2018-01-01")


def test_a_run_that_is_no_longer_needed_frees_its_records_at_once() -> None:
    """In a long series of runs they would wait for the garbage collector, which then has to look at each of them."""
    exercise = run(loaded(), 1)
    log, records = exercise.context.log, exercise.records()
    gc.disable()
    try:
        before = sys.getrefcount(records)
        del exercise
        assert not log.records
        assert sys.getrefcount(records) < before
    finally:
        gc.enable()
    assert records[-1][2] == "run.end", "who has asked for them keeps them"
