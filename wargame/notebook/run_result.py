"""A run as Python and notebooks see it: facts, findings as data frames, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.errors import UsageFault
from wargame.journal.manifest import RunManifest
from wargame.journal.records import Record
from wargame.journal.records.script import INHERITED
from wargame.notebook.figures import Figure, table
from wargame.notebook.wording import python_errors
from wargame.review.findings.findings import Findings
from wargame.scenario.loading.load import Loaded

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class RunResult:
    """A run and its folder. Tables are data frames; `wargame.review.tables` has more, which take `findings`."""

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

    def journal(self) -> pd.DataFrame:
        """Return all records, with a headline each."""
        return self._table("journal")

    def timeline(self) -> pd.DataFrame:
        """Return what happened, in order, each event with its cause."""
        return self._table("timeline")

    def turning_points(self) -> pd.DataFrame:
        """Return the events that matter most, in order of time."""
        return self._table("moments")

    def decisions(self) -> pd.DataFrame:
        """Return every meeting with its choice, its chance and whether chance decided (`by_chance`)."""
        return self._table("decisions")

    def expected_actions(self) -> pd.DataFrame:
        """Expected actions with their status and the days they took."""
        return self._table("expected_actions")

    def relations(self) -> pd.DataFrame:
        """Trust between governments at each monthly snapshot, from −1 to 1."""
        return self._table("relations")

    def indicators(self) -> pd.DataFrame:
        """Return all other numbers of the world over time: `path`, `day` from STARTEX and `value`."""
        return self._table("indicators")

    def escalation(self) -> pd.DataFrame:
        """Severity and the highest rung of each day with actions."""
        return self._table("escalation")

    def why(self, seq: int) -> pd.DataFrame:
        """Return the causes of a record back to its origin, one row a step; UsageFault if there is no such record."""
        from wargame.review import tables

        if seq not in self.findings.source.index:
            raise UsageFault(f"the run has no record {seq!r}: take one of the column `seq`")
        return tables.trace(self.findings, seq)

    def report(self, path: str | Path | None = None, form: str | None = None) -> Path:
        """Write the review as html, md, docx or pdf, by default into the run folder, and return its path.

        UsageFault if the format is unknown, an extra is missing or the file cannot be written.
        """
        from wargame.journal.outputs import write_output
        from wargame.review.reports.writing import default_path, format_of, render

        form = format_of(path, form)
        with python_errors():
            place = Path(path) if path is not None else default_path(self.path, form)
            return write_output(place, render(self.findings, form))

    def _table(self, name: str) -> pd.DataFrame:
        from wargame.review import tables

        frame: pd.DataFrame = getattr(tables, name)(self.findings)
        return frame

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


@dataclass(frozen=True, slots=True)
class RunPlots:
    """Figures of a run."""

    findings: Findings

    def timeline(self) -> Figure:
        """Return a lane for each government, with actions, injects, talks and outcomes."""
        return self._drawn("timeline")

    def relations(self) -> Figure:
        """Trust between governments by month."""
        return self._drawn("relations")

    def escalation(self) -> Figure:
        """Return the severity of all actions by month, or by day for a short run."""
        return self._drawn("escalation")

    def small(self) -> Figure | None:
        """Return the timeline, if the run has events to draw."""
        from wargame.review.reports.run_charts import timeline_picture

        picture = timeline_picture(self.findings)
        return Figure((picture,)) if picture else None

    def _drawn(self, name: str) -> Figure:
        from wargame.review.reports import run_charts

        picture = getattr(run_charts, f"{name}_picture")(self.findings)
        if picture is None:
            raise UsageFault(f"the run has nothing to draw as {name} (run it longer, or with the whole journal)")
        return Figure((picture,))
