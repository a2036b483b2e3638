"""`wargame play`."""

from typing import Annotated

from wargame.brains.specification import HTTP
from wargame.cli import brain_options, options
from wargame.cli.output import command_line, print_warnings
from wargame.errors import UsageFault

KINDS = ("model", "human", "script", HTTP)


def command(
    scenario: options.ScenarioOrExercise,
    *,
    injects: options.Injects = None,
    variant: options.Variant = None,
    seed: options.ExerciseSeed = None,
    until: options.Until = None,
    startex: options.Startex = None,
    seats: brain_options.LiveSeats = None,
    limits: options.Limits = None,
    live: brain_options.LivePrograms,
    pace: Annotated[str | None, options.option("--pace", "GAME=WALL", "play")] = None,
    wall: Annotated[str | None, options.option("--wall", "TIME", "play")] = None,
    script: options.Script = None,
    serve: options.Serve = None,
    browsers: options.Browsers,
    out: options.RunFolder = None,
    shown: options.Shown,
) -> None:
    """Run a live exercise from the facilitator's console."""
    from wargame.batches.study.parameters import under
    from wargame.cli.live import run_session
    from wargame.executor.run import Place
    from wargame.live.session.pace import opening_lines, planned_seats, read_pace, read_wall
    from wargame.live.session.session import Session
    from wargame.scenario.loading.load import load
    from wargame.simulation.kernel.settings import Settings

    if pace is not None and wall is not None:
        raise UsageFault("give --pace or --wall, not both: --wall computes the pace")
    if pace is not None:
        read_pace(pace)
    if wall is not None:
        read_wall(wall)
    commands = options.read_script(script)
    options.check_settings((), seats)
    llm = live.models.options()
    seated, api = brain_options.split_http([brain_options.parse_any_seat(text, KINDS) for text in seats or ()])
    plain, players = brain_options.players_of(seated, live.asked, llm)
    programs = brain_options.service(players, live, llm)
    served = options.serving_of(serve, browsers, api)
    loaded = under(load(scenario, injects or []), variant)
    seated, bound = planned_seats(loaded.exercise, plain), options.parse_limits(limits)
    settings = Settings(until=until, startex=startex, seats=seated, limits=bound)
    first = opening_lines(loaded.exercise, pace, wall, moved=bool(until or startex))
    if seed is None:
        seed = loaded.exercise.seed if loaded.exercise else 1
    if not shown.quiet:
        print_warnings(loaded)
    times = {"until": until, "startex": startex}
    typed = command_line(
        "play", scenario, seed=seed, injects=injects, **times, seat=seats, limits=limits, variant=variant
    )
    session = Session.create(loaded, seed, settings, Place(out=out), typed)
    run_session(session, commands, as_json=shown.as_json, first=first, serving=served, programs=programs)
