"""The numbers and names a company sets for its desk; everything has a default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.application.canned_replies import CannedReplies, shipped_replies
from bot.domain.addresses import Language
from bot.domain.requests.rules import RequestRules
from bot.domain.tickets.business_hours import BusinessHours
from bot.domain.tickets.service_clock import Targets
from bot.domain.tickets.states import Priority


class ReplySignature(StrEnum):
    """What stands above a reply to a client, besides the ticket where they have several."""

    NAME = "name"  # the colleague's display name
    TEAM = "team"  # the company's team
    NONE = "none"


def default_targets() -> Mapping[Priority, Targets]:
    """First answer, next answer, resolution; in working hours, nine of which are a day."""
    hours = {
        Priority.P1: (0.5, 1, 9),
        Priority.P2: (1, 2, 18),
        Priority.P3: (4, 9, 45),
        Priority.P4: (9, 18, 90),
    }
    return {
        priority: Targets(*(timedelta(hours=each) for each in three))
        for priority, three in hours.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskConfig:
    """What the use cases need to know of the company's choices."""

    company: str = "SmartISP ERP CRM"
    reply_undo: timedelta = timedelta(seconds=5)
    """How long a reply is held so that it can be undone; zero: sent at once."""
    reply_signature: ReplySignature = ReplySignature.NAME
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Dhaka"))
    messages_per_minute: int = 20
    """Above this a chat's words are kept without an answer (docs/design/security.md, "Floods")."""
    tickets_per_day: int = 5
    retention_days: int = 730
    """What /start says of how long the desk keeps talk."""
    staff_language: Language = Language.EN
    """The language of the lines and alerts that staff read."""
    hours: BusinessHours = field(default_factory=BusinessHours)
    """When the desk is staffed; response clocks tick only then."""
    targets: Mapping[Priority, Targets] = field(default_factory=default_targets)
    canned: CannedReplies = field(default_factory=shipped_replies)
    requests: RequestRules = field(default_factory=RequestRules)
    """Waiting times and numbers of people of data requests."""
    company_sources: tuple[str, ...] = ()
    """Names of the company's databases that a plan must have asked."""
    manual_steps: tuple[str, ...] = ()
    """What a person does for an erasure where the desk has no connector, or tells a recipient."""
    default_regime: str = "bd-pdpa-2026"
    """The law whose clock counts for whoever has no regime of their own."""
    contact_kept: timedelta = timedelta(days=30)
    """How long a contact that left the client list still gets every notice."""
    removal_percent: int = 5
    """Above that share of the clients no import takes contacts away unasked."""
    mail_works: bool = True
    """Without mail no code can be sent, and data requests begin with manual verification."""
