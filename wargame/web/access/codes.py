"""Join codes and session tokens. A code has 40 bits in eight letters and digits; a token has 256 bits."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U."""
BITS = 40
ONE_TIME_BITS = 80
"""Bits of the code in the facilitator's address, which is not typed by hand."""
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_code(bits: int = BITS) -> str:
    """Return a random code in groups of four: `K7QF-2MXA`."""
    number = secrets.randbits(bits)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(0, bits, 5))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def plain_code(text: str) -> str:
    """Return a code as it is compared: in capitals, without spaces and dashes, O read as 0, I and L as 1."""
    return "".join(text.split()).upper().translate(_ALIKE)


def same_code(typed: str, code: str) -> bool:
    """Return whether the typed text is this code; takes the same time wherever they differ."""
    return secrets.compare_digest(plain_code(typed).encode(), plain_code(code).encode())


def new_token() -> str:
    """Return a random token for a cookie or an Authorization header."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the SHA-256 of a token, which is stored in its place."""
    return hashlib.sha256(token.encode()).hexdigest()
