"""`wargame report` on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.in_process import wargame, wargame_json
from wargame.cli import report
from wargame.executor.run import Destination, simulate
from wargame.scenario.loading.load import load


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs."""
    top = tmp_path_factory.mktemp("reports")
    for seed in (3, 4):
        simulate(
            load("two-rivals"),
            seed,
            place=Destination(out=top / f"run{seed}"),
            command=f"wargame run two-rivals --seed {seed}",
        )
    return top


def test_the_command_prints_the_path_of_the_report(place: Path) -> None:
    """One line, or one JSON document."""
    assert wargame("report", "run3", cwd=place).stdout == "run3/report.html\n"
    result = wargame_json("report", "run3", "run4", "-o", "both.html", cwd=place)
    assert (result["report"], result["bytes"]) == ("both.html", (place / "both.html").stat().st_size)


def test_a_review_is_written_before_its_counterfactuals(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each depth begins when the report of the one before is there, which is kept if the user stops it."""
    wargame("report", "run3", "-o", "plain.html", cwd=place)
    page, plain = place / "page.html", (place / "plain.html").read_bytes()
    begun = []

    def stop(_: object, depth: str, quiet: bool, __: object) -> None:
        begun.append((depth, quiet, page.read_bytes() == plain))
        if depth == "full":
            raise KeyboardInterrupt

    monkeypatch.setattr(report, "_effects", stop)
    assert wargame("report", "run3", "-o", "page.html", "--depth", "full", cwd=place).returncode == 130
    assert begun == [("quick", False, True), ("full", False, True)]
    assert page.read_bytes() == plain


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("nowhere",), 2, "there is no run 'nowhere'"),
        ((".",), 3, "is this a run folder?"),
        (("run3", "--seat", "BLR"), 2, "did you mean 'BRL'?"),
        (("run3", "-o", "no/such/place.html"), 2, "choose another name or place"),
        (("run3", "--seat", "BRL", "--format", "docx"), 2, "the version for a seat is a page"),
        (("run3", "--seat", "BRL", "--depth", "quick"), 2, "exclude each other"),
        (("run3", "--seat", "BRL", "--within", "run4"), 2, "exclude each other"),
        (("run3", "--within", "run4"), 2, "there is no such batch"),
        (("run3", "--arm", "calm"), 2, "name the batch too"),
        (("run3", "run4", "--depth", "quick"), 2, "only for the review of one run"),
        (("run3", "run4", "run3"), 2, "cannot compare 3 runs"),
    ],
)
def test_bad_use_is_reported_with_a_remedy(place: Path, words: tuple[str, ...], code: int, message: str) -> None:
    """An exit code, what is wrong and what to do, without a traceback."""
    done = wargame("report", *words, cwd=place)

    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_why_cuts_very_long_texts(place: Path, tmp_path: Path) -> None:
    """The output mentions it; --json has the complete text."""
    run = Path(shutil.copytree(place / "run3", tmp_path / "long"))
    lines = [json.loads(line) for line in (run / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    inject = next(line for line in lines if line["kind"] == "inject.released")
    inject["data"]["title"] = "long " * 100_000
    (run / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = wargame("why", "long", str(inject["seq"]), cwd=tmp_path)

    assert done.returncode == 0
    assert len(done.stdout) < 10_000
    assert "characters)" in done.stdout
    assert len(wargame("why", "long", str(inject["seq"]), "--json", cwd=tmp_path).stdout) > 500_000


def test_a_report_can_go_to_standard_output(tmp_path: Path) -> None:
    """Nothing else is printed, and no file is written."""
    wargame("run", "two-rivals", "--until", "D+5", "--no-report", "--out", "r", "-q", cwd=tmp_path)
    done = wargame("report", "r", "--format", "md", "-o", "-", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("**EXERCISE EXERCISE EXERCISE**")
    assert not (tmp_path / "-").exists()
    assert not list((tmp_path / "r").glob("report.*"))
    both = wargame("report", "r", "-o", "-", "--json", cwd=tmp_path)
    assert (both.returncode, "choose one" in both.stderr) == (2, True)
