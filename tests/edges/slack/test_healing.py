"""What was lost in Slack comes back from the store: posts in their order, cards once."""

from bot.application.ports.card_refs import CardKind
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, TicketId
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import SUPPORT, Office

WORDS = ["first word", "second word", "third word"]


async def a_talk(office: Office, client: VirtualUser) -> TicketId:
    ticket = await office.a_ticket(client)
    for word in WORDS:
        await client.say(word)
        await office.hear()
        await office.go_on(seconds=40)
    return ticket.id


async def thread(office: Office) -> list[Posted]:
    (card,) = await cards(office)
    return office.slack.channel(SUPPORT).thread(card.ts)


async def cards(office: Office) -> list[Posted]:
    posted = office.slack.channel(SUPPORT).messages.values()
    return [one for one in posted if not one.is_reply and one.bot_id]


async def lose(office: Office, *words: str) -> None:
    """The posts of these are gone, and nobody was told."""
    channel = office.slack.channel(SUPPORT)
    for post in await thread(office):
        if any(word in str(post.blocks) for word in words):
            channel.messages.pop(post.ts)
            channel.threads[post.thread_ts].remove(post.ts)


async def words_in_thread(office: Office) -> list[str]:
    shown = [str(one.blocks) for one in await thread(office)]
    return [word for post in shown for word in WORDS if word in post]


async def test_posts_that_are_gone_are_put_back_in_their_order_and_once(
    either: Office, alice: VirtualUser
):
    await a_talk(either, alice)
    await lose(either, *WORDS[:2])

    first = await either.edge.heal()
    await either.hear()
    await either.go_on(seconds=5)
    second = await either.edge.heal()
    await either.hear()

    assert (first.posts, second.posts) == (2, 0)
    assert await words_in_thread(either) == ["third word", "first word", "second word"]
    assert "2 of the messages here were gone" in str([p.blocks for p in await thread(either)])


async def test_a_post_that_was_put_back_is_brought_up_to_date_like_any_other(
    office: Office, alice: VirtualUser
):
    await a_talk(office, alice)
    await lose(office, WORDS[2])
    await office.edge.heal()
    await office.hear()

    said = [one for one in alice.messages if one.text == WORDS[2]]
    await alice.edit(said[-1], "third word, corrected")
    await office.hear()
    await office.go_on(seconds=5)

    assert "third word, corrected" in str((await thread(office))[-1].blocks)


async def test_cards_that_history_shows_without_metadata_are_never_doubled(
    office: Office, alice: VirtualUser
):
    await a_talk(office, alice)
    (card,) = await cards(office)
    card.metadata = None

    drift = await office.edge.heal()

    assert (drift.missing, drift.doubled) == (0, 0)
    assert await cards(office) == [card]


async def forget(work: UnitOfWork, *, ticket: TicketId) -> None:
    card = await work.cards.standing(CardKind.TICKET, ticket)
    assert card is not None
    await work.cards.lose(CardKind.TICKET, ticket, card)


async def test_a_card_without_metadata_that_the_store_does_not_know_is_known_by_its_number(
    office: Office, alice: VirtualUser
):
    ticket = await a_talk(office, alice)
    (card,) = await cards(office)
    card.metadata = None
    await office.rig.desk.bus.handle(SYSTEM, forget, ticket=ticket)

    drift = await office.edge.heal()

    assert (drift.missing, drift.doubled) == (1, 0)
    assert [one.ts for one in await cards(office)] == [card.ts]
