"""The QR code of the facilitator's address: drawn where the console can show it."""

from __future__ import annotations

import io
import sys

import pytest

from wargame.web.server import qr_lines


@pytest.mark.parametrize(("encoding", "drawn"), [("utf-8", True), ("ascii", False), ("cp1252", False), ("cp850", True)])
def test_it_is_drawn_where_the_console_has_half_blocks(
    monkeypatch: pytest.MonkeyPatch, encoding: str, drawn: bool
) -> None:
    """A console with another character set gets the address alone, not question marks."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert bool(qr_lines("http://127.0.0.1:8765/j#K7QF-2MXA")) is drawn
