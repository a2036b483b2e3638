"""Every number and list of a review is that of the journal and the command log, counted again by code of its own.

The exercise contains every command of the console. Texts are taken from the documents, so that the way in which they
are written may change: what is compared are labels, numbers, dates and the texts of people.
"""

from __future__ import annotations

import re
from pathlib import Path
from time import strptime

import pytest

from support.document_text import Line, plain, rows_below, text_lines
from support.in_process import inside
from support.live import verified
from support.recount import Recount, Row, counted, date
from support.reviews import embedded
from support.whole_exercise import DATA, LINES, played
from wargame.journal.folder import Folder
from wargame.live.console.dispatch import COMMANDS
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.reports.writing import render

pytestmark = pytest.mark.slow
FORMATS = ("html", "md", "docx")
HEADS = {
    "decisions": ("When", "Government", "Decision", "Reason given"),
    "votes": ("When", "Called by", "Question"),
    "messages": ("When", "From", "To", "Text"),
    "rulings": ("When", "What", "Reason given"),
    "remarks": ("When", "By", "About"),
    "answers": ("Question", "Answers"),
}
"""The list of `Recount` -> the first heads of its table, in all formats."""

YEAR = re.compile(r"\b(19|20)\d\d\b")
FEW = 20
WHOLE_MSEL = 7
"""Fewest columns of a table that shows injects with all that is known of them; empty columns are left out."""


EVERYTHING = "everything"
READY_MADE = [pytest.param(path.stem, marks=pytest.mark.exhaustive) for path in sorted((DATA / "plays").glob("*.txt"))]


@pytest.fixture(scope="module", params=[EVERYTHING, *READY_MADE])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exercise with every command, or a ready-made exercise, on disk."""
    place, name = tmp_path_factory.mktemp("played"), str(request.param)
    if name == EVERYTHING:
        return played(place)
    done = inside("play", name, "--script", str(DATA / "plays" / f"{name}.txt"), "--out", "run", cwd=place)
    assert done.returncode == 0
    return place / "run"


@pytest.fixture(scope="module")
def recount(folder: Path) -> Recount:
    """The exercise as its files have it."""
    return Recount(folder)


@pytest.fixture(scope="module")
def findings(folder: Path) -> Findings:
    """The findings of its review."""
    return open_findings(Folder(folder))


@pytest.fixture(scope="module")
def documents(findings: Findings) -> dict[str, list[Line]]:
    """The lines of each document."""
    return {kind: text_lines(render(findings, kind), kind) for kind in FORMATS}


def missing(rows: list[Line], expected: list[Row]) -> list[Row]:
    """The expected rows that no row contains, each row being used once; ends with the rows that are too many."""
    left, lacking = list(rows), []
    for row in expected:
        found = next((each for each in left if all(text in " | ".join(each) for text in row)), None)
        if found is None:
            lacking.append(row)
        else:
            left.remove(found)
    return lacking + left


def test_the_exercise_has_every_command() -> None:
    """A new command has to be given in it, but for those of pages in a browser."""
    on_pages = {"sheet", "finding", "head", "propose", "proposal", "team", "everywhere"}
    assert {line.partition(": ")[2].split()[0] for line in LINES} == set(COMMANDS) - on_pages


def test_the_exercise_can_be_verified(folder: Path) -> None:
    """Its journal is what its command log produces."""
    assert verified(folder)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", HEADS)
def test_a_table_lists_what_the_files_have(
    documents: dict[str, list[Line]], recount: Recount, name: str, kind: str
) -> None:
    """No row more, no row less, each with the date, the names, the texts and the numbers of records."""
    expected, heads = list(getattr(recount, name)()), HEADS[name]
    if name == "rulings" and not any(reason for _, reason, _ in expected):
        heads = heads[:-1]  # a column without a text is left out
    assert missing(rows_below(documents[kind], *heads), expected) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_the_msel_lists_each_release_and_what_was_not_released(
    documents: dict[str, list[Line]], recount: Recount, kind: str
) -> None:
    """With title, status, date and record; and the text counts injects, not releases."""
    heads = ("Inject", "Status")
    rows = [row for row in rows_below(documents[kind], *heads) if len(row) >= WHOLE_MSEL]
    assert missing(rows, recount.script()) == []
    released = {record["about"] for record in recount.of("inject.released")}
    text = plain(documents[kind])
    if kind == "html":
        sent = len({row[0] for row in recount.script() if row[1] == "released"} - recount.changed())
        assert f"{sent} injects released as planned" in text
    else:
        releases = len(recount.of("inject.released"))
        again = f", in {releases} releases" if releases > len(released) else ""
        every = released | {record["about"] for record in recount.of("inject.skipped")}
        assert f"{len(released)} of {len(every)} injects released{again}." in text


def objectives(lines: list[Line]) -> list[Line]:
    """The rows of the table of ratings, without the capability that some exercises name."""
    named = rows_below(lines, "Objective", "Capability", "Rating")
    return [*rows_below(lines, "Objective", "Rating", "Conclusion"), *(row[:1] + row[2:] for row in named)]


@pytest.mark.parametrize("kind", FORMATS)
def test_expected_actions_have_their_last_status(documents: dict[str, list[Line]], recount: Recount, kind: str) -> None:
    """Each with the inject, the government, the status and its record; the objective counts them."""
    lines = [line for line in documents[kind] if len(line) in (7, 8)]
    for row in recount.expected():
        assert any(all(text in " | ".join(line) for text in row) for line in lines), row
    counts = " ".join(row[-1] for row in objectives(documents[kind]))
    for status in ("met", "late", "missed"):
        numbers = map(int, re.findall(rf"(\d+) {status}", counts))
        assert sum(numbers) == sum(row[2] == status for row in recount.expected())


@pytest.mark.parametrize("kind", FORMATS)
def test_ratings_are_beside_their_objective(documents: dict[str, list[Line]], recount: Recount, kind: str) -> None:
    """The last one of each person, with the reason."""
    ratings = [(r["about"], r["data"]) for r in recount.of("rating") if "number" not in r["data"]]
    last = {(data.get("evaluator"), about): data for about, data in ratings}
    rows = objectives(documents[kind])
    cells, conclusions = " ".join(row[1] for row in rows), " ".join(row[2] for row in rows).lower()
    texts = [f"{data['rating']} ({by or 'the facilitator'})" for (by, _), data in last.items()]
    assert [text for text in texts if text not in cells] == []
    assert [data["why"] for data in last.values() if data["why"].lower() not in conclusions] == []
    assert len(re.findall(r"\b[PSMU] \((?!draft|reviewer)", cells)) == len(texts)


@pytest.mark.parametrize("kind", ["md", "docx"])
def test_records_are_counted_by_kind(documents: dict[str, list[Line]], recount: Recount, kind: str) -> None:
    """As the journal has them, with their sum."""
    assert rows_below(documents[kind], "Kind", "Records") == recount.kinds()
    assert ("records", f"{len(recount.records):,}") in documents[kind]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_head_has_the_times_of_the_exercise(documents: dict[str, list[Line]], recount: Recount, kind: str) -> None:
    """In the game from STARTEX to the end; in the room from before the first command to ENDEX, not to `quit`."""
    text = plain(documents[kind])
    assert f"{recount.at(recount.start)} to {recount.at(recount.end)}" in text
    began, ended = recount.conducted()
    shown = re.search(r"conducted (\d+ \w+ \d+), (\d\d:\d\d)(?: to (\d\d:\d\d))? UTC", text)
    assert shown
    assert (shown[1], shown[3] or shown[2]) == (began[:-7], ended[-5:])
    assert shown[2] <= began[-5:]
    assert re.search(rf"Ended\W+ENDEX, {date(recount.end['at'])}", text)


@pytest.mark.parametrize("kind", FORMATS)
def test_outcomes_are_those_of_the_journal(documents: dict[str, list[Line]], recount: Recount, kind: str) -> None:
    """Those that occurred have a date; those that the white cell has revoked are named as such."""
    text = plain(documents[kind])
    for record in recount.outcomes().values():
        assert re.search(rf"{record['data']['title']}.*{recount.at(record)}", text)
    for revoked in recount.of("outcome.revoked"):
        if revoked["about"] not in recount.outcomes():
            assert f"Occurred, and then revoked: {revoked['data']['title']}" in text
            assert re.search(
                r"possible outcomes? occurred and (was|were) revoked|of \d+ possible outcomes occurred", text
            )


@pytest.mark.parametrize("kind", FORMATS)
def test_every_record_that_a_document_names_has_the_date_beside_it(
    documents: dict[str, list[Line]], recount: Recount, kind: str
) -> None:
    """In lines with one record: turning points, outcomes, lists. An inject that was skipped has its planned date."""
    named = [(plain([line]), *re.findall(r"#(\d+)\b", plain([line]))) for line in documents[kind]]
    alone = [(text, int(numbers[0])) for text, *numbers in named if len(numbers) == 1]
    dated = [
        (text, seq) for text, seq in alone if YEAR.search(text) and "skipped" not in text and "not released" not in text
    ]
    assert len(dated) > FEW
    assert [text for text, seq in dated if date(recount.by_seq[seq]["at"], fine=False) not in text] == []


def test_every_record_that_is_named_exists(documents: dict[str, list[Line]], recount: Recount) -> None:
    """In all formats, and each format names the same."""
    named = {kind: set(map(int, re.findall(r"#(\d+)\b", plain(lines)))) for kind, lines in documents.items()}
    assert named["md"] == named["docx"]
    assert all(numbers <= recount.by_seq.keys() for numbers in named.values())


@pytest.mark.parametrize("kind", FORMATS)
def test_the_text_counts_what_people_decided_and_wrote(
    documents: dict[str, list[Line]], recount: Recount, kind: str
) -> None:
    """Decisions that are not listed, and messages, requests, offers and votes; what EXCON entered is not theirs."""
    text = plain(documents[kind])
    listed = len(re.findall(r"^\d+ \w+ 20", _part(text), re.MULTILINE))
    more = [counted(n, "more decision")] if (n := recount.decided() - listed) else []
    said = ["; ".join(filter(None, [*more, ", ".join(recount.written())]))]
    assert re.findall(r"^Also: (.*) \(see the decision log", text, re.MULTILINE) == list(filter(None, said))


def _part(text: str) -> str:
    """The decisions that the first page lists."""
    return text.partition("Decisions of players\n")[2].partition("\nAlso: ")[0]


def test_working_hours_are_those_of_the_model(documents: dict[str, list[Line]], recount: Recount) -> None:
    """For the time in which it held a seat; people's meetings are not known."""
    rows = rows_below(documents["html"], "Government", "Dossier", "Hours")
    spent = {(recount.name(who), name): h for who, of in recount.hours().items() for name, h in of.items()}
    assert {(row[0], row[1]): float(row[2]) for row in rows} == {key: round(value) for key, value in spent.items()}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_gravest_acts_are_the_most_severe(documents: dict[str, list[Line]], recount: Recount, kind: str) -> None:
    """No act that is left out is more severe than one that is listed, and the most severe comes first."""
    after = plain(documents[kind]).partition("Gravest acts, most severe first\n")[2]
    part = re.split(
        "^(?:Decisions of players|Also: |Objectives|Expected actions|Timeline)", after, maxsplit=1, flags=re.MULTILINE
    )[0]
    listed = [recount.by_seq[int(number)] for number in re.findall(r"#(\d+)\b", part)]
    severities = [record["data"]["severity"] for record in listed]
    assert severities == sorted(severities, reverse=True)
    others = [r["data"]["severity"] for r in recount.of("action") if r["seq"] not in {each["seq"] for each in listed}]
    assert not severities or max(others, default=0) <= severities[-1]


def test_the_steps_of_a_chain_are_in_order_of_time(documents: dict[str, list[Line]]) -> None:
    """From what it began with to the turning point."""
    chains = [line[0] for line in documents["md"] if " → " in line[0]]
    assert chains
    for chain in chains:
        days = [strptime(text, "%d %b %Y") for text in re.findall(r"\((\d+ \w{3} \d{4})", chain)]
        assert days == sorted(days), chain


def test_the_review_of_a_seat_has_no_outcome_that_was_revoked(findings: Findings, recount: Recount) -> None:
    """Nor one that was already true at STARTEX. It counts the messages of the script that the seat was sent."""
    gone = [r for r in recount.of("outcome") if r["about"] not in recount.outcomes()]
    for code in recount.start["data"]["seats"]:
        text = plain(text_lines(render(findings, "html", code), "html"))
        assert not [r for r in gone if f"Outcome: {r['data']['title']}" in text]
        sent = [r for r in recount.of("inject.released") if not r["data"]["audience"] or code in r["data"]["audience"]]
        count = sum(r["data"]["kind"] != "facilitation" for r in sent)
        assert f"{counted(count, 'message')} of the script that" in text


# --- the findings --------------------------------------------------------------------------------------------------


def test_findings_count_actions_severity_and_records(findings: Findings, recount: Recount) -> None:
    """By government and by day; the journal and the causal graph are complete."""
    assert {each["who"]: each["total"] for each in findings.summary.actions} == recount.actions()
    days = [(row["date"], str(row["actions"]), f"{row['severity']:.4f}") for row in findings.escalation]
    assert days == recount.days_of_actions()
    assert findings.summary.records == len(recount.records)
    assert findings.summary.decisions == len(recount.of("decision"))
    assert [row["seq"] for row in findings.decisions] == [record["seq"] for record in recount.of("decision")]
    steps = [record["seq"] for record in recount.records if record["kind"] in ("forum", "agreement")]
    assert [row["seq"] for row in findings.talks] == steps


def test_the_page_embeds_the_journal(findings: Findings, recount: Recount) -> None:
    """Every record with its number, time and kind, and whom and what it is about."""
    rows = embedded(render(findings, "html"))["records"]
    assert [tuple(row[:5]) for row in rows] == [
        tuple(record[key] for key in ("seq", "t", "kind", "who", "about")) for record in recount.records
    ]
