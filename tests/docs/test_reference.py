"""Generated pages match the code, and links between pages work."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import make_files
import pytest
import yaml


@pytest.mark.slow
def test_generated_pages_are_up_to_date(root: Path) -> None:
    """`make docs` changes nothing: commands, schemas and state diagrams are those of the code."""
    done = subprocess.run(
        [sys.executable, root / "tools" / "build.py", "--check"], capture_output=True, encoding="utf-8", check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_links_between_pages_lead_to_files(root: Path) -> None:
    """Every link within the project leads to a file."""
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    links = [
        (page.relative_to(root).as_posix(), link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    ]

    assert [(page, link) for page, link in links if not ((root / page).parent / link).exists()] == []


def described(kind: str) -> dict[tuple[str, str], dict[str, Any]]:
    """By mapping and key of a kind of file: the schema of the key, with the definitions to which it refers."""
    document = make_files.whole(kind)
    mappings = {name: of for name, of in document["definitions"].items() if " " not in name}
    return {
        (name, key): {**value, "definitions": document["definitions"]}
        for name, of in {f"The file {kind}": document, **mappings}.items()
        for key, value in make_files.keys_of(of)["properties"].items()
    }


def test_each_key_of_a_file_has_an_example() -> None:
    """And no example is left of a key that is gone."""
    written = {(name, key) for name, keys in make_files.EXAMPLES.items() for key in keys}
    assert written == {each for kind in make_files.FILES for each in described(kind)}


@pytest.mark.parametrize("kind", make_files.FILES)
def test_the_examples_of_keys_are_valid(kind: str) -> None:
    """A reader can copy them; those with left out parts (`{…}`) show only the form."""
    examples = {at: make_files.EXAMPLES[at[0]][at[1]] for at in described(kind)}
    wrong = [
        (at, examples[at], error.message)
        for at, schema in described(kind).items()
        if "…" not in examples[at]
        for error in jsonschema.Draft7Validator(schema).iter_errors(plain(yaml.safe_load(examples[at])))
    ]
    assert wrong == []


def plain(value: Any) -> Any:
    """A value of YAML 1.1 as the project reads it: times are text, `on` is a key."""
    if isinstance(value, dict):
        return {"on" if key is True else key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, dt.date) else value
