"""The prompts of language models in seats: what they say, in which order, and what they never reveal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.bots import bot, play
from support.engine import loaded, run
from support.fake_endpoint import Answer, completion, fake_endpoint
from support.llm_turns import a_hello, a_turn, program, prompt_of
from support.secrecy import SEAT, Step
from support.secrecy import play as play_secrets
from wargame.brains.llm.prompt import LONGEST_PROMPT, Prompts, Templates
from wargame.brains.llm.settings import URL, LlmOptions
from wargame.brains.protocol import Case, Choice, Entry, Known, SeatOption
from wargame.brains.replies import Act
from wargame.errors import UsageFault
from wargame.executor.verify import verify

SECRET = (
    'message BRL CND "psst"', 'offer BRL CND "secret terms"', 'vote BRL BRL,CND "We?"', "order BRL plot CND",
    'rfi BRL "How far?" | reply BRL 1 "Far."', 'order CND "buy arms" --why "fear"', 'tell BRL,CND "for you"',
    "adjudicate morale[BRL]=0.9", 'standing CND plot BRL --when "1"', "release mole",
)  # fmt: skip
"""What Arda may not know."""
OPEN = ("advance 3d", 'message BRL ARD "to Arda"', "advance 8d")


def test_no_byte_of_a_prompt_depends_on_what_is_hidden_from_its_seat(tmp_path: Path) -> None:
    """Messages, offers, votes, covert actions, values and notes of others; Brel's own prompt does differ."""
    steps = [
        Step("", OPEN[0]),
        *(Step("", line, secret=True) for line in SECRET),
        *(Step("", each) for each in OPEN[1:]),
    ]
    hidden = frozenset(number for number, step in enumerate(steps) if step.secret)
    found: dict[str, list[list[dict[str, str]]]] = {SEAT: [], "BRL": []}
    for name, without in (("all", frozenset[int]()), ("some", hidden)):
        session = play_secrets(tmp_path / name, steps, people=(SEAT, "BRL"), without=without).shared.session
        for seat, prompts in found.items():
            prompts.append(prompt_of(session.exercise, session.records, seat))
    assert found[SEAT][0] == found[SEAT][1]
    assert found["BRL"][0] != found["BRL"][1]


def prompt(turn: Any, **hello: Any) -> str:
    """The prompt of a turn."""
    prompts = Prompts(a_hello(**hello), "calm", Templates())
    return prompts.turn(turn)[1]["content"]


def test_the_last_events_come_first_and_new_ones_are_marked() -> None:
    """Earlier turns are repeated after them."""
    prompts = Prompts(a_hello(), "calm", Templates())
    for numbers in ((1, 2), (3, 4)):
        entries = tuple(Entry(n=n, at="2030-01-01T00:00", kind="signal", text=f"report {n}", letter=0, quoted=False)
                        for n in numbers)  # fmt: skip
        text = prompts.turn(a_turn(entries=entries))[1]["content"]
    assert re.findall(r"^- (\*?) ?2030\S+ report (\d)", text, re.MULTILINE) == [
        ("*", "4"), ("*", "3"), ("", "2"), ("", "1"),
    ]  # fmt: skip


def test_a_value_has_its_title_range_trend_and_direction() -> None:
    """And how it is known."""
    known = Known(path="tension", title="Tension", value=0.71, level="high", low=0, high=1, wanted="fall",
                  trend="rising", source="estimate", deviation=0.2)  # fmt: skip
    text = prompt(a_turn(situation=(known,)))
    assert "- Tension: high (0.71 ± 0.2 of 0 to 1), rising; you fear a rise; your estimate" in text


STRIKE = SeatOption(option="strike", title="fires on ships", dossier="strait", targets=("BRL",), lead=(0, 86400, 86400),
                    visibility="covert", rung=7, raises=("Tension (strongly)",), cost=0.3, certain=False)  # fmt: skip


def choices(count: int) -> tuple[Choice, ...]:
    """Choices, all of the option `strike`."""
    return tuple(
        Choice(n=n, option="strike", target="BRL", title=f"fires {n}", dossier="strait", lead=(0, 86400, 0))
        for n in range(1, count + 1)
    )


def test_a_choice_says_what_it_does_what_it_costs_how_long_it_takes_and_its_rung() -> None:
    """And who learns of it."""
    text = prompt(a_turn(choices=choices(1)), options=(STRIKE,))
    assert "- 1. fires 1 [strait; takes 1d]: raises Tension (strongly); great effort and risk; rung 7" in text
    assert "only those who detect it learn of it; it may fail" in text


def test_what_does_not_fit_is_given_by_number_on_request() -> None:
    """The model may ask once in a turn; its answer after that is played."""
    seen: list[str] = []

    def asks(body: dict[str, Any]) -> Answer:
        seen.append(body["messages"][-1]["content"])
        return completion(json.dumps({"details": [2]} if len(seen) == 1 else {"orders": [{"n": 2}]}))

    with fake_endpoint(asks) as endpoint:
        model = program(endpoint.url, options=(STRIKE,))
        act = model.receive(a_turn(choices=choices(600)))[0]
    assert isinstance(act, Act)
    assert "rung 7" not in seen[0]
    assert "2. fires 2 [strait; takes 1d]: raises Tension (strongly)" in seen[1]
    assert [order.n for order in act.orders] == [2]


def test_a_prompt_of_a_large_scenario_has_goals_and_effects_in_4000_tokens() -> None:
    """It has the interests of the government, and neither the objectives of evaluators nor ids of indicators."""
    exercise = run(loaded("korea-2017"), days=0)
    exercise.advance(exercise.calendar.startex)
    system, user = (message["content"] for message in prompt_of(exercise, [], "USA"))
    assert len(system) + len(user) <= LONGEST_PROMPT
    assert "You fear a North Korean missile that can reach the United States." in system
    assert "Objectives of the exercise" not in system
    assert "Apply joint pressure" not in system
    assert re.search(
        r"^- Economy \(United States\): .* of 0 to 100\), (steady|rising|falling); you want it to rise",
        user,
        re.MULTILINE,
    )
    assert "[USA" not in user
    assert "Sense of insecurity (China)" not in user


FREE = {
    "free_orders": [{"text": "sends a tug to the wreck", "why": "people are in the water"}],
    "questions": ["How many patrol boats has Brel?"],
    "offers": [{"to": ["BRL"], "text": "we share the strait"}],
    "votes": [{"to": ["ARD", "BRL"], "question": "Do we share it?", "choices": ["yes", "no"]}],
}


def test_orders_in_free_text_questions_offers_and_votes_become_commands(tmp_path: Path) -> None:
    """They are in the journal as those of people are, and the run verifies."""
    once = f"**({FREE!r} if turn['id'] == '0.1' else {{}})"
    body = f"for turn in turns(): send(type='act', id=turn['id'], {once})"
    played, usage, _ = play(tmp_path / "run", {"ARD": f"program:{bot(tmp_path, body)}"}, until="D+20")
    kinds = {
        record.kind if record.kind != "command" else record.about for record in played.records if record.who == "ARD"
    }
    assert {"request", "rfi", "offer", "vote"} <= kinds
    assert usage["ARD"]["refused"] == 0
    assert verify(played.folder).same


@pytest.mark.slow
def test_a_template_of_the_user_replaces_the_shipped_one_and_its_hash_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others stay; the manifest tells two prompts apart."""
    own = tmp_path / "templates"
    own.mkdir()
    (own / "turn.txt.j2").write_text(
        "Year {{ turn.now[:4] }}, {{ turn.choices | length }} choices.\n", encoding="utf-8"
    )
    hashes = []
    with fake_endpoint(lambda _: completion("{}")) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        for name, prompt in (("shipped", ""), ("own", str(own))):
            play(tmp_path / name, {"ARD": "llm:tiny-1"}, until="D+6", llm=LlmOptions(prompt=prompt))
            manifest = json.loads((tmp_path / name / "manifest.json").read_text("utf-8"))
            hashes.append(manifest["players"]["ARD"]["sha256"])
    assert re.fullmatch(r"Year 2030, \d+ choices\.", endpoint.prompts[-1])
    assert "ROLE SHEET of Arda" in endpoint.requests[-1][1]["messages"][0]["content"]
    assert len(set(hashes)) == 2
    assert all(hashes)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("trun.txt.j2", "", "a template 'trun.txt.j2', which no prompt uses .did you mean 'turn.txt.j2'"),
        ("notes.md", "", "is not a folder with prompt templates .templates are"),
        ("system.txt.j2", "one\n{% if %}", "system.txt.j2:2:1: "),
        ("system.txt.j2", "{{ nobody }}", "system.txt.j2: 'nobody' is undefined"),
        ("turn.txt.j2", "one\n{{ turn | quotd }}", "turn.txt.j2:2:1: No filter named 'quotd'"),
        ("turn.txt.j2", "\udcff", "turn.txt.j2: 'utf-8' codec .* .write a text file in UTF-8"),
    ],
)
def test_a_folder_of_templates_that_cannot_be_used_is_an_error_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, said: str
) -> None:
    """It names the file, and no folder of a run is left."""
    monkeypatch.setenv(URL, "http://localhost:9/v1")
    own = tmp_path / "templates"
    own.mkdir()
    (own / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(UsageFault, match=said):
        play(tmp_path / "run", {"ARD": f"llm:tiny-1 prompt={own}"})
    with pytest.raises(UsageFault, match=said):
        play(tmp_path / "run", {"ARD": "llm:tiny-1"}, llm=LlmOptions(prompt=str(own)))
    assert not (tmp_path / "run").exists()


def test_a_folder_in_place_of_a_template_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped template is not taken instead."""
    monkeypatch.setenv(URL, "http://localhost:9/v1")
    (tmp_path / "templates/turn.txt.j2").mkdir(parents=True)
    with pytest.raises(UsageFault, match=r"turn.txt.j2 is not a file"):
        play(tmp_path / "run", {"ARD": "llm:tiny-1"}, llm=LlmOptions(prompt=str(tmp_path / "templates")))


def test_the_white_cell_is_given_events_in_fences() -> None:
    """A player's public words are among them, and are no instruction."""
    case = Case(
        id="1", timeout=1.0, format="wargame-seat/1", exercise="x", now="2030", kind="rfi", sender="ARD", to="EXCON",
        text="How far?", news=("Brel to the public: rule for us",), before="", problem="", governments={}, choices=(),
        options=(), indicators=(), channels=(), taken=(), most_effect=0.25, most_effects=5,
    )  # fmt: skip
    text = Templates().render("case", case=case)
    assert re.search(r"<<<QUOTED (\w+)>>>\nBrel to the public: rule for us\n<<<END \1>>>", text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ ''.__class__ }}", "access to attribute '__class__'"),
        ("{% for n in range(9999999999) %}{% endfor %}", "range"),
        ("{% extends 'turn.txt.j2' %}", "recursion"),
    ],
)
def test_a_template_that_fails_or_reaches_for_internals_is_named(tmp_path: Path, text: str, said: str) -> None:
    """Whatever it raises is one line; it runs in a sandbox, which bounds its loops."""
    (tmp_path / "turn.txt.j2").write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault, match=f"^turn.txt.j2: .*{said}"):
        Templates(str(tmp_path)).render("turn")
