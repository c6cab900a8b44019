"""The people who work the desk, who stands in for them, and what happens to their list."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.addresses import Role, StaffId
from bot.domain.events import Event
from bot.domain.text import clean, shorten, without_invisible

MANUAL = "manual"
DESK = "desk"
"""The stream of facts about the desk itself: who works it, who was refused."""

NEW_FOR = timedelta(hours=24)
"""So long whoever is new decides nothing, and those who know the team can object."""

LONGEST_NAME = 40
"""Code points of a name above a reply."""
_NO_NAME = re.compile(
    r"<[^<>]*>|:[a-z0-9_+'-]+:|\S*@\S+\.\S+|https?://\S+|\b[UWBTCSG][A-Z0-9]{8,}\b"
)
"""What a profile may hold and a client must not read: mentions, short codes, addresses, ids."""


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
    counts_from: datetime | None = None
    """Before that they approve nothing and vouch for nobody; None: they were never new here."""
    fault: str = ""
    """Why Slack lets them do nothing here, as it said last: `deactivated`, `guest` ...; empty: they
    may work. Who is listed by hand keeps their place, should they come back."""
    name: str = ""
    """As clients may read it (`shown_name`); empty: not known yet."""

    def is_away(self, at: datetime) -> bool:
        return self.away_until is not None and at < self.away_until

    @property
    def can_act(self) -> bool:
        """On the list, and a full member of the workspace as far as Slack said last."""
        return self.active and not self.fault

    def may_approve(self) -> bool:
        """They have the role; whether it counts yet is `may_decide`'s to say."""
        return self.can_act and self.role is Role.APPROVER

    def shut_out(self, why: str) -> "StaffShutOut":
        """Slack says that they can do nothing here any more; what they handed on ends with it."""
        self.fault, self.away_until, self.deputy = why, None, None
        return StaffShutOut(staff=self.id, why=why)

    def let_in(self) -> "StaffLetIn":
        """Slack says that they may work again; nothing that was taken from them comes back."""
        self.fault = ""
        return StaffLetIn(staff=self.id)

    def lose_deputy(self) -> "StaffLostDeputy | None":
        """Whoever stands in can do nothing any more; None: nobody did."""
        if self.deputy is None:
            return None
        previous, self.deputy = self.deputy, None
        return StaffLostDeputy(staff=self.id, deputy=previous)

    def is_new(self, at: datetime) -> bool:
        """Put on the list, or raised, so lately that they decide nothing and vouch for nobody."""
        return self.counts_from is not None and at < self.counts_from

    def may_decide(self, at: datetime) -> bool:
        return self.may_approve() and not self.is_new(at)

    def role_at(self, at: datetime) -> Role:
        """What their word weighs: a new approver's no more than an agent's."""
        return Role.AGENT if self.is_new(at) else self.role

    @property
    def mention(self) -> str:
        """How texts for staff name this person; the Slack edge turns it into a mention."""
        return f"@{self.slack_user}"


def shown_name(*profile: str) -> str:
    """A colleague's name for clients: the first of these in which a name is left; empty: none.

    An id, an e-mail address or a sign that hides is never part of it.
    """
    seen = (without_invisible(clean(each)) for each in profile)
    cleaned = (_NO_NAME.sub(" ", each).replace("@", " ") for each in seen)
    shown = (shorten(each, LONGEST_NAME).strip("-_.,;:|/\\ ") for each in cleaned)
    return next((each for each in shown if any(map(str.isalnum, each))), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEvent(Event):
    """A fact about one member of staff."""

    stream: str = DESK
    staff: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAdded(StaffEvent):
    role: str
    source: str
    counts_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRemoved(StaffEvent):
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(StaffEvent):
    role: str
    previous: str
    source: str
    counts_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffWentAway(StaffEvent):
    until: datetime
    deputy: StaffId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCameBack(StaffEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ActedAtShell(Event):
    """Somebody typed a command in the name of the event's actor."""

    stream: str = DESK
    deed: str
    about: str = ""
    """The number of what it was done to: of a ticket or a request; of a client none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffShutOut(StaffEvent):
    """Slack says that they can do nothing here: `why` is a code of `Staff.fault`."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLetIn(StaffEvent):
    """Slack says that they may work again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLostDeputy(StaffEvent):
    """Whoever stood in for them can act no more."""

    deputy: StaffId


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
