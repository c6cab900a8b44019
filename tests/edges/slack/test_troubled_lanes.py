"""While Slack or a channel is in trouble words wait; then all of them arrive, in order."""

from datetime import timedelta

import pytest

from bot.application.ports.troubles import TroubleKind
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import SUPPORT, Office

ALWAYS = 1_000_000
WORDS = ["first word", "second word", "third word"]


async def writes(office: Office, client: VirtualUser, words: list[str]) -> None:
    for word in words:
        await client.say(word)
        await office.hear()


async def stands(office: Office, ticket: object) -> list[str]:
    """Which of the words stand in the thread, as often and in the order that they do."""
    thread = [str(one.blocks) for one in await office.thread(ticket)]  # pyright: ignore[reportArgumentType]
    return [word for post in thread for word in WORDS if word in post]


async def dead(office: Office) -> int:
    async with office.rig.stage.reading() as work:
        return await work.outbox.count_dead()


async def until_all_stand(office: Office, ticket: object, seconds: int) -> int:
    """After how many seconds; no later than these."""
    for second in range(seconds + 1):
        if await stands(office, ticket) == WORDS:
            return second
        await office.go_on(seconds=1)
    raise AssertionError(await stands(office, ticket))


async def test_cut_connections_on_one_post_hold_up_nothing_once_slack_is_well(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.go_on(seconds=60)
    office.slack.faults.add("reset", "chat.postMessage", times=4)

    await writes(office, alice, WORDS)
    needed = await until_all_stand(office, ticket, 20)

    assert office.slack.faults.hits == 4
    assert needed <= 20


async def test_words_wait_for_an_archived_channel_for_hours_and_all_come_back_by_themselves(
    either: Office, alice: VirtualUser
):
    ticket = await either.a_ticket(alice)
    await either.go_on(seconds=60)
    channel = either.slack.channel(SUPPORT)
    channel.is_archived = True

    await writes(either, alice, WORDS)
    for _ in range(12):
        await either.go_on(minutes=30)
    told = [(one.trouble.kind, one.trouble.about) for one in either.rig.desk.troubles.standing()]
    channel.is_archived = False
    needed = await until_all_stand(either, ticket, 15)

    assert told == [(TroubleKind.CHANNEL, "C0SUPPORT")]
    assert needed <= 15
    assert await dead(either) == 0
    assert either.rig.desk.troubles.standing() == []


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "missing_scope"])
async def test_words_wait_for_a_token_and_clients_are_answered_meanwhile(
    office: Office, alice: VirtualUser, error: str
):
    ticket = await office.a_ticket(alice)
    await office.go_on(seconds=60)
    office.slack.faults.add(f"err:{error}", times=ALWAYS)

    await writes(office, alice, WORDS)
    for _ in range(6):
        await office.go_on(minutes=30)
    kinds = {one.trouble.kind for one in office.rig.desk.troubles.standing()}
    await office.rig.staff_reply(await office.rig.a_member("UEVE"), ticket.number, "Still here")
    await office.go_on(seconds=6)
    answered = office.words_to(alice)
    office.slack.faults.clear()
    needed = await until_all_stand(office, ticket, 15)

    assert TroubleKind.TOKEN in kinds
    assert "Still here" in " ".join(answered)
    assert needed <= 15
    assert await dead(office) == 0
    assert not [
        one for one in office.rig.desk.troubles.standing() if one.trouble.kind is TroubleKind.TOKEN
    ]


async def test_while_slack_breaks_down_nothing_more_is_sent_into_the_dark(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.go_on(seconds=60)
    before = office.slack.record.counts["chat.postMessage"]
    office.slack.faults.add("500", times=ALWAYS)

    await writes(office, alice, WORDS)
    for _ in range(20):
        await office.go_on(minutes=1)
    tried = office.slack.record.counts["chat.postMessage"] - before
    office.slack.faults.clear()
    needed = await until_all_stand(office, ticket, 15)

    assert tried <= 1
    assert timedelta(seconds=needed) <= timedelta(seconds=15)
    assert await dead(office) == 0


async def test_a_reply_waits_for_its_file_however_long_slack_is_away(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    for method in ("files.info", "auth.test"):
        office.slack.faults.add("500", method, times=ALWAYS)
    await office.says(office.bob, ticket, ">> Your bill", files=[("bill.pdf", b"%PDF")])
    await office.hear()
    for _ in range(6):
        await office.go_on(minutes=30)
    waited = office.words_to(alice)
    office.slack.faults.clear()

    await office.go_on(seconds=7)

    assert waited == []
    assert office.words_to(alice)[0].endswith("Your bill")
    assert "bill.pdf" in [one.file_name for one in alice.messages if one.is_from_bot]


async def test_a_file_that_slack_alone_does_not_give_comes_back_and_holds_up_nobody_for_ever(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    office.slack.faults.add("500", "download", times=ALWAYS)
    await office.says(office.bob, ticket, ">> Your bill", files=[("bill.pdf", b"%PDF")])
    await office.says(office.bob, ticket, ">> It is paid")
    await office.hear()

    for _ in range(12):
        await office.go_on(minutes=30)

    assert [one.rpartition("\n")[2] for one in office.words_to(alice)] == ["It is paid"]
    assert any("failed" in str(one.blocks).lower() for one in await office.thread(ticket))


async def test_a_clients_file_waits_for_telegram_as_long_as_that_is_away(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    telegram = office.rig.telegram
    for method in ("getFile", "getMe"):
        telegram.faults.add(kind="500", method=method, times=ALWAYS)
    await alice.send_document(b"router log", "log.txt", caption="my log")
    await office.hear()
    for _ in range(6):
        await office.go_on(minutes=10)
    telegram.faults.clear()

    await office.go_on(seconds=7)

    thread = await office.thread(ticket)
    assert len([post for post in thread if post.files]) == 1
    assert not any("does not give it" in str(post.blocks) for post in thread)
