"""Records of questionnaires and attachments in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wargame.errors import shortened
from wargame.journal.records import Record
from wargame.journal.wording import Titles, words

LONG = 120
"""Characters of an answer that a sentence gives."""


def response(record: Record, titles: Titles) -> str:
    """Answers to a questionnaire: `Japan answers 'A poll': confidence 4`."""
    person = f" ({record.data['person']})" if record.data.get("person") else ""
    return f"{titles.government(record.who)}{person} answers {_title(record, titles)}: {answers_in_words(record.data)}"


def answers_in_words(data: Mapping[str, Any]) -> str:
    """The answers of one record: `confidence 4; why 'They moved their ships'`."""
    return "; ".join(f"{name} {_value(value)}" for name, value in dict(data.get("answers") or {}).items())


def _value(value: object) -> str:
    return shortened(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value), LONG)


def _title(record: Record, titles: Titles) -> str:
    return f"'{record.data.get('title') or titles.injects.get(record.about) or words(record.about)}'"


CLOSED = {"deadline": "at its deadline", "white cell": "by the white cell", "ENDEX": "at ENDEX"}
"""How a questionnaire was closed."""


def closed(record: Record, titles: Titles) -> str:
    """How a questionnaire was closed, and who has not answered."""
    data = record.data
    how = CLOSED.get(str(data.get("how")), "")
    silent = f"; not answered in full by {titles.listed(data['silent'])}" if data.get("silent") else ""
    return f"questionnaire {_title(record, titles)} is closed {how}{silent}"


def results(record: Record, titles: Titles) -> str:
    """The results that everyone is shown."""
    return f"results of {_title(record, titles)}: {results_in_words(record.data)}"


def results_in_words(data: Mapping[str, Any]) -> str:
    """Published results: `How confident are you? mean 3.5 (2 answers: 3 1, 4 1)`."""
    return "; ".join(map(_question, data.get("questions") or ()))


def _question(result: Mapping[str, Any]) -> str:
    number = int(result.get("answers", 0))
    counts = ", ".join(f"{option}: {count}" for option, count in dict(result.get("counts") or {}).items() if count)
    mean = f"mean {result['mean']:.1f} " if isinstance(result.get("mean"), int | float) else ""
    answers = f"{number} answer{'' if number == 1 else 's'}"
    return f"{result.get('text', '')} {mean}({answers}{f'; {counts}' if counts else ''})"


def attached_in_words(data: Mapping[str, Any], *, described: bool = True) -> str:
    """What is sent with a message: `1 picture (map.png: the two bridges)`; empty if nothing is."""
    files = [dict(each) for each in data.get("attachments") or ()]
    parts = []
    for kind in dict.fromkeys(str(each.get("kind")) for each in files):
        names = [_file(each, described=described) for each in files if each.get("kind") == kind]
        parts.append(f"{len(names)} {kind}{'' if len(names) == 1 else 's'} ({'; '.join(names)})")
    return " and ".join(parts)


def _file(attached: Mapping[str, Any], *, described: bool) -> str:
    name = str(attached.get("title") or attached.get("file"))
    return f"{name}: {attached['description']}" if described and attached.get("description") else name


def asked_in_words(data: Mapping[str, Any]) -> str:
    """How many questions a message asks, and the command that shows them; empty if it asks none."""
    questions = dict(data.get("questionnaire") or {}).get("questions") or ()
    if not questions:
        return ""
    count = f"{len(questions)} question{'' if len(questions) == 1 else 's'}"
    return count + (f": questions {data['number']} shows them" if "number" in data else "")


QUESTIONNAIRE_SENTENCES: dict[str, Callable[[Record, Titles], str]] = {
    "questionnaire.answer": response,
    "questionnaire.closed": closed,
    "questionnaire.results": results,
}
