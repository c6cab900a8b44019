"""Alarms as staff read them in Slack, the way back out of one, and a due date that went by."""

from collections import Counter

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.account_links import attach
from bot.application.requests.objection_links import cutting_link, freeze_link
from bot.application.requests.request_context import clock_of
from bot.application.wire_names import DELIVERIES
from bot.domain.addresses import SYSTEM, Language
from bot.domain.clients.people import Account
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from bot.wording.times import due_day
from handlers.email.delivery_adapter import LANE as MAIL
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.slack.delivery.delivery_adapter import LANE as SLACK
from handlers.telegram.delivery_adapter import LANE as TELEGRAM
from tests.edges.slack.request_cards import as_it_stands, clicks, person, posted, reviewed
from tests.support.builders.requests import EMAIL, PHONE, a_person
from tests.support.drivers.office import PRIVACY, SUPPORT, Office

APPROVERS = ("U0SAL", "U0BOB", "U0ANN")


def in_privacy(office: Office, words: str) -> list[str]:
    """What the desk posted there with these words in it, beside the cards."""
    found = office.slack.channel(PRIVACY).messages.values()
    own = [one.text for one in found if one.bot_id and "request-card:" not in str(one.metadata)]
    return [one for one in own if words in one]


def heard_by(client: VirtualUser) -> str:
    return "\n".join(one.text for one in client.messages if one.is_from_bot)


async def presses_the_link(office: Office, telegram: TelegramServer, link: str) -> VirtualUser:
    """Somebody who holds the mail, in a chat that the desk does not know."""
    holder = telegram.user(4_503_599_627_370_055, "Holder", language_code="en")
    await holder.start(link.partition("start=")[2])
    await office.hear()
    await office.go_on(seconds=3)
    return holder


async def link_to_freeze(work: UnitOfWork, *, request: DataRequest) -> str:
    return await freeze_link(work, request)


async def tie(work: UnitOfWork, *, ticket: Ticket) -> str:
    """The ticket's chat becomes Rahima's; the link in the notice about it."""
    account = await work.accounts.get(ticket.account)
    assert await attach(work, account, await a_person(work))
    return await cutting_link(work, account.id)


async def account_of(work: UnitOfWork, *, ticket: Ticket) -> Account:
    return await work.accounts.get(ticket.account)


def test_every_kind_of_delivery_has_one_way_out():
    """What no lane takes would wait for ever, and nobody would hear of it."""
    taken = Counter(kind for lane in (TELEGRAM, MAIL, SLACK) for kind in lane.kinds)

    assert taken == Counter(DELIVERIES.values())


async def test_a_freeze_calls_the_approvers_and_says_who_what_whom_to_ring_and_what_to_do(
    court: Office, telegram: TelegramServer
):
    request = await reviewed(court)
    link = await court.rig.desk.bus.handle(SYSTEM, link_to_freeze, request=request)

    holder = await presses_the_link(court, telegram, link)

    (alarm,) = in_privacy(court, "is frozen")
    assert all(f"<@{one}>" in alarm for one in APPROVERS)
    assert request.number in alarm
    assert "R… K…" in alarm
    assert "Whom to ring: the number on record, +880" in alarm
    assert "press Lift freeze on its card" in alarm
    for secret in (EMAIL, PHONE, "Rahima", "Khatun"):
        assert secret not in alarm
    assert say("requests.frozen_here", Language.EN, number=request.number) in heard_by(holder)
    assert (await as_it_stands(court, request)).facts.is_frozen


async def test_what_the_alarm_says_to_do_can_be_done(court: Office, telegram: TelegramServer):
    request = await reviewed(court)
    link = await court.rig.desk.bus.handle(SYSTEM, link_to_freeze, request=request)
    await presses_the_link(court, telegram, link)
    await court.go_on(seconds=3)

    await clicks(court, court.bob, request, "Lift freeze")
    after_one = (await as_it_stands(court, request)).facts.is_frozen
    await clicks(court, court.ann, request, "Lift freeze")

    assert after_one
    assert not (await as_it_stands(court, request)).facts.is_frozen
    assert "'Approve'" in str((await posted(court, request)).blocks)


async def test_a_disowned_account_is_an_alarm_too_and_its_way_back_can_be_walked(
    court: Office, telegram: TelegramServer, alice: VirtualUser
):
    ticket = await court.a_ticket(alice)
    link = await court.rig.desk.bus.handle(SYSTEM, tie, ticket=ticket)
    await presses_the_link(court, telegram, link)
    (alarm,) = in_privacy(court, "a chat account is not theirs")
    command = f"/desk relink {ticket.number}"
    cut = await court.rig.desk.bus.look(account_of, ticket=ticket)

    for who in ("U0BOB", "U0SAL"):
        await person(court, who).command(command, SUPPORT)
        await court.hear()

    assert all(f"<@{one}>" in alarm for one in APPROVERS)
    assert "Client: R… K…" in alarm
    assert "Whom to ring: the number on record, +880" in alarm
    assert command in alarm
    assert EMAIL not in alarm
    assert PHONE not in alarm
    assert (cut.person, cut.link.is_barred) == (None, True)
    back = await court.rig.desk.bus.look(account_of, ticket=ticket)
    assert not back.link.is_barred
    assert say("identity.relink_told") in heard_by(alice)


async def in_review_for(court: Office, client: VirtualUser) -> DataRequest:
    """The chat asks for a copy of what it sent itself."""
    await client.start()
    await court.hear()
    await client.say("/access")
    await court.hear()
    await client.tap("Only what I sent in this chat")
    await court.hear()
    async with court.rig.stage.reading() as work:
        (request,) = await work.requests.find(live_only=True, limit=9)
    assert request.state is RequestState.IN_REVIEW
    return request


async def test_five_days_of_outage_over_the_due_date_give_one_alert_and_one_apology(
    court: Office, alice: VirtualUser
):
    request = await in_review_for(court, alice)
    left = request.due_at - court.rig.stage.clock.now()
    await court.go_on(days=left.days - 2)
    before = in_privacy(court, request.number)
    alice.forget()

    await court.go_on(days=5)
    for _ in range(3):
        await court.go_on(hours=7)

    alerts = in_privacy(court, request.number)[len(before) :]
    (alert,) = alerts
    assert "is overdue" in alert
    assert all(f"<@{one}>" in alert for one in APPROVERS)
    apologies = [one for one in heard_by(alice).split("\n") if "We are sorry" in one]
    (apology,) = apologies
    assert clock_of(request).regime.authority.name[Language.EN] in apology
    assert due_day(request.due_on, Language.EN) in apology
    assert "We now expect to answer by" in apology
