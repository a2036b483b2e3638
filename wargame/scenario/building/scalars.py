"""Reads single values: numbers, texts, times, references, formulas. Errors state what was expected.

`ReadContext` collects problems, numbers with ranges, and formulas to check later.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.dataclasses import dataclass, field
from wargame.errors import Problem, nearest, shortened
from wargame.language.times import format_duration, parse_duration, parse_time
from wargame.language.tree import Read
from wargame.scenario.building.yaml_nodes import fault, plain_key, text
from wargame.scenario.model.annotations import JUDGEMENT, Bounds, Choices, Formula, PathText, Pattern


class Unbuilt:
    """A value that could not be built."""


UNBUILT = Unbuilt()


class _Anything(frozenset[str]):
    """The ids of a kind that are not known: any name may be one."""

    def __contains__(self, name: object, /) -> bool:
        return True


ANYTHING = _Anything()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number written with a range or source; `path` is its keys joined by dots."""

    path: str
    value: float
    low: float | None
    high: float | None
    source: str


@dataclass(frozen=True, slots=True)
class FormulaUse:
    """A formula or a path with its place: `trail` has the keys and list indexes that lead to it."""

    node: ScalarNode
    trail: tuple[str | int, ...]
    meta: Formula | PathText
    text: str


@dataclass(frozen=True, slots=True)
class Built:
    """The result of building a node without a problem, and the values that were read in it."""

    node: Node
    value: Any
    parameters: list[Parameter]
    uses: list[FormulaUse]
    asked: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ScenarioCache:
    """The parts of a scenario that is read several times, with one overlay or another."""

    nodes: dict[str, MappingNode]
    """The tops of its files, by their labels."""
    merged: dict[tuple[int, ...], MappingNode] = field(default_factory=dict)
    """The parts of the scenario merged, by the identity of their tops, which `nodes` has."""
    laid: dict[tuple[int, int], tuple[Node, Node, Node]] = field(default_factory=dict)
    """Two nodes and the first with the second laid over it, by their identity."""
    built: dict[tuple[object, ...], Built] = field(default_factory=dict)
    """Sections and their elements, by their places and the identity of their nodes."""
    radii: list[tuple[object, float]] = field(default_factory=list)
    """The stability of reactions, for each content of what it follows from."""
    checked: list[tuple[tuple[Any, ...], dict[int, FormulaUse]]] = field(default_factory=list)
    """Formulas without a problem, by their identity, for each content of what formulas name."""


@dataclass(slots=True)
class ReadContext:
    """Collects problems, parameters and formulas while a file is built."""

    ids: Mapping[str, frozenset[str]]
    """The ids of each kind (`government`, `option`, ...) that references may name."""
    problems: list[Problem] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    uses: list[FormulaUse] = field(default_factory=list)
    trail: list[str | int] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """The kinds and ids of all references."""
    known: ScenarioCache | None = None

    def fault(self, node: Node, message: str, remedy: str = "") -> Unbuilt:
        """Add a problem at `node` and return `UNBUILT`."""
        self.problems.append(fault(node, message, remedy))
        return UNBUILT

    def where(self) -> str:
        """Return the innermost key, for messages."""
        names = [part for part in self.trail if isinstance(part, str)]
        return f"`{shortened(names[-1])}`" if names else "the file"

    def place_text(self) -> str:
        """Return the innermost key as the end of a sentence; empty at the top of the file."""
        return f" in {self.where()}" if self.trail else ""


Convert = Callable[[Node, ReadContext], Any]
"""Reads a node of one kind of field; returns `UNBUILT` for an invalid one."""


def unknown(kind: str, name: str, known: frozenset[str] | set[str]) -> tuple[str, str]:
    """Return message and remedy for an unknown id."""
    few = ", ".join(sorted(known)) if 0 < len(known) <= 8 else ""
    remedy = nearest(name, sorted(known)) or (f"known: {few}" if few else "")
    return f"unknown {kind} '{shortened(name)}'", remedy or ("" if known else f"the scenario has no {kind}")


NULLS = frozenset({"", "~", "null", "Null", "NULL"})

MOST_DIGITS = 40
MANY = 1e6
"""Upper bound from which a range says nothing to an author."""
MOST_PATH = 300
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,20}", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|infinity|nan)", re.ASCII | re.IGNORECASE)
_INDEX = r"\s*[\"']?([\w\-]+)[\"']?\s*"
_PATH = re.compile(rf"\s*([A-Za-z]\w*)\s*(?:\[{_INDEX}(?:,{_INDEX})?\])?\s*", re.ASCII)
_QUANTITY = frozenset({"value", "range", "source"})


def is_quantity(node: MappingNode) -> bool:
    """Return whether a mapping is a number with its range and source."""
    names = {text(key) for key, _ in node.value}
    return "value" in names and names <= _QUANTITY


def is_null(node: Node) -> bool:
    """Return whether the value is empty or null."""
    return isinstance(node, ScalarNode) and not node.style and node.value in NULLS


def is_numeric(node: Node) -> bool:
    """Return whether the value is a number, finite or not."""
    if not isinstance(node, ScalarNode) or node.style:
        return False
    return bool(_NUMBER.fullmatch(node.value) or _NOT_FINITE.fullmatch(node.value))


def _scalar(node: Node, reading: ReadContext, expected: str) -> str | None:
    if not isinstance(node, ScalarNode):
        kind = "a list" if isinstance(node, SequenceNode) else "a mapping"
        reading.fault(node, f"{reading.where()} must be {expected}, not {kind}")
        return None
    if not node.style and node.value in NULLS:
        message = f"{reading.where()} has no value; {expected} is expected"
        reading.fault(node, message, "remove the key to use its default")
        return None
    return str(node.value)


def read_text(node: Node, reading: ReadContext) -> Any:
    """Return a text; an empty one must be quoted."""
    if isinstance(node, ScalarNode) and node.style and not node.value:
        return ""
    written = _scalar(node, reading, "a text")
    return UNBUILT if written is None else written.strip()


def read_plain_key(node: Node, reading: ReadContext) -> Any:
    """Return a free key such as `default` or `CHN, PRK`, with normalised spacing."""
    written = read_text(node, reading)
    return written if written is UNBUILT else plain_key(written)


def read_flag(node: Node, reading: ReadContext) -> Any:
    """Read `true` or `false`."""
    written = _scalar(node, reading, "true or false")
    if written is None:
        return UNBUILT
    if written not in ("true", "false") or (isinstance(node, ScalarNode) and node.style):
        meant = {**dict.fromkeys(("yes", "on", "true"), "true"), **dict.fromkeys(("no", "off", "false"), "false")}
        remedy = f"write {meant[written.lower()]}, without quotes" if written.lower() in meant else ""
        return reading.fault(node, f"{reading.where()} must be true or false, not '{shortened(written, 40)}'", remedy)
    return written == "true"


def read_number(bounds: Bounds) -> Convert:
    """Return a finite number within bounds, plain or with its range and source."""
    return _read_bounded(bounds, _NUMBER, "a number", lambda text: float(text) + 0.0)  # so that -0.0 is 0.0


def read_whole(bounds: Bounds) -> Convert:
    """Return a whole number within bounds, plain or with its range and source."""
    return _read_bounded(bounds, _WHOLE, "a whole number", int)


def _read_bounded(bounds: Bounds, form: re.Pattern[str], expected: str, value_of: Callable[[str], float]) -> Convert:
    wanted = f"{expected} from {bounds.low:g} to {bounds.high:g}" if bounds.high < MANY else expected

    def convert(node: Node, reading: ReadContext) -> Any:
        if isinstance(node, MappingNode):
            return _quantity(node, reading, convert)
        written = _numeric(node, reading, form, wanted)
        if written is None:
            return UNBUILT
        value = value_of(written)
        if bounds.low <= value <= bounds.high:
            return value
        return reading.fault(node, f"{reading.where()} must be from {bounds.low:g} to {bounds.high:g}; it is {written}")

    return convert


def _numeric(node: Node, reading: ReadContext, form: re.Pattern[str], expected: str) -> str | None:
    written = _scalar(node, reading, expected)
    if written is None:
        return None
    in_quotes = isinstance(node, ScalarNode) and bool(node.style)
    if form.fullmatch(written) and not in_quotes and len(written) <= MOST_DIGITS:
        return written
    if _NOT_FINITE.fullmatch(written):
        reading.fault(node, f"{reading.where()} must be a finite number, not {written}")
    else:
        remedy = "remove the quotes" if in_quotes and form.fullmatch(written) else ""
        if "," in written and form.fullmatch(written.replace(",", ".", 1)) and len(written) <= MOST_DIGITS:
            remedy = f"write a decimal point: {written.replace(',', '.', 1)}"
        elif (share := written.removesuffix("%").strip()) != written and form.fullmatch(share) and len(share) < 8:
            remedy = f"write {float(share) / 100:g}"
        reading.fault(node, f"{reading.where()} must be {expected}, not '{shortened(written, 40)}'", remedy)
    return None


def _quantity(node: MappingNode, reading: ReadContext, convert: Convert) -> Any:
    written = {text(key): (key, value) for key, value in node.value}
    for name, (key, _) in written.items():
        if name not in _QUANTITY:
            remedy = nearest(name, _QUANTITY) or "keys here: value, range, source"
            reading.fault(key, f"unknown key '{shortened(name)}' of a number", remedy)
    if "value" not in written:
        remedy = "write {value: ..., range: [low, high], source: ...}"
        return reading.fault(node, f"{reading.where()} must be a number", remedy)
    value = convert(written["value"][1], reading)
    low, high = _range(written["range"][1], reading, convert) if "range" in written else (None, None)
    source = read_text(written["source"][1], reading) if "source" in written else JUDGEMENT
    if value is UNBUILT or source is UNBUILT:
        return UNBUILT
    if low is not None and high is not None and not low <= value <= high:
        return reading.fault(written["value"][1], f"the value {value:g} is outside its range {low:g} to {high:g}")
    reading.parameters.append(Parameter(".".join(map(str, reading.trail)), value, low, high, source))
    return value


def _range(node: Node, reading: ReadContext, convert: Convert) -> tuple[float | None, float | None]:
    if not isinstance(node, SequenceNode) or len(node.value) != 2:
        reading.fault(node, "a range must be a list of two numbers, [low, high]")
        return None, None
    low, high = (convert(item, reading) for item in node.value)
    if low is UNBUILT or high is UNBUILT:
        return None, None
    if low > high:
        reading.fault(node, f"the range goes from {low:g} down to {high:g}", "write the lower end first")
        return None, None
    return low, high


def read_duration(low: int) -> Convert:
    """Return a duration in seconds, at least `low`."""

    def convert(node: Node, reading: ReadContext) -> Any:
        written = _scalar(node, reading, "a duration such as 14d")
        if written is None:
            return UNBUILT
        try:
            seconds = parse_duration(written)
        except ValueError as error:
            return reading.fault(node, f"{reading.where()}: {error}")
        if seconds < low:
            return reading.fault(node, f"{reading.where()} must be at least {format_duration(low)}; it is {written}")
        return seconds

    return convert


def read_moment(node: Node, reading: ReadContext) -> Any:
    """Return a date, date-time group or offset from STARTEX, as a `Time`."""
    written = _scalar(node, reading, "a time such as 2017-06-01 or D+2 H+3")
    if written is None:
        return UNBUILT
    try:
        return parse_time(written)
    except ValueError as error:
        return reading.fault(node, f"{reading.where()}: {error}")


def read_words(words: Choices) -> Convert:
    """Return one of a fixed list of words."""
    wanted = f"one of {', '.join(words.allowed)}"

    def convert(node: Node, reading: ReadContext) -> Any:
        written = _scalar(node, reading, wanted)
        if written is None or written in words.allowed:
            return UNBUILT if written is None else written
        message = f"{reading.where()} must be {wanted}; it is '{shortened(written, 40)}'"
        return reading.fault(node, message, words.hints.get(written) or nearest(written, words.allowed))

    return convert


def read_pattern(pattern: Pattern) -> Convert:
    """Return a text of a given form, such as an id."""
    form = re.compile(pattern.regex, re.ASCII)

    def convert(node: Node, reading: ReadContext) -> Any:
        written = _scalar(node, reading, pattern.means)
        if written is None or (form.fullmatch(written) and len(written) <= pattern.longest):
            return UNBUILT if written is None else written
        return reading.fault(node, f"{reading.where()} cannot be '{shortened(written)}'", f"it must be {pattern.means}")

    return convert


def read_reference(kind: str) -> Convert:
    """Return the id of an element of this kind; an unknown one is reported but returned."""

    def convert(node: Node, reading: ReadContext) -> Any:
        written = _scalar(node, reading, f"the id of one {kind}")
        if written is None:
            return UNBUILT
        reading.asked.append((kind, written))
        if written not in reading.ids[kind]:
            reading.fault(node, *unknown(kind, written, reading.ids[kind]))
        return written

    convert.reference = kind  # type: ignore[attr-defined]
    return convert


def read_formula(meta: Formula) -> Convert:
    """Return a formula, as text; it is checked once everything is built."""

    def convert(node: Node, reading: ReadContext) -> Any:
        written = _scalar(node, reading, "a formula")
        if written is None or not isinstance(node, ScalarNode):
            return UNBUILT
        written = written.strip()
        if not node.style and _NUMBER.fullmatch(written) and len(written) <= MOST_DIGITS:
            written = repr(float(written))  # the spelling of a number does not matter
        reading.uses.append(FormulaUse(node, tuple(reading.trail), meta, written))
        return written

    return convert


def split_path(path: str) -> Read | None:
    """Split a path such as `trust[CHN, PRK]`; None if it is not a path. Faster than `parse_path`."""
    match = _PATH.fullmatch(path) if len(path) <= MOST_PATH else None
    return Read(match[1], tuple(part for part in match.groups()[1:] if part)) if match else None


def read_path(meta: PathText) -> Convert:
    """Return the path of an indicator, with normalised spacing."""

    def convert(node: Node, reading: ReadContext) -> Any:
        written = _scalar(node, reading, "the path of an indicator")
        if written is None or not isinstance(node, ScalarNode):
            return UNBUILT
        if (path := split_path(written)) is None:
            message = f"'{shortened(written)}' is not the path of an indicator"
            return reading.fault(node, message, "write it as in `trust[CHN, PRK]`")
        reading.uses.append(FormulaUse(node, tuple(reading.trail), meta, str(path)))
        return str(path)

    return convert
