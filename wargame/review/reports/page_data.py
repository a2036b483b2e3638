"""The journal inside the page of a run: records and names, compressed, as the scripts of the page read them."""

from __future__ import annotations

import base64
import gzip
import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from wargame.document.palette import PUOR
from wargame.journal import wording
from wargame.journal.records import Record
from wargame.journal.trace import origin
from wargame.language.plain_text import clean_json
from wargame.review.findings import knowledge
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.plans import headline
from wargame.review.findings.source import RunSource
from wargame.review.reports import marks


def pack(source: RunSource, seat: str, moments: Sequence[int], attention: Sequence[Row]) -> str:
    """Return the packed journal as base64. `moments` are the records of the listed turning points."""
    records = [(r.seq, r.t, r.kind, r.who, r.about, r.cause, r.data, headline(source, r)) for r in source.records]
    content = msgspec.json.encode({"meta": _meta(source, seat, moments, attention), "records": records}).decode()
    return base64.b64encode(gzip.compress(clean_json(content).encode(), 6, mtime=0)).decode()


def _meta(source: RunSource, seat: str, moments: Sequence[int], attention: Sequence[Row]) -> dict[str, Any]:
    first = source.records[0] if source.records else None
    start = datetime.fromisoformat(first.at).timestamp() - first.t if first else 0.0
    return {
        "start": round(start * 1000),
        "offsets": offsets(source.records),
        "startex": source.startex,
        "reached": max([record.t for record in source.records[-1:]] + [source.startex]),
        "seat": seat,
        "run": "" if seat else shlex.quote(source.folder.call),
        "governments": source.governments,
        "called": {name: wording.called(title) for name, title in source.governments.items()},
        "moments": list(moments),
        "drawn": list(marks.drawn(source.records, source.governments, seat)),
        "marks": marks.MARKS,
        "lanes": marks.LANES,
        "scale": PUOR,
        "origins": {record.seq: origin(record, source.titles) for record in source.records if not record.cause},
        "received": {name: knowledge.received(source, name) for name in ([seat] if seat else source.governments)},
        "options": _options(source),
        "indicators": _indicators(source),
        "attention": attention,
        "dossiers": _dossiers(source, {str(row["dossier"]) for row in attention}),
    }


def offsets(records: Iterable[Record]) -> list[tuple[int, int]]:
    """Return minutes east of UTC, each with the second from which it is in force."""
    changes: list[tuple[int, int]] = []
    last = ""
    for record in records:
        if record.at[19:] != last:
            last = record.at[19:]
            shift = datetime.fromisoformat(record.at).utcoffset()
            changes.append((record.t, round(shift.total_seconds() / 60) if shift else 0))
    return changes


def _options(source: RunSource) -> dict[str, str]:
    """Return titles of the options that occur in the records, and of no others."""
    known = source.scenario.options if source.scenario else {}
    ids: set[str] = set()
    for record in source.records:
        data = record.data
        ids.update(str(data[key]) for key in ("option", "choice") if key in data)
        ids.update(each["option"] for each in data.get("candidates", ()))
    return {name: known[name].title for name in sorted(ids) if name in known}


def _dossiers(source: RunSource, ids: set[str]) -> dict[str, dict[str, Any]]:
    """Return title and place in the scenario's order of the given dossiers."""
    known = source.scenario.dossiers if source.scenario else {}
    order = [*known, *sorted(ids - set(known))]
    return {
        name: {"title": known[name].title if name in known else wording.words(name), "place": place}
        for place, name in enumerate(order)
        if name in ids
    }


def _indicators(source: RunSource) -> dict[str, dict[str, Any]]:
    """Return title, scope, range and unit of the indicators that occur in the records, and how they become known."""
    known = source.scenario.indicators if source.scenario else {}
    paths = {path for r in source.records for path in (*r.data.get("values", ()), *(r.data.get("effects") or ()))}
    names = {path.rpartition(" in ")[2].partition("[")[0] for path in paths}  # `belief of X in NAME[...]` too
    return {
        name: {
            "title": spec.title,
            "scope": spec.scope,
            "low": spec.range[0],
            "high": spec.range[1],
            "unit": spec.unit,
            "known": "derived" if spec.formula else spec.known,
        }
        for name, spec in sorted(known.items())
        if name in names
    }
