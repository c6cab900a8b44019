"""A request whose client is erased stays visible and workable: the rows are really gone."""

from zoneinfo import ZoneInfo

from bot.application.fulfilment.queries import findings_data, manual_data, progress_data
from bot.application.fulfilment.tick_off import Judged, tick_off
from bot.application.outbound.to_client import ToClient
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.request_progress import NOTICES
from bot.application.requests import protective_actions
from bot.application.requests.notices import staff_notices, subject
from bot.application.requests.queries import every_request, request_data
from bot.application.requests.request_context import Click, by_desk, clock_of
from bot.application.requests.scheduling import draw_cards, reschedule
from bot.application.staff_desk.readings import note_reading, who_read
from bot.application.views.fulfilment_progress import progress_of
from bot.application.views.request_card import request_card
from bot.application.views.request_history import request_history
from bot.application.views.requests_home import requests_home
from bot.domain.addresses import SYSTEM, Language
from bot.domain.fulfilment.steps import TickReason
from bot.domain.requests.deadlines import timers
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.domain.requests.statistics import figures
from handlers.slack.blocks.request_card import details, request_sheet
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.left_over import sent, staff, with_a_name_left
from tests.support.builders.requests import EMAIL, PHONE, now
from tests.support.fakes.sources import FakeSource
from tests.support.stores.stages import Stage

ZONE = ZoneInfo("Asia/Dhaka")
SECRETS = (EMAIL, PHONE, "Rahima", "Khatun", "R… K…")


async def erased(stage: Stage) -> tuple[Erasing, DataRequest]:
    desk = await erasing(stage, FakeSource(tables={"invoice": [f"to {EMAIL}"]}))
    request = await desk.approved()
    await sent(desk, ToClient)
    ended = await desk.carried_out(request)
    assert ended.state is RequestState.FULFILLED
    return desk, ended


async def test_its_card_says_how_it_came_and_nothing_of_the_client(stored: Stage):
    desk, request = await erased(stored)

    card = await desk.bus.look(request_card, request.id)
    shown = str(request_sheet(card, ZONE, Language.EN).blocks)
    shown += str(details(card, ZONE, Language.EN))

    assert "billing: erased on" in shown
    assert f"certificate of {request.number} was issued" in shown
    assert not [one for one in SECRETS if one in shown]
    assert card.talk is None


async def test_what_happened_since_the_fence_can_still_be_read(stored: Stage):
    desk, request = await erased(stored)

    lines = (await desk.bus.look(request_history, request=request.id, page=9)).lines
    first = (await desk.bus.look(request_history, request=request.id)).lines
    shown = "\n".join((*first, *lines))

    for words in ("cut off", "billing: done", "searched everything", "certificate was issued"):
        assert words in shown


async def test_nobody_is_written_to_through_the_chat_or_the_record(stored: Stage):
    desk, request = await erased(stored)
    await sent(desk, ToClient)

    async def tell(work: UnitOfWork) -> None:
        for key in NOTICES.values():
            word = subject.Word(key=key)
            await subject.tell_step(work, await work.requests.get(request.id), word)

    await desk.bus.handle(SYSTEM, tell)

    assert await sent(desk, ToClient) == []
    assert await sent(desk, MailNotice) == []


async def test_lists_figures_and_scripts_go_on(stored: Stage):
    desk, request = await erased(stored)

    data = await desk.bus.look(request_data, number=request.number)
    home = await desk.bus.look(requests_home)
    counted = figures(await desk.bus.look(every_request), year=None)
    progress = await desk.bus.look(progress_data, number=request.number)

    assert (data["fenced"], data["state"]) == (True, "fulfilled")
    assert home.cards == ()
    assert counted["erasure"].complied == 1
    assert {one["state"] for one in progress["steps"]} == {"done"}  # pyright: ignore[reportGeneralTypeIssues,reportIndexIssue]  # a list of data
    assert await desk.bus.look(manual_data, number=request.number) == []
    assert await desk.bus.look(findings_data, number=request.number, everything=True) == []


async def test_whoever_opens_its_details_reads_nobodys_words(stored: Stage):
    desk, request = await erased(stored)

    by = staff("ayesha")
    await desk.bus.handle(by, note_reading, what=request.id, door="request_details")

    assert await desk.bus.look(who_read, ref=request.number) == []


async def test_time_goes_on_for_it(stored: Stage):
    desk, request = await with_a_name_left(stored)

    async def every_timer(work: UnitOfWork) -> None:
        found = await work.requests.get(request.id)
        await reschedule(work, found)
        await draw_cards(work, "")
        for timer in timers(found, clock_of(found)):
            await staff_notices.warn_of_due_date(work, found, timer)
        found.let_due_date_pass(await by_desk(work))

    await desk.bus.handle(SYSTEM, every_timer)

    assert (await now(desk.bus, request)).is_late
    assert await sent(desk, ToClient) == []


async def test_a_freeze_still_calls_approvers(stored: Stage):
    desk, request = await with_a_name_left(stored)

    await desk.bus.handle(staff("ayesha"), protective_actions.freeze, request=request.id)

    assert (await now(desk.bus, request)).facts.is_frozen


async def test_what_is_left_can_be_judged_and_certified(stored: Stage):
    desk, request = await with_a_name_left(stored)
    [finding] = await desk.findings(request)

    judged = [Judged(finding.id, TickReason.ANOTHER_PERSON)]
    await desk.bus.handle(staff("champa"), tick_off, click=Click(request.id), judged=judged)
    await desk.turn()

    ended = await now(desk.bus, request)
    shown = await desk.bus.look(progress_of, ended)
    assert ended.state is RequestState.FULFILLED
    assert shown is not None
    assert (shown.ticked, shown.open) == (1, ())
