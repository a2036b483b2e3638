"""The consequences of the release of an inject: effects, leaders, the message, an action."""

from dataclasses import asdict
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from msgspec import UNSET

from wargame.journal.records.script import AskedQuestion, AskedQuestions, AttachedFile
from wargame.scenario.model import Inject, Question
from wargame.scenario.model.injects import Attachment
from wargame.simulation.kernel.context import Release, RunContext
from wargame.simulation.mechanisms.actions import Actions, Effects
from wargame.simulation.mechanisms.signals import observe, reports_to


class InjectContents:
    """The contents of injects. `record` comes first; the table AFTER_A_RELEASE gives the order of the others."""

    def __init__(self, context: RunContext, actions: Actions, effects: Effects) -> None:
        self._context, self._actions, self._effects = context, actions, effects

    def record(self, spec: Inject, trigger: str, cause: tuple[int, ...]) -> int:
        """Apply the effects and return the seq of the record of the release."""
        changed = self._effects.apply(("inject", spec.id), spec.effects, {})
        data = release_data(spec, trigger) | ({"effects": changed} if changed else {})
        seq = self._context.log.write("inject.released", spec.sender, spec.id, cause, data)
        if spec.effects or spec.installs:
            self._context.log.mark_change(seq)
        return seq

    def publish(self, release: Release) -> None:
        """Note the release for conditions of the world and of the governments that receive it."""
        self._context.publish(release.inject.id, "inject", to=self._receivers(release.inject))
        if self._context.watch.reads(release.inject.id):
            self._context.log.mark_change(release.seq)

    def _receivers(self, spec: Inject) -> tuple[str, ...]:
        if spec.kind == "facilitation":
            return ()
        return spec.audience or self._context.world.governments

    def install(self, release: Release) -> None:
        """Put leaders in office and changes strategies."""
        leaders = self._context.scenario.leaders
        for install in release.inject.installs:
            if install.leader is not None:
                self._context.governments[leaders[install.leader].government].install(install.leader, release.seq)
            if install.strategy is not None:
                name = install.government or leaders[install.leader or ""].government
                self._context.governments[name].follow(install.strategy, release.seq)

    def deliver(self, release: Release) -> None:
        """Deliver the message to its audience: its reports narrow estimates, its salience reaches their dossiers."""
        spec, context, layout = release.inject, self._context, self._context.world.layout
        for name in self._receivers(spec):
            if spec.reports:
                key = "reports of an inject", name, spec.id, tuple(spec.reports.items())
                reports = layout.memo(key, partial(reports_to, layout, name, spec.reports, {}, spec.id))
                observe(context, reports, round(context.events.count(spec.id)))
            for dossier in sorted(spec.salience):
                self._context.governments[name].add_salience(dossier, spec.salience[dossier], release.seq)

    def act(self, release: Release) -> None:
        """Carry out the inject's action, if it has one; a person in the seat of its actor is asked first."""
        if release.inject.action is not None:
            self._actions.do_unless_person(release.inject.action, "inject", release.seq, release.inject.title)


def attached_file(attachment: Attachment) -> AttachedFile:
    """Return an attachment as records have it: its file name, and its content by hash."""
    content = attachment.content
    assert content is not None
    file, about = PurePosixPath(attachment.file).name, attachment.description
    return AttachedFile(file=file, title=attachment.title, description=about, **asdict(content))


def release_data(spec: Inject, trigger: str) -> dict[str, Any]:
    """Return the data of the record of a release, without the effects that it has."""
    data: dict[str, Any] = {"trigger": trigger, "audience": list(spec.audience)}
    data |= {key: getattr(spec, key) for key in ("title", "kind", "storyline", "channel", "message")}
    data |= {key: value for key in ("subject", "objective") if (value := getattr(spec, key))}
    if spec.attachments:
        data["attachments"] = tuple(map(attached_file, spec.attachments))
    if spec.questionnaire is not None:
        questions = tuple(map(asked_question, spec.questionnaire.questions))
        data["questionnaire"] = AskedQuestions(spec.questionnaire.each, spec.questionnaire.within, questions)
    return data


def asked_question(question: Question) -> AskedQuestion:
    """Return a question as records have it."""
    several = question.several if question.choices else UNSET
    ends = question.ends if question.scale else None
    return AskedQuestion(question.id, question.text, question.choices, several, question.scale, ends or None)
