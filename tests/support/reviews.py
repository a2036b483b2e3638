"""Reviews as text, and runs with other records."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from dataclasses import replace
from typing import Any

import msgspec

from support.records import made
from wargame.document.blocks import Block
from wargame.journal.records import Record
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import ReviewerNotes
from wargame.review.findings.source import RunSource
from wargame.review.reports.report_header import Review
from wargame.review.reports.run_review import document
from wargame.review.reports.writing import render

HOSTILE = "<script>alert(1)</script>&#x3c; [x](javascript:alert(1)) | `#eval` #let x = 1 \u202e\x07 " + "W" * 500


def page(source: RunSource, seat: str = "") -> str:
    """The review as a page, with HTML entities resolved."""
    return html.unescape(render(Findings(source), "html", seat).decode())


def review_blocks(findings: Findings, notes: ReviewerNotes | None = None) -> list[Block]:
    """The blocks of the review as a document without pictures."""
    return document(Review(findings, notes or ReviewerNotes()), pictures=False)


def embedded(page: bytes | str) -> dict[str, Any]:
    """The journal inside a page."""
    packed = re.search(r'id="journal-data">([^<]+)<', page if isinstance(page, str) else page.decode())
    assert packed
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return data


def hostile(source: RunSource) -> RunSource:
    """The same run with hostile text in every text that people write."""
    keys = ("title", "message", "why", "text", "reason")
    records = [
        made(r.seq, r.t, r.at, r.kind, r.who, r.about, r.cause, r.data | {k: HOSTILE for k in keys if k in r.data})
        for r in source.records
    ]
    return RunSource(source.folder, source.manifest, records, source.loaded, (HOSTILE,))


def seated(source: RunSource, *governments: str) -> RunSource:
    """The same run, as if people had held the seats of these governments and ordered their actions."""
    settings = source.manifest.settings | {"seats": [[name, "human"] for name in governments]}
    records = [_seated(record, governments) for record in source.records]
    manifest = msgspec.structs.replace(source.manifest, settings=settings)
    return replace(source, manifest=manifest, records=records)


def _seated(record: Record, governments: tuple[str, ...]) -> Record:
    if record.kind == "startex":
        return msgspec.structs.replace(record, seats=record.data["seats"] | dict.fromkeys(governments, "human"))
    if record.kind == "action" and record.who in governments and record.data.get("from") == "decision":
        return msgspec.structs.replace(record, source="order")
    return record


def with_records(source: RunSource, *more: tuple[str, str, str, tuple[int, ...], dict[str, Any]]) -> RunSource:
    """The same run with records before its end, each `(kind, who, about, cause, data)`; causes count from the first."""
    *records, end = source.records
    first = end.seq
    for place, (kind, who, about, cause, data) in enumerate(more):
        causes = tuple(first + number for number in cause)
        records.append(made(first + place, end.t, end.at, kind, who, about, causes, data))
    last = made(first + len(more), end.t, end.at, end.kind, end.who, end.about, end.cause, end.data)
    return replace(source, records=[*records, last])
