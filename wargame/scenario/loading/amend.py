"""Injects written or changed while an exercise runs, checked exactly as those of the files are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import Invalid, Problem, nearest
from wargame.language.old_words import replacement
from wargame.scenario.building.build import plan
from wargame.scenario.building.draft import draft
from wargame.scenario.building.merge import Trees, trees
from wargame.scenario.building.yaml_nodes import INJECTS_FORMAT, keys, read, text
from wargame.scenario.checks import check
from wargame.scenario.model import Inject

TRIGGERS = ("at", "after", "when", "random", "manual")
PLAIN = ("title", "storyline", "at", "when", "provided", "until", "group", "channel", "sender", "message", "notes")
"""Fields whose new value is the text as it stands, so that nobody needs YAML's quotes."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of an inject, or a list of injects as YAML where `field` is empty."""

    inject: str
    field: str
    value: str


def amend(files: Mapping[str, bytes], edits: Sequence[Edit]) -> dict[str, Inject]:
    """All injects by id as they are after the edits, applied in order; Invalid with every problem they bring."""
    return dict(_amended(tuple(sorted(files.items())), tuple(edits)))


@lru_cache(maxsize=4)
def _amended(files: tuple[tuple[str, bytes], ...], edits: tuple[Edit, ...]) -> dict[str, Inject]:
    problems: list[Problem] = []
    found = trees(list(files), problems)
    scripts = list(found.scripts)
    for number, edit in enumerate(edits, start=1):
        if edit.field:
            _change(scripts, edit, problems)
        else:
            scripts.append(_more(edit.value, f"ad hoc {number}", found, problems))
    if problems:
        raise Invalid(problems)
    made = draft(Trees(found.scenario, tuple(scripts)), problems)
    check(made)
    if problems:
        raise Invalid(problems)
    return {inject.id: inject for inject in made.injects}


def new_ids(written: str) -> list[str]:
    """The ids of the injects in a YAML snippet, a list of them or a file; Invalid if it is none of these."""
    problems: list[Problem] = []
    items = _items(written, "ad hoc", problems)
    if problems or not items or not all(isinstance(item, MappingNode) for item in items):
        raise Invalid(problems or "there is no inject in this text (write it as YAML: id, title, a trigger)")
    return [text(keys(item)["id"][1]) if "id" in keys(item) else "" for item in items]


def _items(written: str, label: str, problems: list[Problem]) -> list[Node]:
    """One mapping, a list of them, or a whole inject file."""
    indented = "\n".join(f"  {line}" for line in written.strip("\n").splitlines())
    root = read(label, f"injects:\n{indented}\n".encode(), problems)
    node = keys(root)["injects"][1] if root is not None and "injects" in keys(root) else None
    inside = keys(node).get("injects")
    node = inside[1] if inside else node
    return list(node.value) if isinstance(node, SequenceNode) else [] if node is None else [node]


def _more(written: str, label: str, found: Trees, problems: list[Problem]) -> MappingNode:
    """A script of its own for injects that were written during the exercise; without a trigger they are manual."""
    items = _items(written, label, problems)
    for item in items:
        if isinstance(item, MappingNode) and not set(TRIGGERS) & set(keys(item)):
            item.value.append((_scalar("manual", item), _scalar("true", item)))
    name = text(keys(found.scenario)["name"][1])
    root = read(label, f"format: {INJECTS_FORMAT}\nscenario: {name}\ninjects: []\n".encode(), problems)
    assert root is not None
    place = items[0] if items else root
    listed = SequenceNode("tag:yaml.org,2002:seq", items, place.start_mark, place.end_mark)
    root.value = [(key, listed if text(key) == "injects" else value) for key, value in root.value]
    return root


def _scalar(value: str, near: Node) -> ScalarNode:
    return ScalarNode("tag:yaml.org,2002:str", value, near.start_mark, near.end_mark)


def _change(scripts: list[MappingNode], edit: Edit, problems: list[Problem]) -> None:
    """Puts another value in place of one field, before anything is built."""
    known = [name for name in plan(Inject)[0] if name != "id"]
    if edit.field not in known:
        remedy = nearest(replacement(edit.field) or edit.field, known) or f"fields: {', '.join(known)}"
        problems.append(Problem("edit", 0, 0, f"an inject has no field '{edit.field[:60]}'", remedy))
        return
    root = read("edit", f"{edit.field}: {'x' if edit.field in PLAIN else edit.value}\n".encode(), problems)
    if root is None:
        return
    entry = (root.value[0][0], _scalar(edit.value, root) if edit.field in PLAIN else root.value[0][1])
    for script in scripts:
        listed = keys(script).get("injects")
        for item in listed[1].value if listed and isinstance(listed[1], SequenceNode) else ():
            if isinstance(item, MappingNode) and text(keys(item).get("id", (None, None))[1]) == edit.inject:
                dropped = set(TRIGGERS) if edit.field in TRIGGERS else {edit.field}
                kept = [(key, value) for key, value in item.value if text(key) not in dropped]
                item.value = [*kept, entry]
