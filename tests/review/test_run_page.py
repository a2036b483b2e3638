"""The review of a run as a page."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.in_process import wargame, wargame_json
from support.records import made
from support.reviews import embedded, page, with_records
from wargame.document.html import SCRIPTS, asset
from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.objectives import legend
from wargame.review.findings.source import RunSource
from wargame.review.reports.run_review import offsets
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load


def _first_page(source: RunSource) -> str:
    from wargame.review.reports.writing import render

    page = render(Findings(source), "html").decode()
    return page[page.index('<section id="summary">') : page.index('<section id="timeline">')]


def _chances(by_seq: dict[int, dict[str, Any]], seq: int) -> list[float]:
    """The chances of the decisions along the triggers that lead to a record."""
    chances = []
    while True:
        line = by_seq[seq]
        if line["kind"] == "decision":
            chances.append(line["data"]["chance"])
        if not line["cause"]:
            return chances
        seq = line["cause"][0]


def test_every_number_of_the_summary_is_in_the_journal(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """Outcomes with days, moments with chances and expected actions by objective, computed from the lines."""
    first = _first_page(source)
    start = next(line["t"] for line in lines if line["kind"] == "startex")
    since = [line for line in lines if line["t"] >= start]
    by_seq = {line["seq"]: line for line in lines}

    outcomes = [line for line in since if line["kind"] == "outcome"]
    cards = re.findall(r"<li class=\"[^\"]*\"><b>([^<]+)</b>.*?day (-?\d+).*?#(\d+)</a>", first)
    assert sorted((html.unescape(title), int(day), int(seq)) for title, day, seq in cards) == sorted(
        (line["data"]["title"], round((line["t"] - start) / 86400), line["seq"]) for line in outcomes
    )
    expected = [line["data"] for line in since if line["kind"] == "expected"]
    known = load("two-rivals").scenario.objectives
    for name, objective in known.items():
        statuses = [data["status"] for data in expected if data["objective"] == name]
        counts = {status: statuses.count(status) for status in ("met", "late", "missed")}
        tally = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
        assert f">{tally}</span>" in first[first.index(html.escape(objective.title)) :]
    moments = re.findall(r'<li><b>.*?</b>.*?#r(\d+)">.*?</li>', first, re.DOTALL)
    assert moments
    assert cards
    for text, seq in zip(re.findall(r"<li><b>.*?</li>", first, re.DOTALL), map(int, moments), strict=True):
        for percent in re.findall(r"\bchosen with probability (\d+)%", text):
            assert int(percent) in {round(100 * chance) for chance in _chances(by_seq, seq)}


def test_the_page_counts_decisions_and_records(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """Counted in the lines; the number of records is with the data for reproduction."""
    decided = sum(line["kind"] == "decision" for line in lines)
    text = page(source)

    assert f"<dt>Decisions</dt><dd>{decided:,} decisions, including decisions to wait</dd>" in text
    assert f'<th scope="row">records</th><td><code>{len(lines):,}</code>' in text


def test_a_run_writes_its_report_and_prints_the_path(tmp_path: Path) -> None:
    """By default, into the run folder."""
    done = wargame("run", "two-rivals", "--out", "first", cwd=tmp_path)

    assert "first/report.html" in done.stdout
    assert (tmp_path / "first" / "report.html").stat().st_size > 50_000


def test_no_report_writes_only_the_summary(tmp_path: Path) -> None:
    """`--no-report` skips the page; the summary is printed and written."""
    done = wargame("run", "two-rivals", "--out", "first", "--no-report", cwd=tmp_path)
    document = wargame_json("run", "two-rivals", "--out", "second", "--no-report", cwd=tmp_path)

    assert "Outcomes" in done.stdout
    assert "report.html" not in done.stdout
    assert document["report"] is None
    for name in ("first", "second"):
        assert (tmp_path / name / "summary.json").is_file()
        assert not (tmp_path / name / "report.html").exists()


def test_commands_to_copy_are_quoted(copy: Path) -> None:
    """Commands in the review can be pasted into a shell even if the name of the folder contains a blank."""
    place = copy.parent
    copy.rename(place / "my run")
    for form in ("html", "md"):
        assert wargame("report", "my run", "--format", form, cwd=place).returncode == 0
    page = (place / "my run" / "report.html").read_text(encoding="utf-8")

    assert "wargame verify 'my run'" in (place / "my run" / "report.md").read_text(encoding="utf-8")
    assert "wargame verify &#39;my run&#39;" in page
    assert "wargame report &#39;my run&#39; --depth quick" in page
    assert embedded(page.encode())["meta"]["run"] == "'my run'"


def test_the_page_loads_nothing(source: RunSource) -> None:
    """It has a strict policy, and its only web address is the namespace of SVG."""
    page = render(Findings(source), "html").decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)

    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(?:link|img|iframe|object)\b|\sstyle=|\son[a-z]+=", page)


def test_the_page_contains_the_whole_journal(source: RunSource) -> None:
    """Every record, with cause and data as on disk."""
    records = embedded(render(Findings(source), "html"))["records"]

    content = [(seq, t, kind, who, about, tuple(cause), data) for seq, t, kind, who, about, cause, data, _ in records]
    assert content == [(r.seq, r.t, r.kind, r.who, r.about, r.cause, r.data) for r in source.records]


def test_times_of_the_page_follow_changes_of_the_clock() -> None:
    """Daylight saving time: each offset with the second from which it is in force."""
    stamps = ["2030-03-30T12:00:00+01:00", "2030-04-01T12:00:00+02:00", "2030-04-02T12:00:00+02:00"]
    records = [made(i, i * 100, at, "note", "", "", (), {}) for i, at in enumerate(stamps)]

    assert offsets(records) == [(0, 60), (100, 120)]


def test_a_run_and_its_page_import_no_charts(tmp_path: Path) -> None:
    """So that every run starts fast."""
    code = (
        "import sys; from pathlib import Path; from wargame.executor.run import Destination, simulate\n"
        "from wargame.scenario.loading.load import load; from wargame.review.findings.findings import open_findings\n"
        "from wargame.review.reports.writing import render\n"
        "run = simulate(load('two-rivals'), 1, place=Destination(out=Path('r')))\n"
        "render(open_findings(run.folder), 'html')\n"
        "print(sorted({'quickjs', 'pandas', 'vl_convert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_page_of_two_years_is_small(tmp_path: Path) -> None:
    """Under 2.5 MB for the large scenario. `benchmarks/report.py` measures the time."""
    run = simulate(load("korea-2017"), 1, place=Destination(out=tmp_path / "korea"))
    assert len(render(open_findings(run.folder), "html")) < 2_500_000


@pytest.mark.parametrize(
    ("started", "finished", "text"),
    [
        ("2026-11-25T18:20:11+00:00", "2026-11-25T18:23:40+00:00", "25 Nov 2026, 18:20 to 18:23 UTC"),
        ("2026-11-25T18:20:11+00:00", "2026-11-25T18:20:40+00:00", "25 Nov 2026, 18:20 UTC"),
        ("2026-11-25T23:20:11+00:00", "2026-11-26T01:02:40+00:00", "25 Nov 2026, 23:20 to 26 Nov 2026, 01:02 UTC"),
        ("2026-11-25T18:20:11+00:00", None, "since 25 Nov 2026, 18:20 UTC"),
    ],
)
def test_a_review_says_when_it_was_conducted(source: RunSource, started: str, finished: str | None, text: str) -> None:
    """Real time to the minute, in UTC."""
    manifest = msgspec.structs.replace(source.manifest, started=started, finished=finished)
    timed = replace(source, manifest=manifest)

    assert f"<dt>Conducted</dt><dd>{text}</dd>" in page(timed)
    assert f"- **Conducted**: {text}\n" in render(Findings(timed), "md").decode()


def test_the_overview_has_scope_objectives_game_time_and_ending(source: RunSource) -> None:
    """In the page as in the document, after what happened."""
    html, document = page(source), render(Findings(source), "md").decode()
    head = html[html.index('<section id="overview">') : html.index('<section id="reproduce">')]

    for text in (head, document):
        assert "Arda and Brel dispute a strait." in text
        assert "Respond to an incident within two weeks" in text
        assert "1 Jan 2030 to 1 Jan 2031" in text
        assert "ENDEX, 1 Jan 2031, 00:00" in text


def test_an_outcome_that_ended_the_run_is_named_by_its_title(source: RunSource) -> None:
    """The manifest has only its id."""
    ended = replace(source, manifest=msgspec.structs.replace(source.manifest, ended="outcome war"))
    assert "<dt>Ended</dt><dd>outcome: War in the strait, 1 Jan 2031, 00:00</dd>" in page(ended)


def test_the_menu_has_the_headings_of_the_sections(source: RunSource) -> None:
    """In the version for a seat too."""
    for seat in ("", "BRL"):
        html = page(source, seat)
        menu = re.findall(r'<li><a href="#(\w+)">([^<]+)</a></li>', html)
        assert menu == re.findall(r'<section id="(\w+)"><h2>([^<]+)</h2>', html)


def test_every_format_explains_the_letters_of_ratings(source: RunSource) -> None:
    """`P performed without challenges`, and so on; only where there is a rating."""
    rated = with_records(source, ("rating", "", "signals", (), {"rating": "M"}))
    for form in ("html", "md"):
        assert f"{legend()}. Evaluators give the ratings" in html.unescape(render(Findings(rated), form).decode())
        unrated = html.unescape(render(Findings(source), form).decode())
        assert "Evaluators give the ratings, during an exercise or in review.yaml." in unrated
        assert legend() not in unrated


@pytest.mark.parametrize("seat", ["", "BRL"])
def test_the_page_contains_all_data_that_its_scripts_read(source: RunSource, seat: str) -> None:
    """Every name after `model.meta.` is a key of the embedded data."""
    read = {name for script in SCRIPTS for name in re.findall(r"model\.meta\.(\w+)", asset(script))}
    meta = embedded(render(Findings(source), "html", seat))["meta"]

    assert len(read) > 10
    assert read == set(meta)
    assert set(meta["received"]) == ({seat} if seat else {"ARD", "BRL"})
