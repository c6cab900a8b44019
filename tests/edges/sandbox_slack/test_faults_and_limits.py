"""Bad days on demand, and the platform's own brakes."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler

SUPPORT = "C0SUPPORT"


async def refused(call):
    with pytest.raises(SlackApiError) as error:
        await call
    return error.value.response


async def test_a_channel_takes_a_short_burst_then_one_message_a_second(timed, timed_client):
    for n in range(5):
        await timed_client.chat_postMessage(channel=SUPPORT, text=str(n))
    too_many = await refused(timed_client.chat_postMessage(channel=SUPPORT, text="6"))
    elsewhere = await timed_client.chat_postMessage(channel="G0PRIVACY", text="1")
    await timed.state.clock.advance(1)
    later = await timed_client.chat_postMessage(channel=SUPPORT, text="6")

    assert too_many.status_code == 429
    assert too_many.headers["Retry-After"] == "1"
    assert too_many["error"] == "ratelimited"
    assert elsewhere["ok"]
    assert later["ok"]


async def test_each_method_has_the_rate_of_its_tier(timed, timed_client):
    for _ in range(20):
        await timed_client.usergroups_list()

    too_many = await refused(timed_client.usergroups_list())

    assert too_many.headers["Retry-After"] == "3"
    assert timed.record.errors["usergroups.list:ratelimited"] == 1


async def test_limits_can_be_switched_off(timed, timed_client):
    timed.rates.on = False

    for n in range(20):
        await timed_client.chat_postMessage(channel=SUPPORT, text=str(n))

    assert timed.record.counts["chat.postMessage"] == 20


async def test_an_ordered_429_is_retried_by_the_real_client(slack, client):
    slack.faults.add(method="chat.postMessage", kind="429", times=1, retry_after=0)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))

    posted = await client.chat_postMessage(channel=SUPPORT, text="x")

    assert posted["ok"]
    assert [call.status for call in slack.calls] == [429, 200]


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("html502", 502)])
async def test_a_server_error_keeps_the_message_from_being_posted(slack, http, kind, status):
    slack.faults.add(method="chat.postMessage", kind=kind)
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    args = {"channel": SUPPORT, "text": "x"}

    async with http.post(f"{slack.api_url}chat.postMessage", json=args, headers=headers) as answer:
        assert answer.status == status

    assert not slack.channel("#support").messages


@pytest.mark.parametrize(("kind", "posted"), [("reset", 0), ("reset_after", 1)])
async def test_a_reset_drops_the_connection_before_or_after_the_work(slack, http, kind, posted):
    slack.faults.add(method="chat.postMessage", kind=kind)
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    args = {"channel": SUPPORT, "text": "x"}

    with pytest.raises(aiohttp.ClientError):
        await http.post(f"{slack.api_url}chat.postMessage", json=args, headers=headers)

    assert len(slack.channel("#support").messages) == posted


async def test_a_fault_can_name_an_error_and_wait_for_its_turn(slack, client):
    slack.faults.add(method="chat.postMessage", kind="err:channel_not_found", after=1)

    await client.chat_postMessage(channel=SUPPORT, text="1")
    error = await refused(client.chat_postMessage(channel=SUPPORT, text="2"))
    await client.chat_postMessage(channel=SUPPORT, text="3")

    assert error["error"] == "channel_not_found"


async def test_a_slow_call_is_still_carried_out(slack, client):
    slack.faults.add(method="chat.postMessage", kind="slow", seconds=0.0)

    assert (await client.chat_postMessage(channel=SUPPORT, text="x"))["ok"]


def test_an_unknown_kind_of_fault_is_refused(slack):
    with pytest.raises(ValueError, match="fire"):
        slack.faults.add(method="chat.postMessage", kind="fire")
