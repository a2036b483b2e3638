"""The page of exit codes and JSON: it has the codes of the errors, and the keys that commands print."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside, wargame_json
from wargame import errors

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "exit-codes-and-json.md").read_text("utf-8")
DOCUMENTS = {
    "`run`": "run two-rivals -q --out runs/other",
    "`show` of a run": "show first",
    "`why RUN`": "why first",
    "`why RUN SEQ`": "why first protest",
    "`report`": "report first",
    "`verify`": "verify first",
    "`validate`": "validate two-rivals",
    "`batch`": "batch two-rivals -n 2 --jobs 1 --arm 'quiet=forbid ARD patrol' --out runs/batch",
    "`compare`": "compare runs/batch",
    "`rehearse`": "rehearse two-rivals -n 2 --jobs 1",
    "`msel show`": "msel show two-rivals",
    "`plan`": "plan two-rivals --wall 2h",
    "`fork` of many": "fork first --at D+3 -n 2",
    "`conduct`": "conduct first",
    "`clean`": "clean --older-than 1d --dry-run",
    "`msel export`": "msel export two-rivals --out msel.csv",
    "`print`": "print two-rivals",
    "`init`": "init new",
    "`init --template`": "init --template",
}
"""The first words of a row, and a command whose document has its keys; they are run in this order."""


def row(name: str) -> str:
    """The cell of a row of the table that lists keys."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {name}")]
    return line.split("|")[2]


def test_the_page_has_every_exit_code() -> None:
    """The codes are those of the classes of errors, 0, 1 and that of a threshold."""
    written = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    classes = [each for each in vars(errors).values() if isinstance(each, type) and hasattr(each, "exit_code")]
    assert written == {0, 1, 99, *(each.exit_code for each in classes)}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The documents by the first words of their rows."""
    there = tmp_path_factory.mktemp("documents")
    assert inside("run", "two-rivals", "-q", "--out", "runs/first", cwd=there).returncode == 0
    return {name: wargame_json(*shlex.split(line), cwd=there) for name, line in DOCUMENTS.items()}


@pytest.mark.slow
def test_commands_print_the_keys_of_the_page(documents: dict[str, dict[str, Any]]) -> None:
    """Every key of a document is on the page, so that scripts know what they can rely on."""
    missing = {}
    for name, document in documents.items():
        named = set(re.findall(r"`([a-z_0-9]+)`", row(name)))
        if unnamed := set(document) - named:
            missing[name] = unnamed
    assert missing == {}


@pytest.mark.slow
def test_lists_of_documents_have_rows_with_the_keys_of_the_page(documents: dict[str, dict[str, Any]]) -> None:
    """Where the page says what each row has."""
    missing = {}
    for name, document in documents.items():
        for listed, words in re.findall(r"`(\w+)`: each ([^;:]*)", row(name)):
            assert document[listed], (name, listed)
            if absent := set(re.findall(r"`(\w+)`", words.partition(" with ")[0])) - document[listed][0].keys():
                missing[name, listed] = absent
    assert missing == {}


def test_the_page_of_the_installation_has_every_extra() -> None:
    """Whoever misses an optional part finds its name."""
    text = (ROOT / "docs" / "start" / "installation.md").read_text("utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for_contributors = {"dev", "docs", "exhaustive", "release"}
    assert set(re.findall(r"^\| `([a-z]+)` \|", text, re.MULTILINE)) == set(extras) - for_contributors
