"""The column layouts of other makers: how their headings correspond to parts of an inject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wargame.errors import UsageFault, nearest, shortened
from wargame.sheets.table import plain_heading
from wargame.sheets.vocabulary import layouts

PROFILES = layouts()
"""By the name of a tool, its headings in their order, each with its field."""


def profile(name: str) -> Mapping[str, str]:
    """Return the profile of this name; UsageFault for another one."""
    if name not in PROFILES:
        hint = nearest(name, PROFILES) or f"the profiles are {', '.join(sorted(PROFILES))}"
        raise UsageFault(f"there is no profile '{shortened(name)}' ({hint})")
    return PROFILES[name]


def detect(headings: Sequence[str]) -> Mapping[str, str] | None:
    """Return the profile with most of the headings, at least half of its own; None if none fits."""
    here = {plain_heading(heading) for heading in headings if heading}
    shares = {name: sum(plain_heading(each) in here for each in known) / len(known) for name, known in PROFILES.items()}
    best = max(shares, key=lambda name: shares[name])
    return PROFILES[best] if shares[best] > 0.5 else None
