"""The prompts of a language model: role sheet, what the seat knows, its choices by number.

Words of other people stand in fences whose marks depend on the text inside, so that no text can close its own fence.
"""

from collections import deque
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from wargame.brains.protocol import Act, Draft, Entry, Hello, Result, Turn

REMEMBERED = 40
"""Entries of earlier turns that a prompt repeats, the last ones."""
OWN = 20
"""Own acts of earlier turns that a prompt repeats, the last ones."""
LONGEST_QUOTE = 1500
"""Characters of one quoted text; the rest is left out, and marked."""

PROMPTS = Path(__file__).parent / "prompts"


def _text(name: str) -> str:
    return (PROMPTS / f"{name}.txt").read_text(encoding="utf-8")


def fenced(text: str) -> str:
    """Return a text of others in a fence. Its mark is a hash of the text, which the text itself cannot contain."""
    shown = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]} [...]"
    mark = sha256(shown.encode()).hexdigest()[:16]
    return f"<<<QUOTED {mark}>>>\n{shown}\n<<<END {mark}>>>"


class Prompts:
    """The prompts of one seat, with a memory of earlier turns."""

    def __init__(self, hello: Hello, persona: str) -> None:
        self._hello = hello
        role = "decide for" if hello.purpose == "seat" else "advise the people who decide for"
        rules = _text("rules").format(role=role, name=hello.name, code=hello.government, exercise=hello.exercise)
        governments = ", ".join(f"{code} {name}" for code, name in hello.governments.items())
        sheet = (f"ROLE SHEET of {hello.name}", *self._role(), "", f"Governments: {governments}")
        self._system = "\n".join([rules, f"Your persona: {persona}", "", *sheet])
        self._past: deque[Entry] = deque(maxlen=REMEMBERED)
        self._own: deque[str] = deque(maxlen=OWN)

    def _role(self) -> Iterator[str]:
        for section in self._hello.role:
            yield f"{section.title}:"
            yield from (f"  {text}" for text in section.paragraphs)
            yield from (f"  - {text}" for text in section.items)

    def turn(self, turn: Turn) -> list[dict[str, str]]:
        """Return the messages of a turn."""
        text = "\n".join(self._lines(turn))
        self._past.extend(turn.entries)
        return [{"role": "system", "content": self._system}, {"role": "user", "content": text}]

    def _lines(self, turn: Turn) -> Iterator[str]:
        yield f"It is {turn.now}."
        done = "decided" if self._hello.purpose == "seat" else "proposed"
        yield from _titled(f"You {done} before", list(self._own))
        yield from _titled("What you knew before", [_entry(each) for each in self._past])
        yield from _titled("What is new", [_entry(each) for each in turn.entries])
        known = ((path, value, f" (± {spread:g})" if spread else "") for path, (value, spread) in turn.view.items())
        values = [f"{path}: {value:g}{spread}" for path, value, spread in known]
        yield from _titled("Indicators as you know them", values)
        yield from _titled("Orders under way", list(turn.under_way))
        demands = [f"{each.sender} demands of you: {each.text}; by {each.until or 'no date'}" for each in turn.demands]
        yield from _titled("Demands", demands)
        offers = [f"{each.form} {each.number} of {each.sender}:\n{fenced(each.text)}" for each in turn.offers]
        yield from _titled("Offers and demands that wait for your answer", offers)
        questions = [(v, "\n".join(" ".join(text.split()) for text in (v.question, *v.choices))) for v in turn.votes]
        votes = [f"vote {v.number}, called by {v.sender}:\n{fenced(text)}" for v, text in questions]
        yield from _titled("Votes that wait for you: the question, then its choices, one a line", votes)
        procedures = [f"procedure {p.number}: {p.title}: {p.action}; until {p.until}" for p in turn.procedures]
        yield from _titled("Standing procedures that are put to you", procedures)
        yield from _titled("Decisions that are due", [f"{each.title} ({each.dossier})" for each in turn.due])
        choices = [f"{c.n}. {c.title} [{c.dossier}; takes {_days(c.lead[1])}]" for c in turn.choices]
        yield from _titled("Your choices, by number", choices or ["none: nothing can be ordered now"])
        yield "\nAnswer with the JSON object."

    def correction(self, result: Result) -> list[dict[str, str]]:
        """Return what follows when parts of an act were refused."""
        lines = [f"- {each.what}:\n{fenced(each.because)}" for each in result.refused]
        head = f"{result.accepted} parts of your answer were carried out. These were refused:"
        ask = "Answer with a JSON object that has replacements for the refused parts only, or empty lists."
        return [{"role": "user", "content": "\n".join([head, *lines, ask])}]

    def note_act(self, act: Act, turn: Turn) -> None:
        """Remember an act."""
        titles = {choice.n: choice.title for choice in turn.choices}
        for order in act.orders:
            if order.n in titles:
                self._own.append(f"{turn.now}: {titles[order.n]}{f' ({order.why})' if order.why else ''}")
        if not act.orders and turn.due:
            self._own.append(f"{turn.now}: nothing on {', '.join(each.title for each in turn.due)}")

    def note_result(self, result: Result) -> None:
        """Remember what was refused at last."""
        if result.refused and not result.again:
            self._own.append(f"refused at last: {', '.join(each.what for each in result.refused)}")

    def schema(self, turn: Turn) -> dict[str, Any]:
        """Return the JSON Schema of an answer: orders are limited to the numbers of the choices."""
        numbers = [choice.n for choice in turn.choices]
        to = {"type": "array", "items": {"type": "string", "enum": [*self._hello.governments, "EXCON"]}}
        text = {"type": "string"}
        order = {"n": {"type": "integer", **({"enum": numbers} if numbers else {})}, "why": text}
        number = {"type": ["integer", "null"]}
        offer = {"to": to, "text": text, "form": {"type": "string", "enum": ["offer", "demand"]}}
        answer = {"offer": number, "vote": number, "procedure": number, "answer": text, "text": text}
        lists = {"orders": order, "messages": {"to": to, "text": text, "public": {"type": "boolean"}}}
        lists |= {"offers": offer, "answers": answer}
        arrays = {name: {"type": "array", "items": _object(item)} for name, item in lists.items()}
        return _object({"assessment": text, **arrays})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _titled(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"- {line}" for line in lines)] if lines else []


def _entry(entry: Entry) -> str:
    return f"{entry.at[:16]} {entry.kind}:\n{fenced(entry.text)}" if entry.quoted else f"{entry.at[:16]} {entry.text}"


def _days(seconds: int) -> str:
    return f"{seconds / 86400:.1f} d" if seconds >= 86400 else f"{seconds / 3600:.0f} h"


def draft_messages(draft: Draft) -> list[dict[str, str]]:
    """Return the messages that ask for a draft, and for a better one if the first has problems."""
    governments = ", ".join(f"{code} ({name})" for code, name in draft.governments.items())
    taken, channels = ", ".join(draft.taken) or "none", ", ".join(draft.channels)
    system = _text("draft").format(exercise=draft.exercise, taken=taken, channels=channels, governments=governments)
    wanted = f"It is {draft.now}. What the white cell wants: {draft.request}"
    messages = [{"role": "system", "content": system}, {"role": "user", "content": wanted}]
    if draft.problems:
        problems = "\n".join(f"- {each}" for each in draft.problems)
        messages.append({"role": "assistant", "content": draft.before})
        messages.append({"role": "user", "content": f"The check of this draft found:\n{problems}\nWrite it again."})
    return messages
