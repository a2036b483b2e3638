"""Options, and the elements that carry out, match or react to actions, also in the mapping of chronologies."""

import re

from wargame.errors import nearest, shortened
from wargame.language.plain_text import number_in
from wargame.scenario.building.draft import Draft, PathStep
from wargame.scenario.checks.people import aims, can
from wargame.scenario.model import ActionPattern, ActionSpec, HistoryRow, Option, Procedure
from wargame.scenario.model.questions import EventKind

_VERB_PHRASE = re.compile(r"(?:[a-z-]+ly )?[a-z-]*[a-rt-z]s\b")
"""The beginning of a title that can follow an actor: a verb in the third person, perhaps after an adverb."""


def check_actions(draft: Draft) -> None:
    """Report actions that no government can carry out, and invalid options."""
    scenario = draft.scenario
    for name, option in scenario.options.items():
        _check_option(draft, option, ("options", name))
    for name, procedure in scenario.procedures.items():
        _check_procedure(draft, procedure, ("procedures", name))
    for name, hazard in scenario.hazards.items():
        path = ("hazards", name)
        check_bound(draft, hazard.rate, hazard.bound, (*path, "rate"))
        if hazard.action:
            check_action(draft, hazard.action, (*path, "action"))
        elif not hazard.effects:
            draft.fault(path, "the hazard does nothing", "give it an action or effects", key=True)
    for name, outcome in scenario.outcomes.items():
        path = ("outcomes", name)
        if outcome.action:
            check_pattern(draft, outcome.action, (*path, "action"))
        if outcome.exchange and not outcome.exchange.options:
            draft.fault((*path, "exchange", "options"), "an exchange needs at least one option")
        if outcome.hold and outcome.when is None:
            draft.fault((*path, "hold"), "`hold` is only for outcomes with `when`")
    for row in scenario.history:
        _check_row(draft, row, ("history", row.id))


def _check_option(draft: Draft, option: Option, path: tuple[PathStep, ...]) -> None:
    if not option.by:
        draft.fault((*path, "by"), "no government can do it: `by` is empty")
    elif not _VERB_PHRASE.match(option.title):
        message = f"'{option.title}' is not a verb phrase: sentences would say '{option.by[0]} {option.title}'"
        draft.warn((*path, "title"), message, "begin with a verb in the third person, such as 'tests a missile'")
    if option.by and len(option.to) == 1 and option.by == option.to:
        draft.fault((*path, "to"), "its only target is the actor itself")
    least, likeliest, most = option.lead
    if not least <= likeliest <= most:
        draft.fault((*path, "lead"), "the times of `lead` must be in ascending order: least, likeliest, most")
    if option.demands and not option.to:
        draft.fault((*path, "demands"), "an option with `demands: true` needs a target", "add `to`")
    for actor, between in option.responses_between.items():
        where = (*path, "responses_between", actor)
        if actor not in option.by:
            draft.fault(where, f"{actor} cannot do it", f"name one of {', '.join(option.by)}", key=True)
        for target in between:
            if target not in option.to:
                remedy = f"name one of {', '.join(option.to)}" if option.to else "add `to`"
                draft.fault((*where, target), f"{target} cannot be its target", remedy, key=True)
    if option.failure and option.chance == 1.0:
        draft.warn((*path, "failure"), "it never fails: its chance is 1")


def _check_procedure(draft: Draft, procedure: Procedure, path: tuple[PathStep, ...]) -> None:
    check_pattern(draft, procedure.on, (*path, "on"))
    if 0 < procedure.latest < procedure.after:
        draft.fault((*path, "latest"), "`latest` is before `after`", "write a longer time, or leave it out")
    can(draft, procedure.government, procedure.does, (*path, "does"))
    order = next((row for row in draft.scenario.history if row.id == procedure.delegated), None)
    if procedure.delegated is not None and (not order or order.when or procedure.government not in order.by):
        message = f"'{procedure.delegated}' is no row of the history by {procedure.government} that always happens"
        draft.fault((*path, "delegated"), message, "name the row with which it gave the order")
    does = draft.scenario.options.get(procedure.does)
    if does is None:
        return
    if procedure.to is None and does.to:
        draft.fault((*path, "does"), f"'{procedure.does}' needs a target", "add `to`, a government or `actor`")
    elif procedure.to is not None and procedure.to != "actor":
        draft.knows((*path, "to"), "government", procedure.to)
        aims(draft, procedure.does, procedure.to, (*path, "to"))
    elif procedure.to == "actor" and not does.to:
        draft.fault((*path, "to"), f"'{procedure.does}' has no target")


def check_bound(draft: Draft, rate: str, bound: float | None, path: tuple[PathStep, ...]) -> None:
    """Report a constant rate that is negative or above its bound."""
    number = number_in(rate)
    if number < 0 or (bound is not None and number > bound):
        draft.fault(path, f"the rate is {number:g} per year; it must be from 0 to its bound {bound or 0:g}")


def _check_row(draft: Draft, row: HistoryRow, path: tuple[PathStep, ...]) -> None:
    if row.option:
        if not row.by:
            draft.fault((*path, "option"), "an action of the history needs an actor", "add `by`")
        for government in row.by:
            can(draft, government, row.option, (*path, "by", government))
        for target in row.to:
            aims(draft, row.option, target, (*path, "to", target))
        option = draft.scenario.options.get(row.option)
        if option and option.to and not row.to:
            draft.fault((*path, "option"), f"'{row.option}' needs a target", "add `to`")
    for target in row.to:
        if row.by == (target,):
            draft.fault((*path, "to", target), f"{target} cannot be its own target")


def check_action(draft: Draft, action: ActionSpec, path: tuple[PathStep, ...]) -> None:
    """Report an action that its government cannot carry out towards its target."""
    can(draft, action.by, action.option, (*path, "by"))
    option = draft.scenario.options.get(action.option)
    if action.to is not None:
        aims(draft, action.option, action.to, (*path, "to"))
        if action.to == action.by:
            draft.fault((*path, "to"), f"{action.to} cannot be its own target")
    elif option and option.to:
        draft.fault((*path, "option"), f"'{action.option}' needs a target", f"add `to`: {', '.join(option.to)}")


def check_pattern(draft: Draft, pattern: ActionPattern, path: tuple[PathStep, ...]) -> None:
    """Report a pattern that no action can match, as a whole or for one of its governments."""
    if not pattern.options:
        draft.fault((*path, "options"), "at least one option is required")
    options = [draft.scenario.options.get(name) for name in pattern.options]
    known = [option for option in options if option]
    if len(known) < len(options) or not known:
        return
    for field, governments in (("by", pattern.by), ("to", pattern.to)):
        reach = {each for option in known for each in getattr(option, field)}
        problem = "cannot do any of" if field == "by" else "cannot be the target of any of"
        remedy = f"only {', '.join(sorted(reach))}" if reach else "no government can"
        for each in draft.strangers(governments, reach):
            draft.fault((*path, field, each), f"{each} {problem}: {', '.join(pattern.options)}", remedy)


def check_chronology(draft: Draft) -> None:
    """Report kinds without events or actors, and kinds that are both scored and unscored."""
    events = draft.scenario.events
    for name, kind in events.kinds.items():
        path = ("events", "kinds", name)
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
                message = f"{actor} can do none of these actions"
                draft.fault((*path, "actors", actor), message, "remove it, or add actions")
    scored = {each for name, kind in events.kinds.items() for each in (kind.kinds or (name,))}
    for name in events.unscored:
        if name in scored:
            draft.fault(("events", "unscored", name), f"'{name}' is scored in `kinds`", "remove it here", key=True)
    for name in events.names:
        if draft.has("government", name):
            draft.fault(("events", "names", name), f"{name} is a government of the scenario", key=True)


def _check_actions(draft: Draft, actions: ActionPattern, path: tuple[PathStep, ...]) -> None:
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
