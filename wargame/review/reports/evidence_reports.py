"""What the evidence says, from its JSON data, for terminals and pages: calibration, conduct, relations, targets."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wargame.document.blocks import Block, Bullets, Grid, Paragraph, next_steps
from wargame.document.formatting import short
from wargame.evidence.relations.autoregression import WEEKS_A_LAG
from wargame.evidence.targets.comparison import FEW, INSIDE, OUTSIDE
from wargame.executor.campaign import failure_notes
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import count, date

Data = Mapping[str, Any]


SHOWN = 12
"""Number of points in the table."""


def calibration_summary(data: Data, *, full: bool = True, sources: bool = False) -> Iterator[Block]:
    """Yield what the targets rule out; `full`: with notes; `sources`: with the source of each range."""
    written, *tried = data["points"]
    left = sum(point["survives"] for point in tried)
    survives = "survives" if written["survives"] else "is ruled out"
    yield Paragraph(
        f"{left} of {len(tried)} points survive, each with {data['method']['runs_each']} runs per arm and STARTEX. The "
        f"scenario as written {survives}.",
        lead=True,
    )
    yield _points(data)
    yield _numbers(data, sources=sources)
    implausible = {name: sum(name in point["against"] for point in tried) for name in data["method"]["targets"]}
    rows = tuple((name, f"{count} of {len(tried)}") for name, count in implausible.items())
    yield Grid("Points at which each target is implausible", ("Target", "Points"), rows)
    if claims := data.get("claims"):
        rows = tuple((each["claim"], each["text"]) for each in claims)
        yield Grid("Claims at surviving points", ("Claim", "Holds"), rows)
    if full:
        yield Bullets(tuple(_on_calibration(data)))


def _points(data: Data) -> Grid:
    written, *tried = data["points"]
    rows = []
    for point in (written, *sorted(tried, key=lambda point: (point["worst"], point["point"]))[:SHOWN]):
        status = ("as written, " if point is written else "") + ("survives" if point["survives"] else "ruled out")
        inside = f"{point['inside']} of {len(data['method']['targets'])}"
        rows.append((point["point"], status, f"{point['worst']:.2f}", inside, ", ".join(point["against"])))
    heads = ("Point", "", "Second largest", "Targets inside", "Implausible targets")
    return Grid("Points with the second largest implausibility of each", heads, tuple(rows))


def _numbers(data: Data, *, sources: bool) -> Grid:
    rows = []
    for each in data["numbers"]:
        ranges = (short(each["written"]), _range(each["tried"]), _range(each["surviving"]))
        rows.append((each["name"], each["unit"], *ranges, *((each["source"],) if sources else ())))
    heads = ("Number", "Unit", "Written", "Tried", "Surviving", *(("Source",) if sources else ()))
    return Grid("Numbers as written, and their ranges over all points and over surviving points", heads, tuple(rows))


def _range(ends: Sequence[float] | None) -> str:
    return " to ".join(map(short, ends)) if ends else "none"


def _on_calibration(data: Data) -> list[str]:
    hashes = ", ".join(f"{name} {value[:12]}" for name, value in data["fixed"]["fixed"].items())
    counts = {"tried": len(data["points"]) - 1, "shown": SHOWN, "hashes": hashes}
    failed = failure_notes(row for point in data["points"] for row in point["failures"])
    return [*paragraphs("wargame.review", "calibration.txt.j2", **data, **counts), *failed]


LISTED = 20
"""Cases of several runs that are listed."""


def conduct_summary(data: Data) -> Iterator[Block]:
    """Yield how many cases there are of each kind, and the cases with their records."""
    mean = f", {data['per_run']:.1f} a run, none in {data['runs_without']}" if data["runs"] > 1 else ""
    yield Paragraph(f"{count(data['cases'], 'case')} in {count(data['runs'], 'run')}{mean}", lead=True)
    if data["cases"]:
        found = sorted((each for each in data["kinds"] if each["cases"]), key=lambda each: -each["cases"])
        rows = tuple((str(each["cases"]), str(each["runs"]), each["title"], each["id"]) for each in found)
        yield Grid("Kinds", ("Cases", "Runs", "Kind", "--kind"), rows)
        yield from _cases(data)


def _cases(data: Data) -> Iterator[Block]:
    titles = {each["id"]: each["title"] for each in data["kinds"]}
    cases = [(run["run"], case) for run in data["by_run"] for case in run["cases"]]
    shown = cases if data["runs"] == 1 else cases[:LISTED]
    rows: list[tuple[str, ...]] = []
    for name, case in shown:
        where = f" ({name})" if data["runs"] > 1 else ""
        rows.append((f"{date(case['at'])}  {', '.join(case['governments'])}: {titles[case['kind']]}{where}",))
        rows += [(date(each["at"]), f"{each['what']}  #{each['seq']}") for each in case["records"]]
    yield Grid("Cases", ("Date", "What"), tuple(rows))
    if len(cases) > len(shown):
        yield Paragraph(f"and {len(cases) - len(shown):,} more (--kind selects a kind, --json prints all)")
    yield next_steps([(case["why"][0], f"{date(case['at'])}: {titles[case['kind']]}") for _, case in shown])


def relations_summary(data: Data, *, full: bool = True) -> Iterator[Block]:
    """Yield the estimates for pairs and triangles; `full`: with notes."""
    names = data["governments"]
    failed = f", {data['failed']} failed" if data["failed"] else ""
    pairs = tuple(
        (
            _pair(each, names) + (" *" if each["hostile"] else ""),
            *map(_estimate, (each["routine"], each["reciprocity"])),
        )
        for each in data["pairs"]
    )
    title = f"{data['runs']} runs of {data['weeks']} weeks{failed}; {data['lags']} weekly lags"
    yield Grid(title, ("Pair", "Routine", "Reciprocity"), pairs)
    if data["triangles"]:
        yield Grid(
            "Reaction of a third government to an actor, for the actor's actions towards a target",
            ("Triangle", "Effect"),
            tuple(
                (
                    f"{names[each['third']]} to {names[each['actor']]}, for {_pair(each, names)}",
                    _estimate(each["effect"]),
                )
                for each in data["triangles"]
            ),
        )
    if full:
        yield Bullets(tuple(_on_relations(data)))


def _on_relations(data: Data) -> list[str]:
    hostile = [each for each in data["pairs"] if each["hostile"]]
    rows = [each[name] for each in data["pairs"] for name in ("routine", "reciprocity")]
    unfitted = any(row["estimate"] is None for row in [*rows, *(each["effect"] for each in data["triangles"])])
    more = {"hostile": hostile, "unfitted": unfitted, "least": WEEKS_A_LAG * data["lags"], "above": _above}
    return [*paragraphs("wargame.review", "relations.txt.j2", **data, **more), *failure_notes(data["failures"])]


def _above(rows: list[Data], name: str) -> int:
    return sum((each[name]["low"] or 0) > 0 for each in rows)


def _pair(row: Data, names: dict[str, str]) -> str:
    return f"{names[row['actor']]} to {names[row['target']]}"


def _estimate(row: Data) -> str:
    if row["estimate"] is None:
        return "-"
    interval = "" if row["low"] is None else f" ({row['low']:z.2f} to {row['high']:z.2f})"
    return f"{row['estimate']:z.2f}{interval}"


OPEN = {"low": "any", "high": "never"}
"""Texts for an infinite end of an interval."""


def targets_summary(data: Data) -> Iterator[Block]:
    """Yield how many targets are inside, each with its statistics, and notes."""
    yield Paragraph(total(data), lead=True)
    yield targets_grid(data)
    yield Bullets(tuple(target_notes(data)))


def total(data: Data) -> str:
    """Return how many targets are inside and outside, and how many of these more runs may change."""
    outside = data["of"] - data["inside"] - data["too_few_runs"]
    few = f", too few runs for {data['too_few_runs']}" if data["too_few_runs"] else ""
    failed = f"; {data['failed']} of {data['runs']} runs failed" if data["failed"] else ""
    unsure = Counter(target["verdict"] for target in data["targets"] if not _clear(target))
    marks = {verdict: f" ({count} with a question mark)" for verdict, count in unsure.items()}
    inside = f"Inside {data['inside']} of {data['of']}{marks.get(INSIDE, '')}"
    return f"{inside}, outside {outside}{marks.get(OUTSIDE, '')}{few}{failed}."


def _clear(target: Data) -> bool:
    """Whether more runs cannot change the verdict: all statistics are surely inside, or one is surely outside."""
    if target["verdict"] == INSIDE:
        return all(row["sure"] for row in target["statistics"])
    return target["verdict"] != OUTSIDE or any(r["sure"] for r in target["statistics"] if r["verdict"] == OUTSIDE)


def targets_grid(data: Data) -> Grid:
    """Return each target with its statistics."""
    rows: list[tuple[str, ...]] = []
    for target in data["targets"]:
        rows.append((f"{target['id']}  {target['verdict']}{'' if _clear(target) else '?'}: {target['title']}",))
        for each in target["statistics"]:
            band = " to ".join(map(short, each["band"]))
            rows.append((each["title"], _simulated(each), band, _verdict(each), each["observed"]))
    heads = ("Statistic", "Simulated (95 % interval)", "Band", "Verdict", "Observed")
    return Grid("Targets and their statistics", heads, tuple(rows))


def _simulated(each: Data) -> str:
    """Return the simulated value; in no run: no run has the statistic; never: the outcome never occurs."""
    if each["estimate"] is None:
        return "never" if each["n"] else "in no run"
    ends = [short(each[name]) if each[name] is not None else open_end for name, open_end in OPEN.items()]
    interval = f" ({ends[0]} to {ends[1]})" if (each["low"], each["high"]) != (None, None) else ""
    return f"{short(each['estimate'])}{interval}"


def _verdict(each: Data) -> str:
    """Return the verdict, with a question mark if it is not sure, or the number of runs needed."""
    if each["runs_needed"]:
        return f"{FEW} (~{each['runs_needed']})"
    return str(each["verdict"]) + ("" if each["sure"] else "?")


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
