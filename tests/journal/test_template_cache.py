"""Compiled templates are kept, and compiled again whenever they do not fit."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from wargame.journal.bytecode import TemplateCache


@pytest.fixture(autouse=True)
def writes_bytecode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if Python wrote compiled modules beside their sources."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "page.html").write_text("Hello {{ name }}")


def rendered(folder: Path) -> str:
    """The template in a new environment."""
    environment = Environment(loader=FileSystemLoader(folder), bytecode_cache=TemplateCache(), autoescape=True)
    return environment.get_template("page.html").render(name="you")


def compiled(folder: Path) -> list[Path]:
    """What is kept."""
    return list((folder / "__pycache__").glob("*"))


def test_a_template_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second environment does not compile it."""
    assert rendered(tmp_path) == "Hello you"
    monkeypatch.setattr(Environment, "_compile", None)

    assert rendered(tmp_path) == "Hello you"
    assert len(compiled(tmp_path)) == 1


def test_a_changed_template_is_compiled_again(tmp_path: Path) -> None:
    """What is shown is always the present template."""
    rendered(tmp_path)
    (tmp_path / "page.html").write_text("Goodbye {{ name }}")

    assert rendered(tmp_path) == "Goodbye you"


@pytest.mark.parametrize("content", [b"", b"nonsense", b"j2"])
def test_a_damaged_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    """It is as if there were none."""
    rendered(tmp_path)
    file = compiled(tmp_path)[0]
    whole = file.read_bytes()
    file.write_bytes(content)

    assert rendered(tmp_path) == "Hello you"
    assert file.read_bytes() == whole


def test_where_nothing_can_be_written_pages_are_shown_all_the_same(tmp_path: Path) -> None:
    """The place of the compiled templates is taken by a file."""
    (tmp_path / "__pycache__").write_text("")

    assert rendered(tmp_path) == "Hello you"


def test_nothing_is_kept_if_python_writes_no_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`PYTHONDONTWRITEBYTECODE` applies."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert rendered(tmp_path) == "Hello you"
    assert not compiled(tmp_path)
