"""The column layouts of other makers: how their headings correspond to parts of an inject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wargame.errors import UsageFault, nearest, shortened
from wargame.sheets.table import plain_heading
from wargame.sheets.vocabulary import layouts


@dataclass(frozen=True, slots=True)
class Profile:
    """A layout: its headings in their order, each with its meaning."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings in their order."""
        return tuple(heading for heading, _ in self.columns)


PROFILES = {name: Profile(name, tuple(columns.items())) for name, columns in layouts().items()}


def profile(name: str) -> Profile:
    """Return the profile of this name; UsageFault for another one."""
    if name not in PROFILES:
        hint = nearest(name, PROFILES) or f"the profiles are {', '.join(sorted(PROFILES))}"
        raise UsageFault(f"there is no profile '{shortened(name)}' ({hint})")
    return PROFILES[name]


def detect(headings: Sequence[str]) -> Profile | None:
    """Return the profile with most of the headings, at least half of its own; None if none fits."""
    here = {plain_heading(heading) for heading in headings if heading}
    shares = {
        name: sum(plain_heading(each) in here for each in known.headings) / len(known.headings)
        for name, known in PROFILES.items()
    }
    best = max(shares, key=lambda name: shares[name])
    return PROFILES[best] if shares[best] > 0.5 else None
