"""Two tickets become one, and can be parted again within a day."""

from collections.abc import Awaitable, Callable

import pytest

from bot.application.outbound.to_client import Say
from bot.application.outbound.to_staff import PostLine, PostMessage, ShowCard
from bot.application.staff_desk.lifecycle import close, merge, resolve
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.triage import mark_as_spam, restore
from bot.application.staff_desk.words import Words
from bot.domain.errors import Refused
from bot.domain.tickets.states import TicketState
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account


async def test_a_merged_ticket_goes_on_in_the_other_and_the_client_is_told():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice)
    desk.carry_out()

    await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)

    assert desk.ticket(new.id).merged_into == old.id
    told = desk.deliveries(Say)[0].reply
    assert old.number in told.text
    assert told.about == old.id
    assert {card.ticket for card in desk.deliveries(ShowCard)} == {old.id, new.id}
    assert {line.ticket for line in desk.deliveries(PostLine)} == {old.id, new.id}


async def test_a_client_who_waits_for_an_answer_waits_for_it_in_the_other_ticket():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice, text="Still slow")
    await desk.bus.handle(bob, reply, ticket=old.number, words=Words(text="Try again"))
    desk.carry_out()

    await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)

    assert desk.ticket(old.id).state is TicketState.OPEN
    posted = desk.deliveries(PostMessage)[0]
    assert (posted.ticket, desk.message(posted.message).body) == (old.id, "Still slow")


async def test_a_ticket_that_nobody_waits_for_moves_nothing_in_the_other():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice)
    for ticket in (old, new):
        await desk.bus.handle(bob, reply, ticket=ticket.number, words=Words(text="Hello"))

    await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)

    assert desk.ticket(old.id).state is TicketState.WAITING_CLIENT


async def test_what_waits_opens_a_resolved_ticket_again():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice)
    await desk.bus.handle(bob, resolve, ticket=old.number, resolution="x", tags=["x"])

    await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)

    assert desk.ticket(old.id).state is TicketState.OPEN


async def test_a_ticket_without_a_word_of_the_client_hands_nothing_over():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice)
    await desk.bus.handle(bob, reply, ticket=old.number, words=Words(text="Hello"))
    desk.store.messages = {
        key: said for key, said in desk.store.messages.items() if said.ticket != new.id
    }

    await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)

    assert desk.ticket(old.id).state is TicketState.WAITING_CLIENT


@pytest.mark.parametrize("end", [close, mark_as_spam])
async def test_nothing_merges_into_what_is_over(end: Callable[..., Awaitable[object]]):
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice)
    await desk.bus.handle(bob, end, ticket=old.number)

    with pytest.raises(Refused, match=r"tickets\.wrong_state"):
        await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)


async def test_tickets_of_two_clients_stay_two():
    desk = a_desk()
    mine = await a_ticket(desk, await an_account(desk))
    theirs = await a_ticket(desk, await an_account(desk, "carol"))

    with pytest.raises(Refused, match=r"tickets\.cannot_merge"):
        await desk.bus.handle(await a_member(desk), merge, ticket=mine.number, into=theirs.number)


async def test_a_merge_is_taken_back_and_the_client_is_told():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice)
    await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)
    desk.carry_out()

    await desk.bus.handle(bob, restore, ticket=new.number)

    assert (desk.ticket(new.id).state, desk.ticket(new.id).merged_into) == (TicketState.OPEN, None)
    assert new.number in desk.deliveries(Say)[0].reply.text
