"""Decisions per second of several source trees, in turn: `python benchmarks/decisions.py [TREE[:PATH][@VARIANT] ...]`.

A tree is a folder with package `wargame` or a commit of this repository; without any, the first engine is compared with
this one, compiled and interpreted. PATH is `compiled` (the default, if it is compiled there) or `interpreted`. VARIANT
is one of korea-2017, for instance `without_conduct_over_time`, which has the rules of the first version.

Each round starts one process for each tree, which runs six seeds of korea-2017 after a warm run and reports its user
processor time for each decision. Rounds alternate between the trees, so that changes in the machine's speed affect all
of them. The factor is that of the first tree; the least of several rounds is the most reliable figure.
`--instructions` counts instructions with valgrind instead, once, which takes a minute for each tree: the count does not
depend on the load of the machine.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
FIRST = "ebe8655"
"""The first engine that was measured."""
GOAL = 6
"""Decisions per second, as a multiple of the first engine's rate."""
SEEDS = 6
PROGRAM = """
import resource, sys
try:
    from wargame.scenario.loading.load import load
    from wargame.simulation.kernel.settings import Settings
except ImportError:  # before these packages were divided
    from wargame.scenario.load import load
    from wargame.simulation.settings import Settings
from wargame.simulation.exercise import Exercise

loaded = load("korea-2017")
if sys.argv[3]:
    from wargame.batches.study.parameters import under
    loaded = under(loaded, sys.argv[3])


def run(seed):
    exercise = Exercise(loaded, seed, Settings(journal=sys.argv[1]))
    exercise.advance(exercise.end)
    return exercise.decisions


run(0)
start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
decisions = sum(run(seed) for seed in range(1, int(sys.argv[2]) + 1))
print(resource.getrusage(resource.RUSAGE_SELF).ru_utime - start, decisions)
"""


def parts(tree: str, unpacked: Path) -> tuple[str, str, str]:
    """The folder, the path and the variant of a tree. A commit is unpacked into a folder."""
    place, _, variant = tree.partition("@")
    source, _, path = place.partition(":")
    folder = Path(source)
    if not folder.is_dir():
        folder = unpacked / source
        command = ["git", "archive", "--format=tar", source]
        archive = subprocess.run(command, cwd=HERE, capture_output=True, check=False)
        if archive.returncode:
            sys.exit(f"{source} is neither a folder nor a commit of this clone (git fetch --unshallow brings old ones)")
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
    return os.path.realpath(folder), path or "compiled", variant


def process(tree: tuple[str, str, str], journal: str, seeds: int, *before: str) -> subprocess.CompletedProcess[str]:
    """Run seeds of a tree in a process, after the words of another program."""
    folder, path, variant = tree
    environment = os.environ | {"PYTHONPATH": folder, "WARGAME_NUMBERS": path, "PYTHONHASHSEED": "0"}
    command = [*before, sys.executable, "-c", PROGRAM, journal, str(seeds), variant]
    errors = subprocess.PIPE if before else None
    return subprocess.run(
        command, env=environment, cwd="/", stdout=subprocess.PIPE, stderr=errors, text=True, check=True
    )


def seconds(tree: tuple[str, str, str], journal: str) -> float:
    """User processor seconds for each decision."""
    spent, decisions = process(tree, journal, SEEDS).stdout.split()
    return float(spent) / int(decisions)


def instructions(tree: tuple[str, str, str], journal: str) -> float:
    """Instructions for each decision: what three runs take more than none."""
    with tempfile.TemporaryDirectory() as folder:
        valgrind = "valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"
        many, none = (process(tree, journal, seeds, *valgrind) for seeds in (3, 0))
    counts = [int(found[1]) for done in (many, none) if (found := re.search(r"Collected : (\d+)", done.stderr))]
    return (counts[0] - counts[1]) / int(many.stdout.split()[1])


def main() -> None:
    """Print a row for each tree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", metavar="TREE[:PATH][@VARIANT]")
    parser.add_argument("--times", type=int, default=5, help="rounds")
    parser.add_argument("--journal", default="none", help="level of the journal")
    parser.add_argument("--instructions", action="store_true", help="count instructions, with valgrind")
    options = parser.parse_args()
    if options.instructions and not shutil.which("valgrind"):
        parser.error("--instructions needs valgrind (on Debian: apt install valgrind)")
    trees = options.trees or [FIRST, str(HERE), f"{HERE}:interpreted"]
    measure, unit, scale = (instructions, "instructions", 1) if options.instructions else (seconds, "µs", 1e6)
    with tempfile.TemporaryDirectory() as folder:
        places = {tree: parts(tree, Path(folder)) for tree in trees}
        found: dict[str, list[float]] = {tree: [] for tree in trees}
        for _ in range(1 if options.instructions else options.times):
            for tree, values in found.items():
                values.append(measure(places[tree], options.journal))
    first = found[trees[0]]
    for tree, values in found.items():
        ratios = [one / other for one, other in zip(first, values, strict=True)]
        least, median = scale * min(values), scale * statistics.median(values)
        factor = f"factor {min(first) / min(values):.2f} (median of rounds {statistics.median(ratios):.2f})"
        print(f"{tree:40} {least:10,.1f} {unit} a decision (median {median:,.1f}), {factor}")
    goal = "" if options.trees else f"goal {GOAL} compiled; "
    print(f"{goal}Python {platform.python_version()}")


if __name__ == "__main__":
    main()
