"""Requests that are refused: the status, and what would be accepted; nothing happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.web import API, run, serving

HUMAN: dict[str, Any] = {"seats": (("ARD", "human"),)}


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/why/first", 422, "write the number of a record, as shown after #"),
        ("GET", "/why/1234567890123", 422, "write the number of a record, as shown after #"),
        ("DELETE", "/ask/last", 422, "write the number of a question"),
        ("DELETE", "/ask/1", 422, "there is no open question 1"),
        ("POST", "/ask", 422, "a question is one of "),
        ("GET", "/qr/ARX.svg", 422, "there is no code for 'ARX' (code GOV makes one)"),
    ],
)
def test_a_wrong_request_of_a_deputy_is_answered_with_what_is_right(
    tmp_path: Path, method: str, path: str, status: int, words: str
) -> None:
    """A number that is none, a command that is no question, a code that is not there."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            lou = await there.joined("deputy", "Lou")
            body = None if method == "GET" else {"key": "k", "epoch": 0, "verb": "advance", "args": ["1d"]}
            before = len(there.session.records)
            answer = await lou.http.request(method, f"{API}{path}", json=body)
            assert (answer.status_code, words in answer.text) == (status, True), answer.text
            assert len(there.session.records) == before

    run(steps())


def test_an_evaluator_without_a_grant_does_not_read_what_the_white_cell_sees(tmp_path: Path) -> None:
    """The MSEL, causes, knowledge and branches need the grant, and the refusal names it."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            eve = await there.joined("evaluator", "Eve")
            for path in ("/msel", "/why/1", "/knowledge", "/branches"):
                answer = await eve.http.get(f"{API}{path}")
                assert answer.status_code == 403, path
                assert "this needs the view of the white cell (grant NUMBER everything)" in answer.text

    run(steps())


def test_a_code_to_join_is_a_picture_for_those_who_may_give_it_away(tmp_path: Path) -> None:
    """The public screen shows the address alone; a picture with a code is another one."""

    async def steps() -> None:
        async with serving(tmp_path / "run", **HUMAN) as there:
            lou, screen = await there.joined("deputy", "Lou"), await there.joined("screen", "Wall")
            there.code("ARD")
            plain, coded = [(await lou.http.get(f"{API}/qr/{of}.svg")).text for of in ("join", "ARD")]
            assert plain.count("<svg") == coded.count("<svg") == 1
            assert plain != coded
            assert (await screen.http.get(f"{API}/qr/join.svg")).text == plain
            refused = await screen.http.get(f"{API}/qr/ARD.svg")
            assert (refused.status_code, "without a code: join.svg" in refused.text) == (403, True)

    run(steps())
