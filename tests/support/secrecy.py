"""Exercises played twice, with and without what one seat may not know, and everything that this seat is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

from support.live import OPEN
from support.llm_turns import prompt_of
from support.terminals import Screen, joined
from wargame.errors import UsageFault
from wargame.executor.run import Destination
from wargame.live.console.completion import table
from wargame.live.console.console import Console
from wargame.live.console.public_screen import public_screen, recent_news
from wargame.live.console.roles import SCREEN
from wargame.live.console.status_bar import participant_bar
from wargame.live.session.session import Session
from wargame.live.terminals.shared_session import SharedSession
from wargame.review.findings.findings import open_findings
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import Loaded, load
from wargame.seat.feed import feed
from wargame.simulation.kernel.settings import Settings

SCENARIO = Path(__file__).parents[1] / "data" / "secrets.yaml"
SEAT = "ARD"
"""The seat that may not know the secrets of the others."""
OTHERS = ("BRL", "CND", "DEL")
PROBES = ("brief", "brief numbers", "inbox 200", "summary", "rfi", "procedures", "options plot",
          "options", "options strait", "options trade", "options expose", "options use_draft",
          "options answer_it", "options strike", "role", "channel BRL", "channel CND", "help", "help all")  # fmt: skip
"""Commands by which the seat looks at all that it may see."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a script, or several joined by `|`: typed by the seat (`SEAT`), or by the facilitator.

    The seat may not know of `secret` ones. `tick 10` lets ten seconds of wall time pass.
    `{request:1}` stands for the number that the white cell gives to the first request of the seat, `{vote:1}` for that
    of the first vote that concerns it, `{offer:BRL:1}` and `{ballot:BRL:1}` for the numbers that BRL gives to the first
    offer and vote that concern the seat. `{not-request:1}` is the first that does not concern it, and so on.
    """

    who: str
    line: str
    secret: bool = False


@lru_cache(maxsize=1)
def scenario() -> Loaded:
    """The scenario with secrets."""
    return load(str(SCENARIO))


@dataclass
class Played:
    """One exercise, and what the seat and the screen in the room were shown, step by step."""

    shared: SharedSession
    seat: Console
    screens: dict[str, Screen]
    public: Console
    shown: list[object] = field(default_factory=list)
    refused: int = 0

    def look(self, label: str) -> None:
        """Notes everything that was shown since the last look, and what the seat's terminal offers now."""
        for name, screen in self.screens.items():
            self.shown.append((label, name, list(screen)))
            screen.clear()
        console = self.seat
        self.shown.append((label, console.prompt(), participant_bar(console), table(console)))
        public = self.public
        self.shown.append((label, public.prompt(), participant_bar(public), public_screen(public), recent_news(public)))

    def type(self, step: Step) -> None:
        """Types its lines; only what the seat itself types is shown to it as an answer."""
        by_seat = step.who == SEAT
        for line in step.line.split(" | "):
            if line.startswith("tick "):
                self.shared.tick(float(line.split()[1]))
                continue
            try:
                answer = self.shared.run(self.seat if by_seat else self.shared.main, resolved(self.shared, line))
            except LookupError:
                continue
            except UsageFault as error:
                self.refused += 1
                answer = [f"! {error}"]
            if by_seat:
                self.shown.append((line, answer))

    def probe(self) -> None:
        """Looks at everything that the seat can ask for, and at what the packages `seat` and `review` hand out."""
        for line in PROBES:
            self.type(Step(SEAT, line))
        session = self.shared.session
        self.shown.append(("prompt", prompt_of(session.exercise, session.records, SEAT)))
        for name in (SEAT, "public"):
            items = feed(session.exercise, name, session.records)
            kept = [(i.record.t, i.record.kind, i.record.who, i.record.about, i.record.data, i.line) for i in items]
            self.shown.append(("feed", name, kept))

    @patch("wargame.journal.manifest.now", lambda: "2030-01-01T12:00:00+00:00")
    def page(self) -> bytes:
        """The review for the seat, after the exercise was closed."""
        self.shared.session.close()
        return render(open_findings(str(self.shared.session.folder.path)), "html", SEAT)


@patch("wargame.journal.manifest.now", lambda: "2030-01-01T09:00:00+00:00")
def play(
    folder: Path,
    steps: Iterable[Step],
    *,
    people: Sequence[str],
    without: frozenset[int] = frozenset(),
    loaded: Loaded | None = None,
) -> Played:
    """Plays a script, without the steps of these numbers. `people` are the seats with a person."""
    kinds = tuple((name, "human" if name in people else "script") for name in (SEAT, *OTHERS))
    session = Session.create(loaded or scenario(), 3, Settings(seats=kinds), Destination(out=folder))
    OPEN.append(session)
    lines = Screen()
    shared = SharedSession(Console(session), lines.show)
    seat, screen = joined(shared, SEAT)
    public, public_screen = joined(shared, "", SCREEN)
    played = Played(shared, seat, {SEAT: screen, "public": public_screen}, public)
    shared.run(shared.main, "stop at moves")
    played.shown.append(seat.greeting())
    for number, step in enumerate(steps):
        if number not in without:
            played.type(step)
        played.look("secret" if step.secret else step.line)
    played.probe()
    return played


# --- numbers in lines ----------------------------------------------------------------------------------

_PLACE = re.compile(r"\{(not-)?(\w+):(?:([A-Z]+):)?(\d+)\}")


def resolved(shared: SharedSession, line: str) -> str:
    """The line with its numbers filled in; LookupError if there is no such thing."""

    def fill(match: re.Match[str]) -> str:
        wanted = match[1] is None
        numbers = _NUMBERED[match[2]](shared, match[3])
        return str([number for number, mine in numbers if mine == wanted][int(match[4]) - 1])

    return _PLACE.sub(fill, line)


def _requests(shared: SharedSession, _: str | None) -> list[tuple[int, bool]]:
    requests = shared.session.exercise.commands.adjudication.requests
    return [(number, request.government == SEAT) for number, request in requests.items()]


def _votes(shared: SharedSession, _: str | None) -> list[tuple[int, bool]]:
    votes = shared.session.exercise.commands.correspondence.votes
    return [(number, SEAT in (vote.sender, *vote.voters)) for number, vote in votes.items()]


def _offers(shared: SharedSession, who: str | None) -> list[tuple[int, bool]]:
    offers = shared.session.exercise.commands.correspondence.offers_of(who or "")
    return [(number, SEAT in (offer.sender, *offer.to)) for number, offer in offers.items()]


def _ballots(shared: SharedSession, who: str | None) -> list[tuple[int, bool]]:
    votes = shared.session.exercise.commands.correspondence.votes_of(who or "")
    return [(number, SEAT in (vote.sender, *vote.voters)) for number, vote in votes.items()]


_NUMBERED: dict[str, Callable[[SharedSession, str | None], list[tuple[int, bool]]]] = {
    "request": _requests,
    "vote": _votes,
    "offer": _offers,
    "ballot": _ballots,
}
