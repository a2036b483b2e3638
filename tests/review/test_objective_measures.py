"""Measures of objectives: numbers where the journal has them, and otherwise a place for the evaluators."""

from __future__ import annotations

from pathlib import Path

from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import from_memory
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

EXERCISE = """format: wargame-exercise/1
name: strait
title: A year in the strait
scenario: two-rivals
wall: 1h
seats: {ARD: {persons: [{role: Head of government, person: R. Amin}, {role: Speaker}]}}
objectives:
  signals:
    measures:
      - {title: Talks, standard: at least one, formula: "count(talk)"}
      - {title: Talks of Arda, formula: "count(talk, ARD)"}
      - {title: Share of Arda, formula: "actions(ARD) / actions()"}
      - {title: War, standard: none, formula: p(war)}
      - {title: Until war, formula: time(war)}
      - {title: Tension, formula: mean(tension)}
      - {title: Reasons, standard: all}
"""


def test_values_are_those_of_the_journal(tmp_path: Path) -> None:
    """Counts since STARTEX; what needs an indicator or a person has no value."""
    (tmp_path / "exercise.yaml").write_text(EXERCISE, "utf-8")
    loaded = load(str(tmp_path))
    run = simulate(loaded, 1, place=Destination(out=tmp_path / "run"))
    findings = Findings(from_memory(run.folder, run.manifest, run.records, loaded))
    actions = [record for record in run.records if record.kind == "action"]
    talks = [record for record in actions if record.about == "talk"]
    arda = [record for record in actions if record.who == "ARD"]
    assert talks
    assert arda
    values = {row["measure"]: row["value"] for row in findings.objective_measures}
    assert values == {
        "Talks": str(len(talks)),
        "Talks of Arda": str(sum(record.who == "ARD" for record in talks)),
        "Share of Arda": f"{len(arda) / len(actions):g}",
        "War": "no",
        "Until war": "did not occur",
        "Tension": "",
        "Reasons": "",
    }
    for form in ("md", "html"):
        shown = render(findings, form).decode()
        assert "to be found by the evaluators" in shown
        assert "Arda: R. Amin (Head of government)" in shown


def test_a_scenario_alone_has_no_measures(tmp_path: Path) -> None:
    """Measures belong to an exercise."""
    loaded = load("two-rivals")
    run = simulate(loaded, 1, place=Destination(out=tmp_path / "run"))
    assert Findings(from_memory(run.folder, run.manifest, run.records, loaded)).objective_measures == []
