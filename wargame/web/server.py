"""The server of one exercise, beside its shared session in one process and one event loop.

Theory of operation
-------------------
A `Room` (`room.py`) holds what all requests share: the people (`access/`), a
console of the shared session for each person, a `ViewerGroup` for each group that sees the same (a seat, the control
room, the public screens, one evaluator), and the open streams. A seat's page is rendered once for all who sit there,
from what `wargame.seat` says that they may know.

Three ways lead from a browser into the exercise:

- *A request for a page or for parts* (`app.py`) renders a screen (`screens/`) for the audience, unless it is rendered
  already for this `version` of the exercise. A page asks for the parts whose hashes differ from those it has.
- *A command* (`room_commands.py`) has a key. Its order: the allowance of the person; an earlier command with this key,
  whose answer is repeated; the epoch, which changes with the past of this audience (409 if the person has seen
  another past); then the line is run by the shared session, as from a terminal. Its line in the command log bears the
  key, so that after a crash the log says whether it was carried out. The answer is kept in `access.jsonl`.
- *A stream of events* (`stream.py`) sends, from a position on: `epoch` and `entry` (what the
  audience has been sent, numbered), `notice` and `reply` (once, to one person), `clock` and `presence` (the latest
  only), `view` (the keys of parts that have changed).

On disk beside the run: `access.jsonl`, which has a class for each kind of line (`access/access_file.py`): codes and
people; what they may see; heads, proposals and notes of seats; answers, receipts and notices that wait; and which
audiences did not notice a change of the past. Each line is there before it takes effect. The exercise does not depend
on it. Uploaded files that a command names are inputs of the run, and texts of people are in `review.yaml`.

States of a person: waiting in the lobby, admitted (here or away), removed. Roles decide which endpoints, commands and
screens there are (`endpoints.yaml`, `answers.py`, `screens/__init__.py`); what a seat may see is decided by
`wargame.seat` and the journal's visibility, never here.

Who calls whom: the session calls the room when records are new and after a change of the past, the shared session
when the clock may have moved; the room marks what has changed, and `Room.push` reports it to the streams at most
twice a second. Nothing is rendered for audiences without an open page.
"""

import asyncio
import gc
import io
import re
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from itertools import product
from pathlib import Path

import segno
import uvicorn
from starlette.types import ASGIApp

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import UsageFault, WargameError
from wargame.journal.folder import INPUTS
from wargame.live.console.console import Console
from wargame.live.terminals.batch_terminal import lines_of
from wargame.live.terminals.services import Service, all_services, opened
from wargame.live.terminals.shared_session import SharedSession
from wargame.simulation.control.lookup import valid_name
from wargame.web.access import FACILITATOR, SEAT
from wargame.web.access.access_file import AccessFile
from wargame.web.access.throttle import Joins
from wargame.web.access_desk import KEY, AccessDesk
from wargame.web.address import Address, known_hosts, listen, public_url, tls_context
from wargame.web.app import Api
from wargame.web.connections import BACKLOG, Connections, listening, most_connections, protocol
from wargame.web.room import Room
from wargame.web.security import Shield
from wargame.web.uploads import FOLDER

UPLOADED = re.compile(rf"{FOLDER}/[\w.-]+", re.ASCII)
PATIENCE = 2
"""Seconds that requests may take once the server stops."""
UNPROTECTED = (
    "! Without TLS, others on this network can read the traffic, and use the codes that they read "
    "(--tls-cert, --tls-key)."
)


@dataclass(frozen=True, slots=True)
class Serving:
    """The options of a server. `public_hosts` are further names of the server; the first is that of its address."""

    address: Address
    tls_cert: Path | None = None
    tls_key: Path | None = None
    public_hosts: Sequence[str] = ()
    lobby: bool = True
    http_seats: Sequence[str] = ()
    """Seats of programs that use the API; each gets a token."""
    rooms: Mapping[str, Path] = field(default_factory=dict)
    """Address and run folder of all rooms, if this exercise is one of several behind a lobby."""


class Uvicorn(uvicorn.Server):
    """A server that leaves signals to the command that runs it. `ready` is set once it accepts connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none; collections skip what is loaded, or each would stop all answers for a tenth of a second."""
        gc.freeze()
        yield
        gc.unfreeze()


@asynccontextmanager
async def served(shared: SharedSession, serving: Serving) -> AsyncIterator[list[str]]:
    """Serve an exercise inside the context; yields the lines to show. UsageFault if it cannot be served."""
    tls = tls_context(serving.tls_cert, serving.tls_key)
    async with AsyncExitStack() as stack:
        connections = Connections(most_connections())
        listener = stack.enter_context(closing(listening(listen(serving.address), connections)))
        address = replace(serving.address, port=listener.getsockname()[1])
        url = public_url(address, serving.public_hosts, tls=tls is not None)
        file = stack.enter_context(closing(AccessFile(shared.session)))
        room = stack.enter_context(closing(Room(shared, file, lobby=serving.lobby, join_url=f"{url}/j")))
        desk = shared.main.access = AccessDesk(room)
        stack.callback(setattr, shared.main, "access", None)
        for console in room.consoles.values():
            console.access = desk
        room.rooms = serving.rooms
        shared.share_time()
        warned = tls is None and not address.is_local
        cookie = f"wargame-{address.port}"
        api = Api(room, Joins(time.monotonic), cookie=cookie, secure=tls is not None, warns=warned)
        server = server_of(api.app(), known_hosts(address, serving.public_hosts), connections, tls)
        tasks = [
            asyncio.create_task(each) for each in (room.push(), connections.keep_moving(), _look_up_branches(room))
        ]
        serve = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await server.ready.wait()
            lines = []
            for name in serving.http_seats:
                exercise = room.session.exercise
                if exercise.commands.seats.of(valid_name("government", name, exercise.governments)) != "human":
                    room.session.submit("seat", government=name, kind="human")
                person, token = room.people.add(SEAT, name, f"program of {name}", program=True, admitted=True)
                room.attach(person)
                lines.append(f"  {name}  Authorization: Bearer {token}")
            tokens = [f"Tokens of programs for the API at {url}/api/1 (shown once):", *lines] if lines else []
            yield [*_greeting(room, url), *tokens, *([UNPROTECTED] if warned else [])]
        finally:
            room.cut()
            server.should_exit = True
            for task in tasks:
                task.cancel()
            await asyncio.gather(serve, *tasks, return_exceptions=True)


async def _follow(shared: SharedSession, rooms: Iterable[Path]) -> None:
    """Carry out the commands that the lobby sends to all rooms, until it has gone; UsageFault then."""
    async for line in lines_of(0):  # on Windows a loop cannot read this pipe
        shared.announce("\n".join(carry_out(shared, line.decode().strip(), rooms)))
    raise UsageFault("the lobby has ended")


def carry_out(shared: SharedSession, sent: str, rooms: Iterable[Path]) -> list[str]:
    """Carry out a command for all rooms, unless one with its key is in the log; returns what a terminal shows.

    Files that were sent to another room, and that the command names, become inputs of this one.
    """
    key, _, line = sent.rpartition(KEY.decode())
    if key and any(each.key == key for each in shared.session.log.lines):
        return ["The lobby has repeated a command that this room has carried out."]
    try:
        for name, run in product(UPLOADED.findall(line), rooms):
            if (run / INPUTS / name).is_file() and not (shared.session.folder.path / INPUTS / name).exists():
                shared.session.attach(name, (run / INPUTS / name).read_bytes())
        return shared.run(shared.main, line, who="the lobby", key=key)
    except WargameError as error:
        return [f"! {error}"]


async def _look_up_branches(room: Room) -> None:
    """Re-simulate, after a restart, the state of the branches; others have turns in between."""
    session = room.session
    for name in session.branches:
        if session.reached(name) is None:
            await room.shared.in_turns(session.reaching(name))
            room.changed()


def server_of(app: ASGIApp, hosts: Collection[str], connections: Connections, tls: ssl.SSLContext | None) -> Uvicorn:
    """Return the server of an application, which is called under these names."""
    config = uvicorn.Config(
        Shield(app, hosts),
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        http=protocol(connections),
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=PATIENCE,
    )
    config.load()
    config.ssl = tls
    return Uvicorn(config)


def _greeting(room: Room, url: str) -> list[str]:
    """Return the facilitator's address, which works once, with its picture; the codes of the human seats."""
    code = room.people.code(FACILITATOR, new=True)
    address = f"{url}/j#{code}"
    exercise = room.session.exercise
    programs = room.shared.wall.programs.seats if room.shared.wall.programs is not None else {}
    human = exercise.commands.seats.human
    human = [name for name in human if name not in programs]
    codes = [f"  {name}  {room.people.code(SEAT, name)}" for name in human]
    return [
        f"The exercise is served at {url}",
        "The facilitator's page, for one person (code facilitator new makes another one):",
        f"  {address}",
        *qr_lines(address),
        *([f"Codes to join at {url}/j:", *codes] if codes else ["No person holds a seat yet (seat GOV human)."]),
    ]


def qr_lines(text: str) -> list[str]:
    """Return a text as a QR code in half blocks, dark on light, in escape codes that every terminal has.

    Empty if standard output has no half blocks, as in a console that is not UTF-8.
    """
    out = io.StringIO()
    segno.make(text, error="l").terminal(out, border=2, compact=True)
    picture = out.getvalue().rstrip("\n")
    try:
        picture.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return []
    return picture.split("\n")


async def serve_alone(console: Console, serving: Serving, beside: Service | None = None) -> None:
    """Serve an exercise without a console until it is cancelled; `beside` is what else runs with its shared session."""
    services = all_services(*([beside] if beside else []), lambda shared: served(shared, serving))
    async with opened(console, lambda _: None, services) as (shared, _, lines):
        try:
            print("\n".join([*lines, "Ctrl-C stops; the exercise can be resumed."]), flush=True)  # noqa: T201  # its answer
        except OSError as error:
            shared.console_failed(error)
        await (_follow(shared, serving.rooms.values()) if serving.rooms else asyncio.Event().wait())
