"""What a run may change about a scenario without touching its files, and the commands of a live one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The arm of a run. All texts are as on the command line, so that they can be written down and typed again.

    `set`: `PATH=VALUE[@T]`; `bar`: `GOV OPTION [TARGET]`; `force`: `T GOV OPTION [TARGET]`; `skip`: inject ids;
    `seats`: (government, kind); `strategies`, `leaders`: (government, id) from the hand-over on.
    """

    hand_over: str | None = None
    until: str | None = None
    replication: int = 0
    set: tuple[str, ...] = ()
    bar: tuple[str, ...] = ()
    force: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    seats: tuple[tuple[str, str], ...] = ()
    strategies: tuple[tuple[str, str], ...] = ()
    leaders: tuple[tuple[str, str], ...] = ()
    journal: str = "full"

    def as_dict(self) -> dict[str, Any]:
        """Plain data for the manifest."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Settings:
        """The settings that `as_dict` wrote down, also after a trip through JSON."""
        pairs = {"seats", "strategies", "leaders"}
        read: dict[str, Any] = {}
        for name, value in data.items():
            if name in pairs:
                read[name] = tuple((str(a), str(b)) for a, b in value)
            else:
                read[name] = tuple(value) if isinstance(value, list | tuple) else value
        return cls(**read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An act of the white cell or of a person in a seat, at the run's present moment.

    Kinds: `release`, `hold`, `unhold`, `skip` (data: inject), `set` (path, value), `seat` (government, kind),
    `order` (government, option, target, why), `epoch` (number), `note` (text, about, tag).
    """

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
