"""Commands on what is put to seats: standing procedures and their answers; questionnaires, answers and results."""

import re
from dataclasses import replace
from functools import partial

from wargame.errors import UsageFault, shortened
from wargame.journal.questionnaires import QuestionnaireResult, questionnaire_results
from wargame.journal.template_cache import text_lines
from wargame.journal.wording import phrases, sentence
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import government_of
from wargame.live.console.reply import Reply
from wargame.seat.obligations import answers_to, proposed_procedures, standing_procedures
from wargame.seat.questionnaires import (
    SeatQuestion,
    SeatQuestionnaire,
    question_lines,
    read_answer,
    seat_questionnaires,
)
from wargame.sentence import hint
from wargame.simulation.actors.procedures import ACCEPT, PROPOSE
from wargame.simulation.control.lookup import valid_name


def _procedures(console: Console, line: ParsedLine) -> Reply:
    line.need(0, 2)
    exercise = console.exercise
    if console.is_seat:
        if len(line.args) > 1 or line.args[:1] not in ([], [console.seat]):
            raise UsageFault("procedures lists your standing procedures; the facilitator decides what they do")
        return Reply(_listing(console, console.seat))
    if not line.args:
        owners = [name for name in exercise.governments if exercise.procedures.of(name)]
        rows = [row for name in owners for row in _listing(console, name)]
        return Reply(rows or ["The scenario has no standing procedures."])
    declared = exercise.context.scenario.procedures
    name = valid_name("government or standing procedure", line.args[0], {*exercise.governments, *declared})
    government = declared[name].government if name in declared else name
    if len(line.args) == 1:
        return Reply(_listing(console, government, name if name in declared else ""))
    mode = line.args[1].lower()
    data = {"government": government, "procedure": name if name in declared else "", "mode": mode}
    console.session.submit("procedures", **data)
    one, every = phrases("modes_of_seats")[mode]
    what = f"'{declared[name].title}' {one}" if name in declared else f"all standing procedures {every}"
    lines = [clean(f"{console.name(government)}: {what}.")]
    if exercise.commands.seats.of(government) == "model" and mode == PROPOSE:
        lines.append("The model holds the seat and acts by them; this applies once a person plays it.")
    return Reply([sentence(each) for each in lines])


def _listing(console: Console, government: str, only: str = "") -> list[str]:
    """Return the procedures of a government, and what is put to its seat now."""
    exercise = console.exercise
    notes = [note for note in standing_procedures(exercise, government) if only in ("", note.procedure)]
    if not notes:
        return [sentence(f"{console.name(government)} has no standing procedures.")]
    put = () if only else proposed_procedures(exercise, government)
    shown = {"console": console, "government": government, "notes": notes, "put": put}
    return text_lines("wargame.live", "procedures.txt.j2", length=format_duration, answers_to=answers_to, **shown)


def _answer(console: Console, line: ParsedLine) -> Reply:
    name, answer = government_of(console, line, 2), line.command
    number = line.args[1].lstrip("#") if len(line.args) > 1 else _only_open(console, name, answer)
    console.session.submit("procedure.answer", government=name, number=number, answer=answer, **console.sender)
    proposed = next(p for p in proposed_procedures(console.exercise, name) if str(p.number) == number)
    text = f"{console.name(name)} {answer}s standing procedure {number}: {proposed.text}"
    at = f", {console.session.instant(proposed.until)}" if answer == ACCEPT and proposed.until is not None else ""
    return Reply([clean(sentence(f"{text}{at}"))])


def _only_open(console: Console, name: str, answer: str) -> str:
    """Return the number of the one proposal without an answer."""
    numbers = [str(each.number) for each in proposed_procedures(console.exercise, name) if not each.answer]
    if len(numbers) != 1:
        reason = f"{len(numbers)} are open: {answer} NUMBER" if numbers else "procedures lists them"
        what = "say which standing procedure" if numbers else "no standing procedure is proposed"
        raise UsageFault(f"{what} ({reason})")
    return numbers[0]


_IN_BROWSER = re.compile(r"\s*p[0-9]+\s*", re.IGNORECASE)
"""The numbers by which people in browsers are known."""


def _questions(console: Console, line: ParsedLine) -> Reply:
    received = seat_questionnaires(console.exercise, government_of(console, line, 2))
    several = len(line.args) < 2 and len(received) != 1
    one = None if several else _numbered(received, line.args[1]) if len(line.args) > 1 else received[0]
    shown = {"received": received if one is None else [one], "one": one, "instant": console.session.instant}
    lines = text_lines("wargame.live", "questionnaires.txt.j2", question_lines=question_lines, **shown)
    return Reply(lines or ["No questionnaire has been received."])


def _numbered(received: tuple[SeatQuestionnaire, ...], number: str) -> SeatQuestionnaire:
    for each in received:
        if number.lstrip("#").casefold() in (str(each.number), each.inject.casefold()):
            return each
    numbers = ", ".join(str(each.number) for each in received) or "there are none"
    raise UsageFault(f"there is no questionnaire '{shortened(clean(number), 40)}' ({numbers})")


def _respond(console: Console, line: ParsedLine) -> Reply:
    line.need(3)
    exercise, name = console.exercise, government_of(console, line)
    number, _, place = line.args[1].partition(".")
    asked = _numbered(seat_questionnaires(exercise, name), number)
    question = _question(asked, place)
    value = read_answer(question, line.text(2))
    giver = console.session.giver if asked.by_person else ""
    name_given = line.options.get("name", giver)
    if console.is_seat and name_given != giver and (giver or _IN_BROWSER.fullmatch(name_given)):
        raise UsageFault("people in browsers answer only for themselves: leave out --name, or give another name")
    if asked.by_person and not name_given:
        own = "" if console.is_seat else f"{name} "
        raise UsageFault(f"each person answers this questionnaire: respond {own}{line.args[1]} ANSWER --name YOUR NAME")
    person = {"person": name_given} if name_given else {}
    data = {"inject": asked.inject, "release": asked.release, "answers": {question.id: value}}
    console.session.submit("respond", who=name, **data, **person)
    now = _numbered(seat_questionnaires(exercise, name), number)
    words = ", ".join(value) if isinstance(value, list) else str(value)
    left = f"{now.unanswered} to answer" if now.unanswered else "all questions are answered"
    return Reply([sentence(f"{console.name(name)} answers {asked.number}.{question.number}: {clean(words)} ({left}).")])


def _question(asked: SeatQuestionnaire, place: str) -> SeatQuestion:
    if not place and len(asked.questions) == 1:
        return asked.questions[0]
    for each in asked.questions:
        if place.casefold() in (str(each.number), each.id.casefold()):
            return each
    numbers = ", ".join(f"{asked.number}.{each.number}" for each in asked.questions)
    raise UsageFault(f"name one question: {numbers}", hint(f"questions {asked.number}", "shows them"))


def _results(console: Console, line: ParsedLine) -> Reply:
    line.need(0, 1)
    every = visible_results(console)
    if not line.args:
        return Reply(_result_lines(console, every) or ["No questionnaire has been sent."])
    name = valid_name("questionnaire", line.args[0], {each.inject for each in every})
    return Reply(_result_lines(console, [each for each in every if each.inject == name], full=True))


def visible_results(console: Console) -> list[QuestionnaireResult]:
    """Return the questionnaires so far, with the answers of the seats that this console may see, oldest first."""
    if not console.exercise.questionnaires.sent:
        return []
    seats = set(console.exercise.governments if console.sees_all else console.observed)
    every = questionnaire_results(console.session.records)
    return [_only(each, seats) for each in every if seats & set(each.to)]


def _only(result: QuestionnaireResult, seats: set[str]) -> QuestionnaireResult:
    questions = (
        replace(each, answers=tuple(given for given in each.answers if given.seat in seats))
        for each in result.questions
    )
    return replace(result, questions=tuple(questions))


def state_of(console: Console, each: QuestionnaireResult) -> str:
    """Return how many of the seats that this console may see have answered, who has not, and until when it is open."""
    questionnaires = console.exercise.questionnaires
    sent = next(sent for sent in questionnaires.sent if sent.seq == each.seq)
    seats = console.exercise.governments if console.sees_all else console.observed
    asked = [name for name in (each.asked if each.ended else questionnaires.asked(sent)) if name in seats]
    if not asked:
        return "nobody is asked"
    silent = [name for name in asked if sent.unanswered(name)]
    state = "closed" if each.ended else "open"
    if each.until is not None and not each.ended:
        state = f"open until {console.session.instant(each.until)}"
    waiting = f"; not yet: {console.name(*silent)}" if silent and not each.ended else ""
    have = "seat has" if len(asked) == 1 else "seats have"
    return f"{len(asked) - len(silent)} of {len(asked)} {have} answered, {state}{waiting}"


def _result_lines(console: Console, results: list[QuestionnaireResult], *, full: bool = False) -> list[str]:
    return text_lines("wargame.live", "results.txt.j2", results=results, full=full, state=partial(state_of, console))
