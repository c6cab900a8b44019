"""The end of a ticket, and what the client hears of it."""

import pytest

from bot.application.outbound.to_client import Say, SendReply
from bot.application.outbound.to_staff import PostLine
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.lifecycle import close, reopen, resolve
from bot.application.staff_desk.replies import undo_reply
from bot.application.staff_desk.words import Words
from bot.domain.addresses import Actor, Language
from bot.domain.errors import Refused
from bot.domain.tickets import events as facts
from bot.domain.tickets.states import TicketState
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account

DONE = {"resolution": "Router reset", "tags": ["router"]}


async def test_a_resolved_client_is_told_and_asked_for_stars_and_whether_it_is_still_broken():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, resolve, ticket=ticket.number, **DONE)

    told = desk.deliveries(Say)[0].reply
    presses = [choice.press for row in told.rows for choice in row]
    assert [press.ref for press in presses if press.verb == "ticket.rate"] == [
        f"T-000001:{stars}" for stars in range(1, 6)
    ]
    assert [press.ref for press in presses if press.verb == "ticket.broken"] == ["T-000001"]
    assert told.about == ticket.id


async def test_the_resolution_itself_stays_between_staff():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, resolve, ticket=ticket.number, **DONE)

    assert "Router reset" not in desk.deliveries(Say)[0].reply.text
    assert "Router reset" in desk.deliveries(PostLine)[-1].text


async def test_last_words_go_out_as_a_reply_before_the_stars():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(
        bob, resolve, ticket=ticket.number, last_words=Words(text="All is well again"), **DONE
    )

    kinds = [type(each) for each in desk.outbox if isinstance(each, SendReply | Say)]
    assert kinds == [SendReply, Say]
    assert desk.ticket(ticket.id).state is TicketState.RESOLVED


async def test_undoing_last_words_leaves_the_ticket_resolved():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(
        bob, resolve, ticket=ticket.number, last_words=Words(text="All is well"), **DONE
    )

    relay = desk.deliveries(SendReply)[0]
    await desk.bus.handle(bob, undo_reply, message=relay.message)

    assert desk.ticket(ticket.id).state is TicketState.RESOLVED


async def test_clients_hear_of_it_in_their_language():
    desk = a_desk()
    rahima = await an_account(desk, "rahima", language=Language.BN)
    ticket, bob = await a_ticket(desk, rahima), await a_member(desk)

    await desk.bus.handle(bob, resolve, ticket=ticket.number, **DONE)

    assert "সমাধান" in desk.deliveries(Say)[0].reply.text


async def test_a_closed_ticket_offers_the_client_to_reopen_it():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, close, ticket=ticket.number)

    reply = desk.deliveries(Say)[0].reply
    assert reply.rows[0][0].press.verb == "ticket.reopen"
    assert "14 days" in reply.text


async def test_a_client_who_closed_is_not_told_that_they_did():
    desk = a_desk()
    ticket = await a_ticket(desk)

    async def close_by_client(work: UnitOfWork) -> None:
        (await work.tickets.get(ticket.id)).close("client", work.clock.now())

    await desk.bus.handle(Actor.account(ticket.account), close_by_client)

    assert desk.deliveries(Say) == []
    assert desk.deliveries(PostLine)[-1].text == "The client closed the ticket."


async def test_staff_go_on_with_a_closed_ticket_and_the_client_hears_of_it():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, close, ticket=ticket.number)
    desk.carry_out()

    await desk.bus.handle(bob, reopen, ticket=ticket.number)

    assert desk.ticket(ticket.id).state is TicketState.OPEN
    assert "taken up" in desk.deliveries(Say)[0].reply.text


async def test_a_client_who_reopened_is_answered_where_they_did_it():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, resolve, ticket=ticket.number, **DONE)
    desk.carry_out()

    async def reopen_by_client(work: UnitOfWork) -> None:
        (await work.tickets.get(ticket.id)).reopen(work.clock.now())

    await desk.bus.handle(Actor.account(ticket.account), reopen_by_client)

    assert desk.deliveries(Say) == []
    assert desk.deliveries(PostLine)[-1].text == "The client reopened the ticket (reopened: 1)."


async def test_after_fourteen_days_staff_do_not_reopen_either():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, close, ticket=ticket.number)
    desk.clock.go_on(days=14, seconds=1)

    with pytest.raises(Refused, match=r"tickets\.reopen_too_late"):
        await desk.bus.handle(bob, reopen, ticket=ticket.number)


async def test_stars_are_shown_to_staff():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, resolve, ticket=ticket.number, **DONE)

    async def rate(work: UnitOfWork) -> None:
        (await work.tickets.get(ticket.id)).rate(4)

    await desk.bus.handle(Actor.account(ticket.account), rate)

    assert desk.deliveries(PostLine)[-1].text == "The client gave ★★★★ (4 of 5)."
    assert desk.facts(facts.TicketRated)[0].stars == 4


async def test_a_refused_end_tells_nobody():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.carry_out()

    with pytest.raises(Refused):
        await desk.bus.handle(bob, resolve, ticket=ticket.number, resolution="", tags=[])

    assert desk.outbox == []
