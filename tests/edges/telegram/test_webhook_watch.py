"""Whether Telegram can bring what clients write: only it knows, and the desk asks."""

import pytest

from bot.application.ports.troubles import TroubleKind
from bot.domain.errors import Refused, Unavailable
from handlers.runtime.trouble_board import TroubleBoard
from handlers.sandbox.telegram import TelegramServer
from handlers.telegram.webhook_watch import WebhookWatch
from tests.support.drivers.rig import Rig

URL, SECRET = "http://127.0.0.1:9/hook-of-ours", "k" * 40
OTHER = "https://other.example/hook-with-a-secret-path"


@pytest.fixture
def board(rig: Rig) -> TroubleBoard:
    return TroubleBoard(rig.desk.clock)


def told(board: TroubleBoard) -> list[str]:
    standing = board.standing()
    assert {one.trouble.kind for one in standing} <= {TroubleKind.WEBHOOK}
    return [one.trouble.error for one in standing]


def a_watch(rig: Rig, board: TroubleBoard, **more: object) -> WebhookWatch:
    async def set_again() -> None:
        await rig.edge.set_webhook(URL, SECRET)

    return WebhookWatch(rig.bot, board, URL, set_again=set_again, **more)  # pyright: ignore[reportArgumentType]


def fails(telegram: TelegramServer, rig: Rig, words: str = "Connection refused") -> None:
    """Telegram tries to deliver, and cannot."""
    hook = telegram.reception.webhook
    assert hook is not None
    rig.stage.clock.go_on(seconds=1)
    hook.last_error, hook.last_error_at = words, int(rig.stage.clock.now().timestamp())


async def test_a_webhook_that_works_is_no_trouble(rig, board):
    await rig.edge.set_webhook(URL, SECRET)
    watch = a_watch(rig, board)

    await watch.look()
    await watch.look()

    assert told(board) == []


async def test_what_telegram_cannot_deliver_is_told_in_its_own_words_until_it_can(
    rig, board, telegram
):
    await rig.edge.set_webhook(URL, SECRET)
    watch = a_watch(rig, board)
    await watch.look()

    fails(telegram, rig, "SSL error {certificate verify failed}")
    await watch.look()
    failing = told(board)
    await watch.look()
    await watch.look()

    assert failing == ["SSL error {certificate verify failed}"]
    assert told(board) == []


async def test_an_error_from_before_the_start_is_no_trouble(rig, board, telegram):
    """The desk was away, and Telegram remembers."""
    await rig.edge.set_webhook(URL, SECRET)
    fails(telegram, rig)
    watch = a_watch(rig, board)

    await watch.look()
    await watch.look()

    assert told(board) == []


async def test_words_that_wait_while_none_comes_are_a_trouble(rig, board, telegram):
    await rig.edge.set_webhook(URL, SECRET)
    watch = a_watch(rig, board)
    await telegram.user(1001, "Alice").say("Is anybody there?")

    await watch.look()
    first = told(board)
    await watch.look()

    assert first == []
    assert len(told(board)) == 1


async def test_words_that_wait_while_others_come_are_none(rig, board, telegram):
    await rig.edge.set_webhook(URL, SECRET)
    taken = iter(range(9))
    watch = a_watch(rig, board, taken=lambda: next(taken))
    await telegram.user(1001, "Alice").say("Is anybody there?")
    telegram.reception.webhook.last_error = ""

    await watch.look()
    await watch.look()

    assert [error for error in told(board) if "Connection" not in error] == []


async def test_another_address_is_told_by_its_host_and_left_as_it_is(rig, board, telegram):
    await rig.edge.set_webhook(URL, SECRET)
    watch = a_watch(rig, board)
    await watch.look()
    await rig.bot.set_webhook(OTHER)

    await watch.look()
    await watch.look()

    assert told(board) == ["updates are sent to other.example"]
    assert telegram.reception.webhook.url == OTHER


async def test_a_webhook_that_is_gone_is_set_again_once(rig, board, telegram):
    await rig.edge.set_webhook(URL, SECRET)
    watch = a_watch(rig, board)
    await watch.look()
    await rig.bot.delete_webhook()

    await watch.look()
    again = telegram.reception.webhook.url
    await rig.bot.delete_webhook()
    await watch.look()
    await watch.look()

    assert again == URL
    assert telegram.reception.webhook is None
    assert told(board) == ["no webhook is set"]


@pytest.mark.parametrize("error", [Refused("telegram.webhook_refused"), Unavailable("telegram.x")])
async def test_a_webhook_that_cannot_be_set_again_is_told_of_and_tried_at_the_next_look(
    rig, board, telegram, error
):
    failures = [error]

    async def set_again() -> None:
        if failures:
            raise failures.pop()
        await rig.edge.set_webhook(URL, SECRET)

    watch = WebhookWatch(rig.bot, board, URL, set_again=set_again)
    await rig.bot.delete_webhook()

    await watch.look()
    meanwhile = told(board)
    await watch.look()
    await watch.look()

    assert meanwhile == ["no webhook is set"]
    assert telegram.reception.webhook.url == URL
    assert told(board) == []


async def test_while_telegram_does_not_answer_nothing_is_said_to_be_well(rig, board, telegram):
    await rig.edge.set_webhook(URL, SECRET)
    watch = a_watch(rig, board)
    await watch.look()
    await rig.bot.set_webhook(OTHER)
    await watch.look()
    telegram.faults.add(method="getWebhookInfo", kind="500")

    await watch.look()

    assert told(board) == ["updates are sent to other.example"]
