"""The journal: lines, run folders, reading, comparing, tracing and summarising."""

from __future__ import annotations

import itertools
import os
import stat
from datetime import UTC, datetime, timedelta
from io import FileIO, StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from support.records import changed, made
from wargame.document.terminal import print_blocks
from wargame.errors import Invalid, UsageFault
from wargame.journal import folder as folders
from wargame.journal import manifest as manifests
from wargame.journal.folder import Folder
from wargame.journal.manifest import RunManifest, name_words, run_name
from wargame.journal.reader import JournalLines, cut_short, first_difference, read_journal
from wargame.journal.records import Record, at_level, decode_line, encode_lines, kinds
from wargame.journal.trace import trace
from wargame.journal.wording import Titles
from wargame.journal.writer import JournalCutShort, Writer
from wargame.language.times import DAY
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.findings.summary import RunSummary
from wargame.review.reports.run_summary import run_summary as blocks_of

START = datetime(2017, 5, 1, tzinfo=UTC)


def record(
    seq: int, kind: str = "note", who: str = "", about: str = "", /, *cause: int, day: float = 0.0, **data: Any
) -> Record:
    """A record of the example run; `day` counts from the start of its calendar."""
    at = (START + timedelta(days=day)).isoformat()
    return made(seq, round(day * DAY), at, kind, who, about, cause, data)


def manifest(**changes: Any) -> RunManifest:
    """The manifest of the example run: 100 days, STARTEX on the tenth."""
    begun = RunManifest(
        name="toy-s1-amber-crane",
        scenario="toy",
        title="A toy",
        scenario_sha256="a" * 64,
        injects_sha256="b" * 64,
        seed=1,
        settings={"journal": "full"},
        command="wargame run toy --seed 1",
        startex=(START + timedelta(days=10)).isoformat(),
        end=(START + timedelta(days=100)).isoformat(),
        outcome_titles={"war": "A war of the toys"},
        versions=manifests.versions(),
        platform="toy",
        started=manifests.now(),
    )
    return msgspec.structs.replace(begun, **changes)


def run_folder(path: Path, **changes: Any) -> Folder:
    """A new run folder of the example."""
    return folders.create(path, manifest(**changes), {"scenario/toy.yaml": b"name: toy\n"})


def keep(folder: Folder, records: list[Record], **changes: Any) -> None:
    """Writes a journal and closes the folder."""
    with Writer(folder.journal) as writer:
        writer.append(records)
    manifests.write_manifest(folder.path, manifest(ended="endex", journal_sha256=writer.sha256, **changes))


# Lines

leaves: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
)
trees = st.recursive(leaves, lambda t: st.lists(t, max_size=3) | st.dictionaries(st.text(max_size=4), t, max_size=3))


@given(st.dictionaries(st.text(max_size=6), trees, max_size=4))
def test_a_written_record_is_read_unchanged(data: dict[str, Any]) -> None:
    """Floats are equal to the last bit."""
    written = record(3, "command", "PRK", "test", 1, 2, day=1.5, **{f"_{key}": value for key, value in data.items()})
    line = encode_lines([written])
    assert line.count(b"\n") == 1
    assert decode_line(line[:-1]) == written


def test_the_fields_of_a_line_have_a_fixed_order() -> None:
    """seq, t, at, kind, who, about, cause, data; `at` has its offset."""
    line = encode_lines([record(3, "command", "PRK", "test", 2, day=1, x=0.1)])
    assert line == (
        b'{"seq":3,"t":86400,"at":"2017-05-02T00:00:00+00:00","kind":"command","who":"PRK","about":"test",'
        b'"cause":[2],"data":{"x":0.1}}\n'
    )


def test_numpy_scalars_are_written_as_numbers() -> None:
    """The engine may log NumPy numbers as they are."""
    import numpy as np

    assert b'"x":0.5,"n":3' in encode_lines([record(1, "command", x=np.float64(0.5), n=np.int64(3))])


@pytest.mark.parametrize(("level", "seqs"), [("full", [0, 1, 2, 3]), ("decisions", [0, 2]), ("none", [])])
def test_a_level_leaves_kinds_out_but_keeps_the_numbers(level: str, seqs: list[int]) -> None:
    """`decisions` has no signals and snapshots; `seq` also counts the records that are left out."""
    records = [record(0, "action"), record(1, "signal"), record(2, "decision"), record(3, "snapshot")]
    assert [r.seq for r in at_level(records, level)] == seqs


# Names


def test_equal_runs_have_equal_readable_names() -> None:
    """A name contains the scenario, the seed and two words drawn from inputs and settings."""
    name = run_name("korea-2017", 7, "hash", "{}")
    assert name == run_name("korea-2017", 7, "hash", "{}")
    assert name.startswith("korea-2017-s7-")
    assert name != run_name("korea-2017", 7, "hash", '{"until":"90d"}')


def test_the_words_of_names_are_many_short_and_different() -> None:
    """There are twenty thousand combinations of short words."""
    adjectives, nouns = name_words()
    assert len(set(adjectives)) * len(set(nouns)) > 20_000
    assert len(adjectives) == len(set(adjectives))
    assert len(nouns) == len(set(nouns))
    assert all(word.isalpha() and word.islower() and len(word) <= 8 for word in (*adjectives, *nouns))


# Folders


def test_a_new_folder_is_complete_and_its_status_is_running(tmp_path: Path) -> None:
    """Inputs, an empty journal and a manifest exist from the start, and nothing else."""
    folder = run_folder(tmp_path / "deep" / "run")
    assert sorted(path.name for path in folder.path.iterdir()) == ["inputs", "journal.jsonl", "manifest.json"]
    assert folder.manifest().ended == "running"
    assert folder.inputs() == {"scenario/toy.yaml": b"name: toy\n"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.symlink_to("nowhere")])
def test_an_existing_path_is_never_overwritten(tmp_path: Path, make: Any) -> None:
    """A folder, a file or a dangling link of that name is refused with a remedy."""
    make(tmp_path / "run")
    with pytest.raises(UsageFault, match="already exists; remove it or choose another"):
        run_folder(tmp_path / "run")


def test_a_taken_name_gets_a_counter(tmp_path: Path) -> None:
    """A second run of the same name gets a counter, in its manifest too."""
    names = [folders.create_named(tmp_path, manifest(), {"x.yaml": b""}) for _ in range(3)]
    assert [folder.name for folder in names] == [f"toy-s1-amber-crane{tail}" for tail in ("", "-2", "-3")]
    assert names[2].manifest().name == names[2].name


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The message names the folder and the remedy; no partial folder is left."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageFault, match=r"cannot create the run folder .*choose another place with --out"):
        run_folder(tmp_path / "file" / "run")


@pytest.mark.parametrize("name", ["../evil.yaml", "/evil.yaml"])
def test_no_input_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    """Names of inputs must be inside the folder."""
    with pytest.raises(ValueError, match="cannot be stored"):
        folders.create(tmp_path / "run", manifest(), {name: b""})
    assert not list(tmp_path.iterdir())


def test_a_run_is_found_by_path_name_prefix_and_last(tmp_path: Path) -> None:
    """By path, by name, by the start of a name and as `last`."""
    first = folders.create(tmp_path / "toy-s1-a", manifest(started="2026-01-01T00:00:00+00:00"), {"x.yaml": b""})
    second = folders.create(tmp_path / "toy-s2-b", manifest(started="2026-01-02T00:00:00+00:00"), {"x.yaml": b""})
    assert folders.find(str(first.path), tmp_path) == first
    assert folders.find("toy-s1-a", tmp_path) == first
    assert folders.find("toy-s2", tmp_path) == second
    assert folders.find("last", tmp_path) == second


@pytest.mark.parametrize(
    ("name", "message"), [("toy", "is ambiguous"), ("toy-s1-q", "did you mean"), ("x", "list runs")]
)
def test_an_unknown_run_is_a_usage_error_with_a_hint(tmp_path: Path, name: str, message: str) -> None:
    """For an ambiguous, a mistyped and an unknown name."""
    for existing in ("toy-s1-a", "toy-s2-b"):
        run_folder(tmp_path / existing)
    with pytest.raises(UsageFault, match=message):
        folders.find(name, tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "damaged"),
        (b"[]", "damaged"),
        (b"\xff\x00", "damaged"),
        (b'{"format": "wargame-run/2"}', "belongs to a later version"),
    ],
)
def test_a_bad_manifest_is_invalid(tmp_path: Path, content: bytes, message: str) -> None:
    """Damage and other formats are reported with the name of the file."""
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(Invalid, match=message):
        folders.open_folder(tmp_path)


# Writing and reading


def test_blocks_add_up_to_the_file_and_its_hash(tmp_path: Path) -> None:
    """The writer's hash is that of the bytes on disk."""
    folder = run_folder(tmp_path / "run")
    with Writer(folder.journal) as writer:
        for seq in range(5):
            writer.append([record(seq)])
    lines = JournalLines(folder.journal)
    assert len(list(lines)) == writer.records == 5
    assert lines.sha256 == writer.sha256


def test_an_incomplete_last_line_is_not_read_as_a_record(tmp_path: Path) -> None:
    """A crash in the middle of a line loses only that line."""
    folder = run_folder(tmp_path / "run")
    whole = encode_lines([record(0), record(1)])
    folder.journal.write_bytes(whole + b'{"seq":2,"t":')
    lines = JournalLines(folder.journal)
    assert [r.seq for r in read_journal(folder)] == [0, 1]
    assert (len(list(lines)), lines.torn) == (2, b'{"seq":2,"t":')


def test_a_damaged_line_in_the_middle_is_reported_with_its_number(tmp_path: Path) -> None:
    """It is not skipped."""
    folder = run_folder(tmp_path / "run")
    folder.journal.write_bytes(encode_lines([record(0)]) + b"garbage\n" + encode_lines([record(1)]))
    with pytest.raises(Invalid, match=r"journal\.jsonl:2:1: is not a record"):
        list(read_journal(folder))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b'"kind":"action"', b'"kind":"acton"'), "there is no kind of record 'acton'"),
        ((b'"rung":3', b'"rang":3'), "missing required field `rung`"),
        ((b'"rung":3', b'"rung":"high"'), r"Expected `int`, got `str` - at `\$.rung`"),
    ],
)
def test_a_line_that_is_no_record_of_its_kind_is_reported(
    tmp_path: Path, change: tuple[bytes, bytes], said: str
) -> None:
    """With file, line and what is wrong: an unknown kind, a field that is missing or of another type."""
    folder = run_folder(tmp_path / "run")
    folder.journal.write_bytes(encode_lines([record(0), record(1, "action", "PRK", "test", rung=3)]).replace(*change))
    with pytest.raises(Invalid, match=rf"journal\.jsonl:2:1: is not a record: .*{said}"):
        list(read_journal(folder))


def test_a_record_of_each_kind_is_read_as_it_was_written() -> None:
    """Also one whose fields are all empty."""
    written = [record(0, kind, "PRK", "x") for kind in kinds()]
    lines = encode_lines(written).splitlines(keepends=True)
    assert [encode_lines([decode_line(line[:-1])]) for line in lines] == lines


def test_a_block_that_does_not_fit_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a full disk the journal has only whole lines; the error says where, why and what to do."""
    folder = run_folder(tmp_path / "run")
    writer = Writer(folder.journal)
    writer.append([record(0)])

    def half(file: FileIO, block: bytes) -> None:
        file.write(block[: len(block) // 2])
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("wargame.journal.writer.write_all", half)
    with pytest.raises(
        JournalCutShort, match=r"cannot write to .*journal\.jsonl: No space left on device; free some space"
    ):
        writer.append([record(1), record(2)])
    writer.close()
    assert folder.journal.read_bytes() == encode_lines([record(0)])


def test_a_manifest_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full, the old manifest stays and no temporary file is left."""
    folder = run_folder(tmp_path / "run")

    def refuse(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        manifests.write_manifest(folder.path, manifest(ended="endex"))
    assert folder.manifest().ended == "running"
    assert sorted(path.name for path in folder.path.iterdir()) == ["inputs", "journal.jsonl", "manifest.json"]


@pytest.mark.skipif(not hasattr(os, "O_DIRECTORY"), reason="a directory cannot be opened here")
def test_a_manifest_and_its_entry_in_the_directory_are_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content before the file has its name, the directory after that."""
    folder, flushed = run_folder(tmp_path / "run"), list[bool]()
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(stat.S_ISDIR(os.fstat(handle).st_mode)))
    manifests.write_manifest(folder.path, manifest(ended="endex"))
    assert flushed == [False, True]


def test_a_running_and_a_killed_run_are_distinguished(tmp_path: Path) -> None:
    """Both manifests say `running`; only the lock differs."""
    folder = run_folder(tmp_path / "run")
    last = record(0)
    with Writer(folder.journal):
        assert "is in progress" in cut_short(folder, last)
    reason = cut_short(folder, last)
    why = "its process was killed, or the disk was full"
    assert reason == f"this run was cut short at 1 May 2017, 00:00 (record 0): {why}"


def test_a_complete_run_is_not_reported_as_cut_short(tmp_path: Path) -> None:
    """ENDEX and an outcome that ends the run are both regular ends."""
    folder = run_folder(tmp_path / "run", ended="outcome war")
    assert cut_short(folder, record(0)) == ""


# Comparing


def lines_of(*records: Record) -> list[bytes]:
    """The lines of a journal."""
    return encode_lines(list(records)).splitlines()


def test_equal_journals_have_no_difference() -> None:
    """A prefix has none either, if the run was cut short."""
    lines = lines_of(record(0), record(1))
    assert first_difference(lines, iter(lines), whole=True) is None
    assert first_difference(lines[:1], iter(lines), whole=False) is None


def test_the_first_difference_is_named_by_record_and_field() -> None:
    """The message has the path of the field in the data, and both values."""
    ours = record(1, "decision", "PRK", "test", candidates=[{"score": 0.5}, {"score": 0.25}])
    theirs = record(1, "decision", "PRK", "test", candidates=[{"score": 0.5}, {"score": 0.75}])
    difference = first_difference(lines_of(record(0), ours), iter(lines_of(record(0), theirs)), whole=True)
    assert str(difference) == (
        "record 1 (decision of PRK, 2017-05-01T00:00:00+00:00) differs in data.candidates[1].score: "
        "0.25 on disk, 0.75 in the re-run"
    )


def test_records_missing_on_one_side_are_a_difference() -> None:
    """For a shortened and a lengthened journal of a complete run."""
    lines = lines_of(record(0), record(1))
    assert "missing on disk" in str(first_difference(lines[:1], iter(lines), whole=True))
    assert "absent in the re-run" in str(first_difference(lines, iter(lines[:1]), whole=True))


def test_other_bytes_of_the_same_content_are_a_difference() -> None:
    """Lines are compared as bytes."""
    line = lines_of(record(0))[0]
    difference = first_difference([line.replace(b":", b": ", 1)], iter([line]), whole=True)
    assert difference is not None
    assert "order or spelling" in difference.field


# Why


def chain() -> list[Record]:
    """An inject, the action that it causes, and what PRK perceives, decides and does."""
    terms = {"interests": 0.3, "reciprocity": -0.1, "cost": -0.05}
    candidates = [
        {"option": "talk", "target": "USA", "score": 0.40, "noise": -0.5, "chance": 0.7, "terms": terms},
        {"option": "test", "target": None, "score": 0.30, "noise": 1.9, "chance": 0.3, "terms": terms},
    ]
    drawn = {"p": 0.8, "hazard": 1.2, "draw": 1.1, "threshold": 0.15, "wait": 0.1, "took": 7200}
    best = {"option": "talk", "target": "USA", "score": 0.40}
    done = {"severity": 12.0, "goldstein": -7.2, "rung": 4}
    flown = {"from": "inject"}
    return [
        record(0, "run.start", scenario="toy", seed=1),
        record(1, "inject.released", "", "flyover", day=12, title="Bombers fly", trigger="at", kind="inject"),
        record(2, "action", "USA", "show", 1, day=12, title="flies bombers", target="PRK", **done, **flown),
        record(3, "signal", "PRK", "show", 2, day=12.3, actor="USA", target="PRK", perceived=-8.1, surprise=-6.0),
        record(4, "note", "", "x", day=12.4, text="a word"),
        record(
            5, "decision", "PRK", "test", 3, 4, day=13, dossier="nuclear", choice="test", target=None,
            meeting="salience", chance=0.3, candidates=candidates, best=best, **drawn,
        ),
        record(6, "action", "PRK", "test", 5, day=20, title="tests a missile", success=False, **done),
    ]  # fmt: skip


def trace_text(seq: int, records: list[Record]) -> str:
    """A trace as text."""
    steps = trace(seq, {r.seq: r for r in records})
    lines = [line for step in steps.steps for line in (step.headline, *step.details, *step.contributions)]
    return "\n".join([*lines, steps.origin])


def test_a_trace_leads_from_an_action_back_to_the_inject() -> None:
    """Trigger by trigger, starting with the requested action."""
    steps = trace(6, {r.seq: r for r in chain()})
    assert [step.record.seq for step in steps.steps] == [6, 5, 3, 2, 1]
    assert steps.origin == "the inject 'flyover', released at its time"


def test_a_trace_says_where_chance_decided() -> None:
    """The chosen option did not have the best score: scores, noise and probabilities are given."""
    text = trace_text(6, chain())
    assert "chance decided: test scored +0.300 against +0.400 for talk USA" in text
    assert "ranked first because of chance (+1.90 against -0.50); its chance was 30 %, that of the best 70 %" in text


def test_a_trace_has_terms_timing_and_contributions() -> None:
    """The probability of acting, the timing, the terms of the score, and contributions."""
    text = trace_text(6, chain())
    assert "probability of acting: 80 % (best option +0.400, waiting +0.100, threshold +0.150)" in text
    assert "the accumulated hazard 1.200 reached its draw 1.100" in text
    assert "terms of test: interests +0.300, reciprocity -0.100, cost -0.050" in text
    assert "#4 2017-05-13: Note: a word" in text
    assert "PRK tests a missile, and fails" in text


def test_a_choice_with_the_best_score_was_not_decided_by_chance() -> None:
    """The trace still gives its probability."""
    records = chain()
    talk, test = records[5].data["candidates"]
    records[5] = changed(records[5], candidates=[talk, test | {"score": 0.9}])
    assert "test also had the best score; its chance was 30 %" in trace_text(5, records)


def test_a_trace_of_a_decision_without_cause_begins_with_its_meeting() -> None:
    """A routine meeting has no earlier cause."""
    records = [record(0, "decision", "PRK", "wait", dossier="nuclear", choice="wait", meeting="routine", p=0.1)]
    assert trace(0, {0: records[0]}).origin == "a routine meeting of PRK on nuclear, not with any single action"


def test_a_trace_names_a_record_that_the_level_left_out() -> None:
    """The trace ends at a record that is not in the journal."""
    steps = trace(6, {r.seq: r for r in at_level(chain(), "decisions")})
    assert steps.origin == "record 3, which this level of the journal leaves out"


def test_an_unknown_record_is_refused_with_the_range() -> None:
    """The message gives the range of numbers."""
    with pytest.raises(UsageFault, match="no record 99; its records are numbered 0 to 6"):
        trace(99, {r.seq: r for r in chain()})


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_any_record_can_be_traced(kind: str) -> None:
    """Whatever is empty in its data."""
    assert trace(0, {0: record(0, kind, "PRK", "x")}).steps[0].headline


# The summary


def story() -> list[Record]:
    """A run of 100 days with a STARTEX on day 10."""
    ids = itertools.count(7)
    records = [record(0, "action", "PRK", "old", day=1, title="did it before", severity=60.0), *chain()[1:]]
    records += [
        record(next(ids), "action", "PRK", "drill", day=20 + n, title="drills", severity=4.0) for n in range(20)
    ]
    records += [
        record(next(ids), "leader", "USA", "second", day=50, title="the second president", leader="second"),
        record(next(ids), "outcome", "", "war", 6, day=60, title="War", ends=True),
        record(next(ids), "expected", "USA", "flyover", 1, day=61, inject="flyover", status="late", latency=3 * DAY,
               any_of=["talk"], who="USA"),
        record(next(ids), "run.end", day=60, attention={"PRK": {"nuclear": 3600, "economy": 1200}}),
    ]  # fmt: skip
    return records


def findings(of: RunManifest, records: list[Record]) -> RunSummary:
    """The summary of a run that is not on disk."""
    return Findings(RunSource(Folder(Path("runs/toy")), of, records, None)).summary


def summary(width: int = 100) -> str:
    """The summary of the example as plain text."""
    run_summary = findings(
        manifest(ended="outcome war", outcomes={"war": "2017-06-30T00:00:00+00:00", "five_party": None}), story()
    )
    return rendered(run_summary, width)


def rendered(run_summary: RunSummary, width: int) -> str:
    """The summary for a terminal of this width."""
    paper = StringIO()
    print_blocks(Console(width=width, no_color=True, file=paper), blocks_of(run_summary, "runs/toy", "toy"))
    return paper.getvalue()


def test_findings_count_from_startex() -> None:
    """Replayed history is neither an action of the run nor a turning point."""
    run_summary = findings(manifest(), story())
    assert {actions["who"]: actions["total"] for actions in run_summary.actions} == {"PRK": 21, "USA": 1}
    assert run_summary.turning_points
    assert all("before" not in point.what for point in run_summary.turning_points)


def test_turning_points_are_few_rare_and_in_order() -> None:
    """The war and the new leader are listed with the cause of the war, twenty drills are not."""
    points = findings(manifest(), story()).turning_points
    assert [point.what for point in points] == [
        "USA flies bombers (PRK)",
        "USA has a new leader: the second president",
        "Outcome: War",
    ]
    assert points[-1].why == (
        "PRK tests a missile, and fails, decided at an extraordinary meeting on 14 May 2017 "
        "(chosen with probability 30 %), after USA flies bombers (PRK) (13 May 2017)"
    )


def test_attention_is_given_in_shares() -> None:
    """Shares of working time, the largest first."""
    attention = findings(manifest(), story()).attention
    rows = [(row["dossier"], row["share"]) for row in attention if row["who"] == "PRK"]
    assert rows == [("nuclear", 0.75), ("economy", 0.25)]


def test_an_incomplete_run_is_summarised_up_to_its_last_record() -> None:
    """Attention is computed from the meetings if the run did not reach its end."""
    run_summary = findings(manifest(), chain())
    assert [(row["dossier"], row["share"]) for row in run_summary.attention] == [("nuclear", 1.0)]


def test_outcomes_of_a_run_without_a_journal_come_from_the_manifest() -> None:
    """The summary lists them with their dates."""
    run_summary = findings(manifest(outcomes={"war": (START + timedelta(days=60)).isoformat(), "calm": None}), [])
    assert [(o.id, o.day) for o in run_summary.outcomes] == [("war", 50.0), ("calm", None)]


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_summary_fits_its_width(width: int) -> None:
    """No line is longer than the screen, and every section is present."""
    text = summary(width)
    assert max(map(len, text.splitlines())) <= width
    for title in ("Outcomes", "Turning points", "Expected actions", "Actions", "Attention", "Where to look next"):
        assert title in text


def test_the_summary_lists_outcomes_with_dates_or_as_not_occurred() -> None:
    """They are at the top of the summary."""
    text = summary()
    assert "30 Jun 2017" in text
    assert "did not occur: five party" in text


def test_text_of_players_cannot_control_the_terminal() -> None:
    """Control characters of titles and markup are shown harmlessly."""
    evil = manifest(title="A [red]toy[/red] \x1b[2J")
    text = rendered(findings(evil, story()), 100)
    assert "[red]toy[/red]" in text
    assert "\x1b" not in text


def test_contributions_beyond_four_are_counted() -> None:
    """A step with many causes stays short; the trigger is not among the contributions."""
    notes = [record(seq, "note", "", "x", text=f"word {seq}") for seq in range(7)]
    last = record(7, "decision", "PRK", "test", *range(7), choice="test")
    (step, _) = trace(7, {r.seq: r for r in [*notes, last]}).steps
    assert step.contributions == (
        *(f"#{seq} 2017-05-01: Note: word {seq}" for seq in (1, 2, 3, 4)), "and 2 more",
    )  # fmt: skip
    four = record(7, "decision", "PRK", "test", *range(5), choice="test")
    assert len(trace(7, {r.seq: r for r in [*notes, four]}).steps[0].contributions) == 4


def test_only_the_first_decision_of_a_trace_is_explained_in_full() -> None:
    """For earlier decisions the trace gives only the verdict."""
    records = chain()
    earlier = record(1, "decision", "USA", "show", day=11, choice="show", target="PRK", meeting="routine", p=0.5,
                     candidates=[{"option": "show", "target": "PRK", "score": 1.0, "chance": 0.9}])  # fmt: skip
    records[1], records[2] = earlier, record(2, "action", "USA", "show", 1, day=12, title="flies bombers")
    steps = {step.record.seq: step for step in trace(6, {r.seq: r for r in records}).steps}
    assert len(steps[5].details) > 5
    assert steps[1].details == ("show PRK was the only candidate",)


def test_a_trace_names_governments_and_titles() -> None:
    """Codes and ids are printed only if the scenario cannot be read."""
    titles = Titles({"PRK": "North Korea", "USA": "United States"}, options={"test": "tests a missile"})
    steps = trace(6, {r.seq: r for r in chain()}, titles).steps
    assert [step.headline for step in steps] == [
        "North Korea tests a missile, and fails",
        "North Korea decides on nuclear: tests a missile",
        "North Korea learns that the United States flies bombers (North Korea)",
        "The United States flies bombers (North Korea)",
        "Inject 'Bombers fly'",
    ]


class Trickle:
    """A file that takes a few bytes at a time, like a pipe or a nearly full disk."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("ab", buffering=0)
        self.fileno, self.close, self.truncate, self.tell = (
            self.file.fileno, self.file.close, self.file.truncate, self.file.tell,
        )  # fmt: skip

    @property
    def closed(self) -> bool:
        """Whether the file is closed."""
        return self.file.closed

    def write(self, block: memoryview) -> int:
        """Takes at most seven bytes."""
        return self.file.write(block[:7])


def test_a_block_is_written_completely_in_several_writes(tmp_path: Path) -> None:
    """The system may take fewer bytes than requested; the rest follows."""
    folder = run_folder(tmp_path / "run")
    with Writer(folder.journal) as writer:
        writer._file.close()
        writer._file = Trickle(folder.journal)  # type: ignore[assignment] # it has what a writer uses
        writer.append([record(0), record(1)])
    assert folder.journal.read_bytes() == encode_lines([record(0), record(1)])
