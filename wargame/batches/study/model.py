"""The model of a study file, as frozen data.

As in `wargame.scenario.model`, every class is one mapping of the YAML file and every field one key; reading,
checks and the JSON Schema follow from the annotations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import Annotated, Any, ClassVar, Literal

from wargame.dataclasses import dataclass, field, fields, replace
from wargame.errors import UsageFault, flag, nearest
from wargame.language.times import DAY, format_duration
from wargame.scenario.model.annotations import Bounds, Choices, Count, GovernmentId, Id, Number, Path, Period
from wargame.scenario.model.questions import Arm, MeasureText, Runs

BASELINE = "baseline"
KEEP, FAIL = "keep", "fail"

Positive = Annotated[float, Bounds(1e-9, 1e9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A number that the study varies, or a choice: a STARTEX, a leader, a strategy.

    Exactly one of `set`, `parameter` and `choices`; `range` or `levels` give the values of a number.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("set", "parameter", "choices")
    set: Path | None = None
    """An indicator, set at STARTEX together with its baseline."""
    parameter: str | None = None
    """A number of the scenario's files: its keys joined by dots. `outcomes.war.when.2` is the second in a formula."""
    choices: tuple[Arm, ...] = ()
    """The alternatives, each written as an arm: `{startex: 2016-09-01}`. Tables have its place, from 0 on."""
    range: tuple[Number, Number] | None = None
    """The lower and the upper end. Default: the range of the parameter in the scenario, if it has one."""
    levels: tuple[Number, ...] = ()
    """The values themselves, in place of a range."""
    title: str = ""

    def range_text(self, low: float, high: float) -> str:
        """Return limits as text: `0.2 to 0.5`, or the titles of choices."""
        if not self.choices:
            return f"{low:.3g} to {high:.3g}" if low < high else f"{low:.3g}"
        chosen = enumerate(self.choices)
        return " or ".join(each.title or f"choice {i}" for i, each in chosen if low <= i <= high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The points at which factors are varied. A word alone is short for `{kind: word}`."""

    SHORT: ClassVar[str] = "kind"
    kind: Annotated[str, Choices(("grid", "latin_hypercube", "sobol", "one_at_a_time", "points"))]
    """grid: all combinations of levels; latin_hypercube: evenly spread points; sobol: Saltelli's scheme, for indices;
    one_at_a_time: each factor at its ends, for a tornado; points: the rows of a file."""
    points: Count = 0
    """Points of a hypercube, the base of Sobol's scheme (a power of two), or the levels of a range in a grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number that is computed from each run. A text alone is short for `{formula: text}`."""

    SHORT: ClassVar[str] = "formula"
    formula: MeasureText
    """`p(outcome)`, `time(outcome)`, or an expression over `count`, `actions`, `severity`, `mean`, indicators."""
    name: str = ""
    """The name in tables. Default: the formula."""
    title: str = ""
    interval: Annotated[str, Choices(("t", "bootstrap"))] = "t"
    """The kind of interval of means; proportions always have Wilson's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """Stops the batch early, once an interval is narrow enough in every arm."""

    measure: str
    """The measure whose interval counts."""
    width: Positive
    """The width of the 95 % interval."""
    at: tuple[Runs, ...] = ()
    """Replications at which the width is checked. Default: 100, 200, 400, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Settings of programs and language models in seats."""

    timeout: Period = 60
    """Time for each answer of a program, in wall time."""
    replaced: Annotated[str, Choices((KEEP, "drop", FAIL))] = KEEP
    """The rule for runs in which the model took decisions in the place of a player: estimates include them and say
    so, estimates leave them out, or they fail."""
    failed: Annotated[str, Choices(("model", "nothing", "stop"))] = "nothing"
    """The rule for a decision that a program has not taken: the model decides, nothing is done, the run fails."""
    cassette: str = ""
    """A file of recorded answers of language models: read before asking, and added to."""
    offline: bool = False
    """Whether the answers of language models come from the cassette alone."""
    tokens: Count = 0
    """Tokens that the language model of a seat may use in a run; 0 for no limit."""
    calls: Count = 0
    """Calls that the language model of a seat may make in a run; 0 for no limit."""
    temperature: Annotated[float, Bounds(0.0, 2.0)] | None = None
    """Temperature of language models. Default: 0."""
    top_p: Annotated[float, Bounds(0.0, 1.0)] | None = None
    """Share of the likeliest tokens from which language models sample."""
    effort: Annotated[str, Choices(("low", "medium", "high"))] | None = None
    """The reasoning effort asked of a language model that reasons."""
    samples: Annotated[int, Bounds(1, 100)] = 1
    """Answers of a language model to each turn: the first is played, the distribution is kept."""
    white_cell: str = ""
    """A program or language model that rules on orders in free text, and answers requests."""
    mechanism: str = ""
    """A mechanism that an installed package adds: it may release injects at each midnight."""
    prompt: str = ""
    """A folder with templates of prompts; each replaces the shipped template of its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Observations that the government may make early in a run, and that may foretell failure."""

    until: Period = 90 * DAY
    """Time after STARTEX at which it is read."""
    paths: tuple[str, ...] = ()
    """Indicators as the government knows them then, and options, injects and outcomes that it has seen, by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionQuestion:
    """The question of `wargame decide`: which arm is best over the points of the design, and when it fails."""

    government: GovernmentId | None = None
    """Whose question it is; its welfare is the goal if no other is given."""
    goal: MeasureText | None = None
    """The goal, of which more is better."""
    indifference: Positive = 0.02
    """Differences of the goal that do not matter."""
    fails: MeasureText | None = None
    """A run fails if this is above 0: `p(war)`, or `count(nuclear_test) > 1`."""
    watch: Watch = field(default_factory=Watch)
    """Observations that may foretell failure."""
    holdout: Count = 0
    """Fresh runs of a policy, and of the same policy turning on its strongest sign; 0 for none."""

    @property
    def measure(self) -> str:
        """The formula of the goal."""
        return " ".join((self.goal or f"welfare({self.government})").split())

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas that it needs."""
        fails = (" ".join(self.fails.split()),) if self.fails else ()
        return (self.measure, *fails, *self.observables.values())

    @property
    def observables(self) -> dict[str, str]:
        """The measures of what is watched, by what is watched."""
        known_to = f", {self.government}" if self.government else ""
        until = format_duration(self.watch.until)
        return {path: f"seen({path}{known_to}, until: {until})" for path in self.watch.paths}


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """The question of `wargame game`: what each government does best, given what the others do."""

    players: dict[GovernmentId, tuple[Id, ...]]
    """Two or three governments with their strategies: from the scenario, or arms of the study."""
    goals: dict[GovernmentId, MeasureText] = field(default_factory=dict)
    """The goal of each player, of which more is better. Default: its mean welfare."""
    titles: dict[Id, str] = field(default_factory=dict)
    """Titles of strategies. Default: the titles in the scenario and of the arms."""
    indifference: Positive = 0.05
    """Differences of a goal that do not matter."""

    def goal(self, government: str) -> str:
        """Return the formula of what a player wants."""
        return " ".join(self.goals.get(government, f"mean(welfare({government}))").split())

    @property
    def profiles(self) -> dict[str, tuple[str, ...]]:
        """All combinations of strategies, in the order of the players, by the names of their arms."""
        return {"-".join(chosen): chosen for chosen in product(*self.players.values())}

    def is_laid_out(self, arms: Collection[str]) -> bool:
        """Return whether the arms are its profiles already, as in the folder of a batch."""
        return len(self.players) > 1 and set(self.profiles) <= set(arms)

    def fault(self, arms: Collection[str], strategies: Collection[str]) -> str:
        """Return what is wrong with the players; empty if nothing."""
        if not 2 <= len(self.players) <= 3:
            return "a game has two or three players"
        for government, each in self.players.items():
            if len(set(each)) < max(2, len(each)):
                return f"{government} needs at least two different strategies"
            if unknown := [name for name in each if name not in arms and name not in strategies]:
                every = sorted({*arms, *strategies})
                hint = nearest(unknown[0], every) or f"there are {', '.join(every)}"
                return f"there is no strategy or arm '{unknown[0]}' ({hint})"
        if unknown := [name for name in self.goals if name not in self.players]:
            return f"{unknown[0]} has a goal but is not a player"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The question of `wargame search`: which values of the levers make the best policy."""

    levers: dict[Id, Factor]
    """The settings of a policy, each written as a factor."""
    goals: tuple[MeasureText, ...]
    """The goals, of which more is better; of several, none is traded for another."""
    policies: Annotated[int, Bounds(2, 999)] = 32
    """Policies that are tried."""
    budget: Runs = 600
    """Runs of the search, including the runs of the declared arms."""
    holdout: Runs = 200
    """Fresh runs of each arm that is left, which the search does not see."""
    tried: tuple[Id, ...] = ()
    """The arms of the policies that are tried, as the search has laid them out; in the folder of its batch."""


def combined(arms: Iterable[Arm]) -> Arm:
    """Return one arm with the changes of all."""
    merged: dict[str, Any] = {}
    for arm, item in product(arms, fields(Arm)):
        value, before = getattr(arm, item.name), merged.get(item.name)
        if isinstance(value, dict):
            value = {**(before or {}), **value}
        elif isinstance(value, tuple):
            value = tuple(dict.fromkeys((*(before or ()), *value)))
        merged[item.name] = value or before or value
    return Arm(**merged | {"title": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study file."""

    format: Literal["wargame-study/1"] = "wargame-study/1"
    name: Id
    """The name by which commands call it."""
    title: str = ""
    summary: str = ""
    """The subject of the study, in a paragraph."""
    scenario: str
    """A built-in scenario, or a path relative to this file."""
    injects: tuple[str, ...] = ()
    """Inject files of all arms, in addition to the scenario's."""
    seed: Annotated[int, Bounds(0, 2**63 - 1)] = 1
    """Random seed; all arms share its draws."""
    replications: Runs = 1000
    """Runs in each arm, over all points of a design together."""
    startex: str | None = None
    """STARTEX of arms that do not set their own."""
    until: str | None = None
    """ENDEX of arms that do not set their own."""
    baseline: Id | None = None
    """The arm that others are compared with. Default: `baseline`, or the first by name."""
    arms: dict[Id, Arm] = field(default_factory=dict)
    """The variations to compare, by name."""
    factors: dict[Id, Factor] = field(default_factory=dict)
    """Numbers to vary over a design, by name."""
    design: Design | None = None
    """The points at which factors are varied."""
    measures: tuple[Measure, ...] = ()
    """Default: all outcomes, actions and severities."""
    interests: bool = False
    """Whether to measure the welfare of each government in its own eyes, and to report whose interests arms serve."""
    stopping: Stopping | None = None
    """When to stop before all replications."""
    thresholds: tuple[str, ...] = ()
    """As `--fail-if`: `[ARM:] MEASURE > NUMBER`."""
    events: bool = False
    """Whether to keep all actions, steps of forums and releases of injects."""
    series: tuple[Path, ...] = ()
    """Indicators to keep over time."""
    every: Period = 7 * DAY
    """How often indicators are sampled for `series` and means."""
    programs: Programs = field(default_factory=Programs)
    """Settings of programs and language models in the seats of arms."""
    decision: DecisionQuestion | None = None
    """The question of `wargame decide`. Its formulas, and what is watched, are measures of the study."""

    game: Game | None = None
    """The question of `wargame game`. In all commands its profiles replace the arms; its goals are measures."""

    search: Search | None = None
    """The question of `wargame search`. In all commands the policies that it tries are added to the arms; its goals are
    measures."""

    def measuring(self, formulas: Iterable[str]) -> Study:
        """Return the study with measures of these formulas, each once, unless it has measures of these names."""
        known = {each.name or " ".join(each.formula.split()) for each in self.measures}
        added = dict.fromkeys(" ".join(text.split()) for text in formulas)
        new = (Measure(formula=text) for text in added if text not in known)
        return replace(self, measures=(*self.measures, *new))

    def with_game(self) -> Study:
        """Return the study with an arm for each profile of its game, and with the goals as measures."""
        if self.game is None or self.game.is_laid_out(self.arms):
            return self
        game = self.game
        arms = {
            name: combined(
                self.arms.get(strategy) or Arm(strategies={player: strategy})
                for player, strategy in zip(game.players, profile, strict=True)
            )
            for name, profile in game.profiles.items()
        }
        named = {name: arm.title for name, arm in self.arms.items() if arm.title} | game.titles
        laid = replace(self, game=replace(game, titles=named), arms=arms, baseline=None)
        return laid.measuring(map(game.goal, game.players))

    def played(self, indifference: float | None) -> Game:
        """Return the game, perhaps with another indifference; UsageFault if the study names no players."""
        if self.game is None:
            raise UsageFault(f"{self.name} names no players: add `game: {{players: ...}}` to the study")
        if indifference is not None and not 0.0 < indifference < 1e9:
            raise UsageFault(f"indifference {indifference:g}: it must be greater than 0")
        return replace(self.game, indifference=indifference or self.game.indifference)

    def asked(self, changes: Mapping[str, Any]) -> DecisionQuestion:
        """Return the question with changes of its keys; UsageFault without a goal."""
        question = replace(self.decision or DecisionQuestion(), **changes)
        if question.goal is None and question.government is None:
            remedy = "add `decision` to the study, or name a measure with " + flag("goal") + ", or "
            remedy += flag("government") + " for its welfare"
            raise UsageFault(f"{self.name} asks no question that has a goal (", remedy, ")")
        return question

    def with_decision(self, changes: Mapping[str, Any]) -> Study:
        """Return the study with its question, and with all that the answer needs; unchanged without one."""
        if self.decision is None and not changes:
            return self
        question = self.asked(changes)
        asked = replace(self, decision=question, events=self.events or question.fails is not None)
        return asked.measuring(question.formulas)

    @property
    def against(self) -> str:
        """The arm that others are compared with."""
        return self.baseline or (BASELINE if BASELINE in self.arms else min(self.arms))


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07) of a study file."""
    from wargame.scenario.building.schema import schema_of

    schema = schema_of("study", Study)
    schema["required"] = sorted({*schema.get("required", ()), "format"})
    return schema
