"""What is logged, at its loudest: no token, nothing that anybody said, one JSON object a line."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from handlers.log_setup import redact, set_up_logs
from handlers.sandbox.telegram import Attachment
from handlers.telegram.client import build_bot
from tests.support.drivers.rig import TOKEN

NAME, WORDS, FILE = "Zuleikha-canary", "xylophone-canary words", "canary-passport.pdf"
PHONE, STAFF_WORDS = "+8801999000111", "marzipan-canary reply"
CANARIES = (TOKEN, TOKEN.partition(":")[2], NAME, "canary", PHONE, PHONE[1:], "4503599627370321")


@pytest.fixture
def loud() -> Iterator[StringIO]:
    """The desk's own logging at DEBUG, with whatever any library says."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logs("DEBUG")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written := StringIO())
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)


def check(written: StringIO) -> None:
    assert written.getvalue()
    for line in written.getvalue().splitlines():
        assert isinstance(json.loads(line), dict)
        assert [canary for canary in CANARIES if canary in line] == []


async def test_a_whole_ticket_leaves_no_trace_of_anybody(rig, telegram, loud):
    bob = await rig.a_member()
    zuleikha = telegram.user(4_503_599_627_370_321, NAME, phone=PHONE)
    await zuleikha.start()
    await rig.hear()
    ticket = await rig.opens_ticket(zuleikha, WORDS)
    await zuleikha.send_document(b"%PDF", FILE, caption=WORDS)
    await zuleikha.share_contact()
    await zuleikha.attach(Attachment("voice"))
    await zuleikha.say(f"/status {WORDS}")
    await rig.hear()
    await rig.staff_reply(bob, ticket.number, STAFF_WORDS)
    await rig.go_on(seconds=6)
    await zuleikha.block()
    await rig.hear()

    check(loud)


async def test_bad_days_are_logged_without_what_was_said(rig, telegram, loud):
    zuleikha = telegram.user(4_503_599_627_370_321, NAME)
    await zuleikha.start()
    await rig.hear()
    for kind in ("500", "html502", "429", "reset", "reset_after"):
        telegram.faults.add(method="sendMessage", kind=kind)
        await zuleikha.say(f"{WORDS} {kind}")
        await rig.hear()
        await rig.go_on(seconds=5)
    odd = {"message_id": WORDS, "chat": {"id": NAME}, "text": WORDS, "date": WORDS}
    telegram.inject("message", odd)
    await rig.hear()

    check(loud)


async def test_an_engine_that_fails_costs_the_answer_only(rig, telegram, loud):
    async def broken(question: str):
        raise RuntimeError(question)

    object.__setattr__(rig.desk, "ask", broken)
    zuleikha = telegram.user(4_503_599_627_370_321, NAME)
    await zuleikha.say(WORDS)
    await rig.hear()

    assert [one.body for one in await rig.loose(zuleikha.id)] == [WORDS]
    check(loud)


async def test_an_answer_that_breaks_off_is_not_logged(rig, loud):
    """The library would log the whole of what it could not read, at ERROR."""
    with pytest.raises(Exception, match="unreadable_answer"):
        rig.bot.request.parse_json_payload(f'{{"ok": true, "result": "{WORDS}'.encode())
    logging.getLogger(__name__).info("something")

    check(loud)


async def test_the_client_does_not_show_its_token(rig):
    assert TOKEN not in repr(build_bot(rig.desk.settings))
    assert TOKEN not in str(rig.desk.settings)


async def test_a_token_in_a_message_is_blanked(loud):
    logging.getLogger("anything").warning(
        "POST https://x/bot%s/getMe and /file/bot%s/a", TOKEN, TOKEN
    )

    assert TOKEN not in loud.getvalue()
    assert redact(f"xoxb-1-{'a' * 20} xapp-1-B-2 https://u:p@host/") == (
        "[redacted] [redacted] https://[redacted]@host/"
    )


async def test_each_update_is_logged_once_with_its_route_and_reason(rig, telegram, loud):
    zuleikha = telegram.user(4_503_599_627_370_321, NAME)
    await zuleikha.start()
    await zuleikha.say(WORDS)
    await rig.hear()

    lines = [json.loads(line) for line in loud.getvalue().splitlines()]
    handled = [line for line in lines if line["event"] == "update_handled"]
    (kept,) = await rig.loose(zuleikha.id)
    assert [(one["route"], one["reason"], one["message"]) for one in handled] == [
        ("command", "command_typed", None),
        ("offer", "nothing_open", kept.id),
    ]
    check(loud)
