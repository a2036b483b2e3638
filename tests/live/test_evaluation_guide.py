"""The evaluation guide on paper: everything that is expected, by objective, with room to write."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from support.engine import changed, loaded
from support.entry_point import wargame
from wargame.live.paper.pack import evaluation_guide


def pages(document: str) -> dict[str, str]:
    """The text of each page by its title."""
    parts = {}
    for section in re.findall(r"<section>(.*?)</section>", document, re.DOTALL):
        (title,) = re.findall(r"<h1>(.*?)</h1>", section)
        parts[unescape(title)] = " ".join(unescape(re.sub(r"<[^>]+>", " ", section.replace("<wbr>", ""))).split())
    return parts


def test_each_objective_has_its_expected_actions_and_a_rating() -> None:
    """With inject, government, options, times and boxes; nothing expected is left out."""
    base = loaded("korea-2017")
    guide, names = pages(evaluation_guide(base)), base.scenario.governments
    titled = {spec.title: name for name, spec in base.scenario.objectives.items()}
    assert set(titled) <= set(guide)
    expected = [(inject, action) for inject in base.injects for action in inject.expected]
    assert len(expected) > 10
    for inject, action in expected:
        title = next(
            (t for t, name in titled.items() if name == action.objective), "Expected actions without an objective"
        )
        for part in (inject.title, f"({inject.id})", names[action.who].name, action.title, "☐ met ☐ late ☐ missed"):
            assert " ".join(part.split()) in guide[title], (inject.id, part)
        for option in action.any_of:
            assert base.scenario.options[option].title in guide[title]
    for title, name in titled.items():
        assert "☐ P performed without challenges" in guide[title]
        assert f'rate {name} P "why"' in guide[title]
        assert "Players must not see this page" in guide[title]


def test_the_guide_of_an_evaluator_has_only_the_seats_observed() -> None:
    """Their names are filled in."""
    base = loaded("korea-2017")
    whole, own = evaluation_guide(base), evaluation_guide(base, ["KOR"])
    who = {action.who for inject in base.injects for action in inject.expected}
    assert {"KOR", "USA"} <= who
    assert "Seats observed: South Korea Date" in " ".join(pages(own).values())
    assert own.count("<tr>") < whole.count("<tr>")
    rows = [row for row in re.findall(r"<tr><td>.*?</tr>", own) if "☐ met" in unescape(row).replace("\xa0", " ")]
    assert rows
    assert all("<td>South Korea</td>" in row for row in rows)


def test_text_of_a_scenario_is_never_markup() -> None:
    """Nor are control characters printed; nothing is loaded from any host."""
    base = loaded()
    title = "<script>\x9b2J & co"
    inject = replace(base.injects[0], title=title)
    scenario = replace(base.scenario.objectives["signals"], title=title)
    document = evaluation_guide(changed(base, objectives={"signals": scenario}, injects=(inject,)))
    assert "<script" not in document
    assert "\x9b" not in document
    assert "&lt;script&gt;" in document
    assert not re.search(r"\b(src|href)=|https?:", document)


def test_a_scenario_without_objectives_has_a_page() -> None:
    """There is room for observations even then."""
    guide = pages(evaluation_guide(changed(loaded(), objectives={}, injects=())))
    assert "No action is expected. Write down what you observe." in guide["Expected actions without an objective"]


def test_the_command_writes_the_guide(tmp_path: Path) -> None:
    """Beside the scenario's paper; seats in any case; a wrong one is named."""
    done = wargame("print", "two-rivals", "--evaluation", "--seats", "ard", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "two-rivals-evaluation.html")
    assert "Seats observed: Arda" in " ".join(
        pages((tmp_path / "two-rivals-evaluation.html").read_text("utf-8")).values()
    )
    wrong = wargame("print", "two-rivals", "--evaluation", "--seats", "ARX", cwd=tmp_path)
    assert (wrong.returncode, "did you mean 'ARD'?" in wrong.stderr) == (2, True)


def test_a_shorter_exercise_has_a_shorter_guide(tmp_path: Path) -> None:
    """`--until` leaves out what is due only after ENDEX, what follows it included, and says how much."""
    done = wargame("print", "two-rivals", "--evaluation", "--until", "10d", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = " ".join(pages((tmp_path / "two-rivals-evaluation.html").read_text("utf-8")).values())
    assert "broker" not in page or "(when tension > 0.6)" in page
    assert "collision" not in page
    assert "funeral" not in page
    assert "Left out: 3 injects due only after ENDEX." in page


@pytest.mark.parametrize("name", ["two-rivals", "cuba-1962", "korea-2017"])
def test_the_guide_of_every_scenario_is_short(name: str) -> None:
    """At most a few pages for each objective."""
    base = loaded(name)
    assert 1 <= len(pages(evaluation_guide(base))) <= len(base.scenario.objectives) + 1
