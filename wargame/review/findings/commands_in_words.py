"""Commands of the white cell in words, for the log of an exercise."""

from __future__ import annotations

from wargame.journal import wording
from wargame.journal.command_words import WHATEVER, Data, done
from wargame.journal.records import Record
from wargame.journal.sentences import headline
from wargame.review.findings.source import RunSource

MSEL_COMMANDS = frozenset(
    {"release", "hold", "unhold", "skip", "delay", "postpone", "edit", "inject", "reset", "retract"}
)
"""Commands on the MSEL. The table of the MSEL as executed shows them as amendments."""


def command_in_words(source: RunSource, record: Record) -> str:
    """Return what the white cell did, as a sentence without its subject; an unknown command as it was given."""
    if record.kind == "ruling":
        return wording.sentence(_ruling(source, record))
    return wording.sentence(_done(source, record)) or headline(record, source.index, source.titles)


def command_headline(source: RunSource, command: Record) -> str:
    """Return a command as a headline: an order for a government, what a seat or the white cell did, or a setting."""
    data = command.data
    if command.about in ("order", "standing_order") and not (data.get("forced") or data.get("override")):
        when = f", as soon as {data['when']}" if data.get("when") else ""
        kind = "Order" if command.about == "order" else "Standing order"
        return f"{kind} for {source.titles.government(data.get('government'))}: {source.titles.choice(data)}{when}"
    words = _done(source, command)
    if not words:
        return headline(command, source.index, source.titles)
    if command.about in OF_SEATS:
        return f"{wording.sentence(source.titles.government(data.get('government')))} {words}"
    return f"{'The white cell' if source.folder.is_live else 'Setting:'} {words}"


def _done(source: RunSource, command: Record) -> str:
    """Return what a command did; indicators have their titles here, and orders their government."""
    if command.about == "set":
        data = command.data
        return f"sets {indicator_in_words(source, str(data.get('path', '')))} to {data.get('value', '')}"
    if command.about in ("order", "standing_order"):
        return _order(source, command.data)
    return done(command.about, command.data, source.titles)


OF_SEATS = frozenset({"pass", "cancel", "ack"})
"""Commands by which a seat does something besides ordering."""


def indicator_in_words(source: RunSource, path: str) -> str:
    """`Trust (South Korea in the United States)` for `trust[KOR, USA]`; without a title, the path."""
    name, _, index = path.partition("[")
    spec = source.scenario.indicators.get(name) if source.scenario else None
    if spec is None:
        return path
    of = " → ".join(source.name(part.strip()) for part in index.rstrip("]").split(",") if part.strip())
    return f"'{spec.title}'" + (f" ({of})" if of else "")


def _ruling(source: RunSource, ruling: Record) -> str:
    data, request = ruling.data, source.index.get(ruling.cause[0]) if ruling.cause else None
    text = f": '{request.data.get('text', '')}'" if request is not None else ""
    of = f"the request of {source.titles.government(ruling.about)}{text}"
    how = str(data.get("how", ""))
    if how == "refuse":
        return f"refuses {of}"
    if how == "order":
        return f"enters {of} as the order '{source.titles.choice(data)}'"
    title = data.get("title")
    return f"enters {of} as an action" + (f": '{title}'" if title else "")


def _order(source: RunSource, data: Data) -> str:
    who = source.titles.government(data.get("government"))
    forced = WHATEVER if data.get("forced") or data.get("override") else ""
    fork = ", as a change of the fork" if data.get("fork") else ""
    return f"orders for {who}: {source.titles.choice(data)}{forced}{fork}"
