"""From /start to an open ticket, on Telegram's wire."""

from tests.support.drivers.rig import Rig


async def test_start_says_who_this_is_what_is_kept_and_offers_everything(rig, telegram):
    alice = telegram.user(1001, "Alice")

    await alice.start()
    await rig.hear()

    assert "nothing of it goes away by itself yet" in alice.last.text
    assert alice.last.labels == [
        "English", "বাংলা", "Ask about privacy", "New ticket", "My tickets", "My data", "Language",
    ]  # fmt: skip


async def test_a_client_opens_a_ticket_by_buttons(rig: Rig, alice):
    await alice.say("/new")
    await rig.hear()
    await alice.tap("Technical problem")
    await rig.hear()
    await alice.say("The router blinks red since this morning")
    await rig.hear()
    await alice.tap("Send")
    await rig.hear()

    (ticket,) = await rig.tickets()
    assert ticket.number in alice.last.text
    assert [one.body for one in await rig.talk(ticket)] == [
        "The router blinks red since this morning"
    ]
