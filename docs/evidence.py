"""Makes the evidence for the built-in scenarios and writes it into the pages: `make evidence`.

Each step has a folder of its own under runs/evidence/, named by the hashes of what it is about; a step that was stopped
or killed is gone on with, one that is done costs nothing, and a change of the scenario begins anew. `--only STEP` does
one of them, or all whose names begin so; `--pages` writes the pages from what is there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

import make_backtest
import structure

from wargame.cli.output import PROGRESS
from wargame.cli.tree import load as command
from wargame.errors import WargameError

DOCS = Path(__file__).resolve().parent
RUNS = DOCS.parent / "runs" / "evidence"
SCENARIO = "korea-2017"
TOLD = "told.json"
"""What a command printed."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to play whose result a page shows.

    `play` plays it in a folder, goes on where it was, and leaves the `result` there. `render` makes Markdown of that,
    which goes between the marks `mark` of the `page`; where there is no page it writes by its own means.
    """

    name: str
    title: str
    play: Callable[[Path], None]
    folder: Callable[[], Path]
    result: str
    render: Callable[[Any], str]
    page: str = ""
    mark: str = ""


@cache
def _fixed(scenario: str) -> str:
    """The first digits of a hash of claims, mechanisms and numbers."""
    from wargame.batch.running.manifest import fixed
    from wargame.scenario.building.canonical import digest
    from wargame.scenario.loading.load import load

    return digest(fixed(load(scenario)))[:10]


def _folder(name: str, scenario: str = SCENARIO) -> Callable[[], Path]:
    return lambda: RUNS / f"{name}-{_fixed(scenario)}"


def _command(words: list[str]) -> str:
    """Plays a command in this process, its bar on standard error; what it prints is for the page."""
    name, *rest = words
    with redirect_stdout(StringIO()) as printed:
        command(name)(rest, standalone_mode=False)
    return printed.getvalue()


def _going_on(*words: str) -> Callable[[Path], None]:
    """A command that leaves its result in the folder."""

    def play(folder: Path) -> None:
        _command([*words, "--out", str(folder), "--resume"])

    return play


def _batch(study: str, runs: int, *more: str, then: Sequence[str] = ()) -> Callable[[Path], None]:
    """A batch, and the JSON document of itself, or of the command `then` about it."""

    def play(folder: Path) -> None:
        told = _command(["batch", study, "-n", str(runs), *more, "--out", str(folder), "--resume", "--json"])
        if then:
            told = _command([then[0], str(folder), *then[1:], "--json", "--quiet"])
        (folder / TOLD).write_text(told, "utf-8")

    return play


# --- claims, targets, calibration, relations -------------------------------------------------------


def _claims_page(found: Any) -> str:
    """Writes, besides its own page, the claims that the page for the general reader shows."""
    from wargame.evidence.claims.text import markdown, table

    for mark, ids in ARTICLE.items():
        _put("explanation/article.md", mark, "\n".join(table(found, ids)) + "\n")
    return markdown(found)


def _targets_page(found: Any) -> str:
    from wargame.evidence.targets.text import markdown

    return markdown(found)


def _variant_page(found: Any) -> str:
    from wargame.evidence.targets.text import missed

    return missed(found)


def _calibration_page(found: Any) -> str:
    from wargame.evidence.calibration.text import markdown

    return markdown(found)


def _relations_page(found: Any) -> str:
    from wargame.evidence.relations.text import markdown

    return markdown(found)


def _wrong(name: str) -> Step:
    """The targets held against a model that is plainly wrong."""
    return Step(
        name,
        "a wrong model against the targets",
        _going_on("targets", SCENARIO, "--variant", name, "-n", "20"),
        _folder(name),
        f"{name}.json",
        _variant_page,
        "explanation/targets.md",
        name,
    )


# --- futures against what happened -----------------------------------------------------------------


def _rolling_page(found: Any) -> str:
    make_backtest.write(found)
    return ""


def _led_page(found: Any) -> str:
    return make_backtest.led(_read("rolling"), found)


# --- one choice switched off in each ---------------------------------------------------------------


def _switched(name: str) -> Iterator[Step]:
    """Claims, targets and futures of a variant, or of the model as written, with few runs."""
    variant = [] if name == structure.AS_WRITTEN else ["--variant", name]
    plays = {
        "claims": _going_on("claims", SCENARIO, "-n", str(structure.EACH["claims"]), *variant),
        "targets": _going_on("targets", SCENARIO, "-n", str(structure.EACH["targets"]), *variant),
        "futures": _batch("backtest-rolling", structure.EACH["futures"], *variant, then=["backtest"]),
    }
    results = {"claims": "claims.json", "targets": f"{name if variant else 'targets'}.json", "futures": TOLD}
    for part, play in plays.items():
        title = f"{name.replace('_', ' ')}: {part}"
        yield _of_structure(f"structure-{name}-{part}", title, play, results[part])


def _of_structure(name: str, title: str, play: Callable[[Path], None], result: str) -> Step:
    page = "explanation/structure.md"
    return Step(name, title, play, _folder(name), result, _structure_page, page, "structure")


def _pace(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / TOLD).exists():
        (folder / TOLD).write_text(json.dumps(structure.pace(SCENARIO)), "utf-8")


def _structure_page(_: Any) -> str:
    from wargame.scenario.loading.load import load

    variants = load(SCENARIO).scenario.evidence.variants
    names = (structure.AS_WRITTEN, *structure.SWITCHES)
    titles = {name: variants[name].title for name in structure.SWITCHES} | {structure.AS_WRITTEN: "As it is written"}
    paces = _read("structure-pace") or {}
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        told = {part: _read(f"structure-{name}-{part}") for part in structure.EACH} | {"pace": paces.get(name)}
        found[name] = {part: each for part, each in told.items() if each is not None}
    return structure.markdown(found, titles)


# --- another crisis --------------------------------------------------------------------------------


def _cuba_page(found: Any) -> str:
    from wargame.evidence.claims.text import markdown

    return markdown(found)


def _outcomes_page(found: Any) -> str:
    """Share of runs with each outcome."""
    from wargame.scenario.loading.load import load

    shares = {each["measure"]: each for each in found["estimates"]}
    lines = ["| outcome | share of runs | 95 % interval |", "| --- | --- | --- |"]
    for name, outcome in load(found["scenario"]).scenario.outcomes.items():
        each = shares[f"p({name})"]
        lines.append(f"| {outcome.title} | {each['estimate']:.3f} | {each['low']:.3f} to {each['high']:.3f} |")
    return "\n".join(lines) + "\n"


# --- all of it --------------------------------------------------------------------------------------


STEPS: tuple[Step, ...] = (
    Step(
        "claims",
        "paired experiments",
        _going_on("claims", SCENARIO),
        _folder("claims"),
        "claims.json",
        _claims_page,
        "explanation/claims.md",
        "claims",
    ),
    Step(
        "labels",
        "what verdicts are worth",
        _going_on("claims", SCENARIO, "--labels"),
        _folder("claims"),
        "claims.json",
        _claims_page,
        "explanation/claims.md",
        "claims",
    ),
    Step(
        "targets",
        "figures and bands",
        _going_on("targets", SCENARIO),
        _folder("targets"),
        "targets.json",
        _targets_page,
        "explanation/targets.md",
        "targets",
    ),
    *map(_wrong, ("dead_calm", "random_policy", "runaway")),
    Step(
        "calibration",
        "which numbers the targets do not rule out",
        _going_on("calibrate", SCENARIO, "--claims"),
        _folder("calibration"),
        "calibration.json",
        _calibration_page,
        "explanation/calibration.md",
        "calibration",
    ),
    Step(
        "relations",
        "routine and reciprocity",
        _going_on("relations", SCENARIO, "--startex", "2016-01-01", "--until", "2022-01-01"),
        _folder("relations"),
        "relations.json",
        _relations_page,
        "explanation/relations.md",
        "relations",
    ),
    Step(
        "rolling",
        "futures from nine origins against what happened",
        _batch("backtest-rolling", 60, then=["backtest"]),
        _folder("rolling"),
        TOLD,
        _rolling_page,
    ),
    Step(
        "led",
        "the same from governments that have been at work for a month",
        _batch("backtest-led", 60, then=["backtest", "--lead", "30"]),
        _folder("led"),
        TOLD,
        _led_page,
        "explanation/backtest.md",
        "led",
    ),
    _of_structure("structure-pace", "what a run costs under each variant", _pace, TOLD),
    *(step for name in (structure.AS_WRITTEN, *structure.SWITCHES) for step in _switched(name)),
    Step(
        "cuba-outcomes",
        "what comes of the third scenario",
        _batch("cuba-1962", 300),
        _folder("cuba-outcomes", "cuba-1962"),
        TOLD,
        _outcomes_page,
        "reference/cuba-1962.md",
        "outcomes",
    ),
    Step(
        "cuba-claims",
        "its claims",
        _going_on("claims", "cuba-1962"),
        _folder("cuba-claims", "cuba-1962"),
        "claims.json",
        _cuba_page,
        "reference/cuba-1962.md",
        "claims",
    ),
)
"""In their order; a later one of the same page and mark overwrites what an earlier one wrote."""

ARTICLE = {
    "article-five": ("P01", "P02", "P03", "P16"),
    "article-freeze": ("P18", "P19", "P20"),
    "article-loophole": ("P07", "P08", "P22"),
    "article-relations": ("P04", "P05", "P12", "P13", "P14", "P15", "P17"),
    "article-force": ("P21", "P23", "P24", "P25"),
    "article-shocks": ("P06", "P09", "P10", "P11"),
}
"""The claims that the page for the general reader shows, by their place on it."""


def main() -> int:
    """Does the steps and writes the pages; 0, or the exit code of the step that failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", metavar="STEP", default="", help="do one step, or those whose names begin so")
    parser.add_argument("--pages", action="store_true", help="only write the pages from what is there")
    parser.add_argument("--list", action="store_true", help="tell the steps")
    wished = parser.parse_args()
    exact = [step for step in STEPS if step.name == wished.only]
    steps = exact or [step for step in STEPS if step.name.startswith(wished.only)]
    if wished.list or not steps:
        print("\n".join(f"{step.name:<32} {step.title}" for step in STEPS))
        return 0 if wished.list else 2
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
    try:
        step.play(step.folder())
    except WargameError as error:
        print(f"{step.name}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def _read(name: str) -> Any:
    """The result of a step; None if there is none yet."""
    step = next(step for step in STEPS if step.name == name)
    path = step.folder() / step.result
    return json.loads(path.read_bytes()) if path.exists() else None


def _write(step: Step) -> None:
    """Puts the result of a step on its page."""
    found = _read(step.name)
    if found is None:
        print(f"{step.name}: nothing is in {step.folder()} yet", file=sys.stderr)
        return
    rendered = step.render(found)
    if step.page:
        _put(step.page, step.mark, rendered)


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
