"""What clients change afterwards: places that move, albums, edits, and thumbs under a reply."""

from bot.application.outbound.to_staff import PostLine, PostMessage, UpdatePost
from bot.application.views.thread_post import thread_post
from bot.domain.tickets.message import Message
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.rig import Rig

MOVES = 180


def place(step: int, **more: int) -> dict[str, object]:
    return {"location": {"latitude": 23.7 + step / 1000, "longitude": 90.4, **more}}


async def said_last(rig: Rig) -> Message:
    return (await rig.talk((await rig.tickets())[-1]))[-1]


async def shown(rig: Rig, message: Message) -> str:
    return (await rig.desk.bus.look(thread_post, message.id)).text


async def test_a_place_that_moves_for_hours_is_one_line_with_the_newest(rig, alice):
    await rig.opens_ticket(alice)
    sent = await alice.send_raw(place(0, live_period=7_200))
    await rig.hear()
    rig.staff_side.carried.clear()

    for step in range(1, MOVES + 1):
        await alice.edit_raw(sent, place(step, live_period=7_200))
        if step % 20 == 0:
            await rig.hear()
    await rig.hear()

    kept = await said_last(rig)
    assert len(kept.attachments) == 1
    assert [one.place for one in kept.versions] == [
        f"{23.7 + step / 1000:.5f}, 90.40000" for step in range(MOVES)
    ]
    assert (await shown(rig, kept)).startswith("[location: 23.88000, 90.40000, live until ")
    assert rig.staff_side.of(PostMessage) + rig.staff_side.of(PostLine) == []


async def test_the_same_place_again_adds_nothing(rig, alice):
    await rig.opens_ticket(alice)
    sent = await alice.send_raw(place(1, live_period=600))
    await rig.hear()
    rig.staff_side.carried.clear()

    await alice.edit_raw(sent, place(1, live_period=600, heading=90))
    await rig.hear()

    assert (await said_last(rig)).version == 1
    assert rig.staff_side.of(UpdatePost) == []


async def test_a_card_that_comes_again_with_an_edit_is_there_once(rig, alice):
    await rig.opens_ticket(alice)
    card = {"contact": {"phone_number": "+8801799", "first_name": "Karim"}}
    sent = await alice.send_raw(card)
    await rig.hear()

    await alice.edit_raw(sent, card)
    await rig.hear()

    assert len((await said_last(rig)).attachments) == 1


async def test_words_that_come_back_as_they_were_are_the_newest_again(rig, alice):
    await rig.opens_ticket(alice)
    sent = await alice.send_raw({"text": "The number is 4711"})
    await rig.hear()
    await alice.edit_raw(sent, {})
    await rig.hear()
    unread = (await said_last(rig)).unread_change_at

    await alice.edit_raw(sent, {"text": "The number is 4711"})
    await rig.hear()

    kept = await said_last(rig)
    assert unread is not None
    assert (kept.body, kept.unread_change_at) == ("The number is 4711", None)


async def test_a_file_that_replaces_another_leaves_the_old_one_too(rig, alice):
    await rig.opens_ticket(alice)
    sent = await alice.send_raw({"document": {"file_id": "A", "file_unique_id": "a"}})
    await rig.hear()

    await alice.edit_raw(sent, {"document": {"file_id": "B", "file_unique_id": "b"}})
    await rig.hear()

    assert [one.file_ref for one in (await said_last(rig)).attachments] == ["A", "B"]


async def test_a_file_whose_reference_changed_is_the_same_file(rig, alice):
    await rig.opens_ticket(alice)
    sent = await alice.send_raw({"document": {"file_id": "A", "file_unique_id": "a"}})
    await rig.hear()

    await alice.edit_raw(
        sent, {"document": {"file_id": "A2", "file_unique_id": "a"}, "caption": "The bill"}
    )
    await rig.hear()

    kept = await said_last(rig)
    assert (kept.body, len(kept.attachments)) == ("The bill", 1)


async def test_a_thumb_stands_at_its_reply_until_it_is_taken_back(rig: Rig, alice: VirtualUser):
    bob = await rig.a_member()
    ticket = await rig.opens_ticket(alice)
    reply = await rig.staff_reply(bob, ticket.number, "Is it solved?")
    await rig.go_on(seconds=10)
    rig.staff_side.carried.clear()

    await alice.react(alice.last, "👎")
    await rig.hear()
    given = (await rig.desk.bus.look(thread_post, reply)).changes
    await alice.react(alice.last)
    await rig.hear()
    taken = (await rig.desk.bus.look(thread_post, reply)).changes

    assert given == ("the client's reaction: 👎",)
    assert taken == ()
    assert rig.staff_side.of(UpdatePost) == [UpdatePost(ticket.id, reply)] * 2


async def test_a_thumb_under_anything_else_is_nothing(rig: Rig, alice: VirtualUser):
    await rig.opens_ticket(alice)
    before = len(alice.messages)
    rig.staff_side.carried.clear()

    await alice.react(alice.last, "👍")
    await rig.hear()

    assert len(alice.messages) == before
    assert rig.staff_side.of(UpdatePost) == []
