"""The mapping of chronologies: each kind must be possible in the model and have actors."""

from __future__ import annotations

from wargame.errors import nearest, shortened
from wargame.scenario.building.draft import Draft, Step
from wargame.scenario.checks.people import aims, can
from wargame.scenario.model.chronology import ActionsOf, EventKind


def check(draft: Draft) -> None:
    """Report kinds without events or actors, and kinds that are both scored and unscored."""
    events = draft.scenario.events
    for name, kind in events.kinds.items():
        _check_kind(draft, kind, ("events", "kinds", name))
    scored = {each for name, kind in events.kinds.items() for each in (kind.kinds or (name,))}
    for name in events.unscored:
        if name in scored:
            draft.fault(("events", "unscored", name), f"'{name}' is scored in `kinds`", "remove it here", key=True)
    for name in events.names:
        if draft.has("government", name):
            draft.fault(("events", "names", name), f"{name} is a government of the scenario", key=True)


def _check_kind(draft: Draft, kind: EventKind, path: tuple[Step, ...]) -> None:
    if not (kind.actions or kind.steps or kind.injects):
        draft.fault(path, "no event of the model has this kind", "add `actions`, `steps` or `injects`", key=True)
    if not kind.actors:
        draft.fault((*path, "actors"), "`actors` is empty: it names the governments whose events are scored")
    for place, actions in enumerate(kind.actions):
        _check_actions(draft, actions, (*path, "actions", place))
    known = {*draft.reading.ids["government"], *draft.scenario.events.names}
    for actor in kind.actors:
        if actor not in known:
            remedy = nearest(actor, sorted(known)) or "a government, or a name of `events.names`"
            draft.fault((*path, "actors", actor), f"unknown actor '{shortened(actor)}'", remedy)
        elif not (kind.steps or kind.injects or _may(draft, kind, actor)):
            draft.fault((*path, "actors", actor), f"{actor} can do none of these actions", "remove it, or add actions")


def _check_actions(draft: Draft, actions: ActionsOf, path: tuple[Step, ...]) -> None:
    if not actions.options:
        draft.fault((*path, "options"), "at least one option is required")
    if len(actions.options) == 1:
        for government in actions.by:
            can(draft, government, actions.options[0], (*path, "by", government))
        for government in actions.to:
            aims(draft, actions.options[0], government, (*path, "to", government))


def _may(draft: Draft, kind: EventKind, actor: str) -> bool:
    """Return whether this actor can do, or be the target of, an action of this kind."""
    options = draft.scenario.options
    for actions in kind.actions:
        for name in actions.options:
            option = options.get(name)
            if option is None or (actor in option.by and actor in (actions.by or option.by)):
                return True
            if kind.mutual and actor in option.to and actor in (actions.to or option.to):
                return True
    return False
