"""The look-ahead in the control room: what can be asked, and the answers as small charts with their intervals."""

from collections.abc import Sequence

from wargame.dataclasses import dataclass
from wargame.futures.lookahead_rows import LEVEL, SHARE, LookaheadRow, change_text
from wargame.journal.wording import Titles
from wargame.language.plain_text import clean
from wargame.live.terminals.questions import LookaheadAnswer

TITLES = {"forecast": "Forecast", "whatif": "What if", "where": "How unusual"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart. Places are in per cent of its width; `zero` is that of no difference."""

    title: str
    value: float
    low: float
    high: float
    text: str
    interval: str
    zero: float | None = None
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows that share a scale, with the labels of its ends and its middle."""

    title: str
    bars: tuple[Bar, ...]
    labels: tuple[str, str, str]
    rest: str = ""
    """What the rows leave out, in words."""


def answer_views(
    answers: Sequence[LookaheadAnswer], titles: Titles
) -> list[tuple[LookaheadAnswer, str, tuple[Chart, ...]]]:
    """Return the answers with what was asked and their charts, the latest question first; all by name."""
    ordered = sorted(answers, key=lambda each: -each.number)
    return [(each, _asked(each, titles), charts(each.kind, each.rows)) for each in ordered]


def _asked(answer: LookaheadAnswer, titles: Titles) -> str:
    words = f": {clean(' '.join(answer.words))}" if answer.words else ""
    match answer.words:
        case ["order", government, option, *target]:
            choice = titles.choice({"option": option, "target": target[0] if target else None})
            words = clean(f" {titles.government(government)} orders: {choice}")
    over = "" if answer.kind == "where" else f", over {answer.horizon}"
    return f"{TITLES.get(answer.kind, answer.kind)}{words}{over}"


def charts(kind: str, rows: Sequence[LookaheadRow]) -> tuple[Chart, ...]:
    """Return the charts of these rows; none for no rows."""
    if not rows:
        return ()
    if kind == "forecast":
        return (_shares([row for row in rows if row.value], rows),)
    if kind == "where":
        bars = tuple(map(_percentile, sorted(rows, key=lambda row: -abs(row.value - 0.5))))
        return (Chart("Percentile among unattended runs at the same moment", bars, ("lowest", "median", "highest")),)
    parts = (
        ("Change in the probability of outcomes", [row for row in rows if row.kind == SHARE]),
        ("Change in levels", [row for row in rows if row.kind == LEVEL]),
    )
    return tuple(_differences(title, part) for title, part in parts if part)


def _shares(shown: list[LookaheadRow], rows: Sequence[LookaheadRow]) -> Chart:
    never = [row for row in rows if not row.value]
    titles = "; ".join(clean(row.title) for row in never)
    rest = f"In none of them (0% to {never[0].high:.0%}): {titles}." if never else ""
    bars, labels = tuple(map(_share, shown)), ("0%", "50%", "100%")
    return Chart("Probability within the horizon, with its 95 % interval", bars, labels, rest)


def _share(row: LookaheadRow) -> Bar:
    text, interval = "<1%" if row.value < 0.01 else f"{row.value:.0%}", f"{row.low:.0%} to {row.high:.0%}"
    return Bar(clean(row.title), _per_cent(row.value), _per_cent(row.low), _per_cent(row.high), text, interval)


def _percentile(row: LookaheadRow) -> Bar:
    place = _per_cent(row.value)
    text = f"{row.value:.0%}"
    return Bar(clean(row.title), place, place, place, text, f"here {row.given:.2f}, median {row.without:.2f}", 50.0)


def _differences(title: str, rows: list[LookaheadRow]) -> Chart:
    """Differences on a scale that is as long on both sides; clear ones first."""
    widest = max(max(abs(row.low), abs(row.high), abs(row.value)) for row in rows) or 1.0
    share = rows[0].kind == SHARE

    def place(value: float) -> float:
        return round(50 + 50 * max(-1.0, min(1.0, value / widest)), 2)

    def bar(row: LookaheadRow) -> Bar:
        text = change_text(row) if share and row.clear else f"{row.value:{form}}"
        interval = f"{row.low:{form}} to {row.high:{form}}"
        return Bar(clean(row.title), place(row.value), place(row.low), place(row.high), text, interval, 50.0, row.clear)

    form = "+.0%" if share else "+.2f"
    bars = tuple(map(bar, sorted(rows, key=lambda row: (not row.clear, -abs(row.value)))))
    labels = (f"{-widest:{form}}", "no difference", f"{widest:{form}}")
    same = [bar.title for bar in bars if not bar.clear]
    rest = f"No clear difference: {'; '.join(same)}." if same else ""
    return Chart(title, tuple(bar for bar in bars if bar.clear), labels, rest)


def _per_cent(share: float) -> float:
    return round(100 * share, 2)
