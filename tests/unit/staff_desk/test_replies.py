"""Answers to clients: held, undone, edited, deleted, sent again; and notes, which never leave."""

from datetime import timedelta

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import DeleteReply, EditReply, SendReply, ToClient
from bot.application.outbound.to_staff import PostMessage, UpdatePost
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.delivery_outcomes import record_delivery
from bot.application.staff_desk.replies import (
    delete_words,
    edit_words,
    reply,
    reply_key,
    send_again,
    undo_reply,
)
from bot.application.staff_desk.words import LONGEST, MessageRef, Words, write_note
from bot.domain.addresses import Actor, MessageId
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets import events as facts
from bot.domain.tickets.message import Attachment, DeliveryStatus, Direction
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import Ticket
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket, the_client_writes

HELLO = Words(text="Hello, we are on it")
IN_THREAD = Words(text="Hello", written_at=MessageRef("C1", "17.5"))


async def a_reply(desk: Desk, words: Words = HELLO) -> tuple[Ticket, Actor, MessageId]:
    ticket, bob = await a_ticket(desk), await a_member(desk)
    message = await desk.bus.handle(bob, reply, ticket=ticket.number, words=words)
    return ticket, bob, message


async def a_sent_reply(
    desk: Desk, outcome: DeliveryStatus = DeliveryStatus.SENT
) -> tuple[Actor, MessageId]:
    _, bob, message = await a_reply(desk)
    desk.carry_out()
    await desk.bus.handle(bob, record_delivery, message=message, outcome=outcome)
    desk.carry_out()
    return bob, message


async def test_a_reply_is_held_and_leaves_when_its_time_comes():
    desk = a_desk()
    ticket, _, message = await a_reply(desk)

    relay = next(row for row in desk.queued if isinstance(row.delivery, SendReply))

    assert (relay.key, relay.state) == (reply_key(message), "held")
    assert relay.next_at == desk.clock.now() + timedelta(seconds=5)
    assert relay.holder == ticket.holder
    assert desk.message(message).delivery is DeliveryStatus.HELD
    assert desk.ticket(ticket.id).state is TicketState.WAITING_CLIENT
    assert PostMessage(ticket.id, message) in desk.outbox


async def test_without_a_hold_a_reply_leaves_at_once():
    desk = a_desk(DeskConfig(reply_undo=timedelta(0)))
    _, _, message = await a_reply(desk)

    relay = next(row for row in desk.queued if isinstance(row.delivery, SendReply))

    assert (relay.state, desk.message(message).delivery) == ("queued", DeliveryStatus.QUEUED)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (Words(text=" \n "), "desk.nothing_to_say"),
        (Words(text="x" * (LONGEST + 1)), "desk.too_long"),
    ],
)
async def test_nothing_and_too_much_is_refused(words: Words, key: str):
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    with pytest.raises(Refused, match=key):
        await desk.bus.handle(bob, reply, ticket=ticket.number, words=words)


async def test_a_file_alone_is_a_reply():
    desk = a_desk()
    photo = Attachment(kind="photo", file_ref="F1")

    _, _, message = await a_reply(desk, Words(text="", attachments=(photo,)))

    assert desk.message(message).attachments == (photo,)


async def test_what_slack_sends_twice_is_kept_once():
    desk = a_desk()
    ticket, bob, message = await a_reply(desk, IN_THREAD)

    again = await desk.bus.handle(bob, reply, ticket=ticket.number, words=IN_THREAD)

    assert again == message
    assert len(desk.deliveries(SendReply)) == 1


@pytest.mark.parametrize("action", ["closed", "spam"])
async def test_nobody_is_answered_in_a_ticket_that_is_over(action: str):
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    async def end(work: UnitOfWork) -> None:
        found = await work.tickets.get(ticket.id)
        if action == "closed":
            found.close("client", work.clock.now())
        else:
            found.mark_as_spam(work.clock.now())

    await desk.bus.handle(bob, end)

    with pytest.raises(Refused, match=r"tickets\.wrong_state"):
        await desk.bus.handle(bob, reply, ticket=ticket.number, words=HELLO)
    assert desk.deliveries(SendReply) == []


async def test_a_reply_is_undone_while_it_is_held():
    desk = a_desk()
    ticket, bob, message = await a_reply(desk)

    await desk.bus.handle(bob, undo_reply, message=message)
    await desk.bus.handle(bob, undo_reply, message=message)

    assert desk.deliveries(SendReply) == []
    assert desk.message(message).delivery is DeliveryStatus.UNDONE
    assert desk.ticket(ticket.id).state is TicketState.OPEN
    assert len(desk.facts(facts.ReplyUndone)) == 1
    assert UpdatePost(ticket.id, message) in desk.outbox


async def test_a_reply_that_has_left_is_not_undone():
    desk = a_desk()
    _, bob, message = await a_reply(desk)
    desk.carry_out()

    with pytest.raises(Refused, match=r"desk\.too_late_to_undo"):
        await desk.bus.handle(bob, undo_reply, message=message)


async def test_what_the_client_said_is_not_undone_changed_or_deleted():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    word = await the_client_writes(desk, ticket)

    with pytest.raises(Refused, match=r"desk\.too_late_to_undo"):
        await desk.bus.handle(bob, undo_reply, message=word.id)
    with pytest.raises(Refused, match=r"desk\.cannot_change"):
        await desk.bus.handle(bob, edit_words, message=word.id, text="x")
    with pytest.raises(Refused, match=r"desk\.cannot_change"):
        await desk.bus.handle(bob, delete_words, message=word.id)


async def test_an_edit_of_a_sent_reply_reaches_the_client():
    desk = a_desk()
    bob, message = await a_sent_reply(desk)

    await desk.bus.handle(bob, edit_words, message=message, text="Better words")

    said = desk.message(message)
    assert (said.body, said.version, said.versions[0].body) == ("Better words", 2, HELLO.text)
    assert desk.deliveries(EditReply) == [EditReply(said.account, message, 2)]
    assert len(desk.deliveries(UpdatePost)) == 1


async def test_an_edit_that_changes_nothing_is_none():
    desk = a_desk()
    bob, message = await a_sent_reply(desk)

    await desk.bus.handle(bob, edit_words, message=message, text=HELLO.text)

    assert desk.outbox == []


async def test_an_edit_of_a_held_reply_waits_until_the_reply_has_left():
    desk = a_desk()
    _, bob, message = await a_reply(desk)

    await desk.bus.handle(bob, edit_words, message=message, text="Better words")

    edit = next(row for row in desk.queued if isinstance(row.delivery, EditReply))
    relay = next(row for row in desk.queued if isinstance(row.delivery, SendReply))
    assert (edit.next_at, edit.id > relay.id) == (relay.next_at, True)


async def test_what_failed_has_nothing_to_edit_at_the_client():
    desk = a_desk()
    bob, message = await a_sent_reply(desk, DeliveryStatus.FAILED)

    await desk.bus.handle(bob, edit_words, message=message, text="Better words")

    assert desk.deliveries(EditReply) == []
    assert desk.message(message).body == "Better words"


async def test_a_reply_is_changed_for_48_hours():
    desk = a_desk()
    bob, message = await a_sent_reply(desk)
    desk.clock.go_on(hours=48)
    await desk.bus.handle(bob, edit_words, message=message, text="In time")
    desk.clock.go_on(seconds=1)

    with pytest.raises(Refused, match=r"desk\.too_late_to_change"):
        await desk.bus.handle(bob, edit_words, message=message, text="Too late")
    with pytest.raises(Refused, match=r"desk\.too_late_to_change"):
        await desk.bus.handle(bob, delete_words, message=message)


async def test_an_edit_leaves_something_to_read():
    desk = a_desk()
    bob, message = await a_sent_reply(desk)

    with pytest.raises(Refused, match=r"desk\.nothing_to_say"):
        await desk.bus.handle(bob, edit_words, message=message, text="  ")


async def test_deleting_a_sent_reply_takes_it_from_the_client():
    desk = a_desk()
    bob, message = await a_sent_reply(desk)

    await desk.bus.handle(bob, delete_words, message=message)
    await desk.bus.handle(bob, delete_words, message=message)

    said = desk.message(message)
    assert said.deleted_at == desk.clock.now()
    assert desk.deliveries(DeleteReply) == [DeleteReply(said.account, message)]
    with pytest.raises(Refused, match=r"desk\.cannot_change"):
        await desk.bus.handle(bob, edit_words, message=message, text="x")


async def test_deleting_a_held_reply_keeps_it_from_ever_leaving():
    desk = a_desk()
    ticket, bob, message = await a_reply(desk)

    await desk.bus.handle(bob, delete_words, message=message)

    assert desk.deliveries(ToClient) == []
    assert desk.message(message).delivery is DeliveryStatus.UNDONE
    assert desk.ticket(ticket.id).state is TicketState.OPEN


async def test_deleting_a_reply_on_its_way_is_sent_after_it():
    desk = a_desk()
    _, bob, message = await a_reply(desk)
    desk.carry_out()

    await desk.bus.handle(bob, delete_words, message=message)

    assert len(desk.deliveries(DeleteReply)) == 1


@pytest.mark.parametrize(
    "outcome", [DeliveryStatus.FAILED, DeliveryStatus.BLOCKED, DeliveryStatus.UNCERTAIN]
)
async def test_what_did_not_surely_arrive_is_sent_again_once_per_click(outcome: DeliveryStatus):
    desk = a_desk()
    bob, message = await a_sent_reply(desk, outcome)

    await desk.bus.handle(bob, send_again, message=message)
    with pytest.raises(Refused, match=r"desk\.cannot_send_again"):
        await desk.bus.handle(bob, send_again, message=message)

    assert len(desk.deliveries(SendReply)) == 1
    assert desk.message(message).delivery is DeliveryStatus.QUEUED


async def test_what_arrived_is_not_sent_again():
    desk = a_desk()
    bob, message = await a_sent_reply(desk)

    with pytest.raises(Refused, match=r"desk\.cannot_send_again"):
        await desk.bus.handle(bob, send_again, message=message)


async def test_no_note_ever_makes_a_delivery_to_a_client():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    note = await desk.bus.handle(
        bob, write_note, ticket=ticket.number, words=Words(text=">> not a reply")
    )

    await desk.bus.handle(bob, edit_words, message=note, text="&gt;&gt; still not")
    await desk.bus.handle(bob, delete_words, message=note)

    assert desk.deliveries(ToClient) == []
    assert desk.message(note).direction is Direction.NOTE
    assert [type(fact) for fact in desk.events[-3:]] == [
        facts.NoteWritten,
        facts.NoteEdited,
        facts.NoteDeleted,
    ]


async def test_a_note_from_the_thread_is_not_posted_there_again():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    first = await desk.bus.handle(bob, write_note, ticket=ticket.number, words=IN_THREAD)
    again = await desk.bus.handle(bob, write_note, ticket=ticket.number, words=IN_THREAD)

    other = await desk.bus.handle(bob, write_note, ticket=ticket.number, words=Words(text="modal"))

    assert first == again
    posted = [post.message for post in desk.deliveries(PostMessage)]
    assert other in posted
    assert first not in posted


async def test_a_word_in_no_ticket_is_not_staffs_to_change():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    word = await the_client_writes(desk, ticket)
    desk.store.messages[word.id].ticket = None

    with pytest.raises(NotFound):
        await desk.bus.handle(bob, delete_words, message=word.id)
