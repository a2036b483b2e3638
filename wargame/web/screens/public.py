"""The public screen: clocks, the countdown, the news for everyone, map and ladders; until STARTEX the way to join."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from wargame.document.html import drawn_map
from wargame.journal.records import Record
from wargame.journal.records.governments import SignalRecord
from wargame.journal.records.script import InjectReleasedRecord
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.console.public_screen import PublicNews, public_items
from wargame.scenario.model import Scenario
from wargame.seat.feed import PUBLIC, feed, reader_of
from wargame.seat.ladder import ladders
from wargame.seat.messages import message_of
from wargame.web.rendering import attachment_url, qr_svg, render
from wargame.web.screens.clocks import clocks, moment, moment_of
from wargame.web.viewer import Viewer

STYLES = ("map.css", "public.css")
"""Static files of this screen besides the common ones."""
MOST = 12
"""Items of news on the screen: the actions on the map, and the newest others."""
ON_MAP, PAIRS, ALONE, COLUMNS = 6, 4, 2, 60
"""Actions on the map; ladders of pairs, ladders of actions without a target, and times at which they are shown."""


def parts(viewer: Viewer) -> dict[str, str]:
    """Return the parts of the screen, by key and in order."""
    console = viewer.console
    now = clocks(console)
    exercise = console.session.exercise
    items = [] if now["no_play"] else public_items(console)[::-1]
    since = exercise.calendar.startex
    acts = _on_map(exercise.context.scenario, (record for record, _ in items if record.t >= since))
    others = [record.seq for record, _ in items if record.seq not in acts][: MOST - len(acts)]
    shown = [each for each in items if each[0].seq in acts or each[0].seq in others]
    situation = {} if now["no_play"] else _situation(console, [*acts.values()])
    begun = exercise.now > exercise.calendar.startex
    join = viewer.join_url if not begun and not now["over"] else ""
    return {
        "screen.clocks": render("public/clocks.html", clocks=now),
        "screen.join": render("public/join.html", address=join, picture=qr_svg(join) if join else ""),
        "screen.news": "" if now["no_play"] else news_part(viewer, shown, acts),
        "screen.situation": render("public/situation.html", **situation) if situation else "",
    }


def news_part(viewer: Viewer, shown: Iterable[tuple[Record, PublicNews]], acts: Mapping[int, object]) -> str:
    """Return the public feed; `acts` are the actions on the map, by record."""
    items = [(news, moment_of(viewer.console, r), _pictures(viewer, r), acts.get(r.seq)) for r, news in shown]
    return render("public/news.html", items=items)


def _on_map(scenario: Scenario, news: Iterable[Record]) -> dict[int, dict[str, Any]]:
    """Return the actions of the news on the highest rungs that have a place on the map, by record, newest first.

    `news` is newest first; `before` is how many newer actions are between the same points.
    """
    placed = [
        (record, scenario.options.get(record.option), ends)
        for record in news
        if isinstance(record, SignalRecord) and scenario.map
        if (ends := scenario.map.ends(record.option, record.actor, record.target))
    ]
    highest = sorted(placed, key=lambda each: each[1].rung if each[1] else 0, reverse=True)[:ON_MAP]
    found: dict[int, dict[str, Any]] = {}
    for record, option, ends in sorted(highest, key=lambda each: -each[0].seq):
        tone = "neutral" if option is None else "hostile" if option.goldstein < 0 else "friendly"
        before = sum(set(each["ends"]) == set(ends) for each in found.values())
        found[record.seq] = {"number": len(found) + 1, "tone": tone, "ends": ends, "before": before}
    return found


def _situation(console: Console, acts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the map with these actions, and the ladders since STARTEX with the times of their columns."""
    session, exercise = console.session, console.session.exercise
    scenario, startex = exercise.context.scenario, exercise.calendar.startex
    known = (item.record for item in feed(exercise, PUBLIC, session.records) if item.record.t >= startex)
    every = ladders(known, scenario)
    pairs, alone = ([each for each in every if len(each.pair) == number] for number in (2, 1))
    length = max(session.clock - startex, DAY)
    return {
        "map": drawn_map(scenario.map, acts) if scenario.map else "",
        "ladders": (rows := [*pairs[:PAIRS], *alone[:ALONE]]),
        "more": len(every) - len(rows),
        "violent": scenario.rules.violent_rung,
        "times": [startex + length * (place + 1) // COLUMNS for place in range(COLUMNS)],
        "since": startex,
        "now": session.clock,
        "name": console.name,
        "titles": reader_of(exercise, PUBLIC).titles,
        "moment": partial(moment, console),
    }


def _pictures(viewer: Viewer, record: Record) -> list[tuple[str, str]]:
    """Return address and description of each picture of a message of the script."""
    if not isinstance(record, InjectReleasedRecord):
        return []
    attached = message_of(record, viewer.console.titles).attachments
    shown = (each for each in attached if each.kind == "picture")
    return [(attachment_url(each), each.description or each.title or each.file) for each in shown]
