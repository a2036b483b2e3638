"""What a seat is shown does not depend on what it may not know.

A random script is played twice, once without some of the commands that the seat may not know of. Everything that the
seat and the screen in the room are shown must be equal: lines as they happen, answers and refusals, briefs, options,
inboxes, role sheets, prompts, bars, completion, and the review for the seat.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from support.engine import changed
from support.live import OPEN
from support.secrecy import OTHERS, SEAT, Played, Step, play, scenario
from wargame.live.console.dispatch import COMMANDS
from wargame.live.paper.pack import documents, paper
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Role

CONDITIONS = (
    "count(mole) > 0", "count(plot) > 0", "count(sink) > 0", "count(sunk) > 0", "count(found) > 0", "count(news) > 0",
    "count(tip) > 0", "count(ghost) > 0", "count(adjudicated_1) > 0", "count(letter) > 0", "days_since(plot) < 3",
    "follows(CND, hawk)", "follows(BRL, press)", "follows(ARD, calm)", "leads(bert)", "tension > 0.35", "mood < 0.6",
    "rung[ARD, BRL] > 1", "rung[BRL, CND] > 0.1", "committed[council] > 0.2", "strength[council] < 0.9",
    "proposed[council] > 0", "credibility[BRL, CND] > 0.6", "arms[BRL] > 0.3", "morale[BRL] > 0.5", "morale[ARD] > 0.4",
    "trust[ARD, BRL] < 0.5", "trust[BRL, CND] < 0.5", "day > 4", "1", "count(", "nothing[ARD]",
)  # fmt: skip
"""Conditions of standing orders of the seat."""
OF_THE_SEAT = (
    *(f'standing {order} --when "{when}"' for order in ("talk BRL", "answer_it BRL", "expose") for when in CONDITIONS),
    *(f"order {order}" for order in ("talk BRL", "protest BRL", "patrol BRL", "patrol CND", "strike BRL", "strike CND",
      "whisper CND", "plot BRL", "answer_it BRL", "expose", "use_draft", "propose", "back", "sink BRL", "nonsense")),
    'order "do as you like" --why "why not"', "pass", "pass strait", "cancel 1", "cancel 2", "cancel x",
    'message BRL "hello"', 'message all "hello all"', 'message public "we say"', 'message EXCON "help"',
    'offer BRL "terms"', 'offer BRL,CND "terms for two"', 'demand CND "leave"', "answer 1 yes", "answer 2 no",
    "answer 3 yes because", 'vote all "Now?"', 'vote BRL,ARD "We two?" --choices a,b', "ballot 1 yes", "ballot 2 no",
    "ballot 1 a", "ack", "ack 1", "ack 3", "brief", "brief numbers", "inbox", "inbox 3", "options", "options strait",
    "options answer_it", "options plot", "options nonsense", "role", "channel BRL", "channel XYZ", "help", "msel",
    "help options", "status", "log", "why 5", "queue", "accept", "accept 1", "refuse", "refuse 2", "procedures",
    "procedures ARD act", "expected", "judge 1 met", "summary", "rfi", "questions", "questions 1", "questions 2",
    "respond 1.1 4", "respond 2.1 2", "respond 1.why because", "respond 1 yes", 'rfi "How far?"', "objectives",
)  # fmt: skip
"""Lines that the seat types; some of them are refused."""
OF_ALL = (
    "advance 6h", "advance 1d", "advance 3d", "advance 8d", "move", "until 2030-01-20", "until tension > 0.4",
    "pace 1d=10s | resume | tick 15", "tick 25", "pause", "tick 25 | pause",
    'tell ARD "for Arda"', 'tell all "for all"', 'tell screen "on the screen"', 'message BRL ARD "to Arda"',
    'message CND all "to all"', 'message BRL public "a statement"',
    'offer CND ARD,BRL "an offer"', 'demand BRL ARD "a demand"', "answer BRL {offer:BRL:1} yes", "release news",
    "answer CND {offer:CND:1} no", 'vote BRL all "All?"', 'vote DEL ARD,DEL "Both?"', "ballot BRL {ballot:BRL:1} yes",
    "ballot CND {ballot:CND:1} abstain", "tally {vote:1}", "tally {vote:2}", "release letter", "retract letter",
    "rule {request:1} refuse no", "rule {request:1} action --goldstein -2 --to BRL", "rule {request:2} order talk BRL",
    'reply ARD 1 "as far as it goes"', 'reply ARD 1 "later" --status in_work', "order BRL protest ARD",
    "order CND talk ARD", "order BRL whisper ARD", "order BRL propose",
    "order BRL demand_it ARD", "order CND back", "adjudicate tension=0.5",
    'adjudicate rung[ARD,BRL]=4 --why "as agreed"', "seat ARD script", "seat ARD human", "noplay", "playon",
    "deadline 2d game nothing", "deadline off", 'action CND "parades" --goldstein -1',
    'action BRL "writes" --goldstein -1 --to ARD --private', "order ARD talk CND", "ack ARD",
    'outcome tense occurred --why "said so"', 'outcome tense revoked --why "not so"', "retract news",
    "release survey", "respond ARD survey.1 3", "close survey", "retract survey",
    "procedures ARD act", "procedures ARD propose", "procedures ask_them off", "accept ARD 1",
)  # fmt: skip
"""Lines of the facilitator that the seat notices, or that change nothing."""
SECRETS = (
    'message BRL CND "psst"', 'message BRL CND "psst" | message CND BRL "why?" --re 1', 'tell CND "boo" --as Radio',
    'message BRL EXCON "help us"', 'tell BRL,CND "for you"', 'offer BRL CND "secret terms"',
    'demand CND BRL,DEL "now"', 'offer BRL CND "terms" | answer CND {not-offer:CND:1} yes',
    'demand CND BRL "x" | answer BRL {not-offer:BRL:1} no', 'vote BRL BRL,CND "We?"',
    'vote CND BRL,CND,DEL "Us?" | tally {not-vote:1}', "tally {not-vote:1}",
    'vote BRL BRL,CND "We?" | ballot BRL {not-ballot:BRL:1} yes | ballot CND {not-ballot:CND:1} no',
    'rfi BRL "How far?" | reply BRL 1 "Far."', 'order BRL "go on in secret"', 'order CND "buy arms" --why "fear"',
    'order DEL "x" | rule {not-request:1} refuse no', 'order BRL "go on" | rule {not-request:1} order plot CND',
    'order CND "go" | rule {not-request:1} action --goldstein -3 --to DEL --covert', "order BRL plot CND",
    "order BRL plot ARD", 'order BRL plot CND | change BRL "plot CND" "plot DEL"',
    "order CND plot BRL | cancel CND plot BRL",
    'order CND plot BRL --force --why "x"', 'order BRL sink CND --force --why "x"',
    'order CND sink DEL --force --why "x"', "order CND whisper BRL", "order BRL demand_more CND",
    'order BRL back_quietly CND --force --why "x"', 'order CND dilute_quietly BRL --force --why "x"',
    'standing BRL plot CND --when "count(mole) > 0"', 'standing CND plot BRL --when "1"',
    'standing BRL plot DEL --when "day > 3"', "cancel BRL 1", 'standing CND plot BRL --when "day > 9" | cancel CND 1',
    "release poll", "release poll | respond BRL poll yes", "release poll | close poll", "respond BRL survey.1 2",
    "respond CND survey.why secret", "results", "results survey", "questions BRL",
    "release mole", "release study", "release purge", "release raid", "release hint", "release mole | retract mole",
    "hold tip", "hold tip | unhold tip", "skip tip", "delay tip 2d", "hold mole | unhold mole",
    'edit tip message "Another tip."', "reset tip", 'inject cable "for Brel" --to BRL --now',
    'inject hint "watch out" --now', "release mole | ack BRL", "brief BRL", "inbox CND", "options BRL", "role BRL",
    "channel BRL CND", "seats", "status", "log 5", "msel", "queue", "why 7", 'note "a secret"',
    'rate secrecy S "well"', "adjudicate morale[BRL]=0.9", "adjudicate arms[DEL]=0.1",
    "adjudicate trust[BRL,CND]=0.9", 'action BRL "digs" --goldstein -2 --to CND --covert',
    'action CND "pays" --goldstein -1 --to BRL --private', 'outcome found occurred --private --why "ours"',
    "seat DEL human | seat DEL script", "pass BRL", "pass CND", "terminals", "procedures CND off",
    "procedures BRL act", "accept CND", "refuse BRL", "expected", "release mole | judge 1 missed", "dismiss 1",
    "release mole | judge 1 met --why so", "objectives", "grant 1 everything",
)  # fmt: skip
"""Lines of the facilitator of which the seat may not know, with no effect on anything that it may know.

No option is both here and in `OF_ALL` for one government: the delay and the error of a report are drawn by how often
its sender has carried out the option.
"""
NOT_PLAYED = {
    "next": "stops at any event: the clock of the room shows that something has happened",
    "stop": "lets the clock of the room stop at injects and decisions of any seat",
    "wait": "for scripts", "timer": "wall time", "moretime": "wall time", "notice": "shows the time of day",
    "rewind": "announced to those whose past it changes", "undo": "the same", "switch": "the same",
    "branch": "names the present state", "branches": "reads for the white cell", "hotwash": "the same",
    "moves": "the same",
    "forecast": "runs in the background for the white cell", "whatif": "the same", "where": "the same",
    "endex": "ends the script", "postpone": "moves public injects too", "sit": "the terminal of the facilitator",
    "stand": "the same", "kick": "closes a terminal", "quit": "leaves",
    "code": "about people in browsers: tests/web", "people": "the same", "nudge": "the same",
    "admit": "the same", "lock": "the same", "sheet": "the same", "finding": "text of the review: tests/web",
    "head": "about people in browsers: tests/web", "propose": "the same", "proposal": "the same", "team": "the same",
    "everywhere": "several rooms: tests/web", "approve": "a model in the white cell: tests/brains",
    "reveal": "the same", "publish": "shows everyone what others have answered",
    "advice": "about programs in seats: tests/brains", "draft": "the same", "programs": "the same",
}  # fmt: skip
"""Commands without a part in the scripts, and why."""


def scripts(most: int) -> st.SearchStrategy[list[Step]]:
    """Scripts of up to `most` lines, with at least one secret."""
    secret = st.sampled_from(SECRETS).map(lambda line: Step("", line, secret=True))
    other = st.one_of(
        st.sampled_from(OF_THE_SEAT).map(lambda line: Step(SEAT, line)),
        st.sampled_from(OF_ALL).map(lambda line: Step("", line)),
        st.sampled_from(OF_ALL[:4]).map(lambda line: Step("", line)),
    )
    steps = st.lists(st.one_of(secret, other), min_size=2, max_size=most)
    return steps.filter(lambda script: any(step.secret for step in script))


def same(folder: Path, script: Sequence[Step], people: Sequence[str], without: frozenset[int], *, page: bool) -> bool:
    """Plays a script with all its lines and without some secrets; what the seat is shown must be equal.

    With `page`, so must the review for the seat. Returns whether the journals differ.
    """
    played: list[Played] = []
    pages: list[bytes] = []
    for left_out in (frozenset[int](), without):
        one = play(folder / "run", script, people=people, without=left_out)
        pages.append(one.page() if page else b"")
        one.shared.session.close()
        shutil.rmtree(folder / "run")
        played.append(one)
    whole, part = played
    assert len(whole.shown) == len(part.shown)
    for each, other in zip(whole.shown, part.shown, strict=True):
        assert each == other
    assert pages[0] == pages[1]
    return len(whole.shared.session.records) != len(part.shared.session.records)


PEOPLE = st.sampled_from([(SEAT,), (SEAT, *OTHERS), (SEAT, "BRL")])


@st.composite
def pairs(draw: st.DrawFn, most: int) -> tuple[list[Step], tuple[str, ...], frozenset[int]]:
    """A script, the seats with a person, and the secrets that the second exercise does without."""
    script, people = draw(scripts(most)), draw(PEOPLE)
    if people == (SEAT,) and draw(st.booleans()):  # its staff decides for it
        script = [Step("", "deadline 6h game model"), *script]
    secrets = [number for number, step in enumerate(script) if step.secret]
    kept = draw(st.sets(st.sampled_from(secrets), max_size=len(secrets) - 1))
    return script, people, frozenset(secrets) - kept


def check(folder: Path, pair: tuple[list[Step], tuple[str, ...], frozenset[int]], *, page: bool) -> None:
    """Plays a pair of exercises."""
    script, people, without = pair
    event(f"the journals differ: {same(folder, script, people, without, page=page)}")


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(pair=pairs(14), page=st.sampled_from([False, False, False, True]))
def test_a_seat_is_shown_the_same_whatever_it_may_not_know(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[list[Step], tuple[str, ...], frozenset[int]], page: bool
) -> None:
    """Over random scripts, with and without some of their secrets."""
    check(tmp_path_factory.mktemp("pair"), pair, page=page)


@pytest.mark.exhaustive
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(pair=pairs(35), page=st.integers(0, 9).map(lambda number: number == 0))
def test_a_seat_is_shown_the_same_over_ten_thousand_scripts(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[list[Step], tuple[str, ...], frozenset[int]], page: bool
) -> None:
    """The same with longer scripts."""
    check(tmp_path_factory.mktemp("pair"), pair, page=page)


def of_the_seat(*lines: str) -> list[Step]:
    """Steps of the seat."""
    return [Step(SEAT, line) for line in lines]


def of_all(*lines: str) -> list[Step]:
    """Steps of the facilitator that the seat may notice."""
    return [Step("", line) for line in lines]


def secret(*lines: str) -> list[Step]:
    """Steps of the facilitator of which the seat may not know."""
    return [Step("", line, secret=True) for line in lines]


CHANNELS = {
    "an outcome that counts an inject sent to others": [*secret("release mole"), *of_all("advance 6h")],
    "a condition on an inject sent to others": [
        *secret("release mole"), *of_the_seat('standing talk BRL --when "count(mole) > 0"'), *of_all("advance 2d")],
    "a condition on a strategy": [
        *of_the_seat('standing talk BRL --when "follows(CND, hawk)"'), *secret("release purge"), *of_all("advance 2d")],
    "a condition on a covert action": [
        *of_the_seat('standing talk BRL --when "count(plot) > 0"'), *secret("order BRL plot CND"),
        *of_all("advance 2d")],
    "a condition on an outcome of a covert action": [
        *of_the_seat('standing talk BRL --when "count(sunk) > 0"'), *secret("release raid"), *of_all("advance 2d")],
    "a condition on the rung of a pair": [
        *of_the_seat('standing talk BRL --when "rung[ARD, BRL] > 1"'), *secret("order BRL plot ARD"),
        *of_all("advance 2d")],
    "the ladder in options": [
        *secret("order BRL plot ARD"), *of_all("advance 1d"), *of_the_seat("options strait", "order patrol BRL")],
    "rungs in snapshots": [*secret("order BRL plot ARD"), *of_all("advance 31d")],
    "an attack that would license violence": [
        *secret('order CND sink DEL --force --why "x"'), *of_all("advance 1d"), *of_the_seat("order strike CND")],
    "support of a resolution": [
        *of_all("order BRL propose", "advance 4d"), *secret('order CND back_quietly BRL --force --why "x"'),
        *of_the_seat("options use_draft", 'standing talk BRL --when "committed[council] > 0.4"'),
        *of_all("advance 1d")],
    "weakening of a resolution": [
        *of_all("order BRL propose", "advance 4d"), *secret('order CND dilute_quietly BRL --force --why "x"'),
        *of_the_seat("order use_draft", 'standing talk BRL --when "strength[council] < 0.9"'), *of_all("advance 1d")],
    "the number of an offer": [
        *secret('offer BRL CND "psst"'), *of_all('offer BRL ARD "terms"'),
        *of_the_seat("answer 2 yes", "answer 1 yes")],
    "the number of an own offer": [*secret('demand CND BRL "now"'), *of_the_seat('offer BRL "terms"')],
    "the refusal of an answer": [*secret('offer BRL CND "psst"'), *of_the_seat("answer 1 yes")],
    "the number of a vote": [
        *secret('vote BRL BRL,CND "We?"'), *of_all('vote BRL all "All?"'),
        *of_the_seat("ballot 2 yes", "ballot 1 yes")],
    "the number of a request": [*secret('order BRL "go on"'), *of_the_seat('order "do as you like"')],
    "the number of a question": [*secret('rfi BRL "How far?"'), *of_the_seat('rfi "How far?"')],
    "the number of a standing order": [
        *secret('standing BRL plot CND --when "day > 99"'), *of_the_seat('standing talk BRL --when "day > 99"')],
    "the refusal to cancel": [*secret('standing BRL plot CND --when "day > 99"'), *of_the_seat("cancel 1")],
    "the time at which standing orders are checked": [
        *secret('standing BRL plot CND --when "day > 99"'), *of_all("advance 7h"),
        *of_the_seat('standing talk BRL --when "day > 3"'), *of_all("advance 8d")],
    "the id of an improvised action": [
        *secret('action BRL "digs" --goldstein -2 --to CND --covert'),
        *of_all('action BRL "writes" --goldstein -1 --to ARD --private', "advance 2d")],
    "a standing procedure on an inject sent to others": [
        *of_all("procedures ARD act", "order BRL protest ARD"), *secret("release mole"), *of_all("advance 8d")],
    "a threat that is carried out in secret": [
        *of_all("order BRL demand_it ARD", "advance 6d"), *secret("order BRL plot ARD"), *of_all("advance 12d")],
    "a command that is undone": [
        *of_all("advance 1d", "pause"), *secret('tell BRL "psst" | undo', "release mole | undo"),
        *secret('offer BRL CND "x" | undo'),        *of_the_seat("brief"), *of_all("advance 1d")],
    "an outcome in the second of a covert action": [
        *of_all("advance 1d", "adjudicate tension=0.9"), *secret("order BRL plot CND"), *of_all("advance 6h")],
    "the length of a jump": [
        *of_all("advance 2d"), *secret('note "a secret"'), *of_all("advance 167h"), *of_all("advance 8d")],
}  # fmt: skip
"""What could reveal a secret, each with a script in which it would."""


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_reveals_a_secret(tmp_path: Path, channel: str) -> None:
    """With the secret commands of each script and without them, on the terminals and in the review."""
    script = CHANNELS[channel]
    without = frozenset(number for number, step in enumerate(script) if step.secret)
    for people in ((SEAT,), (SEAT, *OTHERS)):
        differ = same(tmp_path, script, people, without, page=True)
        assert differ or "undone" in channel


def test_a_stop_of_the_clock_does_not_say_for_whom(tmp_path: Path) -> None:
    """It stops for an inject to CND on D+9 as it would stop by hand; only the facilitator reads why."""
    played = play(
        tmp_path / "run", of_all("stop at injects", "pace 1d=1s | resume", "tick 8", "tick 4"), people=(SEAT, *OTHERS)
    )
    assert "tip" in played.shared.wall.status()
    entries = [entry for entry in played.shown if isinstance(entry, tuple) and entry[:2] == ("tick 4", SEAT)]
    lines = [line for entry in entries for line in entry[2]]
    assert lines[0] == "Stopped, 2030-01-10 00:00 (D+9)."
    assert not [line for line in lines if "CND" in line or "Cande" in line or "tip" in line]


def variants() -> Iterator[tuple[str, Loaded]]:
    """The scenario with other secrets of the others: their policy, values, options on paper and injects."""
    base = scenario()
    leaders, indicators = base.scenario.leaders, base.scenario.indicators
    yield "strategy", changed(base, leaders={**leaders, "bert": replace(leaders["bert"], strategy="hawk")})
    yield "interests", changed(base, leaders={**leaders, "cleo": replace(leaders["cleo"], interests={"tension": 9.0})})
    morale = replace(indicators["morale"], start={"BRL": 0.9, "CND": 0.1, "default": 0.5})
    yield "own values", changed(base, indicators={**indicators, "morale": morale})
    private = tuple(each for each in base.injects if SEAT in each.audience or (not each.audience and each.message))
    kept = tuple(each for each in private if each.kind != "facilitation")
    assert 0 < len(kept) < len(base.injects)
    yield "injects", changed(base, injects=kept)
    roles = {"BRL": Role(situation="A secret.", tasks=("Another secret.",))}
    yield "role sheets", changed(base, roles=roles)


@pytest.mark.parametrize("name", [name for name, _ in variants()])
def test_secrets_of_the_scenario_are_not_shown(tmp_path: Path, name: str) -> None:
    """What others want, have and are sent changes neither the terminal of the seat nor its printed documents."""
    other = dict(variants())[name]
    script = [*of_the_seat(*(line for line in OF_THE_SEAT if "standing" not in line)), *of_all("advance 5d")]
    shown = []
    for loaded in (scenario(), other):
        shown.append(play(tmp_path / "run", script, people=(SEAT, *OTHERS), loaded=loaded).shown)
        OPEN.pop().close()
        shutil.rmtree(tmp_path / "run")
    assert shown[0] == shown[1]
    assert paper(scenario(), [SEAT], white_cell=False) == paper(other, [SEAT], white_cell=False)
    assert dict(documents(scenario(), [SEAT])) == dict(documents(other, [SEAT]))


def test_every_command_is_in_the_scripts() -> None:
    """A new command of the console must be added to one of the lists, or to `NOT_PLAYED` with a reason."""
    lines = [line for step in (*OF_THE_SEAT, *OF_ALL, *SECRETS) for line in step.split(" | ")]
    played = {line.split()[0] for line in lines} - {"tick"}
    assert played.isdisjoint(NOT_PLAYED)
    assert played | set(NOT_PLAYED) == set(COMMANDS)
