"""What every BudgetStore must do: run on the fake, on SQLite and on PostgreSQL.

A test module subclasses `BudgetStoreContract` and gives a fixture `store`. A store that lives in
a database also gives a fixture `reopen`: a coroutine function that returns the store anew, as
after a restart.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.domain.identity.budgets import Bucket, Budget, BudgetKind, Limit, Tally, TallyRule
from bot.domain.identity.limits import SUBJECT_CODES

NOW = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
CODES = Bucket(BudgetKind.SUBJECT_CODES, "somebody")
OTHERS = Bucket(BudgetKind.SUBJECT_CODES, "somebody else")
SUBJECT = Bucket(BudgetKind.SUBJECT_FAILURES, "somebody")
FAILURES = Bucket(BudgetKind.CHAT_FAILURES, "a chat")
THREE_AN_HOUR = Budget((Limit(3, HOUR), Limit(5, DAY)))
TEN = TallyRule(every=10, lock=DAY, most=30)


class BudgetStoreContract:
    """One rule a test; `store` comes from the subclass."""

    async def test_a_budget_holds_in_every_window(self, store):
        hour = [await store.spend(CODES, THREE_AN_HOUR, NOW + n * MINUTE) for n in range(4)]
        later = [
            await store.spend(CODES, THREE_AN_HOUR, NOW + 2 * HOUR + n * MINUTE) for n in (0, 1, 2)
        ]
        next_day = await store.spend(CODES, THREE_AN_HOUR, NOW + DAY + MINUTE)

        assert hour == [True, True, True, False]
        assert later == [True, True, False]
        assert next_day

    async def test_what_was_refused_is_not_counted(self, store):
        for n in range(6):
            await store.spend(CODES, THREE_AN_HOUR, NOW + n * MINUTE)

        assert await store.spent(CODES, NOW - MINUTE) == 3

    async def test_buckets_are_apart(self, store):
        await store.spend(CODES, THREE_AN_HOUR, NOW)

        assert await store.spent(OTHERS, NOW - HOUR) == 0
        assert await store.spent(Bucket(BudgetKind.ALL_CODES, "somebody"), NOW - HOUR) == 0

    async def test_only_what_came_after_a_moment_is_counted(self, store):
        for n in range(3):
            await store.spend(CODES, THREE_AN_HOUR, NOW + n * MINUTE)

        assert await store.spent(CODES, NOW) == 2

    async def test_the_same_item_costs_nothing_again(self, store):
        bucket = Bucket(BudgetKind.CHAT_ADDRESSES, "a chat")
        items = ["a", "b", "a", "c", "d", "b"]

        taken = [await store.spend(bucket, Budget((Limit(3, DAY),)), NOW, item) for item in items]

        assert taken == [True, True, True, True, False, True]
        assert await store.spent(bucket, NOW - DAY) == 3

    async def test_waits_grow_from_code_to_code(self, store):
        seconds = [0, 59, 60, 179, 180, 419]

        taken = [
            await store.spend(CODES, SUBJECT_CODES, NOW + timedelta(seconds=at)) for at in seconds
        ]

        assert taken == [True, False, True, False, True, False]

    async def test_each_item_waits_for_itself_where_the_budget_says_so(self, store):
        asked = [(0, "a"), (1, "b"), (59, "a"), (61, "b"), (62, "c")]

        taken = [
            await store.spend(CODES, SUBJECT_CODES, NOW + timedelta(seconds=at), item)
            for at, item in asked
        ]

        assert taken == [True, True, False, True, False]

    async def test_a_clock_set_back_frees_nothing(self, store):
        for n in range(3):
            await store.spend(CODES, THREE_AN_HOUR, NOW + n * MINUTE)

        assert not await store.spend(CODES, THREE_AN_HOUR, NOW - 30 * MINUTE)

    async def test_every_tenth_failure_locks_and_a_locked_try_is_not_counted(self, store):
        tried = [await store.charge(FAILURES, TEN, NOW) for _ in range(12)]

        assert [tally is not None for tally in tried] == [True] * 10 + [False] * 2
        assert await store.tally(FAILURES) == Tally(10, NOW, NOW + DAY)

    async def test_a_lock_ends_and_the_cap_does_not(self, store):
        counts = [await store.charge(FAILURES, TEN, NOW + n * 3 * HOUR) for n in range(200)]

        assert sum(tally is not None for tally in counts) == 30
        assert await store.charge(FAILURES, TEN, NOW + 365 * DAY) is None

    async def test_a_right_code_takes_its_own_charge_back(self, store):
        for _ in range(10):
            await store.charge(FAILURES, TEN, NOW)

        await store.forgive(FAILURES)
        await store.forgive(OTHERS)

        assert (await store.tally(FAILURES)).count == 9
        assert not (await store.tally(FAILURES)).is_locked(NOW, TEN)
        assert (await store.tally(OTHERS)).count == 0

    async def test_clearing_forgets_a_tally(self, store):
        for _ in range(10):
            await store.charge(FAILURES, TEN, NOW)

        await store.clear(FAILURES)
        await store.clear(OTHERS)

        assert await store.tally(FAILURES) == Tally()

    async def test_two_who_come_together_do_not_share_one_budget(self, store):
        spent = await asyncio.gather(*(store.spend(CODES, THREE_AN_HOUR, NOW) for _ in range(8)))
        charged = await asyncio.gather(*(store.charge(FAILURES, TEN, NOW) for _ in range(25)))

        assert sum(spent) == 3
        assert sum(tally is not None for tally in charged) == 10

    async def test_what_counts_no_more_is_dropped_and_what_counts_is_kept(self, store):
        locked, subject = Bucket(BudgetKind.CHAT_FAILURES, "locked"), SUBJECT
        for bucket, times in ((FAILURES, 1), (locked, 10), (subject, 2)):
            for _ in range(times):
                await store.charge(bucket, TEN, NOW)
        await store.charge(OTHERS, TEN, NOW)
        await store.clear(OTHERS)
        await store.spend(CODES, THREE_AN_HOUR, NOW)
        await store.spend(CODES, THREE_AN_HOUR, NOW + 2 * HOUR)

        gone = await store.purge(NOW + HOUR)

        assert gone in {2, 3}  # a cleared tally may have been no row any more
        assert await store.spent(CODES, NOW - DAY) == 1
        assert await store.tally(FAILURES) == Tally()
        assert (await store.tally(locked)).count == 10
        assert (await store.tally(subject)).count == 2
