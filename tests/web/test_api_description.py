"""The OpenAPI description is that of the routes: each answers as described."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support.web import Client, run, serving
from wargame.web.access import ROLES
from wargame.web.endpoints import ENDPOINTS, NOBODY, PREFIX, openapi
from wargame.web.security import UPLOADS

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"),)}
EXAMPLES = {"{option}": "talk", "{target}": "BRL", "{seq}": "1", "{of}": "join", "{number}": "1"}
BODIES: dict[str, Any] = {
    "join": {"code": "WRONG", "name": "Eve"},
    "parts": {"have": {}},
    "post_command": {"key": "k", "epoch": 0, "verb": "help"},
    "ask": {"key": "q", "epoch": 0, "verb": "where", "args": ["-n", "1"]},
}


@cache
def document() -> dict[str, Any]:
    """The description, which takes long to make."""
    return openapi()


def described(path: str, method: str) -> dict[str, Any]:
    """The responses of an operation by status."""
    return dict(document()["paths"][f"{PREFIX}{path}"][method.lower()]["responses"])


def check(path: str, method: str, status: int, content: Any, media: str) -> None:
    """The status is described, and the body has the described shape."""
    responses = described(path, method)
    assert str(status) in responses, (method, path, status, content)
    schema = responses[str(status)]["content"]
    assert media in schema
    if media == "application/json":
        whole = {**schema[media]["schema"], "components": document()["components"]}
        jsonschema.validate(content, whole, cls=jsonschema.Draft202012Validator)


def test_every_route_is_described_and_every_description_is_a_route() -> None:
    """Method by method."""
    paths = document()["paths"]
    assert {(PREFIX + each.path, each.method.lower()) for each in ENDPOINTS} == {
        (path, method) for path, methods in paths.items() for method in methods
    }
    assert len(ENDPOINTS) > 15


def test_every_operation_says_what_it_needs() -> None:
    """Generators of clients need an id for each, its parameters and its body, and how one is known."""
    whole = document()
    operations = [(path, each) for path, methods in whole["paths"].items() for each in methods.values()]
    ids = [each["operationId"] for _, each in operations]
    assert len(set(ids)) == len(ids)
    for path, each in operations:
        in_path = [each["name"] for each in each.get("parameters", []) if each["in"] == "path" and each["required"]]
        assert in_path == re.findall(r"{(\w+)}", path)
        assert {name for way in each["security"] for name in way} <= whole["components"]["securitySchemes"].keys()
    assert {each["operationId"] for _, each in operations if not each["security"]} == {"join", "openapi"}
    bodies = {each["operationId"]: each["requestBody"] for _, each in operations if "requestBody" in each}
    assert bodies.keys() == {"join", "parts", "opened", "writing", "file", "preview", "post_command", "ask", "sheet"}
    assert list(bodies["sheet"]["content"]) == ["application/octet-stream"]
    assert all(each["required"] and [of["schema"] for of in each["content"].values()] for each in bodies.values())


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
        if path in UPLOADS:
            headers = {"Content-Type": "application/octet-stream"}
            response = await client.http.post(
                f"{path}?name=msel.csv", content=b"Id,Title,Trigger,When\n", headers=headers
            )
        else:
            response = await client.http.request(endpoint.method, path, json=body)
        media = response.headers["Content-Type"].partition(";")[0]
        return response.status_code, response.json() if media == "application/json" else None, media

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            people = {role: await there.joined("ARD" if role == "seat" else role, f"{role} X") for role in ROLES}
            there.shared.run(there.shared.main, "advance 5d")
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


def test_an_option_that_a_seat_does_not_have_is_404_and_oneself_is_no_target(tmp_path: Path) -> None:
    """The obstacle names the possible targets."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            answer = await sam.http.get("/api/1/options/nonsense/-")
            assert (answer.status_code, "no option 'nonsense'" in answer.text) == (404, True)
            own = (await sam.http.get("/api/1/options/talk/ARD")).json()
            assert own["available"] is False
            assert own["obstacle"] == "talk cannot be directed at ARD (possible targets: BRL)"
            assert (await sam.http.get("/api/1/options/talk/BRL")).json()["available"] is True

    run(steps())


@pytest.mark.parametrize("path", ["/", "/j", "/api/1/view", "/api/1/entries", "/api/1/me", "/api/1/events", "/review"])
def test_nothing_is_answered_while_the_run_folder_is_gone(tmp_path: Path, path: str) -> None:
    """Reads say what has happened and what to do; after the folder is back, all goes on."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            kim = await there.joined("facilitator", "Kim")
            (tmp_path / "run").rename(tmp_path / "away")
            answer = await kim.http.get(path)
            assert (answer.status_code, "was moved or deleted" in answer.text) == (410, True)
            assert "put it back" in answer.json()["error"]["message"]
            (tmp_path / "away").rename(tmp_path / "run")
            assert (await kim.http.get("/api/1/me")).status_code == 200

    run(steps())


def test_an_open_stream_ends_when_the_run_folder_is_gone(tmp_path: Path) -> None:
    """The page connects again, and is told why nothing is answered."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            async with sam.stream() as stream:
                (tmp_path / "run").rename(tmp_path / "away")
                async for _ in stream.aiter_bytes():
                    pass
            assert (await sam.http.get("/api/1/events")).status_code == 410
            (tmp_path / "away").rename(tmp_path / "run")

    run(steps())
