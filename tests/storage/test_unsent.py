"""What a restored store had not sent is set aside: staff see it, and nothing goes by itself."""

from bot.application.bus import Bus
from bot.application.outbound.to_client import Say, SendReply
from bot.application.outbound.to_staff import ShowCard
from bot.application.queues.unsent import set_unsent_aside
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM
from bot.domain.tickets.message import DeliveryStatus
from tests.support.builders.personal_data import a_word
from tests.support.stores.stages import Stage, a_message, a_ticket


async def test_words_wait_for_a_person_and_cards_go_on(stage: Stage):
    bus = Bus(stage.open_work, react)
    async with stage.writing() as work:
        ticket = await a_ticket(work)
        reply = await a_message(work, ticket, "hello")
        await work.outbox.put(a_word("your code", ticket.account))
        await work.outbox.put(SendReply(account=ticket.account, message=reply.id))
        await work.outbox.put(ShowCard(ticket.id))

    count = await bus.handle(SYSTEM, set_unsent_aside)

    async with stage.reading() as work:
        waits = [type(one.delivery) for one in await work.outbox.waiting()]
        (letter,) = await work.outbox.dead_letters()
        said = await work.messages.get(reply.id)
    assert count == 2
    assert SendReply not in waits
    assert Say not in waits
    assert ShowCard in waits
    assert letter.error == "restored"
    assert said.delivery is DeliveryStatus.UNCERTAIN
