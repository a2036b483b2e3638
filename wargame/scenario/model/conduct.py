"""Optional mechanisms of conduct over time. A scenario that leaves one out runs without it."""

from typing import Annotated

from wargame.dataclasses import dataclass, field
from wargame.language.times import DAY
from wargame.scenario.model import annotations as values
from wargame.scenario.model.governments import ActionPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """Orders are appraised again at milestones before they are carried out: continued, postponed or cancelled."""

    parts: values.Count = 3
    """Number of parts into which the lead time of an order is divided, with a review between each two of them."""
    every: values.Period = 45 * DAY
    """Longest time between reviews of an order."""
    shortest: values.Duration = 6 * DAY
    """Orders with a shorter lead time are not reviewed."""
    margin: values.Positive = 0.05
    """Margin by which the score above waiting must be below 0 and below its value at the decision to cancel an order,
    so that reviews do not undo the noise of the choice."""
    postpone: values.Period = 30 * DAY
    """How long an order is postponed if only talks in session speak against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """Minor acts below the threshold of decision, week by week, and the stance of each government that they express."""

    acts: Annotated[float, values.Bounds(0.0, 8.0)] = 3.0
    """ν: mean number of minor acts of a government towards each other one in a week."""
    lean: values.Positive = 1.2
    """A: how much the weight of a minor act follows the stance: its mean is 10·A·s."""
    spread: values.Positive = 1.5
    """σ: standard deviation of the weight of a minor act. Weights are cut to the range from -4 to 3.4."""
    discount: values.Share = 0.5
    """Share of the mean weight of a week's acts that the other government perceives, once a week."""
    own: values.Share = 0.3
    """ρ: step of a government's stance, by one of its own actions, towards a tenth of the perceived weight."""
    surprise: values.Share = 0.1
    """γ: step of the stance towards another government after a surprise of 10 at it."""
    half_life: values.Period = 120 * DAY
    """Half-life of the stance."""
    in_score: values.Share = 0.0
    """κ: what a stance of 1 adds to the score of an action of weight 10 towards that government."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Several actions, one after the other, such as a series of tests or a season of exercises."""

    title: str
    by: tuple[values.GovernmentId, ...]
    """Governments that may carry it out."""
    begins: ActionPattern
    """Actions by decision of one of them that may begin it."""
    chance: values.Share = 1.0
    """Probability that such an action begins it."""
    steps: tuple[values.OptionId, ...]
    """Options that follow, in this order; towards the target of the first action, if they have it. They are exempt from
    cool-downs, and appraised again before each step."""
    rounds: Annotated[int, values.Bounds(1, 100)] = 1
    """How many times the list of steps is carried out."""
    spacing: tuple[values.Duration, values.Duration, values.Duration] = (7 * DAY, 14 * DAY, 28 * DAY)
    """Least, likeliest and most time between two steps."""
    within: values.Period = 180 * DAY
    """Time after the first action at which the steps that are left are abandoned."""
    margin: values.Positive = 0.05
    """The largest distance of the score of a step below waiting; below that the plan is abandoned."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspirations:
    """Leaders whose strategy falls short of what they aspire to search for another one."""

    window: values.Period = 180 * DAY
    """Time over which the progress of a strategy's `aim` is measured."""
    half_life: values.Period = 365 * DAY
    """Half-life with which the aspiration follows the progress. It is never below the strategy's `floor`."""
    patience: values.Period = 180 * DAY
    """How long progress must be below the aspiration before a leader searches."""
    switching: values.Positive = 0.2
    """Cost of changing to another strategy, in units of score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Visits and summits: those who are together avoid offences, and commit themselves jointly to something."""

    stays: dict[values.OptionId, values.Period] = field(default_factory=dict)
    """How long actor and target are together after each of these actions."""
    offences: tuple[ActionPattern, ...] = ()
    """Actions that offend the other government while the two are together."""
    restraint: values.Positive = 0.3
    """Cost of an offence to its actor during a stay, in units of score. With `reviews`, an order that is due then is
    postponed if its score is below waiting."""
    after: tuple[values.OptionId, ...] = ()
    """Actions after which actor and target commit themselves jointly."""
    commitments: tuple[values.OptionId, ...] = ()
    """Options to which a government may commit itself. Each of the two takes the one with its highest score; there is
    no commitment unless both find one."""
    margin: values.Positive = 0.05
    """The largest distance of the score of a commitment below waiting."""
    within: values.Period = 120 * DAY
    """Time to carry out a commitment. It counts as a promise: breaking it costs credibility and approval."""
