"""The application: pages, static files, and the API under `/api/1`."""

import asyncio
import os
import sys
import time
import traceback
from functools import partial
from inspect import isawaitable

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wargame.errors import UsageFault, WargameError
from wargame.executor.replay import finish
from wargame.journal.command_log import NotKept
from wargame.language.plain_text import clean
from wargame.live.console import dispatch
from wargame.live.console.dispatch import commands_of
from wargame.seat.messages import embedded, message_html, message_of_inject
from wargame.web import shapes
from wargame.web.access import CONTROL, FACILITATOR, SEAT
from wargame.web.access.people import Locked, Person, WrongCode
from wargame.web.access.throttle import Allowance, Joins, network
from wargame.web.answers import (
    HttpAnswer,
    RequestRefused,
    body_of,
    encoded,
    fault,
    is_refused,
    position,
    query_of,
    response,
    tagged,
)
from wargame.web.audience import Query
from wargame.web.endpoints import ENDPOINTS, NOBODY, PREFIX, Endpoint, RequestHandler
from wargame.web.queries import DOCUMENTS, Reading, policy_of, review_document, review_page
from wargame.web.rendering import content_type, render, render_page, static_files, static_hash
from wargame.web.review_desk import CohortReview
from wargame.web.room import Room
from wargame.web.room_commands import QUESTIONS, RoomCommands
from wargame.web.screens import modules
from wargame.web.screens.seat_views import SCREEN_VIEW
from wargame.web.security import UPLOADS, body_within
from wargame.web.stream import EventStream
from wargame.web.uploads import checked_upload

COOKIE_AGE = 7 * 86400
"""Seconds for which a browser keeps its cookie."""
TOO_MANY = "many people join from your address at the moment: wait a moment, then try again"
REQUESTS = 50.0
"""Requests a second of one person."""
HELD_BACK = 1.0
"""Seconds of waiting after which further requests are refused, so that one client takes little time from others."""
REMEMBERED = 64
"""Encoded answers to `parts` of one rendering."""


class Api:
    """The requests of one exercise. A method answers with a response, an `HttpAnswer`, or data with the status 200.

    `cookie` is the name of the cookie, `secure` whether it needs TLS, `warns` whether pages warn that others can read
    what is sent.
    """

    def __init__(self, room: Room, joins: Joins, *, cookie: str, secure: bool, warns: bool = False) -> None:
        self.room, self._joins = room, joins
        self._cookie, self._secure, self._warns = cookie, secure, warns
        self.commands, self._compared = RoomCommands(room), CohortReview()
        self._allowances: dict[int, Allowance] = {}

    # --- who asks ------------------------------------------------------------------------------

    def person(self, request: Request) -> Person | None:
        """Return the person of a request; None without a valid session."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        person = self.room.people.of_token(bearer or request.cookies.get(self._cookie, ""))
        request.scope["connection"].trusted = person is not None and person.admitted
        return person

    def _allowed(self, endpoint: Endpoint, request: Request) -> Person:
        """Return the person of a request, who may send it; RequestRefused otherwise."""
        person = self.person(request)
        if person is None:
            raise RequestRefused(fault(401, "join first: your session is not valid, or has ended"))
        if not person.admitted and not endpoint.lobby:
            raise RequestRefused(fault(403, "you have not been admitted yet"))
        if person.role not in endpoint.roles:
            raise RequestRefused(fault(403, f"this is not for the role {person.role}"))
        return person

    async def _in_turn(self, request: Request) -> None:
        """Wait for the turn of a request without a session; RequestRefused if a person sends too many."""
        if request.url.path.startswith("/static/") or (person := self.person(request)) is None:
            await asyncio.sleep(self._joins.turn(_address(request)))
        elif wait := self._allowances.setdefault(person.number, Allowance(time.monotonic, REQUESTS)).take():
            await asyncio.sleep(HELD_BACK)
            raise RequestRefused(fault(429, f"at most {REQUESTS:.0f} requests a second", wait))

    # --- pages ---------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """Return the screen of the person who asks."""
        if (person := self.person(request)) is None:
            return self._without_cookie(RedirectResponse("/j", 303))
        return self._page(person, query_of(request.url.query))

    async def join_page(self, request: Request) -> Response:
        """Return the page on which a code is typed, with a way back for somebody who has joined."""
        person = self.person(request)
        return self._page(None, (("back", person.name),) if person else ())

    async def review(self, request: Request) -> Response:
        """Return the report of the exercise, for the control room."""
        if (person := self.person(request)) is None:
            return self._without_cookie(RedirectResponse("/j", 303))
        if person.role not in CONTROL or not person.admitted:
            raise RequestRefused(fault(403, "the review is for the facilitator"))
        asked, console = dict(query_of(request.url.query)), self.room.consoles[person.number]
        if form := asked.get("rooms", ""):
            return await self._of_all_rooms(form)
        if form := asked.get("format", ""):
            document = await asyncio.to_thread(review_document, console, form, asked.get("seat", ""))
            how = "inline" if form == "verify" else f"attachment; filename=review.{form}"
            return Response(document, headers={"Content-Disposition": how}, media_type=DOCUMENTS[form])
        content, policy = review_page(console)
        return Response(content, headers={"Content-Security-Policy": policy}, media_type="text/html")

    async def _of_all_rooms(self, form: str) -> Response:
        """Return the review of all rooms in a format; until it is written, a page that asks again."""
        if not self.room.session.exercise.done or not self.room.rooms or form not in {*DOCUMENTS} - {"verify"}:
            raise UsageFault("after ENDEX of several rooms, their review can be had as html, docx, pdf or md")
        content = await self._compared.document(self.room.rooms.values(), form)
        if content is None:
            parts = {"join": render("join/writing.html")}
            page = render_page("lobby", "Review of all rooms", parts, hashes={"join": ""}, styles=("join.css",))
            return Response(page, headers={"Refresh": "1"}, media_type="text/html")
        policy, name = {"Content-Security-Policy": policy_of(content)}, f"attachment; filename=rooms.{form}"
        headers = policy if form == "html" else {"Content-Disposition": name}
        return Response(content, headers=headers, media_type=DOCUMENTS[form])

    def _page(self, person: Person | None, query: Query) -> Response:
        room = self.room
        audience = room.audience_of(person)
        as_seat = room.may_choose(audience.role, query) and dict(query).get("view") == SCREEN_VIEW
        role = SEAT if as_seat else audience.role
        module, rendered = modules()[role], room.render(person, query)
        page = render_page(
            getattr(module, "SCREEN", role),
            clean(room.session.title),
            rendered.parts,
            hashes=rendered.hashes,
            epoch=audience.epoch,
            k=len(audience.entries),
            person=person.id if person is not None else "",
            styles=getattr(module, "STYLES", ()),
            scripts=getattr(module, "SCRIPTS", ()),
            unprotected=self._warns,
        )
        return Response(page, media_type="text/html")

    async def static(self, request: Request) -> Response:
        """Return a static file; browsers keep the one whose address has the hash of its content."""
        name = request.path_params["name"]
        content = static_files().get(name)
        if content is None:
            raise RequestRefused(fault(404, "there is no such file"))
        kept = request.query_params.get("v") == static_hash(name)
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if kept else "no-cache"}
        return Response(content, headers=headers, media_type=content_type(name))

    # --- the API: joining ----------------------------------------------------------------------

    async def join(self, request: Request) -> Response:
        """Join with a code: a cookie for a browser, a token for a program."""
        address = _address(request)
        body = body_of(await request.body(), shapes.Joining)
        if wait := self._joins.attempt(address):
            raise RequestRefused(fault(429, TOO_MANY, wait))
        try:
            role, seat = self.room.people.of_code(body.code)
            if role != FACILITATOR and (wait := self._joins.join(address, role, seat)):
                raise RequestRefused(fault(429, TOO_MANY, wait))
            person, token = self.room.join(body.code, body.name, program=body.program, address=address)
        except WrongCode as error:
            await asyncio.sleep(self._joins.delay(address))
            raise RequestRefused(fault(403, str(error))) from None
        except Locked as error:
            raise RequestRefused(fault(403, str(error))) from None
        shown = token if body.program else msgspec.UNSET
        answer = encoded(HttpAnswer(201, shapes.Joined(person.id, person.role, person.seat, person.admitted, shown)))
        if not body.program:
            answer.set_cookie(
                self._cookie, token, max_age=COOKIE_AGE, httponly=True, samesite="strict", secure=self._secure, path="/"
            )
        return answer

    async def leave(self, _: Request, person: Person) -> Response:
        """Sign out: the session ends, and the seat is free for others."""
        self.room.leave(person)
        return self._without_cookie(encoded(HttpAnswer(200, shapes.Lines(["You have signed out."], [], 0, 0))))

    def _without_cookie(self, answer: Response) -> Response:
        """Return the answer to somebody without a session: the browser forgets the cookie."""
        answer.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="strict")
        return answer

    async def me(self, request: Request, person: Person) -> shapes.Me:
        """Return who asks."""
        audience = self.room.audience_of(person)
        who = person.id, person.name, person.role, person.seat, person.admitted
        return shapes.Me(*who, audience.epoch, len(audience.entries), self.verbs(request, person))

    def verbs(self, _: Request, person: Person) -> list[shapes.Verb]:
        """Return the commands of a person."""
        console = self.room.consoles.get(person.number)
        available = commands_of(console) if console is not None else {}
        return [
            shapes.Verb(name, each.usage_for(console.role), each.help)
            for name, each in available.items()
            if console is not None and not is_refused(person, name)
        ]

    # --- the API: what is shown ----------------------------------------------------------------

    async def parts(self, request: Request, person: Person) -> Response:
        """Return the parts of the person's screen that differ from the page."""
        asked = body_of(await request.body(), shapes.Have)
        query = query_of(asked.query or request.url.query)
        audience = self.room.audience_of(person)
        rendered = self.room.render(person, query)
        key = tuple(sorted(asked.have.items())), audience.epoch, len(audience.entries)
        content = rendered.answers.get(key)
        if content is None:
            have, hashes = asked.have, rendered.hashes
            changed = {name: html for name, html in rendered.parts.items() if have.get(name) != hashes[name]}
            of_changed = {name: hashes[name] for name in changed}
            order = list(rendered.parts)
            shown = shapes.Parts(audience.epoch, len(audience.entries), order, changed, of_changed)
            content = msgspec.json.encode(shown)
            if len(rendered.answers) >= REMEMBERED:
                rendered.answers.clear()
            rendered.answers[key] = content
        if person.admitted and person.role == SEAT:
            self.room.session.mark_shown(person.seat)
            self.room.receipts.received(person)
        return tagged(request, content)

    async def events(self, request: Request, person: Person) -> Response:
        """Return the stream of events, from the position of `Last-Event-ID` or `?after=` on."""
        if request.scope["connection"].reserved and person.role not in CONTROL:
            raise RequestRefused(fault(503, "the server has no room for another connection; it is tried again", 5))
        given = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
        epoch, k = position(given, self.room.audience_of(person).epoch)
        room = self.room
        begin, end = partial(room.open_stream, person, epoch, k), partial(room.close_stream, person)
        return EventStream(partial(room.audience_of, person), begin, end)

    async def opened(self, request: Request, person: Person) -> shapes.Opened:
        """Return records messages that a person has opened."""
        self.room.receipts.opened(person, body_of(await request.body(), shapes.Opened).numbers)
        self.room.changed(self.room.audience_of(person))
        return shapes.Opened([])

    async def writing(self, _: Request, person: Person) -> shapes.Text:
        """Say that a person of a seat is writing something; the others in the seat see it for a few seconds."""
        self.room.writing[person.number] = time.monotonic() + 6  # seconds
        return shapes.Text()

    # --- the API: what is done -----------------------------------------------------------------

    async def post_command(self, request: Request, person: Person) -> HttpAnswer:
        """Carry out a command."""
        return await self.commands.run(person, body_of(await request.body(), shapes.Posted))

    async def sheet(self, request: Request, person: Person) -> shapes.Lines:
        """Keep a sheet that the facilitator sends; nothing is imported."""
        await asyncio.to_thread(self.room.sheets.send, *await _file_of(request))
        self.room.changed()
        return self._said(person, "The sheet is read.")

    async def file(self, request: Request, _: Person) -> shapes.Text:
        """Keep a file for an inject, and return its name."""
        name, content = await asyncio.to_thread(checked_upload, *await _file_of(request))
        self.room.session.attach(name, content)
        return shapes.Text(name)

    async def preview(self, request: Request, person: Person) -> shapes.Text:
        """Return a message as its recipients would see it; nothing is added."""
        posted, session = body_of(await request.body(), shapes.Posted), self.room.session
        words = posted.args if isinstance(posted.args, list) else []
        with session.trying() as tried:
            finish(dispatch.steps(self.room.consoles[person.number], ["inject", *words]))
        added = session.exercise.commands.msel.check_add(dict(tried[0].data)) if tried else []
        titles, source = self.room.consoles[person.number].titles, embedded(session.loaded.attached)
        html = "".join(message_html(message_of_inject(each, titles), source, live=True) for each in added)
        return shapes.Text(html)

    async def ask(self, request: Request, person: Person) -> HttpAnswer:
        """Put a question."""
        posted = body_of(await request.body(), shapes.Posted)
        if posted.verb not in QUESTIONS:
            raise UsageFault(f"a question is one of {', '.join(sorted(QUESTIONS))}")
        answer = await self.commands.run(person, posted)
        return answer if answer.status != 200 else HttpAnswer(202, shapes.Asked(self.room.shared.questions.last))

    async def withdraw(self, request: Request, person: Person) -> shapes.Lines:
        """Withdraw a question."""
        number = request.path_params["number"]
        if not number.isdecimal() or len(number) > 12:
            raise UsageFault("write the number of a question")
        self.room.shared.questions.cancel(int(number))
        return self._said(person, f"Question {number} is withdrawn.")

    def _said(self, person: Person, text: str) -> shapes.Lines:
        audience = self.room.audience_of(person)
        return shapes.Lines([text], [], audience.epoch, len(audience.entries))

    # --- all of them ---------------------------------------------------------------------------

    def app(self) -> Starlette:
        """Return the application."""
        pages = {"/": self.page, "/j": self.join_page, "/review": self.review, "/static/{name}": self.static}
        routes = [Route(path, self._safe(handler)) for path, handler in pages.items()]
        routes += [Route(PREFIX + each.path, self._endpoint(each), methods=[each.method]) for each in ENDPOINTS]
        return Starlette(routes=routes, exception_handlers={404: _missing, 405: _missing})

    def _endpoint(self, endpoint: Endpoint) -> RequestHandler:
        """Return what answers an endpoint: the method of its name, here or in `Reading`, for those who may call it."""
        method = getattr(self, endpoint.name, None) or getattr(Reading(self.room), endpoint.name)
        if endpoint.roles == NOBODY:
            return self._safe(method)

        async def run(request: Request) -> Response:
            answer = method(request, self._allowed(endpoint, request))
            return response(await answer if isawaitable(answer) else answer)

        return self._safe(run)

    def _safe(self, handler: RequestHandler) -> RequestHandler:
        """Wrap a handler so that its errors become answers, as is a run folder that is not where it was."""

        async def run(request: Request) -> Response:
            if missing := self.room.missing:
                return encoded(fault(410, missing))
            try:
                await self._in_turn(request)
                return await handler(request)
            except RequestRefused as refusal:
                return encoded(refusal.answer)
            except WargameError as error:
                status = 507 if isinstance(error, NotKept) else 422 if isinstance(error, UsageFault) else 500
                return encoded(fault(status, str(error)))
            except Exception as error:  # noqa: BLE001 - an error of one request is answered, and ends nothing else
                if os.environ.get("WARGAME_TRACEBACK"):
                    traceback.print_exc(file=sys.stderr)
                return encoded(fault(500, f"internal error: {type(error).__name__} (WARGAME_TRACEBACK=1 shows where)"))

        return run


async def _file_of(request: Request) -> tuple[str, bytes]:
    """Return the name and the content of a file that is sent; RequestRefused if it is too large, or does not arrive."""
    content = await body_within(request.receive, UPLOADS[request.url.path])
    if not isinstance(content, bytes):
        raise RequestRefused(fault(*content))
    return request.query_params.get("name", ""), content


def _address(request: Request) -> str:
    return network(request.client.host if request.client else "")


async def _missing(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return encoded(fault(status, f"there is no {request.method} {clean(request.url.path[:80])} here"))
