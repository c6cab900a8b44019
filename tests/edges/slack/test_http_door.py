"""What strangers may post to the public address, and how little follows.

docs/design/security.md, "Bodies from strangers".
"""

import hashlib
import hmac
import io
import json
import logging
import random
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.slack.transport.signed_http import signature
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.office import SECRET, Office, a_workspace, an_office, served
from tests.support.stores.stages import Stage
from tests.volume import seed


@pytest.fixture
async def public(ground: Stage, telegram: TelegramServer) -> AsyncIterator[Office]:
    async with served(a_workspace("http")) as slack, an_office(ground, telegram, slack) as office:
        yield office


def headers(body: bytes, *, stamp: str = "", secret: str = SECRET) -> dict[str, str]:
    stamp = stamp or str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret, stamp, body),
    }


async def an_event(office: Office, ticket: Ticket, **envelope: str) -> bytes:
    place = await office.place(ticket)
    event = {
        "type": "message",
        "user": "U0BOB",
        "text": "a note",
        "ts": "1795000000.000100",
        "thread_ts": place.ts,
        "channel": place.channel,
        "channel_type": "channel",
    }
    body = office.slack.state.events.envelope(event) | {"event_id": "Ev1"} | envelope
    return json.dumps(body).encode()


async def test_a_signed_event_counts_and_its_replay_changes_nothing(
    public: Office, alice: VirtualUser
):
    ticket = await public.a_ticket(alice)
    body = await an_event(public, ticket)
    signed = headers(body)

    answers = [await public.slack.http.send_raw(body, signed) for _ in range(3)]
    await public.hear()

    assert {status for status, _ in answers} == {200}
    assert len(await public.rig.talk(ticket)) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "1e400"},
        {"X-Slack-Request-Timestamp": "-1795000000"},
        {"X-Slack-Request-Timestamp": "٠١٢٣٤٥٦٧٨٩"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "0" * 63},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "é" * 64},
        {"X-Slack-Signature": "v0=" + "G" * 64},
    ],
)
async def test_what_is_not_signed_well_is_401(
    public: Office, alice: VirtualUser, spoil: dict[str, str]
):
    ticket = await public.a_ticket(alice)
    body = await an_event(public, ticket)

    status, text = await public.slack.http.send_raw(body, headers(body) | spoil)
    await public.hear()

    assert (status, text) == (401, "")
    assert len(await public.rig.talk(ticket)) == 1


async def test_no_request_is_in_the_log_signed_or_not(
    public: Office, caplog: pytest.LogCaptureFixture
):
    event = {"type": "reaction_added", "user": "U0BOB", "reaction": "words of theirs"}
    body = json.dumps(public.slack.state.events.envelope(event) | {"event_id": "Ev1"}).encode()
    caplog.set_level(logging.DEBUG)

    for signed in (headers(body), headers(body, secret="another")):
        await public.slack.http.send_raw(body, signed)
    await public.hear()

    assert "words of theirs" not in caplog.text
    assert [one.name for one in caplog.records if one.name.endswith(".bolt")] == []


@pytest.mark.parametrize(("shift", "expected"), [(-301, 401), (-290, 200), (290, 200), (320, 401)])
async def test_a_timestamp_is_fresh_for_five_minutes(
    public: Office, alice: VirtualUser, shift: int, expected: int
):
    ticket = await public.a_ticket(alice)
    body = await an_event(public, ticket)

    signed = headers(body, stamp=str(int(time.time()) + shift))

    assert (await public.slack.http.send_raw(body, signed))[0] == expected


async def test_another_secret_another_app_and_another_workspace_are_refused(
    public: Office, alice: VirtualUser
):
    ticket = await public.a_ticket(alice)
    own = await an_event(public, ticket)
    far = await an_event(public, ticket, team_id="T0FAR")
    app = await an_event(public, ticket, api_app_id="A0FAR")

    answers = [
        await public.slack.http.send_raw(own, headers(own, secret="rotated")),
        await public.slack.http.send_raw(far, headers(far)),
        await public.slack.http.send_raw(app, headers(app)),
    ]
    await public.hear()

    assert [status for status, _ in answers] == [401, 403, 403]
    assert len(await public.rig.talk(ticket)) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"x" * 1_048_577, 413),
        (b"[" * 100_000, 403),
        (b"\xff\xfe", 401),
        (b"null", 403),
        (b"[]", 403),
        (b"{}", 403),
        (b'{"type": "event_callback", "event": 5}', 403),
        (b"", 403),
        (b"payload=%7B", 403),
        (b"ssl_check=1&token=x", 403),
    ],
)
async def test_odd_bodies_are_refused_even_when_signed(public: Office, body: bytes, expected: int):
    stamp = str(int(time.time()))
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    signed = {
        "Content-Type": "application/json"
        if b"=" not in body
        else "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac.hexdigest()}",
    }

    async with (
        aiohttp.ClientSession() as session,
        session.post(public.slack.request_url, data=io.BytesIO(body), headers=signed) as answer,
    ):
        status = answer.status

    assert status == expected


async def test_slack_can_verify_the_address(public: Office):
    assert await public.slack.verify_url()


async def test_no_mutation_of_a_signed_request_reaches_anybody(public: Office, alice: VirtualUser):
    ticket = await public.a_ticket(alice)
    body = await an_event(public, ticket)
    signed, seeded = headers(body), random.Random(seed())

    statuses = set()
    for _ in range(300):
        changed = bytearray(body)
        changed[seeded.randrange(len(body))] ^= 1 << seeded.randrange(8)
        statuses.add((await public.slack.http.send_raw(bytes(changed), signed))[0])
    await public.hear()

    assert statuses == {401}
    assert len(await public.rig.talk(ticket)) == 1
