"""Facts, policies, questions, timers and the log: the same on the fake and on both databases."""

from datetime import timedelta

import pytest

from bot.application.ports.desk import Timer
from bot.application.test_mode import StartedForTesting
from bot.domain.addresses import SYSTEM, Actor, StaffId
from bot.domain.errors import NotFound
from bot.domain.tickets.events import TicketClaimed, TicketOpened
from bot.domain.tickets.states import Priority
from tests.support.stores.stages import Stage, a_ticket

NOON = timedelta(hours=12)


class TestFacts:
    async def test_a_fact_is_what_was_put_last(self, stage: Stage):
        async with stage.writing() as work:
            await work.key_values.put("card:1", "C1/1.0")
            await work.key_values.put("card:1", "C1/2.0")
            await work.key_values.put("card:2", "")

        async with stage.reading() as work:
            assert await work.key_values.get("card:1") == "C1/2.0"
            assert await work.key_values.get("card:2") == ""
            assert await work.key_values.get("card:3") is None


class TestPolicies:
    async def test_the_version_published_last_is_current_and_all_are_kept(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            assert await work.policies.current() is None
            assert await work.policies.publish("a", "First.", now)
            assert await work.policies.publish("b", "Second.", now)

        async with stage.reading() as work:
            assert await work.policies.current() == "b"
            assert await work.policies.text("a") == "First."
            assert await work.policies.history() == [("a", now), ("b", now)]

    async def test_publishing_the_current_version_again_changes_nothing(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            await work.policies.publish("a", "First.", now)

            assert not await work.policies.publish("a", "First.", now + NOON)
            assert await work.policies.history() == [("a", now)]

    async def test_an_older_version_can_be_published_again(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            for version, at in (("a", now), ("b", now + NOON), ("a", now + 2 * NOON)):
                assert await work.policies.publish(version, f"Text {version}", at)

        async with stage.reading() as work:
            assert await work.policies.current() == "a"
            assert [version for version, _ in await work.policies.history()] == ["a", "b", "a"]
            assert await work.policies.text("a") == "Text a"

    async def test_an_unknown_version_is_not_found(self, stage: Stage):
        async with stage.reading() as work:
            with pytest.raises(NotFound):
                await work.policies.text("nothing")


class TestTimers:
    async def test_a_timer_reads_back_and_setting_it_again_moves_it(self, stage: Stage):
        timer = a_timer(stage, "close:1")
        later = Timer(key="close:1", kind="other", ref="2", due_at=timer.due_at + NOON)
        async with stage.writing() as work:
            await work.timers.put(timer)
            assert await work.timers.get("close:1") == timer
            await work.timers.put(later)

        async with stage.reading() as work:
            assert await work.timers.get("close:1") == later
            assert await work.timers.get("close:2") is None
            assert await work.timers.next_due() == later.due_at

    async def test_a_cancelled_timer_is_gone_and_cancelling_again_is_no_error(self, stage: Stage):
        async with stage.writing() as work:
            await work.timers.put(a_timer(stage, "a"))
            await work.timers.cancel("a")
            await work.timers.cancel("a")

            assert await work.timers.get("a") is None
            assert await work.timers.next_due() is None

    async def test_what_is_due_comes_oldest_first_up_to_a_limit(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            for name, minutes in (("c", 0), ("a", -5), ("b", -5), ("later", 1)):
                await work.timers.put(a_timer(stage, name, minutes=minutes))

            due = await work.timers.due(now)
            two = await work.timers.due(now, limit=2)

        assert [timer.key for timer in due] == ["a", "b", "c"]
        assert [timer.key for timer in two] == ["a", "b"]


def a_timer(stage: Stage, key: str, *, minutes: int = 5) -> Timer:
    due = stage.clock.now() + timedelta(minutes=minutes)
    return Timer(key=key, kind="close_quiet", ref="ticket", due_at=due)


class TestEventLog:
    async def test_a_stream_tells_what_happened_by_whom_and_when(self, stage: Stage):
        agent = Actor.staff(StaffId("staff-ann"))
        async with stage.writing() as work:
            ticket = await a_ticket(work)
        opened_at = stage.clock.now()
        stage.clock.go_on(hours=1)
        async with stage.writing(agent) as work:
            same = await work.tickets.get(ticket.id)
            same.claim(StaffId("staff-ann"), stage.clock.now())

        async with stage.reading() as work:
            opened, claimed = await work.log.of(ticket.stream)

        assert (opened.seq, opened.at, opened.actor) == (1, opened_at, SYSTEM)
        assert isinstance(opened.event, TicketOpened)
        assert opened.event.account == ticket.account
        assert (claimed.seq, claimed.at, claimed.actor) == (2, stage.clock.now(), agent)
        assert claimed.event == TicketClaimed(
            stream=ticket.stream,
            holder=ticket.holder,
            ticket=ticket.id,
            assignee=StaffId("staff-ann"),
        )
        assert claimed.type == "TicketClaimed"

    async def test_another_stream_tells_nothing_of_it(self, stage: Stage):
        async with stage.writing() as work:
            await a_ticket(work)

            assert await work.log.of("ticket:other") == []

    async def test_every_fact_is_handed_over_once(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            work.record(StartedForTesting(stream="desk"))
            first = await work.take_events()
            nothing = await work.take_events()
            ticket.set_priority(Priority.P1)
            then = await work.take_events()

        assert sorted(type(event).__name__ for event in first) == [
            "StartedForTesting",
            "TicketOpened",
        ]
        assert list(nothing) == []
        assert [type(event).__name__ for event in then] == ["PriorityChanged"]

    async def test_what_was_not_committed_never_happened(self, stage: Stage):
        async with stage.open_work(SYSTEM, writes=True) as work:
            ticket = await a_ticket(work)
            await work.take_events()

        async with stage.reading() as work:
            assert await work.log.of(ticket.stream) == []
            with pytest.raises(NotFound):
                await work.tickets.get(ticket.id)
