"""Times and durations: the accepted formats, their meaning, and the messages of wrong ones."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wargame.language.times import (
    DAY,
    HOUR,
    LONGEST,
    MINUTE,
    WEEK,
    ZONE_HOURS,
    Time,
    format_duration,
    parse_duration,
    parse_time,
)

minutes = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))  # noqa: DTZ001


def local(*parts: int) -> datetime:
    """A moment without a zone, in the form of `Time.local`."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("45m", 45 * MINUTE),
        ("6h", 6 * HOUR),
        ("90d", 90 * DAY),
        ("2w", 2 * WEEK),
        ("1d 12h", DAY + 12 * HOUR),
        ("1d12h", DAY + 12 * HOUR),
        ("  1w 2d 3h 4m 5s ", WEEK + 2 * DAY + 3 * HOUR + 4 * MINUTE + 5),
        ("0", 0),
        ("0s", 0),
    ],
)
def test_a_duration_is_a_sum_of_units(text: str, seconds: int) -> None:
    """A duration is a sum of units from weeks to seconds, the longest first, with optional blanks."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a duration"),
        ("90", "write 90d for days, 90h for hours"),
        ("9999999", "write it as in 90d"),
        ("1.5d", "write it as in 90d"),
        ("-1d", "write it as in 90d"),
        ("P1D", "write it as in 90d"),
        ("1y", "write it as in 90d"),
        ("٣d", "write it as in 90d"),
        ("12h 1d", "the longest first"),
        ("1d 1d", "each unit once"),
        ("999999999w", "at most 200 years"),
        ("9" * 100_000 + "d", "is too long: at most 200 years"),
    ],
    ids=lambda text: text[:12],
)
def test_a_wrong_duration_is_refused_with_the_format(text: str, message: str) -> None:
    """The message quotes the text, shortened, and shows how to write a duration."""
    with pytest.raises(ValueError, match=message) as error:
        parse_duration(text)
    assert len(str(error.value)) < 150


@given(st.integers(0, LONGEST))
def test_a_formatted_duration_parses_to_the_same_value(seconds: int) -> None:
    """`parse_duration` reads what `format_duration` writes."""
    assert parse_duration(format_duration(seconds)) == seconds


def test_durations_are_written_short() -> None:
    """Days are the longest unit, and units with the value 0 are left out."""
    assert [format_duration(n) for n in (0, 36 * HOUR, WEEK, -90, DAY + 1)] == [
        "0s",
        "1d 12h",
        "7d",
        "-1m 30s",
        "1d 1s",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-06-01", local(2017, 6, 1)),
        ("2017-06-01 09:30", local(2017, 6, 1, 9, 30)),
        ("2017-06-01T09:30:15", local(2017, 6, 1, 9, 30, 15)),
        ("2016-02-29", local(2016, 2, 29)),
    ],
)
def test_an_iso_date_is_local_to_the_scenario(text: str, expected: datetime) -> None:
    """A date without a zone is in the time zone of the scenario."""
    assert parse_time(text) == Time(text, local=expected)


@pytest.mark.parametrize(
    ("text", "zone_offset"),
    [
        ("041200ZJUL17", 0),
        ("041200IJUL17", 9 * HOUR),
        ("041200RJUL17", -5 * HOUR),
        ("04 1200Z JUL 2017", 0),
        ("041200zjul17", 0),
        ("041200JJUL17", None),
        ("2017-07-04T12:00:00+09:00", 9 * HOUR),
        ("2017-07-04 12:00Z", 0),
        ("2017-07-04 12:00 -0330", -(3 * HOUR + 30 * MINUTE)),
    ],
)
def test_a_zone_in_the_text_is_kept(text: str, zone_offset: int | None) -> None:
    """The letter of a DTG and an ISO offset give seconds east of UTC; J is the zone of the scenario."""
    assert parse_time(text) == Time(text, local(2017, 7, 4, 12), zone_offset=zone_offset)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("D", 0),
        ("D+2", 2 * DAY),
        ("D-10", -10 * DAY),
        ("D+2 H+3 M+45", 2 * DAY + 3 * HOUR + 45 * MINUTE),
        ("d+1 h-6", DAY - 6 * HOUR),
        ("D M+5", 5 * MINUTE),
        ("90d", 90 * DAY),
        ("1d 12h", DAY + 12 * HOUR),
    ],
)
def test_d_times_and_durations_count_from_the_startex(text: str, offset: int) -> None:
    """`D+2 H+3 M+45` and `90d` are seconds from STARTEX, negative before it."""
    assert parse_time(text) == Time(text, offset=offset)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2017-02-29", "Feb 2017 has 28 days"),
        ("2017-04-31", "Apr 2017 has 30 days"),
        ("2017-13-01", "there is no month 13"),
        ("2017-00-10", "there is no month 0"),
        ("2017-06-01 24:00", "there is no time 24:00:00"),
        ("2017-06-01 09:60", "there is no time 09:60:00"),
        ("0000-01-01", "years run from 1000"),
        ("9999-12-31", "years run from 1000 to 9000"),
        ("2017-06-01 09:30+27:00", "no time zone has"),
        ("310000ZFEB17", "Feb 2017 has 28 days"),
        ("042500ZJUL17", "there is no time 25:00:00"),
        ("041200ZJUX17", "'JUX' is not a month"),
        ("D+999999", "at most 200 years"),
        ("D+two", "is not a time; write 2017-06-01"),
        ("tomorrow", "is not a time; write 2017-06-01"),
        ("", "is not a time"),
        ("1 June 2017", "is not a time"),
        ("\uff12017-06-01", "is not a time"),
    ],
)
def test_an_impossible_time_is_refused_with_its_wrong_part(text: str, message: str) -> None:
    """The message names the month, the day with the length of the month, or the hour."""
    with pytest.raises(ValueError, match=message):
        parse_time(text)


@given(st.text(max_size=60) | st.from_regex(r"[D0-9HMZ:+\- A-Z]{1,24}", fullmatch=True))
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    """No text raises another error, and a time has exactly one of `local` and `offset`."""
    try:
        time = parse_time(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017
    else:
        assert (time.local is None) != (time.offset is None)


@given(minutes, st.sampled_from(sorted(ZONE_HOURS.items())))
def test_a_dtg_is_read_with_its_zone(moment: datetime, zone: tuple[str, int]) -> None:
    """Day, hour, minute, zone letter, month, year; J is local time."""
    letter, hours = zone
    time = parse_time(f"{moment:%d%H%M}{letter}{moment:%b}{moment.year}")
    assert (time.local, time.zone_offset) == (moment, hours * HOUR)
    local = parse_time(f"{moment:%d%H%M}J{moment:%b}{moment.year}")
    assert (local.local, local.zone_offset) == (moment, None)
