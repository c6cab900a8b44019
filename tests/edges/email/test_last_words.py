"""The last word after an erasure, to a chat and a mailbox that the desk knows no more."""

from datetime import timedelta

import pytest

from bot.application.bus import Bus
from bot.application.fulfilment.last_words import LastWordContent, Way
from bot.application.outbound.after_erasure import LastMail, LastWord
from bot.application.ports.queues import (
    Arrived,
    Blocked,
    Lane,
    LaneTrouble,
    NotSent,
    Outcome,
    Unknown,
)
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import LaneCapacity, settle_and_hand_out
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM, ClientAddress, Language, RequestId, Surface
from bot.domain.fulfilment.steps import DeliverySlot, ExecutionRecord
from bot.domain.requests.record import Subject
from bot.domain.requests.states import RequestState, RequestType
from bot.wording import say
from handlers.email.delivery_adapter import MailAdapter
from handlers.email.server import MailServer
from handlers.runtime.workers.outbox_worker import OutboxWorker
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.telegram.delivery_adapter import TelegramAdapter
from handlers.telegram.rate_limits import Pace
from tests.edges.email.conftest import SENDER
from tests.support.builders.requests import received
from tests.support.drivers.rig import UNPACED, Rig
from tests.support.stores.stages import Stage, a_ticket, an_account

MAIL = "rahima@example.com"
PDF, JSON = b"%PDF-1.7 certificate", b'{"number": "R-000001"}'
FILES = (("certificate-R-000001.pdf", PDF), ("certificate-R-000001.json", JSON))
HOUR = timedelta(hours=1)


@pytest.fixture
async def chat(rig: Rig, telegram: TelegramServer, mailbox: Mailbox) -> VirtualUser:
    """Somebody whose account the desk does not know, with a word for them to come."""
    user = telegram.user(4_000_000_000_999, "Somebody")
    await user.start()
    user.forget()

    async def word_of(work: UnitOfWork, *, request: RequestId, way: Way) -> LastWordContent | None:
        kept = await work.fulfilments.get(request)
        if kept is None or kept.slot is None:
            return None
        address = ClientAddress(Surface.TELEGRAM, kept.slot.chat.removeprefix("telegram:"))
        return LastWordContent(
            address=kept.slot.email if way is Way.MAIL else address,
            language=Language.EN,
            texts=("It is done.", "The certificate is attached."),
            subject="R-000001 is done",
            files=FILES,
        )

    bus = rig.desk.own_bus
    words = TelegramAdapter(
        rig.bot, bus, rig.edge.fetch, Pace(UNPACED, UNPACED), last_word_of=word_of
    )
    mail = MailAdapter(MailServer.parse(mailbox.url), SENDER, bus, last_word_of=word_of)
    rig.relay = OutboxWorker(bus, [words, mail], rig.desk.clock, rig.desk.troubles)
    await begin(rig.stage, LastWord, LastMail, chat=str(user.id))
    return user


async def begin(stage: Stage, *words: type[LastWord | LastMail], chat: str = "77") -> None:
    slot = DeliverySlot(chat=f"telegram:{chat}", email=MAIL, chat_done=False, email_done=False)
    async with stage.writing() as work:
        ticket = await a_ticket(work, await an_account(work))
        subject = Subject(account=ticket.account)
        done = await received(work, RequestType.ERASURE, subject, ticket)
        done.state, request = RequestState.FULFILLED, done.id
        now = stage.clock.now()
        made = ExecutionRecord(
            request=request, slot=slot, certificate="{}", planned_at=now, certified_at=now
        )
        await work.fulfilments.put(made)
        for word in words:
            await work.outbox.put(word(request))


async def slot_of(stage: Stage) -> DeliverySlot:
    async with stage.reading() as work:
        (request,) = await work.requests.find()
        found = await work.fulfilments.get(request.id)
    assert found is not None
    assert found.slot is not None
    return found.slot


class TestOnTheWay:
    async def test_the_chat_gets_words_and_both_documents(
        self, rig: Rig, chat: VirtualUser, telegram: TelegramServer
    ):
        await rig.relay.idle()

        shown = [one for one in chat.messages if one.is_from_bot]
        assert [one.text for one in shown[:2]] == ["It is done.", "The certificate is attached."]
        files = [
            one.json["document"]
            for one in telegram.world.chats[chat.id].messages.values()
            if "document" in one.json
        ]
        assert [one["file_name"] for one in files] == [name for name, _ in FILES]
        kept = [telegram.file(one["file_id"]) for one in files]
        assert [one and one.content for one in kept] == [PDF, JSON]
        assert ((await slot_of(rig.stage)).chat, (await slot_of(rig.stage)).chat_done) == ("", True)

    @pytest.mark.usefixtures("chat")
    async def test_the_letter_has_both_documents_and_they_can_be_taken_out(
        self, rig: Rig, mailbox: Mailbox
    ):
        await rig.relay.idle()

        (mail,) = mailbox.to(MAIL)
        assert mail.subject == "R-000001 is done"
        assert "It is done.\n\nThe certificate is attached." in mail.text.replace("\r", "")
        assert [mail.attachment(place) for place in range(3)] == [*FILES, None]
        slot = await slot_of(rig.stage)
        assert (slot.email, slot.email_done, slot.is_done) == ("", True, True)

    async def test_a_chat_that_blocked_the_bot_never_hears_it_and_its_address_is_blanked(
        self, rig: Rig, chat: VirtualUser
    ):
        await chat.block()

        await rig.relay.idle()

        assert (await slot_of(rig.stage)).is_done
        assert [one for one in chat.messages if one.is_from_bot and one.text == "It is done."] == []
        async with rig.stage.reading() as work:
            assert await work.outbox.count_dead() == 0

    async def test_one_that_may_have_arrived_says_so_when_it_comes_again(
        self, rig: Rig, chat: VirtualUser, telegram: TelegramServer
    ):
        telegram.faults.add(method="sendMessage", kind="reset_after")
        await rig.relay.idle()

        rig.stage.clock.at += HOUR
        await rig.relay.idle()

        said = [one.text for one in chat.messages if one.is_from_bot and "It is done." in one.text]
        assert said == ["It is done.", say("telegram.repeat", Language.EN) + "\nIt is done."]
        assert (await slot_of(rig.stage)).chat_done


class TestHowItEnds:
    async def ended(self, stage: Stage, outcome: Outcome) -> int:
        """Try once; how many were handed out."""
        bus = Bus(stage.open_work, react)
        room = [LaneCapacity(Lane(kinds=(LastWord, LastMail)), 5)]
        claimed = (await bus.handle(SYSTEM, settle_and_hand_out, [], room)).taken[0]
        endings = [(one, outcome) for one in claimed]
        await bus.handle(SYSTEM, settle_and_hand_out, endings, [])
        return len(claimed)

    async def test_it_is_tried_each_hour_for_seven_days_and_then_no_more(self, stored: Stage):
        await begin(stored, LastWord)
        tries = 0
        for _ in range(8 * 24):
            tries += await self.ended(stored, NotSent("away"))
            stored.clock.at += HOUR

        assert tries == 7 * 24 + 1
        assert (await slot_of(stored)).chat_done
        async with stored.reading() as work:
            assert await work.outbox.count_dead() == 0

    async def test_what_nobody_knows_of_is_repeated_ever_more_rarely(self, stored: Stage):
        await begin(stored, LastMail)
        tries = 0
        for _ in range(8 * 24):
            tries += await self.ended(stored, Unknown("timeout"))
            stored.clock.at += HOUR

        assert 8 <= tries <= 13
        assert (await slot_of(stored)).email_done

    @pytest.mark.parametrize("outcome", [Blocked(), NotSent("chat_not_found", is_final=True)])
    async def test_a_refusal_for_good_ends_it_at_once(self, stored: Stage, outcome: Outcome):
        await begin(stored, LastWord)

        await self.ended(stored, outcome)

        slot = await slot_of(stored)
        assert (slot.chat, slot.chat_done, slot.email_done) == ("", True, False)
        assert await self.ended(stored, Arrived("telegram")) == 0

    async def test_what_waits_with_its_lane_goes_as_soon_as_that_is_open(self, stored: Stage):
        await begin(stored, LastWord)
        await self.ended(stored, LaneTrouble(error="unreachable"))

        assert await self.ended(stored, Arrived("telegram")) == 1
        assert (await slot_of(stored)).chat_done
