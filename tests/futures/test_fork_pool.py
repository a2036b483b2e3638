"""The fork pool: results in order, and errors of one future."""

from __future__ import annotations

import os
import signal

import pytest

from wargame.futures.continuation import in_fork, in_order

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks of POSIX")


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_results_come_in_the_order_of_their_numbers(jobs: int) -> None:
    """For any number of processes."""
    assert list(in_order(lambda number: b"%d" % number, 7, jobs)) == [b"%d" % number for number in range(7)]


def test_changes_in_a_fork_do_not_affect_the_parent() -> None:
    """Only the result of the fork is returned."""
    state = [1]

    def change() -> bytes:
        state.append(2)
        return b"done"

    assert in_fork(change) == b"done"
    assert state == [1]


def test_a_future_that_fails_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    """Its error is on standard error."""

    def broken(number: int) -> bytes:
        if number == 3:
            raise ValueError("no such future")
        return in_fork(lambda: b"%d" % number)

    with pytest.raises(RuntimeError, match="future 3 has failed"):
        list(in_order(broken, 6, 2))
    assert "no such future" in capfd.readouterr().err


def test_the_error_of_a_task_in_a_fork_is_raised() -> None:
    """With its type and message; a fork that is killed is reported as well."""

    def broken() -> bytes:
        raise ValueError("no such future")

    def killed() -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    with pytest.raises(RuntimeError, match="ValueError: no such future"):
        in_fork(broken)
    with pytest.raises(RuntimeError, match="was killed"):
        in_fork(killed)
    assert in_fork(bytes) == b""
