"""What the release of an inject does: message, effects, changes of leader or strategy, deed, expected actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.simulation.mechanisms.observations import tell

if TYPE_CHECKING:
    from wargame.scenario.model import Inject, Install
    from wargame.simulation.actors.government import Government
    from wargame.simulation.kernel.context import Theatre
    from wargame.simulation.mechanisms.actions import Deeds, Effects
    from wargame.simulation.mechanisms.expected import Expected


class Release:
    """Called by the injector with an inject, its trigger and causes; returns the seq of the record."""

    def __init__(
        self,
        theatre: Theatre,
        governments: dict[str, Government],
        deeds: Deeds,
        effects: Effects,
        expected: Expected,
    ) -> None:
        self._theatre, self._governments = theatre, governments
        self._deeds, self._effects, self._expected = deeds, effects, expected

    def __call__(self, spec: Inject, trigger: str, cause: tuple[int, ...]) -> int:
        """Does all that the release of this inject does."""
        changed = self._effects.apply(("inject", spec.id), spec.effects, {})
        seq = self._theatre.log.write(
            "inject.released", spec.sender, spec.id, cause, self._data(spec, trigger, changed)
        )
        for told in self._theatre.hooks.inject:
            told(spec.id, trigger)
        self._theatre.publish(spec.id, "inject")
        for install in spec.installs:
            self._install(install, seq)
        if spec.kind != "facilitation":
            self._deliver(spec, seq)
        if spec.deed is not None:
            deed = spec.deed
            self._deeds.do(deed.by, deed.option, deed.to, source="inject", cause=(seq,), why=spec.title)
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
        leaders = self._theatre.scenario.leaders
        if install.leader is not None:
            government = self._governments[leaders[install.leader].government]
            government.install(install.leader, seq)
        if install.strategy is not None:
            name = install.government or leaders[install.leader or ""].government
            self._governments[name].follow(install.strategy, seq)

    def _deliver(self, spec: Inject, seq: int) -> None:
        """The message reaches its audience: the dossiers that it concerns stir."""
        for name in spec.audience or self._theatre.world.governments:
            if spec.reports:
                tell(self._theatre, name, spec.reports, {}, spec.id, round(self._theatre.events.count(spec.id)))
            for dossier in sorted(spec.salience):
                self._governments[name].stir(dossier, spec.salience[dossier], seq)
