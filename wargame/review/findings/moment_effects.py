"""The measured effects of a run's moments, as sentences and rows."""

from collections import Counter
from collections.abc import Mapping

from wargame.dataclasses import dataclass
from wargame.executor.campaign import CellFailure, by_reason
from wargame.futures.continuation import Intervention
from wargame.journal import wording
from wargame.review.findings.finding_rows import Row


@dataclass(frozen=True, slots=True)
class EffectsPlan:
    """The effort of a depth: candidates and placebos with `first` pairs each, then `kept` with `second`."""

    candidates: int
    placebos: int
    first: int
    kept: int
    second: int

    @property
    def runs(self) -> int:
        """Runs at most."""
        return 2 * ((self.candidates + self.placebos) * self.first + self.kept * self.second)


@dataclass(frozen=True, slots=True)
class EffectEstimate:
    """The change in the chance of an outcome, as it was less otherwise, with a 95 % interval over `n` pairs."""

    outcome: str
    n: int
    as_it_was: float
    otherwise: float
    difference: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class RunMoment:
    """A moment with its results; `estimate` is None where the second round has none."""

    turn: Intervention
    what: str
    why: str
    at: str
    day: float
    alternative: str
    command: str
    pairs: int
    """Complete pairs of the first round."""
    seemed: float
    estimate: EffectEstimate | None

    @property
    def forked(self) -> str:
        """Return the runs of the command: the moment or its alternative, or fresh draws where no option has it."""
        if self.turn.kind == "inject" or self.turn.other is not None:
            return f"{self.what}, or: {self.alternative}"
        return f"{self.what}: many futures from just before, with fresh draws"


@dataclass(frozen=True, slots=True)
class MomentEffects:
    """All measured effects, the largest first."""

    tested: tuple[RunMoment, ...]
    noise: float
    plan: EffectsPlan
    depth: str
    titles: Mapping[str, str]
    runs: int
    untested: int = 0
    """Other moments of the run that have an alternative."""
    failures: tuple[CellFailure, ...] = ()
    """Runs without a result. Neither they nor the other run of their pair count anywhere."""

    @property
    def summary(self) -> str:
        """The results in a few sentences."""
        return self._paragraphs()[0]

    @property
    def method(self) -> str:
        """The method of measuring the effects."""
        return self._paragraphs()[1]

    def _paragraphs(self) -> tuple[str, ...]:
        from wargame.journal.template_cache import paragraphs

        failed = sorted((each.cell.turn.seq, " ".join(each.reason.split())) for each in self.failures)
        moments = ", ".join(f"{count} at record {seq}" for seq, count in Counter(seq for seq, _ in failed).items())
        reasons = "; ".join(reason for reason, _ in by_reason(failed))
        return paragraphs("wargame.review", "effects.txt.j2", of=self, moments=moments, reasons=reasons)

    @property
    def decisive(self) -> list[Row]:
        """The moments whose effect is distinguishable from chance, the largest first."""
        shown = [(m, m.estimate) for m in self.tested if m.estimate is not None and m.estimate.shown]
        ranked = sorted(shown, key=lambda each: (-abs(each[1].difference), each[0].turn.seq))
        return [
            {name: getattr(m, name) for name in ("at", "day", "what", "why")}
            | {"seq": m.turn.seq, "effect": self._sentence(effect)}
            for m, effect in ranked
        ]

    def _sentence(self, effect: EffectEstimate) -> str:
        title = self.titles.get(effect.outcome, wording.words(effect.outcome))
        return (
            f"Because of this, the chance of '{title}' was {wording.percent(effect.as_it_was)} "
            f"and not {wording.percent(effect.otherwise)}: "
            f"{_points(effect)}."
        )

    def in_words(self, m: RunMoment) -> tuple[str, ...]:
        """Return the outcome of a moment, its chance as it was and otherwise, the difference, and the verdict."""
        effect = m.estimate
        if effect is None:
            within = "above the noise, not estimated" if m.seemed > self.noise else "within the noise"
            return "", "", "", f"seemed {wording.whole_number(100 * m.seemed)} points", within
        title = self.titles.get(effect.outcome, wording.words(effect.outcome))
        verdict = "changed it" if effect.shown else "not shown"
        return title, wording.percent(effect.as_it_was), wording.percent(effect.otherwise), _points(effect, ""), verdict


def _points(effect: EffectEstimate, interval: str = "95 % interval ") -> str:
    change, low, high = (wording.signed(100 * share, 0) for share in (effect.difference, effect.low, effect.high))
    return f"{change} points ({interval}{low} to {high})"
