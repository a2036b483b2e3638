"""Attachments of injects: read from beside the inject file, checked by content, kept with the run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import media
from wargame.errors import Invalid
from wargame.scenario.building.attachments import SUFFIXES, TYPES, NotAttachable, content_of
from wargame.scenario.loading.amend import Edit, amend
from wargame.scenario.loading.load import Loaded, load, load_files

SCRIPT = """format: wargame-injects/1
scenario: two-rivals
injects:
  - id: {id}
    title: A letter
    manual: true
    attachments: [{attached}]
"""


def written(folder: Path, attached: str, name: str = "letter", files: dict[str, bytes] | None = None) -> str:
    """An inject file with these attachments, and the files beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in (files or {}).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(data)
    path = folder / "injects.yaml"
    path.write_text(SCRIPT.format(id=name, attached=attached), encoding="utf-8")
    return str(path)


def test_an_attachment_is_known_by_its_content(tmp_path: Path) -> None:
    """A picture has its type, size and hash; the file is an input of the run at its path from the inject file."""
    picture = media.png(4, 3)
    loaded = load(
        "two-rivals", [written(tmp_path, "{file: maps/a b.png, title: North}", files={"maps/a b.png": picture})]
    )

    inject = next(each for each in loaded.injects if each.id == "letter")
    content = inject.attachments[0].content
    assert content is not None
    assert (content.kind, content.media_type, content.width, content.height) == ("picture", "image/png", 4, 3)
    assert loaded.files["injects/maps/a b.png"] == picture
    assert loaded.attached[content.sha256] == picture
    again = load_files(loaded.files)
    assert (again.injects, again.injects_sha256) == (loaded.injects, loaded.injects_sha256)


def test_other_content_is_another_exercise(tmp_path: Path) -> None:
    """The hash of the injects covers the bytes of their attachments."""
    one = load("two-rivals", [written(tmp_path, "a.png", files={"a.png": media.png()})])
    other = load("two-rivals", [written(tmp_path, "a.png", files={"a.png": media.png(colour=(1, 2, 3))})])

    assert one.injects_sha256 != other.injects_sha256


def test_files_of_one_name_from_two_folders_are_both_kept(tmp_path: Path) -> None:
    """Two inject files may have attachments of the same name."""
    pictures = {name: media.png(colour=colour) for name, colour in (("one", (9, 9, 9)), ("two", (7, 7, 7)))}
    paths = [written(tmp_path / name, "a.png", name, {"a.png": picture}) for name, picture in pictures.items()]
    loaded = load("two-rivals", paths)

    def bytes_of(of: Loaded) -> dict[str, bytes]:
        chosen = {each.id: each.attachments[0].content for each in of.injects if each.id in pictures}
        return {name: of.attached[content.sha256] for name, content in chosen.items() if content}

    assert bytes_of(loaded) == bytes_of(load_files(loaded.files)) == pictures


def test_an_inject_of_the_white_cell_attaches_files_of_the_exercise(tmp_path: Path) -> None:
    """During play, an inject can attach what the run has been started with, and nothing else."""
    loaded = load("two-rivals", [written(tmp_path, "a.png", files={"a.png": media.png()})])

    new = amend(loaded.files, [Edit("", "", "- {id: more, title: More, attachments: [a.png]}")])["more"]
    assert new.attachments[0].content == content_of("a.png", media.png())
    with pytest.raises(Invalid, match=r"inject:1:\d+: attachment 'b.png': it is not among the inputs .*a\.png"):
        amend(loaded.files, [Edit("", "", "- {id: more, title: More, attachments: [b.png]}")])


WRONG = {
    "a missing file": ("mop.png", {"map.png": media.png()}, "there is no such file (did you mean 'map.png'?)"),
    "text called a picture": ("a.png", {"a.png": b"hello"}, "the file is not a PNG: its content is of another type"),
    "a picture of another type": ("a.jpg", {"a.jpg": media.png()}, "the file is not a JPG but a PNG (rename it"),
    "a damaged picture": ("a.png", {"a.png": media.png()[:-9]}, "the PNG is damaged"),
    "an empty file": ("a.pdf", {"a.pdf": b""}, "the file is empty"),
    "a large picture": ("a.png", {"a.png": media.png() + bytes(5_000_000)}, "a picture at most 5 MB (make it smaller)"),
    "a large document": (
        "a.pdf",
        {"a.pdf": media.PDF + bytes(10_000_000)},
        "a document at most 10 MB (make it smaller)",
    ),
    "a huge video": ("a.mp4", {"a.mp4": media.MP4 + bytes(20_000_000)}, "the file has 20.0 MB, at most 20 MB"),
    "too many pixels": ("a.gif", {"a.gif": b"GIF89a\xff\xff\xff\xff"}, "65,535 × 65,535 pixels (at most 50 million)"),
    "a drawing with programs": ("a.svg", {"a.svg": b"<svg/>"}, "can contain programs (save it as PNG or PDF)"),
    "an unknown type": ("a.docx", {"a.docx": b"PK"}, "a file of the type .docx cannot be attached (possible: PNG"),
    "no type": ("map", {"map": b"x"}, "a file without a type in its name cannot be attached"),
    "a file above": ("../a.png", {}, "the file is outside the folder of the inject file, or hidden"),
    "no path": ("''", {}, "no file is named (write it as media/map.png)"),
    "the folder itself": (".", {}, "no file is named"),
    "an absolute path": ("/etc/a.png", {}, "the path is not relative to the inject file (write it as media/map.png)"),
    "a Windows path": ('"C:\\\\a.png"', {}, "the path is not relative to the inject file"),
    "a folder": ("a.png", {"a.png/b.png": media.png()}, "it cannot be read: it is a folder"),
    "twice the same": ("a.png, a.png", {"a.png": media.png()}, "'a.png' is attached twice"),
}


@pytest.mark.parametrize("attached", ["a.png", "media/b.png"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, attached: str) -> None:
    """A folder that somebody sends must not pick up pictures of the reader; links within it, and to it, are fine."""
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "b.png").write_bytes(media.png())
    script = written(tmp_path / "ex", attached, files={"c.png": media.png()})
    (tmp_path / "ex" / "a.png").symlink_to(tmp_path / "private" / "b.png")
    (tmp_path / "ex" / "media").symlink_to(tmp_path / "private")
    with pytest.raises(Invalid, match=f"attachment '{attached}': it is a link to a file outside the folder"):
        load("two-rivals", [script])
    (tmp_path / "ex" / "a.png").unlink()
    (tmp_path / "ex" / "a.png").symlink_to("c.png")
    (tmp_path / "link").symlink_to("ex")
    written(tmp_path / "ex", "a.png")
    assert load("two-rivals", [str(tmp_path / "link" / "injects.yaml")]).attached


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_has_one_message_with_its_line(tmp_path: Path, case: str) -> None:
    """One message with file, line and remedy."""
    attached, files, message = WRONG[case]
    script = written(tmp_path, attached, files=files)

    with pytest.raises(Invalid) as caught:
        load("two-rivals", [script])

    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{script}:7:")
    assert message in str(problem)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.PNG", media.png(), "picture"),
        ("a.jpeg", media.JPEG, "picture"),
        ("a.gif", media.GIF, "picture"),
        ("a.webp", media.WEBP, "picture"),
        ("a.pdf", media.PDF, "document"),
        ("a.wav", media.wav(), "recording"),
        ("a.mp3", media.MP3, "recording"),
        ("a.ogg", media.OGG, "recording"),
        ("a.mp4", media.MP4, "video"),
        ("a.webm", media.WEBM, "video"),
    ],
)
def test_the_types_that_can_be_attached(name: str, data: bytes, kind: str) -> None:
    """Pictures have their width and height."""
    content = content_of(name, data)

    assert content.kind == kind
    assert (content.width > 0) == (content.height > 0) == (kind == "picture")


@given(
    st.sampled_from(sorted(SUFFIXES)),
    st.sampled_from([media.png(), media.JPEG, media.GIF, media.WEBP, media.PDF, media.wav(), media.MP4, b""]),
    st.binary(max_size=60),
    st.integers(0, 80),
)
def test_any_bytes_are_attached_or_refused(suffix: str, data: bytes, more: bytes, place: int) -> None:
    """Random and damaged bytes are refused with a reason, or are what their name says."""
    damaged = data[:place] + more
    with suppress(NotAttachable):
        content = content_of(f"a{suffix}", damaged)
        named = next(each for each in TYPES if suffix in each.suffixes)
        assert (content.media_type, content.size) == (named.media_type, len(damaged))
