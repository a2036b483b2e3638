"""The command tree: names, groups and one-line summaries of all commands, and help that starts with examples.

`GROUPS` is enough for `--help`, `--version` and completion of names, so these import no command. The module
`wargame.cli.NAME` of a command holds the function `command`, and `SHAPE` if the command reads its arguments in a way of
its own; in the name of a command of two words, the space is an underscore. A module of several commands has functions
of their names. `commands.txt` lists all commands in the order of help, each with its group, its summary, the module if
it is such a one, and examples.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from importlib import import_module
from inspect import Parameter, Signature, cleandoc, signature
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

import wargame
from wargame.errors import nearest
from wargame.tables import tables

USUAL = "127.0.0.1:8765"
"""The address of the server without a value of --serve."""
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]*):\d+|\d+|\d+(\.\d+){3}|localhost")

_TABLE = Path(__file__).with_name("commands.txt").read_text("utf-8")
GROUPS: dict[str, dict[str, str]] = {}
"""Groups of commands in help, with the names and summaries of their commands."""
EXAMPLES: dict[str, str] = {}
"""The examples of each command, one a line."""
_MODULES: dict[str, str] = {}
for _head, _, _lines in (block.partition("\n") for block in _TABLE.split("\n\n")):
    _group, _name, _summary, *_module = _head.split(" | ")
    GROUPS.setdefault(_group, {})[_name] = _summary
    if _module:
        _MODULES[_name] = _module[0]
    EXAMPLES[_name] = cleandoc(_lines)
COMMANDS = {name: summary for group in GROUPS.values() for name, summary in group.items()}
FAMILIES = {"msel": "Exchange the MSEL with spreadsheets and calendars."}
"""Commands of two words by their first word."""
_OPTIONS = [
    line.split(" | ", 1) for line in Path(__file__).with_name("option_groups.txt").read_text("utf-8").splitlines()
]
MOST_USED = {name.removeprefix("short "): options for name, options in _OPTIONS if name.startswith("short ")}
"""The options of long commands that `-h` shows; `--help-all` shows the others."""
OPTION_GROUPS = {title: options for title, options in _OPTIONS if title[0].isupper()}
"""The groups of options in the help of commands with many options."""
ALL = "--help-all"
COMMON = frozenset({"--quiet", "--version", "--help", ALL})
"""Options that `-h` always shows."""
_RANGE = re.compile(r"(?P<low>\d+)<=x<=(?P<high>\d+)|x>=(?P<least>\d+)")
"""A range as Typer writes it in help."""


def _show_version(value: bool | None) -> None:
    if value:
        from wargame.numbers import PATH

        typer.echo(f"wargame {wargame.__version__} (numbers {PATH})")
        raise typer.Exit


_AT_ONCE: dict[str, Any] = {"callback": _show_version, "is_eager": True, "expose_value": False}
Version = Annotated[bool | None, typer.Option("--version", help="Show the version and exit.", **_AT_ONCE)]


def _show_all_help(context: typer.Context, value: bool | None) -> None:
    if value:
        context.meta[ALL] = True
        typer.echo(context.get_help())
        raise typer.Exit


HelpAll = Annotated[
    bool | None,
    typer.Option(ALL, help="Show all options, in groups.", callback=_show_all_help, is_eager=True, expose_value=False),
]


def _common(version: Version = None, help_all: HelpAll = None) -> None:
    """Add the options that `load` gives to commands; `help_all` only to those with many options."""


def _write_head(command: TyperCommand | TyperGroup, ctx: Any, formatter: Any) -> None:
    """Write the description, the examples and the usage."""
    command.format_help_text(ctx, formatter)
    if command.epilog:
        with formatter.section("Examples"):
            for line in command.epilog.strip().splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")
    formatter.write_paragraph()
    command.format_usage(ctx, formatter)


def help_record(parameter: Any, ctx: Any) -> tuple[str, str] | None:
    """Return the name and the meaning of a parameter in help.

    An argument has its metavar as its name, whatever Typer adds. The range of a number is a phrase, and an option that
    can be given several times says so.
    """
    record: tuple[str, str] | None = parameter.get_help_record(ctx)
    if record is None:
        return None
    name, meaning = record[0], _RANGE.sub(_range_in_words, record[1])
    if isinstance(parameter, TyperArgument):
        return str(parameter.metavar), meaning
    return name, f"{meaning} [repeatable]" if parameter.multiple else meaning


def _range_in_words(match: re.Match[str]) -> str:
    low, high = (f"{int(end):,}" for end in (match["low"] or match["least"], match["high"] or "0"))
    return f"{low} to {high}" if match["high"] else f"at least {low}"


def _value_message(message: str) -> str:
    """Return what Typer says of a wrong value, in the words of other messages, with the nearest choice."""
    for words, plain in tables("cli/values.yaml").items():
        message = message.replace(words, plain)
    message = _RANGE.sub(_range_in_words, message)
    value, one_of, choices = message.partition(" is not one of ")
    hint = nearest(value.strip("'"), re.findall(r"'([^']*)'", choices)) if one_of else ""
    return f"{message.rstrip('.')} ({hint})" if hint else message


def _add_remedy(error: Any, command: TyperCommand | TyperGroup) -> None:
    """Add to what Typer says of a wrong command line what to write instead."""
    words, name = str(getattr(error, "message", "") or ""), getattr(error, "option_name", "")
    option = next((each for each in command.params if name and name in each.opts), None)
    if type(error).__name__ == "MissingParameter":
        error.message = f"Write it as in: {(command.epilog or '').strip().partition(chr(10))[0]}"
    elif option is None and (
        meant := [each for each in _meant(name) if any(each in one.opts for one in command.params)]
    ):
        error.possibilities = meant
    elif option is not None and option.metavar:
        error.message = f"{words.rstrip('.')}: write {name} {option.metavar}"
    elif words.startswith("Got unexpected extra argument"):
        injects = "; an inject file is added with --injects FILE" if command.name in MOST_USED else ""
        error.message = f"{words} (quote a value that has spaces{injects})"
    elif isinstance(error, typer.BadParameter):
        error.message = _value_message(words)


def _meant(name: str) -> list[str]:
    """Return the options that people may mean by an option that there is not."""
    return str(tables("cli/typed.yaml").get(name, "")).split()


def _read_plain(parameters: list[Any]) -> None:
    """Have parameters read plain values themselves: Typer 0.29 has Pydantic read them, whose import takes long."""
    for each in parameters:
        each.process_value = _reader(each)


def _reader(parameter: Any) -> Callable[[Any, Any], Any]:
    """Return what reads the value of a parameter, by Typer if it is not plain."""
    kind, by_typer = getattr(getattr(parameter, "type_descriptor", None), "annotation", None), parameter.process_value

    def process(context: Any, value: Any) -> Any:
        try:
            read = _plain(parameter, kind, value, incomplete=context.resilient_parsing)
        except ValueError:
            if kind not in (int, float) or not isinstance(value, str):
                return by_typer(context, value)
            read = _number(context, parameter, kind, value)
        return parameter.callback(context, parameter, read) if parameter.callback else read

    return process


def _plain(parameter: Any, kind: Any, value: Any, *, incomplete: bool) -> Any:
    """Return a value of this type that needs no message; ValueError for others."""
    if value is None and (incomplete or not parameter.required):
        return () if parameter.multiple or parameter.nargs == -1 else None
    if kind == list[str] and value and not isinstance(value, str):
        return list(value)
    if value in get_args(kind) if get_origin(kind) is Literal else isinstance(kind, type) and isinstance(value, kind):
        return value
    if kind is Path and isinstance(value, str):
        return Path(value)
    if kind is int and isinstance(value, str) and re.fullmatch(r"\d{1,18}", value, re.ASCII):
        low, high = parameter.min, parameter.max
        if (low is None or low <= int(value)) and (high is None or int(value) <= high):
            return int(value)
    raise ValueError


def _number(context: Any, parameter: Any, kind: type[int] | type[float], value: str) -> float:
    """Return a number; BadParameter names what is no number or outside the range, as Typer 0.28 does."""
    low, high = parameter.min, parameter.max
    try:
        number = kind(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is not a valid {kind.__name__}.", context, parameter) from None
    if (low is not None and number < low) or (high is not None and number > high):
        ends = f"{low}<=x<={high}" if None not in (low, high) else f"x>={low}" if high is None else f"x<={high}"
        raise typer.BadParameter(f"{value} is not in the range {ends}.", context, parameter)
    return number


class ExampleFirst(TyperCommand):
    """A command whose help has the description, examples, usage and options, in this order."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage: an argument is its metavar, in brackets if optional, else in braces."""
        arguments = [each for each in self.get_params(ctx) if isinstance(each, TyperArgument)]
        named = [f"{{{each.metavar}}}" if each.required else f"[{each.metavar}]" for each in arguments]
        return [*([self.options_metavar] if self.options_metavar else []), *named]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options; of a long command the most used ones, or all in groups."""
        parameters = self.get_params(ctx)
        options: list[Any] = [each for each in parameters if isinstance(each, TyperOption)]
        arguments: list[Any] = [each for each in parameters if isinstance(each, TyperArgument)]
        sections = {"Arguments": arguments, "Options": options}
        first = MOST_USED.get(str(self.name), "").split()
        if first and ctx.meta.get(ALL):
            del sections["Options"]
            for each in options:
                groups = (title for title, names in OPTION_GROUPS.items() if set(each.opts) & set(names.split()))
                sections.setdefault(next(groups, "Help"), []).append(each)
        elif first:
            shown = [next(each for each in options if name in each.opts) for name in first]
            sections["Options"] = [*shown, *(each for each in options if COMMON & set(each.opts))]
        for title, members in sections.items():
            if records := [record for each in members if (record := help_record(each, ctx))]:
                with formatter.section(title):
                    formatter.write_dl(records)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; `--serve` may be given without a value. What is wrong with them gets a remedy."""
        try:
            out: list[str] = []
            for place, argument in enumerate(args):
                out.append(argument)
                following = args[place + 1] if place + 1 < len(args) else ""
                if argument == "--serve" and not _ADDRESS.fullmatch(following):
                    out.append(USUAL)
            _read_plain(self.get_params(ctx))
            return super().parse_args(ctx, out)
        except typer.TyperException as error:
            _add_remedy(error, self)
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help; `epilog` holds the examples, one a line."""
        _write_head(self, ctx, formatter)
        self.format_options(ctx, formatter)


class Family(TyperGroup):
    """Commands of two words, such as `msel export`; a subcommand is imported when it is called."""

    @property
    def prefix(self) -> str:
        """Return the common beginning of the names of its commands."""
        return f"{self.name} "

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options of the group; what is wrong with them gets a remedy."""
        _read_plain(self.get_params(ctx))
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            _add_remedy(error, self)
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Load the command that `args` begin with; an unknown name is an error that suggests the nearest one."""
        if args and (name := self.prefix + args[0]) in COMMANDS:
            self.commands[args[0]] = load(name)
        try:
            return super().resolve_command(ctx, args)
        except typer.TyperException as error:
            if meant := tables("cli/typed.yaml").get(f"{self.prefix}{args[0]}".lower()):
                error.message = f"{error.message.partition('.')[0]}. Did you mean 'wargame {meant}'?"
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help: what the subcommands do."""
        _write_head(self, ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.short_help) for name, command in self.commands.items()])
        TyperCommand.format_options(self, ctx, formatter)  # type: ignore[arg-type]  # not the group's, which adds commands


class CommandTree(Family):
    """The `wargame` command."""

    prefix = ""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, summary in COMMANDS.items():
            self.commands[name] = TyperCommand(name, short_help=summary, rich_markup_mode=None)
        for name, summary in FAMILIES.items():
            family = Family(name=name, help=summary, short_help=summary, no_args_is_help=True, rich_markup_mode=None)
            for full, line in COMMANDS.items():
                first, _, second = full.partition(" ")
                if first == name and second:
                    family.commands[second] = TyperCommand(second, short_help=line, rich_markup_mode=None)
            self.commands[name] = family

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of commands by their first word."""
        del ctx
        return list(dict.fromkeys(name.partition(" ")[0] for name in COMMANDS))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help: examples first, then the commands in groups, their summaries in one column."""
        _write_head(self, ctx, formatter)
        width = max(map(len, COMMANDS))
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(name.ljust(width), summary) for name, summary in commands.items()])
        TyperCommand.format_options(self, ctx, formatter)  # type: ignore[arg-type]  # not the group's, which adds commands


def with_groups(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command with an option for each field of its parameters that are groups of options.

    A group is a dataclass; its fields are options or other groups.
    """
    hints = get_type_hints(function, include_extras=True)
    spread: list[Parameter] = []
    for name, parameter in signature(function).parameters.items():
        if is_dataclass(hints[name]):
            every = _options_of(hints[name])
            spread += [Parameter(key, Parameter.KEYWORD_ONLY, default=value, annotation=of) for key, of, value in every]
        else:
            spread.append(parameter.replace(annotation=hints[name]))

    def call(**values: Any) -> None:
        function(**{name: _gathered(name, hints[name], values) for name in signature(function).parameters})

    call.__doc__ = function.__doc__
    call.__signature__ = Signature(spread)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in spread}
    return call


def _options_of(group: Any) -> Iterator[tuple[str, Any, Any]]:
    hints = get_type_hints(group, include_extras=True)
    for item in fields(group):
        if is_dataclass(hints[item.name]):
            yield from _options_of(hints[item.name])
        else:
            yield item.name, hints[item.name], Parameter.empty if item.default is MISSING else item.default


def _gathered(name: str, hint: Any, values: dict[str, Any]) -> Any:
    if not is_dataclass(hint):
        return values[name]
    hints = get_type_hints(hint, include_extras=True)
    return hint(**{item.name: _gathered(item.name, hints[item.name], values) for item in fields(hint)})  # type: ignore[operator]


@cache
def _descriptions() -> dict[str, str]:
    """Return what the help of a command says after its first line, by command; a backslash and b precede a table."""
    text = Path(__file__).with_name("descriptions.txt").read_text("utf-8").replace(r"\b", "\b")
    _, *parts = re.split(r"^# (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def function_of(name: str) -> Callable[..., None]:
    """Return the function of the command of this name."""
    module = import_module(f"wargame.cli.{_MODULES.get(name) or name.replace(' ', '_')}")
    function: Callable[..., None] = getattr(module, name.rpartition(" ")[2] if name in _MODULES else "command")
    return function


def load(name: str) -> Any:
    """Return the command of this name, ready to be called."""
    function, last = function_of(name), name.rpartition(" ")[2]
    shape = getattr(import_module(function.__module__), "SHAPE", ExampleFirst)
    apps = [typer.Typer(add_completion=False, rich_markup_mode=None) for _ in range(2)]
    told = f"{function.__doc__}\n\n{_descriptions().get(name, '')}"
    how: dict[str, Any] = {"cls": shape, "epilog": EXAMPLES[name], "short_help": COMMANDS[name], "help": told}
    apps[0].command(last, **how)(with_groups(function))
    apps[1].command()(_common)
    command, other = map(get_command, apps)
    command.params += [each for each in other.params if ALL not in each.opts or name in MOST_USED]
    return command
