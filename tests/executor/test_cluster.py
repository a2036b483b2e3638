"""A cluster in this process: a job ends also if the cluster loses its workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from wargame.errors import Interrupted
from wargame.executor import cluster
from wargame.executor.cluster import Dask
from wargame.executor.executors import Chunk, Job

pytestmark = pytest.mark.slow

dask, distributed = pytest.importorskip("dask"), pytest.importorskip("distributed")


def prepare(factor: int) -> int:
    """The state of a worker."""
    return factor


def multiply(factor: int, chunk: Chunk) -> list[int]:
    """The work on a chunk."""
    return [factor * cell for cell in chunk]


@pytest.fixture
def workers() -> Iterator[Any]:
    """A running cluster with one worker, a thread of this process."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
    ) as running:
        yield running


def test_a_job_on_a_cluster_that_loses_all_workers_is_interrupted(
    workers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a bounded time, with the reason, whether a chunk waits for a worker or its result was on a lost one."""
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 2)
    monkeypatch.setattr(cluster, "WORKERLESS_SECONDS", 1)

    def chunks() -> Iterator[Chunk]:
        yield (1, 2)
        yield (3,)
        workers.scale(0)
        workers.sync(workers._correct_state)
        yield (4,)

    with Dask(workers.scheduler_address) as executor:
        executor.start(Job(prepare, multiply, 10))
        results = executor.results(chunks())
        assert next(results) in [((1, 2), [10, 20]), ((3,), [30])]
        with pytest.raises(Interrupted, match="the cluster is gone: it has had no workers for 1 s"):
            list(results)


def test_a_local_cluster_replaces_workers_that_it_has_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if the process that restarts a worker has ended with it: the job is completed."""
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 2)

    def chunks() -> Iterator[Chunk]:
        yield (1,)
        yield (2,)
        distributed.default_client().retire_workers()
        yield (3,)

    with dask.config.set({"distributed.deploy.lost-worker-timeout": "100ms"}), Dask(jobs=1) as executor:
        executor.start(Job(prepare, multiply, 10))
        assert sorted(executor.results(chunks()), key=str) == [((n,), [10 * n]) for n in (1, 2, 3)]


def test_a_local_cluster_does_not_take_the_port_of_a_dashboard() -> None:
    """It listens on free ports of loopback only, so that another cluster can have port 8787."""
    with Dask(jobs=1) as executor:
        executor.start(Job(prepare, multiply, 10))
        server = distributed.default_client().cluster.scheduler.http_server
        address, port = server.address, server.port
    assert address == "127.0.0.1"
    assert port != 8787
