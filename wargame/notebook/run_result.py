"""A run as Python and notebooks see it: facts, findings as data frames, figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.dataclasses import dataclass
from wargame.errors import UsageFault
from wargame.journal.manifest import RunManifest
from wargame.journal.outputs import write_output
from wargame.journal.records import Record
from wargame.journal.records.script import INHERITED
from wargame.language.times import DAY
from wargame.notebook.figures import Figure, table
from wargame.notebook.wording import python_errors
from wargame.review.findings import finding_rows, knowledge, percentile, series
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.headlines import headline
from wargame.review.reports import run_charts
from wargame.scenario.loading.load import Loaded

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class RunResult:
    """A run and its folder. Tables are data frames."""

    findings: Findings

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.findings.source.folder.path

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.manifest.name

    @property
    def manifest(self) -> RunManifest:
        """Inputs, versions and results of the run, as in `manifest.json`."""
        return self.findings.source.manifest

    @property
    def loaded(self) -> Loaded | None:
        """The scenario of the run; None if its frozen inputs cannot be read."""
        return self.findings.source.loaded

    @property
    def records(self) -> Sequence[Record]:
        """The records of the journal."""
        return self.findings.source.records

    @property
    def outcomes(self) -> dict[str, float | None]:
        """Days from STARTEX to each outcome; None if it did not occur."""
        return {each.id: each.day for each in self.findings.summary.outcomes}

    @property
    def summary(self) -> dict[str, Any]:
        """The results in brief, as in `summary.json`."""
        summary: dict[str, Any] = msgspec.to_builtins(self.findings.summary)
        return summary

    @property
    def plot(self) -> RunPlots:
        """Figures of the run."""
        return RunPlots(self.findings)

    # --- tables: columns of the same name mean the same everywhere --------------------------------------------------
    # `seq` is the record that a row is based on, `at` an ISO time with offset, `day` days from STARTEX.

    def journal(self) -> pd.DataFrame:
        """Return all records, with a headline each."""
        return _table(finding_rows.journal(self.findings.source))

    def timeline(self) -> pd.DataFrame:
        """Return what happened, in order, each event with its cause."""
        return _table(self.findings.timeline)

    def turning_points(self) -> pd.DataFrame:
        """Return the events that matter most, in order of time, chosen by a score; their effects are not measured."""
        return _table(self.findings.moments)

    def decisions(self) -> pd.DataFrame:
        """Return every meeting with its choice, its chance and whether chance decided (`by_chance`)."""
        return _table(self.findings.decisions)

    def terms(self) -> pd.DataFrame:
        """Return the terms of the scores of the best candidates, one row a term."""
        return _table(finding_rows.terms(self.findings.source))

    def causes(self) -> pd.DataFrame:
        """Return the causal graph as edges from `cause` to `seq`, with their role."""
        return _table(finding_rows.causes(self.findings.source))

    def why(self, seq: int) -> pd.DataFrame:
        """Return the causes of a record back to its origin, one row a step; UsageFault if there is no such record."""
        source, steps = self.findings.source, list[Row]()
        if seq not in source.index:
            raise UsageFault(f"the run has no record {seq!r}: take one of the column `seq`")
        while seq in source.index:
            record = source.index[seq]
            steps.append({"seq": seq, "at": record.at, "kind": record.kind, "headline": headline(source, record)})
            seq = record.cause[0] if record.cause else -1
        return _table(steps)

    def expected_actions(self) -> pd.DataFrame:
        """Return expected actions: their status by rule and by judgement, with the days they took."""
        return _table(self.findings.expected_actions)

    def objectives(self) -> pd.DataFrame:
        """Return objectives with counts of expected actions, evidence, and draft ratings of human seats."""
        return _table(self.findings.objectives)

    def msel(self) -> pd.DataFrame:
        """Return the MSEL as planned and as executed."""
        return _table(self.findings.msel)

    def questionnaires(self) -> pd.DataFrame:
        """Return answers to questionnaires, one row for each: question, seat, person, answer, and `mark` on a scale."""
        return _table(self.findings.answers)

    def notes(self) -> pd.DataFrame:
        """Return notes, adjudications and commands of the facilitator."""
        return _table(self.findings.notes)

    def inbox(self, seat: str, until_day: float | None = None) -> pd.DataFrame:
        """Return what reached a seat, up to a day from STARTEX."""
        source = self.findings.source
        until = None if until_day is None else source.startex + round(until_day * DAY)
        return _table(knowledge.inbox(source, seat, until))

    def attention(self) -> pd.DataFrame:
        """Return hours and shares of each leadership's work by dossier."""
        return _table(self.findings.attention)

    def meetings(self) -> pd.DataFrame:
        """Return the hours of each meeting on its dossier: attention over time."""
        return _table(finding_rows.meetings(self.findings.source))

    def forums(self) -> pd.DataFrame:
        """Return the steps of every forum and agreement."""
        return _table(self.findings.talks)

    def relations(self) -> pd.DataFrame:
        """Return trust between governments at each monthly snapshot, from −1 to 1."""
        return _table(self.findings.relations)

    def indicators(self) -> pd.DataFrame:
        """Return all other indicator values over time; `source` is the kind of record that contains them."""
        return _table(series.indicators(self.findings.source, self.findings.series))

    def estimates(self) -> pd.DataFrame:
        """Return each government's estimates of the indicators that it does not know."""
        return _table(series.estimates(self.findings.source, self.findings.series))

    def escalation(self) -> pd.DataFrame:
        """Return Rivera severity and the highest rung of each day since STARTEX; days without actions have no row."""
        return _table(self.findings.escalation)

    def percentiles(self, batch: str) -> pd.DataFrame:
        """Return how unusual a run is within a batch of the same scenario."""
        return _table(percentile.percentiles(self.findings.source, batch))

    # --- reports and texts ------------------------------------------------------------------------------------------

    def report(self, path: str | Path | None = None, form: str | None = None) -> Path:
        """Write the review as html, md, docx or pdf, by default into the run folder, and return its path.

        UsageFault if the format is unknown, an extra is missing or the file cannot be written.
        """
        from wargame.review.reports.writing import default_path, format_of, render

        form = format_of(path, form)
        with python_errors():
            place = Path(path) if path is not None else default_path(self.path, form)
            return write_output(place, render(self.findings, form))

    def _facts(self) -> list[tuple[str, str]]:
        summary = self.findings.summary
        occurred = [
            f"{each.title} ({INHERITED if each.inherited else f'day {each.day:g}'})"
            for each in summary.outcomes
            if each.day is not None
        ]
        return [
            ("period", f"{summary.startex[:10]} to {summary.reached[:10]}, ended: {summary.ended}"),
            ("journal", f"{summary.decisions_in_words or 'none'}; {summary.records:,} records"),
            ("outcomes", ", ".join(occurred) or f"none of {len(summary.outcomes)} occurred"),
            ("folder", str(self.path)),
        ]

    def _title(self) -> str:
        summary = self.findings.summary
        return f"{summary.title or summary.scenario}, seed {summary.seed}"

    def __repr__(self) -> str:
        return "\n".join([f"Run of {self._title()}", *(f"  {name:<10} {value}" for name, value in self._facts())])

    def _repr_html_(self) -> str:
        """Return a table of facts and the timeline."""
        figure = self.plot.small()
        return table(f"Run of {self._title()}", (), self._facts()) + (figure.image() if figure else "")


def _table(rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class RunPlots:
    """Figures of a run."""

    findings: Findings

    def timeline(self) -> Figure:
        """Return a lane for each government, with actions, injects, talks and outcomes."""
        return self._drawn("timeline")

    def relations(self) -> Figure:
        """Return trust between governments by month."""
        return self._drawn("relations")

    def escalation(self) -> Figure:
        """Return the severity of all actions by month, or by day for a short run."""
        return self._drawn("escalation")

    def small(self) -> Figure | None:
        """Return the timeline, if the run has events to draw."""
        picture = run_charts.timeline_picture(self.findings)
        return Figure((picture,)) if picture else None

    def _drawn(self, name: str) -> Figure:
        picture = getattr(run_charts, f"{name}_picture")(self.findings)
        if picture is None:
            raise UsageFault(f"the run has nothing to draw as {name} (run it longer, or with the whole journal)")
        return Figure((picture,))
