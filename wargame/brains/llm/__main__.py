"""The program `llm:MODEL`: reads messages of `wargame-seat/1`, asks the model, writes its acts.

Nothing is guessed: what is not a JSON object of the form asked for is refused. The only liberty is a code fence around
the whole answer, which is removed and noted.
"""

import argparse
import os
import re
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from wargame.brains import protocol
from wargame.brains.llm.asking import Asker, Cassette, Endpoint, EndpointError, Refused, address_of
from wargame.brains.llm.prompt import Prompts, draft_messages
from wargame.brains.specification import KEY, PERSONAS, URL

REPEATS = 2
"""How often a model is asked again because its answer has another form, in one turn."""


def main(words: list[str] | None = None) -> int:
    """Run the program until its input ends; returns its exit status."""
    parser = argparse.ArgumentParser(prog="llm")
    parser.add_argument("--model", required=True)
    parser.add_argument("--persona", default="neutral")
    parser.add_argument("--cassette", default="")
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--tokens", type=int, default=0)
    parser.add_argument("--calls", type=int, default=0)
    options = parser.parse_args(words)
    try:
        endpoint = None if options.offline else Endpoint(address_of(os.environ.get(URL, "")), os.environ.get(KEY, ""))
        cassette = Cassette(options.cassette)
    except EndpointError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the reason that the facilitator is shown
        return 2
    asker = Asker(options.model, endpoint, cassette, tokens=options.tokens, calls=options.calls)
    program = LlmProgram(asker, _persona(options.persona))
    for line in sys.stdin.buffer:
        for answer in program.receive(msgspec.json.decode(line, type=protocol.Sent)):
            sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
            sys.stdout.buffer.flush()
    return 0


def _persona(name: str) -> str:
    path = PERSONAS / f"{name}.txt"
    return (path if path.is_file() else Path(name)).read_text(encoding="utf-8").strip()


class LlmProgram:
    """A language model in a seat: what it has been sent, and how it answers."""

    def __init__(self, asker: Asker, persona: str) -> None:
        self._asker, self._persona = asker, persona
        self._prompts: Prompts | None = None
        self._messages: list[dict[str, str]] = []
        self._turn: protocol.Turn | None = None

    def receive(self, message: protocol.Sent) -> list[protocol.Received]:
        """Return what it answers to a message."""
        if isinstance(message, protocol.Hello):
            self._prompts = Prompts(message, self._persona)
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
        assert self._prompts is not None
        schema, usage = self._prompts.schema(turn), protocol.Usage(model=self._asker.model)
        for _ in range(REPEATS + 1):
            try:
                text, usage = self._asker.ask(self._messages, schema, usage)
            except (EndpointError, Refused) as error:
                return protocol.Act(id=turn.id, error=str(error)[:4000], usage=usage)
            try:
                act, note = act_of(text, turn.id)
            except NotAnAnswer as error:
                again = "Answer again with one JSON object of the given form, and nothing else."
                given = {"role": "assistant", "content": text[:4000]}
                ask = {"role": "user", "content": f"That is not an answer: {error}. {again}"}
                self._messages = [*self._messages, given, ask]
                fault = str(error)
                continue
            self._messages = [*self._messages, {"role": "assistant", "content": text}]
            self._prompts.note_act(act, turn)
            return msgspec.structs.replace(act, usage=msgspec.structs.replace(usage, note=note[:4000]))
        reason = f"the model gave {REPEATS + 1} answers that are none: {fault}"
        return protocol.Act(id=turn.id, error=reason[:4000], usage=usage)

    def _draft(self, message: protocol.Draft) -> protocol.Drafted:
        messages, usage = draft_messages(message), protocol.Usage(model=self._asker.model)
        try:
            text, usage = self._asker.ask(messages, None, usage)
        except (EndpointError, Refused) as error:
            return protocol.Drafted(id=message.id, error=str(error)[:4000], usage=usage)
        inner = _FENCE.fullmatch(text)
        return protocol.Drafted(id=message.id, yaml=(inner[1] if inner else text).strip(), usage=usage)


_FENCE = re.compile(r"\s*```(?:json|yaml)?\s*\n(.*?)\n\s*```\s*", re.DOTALL)
UNFENCED = "[the answer stood in a code fence, which was removed] "


class NotAnAnswer(Exception):
    """A text that is not an answer of the form asked for."""


class Decision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer of a model: its assessment in a few sentences, and what it does."""

    assessment: str = ""
    orders: tuple[protocol.Order, ...] = ()
    messages: tuple[protocol.Message, ...] = ()
    offers: tuple[protocol.Offer, ...] = ()
    answers: tuple[protocol.Answer, ...] = ()


def act_of(text: str, turn: str) -> tuple[protocol.Act, str]:
    """Return the act that a text decides on, and a note with the assessment; NotAnAnswer if it is not a decision."""
    inner = _FENCE.fullmatch(text)
    try:
        decision = msgspec.json.decode(inner[1] if inner else text, type=Decision)
    except msgspec.MsgspecError as error:
        raise NotAnAnswer(str(error)) from None
    act = protocol.Act(
        id=turn, orders=decision.orders, messages=decision.messages, offers=decision.offers, answers=decision.answers
    )
    return act, f"{UNFENCED if inner else ''}{decision.assessment}"


if __name__ == "__main__":
    sys.exit(main())
