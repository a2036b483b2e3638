"""One run of a study, as `wargame run` makes it: the same run as in the batch, with its journal."""

from __future__ import annotations

from wargame.batches.running.opening import open_target
from wargame.batches.study.overrides import StudyOverrides
from wargame.batches.study.parameters import rewritten
from wargame.batches.study.prepared import PreparedStudy
from wargame.batches.study.trials import try_programs
from wargame.brains.specification import Players
from wargame.errors import UsageFault, nearest, shortened
from wargame.scenario.loading.load import Loaded
from wargame.simulation.kernel.settings import Settings


def one_run(
    target: str,
    arm: str | None,
    replication: int,
    *,
    injects: tuple[str, ...],
    seed: int | None,
    variant: str | None,
    journal: str,
) -> tuple[Loaded, int, Settings, Players | None]:
    """Return the scenario, seed, settings and programs of a replication of an arm (None: the baseline).

    UsageFault if there is none, or if its programs cannot be started here.
    """
    return run_of(
        open_target(target, StudyOverrides(injects=injects, seed=seed, variant=variant)), arm, replication, journal
    )


def run_of(
    prepared: PreparedStudy, arm: str | None, replication: int, journal: str
) -> tuple[Loaded, int, Settings, Players | None]:
    """Return as `one_run`, of a prepared study."""
    name = prepared.study.against if arm is None else arm
    if name not in prepared.arms:
        hint = nearest(name, prepared.names) or f"there are {', '.join(prepared.names)}"
        raise UsageFault(f"the study '{prepared.study.name}' has no arm '{shortened(name)}' ({hint})")
    draws = prepared.points.draws if prepared.points is not None else ()
    if draws and replication >= len(draws):
        raise UsageFault(f"the design has {len(draws)} rows: there is no replication {replication}")
    loaded = rewritten(prepared.arms[name], prepared.parameters(name, replication))
    try_programs(prepared)
    return loaded, prepared.study.seed, prepared.settings(name, replication, journal), prepared.players(name)
