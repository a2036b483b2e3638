"""Benchmark of the start of the command line, as ratios to the same step of a program that only uses Typer.

`--version` and `--help` read no arguments. `validate` with 200 injects is compared with a Typer program that has one
argument. The other commands read korea-2017, or a run of it, and are compared with `import typer`; `run` simulates
two-rivals. Times are processor time. Runs of all commands are interleaved, so that changes in the machine's load affect
all of them, and minima are compared, since other work only adds time. All programs have compiled bytecode, whatever the
environment says.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from wargame.scenario.loading.load import load
from wargame.scenario.model import Scenario

COMMAND = "import sys; sys.argv[0] = 'wargame'; from wargame.cli import main; sys.exit(main())"
WARGAME = [sys.executable, "-c", COMMAND]
IMPORT = "import typer"
ARGUMENT = "a Typer program with one argument"
BASES = {IMPORT: IMPORT, ARGUMENT: "import sys, typer; typer.run(lambda path: None)"}
"""Programs without anything of ours, by their names in the table."""
GOALS = {
    "--version": (IMPORT, 1.5),
    "--help": (IMPORT, 2.7),
    "validate INJECTS": (ARGUMENT, 3.0),
    "list": (IMPORT, 4.0),
    "validate korea-2017": (IMPORT, 8.0),
    "show RUN": (IMPORT, 7.0),
    "why RUN": (IMPORT, 7.0),
    "run two-rivals --out OTHER --no-report": (IMPORT, 8.0),
}
"""The base of each command, and the ratio to it that is aimed at."""
SCENARIO = "two-rivals"
INJECTS = 200


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="interleaved runs of each command")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        env = environment(folder)
        places = {name: Path(folder) / name for name in ("INJECTS", "RUN", "OTHER")}
        places["INJECTS"].write_text(inject_file(load(SCENARIO).scenario, INJECTS), encoding="utf-8")
        make = [*WARGAME, "run", "korea-2017", "--out", str(places["RUN"]), "--no-report"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, env=env)
        times = measure(commands(places), rounds, env, places["OTHER"])
    print(table({name: min(values) for name, values in times.items()}))


def commands(places: dict[str, Path]) -> dict[str, list[str]]:
    """The commands to time, by their names in the table; words in capitals are places."""
    wargame = {name: [*WARGAME, *(str(places.get(word, word)) for word in shlex.split(name))] for name in GOALS}
    bases = {name: [sys.executable, "-c", program, "word"] for name, program in BASES.items()}
    return bases | wargame


def inject_file(scenario: Scenario, count: int) -> str:
    """An MSEL of `count` injects, alternately dated, chained and conditional."""
    government, dossier = min(scenario.governments), min(scenario.dossiers)
    triggers = ('at: "D+{day} H+6"', "after: {{inject: x{before}, delay: 2d}}", 'when: "day > {day}"')
    blocks = [
        "\n".join(
            (
                f"  - id: x{n}",
                f"    title: Report {n} reaches the capital",
                "    " + triggers[n % len(triggers)].format(day=n + 1, before=max(n - 1, 0)),
                "    storyline: tension",
                "    channel: Cable",
                f"    audience: [{government}]",
                f"    message: The embassy reports movements for the {n}. time and asks for instructions.",
                f"    salience: {{{dossier}: 2}}",
            )
        )
        for n in range(count)
    ]
    return "\n".join((f"format: wargame-injects/1\nscenario: {scenario.name}\ninjects:", *blocks, ""))


def environment(folder: str) -> dict[str, str]:
    """The environment of the commands, with a place for bytecode."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPYCACHEPREFIX": folder}


def measure(todo: dict[str, list[str]], rounds: int, env: dict[str, str], made: Path) -> dict[str, list[float]]:
    """Processor seconds of each command in `rounds` runs, after one that warms caches and must succeed.

    `made` is the folder that one of them creates; it is removed each time.
    """
    times: dict[str, list[float]] = {name: [] for name in todo}
    for count in range(rounds + 1):
        for name, command in todo.items():
            began = processor_seconds()
            subprocess.run(command, check=True, capture_output=True, env=env)
            if count:
                times[name].append(processor_seconds() - began)
            shutil.rmtree(made, ignore_errors=True)
    return times


def processor_seconds() -> float:
    """Processor seconds of the processes that this one has waited for."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def table(least: dict[str, float]) -> str:
    """The least times, their ratios to their bases and the goals, as text."""
    rows = [f"{'start-up':42}{'least':>10}{'ratio':>8}{'goal':>8}"]
    for name, seconds in least.items():
        base, goal = GOALS.get(name, (name, None))
        compared = f"{seconds / least[base]:8.2f}{goal:8.1f}" if goal else ""
        rows.append(f"{name:42}{seconds * 1e3:7.0f} ms{compared}")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
