"""Study files of two-rivals for the tests of batches."""

from __future__ import annotations

from pathlib import Path

HEAD = "format: wargame-study/1\nname: s\nscenario: two-rivals\nuntil: 20d\n"
CALM = "factors:\n  calm: {set: tension, levels: [0.1, 0.3, 0.5]}\n"
GRID = f"{CALM}design: grid\n"


def study_file(folder: Path, text: str, head: str = HEAD) -> str:
    """The path of a study with this text after its header."""
    path = folder / "study.yaml"
    path.write_text(head + text, encoding="utf-8")
    return str(path)
