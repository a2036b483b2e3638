"""`import wargame` in Python and notebooks: plain functions with results that are easy to read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wargame
from support.bots import ORDERS, bot
from support.command_line import python
from wargame.batches.api import open_batch
from wargame.errors import Invalid, UsageFault, install_command
from wargame.notebook.batch_result import BatchResult
from wargame.notebook.run_result import RunResult

SHORT: dict[str, Any] = {"until": "60d", "jobs": 1, "progress": False}
Call = Callable[[], object]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the module's run and batch."""
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def run(place: Path) -> RunResult:
    """A run with a changed indicator."""
    return wargame.run("two-rivals", seed=7, until="180d", set={"tension": 0.4}, out=place / "run", progress=False)


@pytest.fixture(scope="module")
def batch(place: Path) -> BatchResult:
    """A batch with an arm as text, an arm as a dictionary, and a series."""
    arms: dict[str, Any] = {"calm": "set tension=0.1", "hot": {"set": ["tension=0.9"], "title": "High tension"}}
    return wargame.batch("two-rivals", 12, arms=arms, series=["tension"], events=True, out=place / "batch", **SHORT)


# The names of the package


def test_names_are_loaded_when_they_are_used() -> None:
    """Importing the package imports nothing heavy, and lists what it offers."""
    code = "import sys, wargame; print(dir(wargame), {'numpy', 'pandas', 'quickjs', 'simpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip().endswith("set()")
    assert all(f"'{name}'" in done.stdout for name in ("batch", "load", "open_batch", "open_run", "run"))


def test_a_function_stays_callable_after_its_package_is_imported() -> None:
    """No import replaces it by a module."""
    import wargame.batches.api
    import wargame.notebook.functions

    assert callable(wargame.batch)
    assert callable(wargame.run)


def test_editors_see_the_names() -> None:
    """Each name that the stub imports is loaded later."""
    stub = (Path(wargame.__file__).parent / "__init__.pyi").read_text("utf-8")
    names = {line.split()[-1] for line in stub.splitlines() if line.startswith("from wargame")}
    assert names == set(wargame.listed("wargame"))
    assert [name for name in names if not hasattr(wargame, name)] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As in any module."""
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        _ = wargame.simulate  # type: ignore[attr-defined]


# What results look like


@pytest.mark.parametrize("name", ["two-rivals", "korea-2017"])
def test_a_scenario_is_shown_in_a_few_lines(name: str) -> None:
    """With governments and counts, as text and as a table."""
    loaded = wargame.load(name)
    assert loaded.scenario.title in repr(loaded)
    assert len(repr(loaded)) < 1000
    assert len(repr(loaded.scenario)) < 200
    assert "<table>" in loaded._repr_html_()


def test_results_are_shown_in_a_few_lines(run: RunResult, batch: BatchResult) -> None:
    """Neither the scenario nor the records are printed."""
    assert repr(run).splitlines()[0] == "Run of Two rivals and a strait, seed 7"
    assert len(repr(run)) < 600
    assert "3 arms, 12 replications each" in repr(batch)
    assert "High tension" in repr(batch)
    assert len(repr(batch)) < 1200
    inner = open_batch(batch.path)
    assert max(len(repr(inner)), len(repr(inner.prepared))) < 400


def test_notebooks_show_a_table_and_a_figure(run: RunResult, batch: BatchResult) -> None:
    """The figure is within the element, so that nothing is loaded."""
    for result in (run, batch):
        shown = result._repr_html_()
        assert "<table>" in shown
        assert 'src="data:image/svg+xml;base64,' in shown
    assert "High tension" in batch._repr_html_()


# A run


def test_expected_actions_and_escalation_are_tables(run: RunResult) -> None:
    """One row for each expected action of the summary, and one for each day with actions."""
    expected = run.expected_actions()
    assert len(expected) == len(run.findings.summary.expected) > 0
    journal = run.journal()
    days = journal[journal["kind"] == "action"]["at"].astype(str).str[:10]
    assert len(run.escalation()) == days.nunique() > 0


def test_a_run_has_tables_and_days_of_outcomes(run: RunResult) -> None:
    """Data frames of the findings; the causes of a record."""
    assert set(run.outcomes) == {"blockade_laid", "calm", "war"}
    assert list(run.journal()["seq"]) == [record.seq for record in run.records]
    assert {"seq", "day", "kind"} <= set(run.timeline().columns)
    assert len(run.turning_points()) > 0
    assert set(run.decisions()["who"]) == {"ARD", "BRL"}
    assert run.relations()["value"].between(-1, 1).all()
    assert run.indicators().query("path == 'tension'")["value"].between(0, 1).all()
    action = int(run.timeline().query("kind == 'action'")["seq"].iloc[0])
    assert run.why(action)["seq"].iloc[0] == action


def test_a_run_names_its_outcomes_with_their_days(run: RunResult, tmp_path: Path) -> None:
    """Or says that none has occurred."""
    assert "outcomes   none of 3 occurred" in repr(run)
    blockaded = wargame.run("two-rivals", seed=2, until="180d", set=["tension=1"], out=tmp_path / "run")
    assert f"outcomes   A blockade (day {blockaded.outcomes['blockade_laid']:g})" in repr(blockaded)


def test_a_run_is_that_of_the_command_line(run: RunResult) -> None:
    """The folder has journal, summary and the call that repeats it."""
    assert (run.path / "summary.json").is_file()
    assert run.manifest.command == "wargame.run('two-rivals', seed=7, until='180d', set=['tension=0.4'])"
    assert wargame.open_run(run.path).outcomes == run.outcomes
    again = wargame.open_run(run.path)
    assert [record.seq for record in again.records] == [record.seq for record in run.records]


def test_a_loaded_scenario_is_run_as_it_is(tmp_path: Path) -> None:
    """Without reading it again."""
    loaded = wargame.load("two-rivals")
    first = wargame.run(loaded, seed=3, until="30d", out=tmp_path / "a", progress=False)
    second = wargame.run("two-rivals", seed=3, until="30d", out=tmp_path / "b", progress=False)
    assert first.manifest.journal_sha256 == second.manifest.journal_sha256


def test_a_run_of_a_study_is_a_replication_of_an_arm(batch: BatchResult, tmp_path: Path) -> None:
    """The same run as in the batch, also of a study as a dictionary."""
    study = {"scenario": "two-rivals", "until": "60d", "arms": {"hot": {"set": ["tension=0.9"]}}}
    alone = wargame.run(study, arm="hot", replication=3, out=tmp_path / "run", progress=False)
    row = batch.frame().query("arm == 'hot' and replication == 3").iloc[0]
    assert alone.manifest.decisions == row["decisions"]
    assert alone.manifest.kernel_events == row["kernel_events"]


def test_a_run_writes_its_report(run: RunResult, tmp_path: Path) -> None:
    """The format is that of the path."""
    assert run.report(tmp_path / "review.md").read_text("utf-8").startswith("**EXERCISE")


# A batch


@pytest.mark.slow
def test_a_script_runs_a_batch_on_several_cores(tmp_path: Path) -> None:
    """Lines copied from the documentation into a file work: the processes do not start the script again."""
    script = tmp_path / "script.py"
    script.write_text(
        "print('started')\n"
        "import wargame\n"
        "batch = wargame.batch('two-rivals', n=4, until='20d', jobs=2, out='batch')\n"
        "print(len(batch.frame()), __name__)\n",
        "utf-8",
    )
    done = python(str(script), cwd=tmp_path)
    assert (done.returncode, done.stdout.split()) == (0, ["started", "4", "__main__"]), done.stderr


def test_the_report_shows_the_call_as_python(batch: BatchResult, tmp_path: Path) -> None:
    """Whoever repeats the batch pastes it into Python, not into a shell."""
    text = batch.report(tmp_path / "report.md").read_text("utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert block == f"import wargame\n\n{open_batch(str(batch.path)).manifest.command}\n"
    assert "```sh\nwargame." not in text


def test_the_review_of_a_run_shows_python_and_the_command_that_verifies_it(run: RunResult, tmp_path: Path) -> None:
    """Two blocks: the call, and the command of the shell."""
    text = run.report(tmp_path / "review.md").read_text("utf-8")
    assert "```python\nimport wargame\n\nwargame.run('two-rivals', seed=7" in text
    assert "```sh\nwargame verify " in text
    page = run.report(tmp_path / "review.html").read_text("utf-8")
    assert "<pre><code>import wargame\n\nwargame.run(" in page
    assert "<pre><code>wargame verify " in page


def test_arms_and_keys_of_a_study_may_be_python_data(tmp_path: Path) -> None:
    """A study as a dictionary gives the batch of the file with the same content."""
    arms: dict[str, Any] = {"baseline": {}, "soft": {"forbid": ["ARD strike"]}}
    study = {"name": "s", "scenario": "two-rivals", "until": "40d", "arms": arms, "replications": 4}
    text = "format: wargame-study/1\nname: s\nscenario: two-rivals\nuntil: 40d\nreplications: 4\n"
    (tmp_path / "s.yaml").write_text(f"{text}arms: {{baseline: {{}}, soft: {{forbid: [ARD strike]}}}}\n", "utf-8")
    one = wargame.batch(study, out=tmp_path / "one", jobs=1, progress=False)
    other = wargame.batch(tmp_path / "s.yaml", out=tmp_path / "other", jobs=1, progress=False)
    assert one.frame().equals(other.frame())
    assert one.manifest.identity == other.manifest.identity


def test_factors_and_a_design_vary_numbers(tmp_path: Path) -> None:
    """Numbers of NumPy are numbers; a variant may be named."""
    factors = {"calm": {"set": "tension", "levels": np.array([0.1, 0.5])}}
    points = wargame.batch("two-rivals", 4, factors=factors, design="grid", out=tmp_path / "b", **SHORT).prepared.points
    assert points is not None
    assert points.values == ((0.1,), (0.5,))


def test_a_design_may_be_a_file_of_points(tmp_path: Path) -> None:
    """As with the option of the command line."""
    (tmp_path / "points.csv").write_text("tension\n0.2\n0.6\n", "utf-8")
    made = wargame.batch("two-rivals", 2, design=tmp_path / "points.csv", out=tmp_path / "b", **SHORT)
    assert made.prepared.points is not None
    assert made.prepared.points.values == ((0.2,), (0.6,))


def test_a_batch_is_opened_by_name(batch: BatchResult, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the start of its name in the folder of runs."""
    monkeypatch.setenv("WARGAME_RUNS", str(place))
    assert wargame.open_batch("bat").estimates().equals(batch.estimates())
    assert not batch.series().empty
    assert not batch.events().empty


@pytest.mark.slow
def test_figures_are_drawn_and_saved(batch: BatchResult, run: RunResult, tmp_path: Path) -> None:
    """As SVG in a notebook, and in files."""
    for figure in (batch.plot.differences(), batch.plot.series("tension"), run.plot.timeline()):
        assert figure._repr_svg_().startswith("<svg")
        assert repr(figure).startswith("Figure: ")
    assert batch.plot.differences("actions(ARD)").save(tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert batch.plot.differences("actions(ARD)").save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UsageFault, match=r"one of \.svg"):
        batch.plot.differences().save(tmp_path / "a.gif")


def test_incidence_is_drawn_for_outcomes_that_occurred(tmp_path: Path) -> None:
    """The share of runs by day; UsageFault for an unknown outcome."""
    arms = {"hot": "set tension=0.95"}
    made = wargame.batch("two-rivals", 6, arms=arms, until="300d", jobs=1, out=tmp_path / "b")
    with pytest.raises(UsageFault, match="did you mean 'war'"):
        made.plot.incidence("wr")
    occurred = [name for name in made.prepared.outcomes if made.incidence(name, "baseline")["share"].iloc[-1] > 0]
    assert len(made.plot.incidence().pictures) == len(occurred) > 0


def test_one_text_is_a_list_of_one(tmp_path: Path) -> None:
    """Not a list of letters; what is no list of texts is named with its argument."""
    made = wargame.batch("two-rivals", 2, until="10d", series="tension", jobs=1, out=tmp_path / "b", progress=False)
    assert "tension" in made.series()
    played = wargame.run("two-rivals", until="10d", forbid="ARD patrol", out=tmp_path / "r", progress=False)
    assert played.manifest.settings["forbid"] == ["ARD patrol"]
    with pytest.raises(UsageFault, match=r'series=True: give a list of texts, such as series=\["…"\]'):
        wargame.batch("two-rivals", 2, series=True)  # type: ignore[arg-type]


@pytest.mark.slow
def test_arrays_have_labels(batch: BatchResult) -> None:
    """Measures by arm and replication, series by day; equal to the table."""
    pytest.importorskip("xarray")
    arrays = batch.to_xarray()
    assert dict(arrays.sizes) == {"arm": 3, "replication": 12, "day": len(arrays["day"])}
    frame = batch.frame().query("arm == 'hot'").sort_values("replication")
    assert arrays["actions(ARD)"].sel(arm="hot").to_numpy().tolist() == frame["actions(ARD)"].tolist()
    day = batch.series().query("arm == 'hot' and replication == 2 and day == 14")["tension"].item()
    assert arrays["tension"].sel(arm="hot", replication=2, day=14).item() == day
    assert arrays["p(war)"].attrs["kind"] == "share"


def test_arrays_without_the_extra_say_what_to_install(batch: BatchResult, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line."""
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(UsageFault, match=re.escape(install_command("xarray"))):
        batch.to_xarray()


# Errors


@pytest.mark.parametrize(
    ("study", "place", "message"),
    [
        ({"scenario": "two-rivals", "arms": {"x": {"forbid": 3}}}, 'arms["x"]["forbid"]', "list"),
        ({"scenario": "two-rivals", "arms": {"x": {"foo": 3}}}, 'arms["x"]["foo"]', "unknown key 'foo'"),
        ({"scenario": "two-rivals", "sed": 3}, "sed", "did you mean 'seed'"),
        ({"scenario": "two-rivals", "measures": ["p(wr)"]}, "measures[0]", "did you mean 'war'"),
        ({"scenario": "two-rivls"}, "scenario", "did you mean 'two-rivals'"),
        ({"scenario": "two-rivals", "arms": {"x": {"forbid": ["ARD strik"]}}}, 'arms["x"]["forbid"][0]', "strik"),
    ],
)
def test_faults_of_a_dictionary_name_its_keys(study: dict[str, Any], place: str, message: str) -> None:
    """And not lines of a file that nobody has written."""
    with pytest.raises(Invalid, match=message) as caught:
        wargame.batch(study, 2)
    assert place in [problem.file for problem in caught.value.problems]
    assert "study:" not in str(caught.value)


def test_faults_of_arms_name_their_keys() -> None:
    """As in a study, also where they are added to a scenario."""
    with pytest.raises(Invalid, match="did you mean 'forbid'") as caught:
        wargame.batch("two-rivals", 2, arms={"x": {"forbidden": ["ARD strike"]}})
    assert caught.value.problems[0].file == 'arms["x"]["forbidden"]'


def test_a_program_decides_for_a_seat(tmp_path: Path) -> None:
    """The run keeps what the program was asked and answered."""
    program = bot(tmp_path, ORDERS)
    result = wargame.run("two-rivals", seats={"ARD": f"program:{program}"}, out=tmp_path / "run", until="40d")
    assert (tmp_path / "run" / "brains" / "ARD.jsonl").is_file()
    assert any(row.data.get("from") == "order" for row in result.records if row.kind == "action" and row.who == "ARD")


LIMITS = {"limits": {"ARD": "none"}}


def errors(place: Path) -> dict[str, Call]:
    """Calls that are wrong, by what is wrong."""
    missing = place / "nothing"
    return {
        "batch folder exists": lambda: wargame.batch("two-rivals", 2, out=place / "batch"),
        "run folder exists": lambda: wargame.run("two-rivals", out=place / "run"),
        "no jobs": lambda: wargame.batch("two-rivals", 2, jobs=0),
        "no design file": lambda: wargame.batch("two-rivals", 2, design="nothing.csv"),
        "an arm twice": lambda: wargame.batch("two-rivals", 2, arms={"": "set tension=0.1"}),
        "a threshold": lambda: wargame.batch("two-rivals", 2, thresholds=["p(war) is high"]),
        "an inject file": lambda: wargame.run("two-rivals", injects=["two-rivals"]),
        "too few runs": lambda: wargame.batch(
            "two-rivals", 2, factors={"t": {"set": "tension", "levels": [0.1, 0.2, 0.3]}}, design="grid"
        ),
        "startex": lambda: wargame.run("two-rivals", startex="2020-01-01"),
        "an arm of a scenario": lambda: wargame.run("two-rivals", arm="x"),
        "a seat": lambda: wargame.run("two-rivals", seats={"ARD": "program:nothing.py"}),
        "no run": lambda: wargame.open_run(missing),
        "no batch": lambda: wargame.open_batch(missing),
        "a run as a batch": lambda: wargame.open_batch(place / "run"),
        "a batch as a run": lambda: wargame.open_run(place / "batch"),
        "a number as a scenario": lambda: wargame.run(3),  # type: ignore[arg-type]
        "a level": lambda: wargame.run("two-rivals", journal="fll"),
        "several settings": lambda: wargame.run("two-rivals", limits={"ARD": "none"}, set={"a.b": 1.0}, skip=["x"]),
        "limits of an arm": lambda: wargame.batch({"scenario": "two-rivals", "arms": {"x": LIMITS}}, 2),
    }


@pytest.mark.parametrize("name", errors(Path()))
def test_errors_are_in_terms_of_python(
    name: str, place: Path, run: RunResult, batch: BatchResult, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No option of the command line, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARGAME_RUNS", str(tmp_path))
    assert run.path.parent == place
    assert batch.path == str(place / "batch")
    with pytest.raises((UsageFault, Invalid)) as caught:
        errors(place)[name]()
    message = str(caught.value)
    assert "--" not in message
    assert "(-n" not in message
    assert "wargame list" not in message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: wargame.run("two-rivals", until=30), "until=30: give a text, such as until='90d'"),  # type: ignore[arg-type]
        (lambda: wargame.run("two-rivals", seats="ARD=script"), "seats='ARD=script': give a dictionary"),  # type: ignore[arg-type]
        (lambda: wargame.batch("two-rivals", 2, startex=20300101), "startex=20300101: give a text"),  # type: ignore[arg-type]
        (lambda: wargame.batch("two-rivals", 2, arms="q=forbid ARD talk"), "arms='q=forbid ARD talk': give a dict"),  # type: ignore[arg-type]
    ],
)
def test_an_argument_of_another_type_is_named_with_an_example(act: Callable[[], object], message: str) -> None:
    """UsageFault, before anything runs."""
    with pytest.raises(UsageFault, match=re.escape(message)):
        act()


def test_the_call_that_an_error_names_continues_the_batch(tmp_path: Path) -> None:
    """In its folder."""
    folder = tmp_path / "b"
    wargame.batch("two-rivals", 2, until="5d", jobs=1, out=folder)
    shutil.rmtree(folder / "runs")
    with pytest.raises(Invalid, match="no run has finished") as caught:
        wargame.open_batch(folder)
    _, _, call = caught.value.problems[0].remedy.partition("with ")
    again = eval(call, {"wargame": wargame})  # noqa: S307 - what the error says is tried
    assert (Path(again.path), again.table.shape) == (folder, (1, 2))


def test_events_and_series_that_were_not_kept_are_an_error(tmp_path: Path) -> None:
    """The error says how to keep them."""
    kept = wargame.batch("two-rivals", 2, until="20d", jobs=1, out=tmp_path / "b")
    with pytest.raises(Invalid, match="this batch has no events"):
        kept.events()
    with pytest.raises(Invalid, match="this batch keeps no series"):
        kept.series()
