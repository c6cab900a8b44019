from datetime import timedelta

import pytest
from telegram.error import RetryAfter


@pytest.fixture
async def people(server):
    found = [server.user(number, f"P{number}") for number in range(1, 60)]
    for person in found:
        await person.start()
    return found


@pytest.fixture(autouse=True)
def limits_on(server):
    server.limits_on = True


async def sent(call, chat_id, count=100):
    """How many of these were taken before the first 429, and the seconds it named."""
    for number in range(count):
        status, body = await call.raw("sendMessage", chat_id=chat_id, text="x")
        if status == 429:
            return number, body["parameters"]["retry_after"]
    return count, 0


async def test_one_message_a_second_reaches_a_chat_after_a_small_burst(call, alice, clock):
    burst = await sent(call, alice.id)
    clock.advance(1)
    after = await sent(call, alice.id)

    assert burst == (3, 1)
    assert after == (1, 1)


async def test_the_library_learns_how_long_to_wait(bot, alice):
    for _ in range(3):
        await bot.send_message(alice.id, "x")

    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(alice.id, "x")

    assert refusal.value.retry_after == timedelta(seconds=1)


async def test_about_thirty_messages_a_second_in_all(call, people, server):
    taken = [(await call.raw("sendMessage", chat_id=one.id, text="x"))[0] for one in people]

    assert taken.count(200) == 33
    assert server.record.too_many == taken.count(429) == len(people) - 33


async def test_a_sender_that_keeps_to_the_rate_is_not_refused(call, people, clock, server):
    for one in people * 5:
        await call("sendMessage", chat_id=one.id, text="x")
        clock.advance(1 / 29)

    assert server.record.too_many == 0


async def test_twenty_messages_a_minute_reach_a_group(call, server, clock):
    group = server.group("Team")

    assert await sent(call, group.id) == (20, 3)
    clock.advance(3)
    assert await sent(call, group.id) == (1, 3)


async def test_edits_and_albums_count_and_typing_does_not(call, alice):
    photo = {"type": "photo", "media": (await alice.send_photo()).file_id}
    first = (await call("sendMessage", chat_id=alice.id, text="x"))["message_id"]
    for _ in range(10):
        await call("sendChatAction", chat_id=alice.id, action="typing")
    await call("editMessageText", chat_id=alice.id, message_id=first, text="y")

    status, body = await call.raw("sendMediaGroup", chat_id=alice.id, media=[photo] * 3)

    assert (status, body["parameters"]["retry_after"]) == (429, 2)


async def test_a_refused_message_is_not_counted(call, alice, server):
    for _ in range(10):
        await call.refusal("sendMessage", chat_id=alice.id, text="x" * 5000)
    server.violations.clear()

    assert await sent(call, alice.id) == (3, 1)


async def test_limits_can_be_switched_off(call, alice, server):
    server.limits_on = False

    assert await sent(call, alice.id, 50) == (50, 0)
