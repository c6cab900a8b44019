"""What staff say, as the client sees it, and what the desk knows of how it arrived."""

import pytest

from bot.application.outbound.to_client import EditReply
from bot.application.staff_desk.delivery_outcomes import it_arrived
from bot.application.staff_desk.replies import delete_words, edit_words, send_again, undo_reply
from bot.domain.addresses import Role
from bot.domain.tickets.message import Attachment, DeliveryStatus, Span
from handlers.sandbox.telegram.clients.attachments import PIXEL


@pytest.fixture
async def bob(rig):
    return await rig.a_member("UBOB", Role.AGENT)


@pytest.fixture
async def ticket(rig, alice, bob):  # noqa: ARG001  # somebody must be there to see it
    return await rig.opens_ticket(alice)


def from_staff(alice):
    """What stands in the chat since the ticket was opened."""
    texts = [one.text for one in alice.visible if one.is_from_bot]
    opened = max(number for number, text in enumerate(texts) if "is open" in text)
    return texts[opened + 1 :]


async def sent(rig, bob, ticket, text="Please restart it.", **more):
    message = await rig.staff_reply(bob, ticket.number, text, **more)
    await rig.go_on(seconds=6)
    return message


async def test_a_reply_is_held_and_then_sent(rig, alice, bob, ticket):
    message = await rig.staff_reply(bob, ticket.number, "Please restart it.")
    await rig.hear()
    held = (await rig.message(message)).delivery, from_staff(alice)
    await rig.go_on(seconds=6)

    assert held == (DeliveryStatus.HELD, [])
    assert from_staff(alice) == ["Please restart it."]
    assert (await rig.message(message)).delivery is DeliveryStatus.SENT


async def test_an_undone_reply_never_leaves(rig, alice, bob, ticket):
    message = await rig.staff_reply(bob, ticket.number, "Please restart it.")
    await rig.desk.bus.handle(bob, undo_reply, message=message)
    await rig.go_on(seconds=60)

    assert from_staff(alice) == []
    assert (await rig.message(message)).delivery is DeliveryStatus.UNDONE


async def test_an_edit_of_a_reply_changes_the_clients_screen(rig, alice, bob, ticket):
    message = await sent(rig, bob, ticket, "Please restrat it.")
    await rig.desk.bus.handle(bob, edit_words, message=message, text="Please restart it.")
    await rig.hear()

    assert from_staff(alice) == ["Please restart it."]
    assert alice.last.is_edited


async def test_an_edit_while_a_reply_is_held_sends_the_new_words_once(rig, alice, bob, ticket):
    message = await rig.staff_reply(bob, ticket.number, "Please restrat it.")
    await rig.desk.bus.handle(bob, edit_words, message=message, text="Please restart it.")
    await rig.go_on(seconds=6)

    assert from_staff(alice) == ["Please restart it."]


async def test_a_deleted_reply_disappears(rig, alice, bob, ticket):
    message = await sent(rig, bob, ticket, "x" * 5_000)
    await rig.desk.bus.handle(bob, delete_words, message=message)
    await rig.hear()

    assert from_staff(alice) == []


async def test_a_reply_quotes_nothing_and_keeps_its_markup(rig, alice, bob, ticket):
    text = "😀 Press the 🔴 red button"
    await sent(rig, bob, ticket, text, spans=(Span("bold", 14, 3), Span("code", 2, 5)))

    marked = {one["type"]: (one["offset"], one["length"]) for one in alice.last.entities}
    assert alice.last.text == text
    assert marked == {"bold": (16, 3), "code": (3, 5)}


async def test_a_long_reply_comes_in_parts_that_are_the_whole(rig, alice, bob, ticket):
    words = " ".join(f"word{number}😀" for number in range(900))
    message = await sent(rig, bob, ticket, words)

    parts = from_staff(alice)
    assert len(parts) > 1
    assert " ".join(parts) == words
    assert (await rig.message(message)).delivery is DeliveryStatus.SENT


async def test_an_edit_may_need_more_or_fewer_parts(rig, alice, bob, ticket):
    long, longer = "a " * 2_500, "b " * 4_500
    message = await sent(rig, bob, ticket, long.strip())
    for text in (longer.strip(), "short", long.strip()):
        await rig.desk.bus.handle(bob, edit_words, message=message, text=text)
        await rig.hear()

    shown = [text for text in from_staff(alice) if "taken out" not in text]
    assert " ".join(shown) == long.strip()


async def test_files_of_staff_are_sent_after_the_words(rig, alice, bob, ticket, telegram):
    rig.files |= {"F1": PIXEL, "F2": b"%PDF-1.4"}
    attachments = (
        Attachment("photo", "F1", "light.png", "image/png"),
        Attachment("document", "F2", "guide.pdf", "application/pdf"),
    )
    await sent(rig, bob, ticket, "See here", attachments=attachments)

    words, photo, document = alice.visible[-3:]
    assert (words.text, photo.file_kind, document.file_kind) == ("See here", "photo", "document")
    assert document.file_name == "guide.pdf"
    assert telegram.file(document.file_id).content == b"%PDF-1.4"


async def test_a_picture_that_is_none_is_sent_as_a_file(rig, alice, bob, ticket, telegram):
    rig.files["F1"] = b"not a picture"
    await sent(rig, bob, ticket, attachments=(Attachment("photo", "F1", "a.png", "image/png"),))

    assert alice.last.file_kind in ("document", "photo")
    telegram.violations.clear()


async def test_an_edit_of_words_beside_files_leaves_the_files(rig, alice, bob, ticket):
    rig.files["F2"] = b"%PDF-1.4"
    file = (Attachment("document", "F2", "guide.pdf", "application/pdf"),)
    message = await sent(rig, bob, ticket, "Se here", attachments=file)
    await rig.desk.bus.handle(bob, edit_words, message=message, text="See here")
    await rig.hear()

    assert [one.text for one in alice.visible[-2:]] == ["See here", ""]
    assert alice.last.file_name == "guide.pdf"


async def test_a_file_that_cannot_be_had_sends_nothing_and_is_tried_again(rig, alice, bob, ticket):
    file = (Attachment("document", "F2", "guide.pdf", "application/pdf"),)
    message = await sent(rig, bob, ticket, "See here", attachments=file)
    before = from_staff(alice)
    rig.files["F2"] = b"%PDF-1.4"
    await rig.go_on(seconds=10)

    assert before == []
    assert from_staff(alice) == ["See here", ""]
    assert (await rig.message(message)).delivery is DeliveryStatus.SENT


async def test_an_uncertain_reply_is_never_sent_twice_by_itself(rig, alice, bob, ticket, telegram):
    telegram.faults.add(method="sendMessage", kind="reset_after")
    message = await sent(rig, bob, ticket, "Please restart it.")
    await rig.go_on(hours=3)

    assert from_staff(alice) == ["Please restart it."]
    assert (await rig.message(message)).delivery is DeliveryStatus.UNCERTAIN


async def test_staff_may_send_an_uncertain_reply_again(rig, alice, bob, ticket, telegram):
    telegram.faults.add(method="sendMessage", kind="reset")
    message = await sent(rig, bob, ticket, "Please restart it.")
    await rig.desk.bus.handle(bob, send_again, message=message)
    await rig.go_on(seconds=6)  # the lane may have stopped for the fault

    assert from_staff(alice) == ["Please restart it."]
    assert (await rig.message(message)).delivery is DeliveryStatus.SENT


async def test_staff_may_say_that_it_arrived(rig, bob, ticket, telegram):
    telegram.faults.add(method="sendMessage", kind="reset_after")
    message = await sent(rig, bob, ticket, "Please restart it.")
    await rig.desk.bus.handle(bob, it_arrived, message=message)
    await rig.hear()

    assert (await rig.message(message)).delivery is DeliveryStatus.SENT


async def test_a_reply_that_surely_failed_may_be_sent_again(rig, alice, bob, ticket, telegram):
    message = await rig.staff_reply(bob, ticket.number, "Please restart it.")
    standing = alice.chat.standing
    alice.chat.standing = type(standing)("unknown")
    await rig.go_on(seconds=6)
    failed = (await rig.message(message)).delivery
    alice.chat.standing = standing
    telegram.violations.clear()
    await rig.desk.bus.handle(bob, send_again, message=message)
    await rig.hear()

    assert failed is DeliveryStatus.FAILED
    assert from_staff(alice) == ["Please restart it."]


async def test_an_edit_of_what_never_arrived_sends_nothing(rig, alice, bob, ticket, telegram):
    telegram.faults.add(method="sendMessage", kind="reset")
    message = await sent(rig, bob, ticket, "Please restart it.")
    await rig.desk.bus.handle(bob, edit_words, message=message, text="Please turn it off.")
    await rig.go_on(seconds=6)  # likewise: not only because it waits

    assert from_staff(alice) == []


async def test_an_edit_that_cannot_be_brought_is_told_to_staff(rig, alice, bob, ticket, telegram):
    message = await sent(rig, bob, ticket, "Please restart it.")
    telegram.world.remove(alice.chat, alice.chat.messages[alice.last.message_id])
    rig.staff_side.carried.clear()
    await rig.desk.bus.handle(bob, edit_words, message=message, text="Please turn it off.")
    await rig.hear()

    lines = [getattr(one, "text", "") for one in rig.staff_side.carried]
    assert any("did not reach the client" in line for line in lines)
    assert not any(isinstance(one, EditReply) for one in rig.staff_side.carried)
    telegram.violations.clear()


async def test_a_client_answers_what_staff_wrote_by_a_reply(rig, alice, bob, ticket):
    await sent(rig, bob, ticket, "Which light is red?")
    question = alice.last
    await alice.reply_to(question, "The left one")
    await rig.hear()

    assert (await rig.talk(ticket))[-1].body == "The left one"
