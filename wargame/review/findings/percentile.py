"""The place of a run within a batch of the same scenario: how unusual its outcomes and numbers are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from math import floor
from pathlib import Path
from typing import Any

from wargame.batches.api import Batch, open_batch
from wargame.errors import UsageFault, among
from wargame.journal import wording
from wargame.language.times import DAY
from wargame.review.findings.series import value_of
from wargame.review.findings.source import AnyRun, RunSource, open_run
from wargame.scenario.model.measures import Call

LEAST = 20
"""Runs of a batch below which no number is called unusual: one of twenty runs is always the most extreme."""
SINGULAR = 0.05
"""A number is unusual if at most this share of the runs is as extreme, on the same side of the median."""
_COUNTED = re.compile(r"(actions|severity|count)\(\s*(\w*)\s*(?:,\s*(\w+)\s*)?\)")
SPAN = ("STARTEX", "until")
CHANGES = ("set", "forbid", "force", "skip", "seats", "limits", "strategies", "leaders", "turn", "startex", "until")


def percentiles(run: AnyRun, batch: str | Path, arm: str | None = None) -> list[dict[str, Any]]:
    """Return how unusual a run is within a batch of the same scenario: one row for each number that both have.

    `share_below` and `share_same` are the shares of the batch's runs with a smaller and with the same number,
    `low`, `middle` and `high` its quantiles at 5, 50 and 95 %. `kind` is `share` for an outcome (0 or 1), `time` for
    its day among the runs in which it occurred, and `number` for everything else.
    Raises UsageFault if the batch is of another scenario or has no such arm.
    """
    return list(_rows(open_run(run), open_batch(str(batch)), arm))


def percentile_rows(source: RunSource, batch: str | Path, arm: str | None = None) -> dict[str, Any]:
    """Return the percentiles as rows, the unusual ones first, and settings that differ from the batch."""
    many = open_batch(str(batch))
    arm = arm or many.prepared.study.against
    apart = _apart(source, many, arm) if arm in many.manifest.hashes else []
    if span := [name for name in apart if name in SPAN]:
        raise UsageFault(
            f"{many.manifest.name} covers another time ({', '.join(span)} of its arm '{arm}'), so its numbers cannot "
            "be compared with this run; run a batch over the same time"
        )
    numbered = [row for row in _rows(source, many, arm) if row["kind"] == "share" or row["share_same"] < 1]
    rows = [_worded(source, row) for row in sorted(numbered, key=lambda row: (_side(row), row["measure"]))]
    runs = max((row["runs"] for row in numbered), default=0)
    return {
        "batch": many.manifest.name,
        "title": many.manifest.title or many.manifest.study,
        "arm": arm,
        "runs": runs,
        "rows": rows,
        "unusual": sum(bool(row["unusual"]) for row in rows),
        "text": f"the batch has {runs} runs in its arm {arm}; with fewer than {LEAST}, no number can be called unusual."
        if runs < LEAST
        else (
            f"at most {100 * SINGULAR:.0f} % of the {runs:,} runs of the batch '{many.manifest.name}' (arm {arm}) are "
            "as extreme. About one number in twenty is unusual by chance alone."
        ),
        "apart": ", ".join(apart),
        "command": many.manifest.command,
    }


def _rows(source: RunSource, many: Batch, arm: str | None) -> Iterator[dict[str, Any]]:
    arm = arm or many.prepared.study.against
    among(arm, sorted(many.manifest.hashes), f"the batch has no arm '{arm}'", "it has")
    if many.manifest.hashes[arm][0] != source.manifest.scenario_sha256:
        raise UsageFault(f"{many.manifest.name} is a batch of another scenario, or of another version of it")
    table = many.frame().query("arm == @arm and status == 'ok'")
    for name, (kind, value) in numbers(source, list(table.columns)).items():
        days = table[f"time{name[1:]}"] if kind == "share" and name not in table else None  # every batch has the days
        column = table[name].dropna() if days is None else days.notna().astype(float)
        if len(column):
            shares = {"share_below": float((column < value).mean()), "share_same": float((column == value).mean())}
            spread = {key: float(column.quantile(q)) for key, q in (("low", 0.05), ("middle", 0.5), ("high", 0.95))}
            yield {"measure": name, "kind": kind, "value": value, "runs": len(column), **shares, **spread}


def numbers(source: RunSource, columns: list[str]) -> dict[str, tuple[str, float]]:
    """Return the measures of a batch that can be computed from one journal: outcomes, their days, and counts."""
    values_by_name: dict[str, tuple[str, float]] = {}
    for name, at in source.manifest.outcomes.items():
        if f"time({name})" in columns:
            values_by_name[f"p({name})"] = ("share", float(at is not None))
            if at is not None:
                since = datetime.fromisoformat(at) - datetime.fromisoformat(source.manifest.startex)
                values_by_name[f"time({name})"] = ("time", since.total_seconds() / DAY)
    for column in columns:
        if match := _COUNTED.fullmatch(column):
            function, *args = match.groups("")
            value = value_of(source, Call(function, tuple(filter(None, args))))
            values_by_name[column] = ("number", value or 0.0)
    return values_by_name


def _side(row: Mapping[str, Any]) -> float:
    """Return the share of the batch's runs that are at least as extreme as this one, on the same side."""
    if row["kind"] == "share":
        return float(row["share_same"])
    below, same = row["share_below"], row["share_same"]
    return float(min(below + same, 1 - below))


def _worded(source: RunSource, row: Mapping[str, Any]) -> dict[str, Any]:
    share, (here, usual, text) = _side(row), _in_words(row)
    unusual = share <= SINGULAR and row["runs"] >= LEAST
    return {"what": _name(source, row), "here": here, "usual": usual, "text": text, "unusual": unusual, "share": share}


def _name(source: RunSource, row: Mapping[str, Any]) -> str:
    measure = str(row["measure"])
    if match := _COUNTED.fullmatch(measure):
        function, name, who = match.groups("")
        if function == "count":
            title = source.inject_titles.get(name) or source.titles.option(name)
            return f"Number of times: {title}" + (f" ({source.name(who)})" if who else "")
        government = wording.called(source.name(name)) if name else "all governments"
        return f"{'Actions' if function == 'actions' else 'Severity of the actions'} of {government}"
    function, _, rest = measure.partition("(")
    outcome = rest.rstrip(")")
    known = source.scenario.outcomes if source.scenario else {}
    title = known[outcome].title if outcome in known else wording.words(outcome)
    return f"{title}: day" if function == "time" else title


def _in_words(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the number of this run, what is usual in the batch, and how many of its runs are as extreme."""
    value, below, same = row["value"], row["share_below"], row["share_same"]
    if row["kind"] == "share":
        usual = f"occurred in {100 * (same if value else 1 - same):.0f} % of the runs"
        return (
            "occurred" if value else "did not occur",
            usual,
            f"{wording.percent(same)} of the runs had the same result",
        )
    early = below + same / 2 < 0.5
    share = below + same if early else 1 - below
    middle, low, high = (wording.whole_number(row[part]) for part in ("middle", "low", "high"))
    usual = f"median {middle}; 90 % from {low} to {high}"
    if row["kind"] == "number":
        text = f"{wording.percent(share)} of the runs had this or {'less' if early else 'more'}"
        return wording.whole_number(value), usual, text
    when = "early or earlier" if early else "late or later"
    return f"day {floor(value)}", usual, f"this {when} in {wording.percent(share)} of the runs in which it occurred"


def _apart(source: RunSource, many: Batch, arm: str) -> list[str]:
    """Return the settings in which the run differs from the runs of the arm."""
    theirs, ours = asdict(many.prepared.settings(arm, 0)), source.manifest.settings
    other = [name for name in CHANGES if _plain(ours.get(name)) != _plain(theirs.get(name))]
    if source.manifest.injects_sha256 != many.manifest.hashes[arm][1]:
        other.append("injects")
    return [name.replace("_", "-") for name in other]


def _plain(value: object) -> object:
    return tuple(map(_plain, value)) or None if isinstance(value, list | tuple) else value or None
