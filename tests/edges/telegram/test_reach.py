"""Who the desk talks to: people in private, who may block it; groups and channels only once."""

from bot.application.outbound.to_staff import ShowCard
from bot.domain.addresses import ClientAddress, Surface
from bot.domain.clients.people import AccountStatus
from bot.domain.tickets.message import DeliveryStatus


async def status_of(rig, user):
    async with rig.stage.reading() as work:
        return (await work.accounts.at(ClientAddress(Surface.TELEGRAM, str(user.id)))).status


async def test_a_client_who_blocks_the_desk_is_seen_as_such(rig, alice):
    ticket = await rig.opens_ticket(alice)
    rig.staff_side.carried.clear()

    await alice.block()
    await rig.hear()
    await rig.go_on(seconds=3)

    assert await status_of(rig, alice) is AccountStatus.BLOCKED
    assert ShowCard(ticket.id) in rig.staff_side.carried


async def test_a_reply_to_a_client_who_blocked_the_desk_is_shown_as_blocked(rig, alice):
    bob = await rig.a_member()
    ticket = await rig.opens_ticket(alice)
    await alice.block()
    await rig.hear()

    message = await rig.staff_reply(bob, ticket.number, "Are you there?")
    await rig.go_on(seconds=6)

    assert (await rig.message(message)).delivery is DeliveryStatus.BLOCKED


async def test_a_block_shows_when_something_is_said(rig, alice, telegram):
    """Where the update about it was lost."""
    ticket = await rig.opens_ticket(alice)
    bob = await rig.a_member()
    await alice.block()
    telegram.world.updates.drop_pending()

    message = await rig.staff_reply(bob, ticket.number, "Are you there?")
    await rig.go_on(seconds=6)

    assert (await rig.message(message)).delivery is DeliveryStatus.BLOCKED
    assert await status_of(rig, alice) is AccountStatus.BLOCKED


async def test_what_the_desk_had_to_say_waits_until_the_client_is_back(rig, alice, telegram):
    await alice.say("/help")
    await rig.polling.once()
    await rig.inbox.idle()
    await alice.block()
    telegram.world.updates.drop_pending()
    await rig.relay.idle()
    rested = [one.text for one in alice.visible if "your problem" in one.text.casefold()]
    await alice.unblock()
    await rig.hear()

    assert await status_of(rig, alice) is AccountStatus.ACTIVE
    assert len([one for one in alice.visible if one.text.startswith("Write your question")]) == 1
    assert not any(text.startswith("Write your question") for text in rested)


async def test_a_reply_passes_what_rests_for_a_client_who_is_away(rig, alice, telegram):
    ticket = await rig.opens_ticket(alice)
    bob = await rig.a_member()
    await alice.say("/help")
    await rig.polling.once()
    await rig.inbox.idle()
    await alice.block()
    telegram.world.updates.drop_pending()
    await rig.relay.idle()

    message = await rig.staff_reply(bob, ticket.number, "Are you there?")
    await rig.go_on(seconds=6)

    assert (await rig.message(message)).delivery is DeliveryStatus.BLOCKED


async def test_a_group_is_told_once_to_write_in_private(rig, alice, telegram):
    group = telegram.group("Neighbours", [alice])
    await rig.hear()
    await group.say(alice, "/start")
    await group.say(alice, "/help@PrivacyDeskBot")
    await rig.hear()

    assert [one.text for one in group.messages if one.is_from_bot] == [group.last.text]
    assert "private" in group.last.text
    assert await rig.tickets() == []


async def test_a_channel_is_told_once_to_write_in_private(rig, alice, telegram):
    channel = telegram.channel("News", [alice])
    await rig.hear()
    await channel.post("Breaking")
    await rig.hear()

    assert len([one for one in channel.messages if one.is_from_bot]) == 1


async def test_a_group_that_put_the_desk_out_again_hears_nothing(rig, alice, telegram):
    group = telegram.group("Neighbours", [alice])
    await group.remove_bot()
    await rig.hear()

    assert [one for one in group.messages if one.is_from_bot] == []
    telegram.violations.clear()  # nobody can know before the second update is read
