"""Counts and lists of an exercise, computed from its files alone, with no code of the project.

`journal.jsonl` and `commands.jsonl` are read as JSON; names and titles come from the YAML files in `inputs/`. What is
expected of a document is a set of rows, each with the texts that it has to contain, and numbers with their words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Fields = dict[str, Any]
Row = tuple[str, ...]
DAY = 86400
SCRIPT = frozenset({"release", "hold", "unhold", "skip", "delay", "postpone", "edit", "inject", "reset", "retract"})
CLOCK = frozenset({"advance", "pace", "stop", "stopped", "timer", "pause", "resume", "rewind", "switch", "branch"})
SEAT = frozenset({"order", "standing_order", "cancel", "pass", "request"})
SILENT = frozenset({"tally", "ack", "dismiss", "note", "rating", "procedure.answer", "respond"})
TALK = frozenset({"message", "offer", "answer", "vote", "ballot", "rfi", "rfi.reply"})
WRITTEN = {"message": "message", "rfi": "request for information", "offer": "offer or demand", "vote": "vote"}
STATUSES = {"met": "met", "late": "late", "missed": "missed", "undecided": "for the evaluator to judge"}
PLURALS = {"rfi": "requests for information", "offer": "offers or demands"}


def date(at: str, *, fine: bool = True) -> str:
    """An ISO time as documents write it: `2 Feb 2030, 12:00`, or without the time of day."""
    when = datetime.fromisoformat(at)
    return f"{when.day} {when:%b %Y}{when:, %H:%M}" if fine else f"{when.day} {when:%b %Y}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


class Recount:
    """An exercise that has ended, as its files have it."""

    def __init__(self, folder: Path) -> None:
        self.records = [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]
        self.lines = [json.loads(line) for line in (folder / "commands.jsonl").read_text("utf-8").splitlines()]
        self.files = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((folder / "inputs").rglob("*.yaml"))]
        self.by_seq = {record["seq"]: record for record in self.records}

    # --- the files -----------------------------------------------------------------------------

    @cached_property
    def path(self) -> list[Fields]:
        """The commands that led to the end, oldest first."""
        chosen, number = [], len(self.lines)
        while number:
            chosen.append(self.lines[number - 1])
            number = self.lines[number - 1]["parent"]
        return chosen[::-1]

    @cached_property
    def start(self) -> Fields:
        """The record of STARTEX."""
        return next(record for record in self.records if record["kind"] == "startex")

    @cached_property
    def end(self) -> Fields:
        """The record of the end."""
        return next(record for record in self.records if record["kind"] == "run.end")

    @cached_property
    def since(self) -> list[Fields]:
        """The records from the second of STARTEX on."""
        return [record for record in self.records if record["t"] >= self.start["t"]]

    @cached_property
    def fine(self) -> bool:
        """Whether documents show the time of day: in exercises of at most 45 days."""
        span = datetime.fromisoformat(self.end["at"]) - datetime.fromisoformat(self.start["at"])
        return span <= timedelta(days=45)

    def at(self, record: Fields) -> str:
        """The time of a record, as documents write it."""
        return date(record["at"], fine=self.fine)

    def of(self, *kinds: str) -> list[Fields]:
        """The records of these kinds since STARTEX."""
        return [record for record in self.since if record["kind"] in kinds]

    def commands(self, *kinds: str) -> list[Fields]:
        """The records of commands of these kinds since STARTEX."""
        return [record for record in self.of("command") if record["about"] in kinds]

    def _mapping(self, key: str) -> Fields:
        found: Fields = {}
        for content in self.files:
            found |= content.get(key) or {}
        return found

    def name(self, code: str) -> str:
        """The name of a government."""
        spec = self._mapping("governments").get(code)
        return str(spec["name"]) if spec else {"EXCON": "the white cell"}.get(code, code)

    def writer(self, record: Fields) -> str:
        """Who wrote something: a government, or the white cell in its name."""
        return self.name(record["who"]) + (", by the white cell" if record["data"].get("by") else "")

    def option(self, code: str) -> str:
        """The title of an option."""
        return str(self._mapping("options").get(code, {}).get("title", code))

    def inject(self, code: str) -> str:
        """The title of an inject, as it was released last."""
        titles = [r["data"]["title"] for r in self.of("inject.released", "inject.skipped") if r["about"] == code]
        return str(titles[-1])

    def follow(self, record: Fields, *kinds: str) -> list[Fields]:
        """The records of these kinds that name this one as their first cause, or as any."""
        return [each for each in self.of(*kinds) if record["seq"] in each["cause"]]

    # --- who held the seats --------------------------------------------------------------------

    def is_human(self, code: str, seq: int) -> bool:
        """Whether the seat of a government was human when a record was written."""
        kind = self.start["data"]["seats"][code]
        for change in self.commands("seat"):
            if change["seq"] <= seq and change["data"]["government"] == code:
                kind = change["data"]["kind"]
        return bool(kind == "human")

    # --- numbers -------------------------------------------------------------------------------

    def kinds(self) -> list[Row]:
        """How many records there are of each kind."""
        return [(kind, f"{n:,}") for kind, n in sorted(Counter(r["kind"] for r in self.records).items())]

    def conducted(self) -> tuple[str, str]:
        """When the first command was given, and the one with which the exercise ended, in UTC to the minute."""
        ends = [line for line in self.path if line["kind"] == "endex"]
        last = ends[-1] if ends else next(line for line in reversed(self.path) if line["kind"] in CLOCK)
        return date(self.lines[0]["wall"]), date(last["wall"])

    def outcomes(self) -> dict[str, Fields]:
        """The outcomes that occurred after STARTEX and were not revoked, with their records."""
        occurred: dict[str, Fields] = {}
        for record in self.of("outcome", "outcome.revoked"):
            if record["kind"] == "outcome":
                occurred.setdefault(record["about"], record)
            else:
                occurred.pop(record["about"], None)
        return {name: record for name, record in occurred.items() if not record["data"].get("inherited")}

    def written(self) -> list[str]:
        """How many messages, requests, offers and votes the human seats wrote: `6 messages`."""
        said = [r for r in self.of(*WRITTEN) if r["who"] in self.start["data"]["seats"] and not r["data"].get("by")]
        numbers = Counter(r["kind"] for r in said if self.is_human(r["who"], r["seq"]))
        return [counted(numbers[kind], noun, PLURALS.get(kind, "")) for kind, noun in WRITTEN.items() if numbers[kind]]

    def actions(self) -> dict[str, int]:
        """How many actions each government carried out since STARTEX."""
        return dict(Counter(record["who"] for record in self.of("action")))

    def days_of_actions(self) -> list[Row]:
        """For each day with actions: the date, their number and the sum of their severities."""
        days: dict[str, list[Fields]] = {}
        for record in self.of("action"):
            days.setdefault(record["at"][:10], []).append(record)
        return [
            (day, str(len(acts)), f"{sum(each['data'].get('severity', 0) for each in acts):.4f}")
            for day, acts in sorted(days.items())
        ]

    def hours(self) -> dict[str, dict[str, float]]:
        """The hours of the meetings of each government by dossier, while the model held its seat."""
        seconds: dict[str, Counter[str]] = {}
        for record in self.of("decision"):
            if not self.is_human(record["who"], record["seq"]):
                of = seconds.setdefault(record["who"], Counter())
                of[record["data"]["dossier"]] += round(record["data"]["took"])
        return {who: {name: spent / 3600 for name, spent in of.items()} for who, of in seconds.items()}

    def decided(self) -> int:
        """How many decisions the people in seats took; what they missed, and what EXCON entered, is not theirs."""
        given = [r for r in self.commands(*SEAT) if r["who"]]
        given += [r for r in self.of("request") if not r["data"].get("by")]
        given += [r for r in self.of("procedure.answer") if r["data"].get("who")]
        return sum(self.is_human(r["data"].get("government") or r["who"], r["seq"]) for r in given)

    # --- what people did -----------------------------------------------------------------------

    def decisions(self) -> list[Row]:
        """The decisions of human seats: date, government, what, reason, result, the first record."""
        rows = []
        for record in self.since:
            who = str(record["data"].get("government") or record["who"])
            if who in self.start["data"]["seats"] and self.is_human(who, record["seq"]):
                rows += [(record["seq"], row) for row in self._decision(record, self.name(who))]
        return [row for _, row in sorted(rows)]

    def _decision(self, record: Fields, name: str) -> Iterator[Row]:
        kind, data, number = record["kind"], record["data"], f"#{record['seq']}"
        why, orders = str(data.get("why") or ""), self._result(record)
        if kind == "command" and record["about"] in SEAT and not (data.get("forced") or data.get("override")):
            what = self.option(data["option"]) if "option" in data else ""
            yield (self.at(record), name, what, str(data.get("when") or ""), why, orders, number)
        elif kind == "request":
            (ruling,) = self.follow(record, "ruling") or [{"data": {}}]
            refused = ruling["data"].get("how") == "refuse"
            yield (self.at(record), name, data["text"], why, ruling["data"]["why"] if refused else "", number)
        elif kind == "decision.missed":
            yield (self.at(record), name, number)
        elif kind == "procedure.proposed":
            answers = self.follow(record, "procedure.answer", "procedure.expired")
            given = [each for each in answers if each["kind"] == "procedure.answer"]
            when = self.at(given[-1] if given else record)
            result = {"accept": "accepted", "refuse": "refused"}[given[-1]["data"]["answer"]] if given else ""
            yield (when, name, self.option(data["option"]), result, number)

    def _result(self, order: Fields) -> str:
        """What came of an order, or nothing that can be said from the journal alone."""
        done = [each for each in self.follow(order, "action") if each["cause"][:1] == [order["seq"]]]
        return f"carried out on {date(done[0]['at'], fine=False)}" if done else ""

    def votes(self) -> list[Row]:
        """The votes: date, who called it, question, each ballot, the counts, the first record."""
        return [
            (self.at(vote), self.name(vote["who"]), *self._vote(vote), f"#{vote['seq']}") for vote in self.of("vote")
        ]

    def _vote(self, vote: Fields) -> Iterator[str]:
        ballots, data = self.follow(vote, "ballot"), vote["data"]
        yield data["question"]
        yield from (f"{self.writer(each)}: {each['data']['choice']}" for each in ballots)
        if self.follow(vote, "vote.result"):
            cast = Counter(each["data"]["choice"] for each in ballots)
            yield ", ".join(f"{choice} {cast[choice]}" for choice in data["choices"])
            silent = len(data["to"]) - len(ballots)
            yield f"silent {silent}" if silent else ""

    def messages(self) -> list[Row]:
        """Messages, requests for information, offers and demands, each with its answers."""
        return [tuple(self._message(record)) for record in self.of("message", "offer", "rfi")]

    def _message(self, record: Fields) -> Iterator[str]:
        data = record["data"]
        yield from (self.at(record), self.writer(record), data["text"], f"#{record['seq']}")
        yield from (self.name(each) for each in data.get("to", ()) if not data.get("public") and each != "EXCON")
        answers = self.follow(record, "answer", "rfi.reply")
        for each in answers:
            yield str(each["data"].get("answer") or each["data"].get("status"))
            yield str(each["data"].get("text") or "")
        if not answers and record["kind"] != "message":
            yield "no answer"

    def rulings(self) -> list[Row]:
        """What the white cell decided on the course of events: date, reason, record."""
        others = SCRIPT | CLOCK | SILENT | TALK | SEAT
        chosen = [r for r in self.since if r["kind"] == "ruling" or (r["kind"] == "command" and self._ruled(r, others))]
        return [(self.at(record), str(record["data"].get("why") or ""), f"#{record['seq']}") for record in chosen]

    def _ruled(self, command: Fields, others: frozenset[str]) -> bool:
        data = command["data"]
        if command["about"] in ("order", "standing_order"):
            forced = data.get("forced") or data.get("override")
            return bool(forced or not self.is_human(data["government"], command["seq"]))
        return command["about"] not in others

    def remarks(self) -> list[Row]:
        """Notes, and ratings of objectives: date, who, text, record."""
        return [tuple(self._remark(r)) for r in self.of("note", "rating") if "number" not in r["data"]]

    def _remark(self, record: Fields) -> Iterator[str]:
        data = record["data"]
        author = data.get("evaluator") or {"": "the facilitator", "scribe": "the scribe"}.get(record["who"], "")
        yield from (self.at(record), str(author), f"#{record['seq']}")
        yield str(data.get("text") or f"{data.get('rating')}: {data.get('why')}")

    # --- the script ----------------------------------------------------------------------------

    def script(self) -> list[Row]:
        """Each release of an inject, and each inject that was not released: title, status, date, record."""
        released = self.of("inject.released")
        rows = [(r["data"]["title"], "released", date(r["at"]), f"#{r['seq']}") for r in released]
        never = {r["about"]: r for r in self.of("inject.skipped")}
        for record in released:
            never.pop(record["about"], None)
        return rows + [(r["data"]["title"], r["data"]["reason"], f"#{r['seq']}") for r in never.values()]

    def changed(self) -> set[str]:
        """The titles of the injects that were changed and not restored, skipped or added."""
        names: set[str] = set()
        for line in self.path:
            if line["kind"] == "reset":
                names -= {line["data"]["inject"]} if "inject" in line["data"] else names.copy()
            elif line["kind"] in SCRIPT - {"release", "inject"} and "inject" in line["data"]:
                names.add(line["data"]["inject"])
        written = {each["id"] for content in self.files for each in _listed(content.get("injects"))}
        names |= {record["about"] for record in self.of("inject.released") if record["about"] not in written}
        return {self.inject(name) for name in names}

    def expected(self) -> list[Row]:
        """The last status of each expected action: inject, government, status, the release and the record."""
        last: dict[tuple[str, str, Any], Fields] = {}
        for record in self.of("expected"):
            last[record["about"], record["who"], record["data"].get("number")] = record
        return [
            (self.inject(r["about"]), self.name(r["who"]), STATUSES[r["data"]["status"]], f"#{r['seq']}")
            for r in last.values()
        ]

    def answers(self) -> Iterator[Row]:
        """For each question with a scale or choices: its text, the answers, their mean, how often each was given."""
        for sent in (each for each in self.of("inject.released") if "questionnaire" in each["data"]):
            given: dict[str, dict[str, Any]] = {}
            for record in self.follow(sent, "questionnaire.answer"):
                given.setdefault(record["who"], {}).update(record["data"]["answers"])
            questions = sent["data"]["questionnaire"]["questions"]
            for question in (each for each in questions if "scale" in each or "choices" in each):
                values = [each[question["id"]] for each in given.values() if question["id"] in each]
                yield tuple(_answered(question, values))


def _listed(injects: Any) -> list[Fields]:
    """The injects of an inject file; a scenario or exercise file names inject files there."""
    return [each for each in injects or () if isinstance(each, dict)]


def _answered(question: Fields, values: list[Any]) -> Iterator[str]:
    yield question["text"]
    yield str(len(values))
    flat = [each for value in values for each in (value if isinstance(value, list) else [value])]
    if "scale" in question and values:
        yield f"{sum(float(value) for value in flat) / len(values):.1f}"
    yield from (f"{answer}: {number}" for answer, number in Counter(map(str, flat)).items())
