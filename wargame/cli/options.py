"""Arguments and options that several commands share, with their completion and checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

import typer

from wargame.cli import completion, lib
from wargame.cli.output import job_bar, print_json, print_next
from wargame.cli.tree import USUAL
from wargame.dataclasses import asdict, dataclass
from wargame.errors import UsageFault

LARGEST_SEED = 2**63 - 1
JournalKept = Literal["full", "decisions", "none"]
"""The level of the journal."""
Backend = Literal["process", "dask"]
"""Execution backend."""
ReportFormat = Literal["html", "md", "docx", "pdf"]
"""The format of a report."""
# Checks


def _seed(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= LARGEST_SEED:
        raise typer.BadParameter(f"a seed is a whole number from 0 to {LARGEST_SEED}")
    return value


class ScriptFile(NamedTuple):
    """A script of commands; with `keeps_going`, lines that are refused do not end it."""

    name: str
    text: str
    keeps_going: bool = False


def read_script(script: Path | None, *, keep_going: bool) -> ScriptFile | None:
    """Return a script of commands; UsageFault if it cannot be read, or is not UTF-8 text."""
    if script is None:
        if keep_going:
            raise UsageFault("--keep-going is for the lines of --script FILE (standard input goes on without it)")
        return None
    if not script.is_file():
        raise UsageFault(f"--script: {script} is not a file")
    try:
        return ScriptFile(str(script), lib.read_input(script).decode(), keep_going)
    except OSError as error:
        raise UsageFault(f"--script: {script} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageFault(f"{script} is not UTF-8 text") from None


def parse_seat(text: str, kinds: Sequence[str], option_name: str = "--seat", word: str = "KIND") -> tuple[str, str]:
    """Return government and kind of `GOV=KIND`; UsageFault if it is not that or the kind is not one of `kinds`."""
    government, _, kind = text.partition("=")
    if not government or kind not in kinds:
        choices = f"{', '.join(kinds[:-1])} or {kinds[-1]}"
        raise UsageFault(f"{option_name} {text}: write GOV={word}, where {word} is {choices}")
    return government, kind


def parse_limits(texts: Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """Return governments and what binds their players, of `GOV=LIMITS`; UsageFault if a text is not that."""
    check_once("--limits", texts or (), lambda text: text.partition("=")[0])
    return tuple(parse_seat(text, completion.LIMITS, "--limits", "LIMITS") for text in texts or ())


def check_once(option_name: str, texts: Sequence[str], key: Callable[[str], str]) -> None:
    """Raise UsageFault if an option is given twice for the same thing, since only the last would count."""
    seen: dict[str, str] = {}
    for text in texts:
        before = seen.setdefault(key(text), text)
        if before is not text and before != text:
            raise UsageFault(f"{option_name} {before} and {option_name} {text} contradict each other: leave one out")


def check_settings(sets: Sequence[str] | None, seats: Sequence[str] | None) -> None:
    """Raise UsageFault if --set or --seat is given twice for the same indicator, at the same time, or government."""

    def place_of_set(text: str) -> str:
        path, _, value = text.partition("=")
        return f"{''.join(path.split())}@{value.partition('@')[2].strip()}"

    check_once("--set", sets or (), place_of_set)
    check_once("--seat", seats or (), lambda text: text.partition("=")[0])


def format_of(form: ReportFormat | None, out: Path | None, template: Path | None = None) -> ReportFormat:
    """Return the format of a report: as given, or that of the name of its file; UsageFault if these differ.

    A template of Word is only for Word documents, which are then the default.
    """
    suffix = out.suffix.removeprefix(".").lower() if out else ""
    named: ReportFormat | None = next((each for each in get_args(ReportFormat) if each == suffix), None)
    if form is None and suffix in ("doc", "odt", "rtf", "txt", "pptx", "xlsx"):
        raise UsageFault(f"--out {out}: choose a name that ends in .{', .'.join(get_args(ReportFormat))}")
    if form is not None and named not in (None, form):
        remedy = f"leave out --format, or choose a name that ends in .{form}"
        raise UsageFault(f"--out {out} and --format {form} contradict each other ({remedy})")
    chosen: ReportFormat = form or named or ("docx" if template else "html")
    if template and chosen != "docx":
        raise UsageFault(f"--template {template}: only Word documents have a template (--format docx)")
    return chosen


# Declarations of arguments and options


@cache
def _texts() -> dict[str, str]:
    """Return the help of options and arguments by module and name, as in the file beside this one."""
    lines = Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines()
    return dict(line.split(" | ", 1) for line in lines if not line.startswith("#"))


def help_of(module: str, name: str) -> str:
    """Return the help of an option or argument that a module declares."""
    return _texts()[f"{module} {name}"]


def option(name: str, metavar: str, module: str, *short: str, **more: Any) -> Any:
    """Return an option with a value."""
    if name in ("--out", "--folder") and module not in ("batch", "evaluations"):
        more["callback"] = local
    return typer.Option(*short, name, metavar=metavar, help=help_of(module, name), **more)


def local(place: Path | None) -> Path | None:
    """UsageFault for an address, of which a path would make folders with its name."""
    if place is not None and re.match("[a-z][a-z0-9+]+:/", str(place)):
        raise UsageFault(f"{place} is an address: name a place on this machine (addresses are for batches)")
    return place


def flag(name: str, module: str, **more: Any) -> Any:
    """Return an option without a value, or whose type lists its values."""
    return typer.Option(name, help=help_of(module, name), **more)


def argument(metavar: str, module: str, **more: Any) -> Any:
    """Return an argument."""
    return typer.Argument(metavar=metavar, help=help_of(module, metavar), show_default=False, **more)


# Arguments

ScenarioOrStudy = Annotated[str, argument("SCENARIO|STUDY", "options", autocompletion=completion.study_names)]
Scenario = Annotated[str, argument("SCENARIO", "options", autocompletion=completion.scenario_names)]
ScenarioOrExercise = Annotated[str, argument("SCENARIO|EXERCISE", "options", autocompletion=completion.exercise_names)]
Run = Annotated[str, argument("RUN", "options", autocompletion=completion.run_names)]
Runs = Annotated[list[str], argument("RUN...|BATCH", "options", autocompletion=completion.run_and_batch_names)]
RunsToRead = Annotated[list[str], argument("RUN...|BATCH...", "options", autocompletion=completion.run_and_batch_names)]
Batches = Annotated[list[str], argument("BATCH...", "options", autocompletion=completion.last_and_batch_names)]

# Options of every command

Json = Annotated[bool, flag("--json", "options")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only results: no messages, no progress.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The amount of output: only one JSON document, only results, or messages and progress as well."""

    as_json: Json = False
    quiet: Quiet = False

    @property
    def silent(self) -> bool:
        """Whether no progress is shown."""
        return self.as_json or self.quiet

    def note(self, *notes: object) -> None:
        """Print notes on standard error, each in a line, unless only results are wanted."""
        for note in () if self.quiet else notes:
            typer.echo(f"note: {note}", err=True)

    def written(self, document: object, *lines: object, then: str = "") -> None:
        """Print what was written as a JSON document, or in lines with the command to type next; if quiet, nothing."""
        if self.as_json:
            print_json(document)
        elif not self.quiet:
            for line in lines:
                typer.echo(str(line))
            print_next(then)


# What is run

Injects = Annotated[list[str] | None, option("--injects", "FILE", "options", autocompletion=completion.inject_names)]
Until = Annotated[str | None, option("--until", "T", "options")]
Startex = Annotated[str | None, option("--startex", "DATE", "options")]
Variant = Annotated[str | None, option("--variant", "NAME", "options", autocompletion=completion.variant_names)]
Arm = Annotated[str | None, option("--arm", "NAME", "options", autocompletion=completion.arm_names)]
Sets = Annotated[
    list[str] | None, option("--set", "PATH=VALUE[@T]", "options", autocompletion=completion.indicator_names)
]
_ACT = '"GOV OPTION [TARGET]"'
Limits = Annotated[list[str] | None, option("--limits", "GOV=LIMITS", "options", autocompletion=completion.limits)]
Forbids = Annotated[list[str] | None, option("--forbid", _ACT, "options", autocompletion=completion.government_acts)]
Forces = Annotated[list[str] | None, option("--force", '"T GOV OPTION [TARGET]"', "options")]
Skips = Annotated[list[str] | None, option("--skip", "INJECT", "options", autocompletion=completion.inject_ids)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Changes of a scenario for a run."""

    sets: Sets = None
    forbids: Forbids = None
    forces: Forces = None
    skips: Skips = None

    def given(self) -> dict[str, Any]:
        """Return the changes as settings of a run have them."""
        changes = {"set": self.sets, "forbid": self.forbids, "force": self.forces, "skip": self.skips}
        return {name: tuple(texts or ()) for name, texts in changes.items()}


# Randomness and number of runs


def _seed_option(help_text: str) -> Any:
    return typer.Option("--seed", metavar="N", help=help_text, callback=_seed)


def replications(module: str, *, least: int = 2, most: int | None = 100_000) -> Any:
    """Return the option `-n, --replications N`."""
    return option("--replications", "N", module, "-n", min=least, max=most)


Seed = Annotated[int, _seed_option("Random seed.")]
ExerciseSeed = Annotated[int | None, _seed_option("Random seed. [default: 1, or the exercise's]")]
StudySeed = Annotated[int | None, _seed_option("Random seed. [default: 1, or the study's]")]
DeclaredSeed = Annotated[int | None, _seed_option("Random seed. [default: as declared in the scenario]")]
ResamplingSeed = Annotated[int | None, _seed_option("Random seed of the bootstrap. [default: a fixed one]")]
Replication = Annotated[int, option("--replication", "N", "options", min=0)]

# Where it runs

Jobs = Annotated[int | None, option("--jobs", "N", "options", min=1)]
Script = Annotated[Path | None, option("--script", "FILE", "options")]
KeepGoing = Annotated[bool, flag("--keep-going", "options")]

# What is kept

JournalLevel = Annotated[JournalKept, typer.Option("--journal", help="How much of the run to keep.")]
NoReport = Annotated[bool, flag("--no-report", "options")]
RunFolder = Annotated[Path | None, option("--out", "DIR", "run")]
BatchFolder = Annotated[str | None, option("--out", "DIR", "batch")]
Results = Annotated[Path | None, option("--out", "DIR", "evaluations")]
Resume = Annotated[bool, flag("--resume", "options")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRuns:
    """The runs of an evaluation: their draws, their executor and their folder."""

    seed: DeclaredSeed = None
    jobs: Jobs = None
    out: Results = None
    resume: Resume = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """The executor of a batch as typed."""

    jobs: Jobs = None
    executor: Annotated[Backend, typer.Option("--executor", help="Execution backend.")] = "process"
    scheduler: Annotated[str | None, option("--scheduler", "ADDR", "batch")] = None

    def start(self) -> Callable[[], lib.Executor]:
        """Return what makes the executor; UsageFault for options that exclude one another."""
        jobs, scheduler = self.jobs, self.scheduler
        if self.executor == "process":
            if scheduler is not None:
                raise UsageFault("--scheduler needs --executor dask")
            return lib.on_cores(jobs)
        if scheduler is not None and jobs is not None:
            raise UsageFault("--jobs: the cluster of --scheduler has its own workers (leave out one of the two)")
        if scheduler == "":
            raise UsageFault("--scheduler: the address is empty (leave out the option for a cluster on this machine)")
        return lambda: lib.Dask(scheduler, jobs or lib.cores())


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRuns:
    """The runs that answer the question of a study, and their folder."""

    replications: Annotated[int | None, replications("options")] = None
    seed: StudySeed = None
    workers: Workers
    resume: Resume = False
    out: BatchFolder = None


def out_file(module: str) -> Any:
    """Return the option `-o, --out FILE`."""
    return option("--out", "FILE", module, "-o")


Template = Annotated[Path | None, option("--template", "FILE.docx", "options")]


@contextmanager
def evaluation(
    label: str, n: int, loaded: lib.Loaded, runs: EvaluationRuns, *, quiet: bool
) -> Iterator[lib.EvaluationOptions]:
    """Return the options of an evaluation, with a progress bar and its seed; UsageFault with no folder to resume in."""
    if runs.resume and runs.out is None:
        raise UsageFault("--resume: give the folder of the earlier runs with --out")
    seed = loaded.scenario.evidence.seed if runs.seed is None else runs.seed
    with job_bar(label, quiet=quiet) as bar:
        out = None if runs.out is None else str(runs.out)
        batch = lib.BatchOptions(out=out, resume=runs.resume, executor=lib.on_cores(runs.jobs), progress=bar)
        yield lib.EvaluationOptions(n=n, seed=seed, batch=batch)


# Browsers

_SERVE = f"Also serve the exercise in browsers. [without a value: {USUAL}]"
Serve = Annotated[str | None, typer.Option("--serve", metavar="[HOST:PORT]", help=_SERVE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsers:
    """The address and the access of browsers to an exercise that is served."""

    tls_cert: Annotated[Path | None, option("--tls-cert", "FILE", "options")] = None
    tls_key: Annotated[Path | None, option("--tls-key", "FILE", "options")] = None
    public_host: Annotated[list[str] | None, option("--public-host", "NAME", "options")] = None
    no_lobby: Annotated[bool, flag("--no-lobby", "options")] = False


def serving_of(serve: str | None, browsers: Browsers, seats: tuple[str, ...]) -> lib.Serving | None:
    """Return how to serve; None without --serve. UsageFault if another option, or http in a seat, needs it."""
    if serve is not None:
        return served_at(serve, browsers, seats)
    for name, value in asdict(browsers).items():
        if value:
            raise UsageFault(f"--{name.replace('_', '-')} belongs to --serve")
    if seats:
        raise UsageFault(f"--seat {seats[0]}=http: the web API is there with --serve")
    return None


def served_at(address: str, browsers: Browsers, seats: tuple[str, ...]) -> lib.Serving:
    """Return how to serve, with tokens for programs in these seats; UsageFault for what cannot be used."""
    place = lib.read_address(address)
    # What cannot be served is reported before a run folder is created.
    lib.tls_context(browsers.tls_cert, browsers.tls_key)
    lib.listen(place).close()
    hosts = tuple(browsers.public_host or ())
    return lib.Serving(place, browsers.tls_cert, browsers.tls_key, hosts, lobby=not browsers.no_lobby, http_seats=seats)
