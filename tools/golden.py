"""Run the examples in the documentation and update their output.

Each page is run from top to bottom in an empty folder of its own:

- A `console` block has commands (`$ command`) and their output on both channels.
- A `python` block is executed in the namespace of the page; a `text` block right after it is its output.
- A comment in the line above a block gives a directive: `<!-- file: NAME -->` writes the block to a file,
  `<!-- append: NAME -->` appends it to a file, `<!-- exit: 3 -->` is the exit code of the last command of the block,
  and `<!-- follow -->` takes the record of `wargame why RUN SEQ` from the last record or suggestion that was printed.

A page with `<!-- after: PAGE -->` goes on in the folder of that page, which is run before it.

Other blocks (`sh`, `yaml` without a directive, ...) are not run. `python tools/golden.py [PAGE]...` updates the
outputs; `--check` writes nothing and fails with the difference. Re-read the text around an output that has changed.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from warm_commands import WARM

DOCS = Path(__file__).resolve().parent.parent / "docs"
ROOT = DOCS.parent
BLOCK = re.compile(
    r"(?:^<!-- (?P<order>file|append|exit|follow)(?:: (?P<what>[^\n]+?))? -->\n)?"
    r"^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
AFTER = re.compile(r"^<!-- after: (\S+) -->$", re.MULTILINE)
ASKED = re.compile(r"wargame why (\S+) \d+")
NAMED = re.compile(r'wargame why \S+ (\d+)|"seq":(\d+)')
VOLATILE = (
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00(?=  \d)"), "WALL TIME"),
    (re.compile(r'"(?:started|finished)": "[^"]+"'), "WALL TIME"),
    (re.compile(r"\(numbers (?:compiled|interpreted)\)"), "PATH OF THE NUMBERS"),
)
"""Parts that differ from run to run: a page keeps its present text."""
WIDTH = "88"
PATIENCE = 120
"""Seconds that a command may take."""
WITHOUT_SHELL = re.compile(
    r"""(?P<command>wargame(?: (?:[\w./:=@%+,-]+|"[^"$`\\]*"|'[^']*'))*)(?P<rest> (?P<sign>[|>]) .*)?"""
)
"""A command of the project whose words a shell would not change, and what a shell does with its output."""


def main() -> None:
    """Update the outputs, or report which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "pages", nargs="*", type=Path, metavar="PAGE", help="a page; all pages with examples if omitted"
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail with the difference")
    chosen = parser.parse_args()
    changed = [name for page in chosen.pages or pages() if (name := update(page.resolve(), check=chosen.check))]
    if chosen.check and changed:
        sys.exit(
            f"out of date: {', '.join(changed)}; run `python tools/golden.py` and re-read the text around the outputs"
        )


def pages() -> list[Path]:
    """The pages with examples that are run."""
    every = (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
    return [page for page in every if has_examples(page.read_text(encoding="utf-8"))]


def has_examples(text: str) -> bool:
    """Whether a page has examples that are run."""
    return any(block["language"] in ("console", "python") or block["order"] for block in BLOCK.finditer(text))


def update(page: Path, *, check: bool) -> str:
    """Run a page and update or compare its outputs; return its name if they have changed."""
    before = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, environment(Path(folder)):
        runner = PageRunner(Path.cwd())
        for earlier in AFTER.findall(before):
            runner.run((page.parent / earlier).read_text(encoding="utf-8"))
        after = runner.run(before)
    if after == before:
        return ""
    name = page.relative_to(DOCS.parent).as_posix()
    print(*difflib.unified_diff(before.splitlines(), after.splitlines(), name, "as run", lineterm=""), sep="\n")
    if not check:
        page.write_text(after, encoding="utf-8")
    return name


@contextlib.contextmanager
def environment(folder: Path) -> Any:
    """An empty working folder with `wargame` and `python` on the path, no colours and a fixed width."""
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


class PageRunner:
    """Run the blocks of one page in order and insert their output."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._printed = ""
        self._printed_until = -1
        self._named = ""

    def run(self, text: str) -> str:
        """The page with its present output."""
        updated = BLOCK.sub(self._block, text)
        assert not self._printed, f"a python block prints what the page does not show:\n{self._printed}"
        return updated

    def _block(self, block: re.Match[str]) -> str:
        order, language, body = block["order"], block["language"], block["body"]
        if order in ("file", "append"):
            self._write(block["what"], body, add=order == "append")
        elif language == "console":
            body = self._console(body, int(block["what"]) if order == "exit" else 0, follow=order == "follow")
        elif language == "text" and self._printed and not block.string[self._printed_until : block.start()].strip():
            body, self._printed = stable_output(body, self._printed), ""
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
            printed = self._call(typed, code if number == len(commands) else 0)
            parts.append(f"$ {typed}\n{stable_output(shown, printed)}")
        return "".join(parts)

    def _call(self, command: str, code: int) -> str:
        plain = WITHOUT_SHELL.fullmatch(command)
        done = self._warm(plain) if plain else self._shell(command)
        assert done.returncode == code, f"$ {command}\n{done.stdout}exit code {done.returncode} instead of {code}"
        for named in NAMED.finditer(done.stdout):
            self._named = named[1] or named[2]
        return whole_lines(done.stdout)

    def _warm(self, command: re.Match[str]) -> subprocess.CompletedProcess[str]:
        """The output of a command of the project on both channels, after what the shell does with it."""
        words, rest = shlex.split(command["command"])[1:], command["rest"] or ""
        done = WARM.run(words, cwd=self._folder, env=os.environ, timeout=PATIENCE, together=not rest)
        if rest:
            after = self._shell(f"cat{rest}", done.stdout)
            code = after.returncode if command["sign"] == "|" else done.returncode
            return subprocess.CompletedProcess(command[0], code, done.stderr + after.stdout)
        return done

    def _shell(self, command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the commands are those of the project's own pages
            ["/bin/bash", "-c", command],
            cwd=self._folder,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )

    # --- Python --------------------------------------------------------------------------------

    def _python(self, body: str) -> None:
        assert not self._printed, f"a python block prints what the page does not show:\n{self._printed}"
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(body, "the page", "exec"), self._names)  # noqa: S102 - the project's own pages
        self._printed = whole_lines(out.getvalue())


def stable_output(shown: str, printed: str) -> str:
    """The printed text, or the text on the page if only volatile parts differ."""
    return shown if without_volatile(shown) == without_volatile(printed) else printed


def without_volatile(text: str) -> str:
    """The text with its volatile parts replaced by names."""
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return text


def whole_lines(text: str) -> str:
    """The text without trailing blanks, with a line break at its end unless it is empty."""
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(lines) + "\n" if lines else ""


if __name__ == "__main__":
    main()
