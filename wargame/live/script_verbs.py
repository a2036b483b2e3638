"""The MSEL in hand: what is on it, and everything that a facilitator does to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wargame.errors import UsageFault
from wargame.language.times import format_duration
from wargame.live.sight import clean
from wargame.live.verbs import READERS, verb

if TYPE_CHECKING:
    from wargame.live.console import Console
    from wargame.live.words import Words
    from wargame.simulation.injector import Line

TEMPLATES = {
    "news": {"channel": "News"},
    "cable": {"channel": "Cable"},
    "intel": {"channel": "Intel"},
    "phone": {"channel": "Phone"},
    "hint": {"kind": "facilitation"},
}
"""What may be injected with a text alone."""


def rows(console: Console) -> list[tuple[str, str, str, str]]:
    """(id, status, when, title) of every line: those with a date first, by date."""
    exercise = console.session.exercise
    made = []
    for name, line in exercise.injector.lines.items():
        due = exercise.injector.due_of(line)
        key = (due is None, due or 0, name)
        made.append((key, (name, _status(console, line), _when(console, line, due), line.spec.title)))
    return [row for _, row in sorted(made)]


def _status(console: Console, line: Line) -> str:
    mark = "*" if line.ad_hoc else ""
    if line.status == "released":
        times = f" x{line.released}" if line.released > 1 else ""
        return f"released{times}{mark}{_delivered(console, line)}"
    return f"{'held, overdue' if line.missed else line.status}{mark}"


def _delivered(console: Console, line: Line) -> str:
    """Who of its audience has looked at its messages since."""
    seen = console.session.seen
    audience = line.spec.audience or tuple(console.session.exercise.governments)
    seats = console.session.exercise.commands.seats
    human = [name for name in audience if seats.of(name) == "human"]
    if not human or line.last is None or line.spec.kind == "facilitation":
        return ""
    read = [name for name in human if seen.get(name, -1) >= line.last]
    return ", read by all" if len(read) == len(human) else f", read by {len(read)} of {len(human)}"


def _when(console: Console, line: Line, due: int | None) -> str:
    session, spec = console.session, line.spec
    if line.status == "released" and line.last is not None:
        return session.instant(line.last)
    if line.status == "skipped":
        return ""
    if due is not None:
        ahead = due - session.exercise.now
        return f"{session.instant(due)}, {'in ' + countdown(ahead) if ahead >= 0 else 'overdue'}"
    if spec.when is not None:
        return f"when {spec.when}"
    if spec.after is not None:
        after = spec.after.inject or ", ".join((spec.after.deed or spec.after.decision or _NONE).options)
        return f"{format_duration(spec.after.delay)} after {after}"
    return "by hand" if spec.manual else "at a random time"


def countdown(seconds: int) -> str:
    """A time to come in whole minutes, rounded up."""
    return format_duration(-(-seconds // 60) * 60)


class _None:
    options: tuple[str, ...] = ()


_NONE = _None()


@verb(
    "msel [ID]",
    "The script: released, due with countdown, held, skipped; or one inject whole.",
    "script",
    READERS,
    ("inject",),
)
def _msel(console: Console, words: Words) -> list[str]:
    if words.args:
        return _whole(console, words.args[0])
    listed = rows(console)
    if not listed:
        return ["The script is empty."]
    wide = max(len(row[0]) for row in listed)
    return [clean(f"{name:<{wide}}  {status:<22} {when:<38} {title}") for name, status, when, title in listed]


def _whole(console: Console, name: str) -> list[str]:
    from wargame.simulation.naming import known

    lines = console.session.exercise.injector.lines
    spec = lines[known("inject", name, lines)].spec
    shown = {key: value for key, value in msgspec.to_builtins(spec).items() if value not in (None, "", [], {}, ())}
    return [
        clean(f"{key}: {value['text'] if isinstance(value, dict) and 'text' in value else value}")
        for key, value in shown.items()
    ]


def _simple(kind: str, told: str) -> None:
    @verb(f"{kind} ID", told, "script", takes=("inject",))
    def _do(console: Console, words: Words) -> list[str]:
        (name,) = words.take(1, f"{kind} ID")
        console.session.submit(kind, inject=name)
        line = console.session.exercise.injector.lines[name]
        return [f"{name}: {_status(console, line)}"]


for _kind, _told in (
    ("release", "Releases an inject now, in every state; the rest of the script stays where it is."),
    ("hold", "Keeps an inject from firing until it is let go."),
    ("unhold", "Lets a held inject go; what was due meanwhile happens now."),
    ("skip", "Takes an inject off the script."),
    ("retract", "Sends 'disregard' to those who saw an inject; nothing is undone."),
):
    _simple(_kind, _told)


@verb("delay ID TIME", "Moves an inject by a time, such as 3d or -12h.", "script", takes=("inject",))
def _delay(console: Console, words: Words) -> list[str]:
    name, by = words.take(2, "delay ID TIME, such as delay collision 3d")
    console.session.submit("delay", inject=name, by=by)
    line = console.session.exercise.injector.lines[name]
    return [f"{name}: {_when(console, line, console.session.exercise.injector.due_of(line))}"]


@verb("postpone TIME", "Moves all that is still to come; the spacing stays.", "script")
def _postpone(console: Console, words: Words) -> list[str]:
    (by,) = words.take(1, "postpone TIME, such as postpone 3d")
    console.session.submit("postpone", by=by)
    return [f"All that has a date is {by} later."]


@verb(
    "edit ID FIELD VALUE", "Changes one field of an inject that is still to come.", "script", takes=("inject", "field")
)
def _edit(console: Console, words: Words) -> list[str]:
    if len(words.args) < 3:
        raise UsageFault('write: edit ID FIELD VALUE, such as edit collision message "Three dead"')
    name, field = words.args[:2]
    value = words.rest.split(None, 2)[2].strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    console.session.submit("edit", inject=name, field=field, value=value)
    return [f"{name}: {field} is changed; the written script is as it was."]


@verb(
    "inject YAML|FILE|TEMPLATE",
    'Adds an inject: YAML in braces, a file, or news|cable|intel|phone|hint "text" '
    "[--to GOV,GOV] [--at TIME] [--id ID] [--now].",
    "script",
)
def _inject(console: Console, words: Words) -> list[str]:
    rest = words.rest
    if not rest:
        raise UsageFault("write: inject {id: leak, title: A leak, message: ...}, a file, or a template such as news")
    if rest[0] in "{-":
        written = rest.replace("\\n", "\n")
    elif words.args and words.args[0] in TEMPLATES:
        written = _from_template(console, words)
    else:
        written = _from_file(words.args[0] if words.args else rest)
    before = set(console.session.exercise.injector.lines)
    console.session.submit("inject", yaml=written)
    added = sorted(set(console.session.exercise.injector.lines) - before)
    if words.named.get("now"):
        for name in added:
            console.session.submit("release", inject=name)
        return [f"Released: {', '.join(added)}"]
    return [f"On the script: {', '.join(added)} (release ID lets it go at once)"]


def _from_file(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageFault(
            f"'{clean(name)[:80]}' is no template ({', '.join(TEMPLATES)}) and no file: {reason}"
        ) from None


def _from_template(console: Console, words: Words) -> str:
    text = words.text(1, f'inject {words.args[0]} "text" [--to GOV,GOV]')
    taken = console.session.exercise.injector.lines
    number = next(n for n in range(1, 100_000) if f"adhoc_{n}" not in taken)
    made: dict[str, object] = {
        "id": words.named.get("id", f"adhoc_{number}"),
        "title": words.named.get("title", text[:60]),
        **TEMPLATES[words.args[0]],
    }
    made["notes" if words.args[0] == "hint" else "message"] = text
    if words.named.get("to"):
        made["audience"] = [name for name in words.named["to"].split(",") if name]
    if words.named.get("at"):
        made["at"] = words.named["at"]
    return msgspec.json.encode(made).decode()


@verb(
    "reset [ID]",
    "Restores the written script, or one line of it, as far as it is still to come.",
    "script",
    takes=("inject",),
)
def _reset(console: Console, words: Words) -> list[str]:
    console.session.submit("reset", **({"inject": words.args[0]} if words.args else {}))
    return [f"{words.args[0] if words.args else 'The script'} is as written, as far as it is still to come."]
