"""The column layouts of other makers: how their headings correspond to parts of an inject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wargame.errors import UsageFault, nearest, shortened
from wargame.sheets.table import plain_heading

NOTE, EXTRA_NOTE = "notes", "note"
"""`notes` is the column of notes itself; a `note` column is added to the notes under its heading."""
MEANINGS = (
    "id",
    "title",
    "message",
    "when",
    "wall",
    "kind",
    "channel",
    "from",
    "to",
    "expected",
    "objective",
    "storyline",
    NOTE,
    EXTRA_NOTE,
    "status",
)
"""What a column can hold. `when` is game time; `wall` is the time of delivery in the room, which is only noted."""


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

SYNONYMS = {
    "id": ("control number", "event number", "inject number", "inject id", "number", "msel number", "serial", "no"),
    "title": ("subject", "event", "event title", "inject title", "headline", "name", "short description"),
    "message": ("details", "inject", "inject description", "event description", "text", "content", "description"),
    "when": ("simulated time", "designated scenario time", "scenario time", "game time", "exercise time", "time"),
    "wall": ("delivery time", "wall time", "real time", "planned delivery time"),
    "kind": ("event type", "type", "inject type"),
    "channel": ("delivery method", "inject mode", "method", "mode", "means", "delivery"),
    "from": ("sender", "from org", "source", "from organization"),
    "to": ("recipient", "recipients", "to org", "target", "audience", "receiver", "player", "team"),
    "expected": ("expected actions", "expected action", "expected participant response", "expected response"),
    "objective": ("exercise objective", "objectives", "training objective"),
    "storyline": ("group", "thread", "story line", "tab", "theme"),
    NOTE: ("facilitator guidance", "controller notes", "remarks", "comments"),
    EXTRA_NOTE: (
        "move",
        "controller",
        "assigned to",
        "faction",
        "assumptions",
        "measure of performance",
        "trigger",
        "probability",
    ),
    "status": ("state",),
}
_BY_HEADING = {plain_heading(word): meaning for meaning, words in SYNONYMS.items() for word in (meaning, *words)}


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


def meanings(headings: Sequence[str], chosen: Profile | None) -> dict[int, str]:
    """The meaning of each column that has one: by the profile, otherwise by synonyms; each meaning once but notes."""
    own = {plain_heading(heading): meaning for heading, meaning in chosen.columns} if chosen else {}
    by_column: dict[int, str] = {}
    for table in (own, _BY_HEADING):
        for column, heading in enumerate(headings):
            meaning = table.get(plain_heading(heading))
            if meaning and column not in by_column and (meaning == EXTRA_NOTE or meaning not in by_column.values()):
                by_column[column] = meaning
    return dict(sorted(by_column.items()))
