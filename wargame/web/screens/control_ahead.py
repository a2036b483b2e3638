"""The look-ahead in the control room: what can be asked, and the answers as small charts with their intervals."""

from collections.abc import Callable, Sequence

from wargame.document.blocks import ForestGroup, ForestLine, Span
from wargame.futures.lookahead_rows import LEVEL, SHARE, LookaheadRow, change_text
from wargame.journal.wording import percent
from wargame.language.plain_text import clean


def charts(kind: str, rows: Sequence[LookaheadRow]) -> list[tuple[ForestGroup, str]]:
    """Return the charts of these rows, each with a sentence about what it leaves out; none for no rows."""
    if not rows:
        return []
    if kind == "forecast":
        return [_shares([row for row in rows if row.value], [row for row in rows if not row.value])]
    if kind == "where":
        lines = tuple(
            _line(row, f"{100 * row.value:.0f} %", f"here {row.given:.2f}, median {row.without:.2f}")
            for row in sorted(rows, key=lambda row: -abs(row.value - 0.5))
        )
        ticks = ("lowest", "median", "highest")
        return [(ForestGroup("Percentile among unattended runs at the same moment", lines, ticks, 0.5), "")]
    parts = (
        ("Change in the probability of outcomes", [row for row in rows if row.kind == SHARE]),
        ("Change in levels", [row for row in rows if row.kind == LEVEL]),
    )
    return [_differences(title, part) for title, part in parts if part]


def _line(row: LookaheadRow, text: str, interval: str, place: Callable[[float], float] = float) -> ForestLine:
    span = Span(place(row.low), place(row.value), place(row.high))
    return ForestLine((clean(row.title), text, interval), span, row.clear)


def _shares(shown: list[LookaheadRow], never: list[LookaheadRow]) -> tuple[ForestGroup, str]:
    lines = tuple(_line(row, percent(row.value), f"{percent(row.low)} to {percent(row.high)}") for row in shown)
    titles = "; ".join(clean(row.title) for row in never)
    rest = f"In none of them (0 % to {percent(never[0].high)}): {titles}." if never else ""
    return ForestGroup("Probability within the horizon, with its 95 % interval", lines, ("0 %", "50 %", "100 %")), rest


def _differences(title: str, rows: list[LookaheadRow]) -> tuple[ForestGroup, str]:
    """Return differences on a scale that is as long on both sides, the greatest first; unclear ones by name."""
    widest = max(max(abs(row.low), abs(row.high), abs(row.value)) for row in rows) or 1.0
    share = rows[0].kind == SHARE

    def shown(value: float) -> str:
        return f"{100 * value:+.0f} %" if share else f"{value:+.2f}"

    def place(value: float) -> float:
        return 0.5 + 0.5 * max(-1.0, min(1.0, value / widest))

    ordered = sorted(rows, key=lambda row: -abs(row.value))
    lines = []
    for row in (each for each in ordered if each.clear):
        text = change_text(row) if share else shown(row.value)
        lines.append(_line(row, text, f"{shown(row.low)} to {shown(row.high)}", place))
    same = "; ".join(clean(row.title) for row in ordered if not row.clear)
    ticks = (shown(-widest), "no difference", shown(widest))
    return ForestGroup(title, tuple(lines), ticks, 0.5), f"No clear difference: {same}." if same else ""
