"""Batches: many runs of one scenario in several arms, on cores or a cluster, as a table with statistics.

The package can be called: `wargame.batch("korea-2017", n=100)` is `wargame.batch.api.batch`, which documents the
arguments. Layers, from below: `study` (the study file), `running` (runs and parts), `analysis`, `api`.
"""

from __future__ import annotations

import sys
from inspect import Signature, signature
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """A module that can be called, so that notebooks need only one name."""

    def __call__(self, *args: Any, **settings: Any) -> Any:
        """As `wargame.batch.api.batch`."""
        from wargame.batch.api import batch

        return batch(*args, **settings)

    @property
    def __signature__(self) -> Signature:
        """The parameters of `batch`, for `inspect` and for completion in notebooks."""
        from wargame.batch.api import batch

        return signature(batch)


sys.modules[__name__].__class__ = _Callable
