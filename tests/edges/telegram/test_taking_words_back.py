"""An erasure on Telegram: the bot's words of two days go, older ones and lost chats are stated."""

from datetime import timedelta

import pytest

from bot.application.ports.sources import Left, Order
from bot.domain.addresses import ClientAddress, RequestId, Surface
from bot.domain.errors import Unavailable
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.requests.record import Subject
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.telegram.erasure.telegram_source import TelegramSource
from handlers.telegram.rate_limits import Pace
from tests.support.drivers.rig import UNPACED, Rig
from tests.support.fakes.patterns import FakePatterns


def a_source(rig: Rig) -> TelegramSource:
    return TelegramSource(rig.bot, rig.desk.own_bus, rig.desk.clock, Pace(UNPACED, UNPACED))


async def an_order(rig: Rig, source: TelegramSource, user: VirtualUser) -> Order:
    async with rig.stage.reading() as work:
        account = await work.accounts.at(ClientAddress(Surface.TELEGRAM, str(user.id)))
    assert account is not None
    who = Identifiers(
        subject=Subject(account=account.id),
        accounts=(account.id,),
        values=(Identifier(IdentifierKind.CHAT_ID, str(user.id)),),
    )
    now = rig.stage.clock.now()
    plan = await source.plan(who, now)
    return Order(request=RequestId("e" * 32), round=1, who=who, plan=plan, now=now)


def of_the_bot(user: VirtualUser) -> list[str]:
    return [one.text for one in user.messages if one.is_from_bot and not one.is_deleted]


async def test_all_that_the_bot_said_goes_and_the_clients_own_words_stay(
    rig: Rig, alice: VirtualUser
):
    ticket = await rig.opens_ticket(alice)
    await rig.staff_reply(await rig.a_member(), ticket.id, "We look at the router")
    await rig.go_on(minutes=1)
    assert "We look at the router" in of_the_bot(alice)[-1]
    own = [one.text for one in alice.messages if not one.is_from_bot]
    source = a_source(rig)
    order = await an_order(rig, source, alice)
    planned = {one.place: one.rows for one in order.plan.items}["telegram.words"]
    assert planned == len(of_the_bot(alice)) > 3

    erased = await source.erase(order)

    assert of_the_bot(alice) == []
    assert [one.text for one in alice.messages if not one.is_from_bot] == own
    assert erased.rows == {"telegram.words.delete": planned}
    assert erased.stated == ("erasure.telegram_older_stays",)
    assert await source.verify(order) == ()
    assert (await source.erase(order)).stated == erased.stated


async def test_more_than_a_hundred_words_go_in_batches(rig: Rig, alice: VirtualUser):
    ticket, member = await rig.opens_ticket(alice), await rig.a_member()
    for number in range(105):
        await rig.staff_reply(member, ticket.id, f"answer {number}")
    await rig.go_on(minutes=1)
    assert len(of_the_bot(alice)) > 100
    source = a_source(rig)
    order = await an_order(rig, source, alice)

    await source.erase(order)

    assert of_the_bot(alice) == []
    assert (
        len([one for one in rig.telegram.world.record.calls if one.method == "deleteMessages"]) > 1
    )


async def test_what_is_older_than_two_days_stays_and_is_stated(
    rig: Rig, alice: VirtualUser, monkeypatch: pytest.MonkeyPatch
):
    source, world = a_source(rig), rig.telegram.world
    before = of_the_bot(alice)
    later = world.clock() + timedelta(hours=49).total_seconds()
    monkeypatch.setattr(world, "clock", lambda: later)
    rig.stage.clock.at += timedelta(hours=49)
    await alice.say("/help")
    await rig.hear()

    order = await an_order(rig, source, alice)
    erased = await source.erase(order)

    assert of_the_bot(alice) == before
    assert "erasure.telegram_older_stays" in erased.stated
    assert await source.verify(order) == ()


async def test_words_that_nobody_took_back_are_found_and_gone_then(rig: Rig, alice: VirtualUser):
    source = a_source(rig)
    order = await an_order(rig, source, alice)
    count = len(of_the_bot(alice))

    assert await source.verify(order) == (Left("telegram.words", count),)
    assert await source.verify(order) == ()


async def test_a_chat_that_blocked_the_bot_is_stated(rig: Rig, alice: VirtualUser):
    source = a_source(rig)
    order = await an_order(rig, source, alice)
    await alice.block()

    erased = await source.erase(order)

    assert "erasure.telegram_unreachable" in erased.stated
    assert await source.verify(order) == ()


async def test_a_platform_that_is_away_is_tried_again(rig: Rig, alice: VirtualUser):
    source = a_source(rig)
    order = await an_order(rig, source, alice)
    rig.telegram.faults.add(method="deleteMessages", kind="500")

    with pytest.raises(Unavailable):
        await source.erase(order)

    await source.erase(order)
    assert of_the_bot(alice) == []


async def test_other_clients_chats_are_left_alone(
    rig: Rig, alice: VirtualUser, telegram: TelegramServer
):
    bob = telegram.user(4_503_599_627_370_009, "Bob", language_code="en")
    await bob.start()
    await rig.hear()
    before, source = of_the_bot(bob), a_source(rig)

    await source.erase(await an_order(rig, source, alice))

    assert of_the_bot(bob) == before


async def test_there_is_nothing_to_look_through(rig: Rig, alice: VirtualUser):
    source = a_source(rig)
    order = await an_order(rig, source, alice)

    looked = await source.look(order, FakePatterns({"a": IdentifierKind.NAME}), masks=True)

    assert (looked.posts, looked.hits) == (0, ())
    assert looked.stated == ("erasure.telegram_older_stays",)
