"""What the release of an inject does: message, effects, changes of leader or strategy, action, expected actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.simulation.mechanisms.observations import tell

if TYPE_CHECKING:
    from wargame.scenario.model import Inject, Install
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.kernel.context import RunContext
    from wargame.simulation.mechanisms.actions import Actions, Effects
    from wargame.simulation.mechanisms.expected import Expected


class Release:
    """Called by the injector with an inject, its trigger and causes; returns the seq of the record."""

    def __init__(
        self,
        context: RunContext,
        governments: dict[str, GovernmentProcess],
        actions: Actions,
        effects: Effects,
        expected: Expected,
    ) -> None:
        self._context, self._governments = context, governments
        self._actions, self._effects, self._expected = actions, effects, expected

    def __call__(self, spec: Inject, trigger: str, cause: tuple[int, ...]) -> int:
        """Does all that the release of this inject does."""
        changed = self._effects.apply(("inject", spec.id), spec.effects, {})
        seq = self._context.log.write(
            "inject.released", spec.sender, spec.id, cause, self._data(spec, trigger, changed)
        )
        for told in self._context.hooks.inject:
            told(spec.id, trigger)
        self._context.publish(spec.id, "inject")
        for install in spec.installs:
            self._install(install, seq)
        if spec.kind != "facilitation":
            self._deliver(spec, seq)
        if spec.action is not None:
            action = spec.action
            self._actions.do(action.by, action.option, action.to, source="inject", cause=(seq,), why=spec.title)
        self._expected.await_actions(spec.id, seq, spec.expected)
        return seq

    @staticmethod
    def _data(spec: Inject, trigger: str, changed: dict[str, list[float]]) -> dict[str, Any]:
        data: dict[str, Any] = {
            "title": spec.title,
            "kind": spec.kind,
            "storyline": spec.storyline,
            "trigger": trigger,
            "channel": spec.channel,
            "audience": list(spec.audience),
            "message": spec.message,
        }
        if changed:
            data["effects"] = changed
        if spec.objective:
            data["objective"] = spec.objective
        return data

    def _install(self, install: Install, seq: int) -> None:
        leaders = self._context.scenario.leaders
        if install.leader is not None:
            government = self._governments[leaders[install.leader].government]
            government.install(install.leader, seq)
        if install.strategy is not None:
            name = install.government or leaders[install.leader or ""].government
            self._governments[name].follow(install.strategy, seq)

    def _deliver(self, spec: Inject, seq: int) -> None:
        """The message reaches its audience: the dossiers that it concerns stir."""
        for name in spec.audience or self._context.world.governments:
            if spec.reports:
                tell(self._context, name, spec.reports, {}, spec.id, round(self._context.events.count(spec.id)))
            for dossier in sorted(spec.salience):
                self._governments[name].add_salience(dossier, spec.salience[dossier], seq)
