"""Lessons of a series of exercises: corrective actions with their state, repeated findings, ratings over time."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import yaml
from yaml.nodes import MappingNode

from wargame.dataclasses import dataclass, replace
from wargame.errors import Invalid, Problem, UsageFault
from wargame.journal.folder import folders
from wargame.language.plain_text import clean
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import FILE, merged, plan_rows, rating, read_notes
from wargame.review.findings.source import open_run
from wargame.scenario.building.yaml_nodes import fault, read, value_of

STATES = ("overdue", "open", "in progress", "done", "cancelled")
"""The states of a corrective action, in the order in which they are listed."""
UNDONE = STATES[:3]
FOLLOW_UP = "follow_up"
"""The objective of an exercise file with the corrective actions of earlier exercises."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """The exercises of a series in order of time, and what they show together.

    `actions` are the rows of their improvement plans, each with `exercise`, `conducted`, `state` and its records, the
    `evidence`. `repeated` are areas for improvement of more than one exercise. `ratings` are by objective and exercise.
    """

    exercises: Mapping[str, str]
    """Titles by the names of run folders."""
    actions: tuple[Row, ...]
    repeated: tuple[Row, ...]
    ratings: Mapping[str, Mapping[str, str]]


def lessons(top: Path, on: date) -> Lessons:
    """Return the lessons of the exercises in a folder that have a `review.yaml`; `on` decides what is overdue.

    Raises UsageFault if there are none, and Invalid with the problems of a file.
    """
    reviewed = [folder for folder in folders(top) if (folder.path / FILE).exists()]
    if not reviewed:
        raise UsageFault(f"no exercise in {top}/ has a {FILE} (wargame report RUN writes one, to be edited)")
    titles, actions, areas, ratings = dict[str, str](), list[Row](), list[Row](), dict[str, dict[str, str]]()
    for folder in sorted(reviewed, key=lambda each: each.manifest().started):
        findings, name = Findings(open_run(folder)), folder.name
        notes, titles[name] = read_notes(findings), findings.summary.title
        observations = merged(findings, notes)
        plan = plan_rows(findings, notes, observations)
        here = {"exercise": name, "conducted": folder.manifest().started[:10]}
        actions += [here | row | {"state": _state(row, on)} for row in plan]
        drafts = plan_rows(findings, replace(notes, plan=()), observations)
        areas += [here | row for row in (*drafts, *(row for row in plan if not row["observation"]))]
        for row in findings.objectives:
            if letter := rating(row, notes):
                ratings.setdefault(str(row["title"]), {})[name] = letter
    actions.sort(key=lambda each: (STATES.index(each["state"]), each["completion"] or "9999"))
    return Lessons(titles, tuple(actions), tuple(_repeated(areas)), ratings)


def _state(row: Row, on: date) -> str:
    status = row["status"] or "open"
    due = row["completion"] and date.fromisoformat(row["completion"]) < on
    return "overdue" if due and status in UNDONE else status


def _repeated(areas: list[Row]) -> Iterator[Row]:
    """Yield the areas of more than one exercise, each with what it is `about`: its capability, else its text."""
    same: dict[str, list[Row]] = {}
    for row in areas:
        row["about"] = row["capability"] or row["issue"]
        same.setdefault(" ".join(re.findall(r"\w+", row["about"].casefold())), []).append(row)
    often = {key: len({row["exercise"] for row in rows}) for key, rows in same.items()}
    for key in sorted(same, key=lambda key: -often[key]):
        yield from same[key] if often[key] > 1 else ()


def following(label: str, exercise: bytes, found: Lessons) -> bytes:
    """Return an exercise file in which the actions that are not done are measures of an objective.

    It replaces the one of an earlier series. Raises Invalid if the file, called `label`, cannot be read.
    """
    problems: list[Problem] = []
    objectives = value_of(read(label, exercise, problems), "objectives")
    if isinstance(objectives, MappingNode) and objectives.flow_style and objectives.value:
        problems.append(fault(objectives, "no objective can be added between braces", "write one objective a line"))
    if problems:
        raise Invalid(problems)
    lines, inside = exercise.decode().splitlines(), objectives.value if isinstance(objectives, MappingNode) else []
    if not inside:
        lines = [line for line in lines if not line.startswith("objectives:")] + ["objectives:"]
    at, indent = (inside[0][0].start_mark.line, inside[0][0].start_mark.column) if inside else (len(lines), 2)
    for old, value in inside:
        if old.value == FOLLOW_UP:
            at = old.start_mark.line
            del lines[at : value.end_mark.line]
    measures = [_measure(row) for row in found.actions if row["state"] in UNDONE]
    objective = {FOLLOW_UP: {"title": "Corrective actions of earlier exercises", "measures": measures}}
    written = yaml.safe_dump(objective, allow_unicode=True, sort_keys=False, width=100) if measures else ""
    lines[at:at] = [" " * indent + line for line in written.splitlines()]
    return "\n".join([*lines, ""]).encode()


def _measure(row: Row) -> dict[str, str]:
    since = f"{row['state']} since {row['exercise']}{''.join(f' #{seq}' for seq in row['evidence'])}"
    whose = f"; {row['responsible']}" if row["responsible"] else ""
    title = f"{row['corrective_action'] or 'Decide what is to be done'} ({since}{whose})"
    texts = {"task": row["capability"], "title": title, "standard": f"does not occur again: {row['issue']}"}
    return {key: clean(text) for key, text in texts.items() if text}
