"""Who works the desk, as settings and user groups say; re-read every minute."""

import re
from collections.abc import Iterable
from typing import Any

from bot.application.bus import Bus
from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.application.requests.approvers import too_few_are_new, warn_staff
from bot.application.staff_desk.departures import (
    are_new,
    are_tickets_left,
    note_faults,
    take_left_tickets,
)
from bot.application.staff_desk.signatures import misnamed, name_staff
from bot.application.staff_desk.staff import Listed, list_staff, seed_staff
from bot.application.staff_desk.user_groups import (
    KnownGroup,
    known_group,
    note_reading,
    note_unreadable,
)
from bot.domain.addresses import SYSTEM, Role
from bot.domain.errors import DeskError, Refused, Unavailable
from handlers.log_setup import log
from handlers.settings import Settings
from handlers.slack.client import SlackCalls, Trouble as CallTrouble, code_of
from handlers.slack.people import People
from handlers.slack.platform_refusals import is_final
from handlers.slack.rate_limits import TooBusy

EVERY_SECONDS = 60.0
GONE = frozenset({"no_such_subteam", "subteam_not_found"})
"""The group is no more, so nobody is in it."""
USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
GROUP_ID = re.compile(r"S[A-Z0-9]{2,20}")
SUBTEAM = re.compile(r"<!subteam\^(S[A-Z0-9]+)[^>]*>")


class StaffSync:
    """Brings the staff table in line with SLACK_AGENTS and SLACK_APPROVERS, entry by entry.

    An entry that cannot be read now counts as it was read last, for a day, so that it keeps nobody
    in who was taken out by another one, and puts nobody out by a bad connection. Whom Slack says to
    be deactivated, a guest or unknown can do nothing, whatever names them.
    """

    def __init__(  # the parts of the edge
        self,
        calls: SlackCalls,
        bus: Bus,
        people: People,
        settings: Settings,
        troubles: Troubles,
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._people = people
        self._troubles = troubles
        self._wanted = {
            Role.AGENT: settings.slack_agents,
            Role.APPROVER: settings.slack_approvers,
        }

    async def begin(self) -> None:
        """At the start.

        Raises:
            Refused: a group that the settings name never existed, or an entry is no id.
            Unavailable: a group was never read, and cannot be now.
        """
        try:
            await self._seed(is_start=True)
        except (*CallTrouble, TooBusy) as error:
            raise Unavailable("slack.groups_unreadable", error=code_of(error)) from error

    async def again(self) -> None:
        """Later: what cannot be read now leaves its people as they were."""
        try:
            await self._seed(is_start=False)
        except (*CallTrouble, TooBusy) as error:
            log(__name__, "groups_unreadable", error=code_of(error))
        except DeskError as error:
            log(__name__, "staff_not_seeded", error=error.key)

    async def _seed(self, *, is_start: bool) -> None:
        names = [_name(entry) for entries in self._wanted.values() for entry in entries]
        handles = await self._handles(names)
        listed: list[Listed] = []
        for role, entries in self._wanted.items():
            for name in map(_name, entries):
                if USER_ID.fullmatch(name):
                    listed.append(Listed(name, role, "settings"))
                else:
                    users = await self._users(name, handles, is_start=is_start)
                    listed += [Listed(user, role, "group") for user in users]
        await self._bus.handle(SYSTEM, seed_staff, listed=listed)
        await self._look_at_people()
        while await self._bus.look(are_tickets_left):
            await self._bus.handle(SYSTEM, take_left_tickets)
        if await self._bus.look(too_few_are_new):
            await self._bus.handle(SYSTEM, warn_staff)

    async def _look_at_people(self) -> None:
        """What Slack says of each: their names, and why they may do nothing; if it can be asked."""
        people = await self._bus.look(list_staff)
        members = {one.slack_user: await self._people.member(one.slack_user) for one in people}
        names = {user: one.shown for user, one in members.items() if one is not None}
        if await self._bus.look(misnamed, names=names):
            await self._bus.handle(SYSTEM, name_staff, names=names)
        faults = {user: one.fault for user, one in members.items() if one is not None}
        if await self._bus.look(are_new, faults=faults):
            await self._bus.handle(SYSTEM, note_faults, faults=faults)

    async def _handles(self, names: Iterable[str]) -> dict[str, str] | Exception:
        """From each group's handle, and its id, to its id; or why they cannot be read."""
        if not group_names(names):
            return {}
        try:
            answer = await self._calls.call("usergroups.list", rank=1)
        except (*CallTrouble, TooBusy) as error:
            return error
        return handles_of(answer)

    async def _users(
        self, name: str, handles: dict[str, str] | Exception, *, is_start: bool
    ) -> tuple[str, ...]:
        """Who is in a group now; what is certain counts, the rest is as it was."""
        known = await self._bus.look(known_group, name=name)
        if isinstance(handles, Exception):
            return await self._unread(name, known, handles, is_start=is_start)
        group = handles.get(name if GROUP_ID.fullmatch(name) else name.lower(), "")
        if not (group or known.id):
            if is_start:
                raise Refused("slack.no_such_group", name=name)
            return self._told(name, "no_such_group", ())
        try:
            answer = await self._calls.call(
                "usergroups.users.list", rank=1, usergroup=group or known.id
            )
        except (*CallTrouble, TooBusy) as error:
            if code_of(error) in GONE:
                return self._told(name, code_of(error), ())
            return await self._unread(name, known, error, is_start=is_start)
        users = tuple(str(user) for user in answer.get("users") or ())
        read = KnownGroup(group or known.id, users)
        if read != known:
            await self._bus.handle(SYSTEM, note_reading, name=name, group=read.id, users=read.users)
        if not group:
            return self._told(name, "renamed", users)
        self._troubles.ended(TroubleKind.STAFF_LIST, name)
        return users

    async def _unread(
        self, name: str, known: KnownGroup, error: Exception, *, is_start: bool
    ) -> tuple[str, ...]:
        """At the start a group of which nothing is known is waited for, unless Slack refuses."""
        if is_start and not known.id and not is_final(error):
            raise error
        if known.lost_at is None:
            await self._bus.handle(SYSTEM, note_unreadable, name=name)
        return self._told(name, code_of(error), known.who_counts)

    def _told(self, name: str, error: str, users: tuple[str, ...]) -> tuple[str, ...]:
        self._troubles.began(Trouble(kind=TroubleKind.STAFF_LIST, about=name, error=error))
        return users


def group_names(entries: Iterable[str]) -> list[str]:
    """Of the entries that are no user's id."""
    return [name for name in map(_name, entries) if not USER_ID.fullmatch(name)]


def user_names(entries: Iterable[str]) -> list[str]:
    """Of the entries that are."""
    return [name for name in map(_name, entries) if USER_ID.fullmatch(name)]


def handles_of(answer: dict[str, Any]) -> dict[str, str]:
    """From each group's handle in lower case, and its id, to its id."""
    found: dict[str, str] = {}
    for group in _dicts(answer.get("usergroups")):
        identity = str(group.get("id"))
        found[identity] = found[str(group.get("handle")).lower()] = identity
    return found


def _name(entry: str) -> str:
    found = SUBTEAM.fullmatch(entry)
    return found[1] if found else entry.strip().lstrip("@")


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
