"""A batch in an object store: a real S3 interface on loopback, with separate worker processes, resumed once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command_line import wargame
from wargame.batches.api import open_batch

pytestmark = pytest.mark.exhaustive
WORDS = ("batch", "two-rivals", "--measure", "actions()", "--measure", "p(war)", "--until", "60d", "-q")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty bucket; needs the extra `exhaustive`."""
    server = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    boto3 = pytest.importorskip("boto3")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    boto3.client("s3").create_bucket(Bucket="wargames")
    yield "s3://wargames/batch"
    running.stop()


def test_a_batch_in_an_object_store_has_the_same_table(bucket: str, tmp_path: Path) -> None:
    """Run by two processes, resumed by two others, and equal to the batch in a local folder."""
    for count in ("6", "12"):
        done = wargame(*WORDS, "-n", count, "--jobs", "2", "--out", bucket, "--resume", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert wargame(*WORDS, "-n", "12", "--jobs", "1", "--out", "b", cwd=tmp_path).returncode == 0
    assert open_batch(bucket).frame().equals(open_batch(str(tmp_path / "b")).frame())
