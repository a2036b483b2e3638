"""What the review of a run says in every format and to every seat, word by word."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from wargame.executor.run import Place, simulate
from wargame.journal import sentences as phrases
from wargame.journal.records import Record
from wargame.review.document.drawing import svg
from wargame.review.findings import knowledge
from wargame.review.findings.findings import Findings
from wargame.review.findings.objectives import legend
from wargame.review.findings.source import RunSource, open_run
from wargame.review.reports.run_charts import run_pictures as figures
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load

SCRIPT = """\
format: wargame-injects/1
scenario: two-rivals
title: A script of many kinds
injects:
- {id: hint, title: A hint, kind: facilitation, at: D+4, notes: Watch ARD.}
- {id: news, title: News of the strait, at: D+5, storyline: the strait, objective: signals}
- id: often
  title: A call that comes again
  at: D+10
  every: 30d
  repeat: 3
  expected: [{who: ARD, any_of: [strike, blockade], within: 10d, late: 5d}, {who: BRL, any_of: [strike], within: 3d}]
- {id: tense, title: A tense hour, when: "tension > 0.9 and count(strike) > 3 and control[ARD] > 0.6"}
- {id: either, title: One of two, at: D+6, group: pair}
- {id: or_else, title: The other of two, at: D+7, group: pair}
- {id: answer, title: An answer, after: {action: {options: [protest, talk], by: [ARD]}, delay: 1d}}
- {id: cable, title: A cable, channel: Cable, audience: [BRL], after: {inject: news, delay: 2d}}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> RunSource:
    """A run of the small scenario."""
    run = simulate(load("two-rivals"), 3, place=Place(out=tmp_path_factory.mktemp("runs") / "rivals"))
    return open_run(run.folder)


def page(source: RunSource, seat: str = "") -> str:
    """The review as a page, as it is read."""
    return html.unescape(render(Findings(source), "html", seat).decode())


def carried(made: str) -> dict[str, Any]:
    """What a page carries, unpacked."""
    packed = re.search(r'id="journal-data">([^<]+)<', made)
    assert packed
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return found


def with_more(source: RunSource, *more: tuple[str, str, str, tuple[int, ...], dict[str, Any]]) -> RunSource:
    """The same run with records before its end, each `(kind, who, about, cause, data)`; a cause counts from them."""
    *records, end = source.records
    first = end.seq
    for place, (kind, who, about, cause, data) in enumerate(more):
        causes = tuple(first + number for number in cause)
        records.append(Record(first + place, end.t, end.at, kind, who, about, causes, data))
    return replace(source, records=[*records, Record(first + len(more), end.t, end.at, *_rest(end))])


def _rest(record: Record) -> tuple[str, str, str, tuple[int, ...], dict[str, Any]]:
    return record.kind, record.who, record.about, record.cause, record.data


# When it was


@pytest.mark.parametrize(
    ("started", "finished", "told"),
    [
        ("2026-11-25T18:20:11+00:00", "2026-11-25T18:23:40+00:00", "25 Nov 2026, 18:20 to 18:23 UTC"),
        ("2026-11-25T18:20:11+00:00", "2026-11-25T18:20:40+00:00", "25 Nov 2026, 18:20 UTC"),
        ("2026-11-25T23:20:11+00:00", "2026-11-26T01:02:40+00:00", "25 Nov 2026, 23:20 to 26 Nov 2026, 01:02 UTC"),
        ("2026-11-25T18:20:11+00:00", None, "since 25 Nov 2026, 18:20 UTC"),
    ],
)
def test_a_review_says_when_it_was_held(source: RunSource, started: str, finished: str | None, told: str) -> None:
    """The clock of the world beside the one of the game, to the minute."""
    manifest = msgspec.structs.replace(source.manifest, started=started, finished=finished)
    timed = replace(source, manifest=manifest)

    assert f"<dt>Held</dt><dd>{told}</dd>" in page(timed)
    assert f"- **Held**: {told}\n" in render(Findings(timed), "md").decode()


def test_a_review_says_what_was_played_for_what_and_until_when(source: RunSource) -> None:
    """Scope, objectives, the time of the game and the moment of ENDEX, in the page as in the documents."""
    made, document = page(source), render(Findings(source), "md").decode()
    head = made[: made.index('<section id="summary">')]

    for text in (head, document):
        assert "Arda and Brel dispute a strait." in text
        assert "Answer an incident within two weeks" in text
        assert "1 Jan 2030 to 1 Jan 2031" in text
        assert "ENDEX, 1 Jan 2031, 00:00" in text
        assert "Played" not in text


def test_an_outcome_that_ended_the_run_is_told_by_its_title(source: RunSource) -> None:
    """Not by the id under which the manifest knows it."""
    ended = replace(source, manifest=msgspec.structs.replace(source.manifest, ended="outcome war"))
    assert "<dt>Ended</dt><dd>outcome: War in the strait, 1 Jan 2031, 00:00</dd>" in page(ended)


# For a seat


def test_a_seat_reads_that_its_exercise_came_to_its_end(source: RunSource) -> None:
    """What it may not see of the journal is not missing."""
    made = page(source, "BRL")

    assert "<dt>Ended</dt><dd>ENDEX" in made
    assert "journal is missing" not in made


def test_a_seat_reads_that_a_journal_lost_its_end(source: RunSource) -> None:
    """As exercise control does."""
    cut = replace(source, records=source.records[:-1])
    assert "the rest of its journal is missing" in page(cut, "BRL")


STEP = ("forum", "", "council", (), {"from": "proposed", "to": "agreed", "event": "agree", "title": "The council"})
SECRET = ("action", "ARD", "strike", (), {"option": "strike", "title": "strikes", "target": None})


@pytest.mark.parametrize(
    ("cause", "known"),
    [((), True), ((0,), True), ((1,), False)],
    ids=["no cause", "a step of a forum", "an action it never learned of"],
)
def test_a_seat_reads_of_outcomes_that_all_know(source: RunSource, cause: tuple[int, ...], *, known: bool) -> None:
    """One of a forum or agreement, or of nobody; not one by an action that it has not heard of."""
    made = with_more(source, STEP, SECRET, ("outcome", "", "resolved", cause, {"title": "The council resolves"}))
    told = [r.data["title"] for r in knowledge.known_to(made, "BRL") if r.kind == "outcome"]

    assert ("The council resolves" in told) is known
    assert ("<b>The council resolves</b>" in page(made, "BRL")) is known


# The MSEL


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> RunSource:
    """A run with injects of many kinds."""
    top = tmp_path_factory.mktemp("scripted")
    (top / "i.yaml").write_text(SCRIPT, encoding="utf-8")
    loaded = load("two-rivals", [str(top / "i.yaml")])
    return open_run(simulate(loaded, 3, place=Place(out=top / "r")).folder)


def test_what_is_for_the_white_cell_goes_to_nobody_else(scripted: RunSource) -> None:
    """Facilitation injects have no audience, and are not for all."""
    to = {row["inject"]: row["to"] for row in Findings(scripted).msel}
    assert (to["hint"], to["news"], to["cable"]) == ("white cell", "all", "BRL")


def test_the_msel_tells_triggers_and_reasons_in_words(scripted: RunSource) -> None:
    """Titles instead of ids; a long condition stands apart from the sentence."""
    told = {row["inject"]: row for row in Findings(scripted).msel}

    assert told["cable"]["planned"] == "2d after the inject 'News of the strait'"
    assert told["answer"]["planned"] == "1d after the action 'protests' or 'offers talks' by ARD"
    assert told["news"]["planned"] == "6 Jan 2030, 00:00 (D+5)"
    assert told["or_else"]["how"] == "released in its place: One of two"
    assert told["tense"]["planned"] == "when its condition holds"
    assert told["tense"]["condition"].startswith("tension > 0.9 and")


@pytest.mark.parametrize("form", ["html", "md"])
def test_the_msel_is_one_that_control_can_work_with(scripted: RunSource, form: str) -> None:
    """Each line has number, title, kind, channel, audience, plan, actual time and objective."""
    made = render(Findings(scripted), form).decode()
    start = made.index("Planned against actual")
    line = next(part for part in re.split(r"<tr>|\n\|", made[start:]) if "A cable" in part)
    plain = html.unescape(re.sub(r"<wbr>|<[^>]+>", "", line)).replace("\\", "")

    for word in ("cable", "A cable", "inject, Cable", "BRL", "2d after the inject", "released", "8 Jan 2030, 00:00"):
        assert word in plain, word
    assert "Answer an incident within two weeks" in made[start:]


# Expected actions


@pytest.mark.parametrize("form", ["html", "md"])
def test_an_expected_action_says_within_what_time_it_was_due(scripted: RunSource, form: str) -> None:
    """From the script, as what `late` is measured by; the options of one without a title are listed."""
    found = {row["who"]: row for row in Findings(scripted).expected_actions if row["inject"] == "often"}
    made = re.sub(r"<[^>]+>", " ", render(Findings(scripted), form).decode())

    assert (found["ARD"]["within_days"], found["BRL"]["within_days"]) == (10.0, 3.0)
    assert (found["ARD"]["expected"], found["BRL"]["expected"]) == (
        "any of: blocks the strait, fires on ships",
        "fires on ships",
    )
    assert "Due within" in made
    assert re.search(r"any of: blocks the strait, fires on ships\W+10 d\W", made)


def test_what_an_inject_called_for_again_is_told_once(scripted: RunSource) -> None:
    """With how often, and every record that says so."""
    told = next(o.discussion for o in Findings(scripted).observations if "A call that comes again" in o.discussion)
    missed = [
        row["seq"] for row in Findings(scripted).expected_actions if (row["inject"], row["who"]) == ("often", "ARD")
    ]

    assert told.count("A call that comes again") == 1
    evidence = " ".join(f"[#{seq}]" for seq in missed)
    assert f"called for any of: blocks the strait, fires on ships. 3 times, missed {evidence}." in told


# Decisions


def test_how_a_decision_came_out_is_told_in_short_where_the_best_was_chosen(source: RunSource) -> None:
    """And with both scores and chances where chance decided; options by their titles."""
    found = [row for row in Findings(source).decisions if row["choice"] != "wait"]
    best = {row["verdict"] for row in found if not row["coin"]}
    chance = {row["verdict"] for row in found if row["coin"]}

    assert best
    assert chance
    assert all(re.fullmatch(r"(best by score|the only candidate), (under )?\d+%", told) for told in best)
    scored = r"chance decided: it scored [+−]\d\.\d{3} against [+−]\d\.\d{3} for '([^']+)'; its chance was .*%"
    titles = {option.title for option in load("two-rivals").scenario.options.values()}
    assert all((match := re.match(scored, told)) and match[1].split(" (")[0] in titles for told in chance)


def test_the_list_of_decisions_gives_no_reason_where_chance_decided(source: RunSource) -> None:
    """It says so, and no coin falls in it."""
    made = render(Findings(source), "md").decode()
    listed = made[made.index("## Appendix B") : made.index("## Appendix C")]

    assert "Where chance decided, no reason is given." in listed
    assert "coin" not in listed


# Figures of documents


def test_figures_are_labelled_in_the_words_of_the_page(source: RunSource) -> None:
    """Times have their year, marks the names of the page's legend, and no kind of the journal is among them."""
    drawn = {
        picture.title: re.findall(r"<text[^>]*>([^<]+)</text>", svg(picture.chart))
        for picture in figures(Findings(source))
    }

    assert set(drawn) == {"Timeline", "Relations", "Escalation"}
    assert {"inject", "outcome"} < set(drawn["Timeline"])
    assert any(label.endswith("hostile action") for label in drawn["Timeline"])
    assert not any("." in label for label in drawn["Timeline"])
    for labels in drawn.values():
        assert any(re.fullmatch(r"[A-Z][a-z]{2} 2030", label) for label in labels)


# One word for one thing


def test_the_menu_names_the_sections_by_their_headings(source: RunSource) -> None:
    """What one looks for in the menu is what one finds, in the version for a seat too."""
    for seat in ("", "BRL"):
        made = page(source, seat)
        menu = re.findall(r'<li><a href="#(\w+)">([^<]+)</a></li>', made)
        assert menu == re.findall(r'<section id="(\w+)"><h2>([^<]+)</h2>', made)


def test_the_letters_of_ratings_mean_the_same_in_every_format(source: RunSource) -> None:
    """`P performed without challenges`, and so on."""
    for form in ("html", "md"):
        assert f"{legend()}. A rating is a person's to give" in html.unescape(render(Findings(source), form).decode())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("United States", "the United States"),
        ("Soviet Union", "the Soviet Union"),
        ("The American republics", "the American republics"),
        ("South Korea", "South Korea"),
    ],
)
def test_governments_are_called_as_in_a_sentence(name: str, told: str) -> None:
    """With their article where they have one."""
    assert phrases.called(name) == told


def test_an_observation_begins_its_sentences_as_one_does(scripted: RunSource) -> None:
    """'The Union of Arda left two of three undone', not 'Union of Arda'."""
    assert scripted.loaded
    scenario = scripted.loaded.scenario
    named = replace(scenario.governments["ARD"], name="Union of Arda")
    other = replace(scenario, governments=scenario.governments | {"ARD": named})
    told = Findings(replace(scripted, loaded=replace(scripted.loaded, scenario=other))).observations

    assert any(each.conclusion.startswith("The Union of Arda ") for each in told)


def test_the_journal_of_the_page_names_titles(scripted: RunSource) -> None:
    """Of what was expected and of what was skipped; ids are for those who wrote the files."""
    lines = {record[7] for record in carried(page(scripted))["records"]}

    assert "expected of ARD: any of: blocks the strait, fires on ships: missed" in lines
    assert "inject 'The other of two' is skipped: released in its place: One of two" in lines
