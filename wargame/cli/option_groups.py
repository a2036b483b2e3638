"""The groups of options in help, and the options of long commands that `-h` shows; `--help-all` shows the others."""

from __future__ import annotations

from typing import Final

MOST_USED: Final = {
    "run": "--injects --seed --until --seat --set --forbid --force --skip --out --json",
    "play": "--seat --injects --seed --until --pace --wall --serve --script --out --json",
    "batch": "--replications --seed --injects --arm --measure --until --jobs --dry-run --resume --out",
}
ALL: Final = "--help-all"
COMMON: Final = frozenset({"--quiet", "--version", "--help", ALL})
"""Options that `-h` always shows."""
_SCOPE = "--injects --variant --arm --seed --replications --replication --until --startex --measure --design --events"
_PROGRAMS = "--brain-timeout --brain-failed --adviser --drafter --cassette --offline --llm-tokens --llm-calls"
GROUPS: Final = {
    "What is run": f"{_SCOPE} --interests --fail-if --until-ci",
    "Who acts": "--seat --set --forbid --force --skip",
    "Clock and console": "--pace --wall --script",
    "Programs and language models": _PROGRAMS,
    "Browsers": "--serve --tls-cert --tls-key --public-host --no-lobby",
    "Where it runs": "--jobs --executor --scheduler --dry-run --resume",
    "Output": "--out --journal --no-report --json --quiet",
}


def group_of(names: list[str]) -> str:
    """Return the group of an option, given its names."""
    return next((title for title, members in GROUPS.items() if set(names) & set(members.split())), "Help")
