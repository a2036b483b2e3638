"""The origins of a backtest: arms of batches, each with its STARTEX, its runs, and what the exercise scripted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.errors import Invalid, Problem, UsageFault, nearest
from wargame.language.times import DAY
from wargame.scenario.model import Scenario
from wargame.simulation.exercise import Exercise

if TYPE_CHECKING:
    import pandas as pd

    from wargame.batch.api import Batch
    from wargame.scenario.loading.load import Loaded
    from wargame.world.calendar import RunCalendar

FEWEST = 4
"""Runs of an origin below which a probability says nothing."""
FEW = 50
"""Below so many it is told that there are few."""
NEAR = 3
"""An event of the chronology within so many days of a scripted one of the same kind and actor is that one."""
SCRIPTED = ("history", "inject at")
"""Who wanted an action that the exercise scripted."""


@dataclass(frozen=True, slots=True)
class Scripted:
    """What the exercise makes happen on a day whatever the governments decide; `id` of its row or inject.

    `option` is its action; empty if it has none, or lies before STARTEX.
    """

    id: str
    day: date
    actors: tuple[str, ...]
    option: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A day from which futures are scored: that of a STARTEX, or `lead` days later.

    `events` are those of its runs from that day on, scripted ones left out. It has the columns place (of the run, from
    0), at (whole days from `day`), kind, who, option, target.
    """

    batch: str
    arm: str
    day: date
    length: int
    runs: int
    failed: int
    ended: int
    """Runs that an outcome ended."""
    events: pd.DataFrame
    scripted: tuple[Scripted, ...]
    actions_only: bool
    """The batch is of a version that kept neither forums nor injects."""


def mapped(batches: Sequence[Batch]) -> Scenario:
    """The scenario of all batches with its mapping; Invalid if they are of several, or it has none."""
    first = batches[0].prepared.loaded
    for other in batches[1:]:
        loaded = other.prepared.loaded
        if loaded.scenario_sha256 != first.scenario_sha256:
            same = loaded.scenario.name == first.scenario.name
            which = "another version of it" if same else f"'{loaded.scenario.name}'"
            message = f"this is a batch of {which}; {batches[0].call} is of '{first.scenario.name}'"
            raise Invalid([Problem(other.call, 0, 0, message, "score batches of one scenario together")])
    if first.scenario.events.kinds:
        return first.scenario
    now = _as_it_is_now(first)
    if now is not None:
        return replace(first.scenario, events=now.events)
    message = f"the scenario '{first.scenario.name}' of this batch does not say what events of a chronology are in it"
    remedy = "score a batch of the scenario that the chronology is about, or write the section `events` and play again"
    raise Invalid([Problem(batches[0].call, 0, 0, message, remedy)])


def _as_it_is_now(loaded: Loaded) -> Scenario | None:
    """The built-in scenario, if it differs from that of an older batch in nothing that runs depend on."""
    from wargame.scenario.loading import catalogue
    from wargame.scenario.loading.load import load

    if loaded.scenario.name not in {entry.name for entry in catalogue.scenarios()}:
        return None
    now = load(loaded.scenario.name)
    fits = now.scenario_sha256 == loaded.scenario_sha256 and now.scenario.events.kinds
    return now.scenario if fits else None


def origins(batches: Sequence[Batch], arms: Sequence[str], lead: int = 0) -> tuple[Origin, ...]:
    """The origins by date, `lead` days after the STARTEX dates.

    Invalid if a batch keeps no events or has too few runs or days, UsageFault if arms are unclear.
    """
    problems = [
        Problem(batch.call, 0, 0, "this batch keeps no events", "play it with --events, or `events: true` in the study")
        for batch in batches
        if not batch.prepared.study.events
    ]
    if problems:
        raise Invalid(problems)
    found = [origin for batch in batches for origin in _of_batch(batch, arms, lead)]
    for origin in found:
        if origin.runs < FEWEST:
            message = f"arm '{origin.arm}' has {origin.runs} run{'' if origin.runs == 1 else 's'}: too few for a score"
            remedy = f"wargame batch {origin.batch} -n 200 plays more; at least {FEWEST}, better {FEW}"
            problems.append(Problem(origin.batch, 0, 0, message, remedy))
        if lead and origin.length <= 0:
            message = f"arm '{origin.arm}' is over {origin.length + lead} days after its STARTEX: nothing is left"
            problems.append(Problem(origin.batch, 0, 0, message, "play longer runs, or give a shorter --lead"))
    if problems:
        raise Invalid(problems)
    _check_days(found)
    return tuple(sorted(found, key=lambda origin: (origin.day, origin.batch, origin.arm)))


def _check_days(found: Sequence[Origin]) -> None:
    seen: dict[date, Origin] = {}
    for origin in found:
        other = seen.setdefault(origin.day, origin)
        if other is not origin:
            both = f"'{other.arm}' of {other.batch} and '{origin.arm}' of {origin.batch}"
            remedy = (
                "leave out a batch"
                if other.arm == origin.arm
                else "choose one of them with --arm, or leave out a batch"
            )
            raise UsageFault(f"{both} both begin on {origin.day}: {remedy}")


def _of_batch(batch: Batch, wanted: Sequence[str], lead: int) -> list[Origin]:
    names = batch.prepared.names
    for name in wanted:
        if name not in names:
            hint = nearest(name, names) or f"there are {', '.join(names)}"
            raise UsageFault(f"{batch.call} has no arm '{name[:60]}' ({hint})")
    places = {name: _place(batch, name) for name in wanted or names}
    by_day: dict[date, list[str]] = {}
    for name, (calendar, _) in places.items():
        by_day.setdefault(calendar.at(calendar.startex).date(), []).append(name)
    chosen = []
    for day, arms in sorted(by_day.items()):
        base = batch.prepared.study.against
        if len(arms) > 1 and base not in arms:
            raise UsageFault(f"arms {', '.join(arms)} of {batch.call} all begin on {day}: choose one with --arm NAME")
        chosen.append(arms[0] if len(arms) == 1 else base)
    rows, events = batch.frame(), batch.events(None)
    return [_led(_origin(batch, name, places[name], rows, events), lead) for name in chosen]


def _place(batch: Batch, arm: str) -> tuple[RunCalendar, int]:
    """The calendar of an arm's runs and when they end at the latest."""
    prepared = batch.prepared
    exercise = Exercise(prepared.scenario_of(arm, 0), prepared.study.seed, prepared.settings(arm, 0))
    return exercise.calendar, exercise.end


def _origin(batch: Batch, arm: str, place: tuple[RunCalendar, int], rows: pd.DataFrame, events: pd.DataFrame) -> Origin:
    calendar, end = place
    mine = rows[rows["arm"] == arm]
    good = mine[mine["status"] == "ok"]
    startex = calendar.at(calendar.startex)
    script = _scripted(batch, arm, calendar)
    told = _laid_out(events[events["arm"] == arm], good["replication"].to_numpy(), startex.timestamp(), calendar)
    old = not told["source"].astype(bool).any() and not (told["kind"] != "action").any()
    return Origin(
        batch=batch.call,
        arm=arm,
        day=startex.date(),
        length=(end - calendar.startex) // DAY,
        runs=len(good),
        failed=len(mine) - len(good),
        ended=int((good["ended"] != "endex").sum()),
        events=_unscripted(told, script, startex.date(), old=old),
        scripted=script,
        actions_only=old and len(told) > 0,
    )


def _led(origin: Origin, lead: int) -> Origin:
    """The same some days later: what came before is no forecast."""
    events = origin.events[origin.events["at"] >= lead]
    return replace(
        origin,
        day=origin.day + timedelta(days=lead),
        length=origin.length - lead,
        events=events.assign(at=events["at"] - lead),
    )


def _laid_out(
    events: pd.DataFrame, replications: NDArray[np.int64], start: float, calendar: RunCalendar
) -> pd.DataFrame:
    """Events of good runs, with the place of the run and whole local days from that of STARTEX."""
    from datetime import datetime

    places = {int(replication): place for place, replication in enumerate(replications)}
    kept = events[events["replication"].isin(places)]
    first = datetime.fromtimestamp(start, calendar.zone).date().toordinal()
    local = [
        datetime.fromtimestamp(start + round(day * DAY), calendar.zone).date().toordinal() - first
        for day in kept["day"].unique()
    ]
    at = kept["day"].map(dict(zip(kept["day"].unique(), local, strict=True))).astype("int64")
    return kept.assign(place=kept["replication"].map(places).astype("int64"), at=at).reset_index(drop=True)


def _unscripted(told: pd.DataFrame, script: Sequence[Scripted], origin: date, *, old: bool) -> pd.DataFrame:
    """Without actions that the exercise made happen; older batches do not say which, so there day and action decide."""
    if not old:
        return told[~((told["kind"] == "action") & told["source"].isin(SCRIPTED))]
    fixed = {(actor, each.option, (each.day - origin).days) for each in script for actor in each.actors}
    rows = zip(told["who"], told["option"], told["at"], strict=True)
    return told[[row not in fixed for row in rows]]


def _scripted(batch: Batch, arm: str, calendar: RunCalendar) -> tuple[Scripted, ...]:
    """What the exercise makes happen in this arm: exogenous rows, rows of scripted seats, injects with fixed times."""
    loaded, spec = batch.prepared.arms[arm], batch.prepared.arms_of[arm]
    origin = calendar.at(calendar.startex).date()
    made = []
    for row in loaded.scenario.history:
        seconds, seats = calendar.seconds(row.at), bool(row.by) and all(spec.seats.get(g) == "script" for g in row.by)
        day = calendar.at(seconds).date()
        before = day == origin and seconds < calendar.startex  # replayed on the very day, before anybody decides
        if row.id not in spec.skip and (row.mark == "exogenous" or seats or before):
            made.append(Scripted(row.id, day, row.by, "" if before else row.option or "", row.to))
    for inject in loaded.injects:
        if inject.at is not None and inject.enabled and inject.id not in spec.skip and inject.action is not None:
            day, action = calendar.at(calendar.seconds(inject.at)).date(), inject.action
            made.append(Scripted(inject.id, day, (action.by,), action.option, (action.to,) if action.to else ()))
    return tuple(made)
