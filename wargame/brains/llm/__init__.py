"""The shipped program `llm:MODEL`: a language model of any OpenAI-compatible endpoint in a seat.

It runs as a child process, `python -m wargame.brains.llm`, on the same protocol as any program.
"""

from pathlib import Path

PERSONAS, PROMPTS = (Path(__file__).parent / name for name in ("personas", "prompts"))
