"""One message in every template, and what each looked like.

`PYTHONPATH=.:tests python -m support.golden_messages` writes the files that `tests/seat/test_message_templates.py`
compares.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from support import media
from wargame.journal.records.script import AskedQuestion, AskedQuestions, AttachedFile
from wargame.journal.viewer_memory import CHANNELS
from wargame.seat.messages import ScriptMessage, embedded, message_html

FOLDER = Path(__file__).parents[1] / "data" / "messages"
PICTURE = media.png()
FILES = (
    AttachedFile(
        file="map.png",
        kind="picture",
        media_type="image/png",
        size=len(PICTURE),
        sha256=sha256(PICTURE).hexdigest(),
        title="The river",
        description="a map",
        width=0,
        height=0,
    ),
    AttachedFile(
        file="annex.pdf",
        kind="document",
        media_type="application/pdf",
        size=120_000,
        sha256="b" * 64,
        width=0,
        height=0,
    ),
    AttachedFile(
        file="call.wav",
        kind="recording",
        media_type="audio/wav",
        size=1_200_000,
        sha256="c" * 64,
        description="A voice says that the dam will hold.",
        width=0,
        height=0,
    ),
)
QUESTIONS = AskedQuestions(
    "seat",
    None,
    (
        AskedQuestion("sure", "How sure are you?", scale=(1, 3), ends=("not", "very")),
        AskedQuestion("next", "What next?", ("talk", "wait & see")),
        AskedQuestion("why", "Why?"),
    ),
)
TEXT = "**Dear colleagues**,\n\nsee the *map*:\n\n- the dam\n- the bridge\n\n> Not <script>alert(1)</script> informed."


def messages() -> dict[str, str]:
    """The HTML of a message on each channel, by channel."""
    source = embedded({FILES[0].sha256: PICTURE})
    at = datetime(2030, 3, 3, 1, 0)  # noqa: DTZ001 - local game time
    return {
        channel: message_html(
            ScriptMessage(
                channel, "Water rises", TEXT, "River Watch & Co", ("Lowland",), at, 1, "letter", FILES, QUESTIONS
            ),
            source,
            to_fill_in=True,
        )
        for channel in CHANNELS
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for channel, content in messages().items():
        (FOLDER / f"{channel}.html").write_text(content + "\n", encoding="utf-8")
