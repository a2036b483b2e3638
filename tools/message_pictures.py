"""Take the pictures of message templates: `python tools/message_pictures.py` writes `docs/images/message-*.png`.

Needs chromium and its driver.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
from sample_media import annex_pdf, call_wav, map_png

from wargame.journal.records.script import AttachedFile
from wargame.scenario.building.attachments import content_of
from wargame.seat.messages import ScriptMessage, embedded, message_html, message_style

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
AT = datetime(2030, 3, 15, 9, 0)  # noqa: DTZ001 - local game time
LOWLAND = ("Lowland",)


def attached(name: str, data: bytes, title: str = "", description: str = "") -> AttachedFile:
    """A file as a message has it."""
    told = {"file": name, "title": title, "description": description}
    return msgspec.convert(asdict(content_of(name, data)) | told, AttachedFile)


@cache
def messages() -> dict[str, ScriptMessage]:
    """Return a message for each template, with its files, which take a second to draw."""
    picture = attached("map.png", map_png(), "The reservoir on 14 March")
    annex = attached("annex.pdf", annex_pdf(), "Annex A: levels")
    call = attached("call.wav", call_wav(), description="'The gates stay closed. I cannot say more on this line.'")
    return {
        "email": ScriptMessage(
            "Email", "Levels behind the dam",
            "Dear colleagues,\n\nthe water has risen by **four metres** in a month:\n\n- the spillway opens at 312 m\n"
            "- nobody answers at the power station\n\nThe map and the levels are attached.",
            "Embassy in Highport", LOWLAND, AT, attachments=(picture, annex),
        ),
        "news": ScriptMessage(
            "News", "Reservoir at its highest level in ten years",
            "Satellite photographs show water four metres above the level of February. "
            "*The ministry declined to comment.*",
            "The Morning Courier", (), AT, attachments=(picture,),
        ),
        "social": ScriptMessage(
            "Social", "A post", "The river is **dry** below the bridge. Who closed it?", "River Watch", (), AT,
            attachments=(picture,),
        ),
        "cable": ScriptMessage(
            "Cable", "Interior ministry on the dam",
            "1. The deputy minister said that the gates stay closed until April.\n\n2. Comment: he read from a paper.",
            "Embassy Highport", LOWLAND, AT,
        ),
        "phone": ScriptMessage(
            "Phone", "The gates of the dam", "> The gates stay closed. I cannot say more on this line.",
            "The deputy minister", LOWLAND, AT, attachments=(call,),
        ),
        "report": ScriptMessage(
            "Intel", "Activity at the dam", "Two convoys arrived on 13 March. **Purpose unknown**; confidence is low.",
            "Joint assessment office", LOWLAND, AT,
        ),
    }  # fmt: skip


def page(name: str) -> str:
    """Return a message as a page shows it."""
    return message_html(messages()[name], embedded({sha256(map_png()).hexdigest(): map_png()}))


def main() -> None:
    """Take one picture of each message."""
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    chrome = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    body = "body { margin: 12px; width: 600px; font-family: 'DejaVu Sans', Arial, sans-serif; background: #eef1f4; }"
    try:
        chrome.set_window_size(640, 1200)
        for name in messages():
            file = Path(tempfile.gettempdir()) / f"message-{name}.html"
            file.write_text(f"<!doctype html><meta charset=utf-8><style>{body}{message_style()}</style>{page(name)}")
            chrome.get(file.as_uri())
            chrome.find_element("css selector", ".msg").screenshot(str(IMAGES / f"message-{name}.png"))
            file.unlink()
    finally:
        chrome.quit()


if __name__ == "__main__":
    main()
