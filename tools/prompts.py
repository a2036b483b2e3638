"""Compare three prompts with a scripted model, and write the table into its page.

The model reads nothing but the prompt: it takes the choice that, by the words of the prompt, does most for what is
wanted and against what is feared, and the first one where the prompt does not say what choices do. It needs no network.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.bots import play  # noqa: E402 - from the folder of the tests
from support.fake_endpoint import Answer, completion, fake_endpoint  # noqa: E402
from wargame.brains.llm.settings import URL  # noqa: E402
from wargame.journal.records.governments import ActionRecord  # noqa: E402

PAGE = ROOT / "docs/reference/results-prompts.md"
PROMPTS = {
    "shipped": "",
    "short": f" prompt={ROOT}/examples/prompts/short",
    "numbers": f" prompt={ROOT}/examples/prompts/numbers",
}
SCENARIO, SEAT, UNTIL, SEEDS = "korea-2017", "USA", "D+60", 3
WANTED = re.compile(r"^- (?P<title>[^:\n]+): .*; you (?P<how>want it to rise|fear a rise)", re.MULTILINE)
CHOICE = re.compile(r"^- (?P<n>\d+)\. [^\n]*?\[[^\n\]]*\](?:: (?P<does>[^\n]*))?$", re.MULTILINE)
DUE = re.compile(r"are due:|choices on (?!nothing)")
BETWEEN = re.compile(r"(<!-- prompts -->\n).*?(<!-- end -->)", re.DOTALL)


def reader(body: dict[str, Any]) -> Answer:
    """The scripted model. It counts four characters as a token."""
    prompt = body["messages"][1]["content"]
    wants = {each["title"]: 1 if each["how"].startswith("want") else -1 for each in WANTED.finditer(prompt)}
    scores = {int(each["n"]): _score(each["does"], wants) for each in CHOICE.finditer(prompt)}
    known = {n: score for n, score in scores.items() if score is not None}
    best = max(known, key=lambda n: (known[n], -n), default=next(iter(scores), None))
    orders = [{"n": best, "why": ""}] if best is not None and known.get(best, 1) > 0 and DUE.search(prompt) else []
    length = sum(len(message["content"]) for message in body["messages"])
    return completion(json.dumps({"orders": orders}), prompt_tokens=length // 4)


def _score(does: str | None, wants: dict[str, int]) -> int | None:
    """Return what an option does for what is wanted; None if the prompt does not say what it does."""
    if does is None:
        return None
    found = 0
    for part in does.split(";"):
        verb, _, titles = part.strip().partition(" ")
        sign = {"raises": 1, "lowers": -1}.get(verb, 0)
        found += sum(sign * wants.get(re.sub(r" \((slightly|strongly)\)$", "", each), 0) for each in titles.split(", "))
    return found


def compare(until: str = UNTIL, seeds: int = SEEDS, scenario: str = SCENARIO, seat: str = SEAT) -> list[str]:
    """Return the rows of the table."""
    rows = []
    for name, words in PROMPTS.items():
        tokens, turns, severities, wanted = 0, 0, list[float](), 0
        for seed in range(1, seeds + 1):
            with tempfile.TemporaryDirectory() as folder, fake_endpoint(reader) as endpoint:
                os.environ[URL] = endpoint.url
                run, usage, _ = play(
                    Path(folder) / "run", {seat: f"llm:reader{words}"}, seed=seed, scenario=scenario, until=until
                )
            took = usage[seat]
            tokens, turns, wanted = tokens + took["tokens_in"], turns + took["turns"], wanted + took["accepted"]
            acts = [each for each in run.records if isinstance(each, ActionRecord) and each.who == seat and each.t >= 0]
            severities += [each.severity for each in acts if each.source in ("decision", "order")]
        severe = f"{mean(severities):.1f}" if severities else "-"
        rows.append(f"| {name} | {turns} | {tokens / turns:,.0f} | {wanted / turns:.2f} | {severe} |")
    return rows


def main() -> None:
    """Write the page, or print the table with `--print`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="print the table and write nothing")
    head = ["| prompt | turns | tokens a turn | orders a turn | mean severity of actions |", "|---|---|---|---|---|"]
    table = "\n".join([*head, *compare()])
    if parser.parse_args().print:
        print(table)
        return
    text, count = BETWEEN.subn(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", PAGE.read_text(encoding="utf-8"))
    assert count == 1, f"{PAGE} needs one <!-- prompts --> with its <!-- end -->"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
