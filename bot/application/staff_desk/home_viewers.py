"""Who looked at their home view lately: only they are worth a refresh."""

import json
from datetime import datetime, timedelta

from bot.application.permission import the_staff
from bot.application.ports import UnitOfWork
from bot.domain.addresses import StaffId

FACT = "home.viewers"
LATELY = timedelta(hours=1)


async def note_viewer(work: UnitOfWork) -> None:
    """One opened one's home view."""
    staff = await the_staff(work)
    seen = {**await _lately(work), staff.id: work.clock.now()}
    await work.facts.put(FACT, json.dumps({who: at.isoformat() for who, at in seen.items()}))


async def viewers(work: UnitOfWork) -> list[StaffId]:
    """Who opened it within the last hour."""
    return list(await _lately(work))


async def _lately(work: UnitOfWork) -> dict[StaffId, datetime]:
    kept: dict[str, str] = json.loads(await work.facts.get(FACT) or "{}")
    since = work.clock.now() - LATELY
    seen = {StaffId(who): datetime.fromisoformat(at) for who, at in kept.items()}
    return {who: at for who, at in seen.items() if at >= since}
