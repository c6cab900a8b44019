"""The people who work the desk, who stands in for them, and what happens to their list."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.addresses import Role, StaffId
from bot.domain.events import Event

MANUAL = "manual"
DESK = "desk"
"""The stream of facts about the desk itself: who works it, who was refused."""


@dataclass(kw_only=True)
class Staff:
    """A member of staff. Roles are read at every click, and never from a button."""

    id: StaffId
    slack_user: str
    role: Role
    source: str
    """Who put them on the list: `settings`, `group` or `manual`; a manual entry wins."""
    active: bool = True
    away_until: datetime | None = None
    deputy: StaffId | None = None

    def is_away(self, at: datetime) -> bool:
        return self.away_until is not None and at < self.away_until

    def may_approve(self) -> bool:
        return self.active and self.role is Role.APPROVER

    @property
    def mention(self) -> str:
        """How texts for staff name this person; the Slack edge turns it into a mention."""
        return f"@{self.slack_user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEvent(Event):
    """A fact about one member of staff."""

    stream: str = DESK
    staff: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAdded(StaffEvent):
    role: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRemoved(StaffEvent):
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(StaffEvent):
    role: str
    previous: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffWentAway(StaffEvent):
    until: datetime
    deputy: StaffId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCameBack(StaffEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRefused(Event):
    """Somebody who may not tried to do something. Who, by the ids of the platform only."""

    stream: str = DESK
    slack_user: str
    team: str
    door: str
    """Which kind of listener: button, modal, command, shortcut, event, reaction ..."""
    action: str
    reason: str
