"""The review of several rooms that played the same exercise."""

from itertools import groupby

from wargame.document.blocks import Block
from wargame.review.findings.cohort import Cohort
from wargame.review.findings.source import RunSource
from wargame.review.reports.laid_out import blocks_of


def cohort_report(found: Cohort, source: RunSource) -> list[Block]:
    """Return the blocks of the review; `source` is one of the rooms, for title and dates."""
    groups = [(title, list(rows)) for title, rows in groupby(found.occasions, key=lambda each: each["title"])]
    said = {
        title: {tuple((each["who"], each["what"]) for each in row["decisions"]) for row in rows}
        for title, rows in groups
    }
    differs = [title for title, rows in groups if rows[0]["inject"] and len(said[title]) > 1]
    content = {"groups": groups, "differs": differs, "title": source.manifest.title, "when": source.dates.at}
    return blocks_of("cohort.txt.j2", found=found, **content)
