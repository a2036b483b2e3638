"""Options of programs and language models in seats, which several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli.options import flag, option, parse_seat
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wargame.brains.specification import LlmOptions
    from wargame.brains.unattended import Players

KINDS_OF_PROGRAMS = "program:FILE or llm:MODEL"


class OnFailure(StrEnum):
    """What happens with a decision that a program has not taken."""

    MODEL = "model"
    NOTHING = "nothing"
    STOP = "stop"


Seats = Annotated[
    list[str] | None,
    option("--seat", "GOV=KIND", "Who decides for a government: model, script, program:FILE or llm:MODEL."),
]
BrainTimeout = Annotated[
    str | None, option("--brain-timeout", "TIME", "How long a program has for each answer. [default: 60s]")
]
BrainFailed = Annotated[
    OnFailure | None,
    typer.Option(
        "--brain-failed",
        help="What happens with a decision that a program has not taken. [default: nothing]",
        show_default=False,
    ),
]
Personas = Annotated[
    list[str] | None,
    option("--persona", "GOV=NAME", "The persona of a language model: hawk, dove, neutral or a text file."),
]
Cassette = Annotated[
    str | None,
    option("--cassette", "FILE", "Answers of language models: read before asking, and kept. [default: in the run]"),
]
Offline = Annotated[bool, flag("--offline", "Take the answers of language models from the cassette alone.")]
LlmTokens = Annotated[
    int | None, option("--llm-tokens", "N", "Tokens that the language model of a seat may use in a run.", min=1)
]
LlmCalls = Annotated[
    int | None, option("--llm-calls", "N", "Calls that the language model of a seat may make in a run.", min=1)
]


def llm_options(
    personas: Sequence[str] | None, cassette: str | None, tokens: int | None, calls: int | None, *, offline: bool
) -> LlmOptions:
    """The options of language models as they were typed; UsageFault if they are wrong."""
    from wargame.brains.specification import LlmOptions

    pairs = []
    for text in personas or ():
        government, equals, name = text.partition("=")
        if not equals or not government or not name:
            raise UsageFault(f"--persona {text}: write GOV=NAME, such as PRK=hawk")
        pairs.append((government, name))
    if offline and cassette is None:
        raise UsageFault("--offline needs --cassette FILE, from which it takes the answers")
    return LlmOptions(
        personas=tuple(pairs), cassette=cassette or "", offline=offline, tokens=tokens or 0, calls=calls or 0
    )


def players_of(
    seats: Sequence[tuple[str, str]],
    timeout: str | None,
    failed: OnFailure | None,
    llm: LlmOptions,
) -> tuple[tuple[tuple[str, str], ...], Players | None]:
    """The seats as the engine knows them, and the programs in them; None if there are none."""
    from wargame.brains.specification import TIMEOUT, Conditions, LlmOptions, read_timeout, split_seats
    from wargame.brains.unattended import Players

    plain, specs = split_seats(tuple(seats))
    if not specs:
        if timeout is not None or failed is not None:
            raise UsageFault("--brain-timeout and --brain-failed are for programs: add --seat GOV=program:FILE")
        if llm != LlmOptions():
            raise UsageFault("--persona, --cassette, --offline and --llm-… are for --seat GOV=llm:MODEL")
        return plain, None
    conditions = Conditions(
        timeout=read_timeout(timeout) if timeout is not None else TIMEOUT,
        failed=(failed or OnFailure.NOTHING).value,
    )
    return plain, Players(specs=specs, conditions=conditions, llm=llm)


def written(players: Players) -> str:
    """The options with which these programs play, as they continue a command line."""
    from wargame.brains.specification import TIMEOUT
    from wargame.cli.output import command_line

    conditions, llm = players.conditions, players.llm
    typed = command_line(
        brain_timeout=f"{conditions.timeout:g}" if conditions.timeout != TIMEOUT else None,
        brain_failed=conditions.failed if conditions.failed != OnFailure.NOTHING.value else None,
        persona=[f"{government}={name}" for government, name in llm.personas],
        cassette=llm.cassette,
        offline=llm.offline,
        llm_tokens=llm.tokens or None,
        llm_calls=llm.calls or None,
    )
    return typed.removeprefix("wargame")


def print_usage(usage: dict[str, Any]) -> None:
    """Print what the programs of a run took."""
    from wargame.brains.transcript import usage_lines

    if usage:
        typer.echo("Programs in seats:")
        for line in usage_lines(usage):
            typer.echo(f"  {line}")


def parse_any_seat(text: str, kinds: Sequence[str]) -> tuple[str, str]:
    """Government and kind of `GOV=KIND`, where KIND is one of `kinds`, `program:FILE` or `llm:MODEL`."""
    from wargame.brains.specification import is_brain

    government, _, kind = text.partition("=")
    if government and is_brain(kind):
        return government, kind
    if kind in ("program", "llm"):
        raise UsageFault(f"--seat {text}: write {government}={kind}:{'FILE' if kind == 'program' else 'MODEL'}")
    return parse_seat(text, (*kinds, "program:FILE", "llm:MODEL"))
