"""The white cell: the queue of requests, rulings, values and actions of its own, notes, ratings, NO PLAY, ENDEX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault
from wargame.live.console.registry import FACILITATOR, READERS, SCRIBE, verb
from wargame.seat.feed import clean
from wargame.simulation.control.adjudication import RATINGS, RULINGS, STATUSES

if TYPE_CHECKING:
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console


@verb("queue", "Requests in free words that wait for a ruling.", "white cell", READERS)
def _queue(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "queue")
    waiting = [(n, r) for n, r in console.session.exercise.commands.adjudication.requests.items() if not r.ruling]
    return [clean(f"{n}  {r.government}: {r.text}" + (f" (why: {r.why})" if r.why else "")) for n, r in waiting] or [
        "Nothing waits."
    ]


@verb(
    "rule NUMBER action|order|refuse ...",
    "Makes an action of a request (--goldstein W [--to GOV] [--title T] [--dossier D] [--private|--covert]), an order "
    "(OPTION [TARGET]), or turns it down (a reason); --why says why.",
    "white cell",
    takes=("request", "ruling"),
)
def _rule(console: Console, words: ParsedLine) -> list[str]:
    usage = f"rule NUMBER {'|'.join(RULINGS)} ..."
    if len(words.args) < 2:
        raise UsageFault(f"write: {usage}")
    number, how, *rest = words.args
    if how != "action" and (said := sorted(set(words.named) - {"why"})):
        raise UsageFault(f"rule {number} {how} takes no --{said[0]}: only an action does")
    data: dict[str, Any] = {"request": number, "how": how}
    if how == "refuse":
        data["why"] = " ".join(rest)
    elif how == "order":
        if not 1 <= len(rest) <= 2:
            raise UsageFault("write: rule NUMBER order OPTION [TARGET]")
        data |= {"option": rest[0], "target": rest[1] if len(rest) > 1 else None}
    elif how == "action":
        data |= _action_words(words)
        if rest:
            data["title"] = " ".join(rest)
    if "why" in words.named:
        data["why"] = words.named["why"]
    console.session.submit("ruling", **data)
    return [f"Request {number}: {how}"]


def _action_words(words: ParsedLine) -> dict[str, Any]:
    if "goldstein" not in words.named:
        raise UsageFault("say how friendly or hostile it is: --goldstein from -10 to 10")
    data: dict[str, Any] = {"goldstein": words.named["goldstein"], "target": words.named.get("to")}
    data |= {name: words.named[name] for name in ("title", "dossier") if name in words.named}
    for name in ("private", "covert"):
        if name in words.named:
            data["visibility"] = name
    return data


@verb(
    'action GOV "TITLE" --goldstein W [--to GOV]',
    "An action in no list [--private|--covert] [--dossier D] [--why TEXT].",
    "white cell",
    takes=("government",),
)
def _action(console: Console, words: ParsedLine) -> list[str]:
    if len(words.args) < 2:
        raise UsageFault('write: action GOV "closes the border" --goldstein -4 [--to GOV]')
    title, why = " ".join(words.args[1:]), words.named.get("why", "")
    done = console.session.submit(
        "action", **{"government": words.args[0], "title": title, "why": why} | _action_words(words)
    )
    return [f"Done, #{record.seq}" for record in done.records if record.kind == "action"]


@verb("adjudicate PATH=VALUE [--why TEXT]", "Sets an indicator and where it rests.", "white cell", takes=("path",))
def _adjudicate(console: Console, words: ParsedLine) -> list[str]:
    path, equals, value = "".join(words.args).partition("=")
    if not equals:
        raise UsageFault('write: adjudicate PATH=VALUE, such as adjudicate "trust[KOR, USA]=0.3" --why "the summit"')
    console.session.submit("set", path=path.replace(",", ", "), value=value, why=words.named.get("why", ""))
    return [f"{path} = {value}"]


@verb(
    'note "TEXT" [--about SEQ|INJECT] [--tag TAG]',
    "Keeps a note; tags: sustain, improve, observation.",
    "white cell",
    READERS,
)
def _note(console: Console, words: ParsedLine) -> list[str]:
    text = words.text(0, 'note "TEXT" [--about SEQ|INJECT] [--tag sustain|improve|observation]')
    data = {"text": text, "about": words.named.get("about", "").lstrip("#"), "tag": words.named.get("tag", "")}
    about = data["about"]
    if about and not about.isdigit() and about not in console.session.exercise.injector.lines:
        raise UsageFault(f"a note is about the number of a record or an inject, not about '{about[:40]}'")
    if about.isdigit() and int(about) >= len(console.session.records):
        raise UsageFault(f"there is no record {about}")
    by = {} if console.role == FACILITATOR else {"who": SCRIBE}
    done = console.session.submit("note", **data, **by)
    return [f"Noted as #{done.records[0].seq}: {clean(text)}"]


@verb(
    'rate OBJECTIVE P|S|M|U ["WHY"]',
    "Rates an objective; or an expected action: rate INJECT met|late|missed [--who GOV] [--why TEXT].",
    "white cell",
    READERS,
    ("rated", "rating"),
)
def _rate(console: Console, words: ParsedLine) -> list[str]:
    if len(words.args) < 2:
        raise UsageFault(f"write: rate OBJECTIVE {'|'.join(RATINGS)} or rate INJECT {'|'.join(STATUSES)} [--who GOV]")
    about, rating, *rest = words.args
    rating = rating.upper() if len(rating) == 1 else rating
    why = words.named.get("why", " ".join(rest))
    by = {} if console.role == FACILITATOR else {"who": SCRIBE}
    console.session.submit("rating", about=about, rating=rating, why=why, government=words.named.get("who", ""), **by)
    return [f"{about}: {rating}"]


@verb('noplay ["TEXT"]', "NO PLAY: stops everything for the real world.", "white cell")
def _noplay(console: Console, words: ParsedLine) -> list[str]:
    console.wall.stop()
    console.session.submit("noplay", text=" ".join(words.args))
    return ["NO PLAY NO PLAY NO PLAY", "Everything stands still. playon goes on."]


@verb('playon ["TEXT"]', "Goes on after NO PLAY; the clock still stands.", "white cell")
def _playon(console: Console, words: ParsedLine) -> list[str]:
    console.session.submit("playon", text=" ".join(words.args))
    return ["The exercise goes on; the clock stands until you start it."]


@verb('endex ["WHY"]', "Ends the exercise now.", "white cell")
def _endex(console: Console, words: ParsedLine) -> list[str]:
    console.wall.stop()
    console.session.submit("endex", why=" ".join(words.args))
    return ["ENDEX ENDEX ENDEX", "hotwash, rate and note can follow; then quit and wargame report."]
