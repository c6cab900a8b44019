"""The numbers and names a company sets for its desk; everything has a default."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """What the use cases need to know of the company's choices."""

    company: str = "SmartISP ERP CRM"
    reply_undo: timedelta = timedelta(seconds=5)
    """How long a reply is held so that it can be undone; zero: sent at once."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Dhaka"))
    messages_per_minute: int = 20
    """Above this a chat's words are kept without an answer (security.md S1, threat A)."""
    tickets_per_day: int = 5
    retention_days: int = 730
    """What /start says of how long the desk keeps talk."""
