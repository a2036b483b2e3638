"""Dates and names in reports."""

from __future__ import annotations

import pytest

from wargame.document.formatting import Dates, dates, exact, interval, p_value, short
from wargame.journal import wording
from wargame.journal.wording import count
from wargame.language.plain_text import clean, clean_lines


@pytest.mark.parametrize(("days", "text"), [(206.6, "day 206"), (0.99, "day 0"), (12.0, "day 12")])
def test_days_are_completed_days(days: float, text: str) -> None:
    """As in D+206, so that a date and its day agree."""
    assert Dates(fine=False).since(days) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("United States", "the United States"),
        ("Soviet Union", "the Soviet Union"),
        ("The American republics", "the American republics"),
        ("South Korea", "South Korea"),
    ],
)
def test_names_of_governments_have_their_article_in_a_sentence(name: str, text: str) -> None:
    """If they take one."""
    assert wording.called(name) == text


@pytest.mark.parametrize(
    ("startex", "reached", "at", "took"),
    [
        ("2017-06-01T00:00:00+00:00", "2019-06-01T00:00:00+00:00", "24 Oct 1962", "1 d"),
        ("1962-10-16T00:00:00+00:00", "1962-10-29T00:00:00+00:00", "24 Oct 1962, 14:05", "18 h"),
        ("", "1962-10-29T00:00:00+00:00", "24 Oct 1962", "1 d"),
        ("1962-10-16T00:00:00+00:00", "", "24 Oct 1962", "1 d"),
    ],
)
def test_a_short_run_shows_the_time_of_day(startex: str, reached: str, at: str, took: str) -> None:
    """Up to 45 days; durations below two days are then in hours."""
    when = dates(startex, reached)
    assert (when.at("1962-10-24T14:05:00+00:00"), when.took(0.75)) == (at, took)
    assert when.took(3.2) == "3 d"


def test_the_limit_of_a_short_run_is_45_days() -> None:
    """Inclusive."""
    assert dates("2030-01-01T00:00:00+00:00", "2030-02-15T00:00:00+00:00").fine
    assert not dates("2030-01-01T00:00:00+00:00", "2030-02-15T00:00:01+00:00").fine
    assert Dates(fine=True).since(1.84) == "day 1.8"


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (None, {}, "not known"),
        (0.1234, {}, "0.123"),
        (12345.6, {}, "12,346"),
        (0.256, {"share": True}, "26"),
        (0.256, {"share": True, "signed": True}, "+26"),
        (-0.256, {"share": True, "signed": True}, "-26"),
        (1.5, {"signed": True}, "+1.5"),
        (0.0, {"signed": True}, "0"),
    ],
)
def test_numbers_have_three_digits(value: float | None, options: dict[str, bool], text: str) -> None:
    """Shares are in percent; a sign only if asked for, and not for zero."""
    assert short(value, **options) == text


def test_exact_numbers_intervals_and_p_values() -> None:
    """Four digits; empty or 'not known' without a value."""
    assert (exact(0.123456), exact(None)) == ("0.1235", "not known")
    assert (interval(0.1, 0.23456), interval(None, 1.0), interval(0.0, None)) == ("0.1 to 0.2346", "", "")
    assert (p_value(None), p_value(0.00001), p_value(0.0431)) == ("", "< 0.0001", "0.0431")
    assert (count(1, "day"), count(2, "day"), count(1200, "run")) == ("1 day", "2 days", "1,200 runs")


def test_characters_that_act_on_a_terminal_become_spaces() -> None:
    """Line breaks are kept only where lines are wanted."""
    assert clean("a\x07b\u202ec\nd") == "a b c d"
    assert clean_lines("a\x07b\nc") == "a b\nc"
