"""The outbox: what holds on the fake holds on both databases."""

from datetime import datetime, timedelta

import pytest

from bot.addresses import AccountId, MessageId, StaffId, TicketId
from bot.messages import (
    Choice,
    Delivery,
    Document,
    PostLine,
    PostMessage,
    Press,
    RefreshHome,
    Relay,
    Reply,
    Say,
    ShowCard,
    UpdatePost,
)
from bot.ports import Lane, Parcel, UnitOfWork
from bot.tickets.talk import Span
from tests.stages import Stage

SECOND = timedelta(seconds=1)
A, B = TicketId("a"), TicketId("b")


def line(text: str, ticket: TicketId = A) -> PostLine:
    return PostLine(ticket, text)


async def put(stage: Stage, *deliveries: Delivery, key: str = "") -> None:
    async with stage.writing() as work:
        for delivery in deliveries:
            await work.outbox.put(delivery, key=key)


async def claim(stage: Stage, *, limit: int = 10) -> list[Parcel]:
    async with stage.writing() as work:
        return await claim_in(work, limit=limit)


async def claim_in(work: UnitOfWork, *, limit: int = 10) -> list[Parcel]:
    now = work.clock.now()
    return await work.outbox.claim(now, limit=limit, lease_until=now + timedelta(seconds=90))


def texts(parcels: list[Parcel]) -> list[str]:
    return [parcel.delivery.text for parcel in parcels if isinstance(parcel.delivery, PostLine)]


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
            Relay(AccountId("alice"), MessageId("m")),
            PostMessage(A, MessageId("m")),
            ShowCard(A, is_new=True),
            RefreshHome(StaffId("ann")),
        ],
        ids=lambda delivery: type(delivery).__name__,
    )
    async def test_a_delivery_comes_out_as_it_went_in(self, stage: Stage, delivery: Delivery):
        await put(stage, delivery, key="k1")

        (parcel,) = await claim(stage)

        assert parcel.delivery == delivery
        assert type(parcel.delivery) is type(delivery)
        assert (parcel.key, parcel.tries, parcel.is_repeat) == ("k1", 0, False)

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
        (parcel,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.finish(parcel.id, stage.clock.now())
        await put(stage, line("three"), key="k")

        assert texts([parcel]) == ["one"]
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
        (parcel,) = await claim(stage)

        async with stage.writing() as work:
            await work.outbox.finish(parcel.id, stage.clock.now())
            found = await claim_in(work)

        assert texts(found) == ["a2"]

    async def test_a_delivery_that_waits_for_its_next_try_holds_back_what_came_after(
        self, stage: Stage
    ):
        await put(stage, line("a1"), line("a2"))
        (parcel,) = await claim(stage)
        await retry(stage, parcel, after=30 * SECOND)

        held_back = await claim(stage)
        stage.clock.go_on(seconds=30)
        then = await claim(stage)

        assert held_back == []
        assert texts(then) == ["a1"]
        assert then[0].tries == 1

    async def test_the_urgent_goes_first_when_only_some_may_go(self, stage: Stage):
        await put(stage, RefreshHome(StaffId("ann")), line("line"), ShowCard(B, is_new=True))

        found = await claim(stage, limit=2)

        assert [type(parcel.delivery).__name__ for parcel in found] == ["ShowCard", "PostLine"]

    async def test_a_dropped_delivery_lets_the_next_one_go(self, stage: Stage):
        await put(stage, line("a1"), line("a2"))
        (parcel,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.give_up(parcel.id, stage.clock.now(), error="gone", dead=False)

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
        (parcel,) = await claim(stage)

        async with stage.writing() as work:
            assert not await work.outbox.withdraw("k")
            await work.outbox.finish(parcel.id, stage.clock.now())
            assert not await work.outbox.withdraw("k")

    async def test_a_withdrawn_delivery_cannot_be_finished_or_tried_again(self, stage: Stage):
        await put(stage, line("x"), key="k")
        async with stage.writing() as work:
            await work.outbox.withdraw("k")
            await work.outbox.finish(1, stage.clock.now())
            await work.outbox.give_up(1, stage.clock.now(), error="e", dead=True)
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

        assert [type(parcel.delivery) for parcel in found] == [RefreshHome]
        assert texts(await claim(stage)) == ["line"]

    async def test_a_lane_of_one_conversation_leaves_the_others_alone(self, stage: Stage):
        await put(stage, line("a"), line("b", B))

        async with stage.writing() as work:
            lane = Lane(kinds=(PostLine,), conversation="desk:b")
            found = await work.outbox.claim(
                stage.clock.now(), limit=9, lease_until=stage.clock.now(), lane=lane
            )

        assert texts(found) == ["b"]


class TestViews:
    async def test_one_waiting_view_is_enough(self, stage: Stage):
        await put(stage, ShowCard(A), ShowCard(A), ShowCard(B))

        assert len(await claim(stage)) == 2

    async def test_a_view_that_is_being_shown_is_asked_for_again(self, stage: Stage):
        await put(stage, UpdatePost(A, MessageId("m")))
        (parcel,) = await claim(stage)
        await put(stage, UpdatePost(A, MessageId("m")))
        async with stage.writing() as work:
            await work.outbox.finish(parcel.id, stage.clock.now())

        assert len(await claim(stage)) == 1

    async def test_a_view_rests_after_it_was_shown(self, stage: Stage):
        await put(stage, ShowCard(A))
        (parcel,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.finish(parcel.id, stage.clock.now())
        await put(stage, ShowCard(A))

        too_early = await claim(stage)
        stage.clock.go_on(seconds=3)

        assert too_early == []
        assert len(await claim(stage)) == 1

    async def test_views_without_a_name_are_all_carried(self, stage: Stage):
        await put(stage, line("same"), line("same", B))

        assert len(await claim(stage)) == 2


class TestTrouble:
    async def test_a_wait_the_platform_asked_for_does_not_count_as_a_try(self, stage: Stage):
        await put(stage, line("x"))
        (parcel,) = await claim(stage)
        await retry(stage, parcel, counts=False)

        (again,) = await claim(stage)

        assert (again.tries, again.is_repeat) == (0, False)

    async def test_what_ended_uncertain_is_a_repeat_from_then_on(self, stage: Stage):
        await put(stage, line("x"))
        (parcel,) = await claim(stage)
        await retry(stage, parcel, uncertain=True)
        (again,) = await claim(stage)
        await retry(stage, again)

        (third,) = await claim(stage)

        assert (again.is_repeat, third.is_repeat, third.tries) == (True, True, 2)

    async def test_the_next_wait_is_known(self, stage: Stage):
        async with stage.reading() as work:
            assert await work.outbox.next_due() is None
        await put(stage, line("x"))
        (parcel,) = await claim(stage)
        async with stage.reading() as work:
            assert await work.outbox.next_due() is None
        await retry(stage, parcel, after=30 * SECOND)

        async with stage.reading() as work:
            assert await work.outbox.next_due() == stage.clock.now() + 30 * SECOND

    async def test_a_carrier_that_died_leaves_a_stray(self, stage: Stage):
        await put(stage, line("x"))
        (parcel,) = await claim(stage)

        async with stage.writing() as work:
            early = await work.outbox.strays(stage.clock.now() + 89 * SECOND)
            late = await work.outbox.strays(stage.clock.now() + 90 * SECOND)

        assert early == []
        assert late == [parcel]

    async def test_a_stray_that_is_tried_again_is_a_stray_no_more(self, stage: Stage):
        await put(stage, line("x"))
        await claim(stage)
        stage.clock.go_on(seconds=90)
        async with stage.writing() as work:
            (stray,) = await work.outbox.strays(stage.clock.now())
            await work.outbox.retry(
                stray.id, stage.clock.now(), error="died", counts=True, uncertain=True
            )
            assert await work.outbox.strays(stage.clock.now()) == []

        (again,) = await claim(stage)
        assert again.is_repeat

    async def test_a_dead_letter_is_seen_and_can_be_revived_once(self, stage: Stage):
        await put(stage, line("x"), line("y"))
        (parcel,) = await claim(stage)
        await retry(stage, parcel)
        (parcel,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.give_up(
                parcel.id, stage.clock.now(), error="channel_gone" * 20, dead=True
            )

        async with stage.writing() as work:
            (letter,) = await work.outbox.dead_letters()
            count = await work.outbox.count_dead()
            is_revived = await work.outbox.revive(letter.id, stage.clock.now())
            is_revived_again = await work.outbox.revive(letter.id, stage.clock.now())

        assert (letter.kind, letter.conversation) == ("PostLine", "desk:a")
        assert letter.error.startswith("channel_gone")
        assert letter.since == stage.clock.now()
        assert (count, is_revived, is_revived_again) == (1, True, False)
        (again,) = await claim(stage)
        assert texts([again]) == ["x"]
        assert again.tries == 0

    async def test_dead_letters_come_newest_first_up_to_a_limit(self, stage: Stage):
        await put(stage, line("x"), line("y", B))
        for parcel in await claim(stage):
            async with stage.writing() as work:
                await work.outbox.give_up(parcel.id, stage.clock.now(), error="e", dead=True)

        async with stage.reading() as work:
            both = await work.outbox.dead_letters()
            one = await work.outbox.dead_letters(limit=1)

        assert [letter.conversation for letter in both] == ["desk:b", "desk:a"]
        assert one == both[:1]

    async def test_what_was_dropped_is_nobodys_business(self, stage: Stage):
        await put(stage, line("x"))
        (parcel,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.give_up(parcel.id, stage.clock.now(), error="blocked", dead=False)

        async with stage.writing() as work:
            assert await work.outbox.count_dead() == 0
            assert not await work.outbox.revive(parcel.id, stage.clock.now())

    async def test_a_conversation_can_rest(self, stage: Stage):
        await put(stage, line("a1"), line("b1", B))
        async with stage.writing() as work:
            await work.outbox.pause("desk:a", stage.clock.now() + 60 * SECOND)

        now = await claim(stage)
        stage.clock.go_on(seconds=60)
        later = await claim(stage)

        assert texts(now) == ["b1"]
        assert texts(later) == ["a1"]

    async def test_what_is_queued_after_a_rest_began_does_not_wait_behind_it(self, stage: Stage):
        await put(stage, line("a1"))
        async with stage.writing() as work:
            await work.outbox.pause("desk:a", stage.clock.now() + 60 * SECOND)
        await put(stage, line("a2"))

        assert texts(await claim(stage)) == ["a2"]

    async def test_a_rest_can_be_ended(self, stage: Stage):
        await put(stage, line("a1"), line("a2"))
        async with stage.writing() as work:
            await work.outbox.pause("desk:a", stage.clock.now() + 60 * SECOND)
            await work.outbox.pause("desk:a", stage.clock.now())

        assert texts(await claim(stage)) == ["a1"]
        assert await claim(stage) == []

    async def test_an_unknown_parcel_changes_nothing(self, stage: Stage):
        async with stage.writing() as work:
            now = stage.clock.now()
            await work.outbox.finish(99, now)
            await work.outbox.give_up(99, now, error="e", dead=True)
            await work.outbox.retry(99, now, error="e", counts=True, uncertain=True)

            assert not await work.outbox.revive(99, now)
            assert await work.outbox.count_dead() == 0


async def retry(
    stage: Stage,
    parcel: Parcel,
    *,
    after: timedelta = timedelta(0),
    counts: bool = True,
    uncertain: bool = False,
) -> None:
    at: datetime = stage.clock.now() + after
    async with stage.writing() as work:
        await work.outbox.retry(parcel.id, at, error="oops", counts=counts, uncertain=uncertain)
