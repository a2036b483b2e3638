"""The groups of options in help, and the options of long commands that `-h` shows; `--help-all` shows the others."""

from __future__ import annotations

from typing import Final

MOST_USED: Final[dict[str, tuple[str, ...]]] = {
    "run": ("--injects", "--seed", "--until", "--seat", "--set", "--forbid", "--force", "--skip", "--out", "--json"),
    "play": ("--seat", "--injects", "--seed", "--until", "--pace", "--wall", "--serve", "--script", "--out", "--json"),
    "batch": (
        "--replications", "--seed", "--injects", "--arm", "--measure", "--until", "--jobs", "--dry-run", "--resume",
        "--out",
    ),
}  # fmt: skip
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "What is run": (
        "--injects", "--variant", "--arm", "--seed", "--replications", "--replication", "--until", "--startex",
        "--measure", "--design", "--events", "--interests", "--fail-if", "--until-ci",
    ),
    "Who acts": ("--seat", "--set", "--forbid", "--force", "--skip"),
    "Clock and console": ("--pace", "--wall", "--script"),
    "Programs and language models": (
        "--brain-timeout", "--brain-failed", "--adviser", "--drafter", "--cassette", "--offline", "--llm-tokens",
        "--llm-calls",
    ),
    "Browsers": ("--serve", "--tls-cert", "--tls-key", "--public-host", "--no-lobby"),
    "Where it runs": ("--jobs", "--executor", "--scheduler", "--dry-run", "--resume"),
    "Output": ("--out", "--journal", "--no-report", "--json", "--quiet"),
}  # fmt: skip
HELP: Final = "Help"
"""The group of the options that no other group has."""
ALL: Final = "--help-all"
COMMON: Final = frozenset({"--quiet", "--version", "--help", ALL})
"""Options that `-h` always shows."""


def group_of(names: list[str]) -> str:
    """Return the group of an option, given its names."""
    return next((title for title, members in GROUPS.items() if set(names) & set(members)), HELP)
