"""Questionnaires in inject files: read as written, each mistake with one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from wargame.errors import Invalid
from wargame.language.times import HOUR
from wargame.scenario.loading.load import load

SCRIPT = """format: wargame-injects/1
scenario: two-rivals
injects:
  - id: poll
    title: A poll
    kind: {kind}
    manual: true
    questionnaire: {{within: 2h, questions: [{questions}]}}
"""


def written(folder: Path, questions: str, kind: str = "inject") -> str:
    """An inject file with a questionnaire."""
    path = folder / "injects.yaml"
    path.write_text(SCRIPT.format(kind=kind, questions=questions), encoding="utf-8")
    return str(path)


def test_a_questionnaire_has_choices_scales_and_texts(tmp_path: Path) -> None:
    """The order of questions and choices is that of the file."""
    questions = "{id: b, text: B?, choices: [yes, no, 3]}, {id: a, text: A?, scale: [1, 5]}, {id: c, text: C?}"
    loaded = load("two-rivals", [written(tmp_path, questions)])

    asked = next(each for each in loaded.injects if each.id == "poll").questionnaire
    assert asked is not None
    assert (asked.within, asked.each) == (2 * HOUR, "seat")
    assert [(each.id, each.form) for each in asked.questions] == [("b", "choices"), ("a", "scale"), ("c", "text")]
    assert asked.questions[0].choices == ("yes", "no", "3")


WRONG = {
    "": "a questionnaire has 1 to 30 questions",
    "{id: a, text: A?}, {id: a, text: B?}": "two questions have the id 'a'",
    "{id: a, text: A?, choices: []}": "a question has 2 to 20 choices",
    "{id: a, text: A?, scale: [1, 5], ends: [same, Same]}": "both ends of the scale have the same word",
    "{id: a, text: A?, scale: [1, 5], ends: ['5', low]}": "the end of a scale is a word, not '5'",
    "{id: a, text: A?, choices: [yes]}": "a question has 2 to 20 choices",
    "{id: a, text: A?, choices: [yes, Yes]}": "the choice 'yes' is written twice",
    "{id: a, text: A?, choices: [yes, no], scale: [1, 5]}": "either `choices` or a `scale`",
    "{id: a, text: A?, scale: [5, 1]}": "from a lower to a higher mark",
    "{id: a, text: A?, scale: [1, x]}": "must be a whole number",
    "{id: a, text: A?, several: true}": "`several` is only for `choices`",
    "{id: a, text: A?, ends: [low, high]}": "`ends` is only for a `scale`",
    "{id: a}": "`text` is missing",
}


@pytest.mark.parametrize("questions", WRONG)
def test_each_mistake_has_one_message_with_its_line(tmp_path: Path, questions: str) -> None:
    """One message with file and line."""
    script = written(tmp_path, questions)

    with pytest.raises(Invalid) as caught:
        load("two-rivals", [script])

    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (script, 8)
    assert WRONG[questions] in problem.message


def test_a_questionnaire_needs_receivers(tmp_path: Path) -> None:
    """A facilitation inject is not sent to anyone."""
    with pytest.raises(Invalid, match="facilitation inject is not sent to anyone: nobody can answer"):
        load("two-rivals", [written(tmp_path, "{id: a, text: A?}", kind="facilitation")])
