"""A backtest: its summary for terminals, and its report with all scores, actors, events and how they are scored."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wargame.document.blocks import Block, Bullets, Fields, Fold, Grid, Heading, Paragraph
from wargame.document.formatting import cells
from wargame.evidence.backtest.events import OUTSIDE, called
from wargame.evidence.backtest.scoring import ALL, BASELINES, BESIDE, NAIVE, Backtest
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import count, joined
from wargame.language.plain_text import clean

Row = Mapping[str, Any]
NAMES = {
    "brier": "Brier",
    "log": "log, nats",
    "crps_count": "CRPS of counts, events",
    "crps_time": "CRPS of first passage, days",
}
FORECASTERS = {
    "updated": "rate since the chronology begins",
    "roots": "mean rate of the same CAMEO roots",
    "hawkes": "self-exciting process",
    BESIDE: "batch beside",
}
AGAINST = tuple(f"Against {name}" for name in NAIVE)


def summary(backtest: Backtest, *, full: bool = True) -> Iterator[Block]:
    """Yield the blocks for a terminal; `full`: with what was compared."""
    origins = [str(row["date"]) for row in backtest.origins]
    starts = f"{len(origins)} origins from {origins[0]} to {origins[-1]}" if len(origins) > 1 else f"from {origins[0]}"
    if full:
        runs = sum(row["runs"] for row in backtest.origins)
        known = called(backtest.chronology, backtest.scenario)
        text = f"{backtest.scenario}: {runs:,} runs, {starts}{_lead(backtest)}, compared with {known}"
        yield Paragraph(text, lead=True)
        if earlier := len(backtest.earlier):
            yield Paragraph(f"{earlier} earlier origin{'s' if earlier > 1 else ''} for the observation model alone")
    middle = _middle(backtest)
    rows = [row for row in _whole(backtest) if (row["score"], row["window"]) == ("brier", middle)]
    caption = f"Skill by Brier score within {middle} days of each origin (*: its interval excludes 0)"
    yield Grid(caption, SKILL, tuple(_skill_row(backtest, row, interval=False) for row in rows))
    yield from _all_kinds(backtest)
    yield from _baselines(backtest)
    yield _reliability(backtest)
    yield from _unscored(backtest)


def _lead(backtest: Backtest) -> str:
    return f", {' and '.join(map(str, backtest.leads))} days after each STARTEX" if backtest.leads != (0,) else ""


def _middle(backtest: Backtest) -> int:
    return sorted(backtest.windows)[len(backtest.windows) // 2]


def _whole(backtest: Backtest) -> list[dict[str, Any]]:
    """Return the first row of each kind, window and score, which is that of the whole kind."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in backtest.scores:
        seen.setdefault((row["kind"], row["window"], row["score"]), row)
    return list(seen.values())


def backtest_report(backtest: Backtest) -> list[Block]:
    """Return all blocks of the report: the verdict and its figures, then what they rest on, folded."""
    return [
        Heading(1, f"Backtest: {clean(backtest.scenario)}"),
        *_verdict(backtest),
        *_skill(backtest),
        *_reliabilities(backtest),
        Heading(2, "What it rests on"),
        Fold("Chronology, windows and origins", tuple(_overview(backtest))),
        Fold("All scores", tuple(_scores(backtest))),
        Fold("Actors", tuple(_actors(backtest))),
        Fold("What happened", tuple(_events(backtest))),
        Fold("How it is scored", tuple(map(Paragraph, paragraphs("wargame.review", "scoring.txt")))),
    ]


def _verdict(backtest: Backtest) -> Iterator[Block]:
    """Yield whether the model is better than each naive forecast within the middle window, and for which kinds."""
    middle, bullets, whole = _middle(backtest), list[str](), dict[str, list[str]]()
    rows = [row for row in _whole(backtest) if (row["score"], row["window"]) == ("brier", middle)]
    for name in NAIVE:
        kinds: dict[str, list[str]] = {}
        for row in rows:
            found, text = (whole, name) if row["kind"] == ALL else (kinds, _title(backtest, row))
            found.setdefault(_way(row, name), []).append(text)
        alike = len(kinds.pop(ALIKE, ()))
        parts = [f"{way.split()[0]} for {', '.join(titles)}" for way, titles in sorted(kinds.items())]
        rest = [f"no difference is shown for {count(alike, 'other kind' if parts else 'kind')}"] if alike else []
        bullets.append(f"Against {name}: {'; '.join([*parts, *rest])}.")
    verdict = joined([f"{way} {joined(names)}" for way, names in whole.items()])
    yield Paragraph(f"Within {middle} days and over all kinds, the model is {verdict}.", lead=True)
    yield Bullets(tuple(bullets))
    yield from (Paragraph(clean(str(note)), alarm=True) for note in backtest.notes)


ALIKE = "not shown to differ from"


def _way(row: Row, name: str) -> str:
    """Return how the model compares with a naive forecast, by the interval of its skill."""
    low, high = ((row["naive"][name] or {}).get(each) for each in ("low", "high"))
    if low is None or high is None or low <= 0 <= high:
        return ALIKE
    return "better than" if low > 0 else "worse than"


def _overview(backtest: Backtest) -> Iterator[Block]:
    origins, earlier, (first, last) = backtest.origins, backtest.earlier, backtest.covered
    yield Fields(
        (
            ("Chronology", f"{called(backtest.chronology, backtest.scenario)}, complete from {first} to {last}"),
            ("Chronology before that", called(backtest.past, backtest.scenario)),
            ("Windows", ", ".join(f"{window} days" for window in backtest.windows)),
            ("Scored from", _lead(backtest).removeprefix(", ")),
            ("Runs", f"{sum(row['runs'] for row in origins):,} from {len(origins)} origins"),
            ("For the observation model alone", f"runs of {len(earlier)} earlier origins" if earlier else ""),
        )
    )
    yield Grid(
        "Origins",
        ("From", "Batch", "Arm", "Runs", "Failed", "Ended by an outcome", "Days"),
        tuple(
            (*cells(row, "date", "batch", "arm"), f"{row['runs']:,}", *cells(row, "failed", "ended_by_outcome", "days"))
            for row in origins
        ),
    )


SKILL = ("Kind", "Occurred", "Forecast", "Brier", *AGAINST)


def _skill(backtest: Backtest) -> Iterator[Block]:
    from wargame.review.reports import backtest_charts as charts

    yield Heading(2, "Skill compared with naive forecasts")
    rows = [row for row in _whole(backtest) if row["score"] == "brier"]
    middle = _middle(backtest)
    yield charts.skills([row for row in rows if row["window"] == middle], {ALL: "All kinds", **backtest.titles}, middle)
    tables = (
        Grid(
            f"Skill by Brier score within {window} days, with 95 % intervals",
            SKILL,
            tuple(_skill_row(backtest, row) for row in rows if row["window"] == window),
            (0.25, 0.09, 0.06, 0.08, 0.17, 0.17, 0.18),
        )
        for window in backtest.windows
    )
    yield Fold("Skill within each window, in numbers", tuple(tables))


def _skill_row(backtest: Backtest, row: Row, *, interval: bool = True) -> tuple[str, ...]:
    occurred = f"{row['occurred']} of {row['forecasts']}"
    skills = _skills(row, interval=interval)
    kind = _title(backtest, row) if interval else row["kind"]
    return kind, occurred, f"{row['mean_p']:.2f}", _number(row["value"]), *skills


def _skills(row: Row, *, interval: bool = True) -> tuple[str, ...]:
    return tuple(_skill_text(row["naive"][name], interval=interval) for name in NAIVE)


def _title(backtest: Backtest, row: Row) -> str:
    kind = row["kind"]
    return "All kinds" if kind == ALL else clean(backtest.titles.get(kind, kind))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _skill_text(against: Row | None, *, interval: bool = True) -> str:
    """Return a skill with its interval, or with a star if the interval excludes 0."""
    if against is None:
        return "past unknown"
    if against["skill"] is None:
        return "not defined"
    low, high = against["low"], against["high"]
    text = f"{against['skill']:+.2f}"
    if low is None:
        return text
    return f"{text} ({low:+.2f} to {high:+.2f})" if interval else f"{text} *" if low > 0 or high < 0 else text


def _reliabilities(backtest: Backtest) -> Iterator[Block]:
    from wargame.review.reports import backtest_charts as charts

    yield Heading(2, "Reliability: do events occur as often as forecast?")
    yield charts.reliability(backtest.reliability)
    yield Fold("Reliability in numbers", (_reliability(backtest),))
    yield charts.forecasts(backtest.forecasts, backtest.titles, _middle(backtest))


def _reliability(backtest: Backtest) -> Grid:
    return Grid(
        "Reliability over all windows",
        ("Forecast", "Windows", "Mean forecast", "Share that occurred", "95 % interval"),
        tuple(
            (
                *(f"{row['from']:.1f} to {row['to']:.1f}", str(row["n"])),
                *(f"{row['forecast']:.3f}", f"{row['observed']:.3f}", f"{row['low']:.3f} to {row['high']:.3f}"),
            )
            for row in backtest.reliability
            if row["window"] is None
        ),
    )


def _scores(backtest: Backtest) -> Iterator[Block]:
    yield from _all_kinds(backtest)
    yield from _baselines(backtest)
    for score, name in NAMES.items():
        yield Grid(
            f"{name}: mean over origins, and skill",
            ("Kind", "Days", "Model (95 % interval)", *AGAINST),
            tuple(_score_row(backtest, row) for row in _whole(backtest) if row["score"] == score),
            (0.25, 0.07, 0.2, 0.16, 0.16, 0.16),
        )


def _all_kinds(backtest: Backtest) -> Iterator[Grid]:
    """Yield each score and window over all kinds; from several origins also with the observation model."""
    rows = [row for row in _whole(backtest) if row["kind"] == ALL]
    yield _by_score("All kinds, each score and window (*: its interval excludes 0)", rows)
    if len(backtest.origins) > 1:
        named = [row | row["named"] for row in rows]
        yield _by_score("All kinds, with only the events that the chronology would name", named)


def _baselines(backtest: Backtest) -> Iterator[Grid]:
    """Yield each baseline over all kinds, by window; then the kinds that runs have too often."""
    rows = [row for row in _whole(backtest) if (row["kind"], row["score"]) == (ALL, "brier")]
    body = tuple(
        (str(row["window"]), FORECASTERS.get(name, name), _number(against["value"]), *map(_skill_text, both))
        for row in rows
        for name in BASELINES
        if (against := row["naive"][name]) is not None
        for both in [(against, row["named"]["naive"][name])]
    )
    heads = ("Days", "Compared with", "Its Brier score", "Skill of all events", "Skill of named events")
    yield Grid("All kinds against each baseline, by Brier score", heads, body, (0.07, 0.33, 0.14, 0.23, 0.23))
    often = tuple(
        (
            _title(backtest, row),
            *cells(row, "window"),
            f"{row['mean_p']:.2f}",
            f"{row['occurred']} of {row['forecasts']}",
        )
        for row in _whole(backtest)
        if row["score"] == "brier" and row["kind"] != ALL and row["mean_p"] > row["occurred_high"]
    )
    if often:
        caption = "Kinds that runs have too often: the 95 % interval of their share in history is below the forecast"
        yield Grid(caption, ("Kind", "Days", "Forecast", "Occurred"), often)


def _by_score(caption: str, rows: Sequence[Row]) -> Grid:
    ordered = sorted(rows, key=lambda row: list(NAMES).index(row["score"]))
    body = (
        (NAMES[row["score"]], str(row["window"]), _number(row["value"]), *_skills(row, interval=False))
        for row in ordered
    )
    return Grid(caption, ("Score", "Days", "Value", *AGAINST), tuple(body))


def _score_row(backtest: Backtest, row: Row) -> tuple[str, ...]:
    interval = "" if row["low"] is None else f" ({_number(row['low'])} to {_number(row['high'])})"
    return _title(backtest, row), str(row["window"]), f"{_number(row['value'])}{interval}", *_skills(row)


def _actors(backtest: Backtest) -> Iterator[Block]:
    rows = [row for row in backtest.scores if row["actor"] != ALL and row["score"] == "brier"]
    yield Grid(
        "Brier score by kind and actor",
        ("Kind", "Actor", "Days", *SKILL[1:]),
        tuple(
            (kind, *cells(row, "actor", "window"), *rest) for row in rows for kind, *rest in [_skill_row(backtest, row)]
        ),
        (0.2, 0.08, 0.06, 0.09, 0.06, 0.07, 0.14, 0.15, 0.15),
    )


def _events(backtest: Backtest) -> Iterator[Block]:
    yield Paragraph("Events of the chronology from the first origin on, and how they are scored.")
    yield Grid(
        "Events",
        ("Id", "Date", "Actors", "Kind", "Event", "In the history", "Scored as"),
        tuple(
            (
                *cells(row, "id", "date", "actors", "kind", "description", "mark"),
                clean(", ".join(row["scored_as"]) or f"not: {row['not_scored']}"),
            )
            for row in backtest.events
        ),
        (0.07, 0.1, 0.12, 0.12, 0.3, 0.09, 0.2),
    )
    yield from _unscored(backtest)


def _unscored(backtest: Backtest) -> Iterator[Grid]:
    """For each reason, the most frequent first: how many events are not scored, and which they are.

    Those outside the windows are only counted, since they are all events of other months.
    """
    named: dict[str, list[str]] = {}
    for row in backtest.events:
        if row["not_scored"]:
            named.setdefault(_why(row["not_scored"]), []).append(row["id"])
    rows = tuple(
        (str(len(ids)), why, "" if why == OUTSIDE else ", ".join(ids))
        for why, ids in sorted(named.items(), key=lambda item: -len(item[1]))
    )
    if rows:
        heads = ("Number", "Reason", "Events")
        yield Grid("Events of the chronology that are not scored", heads, rows, (0.1, 0.4, 0.5))


def _why(reason: str) -> str:
    """Return a reason without the id of the scripted row, so that reasons can be counted."""
    match reason.split():
        case ["scripted:", *_]:
            return "scripted by the exercise"
        case ["no", "kind", "includes", kind, code] if code.isdigit():
            return f"no kind includes {kind} with the CAMEO code {code}"
    return reason
