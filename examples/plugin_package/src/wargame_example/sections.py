"""A section of the review: the month with the most actions."""

from collections import Counter

from wargame.document.blocks import Paragraph


def busiest_month(review):
    """Blocks, or nothing if the section has nothing to say."""
    months = Counter(record.at[:7] for record in review.source.records if record.kind == "action")
    for month, count in months.most_common(1):
        yield Paragraph(f"Most actions were taken in {month}: {count}.")
