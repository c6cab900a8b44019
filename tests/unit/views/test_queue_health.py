"""How the queues stand: figures for scripts, one sentence each for people."""

import json
from datetime import timedelta

from bot.application.outbound.to_staff import PostLine
from bot.application.ports.queues import GivenUp, InboundUpdate
from bot.application.ports.reports import HealthCheck
from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.home import HomeChoice, Section, choose_home, deal_again
from bot.application.standing_troubles import keep_troubles
from bot.application.views.home_view import home
from bot.application.views.queue_health import home_health, queue_findings
from bot.domain.addresses import SYSTEM, Language, StaffId, TicketId
from bot.wording import say
from tests.support.builders.desk import Desk, a_desk, a_member

UPDATE = InboundUpdate(key="tg:1:1", source="telegram", conversation="c", payload="secret words")


async def trouble(work: UnitOfWork) -> None:
    """A word that was given up, one that waits, and an update that was put aside."""
    now = work.clock.now()
    await work.outbox.put(PostLine(TicketId("a"), "secret words"))
    for claimed in await work.outbox.claim(now, limit=9, lease_until=now + timedelta(hours=1)):
        await work.outbox.give_up(claimed.id, now, error="gone", end=GivenUp.DEAD)
    await work.outbox.put(PostLine(TicketId("b"), "secret words"))
    await work.inbox.accept([UPDATE], now)
    await work.inbox.fail(UPDATE.key, error="ValueError", next_at=None)


async def found(desk: Desk) -> dict[str, HealthCheck]:
    return {one.name: one for one in await desk.bus.look(queue_findings)}


async def test_where_all_is_well_every_finding_is_good_and_has_its_figures():
    findings = await found(a_desk())

    assert all(one.is_good for one in findings.values())
    assert findings["oldest waiting word"].figures == {
        "waiting": 0,
        "age_seconds": 0,
        "line_seconds": 300,
        "queue": None,
        "lane": None,
        "kind": None,
    }
    assert list(findings["lanes"].figures) == ["telegram", "slack", "mail"]


async def test_what_stands_is_counted_and_timed_without_a_word_of_anybody():
    desk = a_desk()
    await desk.bus.handle(SYSTEM, trouble)
    desk.clock.go_on(minutes=7)

    findings = await found(desk)

    assert not any(findings[name].is_good for name in ("oldest waiting word", "lanes"))
    assert not any(findings[name].is_good for name in ("dead letters", "updates put aside"))
    oldest = findings["oldest waiting word"].figures
    assert (oldest["lane"], oldest["queue"], oldest["kind"]) == ("slack", "outbox", "PostLine")
    assert (oldest["age_seconds"], oldest["waiting"]) == (420, 1)
    assert findings["dead letters"].figures == {"count": 1, "oldest_age_seconds": 420}
    assert findings["updates put aside"].figures == {"count": 1, "oldest_age_seconds": 420}
    assert "secret" not in json.dumps([dict(one.figures) for one in findings.values()])


async def test_what_the_running_desk_says_stands_in_the_way_is_told_by_lane_and_on_the_home():
    desk = a_desk()
    away = Trouble(kind=TroubleKind.CHANNEL, about="C0SUPPORT", error="is_archived")
    lost = Trouble(kind=TroubleKind.UNDELIVERED, error="1")
    standing = [StandingTrouble(trouble=one, since=desk.clock.now()) for one in (away, lost)]
    await desk.bus.handle(SYSTEM, keep_troubles, instance="a", standing=standing)

    lanes = (await found(desk))["lanes"]
    health = await desk.bus.look(home_health)

    assert lanes.figures["slack"] == {
        "waiting": 0,
        "oldest_age_seconds": 0,
        "troubles": ["channel"],
    }
    assert not lanes.is_good
    assert [one.key for one in health] == ["troubles.channel"]


async def test_the_home_says_in_one_line_that_words_get_through():
    assert [one.key for one in await a_desk().bus.look(home_health)] == ["home.words_get_through"]


async def test_the_home_says_what_does_not_and_what_to_do_in_both_languages():
    desk = a_desk()
    await desk.bus.handle(SYSTEM, trouble)
    desk.clock.go_on(minutes=7)

    health = await desk.bus.look(home_health)

    assert [one.key for one in health] == [
        "home.words_wait",
        "home.given_up",
        "home.updates_aside",
    ]
    told = [say(one.key, Language.EN, **dict(one.params)) for one in health]
    assert told[0].startswith("Slack: the oldest word has waited 7 minutes; 1 wait.")
    assert all(say(one.key, Language.BN, **dict(one.params)) for one in health)


async def test_staff_find_what_was_put_aside_and_deal_with_it_again():
    desk = a_desk()
    bob = await a_member(desk)
    await desk.bus.handle(SYSTEM, trouble)
    await desk.bus.handle(bob, choose_home, choice=HomeChoice(section=Section.DEAD))
    view = await desk.bus.look(home, staff=StaffId(bob.id))

    [update] = view.aside
    taken_up = [await desk.bus.handle(bob, deal_again, update=update.id) for _ in range(2)]

    assert dict(view.counters)[Section.DEAD] == 2
    assert (update.source, update.error) == ("telegram", "ValueError")
    assert taken_up == [True, False]
    assert desk.store.inbox["tg:1:1"].state == "pending"
