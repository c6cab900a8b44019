"""In-memory doubles of persons, one-time codes, budgets and digests."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bot.application.ports.desk import Clock
from bot.application.wire_names import DIGESTS
from bot.domain.addresses import AccountId, PersonId, RequestId
from bot.domain.clients.people import Account, Contact, Person
from bot.domain.errors import NotFound, Stale
from bot.domain.identity.budgets import (
    Bucket,
    Budget,
    BudgetKind,
    Spending,
    Tally,
    TallyRule,
    fits,
    is_new,
)
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.signed_links import LASTS, SignedLink, new_token
from tests.support.fakes.store import Store


def folded(contact: Contact) -> tuple[str, str]:
    """Addresses meet whatever their case and width, as under the blind index."""
    return contact.kind, unicodedata.normalize("NFKC", contact.value).casefold()


class FakePeople:
    def __init__(
        self, rows: dict[PersonId, Person], accounts: dict[AccountId, Account], clock: Clock
    ) -> None:
        self._rows, self._accounts, self._clock = rows, accounts, clock

    async def get(self, person: PersonId) -> Person:
        if person not in self._rows:
            raise NotFound("clients.no_such_person")
        return self._read(self._rows[person])

    async def known_as(self, external_id: str) -> Person | None:
        found = (row for row in self._rows.values() if row.external_id == external_id)
        return next((self._read(row) for row in found), None)

    async def free_number(self, person: PersonId) -> None:
        row = self._rows.get(person)
        if row is None or row.erased_at is None:
            raise NotFound("clients.no_such_person")
        self._rows[person] = replace(row, external_id="")

    async def check_all(self) -> None:
        """Nobody changes what is kept in memory past the desk."""

    async def at(self, contact: Contact) -> list[Person]:
        wanted = folded(contact)
        living = [self._read(row) for row in self._living()]
        return [row for row in living if wanted in [folded(c) for c in row.contacts]]

    async def ids_at(self, contact: Contact) -> list[PersonId]:
        return sorted(one.id for one in await self.at(contact))

    async def find(self, *, limit: int = 50, offset: int = 0) -> list[Person]:
        rows = sorted(self._living(), key=lambda row: (row.created_at, row.id))
        return [self._read(row) for row in rows[offset : offset + limit]]

    async def count(self) -> int:
        return len(list(self._living()))

    async def add(self, person: Person) -> None:
        self._rows[person.id] = replace(person)

    async def save(self, person: Person) -> None:
        if person.id not in self._rows:
            raise NotFound("clients.no_such_person")
        if self._rows[person.id].erased_at is not None:
            raise Stale("clients.erased")
        self._rows[person.id] = replace(person)

    async def accounts_of(self, person: PersonId) -> list[AccountId]:
        rows = [row for row in self._accounts.values() if row.person == person]
        return [row.id for row in sorted(rows, key=lambda row: row.created_at)]

    async def forget_contacts(self) -> int:
        before = sum(len(row.contacts) for row in self._rows.values())
        self._rows.update({person: self._read(row) for person, row in self._rows.items()})
        return before - sum(len(row.contacts) for row in self._rows.values())

    async def shared_contacts(self) -> list[tuple[Contact, int]]:
        holders: dict[tuple[str, str], list[tuple[Contact, PersonId]]] = {}
        for row in map(self._read, self._rows.values()):
            for contact in row.contacts:
                holders.setdefault(folded(contact), []).append((contact, row.id))
        counted = [(each[0][0], len({person for _, person in each})) for each in holders.values()]
        return [(contact, count) for contact, count in counted if count > 1]

    def _read(self, row: Person) -> Person:
        now = self._clock.now()
        return replace(row, contacts=tuple(one for one in row.contacts if one.is_on_record(now)))

    def _living(self) -> Iterable[Person]:
        return [row for row in self._rows.values() if row.is_on_record]


class FakeChallenges:
    def __init__(self, store: Store) -> None:
        self._store, self._rows = store, store.challenges

    async def add(self, challenge: Challenge) -> None:
        self._store.refuse_fenced(challenge.binding.chat)
        self._rows[challenge.id] = replace(challenge, events=[])

    async def get(self, challenge: ChallengeId) -> Challenge:
        if challenge not in self._rows:
            raise NotFound("identity.no_such_challenge")
        return replace(self._rows[challenge], events=[])

    async def latest_of(self, account: AccountId) -> Challenge | None:
        return next(iter(self._newest(account)), None)

    async def open_of(self, account: AccountId, request: RequestId) -> list[Challenge]:
        return [
            row
            for row in self._newest(account)
            if row.binding.request == request and not row.used_at and not row.voided_at
        ]

    async def save(self, challenge: Challenge) -> None:
        kept = self._rows.get(challenge.id)
        if kept is None or kept.version != challenge.version:
            raise Stale("identity.challenge_ended")
        challenge.version += 1
        self._rows[challenge.id] = replace(challenge, events=[])

    async def purge(self, ended_before: datetime) -> int:
        gone = [
            row.id
            for row in self._rows.values()
            if any(at and at < ended_before for at in (row.used_at, row.voided_at, row.made_at))
        ]
        for challenge in gone:
            del self._rows[challenge]
        return len(gone)

    def _newest(self, account: AccountId) -> list[Challenge]:
        rows = [row for row in self._rows.values() if row.binding.chat == account]
        newest = sorted(rows, key=lambda row: row.made_at, reverse=True)
        return [replace(row, events=[]) for row in newest]


class FakeBudgets:
    """One event loop runs each method whole, so each is atomic."""

    def __init__(
        self,
        spendings: dict[Bucket, tuple[Spending, ...]] | None = None,
        tallies: dict[Bucket, Tally] | None = None,
    ) -> None:
        self._spendings = {} if spendings is None else spendings
        self._tallies = {} if tallies is None else tallies

    async def spend(self, bucket: Bucket, budget: Budget, at: datetime, item: str = "") -> bool:
        forgotten = at - budget.memory
        kept = tuple(each for each in self._spendings.get(bucket, ()) if each.at > forgotten)
        if not fits(kept, at, budget, item):
            return False
        if is_new(kept, at, budget, item):
            self._spendings[bucket] = (*kept, Spending(at, item))
        return True

    async def spent(self, bucket: Bucket, since: datetime) -> int:
        return sum(each.at > since for each in self._spendings.get(bucket, ()))

    async def charge(self, bucket: Bucket, rule: TallyRule, at: datetime) -> Tally | None:
        charged = (await self.tally(bucket)).charged(at, rule)
        if charged is not None:
            self._tallies[bucket] = charged
        return charged

    async def forgive(self, bucket: Bucket) -> None:
        self._tallies[bucket] = (await self.tally(bucket)).forgiven()

    async def clear(self, bucket: Bucket) -> None:
        self._tallies[bucket] = Tally()

    async def tally(self, bucket: Bucket) -> Tally:
        return self._tallies.get(bucket, Tally())

    async def purge(self, before: datetime) -> int:
        count = sum(each.at < before for history in self._spendings.values() for each in history)
        for bucket, history in list(self._spendings.items()):
            self._spendings[bucket] = tuple(each for each in history if each.at >= before)
        tallies = list(self._tallies.items())
        old = [one for one, tally in tallies if counts_no_more(one.kind, tally, before)]
        for bucket in old:
            self._tallies.pop(bucket)
        return count + len(old)


def counts_no_more(kind: BudgetKind, tally: Tally, before: datetime) -> bool:
    """Whether a tally may be dropped: it is nought, or a chat's last failure is so long ago."""
    is_locked = tally.locked_until is not None and tally.locked_until >= before
    is_old = tally.latest_at is None or tally.latest_at < before
    forgotten = kind is BudgetKind.CHAT_FAILURES and is_old
    return not is_locked and (tally.count == 0 or forgotten)


class FakeDigests:
    """Under a key that everybody knows."""

    @property
    def pepper(self) -> bytes:
        return b"pepper of the tests, 32 bytes...."

    def digest(self, kind: str, text: str) -> str:
        assert kind in DIGESTS
        plain = f"{kind}:{unicodedata.normalize('NFKC', text).casefold()}"
        return hmac.new(
            self.pepper, plain.encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()

    def is_of(self, kind: str, text: str, kept: str) -> bool:
        return kept == self.digest(kind, text)


class FakeSignedLinks:
    """As of a store that was taken over at the beginning of time: links of before still work."""

    unlisted_until: datetime | None = datetime(2026, 11, 22, tzinfo=UTC) + LASTS

    def __init__(self, rows: dict[str, SignedLink], digests: FakeDigests) -> None:
        self._rows, self._digests = rows, digests
        self._issued = dict[tuple[str, str], str]()

    def sign(self, purpose: str, text: str) -> str:
        return self._digests.digest(purpose, text)

    async def issue(self, purpose: str, about: str, at: datetime, until: datetime) -> str:
        if (purpose, about) not in self._issued:
            token = new_token(self.sign, purpose, about)
            self._rows[token] = SignedLink(purpose, about, at, until)
            self._issued[purpose, about] = token
        return self._issued[purpose, about]

    async def find(self, token: str) -> SignedLink | None:
        return self._rows.get(token)

    async def use(self, token: str, at: datetime) -> bool:
        found = self._rows.get(token)
        if found is None or found.used_at is not None:
            return False
        self._rows[token] = replace(found, used_at=at)
        return True

    async def purge(self, expired_before: datetime) -> int:
        gone = [token for token, one in self._rows.items() if one.expires_at < expired_before]
        for token in gone:
            del self._rows[token]
        return len(gone)
