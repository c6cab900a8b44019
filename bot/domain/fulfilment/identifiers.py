"""By what a data subject can be found in text: addresses, numbers, names."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.addresses import AccountId, HolderId, PersonId
from bot.domain.requests.record import Subject


class IdentifierKind(StrEnum):
    """What names a person."""

    EMAIL = "email"
    PHONE = "phone"  # E.164; its other spellings follow from it
    CHAT_ID = "chat_id"  # what the chat platform calls them
    USERNAME = "username"
    EXTERNAL_ID = "external_id"  # the number on the company's own list
    DOCUMENT = "document"  # a request's or a ticket's number, an identity document's
    FILE_DIGEST = "file_digest"  # SHA-256 of a file they sent, in hexadecimal
    NAME = "name"  # weak: it may be another person's name, or a word


WEAK = frozenset({IdentifierKind.NAME})
"""What alone says not whose data it is: a hit is a finding for a person to judge."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One of them, as it is on record."""

    kind: IdentifierKind
    value: str

    @property
    def is_strong(self) -> bool:
        """Whether it names this person and nobody else."""
        return self.kind not in WEAK


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """Whose data it is: the subject, everything that is theirs, and by what they are found."""

    subject: Subject
    persons: tuple[PersonId, ...] = ()
    """The person, and those whose records were merged into theirs."""
    accounts: tuple[AccountId, ...] = ()
    """Every chat account that is theirs."""
    values: tuple[Identifier, ...] = ()

    @property
    def holders(self) -> tuple[HolderId, ...]:
        """Under whose keys their data is sealed."""
        return tuple(HolderId(one) for one in (*self.persons, *self.accounts))

    def of(self, *kinds: IdentifierKind) -> tuple[str, ...]:
        """The values of these kinds."""
        return tuple(one.value for one in self.values if one.kind in kinds)
