"""The program `llm:MODEL`: reads messages of `wargame-seat/1`, asks the model, writes its acts.

Nothing is guessed: an answer has exactly one JSON object of the form asked for. Text, thoughts and code fences around
it are left out, and noted.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from json import JSONDecoder

import msgspec
from msgspec import Struct

from wargame.brains import protocol
from wargame.brains.llm.asking import Asker, Cassette
from wargame.brains.llm.endpoint import Endpoint, EndpointError, Taken, address_of
from wargame.brains.llm.prompt import Prompts, Templates, draft_messages
from wargame.brains.specification import KEY, URL, LlmOptions, persona_text
from wargame.errors import UsageFault

REPEATS = 2
"""How often a model is asked again because its answer has another form, in one turn."""


def main(words: list[str] | None = None) -> int:
    """Run the program until its input ends; returns its exit status. It is given a model, a persona and the options."""
    model, persona, given = words or sys.argv[1:]
    options = LlmOptions(**msgspec.json.decode(given))
    try:
        key, sampling = os.environ.get(KEY, ""), {"temperature": 0, **options.sampling}
        endpoint = None if options.offline else Endpoint(address_of(os.environ.get(URL, "")), key, sampling)
        asker, templates = Asker(model, endpoint, Cassette(options.cassette), options), Templates(options.prompt)
        program = LlmProgram(asker, persona_text(persona), templates, options.samples)
        for line in sys.stdin.buffer:
            for answer in program.receive(msgspec.json.decode(line, type=protocol.Sent)):
                sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
                sys.stdout.buffer.flush()
    except (EndpointError, UsageFault) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the reason that the facilitator is shown
        return 2
    return 0


class LlmProgram:
    """A language model in a seat: what it has been sent, and the first of `samples` answers, which it plays."""

    def __init__(self, asker: Asker, persona: str, templates: Templates, samples: int = 1) -> None:
        self._asker, self._persona, self._templates, self._samples = asker, persona, templates, samples
        self._prompts: Prompts | None = None
        self._messages: list[dict[str, str]] = []
        self._asked = self._messages
        self._turn: protocol.Turn | None = None

    def receive(self, message: protocol.Sent) -> list[protocol.Received]:
        """Return what it answers to a message."""
        if isinstance(message, protocol.Hello):
            self._prompts = Prompts(message, self._persona, self._templates)
            self._asker.timeout = message.timeout
            return [protocol.Ready(name=f"llm {self._asker.model}"[:80])]
        if isinstance(message, protocol.Draft):
            return [self._draft(message)]
        assert self._prompts is not None
        if isinstance(message, protocol.Turn):
            self._turn = message
            self._messages = self._prompts.turn(message)
            return [self._act(message)]
        if isinstance(message, protocol.Result) and self._turn is not None:
            self._prompts.note_result(message)
            if message.again:
                self._messages = [*self._messages, *self._prompts.correction(message)]
                return [self._act(self._turn)]
        return []

    def _act(self, turn: protocol.Turn) -> protocol.Act:
        """Return the act of a turn; one that says why, if the model gives no answer of the form asked for."""
        taken = self._asker.begin()
        try:
            act = self._answer(turn, taken)
            samples = self._distribution(turn, taken, act) if self._samples > 1 else {}
            taken.usage = msgspec.structs.replace(taken.usage, samples=samples)
        except EndpointError as error:
            return protocol.Act(id=turn.id, error=str(error)[:4000], cause=error.cause, usage=taken.usage)
        return msgspec.structs.replace(act, usage=taken.usage)

    def _answer(self, turn: protocol.Turn, taken: Taken) -> protocol.Act:
        """Return the act of the first answer that is one; EndpointError if there is none."""
        assert self._prompts is not None
        schema, may_ask = self._prompts.schema(turn), True
        self._asked = self._messages
        for _ in range(REPEATS + 1):
            text = self._asker.ask(self._messages, schema, taken)
            given = [{"role": "assistant", "content": text[:4000]}] if text else []
            try:
                decision, note = decision_of(text)
            except NotAnAnswer as error:
                again = "Answer again with one JSON object of the given form, and nothing else."
                ask = {"role": "user", "content": f"That is not an answer: {error}. {again}"}
                self._messages, fault = [*self._messages, *given, ask], str(error)
                continue
            if decision.details and may_ask:
                more = self._prompts.details(turn, decision.details)
                self._messages, may_ask, fault = [*self._messages, *given, more], False, "it asks for details again"
                self._asked = self._messages
                continue
            act = decision.act(turn.id)
            self._messages = [*self._messages, {"role": "assistant", "content": text}]
            self._prompts.note_act(act, turn)
            taken.usage = msgspec.structs.replace(taken.usage, note=note[:4000])
            return act
        raise EndpointError(f"the model gave {REPEATS + 1} answers that are none: {fault}", "nonsense")

    def _distribution(self, turn: protocol.Turn, taken: Taken, first: protocol.Act) -> dict[str, int]:
        """Return how often each set of orders is among the answers to the prompt of a turn, the first included.

        An answer that cannot be used counts by its kind.
        """
        assert self._prompts is not None
        found, schema = Counter([_orders(first)]), self._prompts.schema(turn)
        for sample in range(1, self._samples):
            try:
                found[_orders(decision_of(self._asker.ask(self._asked, schema, taken, sample))[0])] += 1
            except NotAnAnswer:
                found["nonsense"] += 1
            except EndpointError as error:
                found[error.cause] += 1
        return dict(sorted(found.items()))

    def _draft(self, message: protocol.Draft) -> protocol.Drafted:
        taken = self._asker.begin()
        try:
            text = self._asker.ask(draft_messages(message, self._templates), None, taken)
        except EndpointError as error:
            return protocol.Drafted(id=message.id, error=str(error)[:4000], usage=taken.usage)
        text = _THOUGHT.sub("", text)
        inner = _FENCE.search(text)
        return protocol.Drafted(id=message.id, yaml=(inner[1] if inner else text).strip(), usage=taken.usage)


def _orders(act: "protocol.Act | Decision") -> str:
    """Return the orders of an act by their numbers, as `3, 5`."""
    return ", ".join(str(order.n) for order in act.orders) or "no order"


_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCE = re.compile(r"```(?:json|yaml)?[^\S\n]*\n(.*?)\n\s*```", re.DOTALL)
AROUND = "[what stood around the JSON of the answer was left out] "


class NotAnAnswer(Exception):
    """A text that is not an answer of the form asked for."""


class Decision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer of a model: its assessment in a few sentences, and what it does.

    `details` are the numbers of choices that it wants to know more of before it decides.
    """

    assessment: str = ""
    orders: tuple[protocol.Order, ...] = ()
    messages: tuple[protocol.Message, ...] = ()
    offers: tuple[protocol.Offer, ...] = ()
    answers: tuple[protocol.Answer, ...] = ()
    free_orders: tuple[protocol.FreeOrder, ...] = ()
    questions: tuple[protocol.Text, ...] = ()
    votes: tuple[protocol.Vote, ...] = ()
    details: tuple[int, ...] = ()

    def act(self, turn: str) -> protocol.Act:
        """Return the act of a turn."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("assessment", "details")}
        return protocol.Act(id=turn, **given)


def decision_of(text: str) -> tuple[Decision, str]:
    """Return the decision in a text, and a note with the assessment; NotAnAnswer if it is not one decision."""
    parts, found = list(_objects(_THOUGHT.sub("", text))), list[Decision]()
    fault = "it has no JSON object" if text.strip() else "it is empty"
    for part in parts:
        try:
            found.append(msgspec.json.decode(part, type=Decision, strict=False))
        except msgspec.MsgspecError as error:
            fault = str(error)
    if not found or any(each != found[0] for each in found):
        raise NotAnAnswer("it has several different JSON objects" if found else fault)
    around = "" if parts == [text.strip()] else AROUND
    return found[0], f"{around}{found[0].assessment}"


def _objects(text: str) -> Iterator[str]:
    """Yield the outermost JSON objects in a text."""
    start, decoder = text.find("{"), JSONDecoder()
    while start >= 0:
        try:
            stop = decoder.raw_decode(text, start)[1]
        except (ValueError, RecursionError):
            stop = start + 1
        else:
            yield text[start:stop]
        start = text.find("{", stop)


if __name__ == "__main__":
    sys.exit(main())
