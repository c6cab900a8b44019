"""The card of a data request: removed, lost and drawn again."""

from typing import Any

from bot.application.outbound.to_staff import ShowRequestCard
from bot.domain.addresses import SYSTEM, ActorKind
from bot.domain.tickets.message import Direction
from handlers.slack.card_refs import forget_request_card, request_card_ref
from tests.edges.slack.request_cards import posted, reviewed
from tests.support.drivers.office import PRIVACY, Office


async def test_a_card_that_somebody_removed_is_posted_anew(court: Office):
    request = await reviewed(court)
    first = await posted(court, request)
    court.slack.channel(PRIVACY).messages.pop(first.ts)

    await court.rig.desk.bus.handle(SYSTEM, draw_again, request=request.id)
    await court.hear()
    await court.go_on(seconds=3)

    assert (await posted(court, request)).ts != first.ts


async def test_a_card_that_somebody_deletes_is_back_at_once(court: Office):
    request = await reviewed(court)
    first = await posted(court, request)

    await court.bob.delete(first.ts, PRIVACY)
    await court.hear()
    await court.go_on(seconds=3)

    assert (await posted(court, request)).ts != first.ts
    assert (
        len([m for m in court.slack.channel(PRIVACY).messages.values() if request.number in m.text])
        == 1
    )


async def test_heal_puts_back_a_card_whose_removal_nobody_told(court: Office):
    request = await reviewed(court)
    first = await posted(court, request)
    court.slack.channel(PRIVACY).messages.pop(first.ts)

    drift = await court.edge.heal()

    assert drift.missing == 1
    assert (await posted(court, request)).ts != first.ts
    assert (await court.edge.heal()).missing == 0


async def test_heal_finds_a_card_of_which_the_store_knows_nothing(court: Office):
    request = await reviewed(court)
    first = await posted(court, request)
    place = await court.rig.desk.bus.look(request_card_ref, request=request.id)
    assert place is not None
    await court.rig.desk.bus.handle(SYSTEM, forget_request_card, card=place)

    drift = await court.edge.heal()

    assert (drift.missing, drift.doubled) == (1, 0)
    assert (await posted(court, request)).ts == first.ts


async def test_words_below_the_card_of_a_request_join_its_talk(court: Office):
    request = await reviewed(court)
    card = await posted(court, request)

    await court.bob.say(PRIVACY, ">> Please send us your number.", thread_ts=card.ts)
    await court.hear()
    await court.bob.say(PRIVACY, "She called twice.", thread_ts=card.ts)
    await court.hear()
    await court.go_on(seconds=10)

    async with court.rig.stage.reading() as work:
        said = await work.messages.of(request.ticket)
    assert [(one.direction, one.body) for one in said if one.author.kind is ActorKind.STAFF] == [
        (Direction.OUT, "Please send us your number."),
        (Direction.NOTE, "She called twice."),
    ]


async def draw_again(work: Any, *, request: Any) -> None:
    """Any change brings the card up to date."""
    await work.outbox.put(ShowRequestCard(request))
