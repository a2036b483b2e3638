"""`wargame report`: every format, hostile text, runs side by side, batches, and what bad use gets."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from support.command_line import wargame, wargame_json
from wargame.executor.run import Place, simulate
from wargame.journal.records import Record
from wargame.review.document.blocks import Grid
from wargame.review.document.markdown import markdown, plain
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.reviewer_notes import ReviewerNotes
from wargame.review.findings.source import RunSource, open_run
from wargame.review.reports.page_data import offsets
from wargame.review.reports.run_comparison import comparison, divergence
from wargame.review.reports.run_document import review
from wargame.review.reports.writing import as_document, render
from wargame.scenario.loading.load import load

HOSTILE = "<script>alert(1)</script>&#x3c; [x](javascript:alert(1)) | `#eval` #let x = 1 \u202e\x07 " + "W" * 500
SEAT_SECRETS = ("seed", "sha256", "wargame run", "expected", "coup", "harvest")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs of the small scenario."""
    top = tmp_path_factory.mktemp("reports")
    for seed in (3, 4):
        simulate(
            load("two-rivals"),
            seed,
            place=Place(out=top / f"run{seed}"),
            command=f"wargame run two-rivals --seed {seed}",
        )
    return top


@pytest.fixture(scope="module")
def source(place: Path) -> RunSource:
    """The first of them."""
    return open_run(place / "run3")


def embedded(page: bytes) -> dict[str, Any]:
    """What the page carries, unpacked."""
    packed = re.search(rb'id="journal-data">([^<]+)<', page)
    assert packed
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return found


def hostile(source: RunSource) -> RunSource:
    """The same run with hostile text wherever people write any."""
    keys = ("title", "message", "why", "text", "reason")
    records = [
        Record(r.seq, r.t, r.at, r.kind, r.who, r.about, r.cause, r.data | {k: HOSTILE for k in keys if k in r.data})
        for r in source.records
    ]
    return RunSource(source.folder, source.manifest, records, source.loaded, (HOSTILE,))


# The page


def test_a_run_ends_with_its_report_and_says_where(tmp_path: Path) -> None:
    """Without being asked, beside the run."""
    done = wargame("run", "two-rivals", "--out", "first", cwd=tmp_path)

    assert "first/report.html" in done.stdout
    assert (tmp_path / "first" / "report.html").stat().st_size > 50_000


def test_no_report_writes_none_and_keeps_the_summary(tmp_path: Path) -> None:
    """`--no-report` turns off the page; what a run came to is printed and kept all the same."""
    done = wargame("run", "two-rivals", "--out", "first", "--no-report", cwd=tmp_path)
    told = wargame_json("run", "two-rivals", "--out", "second", "--no-report", cwd=tmp_path)

    assert "Outcomes" in done.stdout
    assert "report.html" not in done.stdout
    assert told["report"] is None
    for name in ("first", "second"):
        assert (tmp_path / name / "summary.json").is_file()
        assert not (tmp_path / name / "report.html").exists()


def test_commands_to_copy_are_quoted(place: Path) -> None:
    """The folder of a run may have blanks in its name: what the review says can be pasted into a shell."""
    import shutil

    shutil.copytree(place / "run3", place / "my run")
    for form in ("html", "md"):
        assert wargame("report", "my run", "--format", form, cwd=place).returncode == 0
    page = (place / "my run" / "report.html").read_text(encoding="utf-8")

    assert "wargame verify 'my run'" in (place / "my run" / "report.md").read_text(encoding="utf-8")
    assert "wargame verify &#39;my run&#39;" in page
    assert "wargame report &#39;my run&#39; --depth quick" in page
    assert embedded(page.encode())["meta"]["run"] == "'my run'"


def test_the_page_asks_nothing_of_any_host(source: RunSource) -> None:
    """A strict policy, and no address of the web in it but names of namespaces."""
    page = render(Findings(source), "html").decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)

    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(?:link|img|iframe|object)\b|\sstyle=|\son[a-z]+=", page)


def test_the_page_carries_the_whole_journal(source: RunSource) -> None:
    """Every record, with its cause and data as they are on disk."""
    carried = embedded(render(Findings(source), "html"))["records"]

    told = [(seq, t, kind, who, about, tuple(cause), data) for seq, t, kind, who, about, cause, data, _ in carried]
    assert told == [(r.seq, r.t, r.kind, r.who, r.about, r.cause, r.data) for r in source.records]


def test_times_of_the_page_follow_changes_of_the_clock() -> None:
    """Daylight saving of the scenario's zone: each offset with the second from which it holds."""
    stamps = ["2030-03-30T12:00:00+01:00", "2030-04-01T12:00:00+02:00", "2030-04-02T12:00:00+02:00"]
    records = [Record(i, i * 100, at, "note", "", "", (), {}) for i, at in enumerate(stamps)]

    assert offsets(records) == [(0, 60), (100, 120)]


@pytest.mark.parametrize("form", ["html", "md", "docx", "pdf"])
def test_hostile_text_is_text_in_every_format(source: RunSource, form: str) -> None:
    """Markup, scripts, control and direction characters, very long words."""
    made = render(Findings(hostile(source)), form)

    assert len(made) > 10_000
    assert b"<script>alert" not in made
    if form in ("html", "md"):
        assert "\u202e" not in made.decode()
        assert "\x07" not in made.decode()


def test_markdown_escapes_what_would_be_markup() -> None:
    """Tables, links, code, headings and HTML stay text."""
    assert plain("# a|b `c` [d](e) <f> & *g*", start=True) == r"\# a\|b \`c\` \[d\](e) \<f\> &amp; \*g\*"


def test_the_version_for_a_seat_gives_nothing_away(source: RunSource) -> None:
    """Neither in the page nor in what it carries: no seed or hash to play it again with, no plan, no other mind."""
    page = render(Findings(source), "html", "BRL")
    carried = json.dumps(embedded(page)).lower()
    shown = re.sub(r"(?s)<(script|style).*?</\1>|<meta[^>]+>", "", page.decode()).lower()

    for secret in SEAT_SECRETS:
        assert secret not in shown, secret
    assert source.folder.path.name not in shown
    assert source.manifest.scenario_sha256 not in page.decode() + carried
    assert {r[3] for r in embedded(page)["records"] if r[2] in ("decision", "signal", "action")} == {"BRL"}


def test_a_journal_cut_short_says_so_on_top(place: Path, tmp_path: Path) -> None:
    """Before anything else, in every format."""
    import shutil

    copy = Path(shutil.copytree(place / "run3", tmp_path / "copy"))
    lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (copy / "journal.jsonl").write_bytes(b"".join(lines[:200]) + lines[200][:20])
    for form in ("html", "md"):
        made = render(open_findings(copy), form).decode()
        assert "is torn" in made[: made.index("In one page</h2>" if form == "html" else "2. In one page")]


# Documents


def test_the_document_has_the_order_of_hseep(source: RunSource) -> None:
    """Overview, one page, what happened, analysis, improvement plan, appendices."""
    heads = re.findall(r"(?m)^## (.+)$", markdown(review(Findings(source), ReviewerNotes(), pictures=False)).decode())

    assert [head.split(".")[0] for head in heads] == [
        *"12345", "Appendix A", "Appendix B", "Appendix C", "Appendix D",
    ]  # fmt: skip


def test_word_and_pdf_carry_the_marking(source: RunSource) -> None:
    """At the head and foot of every page, and the pictures have words for those who cannot see them."""
    with ZipFile(io.BytesIO(render(Findings(source), "docx"))) as word:
        assert b"EXERCISE EXERCISE EXERCISE" in word.read("word/header1.xml") + word.read("word/footer1.xml")
        assert b'descr="' in word.read("word/document.xml")
    assert render(Findings(source), "pdf").startswith(b"%PDF-")


def test_columns_in_word_are_as_wide_as_the_document_wants() -> None:
    """In the grid of the table too: LibreOffice looks at nothing else. Rows stay in one piece, the head comes again."""
    made = as_document([Grid("A table", ("Name", "Text"), (("a", "b"),), (0.25, 0.75))], "docx")
    with ZipFile(io.BytesIO(made)) as word:
        text = word.read("word/document.xml").decode()
    narrow, wide = map(int, re.findall(r'<w:gridCol w:w="(\d+)"', text))

    assert 3 * narrow == pytest.approx(wide, rel=0.01)
    assert text.count("<w:cantSplit") == 2
    assert text.count("<w:tblHeader") == 1


def test_a_persons_words_are_in_every_document(place: Path) -> None:
    """`wargame report` leaves a review.yaml to edit, and reads it the next time."""
    assert wargame("report", "run4", "--format", "md", cwd=place).returncode == 0
    path = place / "run4" / "review.yaml"
    text = path.read_text(encoding="utf-8").replace("overview: ''", "overview: The cells <b>learned</b> a lot.")
    path.write_text(text, encoding="utf-8")
    for form in ("md", "html"):
        wargame("report", "run4", "--format", form, cwd=place)
    path.unlink()

    assert r"The cells \<b\>learned\</b\> a lot." in (place / "run4" / "report.md").read_text(encoding="utf-8")
    assert "The cells &lt;b&gt;learned&lt;/b&gt; a lot." in (place / "run4" / "report.html").read_text(encoding="utf-8")


# Two runs


def test_two_runs_part_where_their_journals_do(place: Path) -> None:
    """The first records with another content, by the lines alone."""
    left, right = (
        [json.loads(line) for line in (place / f"run{seed}" / "journal.jsonl").read_text("utf-8").splitlines()]
        for seed in (3, 4)
    )
    content = ("t", "kind", "who", "about", "data")
    parted = next(
        a["seq"]
        for a, b in zip(left, right, strict=False)
        if a["kind"] != "run.start" and [a[k] for k in content] != [b[k] for k in content]
    )
    found, _ = divergence(open_run(place / "run3"), open_run(place / "run4"))

    assert found is not None
    assert found.seq == parted


def test_a_word_document_bears_the_date_of_its_run(source: RunSource) -> None:
    """And not that of the template of the library that makes it."""
    with ZipFile(io.BytesIO(render(Findings(source), "docx"))) as word:
        told = word.read("docProps/core.xml").decode()
    finished = datetime.fromisoformat(str(source.manifest.finished)).astimezone(UTC)
    assert told.count(f"{finished:%Y-%m-%dT%H:%M:%S}Z") == 2


def test_a_run_beside_itself_does_not_part(source: RunSource) -> None:
    """And only what differs is told: nothing."""
    told = markdown(comparison(Findings(source), Findings(source))).decode()
    assert "both journals are the same" in told
    assert "Nothing: the same scenario, injects, seed and settings." in told


# The command


def test_the_command_says_where_the_report_is(place: Path) -> None:
    """One line, or one JSON document."""
    assert wargame("report", "run3", cwd=place).stdout == "run3/report.html\n"
    told = wargame_json("report", "run3", "run4", "-o", "both.html", cwd=place)
    assert (told["report"], told["bytes"]) == ("both.html", (place / "both.html").stat().st_size)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nowhere",), 2, "there is no run 'nowhere'"),
        ((".",), 3, "is this a run folder?"),
        (("run3", "--seat", "BLR"), 2, "did you mean 'BRL'?"),
        (("run3", "-o", "no/such/place.html"), 2, "choose another place with -o FILE"),
        (("run3", "--seat", "BRL", "--format", "docx"), 2, "the version for a seat is a page"),
        (("run3", "--seat", "BRL", "--depth", "quick"), 2, "exclude each other"),
        (("run3", "--seat", "BRL", "--within", "run4"), 2, "exclude each other"),
        (("run3", "--within", "run4"), 2, "there is no such batch"),
        (("run3", "--arm", "calm"), 2, "name the batch too"),
        (("run3", "run4", "--depth", "quick"), 2, "only for the review of one run"),
        (("run3", "run4", "run3"), 2, "cannot compare 3 runs"),
    ],
)
def test_bad_use_is_told_with_a_remedy(place: Path, words: tuple[str, ...], code: int, told: str) -> None:
    """What is wrong, what to do, and no traceback."""
    done = wargame("report", *words, cwd=place)

    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_trace_is_not_buried_by_a_long_text(place: Path, tmp_path: Path) -> None:
    """`wargame why` cuts what nobody could read on a terminal, and says so; --json has all of it."""
    import shutil

    run = Path(shutil.copytree(place / "run3", tmp_path / "long"))
    lines = [json.loads(line) for line in (run / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    inject = next(line for line in lines if line["kind"] == "inject.released")
    inject["data"]["title"] = "long " * 100_000
    (run / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    told = wargame("why", "long", str(inject["seq"]), cwd=tmp_path)

    assert told.returncode == 0
    assert len(told.stdout) < 10_000
    assert "characters)" in told.stdout
    assert len(wargame("why", "long", str(inject["seq"]), "--json", cwd=tmp_path).stdout) > 500_000


@pytest.mark.parametrize(("form", "package"), [("docx", "docx"), ("pdf", "typst")])
def test_a_missing_extra_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch, form: str, package: str) -> None:
    """How to install it."""
    from wargame.errors import UsageFault

    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageFault, match=rf"crisis-wargame\[{form}\]"):
        as_document([], form)


def test_a_run_and_its_page_import_no_charts(tmp_path: Path) -> None:
    """What every run writes costs no start of tables or charts."""
    code = (
        "import sys; from pathlib import Path; from wargame.executor.run import Place, simulate\n"
        "from wargame.scenario.loading.load import load; from wargame.review.findings.findings import open_findings\n"
        "from wargame.review.reports.writing import render\n"
        "run = simulate(load('two-rivals'), 1, place=Place(out=Path('r'))); render(open_findings(run.folder), 'html')\n"
        "print(sorted({'altair', 'pandas', 'vl_convert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Speed, and the sample


@pytest.mark.slow
def test_the_page_of_two_years_is_small(tmp_path: Path) -> None:
    """The large scenario: under 2.5 MB. How soon it is written is for `benchmarks/report.py`."""
    run = simulate(load("korea-2017"), 1, place=Place(out=tmp_path / "korea"))
    assert len(render(open_findings(run.folder), "html")) < 2_500_000


@pytest.mark.slow
def test_the_sample_review_is_what_the_command_writes(root: Path) -> None:
    """Whoever reads it in the docs sees what a run gives today; `python docs/sample_review.py` writes it anew."""
    done = subprocess.run(
        [sys.executable, root / "docs" / "sample_review.py", "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )

    assert (done.returncode, done.stdout.strip() + done.stderr) == (0, "")


def test_a_report_can_go_to_standard_output(tmp_path: Path) -> None:
    """For a pager or a pipe; then nothing else is printed, and no file is written."""
    wargame("run", "two-rivals", "--until", "D+5", "--no-report", "--out", "r", "-q", cwd=tmp_path)
    done = wargame("report", "r", "--format", "md", "-o", "-", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("**EXERCISE EXERCISE EXERCISE**")
    assert not (tmp_path / "-").exists()
    assert not list((tmp_path / "r").glob("report.*"))
    both = wargame("report", "r", "-o", "-", "--json", cwd=tmp_path)
    assert (both.returncode, "choose one" in both.stderr) == (2, True)
