"""Targets: statistics mean what their figures mean, verdicts are honest, wrong models fail, bad targets are refused."""

from __future__ import annotations

import csv
import json
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

from support.in_process import inside, inside_json
from wargame.batch.study.parameters import under
from wargame.errors import Invalid
from wargame.evidence.targets import comparison as study
from wargame.evidence.targets.comparison import FEW, INSIDE, OUTSIDE, chosen, hold, joined, row, ways
from wargame.evidence.targets.runs import played, prepared
from wargame.evidence.targets.statistics import (
    DatedEvent,
    Story,
    Tally,
    kaplan_meier_median,
    tally,
    value,
    whole_months,
)
from wargame.evidence.targets.text import markdown, missed
from wargame.executor.processes import on_cores
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
    WindowRatio,
)

DATA = Path(__file__).resolve().parents[1] / "data"
LAUNCH = Happening(options=("launch",))
DAYS = 86400


def events(*told: tuple[float, str, str, str]) -> tuple[DatedEvent, ...]:
    """Events of a run that begins on the first of January 2016: (day, who, what, whom)."""
    first = date(2016, 1, 1).toordinal()
    return tuple(DatedEvent(day, first + int(day), who, what, whom) for day, who, what, whom in told)


def story(days: int, *told: tuple[float, str, str, str], weights: dict[str, float] | None = None) -> Story:
    """A run of so many days from January 2016."""
    first = date(2016, 1, 1).toordinal()
    return Story(events(*told), first, first + days - 1, float(days), ("A", "B", "C"), weights)


def record(first: date, last: date) -> Story:
    """The real launches as a run."""
    lines = (line for line in (DATA / "launches.csv").read_text().splitlines() if not line.startswith("#"))
    begin = first.toordinal()
    ordinals = [date.fromisoformat(line["date_utc"]).toordinal() for line in csv.DictReader(lines)]
    kept = [day for day in ordinals if begin <= day <= last.toordinal()]
    told = tuple(DatedEvent(float(day - begin), day, "PRK", "launch", "") for day in kept)
    return Story(told, begin, last.toordinal(), float(last.toordinal() - begin + 1))


def of(statistic: object, *stories: Story) -> float:
    """A statistic of runs."""
    return value(statistic, [tally(statistic, each) for each in stories])


# --- the figures of the record come out -------------------------------------------------------------

SEVENTEEN_MONTHS = record(date(2016, 1, 1), date(2017, 5, 31))
SIX_YEARS = record(date(2012, 1, 1), date(2017, 5, 31))


@pytest.mark.parametrize(
    ("target", "statistic", "real", "observed"),
    [
        ("T01", MonthlyDays(of=LAUNCH, report="mean"), SEVENTEEN_MONTHS, 1.47),
        ("T02", MonthlyDays(of=LAUNCH, report="dispersion"), SEVENTEEN_MONTHS, 0.945),
        ("T03", MonthlyDays(of=LAUNCH, report="empty"), SEVENTEEN_MONTHS, 0.235),
        ("T04", MonthlyDays(of=LAUNCH, report="dispersion"), SIX_YEARS, 1.41),
        ("T05", Clustering(of=LAUNCH), SIX_YEARS, 2.49),
    ],
)
def test_real_launches_give_the_figures_that_the_targets_have(
    target: str, statistic: object, real: Story, observed: float
) -> None:
    """The scenario's statistic, put to the record, gives its own observed: it means what the figure means."""
    written = load("korea-2017").scenario.targets[target].statistics[0]
    found = of(statistic, real)
    assert found == pytest.approx(observed, abs=0.005)
    assert float(written.observed.split()[0]) == pytest.approx(observed, abs=0.0051)
    assert type(written.computed) is type(statistic)
    assert getattr(written.computed, "report", None) == getattr(statistic, "report", None)


def test_answers_of_the_security_council_have_the_median_of_the_record() -> None:
    """Resolutions 1718, 1874, 2094, 2270 and 2321 came 5, 18, 23, 56 and 82 days after their tests."""
    statistic = Delay(cause=Happening(options=("test",)), response=Happening(options=("resolution",)))
    told = []
    for number, days in enumerate((5, 18, 23, 56, 82)):
        told += [(400.0 * number, "A", "test", ""), (400.0 * number + days, "B", "resolution", "")]
    assert of(statistic, story(2000, *told)) == 23


# --- each statistic against an independent computation ----------------------------------------------

DAY_LISTS = st.lists(st.integers(0, 799), max_size=60)


@given(DAY_LISTS)
def test_days_a_month_as_counted_by_hand(days: list[int]) -> None:
    """Mean, dispersion and empty share equal those of a count by year and month, of days and not of launches."""
    real = story(800, *((float(day), "A", "launch", "") for day in days))
    dates = {date.fromordinal(real.first + day) for day in days}
    per = Counter((each.year, each.month) for each in dates)
    whole = [(2016 + m // 12, m % 12 + 1) for m in range(26)]  # 800 days: January 2016 to February 2018, and some days
    counts = [per[month] for month in whole]
    assert of(MonthlyDays(of=LAUNCH), real) == pytest.approx(mean(counts))
    assert of(MonthlyDays(of=LAUNCH, report="empty"), real) == pytest.approx(counts.count(0) / len(counts))
    dispersion = of(MonthlyDays(of=LAUNCH, report="dispersion"), real)
    if sum(counts):
        assert dispersion == pytest.approx(variance(counts) / mean(counts))
    else:
        assert isnan(dispersion)


@given(DAY_LISTS)
def test_clustering_as_counted_by_hand(days: list[int]) -> None:
    """The ratio of the two shares of days, day by day."""
    there, hits = set(days), Counter[tuple[bool, bool]]()
    for day in range(13, 800 - 14):
        past = any(day - back in there for back in range(14))
        hits[past, any(day + ahead in there for ahead in range(1, 15))] += 1
    after, fresh = sum(hits[True, f] for f in (True, False)), sum(hits[False, f] for f in (True, False))
    found = of(Clustering(of=LAUNCH), story(800, *((float(day), "A", "launch", "") for day in days)))
    if not after or not fresh or not (hits[True, True] or hits[False, True]):
        assert isnan(found)
    elif not hits[False, True]:
        assert found == inf
    else:
        assert found == pytest.approx((hits[True, True] / after) / (hits[False, True] / fresh))


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40))
def test_the_median_of_delays_is_that_of_kaplan_and_meier(told: list[tuple[int, bool]]) -> None:
    """The first time at which the product of the shares that are left, in whole fractions, is a half or less."""
    left, median = Fraction(1), inf
    for day in sorted({days for days, _ in told}):
        at_risk = sum(days >= day for days, _ in told)
        left *= 1 - Fraction(sum(days == day and seen for days, seen in told), at_risk)
        if left <= Fraction(1, 2):
            median = float(day)
            break
    signed = np.array([float(days) if seen else -float(days) for days, seen in told])
    assert kaplan_meier_median(signed) == median


def test_a_cause_waits_for_the_first_answer_behind_it() -> None:
    """Responses before it are none; what the run ends on is seen as long as it lasts; `first` looks at one alone."""
    told = [(1.0, "B", "answer", ""), (10.0, "A", "cause", ""), (12.0, "B", "answer", ""), (40.0, "A", "cause", "")]
    statistic = Delay(cause=Happening(options=("cause",)), response=Happening(options=("answer",)))
    assert tally(statistic, story(100, *told)) == [2.0, -60.0]
    first = Delay(cause=statistic.cause, response=statistic.response, first=True)
    assert tally(first, story(100, *told)) == [2.0]


def test_rates_and_activity_count_actions_by_time() -> None:
    """A rate is a count over days; the least active government may be one that does nothing."""
    told = [(1.0, "A", "launch", ""), (2.0, "A", "launch", "B"), (3.0, "B", "talk", "A")]
    run = story(730, *told)
    assert of(Rate(of=LAUNCH), run) == 1.0
    assert of(Rate(of=Happening(options=("launch",), to=("B",)), per=73 * DAYS), run) == pytest.approx(0.1)
    assert of(Activity(report="lowest"), run) == 0.0
    assert of(Activity(report="highest"), run) == 1.0


def test_a_hostile_action_is_answered_by_one_from_its_target_in_time() -> None:
    """Not by a third party, not too late, not by kindness; what the run leaves open is left out."""
    weights = {"threat": -7.0, "aid": 7.0, "word": -2.0}
    told = [
        (10.0, "A", "threat", "B"),  # answered on day 20
        (20.0, "B", "threat", "A"),  # answered on day 49
        (49.0, "A", "threat", "B"),  # B helps, C threatens: not answered
        (50.0, "B", "aid", "A"),
        (51.0, "C", "threat", "A"),  # A never answers C
        (55.0, "A", "word", "B"),  # not hostile
        (60.0, "A", "threat", ""),  # at nobody
        (190.0, "A", "threat", "B"),  # within 30 days of the end: open
    ]
    assert tally(Answered(), story(200, *told, weights=weights)) == [2.0, 4.0]
    assert of(Answered(within=20 * DAYS), story(200, *told, weights=weights)) == pytest.approx(1 / 4)


def test_windows_that_overlap_are_one() -> None:
    """Two exercises a day apart make a window of 31 days; rates are a day."""
    told = [(10.0, "B", "drill", ""), (11.0, "C", "drill", ""), (12.0, "A", "launch", ""), (80.0, "A", "launch", "")]
    statistic = WindowRatio(of=LAUNCH, around=Happening(options=("drill",)))
    assert tally(statistic, story(100, *told)) == [1.0, 31.0, 1.0, 69.0]
    assert of(statistic, story(100, *told)) == pytest.approx((1 / 31) / (1 / 69))


def test_months_that_are_not_whole_do_not_count() -> None:
    """From the second of a month to the day before the last of another."""
    found = whole_months(date(2016, 1, 2).toordinal(), date(2016, 4, 29).toordinal())
    assert [date.fromordinal(first).month for first, _ in found] == [2, 3]


def test_turns_of_a_forum_are_no_actions() -> None:
    """A council that adopts is found by its turn, and nobody is the more active for it."""
    adopted = DatedEvent(5.0, 736000, "", "unsc", "agree", forum=True)
    run = Story((adopted,), 735995, 736100, 105.0, ("A",))
    assert tally(Rate(of=Happening(forum="unsc")), run)[0] == 1
    assert tally(Rate(of=Happening(forum="unsc", step="propose")), run)[0] == 0
    assert tally(Activity(report="highest"), run) == [105.0, 0.0]


# --- verdicts ----------------------------------------------------------------------------------------


def judged(
    numbers: list[float], band: tuple[float, float], measure: str = "severity()", pool: str = "mean"
) -> study.Row:
    """A measure's figure from the numbers of runs."""
    return row("T", Statistic(measure=measure, pool=pool, observed="1", band=band), [[x] for x in numbers], 0.95)


def test_inside_outside_and_not_surely() -> None:
    """The estimate decides; whether the whole interval agrees is told."""
    spread = [0.9, 1.0, 1.1, 0.95, 1.05, 1.0]
    assert (judged(spread, (0.5, 1.5)).verdict, judged(spread, (0.5, 1.5)).sure) == (INSIDE, True)
    assert (judged(spread, (2.0, 3.0)).verdict, judged(spread, (2.0, 3.0)).sure) == (OUTSIDE, True)
    assert (judged(spread, (0.99, 2.0)).verdict, judged(spread, (0.99, 2.0)).sure) == (INSIDE, False)
    assert (judged(spread, (1.01, 2.0)).verdict, judged(spread, (1.01, 2.0)).sure) == (OUTSIDE, False)


def test_an_interval_wider_than_the_band_says_nothing() -> None:
    """Eight runs without a war do not show that war is rarer than one in twelve; the runs that would are told."""
    few = judged([0.0] * 8, (0.0, 0.08), "p(war)")
    assert few.verdict == FEW
    assert few.runs_needed is not None
    enough = judged([0.0] * few.runs_needed, (0.0, 0.08), "p(war)")
    assert enough.verdict == INSIDE


def test_what_no_run_has_is_missed_if_there_were_enough() -> None:
    """A dead model has no latency at all: that is no pass, and not said of a handful of runs."""
    figure = Statistic(delay=Delay(cause=LAUNCH, response=LAUNCH), pool="all", observed="23", band=(10, 50))
    empty: list[Tally] = [[]] * 4
    assert row("T", figure, empty, 0.95).verdict == FEW
    assert row("T", figure, empty * 5, 0.95).verdict == OUTSIDE


def test_a_time_that_does_not_come_in_most_runs_is_never() -> None:
    """The median of times is infinite, and so outside any band."""
    found = judged([inf] * 20 + [10.0] * 3, (5, 50), "time(war)", "median")
    assert found.estimate == inf
    assert found.verdict == OUTSIDE


def test_pooled_statistics_have_bootstrap_intervals_over_runs() -> None:
    """The interval of a share over all actions covers that of runs drawn again, and is repeatable."""
    figure = Statistic(answered=Answered(), pool="all", observed="0.5", band=(0.1, 0.9))
    tallies = [[float(i % 5), 4.0] for i in range(40)]
    first, again = (row("T18", figure, tallies, 0.95) for _ in range(2))
    assert first == again
    assert first.low < first.estimate == 0.5 < first.high
    # Independent: shares of runs are uniform on {0, 1/4, 2/4, 3/4, 1}, variance 1/8, so se = sqrt(1/8 / 40).
    assert first.se == pytest.approx((1 / 8 / 40) ** 0.5, rel=0.15)


def test_nan_of_a_run_is_left_out() -> None:
    """A run without launches has no dispersion and is no zero."""
    assert judged([1.0, nan, 1.0, 1.0], (0.5, 1.5)).n == 3


# --- playing -----------------------------------------------------------------------------------------


def test_all_targets_of_the_list_are_there() -> None:
    """T01 to T20, each with a source and a band on each of its figures; what looks beyond May 2017 is held out."""
    targets = load("korea-2017").scenario.targets
    assert list(targets) == [f"T{i:02}" for i in range(1, 21)]
    assert all(target.source and target.statistics for target in targets.values())
    assert [name for name, target in targets.items() if not target.calibrate] == ["T08", "T09", "T10", "T11"]


def test_targets_share_runs() -> None:
    """Statistics of events share the longest run from their STARTEX; measures keep their own ends."""
    loaded = load("korea-2017")
    made = ways(loaded, chosen(loaded), Arm())
    of_2016 = next(way for way in made if str(way.until) == "2022-01-01")
    assert {each.name for each in of_2016.statistics} >= {"T01.0", "T04.0", "T06.0", "T18.0", "T20.0"}
    assert len(made) == 8


def test_the_first_part_of_a_longer_run_is_the_shorter_run() -> None:
    """A figure up to 2016-07 is the same from a run that ends then and from one that goes on."""
    loaded = load("korea-2017")
    names = {"T01": "2016-05-01", "T18": "2016-07-01"}
    from dataclasses import replace

    from wargame.language.times import parse_time

    cut = {n: replace(loaded.scenario.targets[n], until=parse_time(until)) for n, until in names.items()}
    together = ways(loaded, cut, Arm())
    assert len(together) == 1
    long = played(prepared(loaded, together[0], 3), together[0], 0)
    for name, target in cut.items():
        alone = ways(loaded, {name: target}, Arm())[0]
        assert played(prepared(loaded, alone, 3), alone, 0)[f"{name}.0"] == long[f"{name}.0"]


def test_arms_are_joined() -> None:
    """Lists and mappings together; of two words the second counts."""
    made = joined(
        Arm(forbid=("USA limited_strike",), parameters={"a": 1.0, "b": 1.0}, startex="2016-01-01"),
        Arm(forbid=("PRK nuclear_test",), parameters={"b": 2.0}),
    )
    assert made.forbid == ("USA limited_strike", "PRK nuclear_test")
    assert made.parameters == {"a": 1.0, "b": 2.0}
    assert made.startex == "2016-01-01"


PLAIN = "    statistics:\n      - {measure: severity(), observed: '1', band: [0, 1]}\n"


def small(folder: Path) -> str:
    """The scenario two-rivals with one target, as a file."""
    text = next(data for name, data in load("two-rivals").files.items() if name.startswith("scenario/")).decode()
    bare = text.replace("injects: [two-rivals/msel]\n", "")
    (folder / "rivals.yaml").write_text(f"{bare}\ntargets:\n  X:\n    title: x\n    source: x\n{PLAIN}")
    return str(folder / "rivals.yaml")


def test_the_command_tells_figures_bands_and_verdicts(tmp_path: Path) -> None:
    """Data of each figure, the count, and the folder with what was fixed before the first run."""
    found = inside_json(
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
        "held",
        cwd=tmp_path,
    )
    assert [target["id"] for target in found["targets"]] == ["T12", "T15"]
    assert found["inside"] + found["too_few_runs"] <= found["of"] == 2
    arrivals = found["targets"][1]["statistics"][0]
    assert arrivals["band"] == [-0.72, -0.42]
    assert arrivals["low"] <= arrivals["estimate"] <= arrivals["high"]
    plan = json.loads((tmp_path / "held" / "plan.json").read_text())
    assert set(plan["fixed"]) == {"questions", "mechanisms", "parameters"}
    assert json.loads((tmp_path / "held" / "targets.json").read_text()) == found


def test_the_page_and_the_terminal_tell_the_same(tmp_path: Path) -> None:
    """Each figure with its band; what never comes and what cannot be said are words, not numbers."""
    words = ("korea-2017", "-n", "2", "--target", "T12", "--variant", "dead_calm", "--jobs", "1")
    found = inside_json("targets", *words, cwd=tmp_path)
    page, shown = markdown(found), inside("targets", *words, cwd=tmp_path).stdout
    assert "| **T12** China's halt of coal imports after the killing of February 2017: probability of a halt |" in page
    assert "| never" in page
    assert "never" in shown
    assert "of 1" in shown
    figures = found["targets"][0]["statistics"]
    assert all(f"    {figure['title']}\n" in shown and f"; real: {figure['real']}\n" in shown for figure in figures)
    assert missed(found).startswith("Misses")


def test_a_stopped_evaluation_goes_on_where_it_was(tmp_path: Path) -> None:
    """Runs that are kept are not played again, a line that was cut off is; the result is the same."""
    words = (small(tmp_path), "-n", "3", "--jobs", "1", "--out", "held")
    whole = inside_json("targets", *words, cwd=tmp_path)
    runs = tmp_path / "held" / "runs.jsonl"
    lines = runs.read_bytes().splitlines(keepends=True)
    runs.write_bytes(lines[0] + lines[1][:20])
    assert inside_json("targets", *words, "--resume", cwd=tmp_path) == whole
    assert runs.read_bytes() == b"".join(lines)


def test_a_folder_of_other_inputs_is_not_gone_on_with(tmp_path: Path) -> None:
    """Another seed makes other runs; and without --resume a folder is not written over."""
    words = (small(tmp_path), "-n", "2", "--jobs", "1", "--out", "held")
    inside("targets", *words, cwd=tmp_path)
    assert "other inputs" in inside("targets", *words, "--resume", "--seed", "3", cwd=tmp_path).stderr
    assert "not empty" in inside("targets", *words, cwd=tmp_path).stderr


def test_a_damaged_folder_is_told_with_its_place(tmp_path: Path) -> None:
    """A plan or a line that cannot be read has file and line; a file is no folder."""
    words = (small(tmp_path), "-n", "2", "--jobs", "1", "--out", "held", "--resume")
    inside("targets", *words, cwd=tmp_path)
    runs = tmp_path / "held" / "runs.jsonl"
    runs.write_text("nonsense\n")
    assert "runs.jsonl:1:1: this line is no run" in inside("targets", *words, cwd=tmp_path).stderr
    (tmp_path / "held" / "plan.json").write_text("[]")
    done = inside("targets", *words, cwd=tmp_path)
    assert done.returncode == 3
    assert "plan.json:1:1" in done.stderr
    (tmp_path / "file").write_text("")
    assert inside("targets", *words[:-2], "file", cwd=tmp_path).returncode == 2


@pytest.mark.slow
def test_who_plays_changes_nothing(tmp_path: Path) -> None:
    """One process and two give the same numbers."""
    words = ("korea-2017", "-n", "5", "--target", "T12", "--target", "T16")
    alone, together = (inside_json("targets", *words, "--jobs", jobs, cwd=tmp_path) for jobs in ("1", "2"))
    assert alone == together


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("two-rivals",), "has no targets"),
        (("korea-2017", "--target", "T99"), "there is no target 'T99'"),
        (("korea-2017", "--variant", "dead_clam"), "did you mean 'dead_calm'?"),
        (("korea-2017", "--resume"), "--out"),
    ],
)
def test_what_makes_no_sense_is_told(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    """A usage error with its remedy, before anything is played."""
    done = inside("targets", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr


# --- wrong models fail -------------------------------------------------------------------------------

LEFT_OUT = ("T04", "T05", "T09")
"""Six years of runs, and what is too rare for a few: counted as passed."""


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["dead_calm", "random_policy", "runaway"])
def test_a_wrong_model_fails_a_third_of_the_targets(variant: str) -> None:
    """By their estimates over a few runs."""
    loaded = under(load("korea-2017"), variant)
    names = [name for name in loaded.scenario.targets if name not in LEFT_OUT]
    with on_cores()() as executor:
        held = hold(loaded, n=5, seed=2017, executor=executor, only=names)
    assert held.failed == 0, held.errors
    missed = [t.id for t in held.targets if any(not f.low_end <= f.estimate <= f.high_end for f in t.statistics)]
    assert len(missed) >= 20 / 3, missed


def test_variants_change_numbers_that_are_there() -> None:
    """None is the model under another name, and each says so in its title."""
    loaded = load("korea-2017")
    for name in loaded.scenario.evidence.variants:
        made = under(loaded, name)
        assert made.scenario_sha256 != loaded.scenario_sha256
        assert made.scenario.title == f"{loaded.scenario.title} (variant {name})"


# --- bad targets -------------------------------------------------------------------------------------


def with_target(text: str) -> Loaded:
    """The scenario two-rivals with a target of these lines."""
    files = dict(load("two-rivals").files)
    name = next(each for each in files if each.startswith("scenario/"))
    files[name] += f"\ntargets:\n  X:\n    title: x\n    source: x\n{text}".encode()
    return load_files(files)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("    statistics:\n      - {measure: severity(), observed: '1'}\n", "`band` is missing"),
        ("    statistics:\n      - {measure: severity(), observed: '1', band: [2, 1]}\n", "holds nothing"),
        ("    statistics:\n      - {measure: severity(), observed: '1', band: [1, 1]}\n", "holds nothing"),
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
        (f"    arm: {{add: [more.yaml]}}\n{PLAIN}", "adds no inject files"),
        (f"    startex: 2030-06-01\n    until: 2030-06-01\n{PLAIN}", "less than a day"),
    ],
)
def test_a_target_that_nothing_can_be_held_against_is_refused(text: str, told: str) -> None:
    """With file, line and remedy."""
    with pytest.raises(Invalid) as caught:
        with_target(text)
    assert told in str(caught.value)
    assert all(problem.line for problem in caught.value.problems)
