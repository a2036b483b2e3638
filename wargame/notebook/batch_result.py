"""A batch, and the answer to its question, as Python and notebooks see them: data frames, figures, arrays."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
import numpy as np

from wargame.batches.analysis.differences import differences
from wargame.batches.api import Batch
from wargame.dataclasses import dataclass, fields
from wargame.document.formatting import estimate
from wargame.errors import UsageFault, nearest, needs
from wargame.journal.outputs import write_output
from wargame.notebook.figures import Figure, table
from wargame.notebook.wording import python_errors
from wargame.review.reports import batch_charts
from wargame.review.reports.batch_labels import Names, names_of
from wargame.review.reports.batch_tables import grouped

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FEW = 6
"""Estimates in the text of a batch."""
MOST = 24
"""Estimates in its table in a notebook."""


@dataclass(frozen=True, repr=False)
class BatchResult(Batch):
    """A batch and its folder. Tables are data frames: `frame`, `estimates`, `differences`, `incidence`, `series`."""

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Return the same batch."""
        return cls(**{each.name: getattr(batch, each.name) for each in fields(batch)})

    @cached_property
    def names(self) -> Names:
        """Titles of arms, measures and outcomes."""
        return names_of(self, {"baseline": self.prepared.study.against, "arms": list(self.prepared.names)})

    @property
    def plot(self) -> BatchPlots:
        """Figures of the batch."""
        return BatchPlots(self)

    def differences(self, *measures: str) -> pd.DataFrame:
        """Return each arm against the baseline, paired by replication: all measures, or those named."""
        with python_errors():
            return super().differences(*measures)

    def report(self, path: str | Path | None = None, form: str | None = None) -> Path:
        """Write the report as html, md, docx or pdf, by default into the batch folder, and return its path.

        UsageFault if the batch is not a local folder, the format is unknown or an extra is missing.
        """
        from wargame.review.reports.batch_report import batch_report, finished_at
        from wargame.review.reports.writing import as_document, default_path, format_of

        if "://" in self.path:
            raise UsageFault(f"{self.path}: reports are made of a folder on this machine; copy the batch first")
        form = format_of(path, form)
        folder = Path(self.path)
        with python_errors():
            place = Path(path) if path is not None else default_path(folder, form)
            return write_output(place, as_document(batch_report(folder), form, finished_at(folder)))

    def to_xarray(self) -> xr.Dataset:
        """Return measures and times by arm and replication, factors (`factor:NAME`) by replication, series also by day.

        NaN stands for runs that failed and days after the end. UsageFault without the extra `xarray`.
        """
        with needs("to_xarray() needs xarray", "xarray"):
            import xarray as xr
        table, prepared = self.table, self.prepared
        replications = np.arange(table.shape[1])
        titles = {each.name: {"title": each.title, "kind": each.kind} for each in prepared.measures}
        names = [*titles, *(f"time({each})" for each in prepared.outcomes if f"time({each})" not in titles)]
        variables: dict[str, Any] = {name: (RUN, table.column(name), titles.get(name, {})) for name in names}
        variables["ok"] = (RUN, table.ok, {"title": "whether the run finished"})
        for factor in prepared.study.factors:
            values = [prepared.factors(int(number))[factor] for number in replications]
            variables[f"factor:{factor}"] = (("replication",), values, {"title": prepared.study.factors[factor].title})
        coordinates: dict[str, Any] = {"arm": list(table.arms), "replication": replications}
        if prepared.study.series:
            days, series = _series(self)
            coordinates["day"] = days
            variables |= {path: ((*RUN, "day"), values) for path, values in series.items()}
        facts = {"study": self.manifest.study, "scenario": self.manifest.scenario, "seed": self.manifest.seed}
        return xr.Dataset(variables, coordinates, {**facts, "baseline": prepared.study.against})

    def _rows(self, most: int) -> list[tuple[str, str, str]]:
        rows: list[dict[str, Any]] = [msgspec.structs.asdict(row) for row in self.rows]
        names, shown = self.names, rows[:most]
        cells = [names.never(row) or estimate(row, share=names.is_share(row["measure"])) for row in shown]
        return [(names.title(r["measure"]), names.label(r["arm"]), text) for r, text in zip(shown, cells, strict=True)]

    def _title(self) -> str:
        replications = self.table.shape[1]
        arms = len(self.prepared.names)
        many = f"{arms} arms, {replications:,} replications each" if arms > 1 else f"{replications:,} replications"
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"Batch {self.manifest.title or self.manifest.study}: {many}, seed {self.manifest.seed}{failed}"

    def __repr__(self) -> str:
        rows = self._rows(FEW)
        widths = [max(len(row[i]) for row in rows) for i in (0, 1)] if rows else [0, 0]
        lines = [f"  {name:<{widths[0]}}  {arm:<{widths[1]}}  {value}" for name, arm, value in rows]
        more = len(self.rows) - len(rows)
        rest = [f"  and {more} more estimates (.estimates() has all)"] if more else []
        return "\n".join([self._title(), *lines, *rest, f"  folder {self.typed}"])

    def _repr_html_(self) -> str:
        """Return the estimates, and a figure of the outcomes over time."""
        heads = ("Measure", "Arm", "Estimate (95 % interval)")
        more = len(self.rows) - MOST
        caption = self._title() + (f"; {more} more estimates are in .estimates()" if more > 0 else "")
        figure = self.plot.small()
        return table(caption, heads, self._rows(MOST)) + (figure.image() if figure else "")


@dataclass(frozen=True, slots=True)
class BatchPlots:
    """Figures of a batch."""

    batch: BatchResult

    def incidence(self, outcome: str | None = None) -> Figure:
        """Return the share of runs in which an outcome has occurred, by day and arm: one, or each that occurred."""
        if outcome is not None:
            self.batch.incidence(outcome)  # UsageFault if there is no such outcome
        rows = grouped(self.batch.summary["incidence"])
        chosen = {name: each for name, each in rows.items() if outcome in (None, name)}
        if not chosen:
            which = "none of the outcomes" if outcome is None else f"'{outcome}' never"
            raise UsageFault(f"{which} occurred in any run, so there is no curve to draw")
        return Figure(batch_charts.incidence(chosen, self.batch.names).pictures)

    def differences(self, *measures: str) -> Figure:
        """Return each arm against the baseline with 95 % intervals: all measures, or those named."""
        named = [self.batch.measure(name) for name in measures] or None
        rows = [msgspec.structs.asdict(row) for row in differences(self.batch.table, named)]
        pictures = batch_charts.forest(rows, self.batch.names)
        if not pictures:
            raise UsageFault("there are no differences to draw: a batch needs two arms with finished runs")
        return Figure(pictures)

    def series(self, *paths: str) -> Figure:
        """Return quantiles over runs of the indicators that the batch keeps (`series`), by day and arm."""
        kept = self.batch.prepared.study.series
        wrong = [path for path in paths if path not in kept]
        if wrong or not kept:
            hint = nearest(wrong[0], kept) if wrong and kept else ""
            known = hint or (f"there are {', '.join(kept)}" if kept else 'run it with series=["..."]')
            raise UsageFault(f"the batch keeps no series{f' {wrong[0]!r}' if wrong else ''} ({known})")
        return Figure(
            batch_charts.fans(self.batch.series(), self.batch.names, {path: path for path in paths or kept}).pictures
        )

    def small(self) -> Figure | None:
        """Return the outcome that occurred most often; None if none occurred."""
        rows = sorted(self.batch.summary["incidence"], key=lambda row: row["outcome"])
        most = max(rows, key=lambda row: row["share"][-1] or 0.0, default=None)
        return self.incidence(most["outcome"]) if most else None


RUN = ("arm", "replication")


def _series(batch: Batch) -> tuple[Any, dict[str, Any]]:
    frame, (arms, count) = batch.series(), batch.table.shape
    days = np.sort(frame["day"].unique())
    where = (
        frame["arm"].map({arm: i for i, arm in enumerate(batch.table.arms)}).to_numpy(),
        frame["replication"].to_numpy(),
        np.searchsorted(days, frame["day"].to_numpy()),
    )
    values = {}
    for path in batch.prepared.study.series:
        values[path] = np.full((arms, count, len(days)), np.nan)
        values[path][where] = frame[path].to_numpy()
    return days, values


class StudyAnswer:
    """A sentence (`text`), all numbers as in `--json` (`numbers`), and the `batch` with its runs.

    Each list of rows is also a data frame by its name: `answer.policies`, `answer.payoffs`.
    """

    def __init__(self, batch: Batch, report: list[Any], numbers: dict[str, Any]) -> None:
        from wargame.review.reports.laid_out import answer_of

        self.batch, self.text, self.numbers = BatchResult.of(batch), answer_of(report), numbers

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a table by its name; AttributeError if there is none."""
        if name not in self._tables():
            raise AttributeError(f"the answer has no table '{name}' (it has {', '.join(self._tables())})")
        import pandas as pd

        return pd.DataFrame(self.numbers[name])

    def _tables(self) -> list[str]:
        return [name for name, value in self.__dict__.get("numbers", {}).items() if isinstance(value, list)]

    def __repr__(self) -> str:
        return f"{self.text}\n  tables {', '.join(self._tables())}\n  folder {self.batch.typed}"
