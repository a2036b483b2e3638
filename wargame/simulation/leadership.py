"""A leader in office at work: one appraiser for each dossier, prices, and what few candidates bring in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.decision.appraisal import Appraisal, Appraiser
from wargame.decision.choice import Urge, choose, logistic
from wargame.decision.menu import WAIT, Candidate, Menu
from wargame.decision.pricing import Pricer
from wargame.language.expressions import parse, substitute

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from wargame.scenario.model import Leader, Option, Stage
    from wargame.simulation.considerations import Considerations
    from wargame.simulation.government import Government
    from wargame.simulation.theatre import Theatre

BEST_KEPT = 4
"""Candidates whose terms a decision's record keeps. Judgement."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a meeting came to. `chosen` None means waiting; `data` is the record."""

    chosen: Candidate | None
    data: dict[str, Any]


class Leadership:
    """How one leader decides. `is_open` says whether the government may take a candidate now."""

    def __init__(
        self,
        theatre: Theatre,
        government: str,
        leader: Leader,
        menus: dict[str, Menu],
        considerations: Considerations,
    ) -> None:
        self._theatre = theatre
        self._government = government
        self.leader = leader
        self._view = theatre.views[government]
        self._menus = menus
        self._considerations = considerations
        self._pricer = Pricer(theatre.world, self._view, leader)
        self.appraisers = {
            d: Appraiser(theatre.world, self._view, menu, leader, theatre.rules) for d, menu in menus.items()
        }
        self.prices: dict[int, float] = {}
        self._reference = self._pricer.welfare()
        self._estimated: int | None = None
        self._fresh: set[str] = set()
        self.stage = 0
        self.take_strategy(leader.strategy)

    # --- strategy ------------------------------------------------------------------------------

    def take_strategy(self, name: str | None) -> None:
        """Follows a strategy from its first stage, or none."""
        self.strategy = name
        if name is None:
            self._theatre.offices.strategy.pop(self._government, None)
        else:
            self._theatre.offices.strategy[self._government] = name
        self._enter_stage(0)

    def _enter_stage(self, number: int) -> None:
        self.stage = number
        for appraiser in self.appraisers.values():
            appraiser.take_stage(self.current_stage())
        until = stage.until if (stage := self.current_stage()) else None
        text = substitute(parse(until), {"self": self._government}).text if until else None
        self._until = self._view.compile(text) if text else None

    def current_stage(self) -> Stage | None:
        """The stage of the strategy in force."""
        return self._theatre.scenario.strategies[self.strategy].stages[self.stage] if self.strategy else None

    def review_strategy(self) -> bool:
        """Moves to the next stage if this one's end has come; True if it moved."""
        if self._until is None or self.strategy is None or not self._view.ask(self._until):
            return False
        if self.stage + 1 >= len(self._theatre.scenario.strategies[self.strategy].stages):
            return False
        self._enter_stage(self.stage + 1)
        return True

    # --- estimates -----------------------------------------------------------------------------

    def estimate(self, now: int) -> None:
        """Prices interests anew every `estimate_every`, and lets the reference follow the status quo."""
        if self._estimated is not None and now - self._estimated < self._theatre.rules.estimate_every:
            return
        since = now - self._estimated if self._estimated is not None else 0
        self.welfare = self._pricer.welfare()
        followed = 1.0 - 2.0 ** (-since / self._theatre.rules.reference_half_life)
        self._reference += followed * (self.welfare - self._reference)
        self.prices = self._pricer.prices()
        self._estimated = now
        self._fresh.clear()

    def appraise(self, government: Government, dossier: str, listed: NDArray[np.bool_]) -> Appraisal:
        """The scores of the dossier's menu as seen now; what only some candidates have is asked for those listed."""
        self.estimate(self._theatre.now)
        appraiser = self.appraisers[dossier]
        if dossier not in self._fresh:
            appraiser.refresh(self.prices, self.welfare - self._reference)
            self._fresh.add(dossier)
        extras = self._considerations.extras(government, self._menus[dossier], listed)
        return appraiser.appraise(government.answers, extras)

    # --- a meeting -----------------------------------------------------------------------------

    def decide(
        self,
        government: Government,
        dossier: str,
        listed: NDArray[np.bool_],
        is_open: Callable[[int], bool],
        salience: float,
    ) -> Verdict:
        """Acts or waits on the dossier, and takes a candidate if it acts.

        `listed` (C,) is what is not out of the question; `is_open` checks the rest for one of them.
        """
        menu, urge = self._menus[dossier], government.urges[dossier]
        appraisal = self.appraise(government, dossier, listed)
        scores = appraisal.scores
        wait = float(scores[0])
        best = self._best(scores, listed, is_open)
        for i, option in menu.given_up:
            government.habits.valued(option, float(scores[i]) - wait)
        p = logistic(self.leader.rationality * (float(scores[best]) - wait - self.leader.threshold)) if best else 0.0
        acts = urge.meet(p, self.leader.tempo / (1.0 + self._theatre.rules.haste * salience), self._theatre.now)
        data: dict[str, Any] = {
            "p": round(p, 4),
            "hazard": round(urge.hazard, 4),
            "draw": round(urge.draw, 4),
            "threshold": self.leader.threshold,
            "wait": round(wait, 4),
        }
        if best and not acts:
            data["best"] = {**_named(menu.candidates[best]), "score": round(float(scores[best]), 4)}
        if not acts or not best:
            return Verdict(None, {"choice": WAIT, "target": None, **data})
        open_to = [int(i) for i in np.flatnonzero(listed) if is_open(int(i))]
        return self._choose(menu, appraisal, urge, open_to, data)

    @staticmethod
    def _best(scores: NDArray[np.float64], listed: NDArray[np.bool_], is_open: Callable[[int], bool]) -> int:
        """The best candidate that may be taken, 0 if there is none: looked for from the top down."""
        left = np.where(listed, scores, -np.inf)
        for _ in range(len(left)):
            best = int(left.argmax())
            if left[best] == -np.inf:
                return 0
            if is_open(best):
                return best
            left[best] = -np.inf
        return 0

    def _choose(
        self,
        menu: Menu,
        appraisal: Appraisal,
        urge: Urge,
        open_to: list[int],
        data: dict[str, Any],
    ) -> Verdict:
        who = f"{self._government}/{menu.dossier}"
        noise = self._theatre.draws.gumbel(menu.names, "choice", who, urge.ordinal)
        chosen, chances = choose(appraisal.scores, open_to, self.leader.rationality, noise)
        ranked = sorted(open_to, key=lambda i: (-float(appraisal.scores[i]), i))
        kept = ranked[:BEST_KEPT] if chosen in ranked[:BEST_KEPT] else [*ranked[: BEST_KEPT - 1], chosen]
        candidate = menu.candidates[chosen]
        data = {
            "choice": candidate.option,
            "target": candidate.target,
            **data,
            "chance": round(chances[chosen], 4),
            "noise": round(float(noise[chosen]), 4),
            "candidates": [
                {
                    **_named(menu.candidates[i]),
                    "score": round(float(appraisal.scores[i]), 4),
                    "terms": appraisal.explain(i),
                    "answers": [round(float(y), 3) for y in appraisal.answers[:, i]],
                    "noise": round(float(noise[i]), 4),
                    "chance": round(chances[i], 4),
                }
                for i in kept
            ],
        }
        return Verdict(candidate, data)

    def worth_of(self, option: Option, actor: str, pushes: list[Any]) -> float:
        """What another government's deed would be worth to this leader, for weighing carrots and threats."""
        appraiser = next(iter(self.appraisers.values()))
        kindness = self.leader.regard.get(actor, 0.0) * option.weight / 10.0
        return appraiser.worth(pushes, self.prices) + kindness


def _named(candidate: Candidate) -> dict[str, Any]:
    return {"option": candidate.option, "target": candidate.target}
