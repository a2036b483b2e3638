"""The reviewer's text: `review.yaml` in the run folder.

The file is written once, with the drafts as comments, and never changed again. Text of the reviewer replaces the draft;
where it is empty, the draft is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import Invalid, Problem, UsageFault, nearest, shortened
from wargame.journal.atomic import write_whole
from wargame.journal.inputs import read_input
from wargame.language.plain_text import clean
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import Observation
from wargame.scenario.building.yaml_nodes import fault, keys, read, text, value_of
from wargame.simulation.control.adjudication import RATINGS

FILE = "review.yaml"
FORMAT = "wargame-review/1"
PARTS = ("observation", "discussion", "conclusion", "recommendation")
PLAN = (
    *("capability", "issue", "corrective_action", "capability_element"),
    *("responsible", "contact", "start", "completion"),
)
"""Columns of the improvement plan, as HSEEP has them."""
TOP = ("format", "overview", "ratings", "observations", "more_observations", "improvement_plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerNotes:
    """The text of a reviewer; empty where there is none."""

    overview: str = ""
    ratings: dict[str, str] = field(default_factory=dict)
    observations: dict[str, dict[str, str]] = field(default_factory=dict)
    more: tuple[dict[str, str], ...] = ()
    plan: tuple[dict[str, str], ...] = ()


def read_notes(findings: Findings) -> ReviewerNotes:
    """Return the notes of a run folder, empty if it has none. Raises Invalid with all problems of the file.

    An unknown objective, draft or government is a problem, since its text would be lost.
    """
    path = findings.source.folder.path / FILE
    if not path.exists():
        return ReviewerNotes()
    try:
        return checked_notes(findings, str(path), read_input(path))
    except OSError as error:
        raise Invalid([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from None


def checked_notes(findings: Findings, label: str, data: bytes) -> ReviewerNotes:
    """Return the notes of a file with this name. Raises Invalid with all problems of the file."""
    problems: list[Problem] = []
    root = read(label, data, problems)
    notes = ReviewerNotes()
    if root is not None:
        notes = _notes(root, problems)
        _check_names(findings, root, problems)
    if problems:
        raise Invalid(problems)
    return notes


def _notes(root: MappingNode, problems: list[Problem]) -> ReviewerNotes:
    top = keys(root)
    _known(top, TOP, problems)
    if text(top.get("format", (None, None))[1]) != FORMAT:
        problems.append(fault(root, "`format` is missing or unknown", f"write `format: {FORMAT}`"))
    nodes = {name: value for name, (_, value) in top.items()}
    return ReviewerNotes(
        overview=text(nodes.get("overview")).strip(),
        ratings=_ratings(nodes.get("ratings"), problems),
        observations={
            name: _texts(value, PARTS, problems) for name, (_, value) in keys(nodes.get("observations")).items()
        },
        more=_list(nodes.get("more_observations"), ("objective", "who", *PARTS), problems),
        plan=_list(nodes.get("improvement_plan"), PLAN, problems),
    )


def _check_names(findings: Findings, root: MappingNode, problems: list[Problem]) -> None:
    top = {name: value for name, (_, value) in keys(root).items()}
    named = [str(row["objective"]) for row in findings.objectives]
    drafted = [draft.id for draft in findings.observations]
    own = "write additional observations in `more_observations`"
    for part, known, what, remedy in (
        ("ratings", named, "objective", f"objectives: {', '.join(named) or 'none'}"),
        ("observations", drafted, "drafted observation", own),
    ):
        for name, (key, entry) in keys(top.get(part)).items():
            if name not in known and not _is_empty(entry):  # a draft may be gone after a rating
                problems.append(fault(key, f"there is no {what} '{shortened(name)}'", nearest(name, known) or remedy))
    more = top.get("more_observations")
    for entry in more.value if isinstance(more, SequenceNode) else ():
        for name, known in (("objective", named), ("who", list(findings.source.governments))):
            value = value_of(entry, name)
            name_given = text(value).strip() if value is not None else ""
            if value is not None and name_given and name_given not in known:
                hint = nearest(name_given, known) or f"one of {', '.join(known)}, or empty"
                problems.append(
                    fault(
                        value, f"there is no {'government' if name == 'who' else name} '{shortened(name_given)}'", hint
                    )
                )


def _is_empty(value: Node) -> bool:
    """Return whether an entry has no text that could be lost."""
    if isinstance(value, MappingNode):
        return all(isinstance(each, ScalarNode) and not text(each).strip() for _, each in keys(value).values())
    return isinstance(value, ScalarNode) and not text(value).strip()


def _known(entries: dict[str, tuple[Node, Node]], names: Iterable[str], problems: list[Problem]) -> None:
    allowed = tuple(names)
    for name, (key, _) in entries.items():
        if name not in allowed:
            hint = nearest(name, allowed) or f"keys here: {', '.join(allowed)}"
            problems.append(fault(key, f"unknown key '{shortened(name)}'", hint))


def _ratings(node: Node | None, problems: list[Problem]) -> dict[str, str]:
    ratings = {name: (value, text(value).strip()) for name, (_, value) in keys(node).items()}
    for value, rating in ratings.values():
        if rating and rating not in RATINGS:
            remedy = f"one of {', '.join(RATINGS)}, or empty"
            problems.append(fault(value, f"'{shortened(rating, 20)}' is not a rating", remedy))
    return {name: rating for name, (_, rating) in ratings.items() if rating}


def _texts(node: Node, names: tuple[str, ...], problems: list[Problem]) -> dict[str, str]:
    if isinstance(node, ScalarNode) and not text(node).strip():
        return {}
    if not isinstance(node, MappingNode):
        problems.append(fault(node, "this must be a mapping of keys to texts", f"keys here: {', '.join(names)}"))
        return {}
    entries = keys(node)
    _known(entries, names, problems)
    return {name: written for name, (_, value) in entries.items() if (written := text(value).strip())}


def _list(node: Node | None, names: tuple[str, ...], problems: list[Problem]) -> tuple[dict[str, str], ...]:
    if node is None or (isinstance(node, ScalarNode) and not text(node).strip()):
        return ()
    if not isinstance(node, SequenceNode):
        problems.append(fault(node, "this must be a list", "begin each entry with a dash"))
        return ()
    entries = (_texts(item, names, problems) for item in node.value)
    return tuple(entry for entry in entries if entry)


def merged(findings: Findings, notes: ReviewerNotes) -> list[dict[str, Any]]:
    """Return all observations: drafts, with the reviewer's text where there is any, then those of the reviewer."""
    drafted = [_merge(draft, notes.observations.get(draft.id, {})) for draft in findings.observations]
    added = [
        {"id": f"added-{number}", "objective": "", "who": "", "sustain": False, "evidence": (), "edited": True}
        | dict.fromkeys(PARTS, "")
        | entry
        for number, entry in enumerate(notes.more, 1)
    ]
    return drafted + added


def _merge(draft: Observation, written: dict[str, str]) -> dict[str, Any]:
    parts = {part: written.get(part) or getattr(draft, part) for part in PARTS}
    fixed = {"id": draft.id, "objective": draft.objective, "who": draft.who, "sustain": draft.sustain}
    return {**fixed, **parts, "evidence": draft.evidence, "edited": bool(written)}


def plan_rows(
    findings: Findings, notes: ReviewerNotes, observations: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """Return the improvement plan: the reviewer's rows, or a draft with one row for each area for improvement."""
    if notes.plan:
        return [dict.fromkeys(PLAN, "") | row for row in notes.plan]
    scenario = findings.source.scenario
    known = scenario.objectives if scenario else {}
    return [
        dict.fromkeys(PLAN, "")
        | {
            "capability": known[each["objective"]].capability or known[each["objective"]].title
            if each["objective"] in known
            else "",
            "issue": each["conclusion"] or each["observation"],
            "corrective_action": each["recommendation"],
        }
        for each in observations
        if not each["sustain"]
    ]


def write_template(findings: Findings) -> Path | None:
    """Write `review.yaml` with the drafts as comments unless it exists; returns its path if it was written."""
    path = findings.source.folder.path / FILE
    if path.exists():
        return None
    try:
        write_whole(path, template(findings).encode())
    except OSError as error:
        raise UsageFault(f"cannot write {path}: {error.strerror}; a review needs room in a writable folder") from None
    return path


def template(findings: Findings) -> str:
    """Return the text of a new `review.yaml`."""
    lines = [
        "# Your text for the review of this run. It replaces the drafts, which are shown as comments. Where it is",
        "# empty, the draft is used. `wargame report` reads this file and never changes it.",
        f"format: {FORMAT}",
        "",
        "# One paragraph for the summary.",
        "overview: ''",
        "",
        f"# {'; '.join(f'{letter}: {meaning}' for letter, meaning in RATINGS.items())}.",
        "ratings:",
    ]
    rated = [f"  {row['objective']}: ''  # {_comment(row['title'])}" for row in findings.objectives]
    lines += rated or ["  {}"]
    lines += ["", "observations:"]
    drafted = findings.observations
    for draft in drafted:
        lines.append(f"  {draft.id}:")
        for part in PARTS:
            lines += [f"    # {_comment(getattr(draft, part))}"] if getattr(draft, part) else []
            lines.append(f"    {part}: ''")
    lines += [] if drafted else ["  {}"]
    lines += ["", f"# Additional observations, each with: objective, who, {', '.join(PARTS)}.", "more_observations: []"]
    lines += ["", f"# Rows of the improvement plan, each with: {', '.join(PLAN)}.", "improvement_plan: []", ""]
    return "\n".join(lines)


def _comment(words: str) -> str:
    """Return a text as a comment: on one line, without characters that YAML forbids even there."""
    return clean(words)
