"""Words that files and run folders used before version 0.1.0, and the words that replaced them."""

from __future__ import annotations

OLD_WORDS: dict[str, str] = {
    "answer_half_life": "response_half_life",
    "answer_prior": "response_prior",
    "answer_window": "response_window",
    "answers": "responses",
    "asks": "demands",
    "bar": "forbid",
    "carrot": "inducement",
    "carrot_time": "inducement_time",
    "deed": "action",
    "deeds": "actions",
    "figure": "observed",
    "figures": "statistics",
    "hand_over": "startex",
    "haste": "urgency",
    "honour": "kept_word",
    "or_else": "threat",
    "record": "history",
    "trust_answers": "trust_responses",
}
"""Words with one replacement wherever they occur."""

OLD_WORDS_BY_CONTEXT: dict[tuple[str, str], str] = {
    ("Activity", "tell"): "report",
    ("Answered", "weight"): "goldstein",
    ("Delay", "answer"): "response",
    ("Forum", "rest"): "cool_down",
    ("Forum", "shock"): "suspends_at",
    ("Happening", "turn"): "step",
    ("Indicator", "rest"): "baseline",
    ("MonthlyDays", "tell"): "report",
    ("Option", "weight"): "goldstein",
    ("StepOf.step", "rest"): "reopen",
}
"""Words whose replacement depends on where they occur: the mapping with the key, or `MAPPING.KEY` for a value."""

OLD_WORDS_IN_RUNS: dict[tuple[str, str], str] = {
    ("action", "weight"): "goldstein",
    ("command", "missed"): "decision.missed",
    ("command", "standing"): "standing_order",
    ("offer", "ask"): "demand",
    ("record", "ask"): "demand",
    ("record", "ask.settled"): "demand.settled",
    ("record", "due"): "decision.due",
    ("record", "lapsed"): "order.cancelled",
    ("record", "missed"): "decision.missed",
    ("record", "standing"): "standing_order",
    ("record", "state"): "snapshot",
}
"""Other words of run folders: kinds of records and commands, and what the data of a kind of command contains."""

_MAPPINGS = {"forums": "Forum", "indicators": "Indicator", "options": "Option"}


def replacement(word: str, context: str = "") -> str:
    """The word to write instead of an old one; empty if `word` is not an old one in this context."""
    return OLD_WORDS_BY_CONTEXT.get((context, word)) or OLD_WORDS.get(word, "")


def replacements_elsewhere(word: str) -> list[str]:
    """The words that replace an old one in any mapping, sorted: what a writer may have meant in another place."""
    of_mappings = (new for (context, old), new in OLD_WORDS_BY_CONTEXT.items() if old == word and "." not in context)
    anywhere = [OLD_WORDS[word]] if word in OLD_WORDS else []
    return sorted({*of_mappings, *anywhere})


def renamed_path(path: str) -> str:
    """The path of a number, such as `rules.haste`, with its old words replaced: `rules.urgency`.

    An id that is equal to an old word is replaced as well: check that the result exists.
    """
    section, *keys = path.split(".")
    context = _MAPPINGS.get(section, "")
    return ".".join([replacement(section) or section, *(replacement(key, context) or key for key in keys)])


def message(old: str, new: str) -> str:
    """The error message for an old word."""
    return f"'{old}' is now called '{new}'"
