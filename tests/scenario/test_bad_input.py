"""Wrong scenario and inject files: all problems are reported at once, each with its place and a remedy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.scenario.loading.load import load, load_files, load_target

DATA = Path(__file__).resolve().parents[1] / "data"
SMALL = (DATA / "small.yaml").read_text("utf-8")
SCRIPT = (DATA / "small-injects.yaml").read_text("utf-8")
HEAD = "format: wargame-scenario/1\n"


def problems(scenario: str | bytes = SMALL, script: str | bytes | None = SCRIPT) -> tuple[Problem, ...]:
    """The problems of a scenario and its injects; an empty list if they load."""
    texts = {"s.yaml": scenario, "i.yaml": script}
    files = {name: text.encode() if isinstance(text, str) else text for name, text in texts.items() if text is not None}
    try:
        load_files(files)
    except Invalid as error:
        return error.problems
    return ()


def place(text: str, start: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset in a text."""
    return text.count("\n", 0, start) + 1, start - (text.rfind("\n", 0, start) + 1) + 1


# (text of the small scenario or script, its replacement, the place of the problem in it, a part of the message)
IN_SCENARIO = {
    "unknown key": ("threshold:", "treshold:", "treshold", "unknown key 'treshold' (did you mean 'threshold'?)"),
    "unknown section": ("objectives:\n", "objektives:\n", "objektives", "did you mean 'objectives'?"),
    "unknown government": ("by: [AAA, CCC]", "by: [AAA, CCD]", "CCD", "unknown government 'CCD' (did you mean"),
    "unknown option": ("{test: 0.1}", "{tests: 0.1}", "tests", "unknown option 'tests' (did you mean 'test'?)"),
    "unknown leader": ("leader: bert", "leader: berta", "berta", "unknown leader 'berta' (did you mean 'bert'?)"),
    "unknown strategy": ("strategy: press", "strategy: pres", "pres", "unknown strategy 'pres'"),
    "unknown dossier": (
        "title: halts its tests, dossier: border",
        "title: halts, dossier: bord",
        "bord",
        "unknown dossier",
    ),
    "unknown forum": ("{name: table,", "{name: tabel,", "tabel", "unknown forum 'tabel' (did you mean 'table'?)"),
    "unknown agreement": ("{name: pause,", "{name: paus,", "paus", "unknown agreement"),
    "unknown indicator in a path": ('"arms[BBB]": 1.0', '"army[BBB]": 1.0', '"army', "did you mean 'arms'?"),
    "unknown indicator in a formula": ("needs: tension <", "needs: 1 > tenson +", "tenson", "did you mean 'tension'?"),
    "an option read as a number": ("when: tension < 0.1", "when: halt > 0", "halt", "'halt' is the id of an option"),
    "too few indexes": ("1 - tension}", '"1 - arms"}', "arms", "write it as in arms["),
    "too many indexes": (
        "needs: tension < 0.9",
        'needs: "tension[AAA] > 0"',
        '"tension',
        "has one index (write it as tension)",
    ),
    "unknown index": ("trust[self, BBB] > 0.5", "trust[self, BBX] > 0.5", "trust", "unknown government 'BBX'"),
    "a placeholder out of place": ("1 - tension}", '"arms[actor]"}', '"arms', "`actor` has no meaning here"),
    "a placeholder without target": (
        "count(test) > 0",
        '"arms[target] > 0"',
        '"arms',
        "`target` has no meaning here",
    ),
    "a pair of one": (
        "trust[self, BBB] > 0.5",
        "trust[self, AAA] > 0.5",
        "trust",
        "the two governments of a pair must differ",
    ),
    "what another knows": ('"arms[BBB]": 1.0', '"approval[AAA]": 1.0', '"approval', "BBB cannot know approval[AAA]"),
    "what the target knows": (
        "effects: {tension: 0.05}",
        'value: "trust[target, actor]"',
        '"trust',
        "AAA cannot know trust[BBB, AAA]: only BBB does",
    ),
    "what another knows, through a formula": (
        "Mood, formula: 1 - tension}",
        'Mood, formula: "1 - trust[AAA, BBB]"}',
        '"mood": 1.0',
        "BBB cannot know trust[AAA, BBB], from which mood is computed: only AAA does",
    ),
    "a requirement that is published": (
        "requires: count(test) > 0",
        'requires: "trade[AAA, BBB] > 0.2"',
        '"trade',
        "BBB learns of a change of trade[AAA, BBB] only when it is published: it would repeat what it has just done",
    ),
    "a secret act that all would notice": (
        'goldstein: 7.4, reports: {"arms[target]": 0.1}',
        'goldstein: 7.4, visibility: private, effects: {tension: -0.1}, reports: {"arms[target]": 0.1}',
        "tension: -0.1",
        "'aid' can stay undetected, but it changes `tension`, which is known at once",
    ),
    "a covert failure that all would notice": (
        'goldstein: 7.4, reports: {"arms[target]": 0.1}',
        'goldstein: 7.4, visibility: covert, chance: 0.5, failure: {tension: -0.1}, reports: {"arms[target]": 0.1}',
        "tension: -0.1",
        "'aid' can stay undetected, but it changes `tension`, which is known at once",
    ),
    "a secret act that changes what a third government has": (
        'goldstein: 7.4, reports: {"arms[target]": 0.1}',
        'goldstein: 7.4, visibility: private, effects: {"approval[CCC]": -0.1}, reports: {"arms[target]": 0.1}',
        '"approval[CCC]',
        "'aid' can stay undetected by CCC, which would notice the change of its own `approval[CCC]`",
    ),
    "a baseline that reveals what is estimated": (
        'baseline: "0.5 - 0.1 * arms[self]", known: published}',
        'baseline: "0.5 - 0.1 * arms[self]"}',
        '"0.5',
        "`trade` is known at once, but its baseline follows `arms`, which is estimated",
    ),
    "an estimate without a source": (
        ', reports: {"arms[target]": 0.1}}',
        "}",
        "estimated",
        "nobody could ever learn of a change of `arms`: no option or inject reports on it",
    ),
    "a derived indicator that is published": (
        "Mood, formula: 1 - tension}",
        "Mood, formula: 1 - tension, known: published}",
        "published",
        "`mood` is derived by a formula: each government computes it from what it knows of its inputs",
    ),
    "a calendar of what is known at once": (
        "start: 0.3, half_life: 60d}",
        "start: 0.3, half_life: 60d, publication: {interval: 7d}}",
        "publication",
        "`publication` is only for indicators with `known: published`",
    ),
    "publications every minute": (
        "known: published}",
        "known: published, publication: {interval: 1m}}",
        "1m",
        "at least 1h",
    ),
    "a step of publications that is wider than the range": (
        "known: published}",
        "known: published, publication: {step: 1.5}}",
        "1.5",
        "`step` is larger than the range",
    ),
    "a routine report on what is known at once": (
        "start: 0.3, half_life: 60d}",
        "start: 0.3, half_life: 60d, routine_report: {variance: 0.1}}",
        "routine_report",
        "`routine_report` is only for indicators with `known: estimated`",
    ),
    "another word for known at once": (
        "start: 0.3, half_life: 60d}",
        "start: 0.3, half_life: 60d, known: public}",
        "public}",
        "it is 'public' (write `at_once` if all see each change, `published` if all see it at set dates)",
    ),
    "a judgement by what its government cannot know": (
        "half_life: 60d}",
        "half_life: 60d}\n  fear: {title: F, scope: government, baseline: {AAA: '1 - trust[BBB, AAA]'}, known: own}",
        "trust[BBB",
        "AAA cannot know trust[BBB, AAA]: only BBB does (use indicators that are published",
    ),
    "what a party cannot know": ('"1 - arms[BBB]"', '"approval[AAA]"', '"approval', "BBB cannot know approval[AAA]"),
    "a strategy of another": (
        "requires: count(test) > 0",
        "requires: 'follows(AAA, press)'",
        "AAA",
        "BBB cannot know the strategy of AAA",
    ),
    "unknown event": ("count(test)", "count(tset)", "tset", "unknown option, inject or outcome 'tset'"),
    "unknown function": ("count(test)", "cout(test)", "cout", "did you mean 'count'?"),
    "an escape": ("count(test)", "().__class__", ".__", "'.' is not part of the language"),
    "an effect on a derived number": ("{tension: 0.05}", "{mood: 0.05}", "mood", "is derived from others by a formula"),
    "an effect on the engine's": ("{tension: 0.05}", '{"rung[actor, target]": 1}', '"rung', "is kept by the engine"),
    "a report on the public": (
        'reports: {"arms[target]"',
        "reports: {tension",
        "tension: 0.1",
        "`tension` is not estimated: only estimated",
    ),
    "not a path": ("{tension: 0.05}", '{"tension + 1": 0.05}', '"tension', "is not the path of an indicator"),
    "text for a number": ("start: 0.3", "start: high", "high", "`start` must be a number, not 'high'"),
    "a quoted number": ("goldstein: -2.0", 'goldstein: "-2.0"', '"-2', "(remove the quotes)"),
    "not a number": ("goldstein: -2.0", "goldstein: .nan", ".nan", "`goldstein` must be a finite number"),
    "infinite": ("goldstein: -2.0", "goldstein: -.inf", "-.inf", "`goldstein` must be a finite number"),
    "a number too large for any": ("goldstein: -2.0", "goldstein: 1e999", "1e999", "must be from -10 to 10"),
    "out of range": ("goldstein: -2.0", "goldstein: -11", "-11", "`goldstein` must be from -10 to 10; it is -11"),
    "a fraction for a count": (
        "interests: {tension: -1.0}\n",
        "interests: {}\n    step: 1.5\n",
        "1.5",
        "must be a whole number",
    ),
    "a range that excludes its value": ("{value: 0.2,", "{value: 0.9,", "0.9", "is outside its range"),
    "a range upside down": ("range: [0.1, 0.5]", "range: [0.5, 0.1]", "[0.5", "goes from 0.5 down to 0.1"),
    "a start outside": (
        "{title: Tension, start: 0.3",
        "{title: Tension, start: 1.5",
        "1.5",
        "outside the range 0 to 1",
    ),
    "a flag in words": ("move: propose}}", "move: propose}, demands: yes}", "yes", "must be true or false, not 'yes'"),
    "another word": ("scope: pair", "scope: pairs", "pairs", "must be one of world, government, pair"),
    "a list for a mapping": ("{title: The border}", "[The border]", "[The", "must be a mapping"),
    "a text for a list": ("by: [BBB]", "by: BBB", "BBB", "must be a list"),
    "a mapping for a text": ("title: A small crisis", "title: {a: b}", "{a", "must be a text, not a mapping"),
    "no value": ("title: A small crisis", "title:", "\ncal", "`title` has no value"),
    "a missing key": (
        "{title: Calm, when: tension < 0.1, hold: 30d}",
        "{when: tension < 0.1}",
        "{when",
        "`title` is missing",
    ),
    "a bad duration": ("half_life: 60d", "half_life: 60 days", "60 days", "is not a duration"),
    "a duration of nothing": ("half_life: 60d", "half_life: 0d", "0d", "must be at least 1s"),
    "an impossible date": ("start: 2030-01-01", "start: 2030-02-30", "2030-02-30", "has 28 days"),
    "an unknown zone": ("zone: Asia/Seoul", "zone: Asia/Soul", "Asia/Soul", "did you mean 'Asia/Seoul'?"),
    "a STARTEX too early": ("startex: 2030-02-01", "startex: 2029-02-01", "2029", "before the start"),
    "an end too early": ("end: 2031-01-01", "end: 2030-01-15", "2030-01-15", "ends before its STARTEX"),
    "a window of history": (
        "at: 2030-01-20",
        "at: 2030-01-20, window: [2030-01-22, 2030-01-20]",
        "[2030-01-22",
        "its last day is before the first",
    ),
    "a row of history outside": ("at: 2030-01-20", "at: 2032-01-20", "2032", "is not before the scenario ends"),
    "a bad id": ("  calm:", "  9lives:", "9lives", "letters, digits, _ and -, a letter first"),
    "a reserved id": ("  tension: {title", "  day: {title", "day", "an indicator cannot be called 'day'"),
    "an id of the engine": ("  mood: {title", "  rung: {title", "rung", "is kept by the engine"),
    "another's leader": ("leader: anna", "leader: bert", "bert", "'bert' leads BBB, not AAA"),
    "a leaning to the impossible": ("{test: 0.1}", "{protest: 0.1}", "protest", "BBB cannot do 'protest'"),
    "a demand for the impossible": ("wants: [halt]", "wants: [protest]", "protest", "BBB cannot do 'protest'"),
    "an inducement out of reach": ("inducement: aid", "inducement: test", "test", "AAA cannot do 'test'"),
    "a favoured target": (
        "protest BBB: 0.1",
        "protest CCC: 0.1",
        "protest CCC",
        "CCC cannot be the target of 'protest'",
    ),
    "a favour for nothing": ("protest BBB: 0.1", "protst BBB: 0.1", "protst", "did you mean 'protest'?"),
    "a pact with itself": ("[AAA, CCC]", "[AAA, AAA]", "- [", "AAA cannot have a pact with itself"),
    "a start for an unknown pair": ('"AAA, BBB": 0.1', '"AAA, XXX": 0.1', '"AAA', "unknown government 'XXX'"),
    "a start for some": ("{AAA: 0.6, default: 0.5}", "{AAA: 0.6}", "{AAA", "(add `default`)"),
    "a start of the wrong scope": (
        "{AAA: 0.6, default: 0.5}",
        '{"AAA, BBB": 0.6, default: 0.5}',
        '"AAA',
        "must be government",
    ),
    "a table for the world": (
        "{title: Tension, start: 0.3",
        "{title: T, start: {AAA: 0.1}",
        "{AAA",
        "write one number",
    ),
    "a derived indicator with a baseline": (
        "formula: 1 - tension}",
        "formula: 1 - tension, baseline: 0.1}",
        "0.1",
        "cannot have a baseline",
    ),
    "two of one": (
        "when: tension < 0.1, hold",
        "when: tension < 0.1, action: {options: [test]}, hold",
        "action",
        "exactly one of",
    ),
    "none of one": ("when: tension < 0.1, hold: 30d", "hold: 30d", "{title: Calm", "exactly one of"),
    "an effect of nothing": ("{tension: 0.05}", "{tension: ~}", "~", "`tension` has no value"),
    "an effect by and to": ("{tension: 0.05}", "{tension: {by: 0.1, to: 0.2}}", "to:", "exactly one of `by`, `to`"),
    "lead times that fall": (
        "goldstein: 8.0",
        "goldstein: 8.0, lead: [3d, 2d, 1d]",
        "[3d",
        "the times of `lead` must be in ascending order",
    ),
    "an option without a government": (
        'by: [BBB], cameo: "150"',
        'by: [], cameo: "150"',
        "[]",
        "no government can do it: `by`",
    ),
    "a bad code": ('cameo: "150"', 'cameo: "15x"', '"15x"', "a CAMEO event code"),
    "talks with oneself": (
        "members: [AAA, BBB, CCC], required: [AAA, BBB]",
        "members: [AAA]",
        "[AAA]",
        "at least two members",
    ),
    "a required government that is unknown": (
        "members: [AAA, BBB, CCC]",
        "members: [AAA, CCC]",
        "BBB], needs",
        "BBB is required but not a member",
    ),
    "terms for an unknown government": (
        "rules_out: {BBB: [test]}",
        "rules_out: {CCC: [protest]}",
        "CCC",
        "not a party to 'pause'",
    ),
    "terms that fit no government": (
        "rules_out: {BBB: [test]}",
        "rules_out: {AAA: [test]}",
        "test]",
        "AAA cannot do 'test'",
    ),
    "a signature of an unknown government": (
        "parties: [AAA, BBB]",
        "parties: [BBB, CCC]",
        None,
        "AAA is not a party to the agreement",
    ),
    "a procedure without power": ("government: CCC, on", "government: BBB, on", None, "BBB cannot do 'protest'"),
    "a procedure without a target": (
        "does: protest, to: actor",
        "does: protest",
        "protest",
        "'protest' needs a target",
    ),
    "a rate over its bound": (
        "rate: 0.5 + tension, bound: 2.0",
        "rate: 3, bound: 2.0",
        "3",
        "it must be from 0 to its bound 2",
    ),
    "an action of history": ("by: [BBB], option: test", "by: [CCC], option: test", "CCC", "CCC cannot do 'test'"),
    "an id twice": ("{id: r2,", "{id: r1,", "r1", "duplicate id 'r1'"),
    "a key twice": ("title: A small crisis", "title: A\ntitle: B", "title: B", "the key 'title' is written twice"),
    "a government twice": ("by: [AAA, CCC]", "by: [AAA, AAA]", "AAA]", "'AAA' is listed twice"),
    "an audience of the world": (
        "audience: approval",
        "audience: tension",
        "tension",
        "must be an indicator of scope government",
    ),
    "a tag": (
        "title: A small crisis",
        "title: !!python/object/apply:os.system [ls]",
        "!!python",
        "tags are not allowed",
    ),
    "an offset for a date": ("start: 2030-01-01", "start: D+3", "D+3", "`start` must be a date"),
    "an option at oneself": (
        "by: [AAA, CCC], to: [BBB]",
        "by: [BBB], to: [BBB]",
        "[BBB], cameo",
        "the actor itself",
    ),
    "a demand without an addressee": (
        "move: propose}}",
        "move: propose}, demands: true}",
        "true}",
        "with `demands: true` needs a target",
    ),
    "an unknown government in a procedure": (
        "does: protest, to: actor",
        "does: protest, to: BBX",
        "BBX",
        "did you mean 'BBB'",
    ),
    "a procedure with a target too many": (
        'on: {options: [test]}, when: "trust[self, BBB] < 0", does: protest, to: actor',
        "on: {options: [test]}, does: sign, to: actor",
        "actor",
        "'sign' has no target",
    ),
    "a procedure on nothing": ("on: {options: [test]}", "on: {options: []}", "[]", "at least one option is required"),
    "gifts to an outsider of talks": (
        "members: [AAA, BBB, CCC], required",
        "members: [AAA, BBB], gives: {CCC: {tension: -0.1}}, required",
        "CCC",
        "CCC is not a member of this forum",
    ),
    "gifts to an outsider of an agreement": (
        "parties: [AAA, BBB]",
        "parties: [AAA, BBB], gives: {CCC: {tension: -0.1}}",
        "CCC",
        "CCC is not a party to 'pause'",
    ),
    "an interest that nobody has": (
        "favours: {protest: 0.2, protest BBB: 0.1}",
        "favours: {protest: 0.2, protest BBB: 0.1}\n        interests: {mood: 1.0}",
        "mood",
        "no leader who follows 'press' has the interest mood",
    ),
    "an exit that is always open": (
        "until: trust[self, BBB] > 0.5",
        "exits: [{to: press}]",
        "{to",
        "this exit is always open",
    ),
    "an idle hazard": ("bound: 2.0, effects: {tension: 0.2}", "bound: 2.0", "clash", "the hazard does nothing"),
    "an exchange of nothing": (
        "when: tension < 0.1, hold: 30d",
        "exchange: {options: [], within: 7d}",
        "[], within",
        "an exchange needs at least one option",
    ),
    "an action that holds": (
        "when: tension < 0.1, hold",
        "action: {options: [test]}, hold",
        "30d",
        "`hold` is only for outcomes with `when`",
    ),
    "a row of history without a government": (
        "title: A test, by: [BBB], option: test",
        "title: A test, option: test",
        None,
        "add `by`",
    ),
    "a row of history without a target": (
        "by: [BBB], option: test",
        "by: [AAA], option: protest",
        "protest",
        "needs a target",
    ),
    "a row of history at oneself": (
        "by: [BBB], option: test",
        "by: [AAA], to: [AAA], option: protest",
        "AAA], option",
        "AAA cannot be its own target",
    ),
    "an unknown strategy in a formula": (
        "needs: tension < 0.9",
        'needs: "follows(AAA, pres)"',
        "pres)",
        "unknown strategy 'pres'",
    ),
    "trust for the world": ("  mood: {title: Mood,", "  trust: {title: Trust,", "trust", "with scope pair"),
    "trust for all to see": (
        "  mood: {title: Mood, formula: 1 - tension}",
        "  trust: {title: Trust, scope: pair, range: [-1, 1], known: at_once}",
        "at_once",
        "`trust` is always own",
    ),
    "a range from high to low": (
        "{title: Tension, start: 0.3",
        "{title: Tension, range: [1, 0], start: 0.3",
        "[1, 0]",
        "the range goes from 1 down to 0",
    ),
    "a start for a pair of one": (
        '"AAA, BBB": 0.1',
        '"AAA, AAA": 0.1',
        '"AAA',
        "the two governments of 'AAA, AAA' must differ",
    ),
    "a government called scribe": (
        "CCC: {name: Celand",
        "scribe: {name: Celand",
        "scribe",
        "the console uses it for somebody else",
    ),
    "a government called self": ("CCC: {name: Celand", "self: {name: Celand", "self", "formulas use the word"),
    "an empty desk": (
        "leader: cleo, dossiers: {border: {}}",
        "leader: cleo, dossiers: {}",
        "{}}",
        "CCC has no dossier",
    ),
    "a week without work": (
        "leader: cleo, dossiers: {border: {}}",
        "leader: cleo, dossiers: {border: {}}, weekend: [mon, tue, wed, thu, fri, sat, sun]",
        "[mon",
        "no working day is left",
    ),
    "a holiday of no month": (
        "leader: cleo, dossiers: {border: {}}",
        "leader: cleo, dossiers: {border: {}}, holidays: [10-03, 13-01]",
        "13-01",
        "a day such as 10-03",
    ),
    "a latest answer before the first": (
        "does: protest, to: actor}",
        "does: protest, to: actor, after: 3d, latest: 2d}",
        "2d",
        "`latest` is before `after`",
    ),
    "a standing order without its row": (
        "does: protest, to: actor}",
        "does: protest, to: actor, delegated: orders_of_march}",
        "orders_of_march",
        "is no row of the history by",
    ),
    "regard for oneself": ("leanings: {test: 0.1}", "regard: {BBB: 1}", "BBB: 1", "regard is for other governments"),
    "a favour of many words": ("protest BBB: 0.1", "protest BBB now: 0.1", "protest BBB now", "must be `option` or"),
    "a favour towards an unknown government": (
        "protest BBB: 0.1",
        "protest BBX: 0.1",
        "protest BBX",
        "unknown government 'BBX'",
    ),
    "a demand for nothing": ("wants: [halt]", "wants: []", "[]", "a demand needs at least one option"),
    "a strength without a draft": (
        "needs: tension < 0.9",
        'strength: "0.5"',
        '"0.5"',
        "`strength` is only for councils",
    ),
    "terms of one": ("parties: [AAA, BBB]", "parties: [BBB]", "[BBB]", "an agreement needs at least two parties"),
    "no value for a flag": ("move: propose}}", "move: propose}, demands: ~}", "~", "`demands` has no value"),
    "no value for a duration": ("hold: 30d", "hold: ~", "~", "`hold` has no value"),
    "no value for a time": ("start: 2030-01-01", "start: ~", "~", "`start` has no value"),
    "no value for a path": ("{tension: 0.05}", "{tension: 0.05}, reports: {~: 0.1}", "~", "`~` has no value"),
    "a range of one": ("range: [0.1, 0.5]", "range: [0.1]", "[0.1]", "a list of two numbers"),
    "a range of words": ("range: [0.1, 0.5]", "range: [low, 0.5]", "low", "must be a number"),
    "a number with another key": ("source: an expert}", "sauce: an expert}", "sauce", "sauce"),
    "a number without its value": ("{value: 0.2, range", "{range", "{range", "value"),
    "a format of more": ("format: wargame-scenario/1", "format: [wargame-scenario/1]", "[wargame", "must be a text"),
    "a tag on a key": ("name: small", "!x name: small", "!x", "tags are not allowed"),
    "a merge key": ("{title: The border}", "{<<: {title: The border}}", "<<", "merge keys"),
}
IN_SCRIPT = {
    "another scenario": ("scenario: small", "scenario: smal", "smal", "for the scenario 'smal', not 'small'"),
    "unknown inject": ("{inject: spark", "{inject: spak", "spak", "unknown inject 'spak' (did you mean 'spark'?)"),
    "after itself": ("{inject: spark", "{inject: flame", "flame", "wait for each other: flame after flame"),
    "no trigger": ("title: A spare, manual: true", "title: A spare", "{id: spare", "exactly one of `at`, `after`"),
    "two triggers": ("manual: true", "manual: true, at: D+3", "manual", "is allowed, not at and manual"),
    "outside the calendar": ("at: D+3 H+6", "at: D+900", "D+900", "is not before the scenario ends"),
    "an impossible time": ("at: D+3 H+6", "at: 312460ZJUN30", "312460ZJUN30", "has 30 days"),
    "a window that ends first": ("2030-06-01]", "2030-02-02]", "2030-02-02", "ends before it begins"),
    "an until too early": ("at: D+3 H+6", "at: D+3, until: D+2", "D+2", "would never be released"),
    "a rate without bound": ("{between: [2030-03-01, 2030-06-01]}", '{rate: "1"}', '"1"', "(add `bound`)"),
    "a repeat without interval": ("at: D+3 H+6", "at: D+3, repeat: 3", "3, channel", "(add `every`, the time"),
    "an action that cannot be": (
        "{option: protest, by: AAA, to: BBB}",
        "{option: protest, by: AAA, to: CCC}",
        "CCC",
        "cannot be the target of",
    ),
    "an action without target": ("by: AAA, to: BBB}", "by: AAA}", "protest", "'protest' needs a target"),
    "an action of another": ("by: AAA, to: BBB}", "by: BBB, to: BBB}", "BBB, to", "BBB cannot do 'protest'"),
    "an expectation in vain": ("{who: BBB,", "{who: AAA,", "test, halt", "AAA cannot do 'test'"),
    "another channel": ("channel: Cable", "channel: Telex", "Telex", "must be one of News, Social"),
    "an unknown objective": (
        "objective: answer}\n  - id: flame",
        "objective: anser}\n  - id: flame",
        "anser",
        "'answer'",
    ),
    "a strategy without a government": (
        "{government: CCC, strategy: press}",
        "{strategy: press}",
        "press",
        "(add `government`)",
    ),
    "a chance beyond one": ("chance: 0.5", "chance: 1.5", "1.5", "must be from 0 to 1"),
    "an id twice": ("id: rumour", "id: spark", "spark", "duplicate id 'spark'"),
    "never released": ("at: D+3 H+6", "at: D+3, repeat: 0", "0,", "`repeat` is 0"),
    "an interval without a time": ('when: "trade[AAA, BBB] < 0.2"', 'when: "tension > 1", every: 3d', "3d", "`at`"),
    "a window that repeats": (
        "{between: [2030-03-01, 2030-06-01]}",
        "{between: [2030-03-01, 2030-06-01]}, repeat: 2",
        "2, inst",
        "occurs once",
    ),
    "a window with a bound": ("2030-06-01]}", "2030-06-01], bound: 2}", "bound", "`bound` is only for `rate`"),
    "an installation of nothing": (
        "{government: CCC, strategy: press}",
        "{government: CCC}",
        "{government",
        "nothing is installed",
    ),
    "a leader for others": (
        "{government: CCC, strategy: press}",
        "{government: CCC, leader: anna}",
        "CCC",
        "'anna' leads AAA, not CCC",
    ),
    "an expectation of nothing": ("any_of: [test, halt]", "any_of: []", "[]", "at least one option is required"),
    "a scenario missing": ("scenario: small\n", "", "format", "`scenario` is missing"),
    "a whole number with its source": ("repeat: 3", "repeat: {value: x, source: y}", "x,", "must be a whole number"),
    "a pattern that fits no number": (
        "after: {inject: spark, delay: 2d}",
        "after: {action: {options: [test], by: [AAA]}}",
        "AAA",
        "AAA cannot do any of: test",
    ),
}


def check_case(base: str, case: tuple[str, str, str | None, str], *, script: bool) -> None:
    """Asserts that a changed text has the problem of the case, at its place."""
    old, new, mark, message = case
    assert base.count(old) >= 1, old
    changed = base.replace(old, new, 1)
    reported = problems(script=changed) if script else problems(changed)
    hits = [problem for problem in reported if message in str(problem)]
    assert hits, [str(problem) for problem in reported]
    if mark is not None:
        start = changed.index(mark, base.index(old)) if mark in new else changed.index(mark)
        assert (hits[0].line, hits[0].column) == place(changed, start), str(hits[0])


def test_the_small_scenario_has_no_problem() -> None:
    """The text that the cases change is valid."""
    assert problems() == ()


@pytest.mark.parametrize("case", IN_SCENARIO.values(), ids=IN_SCENARIO.keys())
def test_a_problem_of_a_scenario_has_line_and_column(case: tuple[str, str, str | None, str]) -> None:
    """Each problem has the line and column of the wrong value or key."""
    check_case(SMALL, case, script=False)


@pytest.mark.parametrize("case", IN_SCRIPT.values(), ids=IN_SCRIPT.keys())
def test_a_problem_of_injects_has_line_and_column(case: tuple[str, str, str | None, str]) -> None:
    """Each problem has the line and column of the wrong value or key."""
    check_case(SCRIPT, case, script=True)


def test_all_problems_are_reported_at_once() -> None:
    """No problem hides another, in the same element, in another element or in another file."""
    changes = [
        ("start: 0.3", "start: x"),
        ("{test: 0.1}", "{tst: 0.1}"),
        ("count(test)", "count(tst)"),
        ("-7.2", "-70"),
    ]
    scenario = SMALL
    for old, new in changes:
        scenario = scenario.replace(old, new, 1)
    script = SCRIPT.replace("at: D+3 H+6", "at: someday").replace('"trade[AAA, BBB]', '"trde[AAA, BBB]')

    reported = problems(scenario, script)

    assert len(reported) == len(changes) + 2
    assert {problem.file for problem in reported} == {"s.yaml", "i.yaml"}


def test_a_wrong_element_is_not_reported_as_unknown() -> None:
    """A mistake in one option leads to one problem, although others refer to that option."""
    assert len(problems(SMALL.replace("goldstein: -2.0", "goldstein: wrong"))) == 1


def test_a_cycle_of_derived_indicators_is_reported() -> None:
    """A derived indicator that reads itself through another one has no value."""
    circle = SMALL.replace("formula: 1 - tension}", "formula: 1 - gloom}\n  gloom: {title: Gloom, formula: 1 - mood}")
    assert any(
        "circular formulas of derived indicators: gloom -> mood -> gloom" in str(problem)
        for problem in problems(circle)
    )


def test_a_cycle_of_injects_is_reported_once() -> None:
    """Injects that wait for each other are never released."""
    circle = SCRIPT.replace("at: D+3 H+6", "after: {inject: flame}")
    messages = [str(problem) for problem in problems(script=circle) if "wait for" in str(problem)]
    assert messages == ["i.yaml:8:21: injects wait for each other: flame after spark after flame"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("title: {a: what [now]}", "close the brace of line 2; quote a text with [ ] { } or ,"),
        ("title: [one [two]]", "close the bracket of line 2; quote a text with [ ] { } or ,"),
        ("title: @home", "quote the text; indent with spaces, not tabs"),
        ("title:\n  - a\n\t- b", "indent with spaces, not tabs"),
        ("title: they say: no", "a text with ': ' in it needs quotes; check the indentation"),
        ("title: a\n---\ntitle: b", "keep one document in a file"),
        ("title: *once", "a text that begins with * needs quotes"),
    ],
)
def test_a_mistake_of_syntax_has_a_hint(line: str, hint: str) -> None:
    """The mistakes that authors make who do not know YAML."""
    (problem, *_) = problems(f"{HEAD}{line}\n", None)
    assert problem.message.startswith("not valid YAML: ")
    assert problem.remedy == hint


HOSTILE = {
    "empty": (b"", "the file is empty"),
    "only a comment": (b"# nothing\n", "must be a mapping"),
    "binary": (bytes(range(256)), "this is not UTF-8 text"),
    "control characters": (HEAD.encode() + b"name: a\x00b", "unexpected control character"),
    "UTF-16": ("name: x".encode("utf-16"), "this is not UTF-8 text"),
    "Latin-1": (HEAD.encode() + b"title: caf\xe9", "this is not UTF-8 text"),
    "a list": (b"[1, 2]", "must be a mapping"),
    "a word": (b"hello", "must be a mapping"),
    "two documents": (f"{HEAD}name: a\n---\nname: b\n".encode(), "single document"),
    "half a list": (f"{HEAD}name: [a".encode(), "not valid YAML"),
    "tabs": (f"{HEAD}options:\n\ta: 1\n".encode(), "indent with spaces"),
    "keys that are no text": (f"{HEAD}? [a]\n: 1\n".encode(), "a key must be a plain text"),
    "no format": (b"name: x\n", "`format` is missing"),
    "another format": (b"format: wargame-scenario/9\n", "belongs to a later version of wargame"),
    "brackets without end": (HEAD.encode() + b"x: " + b"[" * 100_000, "nesting depth"),
    "lists without end": (HEAD.encode() + b"x:\n  " + b"- " * 100_000, "nested deeper than 40 levels"),
    "mappings without end": (b"{a: " * 100_000, "nested deeper than 40 levels"),
    "keys without end": (b"? " * 100_000, "nested deeper than 40 levels"),
    "huge": (HEAD.encode() + b"title: " + b"a" * 2_100_000, "larger than 2 MB"),
    "too many values": (HEAD.encode() + b"x: [" + b"1," * 250_000 + b"]", "more than 200,000 values"),
    "an alias of itself": (HEAD.encode() + b"x: &x [*x]", "aliases of the file repeat"),
    "a bomb of aliases": (
        HEAD.encode()
        + b"a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        + b"".join(b"%c: &%c [%s]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 110)),
        "aliases of the file repeat",
    ),
    "a text as long as the file": (HEAD.encode() + b"name: " + b"a" * 1_900_000, "`name` cannot be 'aaaa"),
    "a formula as long as the file": (
        SMALL.replace("tension < 0.1", "1" + " + 1" * 200_000).encode(),
        "longer than 1000 characters",
    ),
    "a number as long as the file": (
        SMALL.replace("-7.2", "9" * 1_000_000).encode(),
        "must be a number from -10 to 10, not '999",
    ),
}


@pytest.mark.parametrize(("data", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_quickly(data: bytes, message: str) -> None:
    """A file of at most 2 MB is refused with a short message and a place, without long run times or much memory."""
    began = time.process_time()
    reported = problems(data, None)
    assert time.process_time() - began < 10, "it must not grow faster than the file"
    assert any(message in str(problem) for problem in reported), [str(problem)[:200] for problem in reported]
    assert all(len(str(problem)) < 1000 for problem in reported)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_scenario_or_problems(data: bytes) -> None:
    """No content of a file raises another error."""
    assert problems(HEAD.encode() + data, None)


@given(st.sampled_from(SMALL.splitlines()), st.text("[]{}:,-~!&*?|>'\"# ab1.\n", max_size=8), st.integers(0, 120))
def test_a_typing_mistake_gives_a_scenario_or_problems(line: str, slip: str, column: int) -> None:
    """A few characters inserted into any line never raise another error."""
    problems(SMALL.replace(line, line[:column] + slip + line[column:], 1))


VALUES = (
    "3",
    "-1",
    "[]",
    "{}",
    "",
    "~",
    "[[]]",
    "[{}]",
    "{a: 3}",
    "{a: [1]}",
    "{'': 3}",
    "{a: {}}",
    "x",
    "''",
    "{value: {}}",
    "[a, a]",
)
KEYS = {line.split(":")[0].strip(" -{") for line in SMALL.splitlines()}


@pytest.mark.slow
@given(st.sampled_from(sorted(KEYS)), st.sampled_from(VALUES))
def test_a_value_of_a_wrong_type_gives_problems(key: str, value: str) -> None:
    """Any kind of value under any key is valid or reported."""
    lines = SMALL.splitlines()
    at = next((n for n, line in enumerate(lines) if line.strip(" -{").startswith(f"{key}:")), None)
    if at is not None:
        head = lines[at].split(f"{key}:")[0]
        problems("\n".join([*lines[:at], f"{head}{key}: {value}", *lines[at + 1 :]]))


def test_an_unknown_scenario_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name gets the nearest built-in name, without a long search."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageFault, match="did you mean 'two-rivals'"):
        load("two-rivalz")


@pytest.mark.parametrize("target", ["", "no/such.yaml", "/dev/zero", "/", "a\x00b", "x" * 5000])
def test_a_strange_target_is_refused(target: str) -> None:
    """Every path that is not a scenario gives an error for the user."""
    for way in (load, load_target):
        with pytest.raises(WargameError):
            way(target)


def test_an_unknown_inject_file_is_reported(tmp_path: Path) -> None:
    """In a scenario it is a problem with a place, on the command line a usage error."""
    path = tmp_path / "s.yaml"
    path.write_text(SMALL.replace("title: A small crisis", "title: A small crisis\ninjects: [scrypt]"))
    with pytest.raises(Invalid, match=r"s\.yaml:4:11: there is no inject file 'scrypt'"):
        load(str(path))
    with pytest.raises(UsageFault, match="there is no inject file 'nothing'"):
        load(str(path), ["nothing"])


def test_a_scenario_reads_no_file_outside_its_folder(tmp_path: Path) -> None:
    """The inject files of a scenario are in its folder or built in."""
    (tmp_path / "secret.yaml").write_text(SCRIPT)
    (tmp_path / "inner").mkdir()
    path = tmp_path / "inner" / "s.yaml"
    for name in ("../secret.yaml", str(tmp_path / "secret.yaml")):
        path.write_text(SMALL.replace("title: A small crisis", f"title: A small crisis\ninjects: [{name}]"))
        with pytest.raises(Invalid, match="there is no inject file"):
            load(str(path))
