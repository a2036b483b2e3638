"""`wargame game`."""

from typing import Annotated

from wargame.cli import options
from wargame.cli.decide import played_batch, show
from wargame.cli.output import command_line


def command(
    target: Annotated[str, options.argument("STUDY|BATCH", "game", autocompletion=options.completion.study_names)],
    *,
    indifference: Annotated[float | None, options.option("--indifference", "D", "game")] = None,
    runs: options.StudyRuns,
    shown: options.Shown,
) -> None:
    """Find what governments do if each adapts to the others."""
    from wargame.batches.game import play_game
    from wargame.review.reports.decision_report import game_report

    typed = command_line("game", target, n=runs.replications, seed=runs.seed, indifference=indifference)
    batch = played_batch(target, runs, typed, silent=shown.silent)
    result = play_game(batch, batch.prepared.study.played(indifference))
    show(batch, game_report(batch, result), "game.html", shown, result)
