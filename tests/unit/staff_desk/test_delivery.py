"""How replies arrive, and what staff see of it."""

import pytest

from bot.application.outbound.to_staff import PostLine, ShowCard, TellStaff, UpdatePost
from bot.application.staff_desk.delivery_outcomes import (
    it_arrived,
    record_delivery,
    record_lost_edit,
)
from bot.application.staff_desk.replies import reply, send_again
from bot.application.staff_desk.words import Words
from bot.domain.addresses import SYSTEM, MessageId
from bot.domain.clients.events import ClientBlockedBot, ClientUnblockedBot
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import Refused
from bot.domain.tickets.events import ReplyDelivered
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.ticket import Ticket
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket


async def a_reply_on_its_way(desk: Desk) -> tuple[Ticket, MessageId]:
    ticket, bob = await a_ticket(desk), await a_member(desk)
    message = await desk.bus.handle(bob, reply, ticket=ticket.number, words=Words(text="Hello"))
    desk.carry_out()
    return ticket, message


async def test_a_sent_reply_is_linked_part_by_part():
    desk = a_desk()
    _, message = await a_reply_on_its_way(desk)
    parts = [("alice", "11"), ("alice", "12")]

    await desk.bus.handle(
        SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.SENT, parts=parts
    )

    async with desk.storage.open_work(SYSTEM, writes=False) as work:
        assert await work.messages.links(message, "telegram") == parts
        assert await work.messages.linked("telegram", "alice", "12") == message
    assert desk.message(message).delivery is DeliveryStatus.SENT


async def test_the_same_outcome_twice_is_one_fact():
    desk = a_desk()
    _, message = await a_reply_on_its_way(desk)

    for _ in range(2):
        await desk.bus.handle(SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.SENT)

    assert len(desk.facts(ReplyDelivered)) == 1


@pytest.mark.parametrize(
    "outcome", [DeliveryStatus.FAILED, DeliveryStatus.BLOCKED, DeliveryStatus.UNCERTAIN]
)
async def test_the_writer_is_told_of_what_did_not_surely_arrive(outcome: DeliveryStatus):
    desk = a_desk()
    ticket, message = await a_reply_on_its_way(desk)

    await desk.bus.handle(
        SYSTEM, record_delivery, message=message, outcome=outcome, error="network"
    )

    assert [told.staff for told in desk.deliveries(TellStaff)] == ["staff-bob"]
    assert ticket.number in desk.deliveries(TellStaff)[0].text
    assert UpdatePost(ticket.id, message) in desk.outbox
    assert desk.message(message).delivery_error == "network"


async def test_a_blocked_bot_is_seen_and_its_end_too():
    desk = a_desk()
    ticket, message = await a_reply_on_its_way(desk)
    bob = desk.message(message).author
    await desk.bus.handle(SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.BLOCKED)
    blocked = desk.store.accounts[ticket.account].status
    desk.carry_out()

    await desk.bus.handle(bob, send_again, message=message)
    await desk.bus.handle(SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.SENT)

    assert blocked is AccountStatus.BLOCKED
    assert desk.store.accounts[ticket.account].status is AccountStatus.ACTIVE
    assert len(desk.facts(ClientBlockedBot)) == len(desk.facts(ClientUnblockedBot)) == 1
    assert ShowCard(ticket.id) in desk.outbox


async def test_what_waits_for_a_client_who_blocked_the_bot_waits_on():
    desk = a_desk()
    ticket, message = await a_reply_on_its_way(desk)
    bob = desk.message(message).author
    await desk.bus.handle(bob, reply, ticket=ticket.number, words=Words(text="And"))

    await desk.bus.handle(SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.BLOCKED)

    waiting = [row for row in desk.queued if row.delivery.conversation.startswith("client:")]
    assert waiting
    assert all((row.next_at - desk.clock.now()).days > 300 for row in waiting)


async def test_only_outcomes_are_recorded():
    desk = a_desk()
    _, message = await a_reply_on_its_way(desk)

    with pytest.raises(ValueError, match="queued"):
        await desk.bus.handle(
            SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.QUEUED
        )


async def test_a_person_says_that_an_uncertain_reply_arrived():
    desk = a_desk()
    _, message = await a_reply_on_its_way(desk)
    bob = desk.message(message).author
    await desk.bus.handle(
        SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.UNCERTAIN
    )

    await desk.bus.handle(bob, it_arrived, message=message)

    assert desk.message(message).delivery is DeliveryStatus.SENT
    with pytest.raises(Refused, match=r"desk\.not_uncertain"):
        await desk.bus.handle(bob, it_arrived, message=message)


async def test_an_edit_that_was_lost_is_said_in_the_thread():
    desk = a_desk()
    _, message = await a_reply_on_its_way(desk)

    await desk.bus.handle(SYSTEM, record_lost_edit, message=message)

    assert "did not reach the client" in desk.deliveries(PostLine)[-1].text
    assert desk.deliveries(TellStaff) == []


async def test_nobody_is_told_of_a_lost_reply_of_the_operators():
    desk = a_desk()
    _, message = await a_reply_on_its_way(desk)
    desk.store.messages[message].author = SYSTEM

    await desk.bus.handle(SYSTEM, record_delivery, message=message, outcome=DeliveryStatus.FAILED)

    assert desk.deliveries(TellStaff) == []
