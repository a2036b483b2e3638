"""The review of a live exercise while its console is open: for the hot wash, and as a file at ENDEX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import WargameError
from wargame.live.console.console import ReviewLine

if TYPE_CHECKING:
    from wargame.live.session.session import Session
    from wargame.review.findings.findings import Findings


class LiveReview:
    """The review of the exercise of a session, as far as it has come."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def findings(self) -> Findings:
        """Return the findings of the present state, from memory."""
        from wargame.review.findings.findings import Findings
        from wargame.review.findings.source import from_memory

        session = self._session
        return Findings(from_memory(session.folder, session.present_manifest(), session.records, session.loaded))

    def turning_points(self) -> list[ReviewLine]:
        """Return the turning points since STARTEX, as in the summary of a run."""
        return [
            ReviewLine(point.at[:10], point.seq, f"{point.what} ({point.why})" if point.why else point.what)
            for point in self.findings().turning_points
        ]

    def players(self) -> list[ReviewLine]:
        """Orders, answers, messages and votes of people, each with what came of it."""
        from wargame.review.reports.run_events import players_in_rows

        return [ReviewLine(*row) for row in players_in_rows(self.findings())]

    def write(self) -> list[str]:
        """Write the page of the review; the exercise goes on if it cannot be written."""
        from wargame.journal.outputs import write_output
        from wargame.review.reports.writing import default_path, render

        try:
            path = write_output(default_path(self._session.folder.path, "html"), render(self.findings(), "html"))
        except (WargameError, OSError) as error:
            return [f"The review could not be written: {error}"]
        return [f"The review is in {path}"]
