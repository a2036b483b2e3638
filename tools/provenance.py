"""Where the numbers on a page of evidence are from: commits, scripts and times of the runs behind them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = "from.json"
"""The file in the folder of a step: one entry for each commit at which it was run or resumed."""
QUICK = "quick-"
"""How the name of a folder of the quick size begins."""
NAME = "from"
"""The marker of the place on a page; `tools/evidence.py` writes into it."""


def note(folder: Path, entry: dict[str, Any]) -> None:
    """Add the entry of a step to its folder, unless it repeats the last one.

    It is written after the step, completed or interrupted, since a command does not begin in a folder with other files.
    """
    entries = read(folder)
    repeated = entries and all(entries[-1][key] == entry[key] for key in ("commit", "scripts"))
    if folder.exists() and not repeated:
        (folder / FILE).write_text(json.dumps([*entries, entry], indent=1), "utf-8")


def entry(scenario: str) -> dict[str, Any]:
    """The present commit, the scripts of the scenario and the date."""
    return {"commit": commit(), "scripts": scripts(scenario), "at": f"{datetime.now(UTC):%Y-%m-%d}"}


def read(folder: Path) -> list[dict[str, Any]]:
    """The entries of a folder, the oldest first."""
    path = folder / FILE
    return list(json.loads(path.read_text("utf-8"))) if path.exists() else []


def commit() -> str:
    """The present commit, with a plus if files have changed since, other than pages; `unknown` outside a clone."""
    try:
        head = _git("rev-parse", "--short=8", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    command = [shutil.which("git") or "git", "-C", str(ROOT), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - fixed words
    return done.stdout.strip()


def scripts(scenario: str) -> list[str]:
    """The inject files that the scenario names itself."""
    import yaml

    folder = ROOT / "wargame" / "scenarios" / scenario
    written = yaml.safe_load((folder / "scenario.yaml").read_text("utf-8"))
    return list(written.get("injects", ()))


def text(folder: Path) -> str:
    """A paragraph that names the commits and scripts of a folder."""
    entries = read(folder)
    if not entries:
        return "The commit of these numbers was not recorded.\n"
    commits = " and ".join(dict.fromkeys(f"`{each['commit']}` ({each['at']})" for each in entries))
    named = " and ".join(f"`{name}`" for name in entries[-1]["scripts"])
    more = " A plus means that files had changed since the commit." if "+" in commits else ""
    if folder.name.startswith(QUICK):
        more += " They are of the quick size: fewer runs than the scenario declares, so wider intervals."
    return f"These numbers are of commit {commits}, with the script {named} alone.{more}\n"


def seconds_per_year(scenario: str) -> float:
    """Processor time of a simulated year on this machine, from one run without a journal."""
    from wargame.scenario.loading.load import load
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.kernel.settings import Settings

    exercise = Exercise(load(scenario), 1, Settings(journal="none", until="365d"))
    began = process_time()
    exercise.advance(exercise.end)
    return process_time() - began


def listed(scenario: str, steps: Sequence[tuple[str, str, float]]) -> int:
    """Print steps (name, title, simulated years) with the processor time that they are expected to take here."""
    pace = seconds_per_year(scenario)
    for name, title, years in steps:
        print(f"{name:<44} {years * pace / 60:>6.0f} min  {title}")
    hours = sum(years for *_, years in steps) * pace / 3600
    print(f"about {hours:.1f} hours of processor time, at {pace:.2f} s for a simulated year; commands use all cores")
    return 0
