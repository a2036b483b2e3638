"""`review.yaml`: text of the reviewer replaces the drafts."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from support.entry_point import wargame
from support.reviews import seated, with_records
from wargame.errors import Invalid, UsageFault
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import (
    ReviewerNotes,
    learned,
    merged,
    plan_rows,
    read_notes,
    template,
    write_template,
)
from wargame.review.findings.source import RunSource, open_run


def test_ratings_are_drafted_only_for_human_seats(source: RunSource) -> None:
    """A draft for a model seat would judge the parameters of the scenario."""
    assert [row["rating"] for row in Findings(source).objectives] == [""]
    assert not Findings(source).observations
    met = {"inject": "collision", "who": "CND", "status": "met", "any_of": ["talk"], "objective": "signals"}
    judged = with_records(source, ("expected", "CND", "collision", (), met))
    assert [row["rating"] for row in Findings(judged).objectives] == [""]
    assert [row["rating"] for row in Findings(seated(judged, "CND")).objectives] == ["P"]


def test_every_observation_has_evidence(source: RunSource, lines: list[dict[str, Any]]) -> None:
    """Its evidence are records of expected actions."""
    kinds = {line["seq"]: line["kind"] for line in lines}
    observations = Findings(seated(source, "ARD", "BRL")).observations

    assert observations
    assert {kinds[seq] for each in observations for seq in each.evidence} == {"expected"}


def test_a_new_review_file_changes_nothing(source: RunSource) -> None:
    """Its drafts are comments, so the review is the same as without it."""
    before = merged(Findings(source), read_notes(Findings(source)))
    path = write_template(Findings(source))
    assert path is not None
    after = merged(Findings(source), read_notes(Findings(source)))
    path.unlink()

    assert before == after


def test_a_full_disk_leaves_no_part_of_a_review_file(source: RunSource, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty file would be refused by every later report."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(UsageFault, match="No space left on device; a review needs room in a writable folder"):
            write_template(Findings(source))
    assert not (source.folder.path / "review.yaml").exists()
    written = write_template(Findings(source))
    assert written is not None
    written.unlink()


def test_the_text_of_the_reviewer_replaces_the_drafts(folder: Path, source: RunSource) -> None:
    """Text, ratings and plan are used, and the file is never overwritten."""
    path = folder / "review.yaml"
    findings = Findings(seated(source, "ARD", "BRL"))
    text = (
        template(findings).replace("  signals: ''", "  signals: S").replace("overview: ''", "overview: It went well.")
    )
    text = text.replace("conclusion: ''", "conclusion: Ours to say.", 1)
    text = text[: text.index("improvement_plan:")] + "improvement_plan:\n- {issue: Slow, responsible: J7}\n"
    path.write_text(text, encoding="utf-8")
    try:
        assert write_template(findings) is None
        words = read_notes(findings)
        assert (words.overview, words.ratings) == ("It went well.", {"signals": "S"})
        assert [each.conclusion for each in merged(findings, words)].count("Ours to say.") == 1
        assert [(row["issue"], row["responsible"]) for row in plan_rows(findings, words, merged(findings, words))] == [
            ("Slow", "J7")
        ]
        assert path.read_text(encoding="utf-8") == text
    finally:
        path.unlink()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ratings: {signals: X}", "'X' is not a rating"),
        ("overveiw: x", "did you mean 'overview'?"),
        ("observations: {a: [1]}", "must be a mapping"),
        ("improvement_plan: {a: b}", "must be a list"),
        ("learned: We were slow.", "must be a list of sentences"),
        ("conclusions: {signalz: Slow}", "there is no objective 'signalz' (did you mean 'signals'?)"),
        ("improvement_plan: [{issue: x, completion: next spring}]", "is not a date (write it as 2031-03-31)"),
        ("improvement_plan: [{issue: x, status: finished}]", "'finished' is not a status (one of open"),
        ("improvement_plan: [{issue: x, observation: mine}]", "there is no observation 'mine'"),
        ("overview: [", "review.yaml:"),
        ("ratings: {signalz: P}", "there is no objective 'signalz' (did you mean 'signals'?)"),
        ("observations: {signals-AR: {observation: Mine}}", "did you mean 'signals-ARD'?"),
        ("observations: {mine: {observation: Mine}}", "write additional observations in `more_observations`"),
        ("more_observations: [{objective: nope, who: ARD, observation: x}]", "there is no objective 'nope'"),
        ("more_observations: [{who: ZZZ, observation: x}]", "there is no government 'ZZZ' (one of ARD, BRL, or empty)"),
    ],
)
def test_a_mistake_in_the_review_file_is_reported_with_its_place(copy: Path, text: str, message: str) -> None:
    """File, line, column and remedy; no text of the reviewer is lost silently."""
    (copy / "review.yaml").write_text(f"format: wargame-review/1\n{text}\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"review\.yaml:\d+:\d+") as error:
        read_notes(Findings(seated(open_run(copy), "ARD", "BRL")))
    assert message in str(error.value)


@pytest.mark.parametrize("first", ["", "format: wargame-review/2\n"])
def test_a_review_file_of_no_known_format_is_refused(copy: Path, first: str) -> None:
    """With the line that it needs."""
    (copy / "review.yaml").write_text(f"{first}overview: It went well.\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"`format` is missing or unknown \(write `format: wargame-review/1`\)"):
        read_notes(Findings(seated(open_run(copy), "ARD", "BRL")))


def test_a_row_of_the_plan_takes_what_it_leaves_empty_from_its_observation(copy: Path) -> None:
    """With the records of the observation, and those that its own texts name."""
    findings = Findings(seated(open_run(copy), "ARD", "BRL"))
    draft = next(each for each in findings.observations if not each.sustain)
    row = {"observation": draft.id, "corrective_action": "Train it, see [#2]", "status": "in progress"}
    notes = ReviewerNotes(plan=(row,))
    (planned,) = plan_rows(findings, notes, merged(findings, notes))

    assert (planned["issue"], planned["status"]) == (draft.conclusion, "in progress")
    assert planned["evidence"] == (*draft.evidence, 2)


def test_what_was_learned_is_drafted_until_a_person_says_it(copy: Path) -> None:
    """The first page has the sentences of the reviewer, else a strength, an area for improvement and the ratings."""
    findings = Findings(seated(open_run(copy), "ARD", "BRL"))
    first = next(each for each in findings.observations if not each.sustain)
    drafted = learned(findings, ReviewerNotes(), merged(findings, ReviewerNotes()))
    own = ReviewerNotes(learned=("We asked too late.",))

    assert f"To improve: {first.conclusion}" in drafted
    assert learned(findings, own, merged(findings, own)) == ["We asked too late."]


def test_what_people_noted_and_the_lowest_rating_are_drafted_first(copy: Path) -> None:
    """A sentence that a person wrote says more than one from the journal; letters are in words."""
    findings = Findings(seated(open_run(copy), "ARD", "BRL"))
    notes = ReviewerNotes(ratings={"signals": "M"}, more=({"observation": "Nobody asked us."},))
    title = next(row["title"] for row in findings.objectives if row["objective"] == "signals")
    assert learned(findings, notes, merged(findings, notes))[-2:] == [
        "To improve: Nobody asked us.",
        f"{title}: performed with major challenges.",
    ]


def test_the_text_of_the_reviewer_is_in_every_format(copy: Path) -> None:
    """`wargame report` writes a review.yaml and reads it the next time."""
    assert wargame("report", "copy", "--format", "md", cwd=copy.parent).returncode == 0
    path = copy / "review.yaml"
    text = path.read_text(encoding="utf-8").replace("overview: ''", "overview: Both sides <b>learned</b> a lot.")
    path.write_text(text, encoding="utf-8")
    for form in ("md", "html"):
        wargame("report", "copy", "--format", form, cwd=copy.parent)

    assert r"Both sides \<b\>learned\</b\> a lot." in (copy / "report.md").read_text(encoding="utf-8")
    assert "Both sides &lt;b&gt;learned&lt;/b&gt; a lot." in (copy / "report.html").read_text(encoding="utf-8")
