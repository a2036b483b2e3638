"""Times and lengths of time as pages show them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wargame.web.screens.clocks import GameTime, lead_of, length_of
from wargame.web.screens.seat_knowledge import course, gauge

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute"),
        (90, "1 minute"),
        (2 * HOUR, "2 hours"),
        (DAY + 5 * HOUR + 59, "1 day 5 hours"),
        (DAY + 59, "1 day"),
        (40 * DAY + HOUR, "40 days"),
    ],
)
def test_a_length_has_its_two_largest_units(seconds: int, text: str) -> None:
    """Two units at most, and whole days if it is long."""
    assert length_of(seconds) == text


@pytest.mark.parametrize(
    ("lead", "text"),
    [
        ((0, 0, 0), "at once"),
        ((0, DAY, 3 * DAY), "about 1 day (up to 3)"),
        ((14 * DAY, 60 * DAY, 300 * DAY), "about 60 days (14 to 300)"),
        ((6 * HOUR, DAY, 3 * DAY), "about 1 day (6 hours to 3 days)"),
        ((DAY, DAY, DAY), "1 day"),
    ],
)
def test_a_lead_time_has_its_range(lead: tuple[int, int, int], text: str) -> None:
    """The usual time, and the range in the same unit where possible."""
    assert lead_of(lead) == text


def test_a_gauge_stays_in_its_picture() -> None:
    """A value beyond the range is at its end; the band is the deviation."""
    middle, beyond = gauge(0.5, 0.1, 0.0, 1.0), gauge(7.0, 0.0, 0.0, 1.0)

    assert middle["left"] < middle["at"] == 100.0 < middle["left"] + middle["width"]
    assert (beyond["at"], beyond["width"]) == (194.0, 0.0)


def test_a_course_needs_three_points() -> None:
    """Fewer say nothing."""
    assert course([(0, 0.1), (1, 0.2)], 0.0, 1.0) is None
    drawn = course([(0, 0.1), (1, 0.2), (2, 0.9)], 0.0, 1.0)
    assert drawn is not None
    assert (drawn["x"], drawn["y"]) == (194.0, 6.0)


def test_a_short_time_names_its_year_if_that_is_not_the_present_one() -> None:
    """An order that is expected in seven months is not taken for one that is late."""
    at = datetime(2018, 1, 21, tzinfo=UTC)
    assert GameTime(at, 234, 2018).short == "21 Jan, 00:00"
    assert GameTime(at, 234, 2017).short == "21 Jan 2018, 00:00"
