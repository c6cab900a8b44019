"""User groups of the settings, as they were read last; a bad connection puts nobody out.

A group that cannot be read keeps nobody's rights alive for good: a day later its last reading
counts for nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.permission import may_change_staff
from bot.application.ports.unit_of_work import UnitOfWork

GROUPS, _LOST = "slack.group:", "slack.group_lost:"
"""Under these the store keeps what was read last, and since when it cannot be read."""
LAST_READING_COUNTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A user group as it was read last: by its id it is found under another handle too."""

    id: str = ""
    users: tuple[str, ...] = ()
    lost_at: datetime | None = None
    """Since when it cannot be read; None: it was, when it was tried last."""
    is_stale: bool = False
    """It was read too long ago: nobody is in it by that."""

    @property
    def who_counts(self) -> tuple[str, ...]:
        return () if self.is_stale else self.users


async def known_group(work: UnitOfWork, *, name: str) -> KnownGroup:
    """What is known of a group of the settings; an empty id: it was never read."""
    identity, _, users = (await work.key_values.get(GROUPS + name) or "").partition(" ")
    since = await work.key_values.get(_LOST + name) or ""
    lost_at = datetime.fromisoformat(since) if since else None
    is_stale = lost_at is not None and work.clock.now() - lost_at >= LAST_READING_COUNTS
    return KnownGroup(identity, tuple(users.split()), lost_at, is_stale)


async def note_reading(work: UnitOfWork, *, name: str, group: str, users: tuple[str, ...]) -> None:
    """Who is in it now."""
    may_change_staff(work)
    await work.key_values.put(GROUPS + name, " ".join((group, *users)))
    await work.key_values.put(_LOST + name, "")


async def note_unreadable(work: UnitOfWork, *, name: str) -> None:
    """From now on its last reading has a day."""
    may_change_staff(work)
    await work.key_values.put(_LOST + name, work.clock.now().isoformat())
