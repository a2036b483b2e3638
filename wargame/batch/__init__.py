"""Studies: many runs of one scenario in several arms, on cores or a cluster, into a table and its statistics.

The room can be called: `wargame.batch("korea-2017", n=100)` is `wargame.batch.api.batch`, whose help tells the
arguments.
"""

from __future__ import annotations

import sys
from inspect import Signature, signature
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """A module that is also its main function, so that notebooks need no second name for it."""

    def __call__(self, *args: Any, **settings: Any) -> Any:
        """As `wargame.batch.api.batch`."""
        from wargame.batch.api import batch

        return batch(*args, **settings)

    @property
    def __signature__(self) -> Signature:
        """What it takes, for `inspect` and for notebooks that complete arguments."""
        from wargame.batch.api import batch

        return signature(batch)


sys.modules[__name__].__class__ = _Callable
