"""STARTEX and the end of a run."""

from __future__ import annotations

import pytest

from support.engine import loaded, run
from wargame.errors import UsageFault
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@pytest.mark.parametrize("until", ["2016-05-01", "2017-06-01", "D+0"])
def test_a_run_must_end_after_startex(until: str) -> None:
    """An earlier end would give negative days."""
    with pytest.raises(UsageFault, match="is not after STARTEX 2017-06-01"):
        run(loaded("korea-2017"), 1, until=until)


def test_a_moved_startex_must_be_before_the_given_end() -> None:
    """The two settings are compared with each other, not with the file."""
    with pytest.raises(UsageFault, match="is not after STARTEX 2018-06-01"):
        run(loaded("korea-2017"), 1, startex="2018-06-01", until="2018-01-01")


@pytest.mark.parametrize(
    ("until", "end"),
    [("90d", "2016-09-29"), ("D+90", "2017-08-30"), ("2016-09-29", "2016-09-29"), ("2w", "2016-07-15")],
)
def test_a_duration_counts_from_the_startex_of_the_run_and_a_day_from_the_written_one(until: str, end: str) -> None:
    """A script keeps its dates, while `--startex 2016-07-01 --until 90d` lasts ninety days."""
    exercise = Exercise(loaded("korea-2017"), 1, Settings(startex="2016-07-01", until=until))
    assert f"{exercise.calendar.at(exercise.calendar.end):%Y-%m-%d}" == end
