"""Replies on pages: titles and buttons; typed lines and programs read what one types."""

from __future__ import annotations

from pathlib import Path

from support.web import run, serving


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
            refused = (await kim.command("advance", "1d")).json()["error"]
            assert refused["message"] == "NO PLAY: the exercise is stopped for the real world"
            assert refused["hints"] == [{"label": "Play on", "verb": "playon", "args": [], "view": ""}]
            typed_again = (await kim.command("", line="advance 1d")).json()["error"]
            assert typed_again == {"message": "NO PLAY: the exercise is stopped for the real world (playon resumes it)"}

    run(steps())


def test_answers_to_buttons_have_titles_in_place_of_ids(tmp_path: Path) -> None:
    """A typed line has the id, with which one types on."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            kim = await there.joined("facilitator", "Kim")
            assert await kim.lines("skip", "harvest") == ["A poor harvest: skipped"]
            assert "A poor harvest is skipped" in (await kim.command("hold", "harvest")).text
            assert (await kim.lines("", line="hold collision"))[0].startswith("collision: ")
            added = (await kim.command("inject", "news", "Fog", "--id", "fog")).json()
            assert added["lines"] == ["Added to the MSEL: Fog"]
            assert [(each["verb"], each["args"]) for each in added["hints"]] == [("release", ["fog"])]

    run(steps())


def test_a_facilitator_in_a_browser_admits_people_from_the_notice(tmp_path: Path) -> None:
    """The notice has the command as data; a deputy has the same button."""

    async def steps() -> None:
        async with serving(tmp_path / "run", lobby=True, seats=(("ARD", "human"),)) as there:
            kim = await there.joined("facilitator", "Kim")
            async with kim.stream() as stream:
                await there.client().join(there.code("ARD"), "Sam")
                async for line in stream.aiter_lines():
                    if "has joined" in line:
                        break
            assert '{"label":"Admit","verb":"admit","args":["2"],"view":""}' in line
            assert 'in the lobby"' in line

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
