"""Write docs/reference/korea-2017-msel.md from the inject files: `python tools/make_msel.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "korea-2017-msel.md"
SCRIPTS = (
    *("msel", "assassination", "collapse", "clash-at-sea", "summit-offer", "icbm-surprise", "election-upset"),
    "later-history",
)
HEAD = """# The injects of korea-2017

Generated from `injects/korea-2017/` by `tools/make_msel.py`. Dates are local to Asia/Seoul; `D` is STARTEX,
1 June 2017. The main MSEL is part of the scenario; add the other scripts with `--injects korea-2017/NAME`.
The main MSEL only has events that were known or foreseeable in May 2017. Events that reflect what happened later are in
`later-history`; compare runs with and without it to see how much they matter. The other scripts are invented. Some
resemble later events (a test at intercontinental range, an invitation to a summit, a new party in Japan), so that runs
with them are no forecasts. Claims, targets, calibration and backtests are played with the main MSEL alone (claim P24
adds `collapse` in two of its arms).
"""
COLUMNS = ("Inject", "Kind", "When", "Channel and effects", "Expected of", "Objective")


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *(section(name) for name in SCRIPTS)])


def section(name: str) -> str:
    """One script: its title and a table with a row for each inject."""
    data = (ROOT / "injects" / "korea-2017" / f"{name}.yaml").read_bytes()
    script = yaml.load(data, yaml.BaseLoader)  # noqa: S506 - creates texts, lists and mappings only
    lines = [f"## {script['title']} (`{name}`)", "", _line(COLUMNS), _line(["---"] * len(COLUMNS))]
    return "\n".join([*lines, *(_line(cells(inject)) for inject in script["injects"]), ""])


def cells(inject: dict[str, Any]) -> list[str]:
    """The cells of one row."""
    expected = ", ".join(dict.fromkeys(action["who"] for action in inject.get("expected", ())))
    does = [inject["action"]["option"]] if "action" in inject else []
    does += [change.get("leader") or change.get("strategy", "") for change in inject.get("installs", ())]
    does += list(inject.get("effects", ()))
    kind, sent, objective = inject.get("kind", "inject"), inject.get("channel", "News"), inject.get("objective", "")
    effects = f"{sent}: {', '.join(map(code, does))}" if does else sent
    named = f"{inject['title']}<br>{code(inject['id'])}"
    return [named, kind, when(inject), effects, expected, objective and code(objective)]


def code(text: str) -> str:
    """The text as code."""
    return f"`{text}`"


def when(inject: dict[str, Any]) -> str:
    """The trigger and its conditions in words."""
    limits = [f"chance {inject['chance']}"] if "chance" in inject else []
    limits += [f"up to {inject['repeat']} times"] if "repeat" in inject else []
    limits += [f"one of {code(inject['group'])}"] if "group" in inject else []
    limits += ["once enabled"] if inject.get("enabled") == "false" else []
    limits += ["if its condition holds"] if "provided" in inject else []
    return "; ".join([_trigger(inject), *limits])


def _trigger(inject: dict[str, Any]) -> str:
    if "at" in inject:
        return str(inject["at"]) + (f", every {inject['every']}" if "every" in inject else "")
    if "after" in inject:
        after = inject["after"]
        cause = next(after[key] for key in ("inject", "action", "decision") if key in after)
        named = code(cause) if isinstance(cause, str) else " or ".join(map(code, cause["options"]))
        return f"{after.get('delay', 'right')} after {named}"
    if "when" in inject:
        return f"when `{inject['when']}`"
    if "random" in inject:
        random = inject["random"]
        return " to ".join(random["between"]) if "between" in random else f"at random, `{random['rate']}` a year"
    return "manual"


def _line(cells_: Any) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells_) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
