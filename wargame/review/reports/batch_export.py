"""The tables of a batch for other programs, as CSV or Parquet, with a dictionary of what each column holds.

What fixed columns hold is in `columns.csv` beside this file; measures and factors have the titles of the study.
"""

import csv
from importlib import resources
from typing import TYPE_CHECKING, Any

from wargame import plugins
from wargame.batches.api import Batch
from wargame.batches.running import parquet
from wargame.batches.running.parts import TYPES as STORED
from wargame.batches.running.parts import factor_column
from wargame.review.reports.batch_labels import names_of

if TYPE_CHECKING:
    import pandas as pd

DICTIONARY = "dictionary"
"""The table that describes the columns of all tables, also its own."""
TYPES: dict[str, tuple[str, type]] = {
    "i": ("whole number", int),
    "f": ("number", float),
    "b": ("true or false", bool),
    "O": ("text", str),
}
"""The name of a NumPy type, and its type in Parquet."""


def export_tables(batch: Batch) -> dict[str, "pd.DataFrame"]:
    """Return the runs of a batch, what it keeps of their course, its estimates and differences, and a dictionary."""
    import pandas as pd

    study = batch.prepared.study
    tables = {"runs": batch.frame(), "estimates": batch.estimates()}
    if len(batch.prepared.names) > 1:
        tables["differences"] = batch.differences()
    if study.events:
        tables["events"] = batch.events(None)
    if study.series:
        tables["series"] = batch.series()
    for name, frame in tables.items():  # whole numbers stay whole where some are missing
        whole = [column for column in frame.columns if STORED.get(column) is int or column == "runs_to_halve"]
        tables[name] = frame.astype(dict.fromkeys(whole, "Int64"))
    heads = ["table", "column", "type", "unit", "description"]
    tables[DICTIONARY] = pd.DataFrame(columns=heads, dtype=str)
    described = _descriptions(batch)
    rows = [
        (table, column, TYPES[_kind(frame[column])][0], *_described(described, table, str(column)))
        for table, frame in tables.items()
        for column in frame.columns
    ]
    tables[DICTIONARY] = pd.DataFrame(rows, columns=heads)
    return tables


def _descriptions(batch: Batch) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the unit and the description of each column, by table and column."""
    text = (resources.files("wargame.review.reports") / "columns.csv").read_text(encoding="utf-8")
    described = {(table, column): (unit, about) for table, column, unit, about in csv.reader(text.splitlines())}
    names = names_of(batch, {"baseline": batch.prepared.study.against, "arms": list(batch.prepared.names)})
    for outcome, title in names.outcomes.items():
        described["runs", f"time({outcome})"] = "days", f"Days until: {title}; empty if it did not occur."
    for measure in batch.prepared.measures:
        unit = {"time": "days", "share": "share of 1"}.get(measure.kind, "")
        described["runs", measure.name] = unit, f"{names.title(measure.name)}."
    for name, title in names.factors.items():
        described["runs", factor_column(name)] = "", f"The value of the factor: {title}."
    indicators = batch.prepared.loaded.scenario.indicators
    for path in batch.prepared.study.series:
        spec = indicators.get(path)
        described["series", path] = "", f"{spec.title if spec and spec.title else path}."
    return described


def _described(described: dict[tuple[str, str], tuple[str, str]], table: str, column: str) -> tuple[str, str]:
    """Return the unit and the description of a column, or of its kind: `turns()` stands for `turns(ARD)`."""
    kind = f"{column.partition('(')[0]}()"
    return described.get((table, column)) or described.get((table, kind)) or ("", "")


def _kind(column: "pd.Series[Any]") -> str:
    kind = "f" if len(column) and column.dtype == object and column.isna().all() else column.dtype.kind
    return kind if kind in TYPES else "O"


def as_file(frame: "pd.DataFrame", form: str) -> bytes:
    """Return a table as CSV, in UTF-8 with empty cells for what is missing, as Parquet, or as a plug-in writes it.

    Raises UsageFault for another form, or if the plug-in fails.
    """
    if form == "csv":
        return frame.to_csv(index=False, lineterminator="\n").encode()
    if form != "parquet":
        return bytes(plugins.call("exporters", form, memoryview, frame))
    schema = {str(name): TYPES[_kind(frame[name])][1] for name in frame.columns}
    cells = {name: frame[name].astype(object).where(frame[name].notna(), None) for name in frame.columns}
    columns = {name: parquet.column(cells[name].tolist(), kind) for name, kind in schema.items()}
    return parquet.encode(parquet.ColumnTable(schema, columns))
