"""The desk of a government: its dossiers, and which one it works on next."""

from wargame.numbers.timing import Attention, Matter
from wargame.scenario.model import Rules
from wargame.scenario.model.governments import DossierSettings as Spec

ASSESSING_SHARE = 0.4
"""Share of the work on a dossier spent on assessing; the remainder is deliberating. Judgement."""


class DeskEntry(Matter):
    """One dossier: when it is due and why, the work left on it, and its recent signals.

    Its work is assessing, then deliberating.
    """

    __slots__ = ("spec",)
    trigger: int | None
    deadline: int | None

    def __init__(self, dossier: str, spec: Spec, due: int) -> None:
        super().__init__(dossier, spec.priority, spec.every, spec.work, due)
        self.spec = spec
        self.assessed = spec.work - int(spec.work * ASSESSING_SHARE)


class Desk(Attention):
    """The dossiers of one government. A waiting dossier gains rank; an interrupted one keeps its remaining work."""

    __slots__ = ()
    entries: dict[str, DeskEntry]
    in_work: DeskEntry | None

    def __init__(self, specs: dict[str, Spec], rules: Rules, now: int) -> None:
        count = len(specs)
        entries = {
            name: DeskEntry(name, spec, now + spec.every * (i + 1) // (count + 1))
            for i, (name, spec) in enumerate(sorted(specs.items()))
        }
        super().__init__(entries, rules.salience_half_life, rules.salience_crisis, rules.urgency)
