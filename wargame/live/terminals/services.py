"""The services beside a shared session: its clock, the socket, a server for browsers, the programs in seats."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from wargame.live.console.console import Console
from wargame.live.console.participants import Show
from wargame.live.terminals.shared_session import SharedSession
from wargame.live.terminals.socket import Server

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


@asynccontextmanager
async def opened(
    console: Console, show: Show, service: Service | None = None, *, ready: bool = True
) -> AsyncIterator[tuple[SharedSession, list[str], list[str]]]:
    """Share a console until the end of the block: other terminals can join, its clock runs, and the service beside it.

    Yields the shared session, notes on what is not possible here, and the lines of the service. With `ready`, the
    look-ahead is started before it is asked.
    """
    shared = SharedSession(console, show)
    server = Server(shared)
    notes = await server.open()
    clock = asyncio.create_task(shared.keep_time())
    try:
        if ready:
            await shared.lookahead.keep_ready()
        async with (service or all_services())(shared) as lines:
            yield shared, notes, lines
    finally:
        clock.cancel()
        await shared.close()
        await server.close()
