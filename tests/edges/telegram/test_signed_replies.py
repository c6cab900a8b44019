"""The line above a reply of staff: whose it is and for which ticket, on the client's screen."""

import pytest

from bot.application.staff_desk.replies import edit_words
from bot.application.staff_desk.signatures import name_staff
from bot.domain.addresses import SYSTEM, Actor
from bot.domain.tickets.message import Attachment, Span
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.telegram import VirtualUser
from handlers.sandbox.telegram.clients.attachments import PIXEL
from tests.support.drivers.rig import Rig


@pytest.fixture
async def bob(rig: Rig) -> Actor:
    bob = await rig.a_member("UBOB")
    await rig.desk.bus.handle(SYSTEM, name_staff, names={"UBOB": "Bob 😀 Karim"})
    return bob


@pytest.fixture
async def ticket(rig: Rig, alice: VirtualUser) -> Ticket:
    return await rig.opens_ticket(alice)


async def test_the_line_is_bold_and_moves_the_markup_of_the_words(
    rig: Rig, alice: VirtualUser, bob: Actor, ticket: Ticket
):
    await rig.staff_reply(bob, ticket.number, "Press red", spans=(Span("code", 6, 3),))
    await rig.go_on(seconds=6)

    marked = [(one["type"], one["offset"], one["length"]) for one in alice.last.entities]
    assert alice.last.text == "Bob 😀 Karim\nPress red"
    assert marked == [("bold", 0, 12), ("code", 19, 3)]


async def test_files_without_words_carry_the_line_once(
    rig: Rig, alice: VirtualUser, bob: Actor, ticket: Ticket
):
    rig.files |= {"F1": PIXEL, "F2": b"%PDF-1.4"}
    attachments = (
        Attachment("photo", "F1", "light.png", "image/png"),
        Attachment("document", "F2", "guide.pdf", "application/pdf"),
    )

    await rig.staff_reply(bob, ticket.number, "", attachments=attachments)
    await rig.go_on(seconds=6)

    photo, document = alice.visible[-2:]
    assert (photo.text, document.text) == ("Bob 😀 Karim", "")


async def test_edits_of_a_long_reply_find_all_its_parts_below_the_line(
    rig: Rig, alice: VirtualUser, bob: Actor, ticket: Ticket
):
    long = ("a " * 2_047).strip()  # one part alone, two below the line
    before = len(alice.visible)
    message = await rig.staff_reply(bob, ticket.number, long)
    await rig.go_on(seconds=6)

    await rig.desk.bus.handle(bob, edit_words, message=message, text="short")
    await rig.desk.bus.handle(bob, edit_words, message=message, text=long)
    await rig.hear()

    parts = [one.text for one in alice.visible[before:]]
    assert len(parts) == 2
    assert " ".join(parts) == f"Bob 😀 Karim\n{long}"
