"""The desk: which dossier is next, interruptions, remaining work."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from simpy.events import Event, Process
from simpy.exceptions import Interrupt

from support.engine import changed, loaded, run
from wargame.language.times import DAY, HOUR, parse_time
from wargame.numbers.clock_loop import Moment
from wargame.scenario import model
from wargame.scenario.model.governments import DossierSettings
from wargame.simulation.actors.desk import Desk
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.clock import DECISION, Clock

RULES = model.Rules()


def desk(**priorities: float) -> Desk:
    """A desk whose dossiers take eight hours each, every ten days."""
    specs = {name: DossierSettings(priority=p, every=10 * DAY, work=8 * HOUR) for name, p in priorities.items()}
    return Desk(specs, RULES, 0)


def test_a_dossier_is_not_picked_before_it_is_due() -> None:
    """Routine meetings are spread over their first interval."""
    papers = desk(a=0.5, b=0.5)
    assert papers.pick(0) is None
    first = papers.next_due()
    assert 0 < first < 10 * DAY
    assert papers.pick(first) is not None


def test_priority_and_waiting_time_decide_which_dossier_is_first() -> None:
    """Priority decides between two due dossiers, until the less important one has waited long enough."""
    papers = desk(a=0.9, b=0.2)
    for entry in papers.entries.values():
        entry.due = 0
    picked = papers.pick(0)
    assert picked is papers.entries["a"]
    papers.entries["a"].due = 9 * DAY
    assert papers.pick(9 * DAY) is papers.entries["b"]


def test_salience_goes_before_routine_and_decays() -> None:
    """The dossier with salience is first; after some half-lives it no longer is."""
    papers = desk(a=0.6, b=0.5)
    for entry in papers.entries.values():
        entry.due = 0
    papers.add_salience(papers.entries["b"], 8.0, 0)
    assert papers.pick(0) is papers.entries["b"]
    assert papers.salience_of(papers.entries["b"], 10 * DAY) == 4.0


def test_work_has_two_parts_and_goes_on_after_an_interruption() -> None:
    """Assessing takes two fifths; what an interruption in the last second leaves is done at once."""
    papers, clock, ends = desk(a=0.5), Clock(), list[int]()
    entry = papers.entries["a"]

    def life() -> Generator[Event, None, None]:
        while True:
            try:
                if (end := clock.work(clock.now, DECISION, papers)) is not None:
                    yield end
            except Interrupt:
                entry.put_aside(clock.now)
                papers.in_work = None
                continue
            ends.append(clock.now)
            papers.in_work = None
            papers.done(entry, clock.now)

    process = clock.process(life())
    start, step = 5 * DAY, 8 * HOUR * 2 // 5
    clock.run_before(start + step)
    assert (entry.left, entry.spent, papers.in_work) == (8 * HOUR, 0, entry)
    clock.run_before(start + step + 1)
    assert (entry.left, entry.spent) == (8 * HOUR - step, step)
    clock.run_before(start + 7 * HOUR)
    process.interrupt()
    clock.run_before(start + 8 * HOUR)
    assert (entry.left, entry.spent, entry.reason, ends) == (HOUR, 7 * HOUR, "resumed", [])
    process.interrupt()
    clock.run_before(start + 8 * HOUR + 1)
    assert (entry.left, entry.spent, ends) == (8 * HOUR, 8 * HOUR, [start + 8 * HOUR])


@given(st.lists(st.tuples(st.floats(0.1, 20), st.integers(0, 1000)), max_size=20))
def test_the_strongest_signals_are_kept_as_causes(news: list[tuple[float, int]]) -> None:
    """At most three, and none weaker than one that is left out."""
    entry = desk(a=0.5).entries["a"]
    for strength, seq in news:
        entry.add_news(strength, seq, 0)
    assert len(entry.news) == min(3, len(news))
    strengths = sorted(-weakness for weakness, *_ in entry.news)
    assert not strengths or strengths[0] >= sorted((s for s, _ in news), reverse=True)[len(strengths) - 1]
    assert entry.causes(0) == sorted(seq for _, seq, _ in entry.news)


def test_old_signals_are_not_causes() -> None:
    """A strong signal of three months ago is not a cause of a decision today."""
    entry = desk(a=0.5).entries["a"]
    entry.add_news(20.0, 1, 0)
    entry.add_news(3.0, 2, 89 * DAY)
    assert entry.causes(90 * DAY) == [2]


def two_dossiers() -> tuple[Exercise, int]:
    """BRL has done two of eight hours of work on the economy when an inject makes the strait a crisis."""
    base = loaded()
    brl = base.scenario.governments["BRL"]
    specs = {
        "economy": replace(brl.dossiers["economy"], every=40 * DAY, work=8 * HOUR),
        "strait": replace(brl.dossiers["strait"], every=300 * DAY, work=4 * HOUR),
    }
    quiet = changed(base, injects=(), governments={**base.scenario.governments, "BRL": replace(brl, dossiers=specs)})
    start = next(r[1] for r in run(quiet, 1).records() if r[2] == "decision" and r[3] == "BRL") - 8 * HOUR
    shock = model.Inject(
        id="shock",
        title="Shock",
        at=parse_time(f"D+0 H+{start // HOUR + 2}"),
        audience=("BRL",),
        salience={"strait": 50.0},
    )
    return run(changed(quiet, injects=(shock,)), 1), start


def test_a_crisis_interrupts_a_dossier_which_keeps_its_remaining_work() -> None:
    """The strait is decided four hours after the shock, the economy with its remaining six hours after that."""
    exercise, start = two_dossiers()
    met = [r for r in exercise.records() if r[2] == "decision" and r[3] == "BRL"][:2]
    assert [(r[6]["dossier"], (r[1] - start) / HOUR) for r in met] == [("strait", 6.0), ("economy", 12.0)]
    assert [r[6]["meeting"] for r in met] == ["salience", "resumed"]


def test_attention_is_the_working_time_of_each_dossier() -> None:
    """The time spent on a dossier is the work on its meetings, including interrupted work."""
    exercise, _ = two_dossiers()
    spent = exercise.records()[-1][6]["attention"]["BRL"]
    meetings = [r[6]["dossier"] for r in exercise.records() if r[2] == "decision" and r[3] == "BRL"]
    assert spent["strait"] == meetings.count("strait") * 4 * HOUR
    assert 0 <= spent["economy"] - meetings.count("economy") * 8 * HOUR < 8 * HOUR


def test_a_government_works_on_one_dossier_at_a_time() -> None:
    """No two meetings of one government end at the same second, and no more time is worked than has passed."""
    exercise = run(loaded("korea-2017"), 2, until="D+200")
    met = [(r[3], r[1]) for r in exercise.records() if r[2] == "decision"]
    assert len(met) == len(set(met))
    spent = {name: sum(e.spent for e in g.desk.entries.values()) for name, g in exercise.governments.items()}
    assert spent
    assert all(0 < s <= 200 * DAY for s in spent.values())


def test_the_decision_cycle_of_a_government_is_a_process_of_simpy() -> None:
    """It runs until the end and waits on the clock for the end of its work."""
    exercise = run(loaded(), 1)
    for government in exercise.governments.values():
        assert isinstance(government.process, Process)
        assert government.process.is_alive
        assert government.process.env is exercise.context.clock
        assert isinstance(government.process.target, Moment)
