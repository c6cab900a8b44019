"""What staff see and press on a card while an erasure is carried out."""

from zoneinfo import ZoneInfo

from bot.application.config import DeskConfig
from bot.application.views.request_card import request_card
from bot.domain.addresses import Language, RequestId
from handlers.slack.blocks.fulfilment_progress import SHOWN
from handlers.slack.blocks.request_card import request_sheet
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.left_over import put_finding, with_a_name_left
from tests.support.builders.requests import EMAIL
from tests.support.fakes.sources import FakeSource
from tests.support.stores.stages import Stage

ZONE = ZoneInfo("Asia/Dhaka")


async def shown(desk: Erasing, request: RequestId) -> str:
    card = await desk.bus.look(request_card, request)
    return str(request_sheet(card, ZONE, Language.EN).blocks)


async def test_every_source_stands_on_it_with_its_state(fake: Stage):
    billing = FakeSource(tables={"invoice": [f"to {EMAIL}"]}, stumbles=1)
    desk = await erasing(
        fake, billing, rules=DeskConfig(company_sources=("billing",), manual_steps=("Paper files",))
    )
    request = await desk.carried_out(await desk.approved())

    failed = await shown(desk, request.id)
    desk.clock.go_on(minutes=1)
    await desk.turn()
    waiting = await shown(desk, request.id)

    assert "billing: failed" in failed
    assert "tried again at" in failed
    assert "Retry" in failed
    assert "billing: erased on" in waiting
    assert "invoice.delete 1" in waiting
    assert "by hand: Paper files: waits for a person" in waiting
    assert "desk: goes last" in waiting
    assert "Done by hand" in waiting


async def test_what_was_found_stands_on_it_with_the_way_there_and_never_what_it_says(fake: Stage):
    desk, request = await with_a_name_left(fake)
    await put_finding(desk, request, link="https://slack.example/p1", place="C1 <b>")

    card = await shown(desk, request.id)

    assert "letters: letter.text[0]" in card
    assert "<https://slack.example/p1|look at it>" in card
    assert "C1 &lt;b&gt;" in card
    assert "Rahima" not in card
    assert "Look through findings" in card


async def test_a_link_that_is_no_address_of_the_web_is_no_link(fake: Stage):
    desk, request = await with_a_name_left(fake)
    await put_finding(desk, request, link="https://x.example/|><!channel>")

    assert "!channel" not in await shown(desk, request.id)


async def test_a_long_list_is_cut_and_says_how_many_more_and_where(fake: Stage):
    desk, request = await with_a_name_left(fake)
    for place in range(SHOWN + 2):
        await put_finding(desk, request, place=f"note[{place}]")

    card = await shown(desk, request.id)

    assert f"and 3 more: `privacydesk requests findings {request.number}`" in card


async def test_before_it_begins_nothing_of_it_is_shown(fake: Stage):
    desk = await erasing(fake, FakeSource(tables={"invoice": [EMAIL]}))
    request = await desk.approved()

    card = await desk.bus.look(request_card, request.id)

    assert card.progress is None
    assert not {"retry", "findings", "manual"} & {*card.actions}
