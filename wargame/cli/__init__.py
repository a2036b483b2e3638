"""The command line. The module of a command is imported when the command is called."""


def main() -> None:
    """Run the command line and exit with one of the documented exit codes."""
    from wargame.cli.app import run

    run()
