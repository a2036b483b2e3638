"""The console's answers for people who press buttons: hints that name typed commands name the buttons instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wargame.language.plain_text import clean
from wargame.simulation.exercise import Exercise
from wargame.web.access.people import Person
from wargame.web.viewer import CONTROL

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


_NAMED = re.compile(
    r"^(|The questionnaire |Added to the MSEL: )([\w-]+(?:, [\w-]+)*)(?=: | is | has been | cannot | \(|$)"
)
"""Where the answers of the console have ids of injects, outcomes and objectives."""


def worded(person: Person, exercise: Exercise, lines: Sequence[str]) -> list[str]:
    """Lines of the console as a person reads them: those in front of buttons read of buttons, not of commands.

    The control room reads titles in place of ids, as on its pages.
    """
    if person.program:
        return list(lines)
    return for_buttons(lines, titles_of(exercise) if person.role in CONTROL else {})


def titles_of(exercise: Exercise) -> dict[str, str]:
    """The titles of injects, outcomes and objectives by their ids."""
    scenario = exercise.context.scenario
    titles = {name: spec.title for name, spec in scenario.objectives.items()}
    titles |= {name: spec.title for name, spec in scenario.outcomes.items()}
    titles |= {name: item.spec.title for name, item in exercise.injector.lines.items()}
    return {name: clean(title) for name, title in titles.items()}


def for_buttons(lines: Sequence[str], titles: Mapping[str, str] | None = None) -> list[str]:
    """These lines for a person in front of buttons; other lines stay as they are.

    `titles` are those of what the white cell's answers name by ids; nobody else may be given them.
    """
    return [_for_buttons(line, titles or {}) for line in lines]


def _for_buttons(line: str, titles: Mapping[str, str]) -> str:
    line = _NAMED.sub(lambda found: found[1] + ", ".join(titles.get(each, each) for each in found[2].split(", ")), line)
    for pattern, words in _PATTERNS:
        line = pattern.sub(words, line)
    return line
