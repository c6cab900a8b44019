"""Who is who: accounts, and the persons of the client list."""

from typing import Protocol

from bot.domain.addresses import AccountId, ClientAddress, PersonId
from bot.domain.clients.people import Account, AccountLink, Contact, Person


class Accounts(Protocol):
    """Chat accounts."""

    async def get(self, account: AccountId) -> Account:
        """Raises NotFound."""
        ...

    async def at(self, address: ClientAddress) -> Account | None: ...
    async def add(self, account: Account) -> None: ...
    async def save(self, account: Account) -> None:
        """All but its link, which nobody changes by the way. Raises NotFound."""
        ...

    async def renew_link(self, account: Account) -> AccountLink:
        """Read the account's link anew, into `account` too, before it is changed.

        Nobody else changes it until this transaction ends: a bar that was set meanwhile is never
        written over. Raises NotFound.
        """
        ...

    async def save_link(self, account: Account) -> None:
        """Raises NotFound."""
        ...


class People(Protocol):
    """Persons of the client list, and their contacts on record.

    A contact that has left the list is on record until its time is over, and then nowhere.
    """

    async def get(self, person: PersonId) -> Person:
        """Raises NotFound."""
        ...

    async def known_as(self, external_id: str) -> Person | None:
        """By the number the company's own list gives them; also one that was erased."""
        ...

    async def free_number(self, person: PersonId) -> None:
        """An erased client's number may be given to a new record. Raises NotFound: none is."""
        ...

    async def check_all(self) -> None:
        """Before somebody who is found under no number is taken for new.

        Raises:
            Tampered: a record is not as the desk wrote it, or is gone.
        """
        ...

    async def at(self, contact: Contact) -> list[Person]:
        """Everybody on whose record that address or number stands; nobody erased or merged."""
        ...

    async def ids_at(self, contact: Contact) -> list[PersonId]:
        """As `at`, in a fixed order; no record is read, so that nobody's takes longer."""
        ...

    async def find(self, *, limit: int = 50, offset: int = 0) -> list[Person]:
        """Oldest first; nobody erased or merged."""
        ...

    async def count(self) -> int:
        """How many are neither erased nor merged."""
        ...

    async def add(self, person: Person) -> None: ...
    async def save(self, person: Person) -> None: ...
    async def accounts_of(self, person: PersonId) -> list[AccountId]:
        """The accounts that a proof has attached to the person."""
        ...

    async def forget_contacts(self) -> int:
        """Drop what is on record no more; how many."""
        ...

    async def shared_contacts(self) -> list[tuple[Contact, int]]:
        """Addresses and numbers that stand on several persons, and on how many."""
        ...
