"""What the evidence says, from its JSON data, for terminals and pages: calibration, conduct, relations, targets."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from wargame.document.blocks import Block, Bullets, next_steps
from wargame.evidence.relations.autoregression import WEEKS_A_LAG
from wargame.evidence.targets.comparison import FEW, INSIDE, OUTSIDE
from wargame.executor.campaign import failure_notes
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import date
from wargame.review.reports.laid_out import blocks_of

Data = Mapping[str, Any]
SHOWN = 12
"""Number of points in the table."""


def calibration_summary(data: Data, *, full: bool = True, sources: bool = False) -> Iterator[Block]:
    """Yield what the targets rule out; `full`: with notes; `sources`: with the source of each range."""
    tried = data["points"][1:]
    more = {"tried": tried, "most": SHOWN, "against": [name for point in tried for name in point["against"]]}
    yield from blocks_of("calibration_tables.txt.j2", **{"claims": (), **data}, **more, sources=sources)
    if not full:
        return
    hashes = ", ".join(f"{name} {value[:12]}" for name, value in data["fixed"]["fixed"].items())
    counts = {"tried": len(data["points"]) - 1, "shown": SHOWN, "hashes": hashes}
    failed = failure_notes(row for point in data["points"] for row in point["failures"])
    yield Bullets((*paragraphs("wargame.review", "calibration.txt.j2", **data, **counts), *failed))


LISTED = 20
"""Cases of several runs that are listed."""


def conduct_summary(data: Data) -> Iterator[Block]:
    """Yield how many cases there are of each kind, and the cases with their records."""
    titles = {each["id"]: each["title"] for each in data["kinds"]}
    found = [(run["run"], case) for run in data["by_run"] for case in run["cases"]]
    most = len(found) if data["runs"] == 1 else LISTED
    yield from blocks_of("conduct.txt.j2", **data, titles=titles, found=found, most=most, date=date)
    if data["cases"]:
        yield next_steps([(case["why"][0], f"{date(case['at'])}: {titles[case['kind']]}") for _, case in found[:most]])


def relations_summary(data: Data, *, full: bool = True) -> Iterator[Block]:
    """Yield the estimates for pairs and triangles; `full`: with notes."""
    yield from blocks_of("relations_tables.txt.j2", **data)
    if not full:
        return
    hostile = [each for each in data["pairs"] if each["hostile"]]
    rows = [each[name] for each in data["pairs"] for name in ("routine", "reciprocity")]
    unfitted = any(row["estimate"] is None for row in [*rows, *(each["effect"] for each in data["triangles"])])
    more = {"hostile": hostile, "unfitted": unfitted, "least": WEEKS_A_LAG * data["lags"]}
    more["above"] = lambda rows, name: sum((each[name]["low"] or 0) > 0 for each in rows)
    notes = paragraphs("wargame.review", "relations.txt.j2", **data, **more)
    yield Bullets((*notes, *failure_notes(data["failures"])))


def targets_summary(data: Data, *, full: bool = True) -> list[Block]:
    """Return each target with its statistics; `full`: with how many are inside, and notes."""
    unsure = Counter(target["verdict"] for target in data["targets"] if not _clear(target))
    notes = {"notes": [Bullets(tuple(target_notes(data)))]}
    about = {"clear": _clear, "few": FEW, "unsure": (unsure[INSIDE], unsure[OUTSIDE]), "full": full}
    return blocks_of("targets_tables.txt.j2", notes, **data, **about)


def _clear(target: Data) -> bool:
    """Whether more runs cannot change the verdict: all statistics are surely inside, or one is surely outside."""
    if target["verdict"] == INSIDE:
        return all(row["sure"] for row in target["statistics"])
    return target["verdict"] != OUTSIDE or any(r["sure"] for r in target["statistics"] if r["verdict"] == OUTSIDE)


def target_notes(data: Data) -> list[str]:
    """Note below the targets."""
    every = [row for target in data["targets"] for row in target["statistics"]]
    return [*paragraphs("wargame.review", "targets.txt.j2", statistics=every), *failure_notes(data["failures"])]


def missed(data: Data) -> str:
    """Return the targets outside their bands, in one line."""
    names = [target["id"] for target in data["targets"] if target["verdict"] == OUTSIDE]
    few = [target["id"] for target in data["targets"] if target["verdict"] == FEW]
    undecided = f" ({FEW}: {', '.join(few)})" if few else ""
    return f"{len(names)} of {data['of']} targets are outside: {', '.join(names) or 'none'}{undecided}."
