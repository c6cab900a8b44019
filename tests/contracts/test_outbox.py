"""The outbox: what holds on the fake holds on both databases."""

import pytest

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import Choice, Document, Press, Reply, Say, SendReply
from bot.application.outbound.to_staff import (
    PostLine,
    PostMessage,
    RefreshHome,
    ShowCard,
    UpdatePost,
)
from bot.application.ports.queues import GivenUp, Lane
from bot.domain.addresses import AccountId, MessageId, StaffId
from bot.domain.tickets.message import Span
from tests.support.builders.deliveries import SECOND, A, B, claim, claim_in, line, put, retry, texts
from tests.support.stores.stages import Stage


class TestWhatIsCarried:
    @pytest.mark.parametrize(
        "delivery",
        [
            Say(
                AccountId("alice"),
                Reply(
                    text="Hello 👋 নমস্কার",
                    spans=(Span("bold", 0, 5),),
                    rows=((Choice("Yes", Press("yes", "1")), Choice("No", Press("no"))),),
                    about=A,
                    document=Document("t.txt", "text/plain", "a\nb"),
                    contact_label="Share",
                    keyboard_gone=True,
                ),
            ),
            SendReply(AccountId("alice"), MessageId("m")),
            PostMessage(A, MessageId("m")),
            ShowCard(A, is_new=True),
            RefreshHome(StaffId("ann")),
        ],
        ids=lambda delivery: type(delivery).__name__,
    )
    async def test_a_delivery_comes_out_as_it_went_in(self, stage: Stage, delivery: Delivery):
        await put(stage, delivery, key="k1")

        (claimed,) = await claim(stage)

        assert claimed.delivery == delivery
        assert type(claimed.delivery) is type(delivery)
        assert (claimed.key, claimed.tries, claimed.is_repeat) == ("k1", 0, False)

    async def test_odd_text_comes_out_as_a_store_can_hold_it(self, stage: Stage):
        await put(stage, line("a \0 b \u202e 😀"))

        assert texts(await claim(stage)) == ["a \0 b \u202e 😀"]

    async def test_without_a_key_each_delivery_still_has_a_name(self, stage: Stage):
        await put(stage, line("one"), line("two", B))

        first, second = await claim(stage)

        assert first.key
        assert first.key != second.key

    async def test_a_key_is_queued_once_even_after_it_arrived(self, stage: Stage):
        await put(stage, line("one"), key="k")
        await put(stage, line("two"), key="k")
        (claimed,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.finish(claimed.id, stage.clock.now())
        await put(stage, line("three"), key="k")

        assert texts([claimed]) == ["one"]
        assert await claim(stage) == []


class TestOrder:
    async def test_one_delivery_of_a_conversation_is_on_its_way_at_a_time(self, stage: Stage):
        await put(stage, line("a1"), line("a2"), line("b1", B))

        first = await claim(stage)
        second = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.finish(first[0].id, stage.clock.now())
        third = await claim(stage)

        assert texts(first) == ["a1", "b1"]
        assert second == []
        assert texts(third) == ["a2"]

    async def test_finished_and_next_in_one_transaction(self, stage: Stage):
        await put(stage, line("a1"), line("a2"))
        (claimed,) = await claim(stage)

        async with stage.writing() as work:
            await work.outbox.finish(claimed.id, stage.clock.now())
            found = await claim_in(work)

        assert texts(found) == ["a2"]

    async def test_a_delivery_that_waits_for_its_next_try_holds_back_what_came_after(
        self, stage: Stage
    ):
        await put(stage, line("a1"), line("a2"))
        (claimed,) = await claim(stage)
        await retry(stage, claimed, after=30 * SECOND)

        held_back = await claim(stage)
        stage.clock.go_on(seconds=30)
        then = await claim(stage)

        assert held_back == []
        assert texts(then) == ["a1"]
        assert then[0].tries == 1

    async def test_the_urgent_goes_first_when_only_some_may_go(self, stage: Stage):
        await put(stage, RefreshHome(StaffId("ann")), line("line"), ShowCard(B, is_new=True))

        found = await claim(stage, limit=2)

        assert [type(claimed.delivery).__name__ for claimed in found] == ["ShowCard", "PostLine"]

    async def test_a_returned_delivery_lets_the_next_one_go(self, stage: Stage):
        await put(stage, line("a1"), line("a2"))
        (claimed,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.give_up(
                claimed.id, stage.clock.now(), error="gone", end=GivenUp.RETURNED
            )

        assert texts(await claim(stage)) == ["a2"]


class TestHeld:
    async def test_a_held_delivery_waits_and_what_came_after_does_not(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            await work.outbox.put(line("held"), key="h", not_before=now + 5 * SECOND)
            await work.outbox.put(line("after"))
            assert await work.outbox.next_due() == now

        (after,) = await claim(stage)
        stage.clock.go_on(seconds=5)
        while_one_is_on_its_way = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.finish(after.id, stage.clock.now())
        then = await claim(stage)

        assert texts([after]) == ["after"]
        assert while_one_is_on_its_way == []
        assert texts(then) == ["held"]

    async def test_what_is_held_until_now_is_not_held(self, stage: Stage):
        async with stage.writing() as work:
            await work.outbox.put(line("now"), not_before=stage.clock.now())

        assert texts(await claim(stage)) == ["now"]

    async def test_a_held_delivery_can_be_withdrawn_once(self, stage: Stage):
        async with stage.writing() as work:
            await work.outbox.put(line("x"), key="h", not_before=stage.clock.now() + 5 * SECOND)
        async with stage.writing() as work:
            assert await work.outbox.withdraw("h")
            assert not await work.outbox.withdraw("h")
            assert not await work.outbox.withdraw("unknown")

        stage.clock.go_on(seconds=5)
        assert await claim(stage) == []

    async def test_what_has_left_cannot_be_withdrawn(self, stage: Stage):
        await put(stage, line("x"), key="k")
        (claimed,) = await claim(stage)

        async with stage.writing() as work:
            assert not await work.outbox.withdraw("k")
            await work.outbox.finish(claimed.id, stage.clock.now())
            assert not await work.outbox.withdraw("k")

    async def test_a_withdrawn_delivery_cannot_be_finished_or_tried_again(self, stage: Stage):
        await put(stage, line("x"), key="k")
        async with stage.writing() as work:
            await work.outbox.withdraw("k")
            await work.outbox.finish(1, stage.clock.now())
            await work.outbox.give_up(1, stage.clock.now(), error="e", end=GivenUp.DEAD)
            await work.outbox.retry(1, stage.clock.now(), error="e", counts=True, uncertain=False)

            assert await work.outbox.count_dead() == 0
        assert await claim(stage) == []

    async def test_what_keeps_its_place_holds_up_what_came_after(self, stage: Stage):
        async with stage.writing() as work:
            until = stage.clock.now() + 5 * SECOND
            await work.outbox.put(line("reply"), key="r", not_before=until, keeps_place=True)
            await work.outbox.put(line("after"))

        early = await claim(stage)
        stage.clock.go_on(seconds=5)
        late = await claim(stage)

        assert early == []
        assert texts(late) == ["reply"]

    async def test_whether_a_delivery_is_still_to_leave_is_known(self, stage: Stage):
        await put(stage, line("x"), key="k")
        async with stage.writing() as work:
            before = await work.outbox.waits("k")
            unknown = await work.outbox.waits("other")
            await claim_in(work)
            after = await work.outbox.waits("k")

        assert (before, unknown, after) == (True, False, False)


class TestLanes:
    async def test_a_lane_carries_its_own_kinds_only(self, stage: Stage):
        await put(stage, line("line"), RefreshHome(StaffId("ann")))

        async with stage.writing() as work:
            lane = Lane(kinds=(RefreshHome,))
            found = await work.outbox.claim(
                stage.clock.now(), limit=9, lease_until=stage.clock.now(), lane=lane
            )

        assert [type(claimed.delivery) for claimed in found] == [RefreshHome]
        assert texts(await claim(stage)) == ["line"]

    async def test_a_lane_of_one_conversation_leaves_the_others_alone(self, stage: Stage):
        await put(stage, line("a"), line("b", B))

        async with stage.writing() as work:
            lane = Lane(kinds=(PostLine,), conversation="desk:b")
            found = await work.outbox.claim(
                stage.clock.now(), limit=9, lease_until=stage.clock.now(), lane=lane
            )

        assert texts(found) == ["b"]

    async def test_conversations_that_wait_for_a_channel_are_left_where_they_are(
        self, stage: Stage
    ):
        await put(stage, line("a"), line("b", B))

        now = stage.clock.now()
        async with stage.writing() as work:
            found = await work.outbox.claim(
                now, limit=9, lease_until=now + 90 * SECOND, without=("desk:a", "desk:c")
            )
        then = await claim(stage)

        assert texts(found) == ["b"]
        assert texts(then) == ["a"]


class TestViews:
    async def test_one_waiting_view_is_enough(self, stage: Stage):
        await put(stage, ShowCard(A), ShowCard(A), ShowCard(B))

        assert len(await claim(stage)) == 2

    async def test_a_view_that_is_being_shown_is_asked_for_again(self, stage: Stage):
        await put(stage, UpdatePost(A, MessageId("m")))
        (claimed,) = await claim(stage)
        await put(stage, UpdatePost(A, MessageId("m")))
        async with stage.writing() as work:
            await work.outbox.finish(claimed.id, stage.clock.now())

        assert len(await claim(stage)) == 1

    async def test_a_view_rests_after_it_was_shown(self, stage: Stage):
        await put(stage, ShowCard(A))
        (claimed,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.finish(claimed.id, stage.clock.now())
        await put(stage, ShowCard(A))

        too_early = await claim(stage)
        stage.clock.go_on(seconds=3)

        assert too_early == []
        assert len(await claim(stage)) == 1

    async def test_a_view_asked_for_while_it_is_being_shown_rests_too(self, stage: Stage):
        await put(stage, ShowCard(A), ShowCard(B))
        first, _ = await claim(stage)
        await put(stage, ShowCard(A))
        stage.clock.go_on(seconds=2)
        async with stage.writing() as work:
            await work.outbox.finish(first.id, stage.clock.now(), rest=first.delivery.rest)

        stage.clock.go_on(seconds=2)
        too_early = await claim(stage)
        stage.clock.go_on(seconds=1)

        assert too_early == []
        assert [claimed.delivery for claimed in await claim(stage)] == [ShowCard(A)]

    async def test_views_without_a_name_are_all_carried(self, stage: Stage):
        await put(stage, line("same"), line("same", B))

        assert len(await claim(stage)) == 2
