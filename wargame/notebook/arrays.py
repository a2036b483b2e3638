"""A batch as labelled arrays of xarray."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.errors import MissingExtra

if TYPE_CHECKING:
    import xarray as xr

    from wargame.batches.api import Batch

RUN = ("arm", "replication")


def dataset(batch: Batch) -> xr.Dataset:
    """Measures and times as arm × replication, factors (`factor:NAME`) as replication, series by day as well.

    NaN stands for runs that failed and days after the end. UsageFault without the extra `xarray`.
    """
    try:
        import xarray as xr
    except ImportError:
        raise MissingExtra("to_xarray() needs xarray", "xarray") from None
    table, prepared = batch.table, batch.prepared
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
        days, series = _series(batch)
        coordinates["day"] = days
        variables |= {path: ((*RUN, "day"), values) for path, values in series.items()}
    facts = {"study": batch.manifest.study, "scenario": batch.manifest.scenario, "seed": batch.manifest.seed}
    return xr.Dataset(variables, coordinates, {**facts, "baseline": prepared.study.against})


def _series(batch: Batch) -> tuple[Any, dict[str, Any]]:
    """Return the days, and each indicator as arm × replication × day."""
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
