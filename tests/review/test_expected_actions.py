"""Expected actions and the MSEL in the review."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console as Paper

from support.entry_point import wargame
from support.reviews import embedded, page, seated
from wargame.document.terminal import print_blocks
from wargame.executor.run import Destination, simulate
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run
from wargame.live.session.session import Session
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource, open_run
from wargame.review.reports.run_summary import run_summary
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

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
def scripted(tmp_path_factory: pytest.TempPathFactory) -> RunSource:
    """A run with injects of many kinds."""
    top = tmp_path_factory.mktemp("scripted")
    (top / "i.yaml").write_text(SCRIPT, encoding="utf-8")
    loaded = load("two-rivals", [str(top / "i.yaml")])
    return open_run(simulate(loaded, 3, place=Destination(out=top / "r")).folder)


def test_the_msel_names_the_addressees(scripted: RunSource) -> None:
    """Facilitation injects go to the white cell only, others to all or to the named governments."""
    to = {row["inject"]: row["to"] for row in Findings(scripted).msel}
    assert (to["hint"], to["news"], to["cable"]) == ("white cell", "all", "Brel")


def test_the_msel_describes_triggers_and_reasons(scripted: RunSource) -> None:
    """With titles instead of ids; a long condition is separate from the sentence."""
    rows = {row["inject"]: row for row in Findings(scripted).msel}

    assert rows["cable"]["planned"] == "2d after the inject 'News of the strait'"
    assert rows["answer"]["planned"] == "1d after the action 'protests' or 'offers talks' by Arda"
    assert rows["news"]["planned"] == "6 Jan 2030, 00:00 (D+5)"
    assert rows["or_else"]["how"] == "released in its place: One of two"
    assert rows["tense"]["planned"] == "when its condition holds"
    assert rows["tense"]["condition"].startswith("tension > 0.9 and")


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_line_of_the_msel_is_complete(scripted: RunSource, form: str) -> None:
    """Number, title, kind, channel, addressee, plan, actual time and objective."""
    text = render(Findings(scripted), form).decode()
    start = text.index("MSEL as executed</h2>" if form == "html" else "Annex A. MSEL as executed")
    line = next(part for part in re.split(r"<tr>|\n\|", text[start:]) if "A cable" in part)
    plain = html.unescape(re.sub(r"<wbr>|<[^>]+>", "", line)).replace("\\", "")

    for word in ("cable", "A cable", "inject, Cable", "Brel", "2d after the inject", "released", "8 Jan 2030, 00:00"):
        assert word in plain, word
    assert "Respond to an incident within two weeks" in text[start:]


@pytest.mark.parametrize("form", ["html", "md"])
def test_an_expected_action_has_its_deadline_and_options(scripted: RunSource, form: str) -> None:
    """The deadline is that of the script; without a title the options are listed."""
    rows = {row["who"]: row for row in Findings(scripted).expected_actions if row["inject"] == "often"}
    text = re.sub(r"<[^>]+>", " ", render(Findings(scripted), form).decode())
    lines = [part for part in text.splitlines() if "blockades the strait or fires on ships" in part]

    assert (rows["ARD"]["within_days"], rows["BRL"]["within_days"]) == (10.0, 3.0)
    assert (rows["ARD"]["expected"], rows["BRL"]["expected"]) == (
        "blockades the strait or fires on ships",
        "fires on ships",
    )
    assert "Due within" in text
    assert any("10 d" in line and "Arda" in line for line in lines)


def test_repeated_expected_actions_are_described_once(scripted: RunSource) -> None:
    """With their number, and all records as evidence."""
    drafts = Findings(seated(scripted, "ARD")).observations
    text = next(o.discussion for o in drafts if "A call that comes again" in o.discussion)
    missed = [
        row["seq"] for row in Findings(scripted).expected_actions if (row["inject"], row["who"]) == ("often", "ARD")
    ]

    assert text.count("A call that comes again") == 1
    evidence = " ".join(f"[#{seq}]" for seq in missed)
    assert f"expected: blockades the strait or fires on ships. Missed 3 times {evidence}." in text


def test_the_name_of_a_government_has_its_article(scripted: RunSource) -> None:
    """A sentence begins with "The Union of Arda", not with "Union of Arda"."""
    assert scripted.loaded
    scenario = scripted.loaded.scenario
    named = replace(scenario.governments["ARD"], name="Union of Arda")
    other = replace(scenario, governments=scenario.governments | {"ARD": named})
    renamed = replace(scripted, loaded=replace(scripted.loaded, scenario=other))
    drafts = Findings(seated(renamed, "ARD")).observations

    assert drafts
    assert all("the Union of Arda" in each.conclusion for each in drafts)


def test_the_journal_of_the_page_uses_titles(scripted: RunSource) -> None:
    """For skipped injects as for released ones."""
    lines = {record[7] for record in embedded(page(scripted))["records"]}

    assert any(line.endswith("'The other of two' is skipped: released in its place: One of two") for line in lines)


def test_expected_actions_that_are_open_at_the_end_are_counted(tmp_path: Path) -> None:
    """In the summary, the document and the page: open is not the same as not expected."""
    lines = [
        "format: wargame-injects/1", "scenario: two-rivals", "title: Late", "injects:",
        "- id: late", "  title: A late call", "  at: D+58", "  message: Answer.",
        "  expected: [{who: BRL, any_of: [strike], within: 30d}]",
    ]  # fmt: skip
    (tmp_path / "late.yaml").write_text("\n".join(lines) + "\n")
    shown = wargame("run", "two-rivals", "--injects", "late.yaml", "--seed", "1", "--until", "60d", "--out", "r",
                    cwd=tmp_path).stdout  # fmt: skip
    assert "1 still open at the end" in shown
    done = wargame("report", "r", "--format", "md", "-o", "-", cwd=tmp_path)
    assert "Expected actions still open at the end: 1." in done.stdout
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "Expected actions still open at the end: 1." in page


def test_what_model_governments_left_open_is_named_beside_what_is_to_judge(tmp_path: Path) -> None:
    """What the seat of a person left open at ENDEX is to judge; the other count says whose it is."""
    lines = [
        "format: wargame-injects/1", "scenario: two-rivals", "title: Late", "injects:",
        "- id: late", "  title: A late call", "  manual: true",
        "  expected: [{who: ARD, any_of: [strike], within: 30d}, {who: BRL, any_of: [strike], within: 30d}]",
    ]  # fmt: skip
    (tmp_path / "late.yaml").write_text("\n".join(lines) + "\n")
    settings = Settings(seats=(("ARD", "human"),))
    loaded = load("two-rivals", [str(tmp_path / "late.yaml")])
    session = Session.create(loaded, 1, settings, Destination(out=tmp_path / "r"))
    console = Console(session)
    for line in ("advance 1d", "release late", "endex"):
        run(console, line)
    session.close()
    findings = Findings(open_run(tmp_path / "r"))
    assert ([row["status"] for row in findings.expected_actions], findings.still_open) == (["undecided"], 1)
    paper = io.StringIO()
    print_blocks(Paper(width=200, no_color=True, file=paper), run_summary(findings.summary, "r", "r"))
    assert "1 for the evaluator to judge, 1 of model governments still open at the end" in paper.getvalue()
    assert "Expected actions of model governments still open at the end: 1." in render(findings, "md").decode()
    assert "Expected actions of model governments still open at the end: 1." in page(findings.source)


def _judged(folder: Path, expected: str, *lines: str) -> Findings:
    """An exercise with a person in the seat of Arda, an inject that expects something and one that acts for Arda."""
    inject = f"{{id: call, title: A call, manual: true, expected: [{expected}]}}"
    acting = "{id: visit, title: A visit, manual: true, action: {by: ARD, option: talk, to: BRL}}"
    script = f"format: wargame-injects/1\nscenario: two-rivals\ntitle: Calls\ninjects: [{inject}, {acting}]\n"
    (folder / "call.yaml").write_text(script, encoding="utf-8")
    loaded = load("two-rivals", [str(folder / "call.yaml")])
    session = Session.create(loaded, 1, Settings(seats=(("ARD", "human"),)), Destination(out=folder / "r"))
    console = Console(session)
    for line in lines:
        run(console, line)
    session.close()
    return Findings(open_run(folder / "r"))


def test_what_the_script_proposes_to_a_seat_is_no_act_of_its_people(tmp_path: Path) -> None:
    """Nothing is decided by it, and nothing drafted from it, until an evaluator has judged it."""
    lines = ("advance 1d", "release call", "advance 1d", "release visit", "endex")
    expected = "{who: ARD, any_of: [talk], within: 30d}"
    (tmp_path / "by-rule").mkdir()
    findings = _judged(tmp_path / "by-rule", expected, *lines)
    assert [row["status"] for row in findings.expected_actions] == ["undecided"]
    assert not findings.observations
    assert findings.nothing_drafted.endswith("1 expected action is for the evaluators to judge.")
    (tmp_path / "judged").mkdir()
    judged = _judged(tmp_path / "judged", expected, *lines, 'judge 1 met --why "they had asked for it"')
    assert [each.who for each in judged.observations] == ["ARD"]


def test_what_was_due_before_endex_is_not_said_to_be_in_time(tmp_path: Path) -> None:
    """What was left open is either not yet due, or overdue and not yet too late."""
    for days, said in ((10, "its time was not over at ENDEX"), (40, "overdue at ENDEX")):
        (tmp_path / str(days)).mkdir()
        lines = ("stop at nothing", "advance 1d", "release call", f"advance {days}d", "endex")
        findings = _judged(tmp_path / str(days), "{who: ARD, any_of: [strike], within: 30d, late: 30d}", *lines)
        (row,) = [each for each in findings.expected_actions if each["inject"] == "call"]
        assert (row["status"], row["judgement"].startswith(said)) == ("undecided", True)


def test_what_is_judged_after_endex_is_no_longer_counted_as_open(tmp_path: Path) -> None:
    """It has a row with the judgement, and is not counted twice."""
    expected = "{who: BRL, any_of: [strike], within: 30d}, {who: BRL, any_of: [blockade], within: 30d}"
    lines = ("advance 1d", "release call", "endex", "judge 1 missed")
    findings = _judged(tmp_path, expected, *lines)
    assert ([row["status"] for row in findings.expected_actions], findings.still_open) == (["missed"], 1)


def test_what_the_model_did_in_a_seat_that_a_person_held_before_is_labelled(tmp_path: Path) -> None:
    """Also for an inject that was released while the model played the seat."""
    lines = ("stop at nothing", "advance 1d", "seat ARD model", "release call", "advance 120d", "endex")
    expected = "{who: ARD, any_of: [talk, trade, protest, patrol, blockade], within: 100d}"
    findings = _judged(tmp_path, expected, *lines)
    (row,) = (row for row in findings.expected_actions if row["inject"] == "call")
    assert row["status"] == "met"
    assert row["done_title"].endswith(", decided by the model")


def test_an_expected_action_names_the_target_of_the_action(tmp_path: Path) -> None:
    """The reviewer must see whether the right government was addressed."""
    sources = (
        open_run(simulate(load("two-rivals"), n, place=Destination(out=tmp_path / str(n))).folder) for n in range(6)
    )
    done = [row for source in sources for row in Findings(source).expected_actions if row["done"]]
    assert done
    assert all(row["done_title"].endswith((" (Arda)", " (Brel)")) for row in done)
