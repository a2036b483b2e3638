"""A proposal for an exercise, and its file: the length of moves in both clocks, the breaks, where the clock stops."""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from wargame.errors import UsageFault
from wargame.journal.template_cache import environment
from wargame.language.times import DAY, HOUR, MINUTE, Time, format_duration
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExercisePlan, Inject, Scenario
from wargame.scenario.model.exercises import (
    ObjectiveMeasure,
    PlannedBreak,
    PlannedMove,
    PlannedObjective,
    SeatPlan,
    SeatPost,
)
from wargame.sheets.yaml_values import plain_or_quoted
from wargame.world.calendar import RunCalendar

BRIEFING_SHARE, HOT_WASH_SHARE = 0.08, 0.15
"""Shares of the time in the room. Judgement, as are the other numbers here."""
LONGEST_BRIEFING, LONGEST_HOT_WASH = 20 * MINUTE, 40 * MINUTE
WITHOUT_BREAK = 75 * MINUTE
"""The longest time that people play without a break."""
BREAK = 10 * MINUTE
TEAM = (SeatPost(role="Head of the team"), SeatPost(role="Adviser"), SeatPost(role="Speaker"))
SHORTEST_MOVE = 5 * MINUTE
INJECT_LOAD = 3.0
"""The work of a dated inject on its day, in routine meetings of one dossier."""
MOST_STOPS = 5.0
"""Dated injects in a move up to which the clock stops at each."""


def propose(
    loaded: Loaded,
    *,
    wall: int,
    moves: int,
    seats: Sequence[str],
    until: Time | None = None,
    injects: tuple[str, ...] = (),
    scenario_injects: bool = True,
) -> ExercisePlan:
    """Return a plan for these seats; `wall` in seconds. UsageFault if the time is too short for the moves.

    `loaded` has the injects that are played, and the calendar of the exercise. If only own injects are played, ENDEX
    is by default the full hour after the last of them.

    Moves have the same length in the room. Their lengths in game time differ: each has about the same work, which is
    routine meetings and dated injects.
    """
    scenario, calendar = loaded.scenario, RunCalendar(loaded.scenario.calendar)
    end = min(calendar.startex + moves * scenario.calendar.move, calendar.end)
    if until:
        end = calendar.seconds(until)
    elif not scenario_injects and (own := _dates(loaded.injects, calendar)):
        end = min(calendar.startex + max(own[-1] - calendar.startex + HOUR, moves * HOUR) // HOUR * HOUR, calendar.end)
    if not calendar.startex < end <= calendar.end:
        last = f"{calendar.at(calendar.end):%Y-%m-%d}"
        raise UsageFault(f"--until: ENDEX must be after STARTEX, and at the latest {last}")
    briefing = _rounded(min(BRIEFING_SHARE * wall, LONGEST_BRIEFING))
    hot_wash = _rounded(min(HOT_WASH_SHARE * wall, LONGEST_HOT_WASH))
    play = wall - briefing - hot_wash
    after = _breaks(play, moves)
    each = (play - len(after) * BREAK) // moves // MINUTE * MINUTE
    if each < SHORTEST_MOVE:
        fit = max(1, (play - len(after) * BREAK) // SHORTEST_MOVE)
        raise UsageFault(
            f"{moves} moves do not fit into {format_duration(wall)}: a move takes at least "
            f"{format_duration(SHORTEST_MOVE)} (--moves {fit}, or more time)"
        )
    hot_wash = wall - briefing - len(after) * BREAK - moves * each  # with the minutes that are left
    dated = [t for t in _dates(loaded.injects, calendar) if t < end]
    ends = _boundaries(_load(loaded, calendar, end, dated), calendar.startex, end, moves)
    starts = (calendar.startex, *ends[:-1])
    name = f"{scenario.name}-exercise"
    return ExercisePlan(
        name=name,
        title=f"{scenario.title}: an exercise of {format_duration(wall)}",
        scenario=scenario.name,
        injects=injects,
        scenario_injects=scenario_injects,
        wall=wall,
        briefing=briefing,
        hot_wash=hot_wash,
        moves=tuple(PlannedMove(game=b - a, wall=each) for a, b in zip(starts, ends, strict=True)),
        breaks=tuple(PlannedBreak(after=number, wall=BREAK) for number in after),
        stops=("moves", "injects") if len(dated) / moves <= MOST_STOPS else ("moves",),
        seats={seat: SeatPlan(persons=TEAM) for seat in seats},
        objectives=_objectives(loaded, end, calendar),
    )


def _rounded(seconds: float) -> int:
    """Round to whole minutes, from ten minutes on to five."""
    unit = 5 * MINUTE if seconds >= 10 * MINUTE else MINUTE
    return max(MINUTE, round(seconds / unit) * unit)


def _breaks(play: int, moves: int) -> tuple[int, ...]:
    """Return the moves after which there is a break, so that nobody plays much longer than `WITHOUT_BREAK`."""
    count = min(moves - 1, max(0, -(-play // (WITHOUT_BREAK + BREAK)) - 1))
    return tuple(sorted({round((n + 1) * moves / (count + 1)) for n in range(count)} - {0, moves}))


def _dates(injects: Sequence[Inject], calendar: RunCalendar) -> list[int]:
    """Return the seconds of all releases of dated injects from STARTEX on, without those for the facilitator alone."""
    dates = []
    for inject in injects:
        if inject.at is None or inject.kind == "facilitation":
            continue
        first, step = calendar.seconds(inject.at), inject.every or 0
        dates += [first + n * step for n in range(inject.repeat if step else 1)]
    return sorted(t for t in dates if t >= calendar.startex)


def _load(loaded: Loaded, calendar: RunCalendar, end: int, dated: Sequence[int]) -> list[float]:
    """Return the work of each unit of the game: a day, or an hour in a short game."""
    unit = _unit(end - calendar.startex)
    dossiers = (each for government in loaded.scenario.governments.values() for each in government.dossiers.values())
    meetings = sum(unit / each.every for each in dossiers)
    load = [meetings] * max(1, (end - calendar.startex) // unit)
    for t in dated:
        load[min((t - calendar.startex) // unit, len(load) - 1)] += INJECT_LOAD
    return load


def _unit(span: int) -> int:
    return DAY if span >= 10 * DAY else HOUR


def _boundaries(load: Sequence[float], startex: int, end: int, moves: int) -> tuple[int, ...]:
    """Return the ends of the moves, each at the unit that ends its share of the work; a move has at least one."""
    if len(load) < moves:
        raise UsageFault(f"{moves} moves do not fit into {format_duration(end - startex)} of game time (--until D+30)")
    unit, done, total = _unit(end - startex), list(accumulate(load)), sum(load)
    ends: list[int] = []
    for number in range(1, moves):
        least = (ends[-1] if ends else 0) + 1
        most = len(load) - (moves - number)
        target = total * number / moves
        reached = next((i + 1 for i, work in enumerate(done) if work >= target - 1e-9), len(load))
        ends.append(min(max(reached, least), most))
    return (*(startex + each * unit for each in ends), end)


def _objectives(loaded: Loaded, end: int, calendar: RunCalendar) -> dict[str, PlannedObjective]:
    """Return each objective of the scenario, with the expected actions for it as a measure."""
    counts = dict.fromkeys(loaded.scenario.objectives, 0)
    for inject in loaded.injects:
        if inject.at is not None and calendar.seconds(inject.at) >= end:
            continue
        for action in inject.expected:
            name = action.objective or inject.objective
            if name in counts:
                counts[name] += 1
    planned = {}
    for name, count in counts.items():
        standard = f"at least {max(1, round(0.7 * count))} of up to {count}"
        measure = ObjectiveMeasure(title="Expected actions for this objective that are met in time", standard=standard)
        planned[name] = PlannedObjective(measures=(measure,) if count else ())
    return planned


def exercise_text(plan: ExercisePlan, scenario: Scenario, until: str | None = None) -> str:
    """Return the file; `until` is the ENDEX as it was typed, by default that of the last move."""
    templates = environment("wargame.live", "templates", autoescape=False)
    templates.filters |= {
        "duration": lambda seconds: format_duration(seconds or 0),
        "plain": plain_or_quoted,
        "in_flow": partial(plain_or_quoted, in_flow=True),
    }
    return templates.get_template("exercise.yaml.j2").render(plan=plan, scenario=scenario, until=until) + "\n"
