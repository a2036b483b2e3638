"""Who receives an inject: the teams of a sheet and the governments that play them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wargame.errors import UsageFault, nearest, shortened
from wargame.scenario.model import Scenario
from wargame.sheets.table import plain_heading
from wargame.sheets.vocabulary import words

ALL, WHITE_CELL = "all", "EXCON"
"""What a team can be besides governments: all players, or nobody among them."""


def nobody(written: str) -> bool:
    """Return whether a cell names no recipient."""
    plain = plain_heading(written)
    return not plain or plain in words("nobody")


def read_teams(written: Iterable[tuple[str, str]], scenario: Scenario, option: str = "--who") -> dict[str, str]:
    """Return the recipients of teams by plain name: governments separated by commas, `all`, or empty for EXCON.

    Raises UsageFault for other texts and unknown governments.
    """
    teams = {}
    for name, codes in written:
        listed = [code.strip() for code in codes.split(",") if code.strip()]
        for code in listed:
            plain = plain_heading(code)
            if code in scenario.governments or plain == ALL or plain in words("white_cell"):
                continue
            hint = nearest(code, scenario.governments) or f"they are {', '.join(sorted(scenario.governments))}"
            said = f"{option} {name}={codes}: there is no government '{shortened(code, 40)}' ({hint})"
            raise UsageFault(said)
        if not listed:
            example = min(scenario.governments)
            raise UsageFault(f'{option} {name}: write "TEAM=GOV", such as "Blue Team={example}", or "TEAM={ALL}"')
        governments = [code for code in listed if code in scenario.governments]
        teams[plain_heading(name)] = (
            ALL if any(plain_heading(each) == ALL for each in listed) else ", ".join(governments)
        )
    return teams


@dataclass(slots=True)
class Team:
    """A team of a sheet: how it is written, who plays it (None if nobody knows), and the cells that name it."""

    name: str
    recipients: str | None
    places: list[str] = field(default_factory=list)


class Teams:
    """The teams of a sheet, with those that its cells have named so far in `named`."""

    def __init__(self, scenario: Scenario, chosen: Mapping[str, str]) -> None:
        self._known = dict.fromkeys(words("all_players"), ALL) | dict.fromkeys(words("white_cell"), "")
        self._known |= {plain_heading(code): code for code in scenario.governments}
        self._known |= {plain_heading(each.name): code for code, each in scenario.governments.items()}
        self._known |= {"" if nobody(name) else name: codes for name, codes in chosen.items()}
        self.governments = tuple(scenario.governments)
        self.named: dict[str, Team] = {}

    @property
    def resolves_nobody(self) -> bool:
        """Whether it was said who receives rows that name nobody."""
        return "" in self._known

    def knows(self, written: str) -> bool:
        """Return whether all that a cell names are known teams."""
        return all(plain_heading(name) in self._known for name in self.split(written))

    def split(self, written: str) -> list[str]:
        """Return the names in a cell. A known name is not taken apart, such as `Legal / Finance`."""
        names: list[str] = []
        for part in re.split(r"[,;\n]", written):
            if plain_heading(part) in self._known:
                names.append(part.strip())
                continue
            inside = re.split(r"/|\+| and | und | et | y | & ", part)
            is_list = any(plain_heading(each) in self._known for each in inside)
            names += [each.strip() for each in (inside if is_list else [part]) if plain_heading(each)]
        return names

    def recipients(self, written: str, place: str) -> tuple[str, bool]:
        """Return the governments (empty for all), and whether the white cell is the only recipient.

        The teams are noted in `named`, those that nobody is known to play without recipients.
        """
        codes: list[str] = []
        is_all = is_open = False
        found = [""] if nobody(written) else self.split(written)
        for name in found:
            word = plain_heading(name)
            known = self._known.get(word)
            self.named.setdefault(word, Team(name, known)).places.append(place)
            is_all, is_open = is_all or known == ALL, is_open or known is None
            codes += [code.strip() for code in (known or "").split(",") if code.strip() and known != ALL]
        if is_all:
            return "", False
        return ", ".join(dict.fromkeys(codes)), not codes and not is_open
