from datetime import timedelta

import aiohttp
import pytest
from telegram.error import NetworkError, RetryAfter, TimedOut


async def test_a_planted_429_names_the_seconds_and_does_nothing(bot, alice, server):
    server.faults.add(method="sendMessage", kind="429", retry_after=7)

    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(alice.id, "x")

    assert refusal.value.retry_after == timedelta(seconds=7)
    assert len(alice.visible) == 1
    await bot.send_message(alice.id, "x")


@pytest.mark.parametrize("kind", ["500", "html502"])
async def test_a_server_error_does_nothing(bot, alice, server, kind):
    server.faults.add(method="sendMessage", kind=kind)

    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "x")

    assert len(alice.visible) == 1


async def test_a_gateway_answers_in_html(call, server):
    server.faults.add(method="getMe", kind="html502")

    async with call.session.get(call.url("getMe")) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")


@pytest.mark.parametrize(("kind", "arrived"), [("reset", 0), ("reset_after", 1)])
async def test_a_reset_comes_before_or_after_the_message_was_taken(
    bot, alice, server, kind, arrived
):
    server.faults.add(method="sendMessage", kind=kind)

    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "x")

    assert len(alice.visible) == 1 + arrived


@pytest.mark.parametrize(("kind", "arrived"), [("timeout", 0), ("timeout_after", 1), ("slow", 1)])
async def test_an_answer_can_stay_out(bot, alice, server, kind, arrived):
    server.faults.add(method="sendMessage", kind=kind, seconds=30)

    with pytest.raises(TimedOut):
        await bot.send_message(alice.id, "x", read_timeout=0.05)

    assert len(alice.visible) == 1 + arrived


async def test_a_slow_answer_comes_at_last(bot, alice, server):
    server.faults.add(method="sendMessage", kind="slow", seconds=0.01)

    assert (await bot.send_message(alice.id, "x")).text == "x"


async def test_faults_can_wait_and_repeat(call, alice, server):
    fault = server.faults.add(method="sendMessage", kind="500", after=1, times=2)

    statuses = [(await call.raw("sendMessage", chat_id=alice.id, text="x"))[0] for _ in range(4)]

    assert statuses == [200, 500, 500, 200]
    assert fault.hits == 2


async def test_a_fault_for_any_method_spares_the_poll(call, server):
    server.faults.add(kind="500")

    assert (await call.raw("getUpdates"))[0] == 200
    assert (await call.raw("getMe"))[0] == 500


async def test_faults_can_be_taken_back(call, server):
    server.faults.add(kind="500", times=9)

    server.faults.clear()

    assert (await call.raw("getMe"))[0] == 200


async def test_answering_again_after_a_lost_answer_is_no_mistake(call, alice, server):
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await call("sendMessage", chat_id=alice.id, text="x", reply_markup=markup)
    await alice.tap("Go")
    query = (await call("getUpdates"))[-1]["callback_query"]["id"]
    server.faults.add(method="answerCallbackQuery", kind="reset_after")

    with pytest.raises(aiohttp.ClientError):
        await call("answerCallbackQuery", callback_query_id=query)
    refusal = await call.refusal("answerCallbackQuery", callback_query_id=query)

    assert refusal.startswith("Bad Request: query is too old")
    assert server.violations == []


async def test_a_lost_answer_is_recorded_with_status_0(call, server):
    server.faults.add(method="getMe", kind="reset")

    with pytest.raises(aiohttp.ClientError):
        await call("getMe")

    assert (server.calls[-1].status, server.calls[-1].description) == (0, "reset")


async def test_chats_outlive_a_restart_of_the_platform(bot, alice, server):
    await bot.send_message(alice.id, "before")
    port = int(server.root_url.rpartition(":")[2])

    await server.stop()
    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "lost")
    await server.start(port)
    await bot.send_message(alice.id, "after")

    assert [one.text for one in alice.visible] == ["/start", "before", "after"]
