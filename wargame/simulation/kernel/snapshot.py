"""The daily digest of the world: two runs whose values differ have different digests from that day."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.world.state import World


def digest(world: World) -> str:
    """64 bits over all base values, rounded to 9 digits so that machines agree."""
    return blake2b(world.curves.values(1e9), digest_size=8).hexdigest()


def snapshot(world: World) -> dict[str, float]:
    """All values other than 0, by path, including derived ones, rounded to four digits."""
    levels = zip(world.layout.shown, world.levels(), strict=True)
    return {path: round(value, 4) for path, value in levels if path and value}
