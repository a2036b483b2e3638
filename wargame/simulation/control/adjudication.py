"""Commands of the white cell: values, actions, requests, outcomes by hand, notes, ratings, NO PLAY, ENDEX."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from wargame.decision.menu import placeholders, slot_of
from wargame.errors import UsageFault, shortened
from wargame.journal.records.run import RATINGS
from wargame.language.expressions import parse, substitute
from wargame.scenario.model import Effect, Option
from wargame.sentence import Name, hint
from wargame.simulation.control.lookup import check_range, number_of, settable, text_of, valid_name
from wargame.simulation.control.seats import Seats
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandModule, RecordParts, Steps, carry_out
from wargame.simulation.mechanisms.actions import Actions, Improvised
from wargame.simulation.mechanisms.expected_actions import ExpectedActions, ExpectedItem, check_evidence
from wargame.simulation.mechanisms.injector import Injector
from wargame.simulation.mechanisms.outcomes import Outcomes
from wargame.simulation.mechanisms.triggers import MselItem

STATUSES = ("met", "late", "missed")
TAGS = ("sustain", "improve", "observation")
RULINGS = ("action", "order", "refuse")
OCCURRED = ("occurred", "revoked")
"""The rulings of the white cell on an outcome."""


@dataclass(slots=True)
class Request:
    """An order in free text. `ruling` is how the white cell ruled on it, empty while it waits."""

    seq: int
    government: str
    text: str
    why: str
    ruling: str = ""


class Adjudication(CommandModule):
    """The commands of the white cell besides the MSEL. `requests` are numbered from 1; `stopped` is NO PLAY.

    `finish` ends the run; `redraw` draws what is still open again, for a fork.
    """

    KINDS = ("set", "action", "request", "ruling", "outcome", "note", "rating", "noplay", "playon", "endex", "epoch")

    def __init__(
        self,
        context: RunContext,
        seats: Seats,
        mechanisms: tuple[Actions, Injector, ExpectedActions, Outcomes],
        *,
        finish: Callable[[str], None],
        redraw: Callable[[], None],
    ) -> None:
        self._context, self._seats = context, seats
        self._actions, self._injector, self._expected, self._outcomes = mechanisms
        self._finish, self._redraw = finish, redraw
        self.requests: dict[int, Request] = {}
        self.stopped = False

    # --- values --------------------------------------------------------------------------------

    def _set(self, data: dict[str, Any]) -> Steps:
        world = self._context.world
        slot = settable(world, str(data["path"]))
        text_of(data, "why", empty=True)
        try:
            value = float(data["value"])
        except (TypeError, ValueError):
            raise UsageFault(f"'{data['value']}' is not a number") from None
        check_range(world, slot, value)
        seq = yield RecordParts()
        world.hold(slot, value)
        self._context.log.mark_change(seq)

    # --- actions outside the scenario ------------------------------------------------------------

    def _action(self, data: dict[str, Any]) -> Steps:
        """Carry it out under the id of the option that it counts as, or under a new one."""
        check_improvised(self._context, data)
        seq = yield RecordParts()
        # The id of a new one comes from the action alone: a counter would reveal hidden ones.
        what = "|".join(str(data.get(key) or "") for key in ("government", "title", "target", "visibility"))
        name = str(data.get("as") or f"adjudicated_{sha256(what.encode()).hexdigest()[:8]}")
        act, target = Improvised(name, improvised(self._context, data)), target_of(self._context, data)
        done = {"source": "adjudicated", "why": str(data.get("why", ""))}
        self._actions.do(str(data["government"]), act, target, cause=(seq,), success=True, **done)

    # --- requests ------------------------------------------------------------------------------

    def _request(self, data: dict[str, Any]) -> Steps:
        who = valid_name("government", str(data["who"]), self._context.scenario.governments)
        text, why = text_of(data, "text"), text_of(data, "why", empty=True)
        seq = yield RecordParts("request", who, self._seats.answered(data))
        self.requests[len(self.requests) + 1] = Request(seq, who, text, why)

    def _find(self, data: dict[str, Any]) -> Request:
        waiting = {str(number): request for number, request in self.requests.items()}
        return waiting[valid_name("request", str(data["request"]), waiting)]

    def _ruling(self, data: dict[str, Any]) -> Steps:
        request, how = self._find(data), valid_name("ruling", str(data["how"]), RULINGS)
        if request.ruling:
            raise UsageFault(f"request {data['request']} already has a ruling: {request.ruling}")
        steps: Steps | None = None
        if how == "refuse":
            text_of(data, "why")
        elif how == "action":
            of_request = {"title": request.text, "why": request.why}
            steps = self._action({**of_request, **data, "government": request.government})
        else:
            why = data.get("why") or request.why
            steps = self._seats.handlers()["order"]({**data, "government": request.government, "why": why})
        if steps:
            next(steps)
        seq = yield RecordParts("ruling", request.government, request.seq)
        request.ruling = how
        if steps:
            carry_out(steps, seq)

    # --- outcomes that the conditions of the scenario do not tell ----------------------------------

    def _outcome(self, data: dict[str, Any]) -> Steps:
        """Set an outcome, or revoke it; one that ends the run ends it now."""
        name = valid_name("outcome", str(data["outcome"]), self._outcomes.reached)
        status, at = valid_name("status of an outcome", str(data["status"]), OCCURRED), self._outcomes.reached[name]
        why, private = text_of(data, "why"), bool(data.get("private"))
        if status == "occurred" and at is not None:
            raise UsageFault(f"{name} has already occurred, {self._context.calendar.at(at):%Y-%m-%d %H:%M}")
        if status == "revoked" and at is None:
            raise UsageFault(f"{name} has not occurred and cannot be revoked")
        seq = yield RecordParts()
        if status == "revoked":
            self._outcomes.revoke(name, seq, why, private=private)
            return
        self._outcomes.declare(name, seq, why, private=private)
        if self._outcomes.ended_by == name and not self._context.over:
            self._finish(name)

    # --- notes and ratings ---------------------------------------------------------------------

    @staticmethod
    def _note(data: dict[str, Any]) -> Steps:
        text_of(data, "text")
        if data.get("tag"):
            valid_name("tag", str(data["tag"]), (*TAGS, "warning"))
        yield RecordParts("note", str(data.get("about", "")))

    def _rating(self, data: dict[str, Any]) -> Steps:
        """Rate an objective, or replace the status of the expected actions that the rating is about."""
        about, objectives, lines = str(data["about"]), self._context.scenario.objectives, self._injector.lines
        valid_name("objective or inject", about, {*objectives, *lines})
        is_objective = about in objectives and not (data.get("number") and about in lines)
        if data.get("government"):
            valid_name("government", str(data["government"]), self._context.scenario.governments)
        rating = valid_name("rating", str(data["rating"]), RATINGS if is_objective else STATUSES)
        evidence = str(data.get("evidence") or "")
        if evidence and not (evidence.isdecimal() and int(evidence) < self._context.log.next_seq):
            raise UsageFault(f"there is no record {shortened(evidence, 20)} that could be evidence")
        items = [] if is_objective else self._judged_after(lines[about], data)
        text_of(data, "why", empty=True)
        text_of(data, "evaluator", empty=True)
        seq = yield RecordParts("rating", about)
        if items:
            self._expected.judge(items, rating, seq, data)

    def _judged_after(self, line: MselItem, data: dict[str, Any]) -> list[ExpectedItem]:
        """Return the expected actions after an inject that a rating is about; UsageFault if there are none."""
        number, government = data.get("number"), str(data.get("government") or "")
        expected = sorted({action.who for action in line.spec.expected})
        if not expected:
            raise UsageFault(f"{line.spec.id} has no expected actions that could be rated (write a note instead)")
        if government:
            valid_name(f"government with an expected action after {line.spec.id}", government, expected)
        if number is not None and not str(number).isdecimal():
            raise UsageFault(
                f"'{shortened(str(number), 20)}' is not the number of an expected action",
                hint("expected", "lists them"),
            )
        items = self._expected.chosen(line.spec.id, government, None if number is None else int(number))
        evidence, log = data.get("evidence"), self._context.log
        if evidence and log.keeps_any:
            check_evidence(log.records, items, self._expected.evidence(int(evidence)))
        return items

    # --- NO PLAY, ENDEX, forks -----------------------------------------------------------------

    def _noplay(self, data: dict[str, Any]) -> Steps:
        text_of(data, "text", empty=True)
        yield RecordParts()
        self.stopped = True

    def _playon(self, data: dict[str, Any]) -> Steps:
        text_of(data, "text", empty=True)
        if not self.stopped:
            raise UsageFault("the exercise is not stopped", Name(": playon follows noplay"))
        yield RecordParts()
        self.stopped = False

    def _endex(self, data: dict[str, Any]) -> Steps:
        text_of(data, "why", empty=True)
        yield RecordParts()
        self.stopped = False
        self._finish("endex")

    def _epoch(self, data: dict[str, Any]) -> Steps:
        number = int(data["number"])
        yield RecordParts()
        self._context.draws.epoch = number
        self._redraw()


VISIBLE = ("public", "private", "covert")
NUMBERS = {"goldstein": (-10.0, 10.0), "severity": (-2.0, 60.0), "rung": (0.0, 10.0)}
"""Numbers of an action, with their least and greatest values."""
_SEPARATOR = re.compile(r"[;,](?![^\[]*\])")
_EFFECT = re.compile(r"(?P<path>[A-Za-z_]\w*\s*(\[[^\]]*\])?)\s*(?P<sign>[-+]|=)=?\s*(?P<number>-?\d*\.?\d+)", re.ASCII)
_EXAMPLE = "tension +0.2, growth[KOR] -0.1, alert[KOR] = 0.8"


def target_of(context: RunContext, data: Mapping[str, Any]) -> str | None:
    """Return the target of the command; without one, the only possible target of the option that it names."""
    option = context.scenario.options.get(str(data.get("as") or ""))
    if data.get("target") or option is None:
        return str(data.get("target") or "") or None
    possible = [name for name in option.to if name != data["government"]]
    return possible[0] if len(possible) == 1 else None


def check_improvised(context: RunContext, data: Mapping[str, Any]) -> None:
    """Raise UsageFault if the action of a command is impossible."""
    scenario = context.scenario
    actor = valid_name("government", str(data["government"]), scenario.governments)
    if data.get("target"):
        valid_name("other government", str(data["target"]), set(scenario.governments) - {actor})
    text_of(data, "title")
    text_of(data, "why", empty=True)
    if data.get("as"):
        same = scenario.options[valid_name("option", str(data["as"]), scenario.options)]
        if same.to and target_of(context, data) is None:
            possible = ", ".join(name for name in same.to if name != actor)
            raise UsageFault(f"{data['as']} is directed at a government (add --to; possible: {possible})")
    for key, (low, high) in NUMBERS.items():
        if key in data or (key == "goldstein" and not data.get("as")):
            value = number_of(data, key, low, high)
            if key == "rung" and value != int(value):
                raise UsageFault(f"the rung must be a whole number, not {value:g}")
    valid_name("visibility", str(data.get("visibility", "public")), VISIBLE)
    if data.get("dossier") or not data.get("as"):
        valid_name(f"dossier of {actor}", _dossier(context, data), scenario.governments[actor].dossiers)
    _check_effects(context, improvised(context, data), actor, target_of(context, data))


def improvised(context: RunContext, data: Mapping[str, Any]) -> Option:
    """Return the option of a command: as another one, with what the command changes, or a new one."""
    title, actor, target = str(data["title"]), str(data["government"]), target_of(context, data)
    if data.get("as"):
        option = replace(context.scenario.options[str(data["as"])], title=title)
    else:
        to = (target,) if target else ()
        option = Option(title=title, dossier=_dossier(context, data), by=(actor,), to=to, cameo="00", goldstein=0.0)
    changes: dict[str, Any] = {key: float(data[key]) for key in ("goldstein", "severity") if key in data}
    if "rung" in data:
        changes["rung"] = int(float(data["rung"]))
    changes |= {key: str(data[key]) for key in ("visibility", "dossier") if data.get(key)}
    if "effects" in data:
        changes["effects"] = _read_effects(context, str(data["effects"]), placeholders(actor, target))
    return replace(option, **changes)


def _dossier(context: RunContext, data: Mapping[str, Any]) -> str:
    """Return the dossier of the command, or the one with the highest priority on the desk."""
    desk = context.scenario.governments[str(data["government"])].dossiers
    return str(data.get("dossier") or max(sorted(desk), key=lambda name: desk[name].priority))


def _read_effects(context: RunContext, text: str, names: Mapping[str, str]) -> dict[str, Effect]:
    """Return effects as typed: `tension +0.2, alert[target] = 0.8`."""
    effects: dict[str, Effect] = {}
    for part in filter(None, map(str.strip, _SEPARATOR.split(text))):
        match = _EFFECT.fullmatch(part)
        if match is None or (match["sign"] != "=" and match["number"].startswith("-")):
            raise UsageFault(
                f"'{shortened(part)}' is not an effect (write PATH +N or PATH -N, a share of the distance to the end "
                f"of the range, or PATH = N, the new value: {_EXAMPLE})"
            )
        path, number = str(_with_names(match["path"], names)), float(match["number"])
        slot = settable(context.world, path)
        spec = context.world.slots[slot]
        if match["sign"] == "=":
            check_range(context.world, slot, number)
            effect = Effect(to=number)
        elif number > 1:
            message = f"'{shortened(part)}': an effect is a share of the distance to the end of the range, at most 1"
            raise UsageFault(message)
        else:
            effect = Effect(by=number if match["sign"] == "+" else -number)
        if spec.path in effects:
            raise UsageFault(f"the effect on {spec.path} is given twice")
        effects[spec.path] = effect
    if not effects:
        raise UsageFault(f"the effects are missing (such as {_EXAMPLE})")
    return effects


def _with_names(path: str, names: Mapping[str, str]) -> str:
    """Return a path with `actor` and `target` replaced."""
    name, bracket, index = path.strip().partition("[")
    if not bracket:
        return name.strip()
    parts = (part.strip() for part in index.rstrip("] ").split(","))
    return f"{name.strip()}[{', '.join(names.get(part, part) for part in parts)}]"


def _check_effects(context: RunContext, option: Option, actor: str, target: str | None) -> None:
    """Raise UsageFault if the effects of an option have no meaning for these governments."""
    world, names = context.world, placeholders(actor, target)
    for path, effect in [*option.effects.items(), *((path, None) for path in option.reports)]:
        try:
            slot_of(world.layout, path, names)
            amount = None if effect is None else effect.by if effect.by is not None else effect.to
            if isinstance(amount, str):
                world.compile(substitute(parse(amount), names))
        except KeyError:
            at = f" toward {target}" if target else ""
            raise UsageFault(
                f"this option has no meaning for {actor}{at}: its effect on {path} does not exist "
                "(leave out --as and give --severity, --rung and --effects)"
            ) from None
