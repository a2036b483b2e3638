"""Findings as DataFrames, for notebooks: each function takes a run folder (or its path, or an open run).

    from wargame.review import tables
    tables.decisions("runs/first").query("coin")

Columns of the same name mean the same everywhere: `seq` is the record a row rests on, `at` an ISO time with
offset, `day` days from STARTEX. Raises UsageFault if there is no such run and Invalid if it is none.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from wargame.journal import sentences as phrases
from wargame.review.findings import finding_rows as rows
from wargame.review.findings import knowledge, msel, objectives, series
from wargame.review.findings import percentile as standings
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.source import Run, RunSource, open_run


def _frame(run: Run, find: Callable[[RunSource], list[Row]]) -> pd.DataFrame:
    return pd.DataFrame(find(open_run(run)))


def journal(run: Run) -> pd.DataFrame:
    """All records with a headline each."""
    return _frame(run, rows.journal)


def timeline(run: Run) -> pd.DataFrame:
    """What happened, in order, each with what came before it."""
    return _frame(run, rows.timeline)


def decisions(run: Run) -> pd.DataFrame:
    """Every meeting with its choice, its chance and whether a coin fell (`coin`)."""
    return _frame(run, rows.decisions)


def terms(run: Run) -> pd.DataFrame:
    """The terms of the scores of the best candidates, one row a term."""
    return _frame(run, rows.terms)


def causes(run: Run) -> pd.DataFrame:
    """The causal graph as edges `cause` to `seq`, with their role."""
    return _frame(run, rows.causes)


def expected_actions(run: Run) -> pd.DataFrame:
    """Expected actions: met, late or missed, with the days they took."""
    return _frame(run, rows.expected_actions)


def objective_evidence(run: Run) -> pd.DataFrame:
    """Objectives with tallies, the records that are evidence, and a draft rating for people's seats."""
    return _frame(run, objectives.objectives)


def moments(run: Run) -> pd.DataFrame:
    """The candidate turning points; `wargame.review.moments` tests them by counterfactual."""
    return _frame(run, rows.moments)


def inbox(run: Run, seat: str, until_day: float | None = None) -> pd.DataFrame:
    """What reached a seat, up to a day from STARTEX."""
    source = open_run(run)
    until = None if until_day is None else source.startex + round(until_day * 86400)
    return pd.DataFrame(knowledge.inbox(source, seat, until))


def attention(run: Run) -> pd.DataFrame:
    """Hours and shares of each leadership's work by dossier."""
    return _frame(run, rows.attention)


def meetings(run: Run) -> pd.DataFrame:
    """The hours of each meeting on its dossier: attention over time."""
    return _frame(run, rows.meetings)


def relations(run: Run) -> pd.DataFrame:
    """Trust between governments at each monthly snapshot."""
    return _frame(run, series.relations)


def indicators(run: Run) -> pd.DataFrame:
    """All other numbers of the world over time, and what told each."""
    return _frame(run, series.indicators)


def estimates(run: Run) -> pd.DataFrame:
    """What each government believed of what it can only estimate."""
    return _frame(run, series.estimates)


def forums(run: Run) -> pd.DataFrame:
    """The steps of every forum and agreement."""
    return _frame(run, rows.talks)


def escalation(run: Run) -> pd.DataFrame:
    """Rivera severity a day, and the highest rung, since STARTEX; days without actions have no row."""
    return _frame(run, rows.escalation)


def notes(run: Run) -> pd.DataFrame:
    """Notes, adjudications and commands of the facilitator."""
    return _frame(run, rows.notes)


def msel_as_executed(run: Run) -> pd.DataFrame:
    """The MSEL: planned against actual."""
    return _frame(run, msel.msel)


def standing(run: Run, batch: str) -> pd.DataFrame:
    """How unusual a run is within a batch of the same scenario."""
    return pd.DataFrame(standings.standing(run, batch))


def trace(run: Run, seq: int) -> pd.DataFrame:
    """The causal trace of a record, from it back to what began it, one row a step."""
    source, found, step = open_run(run), list[Row](), seq
    while step in source.index:
        record = source.index[step]
        found.append(
            {"seq": step, "at": record.at, "kind": record.kind, "headline": phrases.headline(record, source.index)}
        )
        if not record.cause:
            break
        step = record.cause[0]
    return pd.DataFrame(found)
