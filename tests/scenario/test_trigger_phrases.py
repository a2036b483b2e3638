"""Triggers of injects in words."""

from __future__ import annotations

from wargame.scenario.model import ActionPattern, After, Inject, RandomTime
from wargame.scenario.trigger_phrases import PHRASES, Wording, trigger_phrase

WORDING = Wording(moment=lambda time: f"moment {time.text}", day=lambda time: f"day {time.text}")
RATE = "trust[ARD, BRE] + 1"


def test_each_kind_of_trigger_has_a_phrase() -> None:
    """A new kind of trigger cannot be forgotten by reports and consoles."""
    assert tuple(PHRASES) == Inject.ONE_OF


def test_phrases_use_the_names_of_the_wording() -> None:
    """Delays, kinds of events, governments and formulas are part of the phrase."""
    pattern = ActionPattern(options=("strike", "blockade"), by=("ARD",))

    assert phrase(after=After(inject="storm", delay=86400)) == ("1d after the inject storm", "")
    assert phrase(after=After(action=pattern)) == ("after the action strike or blockade by ARD", "")
    assert phrase(after=After(decision=pattern)) == ("after the decision strike or blockade by ARD", "")
    assert phrase(when="tension > 5") == ("when tension > 5", "")
    assert phrase(random=RandomTime(rate="2")) == ("at random, 2 a year", "")
    assert phrase(random=RandomTime(rate=RATE)) == ("at random, at a rate that changes", f"{RATE} a year")
    assert phrase(manual=True) == ("by hand", "")


def test_a_formula_that_cannot_be_part_of_the_text_is_returned_beside_it() -> None:
    """Reports show long conditions on their own."""
    wording = Wording(moment=WORDING.moment, day=WORDING.day, inline=lambda formula: len(formula) < 5)

    assert trigger_phrase(inject(when="tension > 5"), wording) == ("when its condition holds", "tension > 5")


def phrase(**trigger: object) -> tuple[str, str]:
    """The phrase of an inject with this trigger."""
    return trigger_phrase(inject(**trigger), WORDING)


def inject(**trigger: object) -> Inject:
    """An inject with this trigger."""
    return Inject(id="x", title="X", **trigger)  # type: ignore[arg-type]  # the fields of one trigger
