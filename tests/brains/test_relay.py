"""The relay between an exercise and a program that connects by HTTP."""

from __future__ import annotations

from base64 import urlsafe_b64decode

from wargame.brains.http_seat import Relay


def test_the_token_cannot_be_guessed() -> None:
    """It has 144 random bits, and each seat has its own."""
    tokens = {Relay().token for _ in range(20)}
    assert len(tokens) == 20
    assert {len(urlsafe_b64decode(token)) for token in tokens} == {18}
