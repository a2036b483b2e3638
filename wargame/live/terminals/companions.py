"""What runs beside a hub: a server for browsers, the programs in seats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.live.terminals.hub import Hub

Companion = Callable[["Hub"], AbstractAsyncContextManager[list[str]]]
"""A companion of a hub: entered with the hub, it gives lines to show first."""


@asynccontextmanager
async def alone(hub: Hub) -> AsyncIterator[list[str]]:
    """The companion of a hub that has none."""
    del hub
    yield []


def side_by_side(*companions: Companion) -> Companion:
    """Several companions as one; those named first are entered first, and left last."""

    @asynccontextmanager
    async def beside(hub: Hub) -> AsyncIterator[list[str]]:
        async with AsyncExitStack() as stack:
            lines = [line for each in companions for line in await stack.enter_async_context(each(hub))]
            yield lines

    return beside
