"""The limiter and people who are not who they say: they lock nobody out and learn nothing."""

from bot.domain.identity.limits import (
    Alarm,
    Limiter,
    Try,
)
from tests.support.fakes.people import FakeBudgets
from tests.unit.identity.limited import HOUR, MINUTE, NOW, SECOND, asker, fail


class Watched(FakeBudgets):
    """Keeps which calls came, in their order."""

    def __init__(self):
        super().__init__()
        self.calls = []

    async def spend(self, bucket, budget, at, item=""):
        self.calls.append(("spend", bucket.kind))
        return await super().spend(bucket, budget, at, item)

    async def spent(self, bucket, since):
        self.calls.append(("spent", bucket.kind))
        return await super().spent(bucket, since)

    async def tally(self, bucket):
        self.calls.append(("tally", bucket.kind))
        return await super().tally(bucket)


async def test_a_stranger_cannot_lock_a_chat_that_has_proved_itself(limiter):
    for n in range(10):
        await fail(limiter, asker(f"stranger {n}"), NOW)

    own = await limiter.permit_code(asker("own chat", verified=True), NOW)
    tried = await limiter.charge_try(asker("own chat", verified=True), NOW)

    assert own.send
    assert tried.allowed


async def test_strangers_cannot_use_up_the_codes_of_a_chat_that_has_proved_itself(limiter):
    strangers = [
        (await limiter.permit_code(asker(f"stranger {n}"), NOW + n * 3 * HOUR)).send
        for n in range(7)
    ]
    later = NOW + 18 * HOUR + MINUTE

    own = await limiter.permit_code(asker("own chat", verified=True), later)
    another = await limiter.permit_code(asker("own tablet", verified=True), later)

    assert strangers == [True] * 5 + [False] * 2
    assert (own.send, another.send) == (True, True)


async def test_a_chat_that_has_proved_itself_uses_up_neither_strangers_nor_another_such(limiter):
    own = asker("own chat", verified=True)
    sent = [(await limiter.permit_code(own, NOW + n * 10 * MINUTE)).send for n in range(5)]
    await fail(limiter, own, NOW, times=10)

    tablet = await limiter.permit_code(asker("own tablet", verified=True), NOW + HOUR)
    tried = await limiter.charge_try(asker("own tablet", verified=True), NOW + HOUR)
    stranger = await limiter.permit_code(asker("stranger"), NOW + HOUR)

    assert sent == [True] * 3 + [False] * 2
    assert tablet.send
    assert tried.allowed
    assert stranger.send


async def test_no_mailbox_gets_more_than_fifteen_codes_a_day_whoever_asks(limiter):
    proved = [asker(f"own {n}", verified=True) for n in range(8)]
    strangers = [asker(f"stranger {n}") for n in range(40)]

    sent = [
        (await limiter.permit_code(who, NOW + hour * HOUR + n * 20 * SECOND)).send
        for hour in range(0, 24, 2)
        for n, who in enumerate((*proved, *strangers))
    ]

    assert sum(sent) == 15


async def test_a_flood_for_strangers_does_not_pause_chats_that_have_proved_themselves(limiter):
    flood = [
        await limiter.permit_code(asker(f"c{n}", f"s{n}"), NOW + n * SECOND) for n in range(310)
    ]

    own = await limiter.permit_code(asker("own", "client", verified=True), NOW + 320 * SECOND)
    stranger = await limiter.permit_code(asker("late", "client"), NOW + 320 * SECOND)

    assert not flood[-1].send
    assert (own.send, stranger.send) == (True, False)


async def test_what_a_chat_is_told_of_a_lock_is_the_same_for_a_locked_subject(limiter):
    for n in range(10):
        await fail(limiter, asker(f"chat {n}", "locked"), NOW)

    told = {
        subject: [
            (await limiter.charge_try(asker(f"nosy at {subject}", subject), NOW)).chat_is_locked
            for _ in range(12)
        ]
        for subject in ("locked", "open")
    }

    assert told["locked"] == told["open"] == [False] * 9 + [True] * 3


async def test_many_failures_alarm_once_an_hour(limiter):
    alarms = []
    for n in range(60):
        alarms += (await fail(limiter, asker(f"c{n}", f"s{n}"), NOW + n * SECOND))[1]
    next_hour = await limiter.note_failure(Try(allowed=True), NOW + 62 * MINUTE)

    assert alarms == [Alarm.MANY_FAILURES]
    assert next_hour == ()


async def test_codes_are_watched_over_all_subjects_and_pause_above_three_hundred(limiter):
    permits = [
        await limiter.permit_code(asker(f"c{n}", f"s{n}"), NOW + n * SECOND) for n in range(310)
    ]
    next_hour = await limiter.permit_code(asker("late", "late"), NOW + 2 * HOUR)

    alarms = [alarm for permit in permits for alarm in permit.alarms]
    assert [permit.send for permit in permits] == [True] * 300 + [False] * 10
    assert alarms == [Alarm.MANY_CODES, Alarm.SENDING_PAUSED]
    assert permits[100].alarms == (Alarm.MANY_CODES,)
    assert next_hour.send


async def test_a_flood_for_unknown_addresses_does_not_pause_the_real_codes(limiter):
    floods = [
        await limiter.permit_code(asker(f"c{n}", f"s{n}", known=False), NOW) for n in range(400)
    ]

    real = await limiter.permit_code(asker("real", "real"), NOW + SECOND)

    assert not any(permit.send or permit.alarms for permit in floods)
    assert real.send


async def test_known_and_unknown_addresses_take_the_same_steps():
    """The store sees the same calls in the same order, whoever is asked about (ASVS 6.3.8)."""

    stores = {known: Watched() for known in (True, False)}

    for known, store in stores.items():
        for n in range(6):
            await Limiter(store).permit_code(asker(known=known), NOW + n * 2 * MINUTE)

    assert stores[True].calls == stores[False].calls


async def test_a_locked_subject_takes_the_same_steps_as_an_open_one():
    stores = [Watched(), Watched()]
    for n in range(10):
        await Limiter(stores[0]).charge_try(asker(f"chat {n}"), NOW)
    for store in stores:
        store.calls.clear()

    permits = [await Limiter(store).permit_code(asker(), NOW) for store in stores]

    assert [permit.send for permit in permits] == [False, True]
    assert stores[0].calls == stores[1].calls
