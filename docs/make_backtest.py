"""Writes docs/explanation/backtest.md from a result: `wargame backtest … --json > R; python docs/make_backtest.py R`.

What stands between the markers `by hand` is kept.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "backtest.md"
HAND = re.compile(r"<!-- by hand -->\n(.*?)<!-- end -->", re.DOTALL)
ASKED = ("launch", "council_answer", "talks", "sanction", "exercise", "thaad")
"""The kinds that the crisis is about."""
NAIVE = ("never", "persistence", "poisson")
SCORES = {
    "brier": "Brier",
    "log": "Log, nats",
    "crps_count": "CRPS of counts, events",
    "crps_time": "CRPS of first passage, days",
}
HEAD = """# How well it forecasts

Made by `docs/make_backtest.py` from {runs:,} runs of `wargame/studies/backtest-rolling.yaml`: {origins} origins from
{first} to {last}, {each} runs from each, held against `wargame/scenarios/korea-2017/chronology.csv`, which ends on
{until}. How to make it again stands [at the end](#how-to-make-it-again); how to hold other runs against other months in
[Hold futures against what happened](../how-to/backtest.md).
"""
WHAT = """## What is asked

From each origin the governments of the model decide for themselves. For each kind of event and actor, and for
{windows} days from the origin: does it come, how often, and on which day first?

- **Brier score**: (p - y)², p the share of runs in which it comes, y = 1 if it came and 0 if not.
- **Log score**: -ln of the probability of what came, with (k + 1/2)/(n + 1) for k of n runs. With {each} runs no
  probability is below {floor:.2g}; naive forecasts are kept within the same ends.
- **CRPS of counts**, and **of first passage** in days; the latter is cut off at the window's end in runs and history:
  what does not come within the window counts as its length.
- **Skill**: 1 - score/score of a naive forecast. 1 is perfect, 0 as good, negative worse. *Never*: it will not come.
  *Persistence*: as in the last window of that length. *Poisson*: at the rate of the past year, or of as much of it as
  the chronology knows, which begins in January 2016. It is not defined where the naive forecast alone was perfect.
- **Intervals** of 95 % are from 2,000 resamples of the origins in circular blocks as long as windows overlap. Nine
  origins in one year of one crisis are few: the intervals are rough, and say nothing of other crises.

The chronology names what sources found worth naming, so kinds of everyday acts (calls, threats, proposals) come more
often in the model than in it by their nature.
"""
HAND_FIRST = "To be written from the tables above: where skill is negative, what the model lacks.\n"
AGAIN = """## How to make it again

```sh
wargame batch backtest-rolling -n {each} --out runs/rolling
wargame backtest runs/rolling --json > runs/backtest.json
python docs/make_backtest.py runs/backtest.json
```

The table of runs that were handed over thirty days before is of as many:

```sh
wargame batch backtest-led -n {each} --out runs/led
wargame backtest runs/led --lead 30
```
"""


def page(told: Mapping[str, Any], hand: str = HAND_FIRST) -> str:
    """The whole page as Markdown, from the JSON document of `wargame backtest`."""
    parts = [
        _head(told),
        "## Is it better than a naive forecast?\n",
        *_skills(told),
        "## Each score\n",
        _scores(told),
        "## Is what is said as frequent as it is said?\n",
        _reliability(told),
        "## What this shows\n",
        _verdicts(told),
        f"<!-- by hand -->\n{hand}<!-- end -->\n",
        "## What was scored\n",
        _events(told),
        AGAIN.format(each=told["origins"][0]["runs"]),
    ]
    return "\n".join(parts)


def _head(told: Mapping[str, Any]) -> str:
    origins = told["origins"]
    counts = sorted({row["runs"] for row in origins})
    each = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    head = HEAD.format(
        runs=sum(row["runs"] for row in origins),
        origins=len(origins),
        first=origins[0]["date"],
        last=origins[-1]["date"],
        each=each,
        until=told["covered"]["until"],
    )
    windows = ", ".join(map(str, told["windows"][:-1])) + f" and {told['windows'][-1]}"
    return head + "\n" + WHAT.format(windows=windows, each=each, floor=0.5 / (counts[0] + 1))


def _rows(told: Mapping[str, Any], score: str) -> list[dict[str, Any]]:
    """A row for each kind and window: the first is that of the whole kind."""
    seen: dict[tuple[str, int], dict[str, Any]] = {}
    for row in told["scores"]:
        if row["score"] == score:
            seen.setdefault((row["kind"], row["window"]), row)
    return list(seen.values())


def _title(told: Mapping[str, Any], kind: str) -> str:
    return "**All kinds**" if kind == "all" else str(told["titles"].get(kind, kind))


def _order(told: Mapping[str, Any]) -> list[str]:
    kinds = list(dict.fromkeys(row["kind"] for row in told["scores"]))
    asked = [kind for kind in ASKED if kind in kinds]
    return ["all", *asked, *(kind for kind in kinds if kind not in (*asked, "all"))]


def _skills(told: Mapping[str, Any]) -> Iterator[str]:
    heads = ("Kind", "Came", "Said", "Brier", "Against never", "Against persistence", "Against Poisson")
    rows = {(row["kind"], row["window"]): row for row in _rows(told, "brier")}
    for window in told["windows"]:
        found = [rows[kind, window] for kind in _order(told) if (kind, window) in rows]
        lines = [
            (
                _title(told, row["kind"]),
                f"{row['occurred']} of {row['forecasts']}",
                f"{row['mean_p']:.2f}",
                f"{row['value']:.3f}",
                *(_skill(row["naive"][name]) for name in NAIVE),
            )
            for row in found
        ]
        yield f"Within {window} days, skill by Brier score:\n\n{_table(heads, lines)}"


def _scores(told: Mapping[str, Any]) -> str:
    lines = []
    for score, name in SCORES.items():
        for row in _rows(told, score):
            if row["kind"] == "all":
                interval = "" if row["low"] is None else f" ({row['low']:.3g} to {row['high']:.3g})"
                skills = (_skill(row["naive"][each]) for each in NAIVE)
                lines.append((name, str(row["window"]), f"{row['value']:.3g}{interval}", *skills))
    return "All kinds together:\n\n" + _table(
        ("Score", "Days", "Model", "Against never", "Against persistence", "Against Poisson"), lines
    )


def _skill(against: Mapping[str, Any] | None) -> str:
    if against is None or against["skill"] is None:
        return "no past" if against is None else "not defined"
    if against["low"] is None:
        return f"{against['skill']:+.2f}"
    return f"{against['skill']:+.2f} ({against['low']:+.2f} to {against['high']:+.2f})"


def _reliability(told: Mapping[str, Any]) -> str:
    lines = [
        (
            f"{row['from']:.1f} to {row['to']:.1f}",
            str(row["n"]),
            f"{row['forecast']:.3f}",
            f"{row['observed']:.3f}",
            f"{row['low']:.3f} to {row['high']:.3f}",
        )
        for row in told["reliability"]
        if row["window"] is None
    ]
    table = _table(("Said", "Windows", "Mean of what was said", "Share that came", "95 % interval"), lines)
    return (
        f"{table}\nIntervals are Wilson's, as if windows were independent; they overlap, so the true ones are wider.\n"
    )


def _verdicts(told: Mapping[str, Any]) -> str:
    """Which kinds are better, worse or neither, by whether an interval of skill leaves out 0."""
    lines = []
    for name in NAIVE:
        found: dict[str, list[str]] = {"better": [], "worse": [], "open": [], "none": []}
        for row in _rows(told, "brier"):
            against = row["naive"][name]
            if row["kind"] == "all" or against is None:
                continue
            low, high = against["low"], against["high"]
            clear = low is not None and (low > 0 or high < 0)
            verdict = "none" if low is None else "open" if not clear else "better" if low > 0 else "worse"
            found[verdict].append(f"{_title(told, row['kind'])} ({row['window']})")
        lines.append(f"- Against *{name}* better: {_listed(found['better'])}; worse: {_listed(found['worse'])}; "
                     f"neither is sure for {len(found['open'])}; no interval for {len(found['none'])}.")  # fmt: skip
    return (
        "Kinds and windows in days whose skill by Brier score has an interval without 0:\n\n" + "\n".join(lines) + "\n"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _events(told: Mapping[str, Any]) -> str:
    """Each event from the first origin on: its mark in the record, and what it is scored as."""
    lines = [
        (
            row["id"],
            row["date"],
            row["actors"],
            row["kind"],
            row["mark"] or "not in it",
            ", ".join(row["scored_as"]) or f"not: {row['not_scored']}",
        )
        for row in told["events"]
    ]
    head = (
        "Decided events are forecast; exogenous ones happen in every run, whatever the governments decide, and are not "
        "scored. Each event of the chronology from the first origin on, as the record marks it:\n\n"
    )
    return head + _table(("Id", "Date", "Actors", "Kind", "In the record", "Scored as"), lines)


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows) + "\n"


def led(written: Mapping[str, Any] | None, found: Mapping[str, Any]) -> str:
    """The same origins, scored in runs that began `lead` days before, beside those that began there."""
    heads = (
        "Kind",
        "Days",
        "Handed over",
        "Said",
        "Came",
        "Brier",
        "Against never",
        "Against persistence",
        "Against Poisson",
    )
    lines = []
    sides = (("on the day", written), (f"{found['lead']} days before", found))
    for kind in ("all", *ASKED):
        for window in found["windows"]:
            for name, told in sides:
                for row in _rows(told, "brier") if told else ():
                    if (row["kind"], row["window"]) == (kind, window):
                        skills = (_skill(row["naive"][each]) for each in NAIVE)
                        said, came = f"{row['mean_p']:.2f}", f"{row['occurred'] / row['forecasts']:.2f}"
                        lines.append(
                            (_title(found, kind), str(window), name, said, came, f"{row['value']:.3f}", *skills)
                        )
    return _table(heads, lines)


def write(told: Mapping[str, Any]) -> None:
    """Write the page from a result; the part written by hand stays."""
    found = HAND.search(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else None
    PAGE.write_text(page(told, found.group(1) if found else HAND_FIRST), encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
