"""The role sheet of a seat: who it is, what it wants, what it has to do, and nothing that it may not know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.engine import changed, loaded
from wargame.journal.records import Stamps
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Demand, Role, Stage, Strategy
from wargame.scenario.model.governments import Motives
from wargame.seat.role import RoleSheet, role_lines, role_sections, role_sheet
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

BUILT_IN = ("two-rivals", "korea-2017", "cuba-1962")


def at_startex(base: Loaded, **settings: object) -> Exercise:
    """An exercise at STARTEX, before its first event."""
    exercise = Exercise(base, 1, Settings(**settings))  # type: ignore[arg-type]
    exercise.advance(exercise.calendar.startex)
    return exercise


def sheet_of(exercise: Exercise, seat: str) -> RoleSheet:
    """The role sheet of a seat now."""
    return role_sheet(exercise, seat, Stamps(exercise.calendar.iso).records(exercise.records()))


def text_of(base: Loaded, seat: str) -> str:
    """The role sheet of a seat at STARTEX, as text."""
    exercise = at_startex(base)
    return "\n".join(role_lines(sheet_of(exercise, seat), exercise.calendar.at))


def without_roles(name: str = "two-rivals") -> Loaded:
    """A built-in scenario without the texts of its author."""
    return changed(loaded(name), roles={})


@pytest.mark.parametrize("scenario", BUILT_IN)
def test_every_government_has_a_whole_sheet(scenario: str) -> None:
    """Also without any text of the author, each of the sections that players need has content."""
    for base in (loaded(scenario), without_roles(scenario)):
        exercise = at_startex(base)
        for seat in exercise.governments:
            sections = role_sections(sheet_of(exercise, seat), exercise.calendar.at)
            titles = [section.title for section in sections]
            needed = ["Who you are", "What you fear", "Your tasks", "Objectives of the exercise"]
            assert set(needed) <= set(titles), (seat, titles)
            assert {"What you want", "What you decide", "Whom you can talk to"} <= set(titles), (seat, titles)
            assert not any(text != text.strip() or not text for each in sections for text in each.items)


def test_who_you_are_names_government_office_and_dates() -> None:
    """By name, with STARTEX and ENDEX."""
    first = role_sections(sheet_of(at_startex(loaded()), "BRL"), at_startex(loaded()).calendar.at)[0]
    assert first.paragraphs[0].startswith("You are the leadership of Brel. In office: the premier.")
    assert "from 1 January 2030, 00:00 (STARTEX) to 1 January 2031, 00:00 (ENDEX)" in first.paragraphs[1]


def test_without_texts_wants_and_fears_follow_from_the_interests_of_the_leader() -> None:
    """By the titles of indicators, the strongest first."""
    text = text_of(without_roles(), "BRL")
    assert "- Above all you want a rise of: Control of the strait (Brel)." in text
    assert "- You also want a rise of: Growth (Brel)." in text
    assert "- You fear a rise of: Tension in the strait." in text


def test_the_texts_of_the_author_replace_what_is_derived() -> None:
    """Situation, tasks, and the wants and fears of the leader in office."""
    role = Role(
        situation="Boats are\n  out.",
        tasks=("Keep the fishermen calm.",),
        leaders={"brel_premier": Motives(wants=("You want the strait.",), fears=("You fear the general.",))},
    )
    text = text_of(changed(loaded(), roles={"BRL": role}), "BRL")
    assert "The situation:\n  Boats are out." in text
    assert "Your tasks:\n  - Keep the fishermen calm.\n" in text
    assert "What you want:\n  - You want the strait.\n" in text
    assert "What you fear:\n  - You fear the general.\n" in text
    assert "Above all" not in text


def test_the_sheet_follows_the_leader_in_office() -> None:
    """A leader for whom the author wrote nothing has the wants and fears of the interests."""
    roles = {"BRL": Role(leaders={"brel_premier": Motives(wants=("You want the strait.",))})}
    exercise = at_startex(changed(loaded(), roles=roles))
    assert sheet_of(exercise, "BRL").wants == ("You want the strait.",)
    exercise.governments["BRL"].install("brel_general")
    sheet = sheet_of(exercise, "BRL")
    assert (sheet.leader, sheet.wants) == ("the general", ())
    assert sheet.interests[0].title == "Control of the strait (Brel)"


def test_the_sheet_follows_the_interests_of_the_stage() -> None:
    """Those of the stage in force, and then not the sentences written for the leader; an interest of 0 is none."""
    base = loaded()
    leader = base.scenario.leaders["brel_premier"]
    interests = {**leader.interests, "growth[ARD]": 0.0}
    roles = {"BRL": Role(leaders={"brel_premier": Motives(wants=("You want the strait.",))})}
    sheets = []
    for changes in ({}, {"growth[ARD]": -9.0}):
        own = Strategy(title="Own", stages=(Stage(name="one", interests=changes),))
        leaders = {**base.scenario.leaders, "brel_premier": replace(leader, strategy="own", interests=interests)}
        exercise = at_startex(changed(base, roles=roles, leaders=leaders, strategies={"own": own}))
        sheets.append(sheet_of(exercise, "BRL"))
    before, after = sheets
    assert (before.wants, after.wants) == (("You want the strait.",), ())
    assert "Growth (Arda)" not in {each.title for each in before.interests}
    assert (after.interests[0].title, after.interests[0].weight) == ("Growth (Arda)", -9.0)


def test_a_situation_written_for_another_startex_is_left_out() -> None:
    """It would describe a moment that is not the beginning of this exercise."""
    base = changed(loaded("korea-2017"), roles={"KOR": Role(situation="A new president is in office.")})
    assert sheet_of(at_startex(base), "KOR").situation
    assert sheet_of(at_startex(base, startex="2016-06-01"), "KOR").situation == ""


def test_reports_before_startex_are_those_of_the_seat() -> None:
    """With dates, at most a handful, the oldest first."""
    reports = sheet_of(at_startex(loaded("korea-2017")), "KOR").reports
    assert 3 < len(reports) <= 6
    assert any(report.startswith("21 May 2017: North Korea launches medium-range missiles") for report in reports)


def test_policy_and_its_demands_are_those_of_the_own_government() -> None:
    """In sentences."""
    text = text_of(loaded("korea-2017"), "USA")
    assert "follows this policy: Pressure through China, with trade as incentive and threat. You may depart" in text
    assert "It demands that China halts coal imports" in text


def test_an_agreement_is_on_the_sheets_of_its_parties_alone() -> None:
    """With its state and what it rules out."""
    title = "Freeze of tests and launches in return for relief and assurance"
    parties = loaded("korea-2017").scenario.agreements["freeze"].parties
    exercise = at_startex(loaded("korea-2017"))
    listed = {name: [each.title for each in sheet_of(exercise, name).terms] for name in exercise.governments}
    assert {name for name, titles in listed.items() if title in titles} == set(parties) != set(listed)
    assert f"{title}, with South Korea and the United States: it is not offered. It rules out that North Korea" in (
        text_of(loaded("korea-2017"), "PRK")
    )


def test_terms_of_an_agreement_name_no_covert_option_of_others() -> None:
    """Moscow knows that it can accelerate the work in secret; Washington does not."""
    covert = "accelerates work on the missile sites"
    assert loaded("cuba-1962").scenario.options["speed_up_work"].visibility == "covert"
    assert covert in text_of(loaded("cuba-1962"), "SUN")
    text = text_of(loaded("cuba-1962"), "USA")
    assert "orders its ships to hold course through the quarantine line" in text
    assert covert not in text


def test_contacts_have_names_leaders_allies_and_trust() -> None:
    """A pact is on the sheets of its two parties alone."""
    text = text_of(loaded("cuba-1962"), "SUN")
    assert "- Cuba (CUB), the Prime Minister in Havana: a treaty ally; you trust it" in text
    assert "- Turkey (TUR), the Prime Minister in Ankara: you distrust it" in text


def test_the_deadline_of_decisions_is_on_the_sheet() -> None:
    """Whether there is one, and what follows when it passes."""
    exercise = at_startex(loaded())
    exercise.apply(Command(kind="deadline", data={"game": "2d", "default": "model"}))
    lines = role_lines(sheet_of(exercise, "ARD"), exercise.calendar.at)
    assert any("You have 2 days of game time; after that your staff decides." in line for line in lines)


def secretive(secret: str) -> Loaded:
    """Korea with a word in everything of Beijing and Pyongyang that Seoul may not know."""
    base = loaded("korea-2017")
    scenario = base.scenario
    others = {name for name in scenario.governments if name != "KOR"}
    strategy = Strategy(
        title=f"{secret} strategy",
        stages=(Stage(name=secret, demands=(Demand(of="KOR", wants=("pause_thaad",)),)),),
    )
    return changed(
        base,
        summary=secret,
        strategies={**scenario.strategies, secret: strategy},
        leaders={
            name: replace(each, strategy=secret, interests={"tension": 9.0}, source=secret)
            if each.government in others
            else each
            for name, each in scenario.leaders.items()
        },
        roles={
            **scenario.roles,
            **{name: Role(situation=secret, tasks=(secret,), source=secret) for name in others},
        },
        options={
            name: replace(each, title=secret, source=secret)
            if "KOR" not in each.by and each.visibility == "covert"
            else each
            for name, each in scenario.options.items()
        },
        agreements={
            name: replace(each, title=secret) if "KOR" not in each.parties else each
            for name, each in scenario.agreements.items()
        },
        pacts=tuple(pact for pact in scenario.pacts if "KOR" in pact),
        injects=tuple(replace(each, title=secret, message=secret, notes=secret) for each in base.injects),
    )


@pytest.mark.slow
def test_nothing_of_other_governments_is_on_the_sheet() -> None:
    """Their policies, motives, tasks, secret agreements and pacts change nothing on it."""
    base = changed(loaded("korea-2017"))
    text = text_of(secretive("Xyzzy"), "KOR")
    assert len(text) > 2000
    assert text == text_of(base, "KOR")
    assert "Xyzzy" in text_of(secretive("Xyzzy"), "CHN")


def test_control_characters_of_an_author_do_not_reach_a_terminal() -> None:
    """In texts, titles and names."""
    base = loaded()
    option = replace(base.scenario.options["talk"], title="talks\x1b[2J")
    role = Role(situation="Boats\x1b[2J are out.", tasks=("Stay\x07 calm.",))
    text = text_of(changed(base, roles={"BRL": role}, options={**base.scenario.options, "talk": option}), "BRL")
    assert "Boats" in text
    assert not [letter for letter in text if not letter.isprintable() and letter != "\n"]
