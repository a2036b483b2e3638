"""The white cell's word: values, actions that are in no list, requests in free words, notes, ratings, NO PLAY, ENDEX."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault
from wargame.scenario.model import Option
from wargame.simulation.control.lookup import known, number_of, settable, text_of
from wargame.simulation.kernel.settings import CommandHandler

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.mechanisms.injector import MselItem

RATINGS = ("P", "S", "M", "U")
"""Performed, with some challenges, with major challenges, unable."""
STATUSES = ("met", "late", "missed")
TAGS = ("sustain", "improve", "observation")
RULINGS = ("action", "order", "refuse")
VISIBLE = ("public", "private", "covert")


@dataclass(slots=True)
class Request:
    """An order in free words; `ruling` says what became of it, empty while it waits."""

    seq: int
    government: str
    text: str
    why: str
    ruling: str = ""


class Adjudication:
    """Rules on what no list foresees. `requests` are numbered from 1; `stopped` is NO PLAY."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._context = exercise.context
        self.requests: dict[int, Request] = {}
        self.stopped = False
        self._actions = 0

    def handlers(self) -> dict[str, CommandHandler]:
        """The commands of this subject."""
        return {
            "set": CommandHandler(self._check_set, self._set),
            "action": CommandHandler(self._check_action, self._action),
            "request": CommandHandler(self._check_request, self._request, "request", lambda data: str(data["who"])),
            "ruling": CommandHandler(
                self._check_ruling, self._rule, "ruling", lambda data: self._find(data).government,
                lambda data: (self._find(data).seq,),
            ),
            "note": CommandHandler(self._check_note, lambda _data, _seq: None, "note", lambda data: str(data.get("about", ""))),
            "rating": CommandHandler(self._check_rating, self._rate, "rating", lambda data: str(data["about"])),
            "noplay": CommandHandler(lambda data: text_of(data, "text", empty=True), lambda _data, _seq: self._stop(True)),
            "playon": CommandHandler(self._check_playon, lambda _data, _seq: self._stop(False)),
            "endex": CommandHandler(lambda data: text_of(data, "why", empty=True), lambda _data, _seq: self._end()),
            "epoch": CommandHandler(lambda data: int(data["number"]), self._epoch),
        }  # fmt: skip

    # --- values --------------------------------------------------------------------------------

    def _check_set(self, data: dict[str, Any]) -> None:
        spec = self._context.world.slots[settable(self._context.world, str(data["path"]))]
        text_of(data, "why", empty=True)
        try:
            value = float(data["value"])
        except (TypeError, ValueError):
            raise UsageFault(f"'{data['value']}' is not a number") from None
        if not spec.low <= value <= spec.high:
            raise UsageFault(f"{spec.path} goes from {spec.low:g} to {spec.high:g}: it cannot be set to {value:g}")

    def _set(self, data: dict[str, Any], _: int) -> None:
        world = self._context.world
        world.hold(settable(world, str(data["path"])), float(data["value"]))

    # --- actions in no list ----------------------------------------------------------------------

    def _check_action(self, data: dict[str, Any]) -> None:
        scenario = self._context.scenario
        actor = known("government", str(data["government"]), scenario.governments)
        if data.get("target"):
            others = set(scenario.governments) - {actor}
            known("other government", str(data["target"]), others)
        text_of(data, "title")
        number_of(data, "goldstein", -10.0, 10.0)
        known("visibility", str(data.get("visibility", "public")), VISIBLE)
        known(f"dossier of {actor}", self._dossier(data), scenario.governments[actor].dossiers)
        text_of(data, "why", empty=True)

    def _dossier(self, data: dict[str, Any]) -> str:
        """The one named, or the one that ranks highest on its desk."""
        desk = self._context.scenario.governments[str(data["government"])].dossiers
        return str(data.get("dossier") or max(sorted(desk), key=lambda name: desk[name].priority))

    def _action(self, data: dict[str, Any], cause: int) -> None:
        """Does it as an action of its own kind: others perceive it, answer it and remember it like any other."""
        self._actions += 1
        name, actor, target = f"adjudicated_{self._actions}", str(data["government"]), data.get("target") or None
        option = Option(
            title=str(data["title"]),
            dossier=self._dossier(data),
            by=(actor,),
            to=(str(target),) if target else (),
            cameo="00",
            goldstein=float(data["goldstein"]),
            visibility=str(data.get("visibility", "public")),
        )
        scenario = self._context.scenario
        self._context.scenario = replace(scenario, options={**scenario.options, name: option})
        why = str(data.get("why", ""))
        self._exercise.actions.do(actor, name, target, source="adjudicated", cause=(cause,), success=True, why=why)

    # --- requests ------------------------------------------------------------------------------

    def _check_request(self, data: dict[str, Any]) -> None:
        known("government", str(data["who"]), self._exercise.governments)
        text_of(data, "text")
        text_of(data, "why", empty=True)

    def _request(self, data: dict[str, Any], seq: int) -> None:
        made = Request(seq, str(data["who"]), str(data["text"]), str(data.get("why", "")))
        self.requests[len(self.requests) + 1] = made

    def _find(self, data: dict[str, Any]) -> Request:
        waiting = {str(number): request for number, request in self.requests.items()}
        return waiting[known("request", str(data["request"]), waiting)]

    def _check_ruling(self, data: dict[str, Any]) -> None:
        request, how = self._find(data), known("ruling", str(data["how"]), RULINGS)
        if request.ruling:
            raise UsageFault(f"request {data['request']} has been ruled on: {request.ruling}")
        if how == "refuse":
            text_of(data, "why")
        elif how == "action":
            self._check_action(self._as_action(request, data))
        else:
            self._exercise.commands.seats.handlers()["order"].check({**data, "government": request.government})

    @staticmethod
    def _as_action(request: Request, data: dict[str, Any]) -> dict[str, Any]:
        return {"title": request.text, "why": request.why, **data, "government": request.government}

    def _rule(self, data: dict[str, Any], seq: int) -> None:
        request = self._find(data)
        request.ruling = str(data["how"])
        if data["how"] == "action":
            self._action(self._as_action(request, data), seq)
        elif data["how"] == "order":
            seats = self._exercise.commands.seats
            why = str(data.get("why") or request.why)
            seats.handlers()["order"].act({**data, "government": request.government, "why": why}, seq)

    # --- notes and ratings ---------------------------------------------------------------------

    @staticmethod
    def _check_note(data: dict[str, Any]) -> None:
        text_of(data, "text")
        if data.get("tag"):
            known("tag", str(data["tag"]), (*TAGS, "warning"))

    def _check_rating(self, data: dict[str, Any]) -> None:
        about, objectives, lines = str(data["about"]), self._context.scenario.objectives, self._exercise.injector.lines
        known("objective or inject", about, {*objectives, *lines})
        if data.get("government"):
            known("government", str(data["government"]), self._exercise.governments)
        known("rating", str(data["rating"]), RATINGS if about in objectives else STATUSES)
        if about not in objectives:
            self._check_judged(lines[about], str(data.get("government") or ""))
        text_of(data, "why", empty=True)

    @staticmethod
    def _check_judged(line: MselItem, government: str) -> None:
        """UsageFault if an inject calls for nothing that could be met or missed, or has not been released."""
        called = sorted({expected.who for expected in line.spec.expected})
        if not called:
            raise UsageFault(f"{line.spec.id} calls for no action: there is nothing to judge (a note can say it)")
        if government:
            known(f"government that {line.spec.id} calls on", government, called)
        if not line.released:
            raise UsageFault(f"{line.spec.id} has not been released: nothing is expected yet")

    def _rate(self, data: dict[str, Any], seq: int) -> None:
        """An expected action that is still awaited counts as judged."""
        if str(data["rating"]) in STATUSES and not self._exercise.done:
            self._exercise.expected.judge(str(data["about"]), data.get("government"), str(data["rating"]), seq)

    # --- stop and go ---------------------------------------------------------------------------

    def _stop(self, stopped: bool) -> None:
        self.stopped = stopped

    def _check_playon(self, data: dict[str, Any]) -> None:
        text_of(data, "text", empty=True)
        if not self.stopped:
            raise UsageFault("the exercise is in play")

    def _end(self) -> None:
        self.stopped = False
        self._exercise.finish("endex")

    def _epoch(self, data: dict[str, Any], _: int) -> None:
        exercise = self._exercise
        exercise.context.draws.epoch = int(data["number"])
        for government in exercise.governments.values():
            government.redraw()
        exercise.hazards.redraw()
        exercise.injector.redraw()
