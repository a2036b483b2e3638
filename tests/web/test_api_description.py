"""The OpenAPI description is that of the routes: each answers as described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support.web import Client, run, serving
from wargame.web.endpoints import ENDPOINTS, NOBODY, PREFIX
from wargame.web.openapi import openapi
from wargame.web.viewer import ROLES

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"),)}
EXAMPLES = {"{option}": "talk", "{target}": "BRL", "{seq}": "1", "{of}": "join", "{number}": "1"}
BODIES: dict[str, Any] = {
    "join": {"code": "WRONG", "name": "Eve"},
    "parts": {"have": {}},
    "post_command": {"key": "k", "epoch": 0, "verb": "help"},
    "ask": {"key": "q", "epoch": 0, "verb": "where", "args": ["-n", "1"]},
}


def described(path: str, method: str) -> dict[str, Any]:
    """The responses of an operation by status."""
    return dict(openapi()["paths"][f"{PREFIX}{path}"][method.lower()]["responses"])


def check(path: str, method: str, status: int, content: Any, media: str) -> None:
    """The status is described, and the body has the described shape."""
    responses = described(path, method)
    assert str(status) in responses, (method, path, status, content)
    schema = responses[str(status)]["content"]
    assert media in schema
    if media == "application/json":
        whole = {**schema[media]["schema"], "components": openapi()["components"]}
        jsonschema.validate(content, whole, cls=jsonschema.Draft202012Validator)


def test_every_route_is_described_and_every_description_is_a_route() -> None:
    """Method by method."""
    paths = openapi()["paths"]
    assert {(PREFIX + each.path, each.method.lower()) for each in ENDPOINTS} == {
        (path, method) for path, methods in paths.items() for method in methods
    }
    assert len(ENDPOINTS) > 15


@pytest.mark.slow
def test_every_answer_has_the_described_status_and_shape(tmp_path: Path) -> None:
    """For each role; a role that is not allowed has 403, nobody 401."""

    async def answer(client: Client, number: int) -> tuple[int, Any, str]:
        endpoint = ENDPOINTS[number]
        path = PREFIX + endpoint.path
        for name, value in EXAMPLES.items():
            path = path.replace(name, value)
        if endpoint.name == "events":
            async with client.http.stream("GET", path) as stream:
                media = stream.headers["Content-Type"].partition(";")[0]
                content = json.loads(await stream.aread()) if media == "application/json" else None
                return stream.status_code, content, media
        body = BODIES.get(endpoint.name, {} if endpoint.method != "GET" else None)
        response = await client.http.request(endpoint.method, path, json=body)
        media = response.headers["Content-Type"].partition(";")[0]
        return response.status_code, response.json() if media == "application/json" else None, media

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            people = {role: await there.joined("ARD" if role == "seat" else role, f"{role} X") for role in ROLES}
            there.hub.run(there.hub.main, "advance 5d")
            stranger = there.client()
            for number, endpoint in enumerate(ENDPOINTS):
                if endpoint.roles != NOBODY:
                    status, body, media = await answer(stranger, number)
                    assert status == 401
                    check(endpoint.path, endpoint.method, status, body, media)
                for role, client in people.items():
                    client.epoch = 0
                    if endpoint.name == "join":
                        continue
                    status, body, media = await answer(client, number)
                    refused = bool(endpoint.roles) and role not in endpoint.roles
                    if role not in ("evaluator", "screen"):  # the first may be granted more, the second has no commands
                        assert (status == 403) == refused, (endpoint.path, role, status, body)
                    assert status == 403 or not refused
                    if status < 400 and media != "application/json":
                        continue
                    check(endpoint.path, endpoint.method, status, body, media)

    run(steps())


def test_routes_need_no_trailing_slash_and_nothing_else_answers(tmp_path: Path) -> None:
    """Other paths and methods have an error in JSON."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            client = there.client()
            for path in ("/api/1", "/api/1/nothing", "/api/2/view", "/docs", "/favicon.ico"):
                answer = await client.http.get(path)
                assert (answer.status_code, "error" in answer.json()) == (404, True)
            assert (await client.post("/view", {})).status_code == 405

    run(steps())
