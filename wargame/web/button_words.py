"""The console's answers for people who press buttons: hints that name typed commands name the buttons instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HINTS = (
    (
        r"the clock moves by next, advance and move; pace --wall 3h lets it run\.",
        "go on with Next event or End of move, or set a pace under Advance, pace.",
    ),
    (r"\bresume starts the clock\.", "Start, or Resume, lets the clock run."),
    (r"\(resume continues; stop at chooses where the clock stops\)", "(Resume continues)"),
    (r"until you start it \(resume\)", "until you press Resume"),
    (r"\bplayon (ends|resumes)", r"Play on \1"),
    (r"\(pause stops it\)", "(Pause stops it)"),
    (r"\(undo takes it back\)", "(Undo, under Branches, takes it back)"),
    (r"\(rewind goes back\)", "(Rewind, under Branches, goes back)"),
    (
        r"endex writes the review; hotwash, judge, rate and note still work\.",
        "You can still judge, rate and write notes.",
    ),
    (
        r"hotwash, judge, rate and note still work; quit writes the review again\.",
        "You can still judge, rate and write notes; Write the review again includes them.",
    ),
    (r"\(release ID releases it now\)", "(Release releases it now)"),
    (r"\(code GOV new changes the code\)", "(New code changes the code)"),
    (r" \(admit \d+\)", " (People admits them)"),
    (r" \(lock off accepts them\)", ""),
    (r"(the earlier branch is kept\.) Due: .*", r"\1 The overview lists what is due."),
    (r"look, then repeat undo\b", "look, then press Undo again"),
)
"""A hint for those who type, as a pattern -> the same for those who press buttons."""
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _HINTS)


def for_buttons(lines: Sequence[str]) -> list[str]:
    """These lines for a person in front of buttons; other lines stay as they are."""
    return [_for_buttons(line) for line in lines]


def _for_buttons(line: str) -> str:
    for pattern, words in _PATTERNS:
        line = pattern.sub(words, line)
    return line
