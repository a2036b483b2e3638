"""A small scenario with an event mapping, a batch of it, and its backtests."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from support.in_process import inside
from wargame.batches.api import open_batch
from wargame.evidence.backtest.events import BacktestRequest
from wargame.evidence.backtest.scoring import Backtest, backtest

ROOT = Path(__file__).resolve().parents[2]
HEAD = "id,date,end_date,actors,kind,cameo,description,source,confidence\n"
EVENTS = """
events:
  kinds:
    drill:
      title: Patrol in the strait
      kinds: [drill, manoeuvre]
      actors: [ARD, BRL]
      actions: [{options: [patrol]}]
    word:
      title: Protest or talk
      actors: [ARD, BRL]
      together: true
      cameo: ["11", "03"]
      actions: [{options: [protest, talk]}]
    deal:
      title: Trade between the two
      actors: [ARD, BRL]
      mutual: true
      actions: [{options: [trade]}]
    incident:
      title: Collision at sea
      actors: [sea]
      injects: [collision]
    war:
      title: Shots
      actors: [ARD]
      actions: [{options: [strike]}]
  names: {sea: Nobody in particular}
  unscored: {weather: nobody decides it}
history:
  - {id: R1, at: 2030-01-10, mark: decided, title: A patrol, by: [ARD], to: [BRL], option: patrol}
  - {id: R2, at: 2030-02-20, mark: decided, title: Another, by: [BRL], to: [ARD], option: patrol}
  - {id: R3, at: 2030-03-15, mark: exogenous, title: A storm drives patrols out, by: [BRL], to: [ARD], option: patrol}
  - {id: R4, at: 2030-04-02, mark: decided, title: One more, by: [BRL], to: [ARD], option: patrol}
"""
SCRIPT = """
format: wargame-injects/1
scenario: rivals
injects:
  - {id: collision, title: A collision, when: "tension > 0.01", salience: {strait: 5}}
  - {id: parade, title: A parade at sea, at: 2030-03-20, action: {option: patrol, by: ARD, to: BRL}}
"""
PAST = "P1,2030-01-10,,ARD>BRL,drill,150,,,\nP2,2030-02-20,,BRL>ARD,drill,150,,,\n"


def write_rivals(folder: Path) -> Path:
    """Write the scenario with its history, injects and event mapping into a folder."""
    text = (ROOT / "wargame/scenarios/two-rivals.yaml").read_text("utf-8")
    text = text.replace("name: two-rivals", "name: rivals").replace("injects: [two-rivals/msel]", "injects: [script]")
    text = text.replace("startex: 2030-01-01", "startex: 2030-03-01")
    (folder / "scenario.yaml").write_text(text + EVENTS, encoding="utf-8")
    (folder / "script.yaml").write_text(SCRIPT, encoding="utf-8")
    return folder


def play_rivals(folder: Path) -> Path:
    """Run the batch `b` in its folder: six runs with events."""
    words = ["-n", "6", "--until", "2030-06-20", "--events", "--jobs", "1", "--out", "b"]
    done = inside("batch", "scenario.yaml", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def play_rolling(folder: Path) -> Path:
    """Run the batch `rolling` in a folder of `write_rivals`: four arms, each with its own STARTEX, four runs each."""
    arms = [f"m{month}: {{startex: '2030-0{month}-01'}}" for month in (2, 3, 4, 5)]
    study = (
        "format: wargame-study/1\nname: r\nscenario: scenario.yaml\nreplications: 4\nuntil: 2030-06-10\nevents: true\n"
    )
    (folder / "rolling.yaml").write_text(study + "arms: {" + ", ".join(arms) + "}\n", encoding="utf-8")
    done = inside("batch", "rolling.yaml", "--jobs", "1", "--out", "rolling", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def score(batch: Path, path: Path, lines: str, **options: Any) -> Backtest:
    """Score a batch against events given as CSV lines, which are written to `path`."""
    path.write_text(HEAD + lines, encoding="utf-8")
    covered = {"covered": (date(2030, 1, 1), date(2030, 6, 30))} | options
    return backtest([open_batch(str(batch))], BacktestRequest(chronology=str(path), **covered))


def row(rows: list[dict[str, Any]], **values: Any) -> dict[str, Any]:
    """The first row with these values."""
    return next(each for each in rows if all(each[name] == value for name, value in values.items()))


QUESTIONS = """
targets:
  T1:
    title: Patrols
    source: invented
    until: 2030-06-15
    statistics:
      - {days_a_month: {of: {options: [patrol]}}, observed: "3", band: [1, 5]}
      - {delay: {cause: {options: [strike]}, response: {options: [trade]}}, observed: "3", band: [1, 5]}
claims:
  drills:
    statement: Drills raise tension
    mechanism: a patrol adds to tension
    until: 2030-05-01
    arms:
      off: {}
      on: {force: [2030-03-10 ARD patrol BRL]}
    measures:
      - {formula: mean(tension), contrast: {on: 1, off: -1}, expect: positive}
evidence:
  draws: 2
  runs_each: 2
  uncertainty:
    - {path: leaders.*.interests.*, times: [0.5, 2]}
"""


def write_questions(folder: Path) -> None:
    """Writes the scenario of `write_rivals` with a target, a claim and uncertain numbers."""
    path = write_rivals(folder) / "scenario.yaml"
    path.write_text(path.read_text("utf-8") + QUESTIONS, encoding="utf-8")
