"""`wargame plan`."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Annotated

import typer

from wargame.cli import lib, options
from wargame.cli.output import print_blocks, print_json, print_next
from wargame.errors import UsageFault
from wargame.language.times import DAY, Time, format_duration, parse_time

MOST_MOVES = 100


def command(
    scenario: options.Scenario,
    *,
    wall: Annotated[str, options.option("--wall", "TIME", "plan")] = "3h",
    moves: Annotated[int, options.option("--moves", "N", "plan", min=1, max=MOST_MOVES)] = 6,
    seats: Annotated[str | None, options.option("--seats", "GOV,GOV", "plan")] = None,
    injects: options.Injects = None,
    only_injects: Annotated[bool, options.flag("--only-injects", "plan")] = False,
    startex: Annotated[str | None, options.option("--startex", "DATE", "plan")] = None,
    until: Annotated[str | None, options.option("--until", "T", "plan")] = None,
    out: Annotated[Path | None, options.out_file("plan")] = None,
    shown: options.Shown,
) -> None:
    """Propose moves, their times in both clocks, breaks and stops, and write them to an exercise file."""
    from wargame.cli.print import chosen_governments

    if lib.find_exercise(scenario):
        raise UsageFault(f"{scenario} is an exercise already (wargame validate checks it); give a scenario")
    if only_injects and not injects:
        raise UsageFault("--only-injects needs --injects FILE")
    place = Path(scenario)
    path = out or (place if place.is_dir() else place.parent if place.is_file() else Path()) / "exercise.yaml"
    if path.suffix.lower() not in lib.catalogue.SUFFIXES:
        raise UsageFault(f"--out {path}: choose a name that ends in .yaml")
    if path.exists():
        raise UsageFault(f"{path} exists already; choose another name with --out")
    loaded, begin = _loaded(scenario, injects or [], startex, only_injects=only_injects)
    chosen = chosen_governments(seats, loaded.scenario.governments) or list(loaded.scenario.governments)
    plan = lib.propose(
        loaded,
        wall=lib.read_wall(wall),
        moves=moves,
        seats=chosen,
        until=None if until is None else lib.lookup.read(parse_time, until, "--until"),
        injects=tuple(_named(name, path) for name in injects or ()),
        scenario_injects=not only_injects,
    )
    plan = replace(plan, startex=begin)
    _check_scenario(path, loaded)
    lib.write_output(path, lib.exercise_text(plan, loaded.scenario, until).encode(), own=lib.catalogue.SUFFIXES)
    if shown.as_json:
        print_json({"file": str(path), "moves": [{"game": move.game, "wall": move.wall} for move in plan.moves]})
        return
    if not shown.quiet:
        _print(plan, loaded)
    typer.echo(str(path))
    if not shown.quiet:
        print_next(f"wargame play {shlex.quote(str(path))}")


def _loaded(
    scenario: str, injects: list[str], startex: str | None, *, only_injects: bool
) -> tuple[lib.Loaded, Time | None]:
    """Return what is played, and STARTEX if it is another one; UsageFault if that is not in the scenario."""
    loaded = lib.load(scenario, injects)
    if only_injects:
        scenarios_own = {inject.id for inject in lib.load(scenario).injects}
        loaded = replace(loaded, injects=tuple(each for each in loaded.injects if each.id not in scenarios_own))
    if startex is None:
        return loaded, None
    begin, calendar = lib.lookup.read(parse_time, startex, "--startex"), lib.RunCalendar(loaded.scenario.calendar)
    if begin.local is None or not 0 <= calendar.seconds(begin) < calendar.end:
        first, last = calendar.at(0), calendar.at(calendar.end)
        raise UsageFault(f"--startex {startex}: give a date of the scenario, {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    moved = replace(loaded.scenario.calendar, startex=begin)
    return replace(loaded, scenario=replace(loaded.scenario, calendar=moved)), begin


def _named(name: str, path: Path) -> str:
    """Return an inject file as the exercise names it: relative to the exercise, or built in."""
    file = Path(name)
    if not file.exists():
        return name
    relative = os.path.relpath(file.resolve(), path.resolve().parent)
    if relative.startswith(".."):
        raise UsageFault(f"--injects {name}: put the inject file into the folder of the exercise, {path.parent}")
    return Path(relative).as_posix()


def _check_scenario(path: Path, loaded: lib.Loaded) -> None:
    """Raise UsageFault if an exercise in this place would not find the scenario."""
    try:
        lib.scenario_of(path, loaded.scenario.name)
    except UsageFault:
        message = "an exercise finds its scenario in its folder, in the one above or built in"
        raise UsageFault(f"{path}: {message}; choose such a place with --out") from None


def _print(plan: lib.ExercisePlan, loaded: lib.Loaded) -> None:
    """Print the timetable in both clocks."""
    calendar = lib.RunCalendar(loaded.scenario.calendar)
    calendar.end = calendar.startex + sum(move.game for move in plan.moves)
    dates = [calendar.seconds(each.at) for each in loaded.injects if each.at]
    rows: list[tuple[str, ...]] = []
    ends = [calendar.startex, *accumulate((move.game for move in plan.moves), initial=calendar.startex)]
    hours = " %H:%M" if any((t - ends[0]) % DAY for t in ends) or calendar.at(ends[0]).hour else ""
    for row in lib.timetable(plan, calendar):
        span = f"{lib.clock_text(plan, row.wall_start)}-{lib.clock_text(plan, row.wall_end)}"
        if row.kind != lib.MOVE:
            rows.append((span, row.title, "", "", "", ""))
            continue
        length, due = row.end - row.start, sum(row.start <= t < row.end for t in dates)
        pace = lib.pace_text(length / (row.wall_end - row.wall_start))
        first, last = calendar.at(row.start), calendar.at(row.end)
        same = bool(hours) and first.date() == last.date()
        game = f"{first:%Y-%m-%d{hours}} to {last:{hours.strip() if same else f'%Y-%m-%d{hours}'}}"
        rows.append((span, row.title, game, format_duration(length), pace, str(due)))
    print_blocks([lib.Grid("", ("Room", "What", "Game", "Length", "Pace", "Injects"), tuple(rows))])
    typer.echo(f"Human seats: {', '.join(plan.seats)}. {lib.stops_text(plan.stops)}")
