"""The reviewer's text: `review.yaml` in the run folder.

The file is written once, with the drafts as comments, and never changed again. Text of the reviewer replaces the draft;
where it is empty, the draft is used.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Invalid, Problem, UsageFault, nearest, shortened
from wargame.journal.atomic import write_whole
from wargame.journal.inputs import read_input
from wargame.journal.records.run import RATINGS
from wargame.journal.template_cache import environment
from wargame.journal.wording import count
from wargame.language.plain_text import clean
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import Observation
from wargame.scenario.building.yaml_nodes import fault, keys, read, text, value_of
from wargame.scenario.model.injects import Objective

FILE = "review.yaml"
FORMAT = "wargame-review/1"
PARTS = ("observation", "discussion", "root_cause", "conclusion", "recommendation")
PLAN = (
    *("capability", "issue", "corrective_action", "capability_element"),
    *("responsible", "contact", "start", "completion", "status"),
)
"""Columns of the improvement plan, as HSEEP has them."""
STATUS = ("open", "in progress", "done", "cancelled")
"""The values of the status of a corrective action; one without a status is open."""
SENTENCES = 3
"""The number of sentences about lessons on the first page."""
TOP = (
    *("format", "overview", "learned", "ratings", "conclusions"),
    *("observations", "more_observations", "improvement_plan"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerNotes:
    """The text of a reviewer; empty where there is none."""

    overview: str = ""
    learned: tuple[str, ...] = ()
    ratings: dict[str, str] = field(default_factory=dict)
    conclusions: dict[str, str] = field(default_factory=dict)
    """The reason for the rating of an objective."""
    observations: dict[str, dict[str, Any]] = field(default_factory=dict)
    more: tuple[dict[str, Any], ...] = ()
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
        raise Invalid.in_file(path, f"cannot be read: {error.strerror}") from None


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
    node = nodes.get("learned")
    if not isinstance(node, SequenceNode | None) and text(node).strip():
        problems.append(fault(node, "this must be a list of sentences", "begin each sentence with a dash"))
    ratings = {name: (value, text(value).strip()) for name, (_, value) in keys(nodes.get("ratings")).items()}
    for value, rating in ratings.values():
        if rating and rating not in RATINGS:
            remedy = f"one of {', '.join(RATINGS)}, or empty"
            problems.append(fault(value, f"'{shortened(rating, 20)}' is not a rating", remedy))
    return ReviewerNotes(
        overview=text(nodes.get("overview")).strip(),
        learned=tuple(sentence for each in _entries(node) if (sentence := text(each).strip())),
        ratings={name: rating for name, (_, rating) in ratings.items() if rating},
        conclusions=_texts(nodes["conclusions"], None, problems) if "conclusions" in nodes else {},
        observations={
            name: _texts(value, PARTS, problems) for name, (_, value) in keys(nodes.get("observations")).items()
        },
        more=_list(nodes.get("more_observations"), ("objective", "who", *PARTS), problems),
        plan=_plan(nodes.get("improvement_plan"), problems),
    )


def _check_names(findings: Findings, root: MappingNode, problems: list[Problem]) -> None:
    top = {name: value for name, (_, value) in keys(root).items()}
    named = [str(row["objective"]) for row in findings.objectives]
    drafted = [draft.id for draft in findings.observations]
    own = "write additional observations in `more_observations`"
    for part, known, what, remedy in (
        ("ratings", named, "objective", f"objectives: {', '.join(named) or 'none'}"),
        ("conclusions", named, "objective", f"objectives: {', '.join(named) or 'none'}"),
        ("observations", drafted, "drafted observation", own),
    ):
        for name, (key, entry) in keys(top.get(part)).items():
            if name not in known and not _is_empty(entry):  # a draft may be gone after a rating
                problems.append(fault(key, f"there is no {what} '{shortened(name)}'", nearest(name, known) or remedy))
    more, plan = (_entries(top.get(part)) for part in ("more_observations", "improvement_plan"))
    for number, entry in enumerate(more, 1):
        drafted.append(f"added-{number}")
        _check_name(entry, "objective", "objective", named, problems)
        _check_name(entry, "who", "government", list(findings.source.governments), problems)
    for entry in plan:
        if any(text(value).strip() for name, (_, value) in keys(entry).items() if name != "observation"):
            _check_name(entry, "observation", "observation", drafted, problems)


def _entries(node: Node | None) -> list[Node]:
    return node.value if isinstance(node, SequenceNode) else []


def _check_name(entry: Node, key: str, what: str, known: Sequence[str], problems: list[Problem]) -> None:
    value = value_of(entry, key)
    given = text(value).strip()
    if value is not None and given and given not in known:
        hint = nearest(given, known) or f"one of {', '.join(known)}, or empty"
        problems.append(fault(value, f"there is no {what} '{shortened(given)}'", hint))


def _is_empty(value: Node) -> bool:
    """Return whether an entry has no text that could be lost."""
    if isinstance(value, MappingNode):
        return all(isinstance(each, ScalarNode) and not text(each).strip() for _, each in keys(value).values())
    return isinstance(value, ScalarNode) and not text(value).strip()


def _known(entries: dict[str, tuple[Node, Node]], allowed: Collection[str], problems: list[Problem]) -> None:
    for name, (key, _) in entries.items():
        if name not in allowed:
            hint = nearest(name, allowed) or f"keys here: {', '.join(allowed)}"
            problems.append(fault(key, f"unknown key '{shortened(name)}'", hint))


def _plan(node: Node | None, problems: list[Problem]) -> tuple[dict[str, str], ...]:
    """Return the rows of the plan; a date or a status that a series of exercises could not use is a problem."""
    for entry in _entries(node):
        for name, (_, value) in keys(entry).items():
            given = text(value).strip()
            if given and name == "status" and given not in STATUS:
                hint = nearest(given, STATUS) or f"one of {', '.join(STATUS)}, or empty"
                problems.append(fault(value, f"'{shortened(given)}' is not a status", hint))
            if given and name in ("start", "completion") and not _is_date(given):
                problems.append(fault(value, f"'{shortened(given)}' is not a date", "write it as 2031-03-31"))
    return _list(node, ("observation", *PLAN), problems)


def _is_date(given: str) -> bool:
    try:
        return bool(date.fromisoformat(given))
    except ValueError:
        return False


def _texts(node: Node, names: tuple[str, ...] | None, problems: list[Problem]) -> dict[str, str]:
    """Return the texts of a mapping that are not empty; without `names` it may have any keys."""
    if isinstance(node, ScalarNode) and not text(node).strip():
        return {}
    if not isinstance(node, MappingNode):
        hint = f"keys here: {', '.join(names)}" if names else "write KEY: TEXT"
        problems.append(fault(node, "this must be a mapping of keys to texts", hint))
        return {}
    entries = keys(node)
    _known(entries, entries if names is None else names, problems)
    return {name: written for name, (_, value) in entries.items() if (written := text(value).strip())}


def _list(node: Node | None, names: tuple[str, ...], problems: list[Problem]) -> tuple[dict[str, str], ...]:
    if node is None or (isinstance(node, ScalarNode) and not text(node).strip()):
        return ()
    if not isinstance(node, SequenceNode):
        problems.append(fault(node, "this must be a list", "begin each entry with a dash"))
        return ()
    entries = (_texts(item, names, problems) for item in node.value)
    return tuple(entry for entry in entries if entry)


def merged(findings: Findings, notes: ReviewerNotes) -> list[Observation]:
    """Return all observations: drafts, with the reviewer's text where there is any, then the reviewer's."""
    drafted = [replace(draft, **notes.observations.get(draft.id, {})) for draft in findings.observations]
    return drafted + [replace(Observation(f"added-{n}"), **entry) for n, entry in enumerate(notes.more, 1)]


def plan_rows(findings: Findings, notes: ReviewerNotes, observations: Sequence[Observation]) -> list[dict[str, Any]]:
    """Return the improvement plan: the reviewer's rows, or a draft with one row for each area for improvement.

    What a row of the reviewer leaves empty comes from its `observation`, and so does its `evidence`, with the records
    that its texts name as `[#12]`.
    """
    scenario = findings.source.scenario
    known = scenario.objectives if scenario else {}
    drafts = {each.id: _draft_row(each, known.get(each.objective)) for each in observations}
    written = any(row.keys() - {"observation"} for row in notes.plan)
    areas = [{"observation": each.id} for each in observations if not each.sustain]
    rows = [_EMPTY | drafts.get(row.get("observation", ""), {}) | row for row in (notes.plan if written else areas)]
    return [row | {"evidence": _named(row)} for row in rows]


_EMPTY: dict[str, Any] = dict.fromkeys(("observation", *PLAN), "") | {"evidence": ()}


def _draft_row(observation: Observation, objective: Objective | None) -> dict[str, Any]:
    return {
        "capability": (objective.capability or objective.title) if objective else "",
        "issue": observation.conclusion or observation.observation,
        "corrective_action": observation.recommendation,
        "evidence": observation.evidence,
    }


def _named(row: Mapping[str, Any]) -> tuple[int, ...]:
    named = (int(seq) for column in PLAN for seq in re.findall(r"\[#(\d+)\]", row[column]))
    return tuple(dict.fromkeys([*row["evidence"], *named]))


LOWEST = ", the lowest rating of "
"""What a drafted sentence says of the objective with the lowest rating, among several."""


def learned(findings: Findings, notes: ReviewerNotes, observations: Sequence[Observation]) -> list[str]:
    """Return what was learned: the sentences of the reviewer, or a draft from observations and the lowest rating.

    What a person noted comes before what was found in the journal.
    """
    if notes.learned:
        return list(notes.learned)
    noted = sorted(observations, key=lambda each: not is_noted(each.id))
    first = {each.sustain: each.conclusion or each.observation for each in reversed(noted)}
    rated = {row["title"]: letter for row in findings.objectives if (letter := rating(row, notes))}
    lowest = max(rated, key=lambda title: list(RATINGS).index(rated[title]), default="")
    others = f"{LOWEST}{count(len(rated), 'objective')}" if len(rated) > 1 else ""
    return [
        *([f"To sustain: {first[True]}"] if True in first else []),
        *([f"To improve: {first[False]}"] if False in first else []),
        *([f"{lowest}: {RATINGS[rated[lowest]]}{others}."] if lowest else []),
    ]


def is_noted(name: str) -> bool:
    """Return whether a person noted the observation of this id; others are found in the journal."""
    return name.startswith(("note-", "added-"))


def rating(row: Mapping[str, Any], notes: ReviewerNotes) -> str:
    """Return the rating of an objective: the reviewer's, else the last one of the exercise, else the draft."""
    return notes.ratings.get(row["objective"], "") or row["recorded"] or row["rating"]


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
    templates = environment("wargame.review", "templates", autoescape=False, keep_trailing_newline=True)
    templates.filters["clean"] = clean  # on one line, without characters that YAML forbids even in comments
    drafts = learned(findings, ReviewerNotes(), merged(findings, ReviewerNotes()))
    return templates.get_template("review.yaml.j2").render(
        format=FORMAT,
        learned=[*drafts, *[""] * SENTENCES][:SENTENCES],
        ratings="; ".join(f"{letter}: {meaning}" for letter, meaning in RATINGS.items()),
        objectives=findings.objectives,
        drafts=findings.observations,
        areas=[draft for draft in findings.observations if not draft.sustain],
        parts=PARTS,
        plan=PLAN,
        status=STATUS,
    )
