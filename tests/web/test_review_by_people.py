"""The review as several people write it in browsers: no text is lost, and each sees only what is theirs to see."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.web import Client, Served, run, serving
from wargame.cli.live import LiveReview

SEATS = (("ARD", "human"), ("BRL", "human"))


@asynccontextmanager
async def reviewed(folder: Path, *lines: str) -> AsyncIterator[Served]:
    """A served exercise with a review, after these lines of the console."""
    async with serving(folder / "run", seats=SEATS) as there:
        there.shared.main.review = LiveReview(there.session)
        for line in ("stop at nothing", "advance 3d", *lines):
            there.shared.run(there.shared.main, line)
        yield there


def texts(there: Served) -> dict[str, Any]:
    """The content of `review.yaml`."""
    return dict(yaml.safe_load((there.session.folder.path / "review.yaml").read_text()))


async def observer(there: Served, name: str) -> Client:
    """An evaluator of the seat of Arda, who has joined with a code of its own."""
    code = there.shared.run(there.shared.main, "code evaluator:,ARD")[0].partition(": ")[2].split()[0]
    person = there.client()
    assert (await person.join(code, name)).status_code == 201
    return person


async def write(person: Client, row: str, was: dict[str, str], code: int = 200, **said: str) -> str:
    """Writes texts of a row that was shown like this; the words of the answer."""
    words = [part for name, text in said.items() for part in (f"--{name}", text)]
    answer = await person.command("finding", row, *words, "--was", json.dumps(was))
    assert answer.status_code == code, answer.text
    return answer.text


async def page(who: Client, view: str) -> str:
    """The parts of a view."""
    return str((await who.post("/parts", {"have": {}, "query": f"view={view}"})).json()["parts"])


def test_two_people_who_change_one_text_both_keep_theirs(tmp_path: Path) -> None:
    """The second one is told; a text that only one has changed is replaced."""

    async def steps() -> None:
        async with reviewed(tmp_path, "endex") as there:
            fay, dan = await there.joined("facilitator", "Fay"), await there.joined("deputy", "Dan")
            await write(fay, "overview", {"text": ""}, text="Fay: calm.")
            said = await write(dan, "overview", {"text": ""}, text="Dan: loud.")
            assert "both texts are kept" in said
            assert texts(there)["overview"] == "Fay: calm.\n\nfacilitator also wrote: Dan: loud."
            await write(dan, "overview", {"text": texts(there)["overview"]}, text="Calm, then loud.")
            assert texts(there)["overview"] == "Calm, then loud."
            await write(dan, "overview", {"text": "Calm, then loud."}, text="-")
            assert texts(there)["overview"] == ""

    run(steps())


def test_a_rating_that_somebody_else_has_changed_is_not_replaced(tmp_path: Path) -> None:
    """Two letters cannot both be kept: the second person looks again."""

    async def steps() -> None:
        async with reviewed(tmp_path, "endex") as there:
            fay, dan = await there.joined("facilitator", "Fay"), await there.joined("deputy", "Dan")
            await write(fay, "ratings/signals", {"text": ""}, text="P")
            assert "his is 'P' in the meantime" in await write(dan, "ratings/signals", {"text": ""}, 422, text="U")
            assert texts(there)["ratings"] == {"signals": "P"}
            assert "is not a rating" in await write(fay, "ratings/signals", {"text": "P"}, 422, text="Z")
            assert "here is no objective" in await write(fay, "ratings/glory", {"text": ""}, 422, text="P")
            assert texts(there)["ratings"] == {"signals": "P"}

    run(steps())


def test_an_edit_from_outside_is_noticed_and_merged(tmp_path: Path) -> None:
    """Nothing is written over it; taken over, it keeps what it has replaced beside its own text."""

    async def steps() -> None:
        async with reviewed(tmp_path, "endex") as there:
            fay, file = await there.joined("facilitator", "Fay"), there.session.folder.path / "review.yaml"
            await write(fay, "overview", {"text": ""}, text="From the room.")
            file.write_text(file.read_text().replace("From the room.", "From an editor.") + "ratings: {signals: S}\n")
            before = file.read_bytes()
            assert "take its texts over first" in await write(fay, "overview", {"text": ""}, 422, text="Again.")
            assert file.read_bytes() == before
            assert "was changed outside" in await page(fay, "review")
            await write(fay, "merge", {})
            assert texts(there)["overview"] == "From an editor.\n\nIn the room: From the room."
            assert texts(there)["ratings"] == {"signals": "S"}
            await write(fay, "ratings/signals", {"text": "S"}, text="M")
            assert texts(there)["ratings"] == {"signals": "M"}

    run(steps())


def test_what_cannot_be_meant_is_refused_with_what_to_write(tmp_path: Path) -> None:
    """A client that sends other texts, an area without an observation, and a file that is damaged by hand."""

    async def steps() -> None:
        async with reviewed(tmp_path, "endex") as there:
            fay, file = await there.joined("facilitator", "Fay"), there.session.folder.path / "review.yaml"
            for words, said in (
                (("overview", "--text", "One.", "--was", "{one"), "as a JSON object"),
                (("overview", "--text", "One.", "--was", '["One."]'), "as a JSON object"),
                (("area", "--root_cause", "No line."), "what was observed: --observation"),
                (("area", "--observation", "-"), "what was observed: --observation"),
            ):
                answer = await fay.command("finding", *words)
                assert (answer.status_code, said in answer.text) == (422, True), answer.text
            assert not file.exists()
            file.write_text("format: wargame-review/1\noverview: [calm\n")
            assert "review.yaml:3:1: this is not YAML" in await page(fay, "review")

    run(steps())


def test_a_text_that_was_acknowledged_is_written_once(tmp_path: Path) -> None:
    """Also if the server stops between its log and the file; the same key adds nothing."""

    async def steps() -> None:
        async with reviewed(tmp_path) as there:
            eve, file = await there.joined("evaluator", "Eve"), there.session.folder.path / "review.yaml"
            await write(eve, "area", {}, observation="Late", corrective_action="Call")
            before = file.read_bytes()
            for _ in range(2):
                await eve.command("finding", "area", "--observation", "Silent", key="once")
            after = file.read_bytes()
            file.write_bytes(before)
            assert "Silent" in await page(await there.joined("facilitator", "Fay"), "review")
            assert file.read_bytes() == after
            assert [each["observation"] for each in texts(there)["more_observations"]] == ["Late", "Silent"]
            assert texts(there)["improvement_plan"][0] == {"corrective_action": "Call", "observation": "added-1"}

    run(steps())


def test_a_plan_with_one_row_keeps_the_drafted_areas(tmp_path: Path) -> None:
    """An area that somebody adds does not take the others out of the improvement plan."""

    async def steps() -> None:
        improve = 'note "The phone was dead" --tag improve'
        async with reviewed(tmp_path, improve, "endex") as there:
            fay = await there.joined("facilitator", "Fay")
            await write(fay, "area", {}, observation="Late", corrective_action="Call", status="in progress")
            await write(fay, "learned/0", {"text": ""}, text="Calls were late.")
            text = (await fay.http.get("/review?format=md")).text
            plan = text[text.index("Improvement plan") :]
            assert "The phone was dead" in plan
            assert "in progress" in plan
            assert "Calls were late." in text
            assert "is not a status" in await write(
                fay, "improvement_plan/0", {"status": "in progress"}, 422, status="soon"
            )

    run(steps())


def test_an_evaluator_adds_areas_and_reads_only_the_own_ones(tmp_path: Path) -> None:
    """The white cell reads all; a seat and a screen have no part in it."""

    async def steps() -> None:
        async with reviewed(tmp_path) as there:
            eve, ida = await there.joined("evaluator", "Eve"), await observer(there, "Ida")
            await write(eve, "area", {}, observation="Only Eve knows")
            assert "Only Eve knows" in await page(eve, "watch")
            assert "Only Eve knows" not in await page(ida, "watch") + await page(ida, "review")
            assert "Only Eve knows" in await page(await there.joined("facilitator", "Fay"), "review")
            assert "the white cell edits" in await write(eve, "overview", {"text": ""}, 422, text="Mine")
            assert "do not observe" in await write(ida, "area", {}, 422, observation="Boats", who="BRL")
            for of in ("ARD", "screen"):
                assert (await (await there.joined(of, f"of {of}")).command("finding", "merge")).status_code == 403

    run(steps())


def test_evaluators_see_measures_and_rate_with_evidence_that_they_see(tmp_path: Path) -> None:
    """A record of another seat is none; the evidence is in the record of the rating."""

    async def steps() -> None:
        async with reviewed(tmp_path, 'message BRL EXCON "A secret"', 'message ARD EXCON "A word"') as there:
            ida = await observer(there, "Ida")
            secret, word = (each.seq for each in there.session.records[-4:] if each.kind == "message")
            refused = await ida.command("rate", "signals", "S", "--why", "slow", "--by", str(secret))
            assert (refused.status_code, "could be evidence" in refused.text) == (422, True)
            await ida.lines("rate", "signals", "S", "--why", "slow", "--by", f"#{word}")
            rating = there.session.records[-1]
            assert (rating.kind, rating.data["evidence"], rating.data["why"]) == ("rating", str(word), "slow")
            assert f"evidence #{word}" in await page(ida, "watch")

    run(steps())


@pytest.mark.slow
def test_documents_are_for_the_control_room_after_endex(tmp_path: Path) -> None:
    """Word, Markdown, the page of a seat and verify; with the texts of the room, and not for others or earlier."""

    async def steps() -> None:
        async with reviewed(tmp_path) as there:
            fay, sam = await there.joined("facilitator", "Fay"), await there.joined("ARD", "Sam")
            assert (await fay.http.get("/review?format=md")).status_code == 422
            there.shared.run(there.shared.main, "endex")
            await write(fay, "overview", {"text": ""}, text="We learned to call.")
            assert "We learned to call." in (await fay.http.get("/review?format=md")).text
            assert (await fay.http.get("/review?format=docx")).content.startswith(b"PK")
            assert "We learned" not in (await fay.http.get("/review?format=html&seat=ARD")).text
            assert "identical byte for byte" in (await fay.http.get("/review?format=verify")).text
            assert (await fay.http.get("/review?format=exe")).status_code == 422
            assert (await sam.http.get("/review?format=md")).status_code == 403

    run(steps())
