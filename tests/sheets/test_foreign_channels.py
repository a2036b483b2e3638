"""How other makers of MSELs call the ways in which a message arrives."""

from __future__ import annotations

from pathlib import Path

import yaml

from support import sheets
from support.in_process import inside

WORDS = {
    "TV": "News",
    "Press release": "News",
    "Tweet": "Social",
    "E-mail": "Email",
    "Phone call": "Phone",
    "Face to face": "Phone",
    "INTSUM": "Intel",
    "SITREP": "Reporting",
    "FRAGO": "Orders",
    "Memo": "Orders",
    "Note verbale": "Cable",
    "Red phone": "Hotline",
    "Security Council": "UNSC",
}
"""Words of sheets with the channel that they stand for."""


def test_words_for_channels_are_understood(tmp_path: Path) -> None:
    """In any case, with spaces and hyphens as people write them; another word goes into the notes."""
    rows = [[str(n), f"Event {n}", "D+2", "ARD", word] for n, word in enumerate((*WORDS, "Carrier pigeon"), 1)]
    sheets.workbook(
        tmp_path / "msel.xlsx", [("Control Number", "Title", "Simulated Time", "To", "Delivery Method"), *rows]
    )
    done = inside("msel import", "msel.xlsx", "--scenario", "two-rivals", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    *known, unknown = yaml.safe_load((tmp_path / "msel.yaml").read_text("utf-8"))["injects"]
    assert {word: each.get("channel") for word, each in zip(WORDS, known, strict=True)} == WORDS
    assert "channel" not in unknown
    assert "Carrier pigeon" in unknown["notes"]


def test_a_column_of_types_can_name_channels(tmp_path: Path) -> None:
    """Its values decide; what they say besides the channel is in the notes."""
    rows = [("A fire", "D+1", "ARD", "radio/phone"), ("A letter", "D+2", "ARD", "electronic")]
    sheets.workbook(tmp_path / "msel.xlsx", [("Title", "Simulated Time", "To", "Type"), *rows])
    done = inside("msel import", "msel.xlsx", "--scenario", "two-rivals", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    injects = yaml.safe_load((tmp_path / "msel.yaml").read_text("utf-8"))["injects"]
    assert [(each["channel"], each.get("notes")) for each in injects] == [
        ("Phone", "Channel: radio/phone"),
        ("Email", None),
    ]
