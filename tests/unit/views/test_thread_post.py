"""Messages in a thread."""

import pytest

from bot.application.outbound.to_staff import PostMessage, UpdatePost
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.delivery_outcomes import record_delivery
from bot.application.staff_desk.replies import delete_words, edit_words, reply
from bot.application.staff_desk.words import MessageRef, Words
from bot.application.views.thread_post import thread_post
from bot.domain.addresses import SYSTEM, MessageId
from bot.domain.tickets.message import DeliveryStatus, Direction, Span
from tests.support.builders.desk import a_desk, a_member, a_ticket, the_client_writes


async def test_a_held_reply_can_be_undone_and_names_its_writer():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    words = Words(text="Hello", spans=(Span("bold", 0, 5),))
    message = await desk.bus.handle(bob, reply, ticket=ticket.number, words=words)

    post = await desk.bus.look(thread_post, message)

    assert (post.author, post.direction, post.number) == ("@UBOB", Direction.OUT, ticket.number)
    assert (post.buttons, post.spans, post.is_written_in_thread) == (
        ("undo",),
        words.spans,
        False,
    )


@pytest.mark.parametrize(
    ("outcome", "buttons"),
    [
        (DeliveryStatus.SENT, ()),
        (DeliveryStatus.FAILED, ("send_again",)),
        (DeliveryStatus.BLOCKED, ("send_again",)),
        (DeliveryStatus.UNCERTAIN, ("send_again", "it_arrived")),
    ],
)
async def test_sending_again_is_offered_where_it_is_safe(
    outcome: DeliveryStatus, buttons: tuple[str, ...]
):
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    words = Words(text="Hello", written_at=MessageRef("C1", "1.2"))
    message = await desk.bus.handle(bob, reply, ticket=ticket.number, words=words)
    await desk.bus.handle(SYSTEM, record_delivery, message=message, outcome=outcome)

    post = await desk.bus.look(thread_post, message)

    assert (post.buttons, post.delivery, post.is_written_in_thread) == (buttons, outcome, True)


async def test_what_the_client_said_shows_what_it_answers_and_what_is_hidden_in_it():
    desk = a_desk()
    ticket = await a_ticket(desk)
    word = await the_client_writes(desk, ticket, "yes\u200b please")
    kept = desk.store.messages[word.id]
    kept.reply_to, kept.spans = MessageId("T-000001-word-1"), (Span("bold", 0, 3),)

    post = await desk.bus.look(thread_post, word.id)

    assert (post.text, post.spans, post.author, post.buttons) == (
        "yes⟦U+200B⟧ please",
        (),
        "",
        (),
    )
    assert post.quoted == "No internet since morning"


async def test_what_a_message_answered_may_be_gone():
    desk = a_desk()
    word = await the_client_writes(desk, await a_ticket(desk))
    desk.store.messages[word.id].reply_to = MessageId("gone")

    assert (await desk.bus.look(thread_post, word.id)).quoted == ""


async def test_an_edited_post_shows_its_version_and_a_deleted_one_no_words():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    message = await desk.bus.handle(bob, reply, ticket=ticket.number, words=Words(text="One"))
    desk.carry_out()
    await desk.bus.handle(bob, edit_words, message=message, text="Two")
    edited = await desk.bus.look(thread_post, message)
    await desk.bus.handle(bob, delete_words, message=message)

    deleted = await desk.bus.look(thread_post, message)

    assert (edited.text, edited.version, edited.edited_at) == ("Two", 2, desk.clock.now())
    assert (deleted.text, deleted.is_deleted, deleted.buttons) == ("", True, ())


async def test_a_word_taken_out_of_a_ticket_belongs_to_none():
    desk = a_desk()
    ticket = await a_ticket(desk)
    word = await the_client_writes(desk, ticket)
    desk.carry_out()

    async def take_out(work: UnitOfWork) -> None:
        said = await work.messages.get(word.id)
        said.ticket = None
        await work.messages.save(said)
        (await work.tickets.get(ticket.id)).let_go_of(word.id)

    await desk.bus.handle(SYSTEM, take_out)

    assert (await desk.bus.look(thread_post, word.id)).number == ""
    assert UpdatePost(ticket.id, word.id) in desk.outbox


async def test_what_the_client_edits_is_brought_up_to_date_where_staff_read_it():
    desk = a_desk()
    ticket = await a_ticket(desk)
    word = await the_client_writes(desk, ticket)
    desk.carry_out()

    async def edit(work: UnitOfWork) -> None:
        (await work.tickets.get(ticket.id)).note_client_edit(word.id, 2)

    await desk.bus.handle(SYSTEM, edit)

    assert UpdatePost(ticket.id, word.id) in desk.outbox


async def test_thanks_comments_and_what_was_shown_are_posted_too():
    desk = a_desk()
    ticket = await a_ticket(desk)
    word = await the_client_writes(desk, ticket)
    desk.carry_out()

    async def note_all(work: UnitOfWork) -> None:
        found = await work.tickets.get(ticket.id)
        found.take_thanks(word.id)
        found.note_shown(word.id)
        found.note_rating_comment(word.id)

    await desk.bus.handle(SYSTEM, note_all)

    assert desk.deliveries(PostMessage) == [PostMessage(ticket.id, word.id)] * 3
