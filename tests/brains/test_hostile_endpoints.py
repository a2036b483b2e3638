"""Endpoints of language models that are slow, refuse, fail or answer in other forms: all is named and counted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.bots import play
from support.fake_endpoint import JSON, Answer, completion, fake_endpoint, first_choice
from support.llm_turns import a_turn, lasting, program
from wargame.brains.llm import endpoint as module
from wargame.brains.llm.endpoint import EndpointError, ModelEndpoint
from wargame.brains.llm.settings import KEY, URL, LlmOptions
from wargame.brains.protocol import Choice
from wargame.brains.replies import Act, Usage
from wargame.errors import UsageFault

MODEL = {"ARD": "llm:tiny-1"}
MESSAGES = [{"role": "user", "content": "Your choices:\n- 1. waits"}]
SCHEMA: dict[str, Any] = {"type": "object"}
SECRET = "sk-very-secret-0123456789"  # noqa: S105 - looks like a key, and is looked for in messages


def message(finish: str = "stop", **fields: Any) -> Answer:
    """An answer with other fields in its message."""
    body = {"choices": [{"message": {"role": "assistant", **fields}, "finish_reason": finish}], "model": "tiny-1-0613"}
    return 200, JSON, json.dumps(body | {"usage": {"prompt_tokens": 100, "completion_tokens": 20}}).encode()


def slow(_: dict[str, Any]) -> Answer:
    """A model that thinks longer than a turn lasts."""
    time.sleep(1.5)
    return completion("{}")


def failing(status: int, text: str = "no") -> Callable[[dict[str, Any]], Answer]:
    """An endpoint that always answers with a status."""
    return lambda _: (status, JSON, json.dumps({"error": {"message": text}}).encode())


def around(before: str, after: str = "") -> Callable[[dict[str, Any]], Answer]:
    """A model that writes its JSON among other words."""

    def model(body: dict[str, Any]) -> Answer:
        text = json.loads(first_choice(body)[2])["choices"][0]["message"]["content"]
        return completion(f"{before}{text}{after}")

    return model


def with_tool(body: dict[str, Any]) -> Answer:
    """A model that answers with a call of a tool, without any text."""
    text = json.loads(first_choice(body)[2])["choices"][0]["message"]["content"]
    return message(content=None, tool_calls=[{"function": {"name": "act", "arguments": text}}])


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], Answer], str, str]] = {
    "slow": (slow, "timeout", "did not answer in time"),
    "400": (failing(400, "wrong"), "transport", "answered status 400: wrong"),
    "401": (failing(401), "transport", "check WARGAME_LLM_KEY"),
    "404": (failing(404, "unknown"), "transport", "has no model 'tiny-1'"),
    "429": (lambda _: (429, JSON | {"Retry-After": "99"}, b"{}"), "transport", "a turn cannot wait 99 s"),
    "500": (failing(500, "down"), "transport", "answered status 500: down"),
    "HTML": (lambda _: (200, {"Content-Type": "text/html"}, b"<html>"), "transport", "answered text/html"),
    "refusal": (lambda _: message(content=None, refusal="I cannot plan attacks"), "refusal", "I cannot plan attacks"),
    "filter": (lambda _: message(finish="content_filter", content=""), "refusal", "the model refuses"),
    "cut off": (lambda _: message(finish="length", content=""), "nonsense", "cut off at 2000 tokens"),
    "empty": (lambda _: completion(""), "nonsense", "it is empty"),
}
"""What the endpoint does, the reason of the failed turn, and a part of what is said."""
READABLE = {
    "thoughts": around("<think>Should I? {1}</think>\n"),
    "prose": around("I choose the first:\n\n", "\n\nThat is all."),
    "fence": around("```json\n", "\n```"),
    "tool call": with_tool,
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITS", (0.01, 0.01))
    monkeypatch.setenv(KEY, SECRET)


TURN = a_turn(
    choices=tuple(
        Choice(n=n, option="protest", target="BRL", title="protests", dossier="strait", lead=(0, 0, 0)) for n in (1, 2)
    )
)


def answered(model: Callable[[dict[str, Any]], Answer], timeout: float = 20.0, **how: Any) -> tuple[Act, int]:
    """The act of the program in one turn, and how many requests the endpoint got."""
    with fake_endpoint(model) as endpoint:
        act = program(endpoint.url, SECRET, timeout=timeout, **how).receive(TURN)[0]
        assert isinstance(act, Act)
        return act, len(endpoint.requests)


def usage(act: Act) -> Usage:
    """What a turn took."""
    assert act.usage is not None
    return act.usage


@pytest.mark.parametrize("kind", HOSTILE)
def test_each_cause_is_named_and_each_request_counted(kind: str) -> None:
    """The turn fails for its reason, says what to do without the key, and counts what the server counted."""
    model, cause, said = HOSTILE[kind]
    act, requests = answered(model, 1.0 if kind == "slow" else 20.0)
    assert (act.cause, usage(act).calls) == (cause, requests)
    assert said in act.error
    assert SECRET not in act.error
    assert not act.orders


@pytest.mark.parametrize("kind", READABLE)
def test_no_turn_is_lost_to_formatting_that_a_person_could_read(kind: str) -> None:
    """One request is enough, and the order is the one that the model named."""
    act, requests = answered(READABLE[kind])
    assert ([order.n for order in act.orders], act.error, requests) == ([1], "", 1)
    assert usage(act).tokens_in == 100


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("temperature", "Unsupported value: 'temperature' does not support 0"),
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        ("response_format", "response_format is not supported"),
        ("reasoning_effort", "unknown field reasoning_effort"),
        ("temperature", "Bad request"),
    ],
)
def test_a_parameter_that_is_refused_is_left_out_from_then_on(refused: str, words: str) -> None:
    """Also where the server does not say which; the settings that it took are kept, and every request is counted."""

    def model(body: dict[str, Any]) -> Answer:
        return failing(400, words)(body) if refused in body else first_choice(body)

    with fake_endpoint(model) as endpoint:
        there, taken = ModelEndpoint(endpoint.url, "", {"temperature": 0, "reasoning_effort": "low"}), lasting(20)
        for _ in range(2):
            assert "orders" in there.chat("tiny-1", MESSAGES, SCHEMA, taken)[0]
        assert refused not in {name for name, value in there.settings.items() if value != "text"}
        assert refused not in endpoint.requests[-1][1]
        assert refused not in endpoint.requests[-2][1]
        assert taken.usage.calls == len(endpoint.requests)


def test_the_time_that_a_busy_server_asks_for_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Retry-After` counts before the waits of the program; the second request is answered."""
    waits: list[float] = []
    monkeypatch.setattr("wargame.brains.llm.endpoint.time.sleep", waits.append)
    answers = iter([(429, JSON | {"Retry-After": "7"}, b"{}"), completion("{}")])
    with fake_endpoint(lambda _: next(answers)) as endpoint:
        assert ModelEndpoint(endpoint.url).chat("tiny-1", MESSAGES, None, lasting(20))[0] == "{}"
    assert waits == [7.0]


def test_the_model_that_was_served_and_its_settings_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the transcript, the manifest and, offline, from the cassette alone."""
    with fake_endpoint(lambda _: message(content='{"orders": []}')) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        llm = LlmOptions(temperature=0.7, top_p=0.9)
        play(tmp_path / "one", MODEL, until="D+10", llm=llm)
        assert {(body["temperature"], body["top_p"]) for _, body in endpoint.requests} == {(0.7, 0.9)}
    monkeypatch.delenv(URL)
    again = LlmOptions(cassette=str(tmp_path / "one/brains/cassette.jsonl"), offline=True, temperature=0.7, top_p=0.9)
    play(tmp_path / "two", MODEL, until="D+10", llm=again)
    for folder in (tmp_path / "one", tmp_path / "two"):
        player = json.loads((folder / "manifest.json").read_text("utf-8"))["players"]["ARD"]
        assert (player["served"], player["settings"]["temperature"]) == ("tiny-1-0613", 0.7)
        assert '"served":"tiny-1-0613"' in (folder / "brains/ARD.jsonl").read_text("utf-8")


def test_several_answers_to_a_turn_keep_their_distribution() -> None:
    """The first is played; those that cannot be used count by their kind."""
    texts = ['{"orders": [{"n": 1}]}', '{"orders": [{"n": 2}]}', "no", '{"orders": [{"n": 1}]}', '{"orders": []}']
    answers = iter(texts)
    act, requests = answered(lambda _: completion(next(answers)), samples=5, temperature=1.0)
    assert [order.n for order in act.orders] == [1]
    assert usage(act).samples == {"1": 2, "2": 1, "no order": 1, "nonsense": 1}
    assert requests == usage(act).calls == 5


def test_several_answers_need_a_temperature() -> None:
    """At temperature 0 they would all be alike."""
    with pytest.raises(UsageFault, match="--llm-temperature"):
        LlmOptions(samples=3)


@pytest.mark.parametrize(
    ("key", "said"), [("sk-two words-long", "characters that a key does not have"), ("", "is not set")]
)
def test_a_key_that_is_missing_or_damaged_is_named_without_it(key: str, said: str) -> None:
    """A line end after it does no harm."""
    with fake_endpoint(failing(401)) as endpoint, pytest.raises(EndpointError, match=said) as raised:
        ModelEndpoint(endpoint.url, key).chat("tiny-1", MESSAGES, None, lasting(20))
    assert "two words" not in str(raised.value)
    with fake_endpoint() as endpoint:
        ModelEndpoint(endpoint.url, f"{SECRET}\n").chat("tiny-1", MESSAGES, None, lasting(20))
        assert endpoint.requests[0][0]["Authorization"] == f"Bearer {SECRET}"
