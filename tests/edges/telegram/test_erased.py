"""Whose data was erased is told so, once a day; nothing that they write is kept."""

import pytest

from bot.domain.addresses import ClientAddress, Surface
from bot.domain.clients.people import AccountStatus
from bot.wording import say


async def erase(rig, user) -> None:
    async with rig.stage.writing() as work:
        account = await work.accounts.at(ClientAddress(Surface.TELEGRAM, str(user.id)))
        account.status = AccountStatus.ERASED
        await work.accounts.save(account)


@pytest.mark.parametrize("how", ["says", "presses"])
async def test_an_erased_account_hears_that_it_was_erased(rig, alice, how):
    await alice.start()
    await rig.hear()
    await erase(rig, alice)

    await (alice.say("hello again") if how == "says" else alice.tap("My tickets"))
    await rig.hear()

    assert alice.last.text == say("conversation.account_erased")
    assert await rig.tickets() == []


async def test_it_hears_so_once_a_day(rig, alice):
    await alice.start()
    await rig.hear()
    await erase(rig, alice)
    for _ in range(3):
        await alice.say("hello again")
        await rig.hear()

    told = [one for one in alice.messages if one.text == say("conversation.account_erased")]

    assert len(told) == 1
