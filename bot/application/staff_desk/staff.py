"""The list of staff: seeded from settings and groups, changed by the operator, who wins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.application.permission import may_change_staff, the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.triage import refuse_who_is_shut_out
from bot.domain.addresses import Role, StaffId, new_id
from bot.domain.errors import NotFound, Refused
from bot.domain.staff import (
    DESK,
    MANUAL,
    NEW_FOR,
    RoleChanged,
    Staff,
    StaffAdded,
    StaffCameBack,
    StaffRemoved,
    StaffWentAway,
)

SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
"""A user's id as Slack writes it: of a workspace (U) or of an enterprise grid (W)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody whom the settings or a user group name. `source`: `settings` or `group`."""

    slack_user: str
    role: Role
    source: str


async def list_staff(work: UnitOfWork) -> list[Staff]:
    """Everybody who works the desk now."""
    return [staff for staff in await work.staff.everyone() if staff.active]


async def add_staff(work: UnitOfWork, *, slack_user: str, role: Role) -> Staff:
    """Put somebody on the list by hand, or give them this role.

    Raises:
        Refused: that is no user id of Slack; who cannot exist could never press a button.
    """
    may_change_staff(work)
    name = _clean(slack_user)
    if not SLACK_USER.fullmatch(name):
        raise Refused("staff.not_an_id")
    return await _put(work, Listed(name, role, MANUAL), work.clock.now() + NEW_FOR)


async def set_role(work: UnitOfWork, *, slack_user: str, role: Role) -> Staff:
    """Change what somebody may do; it counts at their next click.

    Raises:
        NotFound: not on the list.
    """
    may_change_staff(work)
    staff = await on_the_list(work, slack_user)
    return await _put(work, Listed(staff.slack_user, role, MANUAL), work.clock.now() + NEW_FOR)


async def remove_staff(work: UnitOfWork, *, slack_user: str) -> Staff:
    """Take somebody off the list by hand; no setting and no group brings them back.

    Raises:
        NotFound: not on the list.
    """
    may_change_staff(work)
    staff = await on_the_list(work, slack_user)
    await _deactivate(work, staff, MANUAL)
    return staff


async def seed_staff(work: UnitOfWork, *, listed: Iterable[Listed]) -> None:
    """Bring the list in line with ALL that settings and groups name together.

    Who is named twice has the higher role. Manual entries stay as they are. When a group cannot be
    read now, the edge does not call this: the list stays as it was. Whoever is new counts after a
    day, but for those with whom the desk begins.
    """
    may_change_staff(work)
    counts_from = None if await _is_founding(work) else work.clock.now() + NEW_FOR
    wanted: dict[str, Listed] = {}
    for entry in listed:
        if entry.slack_user not in wanted or entry.role is Role.APPROVER:
            wanted[entry.slack_user] = entry
    for staff in await work.staff.everyone():
        if staff.source == MANUAL:
            wanted.pop(staff.slack_user, None)
        elif staff.active and staff.slack_user not in wanted:
            await _deactivate(work, staff, staff.source)
    for entry in wanted.values():
        await _put(work, entry, counts_from)


async def go_away(work: UnitOfWork, *, until: datetime, deputy: str = "") -> Staff:
    """One is away until then; assignments and alerts go to the deputy.

    Raises:
        Refused: the time has passed, one would be one's own deputy, or that one can act no more.
        NotFound: the deputy is not on the list.
    """
    staff = await the_staff(work)
    if until <= work.clock.now():
        raise Refused("staff.away_in_the_past")
    stand_in = await on_the_list(work, deputy) if deputy else None
    if stand_in is not None:
        refuse_who_is_shut_out(work, stand_in)
    if stand_in is not None and stand_in.id == staff.id:
        raise Refused("staff.own_deputy")
    staff.away_until = until
    staff.deputy = None if stand_in is None else stand_in.id
    await work.staff.put(staff)
    work.record(StaffWentAway(staff=staff.id, until=until, deputy=staff.deputy))
    return staff


async def come_back(work: UnitOfWork) -> Staff:
    """One is here again."""
    staff = await the_staff(work)
    if staff.away_until is not None:
        staff.away_until = staff.deputy = None
        await work.staff.put(staff)
        work.record(StaffCameBack(staff=staff.id))
    return staff


async def on_the_list(work: UnitOfWork, slack_user: str) -> Staff:
    """An active member of staff by Slack's id, `@` or not. Raises NotFound."""
    staff = await work.staff.on_slack(_clean(slack_user))
    if staff is None or not staff.active:
        raise NotFound("staff.no_such_person")
    return staff


async def _is_founding(work: UnitOfWork) -> bool:
    """Nobody ever was an approver here, so that there is nobody yet who could be got round.

    Whoever takes all approvers off the list founds nothing: the log knows that there were some.
    """
    if any(staff.role is Role.APPROVER for staff in await work.staff.everyone()):
        return False
    return not any(
        isinstance(fact.event, (StaffAdded, RoleChanged)) and fact.event.role == Role.APPROVER
        for fact in await work.log.of(DESK)
    )


async def _put(work: UnitOfWork, entry: Listed, counts_from: datetime | None) -> Staff:
    """`counts_from`: from when on they decide and vouch, if they are new in what they are."""
    staff = await work.staff.on_slack(entry.slack_user)
    if staff is None or not staff.active:
        return await _add(work, entry, staff, counts_from)
    if (staff.role, staff.source) == (entry.role, entry.source):
        return staff
    previous, staff.role, staff.source = staff.role, entry.role, entry.source
    if previous is not entry.role and entry.role is Role.APPROVER:
        staff.counts_from = counts_from
    await work.staff.put(staff)
    if previous is not entry.role:
        changed = RoleChanged(
            staff=staff.id,
            role=staff.role,
            previous=previous,
            source=entry.source,
            counts_from=staff.counts_from,
        )
        work.record(changed)
    return staff


async def _add(
    work: UnitOfWork, entry: Listed, known: Staff | None, counts_from: datetime | None
) -> Staff:
    staff = Staff(
        id=StaffId(new_id()) if known is None else known.id,
        slack_user=entry.slack_user,
        role=entry.role,
        source=entry.source,
        counts_from=counts_from,
    )
    await work.staff.put(staff)
    work.record(
        StaffAdded(staff=staff.id, role=entry.role, source=entry.source, counts_from=counts_from)
    )
    return staff


async def _deactivate(work: UnitOfWork, staff: Staff, source: str) -> None:
    staff.active, staff.source = False, source
    staff.away_until = staff.deputy = None
    await work.staff.put(staff)
    work.record(StaffRemoved(staff=staff.id, source=source))


def _clean(slack_user: str) -> str:
    """Raises Refused for what cannot be an id."""
    name = slack_user.strip().lstrip("@")
    if not name or len(name) > 64 or not name.isascii() or not name.isalnum():  # noqa: PLR2004
        raise Refused("staff.not_an_id")
    return name
