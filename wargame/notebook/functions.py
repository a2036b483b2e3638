"""The functions of `import wargame`: `load`, `run`, `batch`, `decide`, `game`, `search`, `open_run`, `open_batch`."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from wargame.batches.api import BatchOptions
from wargame.batches.api import open_batch as opened
from wargame.batches.study.parameters import under
from wargame.executor.executors import Executor
from wargame.notebook.batch_result import BatchResult, StudyAnswer
from wargame.notebook.run_result import RunResult
from wargame.notebook.running import StudyQuestion
from wargame.notebook.wording import mapping, one_text, python_errors, texts
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import open_run as opened_run
from wargame.scenario.loading.load import Loaded
from wargame.scenario.loading.load import load as read
from wargame.simulation.kernel.settings import Settings

Target = str | PathLike[str]
"""A built-in name, or a path."""
Study = Target | Mapping[str, Any]
"""A scenario or study by name or path, or a study as a dictionary with the keys of a study file."""
Texts = str | Sequence[str]
"""Several texts, or one."""


def load(scenario: Target, injects: Texts = (), *, variant: str | None = None) -> Loaded:
    """Read and check a scenario or exercise by name or path, with more inject files, as one of its variants.

    Raises `wargame.errors.Invalid` with every problem in `.problems`, UsageFault if there is no such scenario.
    """
    with python_errors():
        return under(read(str(scenario), texts("injects", injects)), variant)


def run(  # noqa: PLR0913 - each is an option of the command
    scenario: Study | Loaded,
    *,
    seed: int | None = None,
    until: str | None = None,
    startex: str | None = None,
    injects: Texts = (),
    set: Mapping[str, float] | Texts = (),  # noqa: A002 - the word of the files and the command line
    forbid: Texts = (),
    force: Texts = (),
    skip: Texts = (),
    seats: Mapping[str, str] | None = None,
    limits: Mapping[str, str] | None = None,
    variant: str | None = None,
    arm: str | None = None,
    replication: int = 0,
    journal: str = "full",
    out: Target | None = None,
    progress: bool | None = None,
) -> RunResult:
    """Run a scenario once into a run folder, as `wargame run` does; of a study, one replication of an arm.

    `set` maps indicators to values, or lists changes such as `"trust[CHN, USA]=0.3@D+30"`. The folder is `out`, or a
    named one under `runs/`. Progress is shown in notebooks and terminals unless it is False. Raises UsageFault for an
    argument that cannot be used, Invalid for faults in files.
    """
    from wargame.notebook.running import run_once, whole

    with python_errors():
        changes = [f"{path}={value!r}" for path, value in set.items()] if isinstance(set, Mapping) else set
        given: dict[str, Any] = {"seed": seed, "injects": texts("injects", injects)}
        given |= {"variant": one_text("variant", variant, "no_triangles"), "arm": one_text("arm", arm, "baseline")}
        settings = Settings(
            startex=one_text("startex", startex, "2017-06-01"),
            until=one_text("until", until, "90d"),
            replication=whole("replication", replication, 0),
            set=texts("set", changes),
            forbid=texts("forbid", forbid),
            force=texts("force", force),
            skip=texts("skip", skip),
            seats=tuple(mapping("seats", seats, '{"USA": "script"}').items()),
            limits=tuple(mapping("limits", limits, '{"USA": "none"}').items()),
            journal=journal,
        )
        return run_once(scenario, given, settings, None if out is None else Path(out), progress)


def batch(  # noqa: PLR0913 - each is an option of the command
    study: Study,
    n: int | None = None,
    *,
    arms: Mapping[str, str | Mapping[str, Any]] | None = None,
    measures: Texts = (),
    factors: Mapping[str, Mapping[str, Any]] | None = None,
    design: str | PathLike[str] | Mapping[str, Any] | None = None,
    variant: str | None = None,
    injects: Texts = (),
    seed: int | None = None,
    until: str | None = None,
    startex: str | None = None,
    until_ci: tuple[str, float] | None = None,
    thresholds: Texts = (),
    series: Texts = (),
    events: bool = False,
    interests: bool = False,
    jobs: int | None = None,
    executor: Callable[[], Executor] | None = None,
    out: Target | None = None,
    resume: bool = False,
    progress: bool | None = None,
    question: StudyQuestion | None = None,
) -> BatchResult:
    """Run a scenario or study many times, as `wargame batch` does: `n` runs of each arm.

    `study` is a name, a path, or a dictionary with the keys of a study file. `arms` maps names to changes, as text
    (`{"soft": "forbid USA threaten_force PRK"}`) or as in a study file (`{"soft": {"strategies": {"USA": "talk"}}}`).
    `factors` and `design` vary numbers, as in a study file; a design that ends in .csv is a file of points. `series`
    are indicators to keep over time, `events` keeps all actions. The folder is `out`, or a named one under `runs/`.
    `question` is set by `decide` and `search`.

    Progress is shown in notebooks and terminals unless it is False. Raises the errors of `wargame.errors`.
    """
    from wargame.executor.processes import on_cores
    from wargame.notebook.running import run_many

    with python_errors():
        given: dict[str, Any] = {
            "n": n,
            "seed": seed,
            "arms": mapping("arms", arms, '{"soft": "forbid USA threaten_force PRK"}'),
            "measures": texts("measures", measures),
            "factors": mapping("factors", factors, '{"start": {"set": "tension", "range": [0.1, 0.6]}}'),
            "design": design,
            "variant": one_text("variant", variant, "no_triangles"),
            "injects": texts("injects", injects),
            "until": one_text("until", until, "90d"),
            "startex": one_text("startex", startex, "2017-06-01"),
            "until_ci": until_ci,
            "thresholds": texts("thresholds", thresholds),
            "series": texts("series", series),
            "events": events,
            "interests": interests,
            "question": question,
        }
        place = None if out is None else str(out)
        options = BatchOptions(out=place, resume=resume, executor=executor or on_cores(jobs))
        return run_many(study, given, options, progress)


def decide(  # noqa: PLR0913 - each is an option of the command
    study: Study | BatchResult,
    *,
    government: str | None = None,
    goal: str | None = None,
    fails: str | None = None,
    indifference: float | None = None,
    watch: Texts = (),
    holdout: int | None = None,
    until_clear: bool = False,
    **how: Any,
) -> StudyAnswer:
    """Find the policy that is best over many states, as `wargame decide` does.

    `study` is a batch, its folder, or a study, which `batch` plays first with the arguments `how`. The other arguments
    replace parts of the study's question; a batch must have their measures. With `until_clear`, policies stop early
    that are surely behind. Raises the errors of `wargame.errors`.
    """
    from wargame.batches.decision import changes_of, race_of
    from wargame.batches.turning import answered
    from wargame.executor.processes import on_cores
    from wargame.review.reports.decision_report import decision_report

    with python_errors():
        asked = {"government": government, "goal": goal, "fails": fails, "holdout": holdout}
        changes = changes_of(texts("watch", watch or ()), **asked, indifference=indifference)
        many = _played(study, how, StudyQuestion(decision=changes, race=race_of if until_clear else None))
        options = BatchOptions(executor=how.get("executor") or on_cores(how.get("jobs")))
        decision, result = answered(many, changes, options if many.spent or holdout else None)
        return StudyAnswer(many, decision_report(decision, result), result)


def _played(study: Study | BatchResult, how: Mapping[str, Any], question: StudyQuestion | None = None) -> BatchResult:
    """Return a batch that is there, or that of a study, which is played first."""
    from wargame.batches.study.catalogue import batch_folder

    if isinstance(study, BatchResult):
        return study
    kept = None if how or isinstance(study, Mapping) else batch_folder(str(study))
    return open_batch(str(kept)) if kept else batch(study, **how, question=question)


def game(study: Study | BatchResult, *, indifference: float | None = None, **how: Any) -> StudyAnswer:
    """Find what governments do if each adapts to the others, as `wargame game` does; `study` and `how` as in `decide`.

    Raises the errors of `wargame.errors`.
    """
    from wargame.batches.game import play_game
    from wargame.review.reports.decision_report import game_report

    with python_errors():
        many = _played(study, how)
        result = play_game(many, many.prepared.study.played(indifference))
        return StudyAnswer(many, game_report(many, result), result)


def search(
    study: Study | BatchResult, *, goal: Texts = (), budget: int | None = None, holdout: int | None = None, **how: Any
) -> StudyAnswer:
    """Search for a better policy, as `wargame search` does; `study` and `how` as in `decide`.

    The other arguments replace parts of the study's search. Raises the errors of `wargame.errors`.
    """
    from wargame.batches.decision import asked_of, halving, searched
    from wargame.review.reports.decision_report import search_report

    with python_errors():
        asked = asked_of(goal=texts("goal", goal), budget=budget, holdout=holdout)
        many = _played(study, how, StudyQuestion(search=asked, race=halving))
        result = searched(many)
        return StudyAnswer(many, search_report(many, result), result)


def open_run(run: Target = "last") -> RunResult:
    """Return a run by its folder, its name or the start of one under `runs/`, or `last`: whole, cut short or damaged.

    Raises UsageFault if there is no such run, Invalid if the folder is not a run.
    """
    with python_errors():
        return RunResult(Findings(opened_run(str(run))))


def open_batch(batch: Target = "last") -> BatchResult:
    """Return a batch by its folder or address, by its name or the start of one under `runs/`, or `last`.

    Raises UsageFault if there is no such batch, Invalid if the folder is not a batch or has no runs.
    """
    from wargame.batches.folders import find

    with python_errors():
        return BatchResult.of(opened(find(str(batch))))
