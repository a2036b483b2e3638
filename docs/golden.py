"""Plays the examples of the docs and keeps the output in the pages true.

Each page is played from top to bottom in an empty folder of its own:

- a `console` block holds commands (`$ command`) with what they print, on both channels;
- a `python` block is executed, in one namespace a page; a `text` block right behind it is what it prints;
- a comment in the line above a block says more about it: `<!-- file: NAME -->` writes the block to a file,
  `<!-- append: NAME -->` adds it to one, `<!-- exit: 3 -->` is the exit code of a block's last command, and
  `<!-- follow -->` takes the record of a `wargame why RUN SEQ` from the last record or suggestion that was printed.

Other blocks (`sh`, `yaml` without a comment, ...) are only shown. `python docs/golden.py [PAGE]...` writes the
outputs anew; `--check` writes nothing and fails with the difference. Read the prose around what has changed.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
BLOCK = re.compile(
    r"(?:^<!-- (?P<order>file|append|exit|follow)(?:: (?P<what>[^\n]+?))? -->\n)?"
    r"^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
ASKED = re.compile(r"wargame why (\S+) \d+")
NAMED = re.compile(r'wargame why \S+ (\d+)|"seq":(\d+)')
VOLATILE = (
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00(?=  \d)"), "WALL TIME"),
    (re.compile(r'"(?:started|finished)": "[^"]+"'), "WALL TIME"),
)
"""What differs from one playing to the next: a page keeps what it shows of it."""
WIDTH = "88"


def main() -> None:
    """Write the outputs anew, or say which are not true any more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="all pages with examples if left out")
    parser.add_argument("--check", action="store_true", help="write nothing, fail with the difference")
    chosen = parser.parse_args()
    changed = [name for page in chosen.pages or pages() if (name := renew(page.resolve(), check=chosen.check))]
    if chosen.check and changed:
        sys.exit(f"not what it prints: {', '.join(changed)}; `python docs/golden.py`, and read the prose around it")


def pages() -> list[Path]:
    """The pages with examples that are played."""
    return [page for page in sorted(DOCS.rglob("*.md")) if plays(page.read_text(encoding="utf-8"))]


def plays(text: str) -> bool:
    """Whether a page has anything to play."""
    return any(block["language"] in ("console", "python") or block["order"] for block in BLOCK.finditer(text))


def renew(page: Path, *, check: bool) -> str:
    """Plays a page and writes or compares its outputs; returns its name if they have changed."""
    before = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, surroundings(Path(folder)):
        after = Player(Path.cwd()).play(before)
    if after == before:
        return ""
    name = page.relative_to(DOCS.parent).as_posix()
    print(*difflib.unified_diff(before.splitlines(), after.splitlines(), name, "as played", lineterm=""), sep="\n")
    if not check:
        page.write_text(after, encoding="utf-8")
    return name


@contextlib.contextmanager
def surroundings(folder: Path) -> Any:
    """An empty folder to work in, `wargame` and `python` on the path, neither colours nor a terminal's width."""
    tools, place = folder / "bin", folder / "exercise"
    tools.mkdir()
    place.mkdir()
    for name, call in (("wargame", "-m wargame "), ("python", "")):
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call}"$@"\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    before = dict(os.environ)
    for name in ("CLICOLOR_FORCE", "FORCE_COLOR", "PYTHONHASHSEED", "TERMINAL_WIDTH", "TZ"):
        os.environ.pop(name, None)
    os.environ.update(PATH=f"{tools}{os.pathsep}{before['PATH']}", PYTHONPATH=str(ROOT), PYTHONIOENCODING="utf-8")
    os.environ.update(NO_COLOR="1", TERM="dumb", COLUMNS=WIDTH, LC_ALL="C.UTF-8")
    sys.path.insert(0, str(ROOT))
    try:
        with contextlib.chdir(place):
            yield
    finally:
        sys.path.remove(str(ROOT))
        os.environ.clear()
        os.environ.update(before)


class Player:
    """Plays the blocks of one page in their order and puts what they print in place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._printed = ""
        self._printed_until = -1
        self._named = ""

    def play(self, text: str) -> str:
        """The page as it should be."""
        played = BLOCK.sub(self._block, text)
        assert not self._printed, f"a python block prints what the page does not show:\n{self._printed}"
        return played

    def _block(self, block: re.Match[str]) -> str:
        order, language, body = block["order"], block["language"], block["body"]
        if order in ("file", "append"):
            self._write(block["what"], body, add=order == "append")
        elif language == "console":
            body = self._console(body, int(block["what"]) if order == "exit" else 0, follow=order == "follow")
        elif language == "text" and self._printed and not block.string[self._printed_until : block.start()].strip():
            body, self._printed = kept(body, self._printed), ""
        elif language == "python":
            self._python(body)
            self._printed_until = block.end()
        return block[0][: block.start("body") - block.start()] + body + "```"

    def _write(self, name: str, body: str, *, add: bool) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if add else "w", encoding="utf-8") as target:
            target.write(body)

    # --- commands ------------------------------------------------------------------------------

    def _console(self, body: str, code: int, *, follow: bool) -> str:
        commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE)
        assert commands, f"a console block without a command:\n{body}"
        parts = []
        for number, (command, shown) in enumerate(commands, 1):
            typed = ASKED.sub(rf"wargame why \1 {self._named}", command) if follow else command
            printed = self._run(typed, code if number == len(commands) else 0)
            parts.append(f"$ {typed}\n{kept(shown, printed)}")
        return "".join(parts)

    def _run(self, command: str, code: int) -> str:
        done = subprocess.run(  # noqa: S603 - the commands are those of the project's own pages
            ["/bin/bash", "-c", command],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        assert done.returncode == code, f"$ {command}\n{done.stdout}exit code {done.returncode} instead of {code}"
        for named in NAMED.finditer(done.stdout):
            self._named = named[1] or named[2]
        return whole_lines(done.stdout)

    # --- Python --------------------------------------------------------------------------------

    def _python(self, body: str) -> None:
        assert not self._printed, f"a python block prints what the page does not show:\n{self._printed}"
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(body, "the page", "exec"), self._names)  # noqa: S102 - the project's own pages
        self._printed = whole_lines(out.getvalue())


def kept(shown: str, printed: str) -> str:
    """What was printed; what the page shows if only volatile parts differ."""
    return shown if stable(shown) == stable(printed) else printed


def stable(text: str) -> str:
    """The text without its volatile parts."""
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return text


def whole_lines(text: str) -> str:
    """The text without blanks at line ends, ended by a line break if there is any."""
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(lines) + "\n" if lines else ""


if __name__ == "__main__":
    main()
