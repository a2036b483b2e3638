"""Benchmark of the start of the command line, as ratios to the same step of a program that only uses Typer.

`--version` and `--help` read no arguments and are compared with `import typer`; `validate` is compared with a Typer
program that has one argument, since Typer loads Pydantic to read it. Runs of all commands are interleaved, so that
changes in the machine's load affect all of them, and medians are compared. Ratios depend less on the machine than
milliseconds. All programs have compiled bytecode, whatever the environment says.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from wargame.scenario.loading.load import load
from wargame.scenario.model import Scenario

COMMAND = "import sys; sys.argv[0] = 'wargame'; from wargame.cli import main; sys.exit(main())"
IMPORT = "import typer"
ARGUMENT = "a Typer program with one argument"
BASES = {IMPORT: IMPORT, ARGUMENT: "import sys, typer; typer.run(lambda path: None)"}
"""Programs without anything of ours, by their names in the table."""
GOALS = {
    "wargame --version": (IMPORT, 1.5),
    "wargame --help": (IMPORT, 2.7),
    "wargame validate (200 injects)": (ARGUMENT, 3.0),
}
"""The base of each command, and the ratio to it that is aimed at."""
SCENARIO = "two-rivals"
INJECTS = 200


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="interleaved runs of each command")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        injects = Path(folder) / "injects.yaml"
        injects.write_text(inject_file(load(SCENARIO).scenario, INJECTS), encoding="utf-8")
        times = measure(commands(injects), rounds, environment(folder))
    print(table({name: median(values) for name, values in times.items()}))


def commands(injects: Path) -> dict[str, list[str]]:
    """The commands to time, by their names in the table."""
    arguments = (["--version"], ["--help"], ["validate", str(injects)])
    wargame = [[sys.executable, "-c", COMMAND, *words] for words in arguments]
    bases = {name: [sys.executable, "-c", program, str(injects)] for name, program in BASES.items()}
    return bases | dict(zip(GOALS, wargame, strict=True))


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


def measure(todo: dict[str, list[str]], rounds: int, env: dict[str, str]) -> dict[str, list[float]]:
    """Wall-clock seconds of each command in `rounds` runs, after one that warms caches and must succeed."""
    times: dict[str, list[float]] = {name: [] for name in todo}
    for command in todo.values():
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    for _ in range(rounds):
        for name, command in todo.items():
            began = perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=env)
            times[name].append(perf_counter() - began)
    return times


def table(medians: dict[str, float]) -> str:
    """The medians, their ratios to their bases and the goals, as text."""
    rows = [f"{'start-up':34}{'median':>10}{'ratio':>8}{'goal':>8}"]
    for name, seconds in medians.items():
        base, goal = GOALS.get(name, (name, None))
        compared = f"{seconds / medians[base]:8.2f}{goal:8.1f}" if goal else ""
        rows.append(f"{name:34}{seconds * 1e3:7.0f} ms{compared}")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
