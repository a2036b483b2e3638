"""Forums and agreements: their members and parties, and the options that move them."""

from __future__ import annotations

from wargame.scenario.building.draft import Draft
from wargame.scenario.checks.people import can

OF_PARTIES = frozenset({"accept", "break", "withdraw"})
"""Moves that only the parties to an agreement can make; others may offer and verify."""


def check(draft: Draft) -> None:
    """Report forums and agreements with too few or wrong members or parties, and move by others."""
    _check_forums(draft)
    _check_agreements(draft)
    _check_moves(draft)


def _check_forums(draft: Draft) -> None:
    for name, forum in draft.scenario.forums.items():
        path = ("forums", name)
        if len(forum.members) < 2:
            draft.fault((*path, "members"), "a forum needs at least two members")
        for member in forum.required:
            if member not in forum.members and draft.has("government", member):
                draft.fault((*path, "required", member), f"{member} is required but not a member")
        if forum.strength is not None and not forum.council:
            draft.fault((*path, "strength"), "`strength` is only for councils", "add `council: true`")


def _check_agreements(draft: Draft) -> None:
    for name, agreement in draft.scenario.agreements.items():
        path = ("agreements", name)
        if len(agreement.parties) < 2:
            draft.fault((*path, "parties"), "an agreement needs at least two parties")
        for field in ("rules_out", "benefits"):
            for party in getattr(agreement, field):
                if party not in agreement.parties and draft.has("government", party):
                    draft.fault((*path, field, party), f"{party} is not a party to '{name}'", key=True)
        for party, options in agreement.rules_out.items():
            for option in options:
                can(draft, party, option, (*path, "rules_out", party, option))


def _check_moves(draft: Draft) -> None:
    scenario = draft.scenario
    for name, option in scenario.options.items():
        forum = scenario.forums.get(option.forum.name) if option.forum else None
        for actor in option.by if forum else ():
            if forum and actor not in forum.members and draft.has("government", actor):
                draft.fault(("options", name, "by", actor), f"{actor} is not a member of the forum of '{name}'")
        terms = scenario.agreements.get(option.agreement.name) if option.agreement else None
        for actor in option.by if terms and option.agreement and option.agreement.move in OF_PARTIES else ():
            if terms and actor not in terms.parties and draft.has("government", actor):
                draft.fault(("options", name, "by", actor), f"{actor} is not a party to the agreement of '{name}'")
