"""The shape of the command line: which commands there are, and help that leads with examples.

The table below names every command and its one line of help, so that `--help`, `--version` and
completion import none of them. A command's module holds a function `command` and its `EXAMPLES`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

import wargame

COMMANDS = {
    "run": "Play a scenario once and keep the run in a folder.",
    "batch": "Play many runs of a scenario or study, into a table with estimates.",
    "compare": "Tell what differs between arms and batches.",
    "claims": "Put a scenario's own claims to the test, each a paired experiment.",
    "rehearse": "Play a script many times before STARTEX and tell what it does.",
    "targets": "Hold the model against the scenario's targets: figures, bands, inside or outside.",
    "calibrate": "Find which numbers of the scenario its targets do not rule out.",
    "relations": "Tell routine from reciprocity in what governments do to one another.",
    "backtest": "Score simulated futures against what happened, and against naive forecasts.",
    "play": "Run a live exercise from a facilitator's console.",
    "resume": "Go on with a live exercise.",
    "join": "Join a running exercise from another terminal.",
    "fork": "Play other futures from a moment of a run.",
    "print": "Print turn sheets and inject cards on paper.",
    "validate": "Check scenario, inject and study files.",
    "verify": "Make a run again from its folder alone and compare.",
    "list": "List the scenarios, inject files, studies, runs and batches there are.",
    "show": "Print the summary of a run.",
    "why": "Trace a record of a run back to what began it.",
    "report": "Write the after-action review of a run, or the report of a batch.",
    "schema": "Print the JSON Schema of scenario, inject or study files.",
    "init": "Start a new exercise in a folder.",
}


def _show_version(value: bool | None) -> None:
    if value:
        typer.echo(f"wargame {wargame.__version__}")
        raise typer.Exit


Version = Annotated[
    bool | None, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
]


def _write_examples(formatter: Any, examples: str | None) -> None:
    if examples:
        with formatter.section("Examples"):
            for line in examples.strip().splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")


class ExampleFirst(TyperCommand):
    """A command whose help says what it does, shows examples, then usage and options."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the help; `epilog` holds the examples, one a line."""
        self.format_help_text(ctx, formatter)
        _write_examples(formatter, self.epilog)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)


class CommandTree(TyperGroup):
    """The `wargame` command: knows its commands by name and loads the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, line in COMMANDS.items():
            self.commands[name] = TyperCommand(name, short_help=line, rich_markup_mode=None)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Loads the command that `args` begins with, if there is one of that name."""
        if args and args[0] in COMMANDS:
            self.commands[args[0]] = load(args[0])
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the help, examples before options."""
        self.format_help_text(ctx, formatter)
        _write_examples(formatter, self.epilog)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        self.format_commands(ctx, formatter)
        TyperCommand.format_options(self, ctx, formatter)  # type: ignore[arg-type]


def load(name: str) -> Any:
    """The command of this name, ready to run."""
    module = import_module(f"wargame.cli.{name}")
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, cls=ExampleFirst, epilog=module.EXAMPLES, short_help=COMMANDS[name])(module.command)
    return get_command(app)
