"""The endpoints of the API in one table: the routes and the OpenAPI description follow from it."""

import functools
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

import wargame
from wargame.web import shapes
from wargame.web.security import UPLOADS
from wargame.web.viewer import CONTROL, EVALUATOR, FACILITATOR, ROLES, SCREEN, SEAT

PREFIX = "/api/1"
NOBODY: frozenset[str] = frozenset()
ALL = frozenset(ROLES)
READERS = CONTROL | {EVALUATOR}
"""Of these, evaluators only if they may see what the white cell sees."""
STATUSES = {
    200: "The answer.",
    201: "Joined.",
    202: "The question has been put; its answers come as events, and with `GET /ask`.",
    206: "The part of the content that was asked for.",
    304: "Not modified: the client has this content.",
    401: "No valid session: join first, or the person has been removed.",
    403: "Not for this role, not admitted, a wrong code, or a request of another site.",
    404: "There is no such thing.",
    408: "The body did not arrive in time.",
    409: "Written for another past; `epoch` is the present one.",
    410: "The run folder was moved or deleted: nothing is answered until it is put back.",
    413: "The body is too large.",
    415: "The body has another type.",
    416: "There is no such part of the content.",
    422: "Cannot be carried out as it is; the message says why, with the nearest name.",
    423: "NO PLAY: the exercise is stopped for a real event.",
    429: "Too many requests: `Retry-After` has the seconds to wait.",
    500: "An error of the server; a command was not carried out.",
    503: "The server has no room for another stream: `Retry-After` has the seconds to wait.",
    507: "Not carried out, since it could not be kept on the disk.",
}
"""What each status means."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. `name` is that of the handler; `roles` are those that may call it, none for anyone.

    `body` and `answer` are the shapes; an answer without a shape is an object that `answer_text` describes. `query` has
    the parameters with their descriptions.
    """

    method: str
    path: str
    name: str
    summary: str
    roles: frozenset[str] = ALL
    body: type[Any] | None = None
    answer: type[Any] | None = None
    statuses: tuple[int, ...] = (200, 401, 403)
    query: tuple[tuple[str, str], ...] = ()
    media: str = "application/json"
    lobby: bool = False
    """Whether those in the lobby may call it."""


ENDPOINTS = (
    Endpoint(
        "POST", "/join", "join", "Join with a code.", NOBODY, shapes.Joining, shapes.Joined, (201, 403, 415, 422, 429)
    ),
    Endpoint("GET", "/me", "me", "Who I am, and which commands I may give.", answer=shapes.Me, lobby=True),
    Endpoint(
        *("GET", "/view", "view"),
        "What my role may see now, as data; a seat also gets its own past.",
        statuses=(200, 304, 401, 403, 422),
        query=(("at", "A moment of the seat's past: seconds, or a time such as 2017-05-01 or D+3."),),
    ),
    Endpoint(
        *("POST", "/parts", "parts"),
        "The parts of my screen that have changed, as HTML.",
        body=shapes.Have,
        answer=shapes.Parts,
        statuses=(200, 304, 401, 415, 422),
        lobby=True,
    ),
    Endpoint(
        *("GET", "/entries", "entries"),
        "The entries after a position; all of them if the position is of another past.",
        answer=shapes.Entries,
        query=(("after", "The position `E.K`: epoch and number of the last entry that the client has."),),
    ),
    Endpoint(
        *("GET", "/events", "events"),
        "The stream of server-sent events, from the position of `Last-Event-ID` on.",
        statuses=(200, 401, 503),
        query=(("after", "The position, for clients that cannot send `Last-Event-ID`."),),
        media="text/event-stream",
        lobby=True,
    ),
    Endpoint(
        *("POST", "/opened", "opened", "Say which messages I have opened; the control room counts them as read."),
        frozenset({SEAT}),
        shapes.Opened,
        shapes.Opened,
        (200, 401, 403, 415, 422),
    ),
    Endpoint(
        *("POST", "/writing", "writing", "Say that I am writing something; the others in my seat see it for a while."),
        frozenset({SEAT}),
        shapes.Nothing,
        shapes.Nothing,
        (200, 401, 403, 415, 422),
    ),
    Endpoint("GET", "/commands", "verbs", "The commands that I may give.", answer=list[shapes.Verb]),
    Endpoint(
        *("POST", "/commands", "post_command"),
        "Give a command: it is carried out once, however often it is sent with its key.",
        body=shapes.Posted,
        answer=shapes.Lines,
        statuses=(200, 401, 403, 409, 415, 422, 423, 429, 500, 507),
    ),
    Endpoint(
        *("POST", "/sheet", "sheet", "Send a sheet, to import its injects: `view=import` of the page shows it."),
        frozenset({FACILITATOR}),
        answer=shapes.Lines,
        statuses=(200, 401, 403, 408, 413, 415, 422),
        query=(("name", "The name of the file, which ends in .xlsx, .xls, .ods, .csv, .json or .zip."),),
    ),
    Endpoint(
        *("GET", "/attachments/{sha256}", "attachment"),
        "The bytes of a picture, document, recording or video that I have been sent; `Range` gives a part of them.",
        statuses=(200, 206, 304, 401, 403, 404, 416),
        media="application/octet-stream",
    ),
    Endpoint(
        *("GET", "/options/{option}/{target}", "option"),
        "One option of my seat toward a target (`-` for none), and why it cannot be ordered now.",
        frozenset({SEAT}),
        statuses=(200, 401, 403, 404),
    ),
    Endpoint("GET", "/msel", "msel", "The MSEL.", READERS),
    Endpoint(
        *("GET", "/why/{seq}", "why", "The causes of a record, and what followed from it.", READERS),
        statuses=(200, 401, 403, 422),
    ),
    Endpoint(
        *("GET", "/knowledge", "knowledge", "Who knew what.", READERS),
        statuses=(200, 401, 403, 422),
        query=(("at", "A moment of the past; now without one."),),
    ),
    Endpoint("GET", "/branches", "branches", "The branches, and the last commands of the present one.", READERS),
    Endpoint(
        "GET", "/ask", "questions", "Questions to the look-ahead, with their answers.", CONTROL, None, shapes.Questions
    ),
    Endpoint(
        *("POST", "/ask", "ask", "Put a question to the look-ahead: `forecast`, `whatif` or `where`.", CONTROL),
        body=shapes.Posted,
        answer=shapes.Asked,
        statuses=(202, 401, 403, 409, 415, 422, 429),
    ),
    Endpoint(
        *("DELETE", "/ask/{number}", "withdraw", "Withdraw a question.", CONTROL),
        statuses=(200, 401, 403, 415, 422),
        answer=shapes.Lines,
    ),
    Endpoint("GET", "/access", "access", "Codes, people and the lobby.", CONTROL, answer=shapes.Access),
    Endpoint(
        *("GET", "/qr/{of}.svg", "qr"),
        "The address to join for a seat or role as a QR code; `join` is the one without a code.",
        CONTROL | {SCREEN},
        statuses=(200, 401, 403, 422),
        media="image/svg+xml",
    ),
    Endpoint(
        *("POST", "/leave", "leave"),
        "Sign out: the session ends and the seat is free for others; a code is needed to join again.",
        answer=shapes.Lines,
        statuses=(200, 401, 415),
        lobby=True,
    ),
    Endpoint("GET", "/openapi.json", "openapi", "This description.", NOBODY, statuses=(200,)),
)
"""All endpoints."""
Handler = Callable[[Request], Awaitable[Response]]


DESCRIPTION = """The exercise that one `wargame serve` or `wargame play --serve` runs. A browser has a cookie; a program
joins with `"program": true` and sends the token of the answer as `Authorization: Bearer TOKEN`. Requests that may
change something are JSON, and those of a browser come from pages of this server."""


def openapi() -> dict[str, Any]:
    """Return the description."""
    types = [shapes.Error, *(each for endpoint in ENDPOINTS for each in (endpoint.body, endpoint.answer) if each)]
    _, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(f"{PREFIX}{endpoint.path}", {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "wargame: the exercise in browsers",
            "version": wargame.__version__,
            "description": DESCRIPTION,
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "browser": {"type": "apiKey", "in": "cookie", "name": "wargame-PORT"},
                "program": {"type": "http", "scheme": "bearer"},
            },
        },
    }


@functools.cache
def openapi_json() -> bytes:
    """Return the description as JSON. It takes long to make."""
    return msgspec.json.encode(openapi())


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.roles == ALL:
        roles = "All roles."
    else:
        roles = "Anyone." if endpoint.roles == NOBODY else f"Roles: {', '.join(sorted(endpoint.roles))}."
    statuses = sorted({*endpoint.statuses, 410, *((429,) if endpoint.roles != NOBODY else ())})
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": roles + (" Also in the lobby." if endpoint.lobby else ""),
        "responses": {str(status): _response(endpoint, status) for status in statuses},
        "security": [] if endpoint.roles == NOBODY else [{"browser": []}, {"program": []}],
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", endpoint.path)
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string"}}
        for name, text in endpoint.query
    ]
    if parameters:
        operation["parameters"] = parameters
    if f"{PREFIX}{endpoint.path}" in UPLOADS:
        file = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": {"application/octet-stream": file}}
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(endpoint.body)}},
        }
    return operation


def _response(endpoint: Endpoint, status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": STATUSES[status]}
    if status >= 400:
        response["content"] = {"application/json": {"schema": _schema(shapes.Error)}}
    elif status != 304:
        of_json = _schema(endpoint.answer) if endpoint.answer else {"type": "object"}
        schema = of_json if endpoint.media == "application/json" else {"type": "string"}
        response["content"] = {endpoint.media: {"schema": schema}}
    return response


def _schema(shape: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([shape], ref_template="#/components/schemas/{name}")
    return schema
