"""A rehearsal: what to correct before STARTEX, then the tables, for terminals and reports.

Its file is `rehearsal.json`, alone in a folder or beside a batch of the same scenario.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from wargame.batches.api import Batch
from wargame.batches.study.catalogue import REHEARSAL
from wargame.document.blocks import Block, Code, Heading, Paragraph
from wargame.document.formatting import estimate
from wargame.errors import Invalid, UsageFault, shortened
from wargame.evidence.rehearsal.rehearsal import Rehearsal
from wargame.executor.campaign import failure_notes
from wargame.journal.atomic import encode_json, write_whole
from wargame.journal.decoding import Undecodable, check_shape, decode, shape
from wargame.journal.inputs import LARGE, read_input
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import count
from wargame.review.reports.laid_out import blocks_of
from wargame.scenario.loading.load import Loaded
from wargame.tables import tables

SURE = 0.05
MATTER = 15
"""Injects of the ranking that are listed."""
AFTER = "its time was after ENDEX"
"""The reason of injects that are scheduled after the end of the rehearsal."""
PLURAL: Mapping[str, str] = tables("review/words.yaml")["plural"]
"""Reasons in the plural, for several injects."""
Data = Mapping[str, Any]
"""A rehearsal as in its JSON file, or a row of it."""


def rehearsal_report(folder: Path) -> list[Block]:
    """Return the report of a rehearsal alone."""
    return list(sections(read(folder), 2, alone=True))


def rehearsal_summary(data: Data) -> list[Block]:
    """Return a rehearsal on a terminal."""
    return list(sections(data, 2, brief=True, alone=True))


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


def sections(data: Data, level: int, *, brief: bool = False, alone: bool = False) -> Iterator[Block]:
    """Yield what to correct first, then the tables; with `alone`, also what it is and how to repeat it.

    The brief form for terminals names injects by their ids, and has no tables that are empty or whose gaps are listed
    first.
    """
    firing = (row for row in data["injects"] if not row["never"])
    found = [effect["p_holm"] for row in data["ranking"] for effect in row["effects"]]
    yield from blocks_of(
        "rehearsal.txt.j2",
        {"command": [Code(str(data.get("command")))]},
        **data,
        **_words(data),
        head="#" * level,
        alone=alone,
        brief=brief,
        ran=_runs(data),
        points=_points(data),
        shown={} if brief else _titles(data),
        firing=sorted(firing, key=lambda row: row["days"]["median"]),
        called=[row for row in data["expected"] if row["called"]],
        moving=[row for row in data["ranking"] if row["changes"]["estimate"]],
        unsure=found and not any(p is not None and p < SURE for p in found),
        most=MATTER,
        day=lambda days: "" if days is None else f"{days:.0f}",
        either=lambda options: " or ".join(data["option_titles"].get(each, each) for each in options),
    )


def _points(data: Data) -> tuple[str, ...]:
    """Return what to correct."""
    groups: dict[str, list[str]] = {}
    for row in data["injects"]:
        why = _why_never(row)
        if row["never"] and why != AFTER:
            condition = f" ({row['condition']})" if row["condition"] and "condition" in why else ""
            groups.setdefault(why, []).append(f"{row['title']}{condition}")
    return paragraphs(
        "wargame.review",
        "rehearsal_points.txt.j2",
        **data,
        **_words(data),
        notes=failure_notes(row | {"condition": _script(row.get("without"))} for row in data["failures"]),
        never=sorted(groups.items(), key=lambda item: (len(item[1]), item[0])),
        plural=PLURAL,
        after=sum(row["never"] and _why_never(row) == AFTER for row in data["injects"]),
        titles=_titles(data),
        count=count,
    )


def _words(data: Data) -> dict[str, Any]:
    """Return how templates write an estimate, and a list of injects."""
    titles = _titles(data)
    return {
        "estimate": partial(estimate, share=True),
        "listed": lambda injects: "; ".join(titles.get(name, name) for name in injects),
    }


def _why_never(row: Data) -> str:
    return "; ".join(each["reason"] for each in row["reasons"]) or "no reason is known"


def _script(without: str | None) -> str:
    return "the whole script" if without is None else f"the script without '{without}'"


def _titles(data: Data) -> dict[str, str]:
    return {row["inject"]: row["title"] for row in data["injects"]}


# --- its file --------------------------------------------------------------------------------------------------------


def _check_share(row: Any) -> None:
    """Raise ValueError if an estimate has no interval."""
    if row.estimate is not None and (row.low is None or row.high is None):
        raise ValueError("an estimate lacks its interval")


def _check_inject(row: Any) -> None:
    """Raise ValueError if an inject fires but not on any day."""
    _check_share(row)
    if not row.never and row.days is None:
        raise ValueError("an inject that fires lacks its days")


REHEARSED = shape(tables("review/shapes.yaml")["rehearsal"], share=_check_share, inject=_check_inject)
"""The whole file."""
FORMAT = "wargame-rehearsal/1"
REMEDY = "run wargame rehearse again with --out, or remove the file"


def write(folder: Path, rehearsal: Rehearsal, loaded: Loaded, command: str) -> Path:
    """Write a rehearsal into a folder, and create the folder if needed. Raises UsageFault if that fails."""
    path = folder / REHEARSAL
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, encode_json(as_data(rehearsal, loaded, command)))
    except OSError as error:
        raise UsageFault(f"cannot write {path}: {error.strerror}; choose another place with --out DIR") from None
    return path


def as_data(rehearsal: Rehearsal, loaded: Loaded, command: str = "") -> dict[str, Any]:
    """Return a rehearsal with the scenario that it rehearsed, as it is stored."""
    head = {
        "format": FORMAT,
        "scenario": loaded.scenario.name,
        "title": loaded.scenario.title,
        "scenario_sha256": loaded.scenario_sha256,
        "injects_sha256": loaded.injects_sha256,
        "command": command,
        "governments": {name: spec.name for name, spec in sorted(loaded.scenario.governments.items())},
        "option_titles": {name: spec.title for name, spec in sorted(loaded.scenario.options.items())},
        "outcome_titles": {name: spec.title for name, spec in sorted(loaded.scenario.outcomes.items())},
    }
    return head | asdict(rehearsal)


def written_at(folder: Path) -> str:
    """Return when a rehearsal was written, an ISO time."""
    return datetime.fromtimestamp((folder / REHEARSAL).stat().st_mtime, UTC).isoformat()


def read(folder: Path) -> dict[str, Any]:
    """Return the data of the file. Raises Invalid if the file is not a rehearsal."""
    path = folder / REHEARSAL
    try:
        data = decode(read_input(path, LARGE), dict[str, Any])
    except FileNotFoundError:
        remedy = "give the folder that wargame rehearse --out has written"
        raise Invalid.in_file(folder, "there is no rehearsal in this folder", remedy) from None
    except (OSError, Undecodable) as error:
        raise Invalid.in_file(path, f"cannot be read as a rehearsal: {error}", REMEDY) from None
    try:
        if check_shape(data, REHEARSED).format == FORMAT:
            return data
        reason = f"its format is '{shortened(str(data['format']), 40)}'"
    except Undecodable as error:
        reason = str(error)
    raise Invalid.in_file(path, f"this is not a complete rehearsal of the format {FORMAT}: {reason}", REMEDY)
