"""The review shows messages as they were sent, and what people have answered."""

from __future__ import annotations

import base64
import io
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from support.in_process import inside
from support.live import output_of
from support.media import GIF, JPEG, WEBP
from support.media_exercise import MAP, SPARE, exercise, played
from support.reviews import embedded as unpacked
from support.run_tables import tables_of
from wargame.document.blocks import Heading, Photo
from wargame.document.docx import docx
from wargame.document.markdown import markdown
from wargame.document.pdf import pdf
from wargame.errors import Invalid
from wargame.executor.run import frozen_run
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.live.console.console import Console
from wargame.review.findings.findings import open_findings
from wargame.review.reports.writing import render
from wargame.scenario.building.attachments import content_of

DAMAGED = {"png": MAP[:40] + b"garbage" + MAP[-16:], "jpg": JPEG, "webp": WEBP, "gif": GIF}
"""Files that begin as pictures do."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a played exercise."""
    return played(tmp_path_factory.mktemp("media"))


def embedded(data: bytes) -> str:
    """A picture as a page contains it."""
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def test_the_folder_is_complete_by_itself(run: Path, tmp_path: Path) -> None:
    """It is verified elsewhere, without the files from which it was started."""
    shutil.copytree(run, tmp_path / "copy")

    assert verify(Folder(tmp_path / "copy")).same


@pytest.mark.parametrize("change", ["changed", "missing"])
def test_an_attachment_that_was_changed_is_named(run: Path, tmp_path: Path, change: str) -> None:
    """Also one that is still a picture."""
    shutil.copytree(run, tmp_path / "copy")
    file = tmp_path / "copy" / "inputs" / "injects" / "map.png"
    if change == "changed":
        file.write_bytes(SPARE)
    else:
        file.unlink()

    message = {"changed": "the attachment changed since the run", "missing": "the attachment is missing"}[change]
    with pytest.raises(Invalid, match=rf"map\.png: {message} \(restore the file"):
        frozen_run(Folder(tmp_path / "copy"))
    done = inside("report", "copy", "--out", "review.html", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"map.png: {message} (restore the file" in done.stderr
    assert not (tmp_path / "review.html").exists()


def test_an_attachment_that_cannot_be_read_any_more_is_named(run: Path, tmp_path: Path) -> None:
    """Here one that has grown beyond what is read."""
    shutil.copytree(run, tmp_path / "copy")
    os.truncate(tmp_path / "copy" / "inputs" / "injects" / "map.png", 30_000_000)
    with pytest.raises(Invalid, match=r"map\.png: cannot be read: it is larger than 20 MB \(restore the file"):
        frozen_run(Folder(tmp_path / "copy"))


def test_answers_are_a_table(run: Path) -> None:
    """One row for each answer; a scale has numbers."""
    table = tables_of(run).questionnaires()

    assert table[["inject", "question", "seat", "person", "answer"]].to_numpy().tolist() == [
        ["letter", "sure", "ARD", "", "4"],
        ["letter", "next", "ARD", "", "talk"],
        ["letter", "why", "ARD", "", "As <i>ever</i>."],
        ["person", "ok", "BRL", "Ann", "yes"],
        ["person", "ok", "BRL", "Bob", "no"],
    ]
    assert table["mark"].dropna().tolist() == [4]


def test_the_page_has_messages_with_pictures_and_the_answers(run: Path) -> None:
    """Everything is escaped, and pictures that were not sent are not in it."""
    page = render(open_findings(run), "html").decode()

    assert embedded(MAP) in page
    assert embedded(SPARE) not in page
    assert "1 of 1 seat answered; closed at its deadline." in page
    assert "1 of 2 seats answered; without an answer: Arda; closed at ENDEX; results shown to everyone." in page
    assert "As &lt;i&gt;ever&lt;/i&gt;." in page
    assert "<i>" not in page
    assert "img-src data:" in page


def test_the_version_of_a_seat_has_what_it_received(run: Path) -> None:
    """Its own messages, and neither those of others nor anybody's answers."""
    arda, brel = (render(open_findings(run), "html", seat).decode() for seat in ("ARD", "BRL"))

    assert embedded(MAP) in arda
    assert "A letter" in arda
    assert embedded(MAP) not in brel
    assert "A letter" not in brel
    for page in (arda, brel):
        assert 'id="questionnaires"' not in page
        assert "Working title" not in page
        assert "Working title" not in str(unpacked(page))


def test_the_document_has_counts_means_and_words(run: Path) -> None:
    """In Markdown; the annex lists the files that were sent."""
    text = render(open_findings(run), "md").decode()

    assert "| How sure? | 1 | 4.0 of 5 | 4: 1 | Arda: 4 |" in text
    assert "| Agreed? | 2 | yes: 1, no: 1 | Brel (Ann): yes; Brel (Bob): no |" in text
    assert "map.png (The strait): two islands; call.wav" in text


def test_word_and_pdf_contain_the_pictures(run: Path) -> None:
    """Those that were sent."""
    pytest.importorskip("docx")
    content = zipfile.ZipFile(io.BytesIO(render(open_findings(run), "docx")))

    assert MAP in [content.read(name) for name in content.namelist() if name.startswith("word/media/")]
    assert SPARE not in [content.read(name) for name in content.namelist()]


@pytest.mark.parametrize("ending", DAMAGED)
def test_a_damaged_picture_leaves_its_title(ending: str) -> None:
    """The document is written all the same."""
    document = pytest.importorskip("docx")
    pytest.importorskip("typst")
    content = content_of(f"a.{ending}", DAMAGED[ending])
    blocks = [Heading(1, "Review"), Photo("The strait", "two islands", DAMAGED[ending], content.media_type, 4)]

    paragraphs = document.Document(io.BytesIO(docx(blocks))).paragraphs
    assert "The strait: two islands" in [each.text for each in paragraphs]
    assert pdf(blocks).startswith(b"%PDF")
    assert b"two islands" in markdown(blocks)


def test_the_annex_of_the_white_cell_says_what_was_published(run: Path) -> None:
    """In words."""
    text = render(open_findings(run), "md").decode()

    assert "Shows everyone the results of 'To each'" in text


def test_a_seat_that_left_questions_open_is_named(tmp_path: Path) -> None:
    """As on the console and in the journal, a seat has answered when all questions have an answer."""
    there = Console(exercise(tmp_path))
    output_of(there, "advance 1d", "release letter", "respond ARD 1.1 4", "respond ARD 1.2 talk", "endex")
    there.session.close()

    text = render(open_findings(Folder(tmp_path / "run")), "md").decode()

    assert "0 of 1 seat answered; in part: Arda (2 of 3 questions); closed at ENDEX." in text
