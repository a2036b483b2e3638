"""Beliefs: what a government holds for true of indicators that it cannot see, with a variance.

A report moves the mean towards what it says and narrows the variance, as in a Kalman filter with one
number: K = V/(V + r), m += K·(y − m), V ← (1 − K)·V. Without reports V grows back to its prior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.world.state import World

VERIFIED = 0.005
"""A variance below this share of the range squared counts as verified. Judgement."""


def report(world: World, government: str, slot: int, observed: float, variance: float) -> None:
    """Lets `government` learn that `slot` is `observed`, give or take `variance` (in units of the range squared)."""
    if (government, slot) not in world.beliefs:
        return
    mean_slot, variance_slot = world.beliefs[government, slot]
    spec = world.slots[slot]
    noise = variance * (spec.high - spec.low) ** 2
    mean, spread = world.value(mean_slot), world.value(variance_slot)
    if spread + noise <= 0.0:
        return
    gain = spread / (spread + noise)
    world.put(mean_slot, mean + gain * (observed - mean))
    world.put(variance_slot, (1.0 - gain) * spread)


def estimate(world: World, government: str, slot: int) -> tuple[float, float]:
    """(mean, variance) that `government` holds of `slot`; its own and public ones have no variance."""
    if (government, slot) not in world.beliefs:
        return world.value(slot), 0.0
    mean_slot, variance_slot = world.beliefs[government, slot]
    return world.value(mean_slot), world.value(variance_slot)


def is_verified(world: World, government: str, slot: int) -> bool:
    """Whether the estimate is narrow enough to be called verified."""
    spec = world.slots[slot]
    return estimate(world, government, slot)[1] < VERIFIED * (spec.high - spec.low) ** 2
