"""Who and where, free of any platform."""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

AccountId = NewType("AccountId", str)
PersonId = NewType("PersonId", str)
HolderId = NewType("HolderId", str)
"""Whose key seals a piece of personal text: an account or an imported person."""
TicketId = NewType("TicketId", str)
MessageId = NewType("MessageId", str)
StaffId = NewType("StaffId", str)
RequestId = NewType("RequestId", str)
ID_LENGTH = 32
"""Of what `new_id` makes; whoever reads an id out of a longer word counts by it."""


def new_id() -> str:
    """128 random bits in hexadecimal: unguessable, and says nothing of whom it stands for."""
    return secrets.token_hex(ID_LENGTH // 2)


class Language(StrEnum):
    """The languages in which the desk speaks to people."""

    EN = "en"
    BN = "bn"

    @classmethod
    def of_locale(cls, locale: str) -> "Language":
        """What `bn-BD` or `bn` names; English where it is none of these, or nothing."""
        code = locale.lower().replace("_", "-").partition("-")[0]
        return cls(code) if code in tuple(cls) else cls.EN


class Surface(StrEnum):
    """Where a conversation lives."""

    TELEGRAM = "telegram"
    CONSOLE = "console"
    SLACK = "slack"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class ClientAddress:
    """An account on a chat platform: `user` is the platform's own id of it."""

    surface: Surface
    user: str

    def __str__(self) -> str:
        return f"{self.surface}:{self.user}"


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"  # works tickets
    APPROVER = "approver"  # works tickets, and decides on data requests


class ActorKind(StrEnum):
    """What kind of doer an event names."""

    ACCOUNT = "account"  # a client, by the account that wrote
    STAFF = "staff"
    OPERATOR = "operator"  # whoever holds the command line of the machine
    SYSTEM = "system"  # a timer or a rule of the desk


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a kind and an internal random id; of a job at the shell, its name."""

    kind: ActorKind
    id: str = ""
    os_user: str = field(default="", compare=False)
    """Who typed it at the shell of the machine, as the operating system says; empty: nobody did."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    @classmethod
    def parse(cls, text: str) -> "Actor":
        kind, _, identity = text.partition(":")
        return cls(ActorKind(kind), identity)

    @classmethod
    def account(cls, account: AccountId) -> "Actor":
        return cls(ActorKind.ACCOUNT, account)

    @classmethod
    def staff(cls, staff: StaffId) -> "Actor":
        return cls(ActorKind.STAFF, staff)

    @classmethod
    def job(cls, name: str) -> "Actor":
        """A scheduled job of the machine, by the name that it gives itself."""
        return cls(ActorKind.OPERATOR, name)

    @property
    def is_staff_at_shell(self) -> bool:
        """Somebody typed a command in the name of this member of staff."""
        return self.kind is ActorKind.STAFF and bool(self.os_user)


SYSTEM = Actor(ActorKind.SYSTEM)
OPERATOR = Actor(ActorKind.OPERATOR)
