"""The pages of the command line, from the command tree: one for the root command, and one for each group."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import typer
from page_parts import DOCS, NOTE, code, grid, marked, see_also
from typer.core import TyperArgument, TyperOption
from typer.main import get_command

from wargame.cli.app import app
from wargame.cli.tree import GROUPS, help_record, load

ENVIRONMENT = (
    ("`WARGAME_RUNS`", "The folder of runs, batches and rehearsals. Default: `runs` in the working directory."),
    ("`WARGAME_LLM_URL`", "The address of the endpoint of language models."),
    ("`WARGAME_LLM_KEY`", "The key of the endpoint, if it needs one."),
    (
        "`WARGAME_LLM_PRICE`",
        "US dollars for a million tokens in and out, such as `0.15,0.60`, if the endpoint does not report costs.",
    ),
    ("`WARGAME_LARGE`", "With `1`, jobs run that need too much memory or over a day."),
    ("`WARGAME_PROGRESS`", "With `1`, progress bars also appear where there is no terminal."),
    (
        "`WARGAME_NUMBERS`",
        "With `interpreted`, runs use the Python source of the compiled module, with the same results.",
    ),
    ("`NO_COLOR`", "With `1`, there are no colours."),
)
"""Environment variables that users may set."""
GUIDES = {
    "run": ("how-to/change-a-run", "how-to/read-a-run-folder", "how-to/put-a-program-in-a-seat"),
    "show": ("how-to/read-a-run-folder",),
    "why": ("how-to/read-a-run-folder", "how-to/write-a-review"),
    "report": ("how-to/write-a-review",),
    "fork": ("how-to/change-a-run", "how-to/use-from-python"),
    "play": ("how-to/facilitate", "how-to/run-the-clock", "how-to/run-the-white-cell"),
    "resume": ("how-to/facilitate", "how-to/troubleshooting"),
    "serve": ("how-to/serve-in-browsers", "how-to/run-the-control-room"),
    "join": ("how-to/facilitate", "how-to/evaluate"),
    "plan": ("how-to/plan-an-exercise", "reference/exercise-files"),
    "print": ("how-to/plan-an-exercise", "how-to/evaluate"),
    "batch": ("how-to/run-a-study", "how-to/read-the-intervals", "reference/study-files"),
    "compare": ("how-to/run-a-study", "how-to/read-the-intervals"),
    "rehearse": ("how-to/rehearse",),
    "claims": ("how-to/test-the-model", "explanation/claims", "reference/results-claims"),
    "targets": ("how-to/test-the-model", "explanation/targets"),
    "calibrate": ("explanation/targets", "reference/results-calibration"),
    "elicit": ("how-to/test-the-model", "reference/results-screening"),
    "relations": ("explanation/targets", "reference/results-relations"),
    "conduct": ("explanation/absurd-conduct",),
    "backtest": ("how-to/test-the-model", "explanation/backtest"),
    "init": ("start/author", "how-to/write-a-scenario"),
    "validate": ("how-to/write-a-scenario", "reference/exit-codes-and-json"),
    "schema": ("how-to/write-a-scenario",),
    "verify": ("how-to/reproduce-and-verify",),
    "msel export": ("how-to/exchange-the-msel",),
    "msel import": ("how-to/exchange-the-msel", "how-to/import-a-sheet"),
    "msel show": ("how-to/exchange-the-msel", "how-to/rehearse"),
}
"""Pages for further reading, by command."""


def pages() -> dict[Path, str]:
    """The page of the root command with the list of all commands, and a page for each group of `wargame --help`."""
    root = get_command(app)
    top = typer.Context(root, info_name="wargame", terminal_width=1000)
    lists = [
        f"## {group}\n\n"
        + grid(("Command", "What it does"), [(command_link(group, name), text) for name, text in names.items()])
        for group, names in GROUPS.items()
    ]
    head = NOTE + "# Commands\n\nEvery command has the option `-h`, `--help`.\n"
    variables = "## Environment variables\n\n" + grid(("Variable", "Meaning"), ENVIRONMENT) + "\n"
    content = "\n".join((head, section(root, top, "##"), "\n\n".join(lists) + "\n", variables))
    texts = {DOCS / "reference" / "commands.md": content}
    for group, names in GROUPS.items():
        commands = [(load(name), name) for name in names]
        sections = [section(each, typer.Context(each, info_name=name, parent=top), "##") for each, name in commands]
        texts[group_page(group)] = "\n".join((NOTE + f"# Commands: {group.lower()}\n", *sections))
    return texts


def command_link(group: str, name: str) -> str:
    """A link from the list of commands to the section of one."""
    return f"[`wargame {name}`]({group_page(group).name}#wargame-{name.replace(' ', '-')})"


def group_page(group: str) -> Path:
    """The page of the commands of a group."""
    return DOCS / "reference" / f"commands-{group.lower().replace(' ', '-')}.md"


def section(command: Any, context: typer.Context, level: str) -> str:
    """One command as Markdown, with a heading of this level."""
    usage = " ".join(command.get_usage(context).removeprefix("Usage:").split())
    parts = [f"{level} {context.command_path}", fenced(usage), prose(command.help or ""), fenced(command.epilog or "")]
    parts += [see_also(GUIDES[name])] if (name := context.command_path.removeprefix("wargame ")) in GUIDES else []
    for title, kind in (("Argument", TyperArgument), ("Option", TyperOption)):
        records = [help_record(p, context) for p in command.params if isinstance(p, kind)]
        rows = [(code(name.strip()), marked(without_links(meaning))) for name, meaning in filter(None, records)]
        parts += [grid((title, "Meaning"), rows)] if rows else []
    return "\n\n".join(part for part in parts if part) + "\n"


def without_links(text: str) -> str:
    """The text with its square brackets escaped: in Markdown, `[a] [b]` is a link."""
    return text.replace("[", "\\[").replace("]", "\\]")


def prose(text: str) -> str:
    """Help text, in which blocks that must not be rewrapped are fenced."""
    blocks = re.split(r"\n\s*\n", inspect.cleandoc(text).replace("\b\n", "\b"))
    return "\n\n".join(fenced(b.lstrip("\b")) if b.startswith(("\b", " ")) else marked(b.strip()) for b in blocks)


def fenced(text: str) -> str:
    """A fenced block of text; an empty text if there is none."""
    return text and "```text\n" + inspect.cleandoc(text) + "\n```"
