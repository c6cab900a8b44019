"""Envelopes: acknowledged within three seconds, or tried again; sockets come and go."""

import asyncio

import pytest

HEADERS = {"Authorization": "Bearer xapp-sandbox"}


async def socket_of(server, http):
    async with http.post(f"{server.api_url}apps.connections.open", headers=HEADERS) as answer:
        url = (await answer.json())["url"]
    socket = await http.ws_connect(url)
    return socket, await socket.receive_json()


async def acked(socket, **more):
    envelope = await socket.receive_json(timeout=5)
    await socket.send_json({"envelope_id": envelope["envelope_id"], **more})
    return envelope


async def test_a_socket_is_greeted(timed, http):
    _, hello = await socket_of(timed, http)

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"]["app_id"] == "A0DESK"


async def test_a_ticket_opens_one_socket_only(timed, http):
    async with http.post(f"{timed.api_url}apps.connections.open", headers=HEADERS) as answer:
        url = (await answer.json())["url"]
    await http.ws_connect(url)

    async with http.get(url.replace("ws://", "http://")) as again:
        assert again.status == 403


async def test_the_eleventh_socket_is_sent_away(timed, http):
    kept = [await socket_of(timed, http) for _ in range(10)]

    _, goodbye = await socket_of(timed, http)

    assert len(kept) == 10
    assert goodbye == {
        "type": "disconnect",
        "reason": "too_many_websockets",
        "debug_info": {"host": "applink-sandbox"},
    }


async def test_each_event_goes_to_one_socket(timed, http):
    got = []

    async def read(socket):
        while True:
            got.append((socket, (await acked(socket))["payload"]["event"]["text"]))

    sockets = [(await socket_of(timed, http))[0] for _ in range(3)]
    readers = [asyncio.ensure_future(read(socket)) for socket in sockets]
    for n in range(12):
        await timed.people["U0BOB"].say("#support", str(n))
    await timed.settled()
    for reader in readers:
        reader.cancel()

    assert sorted(int(text) for _, text in got) == list(range(12))
    assert len({id(socket) for socket, _ in got}) > 1


async def test_an_event_without_an_ack_is_tried_again_at_once_then_after_a_minute_and_five(
    timed, http
):
    socket, _ = await socket_of(timed, http)
    await timed.people["U0BOB"].say("#support", "hello")
    first = await socket.receive_json(timeout=5)
    tries = [first]
    for wait in (3, 3, 60, 3, 300):
        await timed.state.clock.advance(wait)
        if wait != 3 or len(tries) < 2:
            tries.append(await socket.receive_json(timeout=5))
    await timed.state.clock.advance(3)
    await timed.settled()

    assert [t["retry_attempt"] for t in tries] == [0, 1, 2, 3]
    assert [t["retry_reason"] for t in tries] == ["", "timeout", "timeout", "timeout"]
    assert len({t["payload"]["event_id"] for t in tries}) == 1
    assert len({t["envelope_id"] for t in tries}) == 4
    assert [v.rule for v in timed.violations] == ["not_acked"] * 4
    assert [lost.kind for lost in timed.record.undelivered] == ["events_api"]
    timed.violations.clear()


async def test_an_event_that_finds_no_socket_is_delivered_by_a_later_try(timed, http):
    await timed.people["U0BOB"].say("#support", "hello")
    await timed.state.clock.advance(1)
    socket, _ = await socket_of(timed, http)
    await timed.state.clock.advance(60)

    envelope = await acked(socket)
    await timed.settled()

    assert envelope["retry_attempt"] == 2
    assert envelope["retry_reason"] == "no_active_socket"


async def test_a_click_nobody_acks_is_an_operation_timeout(timed, http):
    socket, _ = await socket_of(timed, http)
    bob = timed.people["U0BOB"]
    clicking = asyncio.ensure_future(bob.global_shortcut("new"))
    await socket.receive_json(timeout=5)
    await timed.state.clock.advance(3)

    assert await clicking is None
    assert bob.notices == ["new failed with the error operation_timeout"]
    assert [v.rule for v in timed.violations] == ["operation_timeout"]
    timed.violations.clear()


async def test_a_click_while_the_app_is_down_is_not_the_apps_fault(timed):
    ack = await timed.people["U0BOB"].global_shortcut("new")

    assert ack is None
    assert [lost.reason for lost in timed.record.undelivered] == ["no_active_socket"]


async def test_acknowledging_twice_or_what_was_never_sent_is_a_violation(timed, http):
    socket, _ = await socket_of(timed, http)
    await timed.people["U0BOB"].say("#support", "hello")
    envelope = await acked(socket)
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await socket.send_json({"envelope_id": "never"})
    await socket.send_str("hello?")
    await socket.close()
    await timed.state.changes.until(lambda _: not timed.state.sockets.sockets)

    assert [v.rule for v in timed.violations] == ["double_ack", "unknown_envelope", "bad_ack"]
    timed.violations.clear()


async def test_a_lost_ack_brings_the_event_again(timed, http):
    socket, _ = await socket_of(timed, http)
    timed.drop_acks = 1
    await timed.people["U0BOB"].say("#support", "hello")

    first, second = await acked(socket), await acked(socket)
    await timed.settled()

    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert second["retry_attempt"] == 1


async def test_duplicates_carry_the_same_event_id(timed, http):
    socket, _ = await socket_of(timed, http)
    timed.duplicate_events = 2
    await timed.people["U0BOB"].say("#support", "hello")

    ids = {(await acked(socket))["payload"]["event_id"] for _ in range(3)}
    await timed.settled()

    assert len(ids) == 1


async def test_held_events_can_be_released_in_reverse(timed, http):
    socket, _ = await socket_of(timed, http)
    timed.hold()
    for n in range(3):
        await timed.people["U0BOB"].say("#support", str(n))
    releasing = asyncio.ensure_future(timed.release(reverse=True))

    texts = [(await acked(socket))["payload"]["event"]["text"] for _ in range(3)]
    await releasing

    assert texts == ["2", "1", "0"]


@pytest.mark.parametrize("hard", [True, False])
async def test_the_real_client_comes_back_after_its_socket_is_dropped(slack, app, hard):
    heard = []
    slack.retry_speed = 600

    @app.event("message")
    async def message(event):
        heard.append(event["text"])

    bob = slack.people["U0BOB"]
    await bob.say("#support", "before")
    await slack.settled()
    old = list(slack.state.sockets.sockets)
    await slack.disconnect(hard=hard)
    await slack.state.changes.until(
        lambda _: [s for s in slack.state.sockets.sockets if s not in old and not s.leaving], 10
    )
    await bob.say("#support", "after")
    await slack.settled()

    assert heard == ["before", "after"]


async def test_acks_are_timed(slack, app):
    @app.event("message")
    async def message():
        pass

    for n in range(5):
        await slack.people["U0BOB"].say("#support", str(n))
    await slack.settled()

    assert len(slack.record.ack_seconds) == 5
    assert 0 < slack.record.ack_percentile(50) <= slack.record.ack_percentile(99)


async def test_a_click_can_be_delivered_twice_with_the_same_trigger(timed, http):
    socket, _ = await socket_of(timed, http)
    timed.duplicate_interactions = 1
    clicking = asyncio.ensure_future(timed.people["U0BOB"].global_shortcut("new"))

    first, second = await acked(socket), await acked(socket)
    await clicking
    await timed.settled()

    assert first["payload"]["trigger_id"] == second["payload"]["trigger_id"]
    assert first["envelope_id"] != second["envelope_id"]
