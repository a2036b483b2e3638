"""The YAML examples of the documentation: they can be parsed, and use none of the keys that have been renamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
import yaml

from wargame.batches.study import model as study_model
from wargame.language.old_words import OLD_WORDS, OLD_WORDS_BY_CONTEXT
from wargame.scenario import model

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^( *)```yaml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
CURRENT = {
    field.name
    for module in (model, study_model)
    for cls in vars(module).values()
    if isinstance(cls, type) and is_dataclass(cls)
    for field in fields(cls)
}
RETIRED = ({*OLD_WORDS} | {word for _, word in OLD_WORDS_BY_CONTEXT}) - CURRENT
"""Old words that are not a key of any mapping today."""
EXAMPLES = [
    pytest.param(match[2], id=f"{page.relative_to(ROOT).as_posix()}:{text.count(chr(10), 0, match.start()) + 1}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    for text in (page.read_text("utf-8"),)
    for match in FENCE.finditer(text)
]


def mapping_keys(node: object) -> Iterator[str]:
    """The keys of all mappings in parsed YAML."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from mapping_keys(value)
    elif isinstance(node, list):
        for item in node:
            yield from mapping_keys(item)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_uses_the_present_keys(example: str) -> None:
    """A reader can copy an example into a scenario, inject or study file."""
    assert sorted(RETIRED & set(mapping_keys(yaml.safe_load(example)))) == []


def test_retired_keys_are_recognized() -> None:
    """The test above would fail on the old key of a statistic and of an option."""
    old = yaml.safe_load("statistics: [{delay: {cause: {options: [a]}, answer: {options: [b]}}}]\nasks: {}")

    assert RETIRED & set(mapping_keys(old)) == {"answer", "asks"}
