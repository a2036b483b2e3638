"""The exercise as people in browsers use it: their consoles, what each has been sent, and their streams."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from wargame.errors import UsageFault, shortened
from wargame.executor.replay import TIME_TRAVEL
from wargame.journal.command_log import NotKept
from wargame.journal.records import Record
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.participants import Evaluator
from wargame.live.terminals.shared_session import SharedSession
from wargame.sentence import Hint, Name, Sentence
from wargame.simulation.control.lookup import valid_name
from wargame.web.access import CONTROL, EVALUATOR, FACILITATOR, LOBBY, SEAT
from wargame.web.access.access_file import AccessFile, EpochLine, FloorsLine
from wargame.web.access.people import People, Person
from wargame.web.audience import Query, Rendering, ViewerGroup, console_role, key_of
from wargame.web.receipts import Receipts
from wargame.web.review_desk import ReviewDesk
from wargame.web.screens import modules
from wargame.web.screens.clocks import clock_words
from wargame.web.screens.seat_views import SCREEN_VIEW
from wargame.web.stream import Stream, Streams
from wargame.web.teams import Teams
from wargame.web.uploads import SheetDesk
from wargame.web.viewer import PageParts, Presence, Viewer

PUSH = 0.5
"""Seconds between two reports of changed parts. Judgement."""
SPREAD = 0.01
"""Seconds between the reports to two streams, so that pages do not all ask at once. Judgement."""
BREATH = 0.005
"""Seconds between the renderings of two audiences, in which whole requests are answered. Judgement."""
DRIFT = 2.0
"""Seconds after which parts are rendered again while nothing but the clock moves. Judgement."""
FLOORS = 5.0
"""Seconds after which it is kept how long things have waited for people."""
SHARE = 3.0
"""After rendering, the next one waits for this many times the processor time that it took. Judgement."""
CHOOSING = (*CONTROL, EVALUATOR)
"""The roles whose pages choose what they look at."""


class Room:
    """All that is shared by the requests of one exercise."""

    def __init__(self, shared: SharedSession, file: AccessFile, *, lobby: bool, join_url: str) -> None:
        self.shared, self.session = shared, shared.session
        self.file, self.lobby, self.join_url = file, lobby, join_url
        self.people = People(file, shared.participants, shared.session.exercise.governments)
        self.receipts = Receipts(file, self.session, self.people)
        self.sheets = SheetDesk(self.session)
        self.review = ReviewDesk(file, shared.main)
        self.teams = Teams(file, self.session, self.people, self.changed)
        self.rooms: Mapping[str, Path] = {}
        self.writing: dict[int, float] = {}
        """By person, until when they count as writing, on the monotonic clock."""
        self._screens = modules()
        self.audiences: dict[str, ViewerGroup] = {}
        self.consoles: dict[int, Console] = {}
        self.streams = Streams(self.people, file, self.consoles)
        self.version = 0
        self._next_report = 0.0
        self._changed = asyncio.Event()
        self._moved: tuple[object, ...] = (None,)
        self._moved_at = 0.0
        self._noticed: dict[str, str] = {}
        self._end_sessions()  # which a kill after ENDEX has left
        for person in self.people.people.values():
            self.attach(person)
        self._floors_at, kept = 0.0, (each for each in reversed(file.lines) if isinstance(each, FloorsLine))
        shared.wall.floors.before |= next((each.waiting for each in kept), {})
        shared.session.listeners.append(self._on_records)
        shared.session.turn_listeners.append(self._on_turn)
        shared.clock_listeners[shared.main] = self._on_tick
        shared.questions.changed = self.changed

    # --- people and their consoles -------------------------------------------------------------

    def attach(self, person: Person) -> None:
        """Give an admitted person a console of the shared session."""
        if not person.admitted or person.number in self.consoles:
            return
        evaluator = None
        if person.role == EVALUATOR:
            seats = tuple(filter(None, person.seat.split(",")))
            evaluator = Evaluator(person.name, seats, person.sees_all, number=person.number)
        console = self._console(console_role(person.role), person.seat if person.role == SEAT else "", evaluator)
        self.consoles[person.number] = console
        self.shared.attach_browser(
            console, lambda shown: self.streams.tell(person, "notice", shown), person.number, program=person.program
        )
        key = self.audience_of(person).key
        self.shared.turn_listeners[console] = lambda message: self._noticed.__setitem__(key, message)
        self.changed()

    def join(self, code: str, name: str, *, program: bool, address: str = "") -> tuple[Person, str]:
        """Let a person who has a code join; returns the token of the session. WrongCode, Locked or UsageFault."""
        person, token = self.people.join(code, name, program=program, lobby=self.lobby, address=address)
        self.attach(person)
        who = f"{person.name}, number {person.number}, has joined for {person.group} in a browser"
        admit = Hint(("admit", str(person.number)), label="Admit")
        lobby = () if person.admitted else (", in the lobby", admit)
        self.shared.announce(Sentence(Name("+ "), clean(who), *lobby), "person")
        self.changed()
        return person, token

    def admit(self, people: list[Person]) -> None:
        """Admit people; the streams of the lobby end, and their pages open the exercise."""
        self.people.admit(people)
        for person in people:
            self.audiences.pop(f"{LOBBY} {person.id}", None)
            self.attach(person)
            for stream in self.streams.of(person):
                stream.view(["admitted"])
                stream.end()

    def leave(self, person: Person) -> None:
        """Sign a person out."""
        self.remove([person], "You have signed out.")
        who = f"{person.name}, number {person.number}, has left ({person.group}, in a browser)"
        self.shared.announce(Sentence(Name("- "), clean(who)), "person")

    def remove(self, people: list[Person], why: str = "The facilitator has removed you from this exercise.") -> None:
        """Remove people: their tokens are invalid from now on, and their streams are closed."""
        if people:
            self.people.remove(people)
        for person in people:
            for key in (f"{LOBBY} {person.id}", f"{EVALUATOR} {person.id}"):
                self.audiences.pop(key, None)
            self.streams.end(person, "closed", {"text": why, "reason": "removed"})
            if console := self.consoles.pop(person.number, None):
                self.shared.detach(console)
        self.changed()

    def audience_of(self, person: Person | None) -> ViewerGroup:
        """Return the audience of a person; that of the lobby for those who have not been admitted."""
        if person is None or not person.admitted:
            return self._audience(key_of(person), LOBBY)
        return self._audience(
            key_of(person), person.role, self.consoles[person.number] if person.role == EVALUATOR else None
        )

    def _audience(self, key: str, role: str, console: Console | None = None) -> ViewerGroup:
        if key not in self.audiences:
            if console is None:
                seat = key.partition(" ")[2] if role == SEAT else ""
                console = self._console(console_role(role), seat)
                console.participants = self.shared.participants if role in CONTROL else None
            self.audiences[key] = ViewerGroup(key, role, console, self._turns(key))
            self.audiences[key].freshen(self.version)
        return self.audiences[key]

    def _console(self, role: str, seat: str, evaluator: Evaluator | None = None) -> Console:
        main = self.shared.main
        console = Console(self.session, main.wall, role=role, seat=seat, evaluator=evaluator, review=main.review)
        console.access = main.access
        return console

    def _turns(self, key: str) -> int:
        """Return how many changes of the past this audience has noticed, those before its first viewer included."""
        unaware = {line.n: line.unaware for line in self.file.lines if isinstance(line, EpochLine)}
        return sum(line.kind in TIME_TRAVEL and key not in unaware.get(line.n, ()) for line in self.session.log.lines)

    def presence(self, person: Person) -> Presence:
        """Return a person as others see them."""
        state = "waiting" if not person.admitted else "here" if self.streams.of(person) else "away"
        writes = self.writing.get(person.number, 0.0) > time.monotonic()
        return Presence(person.id, person.name, person.role, person.seat, state, person.program, writes)

    def viewer(self, person: Person | None, query: Query = (), audience: ViewerGroup | None = None) -> Viewer:
        """Return what the screen of a person or audience is rendered from; `query` is what its page looks at."""
        audience = audience or self.audience_of(person)
        role, console = audience.role, audience.console
        people = self._people_of(audience)
        codes = {of: code for of, code in self.people.codes.items() if role == FACILITATOR or of[0] != FACILITATOR}
        self._freshen(audience)
        return Viewer(
            console,
            role,
            audience.epoch,
            audience.entries,
            people,
            self.presence(person) if person is not None and role in (LOBBY, EVALUATOR) else None,
            self.join_url,
            codes if role in CONTROL else {},  # the facilitator's own is not for deputies
            self.people.locked,
            self.revealed,
            query=dict(query),
            seat_screen=self._seat_screens(audience),
            team=self.teams.of,
            rooms=self.rooms if role in CONTROL else {},
            receipts=self.receipts.of if role in CONTROL else None,
            review=self.review if console.sees_all or role == EVALUATOR else None,
            sheet=self.sheets.draft if role == FACILITATOR and ("view", "import") in query else None,
            answers=tuple(self.shared.questions.latest.values()) if role in CONTROL else (),
            cache=audience.cache,
        )

    @property
    def revealed(self) -> bool:
        """Whether the views of all seats are open for the hot wash: until the past changes, which can reopen play."""
        return self.session.exercise.done and self.people.revealed(self.session.last_turn)

    def _people_of(self, audience: ViewerGroup) -> tuple[Presence, ...]:
        """Return the persons whom an audience may see: all for the control room, people of the same seat for a seat."""
        everyone = audience.role in CONTROL
        if not everyone and audience.role != SEAT:
            return ()
        people = [each for each in self.people.people.values() if everyone or key_of(each) == audience.key]
        return tuple(map(self.presence, people))

    def _seat_screens(self, audience: ViewerGroup) -> Callable[[str], PageParts] | None:
        """Return the parts of the screen of another seat as its people see them, for those who may see it."""
        console = audience.console
        if audience.role not in (*CONTROL, EVALUATOR) and not self.revealed:
            return None

        def parts(seat: str) -> PageParts:
            if not self.revealed and seat not in console.observed:
                raise UsageFault(f"you do not observe the seat of {shortened(seat, 20)}")
            there = self._audience(f"{SEAT} {valid_name('government', seat, self.session.exercise.governments)}", SEAT)
            return self._rendered(there).parts

        return parts

    # --- what has changed ----------------------------------------------------------------------

    def changed(self, *noticed_by: ViewerGroup) -> None:
        """Record that the exercise, or the people in it, have changed, and which audiences notice it.

        While the clock moves, others who do not see everything are shown it at the next `DRIFT`: the time of a page
        must not show when something happened that is hidden from them.
        """
        self.version += 1
        for audience in noticed_by:
            audience.freshen(self.version)
        self._changed.set()

    def _freshen(self, audience: ViewerGroup) -> None:
        """Have a screen show the present state if the time of doing so shows nothing."""
        if audience.console.sees_all or not self.shared.moving or self.session.exercise.now == self._moved[0]:
            audience.freshen(self.version)

    def _on_records(self, _: list[Record]) -> None:
        noticed_by = [*filter(ViewerGroup.update, self.audiences.values())]
        for audience in noticed_by:
            self.streams.wake(audience)
        self.changed(*noticed_by)

    def _on_turn(self, _: str) -> None:
        """Read the new past after all consoles have been notified, and records who has noticed nothing."""
        noticed, self._noticed = self._noticed, {}
        unaware = [key for key, audience in self.audiences.items() if not audience.turn(noticed.get(key, ""))]
        if unaware:
            with suppress(NotKept):  # after a restart, they read their entries again
                self.file.append(EpochLine(self.session.last_turn, sorted(unaware)), sync=False)
        for audience in self.audiences.values():
            self.streams.wake(audience)
        self.changed()

    @property
    def missing(self) -> str:
        """Why nothing can be answered: the run folder was moved or deleted; empty if it is there."""
        try:
            self.session.log.check_place()
        except NotKept as error:
            return str(error)
        return ""

    def _on_tick(self) -> None:
        """Report the clocks several times a second, and render again while the clock runs."""
        now = time.monotonic()
        if self.missing:  # the pages connect again, and show why there is no answer
            self.streams.end_all()
        wall = self.shared.wall
        if now - self._floors_at >= FLOORS and (floors := wall.floors.open()):
            self._floors_at = now
            with suppress(NotKept):
                self.file.append(FloorsLine(floors), sync=False)
        moved = self.session.exercise.now, wall.running, *wall.floors.holding
        if moved != self._moved and (now - self._moved_at >= DRIFT or moved[1:] != self._moved[1:]):
            self._moved, self._moved_at = moved, now
            self.changed(*self.audiences.values())
        for audience in self.audiences.values():
            if streams := self.streams.of_audience(audience):
                self._report_states(audience, streams)
            if audience.role == EVALUATOR and audience.update():  # what an evaluator may see has changed
                self.streams.wake(audience)
                self.changed(audience)

    def _report_states(self, audience: ViewerGroup, streams: list[tuple[Person, Stream]]) -> None:
        """Report the clock and who is here, to the streams that have other ones."""
        clock = clock_words(audience.console, control=audience.role in CONTROL)
        people = [asdict(each) for each in self._people_of(audience)]
        for _, stream in streams:
            stream.state("clock", clock)
            if people:
                stream.state("presence", {"people": people})

    # --- rendering and streams -----------------------------------------------------------------

    def render(self, person: Person | None, query: Query = ()) -> Rendering:
        """Return the parts of a person's screen now."""
        return self._rendered(self.audience_of(person), query, person)

    def _rendered(self, audience: ViewerGroup, query: Query = (), person: Person | None = None) -> Rendering:
        if not self.may_choose(audience.role, query):
            query = ()
        self._freshen(audience)
        return audience.render(query, lambda: self._screens[audience.role].parts(self.viewer(person, query, audience)))

    def may_choose(self, role: str, query: Query) -> bool:
        """Return whether a role chooses what it looks at: the lobby its way back, seats after the reveal."""
        chosen = dict(query)
        if role == LOBBY:
            return chosen.keys() == {"back"}
        return role in CHOOSING or (role == SEAT and self.revealed and chosen.get("view") == SCREEN_VIEW)

    async def push(self) -> None:
        """Report changed parts until it is cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            began = time.process_time()  # on a busy machine, rendering must not look longer than it is
            await self.report()
            await asyncio.sleep(max(PUSH, SHARE * (time.process_time() - began)))

    async def report(self) -> None:
        """Report changed parts to all streams once, after the states to which they belong."""
        for audience in list(self.audiences.values()):
            if streams := self.streams.of_audience(audience):
                self._report_states(audience, streams)
                self._push(audience, streams)
                await asyncio.sleep(BREATH)

    def _push(self, audience: ViewerGroup, streams: list[tuple[Person, Stream]]) -> None:
        """Report the parts of an audience that have changed; to the control room, only that something has."""
        keys: list[str] = []
        if audience.role not in CONTROL:
            for query in list(audience.renderings):
                try:
                    keys += self._rendered(audience, query, streams[0][0]).unreported()
                except Exception as error:
                    if os.environ.get("WARGAME_TRACEBACK"):
                        raise
                    what = f"internal error: {type(error).__name__}: {error}"  # once; the page says so too
                    self.shared.report(f"! the screen of {audience.key} cannot be shown: {what}")
            if not keys:
                return
        loop, spread = asyncio.get_running_loop(), SPREAD * max(1, len(self.rooms))  # they share a machine
        for stream in [each for _, each in streams if each.expect(keys)]:
            self._next_report = max(self._next_report + spread, loop.time())
            loop.call_at(self._next_report, stream.view)

    def open_stream(self, person: Person, epoch: int, k: int) -> Stream:
        """Return a new stream of a person from this position on; the oldest ends if there are too many."""
        audience, stream = self.audience_of(person), self.streams.add(person, epoch, k)
        stream.state("clock", clock_words(audience.console, control=audience.role in CONTROL))
        if len(self.streams.of(person)) == 1:
            self.changed(audience)
        self.streams.tell_waiting(person)
        return stream

    def close_stream(self, person: Person, stream: Stream) -> None:
        """Forget a stream that has ended."""
        if self.streams.remove(person, stream):
            self.changed(self.audience_of(person))

    def cut(self) -> None:
        """Cut all streams; clients connect again once the exercise is served again. After ENDEX, sessions end."""
        ended = self.session.exercise.done
        self.streams.end_all("closed" if ended else "", {"text": "The exercise has ended.", "reason": "ended"})
        self._end_sessions()

    def _end_sessions(self) -> None:
        if self.session.exercise.done:
            with suppress(NotKept):
                self.people.end()

    def close(self) -> None:
        """Take this room off the shared session."""
        self.shared.clock_listeners.pop(self.shared.main, None)
        self.session.listeners.remove(self._on_records)
        self.session.turn_listeners.remove(self._on_turn)
