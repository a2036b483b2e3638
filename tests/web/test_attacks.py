"""A bounded attack on the server, on loopback: each threat is refused, and the exercise goes on."""

from __future__ import annotations

import asyncio
import ssl
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from support.live import console
from support.web import Served, run, serving
from wargame.errors import Invalid, UsageFault
from wargame.live.terminals.shared_session import SharedSession
from wargame.web.address import Address, listen, read_address, tls_context
from wargame.web.endpoints import openapi_json
from wargame.web.server import Serving, served

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"), ("BRL", "human"))}
JSON = {"Content-Type": "application/json"}


async def raw(there: Served, content: bytes, *, wait: float = 5.0, half_close: bool = False) -> bytes:
    """What the server answers to these bytes on a connection of its own."""
    host, port = there.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(content)
        await writer.drain()
        if half_close:
            writer.write_eof()
        async with asyncio.timeout(wait):
            return await reader.read()
    except (TimeoutError, ConnectionError):
        return b""
    finally:
        writer.close()


def test_wrong_codes_are_answered_alike_and_keep_nobody_out(tmp_path: Path) -> None:
    """The answers do not depend on how wrong a code is; a right one of the same address is accepted after them."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            person, right = there.client(), there.code("ARD")
            near = right[:-1] + ("0" if right[-1] != "0" else "1")
            answers = [await person.join(code, "Eve") for code in (near, "", "A", "ZZZZ-ZZZZ", "\u0661" * 8)]
            assert {(each.status_code, each.text) for each in answers} == {(403, answers[0].text)}
            assert "Nobody has joined" in there.shared.run(there.shared.main, "people")[0]
            assert (await person.join(right, "Eve")).status_code == 201

    run(steps())


def test_a_new_code_and_the_lock_keep_people_out(tmp_path: Path) -> None:
    """Those who have joined stay; the code of the facilitator works once."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam, old = await there.joined("ARD", "Sam"), there.code("ARD")
            there.shared.run(there.shared.main, "code ARD new")
            assert (await there.client().join(old, "Eve")).status_code == 403
            assert (await sam.http.get("/api/1/me")).status_code == 200
            there.shared.run(there.shared.main, "lock")
            assert (await there.client().join(there.code("ARD"), "Eve")).status_code == 403
            there.shared.run(there.shared.main, "lock off")
            once = there.code("facilitator")
            assert (await there.client().join(once, "Kim")).status_code == 201
            assert (await there.client().join(once, "Eve")).status_code == 403

    run(steps())


FOREIGN = [
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://127.0.0.1"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Host": "evil.example"}, 421),
    ({"Host": "127.0.0.1.evil.example"}, 421),
    ({"Host": "evil@127.0.0.1"}, 421),
    ({"Host": ""}, 421),
]
"""Headers that a page of this server does not send, and the status of the answer."""


def test_requests_of_other_sites_and_under_other_names_are_refused(tmp_path: Path) -> None:
    """Also with a valid cookie; nothing is carried out."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            body = b'{"key": "a", "epoch": 0, "verb": "order", "args": ["talk", "BRL"]}'
            for headers, status in FOREIGN:
                answer = await sam.http.post("/api/1/commands", content=body, headers={**JSON, **headers})
                assert (headers, answer.status_code) == (headers, status)
                assert not there.session.log.lines
                assert "access-control-allow-origin" not in answer.headers

    run(steps())


def test_a_cookie_without_an_origin_and_reads_of_other_sites_are_refused(tmp_path: Path) -> None:
    """A program has its token instead; a link from elsewhere may open the page, and no more."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            del sam.http.headers["Origin"]
            assert (await sam.command("order", "talk", "BRL")).status_code == 403
            foreign = {"Sec-Fetch-Site": "cross-site"}
            assert (await sam.http.get("/api/1/view", headers=foreign)).status_code == 403
            assert (await sam.http.get("/j", headers=foreign)).status_code == 200
            program = await there.joined("BRL", "bot", program=True)
            assert (await program.command("order", "talk", "ARD")).status_code == 200
            preflight = await sam.http.options("/api/1/commands", headers={"Origin": "http://evil.example"})
            assert preflight.status_code == 405

    run(steps())


def test_bodies_that_are_too_large_or_no_commands_are_refused(tmp_path: Path) -> None:
    """With a message that says what is wrong, and without a traceback."""
    right = '{"key": "a", "epoch": 0, "verb": "brief"}'
    bodies = [
        ("x" * 40_000, 413),
        ("", 422),
        ("[]", 422),
        ("[" * 20_000, 422),
        ('{"key": "", "epoch": 0, "verb": "brief"}', 422),
        ('{"key": "a", "epoch": "0", "verb": "brief"}', 422),
        ('{"key": "a", "epoch": 0, "verb": "brief", "seat": "BRL"}', 422),
        ('{"key": "a", "epoch": 0, "verb": "brief", "args": {"line": "x", "y": "z"}}', 422),
        ('{"key": "a", "epoch": 0, "verb": "brief", "args": [1]}', 422),
        ('{"key": "\\u0000", "epoch": 0, "verb": "brief"}', 422),
        ('{"key": "b", "epoch": 0, "verb": "order", "args": ["\\u0000"]}', 422),
        ('{"key": "c", "epoch": 0, "verb": "order", "args": ["\\ud800"]}', 422),
        (right, 200),
    ]

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            for body, status in bodies:
                answer = await sam.http.post("/api/1/commands", content=body, headers=JSON)
                assert (body[:60], answer.status_code) == (body[:60], status)
                assert "Traceback" not in answer.text
            assert not there.session.log.lines

    run(steps())


def test_a_flood_of_one_person_leaves_the_others_alone(tmp_path: Path) -> None:
    """Five commands at once, then five a second; others order meanwhile."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            eve, bo = await there.joined("ARD", "Eve"), await there.joined("BRL", "Bo")
            began = time.monotonic()
            answers = await asyncio.gather(*(eve.command("message", "EXCON", f"{n}") for n in range(40)))
            statuses = [each.status_code for each in answers]
            assert statuses.count(200) <= 6 + 5 * (time.monotonic() - began)
            assert statuses.count(429) == 40 - statuses.count(200)
            assert (await bo.command("order", "talk", "ARD")).status_code == 200

    run(steps())


def test_half_closed_slow_and_broken_connections_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hold no stream, and the server answers others."""
    monkeypatch.setattr("wargame.web.security.PATIENCE", 0.3)

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            host = there.url.removeprefix("http://")
            (cookie,) = sam.http.cookies.items()
            head = f"Host: {host}\r\nCookie: {'='.join(cookie)}\r\n"
            await raw(there, f"GET /api/1/events HTTP/1.1\r\n{head}\r\n".encode(), wait=0.3, half_close=True)
            slow = f"POST /api/1/commands HTTP/1.1\r\n{head}Origin: {there.url}\r\nContent-Type: application/json\r\n"
            answer = await raw(there, f"{slow}Content-Length: 50\r\n\r\n{{".encode())
            assert b" 408 " in answer.split(b"\r\n")[0]
            for garbage in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a" * 100_000):
                assert b"200 OK" not in await raw(there, garbage, wait=0.5)
            smuggled = f"{slow}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /".encode()
            assert b" 200 " not in await raw(there, smuggled, wait=0.5)
            await asyncio.sleep(0.1)
            assert (await sam.http.get("/api/1/me")).status_code == 200
            streams = await sam.http.get("/api/1/me")
            assert streams.status_code == 200

    run(steps())


def test_guessed_and_removed_tokens_are_refused(tmp_path: Path) -> None:
    """The file has the digest of a token and not the token; only its owner can read it."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            bot = await there.joined("ARD", "bot", program=True)
            token = bot.http.headers["Authorization"].removeprefix("Bearer ")
            file = there.session.folder.path / "access.jsonl"
            assert token not in file.read_text("utf-8")
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            for guess in (token[:-1], token + "A", token.lower(), "a b"):
                bot.http.headers["Authorization"] = f"Bearer {guess}"
                assert (await bot.http.get("/api/1/view")).status_code == 401
            bot.http.headers["Authorization"] = f"Bearer {token}"
            assert (await bot.http.get("/api/1/view")).status_code == 200
            there.shared.run(there.shared.main, "kick bot")
            assert (await bot.http.get("/api/1/view")).status_code == 401

    run(steps())


def test_names_and_texts_cannot_become_markup(tmp_path: Path) -> None:
    """They are escaped in every page; the policy of the pages allows nothing inline and no other host."""
    script = "<script>alert(1)</script>"

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", script)
            kim = await there.joined("facilitator", "Kim")
            await sam.lines("message", "BRL", script)
            await sam.lines("message", "EXCON", script)
            bo = await there.joined("BRL", "Bo")
            for each in (sam, bo, kim):
                page = await each.http.get("/")
                assert page.status_code == 200
                assert "<script>alert" not in page.text
                policy = page.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert page.headers["Cache-Control"] == "no-store"
                assert page.headers["Referrer-Policy"] == "no-referrer"
                assert page.headers["X-Content-Type-Options"] == "nosniff"
                assert not {"server", "date", "access-control-allow-origin"} & set(page.headers)
                assert " style=" not in page.text
                assert " onclick=" not in page.text

    run(steps())


def test_static_files_are_those_of_the_package_alone(tmp_path: Path) -> None:
    """Whatever the address."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            host = there.url.removeprefix("http://")
            for path in ("/../app.py", "/%2e%2e/app.py", "/..%2fapp.py", "/page.js%00.css", "/nothing.js"):
                request = f"GET /static{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
                answer = await raw(there, request.encode())
                assert b" 404 " in answer.split(b"\r\n")[0], path

    run(steps())


def test_a_deputy_does_not_see_the_code_of_the_facilitator(tmp_path: Path) -> None:
    """With it, a deputy could become a facilitator."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            deputy = await there.joined("deputy", "Lou")
            there.code("facilitator")
            access = (await deputy.http.get("/api/1/access")).json()
            assert {"deputy", "ARD"} <= set(access["codes"])
            assert "facilitator" not in access["codes"]
            assert (await deputy.http.get("/api/1/qr/facilitator.svg")).status_code == 422

    run(steps())


def test_a_silent_connection_is_closed_and_a_flood_of_reads_is_slowed_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither keeps others out."""
    monkeypatch.setattr("wargame.web.connections.SILENCE", 0.2)
    monkeypatch.setattr("wargame.web.app.REQUESTS", 5.0)  # so that a slow machine sends more than are allowed, too

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            began = asyncio.get_running_loop().time()
            assert await raw(there, b"GET / HT", wait=5) == b""
            assert asyncio.get_running_loop().time() - began < 3
            monkeypatch.setattr("wargame.web.connections.SILENCE", 20.0)  # a slow machine is not a silent client
            sam, bo = await there.joined("ARD", "Sam"), await there.joined("BRL", "Bo")
            answers = await asyncio.gather(*(sam.http.get("/api/1/entries") for _ in range(150)))
            assert 429 in {each.status_code for each in answers}
            assert (await bo.http.get("/api/1/entries")).status_code == 200

    run(steps())


@pytest.mark.parametrize("path", ["/", "/review"])
def test_a_flood_of_pages_is_slowed_down(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They count among the requests of a person."""
    monkeypatch.setattr("wargame.web.app.REQUESTS", 5.0)
    monkeypatch.setattr("wargame.web.app.HELD_BACK", 0.0)

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            sam = await there.joined("ARD", "Sam")
            answers = await asyncio.gather(*(sam.http.get(path) for _ in range(30)))
            assert 429 in {each.status_code for each in answers}

    run(steps())


def test_the_description_of_the_api_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes fifty times as long as other requests, and anybody may read it."""
    made: list[int] = []
    monkeypatch.setattr("wargame.web.endpoints.openapi", lambda: made.append(1))

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            stranger = there.client()
            for _ in range(3):
                await stranger.http.get("/api/1/openapi.json")

    openapi_json.cache_clear()
    run(steps())
    openapi_json.cache_clear()
    assert made == [1]


# --- what cannot be served -------------------------------------------------------------------------


def test_a_port_in_use_is_one_clear_error(tmp_path: Path) -> None:
    """Nothing is served, and nothing stays open."""
    holder = listen(Address("127.0.0.1", 0))
    port = holder.getsockname()[1]

    async def steps() -> None:
        shared = SharedSession(console(tmp_path / "run"), lambda _: None)
        with pytest.raises(UsageFault, match=rf"the port {port} is in use: .* \(choose another port\)"):
            async with served(shared, Serving(Address("127.0.0.1", port))):
                raise AssertionError
        await shared.close()

    run(steps())
    holder.close()


@pytest.mark.parametrize("text", ["", "host:port", "0.0.0.0:99999", "http://x:1", "a@b:1", ":8765", "x:-1"])
def test_addresses_that_are_none_are_refused(text: str) -> None:
    """With an example."""
    with pytest.raises(UsageFault, match="write HOST:PORT, such as"):
        read_address(text)


def test_certificates_that_cannot_be_used_are_one_clear_error(tmp_path: Path) -> None:
    """Missing, unreadable, not PEM, and one without the other."""
    text, missing = tmp_path / "text.pem", tmp_path / "missing.pem"
    text.write_text("not a certificate")
    for certificate, key, words in (
        (missing, text, "--tls-cert: .*missing.pem cannot be read: No such file"),
        (text, missing, "--tls-key: .*missing.pem cannot be read: No such file"),
        (text, text, "both are PEM files"),
        (text, None, "belong together"),
        (tmp_path, text, "--tls-cert: .* cannot be read: Is a directory"),
    ):
        with pytest.raises(UsageFault, match=words):
            tls_context(certificate, key)
    assert isinstance(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext)


@pytest.mark.parametrize(
    "line",
    [
        '{"kind":"admit","number":99}',
        '{"kind":"remove","number":99}',
        '{"kind":"person","number":1,"name":"Kim","role":"emperor","token":"x","admitted":true}',
        '{"kind":"person","number":1,"name":"Kim","role":"seat","token":"x","seat":"AQD","admitted":true}',
        '{"kind":"code","role":"evaluator","seat":"ARD,AQD","code":"AAAA-AAAA"}',
    ],
)
def test_an_access_file_about_nobody_is_one_clear_error(line: str, tmp_path: Path) -> None:
    """A person whom the file does not have, a role or a seat that there is not."""

    async def steps() -> None:
        there = console(tmp_path / "run")
        shared = SharedSession(there, lambda _: None)
        (there.session.folder.path / "access.jsonl").write_text(f'{{"kind":"lock","on":true}}\n{line}\n', "utf-8")
        with pytest.raises(Invalid, match=r"access.jsonl:2:1: .*delete the file"):
            async with served(shared, Serving(Address("127.0.0.1", 0))):
                raise AssertionError
        await shared.close()

    run(steps())


def test_a_damaged_access_file_is_one_clear_error(tmp_path: Path) -> None:
    """With its line and the remedy; what a crash has cut off is left out."""

    async def steps() -> None:
        there = console(tmp_path / "run")
        shared = SharedSession(there, lambda _: None)
        file = there.session.folder.path / "access.jsonl"
        file.write_text('{"kind":"lock","on":true}\n{"kind":"code","ro')
        async with served(shared, Serving(Address("127.0.0.1", 0))):
            assert "New people are refused" in shared.run(there, "people")[-1]
        file.write_text("{}\n")
        with pytest.raises(Invalid, match=r"access.jsonl:1:1: is not a line of this file.*delete the file"):
            async with served(shared, Serving(Address("127.0.0.1", 0))):
                raise AssertionError
        await shared.close()

    run(steps())
