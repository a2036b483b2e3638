"""Answers to buttons name buttons; answers to typed lines, and to programs, name commands."""

from __future__ import annotations

from pathlib import Path

from support.web import run, serving
from wargame.web.button_words import for_buttons


def test_a_button_is_answered_with_buttons_and_a_line_with_commands(tmp_path: Path) -> None:
    """After *Start* without a pace, the answer says how to go on."""

    async def steps() -> None:
        async with serving(tmp_path / "run") as there:
            kim = await there.joined("facilitator", "Kim")
            assert await kim.lines("resume") == [
                "PAUSEX ends. No pace is set: go on with Next event or End of move, or set a pace under Advance, pace."
            ]
            typed = (await kim.lines("", line="resume"))[0]
            assert "next, advance and move" in typed
            program = await there.joined("deputy", "Bot", program=True)
            assert await program.lines("resume") == [typed]
            await kim.lines("noplay", "fire alarm")
            assert "(Play on resumes it)" in (await kim.command("advance", "1d")).text

    run(steps())


def test_answers_to_buttons_have_titles_in_place_of_ids(tmp_path: Path) -> None:
    """A typed line has the id, with which one types on. Without titles, as for seats, nothing is replaced."""
    assert for_buttons(["harvest: skipped"]) == ["harvest: skipped"]
    assert for_buttons(["Added to the MSEL: a, b (x)"], {"a": "Fog", "b": "Snow"}) == [
        "Added to the MSEL: Fog, Snow (x)"
    ]

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            kim = await there.joined("facilitator", "Kim")
            assert await kim.lines("skip", "harvest") == ["A poor harvest: skipped"]
            assert "A poor harvest is skipped" in (await kim.command("hold", "harvest")).text
            assert (await kim.lines("", line="hold collision"))[0].startswith("collision: ")

    run(steps())


def test_a_facilitator_in_a_browser_reads_where_to_admit_people(tmp_path: Path) -> None:
    """The notice names the view."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, seats=(("ARD", "human"),)) as there:
            kim = await there.joined("facilitator", "Kim")
            async with kim.stream() as stream:
                await there.client().join(there.code("ARD"), "Sam")
                async for line in stream.aiter_lines():
                    if "has joined" in line:
                        break
            assert "(People admits them)" in line

    run(steps())


def test_what_is_due_after_a_rewind_is_in_the_overview(tmp_path: Path) -> None:
    """A button is not answered with the words for `pass`."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            kim = await there.joined("facilitator", "Kim")
            await kim.lines("advance", "20d")
            assert (await kim.lines("rewind", "12d"))[-1].endswith(
                "the earlier branch is kept. The overview lists what is due."
            )
            assert "Due: ARD" in (await kim.lines("", line="rewind 1d"))[-1]

    run(steps())
