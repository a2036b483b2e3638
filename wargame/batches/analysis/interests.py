"""Whose interests an arm serves: the difference that it makes to the welfare of each government in its own eyes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wargame.batches.analysis.differences import DifferenceRow
from wargame.batches.study.prepared import PreparedStudy
from wargame.scenario.model import Scenario
from wargame.scenario.model.measures import OF_PATHS, WELFARE, Parsed, welfare_args

SURE = 0.05
"""A government is better or worse off if the corrected p-value of a difference is below this."""


class InterestRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an arm changes for a government, compared with the baseline.

    `at_end` and `over_time` are the differences of its welfare at the end and of its mean, None if they are not
    measured. `leader` is the one whose interests count, empty for whoever is in office. `verdict` is `better`, `worse`,
    `mixed` if the two differences disagree, or empty if none is shown.
    """

    arm: str
    government: str
    leader: str
    name: str
    at_end: DifferenceRow | None
    over_time: DifferenceRow | None
    verdict: str


def interests(prepared: PreparedStudy, comparisons: Iterable[DifferenceRow]) -> list[InterestRow]:
    """Return one row for each arm and government whose welfare is measured, in the order of the arms."""
    rows = {(row.measure, row.arm): row for row in comparisons}
    measured: dict[tuple[str, ...], dict[str, str]] = {}
    for measure in prepared.measures:
        whose, when = _of(measure)
        if whose:
            measured.setdefault(whose, {}).setdefault(when, measure.name)
    result = []
    for arm in dict.fromkeys(row.arm for row in rows.values()):
        for whose, names in sorted(measured.items()):
            at_end, over_time = (rows.get((names.get(when, ""), arm)) for when in ("at_end", "over_time"))
            result.append(
                InterestRow(
                    arm=arm,
                    government=whose[0],
                    leader="".join(whose[1:]),
                    name=name_of(prepared.loaded.scenario, whose),
                    at_end=at_end,
                    over_time=over_time,
                    verdict=_verdict(at_end, over_time),
                )
            )
    return result


def name_of(scenario: Scenario, whose: tuple[str, ...]) -> str:
    """Return a government by name, with the title of the leader whose interests count: `Brel (the general)`."""
    name = scenario.governments[whose[0]].name
    return f"{name} ({scenario.leaders[whose[1]].title})" if whose[1:] else name


def _of(measure: Parsed) -> tuple[tuple[str, ...], str]:
    """Return the government (and leader) of a measure of welfare and when it is measured; empty for other measures."""
    calls = list(measure.calls.values())
    if len(calls) != 1 or measure.expression.text.strip() not in measure.calls:
        return (), ""
    (call,) = calls
    if call.function == WELFARE:
        return call.args, "at_end"
    over_time = welfare_args(call.args[0]) if call.function == OF_PATHS[0] else ()
    return over_time, "over_time" if over_time else ""


def _verdict(*rows: DifferenceRow | None) -> str:
    signs = {
        row.estimate > 0
        for row in rows
        if row is not None and row.estimate is not None and row.p_holm is not None and row.p_holm < SURE
    }
    if len(signs) > 1:
        return "mixed"
    return "" if not signs else "better" if signs.pop() else "worse"
