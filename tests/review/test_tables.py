"""The tables for notebooks: every number computed again from the lines of the journal."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.run_tables import tables_of
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.scenario.loading.load import load

DAY = 86400


def test_escalation_is_the_sum_of_severities_of_each_day(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Each day has the sum of its severities, and the highest rung with the record that reached it."""
    severity: Counter[str] = Counter()
    for line in lines:
        if line["kind"] == "action":
            severity[line["at"][:10]] += line["data"]["severity"]
    table = tables_of(folder).escalation().set_index("date")

    assert {date: table.severity[date] for date in table.index} == pytest.approx(dict(severity))
    top = {line["seq"]: line["data"]["rung"] for line in lines if line["kind"] == "action"}
    assert [top[seq] for seq in table.seq] == list(table.rung)


def test_attention_is_that_of_the_last_record(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Shares of a leadership sum to one; hours are those of the last record."""
    closing = lines[-1]["data"]["attention"]
    table = tables_of(folder).attention()

    assert table.groupby("who").share.sum().to_dict() == pytest.approx(dict.fromkeys(closing, 1.0), abs=1e-3)
    hours = {(row.who, row.dossier): row.hours for row in table.itertuples()}
    assert hours == pytest.approx(
        {(w, d): s / 3600 for w, spent in closing.items() for d, s in spent.items()}, abs=0.01
    )


def test_expected_actions_are_those_of_the_journal(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Status and latency equal those of the records."""
    records = [line for line in lines if line["kind"] == "expected"]
    assert records
    table = tables_of(folder).expected_actions()

    assert list(table.status) == [line["data"]["status"] for line in records]
    assert [None if math.isnan(days) else days for days in table.latency_days.astype(float)] == [
        pytest.approx(line["data"]["latency"] / DAY, abs=0.01) if "latency" in line["data"] else None
        for line in records
    ]


def test_relations_and_indicators_are_those_of_the_snapshots(folder: Path, lines: list[dict[str, Any]]) -> None:
    """A number that a snapshot leaves out is zero."""
    states = {line["seq"]: line["data"]["values"] for line in lines if "values" in line["data"]}
    relations, indicators = tables_of(folder).relations(), tables_of(folder).indicators()

    assert len(relations) == 2 * len(states)
    assert states
    for row in relations.itertuples():
        assert row.value == states[row.seq].get(f"trust[{row.who}, {row.whom}]", 0.0)
    assert (indicators.source == "snapshot").any()
    for row in indicators[indicators.source == "snapshot"].itertuples():
        assert row.value == states[row.seq].get(row.path, 0.0)


def test_a_decision_says_whether_chance_decided(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """Chance decided if a candidate with a better score was not chosen."""
    coins = {
        line["seq"]
        for line in lines
        if line["kind"] == "decision"
        for c in line["data"].get("candidates", ())
        if (c["option"], c["target"]) == (line["data"]["choice"], line["data"]["target"])
        and c["score"] < max(other["score"] for other in line["data"]["candidates"])
    }
    assert coins
    assert {row["seq"] for row in Findings(source).decisions if row["by_chance"]} == coins


def test_the_causal_graph_has_every_cause(folder: Path, lines: list[dict[str, Any]]) -> None:
    """There is one edge for each cause; the first cause of a record is its trigger."""
    table = tables_of(folder).causes()

    assert list(zip(table.seq, table.cause, strict=True)) == [(n["seq"], c) for n in lines for c in n["cause"]]
    assert (table.role == "trigger").sum() == sum(bool(line["cause"]) for line in lines)


def test_the_msel_has_one_row_for_each_release_or_unreleased_inject(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Every inject of the files is present, with its releases."""
    table = tables_of(folder).msel()
    released = Counter(line["about"] for line in lines if line["kind"] == "inject.released")

    assert set(table.inject) == {inject.id for inject in load("two-rivals").injects}
    assert Counter(table[table.status == "released"].inject) == released
    assert table.set_index("inject").slip_days["collision"] == 0.0


def test_every_row_names_its_record(folder: Path, lines: list[dict[str, Any]]) -> None:
    """All `seq` are numbers of records in the journal."""
    known = {line["seq"] for line in lines}
    for name in ("timeline", "decisions", "terms", "turning_points", "journal"):
        frame = getattr(tables_of(folder), name)()
        assert len(frame)
        assert set(frame.get("seq", [])) <= known
