"""Targets: statistics equal their definitions, verdicts follow the bands, wrong models fail, errors are reported."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import date
from fractions import Fraction
from math import inf, isnan, nan
from pathlib import Path
from statistics import mean, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.executors import KILLED, FirstChunkDies
from support.in_process import inside, inside_json
from wargame.batches.api import BatchOptions
from wargame.batches.study.model import combined
from wargame.batches.study.parameters import under
from wargame.document.markdown import text
from wargame.errors import Invalid, UsageFault
from wargame.evidence.targets.comparison import FEW, INSIDE, OUTSIDE, StatisticRow, compare_targets, document, row
from wargame.evidence.targets.runs import (
    EvaluationOptions,
    batch_of,
    conditions_of,
    played,
    selected_targets,
    tallies_of,
    write_result,
)
from wargame.evidence.targets.tallies import (
    DatedEvent,
    EventHistory,
    Tally,
    kaplan_meier_median,
    matches,
    tally,
    value,
    whole_months,
)
from wargame.executor.processes import on_cores
from wargame.review.reports.evidence_reports import missed
from wargame.review.reports.evidence_reports import target_notes as notes
from wargame.review.reports.evidence_reports import targets_summary as summary
from wargame.scenario.loading.load import Loaded, load, load_files
from wargame.scenario.model.questions import Arm
from wargame.scenario.model.targets import (
    Activity,
    Answered,
    Clustering,
    Delay,
    Happening,
    MonthlyDays,
    Rate,
    Statistic,
    Target,
    WindowRatio,
)

DATA = Path(__file__).resolve().parents[1] / "data"
LAUNCH = Happening(options=("launch",))
DAYS = 86400


def events(*rows: tuple[float, str, str, str]) -> tuple[DatedEvent, ...]:
    """Events of a run from 1 January 2016, each given as (day, who, what, whom)."""
    first = date(2016, 1, 1).toordinal()
    return tuple(DatedEvent(day, first + int(day), who, what, whom) for day, who, what, whom in rows)


def history(days: int, *rows: tuple[float, str, str, str], weights: dict[str, float] | None = None) -> EventHistory:
    """The history of a run of `days` days from 1 January 2016."""
    first = date(2016, 1, 1).toordinal()
    return EventHistory(events(*rows), first, first + days - 1, float(days), ("A", "B", "C"), weights)


def observed_launches(first: date, last: date) -> EventHistory:
    """The observed launches as the history of a run."""
    lines = (line for line in (DATA / "launches.csv").read_text("utf-8").splitlines() if not line.startswith("#"))
    begin = first.toordinal()
    ordinals = [date.fromisoformat(line["date_utc"]).toordinal() for line in csv.DictReader(lines)]
    days = [day for day in ordinals if begin <= day <= last.toordinal()]
    launches = tuple(DatedEvent(float(day - begin), day, "PRK", "launch", "") for day in days)
    return EventHistory(launches, begin, last.toordinal(), float(last.toordinal() - begin + 1))


def of(statistic: object, *histories: EventHistory) -> float:
    """Compute a statistic of runs."""
    return value(statistic, [tally(statistic, each) for each in histories])


# --- statistics of the observed history -------------------------------------------------------------

SEVENTEEN_MONTHS = observed_launches(date(2016, 1, 1), date(2017, 5, 31))
SIX_YEARS = observed_launches(date(2012, 1, 1), date(2017, 5, 31))


@pytest.mark.parametrize(
    ("target", "statistic", "launches", "observed"),
    [
        ("T01", MonthlyDays(of=LAUNCH, report="mean"), SEVENTEEN_MONTHS, 1.47),
        ("T02", MonthlyDays(of=LAUNCH, report="dispersion"), SEVENTEEN_MONTHS, 0.945),
        ("T03", MonthlyDays(of=LAUNCH, report="empty"), SEVENTEEN_MONTHS, 0.235),
        ("T04", MonthlyDays(of=LAUNCH, report="dispersion"), SIX_YEARS, 1.41),
        ("T05", Clustering(of=LAUNCH), SIX_YEARS, 2.49),
    ],
)
def test_observed_launches_have_the_observed_statistics(
    target: str, statistic: object, launches: EventHistory, observed: float
) -> None:
    """The scenario's statistic, computed from the observed launches, equals its own observed value."""
    written = load("korea-2017").scenario.targets[target].statistics[0]
    computed = of(statistic, launches)
    assert computed == pytest.approx(observed, abs=0.005)
    assert float(written.observed.split()[0]) == pytest.approx(observed, abs=0.0051)
    assert type(written.computed) is type(statistic)
    assert getattr(written.computed, "report", None) == getattr(statistic, "report", None)


def test_council_resolutions_have_the_observed_median_delay() -> None:
    """Resolutions 1718, 1874, 2094, 2270 and 2321 followed 5, 18, 23, 56 and 82 days after their tests."""
    statistic = Delay(cause=Happening(options=("test",)), response=Happening(options=("resolution",)))
    rows = []
    for number, days in enumerate((5, 18, 23, 56, 82)):
        rows += [(400.0 * number, "A", "test", ""), (400.0 * number + days, "B", "resolution", "")]
    assert of(statistic, history(2000, *rows)) == 23


# --- each statistic against an independent computation ----------------------------------------------

DAY_LISTS = st.lists(st.integers(0, 799), max_size=60)


@given(DAY_LISTS)
def test_days_a_month_equal_a_count_by_calendar_month(days: list[int]) -> None:
    """Mean, dispersion and empty share are of days with a launch, not of launches."""
    run = history(800, *((float(day), "A", "launch", "") for day in days))
    dates = {date.fromordinal(run.first + day) for day in days}
    per = Counter((each.year, each.month) for each in dates)
    whole = [(2016 + m // 12, m % 12 + 1) for m in range(26)]  # 800 days: January 2016 to February 2018, and some days
    counts = [per[month] for month in whole]
    assert of(MonthlyDays(of=LAUNCH), run) == pytest.approx(mean(counts))
    assert of(MonthlyDays(of=LAUNCH, report="empty"), run) == pytest.approx(counts.count(0) / len(counts))
    dispersion = of(MonthlyDays(of=LAUNCH, report="dispersion"), run)
    if sum(counts):
        assert dispersion == pytest.approx(variance(counts) / mean(counts))
    else:
        assert isnan(dispersion)


@given(DAY_LISTS)
def test_clustering_equals_a_count_by_day(days: list[int]) -> None:
    """It is the ratio of two shares of days."""
    launch_days, hits = set(days), Counter[tuple[bool, bool]]()
    for day in range(13, 800 - 14):
        past = any(day - back in launch_days for back in range(14))
        hits[past, any(day + ahead in launch_days for ahead in range(1, 15))] += 1
    after, fresh = sum(hits[True, f] for f in (True, False)), sum(hits[False, f] for f in (True, False))
    computed = of(Clustering(of=LAUNCH), history(800, *((float(day), "A", "launch", "") for day in days)))
    if not after or not fresh or not (hits[True, True] or hits[False, True]):
        assert isnan(computed)
    elif not hits[False, True]:
        assert computed == inf
    else:
        assert computed == pytest.approx((hits[True, True] / after) / (hits[False, True] / fresh))


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40))
def test_the_median_delay_is_the_kaplan_meier_median(delays: list[tuple[int, bool]]) -> None:
    """It equals the first time at which the product-limit estimate, computed in fractions, is one half or less."""
    left, median = Fraction(1), inf
    for day in sorted({days for days, _ in delays}):
        at_risk = sum(days >= day for days, _ in delays)
        left *= 1 - Fraction(sum(days == day and observed for days, observed in delays), at_risk)
        if left <= Fraction(1, 2):
            median = float(day)
            break
    signed = np.array([float(days) if observed else -float(days) for days, observed in delays])
    assert kaplan_meier_median(signed) == median


def test_a_delay_ends_with_the_first_response_after_the_cause() -> None:
    """Earlier responses do not count; a cause without response is censored; `first` uses only the first cause."""
    rows = [(1.0, "B", "answer", ""), (10.0, "A", "cause", ""), (12.0, "B", "answer", ""), (40.0, "A", "cause", "")]
    statistic = Delay(cause=Happening(options=("cause",)), response=Happening(options=("answer",)))
    assert tally(statistic, history(100, *rows)) == [2.0, -60.0]
    first = Delay(cause=statistic.cause, response=statistic.response, first=True)
    assert tally(first, history(100, *rows)) == [2.0]


def test_a_happening_may_say_who_acts_and_on_whom() -> None:
    """Other governments' actions, and those on others or on nobody, are not counted."""
    run = history(10, (1.0, "A", "launch", "B"), (2.0, "A", "launch", ""), (3.0, "C", "launch", "B"))
    counted = [
        [matches(Happening(options=("launch",), by=by, to=to), event) for event in run.events]
        for by, to in ((("A",), ()), ((), ("B",)), (("A",), ("B",)))
    ]
    assert counted == [[True, True, False], [True, False, True], [True, False, False]]


def test_rates_and_activity_count_actions_by_time() -> None:
    """A rate is a count by time; the lowest activity is 0 if a government does nothing."""
    rows = [(1.0, "A", "launch", ""), (2.0, "A", "launch", "B"), (3.0, "B", "talk", "A")]
    run = history(730, *rows)
    assert of(Rate(of=LAUNCH), run) == 1.0
    assert of(Rate(of=Happening(options=("launch",), to=("B",)), per=73 * DAYS), run) == pytest.approx(0.1)
    assert of(Activity(report="lowest"), run) == 0.0
    assert of(Activity(report="highest"), run) == 1.0


def test_hostile_actions_are_answered_by_their_target_within_a_time() -> None:
    """Third parties, late and friendly actions do not count; actions too close to the end are left out."""
    weights = {"threat": -7.0, "aid": 7.0, "word": -2.0}
    rows = [
        (10.0, "A", "threat", "B"),  # answered on day 20
        (20.0, "B", "threat", "A"),  # answered on day 49
        (49.0, "A", "threat", "B"),  # B is friendly, C threatens: not answered
        (50.0, "B", "aid", "A"),
        (51.0, "C", "threat", "A"),  # A does not respond to C
        (55.0, "A", "word", "B"),  # not hostile
        (60.0, "A", "threat", ""),  # without target
        (190.0, "A", "threat", "B"),  # within 30 days of the end: left out
    ]
    assert tally(Answered(), history(200, *rows, weights=weights)) == [2.0, 4.0]
    assert of(Answered(within=20 * DAYS), history(200, *rows, weights=weights)) == pytest.approx(1 / 4)


def test_overlapping_windows_are_merged() -> None:
    """Two exercises one day apart have one window of 31 days; rates are per day."""
    rows = [(10.0, "B", "drill", ""), (11.0, "C", "drill", ""), (12.0, "A", "launch", ""), (80.0, "A", "launch", "")]
    statistic = WindowRatio(of=LAUNCH, around=Happening(options=("drill",)))
    assert tally(statistic, history(100, *rows)) == [1.0, 31.0, 1.0, 69.0]
    assert of(statistic, history(100, *rows)) == pytest.approx((1 / 31) / (1 / 69))


def test_incomplete_months_do_not_count() -> None:
    """The first and the last month are incomplete here."""
    months = whole_months(date(2016, 1, 2).toordinal(), date(2016, 4, 29).toordinal())
    assert [date.fromordinal(first).month for first, _ in months] == [2, 3]


def test_forum_steps_are_not_actions() -> None:
    """A rate can count them; activity does not."""
    adopted = DatedEvent(5.0, 736000, "", "unsc", "agree", forum=True)
    run = EventHistory((adopted,), 735995, 736100, 105.0, ("A",))
    assert tally(Rate(of=Happening(forum="unsc")), run)[0] == 1
    assert tally(Rate(of=Happening(forum="unsc", step="propose")), run)[0] == 0
    assert tally(Activity(report="highest"), run) == [105.0, 0.0]


# --- verdicts ----------------------------------------------------------------------------------------


def judged(
    numbers: list[float], band: tuple[float, float], measure: str = "severity()", pool: str = "mean"
) -> StatisticRow:
    """Judge a measure by its values in runs."""
    return row("T", Statistic(measure=measure, pool=pool, observed="1", band=band), [[x] for x in numbers], 0.95)


def test_the_estimate_decides_between_inside_and_outside() -> None:
    """`sure` says whether the whole interval agrees."""
    spread = [0.9, 1.0, 1.1, 0.95, 1.05, 1.0]
    assert (judged(spread, (0.5, 1.5)).verdict, judged(spread, (0.5, 1.5)).sure) == (INSIDE, True)
    assert (judged(spread, (2.0, 3.0)).verdict, judged(spread, (2.0, 3.0)).sure) == (OUTSIDE, True)
    assert (judged(spread, (0.99, 2.0)).verdict, judged(spread, (0.99, 2.0)).sure) == (INSIDE, False)
    assert (judged(spread, (1.01, 2.0)).verdict, judged(spread, (1.01, 2.0)).sure) == (OUTSIDE, False)


def test_an_interval_wider_than_the_band_has_no_verdict() -> None:
    """Eight runs without a war do not show that war is rarer than 0.08; the number of runs needed does."""
    few = judged([0.0] * 8, (0.0, 0.08), "p(war)")
    assert few.verdict == FEW
    assert few.runs_needed is not None
    enough = judged([0.0] * few.runs_needed, (0.0, 0.08), "p(war)")
    assert enough.verdict == INSIDE


def test_a_statistic_that_no_run_has_is_outside_with_enough_runs() -> None:
    """With a few runs there is no verdict; with more the model fails."""
    statistic = Statistic(delay=Delay(cause=LAUNCH, response=LAUNCH), pool="all", observed="23", band=(10, 50))
    empty: list[Tally] = [[]] * 4
    assert row("T", statistic, empty, 0.95).verdict == FEW
    assert row("T", statistic, empty * 5, 0.95).verdict == OUTSIDE


def test_the_median_of_a_rare_time_is_infinite() -> None:
    """It is outside any band."""
    never = judged([inf] * 20 + [10.0] * 3, (5, 50), "time(war)", "median")
    assert never.estimate == inf
    assert never.verdict == OUTSIDE


def test_pooled_statistics_have_bootstrap_intervals_over_runs() -> None:
    """The interval is reproducible, and its standard error is that of independent runs."""
    statistic = Statistic(answered=Answered(), pool="all", observed="0.5", band=(0.1, 0.9))
    tallies = [[float(i % 5), 4.0] for i in range(40)]
    first, again = (row("T18", statistic, tallies, 0.95) for _ in range(2))
    assert first == again
    assert first.low < first.estimate == 0.5 < first.high
    # Independent: shares of runs are uniform on {0, 1/4, 2/4, 3/4, 1}, variance 1/8, so se = sqrt(1/8 / 40).
    assert first.se == pytest.approx((1 / 8 / 40) ** 0.5, rel=0.15)


def test_runs_without_the_statistic_are_left_out() -> None:
    """NaN is not zero."""
    assert judged([1.0, nan, 1.0, 1.0], (0.5, 1.5)).n == 3


# --- running -----------------------------------------------------------------------------------------


def test_korea_has_twenty_targets() -> None:
    """T01 to T20, each with a source and statistics; those beyond May 2017 are held out of calibration."""
    targets = load("korea-2017").scenario.targets
    assert list(targets) == [f"T{i:02}" for i in range(1, 21)]
    assert targets
    assert all(target.source and target.statistics for target in targets.values())
    assert [name for name, target in targets.items() if not target.calibrate] == ["T08", "T09", "T10", "T11"]


def test_targets_share_runs() -> None:
    """Statistics of events share the longest run from their STARTEX; measures have runs of their own length."""
    loaded = load("korea-2017")
    conditions = conditions_of(loaded, selected_targets(loaded)).values()
    of_2016 = next(each for each in conditions if each.arm.until == "2022-01-01")
    assert {each.name for each in of_2016.statistics} >= {"T01.0", "T04.0", "T06.0", "T18.0", "T20.0"}
    assert len(conditions) == 8


def test_the_first_part_of_a_longer_run_equals_the_shorter_run() -> None:
    """A statistic until July 2016 is the same from a run that ends then and from a longer one."""
    loaded = load("korea-2017")
    names = {"T01": "2016-05-01", "T18": "2016-07-01"}
    from dataclasses import replace

    from wargame.language.times import parse_time

    cut = {n: replace(loaded.scenario.targets[n], until=parse_time(until)) for n, until in names.items()}
    together = conditions_of(loaded, cut)
    assert len(together) == 1
    long = tallies(loaded, cut)
    for name, target in cut.items():
        assert tallies(loaded, {name: target})[f"{name}.0"] == long[f"{name}.0"]


def tallies(loaded: Loaded, targets: dict[str, Target]) -> dict[str, list[Tally]]:
    """The tallies of one run of each condition of some targets."""
    conditions = conditions_of(loaded, targets)
    how = BatchOptions(executor=on_cores(1))
    return played(batch_of(loaded, conditions, 3, 1), how, lambda batch: tallies_of(batch, conditions))


def test_combined_arms_have_the_changes_of_both() -> None:
    """Lists and mappings are merged; the second arm takes precedence."""
    arm = combined(
        [
            Arm(forbid=("USA limited_strike",), parameters={"a": 1.0, "b": 1.0}, startex="2016-01-01"),
            Arm(forbid=("PRK nuclear_test",), parameters={"b": 2.0}),
        ]
    )
    assert arm.forbid == ("USA limited_strike", "PRK nuclear_test")
    assert arm.parameters == {"a": 1.0, "b": 2.0}
    assert arm.startex == "2016-01-01"


PLAIN = "    statistics:\n      - {measure: severity(), observed: '1', band: [0, 1]}\n"


def small(folder: Path) -> str:
    """Write the scenario two-rivals with one target into a folder."""
    text = next(data for name, data in load("two-rivals").files.items() if name.startswith("scenario/")).decode()
    bare = text.replace("injects: [two-rivals/msel]\n", "")
    (folder / "rivals.yaml").write_text(f"{bare}\ntargets:\n  X:\n    title: x\n    source: x\n{PLAIN}")
    return str(folder / "rivals.yaml")


@pytest.mark.slow
def test_the_command_writes_statistics_bands_and_verdicts(tmp_path: Path) -> None:
    """The JSON document has each statistic and the counts; the folder is that of a batch, with the result."""
    result = inside_json(
        "targets",
        "korea-2017",
        "-n",
        "3",
        "--target",
        "T15",
        "--target",
        "T12",
        "--jobs",
        "1",
        "--out",
        "compared",
        cwd=tmp_path,
    )
    assert [target["id"] for target in result["targets"]] == ["T12", "T15"]
    assert result["inside"] + result["too_few_runs"] <= result["of"] == 2
    arrivals = result["targets"][1]["statistics"][0]
    assert arrivals["band"] == [-0.72, -0.42]
    assert arrivals["low"] <= arrivals["estimate"] <= arrivals["high"]
    manifest = json.loads((tmp_path / "compared" / "manifest.json").read_text("utf-8"))
    assert manifest["fixed"] == result["fixed"]
    assert json.loads((tmp_path / "compared" / "targets.json").read_text("utf-8")) == result


@pytest.mark.slow
def test_the_page_and_the_terminal_have_the_same_results(tmp_path: Path) -> None:
    """Each statistic with its band; an infinite value is shown as a word."""
    words = ("korea-2017", "-n", "2", "--target", "T12", "--variant", "dead_calm", "--jobs", "1")
    result = inside_json("targets", *words, cwd=tmp_path)
    page, shown = text(summary(result)), inside("targets", *words, cwd=tmp_path).stdout
    assert ": China's halt of coal imports after the killing of February 2017** |" in page
    assert "| probability of a halt |" in page
    assert "| never" in page
    assert "never" in shown
    assert "of 1" in shown
    rows = result["targets"][0]["statistics"]
    assert rows
    words_shown = " ".join(shown.split())
    assert all(re.search(f"{each['title']} .*{each['observed']}", words_shown) for each in rows)
    assert missed(result).startswith(("0 of 1", "1 of 1"))


def test_an_interrupted_evaluation_is_resumed(tmp_path: Path) -> None:
    """Runs that are missing are run again; the result is then the same."""
    words = (small(tmp_path), "-n", "3", "--jobs", "1", "--out", "compared")
    whole = inside_json("targets", *words, cwd=tmp_path)
    for part in (tmp_path / "compared" / "runs").iterdir():
        part.write_bytes(part.read_bytes()[:-20])
    assert inside_json("targets", *words, "--resume", cwd=tmp_path) == whole


def test_an_evaluation_without_a_folder_leaves_nothing(tmp_path: Path) -> None:
    """Its runs are in a temporary folder."""
    scenario = small(tmp_path)
    before = [*tmp_path.iterdir()]
    assert inside("targets", scenario, "-n", "2", "--jobs", "1", cwd=tmp_path).returncode == 0
    assert [*tmp_path.iterdir()] == before


def test_a_folder_of_other_inputs_is_not_resumed(tmp_path: Path) -> None:
    """Without --resume no folder is overwritten either."""
    words = (small(tmp_path), "-n", "2", "--jobs", "1", "--out", "compared")
    inside("targets", *words, cwd=tmp_path)
    other = inside("targets", *words, "--resume", "--seed", "3", cwd=tmp_path)
    assert (other.returncode, "seed" in other.stderr) == (3, True)
    again = inside("targets", *words, cwd=tmp_path)
    assert (again.returncode, "exists already; resume it with --resume" in again.stderr) == (2, True)
    (tmp_path / "file").write_text("")
    assert inside("targets", *words[:-1], "file", cwd=tmp_path).returncode == 2


def test_a_result_that_cannot_be_written_keeps_its_runs(tmp_path: Path) -> None:
    """The message says so."""
    (tmp_path / "targets.json").mkdir()
    with pytest.raises(UsageFault, match="the runs are stored"):
        write_result(tmp_path, "targets", {})


@pytest.mark.slow
def test_results_do_not_depend_on_jobs(tmp_path: Path) -> None:
    """One process and two have the same numbers."""
    words = ("korea-2017", "-n", "5", "--target", "T12", "--target", "T16")
    alone, together = (inside_json("targets", *words, "--jobs", jobs, cwd=tmp_path) for jobs in ("1", "2"))
    assert alone == together


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("two-rivals",), "has no targets"),
        (("korea-2017", "--target", "T99"), "there is no target 'T99'"),
        (("korea-2017", "--variant", "dead_clam"), "did you mean 'dead_calm'?"),
        (("korea-2017", "--resume"), "--out"),
    ],
)
def test_wrong_options_are_usage_errors(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """They are reported before anything is run."""
    done = inside("targets", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr


# --- wrong models fail -------------------------------------------------------------------------------

LEFT_OUT = ("T04", "T05", "T09")
"""Targets that need long or many runs; they count as passed."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "variant",
    ["dead_calm", *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("random_policy", "runaway"))],
)
def test_a_wrong_model_fails_a_third_of_the_targets(variant: str) -> None:
    """By their estimates from a few runs."""
    loaded = under(load("korea-2017"), variant)
    names = [name for name in loaded.scenario.targets if name not in LEFT_OUT]
    how = EvaluationOptions(n=5, seed=2017, batch=BatchOptions(executor=on_cores()))
    result = compare_targets(loaded, selected_targets(loaded, names), how)
    assert result.failures == ()
    missed = [t.id for t in result.targets if any(not f.band[0] <= f.estimate <= f.band[1] for f in t.statistics)]
    assert len(result.targets) == len(names)
    assert len(missed) >= 20 / 3, missed


# --- bad targets -------------------------------------------------------------------------------------


def with_target(text: str) -> Loaded:
    """Load the scenario two-rivals with a target that has these lines."""
    files = dict(load("two-rivals").files)
    name = next(each for each in files if each.startswith("scenario/"))
    files[name] += f"\ntargets:\n  X:\n    title: x\n    source: x\n{text}".encode()
    return load_files(files)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("    statistics:\n      - {measure: severity(), observed: '1'}\n", "`band` is missing"),
        ("    statistics:\n      - {measure: severity(), observed: '1', band: [2, 1]}\n", "is empty"),
        ("    statistics:\n      - {measure: severity(), observed: '1', band: [1, 1]}\n", "is empty"),
        ("    statistics: []\n", "at least one statistic"),
        ("    statistics:\n      - {measure: p(peace), observed: '1', band: [0, 1]}\n", "there is no outcome 'peace'"),
        ("    statistics:\n      - {observed: '1', band: [0, 1]}\n", "exactly one of `measure`"),
        (
            "    statistics:\n      - {measure: severity(), pool: all, observed: '1', band: [0, 1]}\n",
            "`mean` or `median`",
        ),
        (
            "    statistics:\n      - {rate: {of: {options: [no_such]}}, observed: '1', band: [0, 1]}\n",
            "unknown option",
        ),
        ("    statistics:\n      - {rate: {of: {forum: unsc}}, observed: '1', band: [0, 1]}\n", "unknown forum"),
        ("    statistics:\n      - {answered: {goldstein: 3}, observed: '1', band: [0, 1]}\n", "below 0"),
        (f"    arm: {{forbid: [ARD protests BRL]}}\n{PLAIN}", "protests"),
        (f"    arm: {{add: [more.yaml]}}\n{PLAIN}", "cannot add inject files"),
        (f"    startex: 2030-06-01\n    until: 2030-06-01\n{PLAIN}", "less than a day"),
    ],
)
def test_errors_of_a_target_have_file_and_line(text: str, message: str) -> None:
    """They are reported when the scenario is loaded."""
    with pytest.raises(Invalid) as caught:
        with_target(text)
    assert message in str(caught.value)
    assert caught.value.problems
    assert all(problem.line for problem in caught.value.problems)


def test_an_error_of_a_later_statistic_has_its_own_line() -> None:
    """The line is that of its band, not that of the first statistic."""
    good, bad = (f"{{measure: severity(), observed: '1', band: {band}}}" for band in ([0, 1], [2, 1]))
    with pytest.raises(Invalid) as caught:
        with_target(f"    statistics:\n      - {good}\n      - {bad}\n")
    (problem,) = caught.value.problems
    assert problem.line == len(next(iter(load("two-rivals").files.values())).splitlines()) + 7


# --- lost runs ---------------------------------------------------------------------------------------


def test_runs_lost_with_a_worker_are_counted_and_named() -> None:
    """They are failures with their replication and reason, and no statistic uses them."""
    loaded = with_target(PLAIN)
    executor = FirstChunkDies()
    batch = BatchOptions(executor=lambda: executor)
    result = compare_targets(loaded, selected_targets(loaded), EvaluationOptions(n=6, seed=1, batch=batch))
    assert executor.lost == (0,)
    assert result.runs == 6
    assert result.failures == ({"condition": "X", "replication": 0, "error": KILLED},)
    assert result.targets[0].statistics[0].n == 5
    written = document(result)
    assert (written["failed"], written["failures"]) == (1, list(result.failures))
    assert written["targets"][0].keys() == {"id", "title", "source", "verdict", "statistics"}
    assert written["targets"][0]["source"] == result.targets[0].source
    assert f"1 run of X failed and is left out (replication 0: {KILLED})." in notes(document(result))
