"""Messages in the templates of their channels: as they were, and safe whatever is written in them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.golden_messages import FILES, FOLDER, QUESTIONS, messages
from wargame.journal.viewer_memory import CHANNELS
from wargame.language import markdown
from wargame.seat.messages import ScriptMessage, message_html, message_style

DRAWN = {
    "article",
    "p",
    "h4",
    "div",
    "span",
    "time",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "img",
    "ol",
    "li",
    "strong",
}
"""Tags of the templates themselves."""
SIGNS = [*"ab <>&\"'*`_#>-1.[]()\\\n!", "\u202e", "\u0007", "<script>", "](javascript:x)"]
MARKDOWN = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)
"""Texts that are full of signs."""


class Tags(HTMLParser):
    """The tags and attributes of a text in HTML, and how many are open at its end."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes an opening tag."""
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Takes a closing tag."""
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Takes a text."""
        self.text += data


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_each_channel_has_its_template(channel: str) -> None:
    """The HTML is as it was; `support.golden_messages` writes it again."""
    assert messages()[channel] + "\n" == (FOLDER / f"{channel}.html").read_text(encoding="utf-8")


@given(MARKDOWN)
def test_markdown_never_produces_another_tag(text: str) -> None:
    """Whatever is written, only these tags result, each without attributes and closed; control characters are gone."""
    read = Tags(markdown.html(text))

    assert read.tags <= markdown.TAGS
    assert (read.attributes, read.open) == ([], [])
    assert all(char.isprintable() or char == "\n" for char in read.text)
    assert "\u202e" not in markdown.plain(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_no_text_is_lost_or_acts(text: str) -> None:
    """Titles, senders and file names are text in every template."""
    for channel in CHANNELS:
        read = Tags(message_html(ScriptMessage(channel, text, text, text, (text,))))
        assert read.tags <= DRAWN | markdown.TAGS
        assert {name for name, _ in read.attributes} <= {"class", "aria-label", "aria-hidden", "datetime"}
        assert read.open == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* **c *d* e**", "<p>a <em>b</em> <strong>c <em>d</em> e</strong></p>"),
        ("# One\ntwo\nthree", "<h5>One</h5><p>two<br>three</p>"),
        ("- a\n- b\n\n1. c", "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"),
        ("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
        ("[text](http://example.org) ![x](y.png)", "<p>text (http://example.org) x (y.png)</p>"),
        ("2 * 3 * 4, some_name, `a*b*`, \\*", "<p>2 * 3 * 4, some_name, <code>a*b*</code>, *</p>"),
        ("<b onclick=x>&amp;", "<p>&lt;b onclick=x&gt;&amp;amp;</p>"),
        ("", ""),
    ],
)
def test_the_subset_of_markdown(text: str, html: str) -> None:
    """What becomes what."""
    assert markdown.html(text) == html


def test_plain_text_has_no_signs_of_markdown() -> None:
    """For terminals and documents."""
    assert markdown.plain("# One\n\n**a** *b*\n> c [d](e)") == "One\n\na b\nc d (e)"


def test_a_live_page_has_players_and_links_and_paper_has_none() -> None:
    """Addresses are only those of the source."""
    message = ScriptMessage("Email", "T", "", "S", attachments=FILES)
    live = Tags(message_html(message, lambda each: f"/files/{each.sha256[:4]}", live=True))
    paper = Tags(message_html(message))

    assert {"a", "audio", "img"} <= live.tags
    addresses = [value for name, value in live.attributes if name in ("href", "src")]
    assert addresses
    assert all(value.startswith("/files/") for value in addresses)
    assert not {"a", "audio", "img"} & paper.tags
    assert "Picture: map.png" in paper.text


def test_the_style_loads_nothing() -> None:
    """No address, and nothing that is not under a class of messages."""
    style = message_style()

    assert "url(" not in style
    assert "@import" not in style
    selectors = re.findall(r"^([^\s@/}][^{}]*)\{", style, re.MULTILINE)
    assert selectors
    assert all(part.strip().startswith(".msg") for each in selectors for part in re.split(r",(?![^(]*\))", each))


@pytest.mark.parametrize("channel", ["News", "Email", "Intel"])
def test_a_text_that_repeats_the_title_is_shown_once(channel: str) -> None:
    """As in an inject that is written in one line during the exercise."""
    html = message_html(ScriptMessage(channel, "A boat is missing.", "A boat is missing."))
    assert html.count(">A boat is missing.<") == 1


def test_a_message_says_what_it_is() -> None:
    """`E-mail with 1 picture`, for those who hear the page."""
    assert ScriptMessage("Email", "", "", attachments=FILES[:1]).name == "E-mail with 1 picture"


def test_questions_are_a_form_on_paper_only() -> None:
    """On a screen and in a review, the answers have a place of their own."""
    asked = ScriptMessage("Email", "Water rises", "Text.", "River Watch", ("Lowland",), None, 1, questions=QUESTIONS)
    first = QUESTIONS.questions[0].text
    assert first in message_html(asked, to_fill_in=True)
    for live in (False, True):
        assert first not in message_html(asked, live=live)
        assert "msg-box" not in message_html(asked, live=live)
