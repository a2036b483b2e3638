"""`wargame conduct`."""

from typing import Annotated, Any

from wargame.cli import options
from wargame.cli.output import job_bar, print_blocks, print_json
from wargame.errors import UsageFault, nearest, shortened

RunCases = dict[str, Any]


def command(
    runs: options.RunsToRead,
    *,
    kinds: Annotated[list[str] | None, options.option("--kind", "ID", "conduct")] = None,
    jobs: options.Jobs = None,
    shown: options.Shown,
) -> None:
    """Find conduct that a historian would call absurd, with its evidence."""
    from wargame.evidence.conduct.reading import document
    from wargame.review.reports.evidence_reports import conduct_summary

    titles, read, notes = _read(runs, jobs, quiet=shown.silent)
    for name in kinds or ():
        if name not in titles:
            raise UsageFault(f"there is no kind '{shortened(name)}' ({nearest(name, titles) or ', '.join(titles)})")
    data = document(read, {name: title for name, title in titles.items() if name in (kinds or titles)})
    shown.note(*notes)
    print_json(data) if shown.as_json else print_blocks(conduct_summary(data))


def _read(names: list[str], jobs: int | None, *, quiet: bool) -> tuple[dict[str, str], list[RunCases], list[str]]:
    """Return the titles of kinds, the runs that the arguments name, and notes."""
    from wargame.batches.api import open_batch
    from wargame.batches.study.catalogue import batch_folder
    from wargame.evidence.conduct.reading import kind_titles, read_batch, read_run
    from wargame.executor.processes import on_cores
    from wargame.journal.folder import find

    titles, runs, notes = dict[str, str](), list[RunCases](), list[str]()
    for name in dict.fromkeys(names):
        if place := batch_folder(name):
            batch = open_batch(str(place))
            with on_cores(jobs)() as executor, job_bar("conduct", quiet=quiet) as bar:
                found, more = read_batch(batch, executor, bar)
            scenario = batch.prepared.loaded.scenario
        else:
            scenario, found, more = read_run(find(name))
        titles |= kind_titles(scenario)
        runs, notes = [*runs, *found], [*notes, *more]
    return titles, runs, notes
