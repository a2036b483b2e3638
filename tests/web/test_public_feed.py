"""The public feed: what governments, media and played people post, for all seats and the public screen."""

from __future__ import annotations

import re
from pathlib import Path

from support.web import Client, run, serving


async def parts(person: Client, query: str = "") -> dict[str, str]:
    """The parts of a person's page."""
    answer = await person.post("/parts", {"have": {}, "query": query})
    return dict(answer.json()["parts"])


def public(inbox: str) -> str:
    """What the inbox shows under *Public*."""
    return "".join(
        each for each in re.findall(r"<li .*?</li>", inbox, re.DOTALL) if re.match(r"[^>]*item \w+ public", each)
    )


def test_a_post_of_a_government_a_persona_and_an_inject_is_in_the_feed_of_everyone(tmp_path: Path) -> None:
    """All seats, the public screen and the white cell have the same posts, and no message to one government."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human"))) as there:
            arda, brel = await there.joined("ARD", "Ann"), await there.joined("BRL", "Ben")
            screen, control = await there.joined("screen", "Wall"), await there.joined("facilitator", "Fay")
            await arda.lines("message", "public", "Arda calls for calm.")
            await arda.lines("message", "BRL", "Between us alone.")
            await control.lines("tell", "public", "Shots are heard.", "--as", "Harbour Watch")
            await control.lines("inject", "post", "The port is shut.", "--sender", "@port", "--now")
            pages = [public((await parts(each))["inbox.recent"]) for each in (arda, brel)]
            pages += [(await parts(screen))["screen.news"], (await parts(control, "view=white"))["view.white-world"]]
            for page in pages:
                assert [text in page for text in ("calls for calm", "Shots are heard", "The port is shut")] == [
                    True
                ] * 3
                assert "Between us" not in page

    run(steps())


def test_a_seat_posts_from_its_inbox_while_the_exercise_goes_on(tmp_path: Path) -> None:
    """The form sends a message to the public in the name of the government; after ENDEX there is none."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"),)) as there:
            arda = await there.joined("ARD", "Ann")
            before = (await parts(arda))["inbox.recent"]
            assert re.search(r'data-verb="message".*?value="public".*?Post as Arda', before, re.DOTALL)
            there.shared.run(there.shared.main, "endex")
            assert "Post as" not in (await parts(arda))["inbox.recent"]

    run(steps())
