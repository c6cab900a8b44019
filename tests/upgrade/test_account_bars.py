"""Who may not be tied to anybody, and who agreed to change that, survive the upgrade."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.application.bus import Bus
from bot.application.ports.tickets import TicketFilter
from bot.application.reactions import react
from bot.application.requests.account_links import agree_to_relink, attach
from bot.domain.addresses import AccountId, Actor, StaffId
from bot.domain.clients.people import AccountLink
from bot.domain.errors import NotAllowed
from tests.support.builders.requests import a_person
from tests.support.stores.stages import Stage
from tests.upgrade.past import Past

SINCE = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
INSERT = "INSERT INTO fact (name, value) VALUES ('{name}', '{value}');\n"


@dataclass(frozen=True)
class Who:
    """Of the release's store: an account that a notice was about, another, and two approvers."""

    barred: AccountId
    free: AccountId
    first: StaffId
    second: StaffId


def who_of(past: Past) -> Who:
    barred = past.world["notes"]["cutting_link"].rpartition("f_")[2][:32]
    rows = sqlite3.connect(":memory:")
    rows.executescript(past.store)
    ((free,), *_) = rows.execute("SELECT id FROM account WHERE id != ?", (barred,)).fetchall()
    approvers = rows.execute("SELECT id FROM staff WHERE role = 'approver' ORDER BY id").fetchall()
    rows.close()
    (first,), (second,), *_ = approvers
    return Who(AccountId(barred), AccountId(free), StaffId(first), StaffId(second))


@pytest.fixture
def past(past: Past) -> Past:
    """A notice's link had cut one account loose and one approver agreed; another was let off."""
    who = who_of(past)
    values = {
        f"account.frozen:{who.barred}": SINCE.isoformat(),
        f"account.relink:{who.barred}": who.first,
        f"account.frozen:{who.free}": "",
        f"account.relink:{who.free}": "",
    }
    rows = (INSERT.format(name=name, value=value) for name, value in values.items())
    return replace(past, more="".join(rows))


@pytest.fixture
def who(past: Past) -> Who:
    return who_of(past)


async def test_a_bar_of_before_the_upgrade_still_bars(upgraded: Stage, who: Who):
    async with upgraded.writing() as work:
        person = await a_person(work, "C-new")
        tied = [
            await attach(work, await work.accounts.get(one), person)
            for one in (who.barred, who.free)
        ]

    async with upgraded.reading() as work:
        links = [(await work.accounts.get(one)).link for one in (who.barred, who.free)]
    assert tied == [False, True]
    assert links == [
        AccountLink(barred_since=SINCE, first_approver=who.first),
        AccountLink(person=person.id),
    ]


async def test_a_first_approval_of_before_the_upgrade_still_counts(upgraded: Stage, who: Who):
    bus = Bus(upgraded.open_work, react)
    async with upgraded.reading() as work:
        ticket, *_ = await work.tickets.find(TicketFilter(account=who.barred))

    with pytest.raises(NotAllowed):
        await bus.handle(Actor.staff(who.first), agree_to_relink, ticket=ticket.number)
    is_lifted = await bus.handle(Actor.staff(who.second), agree_to_relink, ticket=ticket.number)

    async with upgraded.reading() as work:
        link = (await work.accounts.get(who.barred)).link
    assert is_lifted
    assert link == AccountLink()


async def test_nothing_is_left_where_it_stood(upgraded: Stage, who: Who):
    names = [
        f"account.{kind}:{one}" for kind in ("frozen", "relink") for one in (who.barred, who.free)
    ]

    async with upgraded.reading() as work:
        assert [await work.key_values.get(name) for name in names] == [None] * 4
