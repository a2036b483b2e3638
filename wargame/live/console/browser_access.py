"""What the console needs of a server that lets people take part in browsers."""

from __future__ import annotations

from typing import Protocol

from wargame.live.console.reply import Reply


class BrowserAccess(Protocol):
    """Codes and people of an exercise that is served. Each method returns the answer; UsageFault if invalid."""

    def code(self, of: str, *, new: bool) -> Reply:
        """The join code of a seat or role; with `new`, another one in its place."""

    def people(self) -> Reply:
        """The people, and those in the lobby."""

    def admit(self, named: str) -> Reply:
        """Lets people of the lobby in."""

    def lock(self, *, on: bool) -> Reply:
        """Refuses new people, or accepts them again."""

    def kick(self, named: str) -> Reply:
        """Removes people for good; no lines if nobody has this number, name, seat or role."""

    def name_of(self, by: str) -> str:
        """The name of the person who is `by` in the command log; empty if the person has been removed."""

    def notify(self, by: str, shown: Reply) -> None:
        """Shows lines on the pages of the person who is `by` in the command log."""

    def reveal(self, *, on: bool) -> Reply:
        """Opens the views of all seats to everyone after ENDEX, or closes them."""
