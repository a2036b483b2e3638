"""The trigger of an inject as a phrase, for reports, consoles and paper."""

from collections.abc import Callable

from wargame.dataclasses import dataclass
from wargame.language.times import Time, format_duration
from wargame.scenario.model import ActionPattern, Inject

Phrase = tuple[str, str]
"""A text, and a formula that is not part of it (empty if there is none)."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The names of times, injects, options and governments in a document."""

    moment: Callable[[Time], str]
    """A time to the minute."""
    day: Callable[[Time], str]
    """An end of a window: a date, with the time unless it is midnight."""
    inject: Callable[[str], str] = str
    """An inject by its id."""
    option: Callable[[str], str] = str
    """An option by its id."""
    inline: Callable[[str], bool] = lambda _: True
    """Whether a formula can be part of the text."""
    government: Callable[[str], str] = str
    """A government by its code."""


def trigger_phrase(inject: Inject, wording: Wording) -> Phrase:
    """Return when an inject is released, as its file says."""
    return PHRASES[inject.trigger_kind](inject, wording)


def _at(inject: Inject, wording: Wording) -> Phrase:
    assert inject.at is not None
    return wording.moment(inject.at) + (f", every {format_duration(inject.every)}" if inject.every else ""), ""


def _after(inject: Inject, wording: Wording) -> Phrase:
    after = inject.after
    assert after is not None
    delay = f"{format_duration(after.delay)} after" if after.delay else "after"
    if after.inject is not None:
        return f"{delay} the inject {wording.inject(after.inject)}", ""
    kind, pattern = ("action", after.action) if after.action is not None else ("decision", after.decision)
    assert pattern is not None
    return f"{delay} the {kind} {_pattern(pattern, wording)}", ""


def _pattern(pattern: ActionPattern, wording: Wording) -> str:
    options = " or ".join(map(wording.option, pattern.options))
    by, to = (" or ".join(map(wording.government, codes)) for codes in (pattern.by, pattern.to))
    return options + (f" by {by}" if by else "") + (f" to {to}" if to else "")


def _when(inject: Inject, wording: Wording) -> Phrase:
    formula = str(inject.when)
    return (f"when {formula}", "") if wording.inline(formula) else ("when its condition holds", formula)


def _random(inject: Inject, wording: Wording) -> Phrase:
    random = inject.random
    assert random is not None
    if random.between is not None:
        first, last = map(wording.day, random.between)
        return f"at random between {first} and {last}", ""
    rate = str(random.rate)
    plain = rate.replace(".", "", 1).isdecimal()
    return (f"at random, {rate} a year", "") if plain else ("at random, at a rate that changes", f"{rate} a year")


PHRASES: dict[str, Callable[[Inject, Wording], Phrase]] = {
    "at": _at,
    "after": _after,
    "when": _when,
    "random": _random,
    "manual": lambda *_: ("by hand", ""),
}
"""One phrase for each kind of trigger in `Inject.ONE_OF`."""
