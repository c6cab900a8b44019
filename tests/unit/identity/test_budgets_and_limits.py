"""The limiter: budgets of codes and of tries, over all requests and chats."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.identity.budgets import Budget, Limit, Spending, Tally, TallyRule, fits, is_new
from bot.domain.identity.limits import (
    CHAT_FAILURES,
    SUBJECT_CODES,
    SUBJECT_FAILURES,
    Alarm,
    Limiter,
)
from tests.contracts.budget_store import BudgetStoreContract
from tests.nightly_guessing import STRATEGIES, check, guess
from tests.support.fakes.people import FakeBudgets
from tests.unit.identity.limited import DAY, HOUR, MINUTE, NOW, SECOND, asker, fail
from tests.volume import seed


class TestFakeBudgets(BudgetStoreContract):
    @pytest.fixture
    def store(self):
        return FakeBudgets()


async def test_a_subject_gets_three_codes_an_hour_and_five_a_day_over_all_chats(limiter):
    moments = [0, 10, 20, 30, 40, 70, 140, 200, 270]

    sent = [
        (await limiter.permit_code(asker(f"chat {n}"), NOW + minutes * MINUTE)).send
        for n, minutes in enumerate(moments)
    ]

    assert sent == [True, True, True, False, False, True, True, False, False]


async def test_the_waits_between_codes_grow(limiter):
    seconds = [0, 59, 60, 179, 180, 1000]

    sent = [(await limiter.permit_code(asker(f"chat {s}"), NOW + s * SECOND)).send for s in seconds]

    assert sent == [True, False, True, False, True, False]


async def test_each_address_of_a_subject_waits_for_itself_and_all_count_together(limiter):
    asked = [("a", 0), ("b", 1), ("a", 59), ("b", 60), ("b", 61), ("a", 62), ("c", 63)]

    sent = [
        (await limiter.permit_code(asker(f"chat {s}", claimed=claimed), NOW + s * SECOND)).send
        for claimed, s in asked
    ]

    assert sent == [True, True, False, False, True, False, False]


def test_the_budget_of_a_proved_chat_has_a_name_that_the_store_can_keep():
    mailbox, person, chat = "f" * 64, "a" * 32, "b" * 32
    alone = asker(chat, person, claimed=mailbox, verified=True)

    shared = replace(alone, subject=mailbox)

    assert len(alone.share) <= 80
    assert shared.share == alone.share


async def test_a_chat_gets_five_challenges_a_day(limiter):
    who = [asker(subject=f"subject {n % 2}") for n in range(8)]

    sent = [(await limiter.permit_code(each, NOW + n * HOUR)).send for n, each in enumerate(who)]

    assert sum(sent) == 5
    assert sent[:5] == [True] * 5


async def test_a_chat_may_claim_three_different_addresses_a_day(limiter):
    sent = [
        (await limiter.permit_code(asker(subject=f"s{n}"), NOW + n * SECOND)).send for n in range(4)
    ]

    assert sent == [True, True, True, False]


async def test_ten_wrong_codes_lock_the_chat_for_a_day(limiter):
    who = [asker(subject=f"subject {n}") for n in range(12)]

    tries = [(await fail(limiter, each, NOW))[0] for each in who]
    other_chat = await limiter.charge_try(asker("another chat", "subject 50"), NOW)
    locked = await limiter.permit_code(asker(subject="subject 70"), NOW + 23 * HOUR)
    again = await fail(limiter, asker(subject="subject 60"), NOW + DAY)

    assert tries == [1] * 10 + [0] * 2
    assert other_chat.allowed
    assert not locked.send
    assert again[0] == 1


async def test_ten_failures_in_a_row_close_the_code_path_for_a_day_and_staff_are_told(limiter):
    compared, alarms = 0, []
    for n in range(20):
        count, told = await fail(limiter, asker(f"chat {n}"), NOW + n * SECOND)
        compared, alarms = compared + count, alarms + told

    closed = await limiter.permit_code(asker("fresh chat"), NOW + 23 * HOUR)
    open_again = await limiter.permit_code(asker("fresh chat"), NOW + 25 * HOUR)

    assert compared == 10
    assert alarms == [Alarm.SUBJECT_LOCKED]
    assert (closed.send, open_again.send) == (False, True)


async def test_a_hundred_failures_close_the_code_path_until_staff_reset_it(limiter):
    alarms = []
    for day in range(10):
        for n in range(10):
            alarms += (await fail(limiter, asker(f"chat {n}"), NOW + day * 25 * HOUR))[1]
    later = NOW + timedelta(days=400)

    closed = await limiter.permit_code(asker("fresh"), later)
    await limiter.reset_subject("subject")
    reset = await limiter.permit_code(asker("fresher"), later + HOUR)

    assert alarms.count(Alarm.SUBJECT_LOCKED) == 9
    assert alarms[-1] is Alarm.SUBJECT_CLOSED
    assert (closed.send, reset.send) == (False, True)


async def test_a_right_code_forgives_and_starts_the_subject_afresh(limiter):
    await fail(limiter, asker(), NOW, times=9)
    tenth = await limiter.charge_try(asker(), NOW)

    await limiter.note_success(asker())
    more = await fail(limiter, asker("another"), NOW, times=20)
    here = await fail(limiter, asker(subject="x"), NOW, times=5)

    assert tenth.alarms == (Alarm.CHAT_LOCKED, Alarm.SUBJECT_LOCKED)
    assert more[0] == 10
    assert here[0] == 1


async def test_a_try_for_a_locked_subject_still_counts_against_the_chat(limiter):
    for n in range(10):
        await fail(limiter, asker(f"chat {n}"), NOW)

    refused = [(await limiter.charge_try(asker("nosy"), NOW)).allowed for _ in range(10)]
    elsewhere = await limiter.charge_try(asker("nosy", "another subject"), NOW)

    assert refused == [False] * 10
    assert not elsewhere.allowed


def test_a_budget_remembers_its_longest_window():
    assert SUBJECT_CODES.memory == DAY
    assert Budget((Limit(1, HOUR),)).memory == HOUR


def test_an_item_is_new_again_when_its_window_is_over():
    budget, seen = Budget((Limit(1, HOUR),)), [Spending(NOW, "a")]

    assert not is_new(seen, NOW + 59 * MINUTE, budget, "a")
    assert is_new(seen, NOW + HOUR, budget, "a")
    assert fits(seen, NOW + HOUR, budget, "b")


def charged(tally, at, rule):
    """The tally after one more failure, which must have been counted."""
    after = tally.charged(at, rule)
    assert after is not None
    return after


def test_old_failures_of_a_chat_are_forgotten_and_those_of_a_subject_are_not():
    chat, subject = Tally(), Tally()
    for n in range(9):
        chat = charged(chat, NOW + n * SECOND, CHAT_FAILURES)
        subject = charged(subject, NOW + n * SECOND, SUBJECT_FAILURES)

    later = NOW + 2 * DAY

    assert charged(chat, later, CHAT_FAILURES).count == 1
    assert charged(subject, later, SUBJECT_FAILURES).is_locked(later, SUBJECT_FAILURES)


def test_a_clock_set_back_opens_no_lock():
    rule = TallyRule(every=1, lock=HOUR)

    locked = charged(Tally(), NOW, rule)

    assert locked.charged(NOW - DAY, rule) is None
    assert charged(locked, NOW + HOUR, rule).count == 2


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_a_guesser_gets_no_more_tries_than_the_budget_allows(strategy):
    tried = await guess(strategy, 20_000, seed())

    check(tried)
    assert tried.guesses == 20_000
    assert 0 < tried.compared < 20_000
    assert tried.successes == 0


async def test_counters_survive_a_restart():
    """CVE-2025-57816 (Fides): the limiter's counters stood in the memory of one process."""
    store = FakeBudgets()
    for n in range(10):
        await fail(Limiter(store), asker(f"chat {n}"), NOW)

    restarted = await Limiter(store).charge_try(asker("fresh"), NOW)

    assert not restarted.allowed
