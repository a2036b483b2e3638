"""Makes the evidence for the built-in scenario and writes it into the pages: `make evidence`.

Each step is a command with a folder of its own under runs/evidence/, named by the hashes of what it is about; a step
that was stopped or killed is gone on with, one that is done costs nothing, and a change of the scenario begins anew.
`--only STEP` does one of them, `--pages` writes the pages from what is there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from wargame.cli.output import PROGRESS
from wargame.cli.tree import load as command
from wargame.errors import WargameError

DOCS = Path(__file__).resolve().parent
RUNS = DOCS.parent / "runs" / "evidence"
SCENARIO = "korea-2017"


@dataclass(frozen=True, slots=True)
class Step:
    """A command whose result a page shows.

    `words` are those of the command, from its folder; `result` is the file in it; `render` makes Markdown of that.
    """

    name: str
    title: str
    words: Callable[[Path], list[str]]
    folder: Callable[[], Path]
    result: str
    page: str
    render: Callable[[Any], str]


@cache
def _fixed() -> str:
    """The first digits of a hash of claims, mechanisms and numbers."""
    from wargame.batch.running import fixed
    from wargame.scenario.canonical import digest
    from wargame.scenario.load import load

    return digest(fixed(load(SCENARIO)))[:10]


def _claims_folder() -> Path:
    return RUNS / f"claims-{_fixed()}"


def _claims_page(found: Any) -> str:
    from wargame.study.claims_telling import markdown

    return markdown(found)


def _folder(name: str) -> Callable[[], Path]:
    return lambda: RUNS / f"{name}-{_fixed()}"


def _targets_page(found: Any) -> str:
    from wargame.study.targets_telling import markdown

    return markdown(found)


def _variant_page(found: Any) -> str:
    from wargame.study.targets_telling import missed

    return missed(found)


def _calibration_page(found: Any) -> str:
    from wargame.study.calibration_telling import markdown

    return markdown(found)


def _relations_page(found: Any) -> str:
    from wargame.study.relations_telling import markdown

    return markdown(found)


def _going_on(*words: str) -> Callable[[Path], list[str]]:
    return lambda folder: [*words, "--out", str(folder), "--resume"]


def _variant(name: str) -> Step:
    """The targets held against a model that is plainly wrong."""
    return Step(
        name,
        "a wrong model against the targets",
        _going_on("targets", SCENARIO, "--variant", name, "-n", "20"),
        _folder(name),
        f"{name}.json",
        "explanation/targets.md",
        _variant_page,
    )


STEPS: tuple[Step, ...] = (
    Step(
        "claims",
        "paired experiments",
        lambda folder: ["claims", SCENARIO, "--out", str(folder), "--resume"],
        _claims_folder,
        "claims.json",
        "explanation/claims.md",
        _claims_page,
    ),
    Step(
        "labels",
        "what verdicts are worth",
        lambda folder: ["claims", SCENARIO, "--labels", "--out", str(folder), "--resume"],
        _claims_folder,
        "claims.json",
        "explanation/claims.md",
        _claims_page,
    ),
    Step(
        "targets",
        "figures and bands",
        _going_on("targets", SCENARIO),
        _folder("targets"),
        "targets.json",
        "explanation/targets.md",
        _targets_page,
    ),
    *map(_variant, ("dead_calm", "random_policy", "runaway")),
    Step(
        "calibration",
        "which numbers the targets do not rule out",
        _going_on("calibrate", SCENARIO, "--claims"),
        _folder("calibration"),
        "calibration.json",
        "explanation/calibration.md",
        _calibration_page,
    ),
    Step(
        "relations",
        "routine and reciprocity",
        _going_on("relations", SCENARIO, "--hand-over", "2016-01-01", "--until", "2022-01-01"),
        _folder("relations"),
        "relations.json",
        "explanation/relations.md",
        _relations_page,
    ),
)
"""In their order; a later one of the same page and folder overwrites what an earlier one wrote."""

ARTICLE = {
    "article-five": ("P01", "P02", "P03", "P16"),
    "article-freeze": ("P18", "P19", "P20"),
    "article-loophole": ("P07", "P08", "P22"),
    "article-relations": ("P04", "P05", "P12", "P13", "P14", "P15", "P17"),
    "article-force": ("P21", "P23", "P25"),
}
"""The claims that the page for the general reader shows, by their place on it."""


def main() -> int:
    """Does the steps and writes the pages; 0, or the exit code of the step that failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=[step.name for step in STEPS], help="do one step")
    parser.add_argument("--pages", action="store_true", help="only write the pages from what is there")
    wished = parser.parse_args()
    steps = [step for step in STEPS if wished.only in (None, step.name)]
    os.environ.setdefault(PROGRESS, "1")
    for number, step in enumerate(steps, start=1):
        if not wished.pages:
            began = perf_counter()
            print(f"[{number}/{len(steps)}] {step.name}: {step.title}", file=sys.stderr, flush=True)
            if code := _do(step):
                return code
            print(f"      {perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        _write(step)
    return 0


def _do(step: Step) -> int:
    """Plays a step in this process, its bar on standard error and its table nowhere: the page shows it."""
    name, *words = step.words(step.folder())
    try:
        with Path(os.devnull).open("w") as nowhere:
            sys.stdout, shown = nowhere, sys.stdout
            try:
                command(name)(words, standalone_mode=False)
            finally:
                sys.stdout = shown
    except WargameError as error:
        print(f"{step.name}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def _write(step: Step) -> None:
    """Puts the result of a step between its marks on its page, and the claims that it asked for on the general one."""
    path = step.folder() / step.result
    if not path.exists():
        print(f"{step.name}: nothing is in {path.parent} yet", file=sys.stderr)
        return
    found = json.loads(path.read_bytes())
    _put(step.page, step.result.removesuffix(".json"), step.render(found))
    if step.result == "claims.json":
        from wargame.study.claims_telling import table

        for mark, ids in ARTICLE.items():
            _put("explanation/article.md", mark, "\n".join(table(found, ids)) + "\n")


def _put(name: str, mark: str, rendered: str) -> None:
    """Writes Markdown between the marks of a page."""
    page = DOCS / name
    text = page.read_text("utf-8")
    made = f"<!-- {mark}: made by docs/evidence.py -->\n\n{rendered}\n<!-- /{mark} -->"
    found = re.compile(rf"<!-- {mark}: .*?<!-- /{mark} -->", re.DOTALL)
    if not found.search(text):
        raise SystemExit(f"{page} has no place for {mark}: write <!-- {mark}: --> and <!-- /{mark} --> on it")
    page.write_text(found.sub(lambda _: made, text), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
