"""Other programs that read the schemas: check-jsonschema, and the YAML language server of editors."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.in_process import inside
from support.yaml_server import Server, installed, running

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
SHIPPED = ("injects", "wargame/scenarios", "wargame/exercises", "wargame/studies")
KINDS = ("scenario", "injects", "exercise", "study", "overlay")
SLIPS = {
    "a key with a slip": ("  title: A, at: D+1", "  titel: A, at: D+1", "titel"),
    "not a time": ("at: D+1", "at: soon", "write a time: '2017-06-01 09:30'"),
    "not a duration": ("at: D+1", "at: D+1, cool_down: two weeks", "write a duration such as '14d'"),
    "another format": ("wargame-injects/1", "wargame-injects/7", "wargame-injects/1"),
    "a word that is not a choice": ("at: D+1", "at: D+1, channel: Radio", "News"),
}
RIGHT = "format: wargame-injects/1\nscenario: small\ninjects:\n- {id: a,  title: A, at: D+1}\n"


def files() -> dict[str, list[Path]]:
    """The YAML files that the project ships, by kind."""
    found: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for folder in SHIPPED:
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            lines = path.read_text("utf-8").splitlines()
            kind = next(line for line in lines if line.startswith("format: wargame-"))
            found[kind.removeprefix("format: wargame-").partition("/")[0]].append(path)
    return found


def wrong(old: str, new: str) -> str:
    """The small file with one mistake."""
    assert old in RIGHT
    return RIGHT.replace(old, new)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A language server that knows the kind of each shipped file."""
    program = installed(tmp_path_factory)
    known = {
        (REFERENCE / f"{kind}.schema.json").as_uri(): [path.relative_to(ROOT).as_posix() for path in paths]
        for kind, paths in files().items()
    }
    known[(REFERENCE / "injects.schema.json").as_uri()].append("*-small.yaml")
    with running(program, ROOT, known) as started:
        yield started


@pytest.mark.exhaustive
def test_an_editor_underlines_nothing_in_shipped_files(server: Server) -> None:
    """The YAML language server accepts every file that the project ships."""
    found = {
        path.relative_to(ROOT).as_posix(): faults
        for paths in files().values()
        for path in paths
        if (faults := server.faults(path, path.read_text("utf-8")))
    }
    assert found == {}


@pytest.mark.slow
def test_an_editor_finds_the_schemas_of_a_new_exercise(server: Server, tmp_path: Path) -> None:
    """`wargame init` writes files that name their schemas, and the schemas next to them: a mistake is underlined."""
    assert inside("init", "mine", cwd=tmp_path).returncode == 0
    for name, old, new in (("injects", "chance: 0.6", "chance: 6"), ("scenario", "zone: UTC", "zona: UTC")):
        path = tmp_path / "mine" / f"{name}.yaml"
        text = path.read_text("utf-8")
        assert (name, server.faults(path, text)) == (name, [])
        assert old in text
        assert server.faults(path.with_name(f"wrong-{path.name}"), text.replace(old, new))


@pytest.mark.slow
@pytest.mark.parametrize("name", SLIPS)
def test_an_editor_underlines_a_mistake(server: Server, name: str) -> None:
    """The message in the editor names the remedy."""
    old, new, message = SLIPS[name]
    file = f"{name.replace(' ', '-')}-small.yaml"
    assert server.faults(ROOT / f"right-{file}", RIGHT) == []
    assert message in "\n".join(server.faults(ROOT / f"wrong-{file}", wrong(old, new)))


def check_jsonschema(kind: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """The result of check-jsonschema for files of a kind; without it the test is skipped, in CI it fails."""
    if importlib.util.find_spec("check_jsonschema") is None:
        reason = "needs the extra `docs`: pip install -e '.[docs]'"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    schema = REFERENCE / f"{kind}.schema.json"
    words = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), *map(str, paths)]
    return subprocess.run(words, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_check_jsonschema_accepts_shipped_files(kind: str) -> None:
    """The hooks of pre-commit pass."""
    paths = files()[kind]
    assert paths
    done = check_jsonschema(kind, *paths)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_check_jsonschema_refuses_mistakes(tmp_path: Path) -> None:
    """Each mistake is one error in its file."""
    paths = []
    for name, (old, new, _) in SLIPS.items():
        path = tmp_path / f"{name.replace(' ', '-')}.yaml"
        path.write_text(wrong(old, new), "utf-8")
        paths.append(path)
    done = check_jsonschema("injects", *paths)
    assert done.returncode == 1
    assert all(path.name in done.stdout for path in paths)
