"""Tables that are kept as YAML: the type checker does not see their keys, so these tests do."""

from __future__ import annotations

from pathlib import Path

import pytest

import wargame
from wargame.journal.records import kinds
from wargame.live.console.dispatch import COMMANDS
from wargame.live.console.names import KINDS
from wargame.scenario.building.build import plan
from wargame.scenario.model import Inject
from wargame.tables import tables

PACKAGE = Path(wargame.__file__).parent
OF_AUTHORS = {"scenarios", "studies", "exercises", "injects", "starter", "charts"}
"""Folders whose files are no tables."""
FILES = sorted(path for path in PACKAGE.rglob("*.yaml") if not OF_AUTHORS & set(path.relative_to(PACKAGE).parts))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_table_is_read_by_a_module(path: Path) -> None:
    """No file is left behind by a module that no longer reads it, and each has content."""
    name = path.relative_to(PACKAGE).as_posix()
    assert any(f'"{name}"' in module.read_text(encoding="utf-8") for module in PACKAGE.rglob("*.py"))
    assert tables(name)


@pytest.mark.parametrize("name", sorted(tables("journal/kinds.yaml")))
def test_a_set_of_kinds_has_kinds_of_records(name: str) -> None:
    """Each once, and none that no run writes."""
    listed = tables("journal/kinds.yaml")[name]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= set(kinds())


def test_kinds_of_names_are_of_options_commands_and_keys_that_there_are() -> None:
    """Of the console, and of injects and what they contain."""
    assert set(KINDS["options"]) <= {option for command in COMMANDS.values() for option in command.options}
    assert set(KINDS["inside"]) <= set(COMMANDS)
    assert {"audience", "channel", "enables", "objective", "provided"} <= set(KINDS["keys"]) & set(plan(Inject)[0])
