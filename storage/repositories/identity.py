"""Challenges and budgets in the database: every step is atomic across processes."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import AccountId, RequestId
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
from bot.domain.identity.codes import Binding
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.keys import Keys
from storage.models.requests import ChallengeRow, SpendingRow, TallyRow
from storage.vault import Vault

BINDING: TypeAdapter[Binding] = TypeAdapter(Binding)
PLAIN = ("is_decoy", "mac", "attempts", "made_at", "latest_at", "used_at", "voided_at")


class SqlChallenges:
    """One-time codes that were asked for."""

    def __init__(self, session: AsyncSession, vault: Vault, *, locks: bool) -> None:
        self._session = session
        self._vault = vault
        self._locks = locks

    async def add(self, challenge: Challenge) -> None:
        await self._vault.refuse_fenced(challenge.binding.chat)
        row = {name: getattr(challenge, name) for name in PLAIN} | {
            "id": challenge.id,
            "request": challenge.binding.request,
            "account": challenge.binding.chat,
            "binding": await self._vault.seal(
                None, f"challenge.binding:{challenge.id}", _json(challenge.binding)
            ),
            "version": challenge.version,
        }
        await statements.add(self._session, ChallengeRow, row)

    async def get(self, challenge: ChallengeId) -> Challenge:
        look = statements.one_locked if self._locks else statements.one
        row = await look(self._session, ChallengeRow, id=challenge)
        if row is None:
            raise NotFound("identity.no_such_challenge")
        return self._challenge(row)

    async def latest_of(self, account: AccountId) -> Challenge | None:
        found = await self._of(account)
        return found[0] if found else None

    async def open_of(self, account: AccountId, request: RequestId) -> list[Challenge]:
        return [
            one
            for one in await self._of(account)
            if one.binding.request == request and one.used_at is None and one.voided_at is None
        ]

    async def save(self, challenge: Challenge) -> None:
        values = {name: getattr(challenge, name) for name in PLAIN}
        values |= {"version": challenge.version + 1}
        key = {"id": challenge.id, "version": challenge.version}
        if not await statements.change(self._session, ChallengeRow, key, values):
            raise Stale("identity.challenge_ended")
        challenge.version += 1

    async def purge(self, ended_before: datetime) -> int:
        gone = or_(
            ChallengeRow.used_at < ended_before,
            ChallengeRow.voided_at < ended_before,
            ChallengeRow.made_at < ended_before,
        )
        return await row_sets.purge(self._session, ChallengeRow, gone)

    async def _of(self, account: AccountId) -> list[Challenge]:
        """Every one that is kept of a chat, the latest first; they are few."""
        query = select(ChallengeRow).where(ChallengeRow.account == account)
        rows = list(await self._session.scalars(query.order_by(ChallengeRow.made_at.desc())))
        await guard_of(self._session).check_all(ChallengeRow, rows, {"account": account})
        return [self._challenge(row) for row in rows]

    def _challenge(self, row: ChallengeRow) -> Challenge:
        text = self._vault.open_loaded(None, f"challenge.binding:{row.id}", row.binding)
        plain: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
        return Challenge(
            id=ChallengeId(row.id),
            binding=BINDING.validate_json(text),
            version=row.version,
            **plain,
        )


class SqlBudgets:
    """Budgets and tallies. A write transaction of SQLite is alone; PostgreSQL locks per bucket."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def spend(self, bucket: Bucket, budget: Budget, at: datetime, item: str = "") -> bool:
        await self._lock(bucket)
        history = [
            Spending(row.at, row.item)
            for row in await self._spendings(bucket)
            if row.at > at - budget.memory
        ]
        if not fits(history, at, budget, item):
            return False
        if is_new(history, at, budget, item):
            row = {"kind": bucket.kind, "owner": bucket.owner, "item": item, "at": at}
            await statements.add(self._session, SpendingRow, row)
        return True

    async def spent(self, bucket: Bucket, since: datetime) -> int:
        return sum(row.at > since for row in await self._spendings(bucket))

    async def charge(self, bucket: Bucket, rule: TallyRule, at: datetime) -> Tally | None:
        """A locked one is written back as it was, so that a refusal takes as long as a charge."""
        await self._lock(bucket)
        tally = await self.tally(bucket)
        charged = tally.charged(at, rule)
        await self._keep(bucket, charged or tally)
        return charged

    async def forgive(self, bucket: Bucket) -> None:
        await self._lock(bucket)
        await self._keep(bucket, (await self.tally(bucket)).forgiven())

    async def clear(self, bucket: Bucket) -> None:
        await self._lock(bucket)
        await self._keep(bucket, Tally())

    async def tally(self, bucket: Bucket) -> Tally:
        row = await statements.one(self._session, TallyRow, kind=bucket.kind, owner=bucket.owner)
        return Tally() if row is None else Tally(row.count, row.latest_at, row.locked_until)

    async def purge(self, before: datetime) -> int:
        unlocked = or_(TallyRow.locked_until.is_(None), TallyRow.locked_until < before)
        is_chats = TallyRow.kind == BudgetKind.CHAT_FAILURES
        forgotten = or_(TallyRow.latest_at.is_(None), TallyRow.latest_at < before)
        nought = or_(TallyRow.count == 0, and_(is_chats, forgotten))
        old = await row_sets.purge(self._session, SpendingRow, SpendingRow.at < before)
        return old + await row_sets.purge(self._session, TallyRow, unlocked, nought)

    async def _spendings(self, bucket: Bucket) -> list[SpendingRow]:
        """All that is remembered of the bucket: none of it may be missing."""
        query = select(SpendingRow).where(
            SpendingRow.kind == bucket.kind, SpendingRow.owner == bucket.owner
        )
        rows = list(await self._session.scalars(query.order_by(SpendingRow.id)))
        key = {"kind": bucket.kind, "owner": bucket.owner}
        await guard_of(self._session).check_all(SpendingRow, rows, key)
        return rows

    async def _keep(self, bucket: Bucket, tally: Tally) -> None:
        values = {
            "count": tally.count,
            "latest_at": tally.latest_at,
            "locked_until": tally.locked_until,
        }
        key = {"kind": bucket.kind, "owner": bucket.owner}
        await statements.put(self._session, TallyRow, key, values)

    async def _lock(self, bucket: Bucket) -> None:
        """Two processes on one bucket take turns until the transaction ends."""
        if self._session.get_bind().dialect.name == "postgresql":
            name = f"{bucket.kind}:{bucket.owner}"
            await self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


class KeyedDigests:
    """Digests under keys that are not in the database."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    @property
    def pepper(self) -> bytes:
        return self._keys.one_time_code

    def digest(self, kind: str, text: str) -> str:
        return self._keys.index(kind, text)

    def is_of(self, kind: str, text: str, kept: str) -> bool:
        return kept in self._keys.every_folded(kind, text)


def _json(binding: Binding) -> str:
    return BINDING.dump_json(binding).decode()
