"""Commands of the white cell: requests and rulings, indicators and actions, notes, ratings, NO PLAY, ENDEX."""

from typing import Any

from wargame.errors import UsageFault
from wargame.journal.records.governments import ActionRecord
from wargame.language.plain_text import clean
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import formula
from wargame.live.console.registry import CommandGroup
from wargame.live.console.reply import Reply
from wargame.live.console.roles import WHITE_CELL
from wargame.live.console.waiting import queue_lines
from wargame.sentence import Hint, Name, Sentence, hint
from wargame.simulation.control.adjudication import RULINGS

OUTCOMES = {"action": "becomes an action", "order": "becomes an order", "refuse": "is refused"}
"""What the facilitator reads of each ruling."""

RESUME = hint("resume", label="Resume")
UNDO = Hint(("undo",), "takes it back", "Undo", view="branches")
AFTERWARDS = Sentence(
    Name(
        "hotwash, judge, rate and note still work; quit writes the review again.",
        "You can still judge, rate and write notes; Write the review again includes them.",
    )
)
IMPROVISED = ("as", "goldstein", "severity", "rung", "effects", "title", "dossier")
"""Options that describe an action of the white cell; they are named like the data of the command."""

control = CommandGroup("white cell")


# --- adjudication ------------------------------------------------------------------------------------


@control.command("queue", WHITE_CELL)
def _queue(console: Console, _: ParsedLine) -> Reply:
    """Lists what waits for the white cell: orders in free text, requests for information, and messages, offers, demands
    and votes of governments that no person plays.
    """
    return Reply(queue_lines(console.session))


@control.command(f"rule NUMBER {'|'.join(RULINGS)} ...", takes=("request", "ruling"))
def _rule(console: Console, line: ParsedLine) -> Reply:
    """Rules on a request: as an action ([--title T] and the options of 'action'), as an order (OPTION [TARGET]
    [--force]), or refuse (a reason); --why gives the reason of any ruling. For an action: --as --goldstein --severity
    --rung --effects --to --dossier --private --covert.
    """
    line.need(2)
    number, how, *rest = line.args
    accepted = {"action": line.options.keys() - {"force"}, "order": {"why", "force"}}.get(how, {"why"})
    if others := sorted(line.options.keys() - accepted):
        belongs = f"it belongs to rule {number} {'order' if others[0] == 'force' else 'action'}"
        raise UsageFault(f"rule {number} {how} has no option --{others[0]} ({belongs})")
    data: dict[str, Any] = {"request": number, "how": how}
    if how == "refuse":
        data["why"] = " ".join(rest)
    elif how == "order":
        if not 1 <= len(rest) <= 2:
            raise UsageFault("usage: rule NUMBER order OPTION [TARGET]")
        data |= {"option": rest[0], "target": rest[1] if len(rest) > 1 else None}
        data |= {"override": True} if "force" in line.options else {}
    elif how == "action":
        data |= _action_data(line)
        request = console.exercise.commands.adjudication.requests.get(int(number) if number.isdecimal() else 0)
        if rest:
            data["title"] = " ".join(rest)
        elif "title" not in data and request is not None:  # which reads on from the name of the government
            data["title"] = f"has its order carried out: {request.text}"
    if "why" in line.options:
        data["why"] = line.options["why"]
    console.session.submit("ruling", **data)
    return Reply([f"Request {number} {OUTCOMES[how]}."])


def _action_data(line: ParsedLine) -> dict[str, Any]:
    if not line.options.keys() & {"goldstein", "as"}:
        raise UsageFault(
            "an action needs --as OPTION, whose numbers, effects and outcomes it then has, "
            "or --goldstein, from -10 (hostile) to 10 (friendly)"
        )
    data: dict[str, Any] = {"target": line.options.get("to")}
    data |= {name: line.options[name] for name in IMPROVISED if name in line.options}
    for name in ("private", "covert"):
        if name in line.options:
            data["visibility"] = name
    return data


@control.command(
    'action GOV "TITLE" --as OPTION|--goldstein W [--to GOV]',
    takes=("government",),
    example='action PRK "shells an island" --as border_artillery_attack',
)
def _action(console: Console, line: ParsedLine) -> Reply:
    """Performs an action in your words. --as makes it count as that option, with its numbers, effects, outcomes and
    triggers. These replace what the option has, or describe an action that is like no option: --goldstein W --severity
    S --rung R --effects "tension +0.2, ..." --dossier D --private --covert. --why gives the reason.
    """
    line.need(2)
    title, why = line.text(1), line.options.get("why", "")
    data = {"government": line.args[0], "title": title, "why": why} | _action_data(line)
    result = console.session.submit("action", **data)
    return Reply([_performed(record) for record in result.records if isinstance(record, ActionRecord) and record.cause])


def _performed(record: ActionRecord) -> str:
    """Return the numbers of an action, and the path of each effect with old and new value."""
    effects = ", ".join(f"{path} {old:.2f} to {new:.2f}" for path, (old, new) in record.effects.items())
    return (
        f"Done, #{record.seq}: Goldstein {record.goldstein:g}, severity {record.severity:g}, rung {record.rung}; "
        f"effects: {effects or 'none'}"
    )


@control.command(
    "outcome [ID occurred|revoked --why TEXT]",
    takes=("outcome", "status"),
    example='outcome ceasefire occurred --why "agreed on the telephone"',
)
def _outcome(console: Console, line: ParsedLine) -> Reply:
    """Sets an outcome by hand, also after ENDEX. All seats learn of it, with --private only the white cell. Alone,
    lists the outcomes.
    """
    session = console.session
    if not line.args and not line.options:
        titles, times = session.exercise.context.scenario.outcomes, session.outcome_times().items()
        rows = [clean(f"{name:<20} {at or 'not yet':<23} {titles[name].title}") for name, at in times]
        return Reply(rows or ["The scenario has no outcomes."])
    name, status = line.take(2)
    if "why" not in line.options:
        raise line.fault()
    was_over, outcomes = session.exercise.done, session.exercise.context.scenario.outcomes
    titled = Name(name, clean(outcomes[name].title) if name in outcomes else name)
    data = {"outcome": name, "status": status, "why": line.options["why"]}
    session.submit("outcome", **data, **({"private": True} if "private" in line.options else {}))
    if session.exercise.done and not was_over:
        console.wall.stop()
        return Reply([Sentence(titled, f": {status}. It ends the exercise", UNDO, ".")])
    if status == "revoked" and not session.exercise.done:
        return Reply([Sentence(titled, ": revoked. What has followed from it stays; it may occur again.")])
    return Reply([Sentence(titled, f": {status}.")])


@control.command(
    "adjudicate PATH=VALUE [--why TEXT]", takes=("path",), example='adjudicate "trust[KOR, USA]=0.3" --why "the summit"'
)
def _adjudicate(console: Console, line: ParsedLine) -> Reply:
    """Sets an indicator and its baseline."""
    path, equals, value = formula(console, "".join(line.args)).partition("=")
    if not equals:
        raise line.fault()
    console.session.submit("set", path=path.replace(",", ", "), value=value, why=line.options.get("why", ""))
    return Reply([f"{path} = {value}"])


# --- NO PLAY and ENDEX -------------------------------------------------------------------------------


@control.command('noplay ["TEXT"]')
def _noplay(console: Console, line: ParsedLine) -> Reply:
    """NO PLAY: stops the exercise for a real-world emergency."""
    console.wall.stop()
    console.session.submit("noplay", text=" ".join(line.args))
    stopped = Sentence("The exercise is stopped. ", Name("playon", "Play on"), " ends NO PLAY.")
    return Reply(["NO PLAY NO PLAY NO PLAY", stopped])


@control.command('playon ["TEXT"]')
def _playon(console: Console, line: ParsedLine) -> Reply:
    """Ends NO PLAY; the clock stays stopped unless resume was given meanwhile."""
    console.session.submit("playon", text=" ".join(line.args))
    if console.wall.running:
        return Reply(["The exercise continues, and the clock runs."])
    return Reply([Sentence("The exercise continues; the clock is stopped until you start it", RESUME, ".")])


@control.command('endex ["WHY"]')
def _endex(console: Console, line: ParsedLine) -> Reply:
    """ENDEX: ends the exercise now and writes the review; after ENDEX it writes the review again."""
    console.wall.stop()
    if not console.exercise.done or line.args:
        console.session.submit("endex", why=" ".join(line.args))
    written = console.review.write() if console.review else []
    return Reply(["ENDEX ENDEX ENDEX", *written, AFTERWARDS])
