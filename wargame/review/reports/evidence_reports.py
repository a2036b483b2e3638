"""Reports of the evidence, from JSON, for terminals and pages: claims, calibration, conduct, relations and targets."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wargame.document.blocks import Block, Bullets, Grid, Heading, next_steps
from wargame.document.formatting import short
from wargame.errors import Invalid, shortened
from wargame.evidence.claims.verdicts import CONTRADICTED, FEWEST, SUPPORTED, TOO_FEW, UNDECIDED
from wargame.evidence.relations.autoregression import WEEKS_A_LAG
from wargame.evidence.targets.comparison import FEW, INSIDE, OUTSIDE
from wargame.executor.campaign import failure_notes
from wargame.journal.decoding import Undecodable, check_shape, decode, shape
from wargame.journal.inputs import LARGE, read_input
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import date, sentence
from wargame.review.reports.laid_out import blocks_of
from wargame.tables import tables

Data = Mapping[str, Any]

CLAIMS_FILE = "claims.json"
KINDS_OF_POINTS: Mapping[str, str] = tables("review/words.yaml")["points"]
"""Kinds of points with the heads of their columns."""
SIGNS = ("positive", "negative")


def _check_measure(row: Any) -> None:
    """Raise ValueError if a measure expects more than a sign but has no bound."""
    if row.expected not in SIGNS and row.bound is None:
        raise ValueError("a measure lacks its bound")


def _check_claim(row: Any) -> None:
    """Raise ValueError if the verdict of a claim is not one."""
    if row.verdict not in (SUPPORTED, CONTRADICTED, UNDECIDED):
        raise ValueError(f"there is no verdict '{shortened(row.verdict, 40)}'")


def _check_file(file: Any) -> None:
    """Raise ValueError if a measure lacks the numbers behind its label, or a verdict those behind its level."""
    if file.sharing < 1:
        raise ValueError("the number of measures that share the level is missing or below 1")
    measures = [each for claim in file.claims for each in claim.measures]
    if file.labels and any(each.shares is None or each.over_ranges is None for each in measures):
        raise ValueError("a measure lacks the shares behind its label")


CLAIMS = shape(tables("review/shapes.yaml")["claims"], file=_check_file, claim=_check_claim, measure=_check_measure)
"""The whole file."""


def claims_of(path: Path) -> dict[str, Any] | None:
    """Return the claims of a batch with their verdicts, None if it has none. Raises Invalid if the file is damaged."""
    if not (path / CLAIMS_FILE).is_file():
        return None
    try:
        claims = decode(read_input(path / CLAIMS_FILE, LARGE), dict[str, Any])
        check_shape(claims, CLAIMS)
    except (OSError, Undecodable) as error:
        raise Invalid.in_file(path / CLAIMS_FILE, f"cannot be read: {error}", "run wargame claims again") from None
    return claims


def of_claims(claims: Data) -> list[Block]:
    """Return the claims and verdicts in the report of a batch."""
    shares = [shares_grid(claims)] if claims["labels"] else []
    return [Heading(2, "Claims"), *claims_summary(claims), *shares]


def claims_summary(claims: Data, *, full: bool = True) -> list[Block]:
    """Return the verdicts of all claims, each with its measures; `full`: with their number, and what they rest on."""
    return blocks_of(
        "claims_tables.txt.j2",
        {"notes": [Bullets(tuple(_claim_notes(claims)))]},
        claims=claims["claims"],
        verdicts=(SUPPORTED, CONTRADICTED, UNDECIDED),
        full=full,
        too_few=TOO_FEW,
        fewest=FEWEST,
    )


def _claim_notes(result: Data) -> list[str]:
    """Note below the table."""
    every = [(claim["id"], each) for claim in result["claims"] for each in claim["measures"]]
    limits = sorted({each["restricted_to"] for _, each in every if each["restricted_to"] is not None})
    remarks = [sentence(TOO_FEW)] if any(each["note"] == TOO_FEW for _, each in every) else []
    remarks += [f"{claim}: {each['note']}" for claim, each in every if each["note"] not in ("", TOO_FEW)]
    content = {**result, "limits": list(map(short, limits)), "remarks": list(dict.fromkeys(remarks))}
    labels = result["labels"]
    failed = failure_notes(labels["failures"], "point", "cell") if labels else []
    return [*paragraphs("wargame.review", "claims.txt.j2", **content), *failed, *failure_notes(result["failures"])]


def shares_grid(claims: Data) -> Grid:
    """Return the shares of points with the expected effect, from results with labels."""
    grid: Grid = blocks_of("claims_shares.txt.j2", claims=claims["claims"], kinds=KINDS_OF_POINTS)[0]
    return grid


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
    """Return whether more runs cannot change the verdict: all are surely inside, or one is surely outside."""
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
