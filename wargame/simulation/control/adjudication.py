"""Commands of the white cell: values, actions, requests, outcomes by hand, notes, ratings, NO PLAY, ENDEX."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.sentence import Name, hint
from wargame.simulation.control.improvised import check_improvised, improvised, target_of
from wargame.simulation.control.lookup import check_range, settable, text_of, valid_name
from wargame.simulation.control.seats import Seats
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandModule, CommandRecord, Steps, carry_out
from wargame.simulation.mechanisms.actions import Actions, Improvised
from wargame.simulation.mechanisms.expected_actions import ExpectedActions, ExpectedItem, check_evidence
from wargame.simulation.mechanisms.injector import Injector
from wargame.simulation.mechanisms.outcomes import Outcomes
from wargame.simulation.mechanisms.triggers import MselItem

RATINGS = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}
"""HSEEP's ratings of an objective."""
STATUSES = ("met", "late", "missed")
TAGS = ("sustain", "improve", "observation")
RULINGS = ("action", "order", "refuse")
OCCURRED = ("occurred", "revoked")
"""How the white cell rules on an outcome."""


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
        seq = yield CommandRecord()
        world.hold(slot, value)
        self._context.log.mark_change(seq)

    # --- actions outside the scenario ------------------------------------------------------------

    def _action(self, data: dict[str, Any]) -> Steps:
        """Carry it out under the id of the option that it counts as, or under a new one."""
        check_improvised(self._context, data)
        seq = yield CommandRecord()
        # The id of a new one comes from the action alone: a counter would reveal hidden ones.
        what = "|".join(str(data.get(key) or "") for key in ("government", "title", "target", "visibility"))
        name = str(data.get("as") or f"adjudicated_{sha256(what.encode()).hexdigest()[:8]}")
        self._actions.do(
            str(data["government"]),
            Improvised(name, improvised(self._context, data)),
            target_of(self._context, data),
            source="adjudicated",
            cause=(seq,),
            success=True,
            why=str(data.get("why", "")),
        )

    # --- requests ------------------------------------------------------------------------------

    def _request(self, data: dict[str, Any]) -> Steps:
        who = valid_name("government", str(data["who"]), self._context.scenario.governments)
        text, why = text_of(data, "text"), text_of(data, "why", empty=True)
        seq = yield CommandRecord("request", who, self._seats.answered(data))
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
        seq = yield CommandRecord("ruling", request.government, request.seq)
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
        seq = yield CommandRecord()
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
        yield CommandRecord("note", str(data.get("about", "")))

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
        seq = yield CommandRecord("rating", about)
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
        yield CommandRecord()
        self.stopped = True

    def _playon(self, data: dict[str, Any]) -> Steps:
        text_of(data, "text", empty=True)
        if not self.stopped:
            raise UsageFault("the exercise is not stopped", Name(": playon follows noplay"))
        yield CommandRecord()
        self.stopped = False

    def _endex(self, data: dict[str, Any]) -> Steps:
        text_of(data, "why", empty=True)
        yield CommandRecord()
        self.stopped = False
        self._finish("endex")

    def _epoch(self, data: dict[str, Any]) -> Steps:
        number = int(data["number"])
        yield CommandRecord()
        self._context.draws.epoch = number
        self._redraw()
