"""Whoever decides sees what a press would do, what was said and shown, and all that happened."""

import re
from dataclasses import fields
from typing import cast

import pytest

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.readings import who_read
from bot.application.views.request_history import CODES, key_of
from bot.application.wire_names import EVENTS
from bot.domain.addresses import SYSTEM, Language, RequestId
from bot.domain.requests.events import RequestEvent
from bot.domain.requests.record import Attempt
from bot.domain.requests.states import ProofCode, RequestState
from bot.wording import texts
from tests.edges.slack.request_cards import as_it_stands, clicks, person, posted, reviewed
from tests.support.builders.desk import say_in
from tests.support.builders.requests import appeal
from tests.support.drivers.office import PRIVACY, Office

APPROVE = "Approve"


async def test_approve_shows_what_the_yes_does_and_takes_one_press_more(court: Office):
    request = await reviewed(court)
    card = await posted(court, request)

    await court.bob.click(APPROVE, PRIVACY, card.ts)
    await court.hear()
    assert court.bob.modal is not None
    shown = str(court.bob.modal.blocks)
    before = (await as_it_stands(court, request)).facts.approvals
    assert await court.bob.submit({}) == {}
    await court.hear()

    assert before == ()
    yes = ("Do you approve this?", "Yours is approval 1 of 2", "somebody else")
    for words in (*yes, request.number, "R… K…"):
        assert words in shown
    assert request.facts.plan_hash[:8] in shown
    assert len((await as_it_stands(court, request)).facts.approvals) == 1


async def test_the_last_yes_says_until_when_nothing_is_carried_out(court: Office):
    request = await reviewed(court)
    await clicks(court, person(court, "U0SAL"), request, APPROVE)

    await court.bob.click(APPROVE, PRIVACY, (await posted(court, request)).ts)
    await court.hear()

    assert court.bob.modal is not None
    shown = str(court.bob.modal.blocks)
    assert "Yours is approval 2 of 2, the last that is needed" in shown
    assert "the waiting time runs until" in shown


async def test_what_happened_while_somebody_read_is_told_in_place_of_the_yes(court: Office):
    request = await reviewed(court)
    await court.bob.click(APPROVE, PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    await clicks(court, person(court, "U0SAL"), request, APPROVE)

    await court.bob.submit({})
    await court.hear()

    assert len((await as_it_stands(court, request)).facts.approvals) == 1
    assert court.bob.modal is not None
    assert "approved by salma" in str(court.bob.modal.blocks)


async def test_the_card_names_who_said_yes_and_when_and_calls_nobody_you(court: Office):
    request = await reviewed(court, phone_not_confirmed=True)
    await clicks(court, court.bob, request, "Call back done")
    await clicks(court, court.bob, request, APPROVE)

    shown = str((await posted(court, request)).blocks)

    assert re.search(r"1 of 2: <@U0BOB> on \d+ \w+ 20\d\d", shown)
    assert re.search(r"proved on \d+ \w+ 20\d\d, .*: e-mail code, no phone", shown)
    assert re.search(r"<@U0BOB> rang back on \d+", shown)
    assert "e-mail code and phone" not in shown
    assert not re.search(r"\byour?\b", shown, re.IGNORECASE)


async def test_who_vouched_stands_on_the_card_with_the_time(court: Office):
    request = await reviewed(court, upto=RequestState.AWAITING_IDENTITY)
    await clicks(court, court.ann, request, "Open the staff path")

    await court.ann.click("Vouch", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    await court.ann.submit({"proof": "call_back"})
    await court.hear()
    await court.go_on(seconds=3)

    shown = str((await posted(court, request)).blocks)
    assert re.search(r"<@U0ANN> vouched on \d+ \w+ 20\d\d, .*: call to the phone on record", shown)


async def test_the_question_of_a_hold_stands_on_the_card(court: Office):
    request = await reviewed(court)
    await court.bob.click("Hold", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    await court.bob.submit({"hold_reason": "clarification", "text_en": "Which line is meant?"})
    await court.hear()
    await court.go_on(seconds=3)

    shown = str((await posted(court, request)).blocks)

    assert "Which line is meant?" in shown
    assert "No answer yet." in shown
    assert "must act: the client" in shown


async def test_a_judge_reads_what_the_client_wrote_and_it_is_kept_that_they_did(court: Office):
    request = await reviewed(court)
    await court.bob.click("Deny", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    await court.bob.submit({"code": "other", "text_en": "Because."})
    await court.hear()
    bus = court.rig.desk.bus
    await bus.handle(SYSTEM, appeal, request=request.id)
    await bus.handle(SYSTEM, _writes, request=request.id)
    await court.hear()
    await court.go_on(seconds=3)

    await court.ann.click("Judge the appeal", PRIVACY, (await posted(court, request)).ts)
    await court.hear()

    assert court.ann.modal is not None
    assert "You do hold my invoices" in str(court.ann.modal.blocks)
    assert "You do hold my invoices" in str((await posted(court, request)).blocks)
    readings = await bus.look(who_read, ref=request.number)
    assert [(one.who, one.door) for one in readings] == [("U0ANN", "request_judge")]


async def test_details_hold_everything_that_happened_oldest_first(court: Office):
    request = await reviewed(court)
    for _ in range(8):
        await clicks(court, court.bob, request, APPROVE)
        await clicks(court, court.ann, request, "Send back")

    await court.ann.click("Details", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    assert court.ann.modal is not None
    first = str(court.ann.modal.blocks)
    await court.ann.click("Later", "modal")
    await court.hear()

    assert first.index("received as") < first.index("confirmed the erasure")
    assert first.index("confirmed the erasure") < first.index("approved (plan")
    assert "Part 1 of 2" in first
    second = str(court.ann.modal.blocks)
    assert "Part 2 of" in second
    assert "sent it back to review" in second


@pytest.mark.parametrize("proof", [*ProofCode, "a code of another release"])
async def test_details_open_whatever_was_shown_on_the_way(court: Office, proof: str):
    request = await reviewed(court, upto=RequestState.AWAITING_IDENTITY)
    await court.rig.desk.bus.handle(SYSTEM, _shows, request=request.id, proof=proof)
    await court.hear()

    await court.ann.click("Details", PRIVACY, (await posted(court, request)).ts)
    await court.hear()

    assert court.ann.modal is not None
    known = texts(Language.EN, "request_history").get(f"shown_{proof}", proof)
    assert known in str(court.ann.modal.blocks)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("coded", CODES, ids=".".join)
def test_every_code_that_an_event_can_hold_has_words(language: Language, coded: tuple[str, str]):
    key, codes = CODES[coded]

    area, _, prefix = key.partition(".")

    assert [one for one in codes if f"{prefix}{one}" not in texts(language, area)] == []
    assert coded[1] in {each.name for each in fields(EVENTS[coded[0]])}


@pytest.mark.parametrize("language", Language)
def test_every_event_of_a_request_has_words(language: Language):
    names = [name for name, kind in EVENTS.items() if issubclass(kind, RequestEvent)]

    known = texts(language, "request_history")

    assert [one for one in names if key_of(one).partition(".")[2] not in known] == []
    assert names


async def _shows(work: UnitOfWork, *, request: RequestId, proof: str) -> None:
    found = await work.requests.get(request)
    mine = Attempt(by=found.created_by, now=work.clock.now(), roles={})
    found.show_proof(found.facts.proofs, cast("ProofCode", proof), mine)


async def _writes(work: UnitOfWork, *, request: RequestId) -> None:
    found = await work.requests.get(request)
    ticket = await work.tickets.get(found.ticket)
    await say_in(work, ticket, "You do hold my invoices")
