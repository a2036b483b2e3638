"""The daily digest of the world: two runs that differ anywhere differ in it from that day on."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.world.state import World


def digest(world: World) -> str:
    """64 bits over all base values, rounded where only the machine decides."""
    values = world.values()
    return blake2b((values.round(9) + 0.0).tobytes(), digest_size=8).hexdigest()


def snapshot(world: World) -> dict[str, float]:
    """All values that are not at 0, derived ones too, by path, with four digits."""
    levels = zip(world.layout.shown, world.levels(), strict=True)
    return {path: round(value, 4) for path, value in levels if path and value}
