"""Expected actions: met, late or missed."""

from __future__ import annotations

from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row, record_row
from wargame.review.findings.source import RunSource
from wargame.review.findings.titles import any_of, title_of_inject, title_of_option, with_target

STATUSES = ("met", "late", "missed")


def expected_actions(source: RunSource) -> list[Row]:
    """Each expected action that was settled: its status, the days it was given and the days it took.

    `done` is the option that settled it, `action` the record of that action, `released` that of the inject.
    """
    return [
        record_row(
            source,
            record,
            inject=record.data.get("inject", record.about),
            inject_title=title_of_inject(source, str(record.data.get("inject", record.about))),
            who=record.data.get("who", record.who),
            expected=str(record.data.get("title") or any_of(source, record.data.get("any_of"))),
            within_days=_within(source, record),
            status=record.data.get("status"),
            done=record.data.get("by"),
            done_title=_done(source, record),
            latency_days=_days(record.data.get("latency")),
            objective=record.data.get("objective"),
            action=record.cause[0] if len(record.cause) > 1 else None,
            released=record.cause[-1] if record.cause else None,
        )
        for record in source.since
        if record.kind == "expected"
    ]


def still_open(source: RunSource) -> int:
    """Expected actions whose time was not over when the run ended."""
    return int(source.closing.get("expected", {}).get("open", 0))


def _within(source: RunSource, record: Record) -> float | None:
    """The days that were given. They come from the inject file: the journal has only the time taken."""
    inject = str(record.data.get("inject", record.about))
    expected = record.data.get("who", record.who), record.data.get("title"), list(record.data.get("any_of") or ())
    specs = (spec for each in source.injects if each.id == inject for spec in each.expected)
    return next((_days(s.within) for s in specs if (s.who, s.title, list(s.any_of)) == expected), None)


def _done(source: RunSource, record: Record) -> str:
    """The action that settled an expected action, with its target; empty if there was none."""
    title = title_of_option(source, str(record.data.get("by") or ""))
    action = source.index.get(record.cause[0]) if len(record.cause) > 1 else None
    target = action.data.get("target") if action is not None else None
    return with_target(source, title, target) if title else ""


def _days(seconds: object) -> float | None:
    return round(seconds / DAY, 2) if isinstance(seconds, int | float) else None
