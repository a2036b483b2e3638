"""What runs beside a shared session: a server for browsers, the programs in seats."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from wargame.live.terminals.shared_session import SharedSession

Service = Callable[["SharedSession"], AbstractAsyncContextManager[list[str]]]
"""A service beside a shared session: entered with it, it gives lines to show first."""


def all_services(*services: Service) -> Service:
    """Return several services as one, or one that does nothing; those named first are entered first, and left last."""

    @asynccontextmanager
    async def beside(shared: SharedSession) -> AsyncIterator[list[str]]:
        async with AsyncExitStack() as stack:
            lines = [line for each in services for line in await stack.enter_async_context(each(shared))]
            yield lines

    return beside
