"""JSON Schema (draft-07) of the files, for editors, generated from the annotations of the model.

A schema checks the form of single values; `wargame validate` also checks names and relations between elements. Sections
of a scenario are not required, since a scenario may be split into several files.
"""

import ast
import inspect
import sys
from dataclasses import MISSING, Field, is_dataclass
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from wargame.language.times import Time
from wargame.scenario import model
from wargame.scenario.building.build import one_of, written_fields
from wargame.scenario.building.yaml_nodes import Format
from wargame.scenario.model.annotations import ID, Bounds, Choices, DurationText, Formula, PathText, Pattern, Ref

Json = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
FILES: dict[str, type] = {"scenario": model.Scenario, "injects": model.Injects, "exercise": model.ExercisePlan}
_DURATION = r"^\s*(0|[0-9]{1,9}[wdhms](\s*[0-9]{1,9}[wdhms])*)\s*$"
_TIME = "|".join(
    (
        r"^\s*([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?\s?(Z|[+-][0-9]{2}:?[0-9]{2})?)?",
        r"[Dd](\s?[+-]\s?[0-9]{1,6})?(\s?[Hh]\s?[+-]\s?[0-9]{1,7})?(\s?[Mm]\s?[+-]\s?[0-9]{1,9})?",
        r"[0-9]{2}\s?[0-9]{4}\s?[A-Za-z]\s?[A-Za-z]{3}\s?([0-9]{4}|[0-9]{2})",
        _DURATION.strip("^$") + r")\s*$",
    )
)
"""The forms of times: a date, D+n, a date-time group, a duration from STARTEX."""
_PATH = r"^\s*[A-Za-z][A-Za-z0-9_]*\s*(\[[^\[\]]*\])?\s*$"
_COMMON = {
    "format": "The kind of file, and the number of its format.",
    "title": "The name that people read.",
    "source": "Where it comes from: a publication and the place in it, or `judgement`.",
}
"""Descriptions of keys that mean the same in each mapping, unless a mapping describes them itself."""
_FORMS = {
    Formula: "A formula",
    PathText: "The path of an indicator, such as `tension` or `trust[CHN, PRK]`",
    DurationText: "A duration such as `14d`, `1d 12h`, `2w`",
}


def schema(kind: str) -> Json:
    """Return the schema of a `scenario`, `overlay`, `injects` or `exercise` file as JSON data. KeyError for others."""
    if kind == "overlay":
        whole = schema_of("overlay", FILES["scenario"])
        overlay: Json = _of_parts(whole)  # no key is required, since overlays have parts of elements; each can be null
        overlay["properties"]["format"] = whole["properties"]["format"] | {"const": Format.OVERLAY}
        description = "Parts of a scenario that a variant lays over its files."
        return {**overlay, "description": description, "required": ["format"]}
    schema = schema_of(kind, FILES[kind])
    if kind == "scenario":
        schema["required"] = ["format"]
    return schema


def schema_of(kind: str, cls: type) -> Json:
    """Return the schema of the files described by `cls`."""
    writer = _Writer()
    top = writer.mapping(cls)
    head = {"$schema": DRAFT, "$id": f"urn:crisis-wargame:{kind}.schema.json", "title": f"wargame {kind} file"}
    return {**head, **top, "definitions": dict(sorted(writer.definitions.items()))}


def _of_parts(value: Any) -> Any:
    """Return a schema without its lists of required keys, in which each key of a mapping can have the value null."""
    if isinstance(value, list):
        return [_of_parts(each) for each in value]
    if not isinstance(value, dict):
        return value
    lists = {key for key in ("required", "oneOf") if isinstance(value.get(key), list)}
    parts = {key: _of_parts(each) for key, each in value.items() if key not in lists}
    for name in ("properties", "patternProperties"):
        if isinstance(keys := parts.get(name), dict):
            parts[name] = {key: _or_null(each) for key, each in keys.items()}
    if isinstance(each := parts.get("additionalProperties"), dict):
        parts["additionalProperties"] = _or_null(each)
    return parts


def _or_null(schema: Json) -> Json:
    """Return the schema of a value that can also be null; its description stays on top, where editors look for it."""
    described = {key: schema[key] for key in ("description",) if key in schema}
    value = {key: each for key, each in schema.items() if key not in described}
    return {**described, "anyOf": [value, {"type": "null"}]}


class _Writer:
    """Collects the definitions of classes used by a file's class."""

    def __init__(self) -> None:
        self.definitions: Json = {}

    def mapping(self, cls: type) -> Json:
        """Return the schema of a mapping with the fields of a model class."""
        hints = get_type_hints(cls, include_extras=True)
        members = [item for item in written_fields(cls) if item.name in hints]
        schema: Json = {"type": "object", "description": inspect.cleandoc(cls.__doc__ or "")}
        schema["properties"] = {item.name: self.field(cls, item, hints[item.name]) for item in members}
        schema["additionalProperties"] = False
        free = [item.name for item in members if item.default is MISSING and item.default_factory is MISSING]
        if required := [item.name for item in members if item.name == "format" or item.name in free]:
            schema["required"] = required
        if choices := one_of(cls):
            schema["oneOf"] = [{"required": [name]} for name in choices]
        return schema

    def field(self, cls: type, item: Field[Any], hint: Any) -> Json:
        """Return the schema of one field with its description."""
        schema = self.value(hint)
        text = _descriptions(cls.__module__).get((cls.__name__, item.name), "") or _COMMON.get(item.name, "")
        parts = [text, schema.get("description", "")]
        described = "\n\n".join(part for part in parts if part)
        if "$ref" in schema:  # draft-07 ignores siblings of a reference
            schema = {"allOf": [schema]}
        return {**schema, "description": described} if described else schema

    def value(self, hint: Any) -> Json:
        """Return the schema of an annotation."""
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self.annotated(args[0], args[1])
        if origin in (Union, UnionType):
            return self.union(args)
        if origin is tuple:
            return self.items(args)
        if origin is dict:
            return self.table(*args)
        if origin is Literal:
            return {"const": args[0]}
        if isinstance(hint, type) and is_dataclass(hint):
            return self.reference(hint)
        return {"type": "boolean"} if hint is bool else {"type": ["string", "number", "boolean"]}

    def annotated(self, base: Any, meta: Any) -> Json:
        """Return the schema of an annotated text or number."""
        if base is Time:
            return _text("A time: `2017-06-01 09:30`, `D+2 H+3 M+45` or `041200ZJUL17`", _TIME)
        if isinstance(meta, Bounds):
            return self.number(base, meta)
        if isinstance(meta, Choices):
            return {"enum": list(meta.allowed)}
        if isinstance(meta, Pattern):
            means = meta.means[0].upper() + meta.means[1:]
            return _text(means, f"^({meta.regex})$") | {"patternErrorMessage": f"write {meta.means}"}
        if isinstance(meta, Ref):
            return {"type": "string", "description": f"The id of one {meta.kind}"}
        form = _FORMS[type(meta)]
        if isinstance(meta, Formula):
            return {"type": ["string", "number"], "description": form + _placeholders(meta.slots)}
        if isinstance(meta, DurationText):
            return _text(form, _DURATION, ["string", "integer"], maximum=0)
        return {"type": "string", "description": form} | _text(form, _PATH)

    def number(self, base: type, bounds: Bounds) -> Json:
        """Return a number within bounds, plain or with its range and source."""
        kind = "integer" if base is int else "number"
        plain: Json = {"type": kind, "minimum": bounds.low, "maximum": bounds.high}
        name = f"{kind} {bounds.low:g} to {bounds.high:g}"
        ends = {"type": "array", "items": plain, "minItems": 2, "maxItems": 2}
        quantity: Json = {
            "type": "object",
            "description": "A number with its plausible range and its source.",
            "properties": {
                "value": {**plain, "description": "The number."},
                "range": {**ends, "description": "The lowest and the highest plausible value."},
                "source": {"type": "string", "description": _COMMON["source"]},
            },
            "required": ["value"],
            "additionalProperties": False,
        }
        self.definitions[name] = {"anyOf": [plain, quantity]}
        return {"$ref": f"#/definitions/{name.replace(' ', '%20')}"}

    def union(self, args: tuple[Any, ...]) -> Json:
        """Return one of several alternatives; None is an empty value."""
        return {"anyOf": [{"type": "null"} if arg is NoneType else self.value(arg) for arg in args]}

    def items(self, args: tuple[Any, ...]) -> Json:
        """Return a list, of any length or of a fixed one."""
        if args[-1] is Ellipsis:
            return {"type": "array", "items": self.value(args[0])}
        each = [self.value(arg) for arg in args]
        return {"type": "array", "items": each, "minItems": len(each), "maxItems": len(each)}

    def table(self, key: Any, value: Any) -> Json:
        """Return a mapping with free keys."""
        read = self.value(value)
        meta = get_args(key)[1] if get_origin(key) is Annotated else None
        if isinstance(meta, PathText):
            return {"type": "object", "patternProperties": {_PATH: read}, "additionalProperties": False}
        if meta is not None and not isinstance(meta, Formula):
            return {"type": "object", "patternProperties": {f"^{ID.regex}$": read}, "additionalProperties": False}
        return {"type": "object", "additionalProperties": read}

    def reference(self, cls: type) -> Json:
        """Return a reference to the definition of a class, which is added on first use."""
        if cls.__name__ not in self.definitions:
            self.definitions[cls.__name__] = {}  # allows recursive classes
            schema = self.mapping(cls)
            short = getattr(cls, "SHORT", None)
            if short is not None:
                hint = get_type_hints(cls, include_extras=True)[short]
                schema = {"anyOf": [self.value(hint), schema], "description": schema["description"]}
            self.definitions[cls.__name__] = schema
        return {"$ref": f"#/definitions/{cls.__name__}"}


def _text(form: str, pattern: str, kind: str | list[str] = "string", **more: int) -> Json:
    """Return the schema of a text of this form, with what an editor says of one that does not have it."""
    message = f"write {form[0].lower()}{form[1:]}".replace("`", "'")
    return {"type": kind, "pattern": pattern, "patternErrorMessage": message, **more, "description": form}


def _placeholders(slots: tuple[str, ...]) -> str:
    return f"; {' and '.join(f'`{slot}`' for slot in slots)} can be used as an index" if slots else ""


@cache
def _descriptions(module: str) -> dict[tuple[str, str], str]:
    """Return the docstring below each attribute of a model class, by class and field."""
    descriptions = {}
    for cls in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(cls, ast.ClassDef):
            for attribute, below in pairwise(cls.body):
                if isinstance(attribute, ast.AnnAssign) and isinstance(below, ast.Expr):
                    descriptions[cls.name, ast.unparse(attribute.target)] = inspect.cleandoc(
                        ast.literal_eval(below.value)
                    )
    return descriptions
