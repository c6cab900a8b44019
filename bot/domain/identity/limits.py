"""The limiter: who may get a code, and who may try one (docs/design/security.md, "Budgets").

Every number is counted over all requests, keyed on chat and subject and never on an IP address.
Known and unknown addresses take the same steps on the same kinds of rows, so that neither text
nor work tells them apart. A lock closes the automatic path only: staff can always vouch.

Strangers share one budget for each subject. A chat that proved itself for the subject before has
its own, so that nobody else can use it up (ASVS 6.1.1); `PROVED_CODES` keeps the mailbox safe.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.identity.budgets import (
    Bucket,
    Budget,
    BudgetKind,
    BudgetStore,
    Limit,
    Tally,
    TallyRule,
)

_HOUR, _DAY = timedelta(hours=1), timedelta(hours=24)
EVERYBODY, PROVED = "everybody", "proved"
"""Owners of what is counted over all subjects; chats that proved themselves are counted apart."""
_REFUSED = "refused"
"""Owner of what is only spent so that a refusal takes as long as a code."""
SUBJECT_CODES = Budget(
    (Limit(3, _HOUR), Limit(5, _DAY)),
    cooldowns=(timedelta(seconds=60), timedelta(seconds=120), timedelta(seconds=240)),
    each_item_waits=True,
)
"""For all strangers together, and for each chat that proved itself before. The waits keep a mailbox
from a flood, so that each address has its own: who has shown one is asked for another at once."""
PROVED_CODES = Budget((Limit(10, _DAY),))
"""For all chats together that proved themselves for a subject: two may use up what is theirs. So no
mailbox gets more than 15 codes a day, and strangers can order five of them."""
CHAT_CHALLENGES = Budget((Limit(5, _DAY),))
CHAT_ADDRESSES = Budget((Limit(3, _DAY),))
CHAT_FAILURES = TallyRule(every=10, lock=_DAY, forget_after=_DAY)
SUBJECT_FAILURES = TallyRule(every=10, lock=_DAY, most=100)
"""100 is the cap of NIST 800-63B-4; then only staff open the path again."""
CODES_ALARM, CODES_PAUSE, FAILURES_ALARM = 100, 300, 50
_NO_LIMIT = Budget((Limit(10**9, _HOUR),))
_ALL_CODES = Budget((Limit(CODES_PAUSE, _HOUR),))
_ONCE_AN_HOUR = Budget((Limit(1, _HOUR),))


class Alarm(StrEnum):
    """What staff are told; wording key `identity.alarm_<value>`."""

    MANY_CODES = "many_codes"
    MANY_FAILURES = "many_failures"
    SENDING_PAUSED = "sending_paused"
    CHAT_LOCKED = "chat_locked"
    SUBJECT_LOCKED = "subject_locked"
    SUBJECT_CLOSED = "subject_closed"  # until staff reset it


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who wants or tries a code, for whom."""

    chat: str
    subject: str
    """Internal id of the person; for an unknown address the keyed digest of what was claimed."""
    claimed: str
    """Keyed digest of the claimed address or of whatever was typed, never the address."""
    is_known: bool
    proved_as: str = ""
    """Whom of those at the address this chat proved to be before: it has budgets of its own."""

    @property
    def chat_is_verified(self) -> bool:
        return bool(self.proved_as)

    @property
    def share(self) -> str:
        """Whose budgets are spent: the subject's, which strangers share, or this chat's own."""
        return f"{self.proved_as}/{self.chat}" if self.proved_as else self.subject


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether a code may be sent. If not, a decoy is made and the reply is the same."""

    send: bool
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class Try:
    """Whether a code may be compared. It is already charged as a failure."""

    allowed: bool
    alarms: tuple[Alarm, ...] = ()
    """What this charge has locked; told only if the code turns out wrong (`note_failure`)."""
    chat_is_locked: bool = False
    """Too many wrong codes were typed in this chat, for whomever; with this one, unless right."""


class Limiter:
    """Applies the budgets. It holds no state of its own: restarts and processes share the store."""

    def __init__(self, store: BudgetStore) -> None:
        self._store = store

    async def permit_code(self, asker: Asker, now: datetime) -> Permit:
        """May a code be sent? Each budget is asked for known, unknown, locked and erased alike."""
        chat_open = not await self._locked(_chat_failures(asker), CHAT_FAILURES, now)
        subject_open = not await self._locked(_subject_failures(asker), SUBJECT_FAILURES, now)
        challenge = await self._spend(BudgetKind.CHAT_CHALLENGES, asker.chat, CHAT_CHALLENGES, now)
        address = await self._store.spend(
            Bucket(BudgetKind.CHAT_ADDRESSES, asker.chat), CHAT_ADDRESSES, now, asker.claimed
        )
        open_so_far = chat_open and subject_open and challenge and address
        owner = asker.share if open_so_far else f"{_REFUSED}:{asker.subject}"
        codes = Bucket(BudgetKind.SUBJECT_CODES, owner)
        fits = await self._store.spend(codes, SUBJECT_CODES, now, asker.claimed)
        if asker.chat_is_verified and open_so_far and fits:
            whole = f"{PROVED}:{asker.subject}"
            fits = await self._spend(BudgetKind.SUBJECT_CODES, whole, PROVED_CODES, now)
        is_counted = asker.is_known and open_so_far and fits
        return await self._permit_from_all(asker, now, counted=is_counted)

    async def note_refusal(self, now: datetime) -> None:
        """A try that was not allowed: the same work as for a wrong one; it counts for nothing."""
        await self._spend(BudgetKind.ALL_FAILURES, _REFUSED, _NO_LIMIT, now)
        await self._store.spent(Bucket(BudgetKind.ALL_FAILURES, _REFUSED), now - _HOUR)

    async def charge_try(self, asker: Asker, now: datetime) -> Try:
        """Charge a failure to chat and subject, before comparing; refused where either is locked.

        Two processes cannot share one try: each charge is atomic in the store.
        """
        chat = await self._store.charge(_chat_failures(asker), CHAT_FAILURES, now)
        if chat is None:
            return Try(allowed=False, chat_is_locked=True)
        subject = await self._store.charge(_subject_failures(asker), SUBJECT_FAILURES, now)
        is_locked = chat.locked_until is not None
        if subject is None:
            return Try(allowed=False, chat_is_locked=is_locked)
        return Try(allowed=True, alarms=_locks(chat, subject), chat_is_locked=is_locked)

    async def note_failure(self, tried: Try, now: datetime) -> tuple[Alarm, ...]:
        """The code was wrong: the charge stays. Returns whatever staff must now be told."""
        await self._spend(BudgetKind.ALL_FAILURES, EVERYBODY, _NO_LIMIT, now)
        failures = await self._store.spent(_all(BudgetKind.ALL_FAILURES), now - _HOUR)
        many = await self._once(Alarm.MANY_FAILURES, now) if failures > FAILURES_ALARM else ()
        return (*tried.alarms, *many)

    async def note_success(self, asker: Asker) -> None:
        """The code was right: the chat's charge is taken back, the subject starts afresh."""
        await self._store.forgive(_chat_failures(asker))
        await self._store.clear(_subject_failures(asker))

    async def count_tries(self, challenge: str, now: datetime) -> int:
        """One more code was typed since `challenge` was begun; how many were.

        Counted apart from what is compared, on the chat's newest challenge whether or not a code
        was ever sent for it: what the chat hears follows from this, and is the same for everybody.
        """
        bucket = Bucket(BudgetKind.CODE_TRIES, challenge)
        await self._store.spend(bucket, _NO_LIMIT, now)
        return await self._store.spent(bucket, now - _HOUR)

    async def reset_subject(self, subject: str) -> None:
        """The operator opens the automatic path again (`privacydesk clients unlock`)."""
        await self._store.clear(Bucket(BudgetKind.SUBJECT_FAILURES, subject))

    async def _permit_from_all(self, asker: Asker, now: datetime, *, counted: bool) -> Permit:
        """Over all subjects: sending pauses above 300 codes an hour, staff hear from 100 on.

        Codes to nobody are counted apart, so that a flood of them cannot pause the real ones; so
        are those for chats that proved themselves, whom no flood of strangers' codes pauses.
        """
        owner = PROVED if asker.chat_is_verified else EVERYBODY
        owner = owner if counted else "nobody"
        bucket = Bucket(BudgetKind.ALL_CODES, owner)
        if not await self._store.spend(bucket, _ALL_CODES, now):
            paused = await self._once(Alarm.SENDING_PAUSED, now) if counted else ()
            return Permit(send=False, alarms=paused)
        many = await self._store.spent(bucket, now - _HOUR) > CODES_ALARM
        alarms = await self._once(Alarm.MANY_CODES, now) if many and counted else ()
        return Permit(send=counted, alarms=alarms)

    async def _locked(self, bucket: Bucket, rule: TallyRule, now: datetime) -> bool:
        return (await self._store.tally(bucket)).is_locked(now, rule)

    async def _spend(self, kind: BudgetKind, owner: str, budget: Budget, now: datetime) -> bool:
        return await self._store.spend(Bucket(kind, owner), budget, now)

    async def _once(self, alarm: Alarm, now: datetime) -> tuple[Alarm, ...]:
        """The alarm, unless it was given within the hour."""
        fresh = await self._store.spend(Bucket(BudgetKind.ALARMS, alarm), _ONCE_AN_HOUR, now)
        return (alarm,) if fresh else ()


def _chat_failures(asker: Asker) -> Bucket:
    return Bucket(BudgetKind.CHAT_FAILURES, asker.chat)


def _subject_failures(asker: Asker) -> Bucket:
    """A chat that is already verified has a tally of its own: a stranger cannot lock it."""
    return Bucket(BudgetKind.SUBJECT_FAILURES, asker.share)


def _all(kind: BudgetKind) -> Bucket:
    return Bucket(kind, EVERYBODY)


def _locks(chat: Tally, subject: Tally) -> tuple[Alarm, ...]:
    """What this charge has locked, should the code be wrong."""
    closed = SUBJECT_FAILURES.most is not None and subject.count >= SUBJECT_FAILURES.most
    found = {
        Alarm.CHAT_LOCKED: chat.locked_until is not None,
        Alarm.SUBJECT_LOCKED: subject.locked_until is not None and not closed,
        Alarm.SUBJECT_CLOSED: closed,
    }
    return tuple(alarm for alarm, holds in found.items() if holds)
