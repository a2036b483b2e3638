"""Comparison of batches: what differs between them, and by how much their measures differ."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from wargame.batches.analysis.differences import MANY, DifferenceRow, adjusted, difference, differences, rankings
from wargame.batches.analysis.estimates import common, values_of
from wargame.batches.api import Batch, open_batch
from wargame.batches.study.prepared import plain
from wargame.dataclasses import dataclass
from wargame.errors import UsageFault, among, flag
from wargame.scenario.model.measures import Parsed


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every other arm of every batch against the baseline of the first batch."""

    batches: tuple[Batch, ...]
    differs: tuple[dict[str, Any], ...]
    """The differences between the batches, or between the arms of one: `what`, and the value of each."""
    rows: tuple[DifferenceRow, ...]
    rankings: tuple[dict[str, Any], ...] = ()
    """Of many arms, or with all pairs: as `ranking.rankings`."""


def compare(
    paths: Sequence[str], measures: Sequence[str] = (), baseline: str | None = None, *, pairs: bool = False
) -> Comparison:
    """Open batches and compare them; UsageFault if a measure or the baseline is missing, or nothing can be compared.

    `baseline` is an arm of the first batch; `pairs` compares all arms of one batch with one another.
    """
    batches = tuple(open_batch(path) for path in paths)
    first = batches[0]
    shared = _measures(batches, measures)
    for batch in batches[1:]:
        for measure in shared:
            other = batch.measure(measure.name)
            if (other.expression, other.calls, other.kind) != (measure.expression, measure.calls, measure.kind):
                message = f"'{measure.name}' is a different measure in {batch.typed}: name those to compare with "
                raise UsageFault(message, flag("measure"))
    if len(batches) == 1 and len(first.prepared.names) < 2:
        raise UsageFault(f"{paths[0]} has one arm: there is nothing to compare (give a second batch)")
    base, names = baseline or first.prepared.study.against, first.prepared.names
    among(base, names, f"there is no arm '{base}'")
    if pairs and len(batches) > 1:
        raise UsageFault("--all-pairs compares the arms of one batch")
    is_ranked = len(batches) == 1 and (pairs or len(names) > MANY)
    every = differences(first.table, shared, pairs=True) if is_ranked else []
    rows = every if pairs else adjusted([row for each in shared for row in _against(first, batches, each, base)])
    if not rows:
        raise UsageFault("the batches have different designs: there is nothing to compare")
    return Comparison(batches, tuple(_differs(batches)), tuple(rows), tuple(rankings(first.table, every)))


def _measures(batches: tuple[Batch, ...], names: Sequence[str]) -> list[Parsed]:
    """Return the measures to compare: those named, or all that every batch has."""
    if names:
        for batch in batches[1:]:
            for name in names:
                batch.measure(name)
        return [batches[0].measure(name) for name in dict.fromkeys(names)]
    shared = set.intersection(*({each.name for each in batch.prepared.measures} for batch in batches))
    if not shared:
        raise UsageFault("the batches have no measure in common")
    return [each for each in batches[0].prepared.measures if each.name in shared]


def _against(first: Batch, batches: tuple[Batch, ...], measure: Parsed, base: str) -> list[DifferenceRow]:
    rows = []
    for number, batch in enumerate(batches):
        own, manifest = batch.measure(measure.name), batch.manifest
        for arm in batch.prepared.names:
            if (number, arm) == (0, base):
                continue
            most = common((first.prepared, base), (batch.prepared, arm))
            reference = values_of(first.table, measure, base, most)
            values = values_of(batch.table, own, arm, most)
            label = _label(batches, number, arm)
            paired, count = first.prepared.points == batch.prepared.points, min(len(values), len(reference))
            paired = paired and (first.manifest.seed, first.manifest.scenario) == (manifest.seed, manifest.scenario)
            pair = (values[:count], reference[:count]) if paired else (values, reference)
            if paired or batch.prepared.points is first.prepared.points is None:
                against = _label(batches, 0, base)
                rows.append(difference(batch.prepared, own, label, against, pair, paired=paired))
    return rows


def _label(batches: tuple[Batch, ...], number: int, arm: str) -> str:
    return arm if len(batches) == 1 else f"{_names(batches)[number]}:{arm}"


def _names(batches: tuple[Batch, ...]) -> list[str]:
    """Return the names of the batches; the number of each that shares its name with another one."""
    names = [batch.manifest.name for batch in batches]
    return [name if names.count(name) == 1 else str(number) for number, name in enumerate(names, start=1)]


def _differs(batches: tuple[Batch, ...]) -> list[dict[str, Any]]:
    """Return what differs: between the arms of one batch, or between several batches."""
    if len(batches) == 1:
        facts = batches[0].manifest.arms
        keys = sorted({key for arm in facts.values() for key in arm} - {"title"})
    else:
        facts = dict(zip(_names(batches), map(_facts, batches), strict=True))
        keys = list(dict.fromkeys(key for each in facts.values() for key in each))
    rows = ((key, {name: each.get(key) for name, each in facts.items()}) for key in keys)
    return [{"what": key, "values": values} for key, values in rows if len(set(map(repr, values.values()))) > 1]


def _facts(batch: Batch) -> dict[str, Any]:
    """Return what may differ between batches."""
    manifest, study = batch.manifest, batch.prepared.study
    facts: dict[str, Any] = {
        "study": manifest.study,
        "scenario": manifest.scenario,
        "seed": manifest.seed,
        "replications": batch.table.shape[1],
        "failed": int(np.sum(batch.table.there & ~batch.table.ok)),
        "wargame": manifest.versions.get("wargame"),
        "numpy": manifest.versions.get("numpy"),
        "STARTEX": study.startex,
        "until": study.until,
        "seconds between looks": study.every,
        "factors": plain(study.factors),
        "design": plain(study.design),
    }
    for arm, (scenario, injects) in manifest.hashes.items():
        facts[f"arm {arm}"] = manifest.arms.get(arm)
        facts[f"scenario of {arm}"] = scenario[:12]
        facts[f"injects of {arm}"] = injects[:12]
    return facts
