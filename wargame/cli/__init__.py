"""The command line. Each command is a small module that is imported when the command is called."""


def main() -> None:
    """Run the command line and exit with one of the documented exit codes."""
    from wargame.cli.app import run

    run()
