"""Annotations for the fields of model classes: what a field may hold.

A model class states this once. `build` reads YAML accordingly, the checks resolve names, `schema` writes the JSON
Schema, and the reference pages are generated from that.
"""

from collections.abc import Mapping
from typing import Annotated

from wargame.dataclasses import dataclass, field
from wargame.language.times import Time

JUDGEMENT = "judgement"
"""The source of a number or element for which no publication is given."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number in [low, high]."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ref:
    """The text is the id of an element of this kind, such as `government` or `option`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Formula:
    """The text is an expression (or a plain number).

    `reads` is what it is evaluated with: `world` (the true state), `view` (what one government knows) or `run` (a
    finished run). `slots` are the placeholders allowed as an index, such as `actor` and `target`.
    """

    reads: str = "world"
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathText:
    """The text is the path of an indicator, such as `trust[CHN, PRK]`; `slots` as in `Formula`."""

    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DurationText:
    """The text is a duration such as `90d` or `1d 12h`, stored as whole seconds, at least `low`."""

    low: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """The text is one of these words; `hints` has remedies for others that an author may write."""

    allowed: tuple[str, ...]
    hints: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The text matches this regular expression, which `means` describes; it has at most `longest` characters."""

    regex: str
    means: str
    longest: int = 100


ID = Pattern(r"[A-Za-z][A-Za-z0-9_\-]*", "letters, digits, _ and -, a letter first")

Id = Annotated[str, ID]
Share = Annotated[float, Bounds(0.0, 1.0)]
Signed = Annotated[float, Bounds(-1.0, 1.0)]
Positive = Annotated[float, Bounds(0.0, 1e6)]
Number = Annotated[float, Bounds(-1e9, 1e9)]
Count = Annotated[int, Bounds(0, 1_000_000)]
Duration = Annotated[int, DurationText()]
Period = Annotated[int, DurationText(low=1)]
Moment = Annotated[Time, "time"]
GovernmentId = Annotated[str, Ref("government")]
OptionId = Annotated[str, Ref("option")]
DossierId = Annotated[str, Ref("dossier")]
WorldFormula = Annotated[str, Formula("world")]
ViewFormula = Annotated[str, Formula("view")]
ActorFormula = Annotated[str, Formula("view", ("actor", "target"))]
OwnFormula = Annotated[str, Formula("view", ("self",))]
ActionPath = Annotated[str, PathText(("actor", "target"))]
Path = Annotated[str, PathText()]
