"""Take all pictures of the documentation again, and write what they show to `docs/images/pictures.json`.

`python tools/pictures.py` needs chromium and its driver. A test compares `pictures.json` with what the pictures would
show now: the data of the run, of the exercise and of the messages in them. The gallery is compared whole.
"""

from __future__ import annotations

import json
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import gallery
import message_pictures
import screenshots
import web_screenshots

from wargame.executor.run import Destination, simulate
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run
from wargame.live.session.session import Session
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

SHOWN = Path(__file__).resolve().parent.parent / "docs" / "images" / "pictures.json"


def main() -> None:
    """Take the pictures and write what they show."""
    for tool in (screenshots, web_screenshots, message_pictures, gallery):
        tool.main()
    SHOWN.write_text(json.dumps(shown(), indent=2) + "\n", "utf-8")


def shown() -> dict[str, Any]:
    """Return what the pictures show now, by the beginning of their names.

    Journals count without their first record, which has the versions and hashes of inputs that no picture shows.
    """
    with tempfile.TemporaryDirectory() as place:
        return {
            "report-": review(Path(place) / "run"),
            "web-": screens(Path(place) / "exercise"),
            "message-": {name: digest(message_pictures.page(name)) for name in message_pictures.messages()},
        }


def review(folder: Path) -> dict[str, Any]:
    """Return the data of the run in the pictures of the review."""
    done = simulate(load(screenshots.SCENARIO), screenshots.SEED, place=Destination(out=folder))
    records = done.folder.journal.read_text("utf-8").splitlines()
    return {"decisions": done.manifest.decisions, "journal": digest("\n".join(records[1:]))}


def screens(folder: Path) -> dict[str, Any]:
    """Return the data of the exercise in the pictures of the screens: what its journal has when they are taken."""
    seats = dict.fromkeys(web_screenshots.SEATS, "human")
    settings = Settings(seats=tuple(seats.items()))
    session = Session.create(load(web_screenshots.SCENARIO), web_screenshots.SEED, settings, Destination(out=folder))
    try:
        console = Console(session)
        said = [line for command in web_screenshots.BEFORE for line in run(console, command)]
        records = session.exercise.records()
    finally:
        session.close()
    return {"lines": len(said), "records": len(records), "journal": digest(json.dumps(records[1:], default=str))}


def digest(text: str) -> str:
    """Return the hash of a text."""
    return sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    main()
