"""The routes: pages, static files, and the API under `/api/1`."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wargame.errors import UsageFault, WargameError
from wargame.journal.command_log import NotKept
from wargame.journal.decoding import Undecodable, decode
from wargame.language.plain_text import clean
from wargame.web import rendering
from wargame.web.access.people import Locked, Person, WrongCode
from wargame.web.access.throttle import WrongCodes
from wargame.web.audience import Look
from wargame.web.commands import Answer, Commands, Posted, fault
from wargame.web.event_stream import EventStream
from wargame.web.room import Room
from wargame.web.screens import modules
from wargame.web.static_files import content_type, static_files, static_hash
from wargame.web.viewer import LOBBY

T = TypeVar("T")
API = "/api/1"
COOKIE_AGE = 7 * 86400
Handler = Callable[["Api", Request], Awaitable[Response]]


class Joining(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /join`. A program receives a token instead of a cookie."""

    code: str
    name: str
    program: bool = False


class Have(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /parts`: the hashes of the parts that the page has, and the query of its address."""

    have: dict[str, str] = {}
    look: str = ""


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self.answer = answer


def encoded(answer: Answer) -> Response:
    """An answer as JSON."""
    headers = {"Retry-After": str(max(1, round(answer.retry_after)))} if answer.retry_after else None
    return Response(msgspec.json.encode(answer.body), answer.status, headers, "application/json")


class Api:
    """The requests of one exercise. `cookie` is the name of the cookie, `secure` whether it needs TLS."""

    def __init__(self, room: Room, wrong_codes: WrongCodes, *, cookie: str, secure: bool) -> None:
        self.room, self._wrong_codes = room, wrong_codes
        self._cookie, self._secure = cookie, secure
        self.commands = Commands(room)

    # --- who asks ------------------------------------------------------------------------------

    def person(self, request: Request) -> Person | None:
        """The person of a request; None without a valid session."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        return self.room.people.of_token(bearer or request.cookies.get(self._cookie, ""))

    def _joined(self, request: Request) -> Person:
        person = self.person(request)
        if person is None:
            raise Refusal(fault(401, "join first: your session is not valid, or has ended"))
        return person

    def admitted(self, request: Request) -> Person:
        """The admitted person of a request."""
        person = self._joined(request)
        if not person.admitted:
            raise Refusal(fault(403, "you have not been admitted yet"))
        return person

    # --- pages ---------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """The screen of whoever asks."""
        person = self.person(request)
        if person is None:
            return RedirectResponse("/j", 303)
        return self._page(person, look_of(request.url.query))

    async def join_page(self, request: Request) -> Response:
        """The page on which a code is typed."""
        del request
        return self._page(None, ())

    def _page(self, person: Person | None, look: Look) -> Response:
        room = self.room
        audience = room.audience_of(person)
        module, rendered = modules()[audience.role], room.render(person, look)
        page = rendering.Page(
            getattr(module, "SCREEN", audience.role),
            clean(room.session.title),
            rendered.parts,
            rendered.hashes,
            epoch=audience.epoch,
            k=len(audience.entries),
            person=person.id if person is not None else "",
            styles=getattr(module, "STYLES", ()),
            scripts=getattr(module, "SCRIPTS", ()),
        )
        return Response(rendering.render_page(page), media_type="text/html")

    async def static(self, request: Request) -> Response:
        """A static file; browsers keep the one whose address has the hash of its content."""
        name = request.path_params["name"]
        content = static_files().get(name)
        if content is None:
            raise Refusal(fault(404, "there is no such file"))
        kept = request.query_params.get("v") == static_hash(name)
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if kept else "no-cache"}
        return Response(content, headers=headers, media_type=content_type(name))

    # --- the API -------------------------------------------------------------------------------

    async def join(self, request: Request) -> Response:
        """Joins with a code: a cookie for a browser, a token for a program."""
        address = request.client.host if request.client else ""
        if wait := self._wrong_codes.wait(address):
            raise Refusal(fault(429, f"too many wrong codes: wait {wait:.0f} seconds", wait))
        body = self._body(await request.body(), Joining)
        try:
            person, token = self.room.people.join(body.code, body.name, program=body.program, lobby=self.room.lobby)
        except WrongCode as error:
            self._wrong_codes.count(address)
            raise Refusal(fault(403, str(error))) from None
        except Locked as error:
            raise Refusal(fault(403, str(error))) from None
        self._wrong_codes.forget(address)
        self.room.attach(person)
        self.room.arrived(person)
        answer = {"id": person.id, "role": person.role, "seat": person.seat, "admitted": person.admitted}
        if body.program:
            return encoded(Answer(201, {**answer, "token": token}))
        response = encoded(Answer(201, answer))
        response.set_cookie(
            self._cookie, token, max_age=COOKIE_AGE, httponly=True, samesite="strict", secure=self._secure, path="/"
        )
        return response

    async def parts(self, request: Request) -> Response:
        """The parts of the person's screen that are other ones than those which the page has."""
        person = self.person(request)
        if person is None:
            raise Refusal(fault(401, "join first: your session is not valid, or has ended"))
        asked = self._body(await request.body(), Have) if request.method == "POST" else Have()
        have, look = asked.have, look_of(asked.look or request.url.query)
        audience = self.room.audience_of(person)
        rendered = self.room.render(person, look)
        key = tuple(sorted(have.items())), audience.epoch, len(audience.entries)
        content = rendered.answers.get(key)
        if content is None:
            changed = {name: html for name, html in rendered.parts.items() if have.get(name) != rendered.hashes[name]}
            body = {
                "epoch": audience.epoch,
                "k": len(audience.entries),
                "order": list(rendered.parts),
                "parts": changed,
                "hashes": {name: rendered.hashes[name] for name in changed},
            }
            content = msgspec.json.encode(body)
            if len(rendered.answers) >= 64:
                rendered.answers.clear()
            rendered.answers[key] = content
        self.room.has_read(person)
        return _tagged(request, content)

    async def entries(self, request: Request) -> Response:
        """The entries after a position `E.K`, all of them if the position is of another past."""
        person = self.admitted(request)
        audience = self.room.audience_of(person)
        epoch, k = position(request.query_params.get("after", ""), audience.epoch)
        after = k if epoch == audience.epoch else 0
        shown = audience.entries[after:]
        return encoded(Answer(200, {"epoch": audience.epoch, "k": len(audience.entries), "entries": shown}))

    async def events(self, request: Request) -> Response:
        """The stream of events, from the position of `Last-Event-ID` or `?after=` on."""
        person = self._joined(request)
        given = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
        epoch, k = position(given, self.room.audience_of(person).epoch)
        return EventStream(self.room, person, epoch, k)

    async def post_command(self, request: Request) -> Response:
        """Carries out a command."""
        person = self._joined(request)
        posted = self._body(await request.body(), Posted)
        return encoded(self.commands.run(person, posted))

    def _body(self, content: bytes, shape: type[T]) -> T:
        try:
            return decode(content, shape)
        except Undecodable as error:
            raise Refusal(fault(422, f"the body is not valid: {error}")) from None

    # --- all of them ---------------------------------------------------------------------------

    def app(self) -> Starlette:
        """The application."""
        routes = [
            Route("/", self._safe(self.page)),
            Route("/j", self._safe(self.join_page)),
            Route("/static/{name}", self._safe(self.static)),
            Route(f"{API}/join", self._safe(self.join), methods=["POST"]),
            Route(f"{API}/parts", self._safe(self.parts), methods=["GET", "POST"]),
            Route(f"{API}/entries", self._safe(self.entries)),
            Route(f"{API}/events", self._safe(self.events)),
            Route(f"{API}/commands", self._safe(self.post_command), methods=["POST"]),
        ]
        return Starlette(routes=routes)

    def _safe(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            try:
                return await handler(request)
            except Refusal as refusal:
                return encoded(refusal.answer)
            except NotKept as error:
                return encoded(fault(507, str(error)))
            except UsageFault as error:
                return encoded(fault(422, str(error)))
            except WargameError as error:
                return encoded(fault(500, str(error)))

        return run


def position(text: str, epoch: int) -> tuple[int, int]:
    """Epoch and number of `E.K`; the beginning of the present past for anything else."""
    first, _, second = text.partition(".")
    if first.isdecimal() and second.isdecimal() and len(text) <= 40:
        return int(first), int(second)
    return epoch, 0


def look_of(query: str) -> Look:
    """The query of a page's address in parts; the first value of each name."""
    return tuple(dict(reversed(parse_qsl(query[:1024], max_num_fields=20))).items()) if query else ()


def _tagged(request: Request, content: bytes) -> Response:
    """JSON with an ETag; 304 if the client has it."""
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(None, 304, {"ETag": tag})
    return Response(content, headers={"ETag": tag}, media_type="application/json")


__all__ = ["API", "LOBBY", "Api"]
