"""The settings of language models: their options, personas and prompts, and the variables that name the endpoint."""

import os
from pathlib import Path
from typing import Any

from wargame.brains.llm import PERSONAS, PROMPTS
from wargame.dataclasses import dataclass
from wargame.errors import UsageFault

KEY = "WARGAME_LLM_KEY"
URL = "WARGAME_LLM_URL"
SHORTEST_KEY = 12
"""Characters from which a key is a secret. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmOptions:
    """The options of language models in seats.

    `cassette` is a file of recorded answers, which `offline` uses alone. `tokens` and `calls` are the budget of each
    seat in a run, 0 for no limit. `temperature` (None: 0), `top_p` and `effort` are parameters of requests, of which
    there are `samples` for each turn. `prompt` is a folder with templates of prompts.
    """

    cassette: str = ""
    offline: bool = False
    tokens: int = 0
    calls: int = 0
    temperature: float | None = None
    top_p: float | None = None
    effort: str | None = None
    samples: int = 1
    prompt: str = ""

    def __post_init__(self) -> None:
        """Raise UsageFault for several answers that would all be alike."""
        if self.samples > 1 and not self.temperature:
            raise UsageFault("--llm-samples asks for answers that differ: add --llm-temperature, such as 1.0")

    @property
    def sampling(self) -> dict[str, Any]:
        """The parameters of requests that differ from the defaults, by their names in the API."""
        given = {"temperature": self.temperature, "top_p": self.top_p, "reasoning_effort": self.effort}
        return {name: value for name, value in given.items() if value is not None}


NEUTRAL = "neutral"
"""The persona of a language model that names none."""


def persona_text(name: str) -> str:
    """Return the text of a persona: a shipped one by its name, or a file."""
    path = PERSONAS / f"{name}.txt"
    return (path if path.is_file() else Path(name)).read_text(encoding="utf-8").strip()


def prompt_files(folder: str) -> list[Path]:
    """Return the templates of prompts, by name: those in `folder`, and the shipped ones for the others."""
    shipped = {path.name: path for path in PROMPTS.iterdir()}
    own = {path.name: path for path in Path(folder).glob("*.j2")} if folder else {}
    return [path for _, path in sorted((shipped | own).items())]


def without_key(text: str) -> str:
    """Return a text of a program without the key of the endpoint, should it contain it.

    Words that are shorter than any real key, such as those that local endpoints accept, are left alone.
    """
    key = os.environ.get(KEY, "")
    return text.replace(key, "***") if len(key) >= SHORTEST_KEY else text
