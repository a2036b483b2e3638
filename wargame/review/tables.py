"""Findings as pandas DataFrames, for notebooks.

    from wargame.review import tables
    tables.decisions("runs/first").query("by_chance")

Each function takes a run folder, its path or name, or the result of `open_findings`, which computes every
finding once. Columns of the same name mean the same everywhere: `seq` is the record that a row is based on, `at`
an ISO time with offset, `day` days from STARTEX. Raises UsageFault if there is no such run, and Invalid if the
folder is not a run.
"""

from __future__ import annotations

import pandas as pd

from wargame.review.findings import finding_rows as rows
from wargame.review.findings import knowledge, percentile, series
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.headlines import headline
from wargame.review.findings.source import Run

__all__ = ["open_findings"]
AnyRun = Run | Findings


def journal(run: AnyRun) -> pd.DataFrame:
    """Return all records, with a headline each."""
    return pd.DataFrame(rows.journal(open_findings(run).source))


def timeline(run: AnyRun) -> pd.DataFrame:
    """Return what happened, in order, each event with its cause."""
    return pd.DataFrame(open_findings(run).timeline)


def decisions(run: AnyRun) -> pd.DataFrame:
    """Return every meeting with its choice, its chance and whether chance decided (`by_chance`)."""
    return pd.DataFrame(open_findings(run).decisions)


def terms(run: AnyRun) -> pd.DataFrame:
    """Return the terms of the scores of the best candidates, one row a term."""
    return pd.DataFrame(rows.terms(open_findings(run).source))


def causes(run: AnyRun) -> pd.DataFrame:
    """Return the causal graph as edges from `cause` to `seq`, with their role."""
    return pd.DataFrame(rows.causes(open_findings(run).source))


def expected_actions(run: AnyRun) -> pd.DataFrame:
    """Expected actions: their status by rule and by judgement, with the days they took."""
    return pd.DataFrame(open_findings(run).expected_actions)


def objective_evidence(run: AnyRun) -> pd.DataFrame:
    """Objectives with counts of expected actions, the records that are evidence, and a draft rating for human seats."""
    return pd.DataFrame(open_findings(run).objectives)


def moments(run: AnyRun) -> pd.DataFrame:
    """Return the turning points, chosen by score; their effects are not measured."""
    return pd.DataFrame(open_findings(run).moments)


def inbox(run: AnyRun, seat: str, until_day: float | None = None) -> pd.DataFrame:
    """Return what reached a seat, up to a day from STARTEX."""
    source = open_findings(run).source
    until = None if until_day is None else source.startex + round(until_day * 86400)
    return pd.DataFrame(knowledge.inbox(source, seat, until))


def attention(run: AnyRun) -> pd.DataFrame:
    """Hours and shares of each leadership's work by dossier."""
    return pd.DataFrame(open_findings(run).attention)


def meetings(run: AnyRun) -> pd.DataFrame:
    """Return the hours of each meeting on its dossier: attention over time."""
    return pd.DataFrame(rows.meetings(open_findings(run).source))


def relations(run: AnyRun) -> pd.DataFrame:
    """Trust between governments at each monthly snapshot."""
    return pd.DataFrame(open_findings(run).relations)


def indicators(run: AnyRun) -> pd.DataFrame:
    """Return all other numbers of the world over time; `source` is the kind of record that contains them."""
    findings = open_findings(run)
    return pd.DataFrame(series.indicators(findings.source, findings.series))


def estimates(run: AnyRun) -> pd.DataFrame:
    """Return each government's estimates of the indicators that it does not know."""
    findings = open_findings(run)
    return pd.DataFrame(series.estimates(findings.source, findings.series))


def forums(run: AnyRun) -> pd.DataFrame:
    """Return the steps of every forum and agreement."""
    return pd.DataFrame(open_findings(run).talks)


def escalation(run: AnyRun) -> pd.DataFrame:
    """Rivera severity and the highest rung of each day since STARTEX; days without actions have no row."""
    return pd.DataFrame(open_findings(run).escalation)


def questionnaires(run: AnyRun) -> pd.DataFrame:
    """Answers to questionnaires, one row for each: question, seat, person, answer, and `mark` on a scale."""
    return pd.DataFrame(open_findings(run).answers)


def notes(run: AnyRun) -> pd.DataFrame:
    """Notes, adjudications and commands of the facilitator."""
    return pd.DataFrame(open_findings(run).notes)


def msel_as_executed(run: AnyRun) -> pd.DataFrame:
    """Return the MSEL as planned and as executed."""
    return pd.DataFrame(open_findings(run).msel)


def percentiles(run: AnyRun, batch: str) -> pd.DataFrame:
    """Return how unusual a run is within a batch of the same scenario."""
    return pd.DataFrame(percentile.percentiles(open_findings(run).source, batch))


def trace(run: AnyRun, seq: int) -> pd.DataFrame:
    """Return the causal trace of a record back to its origin, one row a step."""
    source, steps = open_findings(run).source, list[Row]()
    while seq in source.index:
        record = source.index[seq]
        steps.append({"seq": seq, "at": record.at, "kind": record.kind, "headline": headline(source, record)})
        if not record.cause:
            break
        seq = record.cause[0]
    return pd.DataFrame(steps)
