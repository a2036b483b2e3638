"""Benchmark of large scenarios: how the cost of loading and of a run grows with governments, options and injects.

Scenarios are made from two-rivals: governments around one strait, the same kinds of options between all pairs. Each
size runs in a separate process; times are processor time, and the first column is their ratio to `import typer` in
the same sitting. The exponent compares a size with the one before it in its column.

    python benchmarks/large.py                        # 20, 40 and 60 governments, with the goals
    python benchmarks/large.py --governments 20 100
    python benchmarks/large.py --options 100 1000
    python benchmarks/large.py --injects 5000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from math import log
from pathlib import Path
from typing import Any

import yaml

GOALS = "run ^1.5, load and build ^1.3, 250 MB with 60 governments; 5,000 injects or 1,000 options load in 1.5 s"
BASE = Path(__file__).resolve().parent.parent / "wargame" / "scenarios" / "two-rivals.yaml"
TIMED = """
import gc, json, resource, sys, time
from wargame.cli import COLLECT_AFTER
gc.set_threshold(COLLECT_AFTER)  # as the command line does
path, until = sys.argv[1:3]
began = time.process_time()
from wargame.scenario.loading.load import load
loaded = load(path)
read = time.process_time() - began
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.world.size import bytes_needed
began = time.process_time()
exercise = Exercise(loaded, 1, Settings(journal="none", until=until))
built = time.process_time() - began
exercise.advance(exercise.end)
done = time.process_time() - began
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
parts = {"load": read, "build": built, "run": done - built}
parts |= {"decisions": exercise.decisions, "memory": memory, "needed": bytes_needed(loaded.scenario) / 1e6}
print(json.dumps(parts))
"""


def large(governments: int = 2, options: int = 0, injects: int = 0) -> dict[str, Any]:
    """A scenario with this number of governments, of further options of the same kinds, and of injects."""
    base = yaml.safe_load(BASE.read_text("utf-8"))
    names = [f"G{number:02}" for number in range(governments)]
    leaders = list(base["leaders"].values())
    scenario = {key: base[key] for key in ("format", "title", "summary", "dossiers", "indicators")}
    scenario |= {"name": "large", "calendar": base["calendar"], "injects": ["script"], "outcomes": {}}
    desks = base["governments"]["ARD"]["dossiers"]
    scenario["governments"] = {
        name: {"name": f"Land {name}", "leader": f"leader_{name.lower()}", "dossiers": desks} for name in names
    }
    scenario["leaders"] = {
        f"leader_{name.lower()}": leaders[place % 2]
        | {
            "government": name,
            "interests": {"tension": -1.0, f"control[{name}]": 2.0, f"growth[{name}]": 1.0},
        }
        for place, name in enumerate(names)
    }
    everybody = {"by": names, "to": names}
    kinds = {key: option | everybody for key, option in base["options"].items() if key != "strike"}
    more = {f"{key}_{copy}": option for copy in range(options // len(kinds)) for key, option in kinds.items()}
    scenario["options"] = kinds | more
    script = [
        {
            "id": f"i{number}",
            "title": f"Inject {number}",
            "at": f"{number * 180 // max(injects, 1)}d",
            "salience": {"strait": 1},
        }
        for number in range(injects)
    ]
    return scenario | {"script": script}


class _Plain(yaml.SafeDumper):
    """Writes each value where it stands, without aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's hook
        return True


def write(scenario: dict[str, Any], folder: Path) -> Path:
    """Write a scenario and its inject file into a folder, and return the path of the scenario."""
    script = {"format": "wargame-injects/1", "scenario": "large", "injects": scenario.pop("script")}
    if not script["injects"]:
        scenario.pop("injects")
    else:
        (folder / "script.yaml").write_text(yaml.dump(script, Dumper=_Plain), "utf-8")
    (folder / "scenario.yaml").write_text(yaml.dump(scenario, Dumper=_Plain, sort_keys=False), "utf-8")
    return folder / "scenario.yaml"


def measure(scenario: dict[str, Any], until: str) -> dict[str, float]:
    """Load and run a scenario in a separate process."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(scenario, Path(folder))
        words = [sys.executable, "-c", TIMED, str(path), until]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--governments", type=int, nargs="+", default=[])
    parser.add_argument("--options", type=int, nargs="+", default=[])
    parser.add_argument("--injects", type=int, nargs="+", default=[])
    parser.add_argument("--until", default="180d", help="the length of the run")
    options = parser.parse_args()
    if not (options.governments or options.options or options.injects):
        options.governments = [20, 40, 60]
    program = "import time; began = time.process_time(); import typer; print(time.process_time() - began)"
    typer = min(float(subprocess.check_output([sys.executable, "-c", program], text=True)) for _ in range(5))
    print(f"import typer: {typer:.3f} s of processor time")
    print(f"{'size':>18} {'load':>16} {'build':>16} {'run':>16} {'decisions':>10} {'MB':>6} {'needed':>7}")
    for kind in ("governments", "options", "injects"):
        before: tuple[int, dict[str, float]] | None = None
        for size in getattr(options, kind):
            result = measure(large(**{kind: size}), options.until)
            cells = []
            for part in ("load", "build", "run"):
                grown = log(result[part] / before[1][part]) / log(size / before[0]) if before else None
                cells.append(
                    f"{result[part] / typer:.1f} ({result[part]:.2f}s){'' if grown is None else f' ^{grown:.1f}'}"
                )
            columns = " ".join(f"{cell:>16}" for cell in cells)
            memory = f"{result['memory']:>6.0f} {result['needed']:>7.0f}"
            print(f"{size:>6} {kind:>11} {columns} {result['decisions']:>10} {memory}")
            before = size, result
    print(f"goals: {GOALS}")


if __name__ == "__main__":
    main()
