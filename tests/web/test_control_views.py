"""The control room: every view is rendered at every stage of an exercise, and shows what the console shows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest

from support.live import console, output_of
from support.web_pages import text_of
from wargame.document.blocks import Span
from wargame.executor.run import Destination
from wargame.futures.lookahead_rows import LookaheadRow
from wargame.live.console.console import Console
from wargame.live.console.participants import Evaluator
from wargame.live.console.roles import EVALUATOR
from wargame.live.console.waiting import queue
from wargame.live.session.session import Session
from wargame.live.terminals.lookahead_questions import LookaheadAnswer
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings
from wargame.web.access import DEPUTY, FACILITATOR, SEAT
from wargame.web.screens import control, evaluator
from wargame.web.screens.clocks import clock_words
from wargame.web.screens.control_ahead import charts
from wargame.web.screens.control_branches import branch_lines
from wargame.web.screens.control_knowledge import known_events, why
from wargame.web.screens.control_msel import gantt, msel_rows
from wargame.web.screens.hotwash import shared_parts, side_rows
from wargame.web.viewer import Presence, Viewer

ARDA = (("ARD", "human"),)
THREE_MOVES = """format: wargame-exercise/1
name: strait
title: An hour in the strait
scenario: two-rivals
scenario_injects: false
wall: 1h
moves: [{game: 6d, wall: 20m}, {game: 5d, wall: 20m}, {game: 4d, wall: 20m}]
seats: {ARD: {}}
"""


def shown(there: Console, role: str = FACILITATOR, **query: str) -> Mapping[str, str]:
    """The parts of the control room that looks at this."""
    return control.parts(Viewer(there, role, 0, query=query))


def words(there: Console, role: str = FACILITATOR, **query: str) -> str:
    """The words of a view, without the bar and the navigation."""
    parts = shown(there, role, **query)
    return " ".join(text_of(html) for key, html in parts.items() if key.startswith("view."))


@pytest.fixture(autouse=True)
def _errors_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that cannot be shown fails its test."""
    monkeypatch.setenv("WARGAME_TRACEBACK", "1")


@pytest.fixture
def played(tmp_path: Path) -> Console:
    """Two rivals, some weeks on, with a person in the seat of Arda."""
    there = console(tmp_path / "run", seats=ARDA)
    output_of(
        there,
        *("stop at nothing", "advance 5d", 'order ARD "invite the neighbours to mediate"'),
        'rfi ARD "Who commands the patrol boats of Brel?"',
        'message ARD BRL "We do not want this to grow."',
        *('offer ARD BRL "Fish for calm"', 'vote ARD ARD,BRL "Shall we meet?"'),
        *("hold harvest", "advance 30d", 'note "ARD asked for the law of the sea" --about 12 --tag sustain'),
    )
    return there


# --- the frame ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", list(control.VIEWS))
def test_every_view_is_rendered_at_every_stage(tmp_path: Path, view: str) -> None:
    """At STARTEX, in the middle, at NO PLAY and after ENDEX; nothing in it is inline."""
    there = console(tmp_path / "run", seats=ARDA)
    for lines in ((), ("advance 25d",), ("noplay fire",), ("playon", "endex")):
        output_of(there, *lines)
        for role in (FACILITATOR, DEPUTY):
            parts = shown(there, role, view=view)
            assert [key for key in parts if key.startswith("view.")]
            for html in parts.values():
                assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)


def test_clocks_and_states_are_always_in_view(played: Console) -> None:
    """PAUSEX, NO PLAY with its text, and ENDEX are in the bar of every view."""
    output_of(played, "pause")
    assert "PAUSEX" in text_of(shown(played, view="why")["bar.clock"])
    output_of(played, 'noplay "fire alarm"')
    bar = text_of(shown(played, view="knew")["bar.clock"])
    assert "NO PLAY" in bar
    assert "fire alarm" in bar
    assert "2030-02-05" in bar
    output_of(played, "playon", "pace --wall 1h", "endex")
    over = text_of(shown(played, view="msel")["bar.clock"])
    assert "after ENDEX" in over
    assert "to ENDEX" not in over
    assert "/review" in shown(played)["bar.controls"]


def test_the_button_that_starts_the_exercise_says_so(tmp_path: Path) -> None:
    """Before STARTEX it is *Start*, after a stop *Resume*."""
    there = console(tmp_path / "run", seats=ARDA)
    assert text_of(shown(there)["bar.controls"]).startswith("Start ")
    output_of(there, "next")
    assert text_of(shown(there)["bar.controls"]).startswith("Resume ")


def test_the_end_of_the_last_move_takes_two_clicks(tmp_path: Path) -> None:
    """It is ENDEX: the button says so and opens a panel. In the other moves one click goes to the end of the move."""
    there = console(tmp_path / "run", seats=ARDA)
    one_click, two_clicks = '<form data-verb="move" class="inline"', "<summary>End of move: ENDEX</summary>"
    assert one_click in shown(there)["bar.controls"]
    assert two_clicks not in shown(there)["bar.controls"]
    while there.wall.move < there.wall.move_times.count:
        output_of(there, "move")
    html = shown(there)["bar.controls"]
    assert one_click not in html
    assert re.search(rf'{two_clicks}.*<form data-verb="move"', html, re.DOTALL)


def test_a_view_that_cannot_be_shown_leaves_the_clocks(
    played: Console, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The facilitator still has the bar, the navigation and the command line."""

    def broken(viewer: Viewer) -> dict[str, str]:
        raise ValueError(viewer.role)

    monkeypatch.delenv("WARGAME_TRACEBACK")
    monkeypatch.setitem(control.VIEWS, "knew", broken)
    parts = shown(played, view="knew")
    assert list(parts) == ["bar.clock", "bar.controls", "nav.views", "view.fault", "line.console"]
    assert "ValueError: facilitator" in text_of(parts["view.fault"])
    assert "ValueError" in capsys.readouterr().err


def test_texts_of_people_are_escaped(played: Console) -> None:
    """What a seat or the white cell writes cannot contain markup."""
    output_of(played, 'message ARD EXCON "<script>alert(1)</script>"', 'note "<b>bold</b>"')
    for view in control.VIEWS:
        for html in shown(played, view=view).values():
            assert "<script>" not in html
            assert "<b>bold" not in html


def test_before_startex_the_overview_says_what_is_missing(tmp_path: Path) -> None:
    """Empty seats and the pace; the list is gone once the clock was started."""
    there = console(tmp_path / "run", seats=ARDA)
    assert "Nobody is here for Arda." in words(there, view="now")
    assert "No pace is set" in words(there, view="now")
    output_of(there, "pace 1d=30s")
    assert "The pace is 1d=30s." in words(there, view="now")
    assert "acts for Brel, a human seat" not in words(there, view="now")
    output_of(there, "resume", "pause")
    assert "Before STARTEX" not in words(there, view="now")


def test_who_waits_in_the_lobby_is_not_called_absent(tmp_path: Path) -> None:
    """Neither in what is to be done before STARTEX nor beside the seat."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    waiting = Presence("p1", "Ann", SEAT, "ARD", "waiting")
    viewer = Viewer(there, FACILITATOR, 0, people=(waiting,), query={"view": "now"})
    view = text_of(control.parts(viewer)["view.now-queue"])
    assert "Nobody is here for Brel. In the lobby: the people of Arda." in view
    assert "Arda a person in the lobby" in view
    assert "Brel a person nobody here" in view


def test_before_startex_injects_that_would_act_for_people_are_named_by_title(tmp_path: Path) -> None:
    """With a link to each."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    title = there.session.exercise.injector.lines["night_drill"].spec.title
    assert "The script asks human seats before it acts for them: 1 inject" in words(there, view="now")
    assert f"{title} asks Brel, a human seat, before it acts for it" in words(there, view="now")


# --- queue -------------------------------------------------------------------------------------------


def test_the_queue_offers_an_answer_to_each_item(played: Console) -> None:
    """The forms are the commands with which the console answers."""
    queue = shown(played, view="now")["view.now-queue"]
    for verb in ("rule", "reply", "message", "dismiss", "answer", "ballot"):
        assert f'data-verb="{verb}"' in queue
    output_of(
        played,
        'reply ARD 1 "Their coast guard"',
        "rule 1 refuse no",
        "dismiss 1",
        "answer BRL 1 no",
        "ballot BRL 1 yes",
    )
    assert "Nothing waits for you." in text_of(shown(played, view="now")["view.now-queue"])


def test_a_proposal_of_the_white_cell_is_approved_in_the_queue(
    played: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands at its item, with the button that is the command."""
    item = next(queue(played.session.exercise))
    programs = SimpleNamespace(proposals={item.seq: "refuse: nobody can"}, seats={}, deciding=[])
    monkeypatch.setattr(played.wall, "programs", programs)
    part = shown(played, view="now")["view.now-queue"]
    assert "refuse: nobody can" in text_of(part)
    assert re.search(rf'data-verb="approve"[^>]*>\s*<input type="hidden" name="arg" value="{item.seq}">', part)


def test_effects_of_a_ruling_are_chosen_in_words(tmp_path: Path) -> None:
    """Each has an option that has it as its example, and changes the indicator that it names."""
    there = console(tmp_path / "r")
    html = shown(there, view="white")["view.white-act"]
    chosen = re.findall(r'<option value="([\w\[\], ]+ [+-][\d.]+)"\s*>([^<]+)<', html)
    assert ("tension +0.7", "Tension in the strait rises as with 'fires on ships' (+0.7)") in [
        (value, unescape(words)) for value, words in chosen
    ]
    for value, _ in dict.fromkeys(chosen):
        (said,) = output_of(there, f'action ARD "digs" --goldstein -1 --to BRL --effects "{value}"')
        assert re.search(r"effects: \S+ \d", said), value


def test_the_end_of_a_long_text_in_the_queue_is_shown_on_demand(played: Console) -> None:
    """A short one has nothing to press."""
    assert 'class="more"' not in shown(played, view="now")["view.now-queue"]
    output_of(played, f'order ARD "Send {"a very long list of ships " * 20}"')
    assert shown(played, view="now")["view.now-queue"].count('class="more"') == 1


def test_a_long_queue_shows_its_oldest_items_first(played: Console) -> None:
    """The others are counted, and shown on demand."""
    output_of(played, *(f'message ARD EXCON "Question {number}"' for number in range(30)))
    queue = shown(played, view="now")["view.now-queue"]
    assert "Question 29" not in queue
    assert "20 more: show all" in text_of(queue)
    assert "Question 29" in shown(played, view="now", queue="all")["view.now-queue"]


# --- MSEL --------------------------------------------------------------------------------------------


def test_the_msel_has_both_clocks(played: Console) -> None:
    """What is to come has a time in the room once there is a pace."""
    assert {row.room for row in msel_rows(played) if row.part == "due"} == {""}
    output_of(played, "pace 1d=60s")
    rows = {row.id: row for row in msel_rows(played)}
    assert rows["night_drill"].room.startswith("+")
    assert rows["collision"].part == "released"
    assert re.fullmatch(r"(\d\d \w+ )?\d\d:\d\d", rows["collision"].room)
    assert rows["harvest"].can_unhold


def test_the_list_says_whom_each_inject_reaches(tmp_path: Path) -> None:
    """Everybody, the governments that are named, or the white cell alone if it is for facilitation."""
    rows = {row.id: row for row in msel_rows(console(tmp_path / "k", scenario="korea-2017"))}
    assert rows["quarterly_review"].to == "white cell"
    assert rows["quarterly_review"].to_short == "white cell"
    to_some = next(row for row in rows.values() if row.to not in ("white cell", "all"))
    assert to_some.to_short != to_some.to
    assert "all" in {row.to for row in rows.values()}


def test_an_inject_is_shown_with_its_fields_and_can_be_edited(played: Console) -> None:
    """The detail has the lines of `msel ID`, and forms for fields while it is to come."""
    detail = shown(played, view="msel", inject="night_drill")["view.msel-detail"]
    assert "An unannounced naval exercise" in text_of(detail)
    assert 'data-verb="edit"' in detail
    released = shown(played, view="msel", inject="collision")["view.msel-detail"]
    assert 'data-verb="edit"' not in released
    assert 'data-verb="retract"' in released


def test_the_gantt_chart_follows_the_exercise(played: Console) -> None:
    """A released inject has a mark where it was released; a delay moves the mark of a due one."""
    marks = {row.id: marks for _, rows in gantt(played)["groups"] for row, marks in rows}
    assert [mark.shape for mark in marks["collision"]] == ["done"]
    before = next(mark.x for mark in marks["night_drill"] if mark.shape == "due")
    output_of(played, "delay night_drill 20d")
    after = {row.id: marks for _, rows in gantt(played)["groups"] for row, marks in rows}["night_drill"]
    assert next(mark.x for mark in after if mark.shape == "due") == pytest.approx(before + 100 * 20 / 365, abs=0.05)
    window = gantt(played, "30d")
    assert window["days"] == 30
    assert window["now"] is not None


def test_only_what_is_to_come_on_the_gantt_chart_has_a_time_of_the_room(tmp_path: Path) -> None:
    """STARTEX itself, at which the exercise stands, has none; later ticks are counted from when the clock starts."""
    there = console(tmp_path / "run")
    output_of(there, "pace 1d=1m")
    first, *later = gantt(there)["ticks"]
    assert (first[1], first[3]) == ("D+0", "")
    assert all(room.startswith("+") for *_, room in later)


def test_an_inject_without_a_date_is_open_on_the_gantt_chart_until_it_is_skipped(played: Console) -> None:
    """One that waits for a condition is open from today on; one that is released by hand has no mark."""

    def shapes(name: str) -> list[str]:
        (marks,) = (marks for _, rows in gantt(played)["groups"] for row, marks in rows if row.id == name)
        return [mark.shape for mark in marks]

    assert shapes("broker") == ["open"]
    assert shapes("harvest") == []
    output_of(played, "skip broker")
    assert shapes("broker") == []


def test_the_lines_of_the_gantt_chart_are_the_moves_of_the_exercise_file(tmp_path: Path) -> None:
    """Moves of different lengths end where the file says; the last one ends with the exercise."""
    (tmp_path / "exercise.yaml").write_text(THREE_MOVES, encoding="utf-8")
    there = Console(Session.create(load(str(tmp_path)), 1, Settings(), Destination(out=tmp_path / "run")))
    chart = gantt(there)
    there.session.close()
    assert [line * chart["days"] / 100 for line in chart["moves"]] == pytest.approx([6, 11], abs=0.01)


def test_the_overview_has_the_texts_of_the_move(tmp_path: Path) -> None:
    """What to read aloud, what to watch, what comes next; between two moves the break and the texts of the next one."""
    first, second = "{game: 6d, wall: 20m}", "{game: 5d, wall: 20m}"
    plan = THREE_MOVES.replace("wall: 1h", "wall: 2h")
    plan = plan.replace(first, "{game: 6d, wall: 20m, title: Fog, opening: Talk., notes: Look.}")
    plan = plan.replace(second, "{game: 5d, wall: 20m, title: Wind, opening: Write.}")
    (tmp_path / "exercise.yaml").write_text(f"{plan}breaks: [{{after: 1, wall: 5m, title: Coffee}}]\n")
    run = Session.create(
        load(str(tmp_path / "exercise.yaml")), 1, Settings(seats=ARDA), Destination(out=tmp_path / "run")
    )
    there = Console(run)
    playing = words(there)
    assert "This move" in playing
    assert "Move 1 of 3: Fog Say Talk. Watch Look. Then Coffee, 5m" in playing
    output_of(there, "stop at nothing", "move")
    between = words(there)
    assert "Move 1 has ended. Now: Coffee, 5m. Move 2 of 3: Wind Say Write. Then Move 3, 20m" in between
    output_of(there, "resume")
    assert "has ended" not in words(there)
    output_of(there, "endex")
    assert "Wind" not in words(there, view="now")
    run.close()


def test_the_timer_is_one_of_the_clocks_that_the_stream_keeps(played: Console) -> None:
    """The bar has the time left in the words of the stream, so that it counts down; an hour has its own digits."""
    output_of(played, 'timer 90m "the break"')
    assert played.wall.timer is not None
    for left, clock in ((5400.0, "1:30:00"), (59.2, "1:00"), (-1.0, "0:00")):
        played.wall.timer.left = left
        assert clock_words(played, control=True)["timer"] == clock
        assert f'data-clock="timer">{clock}<' in shown(played)["bar.clock"]


# --- why, and who knew -------------------------------------------------------------------------------


def test_why_is_a_graph_and_the_same_in_words(played: Console) -> None:
    """The boxes of the graph are the steps of the text, in the same order; each leads to its own causes."""
    record = next(each for each in reversed(played.session.records) if each.kind == "signal")
    chain = [step.line.seq for step in why(played, record.seq).steps]
    assert len(chain) >= 2
    graph = shown(played, view="why", seq=str(record.seq))["view.why-graph"]
    assert [
        int(seq) for seq in re.findall(r'class="node (?:asked|cause) \w+" href="\?view=why&amp;seq=(\d+)"', graph)
    ] == chain
    assert f"#{chain[-1]}" in words(played, view="why", seq=str(record.seq))
    assert "no record 99999" in words(played, view="why", seq="99999")


def test_the_graph_has_what_contributed_and_what_followed(tmp_path: Path) -> None:
    """A box for up to two effects, and for up to three further causes of each step, beside it."""
    there = console(tmp_path / "run")
    output_of(there, "stop at nothing", "advance 180d")
    records = {record.seq: record for record in there.session.records}
    effects = Counter(seq for record in records.values() for seq in record.cause if seq < record.seq)
    joined = [seq for seq, record in records.items() if len(record.cause) > 1]
    forked = [seq for seq, count in effects.items() if count > 1]
    assert joined
    for seq in (*joined[-5:], *forked[-5:]):
        graph = shown(there, view="why", seq=str(seq))["view.why-graph"]
        boxes = defaultdict[str, list[int]](list)
        for role, number in re.findall(r'class="node (\w+) \w+" href="\?view=why&amp;seq=(\d+)"', graph):
            boxes[role].append(int(number))
        chain = [*boxes["asked"], *boxes["cause"]]
        assert boxes["side"] == [each for number in chain for each in records[number].cause[1:4]]
        assert all(seq in records[number].cause for number in boxes["effect"])
        assert len(boxes["effect"]) == min(2, effects[seq])


def test_who_knew_follows_the_rules_of_visibility(played: Console) -> None:
    """A seat learns of the action of another by its report, and of a message only if it is a party."""
    events = {event.line.seq: event for event in known_events(played)}
    records = played.session.records
    action = next(r for r in reversed(records) if r.kind == "action" and r.who == "BRL")
    report = next(r for r in records if r.kind == "signal" and r.who == "ARD" and action.seq in r.cause)
    states = {each.seat: each for each in events[action.seq].seats}
    assert states["BRL"].state == "own"
    assert states["ARD"].seq == report.seq
    earlier = {e.line.seq: e for e in known_events(played, until=report.t - 1)}[action.seq]
    assert {each.seat: each.state for each in earlier.seats}["ARD"] == "never"
    message = next(r for r in records if r.kind == "message")
    assert {each.seat: each.state for each in events[message.seq].seats} == {
        "ARD": "own",
        "BRL": "knew",
        "public": "never",
    }


def test_the_index_of_knowledge_is_rebuilt_after_a_rewind(played: Console) -> None:
    """Events of a past that was left are gone."""
    last = known_events(played)[0].line.seq
    output_of(played, "rewind 20d")
    assert last not in {event.line.seq for event in known_events(played)}


# --- branches ----------------------------------------------------------------------------------------


def test_branches_begin_where_they_left_another(played: Console) -> None:
    """The tree has each branch from the time at which it began to the one that it has reached."""
    output_of(played, "rewind 10d", "advance 2d")
    main, second = branch_lines(played.session)
    assert (main["name"], second["name"], second["current"]) == ("main", "branch-2", True)
    assert main["x"] == 0
    assert second["x"] < second["end"] < main["end"]
    view = shown(played, view="branches")
    assert 'data-verb="switch"' in view["view.branches-tree"]
    assert 'data-verb="undo"' not in shown(played, DEPUTY, view="branches")["view.branches-rewind"]
    assert f" to {played.session.instant(played.session.exercise.now)}" in view["view.branches-rewind"]


# --- look-ahead --------------------------------------------------------------------------------------


def test_undo_says_what_it_takes_back_and_asks_twice_for_commands_of_others(played: Console) -> None:
    """The command, and the name of its author. One click is enough for a command of the facilitator."""
    output_of(played, "hold coup")
    ann = Presence("p7", "Ann", SEAT, "ARD", "here")
    fay = Presence("p8", "Fay", FACILITATOR, "", "here")

    def undo_part() -> str:
        viewer = Viewer(played, FACILITATOR, 0, people=(ann, fay), query={"view": "branches"})
        return unescape(control.parts(viewer)["view.branches-rewind"])

    assert "The last command: hold of 'A general becomes premier of Brel'" in text_of(undo_part())
    assert "<details" not in undo_part()
    with played.session.given(ann.id):
        output_of(played, 'message ARD BRL "We do not want this."')
    html = undo_part()
    assert "Undo: message of Arda to Brel: 'We do not want this.', by Ann" in text_of(html)
    n = played.session.head
    assert re.search(rf'<details.*data-verb="undo".*value="{n}".*</details>', html, re.DOTALL)
    assert "message of Arda to Brel: 'We do not want this.' by Ann" in text_of(html)
    with played.session.given(fay.id):
        output_of(played, "unhold coup")
    assert "by Fay" in undo_part()
    assert "<details" not in undo_part()


def test_charts_have_their_estimates_and_intervals() -> None:
    """A forecast on a scale from 0 to 100 %; differences around the middle; what is unclear is named below."""
    war = LookaheadRow("War", "share", 0.5, 0.3, 0.7)
    ((chart, rest),) = charts("forecast", [war, LookaheadRow("Calm", "share", 0.0, 0.0, 0.16)])
    assert [(line.cells[0], line.span) for line in chart.lines] == [("War", Span(0.3, 0.5, 0.7))]
    assert "Calm" in rest
    clear = LookaheadRow("Tension", "level", -0.4, -0.5, -0.3, 1.0, 0.6)
    ((levels, rest),) = charts("whatif", [clear, LookaheadRow("Growth", "level", 0.0, -0.1, 0.1, clear=False)])
    (line,) = levels.lines
    assert line.span is not None
    assert (line.span.low, levels.reference, line.span.value) == pytest.approx((0.0, 0.5, 0.1))
    assert line.span.high < 0.5
    assert rest == "No clear difference: Growth."
    assert charts("forecast", []) == []


def test_answers_and_running_questions_are_listed(played: Console) -> None:
    """The latest one is first; a running one can be stopped."""
    row = LookaheadRow("War", "share", 0.5, 0.3, 0.7)
    answers = [
        LookaheadAnswer(1, "forecast", (), "90d", "now", 200, 200, lines=(" 50 %",), rows=(row,)),
        LookaheadAnswer(2, "whatif", ("skip", "harvest"), "30d", "now", 0, 100),
        LookaheadAnswer(3, "whatif", ("order", "ARD", "talk", "BRL"), "30d", "now", 100, 100),
    ]
    html = control.parts(Viewer(played, FACILITATOR, 0, query={"view": "ahead"}, answers=answers))["view.ahead-answers"]
    assert html.index("skip harvest") < html.index("Forecast")
    assert "What if Arda orders: offers talks (Brel), over 30d" in html
    assert 'data-stop="2"' in html
    assert 'data-stop="1"' not in html


# --- evaluators and hot wash -------------------------------------------------------------------------


def of_evaluator(there: Console, **query: str) -> str:
    """All words of an evaluator who observes Arda."""
    mine = Console(there.session, there.wall, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD",)))
    return " ".join(map(text_of, evaluator.parts(Viewer(mine, EVALUATOR, 0, query=query)).values()))


def test_an_evaluator_sees_the_seats_observed_alone(played: Console) -> None:
    """Whatever the address names: not what the other side does in private, nor the notes of others."""
    output_of(played, 'inject intel "Only for Brel" --to BRL --now', 'message BRL EXCON "A secret of Brel"')
    secret = [str(r.seq) for r in played.session.records if "secret of Brel" in str(r.data)]
    assert secret
    mine = Console(played.session, played.wall, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD",)))
    output_of(mine, f'note "pinned" --about {secret[0]}')
    for view in ("watch", "judge", "seatview", "hotwash", "screen", "msel", "why", "knew", "now"):
        for seat in ("ARD", "BRL"):
            shown_words = of_evaluator(played, view=view, seat=seat, seq=secret[0], about=secret[0])
            assert "secret of Brel" not in shown_words
            assert "Only for Brel" not in shown_words
            assert "law of the sea" not in shown_words
    assert "pinned" in of_evaluator(played, view="watch")
    assert "about #" in of_evaluator(played, view="watch")


def test_an_evaluator_reads_between_whom_a_private_message_was(played: Console) -> None:
    """Seen by all seats observed, it is still not for all; a public statement is."""
    output_of(played, 'message ARD public "We want calm."')
    both = Console(played.session, played.wall, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD", "BRL")))
    feed = evaluator.parts(Viewer(both, EVALUATOR, 0, query={"view": "watch"}))["view.watch-feed"]
    lines = [text_of(line) for line in feed.split("<li ")]

    (private,) = (line for line in lines if "want this to grow" in line)
    (offer,) = (line for line in lines if "Fish for calm" in line)
    (public,) = (line for line in lines if "We want calm." in line)
    assert "Arda to Brel Message" in private
    assert "Arda to Brel Offer" in offer
    assert " all Public statement" in public


def test_an_evaluator_judges_and_rates_under_the_own_name(played: Console) -> None:
    """Expected actions have the form of a judgement, objectives that of a rating."""
    mine = Console(played.session, played.wall, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD",)))
    parts = evaluator.parts(Viewer(mine, EVALUATOR, 0, query={"view": "judge"}))
    assert 'data-verb="judge"' in parts["view.judge-expected"]
    assert 'data-verb="rate"' in parts["view.judge-objectives"]
    output_of(mine, "rate signals S late", 'judge 1 met --why "called at once"')
    again = of_evaluator(played, view="judge")
    assert "S by E. Valuator: late" in again
    assert "Judged by E. Valuator: called at once" in again


def test_a_list_of_commands_says_what_an_advance_has_reached(played: Console) -> None:
    """Not the time up to which it would have gone: the next event is before."""
    output_of(played, "stop at nothing", "next")
    listed = text_of(shown(played, view="branches")["view.branches-rewind"]).partition("Commands on this branch")[2]
    found = re.findall(r"the advance from \S+ \S+ \(\S+\) to (\S+ \S+ \(\S+\))", listed)
    assert found[0] == played.session.instant(played.exercise.now)


def test_a_line_says_of_which_expected_action_it_is_a_candidate(played: Console) -> None:
    """Once, beside what was done; an evaluator of another seat does not read it."""
    output_of(played, 'message ARD BRL "The collision: do you need tugs?"')
    told = "The collision: do you need tugs? · candidate for expected action 1"
    for text in (text_of(shown(played, view="now")["view.now-news"]), of_evaluator(played, view="watch")):
        assert told in " ".join(text_of(text).split())
        assert "for the evaluator to judge" not in text
    other = Console(played.session, played.wall, role=EVALUATOR, evaluator=Evaluator("O. Ther", ("BRL",)))
    seen = evaluator.parts(Viewer(other, EVALUATOR, 0, query={"view": "watch"}))["view.watch-feed"]
    assert "do you need tugs?" in seen
    assert "candidate" not in seen


def test_evaluation_and_navigation_count_the_same_to_judge(played: Console) -> None:
    """An expected action that is open and has a candidate can still be done by rule: nothing is to judge yet."""
    output_of(played, 'message ARD BRL "The collision: do you need tugs?"')
    parts = shown(played, view="notes")
    assert "expected, with candidates" in text_of(parts["view.notes-expected"])
    assert "0 to judge" in text_of(parts["view.notes-expected"])
    assert "to judge" not in text_of(parts["nav.views"])


def test_a_judgement_is_shown_with_the_status_by_rule(played: Console) -> None:
    """What only an evaluator can judge still says so after the judgement, and not before."""
    output_of(played, "endex")
    assert "by rule" not in of_evaluator(played, view="judge")
    mine = Console(played.session, played.wall, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD",)))
    output_of(mine, "judge 1 met")
    assert "(by rule: undecided)" in of_evaluator(played, view="judge")


def test_nothing_is_revealed_before_the_facilitator_reveals_it(played: Console) -> None:
    """Then everyone has the hot wash, with what each side was sent by day."""
    output_of(played, "endex")
    seat = Viewer(Console(played.session, played.wall, role=SEAT, seat="ARD"), SEAT, 0)
    assert shared_parts(seat, "hotwash") == {}
    parts = shared_parts(replace(seat, revealed=True), "hotwash")
    assert "Report:" in text_of(parts["hotwash.hotwash-sides"])
    rows = side_rows(seat, ["ARD", "BRL"])
    assert rows[0][0] == "2030-01-01"
    assert all(len(cells) == 2 for _, _, cells in rows)
    assert any("STARTEX" in text for _, text in rows[0][1])
    assert not any(line in cell for _, shared, cells in rows for line in shared for cell in cells)
