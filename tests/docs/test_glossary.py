"""The glossary: its terms have anchors, and pages link them where a reader first meets them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GLOSSARY = DOCS / "reference" / "glossary.md"
TERMS = (
    *(
        "scenario",
        "STARTEX",
        "ENDEX",
        "PAUSEX",
        "move",
        "stop",
        "timer",
        "seat",
        "role sheet",
        "white cell",
        "EXCON",
        "hot wash",
        "AAR",
    ),
    *("adjudication", "inject", "MSEL", "expected action", "objective", "dossier", "salience", "option", "action"),
    *("rung", "ladder", "signal", "demand", "inducement", "threat", "forum", "agreement", "standing procedure"),
    *("outcome", "history", "journal", "snapshot", "study", "arm", "replication", "variant", "claim", "target"),
)
"""Terms that a newcomer to the field may not know."""
LINKED = {
    "STARTEX": r"\bSTARTEX\b",
    "action": r"(?<!-)\b[Aa]ctions?\b",
    "dossier": r"\b[Dd]ossiers?\b",
    "rung": r"\b[Rr]ungs?\b",
    "salience": r"\b[Ss]alience\b",
}
"""Terms that a page links where it first uses them."""
PAGES = [ROOT / "README.md", *sorted((DOCS / "tutorial").glob("*.md")), *sorted((DOCS / "how-to").glob("*.md"))]
LINK = re.compile(r"\[([^\]]*)\]\([^)]*?glossary\.md#([a-z-]+)\)")


def slug(term: str) -> str:
    """The anchor of a heading."""
    return term.lower().replace(" ", "-")


def anchors() -> set[str]:
    """The anchors of all headings of the glossary."""
    return {slug(each) for each in re.findall(r"^#+ (.+)$", GLOSSARY.read_text("utf-8"), re.MULTILINE)}


def prose(page: Path) -> str:
    """The running text of a page, without headings, blocks of code, inline code and the addresses of other links."""
    text = re.sub(r"^```.*?^```$|^    [^\n]*$|^#[^\n]*$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    return re.sub(r"(?<!\[)`[^`]*`|\]\((?![^)]*glossary)[^)]*\)", "", text)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_has_its_heading(term: str) -> None:
    """Each term of the field has an explanation with an anchor."""
    assert slug(term) in anchors()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_links_terms_where_it_first_uses_them(page: Path) -> None:
    """Newcomers reach the meaning of STARTEX, action, dossier, rung or salience with one click."""
    text = prose(page)
    unlinked = []
    for term, pattern in LINKED.items():
        first = re.search(pattern, text)
        links = [link.span() for link in LINK.finditer(text) if re.search(pattern, link[1])]
        if first and not any(start <= first.start() < end for start, end in links):
            unlinked.append(f"{term}: ...{text[max(0, first.start() - 40) : first.end() + 20]!r}")
    assert unlinked == []


def test_links_to_the_glossary_name_a_term() -> None:
    """No page links to a missing anchor, and the list of all pages contains the glossary."""
    links = [
        (page, anchor) for page in (*PAGES, *DOCS.rglob("*.md")) for _, anchor in LINK.findall(page.read_text("utf-8"))
    ]
    assert len(links) > 20
    assert [(page.name, anchor) for page, anchor in links if anchor not in anchors()] == []
    assert "(reference/glossary.md)" in (DOCS / "index.md").read_text("utf-8")
