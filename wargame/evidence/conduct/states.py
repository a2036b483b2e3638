"""Kinds about states: promises, what already holds, talks in session, agreements in force, strategies, seasons.

The name of a function is the id of its kind. It yields cases: the event that is absurd and those that make it so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wargame.evidence.conduct.chronicle import Chronicle, Event
from wargame.evidence.conduct.sequences import fits
from wargame.language.expressions import parse
from wargame.world.calendar import RunCalendar

Cases = Iterator[tuple[Event, ...]]


def third_party_promise(story: Chronicle) -> Cases:
    """Promises of a concession to a third government that the receiver does not promise as well."""
    promises = [each for each in story.events if each.kind == "commitment"]
    given = {(each.t, each.who, each.what, each.step) for each in promises}
    for each in promises:
        option = story.scenario.options.get(each.what)
        third = each.step and each.step not in each.pair and (each.t, each.whom, each.what, each.step) not in given
        if (
            third
            and option
            and option.goldstein > 0
            and not fits(replace(each, kind="action", option=option), "initiative")
        ):
            yield (each,)


def demand_already_met(story: Chronicle) -> Cases:
    """Return the first demand for something that its addressee has done and that still holds."""
    seen: set[int] = set()
    for each in story.events:
        wanted = each.named if each.kind == "demand" else ()
        done = next((one for name in wanted if (one := _still_set(story, each, name, each.whom))), None)
        if done and done.place not in seen:
            seen.add(done.place)
            yield each, done


def state_set_again(story: Chronicle) -> Cases:
    """Actions that set a state which the same government has set and nothing has changed since."""
    for each in story.events:
        fresh = each.decided and not fits(each, "passing")
        if fresh and (done := _still_set(story, each, each.what, each.who, each.whom)):
            yield each, done


def threat_in_session(story: Chronicle) -> Cases:
    """Open threats and attacks between members of talks in session, or attacks on an ally of a member."""
    for each in story.events:
        attack = fits(each, "attack")
        if not attack and not fits(each, "threat"):
            continue
        allies = story.allies(each.whom) if attack else frozenset[str]()
        for session in story.standing(each, "forum"):
            forum = story.scenario.forums[session.what]
            members = frozenset(forum.members if session.step == "convened" and not forum.council else ())
            if each.who in members and (members - {each.who}) & {each.whom, *allies}:
                yield each, session


def agreement_circumvented(story: Chronicle) -> Cases:
    """Return what an agreement in force forbids to a party, done by an ally that it does not bind."""
    for each in filter(lambda event: event.decided, story.events):
        for agreement in story.standing(each, "agreement"):
            bound = story.scenario.agreements[agreement.what].rules_out
            allied = any(each.what in bound[party] for party in story.allies(each.who) if party in bound)
            if agreement.step in ("in_force", "verified") and each.who not in bound and allied:
                yield each, agreement


def strategy_given_up(story: Chronicle) -> Cases:
    """Strategies that their own leader gives up within three months; a new stage is the same strategy."""
    least, last = 3 * story.scenario.rules.response_window, dict[str, Event]()
    for each in story.events:
        before = last.get(each.who, each)
        turned = each.kind == "strategy" and before.what != each.what
        if turned and before.kind == "strategy" and each.t - before.t < least:
            yield each, before
        if turned or each.kind == "leader":
            last[each.who] = each


def out_of_season(story: Chronicle) -> Cases:
    """Actions outside the days of the year to which the condition of their option binds them."""
    calendar = RunCalendar(story.scenario.calendar)
    for each in story.events:
        events = parse(each.option.requires).events if each.option.requires else ()
        days, today = [spans for name, spans in events if name == "yearly"], calendar.month_day(each.t)
        if days and not any(a <= today <= b if a <= b else today >= a or today <= b for a, b in days):
            yield (each,)


def _still_set(story: Chronicle, now: Event, name: str, who: str, whom: str | None = None) -> Event | None:
    """Return the last action by which a government set what this option sets, if it still holds."""
    done_before = (each for each in reversed(story.events[: now.place]) if (each.what, each.who) == (name, who))
    done = next((each for each in done_before if each.kind == "action" and whom in (None, each.whom)), None)
    if done is None:
        return None
    fixed = {path: effect.to for path, effect in done.option.effects.items() if isinstance(effect.to, int | float)}
    held = {path.replace("actor", who).replace("target", done.whom): to for path, to in fixed.items()}
    between = story.events[done.place + 1 : now.place]
    return done if held and not any(_undoes(each, name, held) for each in between) else None


def _undoes(event: Event, name: str, held: dict[str, float]) -> bool:
    """Whether an event moves an indicator away, or its condition reads it: a step taken shows that a pause is over."""
    moved = [(event.effects[path], to) for path, to in held.items() if path in event.effects]
    if any(abs(after - to) > abs(before - to) + 1e-9 for (before, after), to in moved):
        return True
    reads = parse(event.option.requires).reads if event.option.requires and event.what != name else ()
    return any(read.name == path.partition("[")[0] for read in reads for path in held)
