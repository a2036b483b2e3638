"""The event for which a decision of a person had fallen due when its order was given."""

from __future__ import annotations

from collections.abc import Sequence

from wargame.journal.records import Record
from wargame.scenario.model import Scenario


def triggers_of_orders(records: Sequence[Record], scenario: Scenario | None) -> dict[int, int]:
    """The number of each order that settled a due decision, with that of the event for which the decision was due."""
    if scenario is None:
        return {}
    due: dict[tuple[str, str], Record] = {}
    triggers: dict[int, int] = {}
    for record in records:
        data = record.data
        if record.kind == "decision.due":
            due[record.who, record.about] = record
        elif record.kind == "decision.missed":
            due.pop((record.who, record.about), None)
        elif record.kind == "command" and record.about == "pass":
            who, dossier = str(data.get("government")), data.get("dossier")
            due = {key: each for key, each in due.items() if key[0] != who or (dossier and key[1] != dossier)}
        elif record.kind == "command" and record.about == "order":
            option = scenario.options.get(str(data.get("option")))
            settled = due.pop((str(data.get("government")), option.dossier if option else ""), None)
            if settled is not None and settled.cause:
                triggers[record.seq] = settled.cause[0]
    return triggers
