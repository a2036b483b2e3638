"""The review as a document, in the order that HSEEP gives it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wargame.journal import sentences as phrases
from wargame.review.document.blocks import Block, Break, Bullets, Code, Fields, Grid, Heading, Paragraph
from wargame.review.findings import finding_rows as rows
from wargame.review.findings.dates import exact
from wargame.review.findings.findings import findings
from wargame.review.findings.msel import msel
from wargame.review.findings.objectives import STATUSES, human_seats, legend, nothing_drafted, objectives
from wargame.review.findings.report_header import aims, ended, game_time, scope, when_held
from wargame.review.findings.reviewer_notes import PARTS, PLAN, ReviewerNotes, merged, plan_rows
from wargame.review.findings.source import RunSource
from wargame.review.reports.run_page import heading, outcomes, provenance

if TYPE_CHECKING:
    from wargame.review.findings.effects import MomentEffects

MOMENTS = 5


def review(
    source: RunSource,
    words: ReviewerNotes,
    effects: MomentEffects | None = None,
    standing: Mapping[str, Any] | None = None,
    *,
    pictures: bool = True,
) -> list[Block]:
    """All blocks of the review of a run."""
    return [
        *_overview(source),
        *_one_page(source, words, effects),
        *_plans_and_events(source, pictures=pictures),
        *(_effects(effects) if effects else ()),
        *(_standing(standing) if standing else ()),
        *_analysis(source, words),
        *_plan(source, words),
        *_appendices(source),
    ]


def _overview(source: RunSource) -> Iterator[Block]:
    found = findings(source.manifest, source.records, source.notes)
    yield Heading(1, f"After-action review: {found.title}")
    yield from (Paragraph(note) for note in found.notes)
    yield Heading(2, "1. Exercise overview")
    yield Fields(
        (
            ("Exercise", found.title),
            ("Scope", scope(source)),
            ("Game time", game_time(source, found)),
            ("Held", when_held(source)),
            ("Ended", ended(source, found)),
            ("Objectives", "; ".join(aims(source))),
            ("Seats", ", ".join(f"{name} ({kind})" for name, kind in rows.seats(source).items())),
            ("Scenario, seed", f"{found.scenario}, {found.seed}"),
        )
    )  # fmt: skip
    yield Paragraph("How to reproduce it:")
    yield Code(f"{source.manifest.command}\nwargame verify {shlex.quote(source.folder.call)}")
    if source.folder.is_live:
        yield Paragraph(
            "What people did is in its commands.jsonl: verify plays it again, play alone does not.", quiet=True
        )
    yield Grid("What makes the run what it is", ("", ""), tuple(provenance(source)), (0.25, 0.75))


def _one_page(source: RunSource, words: ReviewerNotes, effects: MomentEffects | None) -> Iterator[Block]:
    found = findings(source.manifest, source.records, source.notes)
    yield Break()
    yield Heading(2, "2. In one page")
    if words.overview:
        yield Paragraph(words.overview)
    yield Heading(3, "Outcomes")
    told, when = outcomes(source, found), source.dates
    yield Bullets(
        tuple(
            f"{when.at(o.at)}, {when.since(o.day or 0)}: {o.title}{_ends(o.ends)}{_seq(o.seq)}"
            for o in told
            if o.at and not o.inherited
        )
    )
    held = "; ".join(o.title for o in told if o.inherited)
    if held:
        yield Paragraph(f"Held at STARTEX already: {held}.", quiet=True)
    absent = "; ".join(o.title for o in told if not o.at)
    yield Paragraph(f"{phrases.sentence(found.absence)}: {absent}." if absent else "All outcomes occurred.", quiet=True)
    yield Heading(3, "Decisive moments" if effects else "Turning points")
    yield Paragraph(
        effects.summary if effects else "Chosen by what happened; these are not measured effects.", quiet=True
    )
    yield Bullets(tuple(_moments(source, effects)), numbered=True)
    yield Heading(3, "Objectives")
    yield _ratings(source, words)
    yield Paragraph(
        f"{legend()}. A rating is a person's to give; drafts are made only for seats that people held.", quiet=True
    )


def _ends(ends: bool) -> str:
    return " (ends the run)" if ends else ""


def _seq(seq: int | None) -> str:
    return "" if seq is None else f" [#{seq}]"


def _moments(source: RunSource, effects: MomentEffects | None) -> Iterator[str]:
    if effects is not None:
        for row in effects.moments[:MOMENTS]:
            yield f"{source.dates.at(row['at'])}: {row['what']}. {row['effect']} [#{row['seq']}]"
        return
    best = sorted(rows.moments(source), key=lambda row: (-row["score"], row["seq"]))[:MOMENTS]
    for row in sorted(best, key=lambda row: row["seq"]):
        yield f"{source.dates.at(row['at'])}: {row['what']}{f' ({why})' if (why := row['why']) else ''} [#{row['seq']}]"


def _ratings(source: RunSource, words: ReviewerNotes) -> Grid:
    return Grid(
        "Objectives and ratings",
        ("Objective", "Rating", "Met", "Late", "Missed"),
        tuple(
            (row["title"], _rating(row, words), *(str(row[status]) for status in STATUSES))
            for row in objectives(source)
        ),
        (0.6, 0.13, 0.09, 0.09, 0.09),
    )


def _rating(row: dict[str, Any], words: ReviewerNotes) -> str:
    """A person's, else the facilitator's, else a draft, else blank."""
    given = words.ratings.get(row["objective"]) or row["recorded"]
    return str(given or (f"{row['rating']} (draft)" if row["rating"] else ""))


def _plans_and_events(source: RunSource, *, pictures: bool) -> Iterator[Block]:
    yield Heading(2, "3. What was to happen, what happened, and why")
    yield Heading(3, "Expected actions")
    yield Grid(
        "Expected actions and what came",
        ("Inject", "Who", "Expected", "Due within", "Status", "After", "Records"),
        tuple(
            (
                row["inject_title"],
                str(row["who"]),
                row["expected"],
                "" if row["within_days"] is None else f"{row['within_days']:g} d",
                str(row["status"]),
                "" if row["latency_days"] is None else f"{row['latency_days']:.1f} d",
                " ".join(f"#{seq}" for seq in (row["released"], row["seq"]) if seq is not None),
            )
            for row in rows.expected_actions(source)
        ),
        (0.23, 0.07, 0.33, 0.09, 0.09, 0.08, 0.11),
    )
    if left := rows.still_open(source):
        yield Paragraph(f"Still open at the end: {left}.", quiet=True)
    yield Heading(3, "What happened")
    if pictures:
        from wargame.review.document.charts import run_pictures

        yield from run_pictures(source)
    best = sorted(rows.moments(source), key=lambda row: row["seq"])
    yield Grid(
        "Turning points in the order of time, each with what preceded it",
        ("When", "What", "What preceded it", "Record"),
        tuple((source.dates.at(row["at"]), row["what"], row["why"], f"#{row['seq']}") for row in best),
        (0.14, 0.38, 0.38, 0.1),
    )


def _effects(effects: MomentEffects) -> Iterator[Block]:
    told = effects.for_page()
    yield Heading(3, "What would have happened otherwise")
    yield Paragraph(told["summary"])
    yield Grid(
        "Effect of each moment on the chance of an outcome, against its alternative",
        ("Moment", "Alternative", "Outcome", "As it was", "Otherwise", "Difference", "Verdict"),
        tuple(
            (
                f"#{row['seq']} {row['what']}",
                *(row[key] for key in ("alternative", "outcome", "as_it_was", "otherwise", "difference", "verdict")),
            )
            for row in told["rows"]
        ),
        (0.24, 0.18, 0.14, 0.08, 0.09, 0.17, 0.1),
    )
    yield Paragraph(told["method"], quiet=True)
    yield Paragraph("To fork from there:")
    yield Code("\n".join(row["command"] for row in told["commands"]))


def _standing(standing: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(3, "How unusual this run is")
    yield Paragraph(f"{standing['unusual']} of {len(standing['rows'])} numbers are unusual: {standing['told']}")
    if standing["apart"]:
        yield Paragraph(f"This run was given other settings than those runs: {standing['apart']}.")
    yield Grid(
        "This run among many, the most unusual first",
        ("What", "This run", "Among the others", "How unusual", ""),
        tuple(
            (row["what"], row["here"], row["usual"], row["told"], "unusual" if row["unusual"] else "")
            for row in standing["rows"]
        ),
        (0.26, 0.14, 0.26, 0.24, 0.1),
    )


def _analysis(source: RunSource, words: ReviewerNotes) -> Iterator[Block]:
    yield Heading(2, "4. Analysis by objective")
    found = merged(source, words)
    if not found:
        yield Paragraph(nothing_drafted(source))
    for title, sustain in (("Strengths", True), ("Areas for improvement", False)):
        chosen = [each for each in found if each["sustain"] == sustain]
        if chosen:
            yield Heading(3, title)
        for each in chosen:
            yield Heading(4, heading(source, each) or "Observation")
            yield Fields((*((part.capitalize(), each[part]) for part in PARTS), ("Reference", _evidence(each))))


def _evidence(found: dict[str, Any]) -> str:
    return ", ".join(f"record #{seq}" for seq in found["evidence"])


def _plan(source: RunSource, words: ReviewerNotes) -> Iterator[Block]:
    yield Heading(2, "5. Improvement plan")
    heads = tuple(phrases.words(column).capitalize() for column in PLAN)
    yield Grid(
        "Improvement plan",
        heads,
        tuple(tuple(row[column] for column in PLAN) for row in plan_rows(source, words)),
        (0.14, 0.17, 0.15, 0.12, 0.13, 0.09, 0.08, 0.12),
    )


def _appendices(source: RunSource) -> Iterator[Block]:
    yield Break()
    yield Heading(2, "Appendix A. MSEL as executed")
    yield Grid(
        "Planned against actual",
        ("Number", "Inject", "Kind, channel", "To", "Planned", "Status", "Actual", "Objective", "Record"),
        tuple(_line(row) for row in msel(source)),
        (0.12, 0.14, 0.115, 0.065, 0.14, 0.095, 0.115, 0.13, 0.08),
    )
    yield Heading(2, "Appendix B. Decisions with their reasons")
    people = " What people ordered stands in appendix C." if human_seats(source) else ""
    why = f"Where chance decided, no reason is given. Meetings that came to nothing are left out.{people}"
    yield Paragraph(why, quiet=True)
    yield Grid(
        "Decisions that acted",
        ("When", "Who", "Decided", "Dossier", "How it came out, and its chance", "Record"),
        tuple(_decided(source, row) for row in rows.decisions(source, waits=False)),
        (0.13, 0.07, 0.28, 0.12, 0.31, 0.09),
    )
    yield Heading(2, "Appendix C. Adjudications and notes")
    remarks = rows.notes(source)
    if not remarks:
        yield Paragraph("Nobody took notes or gave orders: the run was unattended.")
    else:
        told = tuple(
            (source.dates.at(row["at"]), row["kind"], row["who"], row["about"], row["text"], f"#{row['seq']}")
            for row in remarks
        )
        yield Grid("Notes and commands", ("When", "Kind", "Who", "About", "Text", "Record"), told)
    if source.left_behind:
        yield Paragraph("On branches that were left, and in what was undone:")
        yield Bullets(tuple(source.left_behind))
    yield Heading(2, "Appendix D. Journal statistics")
    counts: dict[str, int] = {}
    for record in source.records:
        counts[record.kind] = counts.get(record.kind, 0) + 1
    yield Grid("Records by kind", ("Kind", "Records"), tuple((kind, f"{n:,}") for kind, n in sorted(counts.items())))


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    """A line of the MSEL; the formula of a condition stands in the inject file."""
    late = f", {abs(slip):.1f} d {'late' if slip > 0 else 'early'}" if (slip := row["slip_days"]) else ""
    return (
        row["inject"],
        row["title"],
        ", ".join(part for part in (row["kind"], row["channel"]) if part),
        row["to"],
        row["planned"],
        f"skipped: {row['how']}" if row["status"] == "skipped" else row["status"],
        f"{exact(row['at'])}, D+{int(row['day'])}{late}" if row["status"] == "released" else "",
        row["objective_title"],
        _number(row["seq"]),
    )


def _number(seq: int | None) -> str:
    return "" if seq is None else f"#{seq}"


def _decided(source: RunSource, row: dict[str, Any]) -> tuple[str, ...]:
    target = f" ({row['target']})" if row["target"] else ""
    return (
        source.dates.at(row["at"]),
        str(row["who"]),
        rows.title_of_option(source, str(row["choice"])) + target,
        phrases.words(str(row["dossier"])),
        str(row["verdict"]),
        f"#{row['seq']}",
    )
