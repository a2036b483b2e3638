"""Optional mechanisms of conduct over time: warm start, milestones, offences against talks."""

from __future__ import annotations

from wargame.language.times import format_duration
from wargame.scenario.building.draft import NO_CALENDAR, Draft, Step
from wargame.scenario.checks.actions import check_pattern
from wargame.scenario.model import Forum, Option


def check(draft: Draft) -> None:
    """Reports mechanisms that could not work as written."""
    scenario = draft.scenario
    for name, option in scenario.options.items():
        if option.milestones:
            _check_milestones(draft, option, ("options", name, "milestones"))
    for name, forum in scenario.forums.items():
        _check_restraint(draft, forum, ("forums", name))
    calendar = scenario.calendar
    if scenario.rules.warm_start and calendar is not NO_CALENDAR:
        start, startex = calendar.start, calendar.startex or calendar.start
        if startex == start:
            draft.warn(("rules", "warm_start"), "no history precedes STARTEX: the warm start has no effect")


def _check_milestones(draft: Draft, option: Option, path: tuple[Step, ...]) -> None:
    longest = option.lead[2]
    if list(option.milestones) != sorted(set(option.milestones)):
        draft.fault(path, "the times of `milestones` must be in ascending order")
    for place, time in enumerate(option.milestones):
        if time >= longest:
            draft.fault(
                (*path, place),
                f"the milestone {format_duration(time)} is not before the end of the lead time, "
                f"at most {format_duration(longest)}",
                "choose an earlier milestone, or a longer lead",
            )
    if draft.scenario.rules.reviews is None:
        draft.warn(path, "orders are not reviewed, so milestones have no effect", "add `reviews` to `rules`")


def _check_restraint(draft: Draft, forum: Forum, path: tuple[Step, ...]) -> None:
    for place, pattern in enumerate(forum.offences):
        check_pattern(draft, pattern, (*path, "offences", place))
        for member in pattern.by:
            if member not in forum.members and draft.has("government", member):
                message = f"{member} is not a member of this forum; only members' actions suspend it"
                draft.fault((*path, "offences", place, "by", member), message, "remove it, or add it to `members`")
    if forum.restraint is not None and not forum.offences:
        remedy = "add `offences`, the actions that suspend the forum"
        draft.fault((*path, "restraint"), "no action is an offence against this forum", remedy)
    if forum.resumes is not None and forum.resumes >= forum.patience:
        message = f"a suspended forum collapses after {format_duration(forum.patience)}, before it could resume"
        draft.fault((*path, "resumes"), message, "shorten `resumes`, or lengthen `patience`")
