"""Attachments over HTTP: whole, or in the ranges that players of recordings and videos ask for."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response

from wargame.journal.records.script import AttachedFile
from wargame.web.endpoints import PREFIX

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def attachment_url(attached: AttachedFile) -> str:
    """Return the address of an attachment; only those who have received the attachment get an answer there."""
    return f"{PREFIX}/attachments/{attached.sha256}"


def attachment_response(attached: AttachedFile, data: bytes, asked_range: str, known: str) -> Response:
    """Return the bytes, or the range of them that is asked for. `known` is the hash that the browser has already.

    Browsers ask again each time, so that nobody sees a file that is no longer theirs. Its content is not executed.
    """
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": f'"{attached.sha256}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(attached.file)}",
    }
    if known == headers["ETag"]:
        return Response(None, 304, headers)
    found = _RANGE.fullmatch(asked_range)
    if found is None or not (found[1] or found[2]):
        return Response(data, 200, headers, attached.media_type)
    first = int(found[1]) if found[1] else max(0, len(data) - int(found[2]))
    last = min(int(found[2]), len(data) - 1) if found[1] and found[2] else len(data) - 1
    if first > last:
        return Response(None, 416, headers | {"Content-Range": f"bytes */{len(data)}"})
    headers |= {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return Response(data[first : last + 1], 206, headers, attached.media_type)
