"""The YAML language server without an editor: what it underlines in a file. It is not part of the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

SERVER = "yaml-language-server@1.18.0"
WARNING = 2
"""The severity of warnings; 1 is that of errors, higher ones are hints."""


def installed(factory: pytest.TempPathFactory) -> Path:
    """The program of the server, from npm or from the folder in YAML_SERVER.

    Without it the test is skipped, in CI it fails.
    """
    place = Path(os.environ.get("YAML_SERVER") or factory.mktemp("yaml-server"))
    program = place / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    npm = shutil.which("npm")
    if not program.is_file() and npm:
        words = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", SERVER]
        subprocess.run(words, cwd=place, capture_output=True, check=False)
    if not program.is_file() or not shutil.which("node"):
        reason = "needs yaml-language-server: node and npm, or its folder in YAML_SERVER"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


class Server:
    """A running server with the schema of each kind of file."""

    def __init__(self, send: IO[bytes], receive: IO[bytes], schemas: dict[str, Any]) -> None:
        self._send, self._receive, self._schemas = send, receive, schemas
        self._number = 0

    def start(self, root: Path) -> None:
        """Introduce the editor."""
        self._number += 1
        capabilities = {"workspace": {"configuration": True}}
        asked = {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities, "workspaceFolders": None}
        self._write({"id": self._number, "method": "initialize", "params": asked})
        while self._read().get("id") != self._number:
            pass
        self._write({"method": "initialized", "params": {}})
        settings = {"yaml": {"schemas": self._schemas, "validate": True, "schemaStore": {"enable": False}}}
        self._write({"method": "workspace/didChangeConfiguration", "params": {"settings": settings}})

    def faults(self, path: Path, text: str) -> list[str]:
        """What the server underlines in a file of this text as an error or warning: line and message.

        The file need not exist. A path can be asked for once.
        """
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._write({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while True:
            message = self._read()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found = [each for each in message["params"]["diagnostics"] if each.get("severity", 1) <= WARNING]
                return [f"{each['range']['start']['line'] + 1}: {each['message']}" for each in found]

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._send.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._send.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; a request of the server for settings is answered."""
        length = 0
        while (line := self._receive.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self._receive.read(length))
        if message.get("method") == "workspace/configuration":
            settings = {"yaml": {"schemas": self._schemas, "validate": True, "schemaStore": {"enable": False}}}
            answer = [settings.get(each.get("section"), {}) for each in message["params"]["items"]]
            self._write({"id": message["id"], "result": answer})
        elif "id" in message and "method" in message:
            self._write({"id": message["id"], "result": None})
        return message


@contextmanager
def running(program: Path, root: Path, schemas: dict[str, Any]) -> Iterator[Server]:
    """A server for the files below `root`; `schemas` maps the address of a schema to paths."""
    node = shutil.which("node")
    assert node
    child = subprocess.Popen([node, program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin
    assert child.stdout
    try:
        server = Server(child.stdin, child.stdout, schemas)
        server.start(root)
        yield server
    finally:
        child.kill()
        child.stdin.close()
        child.stdout.close()
        child.wait()
