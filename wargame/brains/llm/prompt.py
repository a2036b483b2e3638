"""The prompts of a language model, from templates that a user can replace.

Words of other people stand in fences whose marks depend on the text inside, so that no text can close its own fence.
"""

import sys
from collections import deque
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from wargame.brains.llm import PROMPTS
from wargame.brains.llm.endpoint import Messages, Schema
from wargame.brains.llm.settings import prompt_files
from wargame.brains.protocol import Case, Entry, Hello, OpenVote, Result, Turn
from wargame.brains.replies import Act
from wargame.errors import UsageFault, nearest
from wargame.language.times import format_duration

REMEMBERED = 40
"""Entries of earlier turns that a prompt may repeat, the last ones."""
OWN = 12
"""Own acts of earlier turns that a prompt repeats, the last ones."""
LONGEST_QUOTE = 1500
"""Characters of one quoted text; the rest is left out, and marked."""
LONGEST_PROMPT = 16_000
"""Characters up to which a prompt has all that it could have, about 4,000 tokens."""
LENGTHS = (
    *((200, "all"), (60, "all"), (40, "all"), (20, "all"), (40, "due"), (20, "due"), (10, "due")),
    *((20, "none"), (5, "none")),
)
"""Entries, and the choices that are described in full: the first that is short enough is taken."""
REPEATED = frozenset({"order", "pass", "decision.due"})
"""Kinds of entries that a prompt has in another place."""

SUFFIX = ".txt.j2"


def fenced(text: str) -> str:
    """Return a text of others in a fence. Its mark is a hash of the text, which the text itself cannot contain."""
    shown = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]} [...]"
    mark = sha256(shown.encode()).hexdigest()[:16]
    return f"<<<QUOTED {mark}>>>\n{shown}\n<<<END {mark}>>>"


class Templates:
    """The templates of prompts: from a folder, and the shipped ones for what it does not have."""

    def __init__(self, folder: str = "") -> None:
        loaders = [FileSystemLoader(each) for each in (folder, str(PROMPTS)) if each]
        options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        self._environment = ImmutableSandboxedEnvironment(loader=ChoiceLoader(loaders), autoescape=False, **options)
        self._environment.filters |= {"quoted": fenced, "days": format_duration}

    def render(self, name: str, **content: object) -> str:
        """Return a prompt; UsageFault, with the template, for one that cannot be used."""
        template = self.template(f"{name}{SUFFIX}")
        try:
            return template.render(content).strip("\n")
        except Exception as error:  # noqa: BLE001 - the template is of a user
            raise UsageFault(f"{name}{SUFFIX}: {error} (the shipped templates name what there is)") from None

    def template(self, name: str) -> Template:
        """Return a template by its name; UsageFault, with the place, for one that is not written as it should be."""
        try:
            return self._environment.get_template(name)
        except TemplateSyntaxError as error:
            raise UsageFault(f"{error.filename}:{error.lineno}:1: {error.message}") from None
        except (OSError, ValueError) as error:
            raise UsageFault(f"{name}: {error} (write a text file in UTF-8)") from None


class Prompts:
    """The prompts of one seat, with a memory of earlier turns."""

    def __init__(self, hello: Hello, persona: str, templates: Templates) -> None:
        self._hello, self._templates = hello, templates
        self._options = {each.option: each for each in hello.options}
        self._system = templates.render("system", hello=hello, persona=persona)
        self._past: deque[Entry] = deque(maxlen=REMEMBERED)
        self._own: deque[str] = deque(maxlen=OWN)

    def turn(self, turn: Turn) -> Messages:
        """Return the messages of a turn, as long as they may be."""
        fresh = [each for each in turn.entries if each.kind not in REPEATED]
        new = fresh[0].n if fresh else sys.maxsize
        for most, details in LENGTHS:
            text = self._turn(turn, [*self._past, *fresh][::-1][:most], new, details)
            if len(self._system) + len(text) <= LONGEST_PROMPT:
                break
        self._past.extend(fresh)
        return [{"role": "system", "content": self._system}, {"role": "user", "content": text}]

    def _turn(self, turn: Turn, entries: list[Entry], new: int, details: str) -> str:
        due = {each.dossier for each in turn.due}
        return self._templates.render(
            "turn",
            hello=self._hello,
            turn=turn,
            entries=entries,
            new=new,
            own=list(self._own)[::-1],
            options=self._options,
            detailed=lambda choice: details == "all" or (details == "due" and choice.dossier in due),
            all_detailed=details == "all",
            vote_text=_vote_text,
        )

    def details(self, turn: Turn, numbers: Sequence[int]) -> dict[str, str]:
        """Return the message with the details of choices."""
        chosen = [each for each in turn.choices if each.n in numbers]
        return {"role": "user", "content": self._templates.render("details", choices=chosen, options=self._options)}

    def correction(self, result: Result) -> Messages:
        """Return what follows when parts of an act were refused."""
        return [{"role": "user", "content": self._templates.render("correction", result=result)}]

    def note_act(self, act: Act, turn: Turn) -> None:
        """Remember an act."""
        choices = {choice.n: choice for choice in turn.choices}
        for order in act.orders:
            if chosen := choices.get(order.n):
                seen = self._options[chosen.option].visibility if chosen.option in self._options else "public"
                known = "" if seen == "public" else f" [{seen}]"
                self._own.append(f"{turn.now}: {chosen.title}{known}{f' ({order.why})' if order.why else ''}")
        self._own.extend(f"{turn.now}: in your own words: {each.text}" for each in act.free_orders)
        self._own.extend(f"{turn.now}: asked EXCON: {each}" for each in act.questions)
        if not act.orders and not act.free_orders and turn.due:
            self._own.append(f"{turn.now}: nothing on {', '.join(each.title for each in turn.due)}")

    def note_result(self, result: Result) -> None:
        """Remember what was refused at last."""
        if result.refused and not result.again:
            self._own.append(f"most recently refused: {', '.join(each.what for each in result.refused)}")

    def schema(self, turn: Turn) -> Schema:
        """Return the JSON Schema of an answer: orders are limited to the numbers of the choices."""
        numbers = [choice.n for choice in turn.choices]
        to = {"type": "array", "items": {"type": "string", "enum": [*self._hello.governments, "EXCON"]}}
        text, whole = {"type": "string"}, {"type": "integer"}
        order = {"n": {"type": "integer", **({"enum": numbers} if numbers else {})}, "why": text}
        number = {"type": ["integer", "null"]}
        offer = {"to": to, "text": text, "form": {"type": "string", "enum": ["offer", "demand"]}}
        vote = {"to": to, "question": text, "choices": {"type": "array", "items": text}}
        answer = {"offer": number, "vote": number, "procedure": number, "answer": text, "text": text}
        lists = {"orders": order, "messages": {"to": to, "text": text, "public": {"type": "boolean"}}}
        lists |= {"offers": offer, "votes": vote, "answers": answer, "free_orders": {"text": text, "why": text}}
        items = {name: _object(item) for name, item in lists.items()} | {"questions": text, "details": whole}
        return _object({"assessment": text, **{name: {"type": "array", "items": each} for name, each in items.items()}})


def _object(properties: dict[str, Any]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _vote_text(vote: OpenVote) -> str:
    return "\n".join(" ".join(text.split()) for text in (vote.question, *vote.choices))


def case_messages(case: Case, templates: Templates) -> Messages:
    """Return the messages that ask the white cell about a case, and for a better answer if the first was refused."""
    prompts = [("system", templates.render("white_cell", case=case)), ("user", templates.render("case", case=case))]
    if case.problem:
        prompts += [("assistant", case.before), ("user", f"This was refused: {case.problem}. Write it again.")]
    return [{"role": role, "content": text} for role, text in prompts]


def case_schema(case: Case) -> Schema:
    """Return the JSON Schema of an answer of the white cell."""
    how = ["order", "action", "refuse"] if case.kind == "request" else ["answer", "decline"]
    text, number = {"type": "string"}, {"type": ["number", "null"]}
    seen = {"type": "string", "enum": ["", "public", "private", "covert"]}
    numbers = dict.fromkeys(("goldstein", "severity", "rung"), number)
    texts = dict.fromkeys(("option", "target", "title", "effects", "choice", "text", "inject"), text)
    return _object({"how": {"type": "string", "enum": how}, **texts, **numbers, "visibility": seen})


def check_templates(who: str, folder: Path) -> None:
    """Raise UsageFault for a folder without a template of a prompt, or with one that cannot be used."""
    shipped, own = [path.name for path in prompt_files("")], [path.name for path in sorted(folder.glob("*.j2"))]
    remedy = f"templates are {', '.join(shipped)}"
    if not own:
        raise UsageFault(f"{who} is not a folder with prompt templates ({remedy})")
    for name in own:
        if name not in shipped:
            message = f"{who} has a template '{name}', which no prompt uses ({nearest(name, shipped) or remedy})"
            raise UsageFault(message)
        if not (folder / name).is_file():
            raise UsageFault(f"{folder / name} is not a file (write a text file in UTF-8)")
        Templates(str(folder)).template(name)
