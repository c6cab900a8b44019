"""Cards and threads of staff: the same on the fake and on both databases."""

import pytest

from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.domain.addresses import MessageId, RequestId, TicketId
from tests.support.stores.stages import Stage, a_ticket

FIRST, SECOND = CardRef("C1", "1.0"), CardRef("C1", "2.0")
TICKET, REQUEST = TicketId("a" * 32), RequestId("b" * 32)
MESSAGE = MessageId("c" * 32)


class TestCardRefs:
    async def test_there_is_no_card_before_one_is_put(self, stage: Stage):
        async with stage.writing() as work:
            await work.cards.put(CardKind.TICKET, TICKET, FIRST)

        async with stage.reading() as work:
            assert await work.cards.standing(CardKind.TICKET, TicketId("d" * 32)) is None
            assert await work.cards.standing(CardKind.REQUEST, RequestId(TICKET)) is None
            assert await work.cards.lost(CardKind.TICKET, TicketId("d" * 32)) is None

    async def test_the_card_is_the_one_that_was_put_last(self, stage: Stage):
        async with stage.writing() as work:
            await work.cards.put(CardKind.TICKET, TICKET, FIRST)
            await work.cards.put(CardKind.TICKET, TICKET, SECOND)

        async with stage.reading() as work:
            assert await work.cards.standing(CardKind.TICKET, TICKET) == SECOND
            assert await work.cards.lost(CardKind.TICKET, TICKET) is None

    async def test_a_lost_card_is_remembered_until_another_is_put(self, stage: Stage):
        async with stage.writing() as work:
            await work.cards.put(CardKind.TICKET, TICKET, FIRST)
            assert await work.cards.lose(CardKind.TICKET, TICKET, FIRST)

        async with stage.writing() as work:
            assert await work.cards.standing(CardKind.TICKET, TICKET) is None
            assert await work.cards.lost(CardKind.TICKET, TICKET) == FIRST
            await work.cards.put(CardKind.TICKET, TICKET, SECOND)

        async with stage.reading() as work:
            assert await work.cards.standing(CardKind.TICKET, TICKET) == SECOND
            assert await work.cards.lost(CardKind.TICKET, TICKET) is None

    @pytest.mark.parametrize("kind", list(CardKind))
    async def test_only_the_card_that_stands_can_be_lost(self, stage: Stage, kind: CardKind):
        async with stage.writing() as work:
            await work.cards.put(kind, TICKET, SECOND)

            assert not await work.cards.lose(kind, TICKET, FIRST)
            assert not await work.cards.lose(kind, TicketId("d" * 32), SECOND)

        async with stage.writing() as work:
            assert await work.cards.standing(kind, TICKET) == SECOND
            assert await work.cards.lose(kind, TICKET, SECOND)
            assert not await work.cards.lose(kind, TICKET, SECOND)

    async def test_a_request_is_found_by_its_card_as_long_as_that_stands(self, stage: Stage):
        async with stage.writing() as work:
            await work.cards.put(CardKind.TICKET, TICKET, FIRST)
            await work.cards.put(CardKind.REQUEST, REQUEST, SECOND)

        async with stage.writing() as work:
            assert await work.cards.request_at(FIRST) is None
            assert await work.cards.request_at(SECOND) == REQUEST
            await work.cards.lose(CardKind.REQUEST, REQUEST, SECOND)

        async with stage.reading() as work:
            assert await work.cards.request_at(SECOND) is None


class TestStaffThreads:
    async def test_words_that_were_refused_stay_so(self, stage: Stage):
        async with stage.writing() as work:
            await work.staff_threads.refuse("C1", "1.0")
            await work.staff_threads.refuse("C1", "1.0")

        async with stage.reading() as work:
            assert await work.staff_threads.was_refused("C1", "1.0")
            assert not await work.staff_threads.was_refused("C1", "2.0")
            assert not await work.staff_threads.was_refused("C2", "1.0")

    async def test_how_far_each_file_of_a_message_came_is_what_was_put_last(self, stage: Stage):
        async with stage.writing() as work:
            assert await work.staff_threads.upload(MESSAGE, 0) is None
            await work.staff_threads.put_upload(MESSAGE, 0, FileUpload("F1", is_done=False))
            await work.staff_threads.put_upload(MESSAGE, 1, FileUpload("F2", is_done=False))
            await work.staff_threads.put_upload(MESSAGE, 0, FileUpload("F1", is_done=True))

        async with stage.reading() as work:
            assert await work.staff_threads.upload(MESSAGE, 0) == FileUpload("F1", is_done=True)
            assert await work.staff_threads.upload(MESSAGE, 1) == FileUpload("F2", is_done=False)
            assert await work.staff_threads.upload(MESSAGE, 2) is None


class TestCardsOfLiveTickets:
    async def test_only_cards_that_stand_in_that_channel_for_tickets_that_are_not_over(
        self, stage: Stage
    ):
        async with stage.writing() as work:
            live, lost, over, elsewhere = [await a_ticket(work) for _ in range(4)]
            for number, ticket in enumerate((live, lost, over)):
                await work.cards.put(CardKind.TICKET, ticket.id, CardRef("C1", f"{number}.0"))
            await work.cards.put(CardKind.TICKET, elsewhere.id, CardRef("C2", "0.0"))
            await work.cards.put(CardKind.REQUEST, REQUEST, CardRef("C1", "9.0"))
            await work.cards.lose(CardKind.TICKET, lost.id, CardRef("C1", "1.0"))
            over.close("done", work.clock.now())

        async with stage.reading() as work:
            assert await work.cards.of_live_tickets("C1") == [CardRef("C1", "0.0")]
            assert await work.cards.of_live_tickets("C2") == [CardRef("C2", "0.0")]
