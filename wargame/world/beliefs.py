"""Beliefs: a government's estimates of indicators that it cannot see, with a variance.

A report moves the mean towards the reported value and narrows the variance, as in a one-dimensional Kalman filter:
K = V/(V + r), m += K·(y − m), V ← (1 − K)·V. Without reports V grows back to its prior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.world.state import World


def report(world: World, government: str, slot: int, observed: float, variance: float) -> None:
    """Update the belief of `government` in `slot` by an observation with `variance`, in units of the range squared."""
    if (government, slot) not in world.beliefs:
        return
    mean_slot, variance_slot = world.beliefs[government, slot]
    spec = world.slots[slot]
    noise = variance * (spec.high - spec.low) ** 2
    world.curves.report(mean_slot, variance_slot, observed, noise)


def estimate(world: World, government: str, slot: int) -> tuple[float, float]:
    """(mean, variance) of the belief of `government` in `slot`; its own and public slots have no variance."""
    if (government, slot) not in world.beliefs:
        return world.value(slot), 0.0
    mean_slot, variance_slot = world.beliefs[government, slot]
    return world.value(mean_slot), world.value(variance_slot)
