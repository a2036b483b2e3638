"""Decisions of a leader in office: prices of interests, an appraiser for each dossier, the choice at a meeting."""

from functools import partial
from typing import Any

from wargame.decision.appraisal import ActionHazard, Appraiser, Attitude, worth_of
from wargame.decision.menu import Candidate, EffectTerm, Menu, effect_terms
from wargame.decision.pricing import Interests, Pricer
from wargame.journal.records.governments import BestCandidate, WeighedCandidate
from wargame.numbers.draws import draw_key
from wargame.numbers.meetings import Leading, SpecialTerms, choose
from wargame.scenario.model import Option, Stage
from wargame.simulation.actors.extra_terms import ExtraTerms
from wargame.simulation.actors.strategy_review import StrategyReview
from wargame.simulation.kernel.context import Actor, RunContext

LISTED = 4
"""Candidates whose terms the record of a decision lists. Judgement."""


class Leadership(Leading):
    """One leader in office. `leader` is the id of a profile in the scenario."""

    best_candidate = BestCandidate
    """How the record of a meeting that waits states the best of the candidates that it has weighed."""

    def __init__(
        self, context: RunContext, government: Actor, leader: str, menus: dict[str, Menu], extra_terms: ExtraTerms
    ) -> None:
        self._context = context
        self._government = government
        self._name = leader
        self.leader = context.scenario.leaders[leader]
        self._view = context.views[government.name]
        self._menus = menus
        self._extra_terms = extra_terms
        observability = self._view.observability
        interests = observability.layout.memo(("interests", leader), partial(Interests, observability, self.leader))
        self._pricer = Pricer(context.world, self._view, interests)
        self._own_pricer = self._pricer
        review = StrategyReview(context, government.name, self.leader, self._view)
        super().__init__(review, self.leader.step, context.now)
        self._review = review
        self.prices = self._pricer.latest
        self.reference = self._pricer.welfare()
        self._since = context.now
        self._estimated: int | None = None
        self.stage = 0
        self.strategy: str | None = None
        self.take_strategy(self.leader.strategy)

    # --- strategy ------------------------------------------------------------------------------

    def take_strategy(self, name: str | None, *, held: bool = False) -> None:
        """Adopt a strategy, from its first stage; None for no strategy. If `held`, it does not end by itself."""
        self.strategy = name
        self._review.held = held
        if name is None:
            self._context.offices.strategy.pop(self._government.name, None)
        else:
            self._context.offices.strategy[self._government.name] = name
        self._enter_stage(0)

    def _enter_stage(self, number: int) -> None:
        self.stage = number
        for appraiser in self.appraisers.values():
            appraiser.attitude = None
        until = stage.until if (stage := self.current_stage()) else None
        self._until = self._view.program(until, {"self": self._government.name}) if until else None
        self._take_interests(stage)
        self._review.enter(self.strategy, stage, self._until)

    def current_stage(self) -> Stage | None:
        """Return the stage of the strategy in force, None without a strategy."""
        return self._context.scenario.strategies[self.strategy].stages[self.stage] if self.strategy else None

    def review_strategy(self) -> str | None:
        """Take an exit or another strategy, or move to the next stage if the condition that ends this one is true.

        Returns the reason, empty for the condition of the stage; None if nothing changes. Before STARTEX nothing does.
        """
        if not self._context.open:
            self._review.look_back()
            return None
        turn = self._review.turn()
        if turn is not None:
            if turn.strategy != self.strategy:
                self.take_strategy(turn.strategy)
            if turn.stage != self.stage:
                self._enter_stage(turn.stage)
            return turn.why
        if self._until is None or self.strategy is None or not self._view.value_of(self._until):
            return None
        if self.stage + 1 >= len(self._context.scenario.strategies[self.strategy].stages):
            return None
        self._enter_stage(self.stage + 1)
        return ""

    def _take_interests(self, stage: Stage | None) -> None:
        """Take the interests of a stage; the reference point moves along, since nothing has been gained or lost."""
        pricer = self._own_pricer
        if stage is not None and stage.interests:
            observability = self._view.observability
            make = partial(Interests, observability, self.leader, stage.interests)
            key = ("interests", self._name, self.strategy, self.stage)
            pricer = Pricer(self._context.world, self._view, observability.layout.memo(key, make))
        if pricer is self._pricer:
            return
        before = self._pricer.welfare()
        self._pricer = pricer
        self.welfare = pricer.welfare()
        self.reference += self.welfare - before
        if self._estimated is not None:
            self._take_prices()

    # --- estimates -----------------------------------------------------------------------------

    def estimate(self, now: int) -> None:
        """Update the prices of interests every `estimate_every`, and move the reference towards the status quo.

        The reference moves from the day of taking office, also during history, when the leader does not decide.
        """
        if now < self.next_estimate:
            return
        since = now - (self._since if self._estimated is None else self._estimated)
        self.welfare = self._pricer.welfare()
        followed = 1.0 - 2.0 ** (-since / self._context.rules.reference_half_life)
        self.reference += followed * (self.welfare - self.reference)
        self._estimated, self.next_estimate = now, now + self._context.rules.estimate_every
        self._take_prices()

    def _take_prices(self) -> None:
        self.prices = self._pricer.prices()
        for appraiser in self.appraisers.values():
            appraiser.is_fresh = False

    def appraise(self, dossier: str, candidates: list[int]) -> Appraiser:
        """Return the appraiser with the scores of some candidates and of waiting now, until the next appraisal."""
        appraiser: Appraiser = self.ready_appraiser(dossier, self._view.seen, self._context.clock.now)
        appraiser.appraise(self._view.seen, candidates)
        return appraiser

    def give_attitude(self, appraiser: Appraiser) -> None:
        """Give an appraiser the attitude of the present stage."""
        observability, stage = self._view.observability, self.current_stage()
        make = partial(Attitude, observability, appraiser.menu, self.leader, stage)
        key = ("attitude", appraiser.menu.key, self._name, self.strategy, self.stage)
        appraiser.adopt(observability.layout.memo(key, make))

    def new_appraiser(self, dossier: str) -> Appraiser:
        """Return an appraiser of a dossier."""
        menu, government, terms = self._menus[dossier], self._government, self._extra_terms
        extras, demands = partial(terms.extras, government, menu, self), terms.demands[government.name, dossier]
        special = SpecialTerms(extras, demands, terms.sessions, self._context.together, government.name)
        learned, gains = government.responses.learned, government.habits.gains
        return Appraiser(menu, self.leader, self._context.rules, learned, gains, special)

    # --- a meeting -----------------------------------------------------------------------------

    def choose(self, appraiser: Appraiser, hazard: ActionHazard, data: dict[str, Any]) -> tuple[Candidate, float]:
        """Return which of the candidates that are wanted is chosen, and its score above waiting.

        Data for the journal, if there are any, are completed.
        """
        scores, wanted = appraiser.scores, appraiser.wanted
        menu, rationality = appraiser.menu, self.leader.rationality
        key = draw_key(self._context.draws.root, hazard.choice, (hazard.ordinal,))
        chosen = choose(scores, wanted, rationality, menu.names, key)
        if data:
            ranked = sorted(wanted, key=scores.__getitem__, reverse=True)
            shown = ranked[:LISTED] if chosen in ranked[:LISTED] else [*ranked[: LISTED - 1], chosen]
            found = zip(shown, appraiser.weighed(shown, key, menu.names), strict=True)
            weighed = {i: WeighedCandidate(*menu.candidates[i], *values) for i, values in found}
            own = weighed[chosen]
            data |= {"choice": own.option, "target": own.target, "chance": own.chance, "noise": own.noise}
            data["candidates"] = tuple(weighed.values())
        return menu.candidates[chosen], scores[chosen] - scores[0]

    def worth_of(self, option: Option | None, actor: str, effects: list[EffectTerm]) -> float:
        """Return the worth of another government's action to this leader, for weighing inducements and threats.

        With None for the option: the worth of the effects alone.
        """
        kindness = self.leader.regard.get(actor, 0.0) * option.goldstein / 10.0 if option else 0.0
        return worth_of(effects, self.prices, self._view) + kindness

    def rounds_worth(self, forum: str, rounds: int) -> float:
        """Return the worth to this leader of further rounds of a forum, by its own interests, in units of score."""
        observability, spec = self._view.observability, self._context.scenario.forums[forum]
        make = partial(effect_terms, observability, spec.round, {})
        effects = observability.layout.memo(("round", self._government.name, forum), make)
        return rounds * worth_of(effects, self.prices, self._view)
