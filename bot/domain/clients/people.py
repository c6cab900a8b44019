"""Who is who: a person (one human), their accounts on chat platforms, and their contacts."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.addresses import AccountId, ClientAddress, HolderId, Language, PersonId, StaffId
from bot.domain.errors import NotAllowed

EMAIL, PHONE = "email", "phone"


class AccountStatus(StrEnum):
    """Whether an account can be reached."""

    ACTIVE = "active"
    BLOCKED = "blocked"  # the client blocked the bot: deliveries pause
    ERASED = "erased"  # its key is destroyed; kept so that it is not silently made anew


@dataclass(kw_only=True)
class AccountLink:
    """Whose a chat account is, and whether a proof may say so.

    Whoever holds a notice's link may say "this was not me". From then on no proof ties the account
    to anybody, until two different approvers agree that it may prove itself again.
    """

    person: PersonId | None = None
    barred_since: datetime | None = None
    """Since when no proof ties the account; None: it may be tied."""
    first_approver: StaffId | None = None
    """Who gave the first of the two approvals that lift the bar; None: nobody yet."""

    @property
    def is_barred(self) -> bool:
        return self.barred_since is not None

    def link(self, person: PersonId) -> bool:
        """A proof showed whose it is; False: it is somebody's already, or barred."""
        if self.person is not None or self.is_barred:
            return False
        self.person = person
        return True

    def unlink(self) -> None:
        """What tied it counts no more; another proof may tie it again."""
        self.person = None

    def bar(self, at: datetime) -> bool:
        """Nobody's from now on; False: it was barred before, and is since then.

        Said again, it voids the first approval, which was given without knowing that.
        """
        self.first_approver = None
        if self.is_barred:
            return False
        self.unlink()
        self.barred_since = at
        return True

    def lift_bar(self, by: StaffId, approvers: Collection[StaffId]) -> bool:
        """One approver's yes; whether it was the second, so that the account may be tied again.

        `approvers`: who is one now. The yes of somebody who is none any more counts no more.

        Raises:
            NotAllowed: the same person gave the first.
        """
        if by == self.first_approver:
            raise NotAllowed("requests.reason_same_approver")
        if self.first_approver not in approvers:
            self.first_approver = by
            return False
        self.barred_since = self.first_approver = None
        return True


@dataclass(kw_only=True)
class Account:
    """A chat account. It belongs to a person only once a proof has linked it."""

    id: AccountId
    address: ClientAddress
    display_name: str
    language: Language
    created_at: datetime
    language_chosen: bool = False
    link: AccountLink = field(default_factory=AccountLink)
    status: AccountStatus = AccountStatus.ACTIVE
    told_of_throttle_at: datetime | None = None
    topic: str = ""
    """The part of the chat where the client wrote last; empty: outside of any."""

    @property
    def person(self) -> PersonId | None:
        """Whose it is."""
        return self.link.person

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
    """An e-mail address or a phone number on record, and since when and until when it is there.

    Its age belongs to the record, not to the address: it is no part of a comparison. The rules of
    how one comes and goes are in bot/domain/clients/contact_changes.py.
    """

    kind: str
    """EMAIL or PHONE."""
    value: str
    since: datetime | None = field(default=None, compare=False)
    """When it came on record; None: before the desk kept that."""
    young_until: datetime | None = field(default=None, compare=False)
    """Until then it proves nothing without an older one; None: it never was young."""
    until: datetime | None = field(default=None, compare=False)
    """It is off the list, and gets every notice until then; None: it is on the list."""

    @property
    def spelling(self) -> tuple[str, str]:
        """Addresses that differ only in case or width are one."""
        return self.kind, unicodedata.normalize("NFKC", self.value).casefold()

    @property
    def is_listed(self) -> bool:
        """On the list now; otherwise it left, and is on record for some time yet."""
        return self.until is None

    def is_on_record(self, now: datetime) -> bool:
        return self.until is None or now < self.until

    def is_young(self, now: datetime) -> bool:
        return self.young_until is not None and now < self.young_until


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

    @property
    def listed(self) -> tuple[Contact, ...]:
        """The contacts that the list names now, without those that left it."""
        return tuple(contact for contact in self.contacts if contact.is_listed)

    @property
    def emails(self) -> list[str]:
        """Every e-mail address on record, also those that left the list a short time ago."""
        return [contact.value for contact in self.contacts if contact.kind == EMAIL]

    @property
    def phones(self) -> list[str]:
        """Every phone number on record, likewise."""
        return [contact.value for contact in self.contacts if contact.kind == PHONE]
