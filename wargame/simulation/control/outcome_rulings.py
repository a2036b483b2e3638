"""Outcomes that the white cell sets or revokes by hand, because the conditions of the scenario do not tell them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wargame.errors import UsageFault
from wargame.simulation.control.lookup import text_of, valid_name
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandHandler
from wargame.simulation.mechanisms.outcomes import Outcomes

STATUSES = ("occurred", "revoked")


class OutcomeRulings:
    """The command that sets or revokes an outcome. `finish` ends the run."""

    def __init__(self, context: RunContext, outcomes: Outcomes, finish: Callable[[str], None]) -> None:
        self._context, self._outcomes, self._finish = context, outcomes, finish

    def handlers(self) -> dict[str, CommandHandler]:
        """Return the commands of this module."""
        return {"outcome": CommandHandler(self._check, self._rule)}

    def _check(self, data: dict[str, Any]) -> None:
        name = valid_name("outcome", str(data["outcome"]), self._outcomes.reached)
        status, at = valid_name("status of an outcome", str(data["status"]), STATUSES), self._outcomes.reached[name]
        text_of(data, "why")
        if status == "occurred" and at is not None:
            raise UsageFault(f"{name} has already occurred, {self._context.calendar.at(at):%Y-%m-%d %H:%M}")
        if status == "revoked" and at is None:
            raise UsageFault(f"{name} has not occurred and cannot be revoked")

    def _rule(self, data: dict[str, Any], seq: int) -> None:
        """Set an outcome; one that ends the run ends it now."""
        name, why, private = str(data["outcome"]), str(data["why"]), bool(data.get("private"))
        if data["status"] == "revoked":
            self._outcomes.revoke(name, seq, why, private=private)
            return
        self._outcomes.declare(name, seq, why, private=private)
        if self._outcomes.ended_by == name and not self._context.over:
            self._finish(name)
