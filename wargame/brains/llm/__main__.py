"""The program `llm:MODEL`: reads messages of `wargame-seat/1`, asks the model, writes its acts.

Nothing is guessed: an answer has exactly one JSON object of the form asked for. Text, thoughts and code fences around
it are left out, and noted.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable

import msgspec

from wargame.brains import protocol, replies
from wargame.brains.llm.asking import AnswerT, Asker, Cassette, ModelDecision, NotAnAnswer, agree, answer_in
from wargame.brains.llm.endpoint import EndpointError, Messages, ModelEndpoint, Schema, Taken, address_of
from wargame.brains.llm.prompt import Prompts, Templates, case_messages, case_schema
from wargame.brains.llm.settings import KEY, URL, LlmOptions, persona_text
from wargame.errors import UsageFault

REPEATS = 2
"""Repetitions of a question to a model whose answer has another form, in one turn."""


def main(words: list[str] | None = None) -> int:
    """Run the program until its input ends; returns its exit status. It is given a model, a persona and the options."""
    model, persona, given = words or sys.argv[1:]
    options = LlmOptions(**msgspec.json.decode(given))
    try:
        key, sampling = os.environ.get(KEY, ""), {"temperature": 0, **options.sampling}
        endpoint = None if options.offline else ModelEndpoint(address_of(os.environ.get(URL, "")), key, sampling)
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
        self._prompts: Prompts  # made by the greeting, which comes first
        self._messages: Messages = []
        self._turn: protocol.Turn | None = None

    def receive(self, message: protocol.Sent) -> list[replies.Received]:
        """Return what it answers to a message."""
        if isinstance(message, protocol.Hello):
            self._prompts = Prompts(message, self._persona, self._templates)
            self._asker.timeout = message.timeout
            return [replies.Ready(name=f"llm {self._asker.model}"[:80])]
        if isinstance(message, protocol.Case):
            return [self._rule(message)]
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

    def _act(self, turn: protocol.Turn) -> replies.Act:
        """Return the act of a turn; one that says why, if the model gives no answer of the form asked for."""
        taken = self._asker.begin()
        try:
            act = self._answer(turn, taken)
        except EndpointError as error:
            return replies.Act(id=turn.id, error=str(error)[:4000], cause=error.cause, usage=taken.usage)
        return msgspec.structs.replace(act, usage=taken.usage)

    def _answer(self, turn: protocol.Turn, taken: Taken) -> replies.Act:
        """Return the act of the first answer that is one; EndpointError if there is none."""
        schema, asked = self._prompts.schema(turn), list(self._messages)
        decision, note = self._read(self._messages, schema, taken, ModelDecision)
        if decision.details:
            self._messages.append(self._prompts.details(turn, decision.details))
            asked = list(self._messages)
            decision, note = self._read(self._messages, schema, taken, ModelDecision)
        act = decision.act(turn.id)
        self._prompts.note_act(act, turn)
        taken.usage = msgspec.structs.replace(taken.usage, note=f"{note}{decision.assessment}"[:4000])
        if self._samples > 1:
            samples = self._sampled(asked, schema, taken, decision, ModelDecision.numbers)
            taken.usage = msgspec.structs.replace(taken.usage, samples=samples)
        return act

    def _read(self, messages: Messages, schema: Schema, taken: Taken, kind: type[AnswerT]) -> tuple[AnswerT, str]:
        """Ask until an answer has the form asked for; returns it, and whether something was left out around it.

        What is said is added to the messages. Raises EndpointError if there is no such answer.
        """
        for _ in range(REPEATS + 1):
            text = self._asker.ask(list(messages), schema, taken)
            messages += [{"role": "assistant", "content": text[:4000]}] if text else []
            try:
                return answer_in(text, kind)
            except NotAnAnswer as error:
                again = "Answer again with one JSON object of the given form, and nothing else."
                fault = str(error)
                messages.append({"role": "user", "content": f"That is not an answer: {fault}. {again}"})
        raise EndpointError(f"the model gave {REPEATS + 1} answers that are none: {fault}", "nonsense")

    def _sampled(
        self, asked: Messages, schema: Schema, taken: Taken, first: AnswerT, name: Callable[[AnswerT], str]
    ) -> dict[str, int]:
        """Return how often each name is among the answers to a prompt, the first too; unusable ones count by kind."""
        found = Counter([name(first)])
        for sample in range(1, self._samples):
            try:
                found[name(answer_in(self._asker.ask(asked, schema, taken, sample), type(first))[0])] += 1
            except NotAnAnswer:
                found["nonsense"] += 1
            except EndpointError as error:
                found[error.cause] += 1
        return dict(sorted(found.items()))

    def _rule(self, case: protocol.Case) -> replies.Ruling:
        self._asker.timeout = case.timeout
        taken, schema, asked = self._asker.begin(), case_schema(case), case_messages(case, self._templates)
        messages = list(asked)
        try:
            found, _ = self._read(messages, schema, taken, replies.Judgement)
            if self._samples > 1 and case.kind != "draft":
                alike = self._sampled(
                    asked, schema, taken, found, lambda each: "agree" if agree(found, each) else "differ"
                )
                taken.usage = msgspec.structs.replace(taken.usage, samples=alike)
        except EndpointError as error:
            return replies.Ruling(id=case.id, error=str(error)[:4000], cause=error.cause, usage=taken.usage)
        return replies.Ruling(id=case.id, judgement=found, usage=taken.usage)


if __name__ == "__main__":
    sys.exit(main())
