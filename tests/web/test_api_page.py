"""The program on the page of the web API plays a seat."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from support.web import run, serving

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "web-api.md"
FILE = re.compile(r"^<!-- file: bot.py -->\n```py\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_program_of_the_page_gives_orders(tmp_path: Path) -> None:
    """It joins with the code of a seat, reads the options and orders the first one of each dossier."""
    (program,) = FILE.findall(PAGE.read_text(encoding="utf-8"))
    (tmp_path / "bot.py").write_text(program, encoding="utf-8")

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, str(tmp_path / "bot.py"), there.url, there.code("ARD")),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            shown, _ = await process.communicate()
            assert (process.returncode, shown) != (0, b""), shown
            orders = [line for line in there.session.log.lines if line.kind == "order"]
            assert orders, shown.decode()
            assert {line.by for line in orders} == {"p1"}
            assert "Traceback" not in shown.decode()

    run(steps())
