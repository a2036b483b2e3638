"""What a console needs of the review of its exercise. The review itself is built above this package."""

from __future__ import annotations

from typing import Protocol


class ExerciseReview(Protocol):
    """The review of an exercise that is still open."""

    def turning_points(self) -> list[str]:
        """The turning points so far, one line each."""

    def players(self) -> list[str]:
        """What people ordered, answered, wrote and voted, one line each, in order of time."""

    def write(self) -> list[str]:
        """Writes the report of the exercise into its folder; returns the lines that say where, or why it could not."""
