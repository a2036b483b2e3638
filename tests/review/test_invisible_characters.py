"""Characters that a terminal, browser or word processor would act upon reach no output."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside
from support.live import session
from wargame.language.plain_text import clean, clean_json, escape_json
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run

BAD = "\x1b\x07\x00\x7f\x85\x9b\u202e\u2066\u200f\u2028\ufeff\u00ad"
"""Control characters of both blocks, direction marks, line separators, invisible ones."""
ZERO_WIDTH_SPACE = "\u200b"
"""With it, reports allow a long id to be broken."""
NO_BREAK_SPACE = "\u00a0"
"""It keeps a number with its percent sign."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A scenario whose texts are full of such characters."""
    place = tmp_path_factory.mktemp("scenario")
    for source, target in (("wargame/scenarios/two-rivals.yaml", "s.yaml"), ("injects/two-rivals/msel.yaml", "i.yaml")):
        text = (root / source).read_text("utf-8").replace("[two-rivals/msel]", "[i]")
        spoiled = re.sub(r"\b(title|summary|message|name): (?!two-rivals\n)\"?([A-Z][^\"{}\n,:]*)\"?", _spoil, text)
        assert spoiled.count("\\u202e") > 3
        (place / target).write_text(spoiled, encoding="utf-8")
    done = inside("run", "s.yaml", "--until", "70d", "--out", "run", "-q", cwd=place)
    assert done.returncode == 0, done.stderr
    return place


def _spoil(match: re.Match[str]) -> str:
    return f"{match[1]}: {json.dumps(match[2] + BAD + 'x')}"


def bad(text: str, allowed: str = "\n\t") -> set[str]:
    """The characters of a text that should not be in it."""
    return {char for char in text if not char.isprintable() and char not in allowed}


def strings(node: Any) -> str:
    """All strings of a JSON document."""
    if isinstance(node, dict):
        return "".join(strings(each) for pair in node.items() for each in pair)
    return "".join(map(strings, node)) if isinstance(node, list) else str(node)


@pytest.mark.parametrize("form", ["html", "md", "docx"])
def test_a_review_has_none(form: str, place: Path) -> None:
    """Neither its text nor the packed journal of the page, nor pictures."""
    done = inside("report", "run", "--format", form, "--out", f"out.{form}", cwd=place)
    assert done.returncode == 0, done.stderr
    if form == "docx":
        with zipfile.ZipFile(place / "out.docx") as archive:
            text = archive.read("word/document.xml").decode() + archive.read("docProps/core.xml").decode()
    else:
        text = (place / f"out.{form}").read_text("utf-8")
    assert "Arda" in text
    assert bad(text) <= {ZERO_WIDTH_SPACE, NO_BREAK_SPACE}
    if form == "html":
        packed = max(re.findall(r">\s*([A-Za-z0-9+/=]{500,})\s*<", text), key=len)
        journal = json.loads(gzip.decompress(base64.b64decode(packed)))
        assert "Arda" in strings(journal)
        assert bad(strings(journal)) == set()


@pytest.mark.slow
def test_a_comparison_a_page_for_print_and_a_report_with_pictures_have_none(place: Path) -> None:
    """Their pictures are drawings with text."""
    assert inside("run", "s.yaml", "--seed", "2", "--until", "70d", "--out", "other", "-q", cwd=place).returncode == 0
    batch = (
        "batch",
        "s.yaml",
        "-n",
        "3",
        "--until",
        "200d",
        "--arm",
        "soft=forbid ARD patrol",
        "--jobs",
        "1",
        "--out",
        "batch",
        "-q",
    )
    assert inside(*batch, cwd=place).returncode == 0
    pages: tuple[tuple[str, ...], ...] = (("report", "run", "other"), ("report", "batch"), ("print", "s.yaml"))
    for words in pages:
        assert inside(*words, "--out", "out.html", cwd=place).returncode == 0
        text = (place / "out.html").read_text("utf-8")
        pictures = [base64.b64decode(each).decode() for each in re.findall(r"base64,([A-Za-z0-9+/=]+)", text)]
        assert pictures or "<svg" in text or words[0] == "print", words
        assert bad(text + "".join(pictures)) <= {NO_BREAK_SPACE}, words


@pytest.mark.parametrize(
    "words",
    [("show", "run"), ("why", "run", "collision"), ("show", "run", "--json"), ("validate", "s.yaml"), ("list",)],
)
def test_the_command_line_prints_none(words: tuple[str, ...], place: Path) -> None:
    """On standard output and standard error."""
    done = inside(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert bad(done.stdout + done.stderr) == set()


def test_the_console_prints_none(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the facilitator and to seats."""
    monkeypatch.chdir(place)
    there = Console(session(tmp_path / "live", scenario="s.yaml"))
    lines = [f"advance {days}d" for days in (10, 10, 20)]
    shown = [
        text
        for line in (*lines, "brief ARD", "options ARD", "msel", "log", "queue", 'inject news "Riots" --now', "why 5")
        for text in run(there, line)
    ]
    assert len(shown) > 20
    assert bad("\n".join(shown)) == set()


def test_words_keep_their_joiners_and_json_its_escapes() -> None:
    """Some scripts need joiners; a backslash before a letter u is no escape."""
    assert clean("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u202ea\tb\nc") == (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645  a b c"
    )
    assert clean("a\n\u009bb", lines=True) == "a\n b"
    text = 'a\\u0007 \x07\u202e "\\" \U0001f600 \n'
    for escaped in (True, False):
        cleaned = json.loads(clean_json(json.dumps([text], ensure_ascii=escaped, indent=1)))
        assert cleaned == ['a\\u0007    "\\" \U0001f600 \n']
    content = ["\u202e\x9b\U000e0001 \U0001f600", {"\u2066": 1}]
    document = escape_json(json.dumps(content, ensure_ascii=False, indent=1))
    assert bad(document) == set()
    assert json.loads(document) == content
