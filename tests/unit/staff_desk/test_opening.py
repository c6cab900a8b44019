"""Staff write to a client first."""

from dataclasses import replace

import pytest

from bot.application.outbound.to_client import SendReply
from bot.application.outbound.to_staff import ShowCard
from bot.application.staff_desk.lifecycle import open_for_client
from bot.application.staff_desk.words import Words
from bot.domain.addresses import OPERATOR
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets.states import TicketKind, TicketState
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account

WORDS = Words(text="Your line will be\nrepaired tomorrow")


@pytest.mark.parametrize("client", ["account-alice", "T-000001"])
async def test_a_client_is_named_by_account_or_by_any_ticket_of_theirs(client: str):
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    await a_ticket(desk, alice)
    desk.carry_out()

    opened = await desk.bus.handle(bob, open_for_client, client=client, words=WORDS)

    ticket = desk.ticket(opened.ticket.id)
    assert (ticket.account, ticket.assignee, ticket.state) == (
        alice.id,
        bob.id,
        TicketState.WAITING_CLIENT,
    )
    assert ticket.subject == "Your line will be repaired tomorrow"
    assert ShowCard(ticket.id, is_new=True) in desk.outbox
    assert desk.deliveries(SendReply)[0].message == opened.message


async def test_the_operator_opens_a_ticket_for_nobody_in_particular():
    desk = a_desk()
    await an_account(desk)

    opened = await desk.bus.handle(
        OPERATOR,
        open_for_client,
        client="account-alice",
        words=WORDS,
        kind=TicketKind.PRIVACY_QUESTION,
        category="billing",
    )

    assert (opened.ticket.assignee, opened.ticket.category) == (None, "billing")


async def test_a_client_nobody_knows_is_not_found():
    desk = a_desk()

    with pytest.raises(NotFound):
        await desk.bus.handle(await a_member(desk), open_for_client, client="T-9", words=WORDS)


async def test_nobody_writes_to_who_was_erased():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    desk.store.accounts[alice.id] = replace(alice, status=AccountStatus.ERASED)

    with pytest.raises(Refused, match=r"desk\.client_erased"):
        await desk.bus.handle(bob, open_for_client, client=alice.id, words=WORDS)


async def test_a_ticket_does_not_begin_with_nothing():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)

    with pytest.raises(Refused, match=r"desk\.nothing_to_say"):
        await desk.bus.handle(bob, open_for_client, client=alice.id, words=Words(text=""))
    assert desk.store.tickets == {}
