import asyncio
import json

import pytest
from aiohttp import web
from telegram.error import BadRequest, Conflict

KEY = "k" * 32


class Hook:
    """A receiver that answers with the planned statuses, then with 200."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self.received: list[tuple[str | None, dict]] = []
        self._came = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        key = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.received.append((key, json.loads(await request.read())))
        self._came.set()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def until(self, count: int) -> list[dict]:
        async with asyncio.timeout(5):
            while len(self.received) < count:
                self._came.clear()
                await self._came.wait()
        return [update for _, update in self.received]


@pytest.fixture
async def hook():
    receiver = Hook()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_are_posted_with_the_secret(bot, alice, hook):
    await bot.set_webhook(hook.url, secret_token=KEY)

    await alice.say("hello")

    updates = await hook.until(2)
    assert [one["message"]["text"] for one in updates] == ["/start", "hello"]
    assert {key for key, _ in hook.received} == {KEY}


@pytest.mark.usefixtures("alice")
async def test_an_update_is_repeated_until_it_is_taken(bot, hook, server):
    hook.statuses = [500, 403]
    await bot.set_webhook(hook.url)
    server.reception.webhook.retry_seconds = (0.0,)

    updates = await hook.until(3)

    info = await bot.get_webhook_info()
    assert len({one["update_id"] for one in updates}) == 1
    assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"


async def test_a_chats_updates_stay_in_order_behind_a_failure(bot, alice, hook, server):
    hook.statuses = [500]
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    server.reception.webhook.retry_seconds = (0.0,)

    for text in ("one", "two"):
        await alice.say(text)

    assert [one["message"]["text"] for one in await hook.until(3)] == ["one", "one", "two"]


@pytest.mark.usefixtures("alice")
async def test_polling_and_a_webhook_exclude_each_other(bot, hook):
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()

    await hook.until(1)
    await bot.delete_webhook(drop_pending_updates=True)

    assert await bot.get_updates() == ()


async def test_setting_a_webhook_ends_a_waiting_poll(bot, call, hook, server):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await server.polled()

    await call("setWebhook", url=hook.url)

    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll


@pytest.mark.usefixtures("alice")
async def test_duplicates_reach_a_webhook_too(bot, hook, server):
    server.duplicate_updates = 1
    await bot.set_webhook(hook.url)

    first, second = await hook.until(2)

    assert first == second


@pytest.mark.usefixtures("alice")
async def test_what_is_pending_goes_out_after_a_restart(bot, hook, server):
    hook.statuses = [500]
    await bot.set_webhook(hook.url)
    await hook.until(1)

    await server.stop()
    await server.start()

    assert len(await hook.until(2)) == 2


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"url": "http://desk.example/hook"}, "An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://desk.example.com:8080/hook"},
            "can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://a.example", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://a.example", "secret_token": "a b"}, "unallowed characters"),
    ],
)
async def test_a_webhook_must_be_safe(bot, blamed, parameters, words):
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.set_webhook(**parameters)

    assert len(blamed()) == 1


async def test_the_webhook_says_what_it_is(bot, hook):
    before = await bot.get_webhook_info()
    await bot.set_webhook(hook.url, max_connections=3, allowed_updates=["message"])

    after = await bot.get_webhook_info()

    assert before.url == ""
    assert (after.url, after.max_connections, after.allowed_updates) == (hook.url, 3, ("message",))


@pytest.mark.parametrize("port", ["", ":443", ":80", ":88", ":8443"])
async def test_a_webhook_is_set_at_the_ports_of_telegram(bot, server, port):
    await bot.set_webhook(f"https://desk.example.com{port}/hook")

    assert server.reception.webhook is not None
