"""Builds instances of the model classes from YAML nodes, by the annotations of their fields.

All problems are reported together: an element that cannot be built is reported and left out, and the rest is built.
References are resolved against `ids`, which are collected before anything is built.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import Problem, closest, nearest, shortened
from wargame.language.times import Time
from wargame.scenario.building import scalars
from wargame.scenario.building.yaml_nodes import text
from wargame.scenario.model.annotations import Bounds, Choices, DurationText, PathText, Pattern, Ref
from wargame.tables import tables


def one_of(cls: type) -> tuple[str, ...]:
    """Return the fields of a class of which exactly one must be written; empty if there is no such rule."""
    return getattr(cls, "ONE_OF", ())


def written_fields(cls: type) -> list[Field[Any]]:
    """Return the fields of a model class that are keys in files."""
    computed = getattr(cls, "COMPUTED", ())
    return [item for item in fields(cls) if item.name not in computed]


@cache
def plan(cls: type) -> tuple[dict[str, scalars.Convert], frozenset[str]]:
    """Return the reader for each field of a model class, and the required fields."""
    hints = get_type_hints(cls, include_extras=True)
    members = [item for item in written_fields(cls) if item.name in hints]
    required = (item.name for item in members if item.default is MISSING and item.default_factory is MISSING)
    return {item.name: converter(hints[item.name]) for item in members}, frozenset(required)


def converter(hint: Any) -> scalars.Convert:
    """Return the reader for values of this annotation."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(args[0], args[1])
    if origin in (Union, UnionType):
        return _union(args)
    if origin is tuple:
        return _items(args[0]) if args[-1] is Ellipsis else _fixed(args)
    if origin is dict:
        return _table(*args)
    if origin is Literal:
        return scalars.read_words(Choices(args))
    if isinstance(hint, type) and is_dataclass(hint):
        return _mapping(hint)
    numeric = {float: scalars.read_number(Bounds(-1e9, 1e9)), int: scalars.read_whole(Bounds(0, 1e9))}
    return {str: scalars.read_text, bool: scalars.read_flag, **numeric}[hint]


def entries(cls: type, node: Node, reading: scalars.ReadContext) -> dict[str, Any] | None:
    """Return the valid fields of `cls` in a mapping, by name; None if the node is not a mapping."""
    convert, required = plan(cls)
    if not isinstance(node, MappingNode):
        short = getattr(cls, "SHORT", None)
        if short is None or not isinstance(node, ScalarNode):
            _no_mapping(node, reading, (*one_of(cls), *sorted(required))[:1])
            return None
        if scalars.is_null(node):
            return {short: reading.fault(node, f"{reading.where()} has no value")}
        return {short: convert[short](node, reading)}
    values: dict[str, Any] = {}
    for key, value in node.value:
        if (read := convert.get(key.value) or convert.get(correct(key, node, convert, reading))) is None:
            continue
        reading.trail.append(key.value)
        values[key.value] = _built_once(value, reading, read) if len(reading.trail) == 1 else read(value, reading)
        reading.trail.pop()
    for name in convert:
        if name in required and name not in values:
            reading.fault(node, f"`{name}` is missing{reading.place_text()}")
            values[name] = scalars.UNBUILT
    if choices := one_of(cls):
        _one_of(choices, node, values, reading)
    return values


def own_problems(cls: type, root: Node) -> list[Problem]:
    """Return the problems of a file that can be found without its scenario, as if all ids that it names existed."""
    reading = scalars.ReadContext(defaultdict(lambda: scalars.ANYTHING))
    entries(cls, root, reading)
    return reading.problems


ALMOST = 0.8
"""Similarity from which an unknown key is read as the field that it probably means, for one message instead of many."""


def correct(key: ScalarNode, node: MappingNode, known: Mapping[str, object], reading: scalars.ReadContext) -> str:
    """Report an unknown key of a mapping, rename it if it probably means a field that is not written; its name."""
    written = [each.value for each, _ in node.value]
    before = node.value[max(written.index(key.value) - 1, 0)][1]
    message, _ = scalars.unknown("key", key.value, frozenset(known))
    is_comma = key.value.isdecimal() and scalars.is_numeric(before)
    comma = is_comma and f"write a decimal point: {text(before)}.{key.value}"
    other = next((each for each in tables("scenario/building/synonyms.yaml").get(key.value, ()) if each in known), "")
    hint = f"did you mean '{other}'?" if other else nearest(key.value, known)
    reading.fault(key, message, comma or hint or f"keys here: {', '.join(known)}")
    meant = other or closest(key.value, known, ALMOST)
    if meant not in written:
        key.value = meant or key.value
    return str(key.value)


def _no_mapping(node: Node, reading: scalars.ReadContext, keys_here: tuple[str, ...] = ()) -> scalars.Unbuilt:
    """Report a value that is not a mapping; `keys_here` has a key to write before a text, if there is one."""
    if scalars.is_null(node):
        return reading.fault(node, f"{reading.where()} has no value", "write its keys below it, or remove it")
    example = f"write {{{keys_here[0]}: {shortened(text(node))}}}" if keys_here and isinstance(node, ScalarNode) else ""
    remedy = example or "without dashes, as in {key: value}"
    return reading.fault(node, f"{reading.where()} must be a mapping of keys to values", remedy)


def _mapping(cls: type) -> scalars.Convert:
    def convert(node: Node, reading: scalars.ReadContext) -> Any:
        return _built_once(node, reading, build) if len(reading.trail) == ELEMENT else build(node, reading)

    def build(node: Node, reading: scalars.ReadContext) -> Any:
        values = entries(cls, node, reading)
        if values is None or any(value is scalars.UNBUILT for value in values.values()):
            return scalars.UNBUILT
        return cls(**values)

    return convert


ELEMENT = 2
"""Steps to an element of a section."""


def _built_once(node: Node, reading: scalars.ReadContext, build: scalars.Convert) -> Any:
    """Build a section or an element, or take it as built before if all ids that it names are still there."""
    if (known := reading.known) is None:
        return build(node, reading)
    place = (*reading.trail, id(node))
    lists: list[list[Any]] = [reading.parameters, reading.uses, reading.asked]
    kept = known.built.get(place)
    if kept is None or not all(name in reading.ids[kind] for kind, name in kept.asked):
        before, counts = len(reading.problems), list(map(len, lists))
        value = build(node, reading)
        if len(reading.problems) == before:
            parts = [each[count:] for each, count in zip(lists, counts, strict=True)]
            known.built[place] = scalars.Built(node, value, *parts)
        return value
    reading.parameters += kept.parameters
    reading.uses += kept.uses
    reading.asked += kept.asked
    return kept.value


def _one_of(choices: tuple[str, ...], node: Node, values: dict[str, Any], reading: scalars.ReadContext) -> None:
    written = [name for name in choices if name in values and values[name] is not None and values[name] is not False]
    if len(written) == 1:
        return
    listed = ", ".join(f"`{name}`" for name in choices)
    if written:
        second = next(key for key, _ in node.value if key.value == written[1])
        reading.fault(second, f"exactly one of {listed} is allowed, not {' and '.join(written)}")
    else:
        reading.fault(node, f"exactly one of {listed} is required{reading.place_text()}; none is given")
        values[choices[0]] = scalars.UNBUILT


def _union(args: tuple[Any, ...]) -> scalars.Convert:
    optional = NoneType in args
    parts = [converter(arg) for arg in args if arg is not NoneType]
    by_shape = dict(zip([_shape(arg) for arg in args if arg is not NoneType], parts, strict=True))

    def convert(node: Node, reading: scalars.ReadContext) -> Any:
        if optional and scalars.is_null(node):
            return None
        return by_shape.get(_shape_of(node, by_shape), parts[0])(node, reading)

    return parts[0] if len(parts) == 1 and not optional else convert


def _shape(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    base = args[0] if origin is Annotated else hint
    if base in (float, int) and not (origin is Annotated and isinstance(args[1], DurationText)):
        return "number"
    return "mapping" if origin is dict or is_dataclass(base) else "list" if origin is tuple else "text"


def _shape_of(node: Node, shapes: dict[str, scalars.Convert]) -> str:
    if isinstance(node, MappingNode):
        is_number = "mapping" not in shapes or ("number" in shapes and scalars.is_quantity(node))
        return "number" if is_number else "mapping"
    if isinstance(node, SequenceNode):
        return "list"
    return "number" if "number" in shapes and ("text" not in shapes or scalars.is_numeric(node)) else "text"


def _annotated(base: Any, meta: Any) -> scalars.Convert:
    if base is Time:
        return scalars.read_moment
    if isinstance(meta, DurationText):
        return scalars.read_duration(meta.low)
    if isinstance(meta, Bounds):
        return scalars.read_number(meta) if base is float else scalars.read_whole(meta)
    if isinstance(meta, Choices):
        return scalars.read_words(meta)
    if isinstance(meta, Ref):
        return scalars.read_reference(meta.kind)
    if isinstance(meta, Pattern):
        return scalars.read_pattern(meta)
    return scalars.read_path(meta) if isinstance(meta, PathText) else scalars.read_formula(meta)


def _items(hints: Any) -> scalars.Convert:
    each = converter(hints)
    kind = getattr(each, "reference", "")

    def convert(node: Node, reading: scalars.ReadContext) -> Any:
        if not isinstance(node, SequenceNode):
            plain = isinstance(node, ScalarNode) and not scalars.is_null(node)
            hint = f"write [{shortened(text(node))}]" if plain else "write it as [a, b] or with a dash before each"
            if plain and kind and text(node) not in reading.ids[kind]:
                hint = f"such as [{', '.join(sorted(reading.ids[kind])[:2])}]"
            elif plain and _shape(hints) == "mapping":
                hint = "write it as [{key: value}]"
            return reading.fault(node, f"{reading.where()} must be a list", hint)
        items = []
        for place, item in enumerate(node.value):
            written = item.value if isinstance(item, MappingNode) else ()
            reading.trail.append(next((text(value) for key, value in written if key.value == "id"), "") or place)
            items.append(each(item, reading))
            reading.trail.pop()
        valid = [item for item in items if item is not scalars.UNBUILT]
        return _as_set(node, valid, reading) if kind else tuple(valid)

    return convert


def _as_set(node: SequenceNode, names: list[str], reading: scalars.ReadContext) -> tuple[str, ...]:
    """Sort a list of ids, which has no order, and report duplicates."""
    seen: set[str] = set()
    for item in node.value:
        name = text(item)
        if name and name in seen:
            reading.fault(item, f"'{name}' is listed twice in {reading.where()}")
        seen.add(name)
    return tuple(sorted(set(names)))


def _fixed(hints: tuple[Any, ...]) -> scalars.Convert:
    parts = [converter(hint) for hint in hints]

    def convert(node: Node, reading: scalars.ReadContext) -> Any:
        if not isinstance(node, SequenceNode) or len(node.value) != len(parts):
            return reading.fault(node, f"{reading.where()} must be a list of {len(parts)}")
        items = [part(item, reading) for part, item in zip(parts, node.value, strict=True)]
        return scalars.UNBUILT if any(item is scalars.UNBUILT for item in items) else tuple(items)

    return convert


def _table(key_hint: Any, value_hint: Any) -> scalars.Convert:
    read_key, read_value = scalars.read_plain_key if key_hint is str else converter(key_hint), converter(value_hint)

    def convert(node: Node, reading: scalars.ReadContext) -> Any:
        if not isinstance(node, MappingNode):
            return _no_mapping(node, reading)
        table: dict[str, Any] = {}
        for number, (key, value) in enumerate(node.value):
            if scalars.is_null(value) and key.value.isdecimal() and scalars.is_numeric(node.value[number - 1][1]):
                correct(key, node, {}, reading)
                continue
            reading.trail.append(key.value)
            name, item = read_key(key, reading), read_value(value, reading)
            reading.trail.pop()
            if name is scalars.UNBUILT or item is scalars.UNBUILT:
                continue
            if name in table:
                reading.fault(key, f"'{name}' is written twice")
            table[name] = item
        return dict(sorted(table.items()))

    return convert
