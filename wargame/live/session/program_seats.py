"""What the console and the wall clock need of the programs in seats of a live exercise."""

from typing import Protocol


class InjectDrafter(Protocol):
    """A program that drafts injects for the white cell."""

    def ask(self, request: str) -> list[str]:
        """Ask for a draft of an inject, in the background; returns the lines to show."""

    def lines(self) -> list[str]:
        """Return the lines of the drafts that have been made."""

    def yaml(self, number: str) -> str:
        """Return the YAML of a draft; UsageFault if there is none of this number."""


class ProgramSeats(Protocol):
    """The programs of a live exercise: those that decide for a government, advisers, drafter and mechanism."""

    @property
    def seats(self) -> dict[str, str]:
        """What programs decide for which governments, at present."""

    @property
    def deciding(self) -> list[str]:
        """The governments whose programs have their turn now; the clock waits for them."""

    def go_on(self, to: int, stops: dict[str, object]) -> None:
        """Continue a move of the clock to second `to` once the programs have had their turns."""

    def next_midnight(self) -> float:
        """Return the second at which the mechanism works next; infinite without one."""

    def at_midnight(self) -> None:
        """Let the mechanism work, before the events of this second."""

    def halt(self) -> None:
        """Forget a move of the clock that was to be continued."""

    async def settled(self) -> None:
        """Wait until no program has its turn, and advisers and drafter have answered."""

    def advice(self, government: str) -> list[str]:
        """Return the lines of the latest advice to a seat; UsageFault if it has no adviser."""

    @property
    def proposals(self) -> dict[int, str]:
        """Return a sentence for each proposal of the white cell, by the record of the item of the queue."""

    def approve(self, number: int) -> str:
        """Carry out what the white cell proposes for an item; UsageFault if it proposes nothing."""

    @property
    def drafter(self) -> InjectDrafter:
        """The drafter of injects; UsageFault if there is none."""
