"""The content of findings: every figure, date, order and name computed again from the journal."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.played_reviews import played_findings
from support.records import made
from support.reviews import seated, with_records
from support.run_tables import tables_of
from wargame.document.blocks import Island
from wargame.executor.run import Destination, simulate
from wargame.review.findings.effects import candidates, placebos
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.headlines import TEXTS
from wargame.review.findings.objectives import nothing_drafted
from wargame.review.findings.reviewer_notes import ReviewerNotes
from wargame.review.findings.source import INCOMPLETE, RunSource
from wargame.review.reports.report_header import Review
from wargame.review.reports.run_events import talks
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

DAY = 86400
Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def findings(source: RunSource) -> Findings:
    """The findings of the shared run."""
    return Findings(source)


def of_kind(lines: Lines, *kinds: str) -> Lines:
    """The lines of some kinds, of which there must be some."""
    records = [line for line in lines if line["kind"] in kinds]
    assert records
    return records


# --- computed once ------------------------------------------------------------------------------------------------


def test_each_finding_is_computed_once(findings: Findings) -> None:
    """Every part of a review reads the same object."""
    for name in ("summary", "expected_actions", "msel", "objectives", "observations", "decisions", "series"):
        assert getattr(findings, name) is getattr(findings, name)


def test_tables_accept_findings_that_are_open(findings: Findings, folder: Path) -> None:
    """A notebook can compute everything once."""
    assert tables_of(findings).decisions().equals(tables_of(folder).decisions())


# --- the summary --------------------------------------------------------------------------------------------------


def test_the_summary_counts_records_and_decisions(findings: Findings, lines: Lines) -> None:
    """Records by the number of the last one, decisions by the manifest."""
    assert findings.summary.records == lines[-1]["seq"] + 1 == len(lines)
    assert findings.summary.decisions == len(of_kind(lines, "decision"))
    assert findings.summary.reached == lines[-1]["at"]


def test_the_summary_of_an_incomplete_journal_counts_its_own_decisions(source: RunSource, lines: Lines) -> None:
    """The manifest counts more than the journal has."""
    cut = Findings(replace(source, records=source.records[:100])).summary

    assert cut.ended == INCOMPLETE
    assert cut.records == 100
    assert cut.decisions == sum(line["kind"] == "decision" for line in lines[:100]) > 0
    assert cut.absence == "did not occur"


def test_the_summary_of_a_run_without_a_journal_is_that_of_its_manifest(tmp_path: Path) -> None:
    """Records, decisions and outcomes are those of the same run with a journal."""
    run = simulate(load("two-rivals"), 3, Settings(journal="none"), place=Destination(out=tmp_path / "none"))
    full = simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "full"))
    without, with_journal = (open_findings(each.folder).summary for each in (run, full))

    assert without.decisions == with_journal.decisions > 0
    assert without.reached == with_journal.reached
    assert [(o.id, o.title, o.at, o.day) for o in without.outcomes] == [
        (o.id, o.title, o.at, o.day) for o in with_journal.outcomes
    ]


@pytest.mark.slow
def test_without_a_journal_an_outcome_that_was_true_at_startex_is_none_of_the_run(tmp_path: Path) -> None:
    """It is named as one that was already true, and does not count among those that occurred."""
    run = simulate(
        load("korea-2017"), 3, Settings(journal="none", until="1d"), place=Destination(out=tmp_path / "none")
    )
    inherited = [each for each in open_findings(run.folder).summary.outcomes if each.inherited]
    assert [each.title for each in inherited] == ["Decision to deploy THAAD"]
    assert "Already true at STARTEX: Decision to deploy THAAD." in render(open_findings(run.folder), "md").decode()


def test_outcomes_are_those_of_the_journal_then_the_others(findings: Findings, lines: Lines) -> None:
    """By date with their day and record; outcomes that did not occur follow by name, without a date."""
    recorded = of_kind(lines, "outcome")
    start = next(line["t"] for line in lines if line["kind"] == "startex")
    occurred = [o for o in findings.summary.outcomes if o.at]
    absent = [o for o in findings.summary.outcomes if not o.at]

    assert [(o.id, o.at, o.seq) for o in occurred] == [(line["about"], line["at"], line["seq"]) for line in recorded]
    assert [o.day for o in occurred] == [round((line["t"] - start) / DAY, 2) for line in recorded]
    assert [o.id for o in absent] == sorted(set(load("two-rivals").scenario.outcomes) - {o.id for o in occurred})
    assert all((o.day, o.seq) == (None, None) for o in absent)
    assert not any(o.inherited for o in occurred)


def test_an_outcome_that_is_true_at_startex_is_inherited(source: RunSource) -> None:
    """Its record says so; another one of that second occurred."""
    for extra, inherited in (({"inherited": True}, True), ({}, False)):
        first = next(n for n, record in enumerate(source.records) if record.kind == "startex")
        at = source.records[first].at
        early = made(9000, source.startex, at, "outcome", "", "war", (), {"title": "War", "ends": True} | extra)
        records = [*source.records[: first + 1], early, *source.records[first + 1 :]]
        (war,) = [o for o in Findings(replace(source, records=records)).summary.outcomes if o.id == "war"]
        assert (war.inherited, war.day, war.ends) == (inherited, 0.0, True)


def test_the_summary_counts_actions_by_title(findings: Findings, lines: Lines) -> None:
    """The total of each government, and its three commonest actions, the most frequent first, then by title."""
    actions = of_kind(lines, "action")
    assert actions
    for each in findings.summary.actions:
        counts = Counter(line["data"]["title"] for line in actions if line["who"] == each["who"])
        assert each["total"] == counts.total()
        assert each["commonest"] == sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3]
    assert [each["who"] for each in findings.summary.actions] == sorted({line["who"] for line in actions})


def test_the_summary_has_hours_and_shares_of_attention(findings: Findings, lines: Lines) -> None:
    """The largest share first, as in the last record."""
    closing = lines[-1]["data"]["attention"]
    rows = findings.summary.attention
    assert list(dict.fromkeys(row["who"] for row in rows)) == sorted(closing)
    for who, spent in closing.items():
        total, own = sum(spent.values()), [row for row in rows if row["who"] == who]
        assert sum(row["hours"] for row in own) == pytest.approx(total / 3600, abs=0.1)
        shares = {row["dossier"]: row["share"] for row in own}
        assert shares == {name: round(seconds / total, 4) for name, seconds in spent.items()}
        assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_attention_of_a_run_cut_short_is_that_of_its_meetings(source: RunSource, lines: Lines) -> None:
    """There is no last record to take it from."""
    cut = Findings(replace(source, records=source.records[:-1]))
    took: Counter[tuple[str, str]] = Counter()
    for line in of_kind(lines, "decision"):
        took[line["who"], line["data"]["dossier"]] += line["data"]["took"]

    assert {(row["who"], row["dossier"]): row["hours"] for row in cut.attention} == {
        key: round(seconds / 3600, 2) for key, seconds in took.items()
    }


@pytest.mark.parametrize(
    ("ended", "absence"),
    [
        ("endex", "did not occur"),
        ("outcome war", "did not occur"),
        ("running", "have not occurred so far"),
        ("interrupted", "have not occurred so far"),
    ],
)
def test_an_outcome_is_not_called_absent_while_the_run_can_be_resumed(
    source: RunSource, ended: str, absence: str
) -> None:
    """'So far' if the exercise is not over."""
    manifest = msgspec.structs.replace(source.manifest, ended=ended)
    assert Findings(replace(source, manifest=manifest)).summary.absence == absence


# --- expected actions ---------------------------------------------------------------------------------------------


def test_an_expected_action_refers_to_its_action_and_its_inject(tmp_path: Path) -> None:
    """The action that settled it, if any, with its target, and the release of the inject."""
    opened = open_findings(simulate(load("two-rivals"), 1, place=Destination(out=tmp_path / "run")).folder)
    index, rows = opened.source.index, opened.expected_actions

    assert {row["status"] for row in rows} == {"met", "missed"}
    for row in rows:
        assert index[row["released"]].kind == "inject.released"
        assert (row["action"], row["done_title"]) == (None, "") or row["status"] == "met"
    (met,) = [row for row in rows if row["status"] == "met"]
    action = index[met["action"]]
    assert (action.kind, action.who) == ("action", met["who"])
    assert met["done_title"] == f"{action.data['title']} ({ {'ARD': 'Arda', 'BRL': 'Brel'}[action.data['target']] })"
    assert met["latency_days"] == round(
        (index[met["seq"]].t - index[met["released"]].t) / DAY, 4
    )  # a day that is shown with one decimal is rounded once
    assert opened.summary.expected[0]["latency_days"] == met["latency_days"]


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"met": 0, "late": 0, "missed": 1}, "1 expected action, missed"),
        ({"met": 3, "late": 0, "missed": 0}, "3 expected actions, all met"),
        ({"met": 2, "late": 0, "missed": 1}, "3 expected actions: 2 met, 1 missed"),
        ({"met": 1, "late": 2, "missed": 3}, "6 expected actions: 1 met, 2 late, 3 missed"),
    ],
)
def test_expected_actions_are_counted_in_words(counts: dict[str, int], text: str) -> None:
    """Only the statuses that occur are named."""
    assert TEXTS.tally(counts) == text


def test_the_reason_for_an_absence_of_drafts_depends_on_open_actions() -> None:
    """Open is not the same as not expected."""
    assert nothing_drafted(0, [], frozenset(), frozenset()).endswith("the injects of this run expected no actions.")
    assert "1 expected action was still open" in nothing_drafted(1, [], frozenset(), frozenset())
    assert "2 expected actions were still open" in nothing_drafted(2, [], frozenset(), frozenset())


def expectations(*statuses: str, who: str = "ARD") -> list[tuple[str, str, str, tuple[int, ...], dict[str, Any]]]:
    """Records of expected actions of one government on one objective."""
    data = {"inject": "extra", "who": who, "title": "respond", "any_of": ["talk"], "objective": "extra"}
    return [
        ("expected", who, "extra", (), data | {"status": status} | ({"latency": 3 * DAY} if status != "missed" else {}))
        for status in statuses
    ]


@pytest.mark.parametrize(
    ("statuses", "rating"),
    [
        (("met",) * 4 + ("missed",), "P"),
        (("met",) * 3 + ("missed",) * 2, "S"),
        (("late", "missed"), "S"),
        (("late", "missed", "missed"), ""),
        (("missed", "missed"), ""),
        (("met", "met", "undecided"), ""),
    ],
)
def test_a_draft_rating_depends_on_the_shares_met_and_done(
    source: RunSource, statuses: tuple[str, ...], rating: str
) -> None:
    """P from 80 % met, S from half done. No draft says that a person failed, or precedes a judgement."""
    rows = Findings(with_records(seated(source, "ARD"), *expectations(*statuses))).objectives
    (row,) = [row for row in rows if row["objective"] == "extra"]

    assert row["rating"] == rating
    assert [row[status] for status in ("met", "late", "missed")] == [
        statuses.count(status) for status in ("met", "late", "missed")
    ]
    assert len(row["evidence"]) == len(statuses)


def test_an_observation_describes_what_was_expected_and_done(source: RunSource) -> None:
    """Count, results with records, conclusion; areas for improvement come first. Nothing is said of model seats."""
    expected = (*expectations("met", "met", "late"), *expectations("missed", who="BRL"))
    more = with_records(seated(source, "ARD", "BRL"), *expected)
    drafts = {draft.id: draft for draft in Findings(more).observations}
    ard, brl = drafts["extra-ARD"], drafts["extra-BRL"]

    assert ard.observation == "Arda: 3 expected actions: 2 met, 1 late."
    assert ard.conclusion == "1 of 3 expected actions of Arda was late."
    assert ard.discussion == f"'extra' expected: respond. Late after 3 days [#{ard.evidence[2]}]."
    assert (ard.sustain, brl.sustain) == (False, False)
    assert brl.conclusion == "The expected action of Brel is rated missed."
    assert {draft.who for draft in Findings(with_records(source, *expected)).observations} == set()
    ordered = [draft.sustain for draft in Findings(more).observations]
    assert ordered == sorted(ordered)


def test_objectives_have_evidence_and_released_injects(findings: Findings, lines: Lines) -> None:
    """Records of expected actions, and of the injects that serve the objective."""
    (row,) = findings.objectives
    released = {line["seq"]: line["about"] for line in of_kind(lines, "inject.released")}
    serving = {inject.id for inject in load("two-rivals").injects if inject.objective == row["objective"]}

    assert row["evidence"] == [line["seq"] for line in of_kind(lines, "expected")]
    assert sorted(row["released"]) == sorted(seq for seq, about in released.items() if about in serving)
    assert row["injects"] == len(row["released"]) > 0


# --- the MSEL -----------------------------------------------------------------------------------------------------


def test_the_msel_has_planned_and_actual_times(findings: Findings, lines: Lines) -> None:
    """In order of time; how late an inject was released if its time was planned; why it was skipped."""
    released = {line["about"]: line for line in of_kind(lines, "inject.released")}
    skipped = {line["about"]: line for line in of_kind(lines, "inject.skipped")}
    rows = {row["inject"]: row for row in findings.msel}

    assert released
    for inject, line in released.items():
        row = rows[inject]
        assert (row["status"], row["at"], row["seq"]) == ("released", line["at"], line["seq"])
        assert (row["slip_days"] is None) == (row["planned_at"] is None)
    assert rows["collision"]["slip_days"] == 0.0
    assert rows["collision"]["planned_at"] == released["collision"]["at"]
    for inject in skipped.keys() - released.keys():
        assert (rows[inject]["status"], rows[inject]["at"]) == ("skipped", skipped[inject]["at"])
    times = [row["at"] for row in findings.msel]
    assert times == sorted(times)


def test_a_late_release_has_its_delay(source: RunSource) -> None:
    """In days, for the first release only."""
    (line,) = [r for r in source.records if r.kind == "inject.released" and r.about == "collision"]
    late = made(line.seq, line.t + 2 * DAY, line.at, line.kind, line.who, line.about, line.cause, line.data)
    again = made(9000, line.t + 9 * DAY, line.at, line.kind, line.who, line.about, line.cause, line.data)
    records = [late if r is line else r for r in source.records]
    rows = [row for row in Findings(replace(source, records=[*records, again])).msel if row["inject"] == "collision"]

    assert [row["slip_days"] for row in rows] == [2.0, None]


# --- decisions, turning points, causes ----------------------------------------------------------------------------


def test_the_terms_of_a_candidate_sum_to_its_score(findings: Findings, folder: Path, lines: Lines) -> None:
    """Up to rounding: an explanation leaves nothing out."""
    scores = {
        (line["seq"], candidate["option"], candidate["target"]): candidate["score"]
        for line in of_kind(lines, "decision")
        for candidate in line["data"].get("candidates", ())
    }
    sums = tables_of(folder).terms().groupby(["seq", "option", "target"], dropna=False).value.sum()

    assert len(scores) > 10
    assert {key: sums[key] for key in scores} == pytest.approx(scores, abs=3e-4)
    chosen = {row["seq"]: row["score"] for row in findings.decisions if row["score"] is not None}
    assert chosen
    assert all(
        chosen[line["seq"]] == scores[line["seq"], line["data"]["choice"], line["data"]["target"]]
        for line in lines
        if line["seq"] in chosen
    )


def test_a_decision_has_its_best_candidate_and_its_hours(findings: Findings, lines: Lines) -> None:
    """The best by score, by title and with its score; the chance is that of the choice."""
    by_seq = {line["seq"]: line["data"] for line in lines}
    options = load("two-rivals").scenario.options
    rows = [row for row in findings.decisions if row["best"]]

    assert rows
    for row in rows:
        data = by_seq[row["seq"]]
        best = max(data["candidates"], key=lambda candidate: candidate["score"])
        assert row["best_score"] == best["score"]
        assert row["best"].startswith(options[best["option"]].title)
        assert row["by_chance"] == (row["score"] != best["score"])
        assert row["hours"] == round(data["took"] / 3600, 2)
        assert (row["chance"], row["p_act"]) == (data["chance"], data["p"])
    assert {row["by_chance"] for row in rows} == {True, False}


def test_turning_points_are_at_most_ten_in_order_and_not_repeated(findings: Findings, source: RunSource) -> None:
    """At most two of one kind, and no trigger of another one."""
    points = findings.turning_points
    numbers = [point.seq for point in points]
    same = Counter((source.index[n].kind, source.index[n].who, source.index[n].about) for n in numbers)

    assert 0 < len(points) <= 10
    assert numbers == sorted(numbers)
    assert max(same.values()) <= 2
    assert not {cause for n in numbers for cause in source.index[n].cause[:1]} & set(numbers)
    assert all(point.score >= 3.0 for point in points)
    assert [row["seq"] for row in findings.moments] == numbers


def test_an_outcome_that_ends_the_run_is_the_highest_turning_point(source: RunSource) -> None:
    """Above other outcomes; a record without weight is not listed."""
    more = with_records(
        source,
        ("outcome", "", "war", (0,), {"title": "War", "ends": True}),
        ("outcome", "", "calm", (0,), {"title": "Calm"}),
        ("forum", "", "council", (0,), {"title": "Council", "from": "proposed", "to": "proposed"}),
    )
    points = sorted(Findings(more).turning_points, key=lambda point: -point.score)

    assert points[0].score == 12.0
    assert "War" in points[0].what
    assert "forum" not in {point.kind for point in points}


def test_the_trace_of_a_record_follows_its_triggers(folder: Path, lines: Lines) -> None:
    """One row a step, back to a record without a cause."""
    by_seq = {line["seq"]: line for line in lines}
    traced = {
        line["seq"]: list(tables_of(folder).why(line["seq"]).seq) for line in of_kind(lines, "expected", "action")
    }

    assert max(map(len, traced.values())) > 3
    for steps in traced.values():
        assert [by_seq[a]["cause"][0] for a in steps[:-1]] == steps[1:]
        assert by_seq[steps[-1]]["cause"] == []


def test_the_timeline_leaves_out_signals_snapshots_and_waiting(findings: Findings, lines: Lines) -> None:
    """Everything else is in it, in order."""
    assert [row["seq"] for row in findings.timeline] == [
        line["seq"]
        for line in lines
        if line["kind"] not in ("signal", "snapshot", "run.start", "run.end")
        and (line["kind"], line["about"]) != ("decision", "wait")
    ]


def test_the_day_with_the_highest_rung_names_who_reached_it(findings: Findings, lines: Lines) -> None:
    """The government and the record, with the number of actions of the day."""
    by_seq = {line["seq"]: line for line in lines}
    per_day = Counter(line["at"][:10] for line in of_kind(lines, "action"))

    assert findings.escalation
    for row in findings.escalation:
        top = by_seq[row["seq"]]
        assert (row["by"], row["rung"]) == (top["who"], top["data"]["rung"])
        assert row["actions"] == per_day[row["date"]]


def test_steps_of_talks_have_states_and_parties(source: RunSource) -> None:
    """Before and after, by whom, with progress and commitments."""
    step = {"from": "proposed", "to": "agreed", "event": "agree", "progress": 0.5, "committed": ["ARD", "BRL"]}
    row = Findings(with_records(source, ("forum", "ARD", "the_council", (), step))).talks[-1]

    assert (row["title"], row["before"], row["after"], row["event"]) == ("the council", "proposed", "agreed", "agree")
    assert (row["who"], row["progress"], row["committed"]) == ("ARD", 0.5, "ARD, BRL")


def test_a_step_of_talks_on_the_day_of_startex_is_in_the_review(tmp_path: Path) -> None:
    """Here the exercise ends on that day."""
    source = played_findings(tmp_path / "run", "stop at nothing", "endex").source
    assert source.records[-1].t == source.since[0].t
    step = {"from": "proposed", "to": "agreed", "event": "agree", "progress": 0.5, "committed": ["ARD", "BRL"]}
    review = Review(Findings(with_records(source, ("forum", "ARD", "the_council", (), step))), ReviewerNotes())
    (block,) = [each for each in talks(review) if isinstance(each, Island) and each.name == "folded"]
    ((_, *row, _),) = block.data()["block"].rows
    assert row == ["the council", "agree", "proposed, agreed", "Arda", "50 %"]


def test_notes_have_text_author_and_subject(source: RunSource) -> None:
    """Commands with their arguments, without the reason, which is the text."""
    more = with_records(
        source,
        ("note", "MAJ", "collision", (), {"text": "slow", "tag": "improve"}),
        ("command", "", "order", (), {"government": "ARD", "option": "patrol", "why": "to test"}),
        ("rating", "", "signals", (), {"rating": "S"}),
    )
    note, command, rating = Findings(more).notes[-3:]

    assert (note["kind"], note["who"], note["about"], note["text"], note["tag"]) == (
        "note", "MAJ", "collision", "slow", "improve",
    )  # fmt: skip
    assert (command["kind"], command["about"], command["text"]) == (
        "command: order", "government ARD, option patrol", "to test",
    )  # fmt: skip
    assert (rating["about"], rating["text"]) == ("signals", "S")


# --- titles, series, interventions --------------------------------------------------------------------------------


def test_titles_and_names_replace_ids(source: RunSource) -> None:
    """With the target in parentheses, unless the title names it; unknown ids read as words."""
    assert source.titles.choice({"option": "talk", "target": "BRL"}) == "offers talks (Brel)"
    assert source.titles.any_of(["talk", "protest"]) == "offers talks or protests"
    assert source.inject_title("collision") == "A patrol boat and a trawler collide"
    assert source.inject_title("ad_hoc") == "ad hoc"
    assert (source.name("ARD"), source.name("white cell"), source.name(None)) == ("Arda", "white cell", "")


def test_an_inject_written_live_has_its_title_from_the_journal(source: RunSource) -> None:
    """No file has it."""
    more = with_records(
        source,
        (
            "inject.released",
            "",
            "ad_hoc",
            (),
            {"title": "A storm", "audience": ["BRL"], "kind": "ad hoc", "trigger": "manual"},
        ),
    )
    assert more.inject_title("ad_hoc") == "A storm"
    (row,) = [row for row in Findings(more).msel if row["inject"] == "ad_hoc"]
    assert (row["title"], row["kind"], row["to"], row["planned"]) == ("A storm", "ad hoc", "Brel", "by hand")


def test_indicators_follow_snapshots_and_effects(folder: Path, lines: Lines) -> None:
    """An effect of a record is a point with the value after it."""
    frame = tables_of(folder).indicators()
    effects = [
        (line["seq"], path, change[1], line["kind"])
        for line in of_kind(lines, "action", "inject.released")
        for path, change in (line["data"].get("effects") or {}).items()
        if not path.startswith("trust[")
    ]
    assert effects
    points = set(frame[["seq", "path", "value", "source"]].itertuples(index=False, name=None))
    assert set(effects) <= points
    assert set(frame.source) > {"snapshot"}


def test_estimates_are_those_of_a_government(source: RunSource) -> None:
    """The path of a belief names the government and the indicator."""
    values = {"belief of ARD in readiness[BRL]": 0.4, "readiness[BRL]": 0.6}
    more = Findings(with_records(source, ("snapshot", "", "", (), {"values": values})))
    (row,) = [row for row in tables_of(more).estimates().to_dict("records") if row["path"] == "readiness[BRL]"
              and row["value"] == 0.4]  # fmt: skip

    assert row["who"] == "ARD"
    assert len(tables_of(more).indicators()) > 0
    assert all("belief" not in path for path in tables_of(more).indicators().path)


def test_the_alternative_of_a_decision_is_its_most_likely_other_candidate(source: RunSource) -> None:
    """Decisions without another candidate have waiting as their alternative."""
    turns = [*candidates(source, 10), *placebos(source, 10, set())]
    decided = [turn for turn in turns if turn.kind == "decision"]

    assert any(turn.other for turn in decided)
    for turn in decided:
        data = source.index[turn.seq].data
        others = [c for c in data["candidates"] if (c["option"], c["target"]) != (data["choice"], data["target"])]
        best = max(others, key=lambda c: c["chance"], default=None)
        assert (turn.other, turn.other_target) == ((best["option"], best["target"]) if best else (None, None))
        assert (turn.who, turn.name, turn.target) == (source.index[turn.seq].who, data["choice"], data["target"])


def test_candidates_come_in_order_of_their_score_and_placebos_are_spread(source: RunSource) -> None:
    """At most as many as asked for."""
    assert len(candidates(source, 3)) == 3
    assert candidates(source, 3) == candidates(source, 10)[:3]
    spread = [turn.seq for turn in placebos(source, 4, set())]
    assert len(spread) == 4
    assert spread == sorted(spread)
    assert len(set(spread)) == 4
