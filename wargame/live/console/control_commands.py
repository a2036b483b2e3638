"""Commands of the white cell: requests and rulings, indicators and actions, notes, ratings, NO PLAY, ENDEX."""

from __future__ import annotations

from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.registry import CommandGroup
from wargame.live.console.roles import FACILITATOR, SCRIBE, WHITE_CELL
from wargame.seat.feed import clean
from wargame.simulation.control.adjudication import RATINGS, RULINGS, STATUSES

OUTCOMES = {"action": "becomes an action", "order": "becomes an order", "refuse": "is refused"}
"""What the facilitator reads of each ruling."""

control = CommandGroup("white cell")


def _author(console: Console) -> dict[str, str]:
    """The scribe as the author of a note or a rating, as data of the command; empty for the facilitator."""
    return {} if console.role == FACILITATOR else {"who": SCRIBE}


# --- adjudication ------------------------------------------------------------------------------------


@control.command("queue", "Lists the requests in free text that wait for a ruling.", WHITE_CELL)
def _queue(console: Console, line: ParsedLine) -> list[str]:
    line.take(0)
    requests = console.session.exercise.commands.adjudication.requests
    return [
        clean(f"{number}  {request.government}: {request.text}" + (f" (why: {request.why})" if request.why else ""))
        for number, request in requests.items()
        if not request.ruling
    ] or ["No open requests."]


@control.command(
    f"rule NUMBER {'|'.join(RULINGS)} ...",
    "Rules on a request: as an action (--goldstein W [--to GOV] [--title T] [--dossier D] [--private|--covert]), "
    "as an order (OPTION [TARGET]), or refuse (a reason); --why gives the reason of any ruling.",
    takes=("request", "ruling"),
)
def _rule(console: Console, line: ParsedLine) -> list[str]:
    line.need(2)
    number, how, *rest = line.args
    if how != "action" and (others := sorted(set(line.options) - {"why"})):
        raise UsageFault(f"rule {number} {how} has no option --{others[0]} (it belongs to rule {number} action)")
    data: dict[str, Any] = {"request": number, "how": how}
    if how == "refuse":
        data["why"] = " ".join(rest)
    elif how == "order":
        if not 1 <= len(rest) <= 2:
            raise UsageFault("usage: rule NUMBER order OPTION [TARGET]")
        data |= {"option": rest[0], "target": rest[1] if len(rest) > 1 else None}
    elif how == "action":
        data |= _action_data(line)
        if rest:
            data["title"] = " ".join(rest)
    if "why" in line.options:
        data["why"] = line.options["why"]
    console.session.submit("ruling", **data)
    return [f"Request {number} {OUTCOMES[how]}."]


def _action_data(line: ParsedLine) -> dict[str, Any]:
    if "goldstein" not in line.options:
        raise UsageFault("an action needs --goldstein, from -10 (hostile) to 10 (friendly)")
    data: dict[str, Any] = {"goldstein": line.options["goldstein"], "target": line.options.get("to")}
    data |= {name: line.options[name] for name in ("title", "dossier") if name in line.options}
    for name in ("private", "covert"):
        if name in line.options:
            data["visibility"] = name
    return data


@control.command(
    'action GOV "TITLE" --goldstein W [--to GOV]',
    "Performs an action that is not an option [--private|--covert] [--dossier D] [--why TEXT].",
    takes=("government",),
    example='action GOV "closes the border" --goldstein -4',
)
def _action(console: Console, line: ParsedLine) -> list[str]:
    line.need(2)
    title, why = line.text(1), line.options.get("why", "")
    result = console.session.submit(
        "action", **{"government": line.args[0], "title": title, "why": why} | _action_data(line)
    )
    return [f"Done, #{record.seq}" for record in result.records if record.kind == "action"]


@control.command(
    "adjudicate PATH=VALUE [--why TEXT]",
    "Sets an indicator and its baseline.",
    takes=("path",),
    example='adjudicate "trust[KOR, USA]=0.3" --why "the summit"',
)
def _adjudicate(console: Console, line: ParsedLine) -> list[str]:
    path, equals, value = "".join(line.args).partition("=")
    if not equals:
        raise line.fault()
    console.session.submit("set", path=path.replace(",", ", "), value=value, why=line.options.get("why", ""))
    return [f"{path} = {value}"]


# --- notes and ratings -------------------------------------------------------------------------------


@control.command(
    'note "TEXT" [--about SEQ|INJECT] [--tag TAG]', "Writes a note; tags: sustain, improve, observation.", WHITE_CELL
)
def _note(console: Console, line: ParsedLine) -> list[str]:
    text, about = line.text(0), line.options.get("about", "").lstrip("#")
    if about and not about.isdigit() and about not in console.session.exercise.injector.lines:
        raise UsageFault(f"--about {shortened(about, 40)}: give the number of a record or the id of an inject")
    if about.isdigit() and int(about) >= len(console.session.records):
        raise UsageFault(f"there is no record {about}")
    tag = line.options.get("tag", "")
    result = console.session.submit("note", text=text, about=about, tag=tag, **_author(console))
    return [f"Noted as #{result.records[0].seq}: {clean(text)}"]


@control.command(
    f'rate OBJECTIVE {"|".join(RATINGS)} ["WHY"]',
    f"Rates an objective; or an expected action: rate INJECT {'|'.join(STATUSES)} [--who GOV] [--why TEXT].",
    WHITE_CELL,
    ("rated", "rating"),
)
def _rate(console: Console, line: ParsedLine) -> list[str]:
    line.need(2)
    about, rating, *rest = line.args
    rating = rating.upper() if len(rating) == 1 else rating
    why, who = line.options.get("why", " ".join(rest)), line.options.get("who", "")
    console.session.submit("rating", about=about, rating=rating, why=why, government=who, **_author(console))
    return [f"{about}: {rating}"]


# --- NO PLAY and ENDEX -------------------------------------------------------------------------------


@control.command('noplay ["TEXT"]', "NO PLAY: stops the exercise for a real-world emergency.")
def _noplay(console: Console, line: ParsedLine) -> list[str]:
    console.wall.stop()
    console.session.submit("noplay", text=" ".join(line.args))
    return ["NO PLAY NO PLAY NO PLAY", "The exercise is stopped. playon ends NO PLAY."]


@control.command('playon ["TEXT"]', "Ends NO PLAY; the clock stays stopped.")
def _playon(console: Console, line: ParsedLine) -> list[str]:
    console.session.submit("playon", text=" ".join(line.args))
    return ["The exercise continues; the clock is stopped until you start it."]


@control.command('endex ["WHY"]', "ENDEX: ends the exercise now.")
def _endex(console: Console, line: ParsedLine) -> list[str]:
    console.wall.stop()
    console.session.submit("endex", why=" ".join(line.args))
    return ["ENDEX ENDEX ENDEX", "hotwash, rate and note still work; then quit, and wargame report."]
