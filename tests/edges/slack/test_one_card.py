"""A data request has one card, in the privacy channel, with its talk below it."""

import pytest

from bot.application.permission import admit
from bot.application.ports.card_refs import CardKind, CardRef
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.intake import write_down
from bot.domain.addresses import SYSTEM, Actor, TicketId
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import VirtualUser
from handlers.slack.blocks.message_blocks import line_sheet
from handlers.slack.card_refs import card_ref, keep_card
from tests.edges.slack.request_cards import posted
from tests.support.drivers.office import PRIVACY, SUPPORT, Office


async def _asked(court: Office, alice: VirtualUser, kind: RequestType) -> DataRequest:
    ticket = await court.a_ticket(alice)
    bus = court.rig.desk.bus
    ann = Actor.staff((await bus.look(admit, slack_user="U0ANN")).id)
    request = await bus.handle(ann, write_down, ticket=ticket.number, kind=kind)
    await court.hear()
    await court.go_on(seconds=5)
    return request


def _roots(court: Office, channel: str) -> list[Posted]:
    said = court.slack.channel(channel).messages.values()
    return [one for one in said if one.thread_ts in ("", None, one.ts)]


@pytest.mark.parametrize("kind", RequestType)
async def test_a_request_has_one_card_and_nothing_of_it_in_the_support_channel(
    court: Office, alice: VirtualUser, kind: RequestType
):
    request = await _asked(court, alice, kind)

    cards = [one for one in _roots(court, PRIVACY) if request.number in one.text]
    other = [one.text + str(one.blocks) for one in court.slack.channel(SUPPORT).messages.values()]
    assert len(cards) == 1
    assert len(_roots(court, PRIVACY)) == 1
    assert not [text for text in other if request.number in text]
    assert len(_roots(court, SUPPORT)) == 1
    place = await court.rig.desk.bus.look(card_ref, ticket=request.ticket)
    assert place == CardRef(court.slack.channel(PRIVACY).id, cards[0].ts)


async def test_the_card_takes_replies_and_notes_and_ends_no_talk(court: Office, alice: VirtualUser):
    request = await _asked(court, alice, RequestType.RECTIFICATION)
    card = await posted(court, request)

    shown = str(card.blocks)
    await court.bob.click("Reply", PRIVACY, card.ts)
    await court.hear()
    assert await court.bob.submit({"text": "Which letter is wrong?"}) == {}
    await court.hear()
    await court.go_on(seconds=10)

    assert "Which letter is wrong?" in "\n".join(court.words_to(alice))
    assert "'Note'" in shown
    for label in ("Resolve", "Close", "Spam", "Merge"):
        assert f"'{label}'" not in shown
    below = [one for one in court.slack.channel(PRIVACY).messages.values() if one.thread_ts]
    assert any("Which letter is wrong?" in one.text + str(one.blocks) for one in below)


async def test_a_second_card_of_an_earlier_release_leads_to_the_one_and_takes_words(
    court: Office, alice: VirtualUser
):
    request = await _asked(court, alice, RequestType.OBJECTION)
    support = court.slack.channel(SUPPORT).id
    sheet, key = line_sheet("T-000002 · a card of an earlier release"), f"card:{request.ticket}"
    _, old = await court.edge.calls.post(support, sheet, key)
    await court.rig.desk.bus.handle(
        SYSTEM, keep_card, ticket=request.ticket, card=CardRef(support, old)
    )

    card = await posted(court, request)
    await court.bob.say(PRIVACY, "Below the one card.", thread_ts=card.ts)
    await court.bob.say(SUPPORT, "Below the old card.", thread_ts=old)
    await court.hear()
    await court.go_on(seconds=10)

    async with court.rig.stage.reading() as work:
        said = [one.body for one in await work.messages.of(request.ticket)]
        kept = await _standing(work, request.ticket)
    assert {"Below the one card.", "Below the old card."} <= set(said)
    assert "goes on below the card" in str(court.slack.channel(SUPPORT).messages[old].blocks)
    assert kept == CardRef(court.slack.channel(PRIVACY).id, card.ts)


async def _standing(work: UnitOfWork, ticket: TicketId) -> CardRef | None:
    return await work.cards.standing(CardKind.TICKET, ticket)
