"""One run among many: how unusual its outcomes and numbers are within a batch of the same scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault, nearest
from wargame.journal import sentences as phrases
from wargame.language.times import DAY

if TYPE_CHECKING:
    import pandas as pd

    from wargame.batch.api import Batch
    from wargame.review.findings.source import Run, RunSource

LEAST = 20
"""Runs of a batch below which no number is told as unusual: one in twenty is one of them."""
SINGULAR = 0.05
"""A number with no more than this share of the runs on its side of the middle is told as unusual."""
_COUNTED = re.compile(r"(actions|severity|count)\(\s*(\w*)\s*(?:,\s*(\w+)\s*)?\)")
SPAN = ("STARTEX", "until")
CHANGES = ("set", "forbid", "force", "skip", "seats", "strategies", "leaders", "startex", "until")


def percentiles(run: Run, batch: str | Path, arm: str | None = None) -> list[dict[str, Any]]:
    """How unusual a run is within a batch of the same scenario: one row for each number that both have.

    `share_below` and `share_same` are the shares of the batch's runs with a smaller and with the same number,
    `low`, `middle` and `high` its quantiles at 5, 50 and 95 %; `kind` is `share` for an outcome (0 or 1), `time` for
    its day among the runs where it came, `number` for all else.
    Raises UsageFault if the batch is of another scenario or has no such arm.
    """
    from wargame.batch.api import open_batch
    from wargame.review.findings.source import open_run

    return list(_rows(open_run(run), open_batch(str(batch)), arm))


def within(source: RunSource, batch: str | Path, arm: str | None = None) -> dict[str, Any]:
    """The same for a reader: rows in words, the unusual ones first, and what else sets the run apart."""
    from wargame.batch.api import open_batch

    many = open_batch(str(batch))
    arm = arm or many.prepared.study.against
    apart = _apart(source, many, arm) if arm in many.manifest.hashes else []
    if span := [name for name in apart if name in SPAN]:
        raise UsageFault(
            f"{many.manifest.name} has runs over another time ({', '.join(span)} of its arm '{arm}'): "
            "numbers of a longer run are no odder for being greater (play a batch over the time of this run)"
        )
    found = [row for row in _rows(source, many, arm) if row["kind"] == "share" or row["share_same"] < 1]
    rows = [_worded(source, row) for row in sorted(found, key=lambda row: (_side(row), row["measure"]))]
    runs = max((row["runs"] for row in found), default=0)
    return {
        "batch": many.manifest.name,
        "title": many.manifest.title or many.manifest.study,
        "arm": arm,
        "runs": runs,
        "rows": rows,
        "unusual": sum(bool(row["unusual"]) for row in rows),
        "told": f"the batch has {runs} runs in its arm {arm}; with fewer than {LEAST}, no number can be called unusual."
        if runs < LEAST
        else (
            f"not more than {_percent(SINGULAR)} of {runs:,} runs of the batch '{many.manifest.name}' (arm {arm}) are "
            "as far out. With so many numbers one in twenty or so is by luck alone."
        ),
        "apart": ", ".join(apart),
        "command": many.manifest.command,
    }


def _rows(source: RunSource, many: Batch, arm: str | None) -> Iterator[dict[str, Any]]:
    arm = arm or many.prepared.study.against
    if arm not in many.manifest.hashes:
        hint = nearest(arm, many.manifest.hashes) or f"it has {', '.join(sorted(many.manifest.hashes))}"
        raise UsageFault(f"the batch has no arm '{arm}' ({hint})")
    if many.manifest.hashes[arm][0] != source.manifest.scenario_sha256:
        raise UsageFault(f"{many.manifest.name} is a batch of another scenario, or of another version of it")
    table = many.frame().query("arm == @arm and status == 'ok'")
    for name, (kind, value) in numbers(source, list(table.columns)).items():
        column = _column(table, name, kind)
        if len(column):
            yield {"measure": name, "kind": kind, "value": value, "runs": len(column), **_place(column, value)}


def _column(table: pd.DataFrame, name: str, kind: str) -> pd.Series[float]:
    if kind == "share" and name not in table:  # every batch keeps the days of all outcomes
        return table[f"time{name[1:]}"].notna().astype(float)
    return table[name].dropna()


def _place(column: pd.Series[float], value: float) -> dict[str, float]:
    spread = {key: float(column.quantile(q)) for key, q in (("low", 0.05), ("middle", 0.5), ("high", 0.95))}
    return {"share_below": float((column < value).mean()), "share_same": float((column == value).mean()), **spread}


def numbers(source: RunSource, columns: list[str]) -> dict[str, tuple[str, float]]:
    """Those measures of a batch that the journal of one run tells: outcomes, their days, and what is counted."""
    found: dict[str, tuple[str, float]] = {}
    for name, at in source.manifest.outcomes.items():
        if f"time({name})" in columns:
            found[f"p({name})"] = ("share", float(at is not None))
            if at is not None:
                found[f"time({name})"] = ("time", _days(source, at))
    for column in columns:
        match = _COUNTED.fullmatch(column)
        if match:
            found[column] = ("number", _counted(source, *match.groups("")))
    return found


def _days(source: RunSource, at: str) -> float:
    since = datetime.fromisoformat(at) - datetime.fromisoformat(source.manifest.startex)
    return since.total_seconds() / DAY


def _counted(source: RunSource, function: str, name: str, who: str) -> float:
    if function == "count":
        injects = sum(r.kind == "inject.released" and r.about == name for r in source.since)
        actions = [r for r in source.since if r.kind == "action" and r.about == name and (not who or r.who == who)]
        return float(len(actions) + (0 if who else injects))
    actions = [r for r in source.since if r.kind == "action" and (not name or r.who == name)]
    return (
        float(len(actions))
        if function == "actions"
        else sum(phrases.number(action.data, "severity") for action in actions)
    )


# --- in words -------------------------------------------------------------------------------------------------


def _side(row: Mapping[str, Any]) -> float:
    """The share of the batch's runs that are as far out as this one, or farther, on its side."""
    if row["kind"] == "share":
        return float(row["share_same"])
    below, same = row["share_below"], row["share_same"]
    return float(min(below + same, 1 - below))


def _worded(source: RunSource, row: Mapping[str, Any]) -> dict[str, Any]:
    share = _side(row)
    return {
        "what": _name(source, row),
        "here": _here(row),
        "usual": _usual(row),
        "told": _told(row),
        "unusual": share <= SINGULAR and row["runs"] >= LEAST,
        "share": share,
    }


def _name(source: RunSource, row: Mapping[str, Any]) -> str:
    function, _, rest = str(row["measure"]).partition("(")
    known = source.scenario.outcomes if source.scenario else {}
    name = rest.rstrip(")")
    title = known[name].title if name in known else phrases.words(name)
    if function in ("p", "time"):
        return title if function == "p" else f"{title}: its day"
    government = source.governments.get(name, title)
    who = phrases.called(government)
    named = {"actions": f"Actions of {who}", "severity": f"Severity of what {who or 'all'} did"}
    return (
        named.get(function, f"Count of {phrases.words(rest.rstrip(')'))}") if rest != ")" else "Severity of all actions"
    )


def _here(row: Mapping[str, Any]) -> str:
    if row["kind"] == "share":
        return "came" if row["value"] else "did not come"
    return f"day {floor(row['value'])}" if row["kind"] == "time" else phrases.whole(row["value"])


def _usual(row: Mapping[str, Any]) -> str:
    if row["kind"] == "share":
        came = row["share_same"] if row["value"] else 1 - row["share_same"]
        return f"came in {_percent(came)} of the runs"
    middle, low, high = (phrases.whole(row[part]) for part in ("middle", "low", "high"))
    return f"{middle}; nine in ten from {low} to {high}"


def _told(row: Mapping[str, Any]) -> str:
    if row["kind"] == "share":
        return f"{_percent(row['share_same'])} of the runs did the same"
    below, same = row["share_below"], row["share_same"]
    if below + same / 2 < 0.5:
        return (
            f"{_percent(below + same)} of the runs had as little" if row["kind"] == "number" else _early(below + same)
        )
    above = 1 - below
    return f"{_percent(above)} of the runs had as much" if row["kind"] == "number" else _late(above)


def _early(share: float) -> str:
    return f"in {_percent(share)} of the runs where it came it came as early"


def _late(share: float) -> str:
    return f"in {_percent(share)} of the runs where it came it came as late"


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _apart(source: RunSource, many: Batch, arm: str) -> list[str]:
    """What the run was given otherwise than the runs of the arm."""
    from dataclasses import asdict

    theirs = asdict(many.prepared.settings(arm, 0))
    ours = source.manifest.settings
    other = [name for name in CHANGES if _plain(ours.get(name)) != _plain(theirs.get(name))]
    if source.manifest.injects_sha256 != many.manifest.hashes[arm][1]:
        other.append("injects")
    return [name.replace("_", "-") for name in other]


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value or None
