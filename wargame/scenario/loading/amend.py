"""Injects added or changed during an exercise, with the same checks as those in files."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.dataclasses import dataclass, replace
from wargame.errors import Invalid, Problem, nearest, shortened
from wargame.scenario.building.attachments import frozen
from wargame.scenario.building.build import plan
from wargame.scenario.building.draft import Draft, draft
from wargame.scenario.building.merge import trees
from wargame.scenario.building.yaml_nodes import Format, elements, keys, read, text, value_of
from wargame.scenario.checks import check
from wargame.scenario.loading.catalogue import AttachedFiles
from wargame.scenario.model import Inject

TRIGGERS = Inject.ONE_OF
NEW = "inject"
"""The name under which problems of new injects are reported; their places are those in the text that was written."""
CHANGE = "edit"
"""The name under which problems of a changed field are reported."""
_ABOVE, _BEFORE = 1, 2
"""Lines and columns that are put around a text before it is read."""
PLAIN = (
    "title", "storyline", "at", "when", "provided", "until", "group", "channel", "sender", "subject", "message",
    "notes",
)  # fmt: skip
"""Fields whose new value is taken literally, without YAML quotes."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A new value for one field of an inject; with an empty `field`, new injects as YAML."""

    inject: str
    field: str
    value: str


def amend(files: Mapping[str, bytes], edits: Sequence[Edit]) -> dict[str, Inject]:
    """Return all injects by id after the edits, applied in order; Invalid with all problems."""
    return {inject.id: inject for inject in _amended(tuple(sorted(files.items())), tuple(edits)).played}


def amended_items(files: Mapping[str, bytes], edits: Sequence[Edit]) -> dict[str, Node]:
    """Return the injects after the edits by id, as they would be written."""
    amended = _amended(tuple(sorted(files.items())), tuple(edits))
    return {inject.id: amended.inject_nodes[inject.id] for inject in amended.played}


@lru_cache(maxsize=4)
def _amended(files: tuple[tuple[str, bytes], ...], edits: tuple[Edit, ...]) -> Draft:
    problems: list[Problem] = []
    parsed = trees(list(files), problems)
    scripts = list(parsed.scripts)
    for number, edit in enumerate(edits, start=1):
        if edit.field:
            _change(scripts, edit, problems)
        else:
            label = f"{NEW} {number}"
            items = _items(edit.value, label, problems)
            for item in items:  # new injects without a trigger are manual
                if isinstance(item, MappingNode) and not set(TRIGGERS) & set(keys(item)):
                    item.value.append((_scalar("manual", item), _scalar("true", item)))
            name = text(keys(parsed.scenario)["name"][1])
            root = read(label, f"format: {Format.INJECTS}\nscenario: {name}\ninjects: []\n".encode(), problems)
            assert root is not None
            place = items[0] if items else root
            listed = SequenceNode("tag:yaml.org,2002:seq", items, place.start_mark, place.end_mark)
            root.value = [(key, listed if text(key) == "injects" else value) for key, value in root.value]
            scripts.append(root)
    if problems:
        raise Invalid(map(_as_written, problems))
    amended = draft(replace(parsed, scripts=tuple(scripts)), problems, frozen(dict(files)))
    check(amended)
    if problems:
        raise Invalid(map(_as_written, problems))
    return amended


def _as_written(problem: Problem) -> Problem:
    """Return a problem with its place in the text that a person wrote; one of a changed field has none."""
    if problem.file == CHANGE:
        return replace(problem, line=0, column=0)
    if problem.file.partition(" ")[0] != NEW:
        return problem
    return replace(problem, file=NEW, line=max(problem.line - _ABOVE, 1), column=max(problem.column - _BEFORE, 1))


def new_ids(written: str) -> list[str]:
    """Return the ids of the injects in a YAML snippet, a list or an inject file; Invalid for other texts."""
    problems: list[Problem] = []
    items = _items(written, NEW, problems)
    if problems or not items or not all(isinstance(item, MappingNode) for item in items):
        none = "there is no inject in this text (write YAML with id, title and a trigger)"
        raise Invalid(map(_as_written, problems) if problems else none)
    return [text(value_of(item, "id")) for item in items]


def written_values(written: str) -> list[tuple[str, int, int, str]]:
    """Return (key, line, column, text) of values in the YAML of new injects, from 0; elements have their list's key."""
    values: list[tuple[str, int, int, str]] = []

    def visit(key: str, node: Node) -> None:
        if isinstance(node, MappingNode):
            for inner, value in node.value:
                visit(text(inner), value)
        elif isinstance(node, SequenceNode):
            for element in node.value:
                visit(key, element)
        else:
            values.append((key, node.start_mark.line - _ABOVE, node.start_mark.column - _BEFORE, text(node)))

    for item in _items(written, NEW, []):
        visit("", item)
    return values


def _items(written: str, label: str, problems: list[Problem]) -> list[Node]:
    """Return the nodes of one mapping, a list of mappings, or a whole inject file."""
    indented = "\n".join(f"  {line}" for line in written.strip("\n").splitlines())
    node = value_of(read(label, f"injects:\n{indented}\n".encode(), problems), "injects")
    node = value_of(node, "injects") or node
    return list(node.value) if isinstance(node, SequenceNode) else [] if node is None else [node]


def _scalar(value: str, near: Node) -> ScalarNode:
    return ScalarNode("tag:yaml.org,2002:str", value, near.start_mark, near.end_mark)


def _change(scripts: list[MappingNode], edit: Edit, problems: list[Problem]) -> None:
    """Replace the value of one field before anything is built."""
    known = [name for name in plan(Inject)[0] if name != "id"]
    if edit.field not in known:
        remedy = nearest(edit.field, known) or f"fields: {', '.join(known)}"
        problems.append(Problem(CHANGE, 0, 0, f"an inject has no field '{shortened(edit.field)}'", remedy))
        return
    root = read(CHANGE, f"{edit.field}: {'x' if edit.field in PLAIN else edit.value}\n".encode(), problems)
    if root is None:
        return
    entry = (root.value[0][0], _scalar(edit.value, root) if edit.field in PLAIN else root.value[0][1])
    for script in scripts:
        for item in elements(script, "injects"):
            if isinstance(item, MappingNode) and text(value_of(item, "id")) == edit.inject:
                dropped = set(TRIGGERS) if edit.field in TRIGGERS else {edit.field}
                item.value = [*((key, value) for key, value in item.value if text(key) not in dropped), entry]


def script_problems(
    files: Mapping[str, bytes], script: MappingNode, folder: Path | None, instead_of: Collection[str] = ()
) -> list[Problem]:
    """Return the problems of a scenario with one more inject file, or with a new version of the files `instead_of`.

    `folder` is that of the inject file, which has its attachments; without a folder, they are among the files.
    """
    problems: list[Problem] = []
    parsed = trees([(name, data) for name, data in sorted(files.items()) if name not in instead_of], problems)
    find = AttachedFiles({script.start_mark.name: folder}, frozen(files)) if folder else frozen(files)
    check(draft(replace(parsed, scripts=(*parsed.scripts, script)), problems, find))
    return sorted(set(problems))
