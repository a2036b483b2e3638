"""The candidates of one government on one dossier, and what never changes about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.language.expressions import parse_path
from wargame.world.draws import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wargame.decision.view import View
    from wargame.scenario.model import Effect, Option, Scenario
    from wargame.world.state import Compiled, World

WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An option with its target (None: no target); the first of each menu is to wait."""

    option: str
    target: str | None = None

    def __str__(self) -> str:
        return f"{self.option} {self.target}" if self.target else self.option


@dataclass(frozen=True, slots=True)
class Push:
    """One effect as seen by the appraisal: slot, amount (number or formula), whether it sets."""

    slot: int
    amount: float | Compiled
    sets: bool


class Menu:
    """Arrays over the C candidates of a dossier; index 0 is `wait`.

    `weights` are Goldstein weights; `targets` the other government of each candidate or None;
    `priors` (3, C) the prior chances of comply, ignore, retaliate; `losses` what retaliation costs.
    """

    def __init__(self, world: World, view: View, scenario: Scenario, dossier: str, barred: frozenset[Candidate]) -> None:
        self.dossier = dossier
        self.government = view.government
        self.candidates = (Candidate(WAIT), *_candidates(scenario, view.government, dossier, barred))
        options = [scenario.options.get(c.option) for c in self.candidates]
        self.options: list[Option | None] = options
        self.names = np.array([name_key(c.option, c.target or "") for c in self.candidates], dtype=np.uint64)
        self.weights = np.array([o.weight if o else 0.0 for o in options])
        self.costs = np.array([o.cost if o else 0.0 for o in options])
        self.losses = np.array([o.loss if o else 0.0 for o in options])
        self.priors = _priors(options)
        self.targets = [c.target for c in self.candidates]
        self.forum_moves = [(i, o.forum) for i, o in enumerate(options) if o and o.forum]
        self.term_moves = [(i, o.agreement) for i, o in enumerate(options) if o and o.agreement]
        self._compile(world, view)

    def _compile(self, world: World, view: View) -> None:
        self.values: list[tuple[int, Compiled]] = []
        self.chances: list[float | Compiled] = []
        self.effects: list[tuple[list[Push], list[Push], list[Push], list[Push]]] = []
        for i, (candidate, option) in enumerate(zip(self.candidates, self.options, strict=True)):
            if option is None:
                self.chances.append(1.0)
                self.effects.append(([], [], [], []))
                continue
            names = placeholders(view.government, candidate.target)
            if option.value is not None:
                self.values.append((i, view.compile(option.value, **names)))
            self.chances.append(_amount(option.chance, view, names))
            self.effects.append(
                (
                    pushes_of(world, view, option.effects, names),
                    pushes_of(world, view, option.failure, names),
                    pushes_of(world, view, option.comply, names),
                    pushes_of(world, view, option.retaliate, names),
                )
            )

    def index(self, option: str, target: str | None) -> int | None:
        """The place of a candidate, None if it is not one of this menu."""
        wanted = Candidate(option, target)
        return self.candidates.index(wanted) if wanted in self.candidates else None


def placeholders(actor: str, target: str | None) -> dict[str, str]:
    """What `actor` and `target` stand for in an option's formulas and paths."""
    return {"actor": actor, "target": target} if target else {"actor": actor}


def _candidates(
    scenario: Scenario, government: str, dossier: str, barred: frozenset[Candidate]
) -> Iterator[Candidate]:
    for name in sorted(scenario.options):
        option = scenario.options[name]
        if option.dossier != dossier or government not in option.by:
            continue
        for target in sorted(option.to) if option.to else (None,):
            candidate = Candidate(name, target)
            if target != government and candidate not in barred and Candidate(name) not in barred:
                yield candidate


def _priors(options: list[Option | None]) -> NDArray[np.float64]:
    rows = [(o.answers.comply, o.answers.ignore, o.answers.retaliate) if o else (0.0, 1.0, 0.0) for o in options]
    raw = np.array(rows, dtype=np.float64).T.copy()
    raw[1, (raw[0] + raw[1] + raw[2]) == 0.0] = 1.0
    normalised: NDArray[np.float64] = raw / (raw[0] + raw[1] + raw[2])
    return normalised


def _amount(amount: float | str, view: View, names: dict[str, str]) -> float | Compiled:
    return view.compile(amount, **names) if isinstance(amount, str) else float(amount)


def pushes_of(world: World, view: View, effects: Mapping[str, Effect], names: dict[str, str]) -> list[Push]:
    """The effects on slots that this government can have an opinion of; it does not count on others."""
    pushes = []
    for path in sorted(effects):
        slot = slot_of(world, path, names)
        if view.knows(slot):
            effect = effects[path]
            amount = effect.by if effect.by is not None else effect.to
            assert amount is not None
            pushes.append(Push(slot, _amount(amount, view, names), effect.by is None))
    return pushes


def slot_of(world: World, path: str, names: Mapping[str, str]) -> int:
    """The slot that a path means once its placeholders are filled in."""
    read = parse_path(path)
    return world.slot(read.name, tuple(names.get(i, i) for i in read.index))
