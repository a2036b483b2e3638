"""Injects: triggers that can never fire, impossible actions and expectations, unanswerable questionnaires."""

import re
from collections import Counter

from wargame.errors import shortened
from wargame.language.times import HOUR, format_duration
from wargame.scenario.building.draft import Draft, PathStep
from wargame.scenario.building.yaml_nodes import keys
from wargame.scenario.checks.actions import check_action, check_bound, check_pattern
from wargame.scenario.checks.indicators import cycles
from wargame.scenario.checks.people import can, leads
from wargame.scenario.model import ExpectedAction, Inject, Install, Question, RandomTime

MOST_RELEASES = 1000
"""Maximum releases of one inject less than an hour apart, to keep the journal readable. Judgement."""


def check_msel(draft: Draft) -> None:
    """Report injects that can never be released or that require impossible actions."""
    for inject in draft.injects:
        path = ("injects", inject.id)
        _check_repeat(draft, inject, path)
        for field in ("action", "decision"):
            if inject.after and (pattern := getattr(inject.after, field)):
                check_pattern(draft, pattern, (*path, "after", field))
        if inject.kind == "facilitation" and inject.audience:
            message = "a facilitation inject is for the white cell alone: this audience would not receive it"
            draft.fault((*path, "audience"), message, "write `kind: information`, or remove the audience")
        if inject.random:
            _check_random(draft, inject.random, (*path, "random"))
        if inject.action:
            check_action(draft, inject.action, (*path, "action"))
        for place, install in enumerate(inject.installs):
            _check_install(draft, install, (*path, "installs", place))
        for place, expected in enumerate(inject.expected):
            _check_expected(draft, inject, expected, (*path, "expected", place))
    after = {inject.id: inject.after.inject for inject in draft.injects if inject.after and inject.after.inject}
    for cycle in cycles({name: (before,) for name, before in after.items()}):
        chain = " after ".join((*cycle, cycle[0]))
        draft.fault(("injects", cycle[0], "after", "inject"), f"injects wait for each other: {chain}")
    enabled = {name for inject in draft.injects for name in inject.enables}
    for inject in draft.injects:
        if not inject.enabled and inject.id not in enabled:
            draft.warn(("injects", inject.id, "enabled"), f"no inject enables '{inject.id}': only a facilitator can")


def _check_repeat(draft: Draft, inject: Inject, path: tuple[PathStep, ...]) -> None:
    if inject.repeat < 1:
        draft.fault((*path, "repeat"), "the inject would never be released: `repeat` is 0", "write `enabled: false`")
    if inject.chance == 0.0:
        draft.fault((*path, "chance"), "the inject would never be released: `chance` is 0", "write `enabled: false`")
    if inject.every is not None and inject.at is not None and inject.repeat == 1:
        draft.fault((*path, "every"), "`every` needs `repeat`", "add `repeat`, the maximum number of releases")
    if inject.every is not None and inject.repeat > MOST_RELEASES and inject.every < HOUR:
        message = f"too many releases: {inject.repeat:,}, every {format_duration(inject.every)}"
        draft.fault((*path, "repeat"), message, f"at most {MOST_RELEASES:,} times, or at least an hour apart")
    if inject.every is not None and inject.at is None:
        remedy = "use `cool_down` for a repeated `when`"
        draft.fault((*path, "every"), "only an `at` trigger repeats at fixed times", remedy)
    if inject.at and inject.repeat > 1 and inject.every is None:
        draft.fault((*path, "repeat"), "a repeated `at` needs `every`", "add `every`, the time between releases")
    if inject.random and inject.random.between and inject.repeat > 1:
        draft.fault((*path, "repeat"), "a random time in a window occurs once")


def _check_random(draft: Draft, random: RandomTime, path: tuple[PathStep, ...]) -> None:
    if random.rate is not None and random.bound is None:
        draft.fault((*path, "rate"), "a rate needs an upper bound", "add `bound`")
    if random.rate is not None and random.bound is not None:
        check_bound(draft, random.rate, random.bound, (*path, "rate"))
    if random.rate is not None and random.shape != "uniform":
        draft.fault((*path, "shape"), "`shape` is only for `between`", key=True)
    if random.between is not None and random.bound is not None:
        draft.fault((*path, "bound"), "`bound` is only for `rate`", key=True)


def _check_install(draft: Draft, install: Install, path: tuple[PathStep, ...]) -> None:
    if install.leader is None and install.strategy is None:
        draft.fault(path, "nothing is installed", "name a leader or a strategy")
    if install.strategy is not None and install.government is None and install.leader is None:
        draft.fault((*path, "strategy"), "a strategy needs its government", "add `government`")
    if install.leader and install.government:
        leads(draft, install.leader, install.government, (*path, "government"))


def _check_expected(draft: Draft, inject: Inject, expected: ExpectedAction, path: tuple[PathStep, ...]) -> None:
    if not expected.any_of:
        draft.fault((*path, "any_of"), "at least one option is required")
    if inject.kind == "facilitation":
        message = "a facilitation inject is not sent to anyone: no action can be expected"
        draft.warn((*path, "any_of"), message, "move it to an inject that is sent, or remove it")
    elif inject.audience and expected.who not in inject.audience and inject.action is None:
        audience = ", ".join(inject.audience)
        draft.warn((*path, "who"), f"{expected.who} does not receive the inject: its audience is {audience}")
    for option in expected.any_of:
        can(draft, expected.who, option, (*path, "any_of", option))
    known = [draft.scenario.options[o] for o in expected.any_of if o in draft.scenario.options]
    aimed = [option for option in known if option.to]
    for target in expected.towards:
        if target == expected.who:
            message = f"{target} cannot be its own target: no action can meet this"
            draft.warn((*path, "to"), message, "name another target, or none")
        elif known and draft.has("government", target) and not any(target in option.to for option in aimed):
            targets = ", ".join(sorted({name for option in aimed for name in option.to}))
            remedy = f"possible targets: {targets}" if targets else "they have no target: remove `to`"
            draft.fault((*path, "to"), f"{target} cannot be the target of any of these options", remedy)


MOST_QUESTIONS = 30
MOST_CHOICES = 20
MOST_MARKS = 101
"""Limits of what a person can answer on one screen. Judgement."""


def check_questionnaires(draft: Draft) -> None:
    """Report questionnaires that nobody can answer."""
    for inject in draft.injects:
        if inject.questionnaire is None:
            continue
        path = ("injects", inject.id, "questionnaire")
        if inject.kind == "facilitation":
            message = "a facilitation inject is not sent to anyone: nobody can answer"
            draft.fault(path, message, "write `kind: information`", key=True)
        questions = inject.questionnaire.questions
        written = draft.locate((*path, "questions")).value  # also those that could not be built
        if not 1 <= len(written) <= MOST_QUESTIONS:
            draft.fault((*path, "questions"), f"a questionnaire has 1 to {MOST_QUESTIONS} questions")
        for name, count in Counter(question.id for question in questions).items():
            if count > 1:
                draft.fault((*path, "questions"), f"two questions have the id '{name}'", "give each its own id")
        for question in questions:
            _check_question(draft, question, (*path, "questions", question.id))


def _check_question(draft: Draft, question: Question, path: tuple[PathStep, ...]) -> None:
    if not question.text:
        draft.fault((*path, "text"), "the question is empty")
    if question.choices and question.scale:
        draft.fault((*path, "scale"), "a question has either `choices` or a `scale`", "make it two questions", key=True)
    if question.several and not question.choices:
        draft.fault((*path, "several"), "`several` is only for `choices`", key=True)
    if question.ends and not question.scale:
        draft.fault((*path, "ends"), "`ends` is only for a `scale`", key=True)
    if question.ends and question.scale:
        if question.ends[0].casefold() == question.ends[1].casefold():
            draft.fault((*path, "ends"), "both ends of the scale have the same word")
        for word in question.ends:  # typed as an answer, it must not mean another mark
            if not word.strip() or re.fullmatch(r"\s*[+-]?\d+\s*", word):
                message = f"the end of a scale is a word, not '{shortened(word)}'"
                draft.fault((*path, "ends"), message, "such as [unlikely, likely]")
    if question.choices or "choices" in keys(draft.locate(path)):
        _check_choices(draft, question, (*path, "choices"))
    if question.scale and not 1 <= question.scale[1] - question.scale[0] < MOST_MARKS:
        message = f"a scale goes from a lower to a higher mark, with at most {MOST_MARKS} marks"
        draft.fault((*path, "scale"), message, "such as [1, 5]")


def _check_choices(draft: Draft, question: Question, path: tuple[PathStep, ...]) -> None:
    if not 1 < len(question.choices) <= MOST_CHOICES:
        draft.fault(path, f"a question has 2 to {MOST_CHOICES} choices")
    if not all(question.choices):
        draft.fault(path, "a choice is empty")
    for choice, count in Counter(map(str.casefold, question.choices)).items():
        if count > 1:
            draft.fault(path, f"the choice '{shortened(choice)}' is written twice")
