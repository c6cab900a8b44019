import asyncio

import pytest
from telegram.error import Conflict


async def test_an_update_is_repeated_until_it_is_confirmed(call, alice):
    await alice.say("two")

    first = await call("getUpdates")
    again = await call("getUpdates")
    rest = await call("getUpdates", offset=first[0]["update_id"] + 1)
    none = await call("getUpdates", offset=first[1]["update_id"] + 1)

    assert first == again
    assert [one["message"]["text"] for one in rest] == ["two"]
    assert none == await call("getUpdates") == []


async def test_update_ids_rise(call, alice):
    for text in "abc":
        await alice.say(text)

    ids = [one["update_id"] for one in await call("getUpdates")]

    assert ids == sorted(set(ids))
    assert len(ids) == 4


async def test_the_limit_is_1_to_100(call, alice):
    for number in range(110):
        await alice.say(str(number))

    assert len(await call("getUpdates")) == 100
    assert len(await call("getUpdates", limit=1)) == 1
    assert len(await call("getUpdates", limit=1000)) == 100


async def test_a_negative_offset_forgets_all_but_the_last(call, alice):
    await alice.say("two")
    await alice.say("three")

    assert [one["message"]["text"] for one in await call("getUpdates", offset=-1)] == ["three"]
    assert len(await call("getUpdates")) == 1


async def test_a_long_poll_ends_with_the_next_update(call, alice):
    (first,) = await call("getUpdates")
    poll = asyncio.create_task(call("getUpdates", offset=first["update_id"] + 1, timeout=30))
    await call("getMe")

    await alice.say("at last")

    (update,) = await poll
    assert update["message"]["text"] == "at last"


async def test_a_second_poller_ends_the_first(bot, call, server):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await server.polled()

    second = await call("getUpdates")

    assert second == []
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await poll


async def test_a_poller_that_hung_up_does_not_stand_in_the_way(call, alice, server):
    (first,) = await call("getUpdates")
    offset = first["update_id"] + 1
    poll = asyncio.create_task(call("getUpdates", offset=offset, timeout=30))
    await server.polled()

    poll.cancel()
    await alice.say("still here")

    (update,) = await call("getUpdates", offset=offset, timeout=30)
    assert update["message"]["text"] == "still here"


async def test_only_allowed_kinds_arrive_from_then_on(call, alice):
    await call("getUpdates", allowed_updates=["callback_query"])

    await alice.say("unheard")

    assert len(await call("getUpdates")) == 1


@pytest.mark.usefixtures("alice")
async def test_an_unconfirmed_update_is_kept_for_a_day(call, clock):
    clock.advance(24 * 3600 - 1)
    kept = await call("getUpdates")

    clock.advance(2)

    assert len(kept) == 1
    assert await call("getUpdates") == []


@pytest.mark.usefixtures("alice")
async def test_updates_can_be_delivered_more_than_once(call, server):
    server.duplicate_updates = 1

    first, second = await call("getUpdates")

    assert first == second


async def test_updates_can_be_held_and_released_out_of_order(call, alice, server):
    (start,) = await call("getUpdates")
    server.hold()
    for text in ("one", "two"):
        await alice.say(text)
    held = await call("getUpdates", offset=start["update_id"] + 1)

    server.release(reverse=True)

    updates = await call("getUpdates")
    assert held == []
    assert [one["message"]["text"] for one in updates] == ["two", "one"]
    assert updates[0]["update_id"] < updates[1]["update_id"]


async def test_released_updates_can_keep_their_ids(call, alice, server):
    server.hold()
    await alice.say("one")
    await alice.say("two")

    server.release(reverse=True, renumber=False)

    ids = [one["update_id"] for one in await call("getUpdates")]
    assert ids[1] > ids[2]


async def test_any_update_can_be_injected(call, server):
    server.inject("poll_answer", {"poll_id": "1", "option_ids": []})

    (update,) = await call("getUpdates")

    assert update["poll_answer"] == {"poll_id": "1", "option_ids": []}


async def test_what_was_delivered_does_not_change_with_a_later_edit(call, alice):
    said = await alice.say("before")
    await alice.edit(said, "after")

    updates = await call("getUpdates")

    assert updates[1]["message"]["text"] == "before"
    assert updates[2]["edited_message"]["text"] == "after"
    assert "edit_date" in updates[2]["edited_message"]
