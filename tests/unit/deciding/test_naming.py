"""Manual verification without a claimed address: staff name whose data it is, not vouching."""

import pytest

from bot.application.requests import decisions, protective_actions
from bot.application.requests.intake import name_subject, people_found, write_down
from bot.application.requests.request_context import Click
from bot.application.views.request_card import request_card
from bot.domain.addresses import OPERATOR, SYSTEM, Actor, Language, PersonId, StaffId
from bot.domain.clients.people import Person
from bot.domain.errors import NotAllowed, NotFound, Refused, Stale
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.events import SubjectNamed
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import DenialCode, RequestState, RequestType
from bot.wording import say
from tests.support.builders.desk import Desk, a_ticket, staff
from tests.support.builders.requests import EMAIL, PHONE, a_person, a_request, now
from tests.support.drivers.asker import a_person as on_the_list, an_asker

BOB = staff("bob")


async def on_manual_verification(desk: Desk) -> tuple[DataRequest, Person]:
    """A request of nobody known by manual verification, and a client whom staff recognise."""
    ticket = await a_ticket(desk)
    request = await desk.bus.handle(
        staff("badrul"), write_down, ticket=ticket.number, kind=RequestType.ERASURE
    )
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)
    return request, await desk.bus.handle(SYSTEM, a_person)


async def names(desk: Desk, request: DataRequest, person: str, by: Actor = BOB) -> None:
    await desk.bus.handle(by, name_subject, click=Click(request.id), person=person)


async def vouches(desk: Desk, request: DataRequest, name: str, kind: ProofKind) -> None:
    await desk.bus.handle(staff(name), protective_actions.vouch, request=request.id, kind=kind)


async def test_staff_name_the_client_and_two_others_vouch_for_them(desk: Desk):
    request, person = await on_manual_verification(desk)

    await names(desk, request, "C-1", by=staff("badrul"))
    assert (await now(desk.bus, request)).facts.vouches == ()
    await vouches(desk, request, "ayesha", ProofKind.CALL_BACK)
    await vouches(desk, request, "champa", ProofKind.LETTER_CODE)

    found = await now(desk.bus, request)
    assert found.subject == Subject(person=person.id)
    assert found.state is RequestState.AWAITING_CONFIRMATION
    assert found.is_verified


async def test_naming_is_an_event_of_ids_only(desk: Desk):
    request, person = await on_manual_verification(desk)

    await names(desk, request, "C-1")

    (event,) = desk.facts(SubjectNamed)
    assert (event.into, event.voided) == (f"person:{person.id}", 0)
    assert EMAIL not in repr(event)


async def test_naming_another_voids_the_vouches_for_the_first(desk: Desk):
    request, _ = await on_manual_verification(desk)
    other = await desk.bus.handle(SYSTEM, a_person, "C-2")
    await names(desk, request, "C-1")
    await vouches(desk, request, "ayesha", ProofKind.CALL_BACK)

    await names(desk, request, "C-2")
    await vouches(desk, request, "champa", ProofKind.LETTER_CODE)

    found = await now(desk.bus, request)
    assert found.state is RequestState.AWAITING_IDENTITY
    assert [vouch.by for vouch in found.facts.vouches] == ["staff-champa"]
    assert found.subject == Subject(person=other.id)
    assert [one.voided for one in desk.facts(SubjectNamed)] == [0, 1]


async def test_naming_the_same_client_again_voids_nothing(desk: Desk):
    request, _ = await on_manual_verification(desk)
    await names(desk, request, "C-1")
    await vouches(desk, request, "ayesha", ProofKind.CALL_BACK)

    await names(desk, request, "C-1")

    assert len((await now(desk.bus, request)).facts.vouches) == 1


async def test_a_vouch_from_a_card_that_showed_somebody_else_is_stale(desk: Desk):
    request, _ = await on_manual_verification(desk)
    seen = (await now(desk.bus, request)).state_version
    await names(desk, request, "C-1")

    with pytest.raises(Stale):
        await desk.bus.handle(
            staff("ayesha"),
            protective_actions.vouch,
            request=request.id,
            kind=ProofKind.CALL_BACK,
            seen=seen,
        )


async def test_who_vouches_too_late_is_told_who_decided_and_no_id(desk: Desk):
    request, _ = await on_manual_verification(desk)
    seen = (await now(desk.bus, request)).state_version
    await desk.bus.handle(
        staff("ayesha"),
        decisions.deny,
        click=Click(request.id, seen),
        code=DenialCode.EXCESSIVE,
        texts={Language.EN: "Too many."},
    )

    with pytest.raises(Stale) as late:
        await desk.bus.handle(
            staff("bob"),
            protective_actions.vouch,
            request=request.id,
            kind=ProofKind.CALL_BACK,
            seen=seen,
        )

    assert late.value.params["by"] == "@UAYESHA"


async def test_a_claim_in_the_chat_does_not_change_whom_staff_named():
    client = await an_asker()
    on_the_list(client.desk)
    other = on_the_list(client.desk, "karim", emails=("karim@example.com",))
    await client.says("/erase")
    await client.says(EMAIL)
    await client.taps("I can't read that e-mail")
    await names(client.desk, client.request, other.external_id, by=staff("ayesha"))

    await client.taps("I can't read that e-mail")

    assert client.request.subject == Subject(person=other.id)


@pytest.mark.parametrize("by", [Actor.staff(StaffId("nobody")), SYSTEM, OPERATOR])
async def test_only_staff_by_name_say_whose_data_it_is(desk: Desk, by: Actor):
    request, _ = await on_manual_verification(desk)

    with pytest.raises(NotAllowed):
        await names(desk, request, "C-1", by=by)


@pytest.mark.parametrize("person", ["C-404", "merged", "erased"])
async def test_only_a_living_record_is_named(desk: Desk, person: str):
    request, known = await on_manual_verification(desk)
    row = desk.store.people[known.id]
    row.merged_into = PersonId("another") if person == "merged" else None
    row.erased_at = desk.clock.now() if person == "erased" else None

    with pytest.raises(NotFound):
        await names(desk, request, person if person == "C-404" else "C-1")


async def test_without_the_staff_path_nobody_is_named(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(SYSTEM, a_person)

    with pytest.raises(Refused, match="staff_path_closed"):
        await names(desk, request, "C-1")


async def test_a_frozen_request_is_about_whoever_it_was_about(desk: Desk):
    request, _ = await on_manual_verification(desk)
    await desk.bus.handle(staff("bob"), protective_actions.freeze, request=request.id)

    with pytest.raises(Refused, match="frozen"):
        await names(desk, request, "C-1")


async def test_a_proved_request_cannot_be_named_anew(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(SYSTEM, a_person)

    with pytest.raises(Stale):
        await names(desk, request, "C-1")


@pytest.mark.parametrize("words", ["C-1", f" {EMAIL} ", PHONE, "01712-345678"])
async def test_a_client_is_found_by_what_is_known_of_them(desk: Desk, words: str):
    person = await desk.bus.handle(SYSTEM, a_person)

    found = await desk.bus.look(people_found, words=words)

    assert [one.id for one in found] == [person.id]


@pytest.mark.parametrize("words", ["", "C", "Rahima", "example.com", "rahima@", "+880171", "@"])
async def test_the_list_is_not_there_to_be_read(desk: Desk, words: str):
    await desk.bus.handle(SYSTEM, a_person)

    assert await desk.bus.look(people_found, words=words) == []


async def test_the_card_offers_the_name_on_the_staff_path_only(desk: Desk):
    before = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    request, _ = await on_manual_verification(desk)

    assert "name" not in (await desk.bus.look(request_card, before.id)).actions
    assert "name" in (await desk.bus.look(request_card, request.id)).actions


async def test_the_client_is_told_of_a_request_that_staff_wrote_down():
    client = await an_asker()
    ticket = await client.opens_ticket()

    await client.desk.bus.handle(
        staff("ayesha"), write_down, ticket=ticket.number, kind=RequestType.ACCESS
    )
    await client.hears()

    assert client.request.number in client.text
    assert say("identity.ask_email") in client.text
    assert "Send me a code" in client.labels
