"""The commands, one small module each; a module is imported when its command is called."""

from __future__ import annotations


def main() -> None:
    """Runs the command line and exits with one of the codes of the contract."""
    from wargame.cli.app import run

    run()
