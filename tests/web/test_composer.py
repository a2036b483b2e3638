"""The composer of injects: files by upload, preview, expected actions, questions, and the file of saved injects."""

from __future__ import annotations

import asyncio
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from support.live import resumed, verified
from support.web import API, Client, run, serving
from wargame.scenario.loading.load import load

PEOPLE = (("ARD", "human"), ("BRL", "human"))
ASKED = {"key": "preview", "epoch": 0, "verb": "inject"}
TEXT = "The ferry **Aurora** does not answer."


def picture(form: str = "PNG", **more: object) -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, form, **more)
    return out.getvalue()


async def upload(person: Client, name: str, data: bytes) -> tuple[int, dict[str, object]]:
    """The answer to a file that is sent."""
    answer = await person.http.post(
        f"{API}/file", params={"name": name}, content=data, headers={"Content-Type": "application/octet-stream"}
    )
    return answer.status_code, answer.json()


def test_an_inject_with_a_picture_is_seen_by_its_recipient_and_is_reproducible(tmp_path: Path) -> None:
    """The preview is what the inbox shows; another seat gets no file; the run verifies, also after a restart."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            chief, ann = await there.joined("facilitator", "Fay"), await there.joined("ARD", "Ann")
            cid = await there.joined("BRL", "Cid")
            status, kept = await upload(chief, "../Ferry (1).png", picture())
            assert status == 200
            words = ["post", TEXT, "--to", "ARD", "--sender", "Harbour watch", "--file", str(kept["text"])]
            shown = (await chief.post("/preview", {**ASKED, "args": [*words, "--alt", "A ferry"]})).json()["text"]
            assert all(
                text in shown for text in ("<strong>Aurora</strong>", "Harbour watch", "data:image/png", "A ferry")
            )
            await chief.lines("inject", *words, "--now")
            there.shared.run(there.shared.main, "advance 1h")
            seen = "".join((await ann.post("/parts", {"have": {}})).json()["parts"].values())
            assert "<strong>Aurora</strong>" in seen
            address = seen.partition('src="')[2].partition('"')[0]
            answer = await ann.http.get(address)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert (await cid.http.get(address)).status_code == 404
            there.session.close()
        assert verified(tmp_path / "run")
        resumed(tmp_path / "run").close()

    run(script())


def test_files_that_are_sent_at_once_are_all_kept(tmp_path: Path) -> None:
    """Each is in the manifest and among the inputs, and the exercise goes on."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            chief = await there.joined("facilitator", "Fay")
            files = {f"map{number}.pdf": b"%PDF-1.4 " + str(number).encode() * 1000 for number in range(16)}
            answers = await asyncio.gather(*(upload(chief, *file) for file in files.items()))
            assert [status for status, _ in answers] == [200] * len(files), answers
            names = {str(kept["text"]) for _, kept in answers}
            assert set(there.session.folder.manifest().attachments) == names
            assert {(tmp_path / "run/inputs" / name).read_bytes() for name in names} == set(files.values())
            there.session.close()
        resumed(tmp_path / "run").close()

    run(script())


def test_a_picture_is_encoded_again(tmp_path: Path) -> None:
    """Metadata and what comes behind the picture are gone."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            chief = await there.joined("facilitator", "Fay")
            exif = Image.Exif()
            exif[0x010E] = "taken at home"
            data = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
            _, kept = await upload(chief, "a.jpg", data)
            stored = (tmp_path / "run" / "inputs" / str(kept["text"])).read_bytes()
            assert Image.open(BytesIO(stored)).size == (40, 30)
            assert not [each for each in (b"taken at home", b"<script>") if each in stored]

    run(script())


def _bomb() -> bytes:
    """A PNG that says that it is enormous."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("page.html", b"<script>", "can contain programs"),
        ("picture.svg", b"<svg/>", "can contain programs"),
        ("tool.exe", b"MZ", "cannot be attached"),
        ("photo.png", b"<html><script>", "not a PNG"),
        ("photo.png", picture("JPEG"), "not a PNG but a JPG"),
        ("cut.png", picture()[:60], "damaged"),
        ("huge.png", _bomb(), "pixels"),
        ("", picture(), "without a type"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    """By content, size and name; nothing is kept."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            chief = await there.joined("facilitator", "Fay")
            status, answer = await upload(chief, name, data)
            assert (status, why in str(answer)) == (422, True), answer
            assert not list((tmp_path / "run" / "inputs").rglob("uploads/*"))

    run(script())


def test_who_is_no_facilitator_neither_sends_files_nor_previews(tmp_path: Path) -> None:
    """A seat."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            ann = await there.joined("ARD", "Ann")
            assert (await upload(ann, "a.png", picture()))[0] == 403
            assert (await ann.post("/preview", {**ASKED, "args": ["news", "x"]})).status_code == 403

    run(script())


def test_what_the_form_says_becomes_an_inject_that_can_be_saved(tmp_path: Path) -> None:
    """Its time, expected action and questions; the saved file is read by another run, with its picture."""

    async def script() -> None:
        async with serving(tmp_path / "run", seats=PEOPLE) as there:
            chief = await there.joined("facilitator", "Fay")
            _, kept = await upload(chief, "a.png", picture())
            option = next(iter(there.session.exercise.context.scenario.options))
            more = [
                "--expect",
                "ARD",
                "--does",
                option,
                "--within",
                "2d",
                "--ask",
                "Agree? | yes | no\nWhy?",
                "--each",
                "person",
            ]
            at = ["--at", "2030-01-05T09:00", "--file", str(kept["text"]), "--save"]
            await chief.lines("inject", "email", "Please answer.", "--id", "asked", *at, *more)
            spec = there.session.exercise.injector.lines["asked"].spec
            assert [(each.who, each.any_of, each.within) for each in spec.expected] == [("ARD", (option,), 2 * 86400)]
            assert spec.questionnaire is not None
            assert [each.choices for each in spec.questionnaire.questions] == [("yes", "no"), ()]
        saved = load("two-rivals", [str(tmp_path / "run" / "added-injects.yaml")])
        assert next(each for each in saved.injects if each.id == "asked").attachments[0].content is not None

    run(script())
