"""The endpoints of the API, from the table `endpoints.yaml`: the routes and the OpenAPI description follow from it."""

import functools
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

import wargame
from wargame.dataclasses import dataclass
from wargame.tables import tables
from wargame.web import shapes
from wargame.web.access import ROLES
from wargame.web.security import UPLOADS

PREFIX = "/api/1"
NOBODY: frozenset[str] = frozenset()
ALL = frozenset(ROLES)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. `name` is that of the handler; `roles` are those that may call it, none for anyone.

    `body` and `answer` are the shapes; an answer without a shape is an object. `query` has the parameters with their
    descriptions.
    """

    method: str
    path: str
    name: str
    summary: str
    roles: frozenset[str]
    statuses: tuple[int, ...]
    query: tuple[tuple[str, str], ...]
    body: type[Any] | None = None
    answer: type[Any] | None = None
    media: str = "application/json"
    lobby: bool = False
    """Whether those in the lobby may call it."""


def _endpoint(row: dict[str, Any]) -> Endpoint:
    """Return the endpoint of a row of the table."""
    row = row | {part: getattr(shapes, row[part]) for part in ("body", "answer") if part in row}
    roles, statuses = frozenset(row.get("roles", ROLES)), tuple(row.get("statuses", (200, 401, 403)))
    return Endpoint(**row | {"roles": roles, "statuses": statuses, "query": tuple(row.get("query", {}).items())})


_TABLE = tables("web/endpoints.yaml")
STATUSES: dict[int, str] = _TABLE["statuses"]
"""The meaning of each status."""
ENDPOINTS = tuple(map(_endpoint, _TABLE["endpoints"]))
"""All endpoints."""
RequestHandler = Callable[[Request], Awaitable[Response]]


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
            "description": _TABLE["description"],
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
