"""Studies: many runs of one scenario in several arms, on cores or a cluster, into a table and its statistics.

The room can be called: `wargame.batch("korea-2017", n=100)` is `wargame.batch.api.batch`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """A module that is also its main function, so that notebooks need no second name for it."""

    def __call__(self, *args: Any, **settings: Any) -> Any:
        """As `wargame.batch.api.batch`."""
        from wargame.batch.api import batch

        return batch(*args, **settings)


sys.modules[__name__].__class__ = _Callable
