"""Run the evidence for the built-in scenarios and write it into the documentation: `make evidence`.

Each step has its own folder under runs/evidence/, named by a hash of the scenario. An interrupted step is resumed, a
completed one costs nothing, and a changed scenario has new folders. `--only STEP` runs one step, or all steps whose
names begin with it; `--pages` only writes the pages from stored results; `--list` prints the steps with the processor
time that they are expected to take here. Each page names the commits and scripts of its numbers.

`--quick` takes about an hour on two cores: claims with half the runs, so wider intervals, calibration with a quarter,
and no ablation study. Its results are in separate folders.
"""

from __future__ import annotations

import argparse
import json
import os
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
import provenance
import structure
from evidence_pages import DOCS, outcomes, put

from wargame.cli.output import PROGRESS
from wargame.cli.tree import load as command
from wargame.document.blocks import Grid, Paragraph
from wargame.document.markdown import text
from wargame.errors import WargameError

RUNS = DOCS.parent / "runs" / "evidence"
SCENARIO = "korea-2017"
OUTPUT = "output.json"
"""The file with the JSON document that a command printed."""
SCORED_FROM = "2016-07-01"
"""The first forecast origin that is scored."""
CLAIMS_QUICK = ("-n", "160")
CALIBRATION_QUICK = ("--points", "20", "-n", "6")
REDUCED = ("claims", "calibration")
"""The folders of steps that have fewer runs in the quick size."""


@dataclass(slots=True)
class Size:
    """How much is run. `main` sets it once from the options."""

    quick: bool = False


SIZE = Size()


@dataclass(frozen=True, slots=True)
class Step:
    """A step whose result is shown on a page.

    `run` runs or resumes it in a folder and writes the file `result` there. `render` renders the result as Markdown,
    which is written between the markers `mark` of `page`. Without a page, `render` writes the page itself.
    """

    name: str
    title: str
    run: Callable[[Path], None]
    folder: Callable[[], Path]
    result: str
    render: Callable[[Any], str]
    page: str = ""
    mark: str = ""
    years: float = 0.0
    """Simulated years, from which the expected time follows."""


@cache
def _fixed(scenario: str) -> str:
    """The first digits of a hash of questions, mechanisms and parameters."""
    from wargame.batches.running.opening import fixed
    from wargame.scenario.building.numbers import digest
    from wargame.scenario.loading.load import load

    return digest(fixed(load(scenario)))[:10]


def _folder(name: str, scenario: str = SCENARIO) -> Callable[[], Path]:
    quick = provenance.QUICK if name in REDUCED else ""
    return lambda: RUNS / f"{quick * SIZE.quick}{name}-{_fixed(scenario)}"


def _command(words: list[str]) -> str:
    """Run a command in this process, with its progress bar on standard error; return its standard output."""
    name, *rest = words
    with redirect_stdout(StringIO()) as printed:
        command(name)(rest, standalone_mode=False)
    return printed.getvalue()


def _resumable(*words: str, quick: Sequence[str] = ()) -> Callable[[Path], None]:
    """A command that writes its result into the folder; `quick` are more words for the quick size."""

    def run(folder: Path) -> None:
        _command([*words, *(quick if SIZE.quick else ()), "--out", str(folder), "--resume"])

    return run


def _batch(study: str, runs: int, *more: str, then: Sequence[str] = ()) -> Callable[[Path], None]:
    """A batch, with the JSON document of the batch or of the command `then` on it."""

    def run(folder: Path) -> None:
        output = _command(["batch", study, "-n", str(runs), *more, "--out", str(folder), "--resume", "--json"])
        if then:
            output = _command([then[0], str(folder), *then[1:], "--json", "--quiet"])
        (folder / OUTPUT).write_text(output, "utf-8")

    return run


# --- claims, targets, calibration, relations -------------------------------------------------------


def _claims_page(result: Any) -> str:
    """Render the verdicts of the claims; write their shares into a page of their own."""
    from wargame.review.reports.evidence_reports import shares_grid

    if result["labels"]:
        put("reference/results-claims-shares.md", "shares", text([shares_grid(result)]))
    return _verdicts_page(result)


def _verdicts_page(result: Any) -> str:
    from wargame.review.reports.evidence_reports import claims_summary

    hashes = ", ".join(f"{name} {value[:12]}" for name, value in sorted(result["fixed"].items()))
    fixed = f"Fixed before the first run (SHA-256, first 12 digits): {hashes}; first run {result['begun']}."
    return text([*claims_summary(result), Paragraph(fixed)])


def _targets_page(result: Any) -> str:
    from wargame.review.reports.evidence_reports import targets_summary

    return text([*targets_summary(result), Paragraph(f"Seed {result['seed']}.")])


def _variant_page(result: Any) -> str:
    from wargame.review.reports.evidence_reports import missed

    return missed(result)


def _calibration_page(result: Any) -> str:
    from wargame.review.reports.evidence_reports import calibration_summary

    return text(calibration_summary(result, sources=True))


def _relations_page(result: Any) -> str:
    from wargame.review.reports.evidence_reports import relations_summary

    return text(relations_summary(result))


def _wrong(name: str) -> Step:
    """The comparison of a deliberately wrong model with the targets, with as many runs, or 100 if quick."""
    return Step(
        name,
        "a wrong model compared with the targets",
        _resumable("targets", SCENARIO, "--variant", name, quick=("-n", "100")),
        _folder(name),
        f"{name}.json",
        _variant_page,
        "reference/results-targets.md",
        name,
        1_500,
    )


def _conduct_page(result: Any) -> str:
    """Render the kinds of absurd conduct with their frequency."""
    found = sorted(result["kinds"], key=lambda kind: -kind["cases"])
    rows = tuple((each["title"], f"{each['cases'] / result['runs']:.2f}", str(each["runs"])) for each in found)
    mean = f"{result['runs']} runs: {result['per_run']:.1f} cases a run, none in {result['runs_without']}."
    return text([Paragraph(mean), Grid("Kinds of absurd conduct", ("Kind", "Cases a run", "Runs with any"), rows)])


# --- simulated and observed events -----------------------------------------------------------------


def _rolling(folder: Path) -> None:
    """The backtest of the rolling origins; earlier ones are the past of the observation model, random ones beside."""
    earlier, random = _folder("earlier")(), _folder("random")()
    _batch("backtest-earlier", 60)(earlier)
    _batch("backtest-rolling", 60, "--variant", "random_policy")(random)
    beside = ["--scored-from", SCORED_FROM, "--beside", str(random)]
    _batch("backtest-rolling", 60, then=["backtest", str(earlier), *beside])(folder)


def _rolling_page(result: Any) -> str:
    make_backtest.write(result)
    return ""


def _lead_page(result: Any) -> str:
    return make_backtest.with_lead(_read("rolling"), result)


# --- ablation study ---------------------------------------------------------------


def _ablation(name: str, block: str = "structure") -> Iterator[Step]:
    """Claims, targets and backtest of a variant, or of the model as written, with few runs."""
    variant = [] if name == structure.AS_WRITTEN else ["--variant", name]
    runs = {
        "claims": _resumable("claims", SCENARIO, "-n", str(structure.EACH["claims"]), *variant),
        "targets": _resumable("targets", SCENARIO, "-n", str(structure.EACH["targets"]), *variant),
        "futures": _batch("backtest-rolling", structure.EACH["futures"], *variant, then=["backtest"]),
    }
    results = {"claims": "claims.json", "targets": f"{name if variant else 'targets'}.json", "futures": OUTPUT}
    for part, run in runs.items():
        title = f"{name.replace('_', ' ')}: {part}"
        yield _of_structure(f"structure-{name}-{part}", title, run, results[part], block)


def _of_structure(name: str, title: str, run: Callable[[Path], None], result: str, block: str = "structure") -> Step:
    page, rows = "reference/results-ablation.md", _structure_page if block == "structure" else _mechanisms_page
    years = {"claims": 1_500, "targets": 300, "futures": 100}.get(name.rpartition("-")[2], 30)
    return Step(name, title, run, _folder(name), result, rows, page, block, years)


def _pace(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / OUTPUT).exists():
        (folder / OUTPUT).write_text(json.dumps(structure.pace(SCENARIO)), "utf-8")


def _structure_page(_: Any) -> str:
    return _ablation_tables((structure.AS_WRITTEN, *structure.SWITCHES))


def _mechanisms_page(_: Any) -> str:
    return _ablation_tables((structure.AS_WRITTEN, *structure.MECHANISMS))


def _ablation_tables(names: tuple[str, ...]) -> str:
    """The tables of these variants, compared with the first."""
    from wargame.scenario.loading.load import load

    variants = load(SCENARIO).scenario.evidence.variants
    titles = {name: variants[name].title if name in variants else "As written" for name in names}
    paces = _read("structure-pace") or {}
    by_variant: dict[str, dict[str, Any]] = {}
    for name in names:
        results = {part: _read(f"structure-{name}-{part}") for part in structure.EACH} | {"pace": paces.get(name)}
        by_variant[name] = {part: each for part, each in results.items() if each is not None}
    return structure.markdown(by_variant, titles)


STEPS: tuple[Step, ...] = (
    Step(
        "claims",
        "paired experiments",
        _resumable("claims", SCENARIO, quick=CLAIMS_QUICK),
        _folder("claims"),
        "claims.json",
        _claims_page,
        "reference/results-claims.md",
        "claims",
        22_700,
    ),
    Step(
        "labels",
        "labels of verdicts",
        _resumable("claims", SCENARIO, "--labels", quick=CLAIMS_QUICK),
        _folder("claims"),
        "claims.json",
        _claims_page,
        "reference/results-claims.md",
        "claims",
        19_000,
    ),
    Step(
        "targets",
        "observed statistics and bands",
        _resumable("targets", SCENARIO),
        _folder("targets"),
        "targets.json",
        _targets_page,
        "reference/results-targets.md",
        "targets",
        1_500,
    ),
    *map(_wrong, ("dead_calm", "random_policy", "runaway")),
    Step(
        "calibration",
        "numbers that the targets do not rule out",
        _resumable("calibrate", SCENARIO, "--claims", quick=CALIBRATION_QUICK),
        _folder("calibration"),
        "calibration.json",
        _calibration_page,
        "reference/results-calibration.md",
        "calibration",
        20_000,
    ),
    Step(
        "relations",
        "routine and reciprocity",
        _resumable("relations", SCENARIO, "--startex", "2016-01-01", "--until", "2022-01-01"),
        _folder("relations"),
        "relations.json",
        _relations_page,
        "reference/results-relations.md",
        "relations",
        180,
    ),
    Step(
        "conduct",
        "conduct that a historian would call absurd",
        _batch(SCENARIO, 100, then=["conduct"]),
        _folder("conduct"),
        OUTPUT,
        _conduct_page,
        "reference/results-conduct.md",
        "conduct",
        420,
    ),
    Step(
        "rolling",
        "backtest of nine forecast origins",
        _rolling,
        _folder("rolling"),
        OUTPUT,
        _rolling_page,
        years=700,
    ),
    Step(
        "led",
        "the same origins with a lead of thirty days",
        _batch("backtest-led", 60, then=["backtest", "--lead", "30"]),
        _folder("led"),
        OUTPUT,
        _lead_page,
        "reference/results-backtest-lead.md",
        "led",
        300,
    ),
    _of_structure("structure-pace", "cost of a run under each variant", _pace, OUTPUT),
    *(step for name in (structure.AS_WRITTEN, *structure.SWITCHES) for step in _ablation(name)),
    *(step for name in structure.MECHANISMS for step in _ablation(name, "structure-conduct")),
    Step(
        "cuba-outcomes",
        "outcomes of the third scenario",
        _batch("cuba-1962", 300),
        _folder("cuba-outcomes", "cuba-1962"),
        OUTPUT,
        outcomes,
        "reference/cuba-1962.md",
        "outcomes",
        60,
    ),
    Step(
        "cuba-claims",
        "claims of the third scenario",
        _resumable("claims", "cuba-1962"),
        _folder("cuba-claims", "cuba-1962"),
        "claims.json",
        _verdicts_page,
        "reference/cuba-1962.md",
        "claims",
        300,
    ),
)
"""The steps in order; a later step with the same page and mark overwrites an earlier one."""

PAGES_OF = {"claims", "targets", "calibration", "relations", "conduct", "structure", "led", ""}
"""The marks of steps that say for their pages where the numbers are from; the empty one is that of the backtest."""
MORE_PAGES = {
    "": ("reference/results-backtest.md", "reference/results-backtest-kinds.md"),
    "reference/results-claims.md": ("reference/results-claims.md", "reference/results-claims-shares.md"),
}
"""The pages with numbers of a step, by its page, if it is not that page alone."""


def main() -> int:
    """Run the steps and write the pages; return 0, or the exit code of a failed step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", metavar="STEP", default="", help="run one step, or those whose names begin with STEP")
    parser.add_argument("--pages", action="store_true", help="only write the pages from stored results")
    parser.add_argument("--list", action="store_true", help="list the steps")
    parser.add_argument("--quick", action="store_true", help="fewer runs, wider intervals, no ablation study")
    options = parser.parse_args()
    SIZE.quick = options.quick
    known = [step for step in STEPS if not (SIZE.quick and step.name.startswith("structure-"))]
    exact = [step for step in known if step.name == options.only]
    steps = exact or [step for step in known if step.name.startswith(options.only)]
    if not steps:
        print("\n".join(step.name for step in STEPS))
        return 2
    if options.list:
        return provenance.listed(SCENARIO, [(step.name, step.title, step.years) for step in steps])
    os.environ.setdefault(PROGRESS, "1")
    for number, step in enumerate(steps, start=1):
        if not options.pages:
            began = perf_counter()
            print(f"[{number}/{len(steps)}] {step.name}: {step.title}", file=sys.stderr, flush=True)
            if code := _run(step):
                return code
            print(f"      {perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        _write(step)
    return 0


def _run(step: Step) -> int:
    """Run or resume a step; return 0, or the exit code of its failure."""
    entry = provenance.entry(_scenario(step))
    try:
        step.run(step.folder())
    except WargameError as error:
        print(f"{step.name}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    finally:
        provenance.note(step.folder(), entry)
    return 0


def _read(name: str) -> Any:
    """The result of a step; None before it has one."""
    step = next(step for step in STEPS if step.name == name)
    path = step.folder() / step.result
    return json.loads(path.read_bytes()) if path.exists() else None


def _write(step: Step) -> None:
    """Write the result of a step into its page."""
    result = _read(step.name)
    if result is None:
        print(f"{step.name}: there is no result in {step.folder()} yet", file=sys.stderr)
        return
    rendered = step.render(result)
    if step.page:
        put(step.page, step.mark, rendered)
    if step.mark in PAGES_OF:
        for page in MORE_PAGES.get(step.page, (step.page,)):
            put(page, provenance.NAME, provenance.text(step.folder()))


def _scenario(step: Step) -> str:
    return "cuba-1962" if step.name.startswith("cuba") else SCENARIO


if __name__ == "__main__":
    sys.exit(main())
