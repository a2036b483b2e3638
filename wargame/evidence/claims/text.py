"""Claims on a terminal and as a page: from the document that `claims.document` makes, and that a folder keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wargame.batch.text import number
from wargame.evidence.claims.verdicts import CONTRADICTED, FEWEST, SUPPORTED, TOO_FEW, UNDECIDED

Row = dict[str, Any]
OVER = (
    "Over the plausible ranges the mean of all points and the share of them that shows what is expected; with random "
    "policies the same share; – where no run differed between the arms:"
)
WORDS = {"positive": "above 0", "negative": "below 0"}


def lines(found: Row) -> list[str]:
    """The claims on a terminal: a line with the verdict of each, and two for each of its measures."""
    made = []
    for claim in found["claims"]:
        made.append(f"{claim['id']}  {claim['verdict']}{_label(claim)}: {claim['statement']}")
        for each in claim["measures"]:
            made.append(f"    {each['measure']}: {contrast(each)}")
            told = [f"{value(each)}; expected {expected(each)}: {each['verdict']}{_label(each)}"]
            if each["verdict"] == UNDECIDED:
                told += [] if each["note"] == TOO_FEW else _corrected(each)
                told.append(f"runs needed: {needed(each)}")
            made.append("      " + "; ".join(told))
    return made


def _corrected(each: Row) -> list[str]:
    """The interval that the verdict goes by, which is wider than the one for this measure alone."""
    low, high = (each[name] for name in ("adjusted_low", "adjusted_high"))
    if low is None or high is None:
        return []
    return [f"corrected {number(low, signed=_signed(each))} to {number(high, signed=_signed(each))}"]


def _label(row: Row) -> str:
    return f", {row['label']}" if row["label"] else ""


def value(each: Row) -> str:
    """The estimate with its interval; a time says that it is in days."""
    days = "" if each["restricted_to"] is None else " days"
    return f"{number(each['estimate'], signed=_signed(each))}{days} ({interval(each)})"


def total(found: Row) -> str:
    """How many claims have each verdict."""
    counts = {word: sum(c["verdict"] == word for c in found["claims"]) for word in (SUPPORTED, CONTRADICTED, UNDECIDED)}
    told = ", ".join(f"{count} {word}" for word, count in counts.items())
    of = len(found["claims"])
    return f"Of {of} claim{'s' if of != 1 else ''}: {told}."


def notes(found: Row) -> list[str]:
    """What a reader of the table must know."""
    level = round(100 * found["level"])
    variant = f", variant {found['variant']}" if found.get("variant") else ""
    runs = f"{found['replications']} paired runs an arm (declared: {found['declared']}), seed {found['seed']}{variant}."
    many = (
        f"verdicts go by corrected ones, which hold at {level} % for all {found['family']} measures of all claims "
        "together (Bonferroni)."
    )
    lines = [f"{runs} Intervals are for one measure alone; {many}"]
    limits = sorted({each["restricted_to"] for each in _measures(found) if each["restricted_to"] is not None})
    if limits:
        days = " or ".join(number(limit) for limit in limits)
        rest = "a run in which it does not come counts as that."
        lines.append(f"A time is the mean of days until the outcome, at most {days}: {rest}")
    lines += [f"{TOO_FEW[0].upper()}{TOO_FEW[1:]}."] if any(e["note"] == TOO_FEW for e in _measures(found)) else []
    lines += [f"{claim}: {note}." for claim, note in _noted(found)]
    if found["failed"]:
        lines.append(f"{found['failed']} of {found['runs']} runs failed and do not count.")
    if found["labels"]:
        lines.append(_labels(found["labels"]))
    return lines


def _labels(how: Row) -> str:
    told = (
        f"Labels: {how['numbers']} numbers drawn from their plausible ranges at {how['draws']} points, "
        f"{how['runs_each']} runs each, and as many points with random policies. By construction: as found in at least "
        f"{how['constructed']:.0%} of these; robust: in at least {how['robust']:.0%} of the ranges; tuned: in less."
    )
    return told + (f" {len(how['failures'])} kinds of error left points out." if how["failures"] else "")


def _measures(found: Row) -> list[Row]:
    return [each for claim in found["claims"] for each in claim["measures"]]


def _noted(found: Row) -> list[tuple[str, str]]:
    """Each note of a claim once, but for the one that is told of all."""
    every = [(claim["id"], each["note"]) for claim in found["claims"] for each in claim["measures"]]
    return [(claim, note) for claim, note in dict.fromkeys(every) if note not in ("", TOO_FEW)]


def contrast(each: Row) -> str:
    """`on - off`, `both - one - other + none`, `2 low`."""
    parts: list[str] = []
    for arm, coefficient in sorted(each["contrast"].items(), key=lambda item: (-item[1], item[0])):
        sign = "-" if coefficient < 0 else "+" if parts else ""
        size = "" if abs(coefficient) == 1 else f"{abs(coefficient):g} "
        parts.append(f"{sign} {size}{arm}".strip() if parts else f"{sign}{size}{arm}")
    return " ".join(parts)


def expected(each: Row) -> str:
    """What was expected, in words."""
    if each["expected"] in WORDS:
        return WORDS[each["expected"]]
    bound = number(each["bound"]) if each["share_of"] is None else f"{100 * each['bound']:g} % of {each['share_of']}"
    return f"within {bound}" if each["expected"] == "none" else f"{each['expected']} {bound}"


def interval(each: Row) -> str:
    """The interval for this measure alone."""
    if each["low"] is None:
        return "-"
    return f"{number(each['low'], signed=_signed(each))} to {number(each['high'], signed=_signed(each))}"


def needed(each: Row) -> str:
    """How many runs would decide an undecided one."""
    if each["verdict"] != UNDECIDED:
        return ""
    if each["note"] == TOO_FEW:
        return f"{each['runs_needed'] or FEWEST:,} or more"
    return "none would" if each["runs_needed"] is None else f"{each['runs_needed']:,}"


def _signed(each: Row) -> bool:
    return any(coefficient < 0 for coefficient in each["contrast"].values())


# --- a page ----------------------------------------------------------------------------------------


def markdown(found: Row) -> str:
    """The claims as Markdown: a summary, a table of verdicts, and what a reader must know."""
    made = [total(found), "", *table(found)]
    made += ["", *(f"- {note}" for note in notes(found))]
    if found["labels"]:
        made += ["", *_shares(found)]
    fixed = found["fixed"]
    hashes = ", ".join(f"{name} `{value[:12]}`" for name, value in sorted(fixed.items()))
    made += ["", f"Fixed before the first run (SHA-256, first 12 digits): {hashes}; begun {found['begun']}."]
    return "\n".join(made) + "\n"


def table(found: Row, ids: Sequence[str] | None = None) -> list[str]:
    """Verdicts as the lines of a Markdown table; of all claims, or of some."""
    labelled = found["labels"] is not None
    label = ["Label"] if labelled else []
    head = ["Claim and measures", "Estimate (95 % interval)", "Expected", "Verdict", *label, "Runs needed"]
    made = [_row(head), _row(["---"] * len(head))]
    for claim in found["claims"]:
        if ids is not None and claim["id"] not in ids:
            continue
        label = [f"**{claim['label'] or '–'}**"] if labelled else []
        made.append(_row([f"**{claim['id']}** {claim['statement']}", "", "", f"**{claim['verdict']}**", *label, ""]))
        for each in claim["measures"]:
            label = [each["label"] or "–"] if labelled else []
            shown = [f"`{each['measure']}`, {contrast(each)}", value(each), expected(each), each["verdict"]]
            made.append(_row([*shown, *label, needed(each)]))
    return made


def _shares(found: Row) -> list[str]:
    """How often each expected effect appears anyway."""
    lines = [
        OVER,
        "",
        _row(["Claim", "Measure", "Mean over the ranges", "Share", "By chance alone", "Interests dealt anew"]),
        _row(["---"] * 6),
    ]
    for claim in found["claims"]:
        for each in claim["measures"]:
            shares = [each["shares"][kind] for kind in ("ranges", "chance", "whims")]
            told = ["–" if share is None else f"{share:.2f}" for share in shares]
            mean = _over_ranges(each)
            lines.append(_row([claim["id"], f"`{each['measure']}`, {contrast(each)}", mean, *told]))
    return lines


def _over_ranges(each: Row) -> str:
    mean, low, high = each["over_ranges"]
    if mean is None:
        return "–"
    ends = f" ({number(low, signed=_signed(each))} to {number(high, signed=_signed(each))})" if low is not None else ""
    return f"{number(mean, signed=_signed(each))}{ends}"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
