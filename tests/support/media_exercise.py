"""An exercise with attachments and questionnaires, played to its end."""

from __future__ import annotations

from pathlib import Path

from support import media
from support.live import OPEN, output_of
from wargame.executor.run import Destination
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

SCRIPT = """format: wargame-injects/1
scenario: two-rivals
injects:
  - id: letter
    title: Working title of the author
    subject: <b>A letter</b>
    manual: true
    channel: Email
    sender: Embassy
    audience: [ARD]
    message: "**See** the <i>map</i>."
    attachments: [{file: map.png, title: The strait, description: two islands}, call.wav]
    questionnaire:
      within: 2d
      questions:
        - {id: sure, text: How sure?, scale: [1, 5]}
        - {id: next, text: What next?, choices: [talk, "wait, and see"], several: true}
        - {id: why, text: Why?}
  - id: spare
    title: Not sent
    manual: true
    attachments: [spare.png]
  - id: person
    title: To each
    manual: true
    channel: Email
    questionnaire: {each: person, questions: [{id: ok, text: Agreed?, choices: [yes, no]}]}
"""
MAP, CALL, SPARE = media.png(), media.wav(), media.png(colour=(1, 2, 3))


def written(folder: Path) -> Path:
    """The inject file with its attachments beside it."""
    for name, data in (("map.png", MAP), ("call.wav", CALL), ("spare.png", SPARE)):
        (folder / name).write_bytes(data)
    (folder / "injects.yaml").write_text(SCRIPT, encoding="utf-8")
    return folder / "injects.yaml"


def exercise(folder: Path) -> Session:
    """The exercise at its start, with people in two seats; the run is in `run`."""
    settings = Settings(seats=(("ARD", "human"), ("BRL", "human")))
    loaded = load("two-rivals", [str(written(folder))])
    OPEN.append(Session.create(loaded, 5, settings, Destination(out=folder / "run")))
    return OPEN[-1]


def played(folder: Path) -> Path:
    """The run folder of the exercise, in which both questionnaires have answers."""
    there = Console(exercise(folder))
    output_of(
        there,
        "advance 1d",
        "release letter",
        "release person",
        "respond ARD 1.1 4",
        "respond ARD 1.2 talk",
        'respond ARD 1.3 "As <i>ever</i>."',
        "respond BRL person yes --name Ann",
        "respond BRL person no --name Bob",
        "advance 3d",
        "publish person",
        "endex",
    )
    there.session.close()
    return folder / "run"
