"""Who speaks: what stands above a reply to a client, and in which order words reach them."""

from datetime import timedelta

import pytest

from bot.application.config import DeskConfig, ReplySignature
from bot.application.outbound.to_client import Say, SendReply
from bot.application.staff_desk.lifecycle import open_for_client, resolve
from bot.application.staff_desk.replies import edit_words, reply, send_again
from bot.application.staff_desk.signatures import heading, misnamed, name_staff
from bot.application.staff_desk.words import Words
from bot.domain.addresses import SYSTEM, Actor, Language, MessageId
from bot.domain.errors import NotAllowed
from bot.domain.staff import shown_name
from bot.domain.tickets.message import DeliveryStatus, Signature
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket, the_client_writes

HELLO = Words(text="Hello")


async def bob_of(desk: Desk) -> Actor:
    bob = await a_member(desk)
    await desk.bus.handle(SYSTEM, name_staff, names={"UBOB": "Bob Karim"})
    return bob


def above(desk: Desk, message: MessageId, language: Language = Language.EN) -> str:
    return heading(desk.message(message).signature, language)


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (ReplySignature.NAME, "Bob Karim"),
        (ReplySignature.TEAM, "Padma Net support"),
        (ReplySignature.NONE, ""),
    ],
)
async def test_a_reply_says_whom_it_is_from_as_the_company_chose(style: ReplySignature, shown: str):
    desk = a_desk(DeskConfig(company="Padma Net", reply_signature=style))
    ticket, bob = await a_ticket(desk), await bob_of(desk)
    await the_client_writes(desk, ticket)

    message = await desk.bus.handle(bob, reply, ticket=ticket.number, words=HELLO)

    assert above(desk, message) == shown


async def test_with_two_live_tickets_a_reply_says_for_which_it_is():
    desk = a_desk()
    first, bob = await a_ticket(desk), await bob_of(desk)
    second = await a_ticket(desk)
    for ticket in (first, second):
        await the_client_writes(desk, ticket)

    message = await desk.bus.handle(bob, reply, ticket=second.number, words=HELLO)

    assert above(desk, message) == f"Bob Karim · {second.number}"


async def test_a_resolved_ticket_beside_it_needs_no_number():
    desk = a_desk()
    first, bob = await a_ticket(desk), await bob_of(desk)
    second = await a_ticket(desk)
    await the_client_writes(desk, second)
    await desk.bus.handle(bob, resolve, ticket=first.number, resolution="done", tags=["x"])

    message = await desk.bus.handle(bob, reply, ticket=second.number, words=HELLO)

    assert above(desk, message) == "Bob Karim"


async def test_what_stood_above_a_reply_stays_there_when_it_is_edited_or_sent_again():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await bob_of(desk)
    await the_client_writes(desk, ticket)
    message = await desk.bus.handle(bob, reply, ticket=ticket.number, words=HELLO)
    await a_ticket(desk)
    await desk.bus.handle(SYSTEM, name_staff, names={"UBOB": "Robert"})

    await desk.bus.handle(bob, edit_words, message=message, text="Hello again")
    said = desk.message(message)
    said.delivery = DeliveryStatus.UNCERTAIN
    await desk.bus.handle(bob, send_again, message=message)

    assert above(desk, message) == "Bob Karim"


@pytest.mark.parametrize(
    ("language", "shown"),
    [(Language.EN, "Bob Karim · new ticket {}"), (Language.BN, "Bob Karim · নতুন টিকিট {}")],
)
async def test_the_first_word_of_a_ticket_that_staff_open_says_its_number(
    language: Language, shown: str
):
    desk = a_desk()
    known, bob = await a_ticket(desk), await bob_of(desk)

    opened = await desk.bus.handle(bob, open_for_client, client=known.number, words=HELLO)

    assert above(desk, opened.message, language) == shown.format(opened.ticket.number)


async def test_the_number_is_said_until_the_client_has_written_in_the_ticket():
    desk = a_desk()
    known, bob = await a_ticket(desk), await bob_of(desk)
    await desk.bus.handle(bob, resolve, ticket=known.number, resolution="done", tags=["x"])
    opened = await desk.bus.handle(bob, open_for_client, client=known.number, words=HELLO)
    number = opened.ticket.number

    before = await desk.bus.handle(bob, reply, ticket=number, words=HELLO)
    await the_client_writes(desk, opened.ticket)
    after = await desk.bus.handle(bob, reply, ticket=number, words=HELLO)

    assert above(desk, before) == f"Bob Karim · {number}"
    assert above(desk, after) == "Bob Karim"


def test_nobody_named_and_one_ticket_leave_the_words_alone():
    assert heading(Signature(), Language.BN) == ""


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        (("Rahim  Uddin",), "Rahim Uddin"),
        (("", "Rahim Uddin"), "Rahim Uddin"),
        (("রহিম উদ্দিন",), "রহিম উদ্দিন"),
        (("@rahim",), "rahim"),
        (("rahim@example.com", "Rahim"), "Rahim"),
        (("Rahim rahim@example.com",), "Rahim"),
        (("U0RAHIM123", "Rahim"), "Rahim"),
        (("<@U0RAHIM123>", ""), ""),
        (("Rahim :palm_tree:",), "Rahim"),
        (("\u202eRahim\u200b\n",), "Rahim"),
        (("🌴", "Rahim"), "Rahim"),
        (("R" * 60,), "R" * 39 + "…"),
        ((), ""),
    ],
)
def test_a_name_for_clients_is_a_name_and_nothing_else(profile: tuple[str, ...], shown: str):
    assert shown_name(*profile) == shown


async def test_a_name_that_cannot_be_read_now_leaves_the_one_that_is_known():
    desk = a_desk()
    await bob_of(desk)

    is_news = await desk.bus.look(misnamed, names={"UBOB": "", "UNEW": "Nobody"})
    await desk.bus.handle(SYSTEM, name_staff, names={"UBOB": "", "UNEW": "Nobody"})

    assert not is_news
    assert [one.name for one in desk.store.staff.values()] == ["Bob Karim"]


async def test_people_of_staff_do_not_name_each_other():
    desk = a_desk()
    bob = await bob_of(desk)

    with pytest.raises(NotAllowed):
        await desk.bus.handle(bob, name_staff, names={"UBOB": "The boss"})


async def test_last_words_leave_before_the_stars_are_asked_for():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await bob_of(desk)
    await the_client_writes(desk, ticket)

    await desk.bus.handle(
        bob,
        resolve,
        ticket=ticket.number,
        resolution="done",
        tags=["x"],
        last_words=Words(text="It works again."),
    )

    words, stars = (row for row in desk.queued if isinstance(row.delivery, (SendReply, Say)))
    assert isinstance(words.delivery, SendReply)
    assert isinstance(stars.delivery, Say)
    assert words.next_at == stars.next_at == desk.clock.now() + timedelta(seconds=5)


async def test_stars_that_follow_no_held_reply_are_asked_for_at_once():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await bob_of(desk)

    await desk.bus.handle(bob, resolve, ticket=ticket.number, resolution="done", tags=["x"])

    stars = next(row for row in desk.queued if isinstance(row.delivery, Say))
    assert (stars.state, stars.next_at) == ("queued", desk.clock.now())
