"""Check that journals are the same to the byte: `python benchmarks/same.py keep FILE`, later `... check FILE`.

For changes to the engine that should not change any run. It hashes the full journals of all built-in scenarios with
several seeds, STARTEX dates, settings, human seats, live exercises and their forks, and counts the events of the clock.
Two exercises of the tests have every command: one is played at terminals and in browsers, one has what its scenario
lacks. `keep` says which kinds of records and commands no journal has, and that every line is read and written
unchanged.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support import whole_exercise
from wargame.errors import UsageFault
from wargame.executor.run import Destination
from wargame.journal.records import Stamps, decode_line, encode_lines, kinds
from wargame.language.times import DAY
from wargame.live.console import dispatch
from wargame.live.console.console import Console
from wargame.live.session.fork import fork_of, one_future
from wargame.live.session.session import Session
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

SEEDS = range(1, 9)
KOREA, RIVALS, CUBA = "korea-2017", "two-rivals", "cuba-1962"
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "rivals": (RIVALS, {}),
    "rivals set": (RIVALS, {"set": ("trust[ARD, BRL]=-0.6", "tension=0.9@2030-05-01"), "forbid": ("ARD strike",)}),
    "korea": (KOREA, {}),
    "korea from the start": (KOREA, {"startex": "2016-01-01"}),
    "korea from 2018": (KOREA, {"startex": "2018-01-10", "replication": 3}),
    "korea decisions": (KOREA, {"journal": "decisions", "until": "120d"}),
    "korea set": (
        KOREA,
        {
            "set": ("trust[CHN, PRK]=-0.7", "trust[USA, PRK]=0.5@2017-09-01"),
            "forbid": ("PRK nuclear_test", "USA advance_thaad"),
            "strategies": (("CHN", "five_party"), ("USA", "freeze_first")),
            "leaders": (("KOR", "kor_hawk"),),
        },
    ),
    "korea script": (KOREA, {"seats": (("CHN", "script"), ("JPN", "human"))}),
    "cuba": (CUBA, {"journal": "full"}),
}
"""Name -> scenario and settings. In a case with a human seat, orders are given (see `orders`)."""
FEW = 3
"""Number of seeds of the cases with settings."""


LIVE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "live rivals": (
        RIVALS,
        "ARD",
        (
            "stop at nothing",
            "advance 5d",
            "order ARD talk BRL",
            'message ARD BRL "We do not want this."',
            'demand ARD BRL "Stop the drills"',
            "delay collision 2d",
            "advance 20d",
            'action ARD "opens a hotline" --to BRL --goldstein 2',
            "release harvest",
            "adjudicate tension=0.5 --why test",
            "rewind 2030-01-22",
            "order ARD trade BRL",
            "advance 60d",
            "endex",
        ),
    ),
    "live korea": (
        KOREA,
        "KOR",
        (
            "deadline 2d game model",
            "stop at nothing",
            "advance 10d",
            "order KOR leader_phone_call RUS",
            "skip bank_heist",
            "advance 50d",
            "rewind D+30",
            "seat KOR model",
            "advance 200d",
            "endex",
        ),
    ),
}
"""Name -> scenario, human seat and console lines. Each is also forked at D+15."""


@lru_cache(maxsize=3)
def loaded(scenario: str) -> Loaded:
    """A built-in scenario, loaded once."""
    return load(scenario)


def orders(exercise: Exercise, government: str) -> Iterator[Command]:
    """An order for every option and target on the menus of a government."""
    for menu in exercise.governments[government].menus.values():
        for candidate in menu.candidates[1:]:
            data = {"government": government, "option": candidate.option, "target": candidate.target}
            yield Command(kind="order", data=data)


def played(scenario: str, seed: int, settings: dict[str, Any]) -> Exercise:
    """A run to its end; with human seats it stops every ten days for orders, forks and changes of seat."""
    exercise = Exercise(loaded(scenario), seed, Settings(**settings))
    people = [name for name, kind in settings.get("seats", ()) if kind == "human"]
    if people:
        exercise.advance(exercise.calendar.startex + DAY)
        exercise.apply(Command(kind="deadline", data={"game": "6h", "default": "model"}))
    stop = 0
    while people and not exercise.done:
        stop += 1
        exercise.advance(exercise.now + 10 * DAY)
        if not exercise.done:
            _intervene(exercise, people[stop % len(people)], stop)
    exercise.advance(exercise.end)
    return exercise


def _intervene(exercise: Exercise, who: str, stop: int) -> None:
    for command in list(orders(exercise, who))[stop % 5 :: 5]:
        try:
            exercise.apply(command)
        except UsageFault:
            continue
        break
    if stop % 7 == 0:
        exercise.apply(Command(kind="epoch", data={"number": stop}))
    if stop % 11 == 0:
        exercise.apply(Command(kind="seat", data={"government": who, "kind": "model" if stop % 2 else "human"}))


def live_journals(name: str) -> dict[str, tuple[Session, bytes]]:
    """The journal of a live exercise, with a rewind, and that of a fork of it."""
    scenario, seat, lines = LIVE[name]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "live"
        session = Session.create(loaded(scenario), 5, Settings(seats=((seat, "human"),)), Destination(out=place))
        console = Console(session)
        for line in lines:
            dispatch.run(console, line)
        session.close()
        fork = one_future(fork_of(session.folder, "D+15", []), Destination(out=Path(folder) / "fork"), "")
        named = {name: session, f"{name}, forked": fork}
        return {title: (each, each.folder.journal.read_bytes()) for title, each in named.items()}


REST = (
    "stop at nothing",
    'standing ARD trade BRL --when "tension > 0"',
    "advance 40d",
    "endex",
)
"""Lines for an order in advance whose condition is true at once, in an exercise with an inject that enables another."""
ENABLING = """format: wargame-injects/1
scenario: two-rivals
injects:
- {id: first, title: A first call, at: D+2, message: A call., enables: [second]}
- {id: second, title: A second call, at: D+5, message: Another., enabled: false}
"""


def every_kind() -> Iterator[tuple[str, bytes]]:
    """Journals with the kinds of records and the commands that the others lack."""
    with tempfile.TemporaryDirectory() as folder:
        yield "every command", (whole_exercise.played(Path(folder)) / "journal.jsonl").read_bytes()
        script = Path(folder) / "enabling.yaml"
        script.write_text(ENABLING, "utf-8")
        settings, place = Settings(seats=(("ARD", "human"),)), Destination(out=Path(folder) / "rest")
        session = Session.create(load(RIVALS, [str(script)]), 5, settings, place)
        console = Console(session)
        for line in REST:
            dispatch.run(console, line)
        session.close()
        yield "every kind", session.folder.journal.read_bytes()


def missing(journal: bytes, wanted: set[str]) -> set[str]:
    """The kinds of records and commands among these that a journal lacks; AssertionError if a copied line differs."""
    for line in journal.splitlines(keepends=True):
        record = decode_line(line[:-1])
        assert encode_lines([record]) == line, line
        wanted = wanted - {record.about if record.kind == "command" else record.kind}
    return wanted


def journals() -> Iterator[tuple[str, bytes, int, int]]:
    """Case and seed, the journal, decisions and kernel events."""
    for name, (scenario, settings) in CASES.items():
        for seed in SEEDS if not settings else list(SEEDS)[:FEW]:
            exercise = played(scenario, seed, settings)
            lines = encode_lines(Stamps(exercise.calendar.iso).records(exercise.records()))
            yield f"{name}, seed {seed}", lines, exercise.decisions, exercise.kernel_events
    for name in LIVE:
        for title, (session, journal) in live_journals(name).items():
            yield title, journal, session.exercise.decisions, session.exercise.kernel_events
    for title, journal in every_kind():
        yield title, journal, 0, 0


def main() -> int:
    """Writes the hashes, or compares them; returns 1 if a journal differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("keep", "check"))
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    handlers = Exercise(loaded(RIVALS), 1, Settings()).commands._handlers  # noqa: SLF001
    wanted = {*kinds(), *handlers} - {"command", "respond"}  # an answer to questions has a record of another name
    hashes: dict[str, list[str | int]] = {}
    for title, journal, decisions, events in journals():
        hashes[title] = [hashlib.sha256(journal).hexdigest(), journal.count(b"\n"), decisions, events]
        wanted = missing(journal, wanted)
    if options.what == "keep":
        options.file.write_text(json.dumps(hashes, indent=1))
        print(f"{len(hashes)} journals written, without {', '.join(sorted(wanted)) or 'no kind of record or command'}")
        return 0
    kept = json.loads(options.file.read_text())
    different = [name for name in kept if hashes[name][:3] != kept[name][:3]]
    events = sum(hashes[name][3] != kept[name][3] for name in kept)
    print(
        f"{len(kept)} journals, {len(different)} differ; {events} have another number of events", *different, sep="\n  "
    )
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
