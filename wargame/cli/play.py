"""Commands of live exercises: `wargame play`, `resume`, `serve` and `join`."""

from pathlib import Path
from typing import Annotated, Any

from wargame.brains.specification import HTTP
from wargame.cli import brain_options, completion, lib, options
from wargame.cli.output import command_line, print_warnings
from wargame.cli.tree import USUAL
from wargame.errors import UsageFault

KINDS = ("model", "human", "script", HTTP)


def play(
    scenario: options.ScenarioOrExercise,
    *,
    injects: options.Injects = None,
    variant: options.Variant = None,
    seed: options.ExerciseSeed = None,
    until: options.Until = None,
    startex: options.Startex = None,
    seats: brain_options.LiveSeats = None,
    limits: options.Limits = None,
    live: brain_options.LiveProgramOptions,
    pace: Annotated[str | None, options.option("--pace", "GAME=WALL", "play")] = None,
    wall: Annotated[str | None, options.option("--wall", "TIME", "play")] = None,
    script: options.Script = None,
    keep_going: options.KeepGoing = False,
    serve: options.Serve = None,
    browsers: options.Browsers,
    out: options.RunFolder = None,
    shown: options.Shown,
) -> None:
    """Run a live exercise from the facilitator's console."""
    from wargame.cli.live import run_session

    if pace is not None and wall is not None:
        raise UsageFault("give --pace or --wall, not both: --wall computes the pace")
    if pace is not None:
        lib.read_pace(pace)
    if wall is not None:
        lib.read_wall(wall)
    commands = options.read_script(script, keep_going=keep_going)
    options.check_settings((), seats)
    llm = live.models.options()
    seated, api = brain_options.split_http([brain_options.parse_any_seat(text, KINDS) for text in seats or ()])
    plain, players = brain_options.players_of(seated, live.asked, llm)
    programs = brain_options.service(players, live, llm)
    served = options.serving_of(serve, browsers, api)
    loaded = lib.under(lib.load(scenario, injects or []), variant)
    seated = lib.planned_seats(loaded.exercise, plain)
    bound = lib.planned_limits(loaded.exercise, options.parse_limits(limits))
    settings = lib.Settings(until=until, startex=startex, seats=seated, limits=bound)
    first = lib.opening_lines(loaded.exercise, pace, wall, moved=bool(until or startex))
    if seed is None:
        seed = loaded.exercise.seed if loaded.exercise else 1
    if not shown.quiet:
        print_warnings(loaded)
    times = {"until": until, "startex": startex}
    typed = command_line(
        "play", scenario, seed=seed, injects=injects, **times, seat=seats, limits=limits, variant=variant
    )
    session = lib.Session.create(loaded, seed, settings, lib.Destination(out=out), typed)
    run_session(session, commands, as_json=shown.as_json, first=first, serving=served, programs=programs)


def resume(
    run: options.Run,
    *,
    script: options.Script = None,
    keep_going: options.KeepGoing = False,
    seats: brain_options.Programs = None,
    live: brain_options.LiveProgramOptions,
    serve: options.Serve = None,
    browsers: options.Browsers,
    shown: options.Shown,
) -> None:
    """Resume a live exercise after its last acknowledged command."""
    from wargame.cli.live import run_session

    commands = options.read_script(script, keep_going=keep_going)
    programs, api = brain_options.resumed(seats, live)
    served = options.serving_of(serve, browsers, api)
    session = lib.Session.resume(lib.folder.find(run))
    run_session(session, commands, as_json=shown.as_json, serving=served, programs=programs)


def serve(
    runs: Annotated[list[str], options.argument("RUN...", "serve", autocompletion=completion.run_names)],
    *,
    seats: brain_options.Programs = None,
    live: brain_options.LiveProgramOptions,
    address: Annotated[str, options.option("--address", "HOST:PORT", "serve")] = USUAL,
    rooms: Annotated[list[str] | None, options.option("--room", "URL=RUN", "serve")] = None,
    browsers: options.Browsers,
    shown: options.Shown,
) -> None:
    """Serve live exercises in browsers, without a console. Each continues after its last acknowledged command."""
    from dataclasses import replace

    from wargame.cli.live import serve_rooms, serve_session

    if shown.as_json:
        raise UsageFault("--json: the server is for people; programs use its API")
    programs, api = brain_options.resumed(seats, live)
    served = options.served_at(address, browsers, api)
    found = {folder.path.resolve(): folder for folder in map(lib.folder.find, runs)}
    if len(found) == 1:
        beside = {url: Path(run) for url, _, run in (each.partition("=") for each in rooms or ())}
        serving = replace(served, rooms=beside)
        return serve_session(lib.Session.resume(lib.folder.find(runs[0])), serving, programs)
    if seats or programs is not None:
        raise UsageFault("--seat: programs are given with wargame play, or where one exercise is served")
    more = [*([] if served.lobby else ["--no-lobby"]), *(f"--public-host={name}" for name in served.public_hosts)]
    if served.tls_cert is not None:
        more += ["--tls-cert", str(served.tls_cert), "--tls-key", str(served.tls_key)]
    return serve_rooms(list(found), served, more)


def join(
    run: options.Run,
    *,
    seat: Annotated[str | None, options.option("--seat", "GOV", "join")] = None,
    evaluator: Annotated[str | None, options.option("--evaluator", "NAME", "join")] = None,
    seats: Annotated[str | None, options.option("--seats", "GOV,GOV", "join")] = None,
    notes: Annotated[bool, options.flag("--notes", "join")] = False,
    screen: Annotated[bool, options.flag("--screen", "join")] = False,
    shown: options.Shown,
) -> None:
    """Join a running exercise from another terminal of the same user."""
    import asyncio
    import contextlib
    import sys

    if shown.as_json:
        raise UsageFault("--json: a terminal that joins is for people; programs use wargame show RUN --json")
    given = {lib.SEAT: seat is not None, lib.EVALUATOR: evaluator is not None, lib.SCRIBE: notes, lib.SCREEN: screen}
    roles = [role for role, is_given in given.items() if is_given]
    if len(roles) != 1:
        raise UsageFault('join with one of --seat GOV, --evaluator "NAME", --notes and --screen')
    if seats is not None and evaluator is None:
        raise UsageFault("--seats belongs to --evaluator (a seat joins with --seat GOV)")
    hello: dict[str, Any] = {"role": roles[0], "seat": seat or ""}
    if evaluator is not None:
        hello |= {"name": evaluator, "seats": [each for each in (seats or "").split(",") if each]}
    with contextlib.suppress(KeyboardInterrupt):
        if screen and sys.stdin.isatty() and sys.stdout.isatty():
            asyncio.run(lib.show_public_screen(lib.folder.find(run), hello))
        else:
            asyncio.run(lib.join_terminal(lib.folder.find(run), hello, watch=screen))
