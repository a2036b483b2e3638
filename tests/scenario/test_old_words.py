"""A file with words from before version 0.1.0 gets one error for each, with its line and the new word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wargame.batches.study.arms import parse_arm
from wargame.batches.study.reading import build, read_root
from wargame.errors import Invalid, Problem, UsageFault
from wargame.journal.manifest import read_manifest
from wargame.language.expressions import ExpressionError
from wargame.language.old_words import OLD_WORDS, OLD_WORDS_BY_CONTEXT, renamed_path
from wargame.scenario.loading.load import Loaded, load, load_files
from wargame.scenario.model.measures import parse_measure

# Each <<new|old>> is a word in its new and its old form.
SCENARIO = """format: wargame-scenario/1
name: small
title: A small crisis
calendar: {start: 2030-01-01, <<startex|hand_over>>: 2030-02-01, end: 2031-01-01}
rules:
  <<urgency|haste>>: 0.7
  <<kept_word|honour>>: 0.2
  <<response_window|answer_window>>: 20d
  <<response_half_life|answer_half_life>>: 700d
  <<response_prior|answer_prior>>: 7.0
  <<inducement_time|carrot_time>>: 80d
  <<trust_responses|trust_answers>>: 0.1
dossiers:
  border: {title: The border}
governments:
  AAA: {name: Aland, leader: anna, dossiers: {border: {priority: 0.7}}}
  BBB: {name: Beland, leader: bert, dossiers: {border: {priority: 0.6}}}
leaders:
  anna: {government: AAA, title: the president, interests: {tension: -1.0}, strategy: press}
  bert: {government: BBB, title: the general, interests: {tension: -1.0}}
strategies:
  press:
    title: Pressure
    stages:
      - name: first
        <<demands|asks>>:
          - of: BBB
            wants: [halt]
            <<inducement|carrot>>: aid
            <<threat|or_else>>: protest
indicators:
  tension: {title: Tension, start: 0.3, <<baseline|rest>>: 0.2, half_life: 60d}
options:
  protest:
    title: protests
    dossier: border
    by: [AAA]
    to: [BBB]
    cameo: "111"
    <<goldstein|weight>>: -2.0
    <<responses|answers>>: {comply: 0.1}
    <<demands|asks>>: true
  halt: {title: halts its tests, dossier: border, by: [BBB], cameo: "035", goldstein: 4.0}
  aid: {title: gives aid, dossier: border, by: [AAA], to: [BBB], cameo: "071", goldstein: 7.4}
  propose:
    {title: proposes, dossier: border, by: [AAA], cameo: "036", goldstein: 4, forum: {name: table, move: propose}}
forums:
  table:
    title: The round table
    dossier: border
    members: [AAA, BBB]
    <<suspends_at|shock>>: 28
    <<cool_down|rest>>: 100d
hazards:
  clash:
    title: A clash
    rate: 0.5
    bound: 2.0
    <<action|deed>>: {option: protest, by: AAA, to: BBB}
outcomes:
  pause:
    title: A pause
    <<action|deed>>: {options: [halt]}
<<history|record>>:
  - {id: r1, at: 2030-01-10, mark: decided, title: A protest, by: [AAA], to: [BBB], option: protest}
claims:
  calm:
    statement: Protests do not matter.
    mechanism: None.
    <<startex|hand_over>>: 2030-03-01
    arms:
      base: {}
      quiet:
        <<startex|hand_over>>: 2030-03-01
        <<forbid|bar>>: [AAA protest]
        skip: [r1]
        parameters:
          rules.<<urgency|haste>>: 0.5
          options.*.<<responses|answers>>.comply: 0.2
    measures:
      - {formula: <<actions|deeds>>(), contrast: {quiet: 1, base: -1}, expect: negative}
targets:
  busy:
    title: Busy governments
    <<startex|hand_over>>: 2030-03-01
    source: nowhere
    <<statistics|figures>>:
      - days_a_month:
          of: {forum: table, <<step|turn>>: convene}
          <<report|tell>>: empty
        <<observed|figure>>: none
        band: [0, 1]
      - {activity: {<<report|tell>>: lowest}, observed: few, band: [0, 10]}
      - {answered: {<<goldstein|weight>>: -4}, observed: few, band: [0, 1]}
      - delay:
          cause: {options: [protest]}
          <<response|answer>>: {options: [halt]}
        observed: soon
        band: [0, 10]
evidence:
  calibration:
    - {path: indicators.tension.<<baseline|rest>>, range: [0, 1]}
events:
  kinds:
    talks:
      title: Talks
      actors: [AAA]
      <<actions|deeds>>:
        - {options: [propose]}
      steps:
        - {forum: table, step: <<reopen|rest>>}
"""
INJECTS = """format: wargame-injects/1
scenario: small
injects:
  - id: spark
    title: A spark
    at: D+3
    <<action|deed>>: {option: protest, by: AAA, to: BBB}
  - id: flame
    title: A flame
    after:
      <<action|deed>>: {options: [protest]}
    effects: {tension: 0.1}
"""
STUDY = """format: wargame-study/1
name: s
scenario: small
<<startex|hand_over>>: 2030-03-01
arms:
  base: {}
  quiet:
    <<forbid|bar>>: [AAA protest]
factors:
  speed: {parameter: options.aid.<<goldstein|weight>>, range: [1, 2]}
design: grid
measures:
  - <<actions|deeds>>(AAA)
"""
MARK = re.compile(r"<<(\w+)\|(\w+)>>")


def new(text: str) -> str:
    """The text in new words."""
    return MARK.sub(r"\1", text)


def old(text: str) -> str:
    """The text in old words."""
    return MARK.sub(r"\2", text)


def expected(text: str) -> list[tuple[int, str, str]]:
    """Line, old word and new word of every mark, by line."""
    lines = enumerate(text.splitlines(), start=1)
    return [(number, match[2], match[1]) for number, line in lines for match in MARK.finditer(line)]


def reported(problems: tuple[Problem, ...]) -> list[tuple[int, str, str]]:
    """Line, old word and new word of every problem; of a path only the part that changes."""
    words = []
    for problem in problems:
        match = re.match(r"'([\w.*]+)' is now called '([\w.*]+)'", problem.message)
        assert match, f"a follow-up fault: {problem}"
        pairs = zip(match[1].split("."), match[2].split("."), strict=True)
        words += [(problem.line, before, after) for before, after in pairs if before != after]
    return words


def small(scenario: str = new(SCENARIO), injects: str = new(INJECTS)) -> Loaded:
    """The small scenario from its texts."""
    return load_files({"s.yaml": scenario.encode(), "i.yaml": injects.encode()})


def test_the_files_load_in_new_words() -> None:
    """The texts are valid, so that every problem below comes from an old word."""
    assert len(small().injects) == 2


def test_a_scenario_in_old_words_gets_one_error_for_each_and_no_other() -> None:
    """Old words cause no further errors, for example of missing keys or of ids in a renamed section."""
    with pytest.raises(Invalid) as error:
        small(scenario=old(SCENARIO))
    assert len(expected(SCENARIO)) > 30
    assert reported(error.value.problems) == expected(SCENARIO)


def test_an_inject_file_in_old_words_gets_one_error_for_each_and_no_other() -> None:
    """Old words within a trigger are reported too."""
    with pytest.raises(Invalid) as error:
        small(injects=old(INJECTS))
    assert len(expected(INJECTS)) == 2
    assert reported(error.value.problems) == expected(INJECTS)


def test_a_study_in_old_words_gets_one_error_for_each_and_no_other() -> None:
    """Keys, the path of a parameter, and a function of measures are reported."""
    loaded = small(new(SCENARIO).replace('cameo: "071", goldstein: 7.4', 'cameo: "071", goldstein: {value: 7.4}'))
    build(read_root("study.yaml", new(STUDY).encode()), loaded)
    with pytest.raises(Invalid) as error:
        build(read_root("study.yaml", old(STUDY).encode()), loaded)
    assert len(expected(STUDY)) == 4
    assert reported(error.value.problems) == expected(STUDY)


@pytest.mark.parametrize("mark", MARK.findall(SCENARIO), ids=lambda mark: mark[1])
def test_each_old_word_alone_is_reported(mark: tuple[str, str]) -> None:
    """Each row of the tables works by itself, wherever the word occurs."""
    text = MARK.sub(lambda match: match[2] if match.groups() == mark else match[1], SCENARIO)
    with pytest.raises(Invalid) as error:
        small(scenario=text)
    assert reported(error.value.problems) == [row for row in expected(SCENARIO) if row[1:] == mark[::-1]]


def test_the_error_names_the_place_the_word_and_the_remedy() -> None:
    """As in `s.yaml:32:41: 'rest' is now called 'baseline' (rename the key)`."""
    with pytest.raises(Invalid) as error:
        small(new(SCENARIO).replace("baseline: 0.2", "rest: 0.2"))
    assert str(error.value) == "s.yaml:32:41: 'rest' is now called 'baseline' (rename the key)"


def test_every_row_of_the_tables_occurs_in_the_files() -> None:
    """A word in a table is also in the texts above."""
    pairs = {(before, after) for text in (SCENARIO, INJECTS, STUDY) for _, before, after in expected(text)}
    assert pairs == set(OLD_WORDS.items()) | {(word, new) for (_, word), new in OLD_WORDS_BY_CONTEXT.items()}


def test_sections_of_the_same_name_in_two_files_are_both_reported() -> None:
    """A scenario split over files has its history in several of them."""
    more = "format: wargame-scenario/1\nrecord:\n  - {id: r2, at: 2030-01-11, mark: exogenous, title: Rain}\n"
    files = {"a.yaml": old(SCENARIO).encode(), "b.yaml": more.encode(), "i.yaml": new(INJECTS).encode()}
    with pytest.raises(Invalid) as error:
        load_files(files)
    assert ("b.yaml", 2) in {(problem.file, problem.line) for problem in error.value.problems}
    assert len(error.value.problems) == len(expected(SCENARIO)) + 1


def test_an_id_may_be_an_old_word() -> None:
    """Ids are the author's: an indicator may be called `haste`."""
    assert (
        "haste"
        in small(new(SCENARIO).replace("  tension: {", "  haste: {title: Haste}\n  tension: {")).scenario.indicators
    )


def test_a_path_with_an_old_word_is_renamed_by_its_section() -> None:
    """`rest` is a baseline of an indicator and a cool-down of a forum."""
    assert renamed_path("indicators.tension.rest") == "indicators.tension.baseline"
    assert renamed_path("forums.table.rest") == "forums.table.cool_down"
    assert renamed_path("rules.urgency") == "rules.urgency"


def test_an_old_word_in_an_arm_of_the_command_line_is_reported_with_the_new_one() -> None:
    """In clauses and in paths of parameters."""
    loaded = load("two-rivals")
    with pytest.raises(UsageFault, match="'bar' is now called 'forbid': write 'forbid ARD threaten'"):
        parse_arm("quiet=bar ARD threaten", loaded)


def test_an_old_function_in_a_measure_is_reported_with_the_new_one() -> None:
    """`deeds(X)` counts actions."""
    with pytest.raises(ExpressionError, match=re.escape("'deeds' is now called 'actions': write actions(AAA)")):
        parse_measure("1 + deeds(AAA)")


MISPLACED = [
    ("rest: 3d", "'rest' is now called 'cool_down' (rename the key)"),
    ("weight: 4", "'weight' is now called 'goldstein', which is not a key here (remove it; keys here: id, title, "),
    ("honour: 0.5", "'honour' is now called 'kept_word', which is not a key here (remove it; keys here: id, title, "),
    ("shock: 0.5", "'shock' is now called 'suspends_at', which is not a key here (remove it; keys here: id, title, "),
]


@pytest.mark.parametrize(("line", "message"), MISPLACED, ids=[line for line, _ in MISPLACED])
def test_an_old_word_in_another_place_is_recognised(line: str, message: str) -> None:
    """In an inject, which never had it: with the key that is meant, or what the word is called where it belongs."""
    script = f"format: wargame-injects/1\nscenario: small\ninjects:\n  - id: a\n    title: A\n    at: D+3\n    {line}\n"
    with pytest.raises(Invalid) as error:
        small(injects=script)
    (problem,) = error.value.problems
    assert str(problem).startswith(f"i.yaml:7:5: {message}")


def test_an_old_path_of_a_factor_is_recognised() -> None:
    """Also if the number is not written with `{value: ...}` under its new name either."""
    study = new(STUDY).replace("options.aid.goldstein", "rules.haste")
    with pytest.raises(Invalid) as error:
        build(read_root("study.yaml", study.encode()), small())
    (problem,) = error.value.problems
    assert problem.message == "'rules.haste' is now called 'rules.urgency'"
    assert problem.remedy == "write the new path, and the number with {value: ...} in the scenario"


@pytest.mark.parametrize("kind", ["scenario", "injects"])
def test_a_format_of_a_later_version_has_its_own_message(kind: str) -> None:
    """It is neither a misspelling nor an unknown format."""
    texts = (text.replace(f"wargame-{kind}/1", f"wargame-{kind}/2") for text in (new(SCENARIO), new(INJECTS)))
    with pytest.raises(Invalid) as error:
        small(*texts)
    (problem,) = [each for each in error.value.problems if "format" in each.message]
    assert problem.message.startswith(f"the format 'wargame-{kind}/2' belongs to a later version of wargame; this is ")
    assert problem.remedy.endswith(f"use a file with the format 'wargame-{kind}/1'")


def test_a_study_of_a_later_version_has_its_own_message() -> None:
    """As scenario and inject files."""
    with pytest.raises(Invalid, match="the format 'wargame-study/3' belongs to a later version of wargame"):
        read_root("study.yaml", b"format: wargame-study/3\nname: s\nscenario: small\n")


def test_a_run_folder_of_a_later_version_has_its_own_message(tmp_path: Path) -> None:
    """As the files that people write."""
    (tmp_path / "manifest.json").write_text('{"format": "wargame-run/2"}')
    with pytest.raises(Invalid, match="the format 'wargame-run/2' belongs to a later version of wargame"):
        read_manifest(tmp_path)
