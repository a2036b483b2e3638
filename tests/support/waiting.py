"""Waiting for another process: as long as it may take on a machine under load."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 240.0
"""Seconds after which a test gives up on something that usually takes less than one. No promise about speed."""

SOON = 60.0
"""Seconds after which it gives up on a page that is open, and on a process that has been told to end."""


def until(condition: Callable[[], object], state: Callable[[], object] = str) -> None:
    """Waits until a condition is true; `state` is what a failure shows."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, state()
        time.sleep(0.02)
