"""Reads YAML files into nodes with line and column; malformed or hostile files are reported as problems.

All scalars stay text: the implicit types of YAML 1.1 (`NO`, `on`, `12:30`, dates) do not apply, and `build` reads each
value by the type of its field. Tags are never resolved.
"""

from enum import StrEnum
from io import BytesIO

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import Problem, is_newer, nearest, newer, shortened
from wargame.tables import tables

MOST_BYTES = 2_000_000
MOST_NODES = 200_000
MOST_DEPTH = 40
MOST_EXPANDED = 10_000
"""Maximum number of nodes repeated by the aliases of one file."""


class Format(StrEnum):
    """The format that the first line of a file states."""

    SCENARIO = "wargame-scenario/1"
    INJECTS = "wargame-injects/1"
    OVERLAY = "wargame-overlay/1"
    EXERCISE = "wargame-exercise/1"


FORMATS = tuple(Format)
OTHERS = ("wargame-study/1", "wargame-review/1")
"""Formats of files that may lie beside a scenario and are no part of it."""

_TAGS = {
    ScalarNode: "tag:yaml.org,2002:str",
    MappingNode: "tag:yaml.org,2002:map",
    SequenceNode: "tag:yaml.org,2002:seq",
}
_PLAIN_TAGS = frozenset(_TAGS.values())


REMEDIES = "scenario/building/syntax.yaml"
"""Remedies by the message of the parser; read only after an error."""


class _TooMuch(Exception):
    """The file exceeds the limits on depth or size; `near` is the last node read."""

    def __init__(self, message: str, near: Node | None) -> None:
        super().__init__(message)
        self.near = near


class _Loader(yaml.CSafeLoader):
    """Composes nodes without resolving scalars and stops at the limits."""

    def __init__(self, stream: BytesIO) -> None:
        super().__init__(stream)
        self.depth = 0
        self.count = 0

    def descend_resolver(self, current_node: Node | None, current_index: object) -> None:  # noqa: ARG002 - PyYAML's hook
        self.depth += 1
        self.count += 1
        if self.depth > MOST_DEPTH:
            raise _TooMuch(f"is nested deeper than {MOST_DEPTH} levels", current_node)
        if self.count > MOST_NODES:
            raise _TooMuch(f"has more than {MOST_NODES:,} values", current_node)

    def ascend_resolver(self) -> None:
        self.depth -= 1

    def resolve(self, kind: type[Node], value: object, implicit: object) -> str:  # noqa: ARG002 - PyYAML's hook
        return _TAGS[kind]


def fault(node: Node, message: str, remedy: str = "", *, column: int = 1) -> Problem:
    """Return a problem at the first character of `node`, or at a column of its text if that is on one line."""
    mark, within = node.start_mark, 0
    if column > 1 and mark.line == node.end_mark.line:  # a node that is still being read has no end
        within = column - 1 + bool(getattr(node, "style", ""))
    return Problem(mark.name, mark.line + 1, mark.column + 1 + within, message, remedy)


def read(label: str, data: bytes, problems: list[Problem]) -> MappingNode | None:
    """Return the top mapping of a file shown as `label`, or None with the reason added to `problems`."""
    if problem := _unreadable(label, data):
        problems.append(problem)
        return None
    stream = BytesIO(data)
    stream.name = label  # for the marks of nodes
    loader = _Loader(stream)
    try:
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        problems.append(_syntax(label, data, error))
        return None
    except _TooMuch as error:
        message, remedy = f"the file {error}", "split the file, or nest it less"
        problems.append(fault(error.near, message, remedy) if error.near else Problem(label, 1, 1, message, remedy))
        return None
    finally:
        loader.dispose()
    if not isinstance(root, MappingNode):
        where = fault(root, "") if root is not None else Problem(label, 1, 1, "")
        problems.append(Problem(label, where.line, where.column, "the file must be a mapping of keys to values"))
        return None
    return root if _vet(root, loader, data, problems) else None


def keys(node: Node | None) -> dict[str, tuple[Node, Node]]:
    """Return the entries of a mapping by key, each as (key node, value node); empty for other nodes."""
    if not isinstance(node, MappingNode):
        return {}
    return {key.value: (key, value) for key, value in node.value if isinstance(key, ScalarNode)}


def value_of(node: Node | None, key: str) -> Node | None:
    """Return the value of a key of a mapping; None if there is none."""
    entries = node.value if isinstance(node, MappingNode) else ()
    return next((value for name, value in entries if name.value == key), None)


def elements(node: Node | None, key: str) -> list[Node]:
    """Return the elements of the list that is the value of a key; none if there is no such list."""
    found = value_of(node, key)
    return list(found.value) if isinstance(found, SequenceNode) else []


def plain_key(key: str) -> str:
    """Normalise the spacing of a key: `CHN,PRK` becomes `CHN, PRK`."""
    return key if key.isidentifier() else ", ".join(" ".join(part.split()) for part in key.split(","))


def text(node: Node | None) -> str:
    """Return the text of a scalar; empty for other nodes."""
    return str(node.value) if isinstance(node, ScalarNode) else ""


def file_format(root: MappingNode, problems: list[Problem]) -> str:
    """Return the format that a file declares; empty, with a reason in `problems`, if it is missing or unknown."""
    node, formats = value_of(root, "format"), (*FORMATS, *OTHERS)
    form, remedy = text(node), f"write `format: {Format.SCENARIO}`"
    if form in FORMATS or form.partition("/")[0] in {other.partition("/")[0] for other in OTHERS}:
        return form
    if node is None:
        others = f"{remedy}, or one of {', '.join(formats[1:])}; move other files away"
        problems.append(fault(root, "`format` is missing", others))
    elif not isinstance(node, ScalarNode):
        problems.append(fault(node, "`format` must be a text", remedy))
    elif is_newer(form, FORMATS):
        problems.append(fault(node, *newer(form, FORMATS)))
    else:
        hint = nearest(form, formats) or f"formats: {', '.join(formats)}"
        problems.append(fault(node, f"unknown format '{shortened(form)}'", hint))
    return ""


_ARCHIVE = b"PK\x03\x04"
"""The first bytes of workbooks."""


def _unreadable(label: str, data: bytes) -> Problem | None:
    """Return why a file cannot be read as YAML, before it is parsed; None if it can."""
    if len(data) > MOST_BYTES:
        return Problem(label, 1, 1, f"the file is larger than {MOST_BYTES // 1_000_000} MB", "split it")
    if data.startswith(_ARCHIVE) or label.lower().endswith(".csv"):
        remedy = "wargame msel import makes an inject file of a spreadsheet"
        return Problem(label, 1, 1, "this is not a YAML file", remedy)
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data, error.start)
        return Problem(label, line, column, "this is not UTF-8 text", "save the file as UTF-8")
    return None if words.strip() else Problem(label, 1, 1, "the file is empty", "the first line states its format")


def _position(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset]
    return before.count(b"\n") + 1, offset - (before.rfind(b"\n") + 1) + 1


def _syntax(label: str, data: bytes, error: yaml.YAMLError) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line, column = _position(data, error.position if isinstance(error.position, int) else 0)
        message = "unexpected control character: this is not a text file"
        return Problem(label, line, column, message, "save the file as UTF-8 text")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = getattr(error, "context", None)
    reason = context if context in tables(REMEDIES) else getattr(error, "problem", None) or context or "cannot be read"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    begun = getattr(error, "context_mark", None) or mark
    remedy = tables(REMEDIES).get(reason, "").format(line=begun.line + 1 if begun else 1, depth=MOST_DEPTH)
    return Problem(label, line, column, f"not valid YAML: {reason}", remedy)


def _vet(root: MappingNode, loader: _Loader, data: bytes, problems: list[Problem]) -> bool:
    """Return whether the tree is acceptable: no tags, no duplicate keys, no excessive aliases."""
    if b"&" in data and _repeats(root) > loader.count + MOST_EXPANDED:
        message = f"the aliases of the file repeat more than {MOST_EXPANDED:,} values"
        problems.append(fault(root, message, "repeat the values instead"))
        return False
    tagged = b"!" in data  # most files have no tags, so that scalars and keys that differ need no check
    stack: list[Node] = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        if node.tag not in _PLAIN_TAGS:
            problems.append(fault(node, f"tags are not allowed: '{_brief_tag(node.tag)}'", "remove the tag"))
        if isinstance(node, ScalarNode):
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            names = {key.value for key, _ in node.value if type(key) is ScalarNode}
            if tagged or len(names) < len(node.value) or "<<" in names:
                _vet_keys(node, problems)
        inside = [each for _, each in node.value] if isinstance(node, MappingNode) else node.value
        stack += [each for each in inside if tagged or type(each) is not ScalarNode]
    return True


def _repeats(root: Node) -> int:
    """Return the number of values with all aliases expanded; stops counting beyond the limits."""
    count, stack = 0, [root]
    while stack and count <= MOST_NODES + MOST_EXPANDED:
        node = stack.pop()
        count += 1
        if isinstance(node, MappingNode):
            stack.extend(each for pair in node.value for each in pair)
        elif isinstance(node, SequenceNode):
            stack.extend(node.value)
    return count


def _vet_keys(node: MappingNode, problems: list[Problem]) -> None:
    seen: dict[str, int] = {}
    entries = []
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            problems.append(fault(key, "a key must be a plain text", "a text with braces needs quotes"))
            continue
        if key.tag not in _PLAIN_TAGS:
            problems.append(fault(key, f"tags are not allowed: '{_brief_tag(key.tag)}'", "remove the tag"))
        if key.value == "<<":
            problems.append(fault(key, "merge keys (<<) are not supported", "repeat the keys"))
        elif key.value in seen:
            message = f"the key '{shortened(key.value)}' is written twice"
            problems.append(fault(key, message, f"first in line {seen[key.value]}"))
        else:
            seen[key.value] = key.start_mark.line + 1
            entries.append((key, value))
    node.value = entries


def _brief_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")[:60]
