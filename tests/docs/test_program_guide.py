"""The pages on programs in seats: their programs, commands and messages are true."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from make_protocol import PROGRAM, schema

from support.bots import play
from support.fake_endpoint import Answer, completion, fake_endpoint, first_choice
from support.in_process import inside
from wargame.brains.llm.settings import KEY, URL
from wargame.brains.replies import decode

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/how-to/put-a-program-in-a-seat.md"
PROTOCOL = ROOT / "docs/reference/seat-protocol.md"
FILE = re.compile(r"^<!-- file: ([^\n]+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GOOD = "id: storm\ntitle: A storm\nchannel: News\nmessage: A storm closes the strait."


def write_files(place: Path) -> None:
    """Writes the files of the guide."""
    for name, body in FILE.findall(GUIDE.read_text("utf-8")):
        (place / name).write_text(body, "utf-8")


@pytest.mark.parametrize("name", ["bot.py", "bot.js"])
def test_the_programs_of_the_guide_are_the_examples(name: str) -> None:
    """Both have about twenty lines; the page shows the one in Python as it is in the folder."""
    source, page = (ROOT / "examples" / name).read_text("utf-8"), GUIDE.read_text("utf-8")
    assert f"examples/{name}" in page
    assert dict(FILE.findall(page)).get(name, source) == source
    code = [line for line in source.splitlines() if line.strip() and not line.lstrip().startswith(('"""', "//"))]
    assert len(code) <= 24


def test_both_examples_play_the_same_run(tmp_path: Path) -> None:
    """The program in JavaScript, written from the documentation alone, does what the one in Python does."""
    if shutil.which("node") is None:
        pytest.skip("needs node")
    for suffix in ("py", "js"):
        _, usage, _ = play(tmp_path / suffix, {"ARD": f"program:{ROOT}/examples/bot.{suffix}"}, seed=3)
        assert usage["ARD"]["failed"] == {}
        assert usage["ARD"]["accepted"] > 0
    ours, theirs = ((tmp_path / suffix / "journal.jsonl").read_bytes() for suffix in ("py", "js"))
    assert ours == theirs


def test_the_page_documents_every_key_that_the_javascript_example_uses() -> None:
    """A program can be written from the page alone."""
    source, page = (ROOT / "examples/bot.js").read_text("utf-8"), PROTOCOL.read_text("utf-8")
    keys = set(re.findall(r"\b(?:message|option|each|entry|choice|a|b)\.(\w+)", source)) | {
        "orders",
        "why",
        "id",
        "name",
    }
    assert len(keys) > 8
    assert not [key for key in keys if f"| `{key}` |" not in page and key != "type"]
    assert all(f"#### `{kind}`" in page for kind in re.findall(r'type(?:: | === )"(\w+)"', source))


def test_the_messages_of_the_page_are_messages_of_the_protocol() -> None:
    """Each line validates against the JSON Schema; those of programs are also read."""
    lines = [
        line
        for kind, body in FENCE.findall(PROTOCOL.read_text("utf-8"))
        if kind == "json"
        for line in body.splitlines()
    ]
    assert len(lines) == 6
    for line in lines:
        message = json.loads(line)
        jsonschema.validate(message, schema())
        if message["type"] in ("ready", "act"):
            decode(line.encode())


def test_the_page_has_every_message_of_programs() -> None:
    """So that none is missing in the tables."""
    page = PROTOCOL.read_text("utf-8")
    names = [kind.__struct_config__.tag or kind.__name__ for kind in PROGRAM]
    assert names
    assert all(f"`{name}`" in page or f"#### {name}\n" in page for name in names)


def answer(body: dict[str, Any]) -> Answer:
    """A model that decides, or drafts if it is asked to."""
    drafts = "You draft one inject" in body["messages"][0]["content"]
    return completion(json.dumps({"how": "answer", "inject": GOOD})) if drafts else first_choice(body)


@pytest.mark.slow
def test_the_commands_for_language_models_run_with_an_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the guide that needs an endpoint, in its order, against one on loopback."""
    write_files(tmp_path)
    blocks = [body for kind, body in FENCE.findall(GUIDE.read_text("utf-8")) if kind == "sh"]
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("wargame ")]
    commands = [shlex.split(line) for line in lines if "=http" not in line]  # tests/brains/test_http_seats.py plays it
    assert len(commands) >= 7
    with fake_endpoint(answer) as endpoint:
        monkeypatch.setenv(URL, endpoint.url)
        monkeypatch.setenv(KEY, "sk-guide")
        outputs = []
        for _, command, *words in commands:
            done = inside(command, *words, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            outputs.append(done.stdout)
    assert any("ADVICE of llm llama3 (llm:llama3); you decide:" in text for text in outputs)
    assert any("Draft 1 of llm:llama3, checked" in text for text in outputs)
    ours, theirs = ((tmp_path / name / "journal.jsonl").read_bytes() for name in ("llama", "again"))
    assert ours == theirs
