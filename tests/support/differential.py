"""Exercises played with and without one secret, and everything that the governments which may not know it receive.

All seats follow a fixed script, so that no decision reveals the secret. A new kind of view belongs in `VIEWS` (during
the exercise) or in `PAGES` (after it), a new kind of secret in `secrets`, a new scenario in `GAMES`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from support.engine import changed, loaded
from support.live import OPEN
from support.terminals import Screen, joined
from support.web import Client, Served, serving
from wargame.brains.specification import Conditions
from wargame.brains.turn import SeatState, hello, turn
from wargame.env.seat_space import SeatSpace
from wargame.errors import UsageFault
from wargame.executor.run import Destination
from wargame.language.times import DAY
from wargame.live.console.completion import table
from wargame.live.console.console import Console
from wargame.live.console.public_screen import public_screen, recent_news
from wargame.live.console.roles import SCREEN
from wargame.live.console.status_bar import participant_bar
from wargame.live.session.session import Session
from wargame.live.terminals.shared_session import SharedSession
from wargame.review.findings.findings import open_findings
from wargame.review.findings.knowledge import known_to
from wargame.review.reports.writing import render
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.seat.brief import brief
from wargame.seat.feed import PUBLIC, FeedReader, feed
from wargame.seat.interests import monthly_values
from wargame.seat.options import seat_options
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.knowledge import PARTLY_KNOWN
from wargame.simulation.kernel.settings import Command, Settings
from wargame.web.room import Room


@dataclass(frozen=True, slots=True)
class Game:
    """A scenario with a fixed script. The secret comes after the first line of `script`.

    `hidden` are acts (government, option, target) of the scenario of which third governments do not learn. A covert act
    that the scenario does not have changes the indicator `own` of its government.
    """

    scenario: str
    own: str
    script: tuple[str, ...]
    hidden: tuple[tuple[str, str, str | None], ...] = ()

    @property
    def governments(self) -> tuple[str, ...]:
        """Its governments."""
        return tuple(loaded(self.scenario).scenario.governments)


GAMES = {
    "two-rivals": Game(
        "two-rivals", "trust[{who}, {other}]",
        ("advance 20h", "advance 6h", "order ARD talk BRL", "order BRL protest ARD", "advance 4d", "advance 20d"),
    ),
    "korea-2017": Game(
        "korea-2017", "approval[{who}]",
        ("advance 20h", "advance 6h", "order PRK issue_denunciation USA", "order USA threaten_force PRK",
         'message CHN all "We call for restraint"', "order JPN leader_phone_call KOR", "advance 3d", "advance 15d"),
        (("CHN", "relax_enforcement", "PRK"), ("RUS", "supply_fuel_loophole", "PRK"),
         ("CHN", "tighten_enforcement", "PRK"), ("KOR", "collapse_contingency_planning", None),
         ("RUS", "grant_side_payment", "PRK"), ("CHN", "dilute_unsc", None)),
    ),
    "cuba-1962": Game(
        "cuba-1962", "prestige[{who}]",
        ("advance 2h", "advance 1h", "order USA show_photographs SUN", "order SUN denounce USA", "advance 4h",
         "advance 20h"),
        (("SUN", "speed_up_work", None), ("USA", "firm_letter", "SUN"),
         ("USA", "offer_jupiters", "SUN"), ("USA", "propose_attorney_channel", None),
         ("SUN", "accept_attorney_channel", None)),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that only the governments in `known_to` may notice: lines of the facilitator, or another scenario."""

    name: str
    known_to: frozenset[str]
    lines: tuple[str, ...] = ()
    change: Callable[[Loaded], Loaded] | None = None
    has_effects: bool = False
    """Whether indicators change, which the next publication may show to all."""


def secrets(game: Game) -> Iterator[Secret]:
    """Secrets of each kind, for each government, and for pairs of governments."""
    names = game.governments
    for number, (actor, option, target) in enumerate(game.hidden):
        spec = loaded(game.scenario).scenario.options[option]
        known = {actor, target} if target and (spec.visibility == "private" or spec.goldstein > 0) else {actor}
        known |= set(loaded(game.scenario).scenario.forums[spec.forum.name].members) if spec.forum else set()
        if spec.forum and spec.forum.move == "accept":  # what the act before has proposed: the talks convene
            yield Secret("private talks", frozenset(known), (f"release act_{number - 1}", f"release act_{number}"),
                         has_effects=True)  # fmt: skip
        else:
            yield Secret(f"{actor} {option}", frozenset(known), (f"release act_{number}",), has_effects=True)
    for who, other in zip(names, (*names[1:], names[0]), strict=True):
        alone, both = frozenset({who}), frozenset({who, other})
        yield Secret(f"a covert act of {who}", alone, (f"release dig_{who}",), has_effects=True)
        yield Secret(
            f"an improvised act of {who}", alone, (f'action {who} "digs" --goldstein -9 --to {other} --covert',)
        )
        yield Secret(
            f"an inject to {who}", alone, (f'inject cable "For you alone" --to {who} --now', f"release hint_{who}")
        )
        yield Secret(
            f"a message of {who}",
            both if len(names) > 2 else alone,
            (f'message {who} {other if len(names) > 2 else "EXCON"} "psst"',),
        )
        yield Secret(f"an order in preparation in {who}", alone, (f"order {who} prepare_{who.lower()}",))
        yield Secret(f"a standing order of {who}", alone, (f'standing {who} prepare_{who.lower()} --when "day > 2.2"',))
        yield Secret(f"a request of {who}", alone, (f'order {who} "something else"', f'rfi {who} "How far?"'))
        if len(names) > 2:  # of two, both know of an offer
            lines = (f'offer {who} {other} "terms"', f'vote {who} {who},{other} "We?"')
            yield Secret(f"an offer of {who}", both, lines)
        yield Secret(f"the strategy of {who}", alone, (f"release turn_{who}",))
        yield Secret(f"the profile of the leader of {who}", alone, change=partial(other_leader, government=who))
    yield Secret("a note of the white cell", frozenset(), ('note "a secret"', 'inject hint "Watch" --now'))


def other_leader(base: Loaded, government: str) -> Loaded:
    """The scenario with other profiles of the leaders of a government, and another role sheet."""
    leaders = {
        name: replace(
            spec,
            interests={path: -2.0 * weight for path, weight in spec.interests.items()},
            rationality=spec.rationality * 2.0,
            threshold=spec.threshold + 0.3,
        )
        for name, spec in base.scenario.leaders.items()
        if spec.government == government
    }
    roles = {**base.scenario.roles, government: model.Role(situation="A secret.", tasks=("Another secret.",))}
    return changed(base, leaders={**base.scenario.leaders, **leaders}, roles=roles)


def prepared(game: Game) -> Loaded:
    """The scenario of a game, with options and injects for its secrets.

    Nobody detects a covert act, and governments do not deliberate before STARTEX.
    """
    base = loaded(game.scenario)
    scenario = base.scenario
    governments = {
        name: replace(spec, perception=replace(spec.perception, detection=0.0))
        for name, spec in scenario.governments.items()
    }
    options, injects = dict(scenario.options), list(base.injects)
    strategies = {**scenario.strategies, "quiet": model.Strategy(title="Quiet", stages=(model.Stage(name="one"),))}
    for number, (actor, option, target) in enumerate(game.hidden):
        injects.append(_inject(f"act_{number}", actor, action=model.ActionSpec(option=option, by=actor, to=target)))
    for who, other in zip(governments, (*list(governments)[1:], next(iter(governments))), strict=True):
        spec = model.Option(title="prepares", dossier=next(iter(governments[who].dossiers)), by=(who,), cameo="010",
                            goldstein=-5.0, lead=(300 * DAY,) * 3)  # fmt: skip
        options[f"prepare_{who.lower()}"] = spec
        options[f"dig_{who.lower()}"] = replace(
            spec, title="digs", to=(other,), visibility="covert", lead=(0, 0, 0), rung=3, agenda={spec.dossier: 9.0},
            effects={game.own.format(who=who, other=other): model.Effect(by=-0.2)},
        )  # fmt: skip
        action = model.ActionSpec(option=f"dig_{who.lower()}", by=who, to=other)
        injects.append(_inject(f"dig_{who}", who, action=action))
        injects.append(_inject(f"hint_{who}", who, salience={spec.dossier: 9.0}))
        injects.append(_inject(f"turn_{who}", who, installs=(model.Install(government=who, strategy="quiet"),)))
    return changed(
        base, governments=governments, options=options, strategies=strategies, injects=tuple(injects),
        rules=replace(scenario.rules, warm_start=None),
    )  # fmt: skip


def _inject(name: str, who: str, **contents: Any) -> model.Inject:
    return model.Inject(id=name, title="A secret", manual=True, audience=(who,), message="Secret.", **contents)


# --- what governments receive -----------------------------------------------------------------------------------------


@dataclass
class Watched:
    """One exercise that is served, and all that its seats and the public screen have before them."""

    there: Served
    consoles: dict[str, Console] = field(default_factory=dict)
    screens: dict[str, Screen] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    streams: dict[str, bytearray] = field(default_factory=dict)
    programs: dict[str, SeatState] = field(default_factory=dict)

    @property
    def exercise(self) -> Exercise:
        """The exercise."""
        return self.there.session.exercise

    def line(self, console: Console, line: str) -> object:
        """The answer to a line, or why it is refused."""
        try:
            return self.there.shared.run(console, line)
        except UsageFault as error:
            return f"! {error}"


LOOKS = (
    "brief", "brief numbers", "inbox 200", "summary", "rfi", "procedures", "options", "role", "help", "help all",
    "questions", "status", "answer 1 yes", "answer 9 yes", "ballot 1 yes", "ballot 9 yes", "cancel 1", "cancel 9",
    "accept 1", "respond 9.1 yes", "ack 99", "why 5", "log", "msel",
)  # fmt: skip
"""Lines of a seat that change nothing: looks, and numbers that it may not have."""
PATHS = ("/api/1/view", "/api/1/entries", "/api/1/me", "/api/1/commands", "/api/1/view?at=0")


def console_texts(watched: Watched, seat: str) -> object:
    """Lines as they happened, the prompt, the bar, the completion, and the answers to `LOOKS`."""
    console, screen = watched.consoles[seat], watched.screens[seat]
    shown, looks = list(screen), LOOKS if seat != PUBLIC else ()
    screen.clear()
    return (
        shown,
        console.prompt(),
        participant_bar(console),
        table(console),
        [watched.line(console, look) for look in looks],
    )


def room_screen(watched: Watched, _seat: str) -> object:
    """What the screen in the room shows, which every seat sees."""
    console = watched.consoles[PUBLIC]
    return public_screen(console), recent_news(console)


def records_shown(watched: Watched, seat: str) -> object:
    """The records that a seat is shown, with their data: snapshots, too."""
    records = watched.there.session.records
    items = feed(watched.exercise, seat, records)
    shown = [(i.record.t, i.record.kind, i.record.who, i.record.about, i.record.data, i.line) for i in items]
    return shown, [] if seat == PUBLIC else monthly_values(watched.exercise, seat, records)


def known_values(watched: Watched, seat: str) -> object:
    """The brief and the options with all digits, and whether each option could be ordered."""
    if seat == PUBLIC:
        return None
    exercise = watched.exercise
    return (
        brief(exercise, seat),
        seat_options(exercise, seat),
        [_refusal(exercise, seat, option) for option in _all(exercise, seat)],
    )


def _all(exercise: Exercise, seat: str) -> list[tuple[str, str | None]]:
    menus = exercise.governments[seat].menus.values()
    return sorted({(c.option, c.target) for menu in menus for c in menu.candidates}, key=str)


def _refusal(exercise: Exercise, seat: str, candidate: tuple[str, str | None]) -> object:
    data = {"government": seat, "option": candidate[0], "target": candidate[1], "by": "seat"}
    try:
        exercise.check(Command(kind="order", data=data))
    except UsageFault as error:
        return candidate, str(error)
    return candidate, ""


def model_levels(watched: Watched, seat: str) -> object:
    """The numbers from which the model decides in this seat, without those of the rung of a pair, which it sees."""
    if seat == PUBLIC:
        return None
    context = watched.exercise.context
    slots = context.world.slots
    return {slots[slot].path: level for slot, level in context.views[seat].levels().items()
            if slots[slot].name not in PARTLY_KNOWN}  # fmt: skip


def program_messages(watched: Watched, seat: str) -> object:
    """The greeting and the turn of a program or language model in the seat."""
    if seat == PUBLIC:
        return None
    exercise, records = watched.exercise, watched.there.session.records
    state = watched.programs.setdefault(seat, SeatState(FeedReader(exercise, seat)))
    return hello(exercise, records, seat, Conditions(), "seat"), turn(exercise, seat, state, 0)


def learner_observation(watched: Watched, seat: str) -> object:
    """The observation and the mask of a learner."""
    if seat == PUBLIC:
        return None
    exercise = watched.exercise
    space = SeatSpace(exercise, seat)
    return space.observe(exercise, ()).tolist(), space.mask(exercise, space.dossiers).tolist(), space.observations


async def browser_answers(watched: Watched, seat: str) -> object:
    """The bytes and headers of every answer of the server, and of the stream so far."""
    client, got = watched.clients[seat], []
    for path in PATHS:
        answer = await client.http.get(path)
        got.append(repr(sorted(answer.headers.items())).encode() + answer.content)
    parts = await client.post("/parts", {"have": {}})
    got.append(repr(sorted(parts.headers.items())).encode() + parts.content)
    got.append(bytes(watched.streams[seat]))
    return [re.sub(rb"127\.0\.0\.1:\d+|wargame-\d+", b"HOST", each) for each in got]


VIEWS: dict[str, Callable[[Watched, str], Any]] = {
    "console": console_texts,
    "screen in the room": room_screen,
    "records": records_shown,
    "brief and options": known_values,
    "model": model_levels,
    "program": program_messages,
    "learner": learner_observation,
    "browser": browser_answers,
}
"""What a seat, or the public screen, receives during an exercise."""


def review_page(folder: Path, seat: str) -> object:
    """The review for a seat, after the exercise."""
    return render(open_findings(str(folder)), "html", seat)


def review_records(folder: Path, seat: str) -> object:
    """The records that the review for a seat is made from."""
    source = open_findings(str(folder)).source
    return [(r.t, r.kind, r.who, r.about, r.data) for r in known_to(source, seat)]


def dated_values(exercise: Exercise, since: int) -> dict[str, float]:
    """The published values and estimates that have had a date, of a publication or a routine report, after a second."""
    world, shown = exercise.context.world, {}
    for slot, known_as in (*world.layout.published.items(), *((s, m) for (_, s), (m, _) in world.beliefs.items())):
        spec = exercise.context.scenario.indicators[world.slots[slot].name]
        dates = spec.routine_report or spec.dates
        interval, delay = dates.interval, getattr(dates, "delay", 0)
        if (exercise.now - 1 - delay) // interval * interval + delay > since:
            shown[world.slots[known_as].path] = world.value(known_as)
    return shown


PAGES: dict[str, Callable[[Path, str], object]] = {"review": review_page, "records of the review": review_records}
"""What a seat receives after an exercise."""


# --- playing ----------------------------------------------------------------------------------------------------------

DATED = "publications and routine reports"
Shown = dict[tuple[str, str, str], object]
"""(step, seat, view) -> what was shown."""


def play(folder: Path, game: Game, secret: Secret | None = None) -> Shown:
    """Plays the script of a game, with a secret or without one, and returns all that anyone was shown."""
    with (
        patch("wargame.journal.manifest.now", lambda: "2030-01-01T12:00:00+00:00"),
        patch("wargame.web.room.SPREAD", 0.0),
        patch("wargame.web.app.REQUESTS", 1e6),
    ):
        base = prepared(game)
        seats = tuple((name, "human") for name in game.governments)
        scenario = secret.change(base) if secret is not None and secret.change is not None else base
        session = Session.create(scenario, 3, Settings(seats=seats), Destination(out=folder))
        OPEN.append(session)
        shown: Shown = {}
        asyncio.run(_play(session, game, secret, shown))
        session.close()
        for seat in game.governments:
            for name, page in PAGES.items():
                shown["after ENDEX", seat, name] = page(folder, seat)
    return shown


async def _play(session: Session, game: Game, secret: Secret | None, shown: Shown) -> None:
    rooms: list[Room] = []

    async def report_by_hand(room: Room) -> None:
        rooms.append(room)
        await asyncio.Event().wait()

    async def keep_no_time(_: SharedSession) -> None:
        """How many times the clock ticks depends on the machine."""

    with patch.object(Room, "push", report_by_hand), patch.object(SharedSession, "keep_time", keep_no_time):
        async with serving(session) as there, _watched(there, game) as watched:
            first, *others = game.script
            there.shared.run(there.shared.main, first)
            since = session.exercise.now
            for line in secret.lines if secret is not None else ():
                there.shared.run(there.shared.main, line)
            for number, line in enumerate(others):
                there.shared.run(there.shared.main, line)
                if line.startswith("advance"):
                    await rooms[-1].report()
                    await _settle(watched.streams)
                    await _look(watched, f"{number} {line}", since, shown)


async def _look(watched: Watched, step: str, since: int, shown: Shown) -> None:
    """Notes all that anyone is shown now, and what has been published after second `since`."""
    shown[step, "", DATED] = dated_values(watched.exercise, since)
    for seat in watched.consoles:
        for name, view in VIEWS.items():
            seen = view(watched, seat)
            shown[step, seat, name] = await seen if asyncio.iscoroutine(seen) else seen


@asynccontextmanager
async def _watched(there: Served, game: Game) -> AsyncIterator[Watched]:
    """The exercise with a terminal and a browser in each seat, and both for the public screen."""
    watched = Watched(there)
    tasks = []
    for seat in (*game.governments, PUBLIC):
        console, screen = joined(there.shared, "", SCREEN) if seat == PUBLIC else joined(there.shared, seat)
        watched.consoles[seat], watched.screens[seat] = console, screen
        watched.clients[seat] = await there.joined("screen" if seat == PUBLIC else seat, f"Person of {seat}")
        watched.streams[seat] = bytearray()
        tasks.append(asyncio.create_task(_follow(watched.clients[seat], watched.streams[seat])))
        await _settle(watched.streams)
    await _settle(watched.streams, 50)
    for stream in watched.streams.values():
        stream.clear()  # who sees whom arrive first depends on the machine
    yield watched
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(client: Client, into: bytearray) -> None:
    async with client.http.stream("GET", "/api/1/events") as stream:
        async for chunk in stream.aiter_raw():
            into += chunk


async def _settle(streams: Mapping[str, bytearray], rounds: int = 20) -> None:
    """Lets the streams arrive: server and clients are on this loop, which reads and writes in every round."""
    quiet, before = 0, -1
    while quiet < rounds:
        await asyncio.sleep(0.001)
        arrived = sum(map(len, streams.values()))
        quiet, before = quiet + 1 if arrived == before else 0, arrived


def differences(with_secret: Shown, without: Shown, secret: Secret) -> list[str]:
    """Where a government that may not know a secret receives something else because of it, until it is published."""
    assert with_secret.keys() == without.keys()
    found = []
    for (step, seat, view), other in without.items():
        if with_secret[step, seat, view] != other and seat not in secret.known_to:
            if view == DATED and secret.has_effects:
                break
            what = _first_difference(with_secret[step, seat, view], other)
            found.append(f"{secret.name}: {seat} notices in {view} at '{step}': {what}")
    return found


def _first_difference(one: object, other: object) -> str:
    """The surroundings of the first difference between two objects."""
    first, second = (repr(each) for each in (one, other))
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    return f"…{first[max(at - 120, 0) : at + 60]} instead of …{second[at : at + 60]}"


def together(several: Sequence[Secret]) -> Secret:
    """Several secrets of the same governments at once."""
    changes = [secret.change for secret in several if secret.change is not None]
    return Secret(
        "; ".join(secret.name for secret in several),
        frozenset().union(*(secret.known_to for secret in several)),
        tuple(line for secret in several for line in secret.lines),
        changes[0] if changes else None,
        any(secret.has_effects for secret in several),
    )
