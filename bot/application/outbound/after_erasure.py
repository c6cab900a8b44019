"""The last word after an erasure: the request's id is queued, the rest is in its sealed slot."""

from dataclasses import dataclass
from typing import ClassVar

from bot.application.outbound.delivery import Delivery, DeliveryUncertainty
from bot.domain.addresses import RequestId


@dataclass(frozen=True, slots=True)
class LastWord(Delivery):
    """Into the chat: that the erasure is done, with the certificate."""

    carried_by: ClassVar[str] = "telegram"
    request: RequestId

    @property
    def conversation(self) -> str:
        return f"last-word:{self.request}"

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT_MARKED


@dataclass(frozen=True, slots=True)
class LastMail(Delivery):
    """The same, to the mail address that was on record."""

    carried_by: ClassVar[str] = "mail"
    request: RequestId

    @property
    def conversation(self) -> str:
        return f"last-mail:{self.request}"

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT_MARKED
