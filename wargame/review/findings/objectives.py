"""Objectives with their evidence, and the observations drafted from it.

People give the ratings. Ratings and observations are drafted only for what people decided: for what the model did
they would judge the parameters of the scenario. Nothing is drafted while an evaluator still has to judge, and no draft
says that a person failed: only people do.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from wargame.dataclasses import dataclass
from wargame.journal import wording
from wargame.journal.records import Record
from wargame.journal.records.run import RATINGS, NoteRecord, RatingRecord
from wargame.journal.records.script import ExpectedCandidateRecord
from wargame.journal.sentences import headline
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import author, count
from wargame.review.findings.expected_actions import STATUSES, UNDECIDED, judgement, tally_of
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.headlines import TEXTS
from wargame.review.findings.source import RunSource
from wargame.tables import by_key

MANY, HALF = 0.8, 0.5
"""Shares of expected actions met from which a draft says P and S. Judgement."""
MOST = 6
"""Expected actions that a discussion describes; the evidence lists all."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One observation in the form Observation, Discussion, Conclusion, Recommendation; `evidence` are records."""

    id: str
    objective: str = ""
    who: str = ""
    sustain: bool = False
    observation: str = ""
    discussion: str = ""
    conclusion: str = ""
    recommendation: str = ""
    evidence: tuple[int, ...] = ()
    root_cause: str = ""
    """Only people find it."""


def legend() -> str:
    """Return the letters of the ratings with their meanings."""
    return "; ".join(f"{letter} {meaning}" for letter, meaning in RATINGS.items())


def objectives(
    source: RunSource, actions: Sequence[Row], injects: Sequence[Row], of_people: frozenset[int]
) -> list[Row]:
    """Return each objective: injects released for it, expected actions by status, evidence, ratings and drafts.

    `actions` are the rows of expected actions, `injects` the rows of the MSEL, `of_people` are the numbers of the
    rows of expected actions that were left to people.
    `recorded` is the last rating that a person gave during the exercise, `ratings` the last one of each author.
    """
    rows, known = [], source.scenario.objectives if source.scenario else {}
    for name in sorted({*known, *(str(row["objective"]) for row in actions if row["objective"])}):
        own = [row for row in actions if row["objective"] == name]
        title, capability = (known[name].title, known[name].capability) if name in known else (wording.words(name), "")
        released = [row["seq"] for row in injects if row["objective"] == name and row["status"] == "released"]
        rows.append(
            {"objective": name, "title": title, "capability": capability, "injects": len(released)}
            | dict.fromkeys((*STATUSES, UNDECIDED), 0)
            | tally_of(own)
            | {"rating": _draft([row for row in own if row["seq"] in of_people])}
            | {"evidence": [row["seq"] for row in own], "released": released}
            | _recorded(source, name)
        )
    return rows


def _recorded(source: RunSource, objective: str) -> Row:
    ratings: dict[str, Row] = {}
    for record in source.records:
        if isinstance(record, RatingRecord) and record.about == objective and record.rating in RATINGS:
            by = author(record.evaluator or record.who)
            ratings.pop(by, None)
            ratings[by] = {"rating": record.rating, "by": by, "why": record.why or "", "seq": record.seq}
    listed = list(ratings.values())
    return {"recorded": listed[-1]["rating"] if listed else "", "ratings": listed}


def rating_text(row: Mapping[str, Any], given: str = "") -> str:
    """Return all ratings of an objective: the reviewer's, the raters' with their names, the draft."""
    parts = [f"{given} (reviewer)"] if given else []
    parts += [f"{each['rating']} ({each['by']})" for each in row["ratings"]]
    if row["rating"] and row["rating"] not in (given, *(each["rating"] for each in row["ratings"])):
        parts += [f"{'draft: ' if parts else ''}{row['rating']}{'' if parts else ' (draft)'}"]
    return "; ".join(parts)


def _draft(actions: list[Row]) -> str:
    """Return P or S for the expected actions that were left to people.

    It is empty if there were none, if one is still to be judged, or if fewer than half were done: a person rates those.
    """
    if not actions or any(row["status"] == UNDECIDED for row in actions):
        return ""
    met = sum(row["status"] == "met" for row in actions) / len(actions)
    done = sum(row["status"] != "missed" for row in actions) / len(actions)
    return "P" if met >= MANY else "S" if done >= HALF else ""


def observations(source: RunSource, actions: Sequence[Row], of_people: frozenset[int]) -> list[Observation]:
    """Return one for each objective and seat whose person was expected to act on it, those to improve first.

    There is none while one of its expected actions is to be judged.
    """
    judged = (row for row in actions if row["seq"] in of_people)
    groups = by_key(((str(row["objective"] or ""), str(row["who"])), row) for row in judged)
    drafted = [
        _observation(source, objective, who, rows)
        for (objective, who), rows in sorted(groups.items())
        if all(row["status"] != UNDECIDED for row in rows)
    ]
    return sorted(drafted, key=lambda o: (o.sustain, o.objective, o.who))


TAGS = {"sustain": True, "improve": False}
"""Tags of notes that become observations, and whether each is something to sustain."""


def noted(source: RunSource) -> list[Observation]:
    """Return one observation for each note with a tag, in the words of its author; those to improve first."""
    notes = [record for record in source.records if isinstance(record, NoteRecord) and record.tag in TAGS]
    return sorted((_noted(source, note) for note in notes), key=lambda o: o.sustain)


def _noted(source: RunSource, note: NoteRecord) -> Observation:
    about = note.named or ""
    subject = source.index.get(int(about)) if about.isdecimal() else None
    if isinstance(subject, ExpectedCandidateRecord):
        subject = source.index.get(subject.record, subject)
    objective, who = _concerned(source, about, subject)
    by = author(note.evaluator or note.who)
    what = f", about: {headline(subject, source.index, source.titles)} [#{subject.seq}]" if subject else ""
    return Observation(
        id=f"note-{note.seq}",
        objective=objective,
        who=who,
        sustain=TAGS[str(note.tag)],
        observation=note.text,
        discussion=f"Noted by {by}, {source.dates.at(note.at)} [#{note.seq}]{what}.",
        evidence=(note.seq, *((subject.seq,) if subject else ())),
    )


def _concerned(source: RunSource, about: str, subject: Record | None) -> tuple[str, str]:
    """Return the objective and the government that a note is about; empty where it does not say."""
    if source.scenario is not None and about in source.scenario.objectives:
        return about, ""
    inject = (getattr(subject, "inject", "") or subject.about) if subject is not None else about
    spec = next((each for each in source.injects if each.id == inject), None)
    objective = getattr(subject, "objective", "") or ""
    if not objective and spec is not None:
        objective = spec.objective or next((each.objective or "" for each in spec.expected), "")
    return objective, subject.who if subject is not None and subject.who in source.governments else ""


def evaluators(source: RunSource) -> list[str]:
    """Return the names of those who joined as evaluators and wrote a note or a rating."""
    written = (r.evaluator for r in source.records if isinstance(r, NoteRecord | RatingRecord))
    return list(dict.fromkeys(name for name in written if name))


def nothing_drafted(left: int, actions: Sequence[Row], people: frozenset[str], of_people: frozenset[int]) -> str:
    """Return why there are no drafted observations.

    `left` is the number of expected actions still open, `actions` are the rows of the others, `people` the governments
    of human seats, `of_people` the numbers of the rows that were left to people.
    """
    (why,) = paragraphs(
        "wargame.review",
        "nothing_drafted.txt.j2",
        undecided=sum(row["status"] == UNDECIDED for row in actions),
        actions=actions,
        of_seats=any(row["who"] in people for row in actions),
        of_people=any(row["seq"] in of_people for row in actions),
        people=people,
        left=left,
        count=count,
    )
    return why


def _observation(source: RunSource, objective: str, who: str, rows: Sequence[Row]) -> Observation:
    counts = tally_of(rows)
    weak = [row for status in ("missed", "late") for row in rows if row["status"] == status]
    name, texts = source.governments.get(who, who), TEXTS
    conclusion = texts.conclusion(wording.called(name), counts["missed"], counts["late"], rows)
    keys = ("inject", "expected", "status")
    alike = list(by_key((tuple(str(row[key]) for key in keys), row) for row in weak or rows).values())
    return Observation(
        id=f"{objective or 'general'}-{who}",
        objective=objective,
        who=who,
        sustain=not weak,
        observation=f"{name}: {texts.tally(counts)}.",
        discussion=" ".join(texts.result(same, _judged(same)) for same in alike[:MOST]),
        conclusion=wording.sentence(conclusion),
        evidence=tuple(int(row["seq"]) for row in rows),
    )


def _judged(same: list[Row]) -> str:
    return "; ".join(dict.fromkeys(judgement(each["judged_by"], each["judged_why"]) for each in same))
