"""The look-ahead: answers from simulated futures, which never affect the exercise."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from math import inf
from pathlib import Path

import msgspec
import numpy as np
import pytest

from support.engine import loaded
from support.entry_point import wargame
from support.live import console, output_of
from support.terminals import shared
from support.waiting import PATIENCE
from wargame.errors import UsageFault, WargameError
from wargame.futures.continuation import FutureResult
from wargame.futures.lookahead import (
    COPIES,
    FIRST,
    FuturesAnswer,
    answers,
    groups_of,
    newest_line,
    points_of,
    prepared_runs,
)
from wargame.futures.lookahead_process import LookaheadProcess
from wargame.futures.lookahead_rows import (
    answer_lines,
    forecast_rows,
    title_of,
    whatif_rows,
    where_rows,
)
from wargame.live.console.console import Console
from wargame.simulation.exercise import Exercise
from wargame.statistics.intervals import paired

DAY = 86400


def results(occurred: Sequence[str], n: int, **levels: float) -> list[FutureResult]:
    """`n` equal results."""
    return [FutureResult(list(occurred), dict(levels)) for _ in range(n)]


@pytest.fixture
def rivals() -> Exercise:
    """Two rivals at STARTEX."""
    return Exercise(loaded(), 5)


# --- the process -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_questions_leave_the_exercise_unchanged(tmp_path: Path) -> None:
    """With forecast, whatif and where between its commands, the journal is the same."""
    lines = "advance 10d\nforecast 30d -n 4\nwhatif skip collision -n 4 --over 30d\nwhere -n 4\nadvance 30d\n"
    done = wargame("play", "two-rivals", "--seed", "5", "--out", "asked", stdin=lines, cwd=tmp_path)
    wargame("play", "two-rivals", "--seed", "5", "--out", "plain", stdin="advance 10d\nadvance 30d\n", cwd=tmp_path)
    assert "forecast over 30d, 4 futures from 2030-01-11" in done.stdout
    assert "whatif skip collision over 30d" in done.stdout
    assert "among 4 unattended runs at the same moment" in done.stdout
    assert (tmp_path / "asked/journal.jsonl").read_bytes() == (tmp_path / "plain/journal.jsonl").read_bytes()


@pytest.mark.slow
def test_the_first_answer_comes_from_the_first_futures(tmp_path: Path) -> None:
    """It is the answer that as many futures alone give."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    point = points_of(there.session.folder)(there.session.head, there.session.exercise.now)
    first, whole = answers(point, "forecast", "20d", 2 * FIRST, [], 2)
    (alone,) = answers(point, "forecast", "20d", FIRST, [], 2)
    assert (first.n, whole.n) == (FIRST, 2 * FIRST)
    assert first == alone


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["forecast", "whatif"])
def test_answers_do_not_depend_on_how_futures_share_forks(tmp_path: Path, kind: str) -> None:
    """Any number of runs prepared for the moment, and of processes, gives the same numbers."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    point = points_of(there.session.folder)(there.session.head, there.session.exercise.now)
    words = ["skip", "harvest"] if kind == "whatif" else []
    first = point.present()
    given = [
        list(answers(point, kind, "20d", 7, words, jobs, [point.present(first) for _ in range(prepared)]))
        for prepared, jobs in ((0, 1), (1, 2), (3, 1), (5, 2), (20, 3))
    ]
    assert all(each == given[0] for each in given)


@pytest.mark.parametrize(("n", "size", "jobs"), [(200, 16, 2), (7, 16, 2), (1, 16, 4), (50, 1, 2), (33, 4, 3)])
def test_groups_of_futures_are_small_enough_and_even(n: int, size: int, jobs: int) -> None:
    """They have all numbers in order, and each process has about as many."""
    groups = groups_of(n, size, jobs)
    assert [number for group in groups for number in group] == list(range(n))
    assert max(map(len, groups)) <= size
    assert max(map(len, groups)) - min(map(len, groups)) <= 1
    assert len(groups) % jobs == 0 or len(groups) == n


def test_preparing_ends_when_a_question_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or when it has taken long enough; one run is prepared in any case."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    point = points_of(there.session.folder)(there.session.head, there.session.exercise.now)
    end, start = os.pipe()
    monkeypatch.setattr("wargame.futures.lookahead.PREPARING", inf)
    assert len(list(prepared_runs(point, end))) == COPIES
    monkeypatch.setattr("wargame.futures.lookahead.PREPARING", 0.0)
    assert len(list(prepared_runs(point, end))) == 1
    monkeypatch.setattr("wargame.futures.lookahead.PREPARING", inf)
    os.write(start, b"question\n")
    assert len(list(prepared_runs(point, end))) == 1
    os.close(start)
    os.close(end)


def test_a_failed_question_reports_why_and_leaves_no_process(tmp_path: Path) -> None:
    """The process that was started in advance ends with its console."""
    there = console(tmp_path / "run")

    async def ask() -> list[int | None]:
        lookahead = LookaheadProcess(there.session.folder.path)
        await lookahead.keep_ready()
        process = lookahead._ready
        with pytest.raises(WargameError, match=r"^ValueError: not enough values [^\n]*$"):
            async for _ in lookahead.ask(["nonsense"]):
                pass
        await lookahead.keep_ready()
        second = lookahead._ready
        await lookahead.close()
        assert process is not None
        assert second is not None
        return [process.returncode, second.returncode]

    assert None not in asyncio.run(ask())


@pytest.mark.slow
def test_a_process_prepared_for_a_moment_gives_the_same_answer(tmp_path: Path) -> None:
    """Also if it was prepared for another moment, or the question comes from one that it is not prepared for."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    earlier = [str(there.session.head), str(there.session.exercise.now)]
    output_of(there, "release harvest", "advance 5d")
    now = [str(there.session.head), str(there.session.exercise.now)]

    async def asked(*moments: list[str]) -> list[FuturesAnswer]:
        lookahead = LookaheadProcess(there.session.folder.path)
        if moments:
            await lookahead.keep_ready()
        for moment in moments:
            lookahead.prepare(moment)
        answers = [each async for each in lookahead.ask([*now, "forecast", "20d", "4"])]
        await lookahead.close()
        return answers

    plain = asyncio.run(asked())
    assert plain[0].rows
    assert plain == asyncio.run(asked(now))
    assert plain == asyncio.run(asked(earlier, now))
    assert plain == asyncio.run(asked(now, earlier))


def test_only_the_newest_line_of_a_pipe_is_read() -> None:
    """A moment that another one has followed is not prepared for; at the end there is no line."""
    end, start = os.pipe()
    os.write(start, b"first\nsecond\nthird\n")
    assert newest_line(end) == b"third"
    os.write(start, b"last")
    os.close(start)
    assert newest_line(end) == b"last"
    assert newest_line(end) == b""
    os.close(end)


def test_the_lookahead_prepares_while_the_clock_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the moment at which it has stood for a tick; not while the wall clock runs."""
    there, _ = shared(tmp_path / "run")
    monkeypatch.setattr("wargame.live.terminals.shared_session.TICK", 0)
    prepared: list[list[str]] = []

    async def live() -> list[str]:
        called = asyncio.Event()

        def prepare(moment: list[str]) -> None:
            assert not there.wall.running
            prepared.append(moment)
            called.set()

        monkeypatch.setattr(there.lookahead, "prepare", prepare)
        time = asyncio.create_task(there.keep_time())
        await asyncio.wait_for(called.wait(), PATIENCE)
        there.run(there.main, "advance 5d")
        called.clear()
        await asyncio.wait_for(called.wait(), PATIENCE)
        time.cancel()
        await there.close()
        return [str(there.session.head), str(there.session.exercise.now)]

    assert asyncio.run(live()) == prepared[-1] != prepared[0]


@pytest.mark.parametrize(
    "line", ["whatif", "whatif release nothing", "whatif order ARD strike BRL", "forecast x", "where -n 0"]
)
def test_an_invalid_question_is_refused_before_anything_is_simulated(tmp_path: Path, line: str) -> None:
    """Nothing waits to be asked."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault):
        output_of(there, line)
    assert not there.requested


def test_answers_use_titles(tmp_path: Path) -> None:
    """Also for outcomes that no future has, and for what does not differ."""
    there: Console = console(tmp_path / "run")
    output_of(there, "advance 5d")
    point = points_of(there.session.folder)(there.session.head, there.session.exercise.now)
    lines: dict[str, list[str]] = {}
    for kind, words in (("forecast", []), ("whatif", ["skip", "harvest"]), ("where", list[str]())):
        (answer,) = answers(point, kind, "20d", 4, words, 1)
        lines[kind] = answer.lines
    assert "A blockade; The strait is calm; War in the strait" in lines["forecast"][-1]
    assert "A blockade" in lines["whatif"][-1]
    assert not [line for part in lines.values() for line in part if "blockade_laid" in line]


# --- the answers -------------------------------------------------------------------------------------


def test_a_forecast_lists_outcomes_by_probability_with_an_interval(rivals: Exercise) -> None:
    """Wilson's interval; outcomes that no future has are named together."""
    lines = answer_lines("forecast", forecast_rows(rivals, results(["war"], 10) + results([], 10)), 20)
    assert lines == [
        " 50 % (30 % to 70 %)    War in the strait",
        "in none of 20 (0 % to 16 %): A blockade; The strait is calm",
    ]


def test_a_forecast_of_something_rare_shows_less_than_one_percent(rivals: Exercise) -> None:
    """One future of two hundred."""
    rows = forecast_rows(rivals, results(["war"], 1) + results([], 199))
    assert answer_lines("forecast", rows, 200)[0].startswith(" <1 % (")


@pytest.mark.parametrize(("more", "clear"), [(4, False), (12, True)])
def test_a_difference_of_shares_is_clear_by_an_exact_test_of_all_comparisons(
    rivals: Exercise, more: int, clear: bool
) -> None:
    """Four futures of a hundred that differ in one direction may be chance; twelve are not."""
    without = results([], 100, tension=1.0)
    given = results(["war"], more, tension=1.0) + results([], 100 - more, tension=1.0)
    lines = answer_lines("whatif", whatif_rows(rivals, without, given), 100)
    if clear:
        assert lines[1] == f"War in the strait       0 %     12 %  +12 % (in {more} only with it, in 0 only without)"
    else:
        assert lines[0] == "No clear difference."


def test_a_difference_of_levels_shows_its_interval(rivals: Exercise) -> None:
    """The paired mean; a constant difference has no width."""
    rows = whatif_rows(rivals, results([], 5, tension=1.0), results([], 5, tension=2.0))
    lines = answer_lines("whatif", rows, 5)
    assert lines[1].split()[-6:] == ["1.00", "2.00", "+1.00", "(+1.00", "to", "+1.00)"]


def test_a_percentile_counts_ties_half(rivals: Exercise) -> None:
    """Below all others is 0, equal to all is not listed."""
    tension = rivals.context.world.get("tension")
    others = [
        FutureResult([], {**dict.fromkeys(_measures(rivals), 0.0), "tension": value})
        for value in (tension - 1, tension, tension + 1, tension + 2)
    ]
    (line,) = [line for line in answer_lines("where", where_rows(rivals, others), len(others)) if "Tension" in line]
    assert line.startswith(" 38 %")


def _measures(there: Exercise) -> list[str]:
    names = [slot.name for slot in there.context.world.slots if not slot.index]
    return [*names, "hostile actions", "friendly actions"]


def test_an_answer_has_the_numbers_behind_its_lines(rivals: Exercise) -> None:
    """Charts are drawn from the rows; one pair has no interval, and its limits are the difference itself."""
    rows = forecast_rows(rivals, results(["war"], 10) + results([], 10))
    assert [(row.title, row.value) for row in rows if row.value] == [(title_of(rivals, "war"), 0.5)]
    assert all(row.low <= row.value <= row.high for row in rows)
    never, twice = results([], 20), results(["war"], 2) + results([], 18)
    rare = next(row for row in whatif_rows(rivals, never, twice) if row.title == title_of(rivals, "war"))
    share = paired(np.array([1.0] * 2 + [0.0] * 18), np.zeros(20), share=True)
    assert (rare.value, rare.low, rare.high) == (share.estimate, share.low, share.high)  # the interval of shares
    alone = whatif_rows(rivals, results([], 1, tension=1.0), results([], 1, tension=2.0))
    assert alone
    assert all(row.low == row.value == row.high for row in alone if row.kind == "level")
    answer = FuturesAnswer(1, [], alone)
    assert msgspec.json.decode(msgspec.json.encode(answer), type=FuturesAnswer) == answer
