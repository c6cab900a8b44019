"""The people who work the desk, and who stands in for them."""

from dataclasses import dataclass
from datetime import datetime

from bot.addresses import Role, StaffId


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
