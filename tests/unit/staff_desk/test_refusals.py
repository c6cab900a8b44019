"""What was refused for good stands where those see it whom it concerns; each kind of delivery."""

from dataclasses import dataclass

import pytest

from bot.application.outbound.after_erasure import LastMail, LastWord
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import (
    DeleteReply,
    Document,
    EditReply,
    RemoveWord,
    Reply,
    Say,
    SendReply,
)
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.outbound.to_staff import (
    Alarm,
    Alert,
    PostLine,
    PostMessage,
    RefreshHome,
    ShowCard,
    ShowRequestCard,
    TellStaff,
    UpdatePost,
)
from bot.application.ports.queues import ANY_LANE, NotSent
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import LaneCapacity, settle_and_hand_out
from bot.application.staff_desk.home import try_again
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.words import Words
from bot.application.views.request_card import request_card
from bot.application.views.ticket_card import card
from bot.application.wire_names import DELIVERIES
from bot.domain.addresses import SYSTEM, Actor, MessageId, PersonId, StaffId, TicketId
from bot.domain.clients.people import EMAIL as ADDRESS
from bot.domain.requests.request import DataRequest
from bot.domain.tickets.message import DeliveryStatus
from tests.support.builders.desk import a_member
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.support.fakes.people import FakeDigests

TICKET, REQUEST, REPLY, CHANNEL, HOME = "ticket", "request", "reply", "channel", "home"
STANDS_ON = {
    Say: {TICKET, REQUEST},
    SendReply: {REPLY},
    EditReply: {TICKET, REQUEST},
    DeleteReply: {TICKET, REQUEST},
    RemoveWord: {TICKET, REQUEST},
    MailCode: {REQUEST},
    MailNotice: {REQUEST},
    PostMessage: {TICKET},
    UpdatePost: {TICKET},
    PostLine: {TICKET},
    ShowCard: {CHANNEL},
    ShowRequestCard: {CHANNEL},
    Alert: {HOME},
    Alarm: {HOME},
    TellStaff: {HOME},
    RefreshHome: {HOME},
    LastWord: set(),
    LastMail: set(),
}
"""Of each kind, where its final refusal is seen besides the home view. Nobody sends a last word on
its way again: its slot is blanked, and that is on the card of the request."""


@dataclass
class World:
    """A client with a data request, the talk of it, and a reply of Bob's."""

    client: Asker
    request: DataRequest
    said: MessageId
    bob: Actor
    code: str

    @property
    def ticket(self) -> TicketId:
        return self.request.ticket

    def one(self, kind: type[Delivery]) -> Delivery:
        account = self.client.account.id
        mailbox = FakeDigests().digest(ADDRESS, EMAIL)
        made = {
            Say: lambda: Say(account, Reply(text="Your data", about=self.ticket)),
            SendReply: lambda: SendReply(account, self.said),
            EditReply: lambda: EditReply(account, self.said, 2),
            DeleteReply: lambda: DeleteReply(account, self.said),
            RemoveWord: lambda: RemoveWord(account, "77"),
            MailCode: lambda: MailCode(self.code),
            MailNotice: lambda: MailNotice(PersonId("person-rahima"), mailbox, "s", "t"),
            PostMessage: lambda: PostMessage(self.ticket, self.said),
            UpdatePost: lambda: UpdatePost(self.ticket, self.said),
            PostLine: lambda: PostLine(self.ticket, "x"),
            ShowCard: lambda: ShowCard(self.ticket, is_new=True),
            ShowRequestCard: lambda: ShowRequestCard(self.request.id, is_new=True),
            Alert: lambda: Alert("support", "x"),
            Alarm: lambda: Alarm("privacy", "x"),
            TellStaff: lambda: TellStaff(StaffId("staff-bob"), "x"),
            RefreshHome: lambda: RefreshHome(StaffId("staff-bob")),
            LastWord: lambda: LastWord(self.request.id),
            LastMail: lambda: LastMail(self.request.id),
        }
        return made[kind]()

    async def is_refused(self, delivery: Delivery, error: str) -> int:
        """The row's id. A notice is for somebody who was proved; a code comes before that."""
        desk = self.client.desk
        if isinstance(delivery, MailNotice):
            await self.client.proves()
        desk.carry_out()
        await desk.bus.handle(SYSTEM, queue, delivery=delivery)
        turn = await desk.bus.handle(SYSTEM, settle_and_hand_out, [], [LaneCapacity(ANY_LANE, 9)])
        (claimed,) = turn.taken[0]
        ending = (claimed, NotSent(error, is_final=True))
        await desk.bus.handle(SYSTEM, settle_and_hand_out, [ending], [])
        return claimed.id

    async def on_cards(self) -> dict[str, list[str]]:
        """The refusals that each card tells of, in words."""
        bus = self.client.desk.bus
        language = self.client.desk.storage.rules.staff_language
        on_ticket = (await bus.look(card, self.ticket)).refusals
        on_request = (await bus.look(request_card, self.request.id)).refusals
        return {
            TICKET: [each.text(language) for each in on_ticket],
            REQUEST: [each.text(language) for each in on_request],
        }


async def queue(work: UnitOfWork, *, delivery: Delivery) -> None:
    await work.outbox.put(delivery)


@pytest.fixture
async def world() -> World:
    client = await an_asker()
    a_person(client.desk)
    bob = await a_member(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    code = next(iter(client.desk.store.challenges))
    request = client.request
    number = client.desk.ticket(request.ticket).number
    said = await client.desk.bus.handle(bob, reply, ticket=number, words=Words(text="Hello"))
    return World(client, request, said, bob, code)


def test_of_each_kind_of_delivery_it_is_known_where_its_refusal_stands():
    assert set(STANDS_ON) == set(DELIVERIES.values())


@pytest.mark.parametrize("kind", STANDS_ON, ids=lambda kind: kind.__name__)
async def test_a_final_refusal_is_seen_at_once_where_it_concerns_somebody(
    world: World, kind: type[Delivery]
):
    desk = world.client.desk

    await world.is_refused(world.one(kind), "bad_request")
    cards, places = await world.on_cards(), STANDS_ON[kind]

    assert bool(cards[REQUEST]) == (REQUEST in places)
    if TICKET in places:
        assert ShowCard(world.ticket) in desk.outbox
        assert cards[TICKET]
    if REQUEST in places:
        assert ShowRequestCard(world.request.id) in desk.outbox
    if REPLY in places:
        assert desk.message(world.said).delivery is DeliveryStatus.FAILED
    if CHANNEL in places:
        assert "could not be shown" in desk.deliveries(Alert)[-1].text


async def test_a_refused_mail_says_to_which_address_and_what_the_server_answered(world: World):
    await world.is_refused(world.one(MailCode), "smtp_550")

    (text,) = (await world.on_cards())[REQUEST]

    assert "r…@e….com" in text
    assert "(550)" in text
    assert EMAIL not in text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("http_413", "too large"),
        ("chat_not_found", "chat is gone"),
        ("bad_request", "was refused"),
    ],
)
async def test_a_refused_word_says_what_to_do(world: World, error: str, words: str):
    file = Document("export.json", "application/json", "{}")
    said = Say(world.client.account.id, Reply(text="Your data", document=file))

    await world.is_refused(said, error)

    assert words in (await world.on_cards())[REQUEST][0]


async def test_what_is_about_another_ticket_stands_on_that_ones_card(world: World):
    said = Say(world.client.account.id, Reply(text="Hello", about=TicketId("another")))

    await world.is_refused(said, "bad_request")

    assert await world.on_cards() == {TICKET: [], REQUEST: []}


async def test_what_is_sent_on_its_way_again_goes_from_the_card(world: World):
    letter = await world.is_refused(world.one(MailNotice), "smtp_550")
    world.client.desk.carry_out()

    was_dead = await world.client.desk.bus.handle(world.bob, try_again, letter=letter)

    assert was_dead
    assert ShowRequestCard(world.request.id) in world.client.desk.outbox
    assert (await world.on_cards())[REQUEST] == []
