"""What the addresses of requests say: positions in a stream, and what a page looks at."""

from __future__ import annotations

from urllib.parse import parse_qsl

from wargame.web.audience import Look


def position(text: str, epoch: int) -> tuple[int, int]:
    """Epoch and number of `E.K`; the beginning of the present past for anything else."""
    first, _, second = text.partition(".")
    if first.isdecimal() and second.isdecimal() and text.isascii() and len(text) <= 40:
        return int(first), int(second)
    return epoch, 0


def look_of(query: str) -> Look:
    """The query of a page's address in parts; the first value of each name."""
    try:
        pairs = parse_qsl(query[:1024], max_num_fields=20)
    except ValueError:
        return ()
    return tuple(dict(reversed(pairs)).items())
