"""`wargame resume`."""

from wargame.cli import brain_options, options


def command(
    run: options.Run,
    *,
    script: options.Script = None,
    seats: brain_options.Programs = None,
    live: brain_options.LivePrograms,
    serve: options.Serve = None,
    browsers: options.Browsers,
    shown: options.Shown,
) -> None:
    """Resume a live exercise after its last acknowledged command."""
    from wargame.cli.live import run_session
    from wargame.journal.folder import find
    from wargame.live.session.session import Session

    commands = options.read_script(script)
    programs, api = brain_options.resumed(seats, live)
    served = options.serving_of(serve, browsers, api)
    run_session(Session.resume(find(run)), commands, as_json=shown.as_json, serving=served, programs=programs)
