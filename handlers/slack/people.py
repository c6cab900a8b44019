"""What Slack says of people: whether they are full members of this workspace, and their names."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.domain.errors import Unavailable
from bot.domain.staff import shown_name
from handlers.log_setup import log
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

FRESH, STALE = 10.0, 900.0
"""Seconds for which an answer is as good as new, and for which it will do when Slack is away."""
ASK_SECONDS = 1.5
REMEMBERED = 5_000
UNKNOWN_USER = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


@dataclass(frozen=True, slots=True)
class Member:
    """One user as Slack knows them. `fault`: why they may not work here; empty: they may."""

    name: str
    fault: str
    handle: str = ""
    shown: str = ""
    """What clients may read above a reply of theirs; empty: no name can be read."""


@dataclass(slots=True)
class _Known:
    member: Member
    at: float


class People:
    """Asks users.info, and remembers for a few seconds."""

    def __init__(
        self,
        calls: SlackCalls,
        workspace: Workspace,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls = calls
        self._workspace = workspace
        self._now = now
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def member(self, user: str) -> Member | None:
        """Who that is; None: Slack cannot be asked now, and nobody knows."""
        known = self._known.get(user)
        if known is not None and self._now() - known.at < FRESH:
            return known.member
        try:
            async with asyncio.timeout(ASK_SECONDS):
                asked = await self._ask(user)
        except (*Trouble, TooBusy) as error:
            log(__name__, "user_unknown", error=code_of(error))
            will_do = known is not None and self._now() - known.at < STALE
            return known.member if known is not None and will_do else None
        self._remember(user, asked)
        return asked

    def name_of(self, user: str) -> str:
        """Their name, if it was asked for before; else empty."""
        known = self._known.get(user)
        return known.member.name if known is not None else ""

    async def asked_name(self, user: str) -> str:
        """As colleagues see them, however long ago it was said; empty: there is nobody.

        Raises:
            Unavailable: Slack cannot be asked now.
        """
        known = self._known.get(user)
        if known is not None and known.member.shown:
            return known.member.shown
        member = await self.member(user)
        if member is None:
            raise Unavailable("slack.unreachable", error="user_unknown")
        return member.shown

    def named_by_handle(self, handle: str) -> str:
        """Who has that @name among those who were asked for before; empty: nobody."""
        wanted = handle.casefold()
        known = (one.member for one in self._known.values())
        return next((one.shown for one in known if one.handle.casefold() == wanted), "")

    def handle_of(self, user: str) -> str:
        """Their @name, if they were asked for before; else empty."""
        known = self._known.get(user)
        return known.member.handle if known is not None else ""

    async def meet(self, users: Iterable[str]) -> None:
        """Ask for those whose names are not known yet."""
        for user in users:
            if user not in self._known:
                await self.member(user)

    async def _ask(self, user: str) -> Member:
        try:
            answer = await self._calls.call("users.info", rank=0, user=user)
        except SlackApiError as error:
            if code_of(error) in UNKNOWN_USER:
                return Member("", "unknown_user")
            raise
        facts = answer.get("user") or {}
        handle = str(facts.get("name") or "")
        fault = fault_of(facts, self._workspace)
        return Member(_name(facts), fault, handle, _shown(facts))

    def _remember(self, user: str, member: Member) -> None:
        self._known.pop(user, None)
        self._known[user] = _Known(member, self._now())
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def fault_of(user: dict[str, Any], workspace: Workspace) -> str:
    """Why a user of Slack may not work the desk, whatever a list says; empty: they may."""
    for flag, fault in (
        ("deleted", "deactivated"),
        ("is_bot", "bot"),
        ("is_workflow_bot", "bot"),
        ("is_ultra_restricted", "guest"),
        ("is_restricted", "guest"),
        ("is_stranger", "other_workspace"),
    ):
        if user.get(flag):
            return fault
    return "" if _is_of(user, workspace) else "other_workspace"


def _is_of(user: dict[str, Any], workspace: Workspace) -> bool:
    if user.get("team_id") in (None, "", workspace.team):
        return True
    grid = user.get("enterprise_user") or {}
    is_ours = bool(workspace.enterprise) and grid.get("enterprise_id") == workspace.enterprise
    return is_ours and workspace.team in (grid.get("teams") or ())


def _name(user: dict[str, Any]) -> str:
    profile = user.get("profile") or {}
    names = (user.get("real_name"), profile.get("real_name"), user.get("name"))
    return str(next(filter(None, names), ""))


def _shown(user: dict[str, Any]) -> str:
    """The display name, or what Slack shows where none is set."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return shown_name(*(str(each) for each in names if each))
