"""A cassette: the answers of a language model by the hash of their prompt, one JSON object a line."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec

from wargame.brains.llm.endpoint import EndpointError
from wargame.brains.specification import without_key
from wargame.journal.decoding import Undecodable, decode


class Recorded(msgspec.Struct, frozen=True):
    """An answer, with its prompt as it was sent. `prompt_sha256` is the hash of the model and the messages."""

    prompt_sha256: str
    model: str
    messages: list[dict[str, str]]
    answer: str
    tokens_in: int = 0
    tokens_out: int = 0


def prompt_hash(model: str, messages: list[dict[str, str]]) -> str:
    """Return the hash of a prompt: of the model and of all messages, as canonical JSON."""
    return sha256(msgspec.json.encode({"messages": messages, "model": model}, order="sorted")).hexdigest()


class Cassette:
    """The answers in a file; without a path, only those of this process. The first answer to a prompt counts."""

    def __init__(self, path: str = "") -> None:
        self._path = Path(path) if path else None
        self._known: dict[str, Recorded] = {}
        if self._path is not None and self._path.exists():
            for number, line in enumerate(self._path.read_bytes().split(b"\n"), start=1):
                if not line:
                    continue
                try:
                    each = decode(line, Recorded)
                except Undecodable as error:
                    remedy = "restore the file, or delete the line: the model is then asked again"
                    message = f"{self._path}:{number}:1: is not a line of a cassette: {error} ({remedy})"
                    raise EndpointError(message) from None
                self._known.setdefault(each.prompt_sha256, each)

    def find(self, key: str) -> Recorded | None:
        """Return the answer to a prompt; None if there is none."""
        return self._known.get(key)

    def add(self, recorded: Recorded) -> None:
        """Keep an answer, in one write, so that several processes can share a file."""
        self._known[recorded.prompt_sha256] = recorded
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            line = without_key(msgspec.json.encode(recorded).decode()).encode() + b"\n"
            with self._path.open("ab", buffering=0) as file:
                file.write(line)
