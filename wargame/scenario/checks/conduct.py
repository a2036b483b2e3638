"""Forums and agreements, and optional mechanisms of conduct over time: warm start, milestones, offences."""

from wargame.language.times import format_duration
from wargame.scenario.building.draft import NO_CALENDAR, Draft, PathStep
from wargame.scenario.checks.actions import check_pattern
from wargame.scenario.checks.formulas import parsed
from wargame.scenario.checks.people import can
from wargame.scenario.model import Absurdity, Agreement, Forum, Option, Plan, Strategy
from wargame.scenario.model.events import RECORDED
from wargame.scenario.model.governments import Government, Stage, StageExit
from wargame.scenario.model.indicators import ENGINE

OF_PARTIES = frozenset({"accept", "break", "withdraw"})
"""Moves that only the parties to an agreement can make; others may offer and verify."""


def check_conduct(draft: Draft) -> None:
    """Report forums, agreements and mechanisms that could not work as written."""
    scenario = draft.scenario
    for name, option in scenario.options.items():
        _check_moves(draft, name, option)
        _check_hosts(draft, option, ("options", name, "hosts"))
        if option.milestones:
            _check_milestones(draft, option, ("options", name, "milestones"))
    for name, forum in scenario.forums.items():
        _check_restraint(draft, forum, ("forums", name))
        _check_council(draft, name, forum)
        _check_rounds(draft, name, forum)
        _check_members(draft, name, forum)
    for name, agreement in scenario.agreements.items():
        _check_parties(draft, name, agreement)
    for name, plan in scenario.plans.items():
        _check_plan(draft, plan, ("plans", name))
    for name, absurdity in scenario.absurdities.items():
        _check_absurdity(draft, absurdity, ("absurdities", name))
    for name, government in scenario.governments.items():
        _check_vetoes(draft, name, government)
    _check_routine(draft)
    _check_visits(draft)
    for name, strategy in scenario.strategies.items():
        _check_exits(draft, name, strategy)
    calendar = scenario.calendar
    if scenario.rules.warm_start and calendar is not NO_CALENDAR:
        start, startex = calendar.start, calendar.startex or calendar.start
        if startex == start:
            draft.warn(("rules", "warm_start"), "no history precedes STARTEX: the warm start has no effect")


def _check_moves(draft: Draft, name: str, option: Option) -> None:
    """Report moves in forums and agreements by others than their members and parties."""
    forum = draft.scenario.forums.get(option.forum.name) if option.forum else None
    for actor in draft.strangers(option.by, forum.members) if forum else ():
        draft.fault(("options", name, "by", actor), f"{actor} is not a member of the forum of '{name}'")
    terms = draft.scenario.agreements.get(option.agreement.name) if option.agreement else None
    if terms and option.agreement and option.agreement.move in OF_PARTIES:
        for actor in draft.strangers(option.by, terms.parties):
            draft.fault(("options", name, "by", actor), f"{actor} is not a party to the agreement of '{name}'")


def _check_hosts(draft: Draft, option: Option, path: tuple[PathStep, ...]) -> None:
    """Report hosts that are unknown, or a target where there is none."""
    for host in option.hosts:
        if host == "target" and not option.to:
            draft.fault((*path, host), "the option has no target", "name a government, or add `to`")
        elif host != "target":
            draft.knows((*path, host), "government", host)


def _check_vetoes(draft: Draft, name: str, government: Government) -> None:
    """Report vetoes over actions of other governments."""
    for body, veto in government.vetoes.items():
        path: tuple[PathStep, ...] = ("governments", name, "vetoes", body, "over")
        check_pattern(draft, veto.over, path)
        for option in veto.over.options:
            can(draft, name, option, (*path, "options", option))
        if veto.over.by:
            draft.fault((*path, "by"), f"a veto concerns actions of its own government, {name}", "remove it", key=True)


def _check_absurdity(draft: Draft, absurdity: Absurdity, path: tuple[PathStep, ...]) -> None:
    """Report a kind that no action can match, or a condition about what no journal records."""
    check_pattern(draft, absurdity.action, (*path, "action"))
    expression, shown = parsed(absurdity.when or "1"), [name for names in RECORDED.values() for name in names]
    for read in expression.reads if expression else ():
        if read.name not in shown and (draft.has("indicator", read.name) or read.name in ENGINE):
            remedy = f"use count, days_since, leads, follows or yearly, or a state: {', '.join(shown)}"
            draft.fault((*path, "when"), f"a journal does not show `{read}` at each action", remedy)
    if expression and ("day", ()) in expression.events:
        draft.fault((*path, "when"), "`day` depends on the STARTEX of a run", "use `days_since`, `month` or `year`")


def _check_exits(draft: Draft, name: str, strategy: Strategy) -> None:
    """Report stages that cannot be left, and exits that lead nowhere."""
    turns = draft.scenario.rules.aspirations is not None
    chosen = any(name in leader.repertoire for leader in draft.scenario.leaders.values())
    for place, stage in enumerate(strategy.stages):
        path: tuple[PathStep, ...] = ("strategies", name, "stages", place)
        last = place == len(strategy.stages) - 1
        for number, each in enumerate(stage.exits):
            _check_exit(draft, name, each, (*path, "exits", number))
            _check_return(draft, name, stage, each, (*path, "exits", number))
            first = strategy.stages[0].name
            if each.to in (None, name) and (each.stage or first) == stage.name:
                message = f"this exit leads back to the stage '{stage.name}' itself"
                draft.fault((*path, "exits", number), message, "name another `stage`, or a strategy with `to`")
        if stage.until is None and not stage.exits and not last:
            message = f"the stage '{stage.name}' has no exit, so that later stages are never reached"
            (draft.fault if turns else draft.warn)((*path, "name"), message, "add `until` or `exits`")
        elif turns and last and chosen and not stage.exits and strategy.aim is None:
            message = f"a leader may turn to '{name}' and never leave it: no exit of its last stage, and no `aim`"
            draft.warn((*path, "name"), message, "add `exits` to the stage, or an `aim` to the strategy")
        for interest in stage.interests:
            leaders = [each for each in draft.scenario.leaders.values() if name in (each.strategy, *each.repertoire)]
            if leaders and not any(interest in each.interests for each in leaders):
                message = f"no leader who follows '{name}' has the interest {interest}"
                remedy = "add it to `interests` of the leader, where 0 stands for none"
                draft.fault((*path, "interests", interest), message, remedy, key=True)


def _check_exit(draft: Draft, name: str, each: StageExit, path: tuple[PathStep, ...]) -> None:
    if each.when is None and not each.after:
        draft.fault(path, "this exit is always open", "add `when`, `after` or both")
    target = draft.scenario.strategies.get(each.to or name)
    if target is not None and each.stage is not None and each.stage not in {stage.name for stage in target.stages}:
        known = ", ".join(stage.name for stage in target.stages)
        message = f"the strategy '{each.to or name}' has no stage '{each.stage}'"
        draft.fault((*path, "stage"), message, f"stages: {known}")


def _check_return(draft: Draft, name: str, stage: Stage, each: StageExit, path: tuple[PathStep, ...]) -> None:
    """Report an exit to a stage that leads back at once under the same condition; once for the two."""
    here, to, strategies = (name, stage.name), each.to or name, draft.scenario.strategies
    stages = strategies[to].stages if to in strategies else ()
    entered = next((other for other in stages if each.stage in (None, other.name)), None)
    for back in entered.exits if entered and here < (to, entered.name) else ():
        there = (back.to or to, back.stage or strategies[name].stages[0].name)
        if there == here and not each.after and not back.after and _tree(back.when) == _tree(each.when):
            message = "the stage to which it leads has an exit back under the same condition: they would alternate"
            remedy = "end a stage by another condition than the one that begins it, or after a time, with `after`"
            draft.fault((*path, "when"), message, remedy)


def _tree(condition: str | None) -> object:
    expression = parsed(condition or "1")
    return expression and expression.root


MOST_GAIN = 0.5
"""Loop gain of routine acts from which their echo may not die away; 0.24 was quiet, 1.44 ran away."""


def _check_routine(draft: Draft) -> None:
    """Refuse minor acts that amplify one another."""
    rules = draft.scenario.rules
    if (routine := rules.routine) is None:
        return
    pull = routine.surprise * routine.lean * routine.discount
    if pull and (not rules.flow_rate or pull / rules.flow_rate >= MOST_GAIN):
        gain = f"{pull / rules.flow_rate:.2f}" if rules.flow_rate else "infinite"
        message = (
            f"minor acts amplify one another: surprise · lean · discount / flow_rate is {gain}, not below {MOST_GAIN}"
        )
        draft.fault(("rules", "routine"), message, "lower `surprise`, `lean` or `discount`", key=True)


def _check_plan(draft: Draft, plan: Plan, path: tuple[PathStep, ...]) -> None:
    """Report a plan that nobody can begin or finish."""
    check_pattern(draft, plan.begins, (*path, "begins"))
    if not plan.by:
        draft.fault((*path, "by"), "no government can carry it out: `by` is empty")
    if not plan.steps:
        draft.fault((*path, "steps"), "a plan needs at least one step")
    for step in plan.steps:
        for government in plan.by:
            can(draft, government, step, (*path, "steps", step))
    begins = {by for name in plan.begins.options if (o := draft.scenario.options.get(name)) for by in o.by}
    for government in draft.strangers(plan.by, begins & set(plan.begins.by or begins)) if begins else ():
        message = f"{government} can do none of the actions that begin the plan"
        draft.fault((*path, "by", government), message, "remove it, or add such an action to `begins`")
    if list(plan.spacing) != sorted(plan.spacing):
        draft.fault((*path, "spacing"), "the times of `spacing` must be in ascending order: least, likeliest, most")
    count = len(plan.steps) * plan.rounds
    least = plan.spacing[0] * count
    if least > plan.within:
        ends = f"and it ends after {format_duration(plan.within)}"
        message = f"nobody can finish it: {count} steps take at least {format_duration(least)}, {ends}"
        draft.fault((*path, "within"), message, "allow more time, or fewer steps")


def _check_council(draft: Draft, name: str, forum: Forum) -> None:
    path = ("forums", name)
    moves = {o.forum.move for o in draft.scenario.options.values() if o.forum and o.forum.name == name}
    for key in ("strength", "votes", "sitting", "adopts", *_NEEDS.values()) if not forum.council else ():
        if getattr(forum, key) not in (None, False):
            draft.fault((*path, key), f"`{key}` is only for councils", "add `council: true`")
    for move, key in _NEEDS.items() if forum.council else ():
        if getattr(forum, key) is not None and move not in moves:
            remedy = f"add an option with `forum: {{name: {name}, move: {move}}}`"
            draft.fault((*path, key), f"no member can make the move `{move}`", remedy)
    for option_name, option in draft.scenario.options.items():
        needed = _NEEDS.get(option.forum.move, "") if option.forum and option.forum.name == name else ""
        if option.forum and needed and getattr(forum, needed) is None:
            message = f"the forum {name} has no `{needed}`, so that `{option.forum.move}` is never possible"
            draft.fault(("options", option_name, "forum", "move"), message, f"add `{needed}` to the forum")


def _check_rounds(draft: Draft, name: str, forum: Forum) -> None:
    """Report what a forum declares for rounds or votes that it does not have, and offers of strangers."""
    path = ("forums", name)
    if forum.council and forum.votes is not None and not 0 < forum.votes <= len(forum.members):
        draft.fault((*path, "votes"), f"the council has {len(forum.members)} members", "choose a number up to that")
    for key in ("veto", "gives", "pools"):
        if getattr(forum, key) and forum.council:
            draft.fault((*path, key), f"`{key}` is only for talks in rounds", "remove it, or `council: true`")
    for member in draft.strangers(forum.gives, forum.members):
        draft.fault((*path, "gives", member), f"{member} is not a member of this forum", key=True)
    for place, shared in enumerate(forum.pools):
        spec = draft.scenario.indicators.get(shared.partition("[")[0])
        if spec is not None and spec.known != "estimated":
            message = f"there is nothing to share about {shared}: no government estimates it"
            draft.fault((*path, "pools", place), message, "name an indicator with `known: estimated`")


def _check_visits(draft: Draft) -> None:
    """Report rules of visits that could not have an effect."""
    rules, path = draft.scenario.rules.visits, ("rules", "visits")
    if rules is None:
        return
    for place, pattern in enumerate(rules.offences):
        check_pattern(draft, pattern, (*path, "offences", place))
    for key in ("stays", "after"):
        for place, name in enumerate(getattr(rules, key)):
            option = draft.scenario.options.get(name)
            if option is not None and not option.to:
                step: PathStep = name if key == "stays" else place
                message = f"'{name}' has no target, so that nobody is visited"
                draft.fault((*path, key, step), message, "name options with `to`", key=key == "stays")
    visits = [option for name in rules.after if (option := draft.scenario.options.get(name))]
    pairs = {pair for each in visits for a in each.by for b in each.to for pair in ((a, b), (b, a))}
    for place, name in enumerate(rules.commitments):
        option = draft.scenario.options.get(name)
        if pairs and option and option.to and not pairs & {(by, to) for by in option.by for to in option.to}:
            message = f"no visit brings together those who can do '{name}' and its targets: it concerns a third party"
            draft.fault((*path, "commitments", place), message, "name what visitor or host does towards the other")
    if bool(rules.after) != bool(rules.commitments):
        lacking, given = ("commitments", "after") if rules.after else ("after", "commitments")
        draft.fault((*path, given), f"without `{lacking}` it has no effect", f"add `{lacking}`", key=True)


def _check_members(draft: Draft, name: str, forum: Forum) -> None:
    """Report too few members and required ones that are none or, but for one, can never accept a proposal."""
    if len(forum.members) < 2:
        draft.fault(("forums", name, "members"), "a forum needs at least two members")
    for member in draft.strangers(forum.required, forum.members):
        draft.fault(("forums", name, "required", member), f"{member} is required but not a member")
    accepting = _actors(draft, "forum", name, "accept")
    proposing = _actors(draft, "forum", name, "propose")
    if not proposing:
        return  # a warning says so
    unable = [each for each in forum.required or forum.members if each not in accepting]
    if len(unable) == 1 and unable[0] in proposing:
        return
    for member in unable:
        if draft.has("government", member):
            message = f"{member} is required but cannot accept, so that the forum never convenes"
            remedy = f"add an option of {member} with `forum: {{name: {name}, move: accept}}`, or change `required`"
            draft.warn(("forums", name, "required" if forum.required else "members", member), message, remedy)


def _check_parties(draft: Draft, name: str, agreement: Agreement) -> None:
    """Report too few parties, and wrong ones; with `assent: parties`, those that can neither offer nor accept."""
    path = ("agreements", name)
    if len(agreement.parties) < 2:
        draft.fault((*path, "parties"), "an agreement needs at least two parties")
    for field in ("rules_out", "benefits", "gives"):
        for party in draft.strangers(getattr(agreement, field), agreement.parties):
            draft.fault((*path, field, party), f"{party} is not a party to '{name}'", key=True)
    for party, options in agreement.rules_out.items():
        for option in options:
            spec, place = draft.scenario.options.get(option), (*path, "rules_out", party, option)
            if spec is None or not {party, "target"} & set(spec.hosts):
                can(draft, party, option, place)
            if spec and spec.agreement and spec.agreement.name == name:
                message = f"the agreement rules out '{option}', the move `{spec.agreement.move}` of {party} in it"
                draft.fault(place, message, "rule out other options")
    given_up = {option for options in agreement.rules_out.values() for option in options}
    for proof in agreement.proof:
        about, reported = proof.partition("[")[0], draft.scenario.options.items()
        telling = {key for key, option in reported for each in option.reports if each.partition("[")[0] == about}
        if telling and telling <= given_up:
            message = f"it is never verified: all that reports on {about} is ruled out: {', '.join(sorted(telling))}"
            draft.fault((*path, "proof", proof), message, "leave one of these options to the parties", key=True)
    if agreement.assent != "parties":
        return
    able = _actors(draft, "agreement", name, "accept") | _actors(draft, "agreement", name, "offer")
    for party in draft.strangers(agreement.parties, able):
        message = f"{party} can neither offer nor accept it, so that it never enters into force"
        remedy = f"add an option of {party} with `agreement: {{name: {name}, move: accept}}`"
        draft.fault((*path, "parties", party), message, remedy)


def _actors(draft: Draft, kind: str, name: str, move: str) -> set[str]:
    """Return the governments that have an option with this move in a forum or agreement."""
    moves = ((getattr(option, kind), option.by) for option in draft.scenario.options.values())
    return {actor for made, by in moves if made and made.name == name and made.move == move for actor in by}


_NEEDS = {"state": "statement", "delay": "delay"}
"""Move in a council -> the key of the forum without which it is not possible."""


def _check_milestones(draft: Draft, option: Option, path: tuple[PathStep, ...]) -> None:
    longest = option.lead[2]
    if list(option.milestones) != sorted(set(option.milestones)):
        draft.fault(path, "the times of `milestones` must be in ascending order")
    for place, time in enumerate(option.milestones):
        if time >= longest:
            end = f"the end of the lead time, at most {format_duration(longest)}"
            message = f"the milestone {format_duration(time)} is not before {end}"
            draft.fault((*path, place), message, "choose an earlier milestone, or a longer lead")
    if draft.scenario.rules.reviews is None:
        draft.warn(path, "orders are not reviewed, so milestones have no effect", "add `reviews` to `rules`")


def _check_restraint(draft: Draft, forum: Forum, path: tuple[PathStep, ...]) -> None:
    for place, pattern in enumerate(forum.offences):
        check_pattern(draft, pattern, (*path, "offences", place))
        for member in draft.strangers(pattern.by, forum.members):
            message = f"{member} is not a member of this forum; only members' actions suspend it"
            draft.fault((*path, "offences", place, "by", member), message, "remove it, or add it to `members`")
    if forum.restraint is not None and not forum.offences:
        remedy = "add `offences`, the actions that suspend the forum"
        draft.fault((*path, "restraint"), "no action is an offence against this forum", remedy)
    if forum.resumes is not None and forum.resumes >= forum.patience:
        message = f"a suspended forum collapses after {format_duration(forum.patience)}, before it could resume"
        draft.fault((*path, "resumes"), message, "shorten `resumes`, or lengthen `patience`")
