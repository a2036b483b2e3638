"""Options of programs and language models in seats, which several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from wargame.brains import specification
from wargame.brains.llm.settings import LlmOptions
from wargame.brains.specification import HTTP, WANTED, Conditions, Players, brain_of, is_brain
from wargame.cli import completion, lib
from wargame.cli.options import flag, option, parse_seat
from wargame.cli.output import command_line
from wargame.dataclasses import asdict, dataclass, fields, replace
from wargame.errors import Invalid, UsageFault, shortened
from wargame.language.plain_text import clean

OnFailure = Literal["model", "nothing", "stop"]
"""The rule for a decision that a program has not taken."""
UNATTENDED = ("model", "script")
"""Kinds of seats that need no person."""
Seats = Annotated[list[str] | None, option("--seat", "GOV=KIND", "run", autocompletion=completion.seats)]
LiveSeats = Annotated[list[str] | None, option("--seat", "GOV=KIND", "play", autocompletion=completion.live_seats)]
Effort = Literal["low", "medium", "high"]
"""The reasoning effort asked of a language model."""
Programs = Annotated[list[str] | None, option("--seat", "GOV=KIND", "resume")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramOptions:
    """The options of programs as typed; a mechanism is one of them."""

    timeout: Annotated[str | None, option("--brain-timeout", "TIME", "brain_options")] = None
    failed: Annotated[OnFailure | None, flag("--brain-failed", "brain_options", show_default=False)] = None
    white_cell: Annotated[str | None, option("--white-cell", "KIND", "brain_options")] = None
    mechanism: Annotated[str | None, option("--mechanism", "NAME", "brain_options")] = None

    def given(self) -> dict[str, Any]:
        """Return what is typed: `timeout` in seconds, `failed` as a word."""
        timeout = {} if self.timeout is None else {"timeout": specification.read_timeout(self.timeout)}
        if self.white_cell is not None and (not is_brain(self.white_cell) or self.white_cell == HTTP):
            raise UsageFault(f"--white-cell {shortened(self.white_cell)}: write llm:MODEL, or program:FILE")
        return {name: value for name, value in asdict(self).items() if value is not None} | timeout

    def conditions(self) -> Conditions:
        """Return the conditions of programs."""
        return Conditions(**self.given())


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The options of language models as typed."""

    cassette: Annotated[str | None, option("--cassette", "FILE", "brain_options")] = None
    offline: Annotated[bool, flag("--offline", "brain_options")] = False
    tokens: Annotated[int | None, option("--llm-tokens", "N", "brain_options", min=1)] = None
    calls: Annotated[int | None, option("--llm-calls", "N", "brain_options", min=1)] = None
    temperature: Annotated[float | None, option("--llm-temperature", "X", "brain_options", min=0, max=2)] = None
    top_p: Annotated[float | None, option("--llm-top-p", "P", "brain_options", min=0, max=1)] = None
    effort: Annotated[Effort | None, flag("--llm-effort", "brain_options", show_default=False)] = None
    samples: Annotated[int | None, option("--llm-samples", "N", "brain_options", min=1, max=100)] = None
    prompt: Annotated[str | None, option("--prompt", "DIR", "brain_options")] = None

    def given(self) -> dict[str, Any]:
        """Return the fields of `LlmOptions`, and of the `programs` of a study, that are typed."""
        return {name: value for name, value in asdict(self).items() if value is not None and value is not False}

    def options(self) -> LlmOptions:
        """Return the options of language models; UsageFault if they are wrong."""
        if self.offline and self.cassette is None:
            raise UsageFault("--offline needs --cassette FILE, from which it takes the answers")
        return LlmOptions(**self.given())


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveProgramOptions:
    """The programs of a live exercise besides those in seats, and how all of them are asked."""

    asked: ProgramOptions
    advisers: Annotated[list[str] | None, option("--adviser", "GOV=KIND", "brain_options")] = None
    drafter: Annotated[str | None, option("--drafter", "KIND", "brain_options")] = None
    unattended: Annotated[bool, flag("--unattended", "brain_options")] = False
    models: Models


def players_of(
    seats: Sequence[tuple[str, str]], asked: ProgramOptions, llm: LlmOptions
) -> tuple[tuple[tuple[str, str], ...], Players | None]:
    """Return the seats as the engine knows them, and the programs in them; None if there are none."""
    plain, specs = specification.split_seats(tuple(seats))
    conditions = asked.conditions()
    return plain, Players(specs=specs, conditions=conditions, llm=llm) if specs or conditions.mechanism else None


def with_declared(typed: Players | None, declared: Players | None, overridden: set[str]) -> Players | None:
    """Return the programs of an arm of a study, replaced by the typed ones where there are any."""
    specs = [spec for spec in (declared.specs if declared else ()) if spec.government not in overridden]
    if declared is None or not (specs or declared.conditions.mechanism):
        return typed
    if typed is None:
        return replace(declared, specs=tuple(specs))
    return replace(typed, specs=(*specs, *typed.specs))


def check_asked(players: Players | None, asked: ProgramOptions | None, llm: LlmOptions) -> None:
    """Raise UsageFault for options of programs, or of language models, where there are none."""
    if players is None and asked is not None and asked.given():
        what = "--brain-timeout, --brain-failed and --white-cell are for programs"
        raise UsageFault(f"{what}: add --seat GOV=program:FILE")
    kinds = [spec.kind for spec in players.specs] + [players.conditions.white_cell[:3]] if players else []
    if llm != LlmOptions() and "llm" not in kinds:
        raise UsageFault("--cassette, --offline, --prompt and --llm-… are for --seat GOV=llm:MODEL")


def check_asked_of_arms(arms: Iterable[Players | None], asked: ProgramOptions, models: Models) -> None:
    """Raise UsageFault for options of programs, or of language models, which no arm has."""
    found: list[Players | None] = [players for players in arms if players is not None]
    with_model = (each for each in found if each and any(spec.kind == "llm" for spec in each.specs))
    check_asked(next(with_model, found[0] if found else None), asked, models.options())


OnReplaced = Literal["keep", "drop", "fail"]
"""The rule for runs in which the model took decisions in the place of a player."""
Replaced = Annotated[OnReplaced | None, flag("--on-replaced", "batch", show_default=False)]


def study_programs(asked: ProgramOptions, models: Models, replaced: OnReplaced | None) -> tuple[tuple[str, Any], ...]:
    """Return the fields of the `programs` of a study that the command line changes."""
    given = asked.given() | models.given() | ({"replaced": replaced} if replaced else {})
    if "prompt" in given:
        from wargame.brains.llm.prompt import check_templates

        check_templates(f"--prompt {given['prompt']}", Path(given["prompt"]))
    given |= {"timeout": max(1, ceil(given["timeout"]))} if "timeout" in given else {}
    given |= {name: str(Path(given[name]).resolve()) for name in ("cassette", "prompt") if name in given}
    given |= {"white_cell": specification.located(given["white_cell"], Path())} if "white_cell" in given else {}
    return tuple(given.items())


def typed_programs(programs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the options that give these fields of the `programs` of a study."""
    plain = {"timeout": "brain_timeout", "failed": "brain_failed", "replaced": "on_replaced"}
    plain |= {name: name for name in ("cassette", "offline", "prompt", "white_cell", "mechanism")}
    return {plain.get(name, f"llm_{name}"): value for name, value in programs}


def split_http(seats: Sequence[tuple[str, str]]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the seats, with people in place of programs that use the API, and the governments of these programs."""
    api = tuple(government for government, kind in seats if kind == HTTP)
    return tuple((government, "human" if kind == HTTP else kind) for government, kind in seats), api


def service(players: Players | None, live: LiveProgramOptions, llm: LlmOptions) -> lib.Service | None:
    """Return the programs of a live exercise beside its console; None if there are none.

    Raises UsageFault for an adviser or a drafter that is not a program, and for options of programs, or of language
    models, where there are none.
    """
    if live.drafter and live.asked.white_cell:
        raise UsageFault("--white-cell also drafts injects: leave out --drafter")
    drafter = live.drafter or live.asked.white_cell
    if live.unattended and live.asked.white_cell is None:
        raise UsageFault("--unattended carries out proposals of --white-cell llm:MODEL: add that option")
    beside = [*(live.advisers or ()), *filter(None, (live.drafter, live.asked.white_cell))]
    if not any("llm:" in text for text in beside):
        check_asked(players, None if beside else live.asked, llm)
    named = [("--adviser", *text.partition("=")[::2]) for text in live.advisers or ()]
    named += [("--drafter", "EXCON", drafter)] if drafter is not None else []
    for option_name, government, kind in named:
        if not is_brain(kind) or kind == HTTP:
            example = "KOR=llm:MODEL" if option_name == "--adviser" else "llm:MODEL"
            raise UsageFault(f"{option_name} {shortened(f'{government}={kind}')}: write {option_name} {example}")
    specs = {name: [brain_of(who, kind) for each, who, kind in named if each == name] for name, _, _ in named}
    if players is None and not specs:
        return None
    every = players or Players(specs=(), conditions=live.asked.conditions(), llm=llm)
    every = replace(every, conditions=replace(every.conditions, unattended=live.unattended))
    return lib.live_programs(every, specs.get("--adviser", []), next(iter(specs.get("--drafter", [])), None))


def resumed(seats: Sequence[str] | None, live: LiveProgramOptions) -> tuple[lib.Service | None, tuple[str, ...]]:
    """Return the programs that take part in an exercise that is resumed, and the governments of programs at the API."""
    llm = live.models.options()
    seated, api = split_http([parse_any_seat(text, (HTTP,)) for text in seats or ()])
    _, players = players_of([(who, kind) for who, kind in seated if who not in api], live.asked, llm)
    return service(players, live, llm), api


def written(players: Players) -> str:
    """Return the options with which these programs play, as they continue a command line."""
    every = [(each, getattr(of, each.name)) for of in (players.conditions, players.llm) for each in fields(of)]
    changed = {each.name: value for each, value in every if value != each.default}
    changed |= {"timeout": f"{changed['timeout']:g}"} if "timeout" in changed else {}
    return command_line(**typed_programs(changed.items())).removeprefix("wargame")


def print_usage(lines: Callable[[], list[str]]) -> None:
    """Print what the programs of runs took, or a note if a file of theirs is damaged."""
    try:
        found = lines()
    except Invalid as error:
        typer.echo(f"note: {error}", err=True)
        return
    for line in ("Programs in seats:", *(f"  {clean(line)}" for line in found)) if found else ():
        typer.echo(line)


def parse_any_seat(text: str, kinds: Sequence[str]) -> tuple[str, str]:
    """Return government and kind of `GOV=KIND`, where KIND is one of `kinds`, `program:FILE` or `llm:MODEL`."""
    government, _, kind = text.partition("=")
    if government and is_brain(kind):
        return government, kind
    if kind in WANTED:
        raise UsageFault(f"--seat {text}: write {government}={kind}:{WANTED[kind]}")
    return parse_seat(text, (*kinds, "program:FILE", "llm:MODEL"))
