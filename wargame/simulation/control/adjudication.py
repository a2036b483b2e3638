"""The white cell's word: values, deeds that are in no list, requests in free words, notes, ratings, NO PLAY, ENDEX."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault
from wargame.scenario.model import Option
from wargame.simulation.control.lookup import known, number_of, settable, text_of
from wargame.simulation.kernel.settings import Deal

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.mechanisms.injector import Line

RATINGS = ("P", "S", "M", "U")
"""Performed, with some challenges, with major challenges, unable."""
STATUSES = ("met", "late", "missed")
TAGS = ("sustain", "improve", "observation")
RULINGS = ("deed", "order", "refuse")
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
        self._theatre = exercise.theatre
        self.requests: dict[int, Request] = {}
        self.stopped = False
        self._deeds = 0

    def deals(self) -> dict[str, Deal]:
        """The commands of this subject."""
        return {
            "set": Deal(self._check_set, self._set),
            "deed": Deal(self._check_deed, self._deed),
            "request": Deal(self._check_request, self._request, "request", lambda data: str(data["who"])),
            "ruling": Deal(
                self._check_ruling, self._rule, "ruling", lambda data: self._find(data).government,
                lambda data: (self._find(data).seq,),
            ),
            "note": Deal(self._check_note, lambda _data, _seq: None, "note", lambda data: str(data.get("about", ""))),
            "rating": Deal(self._check_rating, self._rate, "rating", lambda data: str(data["about"])),
            "noplay": Deal(lambda data: text_of(data, "text", empty=True), lambda _data, _seq: self._stop(True)),
            "playon": Deal(self._check_playon, lambda _data, _seq: self._stop(False)),
            "endex": Deal(lambda data: text_of(data, "why", empty=True), lambda _data, _seq: self._end()),
            "epoch": Deal(lambda data: int(data["number"]), self._epoch),
        }  # fmt: skip

    # --- values --------------------------------------------------------------------------------

    def _check_set(self, data: dict[str, Any]) -> None:
        spec = self._theatre.world.slots[settable(self._theatre.world, str(data["path"]))]
        text_of(data, "why", empty=True)
        try:
            value = float(data["value"])
        except (TypeError, ValueError):
            raise UsageFault(f"'{data['value']}' is not a number") from None
        if not spec.low <= value <= spec.high:
            raise UsageFault(f"{spec.path} goes from {spec.low:g} to {spec.high:g}: it cannot be set to {value:g}")

    def _set(self, data: dict[str, Any], _: int) -> None:
        world = self._theatre.world
        world.hold(settable(world, str(data["path"])), float(data["value"]))

    # --- deeds in no list ----------------------------------------------------------------------

    def _check_deed(self, data: dict[str, Any]) -> None:
        scenario = self._theatre.scenario
        actor = known("government", str(data["government"]), scenario.governments)
        if data.get("target"):
            others = set(scenario.governments) - {actor}
            known("other government", str(data["target"]), others)
        text_of(data, "title")
        number_of(data, "weight", -10.0, 10.0)
        known("visibility", str(data.get("visibility", "public")), VISIBLE)
        known(f"dossier of {actor}", self._dossier(data), scenario.governments[actor].dossiers)
        text_of(data, "why", empty=True)

    def _dossier(self, data: dict[str, Any]) -> str:
        """The one named, or the one that ranks highest on its desk."""
        desk = self._theatre.scenario.governments[str(data["government"])].dossiers
        return str(data.get("dossier") or max(sorted(desk), key=lambda name: desk[name].priority))

    def _deed(self, data: dict[str, Any], cause: int) -> None:
        """Does it as a deed of its own kind: others perceive it, answer it and remember it like any other."""
        self._deeds += 1
        name, actor, target = f"adjudicated_{self._deeds}", str(data["government"]), data.get("target") or None
        option = Option(
            title=str(data["title"]),
            dossier=self._dossier(data),
            by=(actor,),
            to=(str(target),) if target else (),
            cameo="00",
            weight=float(data["weight"]),
            visibility=str(data.get("visibility", "public")),
        )
        scenario = self._theatre.scenario
        self._theatre.scenario = replace(scenario, options={**scenario.options, name: option})
        why = str(data.get("why", ""))
        self._exercise.deeds.do(actor, name, target, source="adjudicated", cause=(cause,), success=True, why=why)

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
        elif how == "deed":
            self._check_deed(self._as_deed(request, data))
        else:
            self._exercise.commands.seats.deals()["order"].check({**data, "government": request.government})

    @staticmethod
    def _as_deed(request: Request, data: dict[str, Any]) -> dict[str, Any]:
        return {"title": request.text, "why": request.why, **data, "government": request.government}

    def _rule(self, data: dict[str, Any], seq: int) -> None:
        request = self._find(data)
        request.ruling = str(data["how"])
        if data["how"] == "deed":
            self._deed(self._as_deed(request, data), seq)
        elif data["how"] == "order":
            seats = self._exercise.commands.seats
            why = str(data.get("why") or request.why)
            seats.deals()["order"].act({**data, "government": request.government, "why": why}, seq)

    # --- notes and ratings ---------------------------------------------------------------------

    @staticmethod
    def _check_note(data: dict[str, Any]) -> None:
        text_of(data, "text")
        if data.get("tag"):
            known("tag", str(data["tag"]), (*TAGS, "warning"))

    def _check_rating(self, data: dict[str, Any]) -> None:
        about, objectives, lines = str(data["about"]), self._theatre.scenario.objectives, self._exercise.injector.lines
        known("objective or inject", about, {*objectives, *lines})
        if data.get("government"):
            known("government", str(data["government"]), self._exercise.governments)
        known("rating", str(data["rating"]), RATINGS if about in objectives else STATUSES)
        if about not in objectives:
            self._check_judged(lines[about], str(data.get("government") or ""))
        text_of(data, "why", empty=True)

    @staticmethod
    def _check_judged(line: Line, government: str) -> None:
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
        exercise.theatre.draws.epoch = int(data["number"])
        for government in exercise.governments.values():
            government.redraw()
        exercise.hazards.redraw()
        exercise.injector.redraw()
