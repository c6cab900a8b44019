"""Who is who: a person (one human), their accounts on chat platforms, and their contacts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.addresses import AccountId, ClientAddress, HolderId, Language, PersonId


class AccountStatus(StrEnum):
    """Whether an account can be reached."""

    ACTIVE = "active"
    BLOCKED = "blocked"  # the client blocked the bot: deliveries pause
    ERASED = "erased"  # its key is destroyed; kept so that it is not silently made anew


@dataclass(kw_only=True)
class Account:
    """A chat account. It belongs to a person only once a proof has attached it."""

    id: AccountId
    address: ClientAddress
    display_name: str
    language: Language
    created_at: datetime
    language_chosen: bool = False
    person: PersonId | None = None
    status: AccountStatus = AccountStatus.ACTIVE
    told_of_throttle_at: datetime | None = None

    @property
    def holder(self) -> HolderId:
        return HolderId(self.id)

    @property
    def stream(self) -> str:
        return f"account:{self.id}"

    def block(self) -> bool:
        """The client blocked the bot; False: that was known, or the account was erased."""
        if self.status is not AccountStatus.ACTIVE:
            return False
        self.status = AccountStatus.BLOCKED
        return True

    def unblock(self) -> bool:
        """The client is back; False: they were never away, or the account was erased."""
        if self.status is not AccountStatus.BLOCKED:
            return False
        self.status = AccountStatus.ACTIVE
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An e-mail address or a phone number on record."""

    kind: str
    """`email` or `phone`."""
    value: str


@dataclass(kw_only=True)
class Person:
    """One human known from the client list; the company is a field."""

    id: PersonId
    external_id: str
    name: str
    company: str
    language: Language
    regime: str
    created_at: datetime
    contacts: tuple[Contact, ...] = ()
    merged_into: PersonId | None = None
    erased_at: datetime | None = None

    @property
    def holder(self) -> HolderId:
        return HolderId(self.id)

    @property
    def is_on_record(self) -> bool:
        """Neither erased nor merged into another: only such a record proves or is told anything."""
        return self.erased_at is None and self.merged_into is None
