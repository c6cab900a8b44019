"""Counters in windows: what a budget is, and the store that keeps them through restarts.

The rules are pure functions on a small history; a store only has to load, apply and save them as
one atomic step. Fides CVE-2025-57816: its counters stood in process memory, keyed on a proxy's IP.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class BudgetKind(StrEnum):
    """What is counted."""

    SUBJECT_CODES = "subject_codes"
    CHAT_CHALLENGES = "chat_challenges"
    CHAT_ADDRESSES = "chat_addresses"  # different claimed addresses
    CHAT_STEPS = "chat_steps"  # addresses and codes typed, so that nobody floods the store
    CHAT_ACTS = "chat_acts"  # commands and presses
    CHAT_FAILURES = "chat_failures"
    SUBJECT_FAILURES = "subject_failures"
    CODE_TRIES = "code_tries"  # codes typed since the chat's newest one was asked for
    ALL_CODES = "all_codes"
    ALL_FAILURES = "all_failures"
    ALARMS = "alarms"  # so that staff are told once an hour


@dataclass(frozen=True, slots=True)
class Bucket:
    """One counter. `owner` is an internal id or a keyed digest, never an address or a number."""

    kind: BudgetKind
    owner: str


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within any `window`."""

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits that must all hold, and how long to wait after each spending within the longest."""

    limits: tuple[Limit, ...]
    cooldowns: tuple[timedelta, ...] = ()
    """After the first, second, ... spending; the last one holds for all that follow."""
    each_item_waits: bool = False
    """An item waits only after itself, and costs as much each time; the limits count them all."""

    @property
    def memory(self) -> timedelta:
        """How far back a store must remember."""
        return max(limit.window for limit in self.limits)


@dataclass(frozen=True, slots=True)
class Spending:
    """One thing spent. What the same `item` costs again in the window, the budget says."""

    at: datetime
    item: str = ""


def fits(history: Sequence[Spending], at: datetime, budget: Budget, item: str = "") -> bool:
    """Whether one more may be spent at `at`. A clock set back frees nothing: later ones count."""
    forgotten = at - budget.memory
    recent = [spent for spent in history if spent.at > forgotten]
    same = [spent for spent in recent if spent.item == item]
    if item and same and not budget.each_item_waits:
        return True
    before = same if budget.each_item_waits else recent
    if before and budget.cooldowns:
        wait = budget.cooldowns[min(len(before), len(budget.cooldowns)) - 1]
        if at < max(spent.at for spent in before) + wait:
            return False
    return all(_spent_within(recent, at, limit) < limit.most for limit in budget.limits)


def is_new(history: Sequence[Spending], at: datetime, budget: Budget, item: str) -> bool:
    """Whether a spending must be written down: an item seen in the window costs nothing again."""
    return (
        not item
        or budget.each_item_waits
        or all(spent.item != item or spent.at <= at - budget.memory for spent in history)
    )


def _spent_within(recent: Sequence[Spending], at: datetime, limit: Limit) -> int:
    since = at - limit.window
    return sum(spent.at > since for spent in recent)


@dataclass(frozen=True, slots=True)
class TallyRule:
    """Failures in a row: each `every` of them locks for `lock`; `most` closes until a reset."""

    every: int
    lock: timedelta
    most: int | None = None
    forget_after: timedelta | None = None
    """Failures older than this count no more; None: they count until a success."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Failures so far. A try is charged as a failure before it is compared, and forgiven after."""

    count: int = 0
    latest_at: datetime | None = None
    locked_until: datetime | None = None

    def seen_at(self, at: datetime, rule: TallyRule) -> "Tally":
        """As it stands at `at`: old failures forgotten where the rule forgets."""
        if rule.forget_after is None or self.latest_at is None or self.is_locked(at, rule):
            return self
        return Tally() if at - self.latest_at >= rule.forget_after else self

    def is_locked(self, at: datetime, rule: TallyRule) -> bool:
        closed = rule.most is not None and self.count >= rule.most
        return closed or (self.locked_until is not None and at < self.locked_until)

    def charged(self, at: datetime, rule: TallyRule) -> "Tally | None":
        """One more failure; None: it is locked, and nothing is counted."""
        if self.is_locked(at, rule):
            return None
        before = self.seen_at(at, rule)
        count = before.count + 1
        locks = count % rule.every == 0
        latest = max(at, before.latest_at or at)
        return Tally(count, latest, at + rule.lock if locks else None)

    def forgiven(self) -> "Tally":
        """Take back one charge, and the lock it may have set: the code was right."""
        return replace(self, count=max(self.count - 1, 0), locked_until=None)


class BudgetStore(Protocol):
    """Keeps budgets and tallies. Each method is atomic across processes and survives restarts."""

    async def spend(self, bucket: Bucket, budget: Budget, at: datetime, item: str = "") -> bool:
        """Write one spending down when it fits (see `fits`, `is_new`); False: it does not."""
        ...

    async def spent(self, bucket: Bucket, since: datetime) -> int:
        """How many were spent after `since`."""
        ...

    async def charge(self, bucket: Bucket, rule: TallyRule, at: datetime) -> Tally | None:
        """Apply `Tally.charged` and keep the result; None: locked, nothing changed."""
        ...

    async def forgive(self, bucket: Bucket) -> None:
        """Apply `Tally.forgiven`."""
        ...

    async def clear(self, bucket: Bucket) -> None:
        """Forget the tally: a right code, or a reset by staff."""
        ...

    async def tally(self, bucket: Bucket) -> Tally:
        """As it was last kept."""
        ...

    async def purge(self, before: datetime) -> int:
        """Drop what counts no more: spendings before `before`, tallies forgotten or nought.

        Nothing is remembered for longer than a day, save the failures of a subject, which count
        until a success or a reset. Returns how many rows went.
        """
        ...
