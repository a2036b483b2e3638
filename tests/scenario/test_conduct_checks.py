"""Mechanisms of conduct over time that could not work are reported with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from wargame.errors import Invalid, Problem
from wargame.scenario.loading.load import Loaded, load, load_files

RIVALS = load("two-rivals").files


def checked(text: str) -> tuple[Problem, ...]:
    """The problems of two rivals with more sections."""
    try:
        rivals(text)
    except Invalid as error:
        return error.problems
    return ()


def rivals(text: str) -> Loaded:
    """Two rivals with more sections, in a file of their own."""
    files = {name: data for name, data in RIVALS.items() if "scenario" in name}
    scenario = {name: data.replace(b"injects: [two-rivals/msel]\n", b"") for name, data in files.items()}
    return load_files({**scenario, "scenario/more.yaml": f"format: wargame-scenario/1\n{text}".encode()})


TALKS = """forums:
  talks:
    title: Talks
    dossier: strait
    members: [ARD, BRL]
"""
MOVE = """options:
  go: {title: goes, dossier: strait, by: [ARD], cameo: "036", goldstein: 1, lead: [1d, 2d, 5d], milestones: [%s]}
"""

FAULTS = {
    "milestone beyond the lead time": (
        f"rules: {{reviews: {{}}}}\n{MOVE % '2d, 9d'}", "9d", "the milestone 9d is not before", "choose an earlier"
    ),
    "milestones out of order": (f"rules: {{reviews: {{}}}}\n{MOVE % '4d, 2d'}", "[4d", "in ascending order", ""),
    "restraint without offences": (f"{TALKS}    restraint: 0.1\n", "0.1", "no action is an offence", "add `offences`"),
    "offence by a stranger": (
        f"{TALKS}    offences: [{{options: [patrol], by: [CAR]}}]\n", "CAR", "unknown government", ""
    ),
    "talks that end before they resume": (
        f"{TALKS}    patience: 30d\n    resumes: 45d\n", "45d", "collapses after 30d, before it could resume", "shorten"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_mechanism_that_cannot_work_is_a_problem_with_its_place(name: str) -> None:
    """At the value that is wrong."""
    text, at, message, remedy = FAULTS[name]
    problems = checked(text)
    (problem,) = [each for each in problems if message in each.message]
    assert remedy in problem.remedy
    line = f"format: wargame-scenario/1\n{text}".splitlines()[problem.line - 1]
    assert problem.file == "scenario/more.yaml"
    assert line[problem.column - 1 :].startswith(at)


def test_mechanisms_without_effect_are_warnings() -> None:
    """Milestones without reviews, and a warm start without a history."""
    loaded = rivals(f"rules: {{warm_start: 60d}}\n{MOVE % '2d'}")
    assert {"have no effect", "has no effect"} <= {" ".join(each.message.split()[-3:]) for each in loaded.warnings}


def test_the_built_in_variants_are_valid() -> None:
    """Overlays are checked by `validate`, not whenever the scenario is loaded."""
    from wargame.batch.study.parameters import variant_problems

    korea = load("korea-2017")
    assert "conduct-over-time" in korea.overlays
    assert variant_problems(korea) == ()


def test_a_variant_without_its_overlay_is_a_problem(tmp_path: Path) -> None:
    """At the name of the overlay."""
    for name, data in RIVALS.items():
        (tmp_path / Path(name).name).write_bytes(data)
    more = "format: wargame-scenario/1\nevidence: {variants: {x: {overlay: nowhere}}}\n"
    (tmp_path / "more.yaml").write_text(more)
    with pytest.raises(Invalid, match="there is no overlay 'nowhere'"):
        load(str(tmp_path))
