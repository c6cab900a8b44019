"""A claimed address: whom it may belong to, and which address it is, without the address itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import PersonId
from bot.domain.clients.people import EMAIL, Contact, Person


@dataclass(frozen=True, slots=True)
class Claim:
    """What a code is bound to: a mailbox, and everybody on whose record it stands."""

    people: tuple[PersonId, ...]
    mailbox: str
    """Keyed digest of the address."""

    @property
    def subject(self) -> str:
        """Whose budget is spent: the one person's, else the mailbox's own."""
        return self.people[0] if len(self.people) == 1 else self.mailbox

    @property
    def is_known(self) -> bool:
        return bool(self.people)

    def __str__(self) -> str:
        return f"{','.join(self.people)}@{self.mailbox}"

    @classmethod
    def parse(cls, text: str) -> "Claim":
        people, _, mailbox = text.partition("@")
        return cls(tuple(PersonId(one) for one in people.split(",") if one), mailbox)


async def claim_of(work: UnitOfWork, address: str) -> Claim:
    """Who may be meant by an address that somebody typed. The same work for every address."""
    people = await work.people.ids_at(Contact(kind=EMAIL, value=address))
    return Claim(tuple(people), work.digests.digest(EMAIL, address))


def address_in(work: UnitOfWork, people: Sequence[Person], mailbox: str) -> str:
    """The address on record behind a digest; empty: it stands on none of their records."""
    values = [value for one in people for value in one.emails]
    return next((one for one in values if work.digests.is_of(EMAIL, one, mailbox)), "")
