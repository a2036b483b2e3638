"""The review as one HTML file: nothing is loaded from anywhere, nothing from a scenario is ever markup."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wargame.journal import sentences as phrases
from wargame.journal.trace import origin
from wargame.journal.records import Record
from wargame.review.findings import finding_rows as rows
from wargame.review.findings import knowledge
from wargame.review.findings import report_header as facts
from wargame.review.findings.dates import exact
from wargame.review.findings.findings import Findings, OutcomeFinding, ending, findings
from wargame.review.findings.msel import msel
from wargame.review.findings.objectives import STATUSES, legend, nothing_drafted, objectives
from wargame.review.findings.plans import headline
from wargame.review.findings.reviewer_notes import PARTS, PLAN, ReviewerNotes, merged, plan_rows
from wargame.review.findings.source import RunSource
from wargame.review.reports.run_summary import clean

if TYPE_CHECKING:
    from wargame.review.findings.effects import MomentEffects

SCRIPTS = ("data.js", "timeline.js", "detail.js", "seats.js", "figures.js", "lists.js")
MOMENTS = 5
EVERY_SECTION = (
    ("summary", "In one page"),
    ("effects", "What would have happened otherwise"),
    ("standing", "How unusual this run is"),
    ("timeline", "Timeline"),
    ("seats", "Who knew what when"),
    ("objectives", "Objectives and expected actions"),
    ("msel", "MSEL as executed"),
    ("relations", "Relations"),
    ("indicators", "Escalation and indicators"),
    ("attention", "Dossiers and attention"),
    ("talks", "Forums and agreements"),
    ("decisions", "Decisions and their reasons"),
    ("notes", "Notes and adjudications"),
    ("improve", "Observations and improvement plan"),
    ("reproduce", "How to reproduce"),
    ("journal", "Journal"),
)
FOR_SEAT = {"indicators": "Indicators"}
"""Headings that are others in the version for a seat: it does not see all actions."""
FOR_CONTROL = frozenset({"effects", "standing", "objectives", "msel", "notes", "improve", "reproduce"})
"""Sections that a seat may not have: they tell of the other side, or how to look it up."""
OPTIONAL = frozenset({"effects", "standing", "attention", "talks"})
"""Sections that are left out where there is nothing to tell."""
_NUMBER = re.compile(r"\[#(\d+)\]")


def page(
    source: RunSource,
    words: ReviewerNotes,
    seat: str = "",
    effects: MomentEffects | None = None,
    standing: Mapping[str, Any] | None = None,
) -> bytes:
    """The review of a run as a whole file; with `seat` only what that government could know."""
    visible = knowledge.seat_source(source, seat) if seat else source
    style, script = asset("style.css"), "\n".join(asset(name) for name in SCRIPTS)
    found = findings(visible.manifest, visible.records, visible.notes)
    found = replace(found, ended=ending(source.manifest, source.records))  # by the journal, not by what a seat sees
    chosen = _moments(visible, effects)
    content = {
        "policy": policy(style, script),
        "style": Markup(style),  # noqa: S704 - our own files, vetted by the hash in the policy
        "script": Markup(script),  # noqa: S704
        "packed": Markup(pack(visible, seat, [moment["seq"] for moment in chosen])),  # noqa: S704 - base64
        "moments": chosen,
        **_common(visible, found, seat),
        **(_blank() if seat else _control(source, words, effects) | {"standing": standing}),
    }
    content["sections"] = [
        (name, FOR_SEAT.get(name, title) if seat else title)
        for name, title in EVERY_SECTION
        if not (seat and name in FOR_CONTROL) and (name not in OPTIONAL or content[name])
    ]
    content["headings"] = dict(content["sections"])
    return bytes(template("run.html.j2").render(content).encode())


@cache
def asset(name: str) -> str:
    """A file of the page, as text."""
    return (resources.files("wargame.review") / "assets" / name).read_text(encoding="utf-8")


def policy(style: str, script: str = "", *, pictures: bool = False) -> str:
    """The content security policy: this style and this script run, and nothing else loads or runs."""
    rules = ["default-src 'none'", f"style-src '{_hash(style)}'"]
    rules += [f"script-src '{_hash(script)}'"] if script else []
    rules += ["img-src data:"] if pictures else []
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def environment() -> Environment:
    """Jinja with autoescape for everything, and every text cleaned of what a screen would act upon."""
    made = Environment(
        loader=PackageLoader("wargame.review", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: clean_lines(value) if type(value) is str else value,
    )
    made.filters |= {
        "words": lambda text: phrases.words(str(text or "")),
        "linked": linked,
        "exact": exact,
        "breakable": breakable,
        "sentence": phrases.sentence,
    }
    return made


def template(name: str) -> Any:
    """A template of the page."""
    return environment().get_template(name)


def clean_lines(text: str) -> str:
    """Text without control and direction characters; line breaks stay."""
    return "\n".join(clean(line) for line in text.split("\n"))


def linked(text: str) -> Markup:
    """Text in which `[#12]` leads to record 12."""
    parts = _NUMBER.split(text)
    return Markup("").join(
        Markup('<a class="record" href="#r{0}">#{0}</a>').format(part) if place % 2 else clean_lines(part)
        for place, part in enumerate(parts)
    )


def breakable(text: str) -> Markup:
    """An id or a formula, which may break after each underscore."""
    return Markup("_<wbr>").join(clean_lines(part) for part in text.split("_"))


def _moments(source: RunSource, effects: MomentEffects | None) -> list[dict[str, Any]]:
    """The five to tell first: by measured effect if there are any, else by what happened."""
    if effects is not None and effects.told:
        return [dict(row) for row in effects.moments[:MOMENTS]]
    best = sorted(rows.moments(source), key=lambda row: (-row["score"], row["seq"]))[:MOMENTS]
    return [row | {"effect": ""} for row in sorted(best, key=lambda row: row["seq"])]


def _common(source: RunSource, found: Findings, seat: str) -> dict[str, Any]:
    names = source.governments
    return {
        "title": found.title,
        "seat": seat,
        "seat_name": phrases.called(names.get(seat, seat)),
        "scenario": found.scenario,
        "dates": source.dates,
        "game_time": facts.game_time(source, found),
        "held": facts.when_held(source),
        "ended": facts.ended(source, found),
        "absence": found.absence,
        "notes": found.notes,
        "outcomes": [o for o in found.outcomes if o.seq is not None] if seat else outcomes(source, found),
        "seats": _seats(source, seat),
        "attention": [row for row in rows.attention(source) if not seat or row["who"] == seat],
        "talks": [row for row in rows.talks(source) if row["day"] >= 0],
        "call": shlex.quote(source.folder.call),
        "live": source.folder.is_live,
    }


def outcomes(source: RunSource, found: Findings) -> list[OutcomeFinding]:
    """Outcomes, those that no record tells of with the scenario's titles."""
    known = source.scenario.outcomes if source.scenario else {}
    return [replace(o, title=known[o.id].title) if o.id in known else o for o in found.outcomes]


def _seats(source: RunSource, seat: str) -> list[tuple[str, str]]:
    if seat:
        return [(seat, source.governments.get(seat, ""))]
    return list(rows.seats(source).items())


def _blank() -> dict[str, Any]:
    """What a seat's version has none of."""
    empty = (
        "aims",
        "objectives",
        "expected",
        "msel",
        "remarks",
        "left_behind",
        "observations",
        "plan",
        "provenance",
        "tally",
    )
    return dict.fromkeys(empty, ()) | {
        "still_open": 0,
        "nothing_drafted": "",
        "legend": "",
        "overview": "",
        "scope": "",
        "effects": None,
        "standing": None,
        "plan_columns": PLAN,
        "parts": PARTS,
        "command": "",
        "seed": "",
        "count": 0,
        "decided": 0,
    }


def _control(source: RunSource, words: ReviewerNotes, effects: MomentEffects | None) -> dict[str, Any]:
    """What only exercise control and the reviewer see."""
    expected = rows.expected_actions(source)
    return {
        "overview": words.overview,
        "scope": facts.scope(source),
        "aims": facts.aims(source),
        "effects": effects.for_page() if effects else None,
        "objectives": [
            row | {"given": words.ratings.get(row["objective"]) or row["recorded"]} for row in objectives(source)
        ],
        "expected": expected,
        "tally": [(status, sum(row["status"] == status for row in expected)) for status in STATUSES],
        "still_open": rows.still_open(source),
        "nothing_drafted": nothing_drafted(source),
        "legend": legend(),
        "msel": msel(source),
        "remarks": rows.notes(source),
        "left_behind": source.left_behind,
        "observations": [found | {"heading": heading(source, found)} for found in merged(source, words)],
        "plan": plan_rows(source, words),
        "plan_columns": PLAN,
        "parts": PARTS,
        "provenance": provenance(source),
        "command": source.manifest.command,
        "seed": source.manifest.seed,
        "count": len(source.records),
        "decided": source.manifest.decisions or sum(record.kind == "decision" for record in source.records),
    }


def heading(source: RunSource, found: Mapping[str, Any]) -> str:
    """What an observation is about."""
    known = source.scenario.objectives if source.scenario else {}
    objective = str(found["objective"])
    title = known[objective].title if objective in known else phrases.words(objective)
    return ": ".join(part for part in (source.governments.get(str(found["who"]), str(found["who"])), title) if part)


def provenance(source: RunSource) -> list[tuple[str, str]]:
    """What one needs to make the run again, and to know that it is the same."""
    manifest = source.manifest
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    return [
        ("seed", str(manifest.seed)),
        ("scenario sha256", manifest.scenario_sha256),
        ("injects sha256", manifest.injects_sha256),
        ("journal sha256", manifest.journal_sha256 or "not known: the run did not come to its end"),
        ("versions", versions),
        ("platform", manifest.platform),
    ]


# --- the embedded journal ----------------------------------------------------------------------------------


def pack(source: RunSource, seat: str, moments: Sequence[int]) -> str:
    """Journal and names, compressed, as base64."""
    told = [(r.seq, r.t, r.kind, r.who, r.about, r.cause, r.data, headline(source, r)) for r in source.records]
    content = msgspec.json.encode({"meta": _meta(source, seat, moments), "records": told})
    return base64.b64encode(gzip.compress(content, 6, mtime=0)).decode()


def _meta(source: RunSource, seat: str, moments: Sequence[int]) -> dict[str, Any]:
    first = source.records[0] if source.records else None
    attention = [row for row in rows.attention(source) if not seat or row["who"] == seat]
    start = datetime.fromisoformat(first.at).timestamp() - first.t if first else 0.0
    reached = max([record.t for record in source.records[-1:]] + [source.startex])
    return {
        "start": round(start * 1000),
        "offsets": offsets(source.records),
        "startex": source.startex,
        "reached": reached,
        "seat": seat,
        "run": "" if seat else shlex.quote(source.folder.call),
        "governments": source.governments,
        "called": {name: phrases.called(title) for name, title in source.governments.items()},
        "injects": _injects(source),
        "moments": list(moments),
        "origins": {record.seq: origin(record, source.titles) for record in source.records if not record.cause},
        "received": {name: knowledge.received(source, name) for name in ([seat] if seat else source.governments)},
        "options": _options(source),
        "indicators": _indicators(source),
        "attention": attention,
        "dossiers": _dossiers(source, {str(row["dossier"]) for row in attention}),
    }


def _injects(source: RunSource) -> dict[str, str]:
    """Titles of the injects that the records name, and of no others."""
    named = {record.about for record in source.records if record.kind.startswith("inject.")}
    return {name: rows.title_of_inject(source, name) for name in sorted(named)}


def _dossiers(source: RunSource, named: set[str]) -> dict[str, dict[str, Any]]:
    """Title and place in the scenario's order of the dossiers that are told of, and of no others."""
    known = source.scenario.dossiers if source.scenario else {}
    order = [*known, *sorted(named - set(known))]
    return {
        name: {"title": known[name].title if name in known else phrases.words(name), "place": place}
        for place, name in enumerate(order)
        if name in named
    }


def offsets(records: Iterable[Record]) -> list[tuple[int, int]]:
    """Minutes east of UTC, each with the second from which the journal shows it."""
    found: list[tuple[int, int]] = []
    last = ""
    for record in records:
        if record.at[19:] != last:
            last = record.at[19:]
            shift = datetime.fromisoformat(record.at).utcoffset()
            found.append((record.t, round(shift.total_seconds() / 60) if shift else 0))
    return found


def _options(source: RunSource) -> dict[str, str]:
    """Titles of the options that the records name, and of no others."""
    known = source.scenario.options if source.scenario else {}
    named: set[str] = set()
    for record in source.records:
        named.update(str(record.data[key]) for key in ("option", "choice") if key in record.data)
        named.update(str(c.get("option")) for c in record.data.get("candidates", ()))
    return {name: known[name].title for name in sorted(named) if name in known}


def _indicators(source: RunSource) -> dict[str, dict[str, Any]]:
    """Of the indicators that the records name: title, scope, range, unit, who knows them."""
    known = source.scenario.indicators if source.scenario else {}
    paths = {path for r in source.records for path in (*r.data.get("values", ()), *(r.data.get("effects") or ()))}
    named = {path.rpartition(" in ")[2].partition("[")[0] for path in paths}  # also where it is only estimated
    return {
        name: {
            "title": spec.title,
            "scope": spec.scope,
            "low": spec.range[0],
            "high": spec.range[1],
            "unit": spec.unit,
            "known": spec.known,
        }
        for name, spec in sorted(known.items())
        if name in named
    }
