"""What a seat may do now, and what hinders it: in its own words, and from nothing that it cannot know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wargame.decision.menu import WAIT, Candidate, placeholders
from wargame.errors import UsageFault, nearest
from wargame.language.expressions import parse, substitute
from wargame.language.times import format_duration
from wargame.seat.feed import clean
from wargame.simulation.actors.feasibility import UNLICENSED

if TYPE_CHECKING:
    from wargame.decision.menu import Menu
    from wargame.decision.view import View
    from wargame.scenario.model import Option, Scenario
    from wargame.simulation.actors.feasibility import Blocker
    from wargame.simulation.exercise import Exercise

_COMPARED = re.compile(r"(.+?)\s*(<=|>=|<|>)\s*(-?[0-9.]+)")
_YEARLY = re.compile(r'yearly\("([^"]+)",\s*"([^"]+)"\)')
_SINCE = re.compile(r"days_since\(([\w-]+)\)\s*(<=|>=|<|>)\s*([0-9.]+)")
_COUNT = re.compile(r"count\(([\w-]+)\)\s*(<(?=\s*1$)|>(?=\s*0$))\s*[01]")
_PATH = re.compile(r"[\w-]+(\[[^\[\]]*\])?")
NEVER = 36500
"""Days from which on something has not happened in any time that counts."""
NAMES = 30
"""Width of the column of options."""


def obstacle(exercise: Exercise, who: str, candidate: Candidate) -> str:
    """Why a seat cannot order this now; empty if it can.

    An attack licenses an answer for a seat from the moment at which its signal has arrived, not before.
    """
    option = exercise.context.scenario.options[candidate.option]
    found = exercise.commands.seats.blocker(exercise.governments[who], candidate)
    violent = option.rung >= exercise.context.rules.violent_rung
    last = found is None or found.kind == "requirement"  # what is asked after the licence, or nothing
    if violent and last and not _licence_known(exercise, who, candidate):
        return UNLICENSED
    return _restated(exercise, who, candidate, option, found) if found is not None else ""


def _licence_known(exercise: Exercise, who: str, candidate: Candidate) -> bool:
    """Whether this government knows of what licenses violence: collapses and asks it does, attacks by their signals."""
    context, rules = exercise.context, exercise.context.rules
    if rules.collapse is not None and context.memories[who].count(rules.collapse) > 0:
        return True
    if any(
        d.owes == candidate.option and candidate.target in (d.addressee, None) for d in exercise.demands.owed_by(who)
    ):
        return True
    allies = {frozenset(pact) for pact in context.scenario.pacts}
    done: dict[int, int] = {}
    for seq, t, kind, name, about, _, data in exercise.records():
        if kind == "action" and (did := context.scenario.options.get(about)) and did.rung >= rules.violent_rung:
            done[seq] = t
        elif kind == "signal" and name == who and data["action"] in done:
            victim = data["target"]
            recent = context.now - done[data["action"]] <= rules.violence_window
            concerned = victim == who or frozenset((victim, who)) in allies
            if recent and concerned and candidate.target in (data["actor"], None):
                return True
    return False


STUCK = "is not at a point where"
"""What hinders moves of forums and agreements."""


def _restated(exercise: Exercise, who: str, candidate: Candidate, option: Option, found: Blocker) -> str:
    """The obstacle as people can use it: what exactly fails, how it stands, and when it ends by itself."""
    if found.kind == "requirement" and option.requires is not None:
        return f"it requires {_failing(exercise, who, option.requires, candidate.target)}"
    if found.kind == "cooling":
        last = exercise.feasibility.last_done(who, candidate)
        ago, again = (exercise.now - last) // 60 * 60, exercise.calendar.at(last + option.cool_down)
        return f"it was done {format_duration(ago)} ago; again from {again:%Y-%m-%d %H:%M}"
    if found.kind == "talks":
        moved = option.forum or option.agreement
        assert moved is not None
        return f"{clean(moved.name).replace('_', ' ')} {STUCK} '{moved.move}' is possible"
    return found.message


def _failing(exercise: Exercise, who: str, requires: str, target: str | None) -> str:
    """What of a requirement does not hold in these eyes: of what `and` joins only that, with how it stands."""
    view = exercise.context.views[who]
    text = substitute(parse(requires), placeholders(who, target)).text
    return _unmet(view, exercise.context.scenario, " ".join(text.split()))


def _unmet(view: View, scenario: Scenario, text: str) -> str:
    either, every = _parts(text, " or "), _parts(text, " and ")
    if len(either) > 1:
        return ", or ".join(_unmet(view, scenario, part) for part in either)
    if len(every) > 1:
        unmet = [_unmet(view, scenario, part) for part in every if not view.ask(view.compile(part))]
        return " and ".join(f"({part})" if ", or " in part and len(unmet) > 1 else part for part in unmet)
    if text[:1] == "(" and text[-1:] == ")" and _whole(text[1:-1]):
        return _unmet(view, scenario, text[1:-1].strip())
    if since := _SINCE.fullmatch(text):
        return _since(view, scenario, *since.groups())
    if happened := _COUNT.fullmatch(text):
        return f"that {_titled(scenario, happened[1])} has {'not ' if happened[2] == '<' else ''}happened"
    return _YEARLY.sub(r"a date from \1 to \2", text) + _stands(view, text)


def _since(view: View, scenario: Scenario, name: str, sign: str, days: str) -> str:
    """How long ago something was, in words."""
    told = _titled(scenario, name)
    ago = view.ask(view.compile(f"days_since({name})"))
    stands = f"{ago:.0f} days ago" if ago < NEVER else "never yet"
    return f"within {days} days of {told} ({stands})" if sign[0] == "<" else f"{days} days since {told} ({stands})"


def _titled(scenario: Scenario, name: str) -> str:
    spec = scenario.options.get(name) or scenario.outcomes.get(name)
    return f"'{clean(spec.title)}'" if spec else name


def _stands(view: View, text: str) -> str:
    """The values of what a condition reads: of the one thing compared, or each beside its name."""
    compared = _COMPARED.fullmatch(text)
    if compared and _whole(compared[1]) and parse(compared[1]).reads:
        alone = f" (now {view.ask(view.compile(compared[1])):.2f}"
        names = _values(view, text) if _PATH.fullmatch(compared[1]) is None else ""
        return f"{alone}: {names})" if names else f"{alone})"
    names = _values(view, text)
    return f" (now {names})" if names else ""


def _values(view: View, text: str) -> str:
    paths = dict.fromkeys(f"{r.name}[{', '.join(r.index)}]" if r.index else r.name for r in parse(text).reads)
    return ", ".join(f"{path} {view.ask(view.compile(path)):.2f}" for path in paths)


def _parts(text: str, joint: str) -> list[str]:
    """The parts of a condition that `and`, or `or`, joins at its top."""
    parts, depth, begun = [], 0, 0
    for match in re.finditer(r"[()\[\]]| and | or ", text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(match[0], 0)
        if depth == 0 and match[0] == joint:
            parts.append(text[begun : match.start()].strip())
            begun = match.end()
    return [*parts, text[begun:].strip()]


def _whole(text: str) -> bool:
    """Whether no bracket of it closes before it was opened, or stays open."""
    depth = 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0


# --- lists -----------------------------------------------------------------------------------------


def options(exercise: Exercise, who: str, only: str = "") -> list[str]:
    """What a government may do now with its lead times, by dossier; names alone if there is much.

    Of what it may not do, the names; with the name of a dossier or of an option also the reasons.
    """
    menus = exercise.governments[who].menus
    rows: list[str] = []
    for dossier, menu in menus.items():
        if only in ("", dossier):
            rows += [f"{dossier}:", *_offered(exercise, who, menu, reasons=bool(only))]
        elif only not in menus:
            rows += _offered(exercise, who, menu, reasons=True, option=only)
    if not only and len(rows) > SCREEN:
        rows = [_names(exercise, who, dossier, menu) for dossier, menu in menus.items()]
        rows.append("options DOSSIER says what each does, how long it takes and what hinders the rest.")
    exercise.context.forget_views()
    return [clean(row) for row in rows]


SCREEN = 20
"""Lines from which the options of a government are told by their names alone: they would not fit on a screen."""


def _names(exercise: Exercise, who: str, dossier: str, menu: Menu) -> str:
    """The options of a dossier that are open, by name, and how many are not."""
    opened, hindered = _sorted(exercise, who, menu)
    names = ", ".join(f"{name} {'|'.join(targets)}".strip() for name, targets in opened.items())
    closed = len({name for name, _ in hindered} - set(opened))
    return f"{dossier:<11}  {names or 'nothing now'}" + (f"; {closed} not now" if closed else "")


Opened = dict[str, list[str]]
Hindered = dict[tuple[str, str], list[tuple[str, str]]]


def _sorted(exercise: Exercise, who: str, menu: Menu, option: str = "") -> tuple[Opened, Hindered]:
    """Targets by open option; (target, reason) by hindered option and the reason that its targets share."""
    opened: Opened = {}
    hindered: Hindered = {}
    for candidate in menu.candidates:
        if candidate.option != WAIT and option in ("", candidate.option):
            why, target = obstacle(exercise, who, candidate), candidate.target or ""
            if why:
                hindered.setdefault((candidate.option, _shared(why, target)), []).append((target, why))
            else:
                opened.setdefault(candidate.option, []).append(target)
    return opened, hindered


def _offered(exercise: Exercise, who: str, menu: Menu, *, reasons: bool, option: str = "") -> list[str]:
    """The open options first; targets of one option that share a reason are named together."""
    opened, hindered = _sorted(exercise, who, menu, option)
    rows = [_row(exercise, name, targets, "") for name, targets in opened.items()]
    if not reasons:
        names = sorted({name for name, _ in hindered} - set(opened))
        return [*rows, *([f"  not now: {', '.join(names)} (options {menu.dossier} says why)"] if names else [])]
    stuck = [name for name, shared in hindered if STUCK in shared and not option]
    for (name, shared), each in hindered.items():
        if name in stuck:
            continue
        rows.append(_row(exercise, name, [target for target, _ in each], shared if len(each) > 1 else each[0][1]))
    told = f"  not now, as their talks or agreement are at another point: {', '.join(dict.fromkeys(stuck))}"
    return [*rows, *([told] if stuck else [])]


def _shared(why: str, target: str) -> str:
    """A reason without what is of one target alone."""
    plain = re.sub(r" \(now [^)]*\)", "", why)
    return re.sub(rf"\b{target}\b", "target", plain) if target else plain


def _row(exercise: Exercise, name: str, targets: list[str], hindered: str) -> str:
    spec = exercise.context.scenario.options[name]
    low, mode, high = (format_duration(seconds) for seconds in spec.lead)
    how = f"not now: {hindered}" if hindered else f"takes {mode} ({low} to {high})"
    return f"  {f'{name} ' + '|'.join(targets):<{NAMES}}  {spec.title}; {how}"


def check(exercise: Exercise, who: str, option: str, target: str | None) -> None:
    """UsageFault if a seat cannot give this order now, as far as it can know. NO PLAY and ENDEX are not looked for."""
    if exercise.commands.adjudication.stopped or exercise.done:
        return
    offered = [c for menu in exercise.governments[who].menus.values() for c in menu.candidates if c.option != WAIT]
    names = sorted({c.option for c in offered})
    if option not in names:
        hint = nearest(option, names) or f"options {who} lists them"
        raise UsageFault(f"{who} has no option '{clean(option)[:60]}' ({hint}; a sentence goes to the white cell)")
    candidate = next((c for c in offered if c == Candidate(option, target)), None)
    hindered = obstacle(exercise, who, candidate) if candidate is not None else ""
    exercise.context.forget_views()
    if hindered:
        raise UsageFault(f"{who} cannot do {candidate} now: {hindered}")
