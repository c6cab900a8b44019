"""What goes out by mail: one-time codes and notices."""

from dataclasses import dataclass
from typing import ClassVar

from bot.application.outbound.delivery import Delivery, DeliveryUncertainty
from bot.domain.addresses import PersonId


@dataclass(frozen=True, slots=True)
class MailCode(Delivery):
    """A one-time code. The code itself is made when it leaves; a decoy leaves nothing."""

    carried_by: ClassVar[str] = "mail"
    challenge: str

    @property
    def conversation(self) -> str:
        return f"code:{self.challenge}"

    @property
    def rank(self) -> int:
        return 0

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.VOID


@dataclass(frozen=True, slots=True)
class MailNotice(Delivery):
    """A word of the desk to one address on record, which `mailbox` names by its keyed digest."""

    carried_by: ClassVar[str] = "mail"
    person: PersonId
    mailbox: str
    subject: str
    text: str

    @property
    def conversation(self) -> str:
        return f"mail:{self.person}"

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT_MARKED
