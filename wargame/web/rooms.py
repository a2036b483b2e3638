"""Several exercises side by side: a process for each room, and a lobby that sends people to the room of their code.

The lobby starts `wargame serve RUN` for each room, at the ports behind its own, and again if one fails: the others do
not notice. What a room writes after `MARK` is a command for all rooms, which they read from standard input.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from socket import socket

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wargame.errors import UsageFault
from wargame.web import shapes
from wargame.web.access.access_file import stored_codes
from wargame.web.access.people import same_code
from wargame.web.access.throttle import Joins, network
from wargame.web.access_desk import KEY, MARK
from wargame.web.address import Address, known_hosts, listen, public_url, tls_context
from wargame.web.answers import HttpAnswer, RequestRefused, body_of, encoded, fault
from wargame.web.connections import Connections, listening, most_connections
from wargame.web.rendering import content_type, render, render_page, static_files
from wargame.web.server import Serving, server_of


async def serve_lobby(runs: Sequence[Path], serving: Serving, options: Sequence[str]) -> None:
    """Serve several exercises, with these options of `wargame serve`, and their lobby until it is cancelled."""
    tls, connections = tls_context(serving.tls_cert, serving.tls_key), Connections(most_connections())
    opened, places = listen_beside(serving.address, len(runs))
    with closing(listening(opened, connections)) as listener:
        url, *urls = (public_url(each, serving.public_hosts, tls=tls is not None) for each in places)
        more = (*(f"--room={url}={run}" for run, url in zip(runs, urls, strict=True)), *options)
        lobby = Lobby(dict(zip(runs, urls, strict=True)))
        server = server_of(lobby.app(), known_hosts(places[0], serving.public_hosts), connections, tls)
        print(f"The lobby of {len(runs)} rooms: {url}", flush=True)  # noqa: T201  # its answer
        host = f"[{places[0].host}]" if ":" in places[0].host else places[0].host
        keep = (
            lobby.keep(run, ["--address", f"{host}:{at.port}", *more]) for run, at in zip(runs, places[1:], strict=True)
        )
        tasks = [asyncio.ensure_future(each) for each in keep]
        try:
            await asyncio.gather(server.serve(sockets=[listener]), connections.keep_moving(), *tasks)
        finally:  # each room finishes what it writes
            for each in tasks:
                if not each.cancelling():
                    each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def listen_beside(address: Address, rooms: int) -> tuple[socket, list[Address]]:
    """Return the socket of the lobby, and its address, below the ports of the rooms; UsageFault if one is in use.

    Port 0 is tried again, because the ports of the rooms follow that of the lobby.
    """
    for left in reversed(range(100)):
        lobby = listen(address)
        places = [replace(address, port=lobby.getsockname()[1] + n) for n in range(rooms + 1)]
        try:
            for each in places[1:]:
                listen(each).close()
            break
        except UsageFault:
            lobby.close()
            if address.port or not left:
                raise
    return lobby, places


LONGEST = 1 << 24
"""Bytes of a line of a room: a command of a browser has at most 32 KiB, and each line break in it becomes six bytes."""


class Lobby:
    """The lobby of several rooms: the address of each by its run folder."""

    def __init__(self, rooms: dict[Path, str]) -> None:
        self._rooms, self._processes = rooms, dict[Path, Process]()
        self._missed: defaultdict[Path, list[bytes]] = defaultdict(list)
        """Commands for rooms that did not run when they were given, or may have ended before they read them."""
        self._joins = Joins(time.monotonic)

    async def keep(self, run: Path, options: Sequence[str]) -> None:
        """Run one room, show what it shows, and start it again after a failure; stop it when this is cancelled."""
        command = (sys.executable, "-m", "wargame", "serve", str(run), *options)
        environment = os.environ | {"PYTHONIOENCODING": "utf-8:replace"}
        while True:
            self._processes[run] = room = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, limit=LONGEST, env=environment
            )
            for line in self._missed.pop(run, ()):
                room.stdin.write(line)  # type: ignore[union-attr]
            try:
                async for line in room.stdout or ():  # type: ignore[union-attr]
                    self._take(line, run)
                code = await room.wait()  # a signal to a room that has ended would take its exit code away
            finally:
                if room.returncode is None:
                    room.terminate()
                    await room.wait()
            self._take(f"! {run.name} has stopped (exit code {code}). It starts again.".encode(), run)
            await asyncio.sleep(3)  # a room that cannot start is not tried all the time

    def _take(self, line: bytes, room: Path) -> None:
        if not line.startswith(MARK):
            print(line.decode(errors="replace").rstrip(), flush=True)  # noqa: T201  # what the room answers
            return
        for run in self._rooms:
            if not (line.startswith(MARK * 2) and run == room):
                self._give(run, line.lstrip(MARK))

    def _give(self, run: Path, line: bytes) -> None:
        """Write a command to a room; one that starts again is given what it has missed, once more if it has a key."""
        room = self._processes.get(run)
        if runs := room is not None and room.stdin is not None and room.returncode is None:
            room.stdin.write(line)
        if not runs or KEY in line[1:]:
            self._missed[run].append(line)

    def app(self) -> Starlette:
        """Return the page on which a code is typed, and the files of that page."""
        pages = {"/": self._door, "/j": self._door, "/static/{name}": self._static}
        routes = [*(Route(*each) for each in pages.items()), Route("/api/1/join", self._join, methods=["POST"])]
        return Starlette(routes=routes)

    async def _door(self, request: Request) -> Response:
        joined = (url for url in self._rooms.values() if f"wargame-{url.rpartition(':')[2]}" in request.cookies)
        html = render("join/form.html", title=f"{len(self._rooms)} rooms", room=next(joined, ""))
        page = render_page("lobby", "Join", {"join": html}, hashes={"join": ""}, styles=("join.css",))
        return Response(page, media_type="text/html")

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = static_files().get(name)
        return Response(status_code=404) if content is None else Response(content, media_type=content_type(name))

    async def _join(self, request: Request) -> Response:
        """Return the address of the room that has a code."""
        address = network(request.client.host if request.client else "")
        try:
            code = body_of(await request.body(), shapes.Joining).code
        except RequestRefused as refusal:
            return encoded(refusal.answer)
        if wait := self._joins.attempt(address):
            return encoded(fault(429, "many people join from your address: try again in a moment", wait))
        for run, url in self._rooms.items():
            if any(same_code(code, each) for each in stored_codes(run)):
                return encoded(HttpAnswer(200, {"room": f"{url}/j"}))
        await asyncio.sleep(self._joins.delay(address))
        return encoded(fault(403, "this code is not valid in any room (ask the facilitator for yours)"))
