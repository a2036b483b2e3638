"""The look-ahead: a process that re-simulates an exercise to the present and forks it for each future.

It reads the run folder and writes nothing. The console itself never forks, so that no draw and no record of the
exercise is affected. Without `os.fork`, each future is re-simulated from the start.

    echo '["LINE", "SECOND", "QUESTION", "HORIZON", "N", "WORD"]' | python -m wargame.futures.lookahead RUN

Before the question, lines of `["LINE", "SECOND"]` may say where the exercise is: it is re-simulated up to there while
people think, and a question about that moment is answered sooner.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from pathlib import Path
from select import select
from time import monotonic

import msgspec

from wargame.errors import UsageFault
from wargame.executor.processes import cores
from wargame.futures import continuation, lookahead_rows
from wargame.futures.continuation import BranchPoint, Continuation, FutureResult, PresentRun, in_one_fork, parts
from wargame.journal.command_log import path_to, read_commands
from wargame.journal.folder import Folder
from wargame.language.times import parse_duration
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

EPOCHS = 1_000_000
"""The first epoch of the look-ahead, far from the epochs of forks."""
FIRST = 50
"""Futures of the first answer. The number is fixed, so that the results cannot influence when it is given."""

COPIES = 25
"""Runs that are re-simulated to a moment in advance."""
PREPARING = 2.0
"""Seconds after which no further one is begun."""
ALONE = {"replication": 0, "seats": (), "limits": (), "journal": "none"}
"""Settings of a run of the model alone."""
AT_LEAST = 4
"""Runs that a question about many futures needs: those that are not prepared are re-simulated first."""


class FuturesAnswer(msgspec.Struct):
    """The lines that answer a question, and the numbers behind them, from `n` futures."""

    n: int
    lines: list[str]
    rows: list[lookahead_rows.LookaheadRow] = []


def proposed_command(exercise: Exercise, words: list[str]) -> Command:
    """Return the command that `whatif` compares; UsageFault if it cannot be given now."""
    if len(words) == 2 and words[0] in ("release", "skip"):
        command = Command(kind=words[0], data={"inject": words[1]})
    elif 3 <= len(words) <= 4 and words[0] == "order":
        target = words[3] if len(words) == 4 else None
        command = Command(kind="order", data={"government": words[1], "option": words[2], "target": target})
    else:
        raise UsageFault("usage: whatif release ID, whatif skip ID, or whatif order GOV OPTION [TARGET]")
    exercise.check(command)
    return command


def points_of(folder: Folder) -> Callable[[int, int], BranchPoint]:
    """Read the inputs of an exercise; the result takes a line of the command log and a second to a point."""
    start = BranchPoint.of_run(folder)

    def point(line: int, t: int) -> BranchPoint:
        return replace(start, path=tuple(path_to(read_commands(folder.commands), line)), t=t)

    return point


def unattended(point: BranchPoint, replication: int) -> FutureResult:
    """Return the result at the same second of a run of the model alone, with its own random draws."""
    settings = {**point.settings.as_dict(), **ALONE, "replication": replication}
    exercise = Exercise(point.loaded, point.seed, Settings.from_dict(settings))
    present = PresentRun(exercise)
    exercise.advance(point.t)
    return present.result()


def model_runs(point: BranchPoint, n: int, jobs: int) -> list[FutureResult]:
    """Return the results at the second of a point of `n` runs of the model alone from STARTEX on."""
    encoded = continuation.in_order(lambda number: msgspec.json.encode(unattended(point, EPOCHS + number)), n, jobs)
    return [msgspec.json.decode(each, type=FutureResult) for each in encoded]


def futures(
    point: BranchPoint, presents: Sequence[PresentRun], continuations: Sequence[Continuation], to: int
) -> list[FutureResult]:
    """Return the results of continuations of a point, in forks of this process, or re-simulated without forks.

    `presents` are runs at the point: a fork plays as many futures.
    """
    if not hasattr(os, "fork"):
        return [each.play(point.present(), to) for each in continuations]
    plays = [partial(each.play, to=to) for each in continuations]
    return [each for part in parts(plays, len(presents)) for each in in_one_fork(presents, part, FutureResult)]


def groups_of(n: int, size: int, jobs: int) -> list[range]:
    """Return the numbers below `n` in groups of at most `size`, about as many numbers for each of `jobs` processes."""
    count = min(n, jobs * ceil(n / (size * jobs)))
    return [range(n * i // count, n * (i + 1) // count) for i in range(count)]


def answers(
    point: BranchPoint,
    kind: str,
    horizon: str,
    n: int,
    words: list[str],
    jobs: int,
    presents: Sequence[PresentRun] = (),
) -> Iterator[FuturesAnswer]:
    """Answer a question: `forecast`, `whatif` (about the command in `words`) or `where`.

    Yields a first answer after `FIRST` futures if there are at least twice as many, then the answer from all `n`.
    `presents` are runs that have been re-simulated to this point in advance.
    """
    presents = list(presents) or [point.present()]
    exercise = presents[0].exercise
    to = min(point.t + parse_duration(horizon), exercise.end)
    changes = [(), (proposed_command(exercise, words),)] if kind == "whatif" else [()]
    if n * len(changes) >= 2 * FIRST and kind != "where" and hasattr(os, "fork"):
        presents += [point.present(presents[0]) for _ in range(AT_LEAST - len(presents))]
    groups = groups_of(n, max(1, len(presents) // len(changes)), jobs)

    def results(which: int) -> bytes:
        epochs = [EPOCHS + number for number in groups[which]]
        if kind == "where":
            return msgspec.json.encode([[unattended(point, epoch)] for epoch in epochs])
        played = futures(point, presents, [Continuation(each, change) for each in epochs for change in changes], to)
        return msgspec.json.encode(parts(played, len(changes)))

    done: list[list[FutureResult]] = []
    for encoded in continuation.in_order(results, len(groups), jobs):
        for sides in msgspec.json.decode(encoded, type=list[list[FutureResult]]):
            done.append(sides)
            if len(done) == FIRST and n >= 2 * FIRST:
                yield _answer(exercise, kind, done)
    yield _answer(exercise, kind, done)


def _answer(exercise: Exercise, kind: str, results: list[list[FutureResult]]) -> FuturesAnswer:
    first, n = [sides[0] for sides in results], len(results)
    if kind == "whatif":
        rows = lookahead_rows.whatif_rows(exercise, first, [sides[1] for sides in results])
    else:
        rows = (lookahead_rows.where_rows if kind == "where" else lookahead_rows.forecast_rows)(exercise, first)
    return FuturesAnswer(n, lookahead_rows.answer_lines(kind, rows, n), rows)


def newest_line(pipe: int) -> bytes:
    """Return the newest line in a pipe; it waits for one, and is empty at the end. Older lines are out of date."""
    lines = b""
    while not lines.endswith(b"\n") and (part := os.read(pipe, 65536)):
        lines += part
    return lines.splitlines()[-1] if lines else b""


def prepared_runs(point: BranchPoint, pipe: int) -> Iterator[PresentRun]:
    """Run at a point: `COPIES` of them, or fewer if a line is in the pipe or `PREPARING` seconds have passed."""
    began = monotonic()
    yield (first := point.present())
    for _ in range(COPIES - 1 if hasattr(os, "fork") else 0):
        if select([pipe], [], [], 0)[0] or monotonic() - began > PREPARING:
            return
        yield point.present(first)


def warm_up(point: BranchPoint) -> None:
    """Compute in advance what every question needs: what runs of the scenario share, and the template of answers."""
    continuation.fill_caches(point)
    lookahead_rows.answer_lines("forecast", [], 1)
    gc.collect()
    gc.freeze()
    gc.disable()


def main(arguments: list[str]) -> None:
    """Prepare for the moments on standard input, then answers the question there; both are JSON lists of words.

    Each `FuturesAnswer` is a line of JSON on standard output.
    """
    (run,) = arguments
    os.nice(5) if hasattr(os, "nice") else None
    point = points_of(Folder(Path(run)))
    warm_up(point(0, 0))
    moment: list[str] = []
    presents: list[PresentRun] = []
    while words := newest_line(sys.stdin.fileno()):
        line, t, *question = msgspec.json.decode(words, type=list[str])
        here = point(int(line), int(t))
        if question:
            kind, horizon, n, *rest = question
            prepared = presents if [line, t] == moment else []
            for answer in answers(here, kind, horizon, int(n), rest, cores(), prepared):
                sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
                sys.stdout.buffer.flush()
            return
        presents.clear()
        gc.collect()  # the runs at the moment before
        moment = [line, t]
        presents += prepared_runs(here, sys.stdin.fileno())


if __name__ == "__main__":
    main(sys.argv[1:])
