"""What a scenario asks of itself: its claims, its targets, how uncertain its numbers are.

None of it changes a run, so it does not count in the hash of the scenario. As in `model`, every class is one mapping
of the YAML files and every field one key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from wargame.scenario.model.annotations import Bounds, Choices, Duration, Formula, GovernmentId, Id, Moment, Number, Ref

MeasureText = Annotated[str, Formula("run")]
Runs = Annotated[int, Bounds(1, 1_000_000)]
Above = Annotated[float, Bounds(1e-9, 1e9)]
NumberPath = str
"""The place of a number in the files: its keys joined by dots; `*` stands for any text within one key."""
JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way to play the scenario: what it changes. Texts are as on the command line of `wargame run`."""

    title: str = ""
    startex: str | None = None
    """When the governments begin to decide."""
    until: str | None = None
    """Another end."""
    set: tuple[str, ...] = ()
    """`PATH=VALUE[@T]`: sets an indicator and its baseline."""
    forbid: tuple[str, ...] = ()
    """`GOV OPTION [TARGET]`: takes an option off the menu."""
    force: tuple[str, ...] = ()
    """`T GOV OPTION [TARGET]`: makes an action happen."""
    skip: tuple[Annotated[str, Ref("inject or row")], ...] = ()
    """Injects and rows of the record to leave out."""
    add: tuple[str, ...] = ()
    """Inject files to add, by path or built-in name."""
    seats: dict[GovernmentId, Annotated[str, Choices(("model", "script"))]] = field(default_factory=dict)
    strategies: dict[GovernmentId, Annotated[str, Ref("strategy")]] = field(default_factory=dict)
    """From STARTEX on."""
    leaders: dict[GovernmentId, Annotated[str, Ref("leader")]] = field(default_factory=dict)
    """From STARTEX on."""
    parameters: dict[NumberPath, Number | Duration] = field(default_factory=dict)
    """Other numbers in the scenario's files, by their keys joined by dots; `*` stands for any text within one key,
    as in `leaders.*.rationality`. Where several match, the one with the fewest stars counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a claim expects of a measure: the sign of a contrast between arms, or that there is next to none.

    The contrast is the sum over arms of coefficient times mean: `{on: 1, off: -1}` is the effect of `on`,
    `{both: 1, one: -1, other: -1, none: 1}` an interaction, `{china_only: 1}` with a `bound` a level.
    """

    formula: MeasureText
    name: str = ""
    """What tables call it; the formula itself if left out."""
    contrast: dict[Id, Number]
    """Arms of the claim with their coefficients."""
    expect: Annotated[str, Choices(("positive", "negative", "none", "below", "above"))]
    """The sign of the contrast; `none`: within plus and minus `bound`; `below` or `above` the `bound`."""
    bound: Number | None = None
    """For `none`, `below` and `above`; in units of the measure, or as a share of the mean in the arm `share_of`."""
    share_of: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement about the crisis as an experiment: arms that share their luck, and what to expect of them."""

    statement: str
    mechanism: str
    """By what it should come about."""
    startex: Moment | None = None
    """When the governments begin to decide, in arms that say nothing else; the scenario's own if left out."""
    until: Moment | None = None
    """The end, in arms that say nothing else."""
    arms: dict[Id, Arm]
    measures: tuple[Expectation, ...]
    """The claim is supported if each of them is, contradicted if one of them is contradicted."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How uncertain numbers of the scenario are: each that matches is drawn from here on its own.

    Exactly one of `range` and `times`.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("range", "times")
    path: NumberPath
    """Their place in the files: keys joined by dots; `*` stands for any text within one key. Where several spreads
    match, the last of the file counts."""
    range: tuple[Number | Duration, Number | Duration] | None = None
    """The plausible values, evenly."""
    times: tuple[Above, Above] | None = None
    """The plausible factors on the written value, evenly in their logarithm."""
    together: bool = False
    """One draw for all that match."""
    title: str = ""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another model of the same crisis: other numbers under a name, which commands take as `--variant`.

    What an arm or a factor changes besides comes on top of it.
    """

    title: str = ""
    parameters: dict[NumberPath, Number | Duration]
    """As in an arm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How claims and targets are put to the test, declared before they are."""

    seed: Annotated[int, Bounds(0, 2**63 - 1)] = 2017
    replications: Runs = 200
    """Of each arm of a claim; all arms of all claims share their luck."""
    target_replications: Runs = 100
    """Of each target."""
    level: Annotated[float, Bounds(0.5, 0.9999)] = 0.95
    """Of intervals; for verdicts it holds for all measures of all claims together (Bonferroni)."""
    draws: Runs = 40
    """Points drawn from the whole plausible ranges at which each claim is tried for its label; as many again have
    random policies, half by chance alone and half with interests dealt anew."""
    runs_each: Runs = 2
    """Replications at each of them."""
    uncertainty: tuple[Spread, ...] = ()
    calibration: tuple[Spread, ...] = ()
    """What calibration may move, and how far; all else stays as written."""
    variants: dict[Id, Variant] = field(default_factory=dict)
    """Models that are plainly wrong, or lack a mechanism: the targets and claims are held against them too."""
