"""The settings of a run: checked against the scenario, and applied at STARTEX or at their own time.

A turn is a change of course that an arm makes within a run: another strategy, an option given up, an action. A
government turns on what it knows. A condition is tested at STARTEX and then at every step of the calendar's resolution,
as that of a standing order is.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from wargame.decision.menu import Candidate
from wargame.errors import SettingErrors, SettingFault, UsageFault, flag
from wargame.language.expressions import parse
from wargame.language.plain_text import number_in
from wargame.language.times import parse_time
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.governments import LIMITS
from wargame.scenario.model.questions import CourseChange
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.government import Governments
from wargame.simulation.control.lookup import SEATS, check_strategy, own_condition, read, valid_name
from wargame.simulation.control.seats import Seats
from wargame.simulation.kernel.clock import CONDITION, EFFECT
from wargame.simulation.kernel.context import PERSON, RunContext
from wargame.simulation.kernel.settings import Command

SettingT = TypeVar("SettingT", bound="str | tuple[str, str]")
SET = "set"


CAUSES = frozenset({"action", "inject.released", "outcome", "forum", "agreement"})
"""Kinds of record that may be what a government turns on."""


class Turns:
    """The changes of course of one run."""

    def __init__(self, context: RunContext, governments: Governments, feasibility: Feasibility) -> None:
        self._context, self._governments, self._feasibility = context, governments, feasibility

    def check(self, turn: CourseChange) -> None:
        """Raise UsageFault for a condition that the government cannot test, or without exactly one change."""
        valid_name("government", turn.government, self._governments)
        if len(turn.changes) != 1:
            raise UsageFault("a turn has one of `strategy`, `forbid` and `force`")
        if turn.strategy:
            check_strategy(turn.strategy, self._context, turn.government)
        for text in turn.conditions:
            own_condition(text, self._context, turn.government)

    def begin(self, turn: CourseChange, at: int | None, command_now: Callable[[Command], object]) -> None:
        """Put a turn on the clock at STARTEX, at its second or now for one that waits for a condition."""
        self._context.clock.at(self._context.now if at is None else at, CONDITION, self._try_turn, turn, command_now)

    def _try_turn(self, turn: CourseChange, command_now: Callable[[Command], object]) -> None:
        context = self._context
        if turn.when and not self._holds(turn.when, turn.government):
            again = context.now + context.scenario.calendar.resolution
            context.clock.at(again, CONDITION, self._try_turn, turn, command_now)
        elif not turn.provided or self._holds(turn.provided, turn.government):
            self._turn(turn, command_now)

    def _holds(self, condition: str, government: str) -> bool:
        view = self._context.views[government]
        return view.ask(view.compile(condition)) != 0.0

    def _turn(self, turn: CourseChange, command_now: Callable[[Command], object]) -> None:
        name, ((what, how),) = turn.government, turn.changes.items()
        data = {"government": name, what: how, "reason": self._reason(turn)}
        seq = self._context.log.write("command", name, "turn", self._cause(turn), data)
        option, _, target = how.partition(" ")
        if what == "strategy":
            self._governments[name].follow(how, seq, held=True)
        elif what == "forbid":
            self._feasibility.forbid(self._governments[name], Candidate(option, target or None))
        else:
            command_now(_forced(name, how, answers=seq))

    def _reason(self, turn: CourseChange) -> str:
        """Return the time or the condition, with the values that the government knows of what it reads."""
        view = self._context.views[turn.government]
        reads = {str(read): read for text in turn.conditions for read in parse(text).reads}
        known = [f"{path} is {view.value(view.slot(r.name, r.index)):.3g}" for path, r in sorted(reads.items())]
        return "; ".join([turn.moment, *known])

    def _cause(self, turn: CourseChange) -> tuple[int, ...]:
        """Return the last record that changed what the conditions read; empty without one."""
        layout, names = self._context.world.layout, set[str]()
        for text in turn.conditions:
            names |= {layout.slots[slot].path for slot in layout.reads_of(text)}
            names |= {argument for _, arguments in parse(text).events for argument in arguments}
        for seq, _, kind, _, about, _, data in reversed(self._context.log.records):
            if kind in CAUSES and (about in names or not names.isdisjoint(data.get("effects") or ())):
                return (seq,)
        return ()


class SettingsApplier:
    """Applies the settings of a run. Wrong ones are left out of `context.settings`; `check` raises an error for all."""

    def __init__(self, context: RunContext, loaded: Loaded) -> None:
        self._context = context
        self._errors: list[SettingFault] = []
        self._commands: list[tuple[str, int | None, Command]] = []
        calendar = self._context.calendar  # wrong times are left out, so that the other settings can be checked
        before = calendar.startex, calendar.end
        setting = "startex"
        try:
            self._startex()
            setting = "until"
            self._until()
        except UsageFault as error:
            calendar.startex, calendar.end = before
            self._errors.append(SettingFault("", setting, error.said.typed()))
        settings, scenario = context.settings, context.scenario
        skippable = {i.id for i in loaded.injects} | {row.id for row in scenario.history}
        context.settings = replace(
            settings,
            set=self._valid(settings.set, self._set, SET),
            force=self._valid(settings.force, self._force, "force"),
            forbid=self._valid(settings.forbid, lambda text: self._candidate(text, text.split()), "forbid"),
            skip=self._valid(settings.skip, lambda name: valid_name("inject", name, skippable), "skip"),
            seats=self._valid(settings.seats, self._seat, "seat"),
            limits=self._valid(settings.limits, self._limit, "limits"),
            leaders=self._valid(settings.leaders, self._leader),
            strategies=self._valid(settings.strategies, self._strategy),
        )

    def _valid(
        self, entries: tuple[SettingT, ...], check: Callable[[SettingT], object], name: str = ""
    ) -> tuple[SettingT, ...]:
        """Return the valid entries; errors of the others are collected."""
        valid = []
        for entry in entries:
            try:
                check(entry)
            except UsageFault as error:
                text = entry if isinstance(entry, str) else "=".join(entry)
                self._errors.append(SettingFault(flag(name) if name else "", text, error.said.typed()))
            else:
                valid.append(entry)
        return tuple(valid)

    def _seat(self, entry: tuple[str, str]) -> None:
        valid_name("government", entry[0], self._context.scenario.governments)
        valid_name("kind of seat", entry[1], SEATS)

    def _limit(self, entry: tuple[str, str]) -> None:
        government, limits = entry
        valid_name("government", government, self._context.scenario.governments)
        valid_name("kind of limits", limits, LIMITS)
        if dict(self._context.settings.seats).get(government) != PERSON:
            remedy = "give its seat to a player, such as ", flag("seat"), f" {government}=program:FILE"
            raise UsageFault(f"the limits of its leader bind the model, which decides for {government} (", *remedy, ")")

    def _leader(self, entry: tuple[str, str]) -> None:
        government, leader = entry
        theirs = [name for name, spec in self._context.scenario.leaders.items() if spec.government == government]
        valid_name(f"leader of {government}", leader, theirs)

    def _strategy(self, entry: tuple[str, str]) -> None:
        valid_name("government", entry[0], self._context.scenario.governments)
        check_strategy(entry[1], self._context, entry[0])

    def _startex(self) -> None:
        calendar, text = self._context.calendar, self._context.settings.startex
        if text is not None:
            calendar.startex = self._second("STARTEX", text)
        if not 0 <= calendar.startex < calendar.end:
            raise UsageFault(
                f"STARTEX {calendar.at(calendar.startex):%Y-%m-%d} is not between the start and ENDEX "
                f"({calendar.at(0):%Y-%m-%d} to {calendar.at(calendar.end):%Y-%m-%d})"
            )

    def _until(self) -> None:
        calendar, settings = self._context.calendar, self._context.settings
        if settings.until is not None:
            calendar.end = self._second("until", settings.until)
        if calendar.end <= calendar.startex:
            startex = f"{calendar.at(calendar.startex):%Y-%m-%d}"
            raise UsageFault(
                f"until: '{settings.until}' is not after STARTEX {startex}, from which governments decide "
                "(D+90 and 90d count from the STARTEX of the scenario file; write a date)"
            )

    def _second(self, name: str, text: str, *, own: bool = False) -> int:
        """Return the second of a written time; `D+n` counts from the STARTEX of the file, or of this run (`own`)."""
        calendar = self._context.calendar
        second = read(lambda written: calendar.seconds(parse_time(written)), text, name)
        return second + (calendar.startex - calendar.origin if own and parse_time(text).offset is not None else 0)

    def _set(self, text: str) -> None:
        assignment, _, at = text.partition("@")
        path, equals, value = assignment.partition("=")
        number = number_in(value)
        if not equals or not abs(number) <= 1e9:
            what = f"{value.strip()!r} is not a number: " if path and value.strip() else ""
            form = "does not have the form PATH=VALUE[@T], such as 'trust[CHN, USA]=0.3@2017-07-01'"
            raise UsageFault(f"{what}'{text}' {form}")
        command = Command(kind="set", data={"path": path.strip(), "value": number})
        self._commands.append((text, self._time_after_startex(text, at) if at else None, command))

    def _force(self, text: str) -> None:
        words = text.split()
        if words and words[0] in self._context.scenario.governments:
            example = f"{self._context.calendar.at(self._context.calendar.startex):%Y-%m-%d}"
            raise UsageFault(f"'{text}' has no time: write 'T GOV OPTION [TARGET]', such as '{example} {text}'")
        if not 3 <= len(words) <= 4:
            raise UsageFault(
                f"'{text}' does not have the form 'T GOV OPTION [TARGET]' (T without spaces, such as 2017-07-04T09:00)"
            )
        self._candidate(text, words[1:])
        self._commands.append((text, self._time_after_startex(text, words[0]), _forced(words[1], " ".join(words[2:]))))

    def _time_after_startex(self, text: str, at: str, *, own: bool = False) -> int:
        calendar = self._context.calendar
        second = self._second(f"'{text}'", at, own=own)
        if not calendar.startex <= second < calendar.end:
            span = f"{calendar.at(calendar.startex):%Y-%m-%d} to {calendar.at(calendar.end):%Y-%m-%d}"
            raise UsageFault(f"'{text}': {at} is not between STARTEX and ENDEX ({span})")
        return second

    def _candidate(self, text: str, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise UsageFault(f"'{text}' does not have the form 'GOV OPTION [TARGET]'")
        scenario = self._context.scenario
        valid_name("government", words[0], scenario.governments)
        option = scenario.options[valid_name("option", words[1], scenario.options)]
        if words[0] not in option.by:
            raise UsageFault(f"{words[1]} is not an option of {words[0]} (only of {', '.join(option.by)})")
        if len(words) == 3 and words[2] not in option.to:
            targets = f"only at {', '.join(option.to)}" if option.to else "it has no target"
            raise UsageFault(f"{words[1]} cannot be directed at {words[2]} ({targets})")

    def apply(
        self, governments: Governments, seats: Seats, turns: Turns, command_now: Callable[[Command], object]
    ) -> None:
        """Change seats, leaders and strategies at STARTEX, and schedule the commands, each at its time."""
        for government, kind in self._context.settings.seats:
            governments[government].take_seat(seats.chosen.get(government, kind))
        for government, leader in self._context.settings.leaders:
            governments[government].install(leader)
        for government, strategy in self._context.settings.strategies:
            governments[government].follow(strategy, held=True)
        for turn in self._context.settings.turn:
            turns.begin(turn, self._second("turn", turn.at, own=True) if turn.at else None, command_now)
        for _, time, command in self._commands:
            at = max(time if time is not None else self._context.now, self._context.now)
            self._context.clock.at(at, EFFECT, command_now, command)

    def check(self, check_command: Callable[[Command], None], turns: Turns) -> None:
        """Check the commands and turns of the settings too, and raise SettingErrors if any setting is wrong."""
        for number, turn in enumerate(self._context.settings.turn, start=1):
            try:
                turns.check(turn)
                if turn.at:
                    self._time_after_startex(turn.at, turn.at, own=True)
                if named := turn.forbid or turn.force:
                    self._candidate(named, [turn.government, *named.split()])
                if turn.force:
                    check_command(_forced(turn.government, turn.force))
            except UsageFault as error:
                self._errors.append(SettingFault("", f"turn.{number}", f"turn {number}: {error}"))
        for text, _, command in self._commands:
            try:
                check_command(command)
            except UsageFault as error:
                option = flag(SET if command.kind == "set" else "force")
                self._errors.append(SettingFault(option, text, error.said.typed()))
        if self._errors:
            raise SettingErrors(self._errors)


def _forced(government: str, named: str, **more: int) -> Command:
    """Return the order of `OPTION [TARGET]` that is carried out whatever its requirements."""
    option, _, target = named.partition(" ")
    data = {"government": government, "option": option, "target": target or None, "forced": True}
    return Command(kind="order", data=data | more)
