"""The mapping of chronologies: that each kind can come about in the model, and is one of somebody."""

from __future__ import annotations

from wargame.errors import nearest
from wargame.scenario.building.draft import Draft, Step
from wargame.scenario.checks.people import aims, can
from wargame.scenario.model.chronology import ActionsOf, EventKind


def check(draft: Draft) -> None:
    """Reports kinds of nothing and of nobody, and kinds of a chronology that are both scored and not."""
    events = draft.scenario.events
    for name, kind in events.kinds.items():
        _check_kind(draft, kind, ("events", "kinds", name))
    scored = {each for name, kind in events.kinds.items() for each in (kind.kinds or (name,))}
    for name in events.unscored:
        if name in scored:
            draft.fault(("events", "unscored", name), f"'{name}' is scored: see `kinds`", "leave it out here", key=True)
    for name in events.names:
        if draft.has("government", name):
            draft.fault(("events", "names", name), f"{name} is a government of the scenario", key=True)


def _check_kind(draft: Draft, kind: EventKind, path: tuple[Step, ...]) -> None:
    if not (kind.actions or kind.steps or kind.injects):
        draft.fault(path, "nothing in the model is such an event", "add `actions`, `steps` or `injects`", key=True)
    if not kind.actors:
        draft.fault((*path, "actors"), "whose events are scored? `actors` is empty")
    for place, actions in enumerate(kind.actions):
        _check_actions(draft, actions, (*path, "actions", place))
    known = {*draft.reading.ids["government"], *draft.scenario.events.names}
    for actor in kind.actors:
        if actor not in known:
            remedy = nearest(actor, sorted(known)) or "a government, or a name of `events.names`"
            draft.fault((*path, "actors", actor), f"unknown actor '{actor[:60]}'", remedy)
        elif not (kind.steps or kind.injects or _may(draft, kind, actor)):
            draft.fault((*path, "actors", actor), f"{actor} does none of these actions", "leave it out, or add actions")


def _check_actions(draft: Draft, actions: ActionsOf, path: tuple[Step, ...]) -> None:
    if not actions.options:
        draft.fault((*path, "options"), "it needs at least one option")
    if len(actions.options) == 1:
        for government in actions.by:
            can(draft, government, actions.options[0], (*path, "by", government))
        for government in actions.to:
            aims(draft, actions.options[0], government, (*path, "to", government))


def _may(draft: Draft, kind: EventKind, actor: str) -> bool:
    """Whether an action of this kind can be one of this actor."""
    options = draft.scenario.options
    for actions in kind.actions:
        for name in actions.options:
            made = options.get(name)
            if made is None or (actor in made.by and actor in (actions.by or made.by)):
                return True
            if kind.mutual and actor in made.to and actor in (actions.to or made.to):
                return True
    return False
