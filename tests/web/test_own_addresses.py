"""The addresses under which others reach this machine."""

from __future__ import annotations

import socket
from typing import Self

import pytest

from wargame.web.address import own_addresses


class Probe:
    """A socket of a machine with one network and without IPv6."""

    def __init__(self, family: int, kind: int) -> None:
        assert kind == socket.SOCK_DGRAM
        self.family = family

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def connect(self, target: tuple[str, int]) -> None:
        """There is no way to an address of IPv6."""
        if self.family == socket.AF_INET6:
            raise OSError(101, target[0])

    def getsockname(self) -> tuple[str, int]:
        """The address that the system would use."""
        return ("192.168.1.20", 40_000)


def test_the_address_of_the_usual_network_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then those of the name of the machine, each once and without its zone; a machine without a name has none."""
    monkeypatch.setattr(socket, "socket", Probe)
    named = [("fe80::1%eth0", 0), ("192.168.1.20", 0), ("127.0.1.1", 0)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", each) for each in named])
    assert own_addresses() == ["192.168.1.20", "fe80::1", "127.0.1.1"]

    def nameless(*_: object) -> object:
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", nameless)
    assert own_addresses() == ["192.168.1.20"]
