"""Attachments reach those who have been sent them, and people answer questionnaires on their pages."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from support.live import output_of
from support.media_exercise import CALL, MAP, SPARE, exercise
from support.web import API, Served, run, serving
from wargame.errors import UsageFault
from wargame.journal.questionnaires import questionnaire_results
from wargame.live.console.console import Console
from wargame.live.console.participants import Evaluator
from wargame.live.console.roles import EVALUATOR, SEAT
from wargame.web.screens import evaluator
from wargame.web.viewer import Viewer


def address(data: bytes) -> str:
    """The address of an attachment."""
    return f"{API}/attachments/{sha256(data).hexdigest()}"


def release(there: Served, inject: str) -> None:
    """Releases an inject."""
    there.shared.run(there.shared.main, f"release {inject}")


def test_a_message_is_read_once_a_person_has_opened_it(tmp_path: Path) -> None:
    """Not when a page receives it or is loaded again; after a rewind, what comes again has not been read."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human"))) as there:

            def receipt() -> str:
                return "\n".join(there.shared.run(there.shared.main, "msel"))

            ann = await there.joined("ARD", "Ann")
            there.shared.run(there.shared.main, "advance 1d")
            there.shared.run(there.shared.main, 'inject news "Riots" --id riots --now')
            there.shared.run(there.shared.main, 'inject news "Strikes" --id strikes --now')
            for _ in range(2):
                assert (await ann.http.get("/")).status_code == 200
                assert (await ann.post("/parts", {"have": {}})).status_code == 200
            assert receipt().count("delivered 1, read 0, acknowledged 0 of 2") == 2
            assert (await ann.post("/opened", {"numbers": [1, 99]})).status_code == 200
            assert receipt().count("delivered 1, read 1, acknowledged 0 of 2") == 1
            assert "read: ARD" in there.shared.run(there.shared.main, "msel riots")
            there.shared.run(there.shared.main, "rewind 1d")
            there.shared.run(there.shared.main, 'inject news "Riots" --id riots --now')
            assert "read: none yet" in there.shared.run(there.shared.main, "msel riots")

    run(steps())


def test_the_card_of_a_vote_names_its_caller(tmp_path: Path) -> None:
    """With the question below."""

    async def steps() -> None:
        async with serving(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human"))) as there:
            ann = await there.joined("ARD", "Ann")
            there.shared.run(there.shared.main, 'vote BRL ARD,BRL "Shall we meet?"')
            page = (await ann.http.get("/")).text
            card = page.partition('data-id="vote-1"')[2].partition("</li>")[0]
            assert "<h3>Vote called by Brel</h3>" in card
            assert "Shall we meet?" in card

    run(steps())


def test_a_file_is_served_to_those_who_have_been_sent_it(tmp_path: Path) -> None:
    """To no other seat, nor before it is sent; the facilitator sees every file."""

    async def steps() -> None:
        async with serving(exercise(tmp_path)) as there:
            ard, brl = await there.joined("ARD", "Ann"), await there.joined("BRL", "Bob")
            control = await there.joined("facilitator", "Eve")
            assert (await ard.http.get(address(MAP))).status_code == 404
            release(there, "letter")

            answer = await ard.http.get(address(MAP))
            assert (answer.status_code, answer.content) == (200, MAP)
            assert answer.headers["content-type"] == "image/png"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert (
                await ard.http.get(address(MAP), headers={"If-None-Match": answer.headers["etag"]})
            ).status_code == 304
            for file in (MAP, SPARE):
                assert (await brl.http.get(address(file))).status_code == 404
                assert (await there.client().http.get(address(file))).status_code == 401
            assert (await ard.http.get(address(SPARE))).status_code == 404
            assert (await control.http.get(address(SPARE))).content == SPARE

    run(steps())


def test_players_of_recordings_may_ask_for_parts(tmp_path: Path) -> None:
    """By `Range`, as some browsers need it."""

    async def steps() -> None:
        async with serving(exercise(tmp_path)) as there:
            ard = await there.joined("ARD", "Ann")
            release(there, "letter")
            for asked, first, last in (("0-9", 0, 9), ("-4", len(CALL) - 4, len(CALL) - 1), ("5-", 5, len(CALL) - 1)):
                part = await ard.http.get(address(CALL), headers={"Range": f"bytes={asked}"})
                assert (part.status_code, part.content) == (206, CALL[first : last + 1])
                assert part.headers["content-range"] == f"bytes {first}-{last}/{len(CALL)}"
                assert part.headers["accept-ranges"] == "bytes"
                assert part.headers["content-disposition"] == "inline; filename*=UTF-8''call.wav"
            beyond = await ard.http.get(address(CALL), headers={"Range": f"bytes={len(CALL)}-"})
            assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CALL)}")
            assert (await ard.http.get(address(CALL), headers={"Range": "lines=1"})).status_code == 200

    run(steps())


def test_the_page_shows_the_message_in_its_template_and_the_questions(tmp_path: Path) -> None:
    """All text is escaped; a seat that has not received it sees nothing of it."""

    async def steps() -> None:
        async with serving(exercise(tmp_path)) as there:
            ard, brl = await there.joined("ARD", "Ann"), await there.joined("BRL", "Bob")
            release(there, "letter")

            page = (await ard.http.get("/")).text
            assert '<article class="msg msg-email" aria-label="E-mail with 1 picture and 1 recording: ' in page
            assert "<strong>See</strong> the &lt;i&gt;map&lt;/i&gt;." in page
            assert "<b>A letter" not in page
            assert "Working title" not in page
            assert f'src="{address(MAP)}"' in page
            assert "How sure?" in page
            assert "/static/message.css" in page
            assert (await ard.http.get("/static/message.css")).headers["content-type"].startswith("text/css")
            other = (await brl.http.get("/")).text
            assert "msg-email" not in other
            assert "How sure?" not in other

    run(steps())


def test_people_answer_on_their_page(tmp_path: Path) -> None:
    """By number, also choices with a comma; where each person answers, the log has the id of the person."""

    async def steps() -> None:
        async with serving(exercise(tmp_path)) as there:
            ann, sam = await there.joined("ARD", "Ann"), await there.joined("ARD", "Sam")
            release(there, "letter")
            release(there, "person")
            assert (await ann.command("respond", "1.1", "4")).status_code == 200
            assert (await ann.command("respond", "1.2", "2,1")).status_code == 200
            assert (await ann.command("respond", "2.1", "1")).status_code == 200
            assert (await sam.command("respond", "2.1", "2")).status_code == 200
            wrong = await ann.command("respond", "1.1", "9")
            assert (wrong.status_code, wrong.json()["error"]["message"]) == (
                422,
                "'sure' is answered with a whole number from 1 to 5",
            )
            letter, person = questionnaire_results(there.session.records)
            assert [question.counts for question in letter.questions][1] == {"talk": 1, "wait, and see": 1}
            assert [answer.person for answer in person.questions[0].answers] == [ann.id, sam.id]
            assert "Ann" not in there.session.folder.journal.read_text("utf-8")

    run(steps())


def test_nobody_answers_in_the_name_of_another(tmp_path: Path) -> None:
    """Neither from a browser, nor from a terminal of the seat for somebody in a browser; EXCON may."""

    async def steps() -> None:
        async with serving(exercise(tmp_path)) as there:
            ann, sam = await there.joined("ARD", "Ann"), await there.joined("ARD", "Sam")
            release(there, "person")
            assert (await sam.command("respond", "1.1", "no")).status_code == 200
            for name in (sam.id, sam.id.upper(), "Sam"):
                refused = await ann.command("respond", "1.1", "yes", "--name", name)
                assert refused.status_code == 422, refused.text
                assert "People in browsers answer only for themselves" in refused.text
            terminal = Console(there.session, role=SEAT, seat="ARD")
            with pytest.raises(UsageFault, match="answer only for themselves"):
                output_of(terminal, f"respond 1.1 yes --name {sam.id}")
            output_of(terminal, "respond 1.1 yes --name Kim")
            assert (await ann.command("respond", "1.1", "yes", "--name", ann.id)).status_code == 200
            (person,) = questionnaire_results(there.session.records)
            given = [(answer.person, answer.value) for answer in person.questions[0].answers]
            assert given == [(sam.id, "no"), ("Kim", "yes"), (ann.id, "yes")]
            there.shared.run(there.shared.main, f"respond ARD 1.1 yes --name {sam.id}")
            (person,) = questionnaire_results(there.session.records)
            assert person.questions[0].answers[0].value == "yes"

    run(steps())


def test_results_come_in_on_the_screens_of_those_who_evaluate(tmp_path: Path) -> None:
    """The facilitator sees all answers, the public screen what is published."""

    async def steps() -> None:
        async with serving(exercise(tmp_path)) as there:
            ann, bob = await there.joined("ARD", "Ann"), await there.joined("BRL", "Bob")
            control, screen = await there.joined("facilitator", "Eve"), await there.joined("screen", "Wall")
            release(there, "letter")
            release(there, "person")
            await ann.command("respond", "1.1", "4")
            await bob.command("respond", "1", "no")
            page = (await control.http.get("/")).text
            assert "<b>Arda</b>: 4" in page
            assert f"<b>Brel ({bob.id})</b>: no" in page
            assert "Agreed?" not in (await screen.http.get("/")).text
            assert (await control.command("publish", "person")).status_code == 200
            assert "Agreed? (1 answer; no: 1)" in (await screen.http.get("/")).text

    run(steps())


def test_results_that_everyone_has_seen_are_not_offered_again(tmp_path: Path) -> None:
    """The button returns with the next answer."""

    async def steps() -> None:
        async with serving(exercise(tmp_path)) as there:
            ann, bob = await there.joined("ARD", "Ann"), await there.joined("BRL", "Bob")
            control = await there.joined("facilitator", "Eve")
            release(there, "person")
            offered = []
            for who, command in (
                (bob, ("respond", "1", "no")),
                (control, ("publish", "person")),
                (ann, ("respond", "1", "yes")),
            ):
                assert (await who.command(*command)).status_code == 200
                offered.append("Show the results to everyone" in (await control.http.get("/")).text)
            assert offered == [True, False, True]

    run(steps())


def test_a_line_of_an_evaluator_names_a_picture_without_describing_it(tmp_path: Path) -> None:
    """The description is for people who do not see the picture, where it is shown."""
    session = exercise(tmp_path)
    output_of(Console(session), "release letter")
    mine = Console(session, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD",)))
    watched = evaluator.parts(Viewer(mine, EVALUATOR, 0, query={"view": "watch"}))["view.watch-feed"]
    assert "1 picture (" in watched
    assert "The strait" in watched
    assert "two islands" not in watched
