"""Guessing codes: how many tries a stranger gets through the limiter, by strategy.

`python -m tests.nightly_guessing 1000000` is for the night; the gate runs a small sample. Guesses
go through the real limiter and real challenges; only the store is the fake one, which the contract
tests hold equal to the databases.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.addresses import RequestId
from bot.domain.identity.budgets import BudgetStore
from bot.domain.identity.challenges import Challenge, ChallengeId, Outcome
from bot.domain.identity.codes import Binding, new_code
from bot.domain.identity.levels import Purpose
from bot.domain.identity.limits import Alarm, Asker, Limiter
from tests.support.fakes.people import FakeBudgets
from tests.volume import seed

START = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)
PEPPER = b"a pepper for the tests, not of any desk"
CODES_A_DAY, TRIES_A_CODE = 5, 5
MakeStore = Callable[[], Awaitable[BudgetStore]]


@dataclass
class Tried:
    """What one strategy came to."""

    guesses: int = 0
    compared: int = 0
    successes: int = 0
    days: int = 1
    mails: Counter = field(default_factory=Counter)
    """(day, subject) to codes sent."""
    tries: Counter = field(default_factory=Counter)
    """(day, subject) to codes compared."""
    alarms: Counter = field(default_factory=Counter)

    def most_tries_a_day(self) -> int:
        return max(self.tries.values(), default=0)

    def most_mails_a_day(self) -> int:
        return max(self.mails.values(), default=0)


def one_chat(_rng: random.Random) -> Iterator[tuple[str, str]]:
    """One chat guesses at one subject."""
    while True:
        yield "chat", "subject"


def many_chats(rng: random.Random) -> Iterator[tuple[str, str]]:
    """A hundred chats guess at one subject."""
    while True:
        yield f"chat {rng.randrange(100)}", "subject"


def many_subjects(rng: random.Random) -> Iterator[tuple[str, str]]:
    """One chat guesses at a hundred subjects."""
    while True:
        yield "chat", f"subject {rng.randrange(100)}"


def a_swarm(rng: random.Random) -> Iterator[tuple[str, str]]:
    """A thousand chats guess at a thousand subjects."""
    while True:
        yield f"chat {rng.randrange(1000)}", f"subject {rng.randrange(1000)}"


STRATEGIES = (one_chat, many_chats, many_subjects, a_swarm)


async def _fake_store() -> BudgetStore:
    return FakeBudgets()


async def guess(strategy, guesses: int, seed: int, make_store: MakeStore = _fake_store) -> Tried:
    """Send `guesses` codes by one strategy, asking for a new code whenever one is spent."""
    rng, tried, now = random.Random(seed), Tried(), START
    limiter = Limiter(await make_store())
    open_ones: dict[tuple[str, str], Challenge] = {}
    for chat, subject in strategy(rng):
        if tried.guesses >= guesses:
            break
        now += timedelta(seconds=rng.choice((1, 2, 5, 20)))
        asker = Asker(chat=chat, subject=subject, claimed=f"digest of {subject}", is_known=True)
        challenge = open_ones.get((chat, subject))
        if challenge is None or not challenge.is_open(now):
            challenge = await _ask(limiter, asker, now, tried)
            open_ones[chat, subject] = challenge
        await _try(limiter, asker, challenge, now, tried)
    tried.days = (now - START).days + 1
    return tried


async def _ask(limiter: Limiter, asker: Asker, now: datetime, tried: Tried) -> Challenge:
    permit = await limiter.permit_code(asker, now)
    binding = Binding(
        request=RequestId("request"),
        purpose=Purpose.ERASURE,
        chat=asker.chat,
        user=asker.chat,
        subject=asker.subject,
    )
    challenge = Challenge(
        id=ChallengeId(f"{asker.chat}/{asker.subject}/{now.timestamp()}"),
        binding=binding,
        made_at=now,
        is_decoy=not permit.send,
    )
    if permit.send:
        challenge.set_code(new_code(), now, PEPPER)
        tried.mails[(now - START).days, asker.subject] += 1
    tried.alarms.update(permit.alarms)
    return challenge


async def _try(
    limiter: Limiter, asker: Asker, challenge: Challenge, now: datetime, tried: Tried
) -> None:
    tried.guesses += 1
    if challenge.is_decoy:  # this guesser knows when a code was really sent, and wastes no try
        return
    attempt = await limiter.charge_try(asker, now)
    if not attempt.allowed:
        return
    outcome = challenge.answer(new_code(), challenge.binding, now, PEPPER)
    challenge.events.clear()
    if outcome is not Outcome.ENDED:
        tried.compared += 1
        tried.tries[(now - START).days, asker.subject] += 1
    if outcome is Outcome.ACCEPTED:
        tried.successes += 1
        await limiter.note_success(asker)
    else:
        tried.alarms.update(await limiter.note_failure(attempt, now))


def run(guesses: int, seed: int) -> dict[str, Tried]:
    """Every strategy with `guesses` each; AssertionError where a budget was overrun."""
    found = {}
    for strategy in STRATEGIES:
        tried = asyncio.run(guess(strategy, guesses, seed))
        check(tried)
        found[strategy.__name__] = tried
    return found


def check(tried: Tried) -> None:
    """No day and subject sees more than 25 guesses or, in any window, more than 5 mails.

    A day of the calendar here can touch two windows of 24 hours, hence twice the number.
    """
    assert tried.most_tries_a_day() <= 2 * CODES_A_DAY * TRIES_A_CODE
    assert tried.most_mails_a_day() <= 2 * CODES_A_DAY
    # Ten failures in a row lock a subject for a day, and a hundred lock it for good.
    per_subject = Counter()
    for (_, subject), count in tried.tries.items():
        per_subject[subject] += count
    assert max(per_subject.values(), default=0) <= 100
    assert tried.successes <= max(1, tried.compared // 10**6)
    assert tried.alarms[Alarm.SENDING_PAUSED] <= tried.days * 24


if __name__ == "__main__":
    told = [
        f"{name}: {tried.compared} compared, {tried.successes} hit"
        for name, tried in run(int(sys.argv[1]), seed()).items()
    ]
    print(f"seed {seed()}, {sys.argv[1]} guesses a strategy; {'; '.join(told)}")
