"""The brief of a seat as lines of text: what is known in words and by titles first, and the numbers on request."""

from collections.abc import Iterable, Iterator

from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.seat.brief import Brief
from wargame.seat.feed import FeedItem, reader_of
from wargame.seat.interests import KnownValue, indicator_title
from wargame.seat.procedures import ProposedProcedure
from wargame.simulation.exercise import Exercise

RECENT = 12
"""Messages that a brief ends with."""
PLAYED_BY = {"human": "people decide in this seat", "model": "the model decides", "script": "the script decides"}
NAMES = 22
"""Width of the column of indicators."""


def brief_lines(exercise: Exercise, brief: Brief, received: Iterable[FeedItem]) -> list[str]:
    """Return a brief in words, with the last of what the seat received; a section without content is left out."""
    from wargame.journal.template_cache import text_lines

    trust: dict[str, list[str]] = {}
    for name, words in brief.trust:
        trust.setdefault(words, []).append(name)
    return text_lines(
        "wargame.seat",
        "brief.txt.j2",
        title=_title(exercise, brief),
        brief=brief,
        played_by=PLAYED_BY.get(brief.played_by, brief.played_by),
        trust=trust,
        dossiers=sorted(brief.dossiers, key=lambda each: (each.meeting or 0, each.dossier)),
        received=list(received)[-RECENT:],
        now=exercise.now,
        instant=exercise.calendar.instant,
        government=reader_of(exercise, brief.government).titles.government,
        answers_to=answers_to,
        sentence=sentence,
    )


def number_lines(exercise: Exercise, brief: Brief) -> list[str]:
    """Return all indicators that the seat knows or estimates, as numbers, and the salience of its dossiers."""
    salience = [f"{each.dossier:<{NAMES}} {each.title}: {each.salience:.1f}" for each in brief.dossiers]
    lines = [_title(exercise, brief), "", "What you know and estimate (~ an estimate, ± its standard deviation):"]
    lines += [f"  {line}" for line in _values(exercise, brief.values)]
    lines += ["", "Salience of dossiers:", *(f"  {line}" for line in salience)]
    return [clean(line) for line in lines]


def _title(exercise: Exercise, brief: Brief) -> str:
    return f"BRIEF for {brief.name} ({brief.government}), {exercise.calendar.instant(brief.now)}"


def answers_to(proposed: ProposedProcedure, seat: str = "") -> str:
    """The answer of a seat to a standing procedure, or what it can answer; `seat` as a facilitator has to name it."""
    if proposed.answer:
        return "accepted" if proposed.answer == "accept" else "refused"
    number = f"{seat} {proposed.number}".lstrip()
    without = "carried out" if proposed.mode == "act" else "not carried out"
    return f"accept {number} or refuse {number}; without an answer it is {without}"


def _values(exercise: Exercise, values: Iterable[KnownValue]) -> Iterator[str]:
    """Yield one line an indicator, by the id that conditions use; `~` marks an estimate."""
    rows: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for each in values:
        doubt = f"±{each.deviation:.2f}" if each.deviation > 0 else ""
        index = f"{'>'.join(each.index)} " if each.index else ""
        titles[each.name] = clean(indicator_title(exercise.context.scenario, each.name, ()))
        rows.setdefault(each.name, []).append(f"{index}{'~' if each.estimated else ''}{each.value:.2f}{doubt}")
    for name, parts in rows.items():
        yield f"{name:<{NAMES}} {titles[name]}: {'  '.join(parts)}"
