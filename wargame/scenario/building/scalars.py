"""Reads single values: numbers, texts, times, references, formulas. Errors state what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import nearest
from wargame.language.times import format_duration, parse_duration, parse_time
from wargame.language.tree import Read
from wargame.scenario.building.read_context import BAD, Bad, Convert, Parameter, Reading, Use, unknown
from wargame.scenario.building.yaml_nodes import plain_key, text
from wargame.scenario.model.annotations import JUDGEMENT, Bounds, Choices, Formula, PathText, Pattern

NULLS = frozenset({"", "~", "null", "Null", "NULL"})

MOST_DIGITS = 40
MOST_PATH = 300
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,20}", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|infinity|nan)", re.ASCII | re.IGNORECASE)
_INDEX = r"\s*[\"']?([\w\-]+)[\"']?\s*"
_PATH = re.compile(rf"\s*([A-Za-z]\w*)\s*(?:\[{_INDEX}(?:,{_INDEX})?\])?\s*", re.ASCII)
_QUANTITY = frozenset({"value", "range", "source"})


def is_quantity(node: MappingNode) -> bool:
    """Whether a mapping is a number with its range and source."""
    names = {text(key) for key, _ in node.value}
    return "value" in names and names <= _QUANTITY


def is_null(node: Node) -> bool:
    """Whether the value is empty or null."""
    return isinstance(node, ScalarNode) and not node.style and node.value in NULLS


def is_numeric(node: Node) -> bool:
    """Whether the value is a number, finite or not."""
    if not isinstance(node, ScalarNode) or node.style:
        return False
    return bool(_NUMBER.fullmatch(node.value) or _NOT_FINITE.fullmatch(node.value))


def _scalar(node: Node, reading: Reading, expected: str) -> str | None:
    if not isinstance(node, ScalarNode):
        kind = "a list" if isinstance(node, SequenceNode) else "a mapping"
        reading.fault(node, f"{reading.where()} must be {expected}, not {kind}")
        return None
    if not node.style and node.value in NULLS:
        reading.fault(
            node, f"{reading.where()} has no value; {expected} is expected", "remove the key to use its default"
        )
        return None
    return str(node.value)


def read_text(node: Node, reading: Reading) -> Any:
    """A text; an empty one must be quoted."""
    if isinstance(node, ScalarNode) and node.style and not node.value:
        return ""
    found = _scalar(node, reading, "a text")
    return BAD if found is None else found.strip()


def read_plain_key(node: Node, reading: Reading) -> Any:
    """A free key such as `default` or `CHN, PRK`, with normalised spacing."""
    found = read_text(node, reading)
    return found if found is BAD else plain_key(found)


def read_flag(node: Node, reading: Reading) -> Any:
    """`true` or `false`."""
    found = _scalar(node, reading, "true or false")
    if found is None:
        return BAD
    if found not in ("true", "false") or (isinstance(node, ScalarNode) and node.style):
        return reading.fault(node, f"{reading.where()} must be true or false, not '{found[:40]}'")
    return found == "true"


def read_number(bounds: Bounds) -> Convert:
    """A finite number within bounds, plain or with its range and source."""
    return _read_bounded(bounds, _NUMBER, "a number", lambda text: float(text) + 0.0)  # so that -0.0 is 0.0


def read_whole(bounds: Bounds) -> Convert:
    """A whole number within bounds, plain or with its range and source."""
    return _read_bounded(bounds, _WHOLE, "a whole number", int)


def _read_bounded(bounds: Bounds, form: re.Pattern[str], expected: str, value_of: Callable[[str], float]) -> Convert:
    def convert(node: Node, reading: Reading) -> Any:
        if isinstance(node, MappingNode):
            return _quantity(node, reading, convert)
        found = _numeric(node, reading, form, expected)
        if found is None:
            return BAD
        value = value_of(found)
        return value if bounds.low <= value <= bounds.high else _outside(node, reading, found, bounds)

    return convert


def _numeric(node: Node, reading: Reading, form: re.Pattern[str], expected: str) -> str | None:
    found = _scalar(node, reading, expected)
    if found is None:
        return None
    in_quotes = isinstance(node, ScalarNode) and bool(node.style)
    if form.fullmatch(found) and not in_quotes and len(found) <= MOST_DIGITS:
        return found
    if _NOT_FINITE.fullmatch(found):
        reading.fault(node, f"{reading.where()} must be a finite number, not {found}")
    else:
        remedy = "remove the quotes" if in_quotes and form.fullmatch(found) else ""
        reading.fault(node, f"{reading.where()} must be {expected}, not '{found[:40]}'", remedy)
    return None


def _outside(node: Node, reading: Reading, found: str, bounds: Bounds) -> Bad:
    message = f"{reading.where()} must be from {bounds.low:g} to {bounds.high:g}; it is {found}"
    return reading.fault(node, message)


def _quantity(node: MappingNode, reading: Reading, convert: Convert) -> Any:
    found = {text(key): (key, value) for key, value in node.value}
    for name, (key, _) in found.items():
        if name not in _QUANTITY:
            reading.fault(
                key,
                f"unknown key '{name[:60]}' of a number",
                nearest(name, _QUANTITY) or "keys here: value, range, source",
            )
    if "value" not in found:
        return reading.fault(
            node, f"{reading.where()} must be a number", "write {value: ..., range: [low, high], source: ...}"
        )
    value = convert(found["value"][1], reading)
    low, high = _range(found["range"][1], reading, convert) if "range" in found else (None, None)
    source = read_text(found["source"][1], reading) if "source" in found else JUDGEMENT
    if value is BAD or source is BAD:
        return BAD
    if low is not None and high is not None and not low <= value <= high:
        return reading.fault(found["value"][1], f"the value {value:g} is outside its range {low:g} to {high:g}")
    reading.parameters.append(Parameter(".".join(map(str, reading.trail)), value, low, high, source))
    return value


def _range(node: Node, reading: Reading, convert: Convert) -> tuple[float | None, float | None]:
    if not isinstance(node, SequenceNode) or len(node.value) != 2:
        reading.fault(node, "a range must be a list of two numbers, [low, high]")
        return None, None
    low, high = (convert(item, reading) for item in node.value)
    if low is BAD or high is BAD:
        return None, None
    if low > high:
        reading.fault(node, f"the range goes from {low:g} down to {high:g}", "write the lower end first")
        return None, None
    return low, high


def read_duration(low: int) -> Convert:
    """A duration in seconds, at least `low`."""

    def convert(node: Node, reading: Reading) -> Any:
        found = _scalar(node, reading, "a duration such as 14d")
        if found is None:
            return BAD
        try:
            seconds = parse_duration(found)
        except ValueError as error:
            return reading.fault(node, f"{reading.where()}: {error}")
        if seconds < low:
            return reading.fault(node, f"{reading.where()} must be at least {format_duration(low)}; it is {found}")
        return seconds

    return convert


def read_moment(node: Node, reading: Reading) -> Any:
    """A date, date-time group or offset from STARTEX, as a `Time`."""
    found = _scalar(node, reading, "a time such as 2017-06-01 or D+2 H+3")
    if found is None:
        return BAD
    try:
        return parse_time(found)
    except ValueError as error:
        return reading.fault(node, f"{reading.where()}: {error}")


def read_words(words: Choices) -> Convert:
    """One of a fixed list of words."""

    def convert(node: Node, reading: Reading) -> Any:
        found = _scalar(node, reading, f"one of {', '.join(words.allowed)}")
        if found is None or found in words.allowed:
            return BAD if found is None else found
        remedy = nearest(found, words.allowed)
        return reading.fault(
            node, f"{reading.where()} must be one of {', '.join(words.allowed)}; it is '{found[:40]}'", remedy
        )

    return convert


def read_pattern(pattern: Pattern) -> Convert:
    """A text of a given form, such as an id."""
    form = re.compile(pattern.regex, re.ASCII)

    def convert(node: Node, reading: Reading) -> Any:
        found = _scalar(node, reading, pattern.means)
        if found is None or (form.fullmatch(found) and len(found) <= 100):
            return BAD if found is None else found
        return reading.fault(node, f"{reading.where()} cannot be '{found[:60]}'", f"it must be {pattern.means}")

    return convert


def read_reference(kind: str) -> Convert:
    """The id of an element of this kind; an unknown one is reported but returned."""

    def convert(node: Node, reading: Reading) -> Any:
        found = _scalar(node, reading, f"the id of one {kind}")
        if found is None:
            return BAD
        if found not in reading.ids[kind]:
            reading.fault(node, *unknown(kind, found, reading.ids[kind]))
        return found

    convert.reference = True  # type: ignore[attr-defined]
    return convert


def read_formula(meta: Formula) -> Convert:
    """A formula, as text; it is checked once everything is built."""

    def convert(node: Node, reading: Reading) -> Any:
        found = _scalar(node, reading, "a formula")
        if found is None or not isinstance(node, ScalarNode):
            return BAD
        found = found.strip()
        if not node.style and _NUMBER.fullmatch(found) and len(found) <= MOST_DIGITS:
            found = repr(float(found))  # the spelling of a number does not matter
        reading.uses.append(Use(node, tuple(reading.trail), meta, found))
        return found

    return convert


def split_path(path: str) -> Read | None:
    """Splits a path such as `trust[CHN, PRK]`; None if it is not a path. Faster than `parse_path`."""
    match = _PATH.fullmatch(path) if len(path) <= MOST_PATH else None
    return Read(match[1], tuple(part for part in match.groups()[1:] if part)) if match else None


def read_path(meta: PathText) -> Convert:
    """The path of an indicator, with normalised spacing."""

    def convert(node: Node, reading: Reading) -> Any:
        found = _scalar(node, reading, "the path of an indicator")
        if found is None or not isinstance(node, ScalarNode):
            return BAD
        if (path := split_path(found)) is None:
            return reading.fault(
                node, f"'{found[:60]}' is not the path of an indicator", "write it as in `trust[CHN, PRK]`"
            )
        reading.uses.append(Use(node, tuple(reading.trail), meta, str(path)))
        return str(path)

    return convert
