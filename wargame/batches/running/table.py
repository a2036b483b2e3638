"""The table of a batch, read by column: statistics need one number of each run at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wargame.batches.running import parts

if TYPE_CHECKING:
    import pandas as pd

    from wargame.batches.running.manifest import BatchManifest
    from wargame.batches.running.store import Store
    from wargame.batches.study.prepared import PreparedStudy

Floats = NDArray[np.float64]


class RunTable:
    """The rows by arm and replication, independent of the order in which they were written.

    Columns are arrays of arms × replications. `there` says which runs have a row, `ok` which of them succeeded.
    """

    def __init__(self, place: Store, prepared: PreparedStudy, manifest: BatchManifest) -> None:
        self._place = place
        self.prepared, self.manifest = prepared, manifest
        self.arms = prepared.names
        counted = manifest.counted or manifest.replications
        self.shape = (len(self.arms), counted)
        keys = parts.read_table(place, parts.RUNS, [*parts.KEYS, "status"])
        self._where = self._places(keys)
        good = pc.equal(keys["status"], parts.OK).to_numpy(zero_copy_only=False)
        self.there = self._laid_out(np.ones(len(good)), 0.0) > 0
        self.ok = self._laid_out(good.astype(np.float64), 0.0) > 0

    def _places(self, keys: pa.Table) -> NDArray[np.int64]:
        """Return the index of each row in the flat layout; -1 for a row that does not count."""
        arms, count = self.shape
        index = pc.index_in(keys["arm"], value_set=pa.array(self.arms)).to_numpy(zero_copy_only=False)
        replication = keys["replication"].to_numpy()
        known = (replication >= 0) & (replication < count) & (index >= 0) & (index < arms)
        return np.where(known, index * count + replication, -1).astype(np.int64)

    def _laid_out(self, flat: Floats, missing: float) -> Floats:
        values = np.full(self.shape[0] * self.shape[1], missing)
        counts = self._where >= 0
        values[self._where[counts]] = flat[counts]
        return values.reshape(self.shape)

    def column(self, name: str) -> Floats:
        """Return a column of numbers; NaN where there is none."""
        flat = parts.read_table(self._place, parts.RUNS, [name])[name].cast(pa.float64())
        return self._laid_out(flat.to_numpy(zero_copy_only=False).astype(np.float64), np.nan)

    def total(self, name: str) -> int:
        """Return the sum of a column of whole numbers."""
        return int(np.nansum(self.column(name)))

    def row(self, arm: str) -> int:
        """Return the index of an arm in `ok` and the columns."""
        return self.arms.index(arm)


def frame(place: Store, prepared: PreparedStudy, manifest: BatchManifest, folder: str = parts.RUNS) -> pd.DataFrame:
    """Return a table as a data frame, sorted by arm and replication, each row once."""
    columns = {parts.RUNS: [], parts.EVENTS: ["number"], parts.SERIES: ["day"]}[folder]
    order = [*parts.KEYS, *columns]
    rows = parts.read_table(place, folder).to_pandas(use_threads=False)
    rows = rows[rows["replication"].between(0, (manifest.counted or manifest.replications) - 1)]
    rows = rows[rows["arm"].isin(prepared.names)]
    ordered: pd.DataFrame = rows.drop_duplicates(order).sort_values(order, kind="stable", ignore_index=True)
    return ordered
