"""The review of an exercise as a page for the control room: the report that `endex` writes into the run folder."""

from __future__ import annotations

import html
import re

from wargame.errors import UsageFault
from wargame.live.console.console import Console

FILE = "report.html"
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
NOTHING = "default-src 'none'"


def review_page(console: Console) -> tuple[bytes, str]:
    """Return the report and its content security policy; writes it first if there is none. UsageFault before ENDEX."""
    session, review = console.session, console.review
    if not session.exercise.done:
        raise UsageFault("the review is written at ENDEX")
    path = session.folder.path / FILE
    lines = review.write() if review is not None and not path.is_file() else []
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageFault(" ".join([*lines, f"the review cannot be read: {error.strerror}"])) from None
    return content, policy_of(content)


def policy_of(content: bytes) -> str:
    """Return the policy that the report states itself, which no page of another site may show; nothing without one."""
    found = _POLICY.search(content[:20_000].decode(errors="replace"))
    return f"{html.unescape(found[1]) if found else NOTHING}; frame-ancestors 'none'"
