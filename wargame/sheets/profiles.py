"""The column layouts of other makers: how their headings correspond to parts of an inject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wargame.errors import UsageFault, nearest, shortened
from wargame.sheets.headings import EXTRA_NOTE, NOTE
from wargame.sheets.table import plain_heading


@dataclass(frozen=True, slots=True)
class Profile:
    """A layout: its headings in their order, each with its meaning."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings in their order."""
        return tuple(heading for heading, _ in self.columns)


# Headings as the makers ship them: DHS HSEEP MSEL template; CMU SEI Blueprint, default columns; MITRE, Cyber Exercise
# Playbook (2014), MSEL table; Conducttr, MSEL import sheet.
PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "hseep",
            (
                ("Event Number", "id"),
                ("Designated Scenario Time", "when"),
                ("Event Type", "kind"),
                ("Inject Mode", "channel"),
                ("From", "from"),
                ("To", "to"),
                ("Message", "message"),
                ("Expected Participant Response", "expected"),
                ("Exercise Objective", "objective"),
                ("Notes", NOTE),
            ),
        ),
        Profile(
            "blueprint",
            (
                ("Control Number", "id"),
                ("Move", EXTRA_NOTE),
                ("Group", "storyline"),
                ("Delivery Time", "wall"),
                ("Simulated Time", "when"),
                ("Assigned To", EXTRA_NOTE),
                ("Status", "status"),
                ("Title", "title"),
                ("Description", NOTE),
                ("From Org", "from"),
                ("To Org", "to"),
                ("Details", "message"),
                ("Expected Actions", "expected"),
            ),
        ),
        Profile(
            "mitre",
            (
                ("ID", "id"),
                ("Local Time", "when"),
                ("Delivery Method", "channel"),
                ("Target", "to"),
                ("Title", "title"),
                ("Description", "message"),
                ("Assumptions", EXTRA_NOTE),
                ("Notes", NOTE),
                ("Expected Actions", "expected"),
                ("Measure of Performance", EXTRA_NOTE),
            ),
        ),
        Profile(
            "conducttr",
            (
                ("Number", "id"),
                ("Time", "when"),
                ("From", "from"),
                ("Faction", EXTRA_NOTE),
                ("To", "to"),
                ("Team", EXTRA_NOTE),
                ("Method", "channel"),
                ("Subject", "title"),
                ("Message", "message"),
                ("Expected Action", "expected"),
                ("Tab", "storyline"),
            ),
        ),
    )
}


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
