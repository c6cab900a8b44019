"""Where the desk's words about a subject stand: the same on the fake and on both databases."""

from datetime import timedelta

from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.application.ports.chat_traces import ToldWord
from bot.domain.clients.people import Account
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.requests.record import Subject
from bot.domain.tickets.message import Direction
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account


def theirs(*accounts: Account) -> Identifiers:
    return Identifiers(
        subject=Subject(account=accounts[0].id), accounts=tuple(one.id for one in accounts)
    )


class TestChatTraces:
    async def test_cards_are_those_of_the_subjects_own_tickets_lost_ones_too(self, stage: Stage):
        async with stage.writing() as work:
            alice, bob = await an_account(work, "1"), await an_account(work, "2")
            mine, lost = await a_ticket(work, alice), await a_ticket(work, alice)
            other = await a_ticket(work, bob)
            for number, ticket in enumerate((mine, lost, other)):
                await work.cards.put(CardKind.TICKET, ticket.id, CardRef("C1", f"{number}.0"))
            await work.cards.lose(CardKind.TICKET, lost.id, CardRef("C1", "1.0"))

        async with stage.reading() as work:
            found = await work.chat_traces.cards(theirs(alice))

        assert {one.about for one in found} == {mine.id, lost.id}
        assert {one.card.ts for one in found} == {"0.0", "1.0"}

    async def test_posts_are_those_of_the_subjects_own_words_on_that_platform(self, stage: Stage):
        async with stage.writing() as work:
            alice, bob = await an_account(work, "1"), await an_account(work, "2")
            mine = await a_message(work, await a_ticket(work, alice))
            other = await a_message(work, await a_ticket(work, bob))
            await work.messages.link(mine.id, "slack", "C1", "1.0")
            await work.messages.link(mine.id, "slack", "C1", "2.0", 1)
            await work.messages.link(mine.id, "telegram", "77", "9")
            await work.messages.link(other.id, "slack", "C1", "3.0")

        async with stage.reading() as work:
            found = await work.chat_traces.posts(theirs(alice), "slack")

        assert [(one.place, one.remote) for one in found] == [("C1", "1.0"), ("C1", "2.0")]
        assert {(one.message, one.account) for one in found} == {(mine.id, alice.id)}
        assert {one.direction for one in found} == {Direction.IN}

    async def test_of_what_was_said_before_a_moment_nothing_is_given(self, stage: Stage):
        async with stage.writing() as work:
            alice = await an_account(work, "1")
            ticket = await a_ticket(work, alice)
            before = await a_message(work, ticket)
            await work.messages.link(before.id, "telegram", "77", "1")
            moment = stage.clock.go_on(hours=1)
            after = await a_message(work, ticket)
            await work.messages.link(after.id, "telegram", "77", "2")

        async with stage.reading() as work:
            found = await work.chat_traces.posts(theirs(alice), "telegram", since=moment)

        assert [one.remote for one in found] == ["2"]

    async def test_files_are_those_that_were_brought_for_the_subject(self, stage: Stage):
        async with stage.writing() as work:
            alice, bob = await an_account(work, "1"), await an_account(work, "2")
            mine = await a_message(work, await a_ticket(work, alice))
            other = await a_message(work, await a_ticket(work, bob))
            await work.staff_threads.put_upload(mine.id, 0, FileUpload("F1", is_done=True))
            await work.staff_threads.put_upload(mine.id, 1, FileUpload("", is_done=True))
            await work.staff_threads.put_upload(other.id, 0, FileUpload("F2", is_done=True))

        async with stage.reading() as work:
            assert await work.chat_traces.files(theirs(alice)) == ["F1"]

    async def test_what_the_desk_told_is_known_until_it_is_forgotten(self, stage: Stage):
        async with stage.writing() as work:
            alice, bob = await an_account(work, "1"), await an_account(work, "2")
            began = stage.clock.now()
            await work.chat_traces.note_told(alice.id, ("5", "6"), began)
            await work.chat_traces.note_told(bob.id, ("7",), began)
            later = stage.clock.go_on(hours=1)
            await work.chat_traces.note_told(alice.id, ("8",), later)
            await work.chat_traces.note_told(alice.id, (), later)

        async with stage.writing() as work:
            told = await work.chat_traces.told_words(theirs(alice), since=began)
            assert told == [ToldWord(alice.id, one) for one in ("5", "6", "8")]
            await work.chat_traces.forget_told(began + timedelta(minutes=1))

        async with stage.reading() as work:
            everybody = theirs(alice, bob)
            assert await work.chat_traces.told_words(everybody, since=began) == [
                ToldWord(alice.id, "8")
            ]

    async def test_nobody_without_a_chat_has_traces(self, stage: Stage):
        async with stage.writing() as work:
            alice = await an_account(work, "1")
            message = await a_message(work, await a_ticket(work, alice))
            await work.messages.link(message.id, "slack", "C1", "1.0")
            nobody = Identifiers(subject=Subject(account=alice.id))

            assert await work.chat_traces.cards(nobody) == []
            assert await work.chat_traces.posts(nobody, "slack") == []
            assert await work.chat_traces.files(nobody) == []
