"""The report of a batch: thresholds first, then estimates, curves, differences, sensitivity, failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.errors import UsageFault
from wargame.journal import phrases
from wargame.journal.folder import RUNS
from wargame.review.blocks import Block, Code, Fields, Grid, Heading, Paragraph

if TYPE_CHECKING:
    from wargame.batch.api import Batch
    from wargame.review.source import Run

FORMAT = "wargame-batch/"
FAILURES = 40
"""Failed runs that are listed; the others are counted."""


def batch_folder(name: str) -> Path | None:
    """The folder of a batch by path, or by name under `runs/`; None if it is no batch."""
    for path in (Path(name), Path(RUNS) / name):
        try:
            head = msgspec.json.decode((path / "manifest.json").read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(head, dict) and str(head.get("format", "")).startswith(FORMAT):
            return path
    return None


def batch_report(path: Path) -> list[Block]:
    """All blocks of the report; raises Invalid if the folder is damaged."""
    from wargame.batch.api import open_batch

    batch = open_batch(str(path))
    told: dict[str, Any] = msgspec.to_builtins(batch.summary)
    titles = {name: spec.title for name, spec in batch.prepared.loaded.scenario.outcomes.items()}
    return [
        Heading(1, f"Batch report: {batch.manifest.title or batch.manifest.study}"),
        *_overview(batch, told),
        *_thresholds(told),
        *_estimates(told),
        *_curves(told, titles),
        *_fans(batch),
        *_differences(told),
        *_sensitivity(told),
        *_quantiles(told),
        *_failures(told),
        *_reproduce(batch),
    ]


def _overview(batch: Batch, told: Mapping[str, Any]) -> Iterator[Block]:
    manifest = batch.manifest
    if manifest.ended != "complete":
        yield Paragraph(f"This batch is not whole: it {_ended(manifest.ended)}. {manifest.reason}".strip())
    yield Fields(
        (
            ("Scenario", manifest.scenario),
            ("Arms", ", ".join(told["arms"])),
            ("Baseline", str(told["baseline"])),
            ("Runs", f"{told['runs']:,}, {told['failed']:,} of them failed; {told['replications']:,} an arm"),
            ("Took", f"{told['wall_s']:,.1f} s for {told['decisions']:,} decisions"),
        )
    )
    arms = {name: _changes(batch, name) for name in told["arms"]}
    if len(arms) > 1:
        yield Grid("Only what differs between the arms", ("Arm", "Changes"), tuple(arms.items()), (0.25, 0.75))


def _ended(ended: str) -> str:
    return {"stopped early": "was stopped early, its intervals being narrow enough"}.get(ended, f"is {ended}")


def _changes(batch: Batch, arm: str) -> str:
    """What an arm changes, as on the command line."""
    spec = msgspec.to_builtins(batch.prepared.study.arms[arm])
    parts = [f"{key.replace('_', '-')} {_text(value)}" for key, value in spec.items() if value and key != "title"]
    return "; ".join(parts) or "nothing"


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _thresholds(told: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, "Thresholds")
    if not told["thresholds"]:
        yield Paragraph("No thresholds were set (--fail-if).", quiet=True)
        return
    yield Grid(
        "Thresholds and whether they were crossed",
        ("Threshold", "Arm", "Estimate", "Verdict"),
        tuple(
            (each["threshold"], each["arm"], _number(each["estimate"]), "crossed" if each["crossed"] else "holds")
            for each in told["thresholds"]
        ),
    )


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.4g}"


def _interval(row: Mapping[str, Any], low: str = "low", high: str = "high") -> str:
    return "" if row[low] is None or row[high] is None else f"{row[low]:.4g} to {row[high]:.4g}"


def _estimates(told: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, "Estimates")
    yield Grid(
        "Each measure in each arm, with its 95 % interval and how many runs would halve it",
        ("Measure", "Arm", "Runs", "Estimate", "95 % interval", "By", "For half of it"),
        tuple(
            (
                *(row[key] for key in ("measure", "arm")),
                f"{row['n']:,}",
                _number(row["estimate"]),
                _interval(row),
                row["interval"],
                "" if row["runs_to_halve"] is None else f"{row['runs_to_halve']:,}",
            )
            for row in told["estimates"]
        ),
        (0.24, 0.14, 0.1, 0.12, 0.18, 0.12, 0.1),
    )


def _quantiles(told: Mapping[str, Any]) -> Iterator[Block]:
    if told["quantiles"]:
        yield Heading(2, "Quantiles")
        yield Grid(
            "Quantiles, with distribution-free intervals",
            ("Measure", "Arm", "Quantile", "Value", "95 % interval"),
            tuple(
                (row["measure"], row["arm"], f"{row['quantile']:.0%}", _beyond(row["estimate"]), _interval(row))
                for row in told["quantiles"]
            ),
        )


def _beyond(value: float | None) -> str:
    return "after the end" if value is None else f"{value:.4g}"


def _curves(told: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(2, "When outcomes come")
    if not told["incidence"]:
        yield Paragraph("No outcome came in any run.")
        return
    from wargame.review.batchcharts import incidence

    for outcome in sorted({row["outcome"] for row in told["incidence"]}):
        found = [row for row in told["incidence"] if row["outcome"] == outcome]
        yield incidence(titles.get(outcome, phrases.words(outcome)), found)
    yield Grid(
        "Share of runs by the end; outcomes that end a run compete with the others",
        ("Outcome", "Arm", "Share", "95 % interval"),
        tuple(
            (
                titles.get(row["outcome"], row["outcome"]),
                row["arm"],
                f"{row['share'][-1]:.1%}",
                f"{row['low'][-1]:.1%} to {row['high'][-1]:.1%}",
            )
            for row in told["incidence"]
        ),
    )


def _fans(batch: Batch) -> Iterator[Block]:
    if not batch.prepared.study.series:
        return
    from wargame.review.batchcharts import fans

    yield Heading(2, "Indicators over time")
    yield from fans(batch.series())


def _differences(told: Mapping[str, Any]) -> Iterator[Block]:
    if not told["comparisons"]:
        return
    from wargame.review.batchcharts import forest

    yield Heading(2, f"Differences from {told['baseline']}")
    yield from forest([row for row in told["comparisons"] if row["estimate"] is not None])
    yield Grid(
        "Paired by replication; p corrected by Holm for all comparisons here",
        ("Measure", "Arm", "Difference", "95 % interval", "p", "p corrected", "Pairing saves"),
        tuple(
            (
                *(row[key] for key in ("measure", "arm")),
                _number(row["estimate"]),
                _interval(row),
                _small(row["p"]),
                _small(row["p_holm"]),
                "" if row["gain"] is None else f"{row['gain']:.1f} times the runs",
            )
            for row in told["comparisons"]
        ),
        (0.22, 0.14, 0.12, 0.2, 0.1, 0.1, 0.12),
    )


def _small(p: float | None) -> str:
    return "" if p is None else "< 0.0001" if p < 1e-4 else f"{p:.4f}"


def _sensitivity(told: Mapping[str, Any]) -> Iterator[Block]:
    if told.get("refused"):
        yield Heading(2, "Sensitivity")
        yield Paragraph(str(told["refused"]))
    bars = [row for row in told["sensitivity"] if "swing" in row]
    indices = [row for row in told["sensitivity"] if "first" in row]
    if bars:
        from wargame.review.batchcharts import tornado

        yield Heading(2, "Sensitivity")
        yield from tornado(bars)
        yield Grid(
            "What each factor does from the middle to its ends",
            ("Measure", "Arm", "Factor", "At its lower end", "At its upper end"),
            tuple(
                (row["measure"], row["arm"], row["factor"], _end(row["at_low"]), _end(row["at_high"])) for row in bars
            ),
        )
    if indices:
        yield Heading(2, "Sensitivity")
        yield Grid(
            "Sobol indices with 95 % half-widths",
            ("Measure", "Arm", "Factor", "First order", "Total"),
            tuple(
                (
                    *(row[key] for key in ("measure", "arm", "factor")),
                    f"{row['first']:.3f} ± {row['first_half_width']:.3f}",
                    f"{row['total']:.3f} ± {row['total_half_width']:.3f}",
                )
                for row in indices
            ),
        )
    if told["variance"]:
        yield Grid(
            "Where the variance comes from",
            ("Measure", "Luck", "Parameters", "Arm"),
            tuple(
                (row["measure"], *(f"{row[name]:.0%}" for name in ("luck", "parameters", "arm")))
                for row in told["variance"]
            ),
        )


def _end(end: Mapping[str, Any]) -> str:
    return f"at {end['value']:.4g}: {_number(end['effect'])} ({_interval(end, 'from', 'to')})"


def _failures(told: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, "Failures")
    failures = told["failures"]
    if not failures:
        yield Paragraph("None: every run came to its end.")
        return
    listed = tuple((f["arm"], str(f["replication"]), f["error"], f["again"]) for f in failures[:FAILURES])
    yield Grid(
        "Runs that failed, and the command that makes each again", ("Arm", "Replication", "Error", "Again"), listed
    )
    if len(failures) > FAILURES:
        yield Paragraph(f"and {len(failures) - FAILURES:,} more")


def _reproduce(batch: Batch) -> Iterator[Block]:
    manifest = batch.manifest
    yield Heading(2, "How to reproduce")
    yield Code(manifest.command or f"wargame batch {manifest.target} -n {manifest.replications} --seed {manifest.seed}")
    hashes = tuple((f"{arm}: scenario, injects", " ".join(pair)) for arm, pair in sorted(manifest.hashes.items()))
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    lines = (("seed", str(manifest.seed)), ("identity", manifest.identity), *hashes, ("versions", versions))
    yield Grid("What makes the batch what it is", ("", ""), lines, (0.25, 0.75))


# --- one run among many --------------------------------------------------------------------------------------


def standing(run: Run, batch: str | Path, arm: str | None = None) -> list[dict[str, Any]]:
    """How unusual a run is within a batch of the same scenario: one row for each number that both have.

    `share_below` and `share_same` are the shares of the batch's runs with a smaller and with the same number.
    Raises UsageFault if the batch is of another scenario.
    """
    from wargame.batch.api import open_batch
    from wargame.review.source import open_run

    source, many = open_run(run), open_batch(str(batch))
    arm = arm or many.prepared.study.against
    if many.manifest.hashes[arm][0] != source.manifest.scenario_sha256:
        raise UsageFault(f"{batch} is a batch of another scenario, or of another version of it")
    table = many.frame().query("arm == @arm and status == 'ok'")
    found = []
    for name, value in _numbers_of(source).items():
        if name in table:
            column = table[name].dropna()
            below, same = float((column < value).mean()), float((column == value).mean())
            found.append(
                {"measure": name, "value": value, "runs": len(column), "share_below": below, "share_same": same}
            )
    return found


def _numbers_of(source: Any) -> dict[str, float]:
    """The default measures of a batch, computed from the journal of one run."""
    outcomes = {f"p({name})": float(at is not None) for name, at in source.manifest.outcomes.items()}
    deeds = [record for record in source.since if record.kind == "deed"]
    counts = {f"deeds({name})": float(sum(deed.who == name for deed in deeds)) for name in source.governments}
    return outcomes | counts | {"severity()": sum(phrases.number(deed.data, "severity") for deed in deeds)}
