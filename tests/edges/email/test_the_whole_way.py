"""From /erase to review over Telegram's wire and real mail, on the real store."""

import re

import pytest

from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.builders.requests import EMAIL
from tests.support.drivers.rig import Rig


def code_in(text: str) -> str:
    return re.findall(r"\b\d{8}\b", text)[0]


async def the_request(rig: Rig) -> DataRequest:
    async with rig.stage.reading() as work:
        return await work.requests.numbered("R-000001")


async def test_an_erasure_is_asked_for_proved_and_confirmed(
    rig: Rig, rahima: VirtualUser, mailbox: Mailbox
):
    await rahima.say("/erase")
    await rig.hear()
    await rahima.tap("Send me a code")
    await rig.hear()
    await rahima.say(EMAIL)
    await rig.hear()
    (mail,) = mailbox.to(EMAIL)
    typed = await rahima.say(code_in(mail.text))
    await rig.hear()
    await rahima.tap("Share my phone number")
    await rig.hear()
    await rahima.tap("Confirm erasure")
    await rig.hear()

    request = await the_request(rig)
    assert request.state is RequestState.IN_REVIEW
    assert request.facts.identity is not None
    assert not request.facts.identity.phone_not_confirmed
    assert typed.message_id not in [one.message_id for one in rahima.visible]
    assert await rig.loose(rahima.id) == []
    assert len(mailbox.to(EMAIL)) == 3


@pytest.mark.parametrize("typed", [f"{EMAIL}.", f"<{EMAIL}>", f"mailto:{EMAIL}", f"\u200b{EMAIL}"])
async def test_an_address_is_understood_as_phones_type_it(
    rig: Rig, rahima: VirtualUser, mailbox: Mailbox, typed: str
):
    await rahima.say("/erase")
    await rig.hear()

    await rahima.say(typed)
    await rig.hear()

    assert len(mailbox.to(EMAIL)) == 1


async def test_the_link_in_the_mail_freezes_from_any_account(
    rig: Rig, rahima: VirtualUser, mailbox: Mailbox, telegram: TelegramServer
):
    await rahima.say("/erase")
    await rig.hear()
    await rahima.say(EMAIL)
    await rig.hear()
    (mail,) = mailbox.to(EMAIL)
    link = re.findall(r"https://t\.me/\w+\?start=(\S+)", mail.text)[0]
    owner = telegram.user(4_000_000_000_888, "Owner")

    await owner.start(link)
    await rig.hear()

    assert (await the_request(rig)).facts.is_frozen
    assert "R-000001 is frozen" in owner.last.text


@pytest.mark.usefixtures("rahima")
async def test_an_impersonator_fails(rig: Rig, mailbox: Mailbox, telegram: TelegramServer):
    thief = telegram.user(4_000_000_000_666, "Thief", phone="+8801999999999")
    await thief.start()
    await thief.say("/erase")
    await rig.hear()
    await thief.say(EMAIL)
    await rig.hear()
    for guess in range(6):
        await thief.say(f"{guess:08d}")
        await rig.hear()
    await thief.say(code_in(mailbox.to(EMAIL)[0].text))
    await rig.hear()

    request = await the_request(rig)
    assert request.state is RequestState.AWAITING_IDENTITY
    assert request.facts.proofs.code_at is None
    assert "no longer valid: after five wrong tries" in thief.last.text


async def test_a_mailbox_that_stays_full_is_asked_ever_more_seldom_and_given_up_at_last(
    rig: Rig, rahima: VirtualUser, mailbox: Mailbox
):
    asked: list[str] = []

    async def full(_server: object, _session: object, _envelope: object, to: str, _: object) -> str:
        asked.append(to)
        return "452 mailbox full"

    await rahima.say("/erase")
    await rig.hear()
    await rahima.say(EMAIL)
    await rig.hear()
    mailbox.__dict__["handle_RCPT"] = full
    await rahima.say(code_in(mailbox.to(EMAIL)[0].text))
    await rig.hear()
    await rahima.tap("Share my phone number")
    await rig.hear()
    await rahima.tap("Confirm erasure")
    await rig.hear()
    for _ in range(6):
        rig.stage.clock.go_on(minutes=10)
        await rig.hear()
    in_an_hour = len(asked)
    for _ in range(120):
        rig.stage.clock.go_on(minutes=10)
        await rig.hear()

    async with rig.stage.reading() as work:
        letters = await work.outbox.dead_letters()
    assert in_an_hour <= 20
    assert {one.error for one in letters} == {"smtp_452"}
