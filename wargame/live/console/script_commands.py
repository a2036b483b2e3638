"""The MSEL in hand: what is on it, and everything that a facilitator does to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wargame.errors import UsageFault
from wargame.language.times import format_duration
from wargame.live.console.command_line import QUOTES, YAML
from wargame.live.console.registry import READERS, verb
from wargame.seat.feed import clean

if TYPE_CHECKING:
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console
    from wargame.scenario.model import Inject
    from wargame.simulation.mechanisms.msel_item import MselItem

TEMPLATES = {
    "news": {"channel": "News"},
    "cable": {"channel": "Cable"},
    "intel": {"channel": "Intel"},
    "phone": {"channel": "Phone"},
    "hint": {"kind": "facilitation"},
}
"""What may be injected with a text alone."""


PARTS = ("due", "waiting", "held", "released", "skipped")
"""What `msel` can be asked for; `all` is everything."""
NOW = " --now"
LATE = 2
"""Releases that `msel` shows without being asked."""
SOON = 5
"""Injects that are due which it shows."""
SHORT = 10
"""Lines up to which `msel` shows everything."""
Row = tuple[str, str, str, str]


def rows(console: Console) -> list[tuple[str, Row]]:
    """(part, (id, status, when, title)) of every line: what was released by time, then what is to come by date."""
    exercise = console.session.exercise
    made = []
    for name, line in exercise.injector.lines.items():
        due, part = exercise.injector.due_of(line), _part(console, line)
        rank = ("skipped", "released", "held", "due", "waiting").index(part)
        time = line.last if part == "released" else due
        title = line.spec.title + received(console, line)
        row = (name, _status(console, line), _when(console, line, due, brief=True), title)
        made.append(((rank, time or 0, name), (part, row)))
    return [row for _, row in sorted(made)]


def _part(console: Console, line: MselItem) -> str:
    if line.status in ("held", "skipped"):
        return line.status
    if line.status == "released" and not line.alive:
        return "released"
    return "waiting" if console.session.exercise.injector.due_of(line) is None else "due"


def _status(console: Console, line: MselItem) -> str:
    mark = "*" if line.ad_hoc else ""
    if line.status == "released":
        return f"released{f' x{line.released}' if line.released > 1 else ''}{mark}"
    if line.status == "held":
        return f"{'held, overdue' if line.missed else 'held'}{mark}"
    names = {"due": "due", "waiting": "by hand" if line.spec.manual else "waits"}
    return f"{line.status if line.status == 'disabled' else names.get(_part(console, line), line.status)}{mark}"


def concerned(console: Console, line: MselItem) -> list[str]:
    """The seats with people in them to which an inject has gone."""
    if line.last is None or line.spec.kind == "facilitation":
        return []
    seats = console.session.exercise.commands.seats
    audience = line.spec.audience or tuple(console.session.exercise.governments)
    return [name for name in audience if seats.of(name) == "human"]


def looks(console: Console, line: MselItem) -> dict[str, list[str]]:
    """Who has had an inject on a terminal, who has asked for a brief or an inbox since, who has acknowledged it."""
    session, people = console.session, concerned(console, line)
    released = [r.seq for r in session.records if r.kind == "inject.released" and r.about == line.spec.id]
    last = released[-1] if released else 0
    acked = session.exercise.commands.msel.acknowledged.get((line.spec.id, line.released), ())
    return {
        "delivered": [name for name in people if session.shown.get(name, -1) >= last or name in acked],
        "read": [name for name in people if session.read.get(name, -1) >= last or name in acked],
        "acknowledged": [name for name in people if name in acked],
    }


def received(console: Console, line: MselItem) -> str:
    """How far the last release has come with the seats of people, in a few words."""
    people = concerned(console, line)
    if not people:
        return ""
    found = [f"{kind} {len(names)}" for kind, names in looks(console, line).items()]
    return f" [{', '.join(found)} of {len(people)}]"


def _when(console: Console, line: MselItem, due: int | None, *, brief: bool = False) -> str:
    session, spec = console.session, line.spec
    instant = _to_the_minute(console) if brief else session.instant
    if line.status == "released" and line.last is not None:
        return instant(line.last)
    if line.status == "skipped":
        return ""
    if due is not None:
        return f"{instant(due)}, {until(due - session.exercise.now)}"
    bound = f"from {instant(line.not_before)} on, " if line.not_before is not None else ""
    return bound + _trigger(spec)


def _to_the_minute(console: Console) -> Callable[[int], str]:
    return lambda t: f"{console.session.exercise.calendar.at(t):%Y-%m-%d %H:%M}"


def _trigger(spec: Inject) -> str:
    if spec.when is not None:
        return f"when {spec.when}"
    if spec.after is not None:
        after = spec.after.inject or " or ".join((spec.after.action or spec.after.decision or _NONE).options)
        return f"{format_duration(spec.after.delay)} after {after}"
    return "when you release it" if spec.manual else "at a random time"


def until(seconds: int) -> str:
    """How far off a time is: in whole minutes, rounded up, and far off in whole days."""
    if seconds <= 0:
        return "overdue" if seconds else "now"
    unit = 60 if seconds < FAR else 86400
    return f"in {format_duration(-(-seconds // 60) * 60 // unit * unit)}"


FAR = 30 * 86400


class _None:
    options: tuple[str, ...] = ()


_NONE = _None()


@verb(
    "msel [ID|PART]",
    "The script: what is due with countdown, what waits or is held, the last releases and who has them; "
    f"msel {'|'.join(PARTS)}|all shows a part; msel ID one inject whole.",
    "script",
    READERS,
    ("msel",),
)
def _msel(console: Console, words: ParsedLine) -> list[str]:
    asked = words.args[0].lower() if words.args else ""
    if asked and asked not in (*PARTS, "all"):
        return _whole(console, words.args[0])
    listed = rows(console)
    if not listed:
        return ["The script is empty."]
    if asked in PARTS:
        shown = [row for part, row in listed if part == asked]
    else:
        shown = [row for part, row in listed] if asked or len(listed) <= SHORT else _at_hand(listed)
    left = [part for part in PARTS if asked == "" and sum(p == part for p, _ in listed) > _count(listed, shown, part)]
    lines = _laid_out(shown)
    more = [f"{sum(p == part for p, _ in listed)} {part} (msel {part})" for part in left]
    return [*lines, *([f"In all: {', '.join(more)}"] if more else [])] or [f"Nothing is {asked}."]


def _laid_out(shown: list[Row]) -> list[str]:
    wide = max((len(name) for name, *_ in shown), default=0)
    far = max((len(_clip(when)) for *_, when, _ in shown), default=0)
    return [clean(f"{name:<{wide}}  {status:<9}  {_clip(when):<{far}}  {title}") for name, status, when, title in shown]


def _at_hand(listed: list[tuple[str, Row]]) -> list[Row]:
    """What a facilitator looks for: the last releases, what is held, what is due, and not all that merely waits."""
    late = [row for part, row in listed if part == "released"][-LATE:]
    held, due = ([row for part, row in listed if part == wanted] for wanted in ("held", "due"))
    return late + held + due[:SOON]


def _count(listed: list[tuple[str, Row]], shown: list[Row], part: str) -> int:
    return sum(p == part and row in shown for p, row in listed)


def _clip(when: str) -> str:
    return when if len(when) <= CLIP else when[: CLIP - 1] + "…"


CLIP = 48


def _whole(console: Console, name: str) -> list[str]:
    from wargame.simulation.control.lookup import known

    lines = console.session.exercise.injector.lines
    line = lines[known("inject", name, lines)]
    due = console.session.exercise.injector.due_of(line)
    said = [f"{_status(console, line)}, {_when(console, line, due)}".rstrip(", ")]
    if concerned(console, line):
        said += [f"{kind}: {', '.join(names) or 'nobody yet'}" for kind, names in looks(console, line).items()]
    values = msgspec.to_builtins(line.spec).items()
    shown = {key: value for key, value in values if value not in (None, "", [], {}, ()) and DULL.get(key) != value}
    return [clean(text) for text in [f"{name}: {said[0]}", *said[1:], *(f"{k}: {_told(v)}" for k, v in shown.items())]]


DULL = {"repeat": 1, "cool_down": 0, "enabled": True, "chance": 1.0}
"""What is so unless an author says otherwise."""


def _told(value: object) -> str:
    if isinstance(value, dict):
        return str(value["text"]) if "text" in value else ", ".join(f"{k} {_told(v)}" for k, v in value.items() if v)
    return "; ".join(map(_told, value)) if isinstance(value, list | tuple) else str(value)


def _simple(kind: str, told: str) -> None:
    @verb(f"{kind} ID", told, "script", takes=("inject",))
    def _do(console: Console, words: ParsedLine) -> list[str]:
        (name,) = words.take(1, f"{kind} ID")
        console.session.submit(kind, inject=name)
        line = console.session.exercise.injector.lines[name]
        if kind != "retract":
            return [f"{name}: {_status(console, line)}"]
        quiet = line.spec.kind == "facilitation"
        return [f"{name}: {'it went to the white cell alone: nothing is sent' if quiet else 'disregard is sent'}"]


for _kind, _help in (
    ("release", "Releases an inject now, in every state; the rest of the script stays where it is."),
    ("hold", "Keeps an inject from firing until it is let go."),
    ("unhold", "Lets a held inject go; what was due meanwhile happens now."),
    ("skip", "Takes an inject off the script."),
    ("retract", "Sends 'disregard' to those who saw an inject; nothing is undone."),
):
    _simple(_kind, _help)


@verb(
    "delay ID TIME",
    "Moves an inject by a time, such as 3d or -12h. One that waits for a condition, an action or chance cannot come "
    "before that time is over; then what it waits for goes on.",
    "script",
    takes=("inject",),
)
def _delay(console: Console, words: ParsedLine) -> list[str]:
    name, by = words.take(2, "delay ID TIME, such as delay collision 3d")
    console.session.submit("delay", inject=name, by=by)
    line = console.session.exercise.injector.lines[name]
    return [f"{name}: {_when(console, line, console.session.exercise.injector.due_of(line))}"]


@verb("postpone TIME", "Moves all that is still to come; the spacing stays.", "script")
def _postpone(console: Console, words: ParsedLine) -> list[str]:
    (by,) = words.take(1, "postpone TIME, such as postpone 3d")
    console.session.submit("postpone", by=by)
    return [f"All that has a date is {by} later."]


@verb(
    "edit ID FIELD VALUE", "Changes one field of an inject that is still to come.", "script", takes=("inject", "field")
)
def _edit(console: Console, words: ParsedLine) -> list[str]:
    if len(words.args) < 3:
        raise UsageFault('write: edit ID FIELD VALUE, such as edit collision message "Three dead"')
    name, field = words.args[:2]
    value = words.rest.split(None, 2)[2].strip()
    value = value[:1].translate(QUOTES) + value[1:-1] + value[-1:].translate(QUOTES) if len(value) > 1 else value
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    console.session.submit("edit", inject=name, field=field, value=value)
    return [f"{name}: {field} is changed; the written script is as it was."]


@verb(
    "inject YAML|FILE|TEMPLATE",
    'Adds an inject: YAML in braces, a file, or news|cable|intel|phone|hint "text" '
    "[--to GOV,GOV] [--at TIME] [--id ID] [--title T] [--now].",
    "script",
)
def _inject(console: Console, words: ParsedLine) -> list[str]:
    rest = words.rest
    if not rest:
        raise UsageFault("write: inject {id: leak, title: A leak, message: ...}, a file, or a template such as news")
    if rest.startswith(YAML):
        if rest.endswith(NOW):
            rest, words.named["now"] = rest.removesuffix(NOW).rstrip(), "yes"
        written = rest.replace("\\n", "\n")
    elif words.args and words.args[0] in TEMPLATES:
        written = _from_template(console, words)
    else:
        written = _from_file(words.args[0] if words.args else rest)
        words.most(1, "inject FILE [--now]")
        if said := sorted(set(words.named) - {"now"}):
            raise UsageFault(f"a file says that itself: leave out --{said[0]} (a template such as news takes it)")
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


def _from_template(console: Console, words: ParsedLine) -> str:
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
def _reset(console: Console, words: ParsedLine) -> list[str]:
    words.most(1, "reset [ID]")
    console.session.submit("reset", **({"inject": words.args[0]} if words.args else {}))
    return [f"{words.args[0] if words.args else 'The script'} is as written, as far as it is still to come."]
