"""Build the wheels of a release: one of pure Python, and one for each Python with package numbers compiled.

`python tools/build_wheels.py [--out DIR] PYTHON...` runs on Linux, without a container: Zig compiles for glibc 2.17,
and auditwheel checks that and names the wheel (`manylinux_2_17`). It needs the extra `release`.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLIBC = "2.17"


def main() -> None:
    """Build the wheels and print their names."""
    parser = argparse.ArgumentParser(description="Build the wheels of a release.")
    parser.add_argument("pythons", nargs="+", metavar="PYTHON", help="an interpreter or a version that uv finds")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    options = parser.parse_args()
    build(sys.executable, options.out, WARGAME_COMPILE="no")
    for python in options.pythons:
        with tempfile.TemporaryDirectory() as place:
            build(python, Path(place), WARGAME_COMPILE="yes", **compiler())
            (wheel,) = Path(place).glob("*.whl")
            run(sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", str(options.out), str(wheel))
    print("\n".join(sorted(path.name for path in options.out.glob("*.whl"))))


def compiler() -> dict[str, str]:
    """The variables by which setuptools compiles with Zig, for machines of this kind."""
    zig = f"{sys.executable} -m ziglang cc -target {platform.machine()}-linux-gnu.{GLIBC}"
    return {"CC": zig, "LDSHARED": f"{zig} -shared"}


def build(python: str, out: Path, **variables: str) -> None:
    """Build a wheel for a Python."""
    run(
        sys.executable,
        "-m",
        "uv",
        "build",
        "--quiet",
        "--wheel",
        "--python",
        python,
        "--out-dir",
        str(out),
        **variables,
    )


def run(*words: str, **variables: str) -> None:
    """Run a command with the programs of this environment; an error ends the build."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(words, cwd=ROOT, env=os.environ | variables | {"PATH": path}, check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    main()
