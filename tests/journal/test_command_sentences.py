"""Commands as sentences: those of seats in words, those of the white cell as they were given."""

from __future__ import annotations

from typing import Any

import pytest

from support.records import made
from wargame.journal.sentences import headline
from wargame.journal.wording import Titles

TITLES = Titles(
    governments={"ARD": "Arda", "BRL": "Brel"},
    options={"talk": "offers talks"},
    dossiers={"strait": "The strait"},
    outcomes={"war": "War in the strait"},
)


@pytest.mark.parametrize(
    ("who", "about", "data", "text"),
    [
        ("ARD", "pass", {"government": "ARD"}, "Arda does not act on what is due"),
        ("ARD", "pass", {"government": "ARD", "dossier": "strait"}, "Arda does not act on 'The strait'"),
        ("ARD", "order", {"option": "talk", "target": "BRL"}, "Arda orders: offers talks (Brel)"),
        (
            *("ARD", "standing_order"),
            *({"option": "talk", "target": "BRL", "when": "tension > 1"},),
            *("Arda orders, as soon as tension > 1: offers talks (Brel)",),
        ),
        ("ARD", "cancel", {"government": "ARD", "number": 2}, "Arda withdraws order 2"),
        ("ARD", "ack", {"government": "ARD", "inject": "startex"}, "Arda acknowledges a message"),
        ("", "skip", {"inject": "collision"}, "The facilitator: skip collision"),
        ("", "set", {"path": "tension", "value": 0.5}, "The facilitator: set tension = 0.5"),
        (
            "",
            "order",
            {"government": "ARD", "option": "talk", "override": True},
            "The facilitator orders for Arda: offers talks, whatever its requirements",
        ),
        (
            "",
            "action",
            {"government": "ARD", "title": "fires on a trawler", "target": "BRL", "as": "talk"},
            "The facilitator enters an action: Arda fires on a trawler (Brel), with the effects of 'offers talks'",
        ),
        (
            "",
            "outcome",
            {"outcome": "war", "status": "revoked"},
            "The facilitator revokes the outcome 'War in the strait'",
        ),
    ],
)
def test_a_command_is_a_sentence(who: str, about: str, data: dict[str, Any], text: str) -> None:
    """With names and titles where people read what a seat did."""
    record = made(1, 0, "2030-01-01T00:00:00+00:00", "command", who, about, (), data)
    assert headline(record, titles=TITLES) == text


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ("met", "Brel meets the demand of Arda"),
        ("refused", "Brel does not meet the demand of Arda in time"),
        ("paid", "Arda gives Brel the inducement that it promised"),
        ("unpaid", "Arda does not give Brel the inducement that it promised"),
        ("carried_out", "Arda carries out its threat against Brel"),
        ("empty", "Arda does not carry out its threat against Brel"),
        ("honoured", "Arda keeps its commitment to Brel"),
        ("not_honoured", "Arda does not keep its commitment to Brel"),
    ],
)
def test_how_a_demand_was_settled_is_a_sentence(how: str, text: str) -> None:
    """Whose word it was, and whether it was kept."""
    data = {"how": how, "of": "BRL", "wants": ["talk"], "owes": None}
    record = made(3, 0, "2030-01-01T00:00:00+00:00", "demand.settled", "ARD", "d1", (), data)

    assert headline(record, titles=TITLES) == text
