"""What a delivery is: its order, and what to do when nobody knows whether it arrived."""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class DeliveryUncertainty(StrEnum):
    """What to do when nobody knows whether a delivery arrived."""

    REPEAT = "repeat"  # doing it twice is the same as once
    LOOK_FIRST = "look_first"  # it carries its key: look whether it is there, then post
    REPEAT_MARKED = "repeat_marked"  # once more, and say that it is a repeat
    ASK = "ask"  # a person decides
    VOID = "void"  # never again: whatever it carried counts for nothing from now on


class Delivery:
    """Something to be carried out of the desk, once, in order within its conversation."""

    __slots__ = ()
    carried_by: ClassVar[str] = "slack"
    """The platform: `telegram`, `slack` or `mail`."""

    @property
    def conversation(self) -> str:
        """Deliveries of one conversation keep their order; others do not wait for them."""
        raise NotImplementedError

    @property
    def coalesce(self) -> str:
        """Where set, one waiting delivery of this name is enough: it shows what it finds."""
        return ""

    @property
    def rank(self) -> int:
        """What goes first when the platform lets only some through: 0 before 9."""
        return 5

    @property
    def rest(self) -> timedelta:
        """How long a view rests after it was shown before it is shown again."""
        return timedelta(0)

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        """Neither platform takes an idempotency key, so each kind has its own honest rule."""
        return DeliveryUncertainty.LOOK_FIRST
