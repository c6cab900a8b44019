"""Messages and their links: what holds on the fake holds on both databases."""

from datetime import timedelta

import pytest

from bot.domain.addresses import MessageId, TicketId
from bot.domain.errors import NotFound
from bot.domain.tickets.message import Attachment, DeliveryStatus, Direction, Span
from bot.domain.tickets.routes import RouteCode, RouteReason
from tests.support.stores.stages import Stage, a_message, a_ticket

ODD = "😀 ক্ষ x̂́ \u202eabc\u200b \x07 \0 end"


class TestMessages:
    async def test_a_message_reads_back_with_all_it_holds(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            message = await a_message(work, ticket, ODD)
            message.spans = (Span("text_link", 0, 3, "https://example.org/?a=b&c"),)
            message.attachments = (Attachment("photo", "ref", "bill 📄.jpg", "image/jpeg", 7, "x"),)
            message.edit("New words", (), stage.clock.now())
            message.delete(stage.clock.now())
            message.delivery, message.delivery_error = DeliveryStatus.FAILED, "chat_gone"
            message.media_group, message.reply_to = "album", MessageId("other")
            message.route, message.route_reason = RouteCode.KEPT, RouteReason.TOO_FAST
            await work.messages.save(message)

        async with stage.reading() as work:
            assert await work.messages.get(message.id) == message

    async def test_seventy_thousand_characters_read_back(self, stage: Stage):
        body = "ক" * 70_000
        async with stage.writing() as work:
            message = await a_message(work, await a_ticket(work), body)

        async with stage.reading() as work:
            assert (await work.messages.get(message.id)).body == body

    async def test_a_message_that_was_moved_belongs_to_its_new_ticket(self, stage: Stage):
        async with stage.writing() as work:
            first, second = await a_ticket(work), await a_ticket(work)
            message = await a_message(work, first)
            message.ticket = second.id
            await work.messages.save(message)

            assert await work.messages.of(first.id) == []
            assert await work.messages.of(second.id) == [message]

    async def test_what_was_said_first_comes_first(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            same_moment = [await a_message(work, ticket, str(place)) for place in range(3)]
            late_arrival = await a_message(work, ticket, "said before")
            late_arrival.at -= timedelta(minutes=1)

        async with stage.reading() as work:
            found = await work.messages.of(ticket.id)

        assert [one.body for one in found] == [
            *(one.body for one in same_moment),
            late_arrival.body,
        ]

    async def test_a_word_that_arrives_late_stands_where_it_was_said(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            stage.clock.go_on(hours=2)
            await a_message(work, ticket, "second")
            stage.clock.go_on(hours=-1)
            await a_message(work, ticket, "first")

        async with stage.reading() as work:
            found = await work.messages.of(ticket.id)

        assert [one.body for one in found] == ["first", "second"]

    async def test_loose_words_are_those_of_the_account_without_a_ticket(self, stage: Stage):
        async with stage.writing() as work:
            ticket, other = await a_ticket(work), await a_ticket(work)
            loose = await a_message(work, ticket)
            strange = await a_message(work, other)
            await a_message(work, ticket)
            loose.ticket = strange.ticket = None
            await work.messages.save(loose)
            await work.messages.save(strange)

            assert await work.messages.loose(ticket.account) == [loose]

    async def test_only_the_clients_own_words_are_counted(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            await a_message(work, ticket)
            answer = await a_message(work, ticket)
            answer.direction = Direction.OUT
            await work.messages.save(answer)
            stage.clock.go_on(minutes=1)
            await a_message(work, ticket)

            now = stage.clock.now()
            assert await work.messages.said_since(ticket.account, now) == 1
            assert await work.messages.said_since(ticket.account, now - timedelta(minutes=1)) == 2

    async def test_an_unknown_message_is_not_found_and_cannot_be_saved(self, stage: Stage):
        async with stage.writing() as work:
            message = await a_message(work, await a_ticket(work))
            message.id = MessageId("nothing")
            with pytest.raises(NotFound):
                await work.messages.save(message)
            with pytest.raises(NotFound):
                await work.messages.get(message.id)


class TestLinks:
    async def test_a_message_is_found_by_what_the_platform_calls_it(self, stage: Stage):
        async with stage.writing() as work:
            message = await a_message(work, await a_ticket(work))
            await work.messages.link(message.id, "telegram", "4711", "9")

        async with stage.reading() as work:
            assert await work.messages.linked("telegram", "4711", "9") == message.id

    @pytest.mark.parametrize(
        ("surface", "place", "remote"),
        [("slack", "4711", "9"), ("telegram", "4712", "9"), ("telegram", "4711", "\ud800\0")],
    )
    async def test_another_place_is_another_message(
        self, stage: Stage, surface: str, place: str, remote: str
    ):
        async with stage.writing() as work:
            message = await a_message(work, await a_ticket(work))
            await work.messages.link(message.id, "telegram", "4711", "9")

            assert await work.messages.linked(surface, place, remote) is None

    async def test_linking_again_changes_nothing(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            first, second = await a_message(work, ticket), await a_message(work, ticket)
            await work.messages.link(first.id, "slack", "C1", "1.0")
            await work.messages.link(second.id, "slack", "C1", "1.0")
            await work.messages.link(first.id, "slack", "C1", "1.0", 3)

            assert await work.messages.linked("slack", "C1", "1.0") == first.id
            assert await work.messages.links(second.id, "slack") == []

    async def test_what_was_said_since_a_moment_is_found_by_its_links(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            early = await a_message(work, ticket, "early")
            await work.messages.link(early.id, "words", "C1", "1.0")
            stage.clock.go_on(hours=3)
            late, loose = [await a_message(work, ticket, text) for text in ("late", "loose")]
            await work.messages.link(late.id, "words", "C1", "2.0")
            await work.messages.link(loose.id, "posts", "C1", "3.0")

        async with stage.reading() as work:
            since = stage.clock.now() - timedelta(hours=1)
            found = await work.messages.linked_since("words", since)
            assert [(said.body, place, remote) for said, place, remote in found] == [
                ("late", "C1", "2.0")
            ]

    async def test_the_parts_of_a_message_come_in_order(self, stage: Stage):
        async with stage.writing() as work:
            message = await a_message(work, await a_ticket(work))
            await work.messages.link(message.id, "telegram", "4711", "11", 1)
            await work.messages.link(message.id, "telegram", "4711", "10", 0)
            await work.messages.link(message.id, "slack", "C1", "1.0")

        async with stage.reading() as work:
            found = await work.messages.links(message.id, "telegram")
            assert found == [("4711", "10"), ("4711", "11")]

    async def test_what_is_gone_from_a_platform_is_forgotten_there_only(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            message, other = await a_message(work, ticket), await a_message(work, ticket)
            await work.messages.link(message.id, "slack", "C1", "1.0")
            await work.messages.link(message.id, "telegram", "4711", "10")
            await work.messages.link(other.id, "slack", "C1", "2.0")
            await work.messages.unlink(message.id, "slack")
            await work.messages.link(message.id, "slack", "C1", "3.0")

        async with stage.reading() as work:
            assert await work.messages.links(message.id, "slack") == [("C1", "3.0")]
            assert await work.messages.links(message.id, "telegram") == [("4711", "10")]
            assert await work.messages.links(other.id, "slack") == [("C1", "2.0")]
            assert await work.messages.linked("slack", "C1", "1.0") is None

    async def test_a_word_of_the_desk_leads_to_its_ticket(self, stage: Stage):
        async with stage.writing() as work:
            await work.messages.link_ticket(TicketId("a"), "telegram", "4711", "5")
            await work.messages.link_ticket(TicketId("b"), "telegram", "4711", "5")

        async with stage.reading() as work:
            assert await work.messages.linked_ticket("telegram", "4711", "5") == "a"
            assert await work.messages.linked_ticket("telegram", "4712", "5") is None
            assert await work.messages.linked("telegram", "4711", "5") is None
