"""Who works the desk, as settings and user groups say; re-read every minute."""

import re
from collections.abc import Iterable
from typing import Any

from bot.application.bus import Bus
from bot.application.staff_desk.signatures import misnamed, name_staff
from bot.application.staff_desk.staff import Listed, list_staff, seed_staff
from bot.domain.addresses import SYSTEM, Role
from bot.domain.errors import DeskError, Refused, Unavailable
from handlers.log_setup import log
from handlers.settings import Settings
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.people import People
from handlers.slack.rate_limits import TooBusy

EVERY_SECONDS = 60.0
USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
GROUP_ID = re.compile(r"S[A-Z0-9]{2,20}")
SUBTEAM = re.compile(r"<!subteam\^(S[A-Z0-9]+)[^>]*>")


class StaffSync:
    """Brings the staff table in line with SLACK_AGENTS and SLACK_APPROVERS."""

    def __init__(self, calls: SlackCalls, bus: Bus, people: People, settings: Settings) -> None:
        self._calls = calls
        self._bus = bus
        self._people = people
        self._wanted = {
            Role.AGENT: settings.slack_agents,
            Role.APPROVER: settings.slack_approvers,
        }

    async def begin(self) -> None:
        """At the start.

        Raises:
            Refused: a group that the settings name does not exist, or an entry is no id.
            Unavailable: the groups cannot be read.
        """
        try:
            await self._seed()
        except (*Trouble, TooBusy) as error:
            raise Unavailable("slack.groups_unreadable", error=code_of(error)) from error

    async def again(self) -> None:
        """Later: what cannot be read now leaves the list as it was."""
        try:
            await self._seed()
        except (*Trouble, TooBusy) as error:
            log(__name__, "groups_unreadable", error=code_of(error))
        except DeskError as error:
            log(__name__, "staff_not_seeded", error=error.key)

    async def _seed(self) -> None:
        names = [_name(entry) for entries in self._wanted.values() for entry in entries]
        groups = await self._groups(names)
        listed: list[Listed] = []
        for role, entries in self._wanted.items():
            for entry in entries:
                listed += await self._listed(_name(entry), role, groups)
        await self._bus.handle(SYSTEM, seed_staff, listed=listed)
        people = await self._bus.look(list_staff)
        members = {one.slack_user: await self._people.member(one.slack_user) for one in people}
        names = {user: one.shown for user, one in members.items() if one is not None}
        if await self._bus.look(misnamed, names=names):
            await self._bus.handle(SYSTEM, name_staff, names=names)

    async def _groups(self, names: Iterable[str]) -> dict[str, str]:
        """From each group's handle, and its id, to its id."""
        if all(USER_ID.fullmatch(name) for name in names):
            return {}
        answer = await self._calls.call("usergroups.list", rank=1)
        found: dict[str, str] = {}
        for group in _dicts(answer.get("usergroups")):
            identity = str(group.get("id"))
            found[identity] = found[str(group.get("handle")).lower()] = identity
        return found

    async def _listed(self, name: str, role: Role, groups: dict[str, str]) -> list[Listed]:
        if USER_ID.fullmatch(name):
            return [Listed(name, role, "settings")]
        group = groups.get(name if GROUP_ID.fullmatch(name) else name.lower())
        if group is None:
            raise Refused("slack.no_such_group", name=name)
        answer = await self._calls.call("usergroups.users.list", rank=1, usergroup=group)
        return [Listed(str(user), role, "group") for user in answer.get("users") or ()]


def _name(entry: str) -> str:
    found = SUBTEAM.fullmatch(entry)
    return found[1] if found else entry.strip().lstrip("@")


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
