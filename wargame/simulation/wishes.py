"""The settings of a run, checked against its scenario and carried out when their time comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.language.times import parse_time
from wargame.simulation.clock import EFFECT
from wargame.simulation.naming import SEATS, known
from wargame.simulation.settings import Command

if TYPE_CHECKING:
    from wargame.scenario.load import Loaded
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.theatre import Theatre


class Wishes:
    """Reads the settings; UsageFault names the first that makes no sense for this scenario."""

    def __init__(self, theatre: Theatre, loaded: Loaded) -> None:
        self._theatre = theatre
        self._loaded = loaded
        self._times()
        settings, scenario = theatre.settings, theatre.scenario
        self._orders = [self._set(text) for text in settings.set] + [self._force(text) for text in settings.force]
        for text in settings.bar:
            self._candidate(text, text.split())
        rows = {row.id for row in scenario.record}
        for name in settings.skip:
            known("inject", name, {i.id for i in loaded.injects} | rows)
        for government, kind in settings.seats:
            known("government", government, scenario.governments)
            known("kind of seat", kind, SEATS)
        for government, leader in settings.leaders:
            known(
                f"leader of {government}",
                leader,
                (n for n, v in scenario.leaders.items() if v.government == government),
            )
        for government, strategy in settings.strategies:
            known("government", government, scenario.governments)
            known("strategy", strategy, scenario.strategies)

    def _times(self) -> None:
        calendar, settings = self._theatre.calendar, self._theatre.settings
        written_end = calendar.end
        if settings.hand_over is not None:
            calendar.hand_over = self._second("hand-over", settings.hand_over)
        if settings.until is not None:
            calendar.end = self._second("until", settings.until)
        if not 0 <= calendar.hand_over < written_end:
            raise UsageFault(
                f"the hand-over {calendar.at(calendar.hand_over):%Y-%m-%d} is not between the start and ENDEX "
                f"({calendar.at(0):%Y-%m-%d} to {calendar.at(written_end):%Y-%m-%d})"
            )
        if calendar.end <= calendar.hand_over:
            hand_over = f"{calendar.at(calendar.hand_over):%Y-%m-%d}"
            raise UsageFault(
                f"until: '{settings.until}' is not after the hand-over {hand_over}, from which on governments decide "
                "(a time such as D+90 counts from there; --hand-over moves it)"
            )

    def _second(self, name: str, text: str) -> int:
        try:
            return self._theatre.calendar.seconds(parse_time(text))
        except ValueError as error:
            raise UsageFault(f"{name}: {error}") from None

    def _set(self, text: str) -> tuple[int | None, Command]:
        assignment, _, at = text.partition("@")
        path, equals, value = assignment.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not equals or not abs(number) <= 1e9:
            raise UsageFault(f"'{text}' is not of the form PATH=VALUE[@T], such as 'trust[CHN, USA]=0.3@2017-07-01'")
        command = Command(kind="set", data={"path": path.strip(), "value": number})
        return (self._still_to_come(text, at) if at else None), command

    def _force(self, text: str) -> tuple[int | None, Command]:
        words = text.split()
        if not 3 <= len(words) <= 4:
            raise UsageFault(
                f"'{text}' is not of the form 'T GOV OPTION [TARGET]' (T without blanks, such as 2017-07-04T09:00)"
            )
        self._candidate(text, words[1:])
        target = words[3] if len(words) > 3 else None
        data = {"government": words[1], "option": words[2], "target": target, "forced": True}
        return self._still_to_come(text, words[0]), Command(kind="order", data=data)

    def _still_to_come(self, text: str, at: str) -> int:
        """The second that `at` means, which must lie between the hand-over and ENDEX."""
        calendar = self._theatre.calendar
        second = self._second(f"'{text}'", at)
        if not calendar.hand_over <= second < calendar.end:
            span = f"{calendar.at(calendar.hand_over):%Y-%m-%d} to {calendar.at(calendar.end):%Y-%m-%d}"
            raise UsageFault(f"'{text}': {at} is not between hand-over and ENDEX ({span})")
        return second

    def _candidate(self, text: str, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise UsageFault(f"'{text}' is not of the form 'GOV OPTION [TARGET]'")
        scenario = self._theatre.scenario
        known("government", words[0], scenario.governments)
        option = scenario.options[known("option", words[1], scenario.options)]
        if words[0] not in option.by:
            raise UsageFault(f"{words[1]} is not an option of {words[0]} (it is one of {', '.join(option.by)})")
        if len(words) == 3 and words[2] not in option.to:
            raise UsageFault(
                f"{words[1]} cannot be directed at {words[2]} (only at {', '.join(option.to) or 'nobody'})"
            )

    def take_hold(self, exercise: Exercise) -> None:
        """The hand-over: seats, leaders and strategies change; what has a time of its own is put on the clock."""
        for government, kind in self._theatre.settings.seats:
            exercise.governments[government].seat = exercise.commands.seats.chosen.get(government, kind)
        for government, leader in self._theatre.settings.leaders:
            exercise.governments[government].install(leader)
        for government, strategy in self._theatre.settings.strategies:
            exercise.governments[government].follow(strategy)
        for time, command in self._orders:
            at = max(time if time is not None else self._theatre.now, self._theatre.now)
            self._theatre.clock.at(at, EFFECT, exercise.apply, command)

    def check(self, exercise: Exercise) -> None:
        """Checks the paths of settings once the world stands."""
        for _, command in self._orders:
            exercise.check(command)
