"""The numbers that a company may set for its requests: waiting times, and how many decide."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.requests.states import RequestType

_V4_APPROVALS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRules:
    """docs/design/requests.md, "Waiting times" and "Who may decide"."""

    access_approvals: int = 1
    cooling_off: timedelta = timedelta(hours=72)
    manual_verification_hold: timedelta = timedelta(days=7)
    identity_waits: timedelta = timedelta(days=7)
    manual_verification_waits: timedelta = timedelta(days=30)
    """A letter code may take 21 days (NIST 800-63A-4); staff are alarmed on days 21 and 28."""
    confirmation_waits: timedelta = timedelta(days=7)
    reminders: tuple[timedelta, ...] = (
        timedelta(hours=24),
        timedelta(hours=72),
        timedelta(days=6),
    )
    second_approval_reminder: timedelta = timedelta(hours=24)
    second_approval_escalation: timedelta = timedelta(hours=72)
    package_waits: timedelta = timedelta(days=7)
    package_destroyed: timedelta = timedelta(days=30)
    first_retry: timedelta = timedelta(seconds=30)
    longest_retry: timedelta = timedelta(hours=1)
    tries: int = 8
    """After this many failures a human is paged."""

    def approvals_for(self, kind: RequestType) -> int:
        """How many different people must approve: never fewer than two for what V4 guards."""
        match kind:
            case RequestType.ERASURE | RequestType.CONTACT_CHANGE:
                return _V4_APPROVALS
            case RequestType.ACCESS:
                return max(self.access_approvals, 1)
            case RequestType.RECTIFICATION | RequestType.OBJECTION:
                return 1


DEFAULT_RULES = RequestRules()
