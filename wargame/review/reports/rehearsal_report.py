"""A rehearsal: what to correct before STARTEX, then the tables, for terminals and reports."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wargame.batches.api import Batch
from wargame.batches.study.catalogue import REHEARSAL
from wargame.document.blocks import Block, Bullets, Code, Fields, Grid, Heading, Paragraph
from wargame.document.formatting import cells, estimate, p_value, short
from wargame.executor.campaign import failure_notes
from wargame.journal.wording import count
from wargame.review.reports.rehearsal_file import read

SURE = 0.05
MATTER = 15
"""Injects of the ranking that are listed."""
AFTER = "its time was after ENDEX"
"""The reason of injects that are scheduled after the end of the rehearsal."""
PLURAL = {
    "its condition was never true": "their conditions were never true",
    "its time is over": "their times are over",
    "it was not released by hand": "they were not released by hand",
    "what it follows did not happen in time": "what they follow did not happen in time",
    "its random event did not occur": "their random events did not occur",
}
"""Reasons in the plural, for several injects."""
Data = Mapping[str, Any]
"""A rehearsal as in its JSON file, or a row of it."""


def rehearsal_report(folder: Path) -> list[Block]:
    """Return the report of a rehearsal alone."""
    data = read(folder)
    return [
        Heading(1, f"Rehearsal: {data['title']}"),
        Fields((("Scenario", data["scenario"]), ("Runs", _runs(data)))),
        *sections(data, 2),
        Heading(2, "How to reproduce"),
        Code(data["command"]),
        Grid(
            "Provenance",
            ("", ""),
            tuple((f"{name} sha256", data[f"{name}_sha256"]) for name in ("scenario", "injects")),
            (0.25, 0.75),
        ),
    ]


def rehearsal_summary(data: Data) -> list[Block]:
    """Return a rehearsal on a terminal."""
    return [Heading(1, f"Rehearsal: {data['title']}"), Fields((("Runs", _runs(data)),)), *sections(data, 2, brief=True)]


def of_batch(path: Path, batch: Batch) -> Iterator[Block]:
    """Yield the rehearsal in the folder of a batch, if it is of the same scenario and injects."""
    if not (path / REHEARSAL).is_file():
        return
    data = read(path)
    mine = [data["scenario_sha256"], data["injects_sha256"]]
    yield Heading(2, "Rehearsal of the script")
    if mine not in [list(pair) for pair in batch.manifest.hashes.values()]:
        yield Paragraph(
            f"{REHEARSAL} in the folder of this batch belongs to another scenario or script, or to another version, "
            "and is left out; run wargame rehearse again."
        )
        return
    yield Paragraph(f"{_runs(data)}, in addition to the runs of this batch.", quiet=True)
    yield from sections(data, 3)
    yield Code(data["command"])


def _runs(data: Data) -> str:
    failed = f"; {count(data['failed'], 'run')} failed" if data["failed"] else ""
    return f"{data['runs']} with all injects, and one more without each inject that fired{failed}"


def sections(data: Data, level: int, *, brief: bool = False) -> Iterator[Block]:
    """Yield what to correct first, then the tables.

    The brief form for terminals names injects by their ids, and has no tables that are empty or whose gaps are listed
    first.
    """
    points = tuple(_points(data))
    yield Heading(level, "What to correct before STARTEX")
    yield Bullets(points) if points else Paragraph("Nothing: every inject fires, and every objective has evidence.")
    titles = {} if brief else _titles(data)
    parts: dict[str, tuple[Grid, str]] = {
        "Which injects fire, and when": (_fires(data, titles), "No inject fires."),
        "How the model governments respond": (_expected(data, titles), "No action was expected."),
        "Objectives": (_objectives(data), "The scenario has no objectives."),
        "Demands on each leadership": (_loads(data), "No inject makes demands on a leadership."),
        "Outcomes with the whole script": (_outcomes(data), "The scenario has no outcomes."),
    }
    for head, (table, otherwise) in parts.items():
        if not brief or (table.rows and head not in ("Objectives", "Demands on each leadership")):
            yield Heading(level, head)
            yield table if table.rows else Paragraph(otherwise)
    yield Heading(level, "Effects of injects on outcomes")
    yield from _ranking(data, titles)


def _points(data: Data) -> Iterator[str]:
    yield from failure_notes(row | {"condition": _script(row.get("without"))} for row in data.get("failures", ()))
    yield from _never(data)
    after = sum(row["never"] and _why_never(row) == AFTER for row in data["injects"])
    if after:
        yield f"{count(after, 'inject')} {'are' if after > 1 else 'is'} scheduled after the end of the rehearsal."
    for row in data["objectives"]:
        if row["gap"]:
            yield f"Objective '{row['title']}' has {row['gap']}."
    for row in data.get("silent", ()):
        best = f", '{data['option_titles'].get(row['best'], row['best'])}'" if row["best"] else ""
        place = f" at {count(row['meetings'], 'meeting')} in {data['runs']} runs"
        yield f"{_name(data, row['government'])} never acts{place}: {row['reason']}{best}."
    titles = _titles(data)
    for row in data["overload"]:
        if row["most"] >= row["many"]:
            together = f", most often {_together(row, titles)}" if row["injects"] else ""
            yield (
                f"{_name(data, row['government'])} faces up to {row['most']} demands within {row['hours']} hours; "
                f"{row['many']} or more in {_share(row)} of the runs{together}."
            )
    for row in _called(data):
        if not row["met"]:
            title = titles.get(row["inject"], row["inject"])
            yield f"The model of {_name(data, row['who'])} never does what '{title}' expects."


def _never(data: Data) -> Iterator[str]:
    """Injects that never fire, by reason, with the conditions that were never true."""
    groups: dict[str, list[str]] = {}
    for row in data["injects"]:
        why = _why_never(row)
        if row["never"] and why != AFTER:
            condition = f" ({row['condition']})" if row["condition"] and "condition" in why else ""
            groups.setdefault(why, []).append(f"{row['title']}{condition}")
    for why, names in sorted(groups.items(), key=lambda item: (len(item[1]), item[0])):
        if len(names) == 1:
            yield f"Never fires, as {why}: {names[0]}."
        else:
            yield f"{len(names)} never fire, as {PLURAL.get(why, why)}: {'; '.join(names)}."


def _why_never(row: Data) -> str:
    return "; ".join(each["reason"] for each in row["reasons"]) or "no reason is known"


def _script(without: str | None) -> str:
    return "the whole script" if without is None else f"the script without '{without}'"


def _called(data: Data) -> list[Data]:
    """Return the expected actions whose inject was released in some run."""
    return [row for row in data["expected"] if row["called"]]


def _together(row: Data, titles: Mapping[str, str]) -> str:
    """Return the injects that coincided most often, by title."""
    return _listed(row["injects"][0]["injects"], titles) if row["injects"] else ""


def _listed(injects: Iterable[str], titles: Mapping[str, str]) -> str:
    return "; ".join(titles.get(name, name) for name in injects)


def _share(row: Data) -> str:
    return estimate(row, share=True)


def _fires(data: Data, titles: Mapping[str, str]) -> Grid:
    rows = sorted((row for row in data["injects"] if not row["never"]), key=lambda row: row["days"]["median"])
    named = [((row["title"],) if titles else ()) + cells(row, "inject", "trigger") for row in rows]
    return Grid(
        "Probability of firing with 95 % interval, and days from STARTEX to the first time: 10 %, median, 90 %",
        (*(("Inject",) if titles else ()), "Id", "Trigger", "Fires", "Early", "Median", "Late"),
        tuple((*names, _share(row), *_when(row["days"])) for names, row in zip(named, rows, strict=True)),
        (0.31, 0.2, 0.1, 0.15, 0.08, 0.08, 0.08)[not titles :],
    )


def _when(days: Data | None) -> Iterator[str]:
    for name in ("p10", "median", "p90"):
        yield f"{days[name]:.0f}" if days and days[name] is not None else ""


def _name(data: Data, government: str) -> str:
    return str(data["governments"].get(government, government))


def _titles(data: Data) -> dict[str, str]:
    return {row["inject"]: row["title"] for row in data["injects"]}


def _expected(data: Data, titles: Mapping[str, str]) -> Grid:
    options = data["option_titles"]
    rows = []
    for row in _called(data):
        whole = " or ".join(options.get(option, option) for option in row["any_of"])
        median = "" if row["median_days"] is None else short(row["median_days"])
        counts = cells(row, "called", "met", "late", "missed")
        expected = (whole,) if titles else ()
        names = (titles.get(row["inject"], row["inject"]), _name(data, row["who"]))
        rows.append((*names, *expected, *counts, _share(row), median))
    heads = ("Times", "Met", "Late", "Missed", "Probability met", "Median days")
    return Grid(
        "Expected actions over all runs: how often expected, met, late and missed, and probability met",
        ("Inject", "Government", *(("Expected",) if titles else ()), *heads),
        tuple(rows),
        (0.18, 0.07, 0.25, 0.08, 0.07, 0.07, 0.08, 0.13, 0.07) if titles else (),
    )


def _outcomes(data: Data) -> Grid:
    titles = data["outcome_titles"]
    rows = tuple((titles.get(row["outcome"], row["outcome"]), _share(row)) for row in data["outcomes"])
    return Grid("Probability of each outcome, with 95 % interval", ("Outcome", "Probability"), rows, (0.6, 0.4))


def _objectives(data: Data) -> Grid:
    titles = _titles(data)
    return Grid(
        "Objectives: share of runs in which one of its injects fires, and in which there is evidence",
        ("Objective", "Injects", "Fires", "Evidence", "Gap"),
        tuple(
            (row["title"], _listed(row["injects"], titles), _share(row["fired"]), _share(row["evidence"]), row["gap"])
            for row in data["objectives"]
        ),
        (0.3, 0.28, 0.16, 0.16, 0.1),
    )


def _loads(data: Data) -> Grid:
    titles = _titles(data)
    many, hours = next(((row["many"], row["hours"]) for row in data["overload"]), (0, 0))
    return Grid(
        f"The most demands within {hours} hours, and the probability of {many} or more",
        ("Government", "Most", f"{many} or more", "Most often together"),
        tuple(
            (_name(data, row["government"]), str(row["most"]), _share(row), _together(row, titles))
            for row in data["overload"]
            if row["most"]
        ),
        (0.16, 0.1, 0.2, 0.54),
    )


def _ranking(data: Data, names: Mapping[str, str]) -> Iterator[Block]:
    moving = [row for row in data["ranking"] if row["changes"]["estimate"]]
    if not data["ranking"]:
        yield Paragraph("No inject fires.")
    still = len(data["ranking"]) - len(moving)
    if still:
        yield Paragraph(f"Of {count(len(data['ranking']), 'inject')} that fire, {still} change no outcome.")
    every = [effect["p_holm"] for row in data["ranking"] for effect in row["effects"]]
    if every and not any(p is not None and p < SURE for p in every):
        yield Paragraph(
            "With this number of runs, no effect of an inject on an outcome can be distinguished from chance. Take the "
            "order of the table as a hint only."
        )
    if not moving:
        return
    yield Grid(
        "Injects by the share of runs whose outcomes change without them; effect: with minus without it, with the 95 % "
        "interval of this effect alone",
        ("Inject", "Other outcomes", "Outcome with the largest effect", "Effect", "p corrected"),
        tuple(_ranked(row, names, data["outcome_titles"]) for row in moving[:MATTER]),
        (0.3, 0.17, 0.25, 0.18, 0.1),
    )
    if len(moving) > MATTER:
        yield Paragraph(f"These are the first {MATTER} of {len(moving)}.", quiet=True)


def _ranked(row: Data, names: Mapping[str, str], outcomes: Mapping[str, str]) -> tuple[str, ...]:
    inject = names.get(row["inject"], row["inject"])
    if not row["effects"]:
        return inject, _share(row["changes"]), "", "", ""
    effect = row["effects"][0]
    size, p = estimate(effect, share=True, signed=True), p_value(effect["p_holm"])
    return inject, _share(row["changes"]), outcomes.get(effect["outcome"], effect["outcome"]), size, p
