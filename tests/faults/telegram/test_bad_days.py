"""429s, server errors and broken connections: waited for, told apart, never doubled in silence."""

import pytest

from bot.domain.errors import Refused, Unavailable
from bot.domain.tickets.message import DeliveryStatus
from handlers.telegram.client import build_bot
from handlers.telegram.edge import TelegramEdge
from handlers.telegram.polling import Polling
from tests.support.drivers.rig import a_rig

MARK = "(You may have this message already"


def texts(alice, since="/help"):
    shown = [one.text for one in alice.visible]
    return shown[shown.index(since) + 1 :]


async def test_a_429_is_waited_for_and_the_order_is_kept(rig, alice, telegram):
    telegram.faults.add(method="sendMessage", kind="429", retry_after=7)
    await alice.say("/help")
    await alice.say("/lang")
    await rig.hear()
    before = [one.text for one in alice.visible if one.is_from_bot][1:]
    await rig.go_on(seconds=6)
    too_early = [one.text for one in alice.visible if one.is_from_bot][1:]
    await rig.go_on(seconds=2)

    after = [one.text for one in alice.visible if one.is_from_bot][1:]
    assert before == too_early == []
    assert [text[:12] for text in after] == ["Write your q", "Which langua"]


async def test_a_429_in_the_middle_of_a_long_reply_repeats_no_part(rig, alice, telegram):
    bob = await rig.a_member()
    ticket = await rig.opens_ticket(alice)
    telegram.faults.add(method="sendMessage", kind="429", retry_after=0, after=1)
    words = " ".join(f"word{number}" for number in range(1_200))
    await rig.staff_reply(bob, ticket.number, words)
    await rig.go_on(seconds=6)

    parts = [one.text for one in alice.visible if one.text.startswith("word")]
    assert " ".join(parts) == words


@pytest.mark.parametrize("kind", ["500", "html502", "reset", "reset_after"])
async def test_a_word_of_the_desk_in_doubt_is_repeated_once_and_says_so(rig, alice, telegram, kind):
    telegram.faults.add(method="sendMessage", kind=kind)
    await alice.say("/help")
    await rig.hear()
    await rig.go_on(seconds=3)
    await rig.go_on(hours=2)

    shown = texts(alice)
    unmarked = [one for one in shown if one.startswith("Write your question")]
    marked = [one for one in shown if one.startswith(MARK)]
    assert len(unmarked) == (kind == "reset_after")
    assert len(marked) == 1


@pytest.mark.parametrize("kind", ["500", "html502", "reset", "reset_after"])
async def test_a_reply_of_staff_in_doubt_is_held_for_a_person(rig, alice, telegram, kind):
    bob = await rig.a_member()
    ticket = await rig.opens_ticket(alice)
    telegram.faults.add(method="sendMessage", kind=kind)
    message = await rig.staff_reply(bob, ticket.number, "Please restart it.")
    await rig.go_on(seconds=6)
    await rig.go_on(hours=2)

    count = [one.text for one in alice.visible].count("Please restart it.")
    assert count == (kind == "reset_after")
    assert (await rig.message(message)).delivery is DeliveryStatus.UNCERTAIN


async def test_a_word_in_doubt_twice_is_a_dead_letter(rig, alice, telegram):
    telegram.faults.add(method="sendMessage", kind="500", times=2)
    await alice.say("/help")
    await rig.hear()
    await rig.go_on(seconds=3)
    await rig.go_on(hours=2)

    async with rig.stage.reading() as work:
        assert await work.outbox.count_dead() == 1


async def test_words_in_doubt_hold_their_place(rig, alice, telegram):
    telegram.faults.add(method="sendMessage", kind="500")
    await alice.say("/help")
    await alice.say("/lang")
    await rig.hear()
    await rig.go_on(seconds=3)

    shown = [one.text for one in alice.visible if one.is_from_bot][1:]
    assert shown[0].startswith(MARK)
    assert shown[1].startswith("Which language")


async def test_one_clients_trouble_holds_up_nobody_else(rig, alice, telegram):
    ben = telegram.user(1002, "Ben")
    telegram.faults.add(method="sendMessage", kind="429", retry_after=60)
    await alice.say("/help")
    await rig.hear()
    await ben.start()
    await rig.hear()

    assert "Welcome" in ben.last.text
    assert "Write your question" not in alice.last.text


async def test_an_update_that_cannot_be_read_is_put_aside_and_staff_are_told(rig, alice, telegram):
    telegram.inject("message", {"message_id": "x", "chat": alice.chat.face, "date": "?"})
    await alice.say("/help")
    await rig.hear()
    for _ in range(4):
        await rig.go_on(seconds=3)

    assert "Write your question" in alice.last.text
    assert len([one for one in rig.staff_side.carried if type(one).__name__ == "Alert"]) == 1


async def test_an_update_is_safe_before_it_is_confirmed(rig, alice, telegram, ground):
    await alice.say("The line is dead")
    await rig.polling.once()
    await rig.die()
    pending = len(telegram.world.updates.pending)
    again = await a_rig(ground, telegram)
    await again.hear()
    kept = [one.body for one in await again.loose(alice.id)]
    await again.stop()

    assert pending == 1
    assert kept == ["The line is dead"]


async def test_an_update_that_could_not_be_kept_is_asked_for_again(rig, alice):
    await alice.say("The line is dead")
    refusals = [Unavailable("store.full")]

    async def accept(inbound_updates):
        if refusals:
            raise refusals.pop()
        return await rig.inbox.accept(inbound_updates)

    rig.polling = Polling(rig.bot, accept, rig.desk.troubles, rig.desk.clock)

    with pytest.raises(Unavailable):
        await rig.polling.once()
    await rig.hear()

    assert [one.body for one in await rig.loose(alice.id)] == ["The line is dead"]


async def test_the_desk_starts_though_telegram_is_away_for_a_moment(rig, telegram, monkeypatch):
    monkeypatch.setattr("handlers.telegram.edge.MAX_BACKOFF_SECONDS", 0.0)
    telegram.faults.add(method="getMe", kind="reset", times=2)
    telegram.faults.add(method="getMe", kind="500")
    edge = TelegramEdge(rig.desk, build_bot(rig.desk.settings))

    await edge.start()
    await edge.stop()

    assert edge.bot.id == 777000


async def test_a_token_that_telegram_does_not_know_is_refused(rig, telegram):
    wrong = rig.desk.settings.model_copy(
        update={"telegram_bot_token": type(rig.desk.settings.telegram_bot_token)("1:wrong")}
    )
    edge = TelegramEdge(rig.desk, build_bot(wrong))

    with pytest.raises(Refused, match=r"telegram\.token_unknown"):
        await edge.start()
    await edge.stop()
    telegram.violations.clear()
