"""The report of a rehearsal: what to correct before STARTEX, then the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.batches.study.catalogue import REHEARSAL
from wargame.batches.text import number
from wargame.document.blocks import Block, Bullets, Code, Fields, Grid, Heading, Paragraph
from wargame.document.formatting import cells, short
from wargame.evidence.rehearsal import text as telling
from wargame.journal.wording import count
from wargame.review.reports.rehearsal_file import read

if TYPE_CHECKING:
    from wargame.batches.api import Batch

SURE = 0.05
MATTER = 15
"""Injects of the ranking that are listed."""
Data = Mapping[str, Any]


def rehearsal_report(folder: Path) -> list[Block]:
    """The report of a rehearsal alone."""
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


def of_batch(path: Path, batch: Batch) -> Iterator[Block]:
    """The rehearsal in the folder of a batch, if it is of the same scenario and injects."""
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


def sections(data: Data, level: int) -> Iterator[Block]:
    """What to correct first, then the tables that are not empty."""
    yield Heading(level, "What to correct before STARTEX")
    points = tuple(_points(data))
    yield Bullets(points) if points else Paragraph("Nothing: every inject fires, and every objective has evidence.")
    yield Heading(level, "Which injects fire, and when")
    yield _or(_fires(data), "No inject fires.")
    yield Heading(level, "How the model governments respond")
    yield _or(_expected(data), "No action was expected.")
    yield Heading(level, "Objectives")
    yield _or(_objectives(data), "The scenario has no objectives.")
    yield Heading(level, "Demands on each leadership")
    yield _or(_loads(data), "No inject makes demands on a leadership.")
    yield Heading(level, "Effects of injects on outcomes")
    yield from _ranking(data)


def _or(table: Grid, otherwise: str) -> Block:
    return table if table.rows else Paragraph(otherwise)


def _points(data: Data) -> Iterator[str]:
    yield from _never(data)
    yield from telling.after_the_end(data)
    yield from telling.failed_runs(data)
    for row in data["objectives"]:
        if row["gap"]:
            yield f"Objective '{row['title']}' has {row['gap']}."
    titles = _titles(data)
    for row in data["overload"]:
        if row["most"] >= row["many"]:
            together = f", most often {_together(row, titles)}" if row["injects"] else ""
            yield (
                f"{_name(data, row['government'])} faces up to {row['most']} demands within {row['hours']} hours; "
                f"{row['many']} or more in {_share(row)} of the runs{together}."
            )
    for row in telling.called(data):
        if not row["met"]:
            title = titles.get(row["inject"], row["inject"])
            yield f"The model of {_name(data, row['who'])} never does what '{title}' expects."


def _never(data: Data) -> Iterator[str]:
    """Injects that never fire, by reason, with the conditions that were never true."""
    groups: dict[str, list[str]] = {}
    for row in telling.never(data):
        why = telling.why_never(row)
        condition = f" ({row['condition']})" if row["condition"] and "condition" in why else ""
        groups.setdefault(why, []).append(f"{row['title']}{condition}")
    for why, names in sorted(groups.items(), key=lambda item: (len(item[1]), item[0])):
        if len(names) == 1:
            yield f"Never fires, as {why}: {names[0]}."
        else:
            yield f"{len(names)} never fire, as {telling.PLURAL.get(why, why)}: {'; '.join(names)}."


def _together(row: Data, titles: Mapping[str, str]) -> str:
    """The injects that coincided most often, by title."""
    return _listed(row["injects"][0]["injects"], titles) if row["injects"] else ""


def _listed(injects: Iterable[str], titles: Mapping[str, str]) -> str:
    return "; ".join(titles.get(name, name) for name in injects)


def _share(row: Data) -> str:
    if row["estimate"] is None:
        return "not known"
    return f"{100 * row['estimate']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


def _fires(data: Data) -> Grid:
    rows = sorted((row for row in data["injects"] if not row["never"]), key=lambda row: row["days"]["median"])
    return Grid(
        "Probability of firing with 95 % interval, and days from STARTEX to the first time: 10 %, median, 90 %",
        ("Inject", "Id", "Trigger", "Fires", "Early", "Median", "Late"),
        tuple((row["title"], row["inject"], row["trigger"], _share(row), *_when(row["days"])) for row in rows),
        (0.31, 0.2, 0.1, 0.15, 0.08, 0.08, 0.08),
    )


def _when(days: Data | None) -> Iterator[str]:
    for name in ("p10", "median", "p90"):
        yield f"{days[name]:.0f}" if days and days[name] is not None else ""


def _name(data: Data, government: str) -> str:
    return str(data["governments"].get(government, government))


def _titles(data: Data) -> dict[str, str]:
    return {row["inject"]: row["title"] for row in data["injects"]}


def _expected(data: Data) -> Grid:
    titles, options = _titles(data), data["option_titles"]
    return Grid(
        "Expected actions over all runs: how often expected, met, late and missed, and probability met",
        ("Inject", "Government", "Expected", "Times", "Met", "Late", "Missed", "Probability met", "Median days"),
        tuple(
            (
                *(titles.get(row["inject"], row["inject"]), _name(data, row["who"])),
                " or ".join(options.get(option, option) for option in row["any_of"]),
                *(*cells(row, "called", "met", "late", "missed"), _share(row)),
                "" if row["median_days"] is None else number(row["median_days"]),
            )
            for row in telling.called(data)
        ),
        (0.18, 0.07, 0.25, 0.08, 0.07, 0.07, 0.08, 0.13, 0.07),
    )


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


def _ranking(data: Data) -> Iterator[Block]:
    titles = data["outcome_titles"]
    moving = telling.moving(data)
    if not data["ranking"]:
        yield Paragraph("No inject fires.")
    still = len(data["ranking"]) - len(moving)
    if still:
        injects = f"Of {len(data['ranking'])} injects that fire, {still}"
        yield Paragraph(f"{injects} change no outcome.")
    every = [effect["p_holm"] for row in data["ranking"] for effect in row["effects"]]
    if every and not any(p is not None and p < SURE for p in every):
        yield Paragraph(
            "With this number of runs, no effect of an inject on an outcome can be distinguished from chance. Take the "
            "order of the table as a hint only."
        )
    if not moving:
        return
    yield Grid(
        "Injects by the share of runs whose outcomes change without them; effect: with minus without it, in points, "
        "with the 95 % interval of this effect alone",
        ("Inject", "Other outcomes", "Outcome with the largest effect", "Effect", "p corrected"),
        tuple(_ranked(row, titles) for row in moving[:MATTER]),
        (0.3, 0.17, 0.25, 0.18, 0.1),
    )


def _ranked(row: Data, titles: Data) -> tuple[str, ...]:
    if not row["effects"]:
        return row["title"], _share(row["changes"]), "", "", ""
    effect = row["effects"][0]
    size = short(effect["estimate"], share=True, signed=True)
    span = f" ({short(effect['low'], share=True)} to {short(effect['high'], share=True)})"
    p = "" if effect["p_holm"] is None else "< 0.001" if effect["p_holm"] < 0.001 else f"{effect['p_holm']:.3f}"
    return row["title"], _share(row["changes"]), titles.get(effect["outcome"], effect["outcome"]), size + span, p
