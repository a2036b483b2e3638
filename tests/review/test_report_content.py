"""The content of reports: figures, names and verdicts, not only their structure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.records import made
from support.reviews import review_blocks, seated, with_records
from wargame.document.blocks import Block, Bullets, Fields, Figures, Forest, Grid, Heading, Paragraph
from wargame.document.formatting import estimate
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import ReviewerNotes, merged, plan_rows
from wargame.review.findings.source import RunSource
from wargame.review.reports.batch_labels import Names
from wargame.review.reports.batch_report import results
from wargame.review.reports.batch_tables import appendix, brief, curves
from wargame.review.reports.evidence_reports import claims_of
from wargame.review.reports.rehearsal_report import sections
from wargame.review.reports.report_header import ended, game_time, provenance
from wargame.review.reports.run_charts import timeline_picture
from wargame.review.reports.run_comparison import comparison
from wargame.review.reports.writing import render


def table(blocks: list[Block], caption: str) -> Grid:
    """The only table whose caption begins so."""
    (grid,) = [block for block in blocks if isinstance(block, Grid) and block.caption.startswith(caption)]
    return grid


def paragraphs(blocks: list[Block]) -> list[str]:
    """The texts of all paragraphs."""
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def below(blocks: list[Block], heading: str) -> list[Block]:
    """The blocks below a heading, up to the next one."""
    start = next(n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.text == heading) + 1
    end = next((n for n in range(start, len(blocks)) if isinstance(blocks[n], Heading)), len(blocks))
    return blocks[start:end]


# --- the review of a run ------------------------------------------------------------------------------------------


def test_the_document_lists_occurred_and_absent_outcomes(source: RunSource) -> None:
    """With date, day and record; the others in one sentence; none is in both."""
    more = with_records(source, ("outcome", "", "war", (0,), {"title": "ignored", "ends": True}))
    findings = Findings(more)
    blocks = below(review_blocks(findings, ReviewerNotes()), "Outcomes, most severe first")
    (listed,) = [block for block in blocks if isinstance(block, Bullets)]
    occurred = [o for o in findings.summary.outcomes if o.at]
    absent = [o.title for o in findings.summary.outcomes if not o.at]

    assert absent
    assert len(listed.items) == len(occurred) > 0
    war = more.records[-2]
    assert f"War in the strait: 1 Jan 2031, day 365, ended the run [#{war.seq}]" == listed.items[0]
    assert paragraphs(blocks) == [f"Did not occur: {'; '.join(absent)}."]


def test_a_document_in_which_all_outcomes_occurred_says_so(source: RunSource) -> None:
    """No outcome is listed as absent."""
    known = source.scenario.outcomes if source.scenario else {}
    more = with_records(source, *(("outcome", "", name, (0,), {"title": name}) for name in known))
    text = render(Findings(more), "md").decode()
    assert "All possible outcomes occurred." in text
    assert "Did not occur" not in text


RATED = "Ratings and expected actions"


def test_all_ratings_of_an_objective_are_shown_with_their_authors(source: RunSource) -> None:
    """With who gave them and why; without any it says that there is none: the model is not rated."""
    recorded = with_records(source, ("rating", "", "signals", (), {"rating": "M", "why": "too slow"}))
    ratings = [
        table(review_blocks(Findings(run), notes), RATED).rows[0][1]
        for run, notes in (
            (source, ReviewerNotes()),
            (recorded, ReviewerNotes()),
            (recorded, ReviewerNotes(ratings={"signals": "P"})),
        )
    ]
    given = "M (the facilitator)"
    assert ratings == ["not rated", given, f"P (reviewer); {given}"]


def test_the_improvement_plan_has_a_row_for_each_area_for_improvement(source: RunSource) -> None:
    """With the conclusion as the issue; strengths have no row; rows of the reviewer replace the draft."""
    findings = Findings(seated(source, "ARD", "BRL"))
    observations = merged(findings, ReviewerNotes())
    rows = plan_rows(findings, ReviewerNotes(), observations)
    own = ReviewerNotes(plan=({"issue": "Slow"},))

    assert [row["issue"] for row in rows] == [o.conclusion for o in observations if not o.sustain]
    assert rows
    assert [row["issue"] for row in plan_rows(findings, own, observations)] == ["Slow"]


def test_expected_actions_in_the_document_have_names_deadlines_and_records(source: RunSource) -> None:
    """One row for each, as in the findings."""
    findings = Findings(source)
    rows = table(review_blocks(findings, ReviewerNotes()), "Expected actions and results").rows
    expected = findings.expected_actions

    assert len(rows) == len(expected) > 0
    for row, finding in zip(rows, expected, strict=True):
        assert row[1] == {"ARD": "Arda", "BRL": "Brel"}[finding["who"]]
        assert row[3:5] == (f"{finding['within_days']:g} d", finding["status"])
        assert row[-1] == f"#{finding['released']} #{finding['seq']}"


def test_the_document_counts_records_by_kind(source: RunSource) -> None:
    """In alphabetical order."""
    rows = table(review_blocks(Findings(source), ReviewerNotes()), "Records by kind").rows
    assert [kind for kind, _ in rows] == sorted(kind for kind, _ in rows)
    assert sum(int(number.replace(",", "")) for _, number in rows) == len(source.records)


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ("endex", "ENDEX, 1 Jan 2031, 00:00"),
        ("interrupted", "interrupted, 1 Jan 2031, 00:00"),
        ("outcome war", "outcome: War in the strait, 1 Jan 2031, 00:00"),
        ("incomplete", "the rest of its journal is missing"),
    ],
)
def test_the_header_names_the_ending(source: RunSource, how: str, text: str) -> None:
    """With the date in game time, unless the end is missing."""
    assert ended(Findings(source), how) == text


def test_the_header_has_game_time_and_provenance(source: RunSource) -> None:
    """Seed and hashes of the manifest; an incomplete run has no hash of its journal."""
    facts = dict(provenance(source))
    assert game_time(source) == "1 Jan 2030 to 1 Jan 2031"
    assert (facts["seed"], facts["scenario sha256"]) == ("3", source.manifest.scenario_sha256)
    assert facts["journal sha256"] == source.manifest.journal_sha256
    without = replace(source, manifest=msgspec.structs.replace(source.manifest, journal_sha256=None))
    assert dict(provenance(without))["journal sha256"].startswith("not known")


# --- two runs -----------------------------------------------------------------------------------------------------


def flipped(source: RunSource) -> RunSource:
    """The same run in which each missed expected action was met."""
    records = [msgspec.structs.replace(r, status="met") if r.kind == "expected" else r for r in source.records]
    return replace(source, records=records)


def test_a_comparison_lists_expected_actions_that_differ(source: RunSource) -> None:
    """With both statuses and the name of the government; equal ones are left out."""
    left, right = Findings(source), Findings(flipped(source))
    missed = [row for row in left.expected_actions if row["status"] == "missed"]
    rows = table(comparison(left, right), "Only those whose status differs").rows

    assert missed
    assert {(row[1], row[3], row[4]) for row in rows} == {
        ({"ARD": "Arda", "BRL": "Brel"}[row["who"]], "missed", "met") for row in missed
    }
    assert len(rows) == len(missed)


def test_a_comparison_without_differences_says_so(source: RunSource) -> None:
    """Of expected actions and of indicators."""
    blocks = comparison(Findings(source), Findings(source))
    assert paragraphs(below(blocks, "Expected actions")) == ["No differences."]
    assert paragraphs(below(blocks, "Indicators at the end")) == ["The same in both runs."]


def test_a_comparison_orders_indicators_by_their_difference(source: RunSource) -> None:
    """In shares of their ranges; with both values, their records, and right minus left."""
    values = {path: points[-1].value for path, points in Findings(source).series.items() if "belief" not in path}
    changed = {"tension": values["tension"] - 0.5, "trust[ARD, BRL]": values["trust[ARD, BRL]"] + 0.2}
    sides = [
        Findings(with_records(source, ("snapshot", "", "", (), {"values": numbers})))
        for numbers in (values, values | changed)
    ]
    rows = table(comparison(*sides), "The largest differences").rows

    assert [row[0] for row in rows] == ["Tension in the strait", "Trust (Arda to Brel)"]
    assert [row[3] for row in rows] == ["-0.5", "+0.2"]
    seq = sides[0].source.records[-2].seq
    assert rows[0][1] == f"{values['tension']:.3g} [#{seq}]"


def test_a_comparison_dates_outcomes_of_both_runs(source: RunSource) -> None:
    """The date and completed days where it occurred, else that it did not."""
    more = with_records(source, ("outcome", "", "war", (0,), {"title": "War", "ends": True}))
    rows = table(comparison(Findings(source), Findings(more)), "Outcomes of both runs").rows
    assert ("War in the strait", "did not occur", "1 Jan 2031, day 365") in rows


# --- batches ------------------------------------------------------------------------------------------------------

NAMES = Names(
    arms=("base", "calm"),
    baseline="base",
    arm_titles={"base": "As it is", "calm": "A calm strait"},
    horizons={"base": 30.0, "calm": 30.0},
    measures={"p(war)": "war", "time(war)": "Days until: war", "actions(ARD)": "actions(ARD)"},
    kinds={"p(war)": "share", "time(war)": "time", "actions(ARD)": "number"},
    outcomes={"war": "War"},
    factors={},
    units={},
)


def estimated(measure: str, arm: str, value: float, low: float | None = None, high: float | None = None) -> Any:
    """A row of estimates."""
    extra = {"n": 1200, "interval": "Wilson", "runs_to_halve": 3600, "se": 0.1, "replaced": 0}
    return {"measure": measure, "arm": arm, "estimate": value, "low": low, "high": high} | extra


def compared(measure: str, value: float, low: float, high: float, p: float) -> Any:
    """A row of comparisons of the arm `calm`."""
    row = {"measure": measure, "arm": "calm", "n": 1200, "estimate": value, "low": low, "high": high}
    return row | {"se": 0.05, "p": p, "p_holm": 2 * p, "gain": 2.5, "ceiling": 3.0}


SUMMARY: dict[str, Any] = {
    "arms": ["base", "calm"],
    "baseline": "base",
    "estimates": [
        estimated("p(war)", "base", 0.5, 0.4, 0.6),
        estimated("p(war)", "calm", 0.3, 0.2, 0.4),
        estimated("actions(ARD)", "base", 10.0),
        estimated("actions(ARD)", "calm", 12.0),
    ],
    "comparisons": [compared("actions(ARD)", 2.0, -1.0, 5.0, 0.3), compared("p(war)", -0.2, -0.3, -0.1, 0.001)],
    "quantiles": [{"measure": "time(war)", "arm": "calm", "quantile": 0.9, "estimate": None, "low": 3.0, "high": 9.0}],
    "incidence": [],
}


def test_a_difference_is_described_with_direction_size_and_interval() -> None:
    """A decrease has a positive size, and its interval runs from the smaller to the larger end."""
    (bullets,) = [block for block in brief(SUMMARY, NAMES) if isinstance(block, Bullets)]
    first = "A calm strait: 1 of 2 measures differs significantly from the baseline."
    assert bullets.items == (f"{first} War: 30 %, compared with 50 %; lower by 20 points (10 to 30).",)
    raised = SUMMARY | {"comparisons": [compared("p(war)", 0.2, 0.1, 0.3, 0.001)]}
    (bullets,) = [block for block in brief(raised, NAMES) if isinstance(block, Bullets)]
    assert bullets.items[0].endswith("higher by 20 points (10 to 30).")


def test_a_summary_without_clear_differences_says_none() -> None:
    """A corrected p-value of 0.05 or more is not listed."""
    unclear = SUMMARY | {"comparisons": [compared("p(war)", -0.2, -0.3, 0.1, 0.025)]}
    blocks = list(brief(unclear, NAMES))
    (bullets,) = [block for block in blocks if isinstance(block, Bullets)]
    assert bullets.items == ("A calm strait: none of 1 measures differ significantly from the baseline.",)
    assert not [block for block in blocks if isinstance(block, Grid)]


def test_the_appendix_has_quantiles_if_there_are_any() -> None:
    """A quantile beyond the end of the runs is not a number."""
    blocks = list(appendix(SUMMARY, NAMES))
    assert table(blocks, "Quantiles").rows == (("time(war)", "calm", "90 %", "after the end", "3 to 9"),)
    without = list(appendix(SUMMARY | {"quantiles": []}, NAMES))
    assert not [block for block in without if isinstance(block, Grid) and block.caption.startswith("Quantiles")]


def test_the_appendix_has_every_estimate_and_difference() -> None:
    """With four digits, p-values, the gain of pairing and the runs for half the width."""
    blocks = list(appendix(SUMMARY, NAMES))
    first = table(blocks, "Estimates").rows[0]
    assert first == ("p(war)", "base", "1,200", "0.5", "0.1", "0.4 to 0.6", "Wilson", "3,600")
    second = table(blocks, "Differences").rows[1]
    assert second == ("p(war)", "calm", "-0.2", "-0.3 to -0.1", "0.0010", "0.0020", "2.5 ×", "3.0 ×")


def test_results_mark_the_baseline_and_clear_differences() -> None:
    """The baseline in its row; a star and a filled point mark a corrected p below 0.05."""
    (forest,) = (block for block in results(SUMMARY, NAMES) if isinstance(block, Forest))
    war, actions = forest.groups
    assert (war.title, war.ticks) == ("War", ("−50", "0", "+50 points"))
    assert [line.cells for line in war.lines] == [
        ("As it is (baseline)", "50 % (40 to 60)", ""),
        ("A calm strait", "30 % (20 to 40)", "-20 points (-30 to -10) *"),
    ]
    span = war.lines[1].span
    assert span is not None
    assert (span.low, span.value, span.high) == pytest.approx((0.2, 0.3, 0.4))
    assert [line.sure for line in (*war.lines, *actions.lines)] == [False, True, False, False]
    assert actions.lines[1].cells[2] == "+2 (-1 to 5)"
    assert forest.grid().rows[1] == ("War", *war.lines[1].cells)


def test_a_comparison_without_any_difference_is_listed_and_not_drawn() -> None:
    """With its level; the others keep their rows and figures."""
    same = [row | {"estimate": 0.0, "se": 0.0} if row["measure"] == "p(war)" else row for row in SUMMARY["comparisons"]]
    blocks: list[Any] = list(results(SUMMARY | {"comparisons": same}, NAMES))
    (forest,) = (block for block in blocks if isinstance(block, Forest))
    assert "War" not in [group.title for group in forest.groups]
    assert not [picture for picture in forest.pictures if picture.title.startswith("War")]
    assert "No run of an arm differs from the baseline in: War 50 % (40 to 60)." in paragraphs(blocks)


def test_arms_that_differ_in_nothing_have_no_empty_table() -> None:
    """The sentence says it."""
    same = [row | {"estimate": 0.0, "se": 0.0} for row in SUMMARY["comparisons"]]
    blocks: list[Any] = list(results(SUMMARY | {"comparisons": same}, NAMES))
    assert not [block for block in blocks if isinstance(block, Forest)]
    assert any(text.startswith("No run of an arm differs from the baseline in: ") for text in paragraphs(blocks))


def test_what_occurs_in_no_run_is_named_apart_from_what_is_alike() -> None:
    """With the share that so few runs cannot exclude; more than three measures that are alike are a table."""
    names = [f"actions({i})" for i in range(4)]
    never = [estimated("p(war)", "base", 0.0) | {"high": 0.24}]
    alike = [row | {"estimate": 0.0, "se": 0.0} for row in SUMMARY["comparisons"][:1]]
    rows = [*never, *(estimated(name, "base", 7.0) for name in names)]
    summary = SUMMARY | {
        "estimates": rows,
        "comparisons": [alike[0] | {"measure": name} for name in ("p(war)", *names)],
    }
    blocks: list[Any] = list(results(summary, NAMES))
    (said,) = (text for text in paragraphs(blocks) if text.startswith("In no run of any arm"))
    assert said.partition(". ")[0] == "In no run of any arm: War"
    assert "up to 24 %" in said
    assert [row[0] for row in table(blocks, "In no run does an arm differ").rows] == names


def test_a_time_at_the_horizon_is_not_within_the_run() -> None:
    """Only for times, and only if no run reached it."""
    assert NAMES.never(estimated("time(war)", "calm", 30.0)) == "not within 30 days"
    assert NAMES.never(estimated("time(war)", "calm", 29.9)) == ""
    assert NAMES.never(estimated("actions(ARD)", "calm", 30.0)) == ""
    assert estimate(None, share=True) == "not known"


def test_curves_leave_out_what_was_true_at_startex() -> None:
    """Such outcomes are named; the others have their share at the end with its interval."""

    def shares(outcome: str, arm: str, *values: float) -> dict[str, Any]:
        band = {"low": [value / 2 for value in values], "high": list(values)}
        return {"outcome": outcome, "arm": arm, "days": [0, 30], "share": list(values), **band}

    rows = [shares(name, arm, *values) for name, values in (("war", (0.0, 0.8)), ("thaad", (1.0, 1.0)))
            for arm in NAMES.arms]  # fmt: skip
    blocks = list(curves({"incidence": rows}, NAMES))

    (drawn,) = (picture for block in blocks if isinstance(block, Figures) for picture in block.pictures)
    assert drawn.title == "War: As it is 80 % (40 to 80), A calm strait 80 % (40 to 80) at the end"
    assert "Already true at STARTEX in every run: thaad." in paragraphs(blocks)
    never = [shares("war", arm, 0.0, 0.0) for arm in NAMES.arms]
    assert "Already true" not in str(paragraphs(list(curves({"incidence": never}, NAMES))))


# --- rehearsals and claims ----------------------------------------------------------------------------------------


def rehearsal(**changes: Any) -> dict[str, Any]:
    """The data of a rehearsal with one inject, one government and one objective."""
    share = {"estimate": 0.25, "low": 0.1, "high": 0.5}
    inject = {"inject": "call", "title": "A call", "trigger": "at", "never": False, "condition": "", "reasons": []}
    data = {
        "title": "Toy", "scenario": "toy", "runs": 8, "failed": 0, "failures": [], "silent": [],
        "command": "wargame rehearse toy",
        "governments": {"ARD": "Arda"}, "option_titles": {"talk": "offers talks"}, "outcome_titles": {"war": "War"},
        "injects": [inject | share | {"days": {"p10": 1.0, "median": 5.0, "p90": 9.0}}],
        "objectives": [{"title": "Respond", "injects": ["call"], "fired": share, "evidence": share, "gap": ""}],
        "expected": [{"inject": "call", "who": "ARD", "any_of": ["talk"], "called": 4, "met": 0, "late": 1, "missed": 3,
                      "median_days": 3.0, **share}],
        "overload": [{"government": "ARD", "most": 3, "many": 2, "hours": 48, "injects": [], **share}],
        "ranking": [{"inject": "call", "title": "A call", "changes": share, "effects": [
            {"outcome": "war", "estimate": -0.1, "low": -0.2, "high": 0.0, "p_holm": 0.3}]}],
        "outcomes": [],
    }  # fmt: skip
    return data | changes


def test_a_rehearsal_says_what_to_correct() -> None:
    """Overload and expected actions that are never taken, by name of the government."""
    (bullets,) = [block for block in sections(rehearsal(), 2) if isinstance(block, Bullets)]
    assert "Arda faces up to 3 demands within 48 hours; 2 or more in 25 % (10 to 50) of the runs." in bullets.items
    assert "The model of Arda never does what 'A call' expects." in bullets.items


def test_a_rehearsal_lists_firing_expected_actions_and_effects() -> None:
    """Shares with intervals, days, counts and effects in points."""
    blocks = list(sections(rehearsal(), 2))
    assert table(blocks, "Probability of firing").rows == (("A call", "call", "at", "25 % (10 to 50)", "1", "5", "9"),)
    assert table(blocks, "Expected actions over all runs").rows[0][:8] == (
        "A call", "Arda", "offers talks", "4", "0", "1", "3", "25 % (10 to 50)",
    )  # fmt: skip
    assert table(blocks, "Injects by the share of runs").rows == (
        ("A call", "25 % (10 to 50)", "War", "-10 points (-20 to 0)", "0.3000"),
    )
    assert any("distinguished from chance" in text for text in paragraphs(blocks))


def test_a_bar_in_a_title_is_no_border_of_a_cell() -> None:
    """The title stays as it is, in its cell."""
    data = rehearsal()
    data["injects"][0]["title"] = "Left | right"
    assert table(list(sections(data, 2)), "Probability of firing").rows[0][:2] == ("Left | right", "call")


def test_claims_that_are_damaged_are_reported_with_their_file(tmp_path: Path) -> None:
    """A batch without claims has no section."""
    from wargame.errors import Invalid

    assert claims_of(tmp_path) is None
    (tmp_path / "claims.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Invalid, match=r"claims\.json.*run wargame claims again"):
        claims_of(tmp_path)


def test_fields_of_the_overview_name_seats(source: RunSource) -> None:
    """Governments by name, with the kind of their seats."""
    (fields, *_) = [b for b in review_blocks(Findings(source), ReviewerNotes()) if isinstance(b, Fields)]
    parts = dict(fields.parts)
    assert parts["Seats"] == "Arda (model), Brel (model)"


def test_figures_leave_out_history_and_scale_with_the_run(source: RunSource) -> None:
    """Marks before STARTEX are not drawn; each mark has its lane and its severity."""
    early = made(9000, source.startex - 86400, "2029-12-31T00:00:00+00:00", "action", "ARD", "talk", (),
                   {"title": "talks", "goldstein": 4.0, "severity": -2.0})  # fmt: skip
    timeline = timeline_picture(Findings(replace(source, records=[early, *source.records])))
    assert timeline is not None
    layers = timeline.chart["layer"]
    marks = layers[-1]["data"]["values"]

    assert len(marks) > 10
    assert all(mark["at"] >= "2030" for mark in marks)
    assert {mark["lane"] for mark in marks} >= {"Arda", "Brel", "Exercise control"}
    assert all(mark["severity"] >= 0 for mark in marks)
