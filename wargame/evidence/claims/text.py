"""The results of claims as text and Markdown, from the document in `claims.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wargame.batches.text import number
from wargame.evidence.claims.verdicts import CONTRADICTED, FEWEST, SUPPORTED, TOO_FEW, UNDECIDED
from wargame.evidence.failures import failure_notes
from wargame.evidence.tables import markdown_table

Row = dict[str, Any]
SHARES = (
    "Over the plausible ranges: the mean of all points, and the share of points with the expected effect. With random "
    "governments: the same share. –: no run differs between the arms."
)
RANDOM_COLUMNS = {
    "ranges": "Share",
    "random_policy": "Random policy",
    "random_preferences": "Random preferences",
    "nothing_written": "Nothing written",
}
"""Kinds of points with the heads of their columns."""
WORDS = {"positive": "above 0", "negative": "below 0"}


def lines(result: Row) -> list[str]:
    """Text lines for the terminal: one for each claim, two for each of its measures."""
    text = []
    for claim in result["claims"]:
        text.append(f"{claim['id']}  {claim['verdict']}{_label(claim)}: {claim['statement']}")
        for each in claim["measures"]:
            text.append(f"    {each['measure']}: {contrast(each)}")
            parts = [f"{value(each)}; expected {expected(each)}: {each['verdict']}{_label(each)}"]
            if each["verdict"] == UNDECIDED:
                parts += [] if each["note"] == TOO_FEW else _corrected(each)
                parts.append(f"runs needed: {needed(each)}")
            text.append("      " + "; ".join(parts))
    return text


def _corrected(each: Row) -> list[str]:
    """The corrected interval, which decides the verdict."""
    low, high = (each[name] for name in ("adjusted_low", "adjusted_high"))
    if low is None or high is None:
        return []
    return [f"corrected interval {number(low, signed=_signed(each))} to {number(high, signed=_signed(each))}"]


def _label(row: Row) -> str:
    return f", {row['label']}" if row["label"] else ""


def value(each: Row) -> str:
    """Format an estimate with its interval and, for a time, its unit."""
    days = "" if each["restricted_to"] is None else " days"
    return f"{number(each['estimate'], signed=_signed(each))}{days} ({interval(each)})"


def total(result: Row) -> str:
    """Count the claims by verdict."""
    counts = {
        word: sum(c["verdict"] == word for c in result["claims"]) for word in (SUPPORTED, CONTRADICTED, UNDECIDED)
    }
    verdicts = ", ".join(f"{count} {word}" for word, count in counts.items())
    of = len(result["claims"])
    return f"Of {of} claim{'s' if of != 1 else ''}: {verdicts}."


def notes(result: Row) -> list[str]:
    """Notes below the table."""
    level = round(100 * result["level"])
    variant = f", variant {result['variant']}" if result.get("variant") else ""
    declared = f"(declared: {result['declared']})"
    runs = f"{result['replications']} paired runs per arm {declared}, seed {result['seed']}{variant}."
    if result.get("power"):
        many = (
            f"verdicts hold at {level} % for all {result['family']} claims together (Holm). Each measure was tested at "
            f"{(1 - result['level']) / result['sharing']:.2g}, to contradict a claim at this over the number of its "
            "measures."
        )
    else:  # results from before verdicts were Holm's
        many = f"verdicts hold at {level} % for all {result['family']} measures together (Bonferroni)."
    lines = [f"{runs} Intervals are for one measure alone; {many}"]
    lines += [_power(result["power"])] if result.get("power") else []
    limits = sorted({each["restricted_to"] for each in _measures(result) if each["restricted_to"] is not None})
    if limits:
        days = " or ".join(number(limit) for limit in limits)
        lines.append(
            f"A time is the mean number of days until the outcome. It is limited to {days} days, which is also its "
            "value in runs without the outcome."
        )
    lines += [f"{TOO_FEW[0].upper()}{TOO_FEW[1:]}."] if any(e["note"] == TOO_FEW for e in _measures(result)) else []
    lines += [f"{claim}: {note}." for claim, note in _noted(result)]
    if result["labels"]:
        lines.append(_labels(result["labels"]))
        lines += failure_notes(result["labels"]["failures"], "point", "cell")
    return lines + failure_notes(result["failures"])


def _power(power: Row) -> str:
    """Whether the runs are enough for the effect of interest."""
    runs = f"{power['runs']:,.0f}"
    return (
        f"An effect of {power['effect']:g} standard deviations is decided with probability {power['reached']:.2f} "
        f"(declared: {power['declared']:g}, which takes {runs} runs). Runs needed: for probability 0.9, from estimates "
        "that are shrunken, since estimates that are nearly decided are too large on average."
    )


def _labels(how: Row) -> str:
    return (
        f"Labels: {how['numbers']} numbers are drawn from their plausible ranges at {how['draws']} points with "
        f"{how['runs_each']} runs each, and at half as many points with each kind of random governments. By "
        f"construction: the effect occurs at {how['constructed']:.0%} or more of the points of every random kind. "
        f"Tuned: at fewer than {how['robust']:.0%} of the points of the ranges. As written: it occurs with random "
        "preferences, but not if nothing written counts. Robust: otherwise."
    )


def _measures(result: Row) -> list[Row]:
    return [each for claim in result["claims"] for each in claim["measures"]]


def _noted(result: Row) -> list[tuple[str, str]]:
    """The distinct notes of each claim, except the one about too few runs."""
    every = [(claim["id"], each["note"]) for claim in result["claims"] for each in claim["measures"]]
    return [(claim, note) for claim, note in dict.fromkeys(every) if note not in ("", TOO_FEW)]


def contrast(each: Row) -> str:
    """Format a contrast: `on - off`, `both - one - other + none`, `2 low`."""
    parts: list[str] = []
    for arm, coefficient in sorted(each["contrast"].items(), key=lambda item: (-item[1], item[0])):
        sign = "-" if coefficient < 0 else "+" if parts else ""
        size = "" if abs(coefficient) == 1 else f"{abs(coefficient):g} "
        parts.append(f"{sign} {size}{arm}".strip() if parts else f"{sign}{size}{arm}")
    return " ".join(parts)


def expected(each: Row) -> str:
    """Format an expectation."""
    if each["expected"] in WORDS:
        return WORDS[each["expected"]]
    bound = number(each["bound"]) if each["share_of"] is None else f"{100 * each['bound']:g} % of {each['share_of']}"
    return f"within {bound}" if each["expected"] == "none" else f"{each['expected']} {bound}"


def interval(each: Row) -> str:
    """Format the interval for this measure alone."""
    if each["low"] is None:
        return "-"
    return f"{number(each['low'], signed=_signed(each))} to {number(each['high'], signed=_signed(each))}"


def needed(each: Row) -> str:
    """Format the number of runs that would decide an undecided measure."""
    if each["verdict"] != UNDECIDED:
        return ""
    if each["note"] == TOO_FEW:
        return f"{each['runs_needed'] or FEWEST:,} or more"
    return "no number" if each["runs_needed"] is None else f"{each['runs_needed']:,}"


def _signed(each: Row) -> bool:
    return any(coefficient < 0 for coefficient in each["contrast"].values())


# --- pages -----------------------------------------------------------------------------------------


def markdown(result: Row) -> str:
    """Render the results as Markdown: summary, table of verdicts, notes."""
    lines = [total(result), "", *table(result)]
    lines += ["", *(f"- {note}" for note in notes(result))]
    fixed = result["fixed"]
    hashes = ", ".join(f"{name} `{value[:12]}`" for name, value in sorted(fixed.items()))
    lines += ["", f"Fixed before the first run (SHA-256, first 12 digits): {hashes}; first run {result['begun']}."]
    return "\n".join(lines) + "\n"


def table(result: Row, ids: Sequence[str] | None = None) -> list[str]:
    """The lines of a Markdown table of verdicts, for all claims or for some."""
    labelled = result["labels"] is not None
    label = ["Label"] if labelled else []
    head = ["Claim and measures", "Estimate (95 % interval)", "Expected", "Verdict", *label, "Runs needed"]
    rows = []
    for claim in result["claims"]:
        if ids is not None and claim["id"] not in ids:
            continue
        label = [f"**{claim['label'] or '–'}**"] if labelled else []
        rows.append([f"**{claim['id']}** {claim['statement']}", "", "", f"**{claim['verdict']}**", *label, ""])
        for each in claim["measures"]:
            label = [each["label"] or "–"] if labelled else []
            shown = [f"`{each['measure']}`, {contrast(each)}", value(each), expected(each), each["verdict"]]
            rows.append([*shown, *label, needed(each)])
    return markdown_table(head, rows)


def shares(result: Row) -> str:
    """Render the table of shares by kind of points as Markdown, from results with labels."""
    rows = []
    for claim in result["claims"]:
        for each in claim["measures"]:
            found = [each["shares"].get(kind) for kind in RANDOM_COLUMNS]
            cells = ["–" if share is None else f"{share:.2f}" for share in found]
            rows.append([claim["id"], f"`{each['measure']}`, {contrast(each)}", _over_ranges(each), *cells])
    heads = ("Claim", "Measure", "Mean over the ranges", *RANDOM_COLUMNS.values())
    return "\n".join([SHARES, "", *markdown_table(heads, rows)]) + "\n"


def _over_ranges(each: Row) -> str:
    mean, low, high = each["over_ranges"]
    if mean is None:
        return "–"
    ends = f" ({number(low, signed=_signed(each))} to {number(high, signed=_signed(each))})" if low is not None else ""
    return f"{number(mean, signed=_signed(each))}{ends}"
