"""The pages of files, key by key, and their JSON Schemas, from the annotated classes of the model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

from page_parts import DOCS, NOTE, code, grid, joined, linked, see_also

from wargame.batches.study import model as study_model
from wargame.batches.study.model import study_schema
from wargame.language.times import format_duration
from wargame.scenario import model
from wargame.scenario.building.build import written_fields
from wargame.scenario.building.schema import schema
from wargame.scenario.model import conduct, events, governments, injects, questions, targets
from wargame.scenario.model import map as maps
from wargame.scenario.model.annotations import JUDGEMENT

FILES = {
    "scenario": (
        "Scenario files",
        "The keys of a file with `format: wargame-scenario/1`, as in `wargame schema scenario`.",
        model.Scenario,
    ),
    "injects": (
        "Inject files",
        "The keys of a file with `format: wargame-injects/1`, as in `wargame schema injects`.",
        model.Injects,
    ),
    "exercise": (
        "Exercise files",
        "The keys of a file with `format: wargame-exercise/1`, as in `wargame schema exercise`.",
        model.ExercisePlan,
    ),
    "study": (
        "Study files",
        "The keys of a file with `format: wargame-study/1`, as in `wargame schema study`.",
        study_model.Study,
    ),
}
PLURAL = re.compile(r"\b(id|number|text|duration|time|formula)\b")
NAMES = (
    *("conduct", "events", "exercises", "governments", "indicators", "injects", "map", "measures", "questions"),
    "scenario",
)
PLACES = (*(getattr(model, name) for name in NAMES), targets, study_model)
MODEL = tuple(each for place in PLACES for each in vars(place).values() if isinstance(each, type))
"""The classes of the mappings in files."""
READING = """Keys marked *required* must be present. [Expressions and times](language.md) defines formulas, durations
(`14d`, `1d 12h`) and times. Any number can also be written with its range and source:
`{value: 0.3, range: [0.1, 0.6], source: ...}`. Numbers without an upper end here are at most 1,000,000, seeds at most
2^53 − 1 in exercise files and 2^63 − 1 elsewhere. A formula of `actor` and `target`, or of `self`, can use these as
indexes."""
FORMS = {
    "A formula": "formula",
    "A duration": "duration",
    "A time": "time",
    "The path of an indicator": "path of an indicator",
    "Letters, digits, _ and -": "id",
}
"""The start of a form's description in the schema, and the name of the form in a table."""
ONE = "The id of one "
GUIDES_OF_FILES = {
    "scenario": ("how-to/write-a-scenario", "how-to/build-a-scenario", "explanation/model"),
    "injects": ("how-to/write-an-inject", "how-to/add-media-and-questionnaires", "how-to/exchange-the-msel"),
    "exercise": ("how-to/plan-an-exercise", "how-to/facilitate"),
    "study": ("how-to/run-a-study", "how-to/read-the-intervals"),
}
"""The same, by kind of file."""
EXAMPLES: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("examples.json").read_text("utf-8"))
"""By mapping and key, a value as it is written in a file. `{…}` stands for a mapping that is left out."""


def schema_text(document: dict[str, Any]) -> str:
    """A JSON Schema as a file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def whole(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file."""
    return study_schema() if kind == "study" else schema(kind)


PARTS = {
    "scenario": {
        "scenario-governments": (
            "Scenario files: governments and options",
            "Who decides: governments, leaders, strategies, and the options that they have.",
            (governments,),
        ),
        "scenario-events": (
            "Scenario files: forums, agreements, events",
            "Talks and agreements, events without a meeting, outcomes, the history, and objectives.",
            (events, injects),
        ),
        "scenario-conduct": (
            "Scenario files: conduct over time",
            "Optional mechanisms: reviews of orders, routine, plans, aspirations, visits.",
            (conduct,),
        ),
        "scenario-evidence": (
            "Scenario files: evidence",
            "Claims, targets, how a chronology is read, and the map. None of this changes a run.",
            (questions, targets, maps),
        ),
    }
}
"""Parts of a kind of file that have a page of their own, with the modules of their mappings."""


def file_pages(kind: str) -> dict[Path, str]:
    """The keys of one kind of file, mapping by mapping, on one page or several."""
    title, about, cls = FILES[kind]
    document, classes = whole(kind), {each.__name__: each for each in MODEL}
    named = {name: of for name, of in document["definitions"].items() if " " not in name}  # not the ranges of numbers
    parts = PARTS.get(kind, {})
    places = {name: page_of(classes[name], kind, parts) for name in named}
    main, texts = f"{kind}-files", {}
    for page in (main, *parts):
        head, text = (title, about) if page == main else parts[page][:2]
        own = [mapping(name, name, of, classes[name]) for name, of in named.items() if places[name] == page]
        first = [mapping("The file", f"The file {kind}", document, cls)] if page == main else []
        others = [f"[{parts[name][0].partition(': ')[2]}]({name}.md)" for name in parts]
        more = f" Further pages have {joined(others)}." if page == main and others else ""
        intro = f"{text}{more}\n\n{READING}\n\n{see_also(GUIDES_OF_FILES[kind])}"
        body = NOTE + f"# {head}\n\n{intro}\n\n" + "\n".join((*first, *own))
        texts[DOCS / "reference" / f"{page}.md"] = with_places(body, places, page)
    return texts


def page_of(cls: type, kind: str, parts: Mapping[str, tuple[str, str, tuple[ModuleType, ...]]]) -> str:
    """The page that has a mapping."""
    modules = {module.__name__: page for page, (_, _, of) in parts.items() for module in of}
    return modules.get(cls.__module__, f"{kind}-files")


def with_places(text: str, places: Mapping[str, str], page: str) -> str:
    """The text of a page, in which links to mappings on other pages name these."""
    there = {name.lower(): place for name, place in places.items()}
    return re.sub(
        r"\]\(#([a-z]+)\)",
        lambda link: link[0] if there.get(link[1], page) == page else f"]({there[link[1]]}.md#{link[1]})",
        text,
    )


def mapping(title: str, name: str, of: dict[str, Any], cls: type) -> str:
    """One mapping as a table of its keys with examples."""
    keys = keys_of(of)
    required = keys.get("required", ())
    rows = [
        (
            f"`{item.name}`" + " *required*" * (item.name in required),
            kind_of(value),
            f"{meaning(value, item.default)} Example: {code(EXAMPLES[name][key])}",
        )
        for item, (key, value) in zip(written_fields(cls), keys["properties"].items(), strict=True)
    ]
    return "\n\n".join((f"## {title}", linked(of["description"]), grid(("Key", "Value", "Meaning"), rows))) + "\n"


def keys_of(of: dict[str, Any]) -> dict[str, Any]:
    """The schema with the keys of a mapping. If it has a short form, the full form is its last alternative."""
    full: dict[str, Any] = of if "properties" in of else of["anyOf"][-1]
    return full


def meaning(value: dict[str, Any], default: Any) -> str:
    """Description and default, without the form, which `kind_of` names."""
    sentences = [part for part in value.get("description", "").split("\n\n") if not part.startswith((*FORMS, ONE))]
    if default not in (MISSING, None, "", (), JUDGEMENT) and "const" not in value:
        sentences.append(f"Default: `{shown(default, duration='duration' in kind_of(value))}`.")
    return " ".join(sentences)


def shown(default: Any, *, duration: bool) -> str:
    """A default as in a file."""
    if isinstance(default, tuple):
        return "[" + ", ".join(shown(one, duration=duration) for one in default) + "]"
    if isinstance(default, bool):
        return str(default).lower()
    return format_duration(default) if duration else str(default)


def kind_of(value: dict[str, Any]) -> str:
    """The kind of a value, in a few words."""
    form: str = value.get("description", "").split("\n\n")[-1]
    for start, words in FORMS.items():
        if form.startswith(start):
            _, mark, rest = form.partition("; ")
            return words + (mark and f" of {rest.removesuffix(' can be used as an index')}")
    if form.startswith(ONE):
        return form.removeprefix(ONE) + " id"
    if "$ref" in value:
        name = unquote(value["$ref"].rsplit("/", 1)[-1])
        return ranged(name) if " " in name else f"[{name}](#{name.lower()})"
    for many in ("anyOf", "allOf"):
        if many in value:
            return " or ".join(dict.fromkeys(kind_of(one) for one in value[many] if one != {"type": "null"}))
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    return typed(value)


UNBOUNDED = ("1e+06", "1e+09", "9.22337e+18", "9.0072e+15")
"""Upper ends that only prevent overflow: a million, a milliard, and the greatest seeds."""
LOWEST = {"-1e+09": "", "1e-09": "above 0"}
"""Lower ends of the same kind, in words."""


def ranged(name: str) -> str:
    """A range of numbers in words, without the range that only prevents overflow."""
    kind, _, bounds = name.partition(" ")
    word = "whole number" if kind == "integer" else "number"
    low, _, high = bounds.partition(" to ")
    if high not in UNBOUNDED:
        return f"{word} {low} to {high}"
    return f"{word} {LOWEST.get(low, f'from {low}')}".strip()


def typed(value: dict[str, Any]) -> str:
    """The kind of a value that has a JSON type."""
    match value["type"]:
        case "array":
            items = value["items"]
            if not isinstance(items, list):
                return f"list of {plural(kind_of(items))}"
            each = [kind_of(item) for item in items]
            return f"list of {len(each)} {plural(each[0])}" if len(set(each)) == 1 else f"list of {', '.join(each)}"
        case "object":
            ((form, inner),) = value.get("patternProperties", {"": value["additionalProperties"]}).items()
            keys = "of indicators " if r"\[" in form else ""  # a path may have an index
            kind = kind_of(inner)
            return (
                f"mapping {keys}to {kind.replace('mapping ', 'mappings ', 1) if kind.startswith('mapping ') else kind}"
            )
        case "boolean":
            return "`true` or `false`"
    return "text"


def plural(kind: str) -> str:
    """The kind of several values: the first noun that has a plural gets it."""
    return PLURAL.sub(r"\g<0>s", kind, count=1) if not kind.startswith(("[", "list", "mapping", "`")) else kind
