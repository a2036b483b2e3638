"""Rehearsals in reports: kept as `rehearsal.json`, alone in a folder or beside a batch of the same scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.batch.study.catalogue import REHEARSAL
from wargame.batch.text import number
from wargame.errors import Invalid, Problem, UsageFault
from wargame.evidence.rehearsal import text as telling
from wargame.journal.atomic import write_whole
from wargame.review.document.blocks import Block, Bullets, Code, Fields, Grid, Heading, Paragraph
from wargame.review.reports.batch_labels import short

if TYPE_CHECKING:
    from wargame.batch.api import Batch
    from wargame.evidence.rehearsal.rehearsal import Rehearsal
    from wargame.scenario.loading.load import Loaded

FORMAT = "wargame-rehearsal/1"
NEEDED: dict[str, Any] = {
    **dict.fromkeys(("title", "scenario", "scenario_sha256", "injects_sha256", "command"), str),
    **dict.fromkeys(("option_titles", "outcome_titles"), dict[str, str]),
    **dict.fromkeys(("runs", "failed"), int),
    **dict.fromkeys(("injects", "objectives", "expected", "overload", "outcomes", "ranking"), list[dict[str, Any]]),
}
"""What a rehearsal holds, and of what kind it is."""
ANEW = "rehearse anew with --out, or remove the file"
SURE = 0.05
MATTER = 15
"""Injects of the ranking that are listed."""
Told = Mapping[str, Any]


def keep(folder: Path, found: Rehearsal, loaded: Loaded, command: str) -> Path:
    """Writes a rehearsal into a folder, which is made if it is missing; UsageFault if it cannot be."""
    path = folder / REHEARSAL
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(as_kept(found, loaded, command)), indent=2) + b"\n")
    except OSError as error:
        raise UsageFault(f"cannot write {path}: {error.strerror}; choose another place with --out DIR") from None
    return path


def as_kept(found: Rehearsal, loaded: Loaded, command: str = "") -> dict[str, Any]:
    """A rehearsal with what it is of, as it is kept."""
    head = {
        "format": FORMAT,
        "scenario": loaded.scenario.name,
        "title": loaded.scenario.title,
        "scenario_sha256": loaded.scenario_sha256,
        "injects_sha256": loaded.injects_sha256,
        "command": command,
        "option_titles": {name: spec.title for name, spec in sorted(loaded.scenario.options.items())},
        "outcome_titles": {name: spec.title for name, spec in sorted(loaded.scenario.outcomes.items())},
    }
    return head | asdict(found)


def kept_at(folder: Path) -> str:
    """When a rehearsal was kept, an ISO time."""
    return datetime.fromtimestamp((folder / REHEARSAL).stat().st_mtime, UTC).isoformat()


def read(folder: Path) -> dict[str, Any]:
    """What was kept; Invalid if the file is no rehearsal."""
    path = folder / REHEARSAL
    try:
        told = msgspec.json.decode(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Invalid([Problem(str(path), 0, 0, f"cannot be read as a rehearsal: {error}", ANEW)]) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT or not all(_holds(told, name) for name in NEEDED):
        raise Invalid([Problem(str(path), 0, 0, f"this is no whole rehearsal of the format {FORMAT}", ANEW)])
    return told


def _holds(told: Told, name: str) -> bool:
    try:
        msgspec.convert(told.get(name), NEEDED[name])
    except msgspec.ValidationError:
        return False
    return True


def rehearsal_report(folder: Path) -> list[Block]:
    """A rehearsal as a document of its own."""
    told = read(folder)
    return [
        Heading(1, f"Rehearsal: {told['title']}"),
        Fields(
            (
                ("Scenario", told["scenario"]),
                ("Runs", _runs(told)),
            )
        ),
        *sections(told, 2),
        Heading(2, "How to reproduce"),
        Code(told["command"]),
        Grid(
            "What makes the rehearsal what it is",
            ("", ""),
            (("scenario sha256", told["scenario_sha256"]), ("injects sha256", told["injects_sha256"])),
            (0.25, 0.75),
        ),
    ]


def of_batch(path: Path, batch: Batch) -> Iterator[Block]:
    """The rehearsal kept beside a batch, if it is one of the same scenario and injects."""
    if not (path / REHEARSAL).is_file():
        return
    told = read(path)
    mine = [told["scenario_sha256"], told["injects_sha256"]]
    yield Heading(2, "Rehearsal of the script")
    if mine not in [list(pair) for pair in batch.manifest.hashes.values()]:
        yield Paragraph(
            f"{REHEARSAL} in the folder of this batch is of another scenario or script, or of another version of it, "
            "and is left out; rehearse anew.",
        )
        return
    yield Paragraph(f"{_runs(told)}, apart from the runs of this batch.", quiet=True)
    yield from sections(told, 3)
    yield Code(told["command"])


def _runs(told: Told) -> str:
    failed = f"; {told['failed']} runs failed" if told["failed"] else ""
    return f"{told['runs']} with the whole script, and one more without each inject where it fired{failed}"


def sections(told: Told, level: int) -> Iterator[Block]:
    """What to mend first, then the tables; no table where there is nothing to put into it."""
    yield Heading(level, "What to look at before STARTEX")
    points = tuple(_points(told))
    yield Bullets(points) if points else Paragraph("Nothing: every inject fires, every objective has evidence.")
    yield Heading(level, "Which injects fire, and when")
    yield _or(_fires(told), "No inject fires.")
    yield Heading(level, "How the model governments answer")
    yield _or(_expected(told), "No expected action was called for.")
    yield Heading(level, "Objectives")
    yield _or(_objectives(told), "The scenario has no objectives.")
    yield Heading(level, "Demands on each leadership")
    yield _or(_loads(told), "No inject makes a demand on a leadership.")
    yield Heading(level, "Which injects matter")
    yield from _ranking(told)


def _or(table: Grid, otherwise: str) -> Block:
    return table if table.rows else Paragraph(otherwise)


def _points(told: Told) -> Iterator[str]:
    yield from _never(told)
    yield from telling.after_the_end(told)
    for row in told["objectives"]:
        if row["gap"]:
            yield f"Objective '{row['title']}' has {row['gap']}."
    titles = _titles(told)
    for row in told["overload"]:
        if row["most"] >= row["many"]:
            together = f", most often {_together(row, titles)}" if row["injects"] else ""
            yield (
                f"{row['government']} meets {row['most']} demands within {row['hours']} hours in some run; "
                f"{row['many']} or more in {_share(row)} of the runs{together}."
            )
    for row in telling.called(told):
        if not row["met"]:
            title = titles.get(row["inject"], row["inject"])
            yield f"{row['who']} never meets what '{title}' expects, as the model plays it."


def _never(told: Told) -> Iterator[str]:
    """Injects that never fire, by why; each condition that never held is told."""
    groups: dict[str, list[str]] = {}
    for row in telling.never(told):
        why = telling.why_never(row)
        held = f" ({row['condition']})" if row["condition"] and "condition" in why else ""
        groups.setdefault(why, []).append(f"{row['title']}{held}")
    for why, names in sorted(groups.items(), key=lambda item: (len(item[1]), item[0])):
        if len(names) == 1:
            yield f"Never fires, as {why}: {names[0]}."
        else:
            yield f"{len(names)} never fire, as {telling.PLURAL.get(why, why)}: {'; '.join(names)}."


def _together(row: Told, titles: Mapping[str, str]) -> str:
    """The injects that met most often, by title."""
    return "; ".join(titles.get(name, name) for name in row["injects"][0]["injects"]) if row["injects"] else ""


def _share(row: Told) -> str:
    if row["estimate"] is None:
        return "not known"
    return f"{100 * row['estimate']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


def _fires(told: Told) -> Grid:
    rows = sorted((row for row in told["injects"] if not row["never"]), key=lambda row: row["days"]["median"])
    return Grid(
        "Chance to fire with its 95 % interval, and days from STARTEX to the first time: 10 %, middle, 90 %",
        ("Inject", "Id", "Trigger", "Fires", "Early", "Middle", "Late"),
        tuple((row["title"], row["inject"], row["trigger"], _share(row), *_when(row["days"])) for row in rows),
        (0.31, 0.2, 0.1, 0.15, 0.08, 0.08, 0.08),
    )


def _when(days: Told | None) -> Iterator[str]:
    for name in ("p10", "median", "p90"):
        yield f"{days[name]:.0f}" if days else ""


def _titles(told: Told) -> dict[str, str]:
    return {row["inject"]: row["title"] for row in told["injects"]}


def _expected(told: Told) -> Grid:
    titles, options = _titles(told), told["option_titles"]
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
            for row in telling.called(told)
        ),
        (0.18, 0.07, 0.25, 0.08, 0.07, 0.07, 0.08, 0.13, 0.07),
    )


def _objectives(told: Told) -> Grid:
    titles = _titles(told)
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
            for row in told["objectives"]
        ),
        (0.3, 0.28, 0.16, 0.16, 0.1),
    )


def _loads(told: Told) -> Grid:
    titles = _titles(told)
    many, hours = next(((row["many"], row["hours"]) for row in told["overload"]), (0, 0))
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
            for row in told["overload"]
            if row["most"]
        ),
        (0.16, 0.1, 0.2, 0.54),
    )


def _ranking(told: Told) -> Iterator[Block]:
    titles = told["outcome_titles"]
    moving = telling.moving(told)
    if not told["ranking"]:
        yield Paragraph("No inject fires.")
    still = len(told["ranking"]) - len(moving)
    if still:
        made = "made no difference to which outcomes came, in any run"
        yield Paragraph(f"Of {len(told['ranking'])} injects that fire, {still} {made}.")
    every = [effect["p_holm"] for row in told["ranking"] for effect in row["effects"]]
    if every and not any(p is not None and p < SURE for p in every):
        yield Paragraph(
            "No effect of an inject on an outcome can be told from luck with so many runs: read the order of the table "
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


def _ranked(row: Told, titles: Told) -> tuple[str, ...]:
    if not row["effects"]:
        return row["title"], _share(row["changes"]), "", "", ""
    effect = row["effects"][0]
    told = short(effect["estimate"], share=True, signed=True)
    span = f" ({short(effect['low'], share=True)} to {short(effect['high'], share=True)})"
    p = "" if effect["p_holm"] is None else "< 0.001" if effect["p_holm"] < 0.001 else f"{effect['p_holm']:.3f}"
    return row["title"], _share(row["changes"]), titles.get(effect["outcome"], effect["outcome"]), told + span, p
