"""The report of a rehearsal: what to correct before STARTEX, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.batch.study.catalogue import REHEARSAL
from wargame.batch.text import number
from wargame.evidence.rehearsal import text as telling
from wargame.review.document.blocks import Block, Bullets, Code, Fields, Grid, Heading, Paragraph
from wargame.review.formatting import short
from wargame.review.reports.rehearsal_file import read

if TYPE_CHECKING:
    from wargame.batch.api import Batch

SURE = 0.05
MATTER = 15
"""Injects of the ranking that are listed."""
Data = Mapping[str, Any]


def rehearsal_report(folder: Path) -> list[Block]:
    """A rehearsal as a document of its own."""
    data = read(folder)
    return [
        Heading(1, f"Rehearsal: {data['title']}"),
        Fields(
            (
                ("Scenario", data["scenario"]),
                ("Runs", _runs(data)),
            )
        ),
        *sections(data, 2),
        Heading(2, "How to reproduce"),
        Code(data["command"]),
        Grid(
            "What makes the rehearsal what it is",
            ("", ""),
            (("scenario sha256", data["scenario_sha256"]), ("injects sha256", data["injects_sha256"])),
            (0.25, 0.75),
        ),
    ]


def of_batch(path: Path, batch: Batch) -> Iterator[Block]:
    """The rehearsal kept beside a batch, if it is one of the same scenario and injects."""
    if not (path / REHEARSAL).is_file():
        return
    data = read(path)
    mine = [data["scenario_sha256"], data["injects_sha256"]]
    yield Heading(2, "Rehearsal of the script")
    if mine not in [list(pair) for pair in batch.manifest.hashes.values()]:
        yield Paragraph(
            f"{REHEARSAL} in the folder of this batch is of another scenario or script, or of another version of it, "
            "and is left out; rehearse anew.",
        )
        return
    yield Paragraph(f"{_runs(data)}, apart from the runs of this batch.", quiet=True)
    yield from sections(data, 3)
    yield Code(data["command"])


def _runs(data: Data) -> str:
    failed = f"; {data['failed']} runs failed" if data["failed"] else ""
    return f"{data['runs']} with the whole script, and one more without each inject where it fired{failed}"


def sections(data: Data, level: int) -> Iterator[Block]:
    """What to mend first, then the tables; no table where there is nothing to put into it."""
    yield Heading(level, "What to look at before STARTEX")
    points = tuple(_points(data))
    yield Bullets(points) if points else Paragraph("Nothing: every inject fires, every objective has evidence.")
    yield Heading(level, "Which injects fire, and when")
    yield _or(_fires(data), "No inject fires.")
    yield Heading(level, "How the model governments answer")
    yield _or(_expected(data), "No expected action was called for.")
    yield Heading(level, "Objectives")
    yield _or(_objectives(data), "The scenario has no objectives.")
    yield Heading(level, "Demands on each leadership")
    yield _or(_loads(data), "No inject makes a demand on a leadership.")
    yield Heading(level, "Which injects matter")
    yield from _ranking(data)


def _or(table: Grid, otherwise: str) -> Block:
    return table if table.rows else Paragraph(otherwise)


def _points(data: Data) -> Iterator[str]:
    yield from _never(data)
    yield from telling.after_the_end(data)
    for row in data["objectives"]:
        if row["gap"]:
            yield f"Objective '{row['title']}' has {row['gap']}."
    titles = _titles(data)
    for row in data["overload"]:
        if row["most"] >= row["many"]:
            together = f", most often {_together(row, titles)}" if row["injects"] else ""
            yield (
                f"{row['government']} meets {row['most']} demands within {row['hours']} hours in some run; "
                f"{row['many']} or more in {_share(row)} of the runs{together}."
            )
    for row in telling.called(data):
        if not row["met"]:
            title = titles.get(row["inject"], row["inject"])
            yield f"{row['who']} never meets what '{title}' expects, as the model plays it."


def _never(data: Data) -> Iterator[str]:
    """Injects that never fire, by why; each condition that never held is data."""
    groups: dict[str, list[str]] = {}
    for row in telling.never(data):
        why = telling.why_never(row)
        held = f" ({row['condition']})" if row["condition"] and "condition" in why else ""
        groups.setdefault(why, []).append(f"{row['title']}{held}")
    for why, names in sorted(groups.items(), key=lambda item: (len(item[1]), item[0])):
        if len(names) == 1:
            yield f"Never fires, as {why}: {names[0]}."
        else:
            yield f"{len(names)} never fire, as {telling.PLURAL.get(why, why)}: {'; '.join(names)}."


def _together(row: Data, titles: Mapping[str, str]) -> str:
    """The injects that met most often, by title."""
    return "; ".join(titles.get(name, name) for name in row["injects"][0]["injects"]) if row["injects"] else ""


def _share(row: Data) -> str:
    if row["estimate"] is None:
        return "not known"
    return f"{100 * row['estimate']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


def _fires(data: Data) -> Grid:
    rows = sorted((row for row in data["injects"] if not row["never"]), key=lambda row: row["days"]["median"])
    return Grid(
        "Chance to fire with its 95 % interval, and days from STARTEX to the first time: 10 %, middle, 90 %",
        ("Inject", "Id", "Trigger", "Fires", "Early", "Middle", "Late"),
        tuple((row["title"], row["inject"], row["trigger"], _share(row), *_when(row["days"])) for row in rows),
        (0.31, 0.2, 0.1, 0.15, 0.08, 0.08, 0.08),
    )


def _when(days: Data | None) -> Iterator[str]:
    for name in ("p10", "median", "p90"):
        yield f"{days[name]:.0f}" if days else ""


def _titles(data: Data) -> dict[str, str]:
    return {row["inject"]: row["title"] for row in data["injects"]}


def _expected(data: Data) -> Grid:
    titles, options = _titles(data), data["option_titles"]
    return Grid(
        "Expected actions over all runs: how often called for, met, late and missed, and how likely they are met",
        ("Inject", "Who", "Expected", "Called", "Met", "Late", "Missed", "Chance to meet it", "Median days"),
        tuple(
            (
                titles.get(row["inject"], row["inject"]),
                row["who"],
                " or ".join(options.get(option, option) for option in row["any_of"]),
                *(str(row[name]) for name in ("called", "met", "late", "missed")),
                _share(row),
                "" if row["median_days"] is None else number(row["median_days"]),
            )
            for row in telling.called(data)
        ),
        (0.18, 0.07, 0.25, 0.08, 0.07, 0.07, 0.08, 0.13, 0.07),
    )


def _objectives(data: Data) -> Grid:
    titles = _titles(data)
    return Grid(
        "Objectives: in how many runs an inject for it fires, and in how many there is evidence",
        ("Objective", "Injects", "Fires", "Evidence", "Gap"),
        tuple(
            (
                row["title"],
                "; ".join(titles.get(name, name) for name in row["injects"]),
                _share(row["fired"]),
                _share(row["evidence"]),
                row["gap"],
            )
            for row in data["objectives"]
        ),
        (0.3, 0.28, 0.16, 0.16, 0.1),
    )


def _loads(data: Data) -> Grid:
    titles = _titles(data)
    many, hours = next(((row["many"], row["hours"]) for row in data["overload"]), (0, 0))
    return Grid(
        f"The most demands that meet within {hours} hours, and the chance of {many} or more",
        ("Government", "Most", f"{many} or more", "Most often together"),
        tuple(
            (
                row["government"],
                str(row["most"]),
                _share(row),
                _together(row, titles),
            )
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
        made = "made no difference to which outcomes came, in any run"
        yield Paragraph(f"Of {len(data['ranking'])} injects that fire, {still} {made}.")
    every = [effect["p_holm"] for row in data["ranking"] for effect in row["effects"]]
    if every and not any(p is not None and p < SURE for p in every):
        yield Paragraph(
            "No effect of an inject on an outcome can be data from luck with so many runs: read the order of the table "
            "as a hint where to look."
        )
    if not moving:
        return
    yield Grid(
        "Injects by how many runs end with other outcomes without them; effects with it less without it, in points",
        ("Inject", "Changes a run", "Outcome that it moves most", "Effect", "p corrected"),
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
