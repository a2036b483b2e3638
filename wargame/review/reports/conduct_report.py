"""Absurd conduct, from its JSON data: for terminals and pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wargame.document.blocks import Block, Grid, Paragraph, next_steps
from wargame.journal.wording import count, date

LISTED = 20
"""Cases of several runs that are listed."""
Data = Mapping[str, Any]


def summary(data: Data) -> Iterator[Block]:
    """Yield how many cases there are of each kind, and the cases with their records."""
    mean = f", {data['per_run']:.1f} a run, none in {data['runs_without']}" if data["runs"] > 1 else ""
    yield Paragraph(f"{count(data['cases'], 'case')} in {count(data['runs'], 'run')}{mean}", lead=True)
    if data["cases"]:
        found = sorted((each for each in data["kinds"] if each["cases"]), key=lambda each: -each["cases"])
        rows = tuple((str(each["cases"]), str(each["runs"]), each["title"], each["id"]) for each in found)
        yield Grid("Kinds", ("Cases", "Runs", "Kind", "--kind"), rows)
        yield from _cases(data)


def _cases(data: Data) -> Iterator[Block]:
    """Yield the cases with their records and why each is one."""
    titles = {each["id"]: each["title"] for each in data["kinds"]}
    cases = [(run["run"], case) for run in data["by_run"] for case in run["cases"]]
    shown = cases if data["runs"] == 1 else cases[:LISTED]
    rows: list[tuple[str, ...]] = []
    for name, case in shown:
        where = f" ({name})" if data["runs"] > 1 else ""
        rows.append((f"{date(case['at'])}  {', '.join(case['governments'])}: {titles[case['kind']]}{where}",))
        rows += [(date(each["at"]), f"{each['what']}  #{each['seq']}") for each in case["records"]]
    yield Grid("Cases", ("Date", "What"), tuple(rows))
    if len(cases) > len(shown):
        yield Paragraph(f"and {len(cases) - len(shown):,} more (--kind selects a kind, --json prints all)")
    yield next_steps([(case["why"][0], f"{date(case['at'])}: {titles[case['kind']]}") for _, case in shown])
