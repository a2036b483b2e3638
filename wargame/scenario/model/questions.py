"""Arms, claims, the uncertainty of a scenario's numbers, and how a chronology is read.

None of this changes a run, so it is not part of the scenario's hash. As in the whole package, every class is one
mapping of the YAML files and every field one key.
"""

from typing import Annotated, ClassVar

from wargame.dataclasses import dataclass, field
from wargame.scenario.model import annotations as values
from wargame.scenario.model.governments import LIMITS, ActionPattern

MeasureText = Annotated[str, values.Formula("run")]
Runs = Annotated[int, values.Bounds(1, 1_000_000)]
Above = Annotated[float, values.Bounds(1e-9, 1e9)]
SeatKind = Annotated[
    str,
    values.Pattern(
        r"model|script|program:.+|llm:.+|http",
        "one of model, script, program:FILE, llm:MODEL, http (people play live)",
        longest=10_000,  # paths of files
    ),
]
NumberPath = str
"""The place of a number in the files: its keys joined by dots; `*` matches any text within one key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseChange:
    """A change of course within a run, made once. It has one of `strategy`, `forbid` and `force`.

    Conditions are over what the government knows.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("at", "when")
    government: values.GovernmentId
    """Whose course changes."""
    at: str | None = None
    """Time of the change, such as `D+90`, counted from the STARTEX of the run."""
    when: str | None = None
    """Condition: the change comes once it is true."""
    provided: str | None = None
    """Condition at that moment; if it is false, nothing changes."""
    strategy: Annotated[str, values.Ref("strategy")] | None = None
    """The strategy from then on, held as that of an arm."""
    forbid: str | None = None
    """`OPTION [TARGET]`: not available from then on."""
    force: str | None = None
    """`OPTION [TARGET]`: carried out at that moment."""

    @property
    def changes(self) -> dict[str, str]:
        """The change, by `strategy`, `forbid` or `force`."""
        every = {"strategy": self.strategy, "forbid": self.forbid, "force": self.force}
        return {name: text for name, text in every.items() if text}

    @property
    def conditions(self) -> tuple[str, ...]:
        """Its conditions."""
        return tuple(text for text in (self.when, self.provided) if text)

    @property
    def moment(self) -> str:
        """The time of the change: `D+90, provided moratorium < 0.5`."""
        begins = self.at or f"once {self.when}"
        return f"{begins}, provided {self.provided}" if self.provided else begins

    def __str__(self) -> str:
        (change,) = self.changes.items()
        return f"{self.government} {' '.join(change)} ({self.moment})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One variation of the scenario: what it changes. Texts are written as on the command line of `wargame run`."""

    title: str = ""
    variant: Annotated[str, values.Ref("variant")] | None = None
    """A variant that the scenario declares, in place of the scenario."""
    startex: str | None = None
    """When the governments begin to decide."""
    until: str | None = None
    """End of the run."""
    set: tuple[str, ...] = ()
    """`PATH=VALUE[@T]`: sets an indicator and its baseline, from STARTEX or time T on."""
    forbid: tuple[str, ...] = ()
    """`GOV OPTION [TARGET]`: makes an option unavailable."""
    force: tuple[str, ...] = ()
    """`T GOV OPTION [TARGET]`: carries out an action at time T."""
    skip: tuple[Annotated[str, values.Ref("inject or row")], ...] = ()
    """Injects and rows of the history to leave out."""
    add: tuple[str, ...] = ()
    """Inject files to add, by path or built-in name."""
    seats: dict[values.GovernmentId, SeatKind] = field(default_factory=dict)
    """`model`, `script`, or a program or language model: `program:FILE`, `llm:MODEL`."""
    limits: dict[values.GovernmentId, Annotated[str, values.Choices(LIMITS)]] = field(default_factory=dict)
    """Limits of a player in a seat: of its `leader` (the default), the `law` (not the ladder of the
    leader), or `none` of them: no licence for violence and no `restraint` either."""
    strategies: dict[values.GovernmentId, Annotated[str, values.Ref("strategy")]] = field(default_factory=dict)
    """From STARTEX on, and held: its stages change, but no exit to another strategy and no search ends it. A change of
    leader or an inject does."""
    leaders: dict[values.GovernmentId, Annotated[str, values.Ref("leader")]] = field(default_factory=dict)
    """From STARTEX on."""
    turn: tuple[CourseChange, ...] = ()
    """Changes of course within the run: adaptive policies."""
    parameters: dict[NumberPath, values.Number | values.Duration] = field(default_factory=dict)
    """Other values for numbers of the scenario's files, by their keys joined by dots; `*` matches any text within one
    key, as in `leaders.*.rationality`. Where several patterns match, the one with the fewest stars counts.
    `outcomes.war.when.2` is the second number in a formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The expected result of a claim for a measure: the sign of a contrast between arms, or that it is small.

    The contrast is the sum over arms of coefficient times mean: `{on: 1, off: -1}` is the effect of `on`,
    `{both: 1, one: -1, other: -1, none: 1}` an interaction, `{china_only: 1}` with a `bound` a level.
    """

    formula: MeasureText
    """The measure, as in a study: `p(war)`, `time(coal_halt)`, `mean(tension)`."""
    name: str = ""
    """Name in tables; the formula by default."""
    contrast: dict[values.Id, values.Number]
    """Arms of the claim with their coefficients."""
    expect: Annotated[str, values.Choices(("positive", "negative", "none", "below", "above"))]
    """Sign of the contrast; none: within ± `bound`; below, above: below or above `bound`."""
    bound: values.Number | None = None
    """For `none`, `below` and `above`, in units of the measure or as a share of the mean in the arm `share_of`."""
    share_of: values.Id | None = None
    """The arm whose mean is the unit of `bound`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement about the crisis as an experiment: arms that share random draws, and the expected result."""

    statement: str
    """The claim, in a sentence."""
    mechanism: str
    """The causal mechanism that the statement assumes."""
    startex: values.Moment | None = None
    """When the governments begin to decide, unless an arm sets its own; the scenario's STARTEX by default."""
    until: values.Moment | None = None
    """End of the runs, unless an arm sets its own."""
    arms: dict[values.Id, Arm]
    """The arms of the experiment, by name."""
    measures: tuple[Expectation, ...]
    """The claim is supported if all of them are, and contradicted if any of them is."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The uncertainty of numbers of the scenario: each number that matches is drawn independently.

    Exactly one of `range` and `times`.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("range", "times")
    path: NumberPath
    """Place of the numbers in the files: keys joined by dots; `*` matches any text within one key. Where several match,
    the last one counts, in the order of the names of the files."""
    range: tuple[values.Number | values.Duration, values.Number | values.Duration] | None = None
    """Plausible values, uniformly distributed."""
    times: tuple[Above, Above] | None = None
    """Plausible factors on the written value, uniformly distributed on a logarithmic scale."""
    together: bool = False
    """One draw for all matching numbers."""
    title: str = ""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another model of the same crisis: a named set of other numbers, for `--variant` on the command line.

    Changes by an arm or a factor are applied on top of it.
    """

    title: str = ""
    overlay: str | None = None
    """Name, without `.yaml`, of a file of the format `wargame-overlay/1` in the folder of the scenario, which is laid
    over its files before the numbers are changed: mappings are joined, other values are replaced, and `null` removes
    what the scenario has."""
    only: tuple[str, ...] = ()
    """Parts of the overlay that are laid over the scenario; all of them if none is named. Keys are joined by dots; `*`
    matches any text within one key."""
    without: tuple[str, ...] = ()
    """Parts of the overlay that are left out, so that the scenario's remain, written as in `only`."""
    parameters: dict[NumberPath, values.Number | values.Duration] = field(default_factory=dict)
    """As in an arm."""
    wrong: bool = False
    """Whether it is wrong on purpose, for targets that it should miss: labels of claims leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The tests of claims and targets, declared in advance."""

    seed: Annotated[int, values.Bounds(0, 2**63 - 1)] = 2017
    """Random seed of all tests."""
    replications: Runs = 200
    """Replications of each arm of a claim; all arms of all claims share random draws."""
    target_replications: Runs = 100
    """Replications for each target."""
    level: Annotated[float, values.Bounds(0.5, 0.9999)] = 0.95
    """Confidence level of intervals; for verdicts, jointly over all claims (Holm)."""
    effect: Above = 0.25
    """The smallest effect of interest, in standard deviations of a contrast between runs with the same random draws."""
    power: Annotated[float, values.Bounds(0.5, 0.9999)] = 0.9
    """Probability with which `replications` decide a measure that has this effect. `wargame claims` says so if the runs
    are too few."""
    draws: Runs = 40
    """Points drawn from the plausible ranges to test the robustness of each claim. Half as many points again, at most
    12, have each kind of random governments: with random choices, with arbitrary interests, and with nothing written
    about the worth of options. Two points have each variant that changes numbers only and is not wrong on purpose."""
    runs_each: Runs = 2
    """Replications at each of these points."""
    uncertainty: tuple[Spread, ...] = ()
    """Numbers of the scenario that are not known exactly, and their ranges."""
    calibration: tuple[Spread, ...] = ()
    """Numbers that calibration may change, and their ranges."""
    decisive: tuple[Spread, ...] = ()
    """The numbers that decide most, first the one that decides most, each with a title in plain words: what `wargame
    elicit` asks experts about."""
    variants: dict[values.Id, Variant] = field(default_factory=dict)
    """Models that are wrong on purpose or lack a mechanism, for comparison with the model as written."""


STEPS = (
    "propose", "commit", "dilute", "decline", "convene", "veto", "lapse", "round", "agree", "suspend", "exhaust",
    "return", "reopen", "leave", "state", "delay", "issue", "block",
)  # fmt: skip
Cameo = Annotated[str, values.Pattern(r"\d{1,4}", "the first one to four digits of a CAMEO event code")]
ActorName = Annotated[str, values.Pattern(r"[A-Za-z][A-Za-z0-9_\-]*", "a government, or a name of `events.names`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOf:
    """A step of a forum that counts."""

    forum: Annotated[str, values.Ref("forum")]
    """The forum."""
    step: Annotated[str, values.Choices(STEPS)]
    """The step that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """A kind of event on which forecasts are scored, and its equivalent in the model."""

    title: str
    kinds: tuple[values.Id, ...] = ()
    """Kinds of a chronology that belong to it; its own id by default."""
    cameo: tuple[Cameo, ...] = ()
    """Only events whose CAMEO code begins with one of these; any if left out."""
    actors: tuple[ActorName, ...]
    """Governments or other actors, each scored separately. Steps of forums and injects count for all of them."""
    together: bool = False
    """All actors form one series, in which an event of any of them counts once."""
    mutual: bool = False
    """Count an event for both sides, as for a visit; otherwise only for the actor."""
    among: bool = False
    """Count only events whose actors and targets are all among `actors`, so that an agreement of one of two allies with
    a third government is not taken for a step of the two."""
    actions: tuple[ActionPattern, ...] = ()
    """Actions of the model that correspond to it."""
    steps: tuple[StepOf, ...] = ()
    """Steps of forums that correspond to it."""
    injects: tuple[Annotated[str, values.Ref("inject")], ...] = ()
    """Injects whose release corresponds to it."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """The reading of a chronology of dated events."""

    kinds: dict[values.Id, EventKind] = field(default_factory=dict)
    """Kinds of events, by id."""
    names: dict[values.Id, str] = field(default_factory=dict)
    """Actors of chronologies that are not governments of the scenario, with their names."""
    unscored: dict[values.Id, str] = field(default_factory=dict)
    """Kinds of a chronology without an equivalent in the model, with the reason."""
