"""The OpenAPI description of the API, from the table of endpoints."""

from __future__ import annotations

import functools
import re
from typing import Any

import msgspec

import wargame
from wargame.web import shapes
from wargame.web.endpoints import ALL, ENDPOINTS, NOBODY, PREFIX, STATUSES, Endpoint

ERRORS = {status for status in STATUSES if status >= 400}
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
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(endpoint.body)}},
        }
    return operation


def _response(endpoint: Endpoint, status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": STATUSES[status]}
    if status in ERRORS:
        response["content"] = {"application/json": {"schema": _schema(shapes.Error)}}
    elif status != 304:
        of_json = _schema(endpoint.answer) if endpoint.answer else {"type": "object"}
        schema = of_json if endpoint.media == "application/json" else {"type": "string"}
        response["content"] = {endpoint.media: {"schema": schema}}
    return response


def _schema(shape: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([shape], ref_template="#/components/schemas/{name}")
    return schema
