"""What the tests of response clocks share.

The desk opens at 9 and closes at 18 in Dhaka; it is Sunday, 10:00. P3: first answer in 4 h, next in
9 h, resolution in 45 h.
"""

from datetime import datetime

from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.words import Words
from bot.domain.addresses import SYSTEM, Actor
from bot.domain.tickets.service_clock import Metric, ServiceClock
from bot.domain.tickets.ticket import Ticket
from tests.support.builders.desk import Desk
from tests.support.drivers.whole_turns import fire_due

HELLO = Words(text="Hello")


def clock(desk: Desk, ticket: Ticket, metric: Metric) -> ServiceClock:
    return desk.store.clocks[ticket.id, metric]


def local(desk: Desk, at: datetime) -> str:
    return f"{at.astimezone(desk.rules.zone):%a %H:%M}"


async def answer(desk: Desk, ticket: Ticket, bob: Actor) -> str:
    return await desk.bus.handle(bob, reply, ticket=ticket.number, words=HELLO)


async def fire(desk: Desk) -> int:
    return await desk.bus.handle(SYSTEM, fire_due)
