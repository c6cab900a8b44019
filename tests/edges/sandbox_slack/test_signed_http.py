"""HTTP mode: signed requests, retries told in headers, the URL verified."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest
from aiohttp import web

SECRET = b"signing-secret"


class Listener:
    """A request URL that writes down what comes and answers as told."""

    def __init__(self):
        self.requests = []
        self.status = 200
        self.body = ""
        self.came = asyncio.Event()
        self.mute = False

    async def handle(self, request):
        body = await request.read()
        self.requests.append((request.headers.copy(), body))
        self.came.set()
        if self.mute:
            await asyncio.Event().wait()
        return web.Response(status=self.status, text=self.body)


@pytest.fixture
async def listener(http_slack):
    ear = Listener()
    app = web.Application()
    app.router.add_post("/slack/events", ear.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    http_slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield ear
    await runner.cleanup()


async def test_every_request_is_signed_over_its_raw_body(http_slack, listener):
    await http_slack.people["U0BOB"].say("#support", "hello বাংলা")
    await http_slack.settled()

    [(headers, body)] = listener.requests
    base = b"v0:" + headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    expected = "v0=" + hmac.new(SECRET, base, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == expected
    assert headers["Content-Type"] == "application/json"
    assert "X-Slack-Retry-Num" not in headers
    assert json.loads(body)["event"]["text"] == "hello বাংলা"


async def test_interactions_and_commands_come_as_forms(http_slack, listener):
    bob = http_slack.people["U0BOB"]
    await bob.global_shortcut("new")
    await bob.command("/desk find a & b", "#support")

    shortcut, command = (parse_qs(body.decode()) for _, body in listener.requests)
    assert json.loads(shortcut["payload"][0])["callback_id"] == "new"
    assert command["command"] == ["/desk"]
    assert command["text"] == ["find a &amp; b"]


async def test_a_failed_event_is_tried_three_times_more(http_slack, listener):
    listener.status = 500
    http_slack.retry_speed = 1_000_000

    await http_slack.people["U0BOB"].say("#support", "hello")
    await http_slack.settled()

    retries = [headers.get("X-Slack-Retry-Num") for headers, _ in listener.requests]
    reasons = [headers.get("X-Slack-Retry-Reason") for headers, _ in listener.requests]
    assert retries == [None, "1", "2", "3"]
    assert reasons == [None, "http_error", "http_error", "http_error"]
    assert len(http_slack.violations) == 4
    http_slack.violations.clear()


async def test_an_app_that_is_down_gets_its_events_later(http_slack, listener):
    url, http_slack.request_url = http_slack.request_url, "http://127.0.0.1:9/slack/events"
    http_slack.retry_speed = 600
    await http_slack.people["U0BOB"].say("#support", "hello")
    while not http_slack.record.failed_tries:  # noqa: ASYNC110 - nothing tells of a failed try
        await asyncio.sleep(0)
    http_slack.request_url = url

    await http_slack.settled()

    assert len(listener.requests) == 1


async def test_the_url_is_verified_by_the_real_bolt(http_slack, http_app):
    assert http_app is not None
    assert await http_slack.verify_url()


async def test_a_request_signed_with_another_secret_is_refused_by_bolt(http_slack, http_app):
    assert http_app is not None
    body = b'{"type":"event_callback"}'
    headers = http_slack.http.signed_headers(body) | {"X-Slack-Signature": "v0=" + "0" * 64}

    status, _ = await http_slack.http.send_raw(body, headers)

    assert status == 401
