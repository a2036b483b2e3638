"""The findings of a run: computed again from the journal's own lines, whole, cut short or damaged."""

from __future__ import annotations

import html
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from wargame.errors import Invalid, UsageFault
from wargame.executor.run import Place, simulate
from wargame.futures.counterfactual import FuturesPayload, Past
from wargame.review import tables
from wargame.review.findings import knowledge
from wargame.review.findings.candidates import candidates, placebos
from wargame.review.findings.effects import Pairs, estimate, forecast, measure
from wargame.review.findings.finding_rows import decisions
from wargame.review.findings.objectives import objectives, observations
from wargame.review.findings.reviewer_notes import merged, plan_rows, read_words, template, write_template
from wargame.review.findings.source import RunSource, open_run
from wargame.scenario.loading.load import load

DAY = 86400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small scenario, on disk."""
    return simulate(load("two-rivals"), 3, place=Place(out=tmp_path_factory.mktemp("runs") / "rivals")).folder.path


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[dict[str, Any]]:
    """The journal, read without any of the project's code."""
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def source(folder: Path) -> RunSource:
    """The run, opened for review."""
    return open_run(folder)


# Every number again, from the lines alone


def test_escalation_is_the_sum_of_severities_of_each_day(folder: Path, lines: list[dict[str, Any]]) -> None:
    """And the highest rung, with the record that reached it."""
    severity: Counter[str] = Counter()
    for line in lines:
        if line["kind"] == "action":
            severity[line["at"][:10]] += line["data"]["severity"]
    found = tables.escalation(folder).set_index("date")

    assert {date: found.severity[date] for date in found.index} == pytest.approx(dict(severity))
    top = {line["seq"]: line["data"]["rung"] for line in lines if line["kind"] == "action"}
    assert [top[seq] for seq in found.seq] == list(found.rung)


def test_attention_is_what_the_run_ended_with(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Shares of a leadership's time sum to one, hours are those of the last record."""
    closing = lines[-1]["data"]["attention"]
    found = tables.attention(folder)

    assert found.groupby("who").share.sum().to_dict() == pytest.approx(dict.fromkeys(closing, 1.0), abs=1e-3)
    hours = {(row.who, row.dossier): row.hours for row in found.itertuples()}
    assert hours == pytest.approx(
        {(w, d): s / 3600 for w, spent in closing.items() for d, s in spent.items()}, abs=0.01
    )


def test_expected_actions_are_those_of_the_journal(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Status and latency, and the records of release and action."""
    told = [line for line in lines if line["kind"] == "expected"]
    found = tables.expected_actions(folder)

    assert list(found.status) == [line["data"]["status"] for line in told]
    assert [None if math.isnan(days) else days for days in found.latency_days.astype(float)] == [
        pytest.approx(line["data"]["latency"] / DAY, abs=0.01) if "latency" in line["data"] else None for line in told
    ]


def test_relations_and_indicators_are_those_of_the_snapshots(folder: Path, lines: list[dict[str, Any]]) -> None:
    """What a snapshot leaves out is at zero."""
    states = {line["seq"]: line["data"]["values"] for line in lines if "values" in line["data"]}
    relations, indicators = tables.relations(folder), tables.indicators(folder)

    assert len(relations) == 2 * len(states)
    for row in relations.itertuples():
        assert row.value == states[row.seq].get(f"trust[{row.who}, {row.whom}]", 0.0)
    for row in indicators[indicators.told_by == "snapshot"].itertuples():
        assert row.value == states[row.seq].get(row.path, 0.0)


def test_a_decision_says_whether_a_coin_fell(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """It did where a better score was not chosen."""
    coins = {
        line["seq"]
        for line in lines
        if line["kind"] == "decision"
        for c in line["data"].get("candidates", ())
        if (c["option"], c["target"]) == (line["data"]["choice"], line["data"]["target"])
        and c["score"] < max(other["score"] for other in line["data"]["candidates"])
    }
    assert {row["seq"] for row in decisions(source) if row["coin"]} == coins


def test_every_number_of_the_first_page_is_in_the_journal(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """Outcomes with their days, moments with their chances, expected actions by objective: again from the lines."""
    first = _first_page(source)
    start = next(line["t"] for line in lines if line["kind"] == "startex")
    since = [line for line in lines if line["t"] >= start]
    by_seq = {line["seq"]: line for line in lines}

    outcomes = [line for line in since if line["kind"] == "outcome"]
    cards = re.findall(r"<li class=\"[^\"]*\"><b>([^<]+)</b>.*?day (-?\d+).*?#(\d+)</a>", first)
    assert [(html.unescape(title), int(day), int(seq)) for title, day, seq in cards] == [
        (line["data"]["title"], round((line["t"] - start) / DAY), line["seq"]) for line in outcomes
    ]
    expected = [line["data"] for line in since if line["kind"] == "expected"]
    tally = re.findall(r'class="status \w+">(\d+) (\w+)<', first)
    assert {status: int(count) for count, status in tally} == {
        status: sum(data["status"] == status for data in expected) for status in ("met", "late", "missed")
    }
    known = load("two-rivals").scenario.objectives
    for name, objective in known.items():
        counts = [sum((d["objective"], d["status"]) == (name, s) for d in expected) for s in ("met", "late", "missed")]
        assert f"<td>{', '.join(map(str, counts))}</td>" in first[first.index(html.escape(objective.title)) :]
    moments = re.findall(r'<li><b>.*?</b>.*?#r(\d+)">.*?</li>', first, re.DOTALL)
    assert moments
    for told, seq in zip(re.findall(r"<li><b>.*?</li>", first, re.DOTALL), map(int, moments), strict=True):
        for percent in re.findall(r"chance (\d+)%", told):
            assert int(percent) in {round(100 * chance) for chance in _chances(by_seq, seq)}


def _first_page(source: RunSource) -> str:
    from wargame.review.reports.writing import render

    page = render(source, "html").decode()
    return page[page.index('<section id="summary">') : page.index('<section id="timeline">')]


def _chances(by_seq: dict[int, dict[str, Any]], seq: int) -> list[float]:
    """The chances of the decisions along the triggers that lead to a record."""
    found = []
    while True:
        line = by_seq[seq]
        if line["kind"] == "decision":
            found.append(line["data"]["chance"])
        if not line["cause"]:
            return found
        seq = line["cause"][0]


def test_the_head_of_the_page_counts_the_journal(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """Records and decisions, by the lines alone."""
    from wargame.review.reports.writing import render

    decided = sum(line["kind"] == "decision" for line in lines)
    page = render(source, "html").decode()
    told = re.search(r"Records</dt><dd>([\d,]+)<.*?Decisions[^<]*</dt><dd>([\d,]+)<", page, re.DOTALL)
    assert told
    assert [int(number.replace(",", "")) for number in told.groups()] == [len(lines), decided]


def test_the_causal_graph_holds_every_cause(folder: Path, lines: list[dict[str, Any]]) -> None:
    """One edge for each cause, the first of a record its trigger."""
    found = tables.causes(folder)

    assert list(zip(found.seq, found.cause, strict=True)) == [(n["seq"], c) for n in lines for c in n["cause"]]
    assert (found.role == "trigger").sum() == sum(bool(line["cause"]) for line in lines)


def test_the_msel_tells_every_inject_once_or_once_a_release(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Planned against actual, with nothing of the plan missing."""
    found = tables.msel_as_executed(folder)
    released = Counter(line["about"] for line in lines if line["kind"] == "inject.released")

    assert set(found.inject) == {inject.id for inject in load("two-rivals").injects}
    assert Counter(found[found.status == "released"].inject) == released
    assert found.set_index("inject").slip_days["collision"] == 0.0


def test_all_findings_are_frames_whose_rows_name_records(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Usable in a notebook, and each row can be looked up."""
    known = {line["seq"] for line in lines}
    for find in (tables.timeline, tables.decisions, tables.terms, tables.moments, tables.forums, tables.journal):
        frame = find(folder)
        assert set(frame.get("seq", [])) <= known


# Who knew what


def test_an_inbox_holds_only_what_reached_the_seat(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Its own signals and messages to it, up to the day asked for."""
    found = tables.inbox(folder, "BRL", 90)
    who = {line["seq"]: line for line in lines}

    assert len(found) > 0
    assert found.day.max() <= 90
    for seq in found.seq:
        line = who[seq]
        assert line["who"] == "BRL" or not line["data"].get("audience") or "BRL" in line["data"]["audience"]


def test_a_seat_sees_no_other_mind_and_no_true_effect(source: RunSource) -> None:
    """No decision, strategy or lapse of another, no effect of an action, no expectation, no note of control."""
    known = knowledge.known_to(source, "BRL")

    assert {r.who for r in known if r.kind in ("decision", "action", "signal", "order.cancelled", "strategy")} == {
        "BRL"
    }
    assert not any("effects" in r.data or "action" in r.data for r in known)
    assert not {r.kind for r in known} & {"expected", "run.start", "history", "rating"}
    paths = {path for r in known for path in r.data.get("values", ())}
    assert "trust[BRL, ARD]" in paths
    assert "trust[ARD, BRL]" not in paths


def test_what_a_seat_cannot_know_changes_nothing_in_its_version(source: RunSource) -> None:
    """Other minds, true effects and hidden numbers replaced by anything give the same records."""
    from dataclasses import replace

    from wargame.journal.records import Record

    def disturbed(r: Record) -> Record:
        data = dict(r.data)
        if r.kind == "decision" and r.who != "BRL":
            data = {"choice": "secret"}
        if r.kind == "action":
            data["effects"] = {"tension": [0, 9]}
            data |= {} if r.who == "BRL" else {"title": "secret", "success": False}
        if "values" in data:
            data["values"] = data["values"] | {"trust[ARD, BRL]": 0.123}
        if r.kind in ("expected", "run.end", "hazard"):
            data = {"secret": 1}
        return Record(r.seq, r.t, r.at, r.kind, r.who, r.about, r.cause, data)

    other = replace(source, records=[disturbed(record) for record in source.records])
    assert knowledge.known_to(other, "BRL") == knowledge.known_to(source, "BRL")


# Objectives and a person's words


def test_ratings_are_drafted_only_for_seats_that_people_held(source: RunSource) -> None:
    """Of the model a rating would judge the parameters."""
    from dataclasses import replace

    import msgspec

    assert [row["rating"] for row in objectives(source)] == [""]
    seated = source.manifest.settings | {"seats": [["ARD", "human"], ["BRL", "human"]]}
    manned = replace(source, manifest=msgspec.structs.replace(source.manifest, settings=seated))
    assert objectives(manned)[0]["rating"] in {"P", "S", "M", "U"}


def test_every_observation_rests_on_records(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """Its evidence are the expected actions of the journal."""
    kinds = {line["seq"]: line["kind"] for line in lines}
    found = observations(source)

    assert found
    assert {kinds[seq] for each in found for seq in each.evidence} == {"expected"}


def test_a_fresh_review_file_changes_nothing(source: RunSource) -> None:
    """Its drafts stand in comments: until a person writes, the review is as without it."""
    before = merged(source, read_words(source))
    path = write_template(source)
    assert path is not None
    after = merged(source, read_words(source))
    path.unlink()

    assert before == after


def test_what_a_person_writes_survives(folder: Path, source: RunSource) -> None:
    """Words, ratings and plan replace the drafts, and writing the template again leaves the file alone."""
    path = folder / "review.yaml"
    text = template(source).replace("  signals: ''", "  signals: S").replace("overview: ''", "overview: It went well.")
    text = text.replace("conclusion: ''", "conclusion: Ours to say.", 1)
    text = text.replace("improvement_plan: []", "improvement_plan:\n- {issue: Slow, responsible: J7}")
    path.write_text(text, encoding="utf-8")
    try:
        assert write_template(source) is None
        words = read_words(source)
        assert (words.overview, words.ratings) == ("It went well.", {"signals": "S"})
        assert [each["conclusion"] for each in merged(source, words)].count("Ours to say.") == 1
        assert [(row["issue"], row["responsible"]) for row in plan_rows(source, words)] == [("Slow", "J7")]
        assert path.read_text(encoding="utf-8") == text
    finally:
        path.unlink()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ratings: {signals: X}", "'X' is no rating"),
        ("overveiw: x", "did you mean 'overview'?"),
        ("observations: {a: [1]}", "must be a mapping"),
        ("improvement_plan: {a: b}", "must be a list"),
        ("overview: [", "review.yaml:"),
        ("ratings: {signalz: P}", "there is no objective 'signalz' (did you mean 'signals'?)"),
        ("observations: {signals-AR: {observation: Mine}}", "did you mean 'signals-ARD'?"),
        ("observations: {mine: {observation: Mine}}", "goes into `more_observations`"),
        ("more_observations: [{objective: nope, who: ARD, observation: x}]", "there is no objective 'nope'"),
        ("more_observations: [{who: ZZZ, observation: x}]", "there is no government 'ZZZ' (one of ARD, BRL, or empty)"),
    ],
)
def test_a_mistake_in_the_review_file_is_told_with_its_place(copy: Path, text: str, told: str) -> None:
    """File, line, column and remedy, as for every file; no word of a person is dropped in silence."""
    (copy / "review.yaml").write_text(f"format: wargame-review/1\n{text}\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"review\.yaml:\d+:\d+") as error:
        read_words(open_run(copy))
    assert told in str(error.value)


# Journals that are not whole


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A run folder of one's own, to break."""
    import shutil

    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_a_journal_that_was_changed_is_not_vouched_for(copy: Path) -> None:
    """Every line is a record still: the hash tells that it is not what was written."""
    journal = copy / "journal.jsonl"
    content = journal.read_bytes()
    journal.write_bytes(content.replace(b'"goldstein":4.0', b'"goldstein":-9.0', 1))
    assert journal.read_bytes() != content
    (note,) = open_run(copy).notes
    assert note.startswith("the journal has been changed since this run wrote it (wargame verify")


def test_a_damaged_journal_is_read_as_far_as_it_goes(copy: Path) -> None:
    """Lines that are none are left out, and the first note says so."""
    lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
    lines[5] = b'{"seq": "five"}\n'
    lines[7] = b"\xff\xfe\n"
    (copy / "journal.jsonl").write_bytes(b"".join(lines) + b'{"seq":')
    source = open_run(copy)

    assert len(source.records) == len(lines) - 2
    assert "2 of its lines cannot be read (line 6, 8)" in source.notes[0]
    assert "torn" in source.notes[1]


def test_without_its_inputs_a_run_is_still_told(copy: Path) -> None:
    """The journal stands alone; what needs the scenario says that it is missing."""
    import shutil

    shutil.rmtree(copy / "inputs")
    source = open_run(copy)

    assert source.loaded is None
    assert "frozen inputs cannot be read" in source.notes[0]
    assert len(tables.timeline(copy)) > 0
    assert set(tables.msel_as_executed(copy).planned) == {"by hand"}


def test_an_empty_journal_is_told(copy: Path) -> None:
    """Nothing breaks where there is nothing."""
    (copy / "journal.jsonl").write_bytes(b"")
    for find in (tables.timeline, tables.decisions, tables.escalation, tables.relations, tables.attention):
        assert len(find(copy)) == 0


# What would have happened otherwise


def test_an_estimate_is_the_paired_difference() -> None:
    """Shares, their difference and an interval around it."""
    pairs: Pairs = [({"war": True}, {"war": False})] * 12 + [({"war": True}, {"war": True})] * 8
    found = estimate(pairs, "war")

    assert (found.n, found.as_it_was, found.otherwise, found.difference) == (20, 1.0, 0.4, 0.6)
    assert 0 < found.low < 0.6 < found.high < 1
    assert found.shown


def test_no_change_is_not_shown() -> None:
    """Where nothing differs the interval holds zero."""
    found = estimate([({"war": False}, {"war": False})] * 40, "war")
    assert found.low < 0 < found.high


def test_estimates_told_together_have_wider_intervals() -> None:
    """So that all of them hold at once."""
    pairs: Pairs = [({"war": True}, {"war": False})] * 6 + [({"war": True}, {"war": True})] * 14
    alone, together = estimate(pairs, "war"), estimate(pairs, "war", of=6)

    assert together.difference == alone.difference
    assert together.low < alone.low
    assert together.high > alone.high


def test_what_a_depth_costs_is_told_beforehand(folder: Path) -> None:
    """Runs at most, and seconds that grow with them."""
    runs, seconds = forecast(open_run(folder), "quick", jobs=1)
    many, longer = forecast(open_run(folder), "full", jobs=1)

    assert 0 < runs < many
    assert 0 < seconds < longer


def test_candidates_and_placebos_had_an_alternative(source: RunSource) -> None:
    """Decisions that acted, injects, chance events; and no moment is both."""
    turns, ordinary = candidates(source, 5), placebos(source, 4, set())
    kinds = {turn.seq: source.index[turn.seq].kind for turn in (*turns, *ordinary)}

    assert set(kinds.values()) <= {"decision", "inject.released", "hazard"}
    assert not {turn.seq for turn in placebos(source, 4, {t.seq for t in turns})} & {turn.seq for turn in turns}


@pytest.mark.slow
def test_counterfactuals_are_the_same_twice_and_within_their_budget(folder: Path) -> None:
    """Equal draws give equal estimates; no more runs than the depth may cost; each moment has its command."""
    seen: list[tuple[int, int]] = []
    first = measure(open_run(folder), "quick", lambda done, due: seen.append((done, due)), jobs=1)
    again = measure(open_run(folder), "quick", jobs=2)

    assert first.rows() == again.rows()
    assert max(done for done, _ in seen) <= first.plan.runs
    assert all(
        row["command"].startswith("wargame fork ") and f"--at {row['seq']}" in row["command"] for row in first.rows()
    )


def test_a_run_without_a_journal_has_no_moments(tmp_path: Path) -> None:
    """Said as a mistake of use, with what is missing."""
    from wargame.simulation.kernel.settings import Settings

    run = simulate(load("two-rivals"), 3, Settings(journal="none"), place=Place(out=tmp_path / "none"))
    with pytest.raises(UsageFault, match="no moments"):
        measure(open_run(run.folder), "quick")


LIVE = """next
advance 10d
message ARD BRL "Stay out of the strait"
order ARD patrol BRL
stops off
advance 40d
order ARD protest BRL
until 2030-12-31
advance 10d
quit
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A live exercise with a person in one seat."""
    import subprocess
    import sys

    from support.command_line import environment

    place = tmp_path_factory.mktemp("live")
    words = ("play", "two-rivals", "--seat", "ARD=human", "--seed", "2", "--out", "table")
    subprocess.run(
        [sys.executable, "-m", "wargame", *words],
        cwd=place,
        env=environment(),
        input=LIVE,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return place / "table"


@pytest.mark.parametrize("kind", ["folder", "live"])
def test_a_fork_stands_where_the_run_stood(kind: str, request: pytest.FixtureRequest) -> None:
    """Made again up to a moment, a run has written as many records as its journal holds before it."""
    path: Path = request.getfixturevalue(kind)
    source = open_run(path)
    past = Past(FuturesPayload(path, ()))
    for turn in (*candidates(source, 3), *placebos(source, 3, set())):
        first = next(record.seq for record in source.records if record.t >= turn.t)
        assert past.exercise(turn.t).context.log.next_seq == first


def test_a_person_may_be_replaced_by_the_model(live: Path) -> None:
    """An order of a person is a candidate; its alternative is the stated policy."""
    source = open_run(live)
    orders = [turn for turn in candidates(source, 12) if turn.kind == "order"]

    assert orders
    assert {source.index[turn.seq].data["government"] for turn in orders} == {"ARD"}


def test_what_a_seat_wrote_is_known_to_those_who_got_it(live: Path) -> None:
    """And is told among the notes."""
    assert "Stay out of the strait" in set(tables.inbox(live, "BRL").message)
    assert "Stay out of the strait" in set(tables.notes(live).text)
    assert not [r for r in knowledge.known_to(open_run(live), "BRL") if r.kind == "command"]
