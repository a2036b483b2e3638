"""Options and arguments that several commands share, and their completion."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

LARGEST_SEED = 2**63 - 1


class Level(StrEnum):
    """How much the journal keeps."""

    FULL = "full"
    DECISIONS = "decisions"
    NONE = "none"


def _scenario_names(incomplete: str) -> list[str]:
    from wargame.scenario.loading import catalogue

    return [entry.name for entry in catalogue.scenarios() if entry.name.startswith(incomplete)]


def _inject_names(incomplete: str) -> list[str]:
    from wargame.scenario.loading import catalogue

    return [entry.name for entry in catalogue.injects() if entry.name.startswith(incomplete)]


def _run_names(incomplete: str) -> list[str]:
    from wargame.journal import folder

    names = [folder.LAST, *(found.name for found in folder.folders())]
    return [name for name in names if name.startswith(incomplete)]


def _seed(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= LARGEST_SEED:
        raise typer.BadParameter("a seed is a whole number from 0 to 9223372036854775807")
    return value


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only results, no messages or progress.")]
Playable = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO|STUDY",
        help="A built-in scenario or study, or the path of a file or folder.",
        autocompletion=_scenario_names,
        show_default=False,
    ),
]
Scenario = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A built-in scenario, or the path of a file or folder.",
        autocompletion=_scenario_names,
        show_default=False,
    ),
]
Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run folder, the name of one under runs/ or its start, or 'last'.",
        autocompletion=_run_names,
        show_default=False,
    ),
]
Injects = Annotated[
    list[str] | None,
    typer.Option(
        "--injects", metavar="FILE", help="Add an inject file, by path or built-in name.", autocompletion=_inject_names
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="One seed, one journal.", callback=_seed)]
StudySeed = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", help="One seed, one journal. [default: 1, or the study's]", callback=_seed),
]
DeclaredSeed = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", help="One seed, one result. [default: as declared]", callback=_seed),
]
ResamplingSeed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="N", help="Of the resamples behind intervals. [default: one of its own]", callback=_seed
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="T", help="End at a date, D+n, or a duration such as 90d.")
]
Startex = Annotated[
    str | None,
    typer.Option(
        "--startex", metavar="DATE", help="When the governments begin to decide; before it the record replays."
    ),
]
Seats = Annotated[
    list[str] | None,
    typer.Option("--seat", metavar="GOV=KIND", help="Who decides for a government: model or script."),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE[@T]", help="Set an indicator and its rest, at T or from the start."),
]
Bars = Annotated[
    list[str] | None, typer.Option("--forbid", metavar='"GOV OPTION [TARGET]"', help="Take an option off the menu.")
]
Forces = Annotated[
    list[str] | None, typer.Option("--force", metavar='"T GOV OPTION [TARGET]"', help="Make an action happen.")
]
Variant = Annotated[
    str | None,
    typer.Option("--variant", metavar="NAME", help="Another model of the crisis that the scenario declares."),
]
Skips = Annotated[list[str] | None, typer.Option("--skip", metavar="INJECT", help="Leave an inject out.")]
Replication = Annotated[int, typer.Option("--replication", min=0, metavar="N", help="Other draws under the same seed.")]
Arm = Annotated[str | None, typer.Option("--arm", metavar="NAME", help="The arm of a study.")]
JournalLevel = Annotated[Level, typer.Option("--journal", help="How much of the run to keep.")]
NoReport = Annotated[bool, typer.Option("--no-report", help="Write no report; the summary is kept and printed.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The run folder itself; must not exist.")]
Jobs = Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes. [default: one for each core]")]
Results = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Keep runs and result in this folder.")]
GoOn = Annotated[bool, typer.Option("--resume", help="Go on in the folder of --out.")]


def check_resume(out: Path | None, *, resume: bool) -> None:
    """UsageFault if there is no folder to go on in."""
    if resume and out is None:
        from wargame.errors import UsageFault

        raise UsageFault("--resume goes on in the folder of --out")
