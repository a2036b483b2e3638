"""What a seat may order as lines of text: the open options by title; on request one dossier or one option in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.seat.role_text import demand_sentence

if TYPE_CHECKING:
    from wargame.seat.option_description import OptionDescription
    from wargame.seat.options import DossierOptions, OptionEntry, SeatOptions

NAMES = 30
"""Width of the column of options."""
FEW = 3
"""So many unavailable options of a dossier are named; more are counted."""
CLOSING = "options DOSSIER or OPTION tells you more; order OPTION TARGET gives the order."
SEEN = {
    "public": "all governments learn of it",
    "private": "only you and the target learn of it",
    "covert": "only governments that detect it learn of it",
}


def option_lines(options: SeatOptions, only: str = "") -> list[str]:
    """What can be ordered now, by dossier, those on which a decision is due last: the end is what remains on a screen.

    With a dossier or an option also why the rest cannot.
    """
    one_option = bool(only) and only not in {each.dossier for each in options.dossiers}
    rows: list[str] = []
    for each in sorted(options.dossiers, key=lambda each: each.due):
        rows += [] if one_option else [f"{each.title} ({each.dossier}){', a decision is due' if each.due else ''}:"]
        rows += _with_reasons(each, every=one_option) if only else _overview(each)
    return [clean(row) for row in [*rows, *([] if only else [CLOSING])]]


def description_lines(option: OptionDescription) -> list[str]:
    """Return one option in full: what it is, how long it takes, who learns of it, what it changes."""
    low, mode, high = (format_duration(seconds) for seconds in option.lead)
    lines = [f"{option.option}: {option.title}", f"  dossier: {option.dossier_title} ({option.dossier})"]
    again = f", then not again for {format_duration(option.cool_down)} towards the same target"
    lines.append(f"  takes {mode} ({low} to {high}){again if option.cool_down else ''}")
    lines.append(f"  {SEEN[option.visibility]}; {_rung(option.rung)}")
    lines += [f"  {text}" for text in _consequences(option)]
    return [clean(line) for line in lines]


def _rung(rung: int) -> str:
    return f"rung {rung} of the escalation ladder" if rung else "no step on the escalation ladder"


def _consequences(option: OptionDescription) -> Iterator[str]:
    for verb, titles in (("raises", option.raises), ("lowers", option.lowers), ("changes", option.changes)):
        if titles:
            yield f"{verb}: {'; '.join(titles)}"
    if not option.certain:
        yield "it may fail"
    if option.move:
        yield f"a move in talks or an agreement: {option.move}"
    yield from map(demand_sentence, option.demands)
    if option.reads:
        yield f"its requirement depends on {', '.join(f'{name} ({title})' for name, title in option.reads)}"


def _overview(dossier: DossierOptions) -> list[str]:
    """Return one line for each available option, and the number of the others; few others are named."""
    names = sorted({each.option for each in dossier.blocked} - {each.option for each in dossier.available})
    rows = [
        f"  {f'{each.option} ' + '|'.join(each.targets)}".rstrip() + f": {each.title}" for each in dossier.available
    ]
    if len(names) > FEW:
        rows.append(f"  {len(names)} more are not available yet (options {dossier.dossier} explains why)")
    elif names:
        rows.append(f"  not available yet: {', '.join(names)} (options {dossier.dossier} explains why)")
    return rows


def _with_reasons(dossier: DossierOptions, *, every: bool) -> list[str]:
    """Options that wait for a stage of talks are listed together, unless `every` one is to be explained."""
    waiting = [] if every else [each for each in dossier.blocked if each.obstacle and each.obstacle.kind == "talks"]
    rows = [_row(each) for each in (*dossier.available, *dossier.blocked) if each not in waiting]
    names = ", ".join(dict.fromkeys(each.option for each in waiting))
    return [*rows, *([f"  not available at the present stage of talks or agreements: {names}"] if names else [])]


def _row(entry: OptionEntry) -> str:
    low, mode, high = (format_duration(seconds) for seconds in entry.lead)
    how = f"not available yet: {entry.obstacle.text}" if entry.obstacle else f"takes {mode} ({low} to {high})"
    return f"  {_name(entry)}  {entry.title}; {how}"


def _name(entry: OptionEntry) -> str:
    return f"{f'{entry.option} ' + '|'.join(entry.targets):<{NAMES}}"
