"""Commands of the white cell: requests and rulings, indicators and actions, notes, ratings, NO PLAY, ENDEX."""

from typing import Any

from wargame.errors import UsageFault
from wargame.journal.records.governments import ActionRecord
from wargame.language.plain_text import clean
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import formula
from wargame.live.console.reply import Reply
from wargame.live.console.waiting import queue_lines
from wargame.sentence import Hint, Name, Sentence, hint

OUTCOMES = {"action": "becomes an action", "order": "becomes an order", "refuse": "is refused"}
"""The description of each ruling for the facilitator."""

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


def _queue(console: Console, _: ParsedLine) -> Reply:
    programs = console.wall.programs
    return Reply(queue_lines(console.session, programs.proposals if programs else {}))


def _rule(console: Console, line: ParsedLine) -> Reply:
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


def _action(console: Console, line: ParsedLine) -> Reply:
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


def _outcome(console: Console, line: ParsedLine) -> Reply:
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


def _adjudicate(console: Console, line: ParsedLine) -> Reply:
    path, equals, value = formula(console, "".join(line.args)).partition("=")
    if not equals:
        raise line.fault()
    console.session.submit("set", path=path.replace(",", ", "), value=value, why=line.options.get("why", ""))
    return Reply([f"{path} = {value}"])


def _noplay(console: Console, line: ParsedLine) -> Reply:
    console.wall.stop()
    console.session.submit("noplay", text=" ".join(line.args))
    stopped = Sentence("The exercise is stopped. ", Name("playon", "Play on"), " ends NO PLAY.")
    return Reply(["NO PLAY NO PLAY NO PLAY", stopped])


def _playon(console: Console, line: ParsedLine) -> Reply:
    console.session.submit("playon", text=" ".join(line.args))
    if console.wall.running:
        return Reply(["The exercise continues, and the clock runs."])
    return Reply([Sentence("The exercise continues; the clock is stopped until you start it", RESUME, ".")])


def _endex(console: Console, line: ParsedLine) -> Reply:
    console.wall.stop()
    if not console.exercise.done or line.args:
        console.session.submit("endex", why=" ".join(line.args))
    return Reply(["ENDEX ENDEX ENDEX", *(console.review.write() if console.review else []), AFTERWARDS])
