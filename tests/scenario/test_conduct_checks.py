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

VOTE = """options:
  later: {title: delays, dossier: strait, by: [ARD], cameo: "124", goldstein: -1, forum: {name: talks, move: delay}}
"""
SIGN = """options:
  sign: {title: signs, dossier: strait, by: [ARD], cameo: "057", goldstein: 5, agreement: {name: pact, move: accept}}
"""

PLAN = """plans:
  p:
    title: Patrols
    by: [{by}]
    begins: {{options: [{first}]}}
    steps: [{steps}]
    rounds: 3
    spacing: [10d, 20d, 30d]
    within: {within}
"""
ONLY_BRL = """options:
  own: {title: acts alone, dossier: strait, by: [BRL], cameo: "036", goldstein: 1}
"""

GO = """options:
  go: {title: goes, dossier: strait, by: [ARD], cameo: "036", goldstein: 1}
"""

THIRD = """governments:
  SEA: {name: Sealand, leader: sel, dossiers: {strait: {}}}
leaders:
  sel: {government: SEA, title: the chancellor, interests: {tension: -1}}
options:
  call: {title: calls, dossier: strait, by: [ARD, BRL], to: [ARD, BRL], cameo: "036", goldstein: 1}
  aid: {title: gives aid, dossier: strait, by: [ARD], to: [SEA], cameo: "071", goldstein: 7}
"""
VETO = THIRD.replace("}}}", "}}, vetoes: {assembly: {title: the Assembly, over: {%s}, unless: '%s'}}}", 1)
INSPECT = """indicators:
  arms: {title: Arms, scope: government, start: 0.2, known: estimated}
options:
  open:
    {title: opens a site, dossier: strait, by: [BRL], cameo: "036", goldstein: 1, reports: {"arms[BRL]": 0.1}}
agreements:
  pact: {title: Pact, parties: [ARD, BRL], rules_out: {BRL: [open]}, proof: {"arms[BRL]": 0.01}}
"""
ALTERNATING = """strategies:
  s: {title: S, stages: [{name: a, exits: [{when: tension>0.5, to: t}]}]}
  t: {title: T, stages: [{name: a, exits: [{when: tension > 0.5, to: s}]}]}
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
    "statement that nobody can support": (
        f"{TALKS}    council: true\n    statement: {{}}\n", "{}", "no member can make the move `state`", "add an option"
    ),
    "statement of a forum that is no council": (f"{TALKS}    statement: {{}}\n", "{}", "only for councils", "council"),
    "move that the council does not have": (
        f"{TALKS}    council: true\n{VOTE}", "delay}", "the forum talks has no `delay`", "add `delay`"
    ),
    "party that cannot assent": (
        "agreements:\n  pact: {title: Pact, parties: [ARD, BRL], assent: parties}\n" + SIGN, "BRL",
        "BRL can neither offer nor accept it", "add an option of BRL"
    ),
    "plan that nobody can finish": (
        PLAN.format(by="ARD", first="patrol", steps="patrol", within="20d"), "20d",
        "nobody can finish it: 3 steps take at least 30d", "allow more time",
    ),
    "plan of those who cannot begin it": (
        PLAN.format(by="ARD", first="own", steps="patrol", within="200d") + ONLY_BRL, "ARD",
        "can do none of the actions", "remove it"
    ),
    "plan with a step of another": (
        PLAN.format(by="ARD", first="patrol", steps="own", within="200d") + ONLY_BRL, "own",
        "ARD cannot do 'own'", "option of BRL"
    ),
    "minor acts that amplify one another": (
        "rules: {routine: {surprise: 1.0}}\n", "routine", "minor acts amplify one another", "lower `surprise`"
    ),
    "stage without an exit": (
        "rules: {aspirations: {}}\nstrategies:\n  s: {title: S, stages: [{name: first}, {name: last}]}\n", "first",
        "has no exit, so that later stages are never reached", "add `until` or `exits`"
    ),
    "exit that is always open": (
        "strategies:\n  s: {title: S, stages: [{name: a, exits: [{stage: b}]}, {name: b}]}\n", "{stage: b}",
        "always open", "add `when`"
    ),
    "exit to an unknown stage": (
        "strategies:\n  s: {title: S, stages: [{name: a, exits: [{after: 9d, stage: c}]}, {name: b}]}\n", "c}",
        "has no stage 'c'", "stages: a, b"
    ),
    "exit to its own stage": (
        "strategies:\n  s: {title: S, stages: [{name: a, exits: [{after: 9d}]}, {name: b}]}\n", "{after",
        "leads back to the stage 'a' itself", "name another"
    ),
    "votes in talks": (f"{TALKS}    votes: 1\n", "1", "`votes` is only for councils", "add `council: true`"),
    "sitting in talks": (
        f"{TALKS}    sitting: true\n", "true", "`sitting` is only for councils", "add `council: true`"
    ),
    "more votes than members": (f"{TALKS}    council: true\n    votes: 3\n", "3", "the council has 2 members", "up to"),
    "veto of rounds in a council": (
        f"{TALKS}    council: true\n    veto: tension > 0.5\n", "tension", "`veto` is only for talks", "remove it"
    ),
    "veto that no member can evaluate": (
        f"{TALKS}    veto: trust[self, target] > 0\n", "trust[self", "`self` has no meaning here", "use actor, target"
    ),
    "offer of a stranger in talks": (
        f"{TALKS}    gives: {{SEA: {{tension: 0.1}}}}\n", "SEA", "SEA", ""
    ),
    "shared knowledge that nobody estimates": (
        f"{TALKS}    pools: [tension]\n", "tension", "no government estimates it", "known: estimated"
    ),
    "stay after an action without a target": (
        f"rules: {{visits: {{stays: {{go: 3d}}}}}}\n{GO}", "go",
        "'go' has no target, so that nobody is visited", "name options with `to`",
    ),
    "commitments after nothing": (
        "rules: {visits: {commitments: [patrol]}}\n", "commitments", "without `after` it has no effect", "add `after`"
    ),
    "terms that rule out their own move": (
        f"{SIGN}agreements:\n  pact: {{title: Pact, parties: [ARD, BRL], rules_out: {{ARD: [sign]}}}}\n", "sign]",
        "the agreement rules out 'sign', the move `accept` of ARD in it", "rule out other options"
    ),
    "terms that rule out what verifies them": (
        INSPECT, '"arms', "it is never verified: all that reports on arms is ruled out: open", "leave one of these"
    ),
    "terms that only a host could give up": (
        "agreements:\n  pact: {title: Pact, parties: [ARD, BRL], rules_out: {ARD: [own]}}\n"
        + ONLY_BRL, "own]", "ARD cannot do 'own'", "it is an option of BRL"
    ),
    "unknown host": (
        ONLY_BRL.replace("}", ", hosts: [SEA]}"), "SEA", "unknown government 'SEA'", ""
    ),
    "responses expected by a government that cannot act": (
        ONLY_BRL.replace("}", ", responses_between: {ARD: {}}}"), "ARD: {}", "ARD cannot do it", "name one of BRL"
    ),
    "responses expected of a government that is no target": (
        ONLY_BRL.replace("}", ", to: [ARD], responses_between: {BRL: {BRL: {comply: 1}}}}"), "BRL: {comply",
        "BRL cannot be its target", "name one of ARD"
    ),
    "target as host of an option without targets": (
        ONLY_BRL.replace("}", ", hosts: [target]}"), "target", "the option has no target", "name a government"
    ),
    "veto over actions of others": (
        VETO % ("options: [aid]", "tension < 1"), "aid]", "SEA cannot do 'aid'", "an option of ARD"
    ),
    "veto that names governments": (
        VETO.replace("by: [ARD]", "by: [ARD, SEA]") % ("options: [aid], by: [ARD]", "tension < 1"), "by",
        "of its own government, SEA", "remove it"
    ),
    "condition of a veto that its government does not know": (
        VETO % ("options: [aid]", "trust[actor, target] > 0"), "'trust", "`target` has no meaning here", "use actor"
    ),
    "exits that begin and end each other": (
        ALTERNATING, "tension>",
        "an exit back under the same condition", "another condition"
    ),
    "commitment to a third party": (
        "rules: {visits: {after: [call], commitments: [aid]}}\n" + THIRD, "aid]", "it concerns a third party", "host"
    ),
    "inducement for a third party": (
        "strategies:\n  s: {title: S, stages: [{name: a, demands: [{of: BRL, wants: [patrol], inducement: aid}]}]}\n"
        + THIRD, "aid}", "BRL cannot be the target of 'aid'", "possible targets: SEA"
    ),
    "gift of a stranger": (
        "agreements:\n  pact: {title: Pact, parties: [ARD, BRL], gives: {SEA: {tension: 0.1}}}\n", "SEA", "SEA", ""
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


@pytest.mark.parametrize(
    ("title", "warned"),
    [
        *(("Missile strike", True), ("test a missile", True), ("mass arrests", True)),
        *(("tests a missile", False), ("openly goes", False), ("has it", False)),
    ],
)
def test_a_title_of_an_option_that_is_no_verb_phrase_is_a_warning(title: str, *, warned: bool) -> None:
    """It follows the name of the actor in all sentences; the warning has file, line and remedy."""
    problems = rivals((MOVE % "2d").replace("goes", title)).warnings
    found = [(each.file, each.line, each.remedy) for each in problems if "not a verb phrase" in each.message]
    remedy = "begin with a verb in the third person, such as 'tests a missile'"
    assert found == ([("scenario/more.yaml", 3, remedy)] if warned else [])


@pytest.mark.slow
def test_the_built_in_variants_are_valid() -> None:
    """Overlays are checked by `validate`, not whenever the scenario is loaded."""
    from wargame.batches.study.parameters import variant_problems

    korea = load("korea-2017")
    assert "without-conduct-over-time" in korea.overlays
    assert variant_problems(korea) == ()


def test_a_variant_without_its_overlay_is_a_problem(tmp_path: Path) -> None:
    """At the name of the overlay."""
    for name, data in RIVALS.items():
        (tmp_path / Path(name).name).write_bytes(data)
    more = "format: wargame-scenario/1\nevidence: {variants: {x: {overlay: nowhere}}}\n"
    (tmp_path / "more.yaml").write_text(more)
    with pytest.raises(Invalid, match="there is no overlay 'nowhere'"):
        load(str(tmp_path))


def test_a_member_that_can_never_accept_is_a_warning() -> None:
    """The forum would never convene; one member may be able to propose only."""
    moves = """options:
  call: {{title: calls, dossier: strait, by: [{0}], cameo: "036", goldstein: 4, forum: {{name: talks, move: propose}}}}
  come: {{title: comes, dossier: strait, by: [ARD], cameo: "046", goldstein: 4, forum: {{name: talks, move: accept}}}}
"""
    warned = [
        [each.message for each in rivals(TALKS + moves.format(by)).warnings if "cannot accept" in each.message]
        for by in ("ARD", "BRL")
    ]
    assert warned == [["BRL is required but cannot accept, so that the forum never convenes"], []]
