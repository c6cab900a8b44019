"""In-memory stand-ins for identity; contracts/ hold them equal to the real stores."""

from collections import defaultdict
from datetime import datetime

from bot.identity.budgets import (
    Bucket,
    Budget,
    Spending,
    Tally,
    TallyRule,
    counts_no_more,
    fits,
    is_new,
)


class FakeBudgetStore:
    """A BudgetStore in a dict. One event loop runs each method whole, so each is atomic."""

    def __init__(self) -> None:
        self._spendings: defaultdict[Bucket, list[Spending]] = defaultdict(list)
        self._tallies: dict[Bucket, Tally] = {}

    async def spend(self, bucket: Bucket, budget: Budget, at: datetime, item: str = "") -> bool:
        forgotten = at - budget.memory
        kept = [spent for spent in self._spendings[bucket] if spent.at > forgotten]
        self._spendings[bucket] = kept
        if not fits(kept, at, budget, item):
            return False
        if is_new(kept, at, budget, item):
            kept.append(Spending(at, item))
        return True

    async def spent(self, bucket: Bucket, since: datetime) -> int:
        return sum(spent.at > since for spent in self._spendings[bucket])

    async def charge(self, bucket: Bucket, rule: TallyRule, at: datetime) -> Tally | None:
        charged = self._tallies.get(bucket, Tally()).charged(at, rule)
        if charged is not None:
            self._tallies[bucket] = charged
        return charged

    async def forgive(self, bucket: Bucket) -> None:
        self._tallies[bucket] = self._tallies.get(bucket, Tally()).forgiven()

    async def clear(self, bucket: Bucket) -> None:
        self._tallies.pop(bucket, None)

    async def tally(self, bucket: Bucket) -> Tally:
        return self._tallies.get(bucket, Tally())

    async def purge(self, before: datetime) -> int:
        count = 0
        for bucket, history in self._spendings.items():
            kept = [each for each in history if each.at >= before]
            count += len(history) - len(kept)
            self._spendings[bucket] = kept
        tallies = list(self._tallies.items())
        old = [one for one, tally in tallies if counts_no_more(one.kind, tally, before)]
        for bucket in old:
            self._tallies.pop(bucket)
        return count + len(old)
