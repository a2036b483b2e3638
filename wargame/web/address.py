"""The address of the server, and the names under which it may be called."""

import contextlib
import errno
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from wargame.dataclasses import dataclass
from wargame.errors import UsageFault

HOST, PORT = "127.0.0.1", 8765
"""The default address of the server."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port; port 0 is any free one."""

    host: str = HOST
    port: int = PORT

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOCAL


def read_address(text: str) -> Address:
    """Read `HOST:PORT`, `HOST`, `PORT` or `[IPV6]:PORT`; UsageFault for anything else."""
    if text.isdecimal():
        text = f"{HOST}:{text}"
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.netloc != text or "@" in text:
        raise UsageFault(f"--serve {text}: write HOST:PORT, such as 0.0.0.0:{PORT}")
    return Address(host, PORT if port is None else port)


def listen(address: Address) -> socket.socket:
    """Return a socket that listens; UsageFault if the port is in use or the host is not of this machine."""
    if address.port > 65535:
        raise UsageFault(f"--serve: there is no port {address.port} (choose a lower port)")
    try:
        family, kind, proto, _, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise UsageFault(f"--serve: the host {address.host} is not known ({error.strerror})") from None
    listener = socket.socket(family, kind, proto)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen()
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        port, at = address.port, f"{address.host}:{address.port}"
        reasons = {
            errno.EADDRINUSE: f"the port {port} is in use: another program listens at {at} (choose another port)",
            errno.EACCES: f"the port {port} needs administrator rights (choose a port of 1024 or higher)",
            errno.EADDRNOTAVAIL: f"{address.host} is not an address of this machine (0.0.0.0 listens on all addresses)",
        }
        raise UsageFault(f"--serve: {reasons.get(error.errno or 0, f'{at}: {error.strerror}')}") from None
    return listener


def tls_context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """Return the TLS context of a certificate and its key; None without. UsageFault if they cannot be used."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageFault("--tls-cert and --tls-key belong together: give both")
    for option, path in (("--tls-cert", certificate), ("--tls-key", key)):
        try:
            path.open("rb").close()
        except OSError as error:
            raise UsageFault(f"{option}: {path} cannot be read: {error.strerror}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except _PasswordNeeded:
        raise UsageFault(f"--tls-key: {key} is encrypted: remove its passphrase") from None
    except ssl.SSLError as error:
        reason = (error.reason or "").replace("_", " ").lower() or "not PEM files of a certificate and its key"
        raise UsageFault(f"--tls-cert {certificate}, --tls-key {key}: {reason} (both are PEM files)") from None
    return context


class _PasswordNeeded(Exception):
    """The key is encrypted."""


def _no_password() -> str:
    raise _PasswordNeeded


def own_addresses() -> list[str]:
    """Return the addresses under which others reach this machine; that of the usual network first."""
    found: list[str] = []
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))  # sends nothing; asks the system which address it would use
            found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)]
    return list(dict.fromkeys(each.partition("%")[0] for each in found))


def known_hosts(address: Address, public: Iterable[str]) -> frozenset[str]:
    """Return the names and addresses in requests that are answered."""
    names = {*LOCAL, address.host, *(each.lower().rstrip(".") for each in public)}
    if not address.is_local:
        name = socket.gethostname().lower()
        names |= {name, f"{name.partition('.')[0]}.local"}
    if address.host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        names |= set(own_addresses())
    return frozenset(names)


def public_url(address: Address, public: Iterable[str], *, tls: bool) -> str:
    """Return the address that people type or scan."""
    names = list(public)
    host = names[0] if names else address.host
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        reachable = [each for each in own_addresses() if not ipaddress.ip_address(each).is_loopback]
        host = reachable[0] if reachable else "localhost"
    host = f"[{host}]" if ":" in host else host
    usual = 443 if tls else 80
    port = "" if address.port == usual else f":{address.port}"
    return f"{'https' if tls else 'http'}://{host}{port}"
