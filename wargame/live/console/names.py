"""Names as a person may type them: in any case. This is the only place where the console corrects what is typed.

A word is replaced with a name if it differs from exactly one name of its kind in nothing but case. The words of a seat
are compared only with names that every seat may know, so that no answer reveals another one.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from wargame.journal.viewer_memory import CHANNELS
from wargame.language.tree import EVENTS, NUMERIC
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.registry import ConsoleCommand
from wargame.scenario.building.build import plan
from wargame.scenario.loading.amend import written_values
from wargame.scenario.model import Inject
from wargame.scenario.model.indicators import table
from wargame.seat.options import option_names
from wargame.simulation.control.lookup import valid_name
from wargame.tables import tables

KINDS = tables("live/console/names.yaml")
"""The kinds of names that lines and injects have, by where they are."""
FIXED: dict[str, Sequence[str]] = {
    **KINDS["fixed"],
    "channel": tuple(CHANNELS),
    "field": tuple(name for name in plan(Inject)[0] if name != "id"),
}
_ALTERNATIVES = re.compile(r"[\w./]+(?:\|[\w./]+)+|(?<=\[)[a-z_]+(?=\])")
"""The words of a usage that are typed as they are: `on|off`, `[numbers]`."""
_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def same_word(text: str, names: Iterable[str]) -> str:
    """Return the one name that differs from the text in nothing but case; the text itself if none or several."""
    every = set(names)
    same = {name for name in every if name.lower() == text.lower()} if text not in every else set()
    return same.pop() if len(same) == 1 else text


def formula(console: Console, text: str) -> str:
    """Return a condition or path with names of governments and indicators as the scenario has them."""
    exercise = console.exercise
    scenario = exercise.context.scenario
    names = {*exercise.governments, *table(scenario.indicators), *scenario.options, *scenario.outcomes}
    names |= {*EVENTS, *NUMERIC, "and", "or", "not", "actor", "target", *scenario.forums, *scenario.agreements}
    if console.sees_all:
        names |= {*exercise.injector.lines, *scenario.leaders, *scenario.strategies}
    return _WORD.sub(lambda match: same_word(match[0], names), text)


def government_of(console: Console, line: ParsedLine, most: int | None = None) -> str:
    """Return the government that the first argument names; UsageFault for more than `most` arguments."""
    line.need(1)
    name = valid_name("government", line.args[0], console.exercise.governments)
    line.need(1, most)
    return name


def correct(console: Console, command: ConsoleCommand, line: ParsedLine) -> None:
    """Correct the names in the arguments and options of a line, in the order in which the command takes them."""
    groups = (group.split("|") for group in _ALTERNATIVES.findall(command.usage))
    literals = {word for group in groups for word in group if word == word.lower()}
    words = {text.lower() for text in line.args[:2]}
    kinds = next((kinds for word, kinds in KINDS["inside"].get(command.name, {}).items() if word in words), None)
    for place, text in enumerate(line.args):
        kind = dict(enumerate(kinds or command.takes)).get(place, "")
        line.args[place] = _corrected(console, kind, text, {*_names(console, kind, line), *literals})
    for option, text in line.options.items():
        kind = KINDS["options"].get(option, "")
        line.options[option] = _corrected(console, kind, text, _names(console, kind, line)) if kind else text


def correct_yaml(console: Console, yaml: str) -> str:
    """Return the YAML of injects with the names in their values corrected; its titles and messages stay as they are."""
    lines = yaml.split("\n")
    for key, row, column, text in written_values(yaml):
        kind = KINDS["keys"].get(key, "")
        if not kind or not 0 <= row < len(lines):  # other line breaks than ours: nothing is corrected
            continue
        right = _corrected(console, kind, text, _names(console, kind, ParsedLine("inject", [])))
        start = column + (lines[row][column : column + 1] in ("'", '"'))
        if right != text and lines[row][start : start + len(text)] == text:
            lines[row] = lines[row][:start] + right + lines[row][start + len(text) :]
    return "\n".join(lines)


def _corrected(console: Console, kind: str, text: str, names: Collection[str]) -> str:
    if kind in ("path", "formula"):
        return formula(console, text)
    if kind == "other":
        return ",".join(same_word(part.strip(), names) for part in text.split(","))
    return same_word(text, names)


def _names(console: Console, kind: str, line: ParsedLine) -> Collection[str]:
    """Return the names of a kind that this console may know; empty for a text or a number."""
    exercise = console.exercise
    if kind in ("government", "other", "target", "terminal"):
        return [*exercise.governments, "all", "public", "EXCON", "scribe", "screen"]
    if kind == "procedures":
        return [*exercise.governments, *exercise.context.scenario.procedures]
    if kind in ("option", "dossier"):
        return [*_options(console), *(_dossiers(console, line) if kind == "dossier" else ())]
    if kind == "choice":
        votes = exercise.commands.correspondence.votes.values()
        return {c for v in votes if console.sees_all or console.seat in v.voters for c in v.choices}
    if kind in ("inject", "msel", "letter", "rated", "expected") and console.sees_all:
        return [*exercise.injector.lines, *exercise.context.scenario.objectives]
    if kind == "sent":
        return [each.inject.id for each in exercise.questionnaires.sent]
    if kind in ("rated", "objective"):
        return list(exercise.context.scenario.objectives)
    return list(exercise.outcomes) if kind == "outcome" else FIXED.get(kind, ())


def _options(console: Console) -> Collection[str]:
    """Return all options for the white cell; options of the governments whose view it shows for others."""
    if console.sees_all:
        return console.exercise.context.scenario.options
    return {option for name in console.observed for option in option_names(console.exercise, name)}


def _dossiers(console: Console, line: ParsedLine) -> Collection[str]:
    governments = console.exercise.context.scenario.governments
    first = line.args[0] if line.args else ""
    return governments[first].dossiers if first in governments else ()
