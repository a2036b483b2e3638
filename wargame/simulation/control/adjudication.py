"""Commands of the white cell: values, actions, requests, outcomes by hand, notes, ratings, NO PLAY, ENDEX."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.sentence import Name, hint
from wargame.simulation.control.improvised import check_improvised, improvised, target_of
from wargame.simulation.control.lookup import check_range, optional_text, settable, text_of, valid_name
from wargame.simulation.control.seats import Seats
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandHandler
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


class Adjudication:
    """The commands of the white cell besides the MSEL. `requests` are numbered from 1; `stopped` is NO PLAY.

    `finish` ends the run; `redraw` draws what is still open again, for a fork.
    """

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

    def handlers(self) -> dict[str, CommandHandler]:
        """Return the commands of this module."""
        find = self._find
        return {
            "set": CommandHandler(self._check_set, self._set),
            "action": CommandHandler(partial(check_improvised, self._context), self._action),
            "request": CommandHandler(self._check_request, self._request, "request", "who", self._seats.answered),
            "ruling": CommandHandler(self._check_ruling, self._rule, "ruling", lambda d: find(d).government, find),
            "outcome": CommandHandler(self._check_outcome, self._rule_on_outcome),
            "note": CommandHandler(self._check_note, None, "note", "about"),
            "rating": CommandHandler(self._check_rating, self._rate, "rating", "about"),
            "noplay": CommandHandler(optional_text("text"), partial(self._stop, True)),
            "playon": CommandHandler(self._check_playon, partial(self._stop, False)),
            "endex": CommandHandler(optional_text("why"), self._end),
            "epoch": CommandHandler(lambda data: int(data["number"]), self._epoch),
        }

    # --- values --------------------------------------------------------------------------------

    def _check_set(self, data: dict[str, Any]) -> None:
        slot = settable(self._context.world, str(data["path"]))
        text_of(data, "why", empty=True)
        try:
            value = float(data["value"])
        except (TypeError, ValueError):
            raise UsageFault(f"'{data['value']}' is not a number") from None
        check_range(self._context.world, slot, value)

    def _set(self, data: dict[str, Any], seq: int) -> None:
        world = self._context.world
        world.hold(settable(world, str(data["path"])), float(data["value"]))
        self._context.log.mark_change(seq)

    # --- actions outside the scenario ------------------------------------------------------------

    def _action(self, data: dict[str, Any], cause: int) -> None:
        """Carry it out under the id of the option that it counts as, or under a new one."""
        context, why = self._context, str(data.get("why", ""))
        # The id of a new one comes from the action alone: a counter would reveal hidden ones.
        what = "|".join(str(data.get(key) or "") for key in ("government", "title", "target", "visibility"))
        name = str(data.get("as") or f"adjudicated_{sha256(what.encode()).hexdigest()[:8]}")
        self._actions.do(
            str(data["government"]),
            Improvised(name, improvised(context, data)),
            target_of(context, data),
            source="adjudicated",
            cause=(cause,),
            success=True,
            why=why,
        )

    # --- requests ------------------------------------------------------------------------------

    def _check_request(self, data: dict[str, Any]) -> None:
        valid_name("government", str(data["who"]), self._context.scenario.governments)
        text_of(data, "text")
        text_of(data, "why", empty=True)
        self._seats.answered(data)

    def _request(self, data: dict[str, Any], seq: int) -> None:
        request = Request(seq, str(data["who"]), str(data["text"]), str(data.get("why", "")))
        self.requests[len(self.requests) + 1] = request

    def _find(self, data: dict[str, Any]) -> Request:
        waiting = {str(number): request for number, request in self.requests.items()}
        return waiting[valid_name("request", str(data["request"]), waiting)]

    def _check_ruling(self, data: dict[str, Any]) -> None:
        request, how = self._find(data), valid_name("ruling", str(data["how"]), RULINGS)
        if request.ruling:
            raise UsageFault(f"request {data['request']} already has a ruling: {request.ruling}")
        if how == "refuse":
            text_of(data, "why")
        elif how == "action":
            check_improvised(self._context, self._as_action(request, data))
        else:
            self._seats.check_order({**data, "government": request.government})

    @staticmethod
    def _as_action(request: Request, data: dict[str, Any]) -> dict[str, Any]:
        return {"title": request.text, "why": request.why, **data, "government": request.government}

    def _rule(self, data: dict[str, Any], seq: int) -> None:
        request = self._find(data)
        request.ruling = str(data["how"])
        if data["how"] == "action":
            self._action(self._as_action(request, data), seq)
        elif data["how"] == "order":
            why = str(data.get("why") or request.why)
            self._seats.order({**data, "government": request.government, "why": why}, seq)

    # --- outcomes that the conditions of the scenario do not tell ----------------------------------

    def _check_outcome(self, data: dict[str, Any]) -> None:
        name = valid_name("outcome", str(data["outcome"]), self._outcomes.reached)
        status, at = valid_name("status of an outcome", str(data["status"]), OCCURRED), self._outcomes.reached[name]
        text_of(data, "why")
        if status == "occurred" and at is not None:
            raise UsageFault(f"{name} has already occurred, {self._context.calendar.at(at):%Y-%m-%d %H:%M}")
        if status == "revoked" and at is None:
            raise UsageFault(f"{name} has not occurred and cannot be revoked")

    def _rule_on_outcome(self, data: dict[str, Any], seq: int) -> None:
        """Set an outcome, or revoke it; one that ends the run ends it now."""
        name, why, private = str(data["outcome"]), str(data["why"]), bool(data.get("private"))
        if data["status"] == "revoked":
            self._outcomes.revoke(name, seq, why, private=private)
            return
        self._outcomes.declare(name, seq, why, private=private)
        if self._outcomes.ended_by == name and not self._context.over:
            self._finish(name)

    # --- notes and ratings ---------------------------------------------------------------------

    @staticmethod
    def _check_note(data: dict[str, Any]) -> None:
        text_of(data, "text")
        if data.get("tag"):
            valid_name("tag", str(data["tag"]), (*TAGS, "warning"))

    def _check_rating(self, data: dict[str, Any]) -> None:
        about, objectives, lines = str(data["about"]), self._context.scenario.objectives, self._injector.lines
        valid_name("objective or inject", about, {*objectives, *lines})
        is_objective = about in objectives and not (data.get("number") and about in lines)
        if data.get("government"):
            valid_name("government", str(data["government"]), self._context.scenario.governments)
        valid_name("rating", str(data["rating"]), RATINGS if is_objective else STATUSES)
        evidence = str(data.get("evidence") or "")
        if evidence and not (evidence.isdecimal() and int(evidence) < self._context.log.next_seq):
            raise UsageFault(f"there is no record {shortened(evidence, 20)} that could be evidence")
        if not is_objective:
            self._check_judged(lines[about], data)
        text_of(data, "why", empty=True)
        text_of(data, "evaluator", empty=True)

    def _check_judged(self, line: MselItem, data: dict[str, Any]) -> None:
        """Raise UsageFault if no action is expected after an inject, or if what the rating names does not exist."""
        expected, government = sorted({action.who for action in line.spec.expected}), str(data.get("government") or "")
        if not expected:
            raise UsageFault(f"{line.spec.id} has no expected actions that could be rated (write a note instead)")
        if government:
            valid_name(f"government with an expected action after {line.spec.id}", government, expected)
        items, evidence, log = self._judged(data), data.get("evidence"), self._context.log
        if evidence and log.keeps_any:
            check_evidence(log.records, items, self._expected.evidence(int(evidence)))

    def _judged(self, data: dict[str, Any]) -> list[ExpectedItem]:
        number = data.get("number")
        if number is not None and not str(number).isdecimal():
            raise UsageFault(
                f"'{shortened(str(number), 20)}' is not the number of an expected action",
                hint("expected", "lists them"),
            )
        government = str(data.get("government") or "")
        return self._expected.chosen(str(data["about"]), government, None if number is None else int(number))

    def _rate(self, data: dict[str, Any], seq: int) -> None:
        """Replace the status of the expected actions that the rating is about, also after ENDEX."""
        if str(data["rating"]) in STATUSES:
            self._expected.judge(self._judged(data), str(data["rating"]), seq, data)

    # --- NO PLAY, ENDEX, forks -----------------------------------------------------------------

    def _stop(self, stopped: bool, *_: object) -> None:
        self.stopped = stopped

    def _check_playon(self, data: dict[str, Any]) -> None:
        text_of(data, "text", empty=True)
        if not self.stopped:
            raise UsageFault("the exercise is not stopped", Name(": playon follows noplay"))

    def _end(self, *_: object) -> None:
        self.stopped = False
        self._finish("endex")

    def _epoch(self, data: dict[str, Any], _: int) -> None:
        self._context.draws.epoch = int(data["number"])
        self._redraw()
