"""The command line. The module of a command is imported when the command is called."""

import gc

COLLECT_AFTER = 200_000
"""New objects between two garbage collections: more than reading and checking korea-2017 makes."""


def main() -> None:
    """Run the command line and exit with one of the documented exit codes."""
    gc.set_threshold(COLLECT_AFTER)  # saves a tenth of the start-up: nearly all objects are needed until the end
    from wargame.cli.app import run

    run()
