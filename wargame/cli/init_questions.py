"""Three questions of `wargame init` on a terminal, and the small exercise that the answers make."""

import json
import re
import unicodedata
from collections.abc import Callable
from importlib import resources
from string import Template
from typing import Any

import typer

from wargame.language.times import DAY, format_duration, parse_duration

NEXT = """\
change next: in scenario.yaml the interests of the leaders, the options with their effects, and the outcomes;
             in injects.yaml the incident, its date and what follows; then run it again"""
LEADS = "leader: {0}_leader, dossiers: {{dispute: {{priority: 0.7, every: 7d}}}}"
WANTS = '{0}_leader: {{government: {1}, title: the government, interests: {{"advantage[{1}]": 2.0, tension: -1.0}}}}'


def ask_three(name: str) -> dict[str, bytes]:
    """Ask who takes part, about what and how long; return the files of an exercise of this name."""
    try:
        codes = _ask("Which governments, with commas between them?", "Upland, Lowland", _governments)
        title = json.dumps(_ask("What is the dispute about?", "The river", str.strip), ensure_ascii=False)
        values = {"name": name, "title": title, "until": _ask("How long does it last?", "180d", _duration)}
    except typer.Abort:
        typer.echo("\nnothing was written", err=True)
        raise typer.Exit(130) from None
    heads = [f"  {code}: {{name: {quoted}, {LEADS.format(code.lower())}}}" for code, quoted in codes.items()]
    leaders = [f"  {WANTS.format(code.lower(), code)}" for code in codes]
    values |= {"all": ", ".join(codes), "governments": "\n".join(heads), "leaders": "\n".join(leaders)}
    asked = resources.files("wargame.cli") / "starter" / "asked"
    texts = ((each, (asked / f"{each}.template").read_text("utf-8")) for each in ("scenario.yaml", "injects.yaml"))
    return {each: Template(text).substitute(values).encode() for each, text in texts}


def _ask(question: str, default: str, read: Callable[[str], Any]) -> Any:
    """Ask until the answer can be read."""

    def checked(answer: str) -> Any:
        try:
            return read(answer)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return typer.prompt(question, default=default, value_proc=checked, err=True)


def _governments(answer: str) -> dict[str, str]:
    """Return the names, as quoted in YAML, by codes: three capital letters of each, or two and a number."""
    parts = answer.split(",") if "," in answer else re.split(r"\band\b", answer)
    names = [" ".join(each.split()).removeprefix("and ") for each in parts if each.strip()]
    if not 2 <= len(set(names)) == len(names) <= 6:
        raise ValueError("write 2 to 6 different names, such as Upland, Lowland")
    codes: dict[str, str] = {}
    for place, name in enumerate(names, start=1):
        letters = re.sub("[^A-Z]", "", unicodedata.normalize("NFKD", name).upper()) or "GOV"
        code = letters[:3] if len(letters) > 2 and letters[:3] not in codes else f"{letters[:2]}{place}"
        codes[code] = json.dumps(name, ensure_ascii=False)
    return codes


def _duration(answer: str) -> str:
    if (seconds := parse_duration(answer)) < 3 * DAY:
        raise ValueError("write at least 3d: the incident is on the third day")
    return format_duration(seconds)
