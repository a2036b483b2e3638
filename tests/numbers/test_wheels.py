"""The wheels of a release: for old systems, and for those without a compiled one."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import python
from wargame.numbers.selection import FOLDER, NATIVE

ROOT = FOLDER.parents[1]


@pytest.mark.exhaustive
def test_a_wheel_for_old_systems_gives_the_same_bytes(tmp_path: Path) -> None:
    """It is built without a container, has its platform in its name, and re-runs a run of this installation."""
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip("needs the extra `release`")
    built = python(
        str(ROOT / "tools" / "build_wheels.py"), "--out", str(tmp_path / "dist"), sys.executable, cwd=tmp_path
    )
    assert built.returncode == 0, built.stderr
    pure, compiled = sorted(built.stdout.split()[-2:], key=lambda name: "manylinux" in name)
    assert pure.endswith("-py3-none-any.whl")
    assert "manylinux_2_17_" in compiled
    out = str(tmp_path / "run")
    assert python("-m", "wargame", "run", "korea-2017", "--until", "90d", "--out", out, cwd=tmp_path).returncode == 0
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    installed = tmp_path / "venv" / "bin" / "python"
    subprocess.run([installed, "-m", "pip", "install", "-q", tmp_path / "dist" / compiled], check=True)

    def there(*words: str) -> str:
        done = subprocess.run([installed, "-m", "wargame", *words], cwd="/", capture_output=True, text=True, check=True)
        return done.stdout

    assert f"numbers {NATIVE}" in there("--version")
    assert "identical byte for byte" in there("verify", out)
